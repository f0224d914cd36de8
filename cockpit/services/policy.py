"""Engagement policy per segment: what its accounts may expect, and which accounts have outgrown theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cockpit.desk import Desk
from cockpit.domain import money
from cockpit.domain.nearest import did_you_mean
from cockpit.domain.policy import HYSTERESIS, Line, bounds, proposed
from cockpit.services import editing, lookup, scoring
from cockpit.services.act import Work, act
from cockpit.services.editing import Edited
from cockpit.services.errors import NotFound, Refused
from db.reads import policy as reads
from db.reads.policy import PolicyRow
from db.terms import ServedBy

NUMBERS = {
    "touch_days": (1, 1_000), "digital_days": (1, 1_000), "network_min": (0, 1_000), "network_window": (1, 1_000),
    "coverage_goal": (0, 100), "ebr_per_year": (0, 52), "nps_per_year": (0, 52), "max_open": (0, 100_000),
    "max_per_day": (0, 10_000), "minutes_month": (0, 10_000), "expected_grr": (0, 100), "expected_nrr": (0, 500),
}  # fmt: skip
"""Whole numbers of a policy with their least and most; nothing is "not agreed"."""
POLICY_FIELDS = ("arr_from", *NUMBERS, "served_by")


@dataclass(frozen=True, slots=True)
class Proposal:
    """An account that has crossed a line by more than the hysteresis. ``arr`` in minor units of ``currency``."""

    account_id: int
    account: str
    arr: int
    currency: str
    segment: str | None
    to_segment: str
    served_by: str
    to_served_by: str | None
    """The service model of the new segment; None when it says nothing or the account has it already."""
    owner: str | None
    why: str


@dataclass(frozen=True, slots=True)
class Proposals:
    """Who should move, and how many could not be compared: no ARR, or in a currency without a rate."""

    rows: tuple[Proposal, ...]
    unknown: int
    currency: str


def policies(desk: Desk) -> tuple[PolicyRow, ...]:
    """The policy of every segment, the largest first."""
    with desk.store.read() as db:
        return tuple(reads.policies(db))


def currency_of(desk: Desk) -> str:
    """The reporting currency, in which the lines of the segments are."""
    with desk.store.read() as db:
        return scoring.weights(db).currency


def show_policy(desk: Desk, segment: str) -> PolicyRow:
    """The policy of one segment. Raises NotFound."""
    with desk.store.read() as db:
        id_ = lookup.named(db, "segment", segment)
        found = next((row for row in reads.policies(db) if row.id == id_), None)
    if found is None:
        raise NotFound(f"There is no segment {segment!r}.")
    return found


@act("set_policy")
def set_policy(
    work: Work, segment: str, fields: Mapping[str, Any], expected: Mapping[str, Any] | None = None
) -> Edited:
    """Changes a segment's policy (POLICY_FIELDS); nothing takes a value away. Raises NotFound, Refused, Conflict."""
    id_ = lookup.named(work.db, "segment", segment)
    name = str(work.db.scalar("SELECT name FROM segment WHERE id = :id", id=id_))
    currency = scoring.weights(work.db).currency
    seen = None if expected is None else _columns(expected, currency)
    return editing.change(work, "segment", id_, f"the policy of {name}", _columns(fields, currency), seen)


def proposals(desk: Desk, limit: int | None = None) -> Proposals:
    """Accounts whose ARR lies past a line by the hysteresis, largest ARR first, with the segment they should be in.

    Customers without a parent are compared, in the store's reporting currency.
    """
    with desk.store.read() as db:
        currency = scoring.weights(db).currency
        segments = {row.id: row for row in reads.policies(db) if row.active}
        lines = [Line(row.id, row.arr_from) for row in segments.values() if row.arr_from is not None]
        if len(lines) < 2:
            return Proposals((), 0, currency)
        spans = {line.segment: bounds(line.segment, lines) for line in lines}
        found = reads.outside(db, spans, currency, limit)
        unknown = reads.incomparable(db, currency)
    rows = []
    for one in found:
        to = proposed(one.arr, one.segment_id, lines)
        if to is not None and to != one.segment_id:
            rows.append(_proposal(one, segments[to]))
    return Proposals(tuple(rows), unknown, currency)


def _proposal(one: reads.Outside, to: PolicyRow) -> Proposal:
    model = to.served_by if to.served_by and to.served_by != one.served_by else None
    if one.segment is None:
        why = f"no segment; {money.full(one.arr, one.currency)} is {to.name}"
    else:
        why = f"{money.full(one.arr, one.currency)} is past the line of {one.segment} by more than {HYSTERESIS} %"
    return Proposal(one.id, one.name, one.arr, one.currency, one.segment, to.name, one.served_by, model, one.owner, why)


def _columns(fields: Mapping[str, Any], currency: str) -> dict[str, Any]:
    editing.check_fields("A policy", fields, POLICY_FIELDS)
    columns: dict[str, Any] = {}
    for name, value in fields.items():
        if value is None or value == "":
            columns[name] = None
        elif name == "arr_from":
            columns[name] = amount_in(currency, value, "the segments")
        elif name == "served_by":
            columns[name] = _model(value)
        else:
            columns[name] = _number(name, value)
    return columns


def amount_in(currency: str, value: Any, whose: str) -> int:
    """A line that a policy draws, in minor units of the reporting currency. Raises Refused (no amount, another currency)."""
    if isinstance(value, int):
        return value
    try:
        found = money.parse(str(value), currency)
    except money.MoneyError as error:
        raise Refused("amount", str(error)) from error
    if found.currency != currency:
        raise Refused("currency", f"The lines of {whose} are in {currency}, the reporting currency.")
    if found.minor < 0:
        raise Refused("amount", "A line is not below 0.")
    return found.minor


def _model(value: Any) -> str:
    try:
        return ServedBy(str(value).strip().lower()).value
    except ValueError:
        near = did_you_mean(str(value), list(ServedBy))
        raise Refused("served_by", f"Accounts are served by {', '.join(ServedBy)}, not {str(value)!r}.{near}") from None


def _number(name: str, value: Any) -> int:
    least, most = NUMBERS[name]
    try:
        number = int(str(value).strip().removesuffix("%"))
    except ValueError:
        number = least - 1
    if not least <= number <= most:
        plain = name.replace("_", " ")
        raise Refused(name, f"{plain} is a whole number from {least} to {most:,}, not {str(value)!r}.")
    return number


__all__ = [
    "POLICY_FIELDS", "PolicyRow", "Proposal", "Proposals", "currency_of", "policies", "proposals", "set_policy", "show_policy",
]  # fmt: skip
