"""The statements a keypress waits for: taking a CTA, by id or the best there is, in one conditional write.

Two people can never both get one: the row is taken only while nobody has it, and its journal chain grows in
the same UPDATE.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from db.connection import Db, Dialect, as_json
from db.journal import Act
from db.terms import ChangeKind
from db.values import moment_text
from db.write import Writer

FREE = "owner_id IS NULL AND status = 'open' AND snoozed_at IS NULL"
"""What can be taken: what sleeps is woken first."""
_SETS = "SET owner_id = :me, claimed_at = :now, touched_at = :now"
_CHAIN = "rev = rev + 1, head = chain(head, :entry)"
TAKE = {
    True: (f"UPDATE cta {_SETS}, first_claimed_at = :now, {_CHAIN}", "first_claimed_at IS NULL"),
    False: (f"UPDATE cta {_SETS}, {_CHAIN}", "first_claimed_at IS NOT NULL"),
}
"""The first claim of a CTA, and any later one: what a claim changes is journaled before the row is seen."""
_BEST = f"SELECT id FROM cta WHERE {FREE}"
FIRST = {"sqlite": "LIMIT :one", "postgresql": "LIMIT 1"}
"""SQLite plans a literal LIMIT 1 as a scan, so it is bound; PostgreSQL plans a bound one anew each time it is asked."""
_NEXT = {
    "sqlite": f"ORDER BY rank, id {FIRST['sqlite']}",
    "postgresql": f"ORDER BY rank, id {FIRST['postgresql']} FOR UPDATE SKIP LOCKED",  # past rows others are taking
}
_BESIDE = f"SELECT c.id FROM cta c WHERE c.account_id = cta.account_id AND c.id <> cta.id AND {FREE} ORDER BY c.rank, c.id"
_NAMED = "SELECT a.name FROM account a JOIN cta c ON c.account_id = a.id WHERE c.id = :id"
_LIST = {"sqlite": "json_group_array", "postgresql": "json_agg"}


def _returning(dialect: Dialect) -> str:
    """What is asked of the row in the statement that takes it, so that nothing need be asked after."""
    return (
        "RETURNING id, uid, rev, head, (SELECT a.name FROM account a WHERE a.id = cta.account_id), playbook_id,"
        f" (SELECT {_LIST[dialect]}(id) FROM ({_BESIDE}) beside)"
    )


class Only(NamedTuple):
    """A further condition over the columns of ``cta``, with its parameters."""

    sql: str = ""
    params: Mapping[str, Any] = {}

    def __and__(self, other: Only) -> Only:
        """Both."""
        return Only(f"{self.sql} {other.sql}".strip(), {**self.params, **other.params})


ANY = Only()


class Taken(NamedTuple):
    """A CTA that was got."""

    id: int
    account: str
    playbook_id: int | None
    beside: Sequence[int] = ()
    """The other unassigned CTAs of its account, best first; snoozed ones left out."""


def take(writer: Writer, cta_id: int, me: int) -> Taken | None:
    """Makes it mine if nobody has it; None when somebody has."""
    return _take(writer, me, "id = :id", {"id": cta_id})


def take_next(writer: Writer, me: int, pool_id: int | None, only: Only = ANY) -> Taken | None:
    """Takes the first of a pool's queue (of all queues when none is named); None when there is none."""
    pool = "" if pool_id is None else "AND pool_id = :pool"
    best = f"id = ({_BEST} {pool} {only.sql} {_NEXT[writer.db.dialect]})"
    return _take(writer, me, best, {"one": 1, **({} if pool_id is None else {"pool": pool_id}), **only.params})


def best_of(db: Db, pool_ids: Sequence[int | None], only: Only = ANY) -> list[int]:
    """The first of each of these pools' queues (None is every pool), best first."""
    found = []
    for pool in pool_ids:
        params = {"one": 1, **({} if pool is None else {"pool": pool}), **only.params}
        of = "" if pool is None else "AND pool_id = :pool"
        sql = f"SELECT rank, id FROM cta WHERE {FREE} {of} {only.sql} ORDER BY rank, id {FIRST[db.dialect]}"
        found.append(db.one(sql, **params))
    return [row[1] for row in sorted(row for row in found if row is not None)]


def unclaimed(db: Db, ids: Sequence[int]) -> set[int]:
    """Which of these nobody has ever taken."""
    return {row[0] for row in db.of("SELECT id FROM cta WHERE id IN ({ids}) AND first_claimed_at IS NULL", ids)}


def _take(writer: Writer, me: int, which: str, params: Mapping[str, Any]) -> Taken | None:
    """The row that ``which`` names, if it is free: as a first claim, else as a later one."""
    for is_first, (update, state) in TAKE.items():
        fields = _fields(writer.act, me, is_first)
        salt, digest, entry = writer.journal.seal("cta", ChangeKind.UPDATE, fields)
        sql = f"{update} WHERE {which} AND {FREE} AND {state} {_returning(writer.db.dialect)}"
        row = writer.db.one(sql, me=me, now=writer.act.at, entry=entry, **params)
        if row is not None:
            writer.journal.record(
                "cta", row[0], bytes(row[1]), row[2], ChangeKind.UPDATE, fields, salt, digest, bytes(row[3])
            )
            account = row[4] or writer.db.scalar(_NAMED, id=row[0])  # one of another pool is seen once the CTA is hers
            return Taken(row[0], account, row[5], as_json(row[6]) or ())
    return None


def _fields(act: Act, me: int, is_first: bool) -> dict[str, list[int | str | None]]:
    """An unowned CTA has no owner and neither moment: releasing empties them."""
    now = moment_text(act.at)
    fields: dict[str, list[int | str | None]] = {
        "owner_id": [None, me], "claimed_at": [None, now], "touched_at": [None, now],
    }  # fmt: skip
    return fields | {"first_claimed_at": [None, now]} if is_first else fields
