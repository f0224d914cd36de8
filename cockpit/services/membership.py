"""Who belongs to the value network, one or many at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cockpit.domain.say import plural
from cockpit.services import people
from cockpit.services.act import Work, act
from cockpit.services.errors import NotFound, Refused
from db.terms import NetworkRole


@dataclass(frozen=True, slots=True)
class Placed:
    """People who are in (or out of) a value network now; ``changed`` of them were not so before."""

    people: tuple[int, ...]
    changed: int
    act: int | None = None
    said: str = ""


@act("set_network")
def set_members(
    work: Work, members: Sequence[tuple[int, int]], on: bool, role: NetworkRole | str | None = None
) -> Placed:
    """Puts people into the value network of their accounts (pairs of person and account), or takes them out.

    Without a role they keep theirs; ``""`` takes it. Raises NotFound, Refused (nobody named, no such role).
    """
    if not members:
        raise Refused("nobody", "Say whom.")
    named = None if role is None else people.read_role(role)
    values = {"value_network": on} | ({"network_role": named if on else None} if role is not None or not on else {})
    found: dict[tuple[int, int], tuple[int, str, str]] = {}
    params: dict[str, int] = {}
    marks = work.db.marks("i", [person for person, _ in members], params)
    for id_, person, account, name, of in work.db.all(
        "SELECT m.id, m.person_id, m.account_id, n.name, a.name FROM membership m JOIN person n ON n.id = m.person_id"
        f" JOIN account a ON a.id = m.account_id WHERE m.person_id IN ({marks})", **params,
    ):  # fmt: skip
        found[person, account] = (id_, name, of)
    lost = next((pair for pair in members if pair not in found), None)
    if lost is not None:
        raise NotFound(f"Person {lost[0]} does not belong to account {lost[1]}.")
    changed = work.update_many("membership", {found[pair][0]: values for pair in members})
    who = found[members[0]][1] if len(members) == 1 else plural(len(members), "person", "people")
    accounts = {found[pair][2] for pair in members}
    of = f" of {accounts.pop()}" if len(accounts) == 1 else ""
    be = "is" if len(members) == 1 else "are"
    as_role = "" if named is None or not on else f" as {named}" if len(members) == 1 else f" as {named}s"
    said = f"{who} {be} {'in' if on else 'out of'} the value network{of}{as_role}"
    work.say(said)
    return Placed(tuple(person for person, _ in members), len(changed), said=said)
