"""A leaver: everything she holds, who could take each account and why, all transitions in one act, the leave day by day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cockpit.desk import Desk
from cockpit.domain.capacity import hours, minutes_a_week, scaled
from cockpit.domain.clean import clean_line
from cockpit.domain.language import spoken
from cockpit.domain.leaver import FREEZE_DAYS, Candidate, Fit, Held, Slot, fit, fit_pool, schedule
from cockpit.domain.say import day, listed, plural
from cockpit.services import lookup, transition_start
from cockpit.services.act import LEADERS, Work, act
from cockpit.services.away import away_now
from cockpit.services.capacity import loads
from cockpit.services.errors import Forbidden, NotFound, Refused
from cockpit.services.transition_start import Plan
from db.connection import Db
from db.reads import capacity as weights
from db.reads import leaver as reads
from db.reads import team
from db.reads.leaver import Book, Thing
from db.terms import TransitionKind

KEEP = "keep"
"""The choice that leaves an account with her."""
POOL = "pool"
_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Option:
    """Somebody who could take an account, with what speaks for and against her. ``to`` is a login, or ``pool``."""

    to: str
    name: str
    cost: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposed:
    """What is proposed (or was chosen) for one of her accounts. ``to`` is a login, ``pool`` or ``keep``.

    ``options`` are those it could go to, the best first; ``is_late``: after her last day, so that her manager stands in.
    """

    account_id: int
    account: str
    segment: str | None
    arr: int | None
    currency: str | None
    health: int | None
    renewal_date: date | None
    ctas: int
    kind: str | None
    to: str
    to_name: str
    reasons: tuple[str, ...]
    tier: str
    wave: int
    target: date
    joint: bool
    """The top tier is introduced in a call of both sides."""
    frozen: str
    is_late: bool
    is_chosen: bool
    """By a person, not by the program."""
    running: int | None
    """A transition of it that runs already: it is left alone."""
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who would get some: her week before and after, in hours (None where her hours are unknown)."""

    login: str
    name: str
    accounts: int
    hours: float
    free: float | None
    free_after: float | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A leaver's whole book with what is proposed. ``holds`` is everything else she holds; ``loose`` what of it no account takes along."""

    login: str
    name: str
    last_day: date
    is_gone: bool
    pool: str
    freeze_days: int
    rows: tuple[Proposed, ...]
    recipients: tuple[Recipient, ...]
    holds: tuple[Thing, ...]
    loose: tuple[Thing, ...]

    @property
    def says(self) -> str:
        """In one line."""
        away = [one for one in self.rows if one.to not in (KEEP, POOL) and one.running is None]
        pool = sum(one.to == POOL and one.running is None for one in self.rows)
        kept = sum(one.to == KEEP and one.running is None for one in self.rows)
        runs = sum(one.running is not None for one in self.rows)
        parts = [f"{plural(len(away), 'account')} to {plural(len({one.to for one in away}), 'colleague')}"] if away else []
        parts += [f"{pool} to the pool"] if pool else []
        parts += [f"{kept} she keeps"] if kept else []
        parts += [f"{runs} on the way already"] if runs else []
        return listed(parts) or "she holds no account"


@dataclass(frozen=True, slots=True)
class Begun:
    """A leave that was started: its transitions, all in one act."""

    leave: int
    transitions: tuple[int, ...]
    released: int = 0
    """CTAs of others' accounts that went back to their queue."""
    act: int | None = None
    said: str = ""


def holds(desk: Desk, login: str) -> tuple[Thing, ...]:
    """Everything she holds but her accounts. Raises NotFound."""
    with desk.store.read() as db:
        return tuple(reads.holds(db, lookup.named(db, "csm", login), desk.now(), desk.today()))


def propose(
    desk: Desk,
    login: str,
    last_day: date | None = None,
    *,
    gone: bool = False,
    choices: Mapping[int, str] | None = None,
    waves: int | None = None,
    freeze: int = FREEZE_DAYS,
    pool: str | None = None,
) -> Proposal:
    """Her book with a recipient for each account, proposed by capacity, segment, language, hours and who knows them.

    ``choices`` are a person's: account to login, ``pool`` or ``keep``; they stand, and use up what they need.
    Raises NotFound, Refused (no day, a day that is past).
    """
    with desk.store.read() as db:
        return _proposal(desk, db, login, last_day, gone, choices or {}, waves, freeze, pool)


def _proposal(
    desk: Desk, db: Db, login: str, last_day: date | None, gone: bool, choices: Mapping[int, str], waves: int | None, freeze: int,
    pool: str | None,
) -> Proposal:  # fmt: skip
    from cockpit.services.assignment import assign
    from cockpit.services.calendars import calendar_for

    csm = lookup.named(db, "csm", login)
    name = str(db.scalar("SELECT name FROM csm WHERE id = :id", id=csm))
    if last_day is None and not gone:
        raise Refused("last_day", f"Say {name}'s last day, or that she is gone already.")
    if last_day is not None and last_day < desk.today() and not gone:
        raise Refused("last_day", f"{day(last_day, desk.today())} is past: is she gone already?")
    book, things = reads.book(db, csm), reads.holds(db, csm, desk.now(), desk.today())
    free = [one for one in book if one.runs is None]
    accounts = _held(desk, db, free)
    people = _candidates(desk, db, csm, last_day)
    at = pool or next((one.title for one in things if one.kind == "pool"), None) or str(
        db.scalar("SELECT name FROM pool WHERE active = TRUE ORDER BY id LIMIT 1"))  # fmt: skip
    by_login = {one.login: one for one in people}
    kept = {id_ for id_, to in choices.items() if to == KEEP}
    unknown = next((id_ for id_ in choices if id_ not in {one.id for one in book}), None)
    if unknown is not None:
        called = db.scalar("SELECT name FROM account WHERE id = :id", id=unknown)
        raise Refused("owner", f"{called or f'Account {unknown}'} is not {name}'s.")
    if gone and kept:
        raise Refused("keep", f"{name} is gone: nothing can stay with somebody who is not here.")
    fixed = _fixed(choices, by_login, {one.id for one in free} - kept)
    zone, region = next(((one.pool_zone, one.pool_calendar) for one in book if one.pool_zone), (desk.me.time_zone, None))
    calendar = calendar_for(zone or "UTC", region)
    until = max(last_day or desk.today(), desk.today()) if not gone else calendar.add_business_days(desk.today(), 15)
    going = [one for one in accounts if one.id not in kept]
    chosen = assign(going, people, at, fixed)
    slots = schedule(going, desk.today(), until, calendar, waves=waves, freeze=freeze)
    held = {one.id: one for one in accounts}
    rows = [_row(one, held.get(one.id), chosen, slots, people, at, choices, desk.today()) for one in book]
    rows.sort(key=lambda row: (row.running is not None, row.to == KEEP, row.wave, row.tier, -(row.arr or 0), row.account_id))
    own = {one.id for one in book}
    loose = tuple(one for one in things if one.kind not in ("pool", "pod") and one.account_id not in own)
    return Proposal(
        login, name, last_day or desk.today(), gone, at, freeze, tuple(rows), _recipients(chosen, held, people), tuple(things), loose
    )


def _fixed(choices: Mapping[int, str], people: Mapping[str, Candidate], free: set[int]) -> dict[int, int | None]:
    found: dict[int, int | None] = {}
    for account, to in choices.items():
        if to == KEEP or account not in free:
            continue
        if to != POOL and to not in people:
            raise NotFound(f"{to!r} is nobody who could take an account: an active CSM, pool, or keep.")
        found[account] = None if to == POOL else people[to].id
    return found


def _row(
    one: Book, account: Held | None, chosen: Mapping[int, int | None], slots: Mapping[int, Slot], people: Sequence[Candidate], pool: str,
    choices: Mapping[int, str], today: date,
) -> Proposed:  # fmt: skip
    slot = slots.get(one.id, Slot("–", 0, today))
    by_id = {candidate.id: candidate for candidate in people}
    is_kept = account is None or one.id not in chosen
    to_id = chosen.get(one.id)
    taker = by_id.get(to_id) if to_id is not None else None
    found: Fit | None = None
    if account is not None and not is_kept:
        found = fit(account, taker) if taker else fit_pool(account, pool)
    options = () if account is None else tuple(
        Option(to, name, cost, reasons) for cost, _, to, name, reasons in sorted(
            [(f.cost, 0, c.login, c.name, f.reasons) for c in people for f in [fit(account, c)]]
            + [(f.cost, 1, POOL, f"pool {pool}", f.reasons) for f in [fit_pool(account, pool)]]
        )
    )  # fmt: skip
    kind = None if is_kept else TransitionKind.CSM_TO_CSM if taker else TransitionKind.CSM_TO_POOL
    reasons = ("she keeps it",) if is_kept and one.runs is None else (f"transition {one.runs} runs already",) if is_kept else ()
    return Proposed(
        account_id=one.id, account=one.name, segment=one.segment, arr=one.arr, currency=one.currency, health=one.health,
        renewal_date=one.renewal_date, ctas=one.ctas, kind=None if kind is None else kind.value,
        to=taker.login if taker else KEEP if is_kept else POOL, to_name=taker.name if taker else "" if is_kept else f"pool {pool}",
        reasons=found.reasons if found else reasons, tier=slot.tier, wave=slot.wave, target=slot.target,
        joint=slot.tier == "A" and taker is not None, frozen=slot.frozen, is_late=slot.is_late, is_chosen=one.id in choices,
        running=one.runs, options=options,
    )  # fmt: skip


def _held(desk: Desk, db: Db, book: Sequence[Book]) -> list[Held]:
    known = reads.touches(db, [one.id for one in book], desk.now() - _YEAR)
    return [
        Held(
            one.id, one.name, one.segment, one.arr, one.currency, one.health, one.renewal_date, _language(one.language),
            _ahead(one.time_zone or one.pool_zone, desk.now()), one.pool, one.pod_id,
            None if one.minutes_month is None else minutes_a_week(one.minutes_month), one.served_by, one.escalations,
            known.get(one.id, {}),
        )
        for one in book
    ]  # fmt: skip


def _candidates(desk: Desk, db: Db, leaver: int, last_day: date | None) -> list[Candidate]:
    people = reads.people(db, leaver)
    gone = away_now(db, desk.now())
    people = [one for one in people if one.id not in gone or (last_day is not None and gone[one.id].last < last_day)]
    if not people:
        return []
    ids = [one.id for one in people]
    week = loads(db, {one.id: one.hours_week for one in people})
    pods, held, limits, coming = weights.pods_of(db, ids), reads.segments_held(db), reads.limits(db), reads.coming(db)
    works: dict[int, set[str]] = {}
    for csm, pool in team.memberships(db):
        works.setdefault(csm, set()).add(pool)
    zones = dict(db.all("SELECT name, time_zone FROM pool"))
    found = []
    for one in people:
        here = held.get(one.id, {})
        _, more, of = coming.get(one.id, (0, 0, {}))
        room = {
            name: max((scaled(limit, one.limit_percent) or 0) - here.get(name, 0) - of.get(name, 0), 0) for name, limit in limits.items()
        }
        free = week[one.id].free
        ahead = [at for pool in sorted(works.get(one.id, ())) if (at := _ahead(zones.get(pool), desk.now())) is not None]
        found.append(Candidate(
            one.id, one.login, one.name, None if free is None else free - minutes_a_week(more),
            spoken(one.languages, one.skills), ahead[0] if ahead else None,
            frozenset(works.get(one.id, ())), frozenset(pods.get(one.id, ())), here, room,
        ))  # fmt: skip
    return found


def _recipients(chosen: Mapping[int, int | None], held: Mapping[int, Held], people: Sequence[Candidate]) -> tuple[Recipient, ...]:
    found = []
    for one in people:
        mine = [held[id_] for id_, to in chosen.items() if to == one.id and id_ in held]
        if mine:
            minutes = sum(a.minutes or 0 for a in mine)
            free = None if one.free is None else hours(one.free)
            after = None if one.free is None else hours(one.free - minutes)
            found.append(Recipient(one.login, one.name, len(mine), hours(minutes), free, after))
    return tuple(sorted(found, key=lambda row: (-row.accounts, row.login)))


@act("start_leave")
def start(
    work: Work,
    login: str,
    last_day: date | None = None,
    *,
    gone: bool = False,
    choices: Mapping[int, str] | None = None,
    waves: int | None = None,
    freeze: int = FREEZE_DAYS,
    pool: str | None = None,
    note: str = "",
) -> Begun:
    """Starts the transitions of a leaver's whole book in one act, as ``propose`` says with these choices.

    When she is gone already her manager stands in for her steps, and her CTAs on others' accounts go back to their queue.
    Raises what ``propose`` does, Refused (nothing to hand over).
    """
    csm, called = work.db.one("SELECT id, name FROM csm WHERE id = :id", id=lookup.named(work.db, "csm", login)) or (0, login)
    if work.me.id != csm and work.me.role not in LEADERS:
        raise Forbidden(f"{called}'s book is handed over by {called}, a manager or ops.")
    proposal = _proposal(work.desk, work.db, login, last_day, gone, choices or {}, waves, freeze, pool)
    going = [row for row in proposal.rows if row.kind is not None]
    if not going:
        raise Refused("accounts", f"{proposal.name} has no account left to hand over.")
    leave = work.insert("leave", {
        "csm_id": csm, "last_day": proposal.last_day, "is_gone": gone, "note": clean_line(note) or None, "started_at": work.now,
    })  # fmt: skip
    reason = clean_line(note) or f"{proposal.name} {'has left' if gone else f'leaves on {day(proposal.last_day, work.today)}'}"
    made = transition_start.begin(work, [_plan(row, proposal, leave, reason) for row in going])
    released = _release(work, [one.id for one in proposal.loose if one.kind == "CTA"], proposal.name) if gone else 0
    back = f"; {plural(released, 'CTA')} of others' accounts back in the queue" if released else ""
    work.say(f"{proposal.name} leaves: started {plural(len(made), 'transition')}, {proposal.says}{back}")
    return Begun(leave, tuple(one.row["id"] for one in made), released, said=work.act.what)


def _plan(row: Proposed, proposal: Proposal, leave: int, reason: str) -> Plan:
    return Plan(
        kind=TransitionKind(row.kind or ""), account=row.account_id, to=row.to if row.to != POOL else proposal.pool, target=row.target,
        reason=reason, stand_in=proposal.is_gone or row.is_late, leave_id=leave, wave=row.wave, tier=row.tier,
        proposal=" · ".join([*(("chosen by hand",) if row.is_chosen else ()), *row.reasons, *((row.frozen,) if row.frozen else ())]),
    )  # fmt: skip


def _release(work: Work, ids: Sequence[int], name: str) -> int:
    values: dict[str, Any] = {
        "owner_id": None, "claimed_at": None, "touched_at": None, "snoozed_at": None, "snoozed_until": None, "snooze_reason": None,
        "snooze_wake": None, "left_note": f"{name} has left",
    }  # fmt: skip
    work.update_many("cta", dict.fromkeys(ids, values))
    return len(ids)


def _language(text: str | None) -> str | None:
    word = (text or "").strip().casefold()[:2]
    return word or None


def _ahead(zone: str | None, now: datetime) -> float | None:
    if not zone:
        return None
    try:
        offset = now.astimezone(ZoneInfo(zone)).utcoffset()
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
    return None if offset is None else offset.total_seconds() / 3600


__all__ = ["KEEP", "POOL", "Begun", "Option", "Proposal", "Proposed", "Recipient", "holds", "propose", "start"]
