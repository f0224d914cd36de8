"""The statements a keypress waits for: taking a CTA, by id or the best there is, in one conditional write.

Two people can never both get one: the row is taken only while nobody has it, and its journal chain grows in
the same UPDATE.
"""

from __future__ import annotations

from datetime import datetime

from db.connection import Db
from db.journal import Act
from db.terms import ChangeKind
from db.values import moment_text
from db.write import Writer

FREE = "owner_id IS NULL AND status = 'open'"
TAKE = "UPDATE cta SET owner_id = :me, claimed_at = :now, touched_at = :now, rev = rev + 1, head = chain(head, :entry)"
TAKE_ONE = f"{TAKE} WHERE id = :id AND {FREE} RETURNING id, uid, rev, head"
_BEST = f"SELECT id FROM cta WHERE {FREE} AND snoozed_at IS NULL"
_NEXT = {
    # SQLite plans a literal LIMIT 1 as a scan, so it is bound; PostgreSQL steps over rows others are taking.
    "sqlite": "ORDER BY rank, id LIMIT :one",
    "postgresql": "ORDER BY rank, id LIMIT :one FOR UPDATE SKIP LOCKED",
}


def take(writer: Writer, cta_id: int, me: int) -> bool:
    """Makes it mine if nobody has it; whether it worked."""
    return _take(writer, me, TAKE_ONE, id=cta_id) is not None


def take_next(writer: Writer, me: int, pool_id: int | None) -> int | None:
    """Takes the first of a pool's queue (of all queues when none is named); its id, or None when there is none."""
    pool = "" if pool_id is None else "AND pool_id = :pool"
    sql = f"{TAKE} WHERE id = ({_BEST} {pool} {_NEXT[writer.db.dialect]}) AND {FREE} RETURNING id, uid, rev, head"
    return _take(writer, me, sql, one=1, **({} if pool_id is None else {"pool": pool_id}))


def best_of(db: Db, pool_ids: tuple[int, ...]) -> list[int]:
    """The first of each of these pools' queues, best first."""
    found = [
        db.one("SELECT rank, id FROM cta WHERE pool_id = :pool AND " + FREE + " AND snoozed_at IS NULL ORDER BY rank, id LIMIT :one", pool=pool, one=1)
        for pool in pool_ids
    ]
    return [row[1] for row in sorted(row for row in found if row is not None)]


def _take(writer: Writer, me: int, sql: str, **params: int) -> int | None:
    fields = _fields(writer.act, me)
    salt, digest, entry = writer.journal.seal("cta", ChangeKind.UPDATE, fields)
    row = writer.db.one(sql, me=me, now=writer.act.at, entry=entry, **params)
    if row is None:
        return None
    writer.journal.record("cta", row[0], bytes(row[1]), row[2], ChangeKind.UPDATE, fields, salt, digest, bytes(row[3]))
    return int(row[0])


def _fields(act: Act, me: int) -> dict[str, list[int | str | None]]:
    """An unowned CTA has none of the three: releasing empties them."""
    now: datetime = act.at
    return {"owner_id": [None, me], "claimed_at": [None, moment_text(now)], "touched_at": [None, moment_text(now)]}
