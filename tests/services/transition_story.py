"""Accounts ready to change hands, and both sides doing their steps, for the tests of transitions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from cockpit.desk import Desk
from cockpit.services import transition, transition_acts, transition_brief
from cockpit.services.timeline import log_activity
from db.connection import Db
from tests import builders

TEXT = "They run two plants and like it short."


def ready_account(desk: Desk, name: str = "Acme", owner: str | None = "ana", **fields: Any) -> tuple[int, list[int]]:
    """(account, its two people): no gap is open, a driver and a key user are in the network."""
    account = builders.account(
        desk, name, owner=owner, renewal_date=date(2027, 9, 1), go_live=date(2025, 1, 1), **({"arr": 1_000_000} | fields)
    )
    people = [
        builders.person(desk, account, f"{first} of {name}", value_network=True, network_role=role)
        for first, role in (("Dora", "driver"), ("Gil", "generator"), ("Kim", "generator"))
    ]
    log_activity(desk, account, "call", "How it goes", attendees=[people[0]], at=desk.now() - timedelta(days=1))
    builders.make(desk, "sentiment", {"account_id": account, "feeling": "good", "day": desk.today()})
    builders.make(desk, "goal", {"account_id": account, "title": "Two plants live", "due": desk.today() + timedelta(days=60)})
    return account, people


def write_all(desk: Desk, transition_id: int, account: int | None = None) -> None:
    """Every section of the brief."""
    for section in transition_brief.show_brief(desk, transition_id, account).sections:
        transition_brief.write_section(desk, transition_id, section.key, TEXT, account)


def prepared(out: Desk, into: Desk, account: int, people: list[int], **more: Any) -> int:
    """A hand-over from one CSM to another whose gates are all passed: it can be accepted."""
    made = transition.start(out, account, "csm_to_csm", into.me.login, reason="Moves to another team", **more)
    if transition.show(out, made.id).decisions:
        transition_acts.decide(out, made.id, "move")
    transition_acts.confirm_people(out, made.id)
    write_all(out, made.id)
    look(into, account)
    log_activity(out, account, "meeting", "Hand-over among us", attendees=[out.me.login, into.me.login])
    log_activity(out, account, "email", "Your new contact", attendees=[people[0]])
    log_activity(out, account, "meeting", "Introduction", attendees=[people[0], out.me.login, into.me.login])
    return made.id


def look(desk: Desk, account: int) -> None:
    """The reader opens an account: the view log keeps it."""
    with desk.store.write() as db:
        db.run(
            "INSERT INTO viewing (csm_id, account_id, at, pane) VALUES (:csm, :account, :at, 'summary')",
            csm=desk.me.id, account=account, at=desk.now() + timedelta(seconds=1),
        )  # fmt: skip


def one(desk: Desk, sql: str, **params: Any) -> Any:
    """A single value of the store."""
    with desk.store.read() as db:
        return _one(db, sql, params)


def _one(db: Db, sql: str, params: dict[str, Any]) -> Any:
    return db.scalar(sql, **params)


Sit = Callable[..., Desk]
