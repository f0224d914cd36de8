"""Walking every chain of the journal beside the rows it tells of."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from db.columns import Table, table, tables
from db.connection import Db, Dialect, as_moment, chain
from db.journal import Act, digest_of_text
from db.terms import ChangeKind, Face

BATCH = 5_000
_SHOWN = 60
"""So much of a value that is not as it should be."""
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class Tally:
    """How much was looked at."""

    things: int = 0
    changes: int = 0
    erased: int = 0


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something of one thing that is not as it should be."""

    thing: str
    id: int
    seq: int | None
    says: str


@dataclass(slots=True)
class _Link:
    id: int
    seq: int
    kind: str
    text: str | None
    """Its values as they are stored: what they say is read only once they are known to be unaltered."""
    salt: bytes | None
    digest: bytes
    head: bytes
    uid: bytes
    act: Act | None


_LINKS = (
    "SELECT c.thing_id, c.seq, c.kind, CAST(c.fields AS text), c.salt, c.digest, c.head, c.thing_uid,"
    " a.id, a.verb, a.face, a.actor, a.actor_id, a.at, a.uid FROM change c LEFT JOIN act a ON a.id = c.act_id"
    " WHERE c.thing = :thing AND (c.thing_id, c.seq) > (:id, :seq) ORDER BY c.thing_id, c.seq LIMIT :most"
)


def check(db: Db, tally: Tally) -> Iterator[Flaw]:
    """Every flaw of every journaled table."""
    for name in tables():
        yield from _check_table(db, table(name), tally)
    known = set(tables())
    for (name,) in db.all("SELECT DISTINCT thing FROM change"):
        if name not in known:
            yield Flaw(name, 0, None, "the journal tells of a kind of thing that does not exist")


def check_sample(db: Db, tally: Tally, most: int) -> Iterator[Flaw]:
    """Every flaw of the things of each table that came last, so many of each."""
    for name in tables():
        what = table(name)
        first = db.scalar(f"SELECT min(id) FROM (SELECT id FROM {name} ORDER BY id DESC LIMIT :most) q", most=most)
        if first is not None:
            yield from _check_table(db, what, tally, first - 1)


def _check_table(db: Db, what: Table, tally: Tally, done: int = -1) -> Iterator[Flaw]:
    for chains in _chains(db, what.name, done):
        last = max(chains)
        rows = _rows(db, what, done, last)
        for id_ in sorted(chains.keys() | rows.keys()):
            tally.things += id_ in rows
            tally.changes += len(chains.get(id_, ()))
            tally.erased += sum(link.text is None for link in chains.get(id_, ()))
            yield from _check_thing(what, id_, chains.get(id_, []), rows.get(id_))
        done = last
    for id_ in _rows(db, what, done, None):
        tally.things += 1
        yield Flaw(what.name, id_, None, "the row is not in the journal")


def _chains(db: Db, name: str, after: int = -1) -> Iterator[dict[int, list[_Link]]]:
    """Whole chains by thing, so many at a time."""
    at = (-(1 << 62) if after < 0 else after, 1 << 62)
    kept: dict[int, list[_Link]] = {}
    acts: dict[int, Act] = {}
    while rows := db.all(_LINKS, thing=name, id=at[0], seq=at[1], most=BATCH):
        for row in rows:
            kept.setdefault(row[0], []).append(_link(row, acts))
        at = (rows[-1][0], rows[-1][1])
        if len(acts) > BATCH:
            acts.clear()
        unfinished = kept.pop(at[0])
        if kept:
            yield kept
        kept = {at[0]: unfinished}
    if kept:
        yield kept


def _link(row: tuple[Any, ...], acts: dict[int, Act]) -> _Link:
    act = acts.get(row[8])
    if act is None and row[8] is not None:
        face = cast("Face", row[10])  # as it stands there: what was altered into nonsense is to be found, not tripped over
        act = acts[row[8]] = Act(row[9], face, row[11], row[12], _moment(row[13]), uid=bytes(row[14]))
    salt = None if row[4] is None else bytes(row[4])
    return _Link(row[0], row[1], row[2], row[3], salt, bytes(row[5]), bytes(row[6]), bytes(row[7]), act)


def _moment(stored: Any) -> datetime:
    """When an act was; what is no moment was never one of ours, and closes no chain."""
    try:
        return as_moment(stored) or _NEVER
    except ValueError:
        return _NEVER


def _rows(db: Db, what: Table, after: int, until: int | None) -> dict[int, tuple[bytes, int, bytes, dict[str, Any]]]:
    columns = what.journaled
    upto = "" if until is None else " AND id <= :until"
    found = db.all(
        f"SELECT id, uid, rev, head, {', '.join(columns)} FROM {what.name} WHERE id > :after{upto}",
        after=after, **({} if until is None else {"until": until}),
    )  # fmt: skip
    return {row[0]: (bytes(row[1]), row[2], bytes(row[3]), _as_it_is(what, row[4:], db.dialect)) for row in found}


def _as_it_is(what: Table, values: Sequence[Any], dialect: Dialect) -> dict[str, Any]:
    """A row as the journal spells it; a value that cannot be spelled so any more stays what it is, and differs."""
    columns = what.journaled
    try:
        return what.plain_row(columns, values, dialect)
    except ValueError:
        return {column: _spelled(what, column, value) for column, value in zip(columns, values, strict=True)}


def _spelled(what: Table, column: str, value: Any) -> Any:
    try:
        return what.plain(column, value)
    except ValueError:
        return value


def _check_thing(what: Table, id_: int, links: list[_Link], row: Any) -> Iterator[Flaw]:
    if not links:
        yield Flaw(what.name, id_, None, "the row is not in the journal")
        return
    broken = _first_break(what.name, links)
    if broken is not None:
        yield broken
        return
    last = links[-1]
    if row is None:
        if last.kind != ChangeKind.DELETE:
            yield Flaw(what.name, id_, None, "the row is gone, or its last entries are")
        return
    uid, rev, head, values = row
    if last.kind == ChangeKind.DELETE or uid != last.uid or (rev, head) != (last.seq, last.head):
        yield Flaw(what.name, id_, None, f"the row stands at entry {rev}, the journal ends with {last.seq}")
        return
    for column, says in _differences(what, links, values):
        yield Flaw(what.name, id_, None, f"{column} {says}")


def _first_break(name: str, links: list[_Link]) -> Flaw | None:
    head = links[0].uid
    for place, link in enumerate(links, start=1):
        if link.seq != place:
            return Flaw(name, link.id, place, f"entry {place} is missing")
        if link.act is None:
            return Flaw(name, link.id, place, f"the act of entry {place} is missing")
        if link.uid != links[0].uid:
            return Flaw(name, link.id, place, f"entry {place} belongs to something else")
        if link.text is not None and digest_of_text(link.text, link.salt or b"") != link.digest:
            return Flaw(name, link.id, place, f"the values of entry {place} were altered")
        head = chain(head, link.act.entry(name, cast("ChangeKind", link.kind), link.digest))
        if head != link.head:
            return Flaw(name, link.id, place, f"entry {place} or its act was altered")
    return None


def _differences(what: Table, links: list[_Link], values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Columns whose value is not what the journal leads to; those of erased entries are not known."""
    told: dict[str, Any] = {}
    for link in links:
        if link.text is None:
            return
        fields = json.loads(link.text)
        if link.kind == ChangeKind.UPDATE:
            told |= {column: new for column, (_, new) in fields.items()}
        else:
            told = {} if link.kind == ChangeKind.DELETE else fields
    for column, value in values.items():
        if column in told and told[column] != value:
            here, there = _shortened(repr(value), repr(told[column]))
            yield column, f"is {here}, the journal says {there}"


def _shortened(one: str, other: str) -> tuple[str, str]:
    """Long texts from a little before the place where they differ."""
    if max(len(one), len(other)) <= _SHOWN:
        return one, other
    apart = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    start = max(0, apart - _SHOWN // 3)
    return _piece(one, start), _piece(other, start)


def _piece(text: str, start: int) -> str:
    end = start + _SHOWN
    return f"{'…' if start else ''}{text[start:end]}{'…' if len(text) > end else ''}"
