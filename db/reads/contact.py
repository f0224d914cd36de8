"""When somebody of us was last in touch with accounts, relationships included, and how often their policy asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from db.connection import Db

ABOUT_NOT_WITH = "('update', 'milestone', 'transition note')"
"""As ``cockpit.domain.pulse.NOT_CONTACT`` has them (tested)."""
IS_CONTACT = (
    "vt.superseded IS NULL AND vt.state = 'done' AND vt.internal = FALSE"
    f" AND vt.type_id NOT IN (SELECT yt.id FROM activity_type yt WHERE yt.name IN {ABOUT_NOT_WITH})"
)
"""An entry ``vt`` of the timeline that was a contact with the customer."""


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One account: its last contact, its segment's ``touch_days``."""

    id: int
    last: datetime | None
    segment: str | None
    touch_days: int | None


def contacts(db: Db, account_ids: Sequence[int], now: datetime) -> dict[int, ContactRow]:
    """The last contact of each of these accounts (at most a few thousand), in one statement."""
    params: dict[str, object] = {}
    marks = db.marks("i", account_ids, params)
    rows = db.rows(
        ContactRow,
        "SELECT a.id, s.name AS segment, s.touch_days, (SELECT max(vt.at) FROM activity vt WHERE vt.account_id IN"
        f" (SELECT fk.id FROM account fk WHERE fk.id = a.id OR fk.parent_id = a.id) AND vt.at <= :now AND {IS_CONTACT}) AS last"
        f" FROM account a LEFT JOIN segment s ON s.id = a.segment_id WHERE a.id IN ({marks})",
        now=now, **params,
    )  # fmt: skip
    return {row.id: row for row in rows}
