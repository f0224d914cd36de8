"""Tasks: what is to do and what each opens, done by hand where that is allowed, left out, open again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cockpit.desk import Desk
from cockpit.domain.clean import clean_line
from cockpit.domain.nearest import did_you_mean
from cockpit.services.act import LEADERS, Work, act
from cockpit.services.errors import Forbidden, NotFound, Refused
from cockpit.services.evidence import Judged, judge, judged_runs
from cockpit.services.lookup import find_account, named
from cockpit.services.whose import check_hers
from db.connection import Db
from db.reads import task as reads
from db.reads.task import Stored
from db.terms import Side, TaskStatus

MOST = 500
"""So many tasks in one list at most."""


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task as lists show it.

    ``state``: ``open``, ``waits`` (for another step, or the customer), ``done``, ``skipped`` or ``waived``; ``says`` is what was
    found, what is missing, or what comes first. ``by_hand``: it is ticked; otherwise it closes when the thing is done.
    """

    id: int
    title: str
    state: str
    status: str
    due: date | None
    is_overdue: bool
    required: bool
    gates: bool
    owner: str | None
    owner_name: str | None
    role: str | None
    side: str | None
    cta_id: int | None
    cta_title: str | None
    account_id: int | None
    account: str | None
    transition: int | None
    csm: int | None
    run: int | None
    playbook: str | None
    version: int | None
    key: str | None
    opens: str | None
    done_when: str | None
    by_hand: bool
    choices: tuple[str, ...]
    says: str
    note: str | None
    done_at: datetime | None
    position: int = 0


@dataclass(frozen=True, slots=True)
class TaskChanged:
    """A task that was ticked, left out, or opened again."""

    id: int
    cta: int | None
    status: str
    act: int | None = None
    said: str = ""


def tasks_of(
    desk: Desk, *, cta: int | None = None, account: int | None = None, run: int | None = None, transition: int | None = None
) -> tuple[TaskRow, ...]:
    """The tasks of a CTA, an account (its open CTAs' too), a run or a transition, in the order of their playbook."""
    wanted = (
        ("k.cta_id = :id", cta), (f"(k.account_id = :id OR c.account_id = :id) AND {reads.RUNNING}", account),
        ("k.transition_id = :id", transition), ("k.run_id = :id", run),
    )  # fmt: skip
    where, id_ = next((where, id_) for where, id_ in wanted if id_ is not None)
    with desk.store.read() as db:
        return shown(desk, db, reads.some(db, where, "k.cta_id, k.run_id, k.position, k.id", MOST, id=id_))


def list_tasks(
    desk: Desk, owner: str | None = None, account: str | int | None = None, playbook: str | None = None, limit: int | None = None
) -> tuple[TaskRow, ...]:  # fmt: skip
    """Open tasks of what still goes on, what is due first: somebody's, an account's, a playbook's. Raises NotFound, Ambiguous."""
    parts, params = [f"k.status = 'open' AND {reads.RUNNING}"], dict[str, Any]()
    with desk.store.read() as db:
        if owner is not None:
            parts.append("o.id = :owner")
            params["owner"] = named(db, "csm", owner)
        if account is not None:
            parts.append("a.id = :account")
            params["account"] = find_account(db, account)
        if playbook is not None:
            parts.append("lower(b.name) = lower(:playbook)")
            params["playbook"] = playbook
        order = "CASE WHEN k.due IS NULL THEN 1 ELSE 0 END, k.due, k.run_id, k.position, k.id"
        return shown(desk, db, reads.some(db, " AND ".join(parts), order, limit or MOST, **params))


def show_task(desk: Desk, task_id: int) -> TaskRow:
    """One task. Raises NotFound."""
    with desk.store.read() as db:
        rows = shown(desk, db, reads.by_ids(db, "id", [task_id]))
    if not rows:
        raise NotFound(f"There is no task {task_id}.")
    return rows[0]


@act("task")
def set_task(work: Work, task_id: int, status: TaskStatus, note: str = "") -> TaskChanged:
    """Marks a task done, leaves it out, or opens it again.

    A colleague's is for who covers for her, the account's owner and pod, and managers.
    A step that a check closes cannot be ticked; one that is ticked by hand needs a note of what was found (one of its
    choices, where it has some). A required step is left out by a manager alone, with the reason.
    Raises NotFound, Refused, Forbidden.
    """
    found = reads.by_ids(work.db, "id", [task_id])
    if not found:
        raise NotFound(f"There is no task {task_id}.")
    row, text = found[0], clean_line(note)
    _check_hers(work, row)
    values: dict[str, Any] = {"status": status, "done_at": None, "done_by_id": None, "waived_by_id": None, "note": None}
    words = {TaskStatus.DONE: "Done", TaskStatus.SKIPPED: "Left out", TaskStatus.OPEN: "Open again"}[status]
    if status is TaskStatus.DONE:
        text = _check_done(work, row, text)
        values |= {"done_at": work.now, "done_by_id": work.me.id}
    elif status is TaskStatus.SKIPPED and _check_skip(work, row, text):
        words = "Waived"
        values |= {"waived_by_id": work.me.id, "done_by_id": work.me.id, "done_at": work.now}
    work.update("task", task_id, values | {"note": text or None})
    if row.cta_id is not None:
        from cockpit.services.cta import touched_by_owner

        work.update("cta", row.cta_id, touched_by_owner(work, [row.cta_id])[row.cta_id])
    said = f"{words}: {row.title}{f' ({text})' if text else ''}"
    work.say(said)
    return TaskChanged(task_id, row.cta_id, status.value, said=said)


def check_gates(work: Work, cta_ids: Sequence[int]) -> None:
    """Raises Refused when a step that the close as success waits for is still open on one of these CTAs."""
    rows = work.db.of(
        "SELECT cta_id, title FROM task WHERE cta_id IN ({ids}) AND gates = TRUE AND status = 'open' ORDER BY cta_id, position", cta_ids
    )
    if rows:
        more = f" and {len(rows) - 1} more" if len(rows) > 1 else ""
        raise Refused("gate", f"CTA {rows[0][0]} cannot close as success before “{rows[0][1]}”{more}: do it, or a manager waives it.")


def _check_hers(work: Work, row: Stored) -> None:
    """Raises Refused or Forbidden where a task is for somebody else to do."""
    if row.transition_id is not None:
        from cockpit.services.transition import check_side, locked

        check_side(work, locked(work, row.transition_id), Side(row.side or Side.BOTH), f"“{row.title}”")
        return
    ask = f"Tell them: a comment on CTA {row.cta_id}." if row.cta_id is not None else "Ask them to, or a manager."
    others = () if row.owner_id is None else (row.owner_id, row.cta_owner_id, row.csm_id)
    check_hers(work, f"“{row.title}”", others, row.account_id, ask)


def _check_done(work: Work, row: Stored, note: str) -> str:
    """Raises Refused unless it may be ticked; returns its note, one of its choices in their own spelling."""
    spec = row.spec or {}
    if row.key is None:
        return note
    judged = _judged(work.desk, work.db, row)
    if judged and judged.waits_for:
        raise Refused("waits", f"“{row.title}” waits: {judged.says}.")
    choices = spec.get("choices") or []
    if row.done_when and not spec.get("by_hand"):
        if not choices:
            says = judged.says if judged else ""
            raise Refused("evidence", f"“{row.title}” closes by itself when the thing is done: {says or 'not yet'}.")
        if judged and judged.evidence and not judged.evidence.is_done:
            raise Refused("evidence", f"“{row.title}”: {judged.says}.")
    if choices:
        word, _, rest = note.partition(":")
        chosen = next((one for one in choices if one.casefold() == word.strip().casefold()), None)
        if chosen is None:
            near = did_you_mean(word.strip(), choices) if word.strip() else ""
            raise Refused("choice", f"“{row.title}” needs one of {', '.join(choices)}.{near}")
        return f"{chosen}: {rest.strip()}" if rest.strip() else chosen
    if not note:
        raise Refused("note", f"“{row.title}” is ticked by hand: say in a note what was found or done.")
    return note


def _check_skip(work: Work, row: Stored, note: str) -> bool:
    """Raises unless it may be left out; returns whether that waives it."""
    if row.key is None or not row.required:
        return False
    if (row.spec or {}).get("when") == "yes":  # they said no
        if not note:
            raise Refused("note", f"“{row.title}”: say in a note what they said.")
        return False
    if work.me.role not in LEADERS:
        raise Forbidden(f"“{row.title}” is required: a manager may waive it, with the reason.")
    if not note:
        raise Refused("reason", f"Waiving “{row.title}” needs the reason.")
    return True


def _judged(desk: Desk, db: Db, row: Stored) -> Judged | None:
    if row.run_id is None:
        return None
    return judged_runs(desk, db, [row.run_id])[1].get(row.id)


def shown(desk: Desk, db: Db, rows: Sequence[Stored]) -> tuple[TaskRow, ...]:
    """Tasks as lists show them."""
    runs = sorted({row.run_id for row in rows if row.run_id is not None and row.status == TaskStatus.OPEN})
    whole = reads.by_ids(db, "run_id", runs) if runs else []
    judged, today = judge(desk, db, whole), desk.today()
    return tuple(_row(one, judged.get(one.id), today) for one in rows)


def _row(row: Stored, judged: Judged | None, today: date) -> TaskRow:
    spec = row.spec or {}
    state = row.status if row.status != TaskStatus.SKIPPED or row.waived_by_id is None else "waived"
    if row.status == TaskStatus.OPEN and judged is not None and judged.waits_for:
        state = "waits"
    is_done = row.status != TaskStatus.OPEN
    return TaskRow(
        id=row.id, title=row.title, state=state, status=row.status, due=row.due,
        is_overdue=not is_done and row.due is not None and row.due < today,
        required=row.required, gates=row.gates, owner=row.owner, owner_name=row.owner_name, role=row.role, side=row.side,
        cta_id=row.cta_id, cta_title=row.cta_title, account_id=row.account_id, account=row.account, transition=row.transition_id,
        csm=row.csm_id, run=row.run_id, playbook=row.playbook, version=row.version, key=row.key, opens=spec.get("opens"),
        done_when=row.done_when, by_hand=row.done_when is None or bool(spec.get("by_hand") or spec.get("choices")),
        choices=tuple(spec.get("choices") or ()), says=(row.note or "") if is_done else (judged.says if judged else ""),
        note=row.note, done_at=row.done_at, position=row.position,
    )  # fmt: skip
