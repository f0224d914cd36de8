"""What happened on accounts since a cover began, sorted for who comes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from db.connection import Db, as_date, as_json, as_moment

MARKS = 500


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a return list; ``kind`` is done, open, promised or changed."""

    kind: str
    account: str
    says: str
    who: str | None
    on: date | None


def happened(db: Db, account_ids: Sequence[int], since: datetime) -> list[Line]:
    """Closed and new CTAs, entries, promises still open, fields that changed; the earliest first within each kind."""
    found: list[Line] = []
    for start in range(0, len(account_ids), MARKS):
        params: dict[str, Any] = {"since": since}
        marks = db.marks("i", list(account_ids[start : start + MARKS]), params)
        found += _ctas(db, marks, params) + _entries(db, marks, params) + _changes(db, marks, params)
    return found


def _ctas(db: Db, marks: str, params: dict[str, Any]) -> list[Line]:
    rows = db.all(
        "SELECT a.name, c.title, c.status, c.outcome, o.login, c.closed_at, c.due FROM cta c JOIN account a ON a.id = c.account_id"
        f" LEFT JOIN csm o ON o.id = c.owner_id WHERE c.account_id IN ({marks}) AND (c.closed_at >= :since OR c.status = 'open')"
        " ORDER BY a.name, c.id",
        **params,
    )
    made = []
    for account, title, status, outcome, login, closed, due in rows:
        if status == "closed":
            at = as_moment(closed)
            made.append(Line("done", account, f"CTA {title}: {str(outcome).replace('_', ' ')}", login, at.date() if at else None))
        else:
            made.append(Line("open", account, f"CTA {title}", login, as_date(due)))
    return made


def _entries(db: Db, marks: str, params: dict[str, Any]) -> list[Line]:
    rows = db.all(
        "SELECT a.name, y.name, v.subject, o.login, v.at, v.next_step, v.next_step_due, v.next_step_done_at FROM activity v"
        " JOIN account a ON a.id = v.account_id JOIN activity_type y ON y.id = v.type_id LEFT JOIN csm o ON o.id = v.author_id"
        f" WHERE v.account_id IN ({marks}) AND v.superseded IS NULL AND v.at >= :since AND v.state = 'done' ORDER BY a.name, v.at, v.id",
        **params,
    )
    made = []
    for account, kind, subject, login, at, step, due, kept in rows:
        moment = as_moment(at)
        made.append(Line("done", account, f"{kind}: {subject}", login, moment.date() if moment else None))
        if step and kept is None:
            made.append(Line("promised", account, step, login, as_date(due)))
    return made


def _changes(db: Db, marks: str, params: dict[str, Any]) -> list[Line]:
    rows = db.all(
        "SELECT a.name, c.fields, x.actor, x.at FROM change c JOIN act x ON x.id = c.act_id JOIN account a ON a.id = c.thing_id"
        f" WHERE c.thing = 'account' AND c.kind = 'update' AND c.thing_id IN ({marks}) AND x.at >= :since ORDER BY a.name, c.id",
        **params,
    )
    made = []
    for account, fields, actor, at in rows:
        names = [name.removesuffix("_id").replace("_", " ") for name in (as_json(fields) or {}) if name != "health_before"]
        moment = as_moment(at)
        if names:
            made.append(Line("changed", account, ", ".join(names), actor, moment.date() if moment else None))
    return made
