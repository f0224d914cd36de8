"""Value networks of a whole portfolio: by owner, segment or pool, where accounts hang on one person, what to do now."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cockpit.desk import Desk
from cockpit.domain import network as rules
from cockpit.domain.nearest import did_you_mean
from cockpit.domain.say import plural
from cockpit.services import scoring
from cockpit.services.act import Work, act
from cockpit.services.calendars import calendar_for
from cockpit.services.cta import CtaDraft, make_ctas, targets_of
from cockpit.services.errors import Refused
from cockpit.services.query import compiled
from db.connection import Db
from db.reads import network as reads
from db.reads.network import BATCH, Customer
from db.terms import Lane, NetworkState, Priority

GROUPS = ("owner", "segment", "pool")
GUARD = "-is:churned -is:prospect -is:test -is:relationship"
NOBODY = {"owner": "nobody", "segment": "no segment", "pool": "no pool"}
CHECKS = (
    ("network too small", "network:none,small (live:>60d OR live:none)", "value-network build", 60),
    ("coverage low", "network:low", "value-network build", 45),
)
"""What ``network check`` makes CTAs of: reason, query, playbook, business days of rest after such a CTA was closed."""


@dataclass(frozen=True, slots=True)
class Slice:
    """Accounts of one group and state. ``arr`` in minor units of the reporting currency."""

    accounts: int
    arr: int


@dataclass(frozen=True, slots=True)
class Group:
    """One bar: how the networks of a group's accounts are. ``where`` finds its accounts."""

    id: int
    name: str
    where: str
    none: Slice
    small: Slice
    low: Slice
    ok: Slice
    accounts: int
    arr: int

    def of(self, state: str) -> Slice:
        """One part of the bar."""
        found: Slice = getattr(self, state)
        return found


@dataclass(frozen=True, slots=True)
class Portfolio:
    """``uncounted`` accounts have no ARR in the reporting currency: they count as accounts, not in money."""

    by: str
    groups: tuple[Group, ...]
    total: Group
    currency: str
    uncounted: int


@dataclass(frozen=True, slots=True)
class Hanging:
    """An account by how much it hangs on one person; the riskiest first."""

    id: int
    account: str
    owner: str | None
    segment: str | None
    arr: int | None
    currency: str | None
    renewal_date: date | None
    share: float
    n: int
    held: int
    alone: int
    person_id: int
    person: str
    state: str
    size: int
    minimum: int | None
    met: int


@dataclass(frozen=True, slots=True)
class Checked:
    """CTAs that were made (or would be) because of networks."""

    ids: tuple[int, ...]
    small: int
    low: int
    skipped: int
    """One is open already."""
    cooling: int = 0
    """One was closed not long ago."""
    moving: int = 0
    """Accounts that are about to change hands."""
    act: int | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class _Found:
    """Accounts that one of the checks makes a CTA of, and how many it leaves out and why."""

    draft: CtaDraft
    ids: list[int]
    skipped: int
    cooling: int
    moving: int


def portfolio(desk: Desk, by: str = "owner", where: str = "") -> Portfolio:
    """How the networks of the customers are, by owner, segment or pool. Raises Refused (by), QueryError."""
    if by not in GROUPS:
        raise Refused("by", f"Networks are shown by {', '.join(GROUPS)}, not by {by!r}.{did_you_mean(by, GROUPS)}")
    zone = calendar_for(desk.me.time_zone).zone
    with desk.store.read() as db:
        currency = scoring.weights(db).currency
        found = _customers(desk, db, where)
        states = _states(db, found, desk.today(), zone)
    groups: dict[str | None, list[Customer]] = {}
    for one in found:
        groups.setdefault(getattr(one, by), []).append(one)
    ordered = sorted(groups.items(), key=lambda item: (item[0] is None, (item[0] or "").casefold()))
    made = [_group(n, by, name, where, there, states, currency) for n, (name, there) in enumerate(ordered, start=1)]
    total = _group(0, "", None, where, found, states, currency)
    uncounted = sum(one.arr is None or one.currency != currency for one in found)
    return Portfolio(by, tuple(made), dataclasses.replace(total, name="all"), currency, uncounted)


def hanging(desk: Desk, where: str = "", limit: int | None = None) -> tuple[Hanging, ...]:
    """Customers that hang on one person: the most ARR at stake (ARR × share) first, then the soonest renewal.

    Accounts with too few meetings to say are not here; what hangs on nobody is not either. Raises QueryError.
    """
    calendar = calendar_for(desk.me.time_zone)
    today = desk.today()
    with desk.store.read() as db:
        found = _customers(desk, db, where)
        rows: list[tuple[Customer, rules.Thread, tuple[int, int | None, int], int]] = []
        for batch in _batches(found):
            ids = [one.id for one in batch]
            asked = reads.terms(db, ids, today)
            facts = reads.network_facts(db, ids, today, zone=calendar.zone)
            widest = max(of.window for of in asked.values())
            seats: dict[int, list[tuple[int, int]]] = {}
            begins = {of.window: calendar.start_of_day(today - timedelta(days=of.window)) for of in asked.values()}
            tomorrow = calendar.start_of_day(today + timedelta(days=1))
            for seat in reads.held(db, ids, begins[widest], tomorrow):
                if seat.account_id in asked and seat.at >= begins[asked[seat.account_id].window]:
                    seats.setdefault(seat.account_id, []).append((seat.activity_id, seat.person_id))
            for one in batch:
                thread = rules.thread(seats.get(one.id, ()))
                if thread.is_single:
                    rows.append((one, thread, facts[one.id], asked[one.id].goal))
        rows.sort(key=lambda row: _risk(row[0], row[1]))
        rows = rows[:limit] if limit is not None else rows
        called: dict[int, str] = {}
        for start in range(0, len(rows), BATCH):
            called |= reads.names(db, [row[1].person_id or 0 for row in rows[start : start + BATCH]])
    return tuple(_hanging(one, thread, facts, goal, called) for one, thread, facts, goal in rows)


def preview_check(desk: Desk, where: str = "") -> Checked:
    """How many CTAs ``check_networks`` would make, changing nothing."""
    with desk.store.read() as db:
        found = [_targets(desk, db, *one, where) for one in CHECKS]
    small, low = (len(one.ids) for one in found)
    skipped, cooling, moving, also = _left_out(found)
    return Checked((), small, low, skipped, cooling, moving, said=f"Would make {plural(small + low, 'CTA')}{also}")


@act("network_check")
def check_networks(work: Work, where: str = "") -> Checked:
    """Makes a risk CTA for each customer whose network is too small or too badly met.

    Not where one is open for that or was closed a short while ago, nor while the account changes hands.
    """
    found = [_targets(work.desk, work.db, *one, where) for one in CHECKS]
    small, low = [make_ctas(work, one.ids, one.draft) if one.ids else [] for one in found]
    skipped, cooling, moving, also = _left_out(found)
    said = f"Made {plural(len(small) + len(low), 'CTA')}: {len(small)} too small, {len(low)} badly met{also}"
    if small or low:
        work.say(said)
    return Checked((*small, *low), len(small), len(low), skipped, cooling, moving, said=said)


def _targets(desk: Desk, db: Db, reason: str, query: str, book: str, rest: int, where: str) -> _Found:
    draft = _draft(db, reason, book)
    ids, had = targets_of(desk, db, f"{_asked(query, where)} -is:in_transition", draft)
    calendar = calendar_for(desk.me.time_zone)
    since = calendar.start_of_day(calendar.add_business_days(desk.today(), -rest))
    rested = {row[0] for row in db.all(
        "SELECT c.account_id FROM cta c JOIN reason r ON r.id = c.reason_id JOIN cta_type t ON t.id = c.type_id"
        " WHERE c.status = 'closed' AND c.closed_at >= :since AND lower(r.name) = :reason AND t.name = :type",
        since=since, reason=reason, type=draft.type)}  # fmt: skip
    moving = targets_of(desk, db, f"{_asked(query, where)} is:in_transition", draft)[0]
    return _Found(draft, [id_ for id_ in ids if id_ not in rested], had, sum(id_ in rested for id_ in ids), len(moving))


def _left_out(found: Sequence[_Found]) -> tuple[int, int, int, str]:
    skipped, cooling, moving = (sum(getattr(one, name) for one in found) for name in ("skipped", "cooling", "moving"))
    parts = [f"{skipped} had one open already"] if skipped else []
    parts += [f"{cooling} had one closed not long ago"] if cooling else []
    parts += [f"{plural(moving, 'account')} about to change hands"] if moving else []
    return skipped, cooling, moving, "".join(f", {part}" for part in parts)


def _draft(db: Db, reason: str, book: str) -> CtaDraft:
    there = db.scalar("SELECT name FROM playbook WHERE lower(name) = :name AND active = TRUE LIMIT 1", name=book)
    return CtaDraft("risk", reason, priority=Priority.MEDIUM, lane=Lane.STRATEGIC, playbook=there)


def _asked(query: str, where: str) -> str:
    return f"{GUARD} {query}" + (f" ({where})" if where.strip() else "")


def _customers(desk: Desk, db: Db, where: str) -> list[Customer]:
    return reads.customers(db, *compiled(desk, db, where, "account"))


def _batches(found: Sequence[Customer]) -> Iterator[Sequence[Customer]]:
    for start in range(0, len(found), BATCH):
        yield found[start : start + BATCH]


def _states(db: Db, found: Sequence[Customer], today: date, zone: object) -> dict[int, NetworkState]:
    states: dict[int, NetworkState] = {}
    for batch in _batches(found):
        ids = [one.id for one in batch]
        asked = reads.terms(db, ids, today)
        for id_, facts in reads.network_facts(db, ids, today, zone=zone).items():  # type: ignore[arg-type]
            states[id_] = rules.state(*facts, asked[id_].goal)
    return states


def _group(
    id_: int, by: str, name: str | None, where: str, found: Sequence[Customer], states: dict[int, NetworkState], currency: str
) -> Group:
    def slice_of(test: Callable[[Customer], bool]) -> Slice:
        there = [one for one in found if test(one)]
        return Slice(len(there), sum(one.arr or 0 for one in there if one.currency == currency))

    parts = {state.value: slice_of(lambda one, state=state: states[one.id] is state) for state in NetworkState}  # type: ignore[misc]
    field = {"owner": "account_owner", "segment": "segment", "pool": "pool"}.get(by)
    mine = "" if field is None else f"{field}:none" if name is None else f'{field}:"{_quoted(name)}"'
    asked = " ".join(part for part in (mine, f"({where})" if where.strip() else "", "is:customer -is:test -is:relationship") if part)
    all_ = slice_of(lambda one: True)
    return Group(id_, name or NOBODY.get(by, ""), asked, **parts, accounts=all_.accounts, arr=all_.arr)


def _quoted(name: str) -> str:
    return name.replace("\\", "\\\\").replace('"', '\\"')


def _risk(one: Customer, thread: rules.Thread) -> tuple[bool, float, date, int]:
    """Dollars that hang on one person, largest first; unknown ARR after those; the sooner renewal first."""
    return one.arr is None, -(one.arr or 0) * (thread.share or 0), one.renewal_date or date.max, one.id


def _hanging(
    one: Customer, thread: rules.Thread, facts: tuple[int, int | None, int], goal: int, called: dict[int, str]
) -> Hanging:
    size, minimum, met = facts
    return Hanging(
        id=one.id, account=one.name, owner=one.owner, segment=one.segment, arr=one.arr, currency=one.currency,
        renewal_date=one.renewal_date, share=thread.share or 0.0, n=thread.n, held=thread.held, alone=thread.alone,
        person_id=thread.person_id or 0, person=called.get(thread.person_id or 0, "?"),
        state=rules.state(size, minimum, met, goal).value, size=size, minimum=minimum, met=met,
    )  # fmt: skip


__all__ = [
    "CHECKS", "GROUPS", "Checked", "Group", "Hanging", "Portfolio", "Slice", "check_networks", "hanging", "portfolio",
    "preview_check",
]  # fmt: skip
