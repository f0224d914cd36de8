"""The people of a transition, one by one: who matters, who was confirmed, how to reach them."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.desk import Desk
from cockpit.services.transition import stored
from cockpit.services.transition_evidence import load


@dataclass(frozen=True, slots=True)
class PersonReviewed:
    """A member of the network; ``confirmed`` since the transition began."""

    person_id: int
    account_id: int
    name: str
    title: str | None
    role: str | None
    channel: str | None
    confirmed: bool


def reviewed(desk: Desk, transition_id: int) -> tuple[PersonReviewed, ...]:
    """The members of its accounts' networks. Raises NotFound."""
    with desk.store.read() as db:
        facts = load(desk, db, [stored(db, transition_id)])[transition_id]
    return tuple(
        PersonReviewed(one.person_id, account_id, one.name, one.title, one.role, one.channel,
                       one.confirmed_at is not None and one.confirmed_at >= facts.began)
        for account_id in facts.accounts for one in facts.members_of(account_id)
    )  # fmt: skip
