"""Every check a step of a playbook may name sees the thing it is about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from cockpit.desk import Desk
from cockpit.domain.playbook_words import CHECKS
from cockpit.services import playbook as playbooks
from cockpit.services.evidence import checks
from cockpit.services.library import shipped
from cockpit.services.task import tasks_of
from cockpit.services.timeline import log_activity
from db.store import Store
from tests import builders
from tests.builders import desk_of, make
from tests.conftest import NOW


@pytest.fixture
def mo(store: Store) -> Desk:
    return desk_of(store, "mo", NOW)


Fact = Callable[[Desk, int], object]


def _activity(kind: str, **fields: object) -> Fact:
    def log(desk: Desk, account: int) -> object:
        person = builders.the(desk, "person", "Lee")
        return log_activity(desk, account, kind, "Hi", attendees=[str(person)])

    return log


def _row(table: str, **fields: object) -> Fact:
    return lambda desk, account: make(desk, table, {"account_id": account, **fields})


def _member(desk: Desk, account: int) -> object:
    with desk.store.read() as db:
        found = db.scalar("SELECT id FROM membership WHERE account_id = :account ORDER BY id", account=account)
    from cockpit.services.people import set_network

    assert found
    return set_network(desk, builders.the(desk, "person", "Lee"), account, True, "driver")


def _left(desk: Desk, account: int) -> object:
    from cockpit.services.people import edit_person

    return edit_person(desk, builders.the(desk, "person", "Lee"), {"left_on": NOW.date()})


def _planned(desk: Desk, account: int) -> object:
    kind = builders.the(desk, "activity_type", "meeting")
    return make(desk, "activity", {
        "account_id": account, "type_id": kind, "subject": "Next", "at": NOW + timedelta(days=2), "state": "planned",
        "author_id": desk.me.id,
    })  # fmt: skip


def _notice(desk: Desk, account: int) -> object:
    from cockpit.services.account import edit_account

    _member(desk, account)
    return edit_account(desk, account, {"notice_date": date(2026, 12, 1)})


def _generator(desk: Desk, account: int) -> object:
    builders.person(desk, account, "Kim", value_network=True, network_role="generator")
    return _member(desk, account)


def _covered(desk: Desk, account: int) -> object:
    _member(desk, account)
    return _activity("meeting")(desk, account)


def _intervention(stage: str, **fields: object) -> Fact:
    return lambda desk, account: make(
        desk, "intervention", {"account_id": account, "claimed_at": NOW, "stage": stage, **fields}
    )


PROOFS: dict[str, Fact] = {
    "entry logged": _activity("update"),
    "outreach logged": _activity("outreach"),
    "reply logged": _activity("email"),
    "call logged": _activity("call"),
    "meeting logged": _activity("meeting"),
    "meetings planned": _planned,
    "answered": _activity("call"),
    "sentiment set": _row("sentiment", feeling="good", day=NOW.date()),
    "forecast set": _row("renewal_call", call="will", day=NOW.date()),
    "document made": _row("document", kind="brief", title="Brief", body="b", at=NOW),
    "on plan": _intervention("on_plan"),
    "on track": _intervention("lost", end_reason="closed down"),
    "training linked": _row("training", course="Basics"),
    "trainings done": _row("training", course="Basics", required=True, completed=NOW.date()),
    "goal dated": _row("goal", title="Ten users", due=date(2027, 1, 1)),
    "risk registered": _row(
        "risk", title="Slow", kind="product", owner="Kay", opened_on=NOW.date(), due=date(2027, 1, 1)
    ),
    "risks owned": _row("risk", title="Slow", kind="product", owner="Kay", opened_on=NOW.date()),
    "network size": _member,
    "network roles": _generator,
    "network covered": _covered,
    "driver set": _member,
    "person left": _left,
    "renewal prepared": _notice,
    "offer out": _row("opportunity", type="renewal", stage="Proposal sent", state="open"),
    "renewal closed": _row("opportunity", type="renewal", stage="Done", state="won"),
    "advocacy asked": _row("advocacy", kind="review", asked_on=NOW.date()),
    "consent on file": _row("advocacy", kind="review", asked_on=NOW.date(), consent_until=date(2027, 6, 1)),
    "advocacy handed on": _row("advocacy", kind="review", asked_on=NOW.date(), recipient="Marketing"),
}


def test_each_check_sees_the_thing_it_is_about(desk: Desk, mo: Desk, store: Store) -> None:
    later = desk_of(store, "ana", NOW + timedelta(minutes=5))
    met = "meeting with a driver"
    for number, (name, prove) in enumerate([*PROOFS.items(), (met, _activity("meeting"))]):
        playbooks.apply(mo, f'name = "only {name}"\nabout = "account"\n[[step]]\ntitle = "Do"\ndone = "{name}"\n')
        account = builders.account(desk, f"Of {number}", owner="ana")
        role = {"value_network": True, "network_role": "driver"} if name == met else {}
        make(desk, "membership", {"account_id": account, "person_id": _lee(desk), **role})
        run = playbooks.run_on_account(desk, account, f"only {name}").run
        before = tasks_of(desk, run=run)[0]
        assert (before.state, bool(before.says)) == ("open", True), name
        prove(later, account)
        after = tasks_of(later, run=run)[0]
        assert (after.state, bool(after.says)) == ("done", True), (name, after.says)


def _lee(desk: Desk) -> int:
    """A new Lee, so that what happens to one proves nothing of another account."""
    with desk.store.read() as db:
        old = db.scalar("SELECT id FROM person WHERE name = 'Lee'")
    if old is not None:
        builders.make(desk, "person", {"name": "Nobody"})
        rename(desk, old)
    return make(desk, "person", {"name": "Lee", "email": None})


def rename(desk: Desk, person: int) -> None:
    from cockpit.services.people import edit_person

    edit_person(desk, person, {"name": f"Old Lee {person}"})


def test_every_check_of_the_words_is_there_or_a_hand_overs() -> None:
    ours = set(checks())
    by_hand_over = {
        step.done
        for _, book in shipped()
        for step in book.steps
        if "_to_" in book.about or book.about in ("cover", "pod")
    }
    assert set(CHECKS) - ours - by_hand_over == set()
    assert {
        step.done for _, book in shipped() for step in book.steps if book.about in ("cta", "account", "csm")
    } - ours - {None} == set()
