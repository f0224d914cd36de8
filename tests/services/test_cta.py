"""The life of a CTA: made, changed, put off, closed, reopened, and time passing over it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cockpit.desk import Desk
from cockpit.services import cta as ctas
from cockpit.services.away import set_away
from cockpit.services.cta import (
    CtaDraft,
    close,
    edit_cta,
    new_cta,
    new_ctas_where,
    reopen,
    set_due,
    snooze,
    wake,
)
from cockpit.services.errors import Ambiguous, NotFound, Refused
from cockpit.services.queue import QueueQuery, assign, claim, queue_page
from cockpit.services.task import set_task
from cockpit.services.tick import tick
from db.query import QueryError
from db.store import Store
from db.terms import Outcome, Priority, TaskStatus
from tests import builders
from tests.builders import desk_of, row
from tests.statements import recorded


def queued(desk: Desk) -> list[int]:
    return [one.id for one in queue_page(desk, QueueQuery()).rows]


def test_a_new_cta_lands_in_the_queue_of_its_accounts_pool(desk: Desk) -> None:
    builders.account(desk, "Boreal Foods", pool="East")
    made = new_cta(desk, "Boreal Foods", CtaDraft("risk", "Sponsor gone", priority=Priority.HIGH, due=date(2026, 12, 1)))
    shown = ctas.show_cta(desk, made.ids[0])
    assert (shown.row.pool, shown.row.title, shown.row.type, shown.row.due) == (
        "East", "Sponsor gone", "risk", date(2026, 12, 1),
    )  # fmt: skip
    assert shown.row.score == ctas.ctas_by_id(desk, made.ids)[made.ids[0]].score
    assert queued(desk) == list(made.ids)


def test_an_account_is_named_by_id_or_exact_name(desk: Desk) -> None:
    one = builders.account(desk, "Acme")
    assert new_cta(desk, one, CtaDraft("risk", "x")).ids
    assert new_cta(desk, "acme", CtaDraft("risk", "x")).ids
    builders.account(desk, "Acme")
    with pytest.raises(Ambiguous, match="Several accounts"):
        new_cta(desk, "Acme", CtaDraft("risk", "x"))
    with pytest.raises(NotFound, match="Did you mean Acme"):
        new_cta(desk, "Acm", CtaDraft("risk", "x"))


def test_one_for_each_account_that_matches_but_never_doubled(desk: Desk) -> None:
    for n in range(3):
        builders.account(desk, health=40 + n)
    builders.account(desk, health=90)
    draft = CtaDraft("risk", "Health drop")
    assert ctas.preview_new_ctas(desk, "health:<60", draft).accounts == 3
    assert len(new_ctas_where(desk, "health:<60", draft).ids) == 3
    again = new_ctas_where(desk, "health:<60", draft)
    assert (again.ids, again.skipped, again.act) == ((), 3, None)


def test_texts_are_cleaned_at_the_border(desk: Desk) -> None:
    account = builders.account(desk)
    made = new_cta(desk, account, CtaDraft("risk", "Drop", title="\x1b]0;evil\x07Usage [red]\x9b31m down"))
    assert ctas.show_cta(desk, made.ids[0]).row.title == "Usage [red] down"


def test_an_edit_rescores_and_says_what_changed(desk: Desk) -> None:
    (cta,) = builders.ctas(desk, 1)
    before = ctas.show_cta(desk, cta).row.score
    done = edit_cta(desk, cta, {"priority": "high", "flagged": True})
    assert "flagged, priority" in done.said
    assert ctas.show_cta(desk, cta).row.score == pytest.approx((before or 0) + 30)
    with pytest.raises(Refused, match="no field 'colour'"):
        edit_cta(desk, cta, {"colour": "red"})


def test_tasks_follow_a_moved_due_date_in_business_days(desk: Desk, store: Store) -> None:
    cta = builders.cta(desk, builders.account(desk), due=date(2026, 11, 27))  # a Friday
    task = builders.make(desk, "task", {"cta_id": cta, "title": "Call", "due": date(2026, 11, 26)})
    done = builders.make(
        desk, "task", {"cta_id": cta, "title": "Read", "due": date(2026, 11, 25), "status": TaskStatus.DONE}
    )
    set_due(desk, [cta], date(2026, 11, 30))  # the Monday after: one business day later
    assert str(row(store, "task", task)["due"]) == "2026-11-27"
    assert str(row(store, "task", done)["due"]) == "2026-11-25"
    set_due(desk, [cta], date(2026, 12, 30), cascade=False)
    assert str(row(store, "task", task)["due"]) == "2026-11-27"


def test_a_snooze_hides_until_its_day_in_the_pools_zone(desk: Desk, store: Store) -> None:
    builders.pool(desk, "Auckland", time_zone="Pacific/Auckland")
    cta = builders.cta(desk, builders.account(desk), pool="Auckland")
    snooze(desk, [cta], date(2026, 11, 25), "Waits for legal")
    assert queued(desk) == []
    before = desk_of(store, "ana", builders.utc("2026-11-24T10:59"))
    assert tick(before).woken == 0
    after = desk_of(store, "ana", builders.utc("2026-11-24T11:00"))  # midnight of the 25th in Auckland
    assert tick(after).woken == 1
    assert tick(after).act is None
    assert queued(after) == [cta]


def test_a_day_is_ahead_where_the_pool_is(desk: Desk, store: Store) -> None:
    builders.pool(desk, "Auckland", time_zone="Pacific/Auckland")
    far, near = builders.cta(desk, builders.account(desk), pool="Auckland"), builders.cta(desk, builders.account(desk))
    late = desk_of(store, "ana", builders.utc("2026-11-24T12:00"))  # the 25th has begun in Auckland
    with pytest.raises(Refused, match="Wed 25 Nov is not ahead: snooze to Thu 26 Nov or later"):
        snooze(late, [near, far], date(2026, 11, 25), "x")
    assert snooze(late, [near], date(2026, 11, 25), "x").act


def test_work_is_given_to_nobody_who_may_only_look(desk: Desk, store: Store) -> None:
    mine = builders.cta(desk, builders.account(desk), owner="ana")
    for give in (
        lambda: assign(desk, [mine], "ria"),
        lambda: new_cta(desk, builders.account(desk), CtaDraft("risk", "x", owner="ria")),
        lambda: set_away(desk, "ana", desk.today(), desk.today(), "ria"),
    ):
        with pytest.raises(Refused, match=r"Ria Novak \(ria\) is read-only"):
            give()
    assert row(store, "cta", mine)["owner_id"] == desk.me.id


def test_what_is_done_to_many_costs_as_many_statements_as_to_few(desk: Desk) -> None:
    builders.change(desk, "cta_type", builders.cta_type(desk), {"required_at_close": "note"})
    sent: list[tuple[int, int]] = []
    for many in (2, 12):
        ids = builders.ctas(desk, many, owner="ana", due=date(2026, 11, 27))
        with recorded() as moved:
            set_due(desk, ids, date(2026, 12, 1))
        with recorded() as closed:
            close(desk, ids, Outcome.SUCCESS, "done")
        sent.append((len(moved), len(closed)))
    assert sent[0] == sent[1]


def test_a_snooze_wakes_when_its_condition_becomes_true(desk: Desk, store: Store) -> None:
    account = builders.account(desk, health=40)
    cta = builders.cta(desk, account)
    snooze(desk, [cta], None, "Until they recover", "health:>60")
    assert tick(desk).woken == 0
    from cockpit.services.account import edit_account

    edit_account(desk, account, {"health": 80})
    assert tick(desk).woken == 1


@pytest.mark.parametrize(
    ("until", "reason", "words"),
    [
        (None, "x", "Say until when"),
        (date(2026, 11, 23), "x", "not ahead"),
        (date(2026, 11, 30), " ", "needs a reason"),
    ],
)
def test_a_snooze_that_cannot_be_meant(desk: Desk, until: date | None, reason: str, words: str) -> None:
    (cta,) = builders.ctas(desk, 1)
    with pytest.raises(Refused, match=words):
        snooze(desk, [cta], until, reason)


def test_a_snooze_condition_is_checked_when_it_is_typed(desk: Desk) -> None:
    (cta,) = builders.ctas(desk, 1)
    with pytest.raises(QueryError):
        snooze(desk, [cta], None, "x", "helth:>60")


def test_wake_ends_a_snooze_by_hand(desk: Desk) -> None:
    (cta,) = builders.ctas(desk, 1)
    snooze(desk, [cta], desk.today() + timedelta(days=3), "x")
    wake(desk, [cta])
    assert queued(desk) == [cta]
    with pytest.raises(Refused, match="not snoozed"):
        wake(desk, [cta])


def test_close_and_reopen(desk: Desk, store: Store) -> None:
    (cta,) = builders.ctas(desk, 1)
    claim(desk, [cta])
    close(desk, [cta], Outcome.SUCCESS, "All good")
    closed = row(store, "cta", cta)
    assert (closed["status"], closed["outcome"], closed["close_note"]) == ("closed", "success", "All good")
    with pytest.raises(Refused, match="closed as success by Ana Ruiz"):
        close(desk, [cta], Outcome.INVALID)
    reopen(desk, [cta])
    opened = row(store, "cta", cta)
    assert (opened["status"], opened["outcome"], opened["owner_id"]) == ("open", None, desk.me.id)


def test_closing_what_nobody_had_makes_it_the_closers(desk: Desk, store: Store) -> None:
    (cta,) = builders.ctas(desk, 1)
    close(desk, [cta], Outcome.NO_ACTION)
    assert row(store, "cta", cta)["owner_id"] == desk.me.id


def test_a_type_may_demand_a_note_at_close(desk: Desk, store: Store) -> None:
    builders.make(desk, "cta_type", {"name": "churn call", "label": "CHRN", "required_at_close": "note"})
    cta = builders.cta(desk, builders.account(desk), type="churn call", owner="ana")
    with pytest.raises(Refused, match="needs a note"):
        close(desk, [cta], Outcome.SUCCESS)
    close(desk, [cta], Outcome.SUCCESS, "They stay")
    assert row(store, "cta", cta)["status"] == "closed"


def test_many_close_in_one_act_or_none(desk: Desk, store: Store) -> None:
    mine = builders.cta(desk, builders.account(desk), owner="ana")
    bens = builders.cta(desk, builders.account(desk), owner="ben")
    with pytest.raises(Refused, match="Ben Okafor's"):
        close(desk, [mine, bens], Outcome.SUCCESS)
    assert row(store, "cta", mine)["status"] == "open"


def test_tasks_are_done_and_touch_the_lease(desk: Desk, store: Store) -> None:
    cta = builders.cta(desk, builders.account(desk), owner="ana")
    task = builders.make(desk, "task", {"cta_id": cta, "title": "Call"})
    later = desk_of(store, "ana", desk.now() + timedelta(hours=2))
    set_task(later, task, TaskStatus.DONE)
    assert row(store, "task", task)["status"] == "done"
    from db.connection import as_moment

    assert as_moment(row(store, "cta", cta)["touched_at"]) == later.now()


def test_time_passing_rescores_what_crossed_a_step(desk: Desk, store: Store) -> None:
    cta = builders.cta(desk, builders.account(desk), due=date(2026, 11, 26))
    assert row(store, "cta", cta)["rescore_at"] is not None
    later = desk_of(store, "ana", builders.utc("2026-11-27T09:00"))
    done = tick(later)
    assert done.rescored == 1
    from cockpit.services.queue import why

    assert queue_page(later, QueueQuery()).rows[0].score == why(later, cta).score
    assert tick(later).rescored == 0


def test_looking_never_ticks(desk: Desk, store: Store) -> None:
    cta = builders.cta(desk, builders.account(desk), due=date(2026, 11, 26))
    later = desk_of(store, "ana", builders.utc("2026-12-27T09:00"))
    later.read_only = True
    assert tick(later).rescored == 0
    assert str(row(store, "cta", cta)["rescore_at"]) < "2026-12-27"
