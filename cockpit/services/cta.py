"""The life of a CTA after (and before) the queue: made, changed, put off, closed, reopened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from cockpit.desk import Desk
from cockpit.domain.calendar import ONE_DAY, Calendar
from cockpit.domain.clean import clean_line, clean_text
from cockpit.domain.cta import Verb, done, may_close, missing, read_required
from cockpit.domain.playbook import DatedTask, shift_tasks
from cockpit.domain.say import day, plural
from cockpit.services import scoring
from cockpit.services.act import Work, act
from cockpit.services.calendars import calendar_for
from cockpit.services.errors import NotFound, Refused
from cockpit.services.lease import AWAKE, awake
from cockpit.services.link import LINKED
from cockpit.services.lookup import find_account, named, reason_id, worker
from cockpit.services.queue import Claimed, QueueQuery, ctas_by_id, items, matching_ids, standing_rows
from cockpit.services.routing import routes
from db.hot import unclaimed
from db.reads import cta as reads
from db.reads.cta import CtaDetail, CtaRow
from db.terms import CtaStatus, Outcome, Priority, TaskStatus

if TYPE_CHECKING:
    from cockpit.services.task import TaskRow

EDITABLE = ("title", "description", "priority", "flagged", "due", "type", "reason", "pool", "playbook", "repeats", "lane", "skill")


@dataclass(frozen=True, slots=True)
class CtaShown:
    """One CTA whole: its row, what lists leave out, its tasks."""

    row: CtaRow
    detail: CtaDetail
    tasks: tuple[TaskRow, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """CTAs that were created (or would be)."""

    ids: tuple[int, ...]
    accounts: int
    skipped: int = 0
    """Accounts that have an open CTA of this type and reason already."""
    act: int | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class CtaDraft:
    """What a new CTA is, whichever account it is for."""

    type: str
    reason: str
    title: str = ""
    description: str = ""
    priority: Priority = Priority.MEDIUM
    due: date | None = None
    pool: str | None = None
    owner: str | None = None
    playbook: str | None = None
    repeats: str | None = None
    """``30d``, ``2w``, ``3m``, ``1y``: closing it makes the next."""
    lane: str | None = None
    skill: str | None = None
    """Without them, its reason's."""


def show_cta(desk: Desk, cta_id: int) -> CtaShown:
    """One CTA with its tasks. Raises NotFound."""
    row = ctas_by_id(desk, [cta_id]).get(cta_id)
    with desk.store.read() as db:
        detail = reads.detail(db, cta_id)
        if row is None or detail is None:
            raise NotFound(missing(cta_id).sentence)
        from cockpit.services.task import shown
        from db.reads.task import by_ids

        return CtaShown(row, detail, shown(desk, db, by_ids(db, "cta_id", [cta_id])))


@act("new_cta")
def new_cta(work: Work, account: str | int, draft: CtaDraft) -> Made:
    """Makes one CTA for one account. Raises NotFound, Ambiguous (account, type, pool, playbook)."""
    account_id = find_account(work.db, account)
    made = make_ctas(work, [account_id], draft)
    name = work.db.scalar("SELECT name FROM account WHERE id = :id", id=account_id)
    return _said(work, Made(tuple(made), 1), f"Made CTA {made[0]} · {name}")


def preview_new_ctas(desk: Desk, where: str, draft: CtaDraft) -> Made:
    """How many CTAs ``new_ctas_where`` would make, changing nothing."""
    with desk.store.read() as db:
        wanted, skipped = targets_of(desk, db, where, draft)
    return Made((), len(wanted), skipped, said=f"Would make {plural(len(wanted), 'CTA')}")


@act("new_ctas")
def new_ctas_where(work: Work, where: str, draft: CtaDraft) -> Made:
    """Makes one CTA for each account that a query matches, leaving out those that have one open already."""
    wanted, skipped = targets_of(work.desk, work.db, where, draft)
    made = make_ctas(work, wanted, draft)
    also = f", {skipped} had one open already" if skipped else ""
    return _said(work, Made(tuple(made), len(wanted), skipped), f"Made {plural(len(made), 'CTA')}{also}")


@act("edit")
def edit_cta(work: Work, cta_id: int, fields: Mapping[str, Any], cascade: bool = True) -> Claimed:
    """Changes fields of a CTA (EDITABLE); open tasks follow a moved due date unless ``cascade`` is off."""
    rows = standing_rows(work, [cta_id], Verb.EDIT)
    unknown = [name for name in fields if name not in EDITABLE]
    if unknown:
        raise Refused("field", f"A CTA has no field {unknown[0]!r} to change: {', '.join(EDITABLE)}.")
    moved = _cascade(work, rows, fields["due"]) if cascade and "due" in fields else 0
    changed = work.update("cta", cta_id, _columns(work, fields) | touched_by_owner(work, [cta_id])[cta_id])
    scoring.rescore(work, [cta_id])
    names = ", ".join(sorted(_plain_name(name) for name in changed if name != "touched_at"))
    said = f"Changed {names} of CTA {cta_id}" if names else f"CTA {cta_id} was so already"
    return items(work, [cta_id], said + _moved_too(moved))


@act("due")
def set_due(work: Work, cta_ids: Sequence[int], due: date | None, cascade: bool = True) -> Claimed:
    """Moves due dates; open tasks keep their distance in business days unless ``cascade`` is off."""
    rows = standing_rows(work, cta_ids, Verb.EDIT)
    moved = _cascade(work, rows, due) if cascade else 0
    touches = touched_by_owner(work, list(rows))
    work.update_many("cta", {id_: {"due": due} | touches[id_] for id_ in rows})
    scoring.rescore(work, rows)
    when = f"due {day(due, work.today)}" if due else "without a due date"
    what = f"CTA {next(iter(rows))}" if len(rows) == 1 else plural(len(rows), "CTA")
    return items(work, list(rows), f"{what} {when}{_moved_too(moved)}")


def _cascade(work: Work, rows: Mapping[int, CtaRow], due: date | None) -> int:
    """Moves the open tasks of these CTAs with their due date; returns how many."""
    moved: dict[int, dict[str, Any]] = {}
    by_cta = reads.tasks(work.db, list(rows))
    calendars = {pool: pool_calendar(work, pool) for pool in {row.pool_id for row in rows.values()}}
    for cta_id, row in rows.items():
        tasks = [DatedTask(t.id, t.due, TaskStatus(t.status)) for t in by_cta.get(cta_id, ())]
        dates = shift_tasks(row.due, due, tasks, calendars[row.pool_id])
        moved |= {id_: {"due": new} for id_, new in dates.items()}
    work.update_many("task", moved)
    return len(moved)


def _moved_too(tasks: int) -> str:
    return f", {plural(tasks, 'task')} moved with it" if tasks else ""


@act("snooze")
def snooze(work: Work, cta_ids: Sequence[int], until: date | None, reason: str, wake: str | None = None) -> Claimed:
    """Hides CTAs until a day and/or until their account matches a query; snoozing again replaces the first.

    Raises Refused when there is neither day nor query, when the day is not ahead, when no reason is given;
    QueryError for the query.
    """
    if until is None and not wake:
        raise Refused("until", "Say until when (or until what) it should sleep.")
    if not clean_line(reason):
        raise Refused("reason", "A snooze needs a reason, so that the next one knows why it waits.")
    if wake:
        from cockpit.services.query import compiled

        compiled(work.desk, work.db, wake, "cta")
    rows = standing_rows(work, cta_ids, Verb.SNOOZE)
    if until is not None:
        _check_ahead(work, rows.values(), until)
    values = {
        "snoozed_at": work.now,
        "snoozed_until": until,
        "snooze_reason": clean_line(reason),
        "snooze_wake": wake or None,
    }
    touches = touched_by_owner(work, list(rows))
    work.update_many("cta", {id_: values | touches[id_] for id_ in rows})
    said = done(Verb.SNOOZE, list(rows), today=work.today, until=until) + (
        f" or when {wake}" if wake and until else f" until {wake}" if wake else ""
    )
    return items(work, list(rows), said)


def _check_ahead(work: Work, rows: Iterable[CtaRow], until: date) -> None:
    """A day is ahead where the pool is, which may have another one by now than who snoozes."""
    for pool_id in {row.pool_id for row in rows}:
        today = pool_calendar(work, pool_id).local_date(work.now)
        if until <= today:
            raise Refused("until", f"{day(until, today)} is not ahead: snooze to {day(today + ONE_DAY, today)} or later.")


@act("wake")
def wake(work: Work, cta_ids: Sequence[int]) -> Claimed:
    """Ends a snooze by hand."""
    rows = standing_rows(work, cta_ids, Verb.WAKE)
    touches, changes = touched_by_owner(work, list(rows)), awake(work, list(rows))
    work.update_many("cta", {id_: changes[id_] | touches[id_] for id_ in rows})
    return items(work, list(rows), done(Verb.WAKE, list(rows)))


@act("close")
def close(work: Work, cta_ids: Sequence[int], outcome: Outcome, note: str = "") -> Claimed:
    """Closes CTAs with an outcome; what nobody owned becomes the closer's. Raises Refused for a missing field.

    What repeats comes again, in the same act; an intervention goes on unless its stage ends with its CTA.
    """
    from cockpit.services.repeat import make_next
    from cockpit.services.stages import after_close
    from cockpit.services.task import check_gates

    rows = standing_rows(work, cta_ids, Verb.CLOSE)
    text = clean_text(note)
    _check_required(work, list(rows), text)
    if outcome is Outcome.SUCCESS:
        check_gates(work, list(rows))
    new = unclaimed(work.db, [id_ for id_, row in rows.items() if row.owner is None])
    work.update_many("cta", {
        id_: AWAKE | {"status": CtaStatus.CLOSED, "outcome": outcome, "close_note": text or None, "closed_at": work.now}
        | ({"owner_id": work.me.id, "claimed_at": work.now} if row.owner is None else {})
        | ({"first_claimed_at": work.now} if id_ in new else {})
        for id_, row in rows.items()
    })  # fmt: skip
    said = done(Verb.CLOSE, list(rows), outcome=outcome) + make_next(work, list(rows), outcome)
    said += after_close(work, list(rows), outcome, text)
    return items(work, list(rows), said)


@act("reopen")
def reopen(work: Work, cta_ids: Sequence[int]) -> Claimed:
    """Opens closed CTAs again, with whom they were; their earlier close stays in the history."""
    rows = standing_rows(work, cta_ids, Verb.REOPEN)
    values = {
        "status": CtaStatus.OPEN,
        "outcome": None,
        "close_note": None,
        "closed_at": None,
        "opened_at": work.now,
        "touched_at": work.now,
    }
    work.update_many("cta", dict.fromkeys(rows, values))
    scoring.rescore(work, rows)
    return items(work, list(rows), done(Verb.REOPEN, list(rows)))


def pool_calendar(work: Work, pool_id: int | None) -> Calendar:
    """The calendar of a pool: its zone and holidays; weekends only where there is none."""
    found = work.db.one("SELECT time_zone, calendar FROM pool WHERE id = :id", id=pool_id)
    return calendar_for(*found) if found else calendar_for()


def touched_by_owner(work: Work, cta_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """An owner's act on her CTA keeps her lease alive."""
    mine = {row[0] for row in work.db.of("SELECT id FROM cta WHERE owner_id = :me AND id IN ({ids})", cta_ids, me=work.me.id)}
    return {id_: ({"touched_at": work.now} if id_ in mine else {}) for id_ in cta_ids}


def _check_required(work: Work, cta_ids: Sequence[int], note: str) -> None:
    rows = work.db.of(
        "SELECT c.id, t.name, t.required_at_close, c.description, c.due, c.playbook_id, c.opportunity_id,"
        f" {LINKED} FROM cta c JOIN cta_type t ON t.id = c.type_id WHERE c.id IN ({{ids}}) AND t.required_at_close <> '' ORDER BY c.id",
        cta_ids,
    )
    for cta_id, name, required, *filled, people, activities in rows:
        fields = dict(zip(("description", "due", "playbook_id", "opportunity_id"), filled, strict=True))
        fields |= {"close_note": note, "people": people or None, "activity": activities or None}
        no = may_close(cta_id, name, read_required(required), fields)
        if no is not None:
            raise Refused(no.code, no.sentence)


def _columns(work: Work, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields as people name them to columns; texts cleaned, names looked up, reasons made when new."""
    from cockpit.services.cta_type import active_type
    from cockpit.services.lane import read_lane, read_skill
    from cockpit.services.repeat import interval_text

    columns: dict[str, Any] = {}
    for name, value in fields.items():
        if name in ("title", "description"):
            columns[name] = clean_line(value) if name == "title" else clean_text(value or "") or None
        elif name == "priority":
            columns[name] = Priority(value)
        elif name == "type":
            columns["type_id"] = active_type(work.db, value)
        elif name == "reason":
            columns["reason_id"] = reason(work, value)
        elif name == "repeats":
            columns[name] = interval_text(value)
        elif name in ("lane", "skill"):
            columns[name] = read_lane(value) if name == "lane" else read_skill(value)
        elif name in ("pool", "playbook"):
            columns[f"{name}_id"] = named(work.db, name, value) if value else None
        else:
            columns[name] = value
    if "title" in columns and not columns["title"]:
        raise Refused("title", "A CTA needs a title.")
    return columns


def reason(work: Work, name: str) -> int:
    """The id of a reason, made when it is new."""
    clean = clean_line(name)
    if not clean:
        raise Refused("reason", "A CTA needs a reason.")
    return reason_id(work.db, clean) or work.insert("reason", {"name": clean})


def _plain_name(column: str) -> str:
    return column.removesuffix("_id").replace("_", " ")


def make_ctas(work: Work, account_ids: Sequence[int], draft: CtaDraft) -> list[int]:
    """Inside an act: one CTA for each of these accounts."""
    shared = _columns(work, {
        "type": draft.type, "reason": draft.reason, "title": draft.title or draft.reason, "description": draft.description,
        "priority": draft.priority, "due": draft.due, "playbook": draft.playbook, "repeats": draft.repeats,
        "lane": draft.lane, "skill": draft.skill,
    })  # fmt: skip
    pool_id = named(work.db, "pool", draft.pool) if draft.pool else None
    owner_id = worker(work.db, draft.owner)[0] if draft.owner else None
    fallback = (
        work.me.pools[0] if work.me.pools else work.db.scalar("SELECT id FROM pool WHERE active ORDER BY id LIMIT 1")
    )
    pools = {} if pool_id else _pools_of(work, account_ids)
    route = routes(work.db, [shared["reason_id"]])[shared["reason_id"]]
    shared |= {"lane": shared["lane"] or route.lane, "skill": shared["skill"] or route.skill}
    at = ("claimed_at", "touched_at", "first_claimed_at")
    taken = {"owner_id": owner_id} | dict.fromkeys(at, work.now) if owner_id else {}
    made = work.insert_many("cta", [
        shared | {"account_id": id_, "pool_id": pool_id or pools.get(id_) or fallback, "opened_at": work.now} | taken for id_ in account_ids
    ])  # fmt: skip
    scoring.rescore(work, made)
    if owner_id:
        from cockpit.services.start import start_playbooks

        start_playbooks(work, made)
    return made


def _pools_of(work: Work, account_ids: Sequence[int]) -> dict[int, int | None]:
    found: dict[int, int | None] = {}
    for start in range(0, len(account_ids), 500):
        params: dict[str, Any] = {}
        marks = work.db.marks("i", account_ids[start : start + 500], params)
        found |= {
            row[0]: row[1] for row in work.db.all(f"SELECT id, pool_id FROM account WHERE id IN ({marks})", **params)
        }
    return found


def targets_of(desk: Desk, db: Any, where: str, draft: CtaDraft) -> tuple[list[int], int]:
    """Account ids a query matches that have no open CTA of this type and reason, and how many have one."""
    from cockpit.services.query import compiled

    sql, params = compiled(desk, db, where, "account")
    accounts = [row[0] for row in db.all(
        "SELECT a.id FROM account a LEFT JOIN csm o ON o.id = a.owner_id LEFT JOIN pool p ON p.id = a.pool_id"
        f" LEFT JOIN segment s ON s.id = a.segment_id WHERE {sql} ORDER BY a.id", **params)]  # fmt: skip
    type_id = named(db, "cta_type", draft.type)
    same = {row[0] for row in db.all(
        "SELECT account_id FROM cta WHERE status = 'open' AND type_id = :type AND reason_id = :reason",
        type=type_id, reason=reason_id(db, clean_line(draft.reason)) or 0)}  # fmt: skip
    return [id_ for id_ in accounts if id_ not in same], sum(id_ in same for id_ in accounts)


def _said(work: Work, made: Made, said: str) -> Made:
    import dataclasses

    work.say(said)
    return dataclasses.replace(made, said=said)


__all__ = [
    "CtaDraft", "CtaShown", "Made", "QueueQuery", "close", "edit_cta", "make_ctas", "matching_ids", "new_cta",
    "new_ctas_where", "preview_new_ctas", "reopen", "set_due", "show_cta", "snooze", "targets_of", "wake",
]  # fmt: skip
