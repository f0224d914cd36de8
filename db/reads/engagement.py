"""How often we were in touch: timeline entries counted by CSM or by account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from db.connection import Db


@dataclass(frozen=True, slots=True)
class EngagementRow:
    """Entries of one CSM or account in a period; ``others`` is accounts for a CSM, CSMs for an account; ``key``: its login, its id."""

    id: int
    name: str
    entries: int
    meetings: int
    others: int
    last: datetime | None
    key: str


_COUNTS = (
    "count(v.id) AS entries, coalesce(sum(CASE WHEN y.is_meeting THEN 1 ELSE 0 END), 0) AS meetings, max(v.at) AS last"
)
_LIVE = "v.superseded IS NULL AND v.state = 'done' AND v.at >= :start AND v.at < :end"


def by_csm(db: Db, start: datetime, end: datetime) -> list[EngagementRow]:
    """Every active CSM, those without an entry too, the busiest first."""
    return db.rows(
        EngagementRow,
        f"SELECT o.id, o.name, o.login AS key, {_COUNTS}, count(DISTINCT v.account_id) AS others FROM csm o"
        f" LEFT JOIN activity v ON v.author_id = o.id AND {_LIVE} LEFT JOIN activity_type y ON y.id = v.type_id"
        " WHERE o.active = TRUE GROUP BY o.id, o.name, o.login ORDER BY entries DESC, o.name",
        start=start, end=end,
    )  # fmt: skip


def by_account(
    db: Db, start: datetime, end: datetime, where: str, params: dict[str, object], most: int | None = None
) -> list[EngagementRow]:
    """The accounts a condition over ``a`` picks, those without an entry first; ``most`` of them."""
    return db.rows(
        EngagementRow,
        f"SELECT a.id, a.name, CAST(a.id AS TEXT) AS key, {_COUNTS}, count(DISTINCT v.author_id) AS others FROM account a"
        f" LEFT JOIN activity v ON v.account_id = a.id AND {_LIVE} LEFT JOIN activity_type y ON y.id = v.type_id"
        f" WHERE {where} GROUP BY a.id, a.name ORDER BY entries, a.name LIMIT :most",
        start=start, end=end, most=1_000_000_000 if most is None else most, **params,
    )  # fmt: skip
