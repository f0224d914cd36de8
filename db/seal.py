"""Seals: a digest of every entry of the journal up to a point, each seal resting on the one before it.

A seal covers the changes committed since the seal before (their places in the chains and the chains' heads, in the
order of their ids) and that seal's own digest. Growth does not touch what is sealed, a new seal costs no more than
what was added, and whoever keeps one digest elsewhere can have the whole past counted again.

On PostgreSQL an earlier id may commit after a later one: ids that are missing when a seal is taken are its *gaps*,
left to the seals of the next day; after that nothing may appear there any more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from db.connection import Db, as_json
from db.journal import Act
from db.postgres import is_protected, owns
from db.terms import Face
from db.values import canonical, moment_text

FORMAT = 1
BATCH = 10_000
SETTLED = timedelta(days=1)
"""No transaction is open for longer: what is missing then stays missing."""
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Seal:
    """What is sealed. ``upto`` is the id of the last change, ``gaps`` are ``(first, last, since)`` left open below it."""

    number: int
    at: str
    store: str
    """The uid of the store's first act."""
    before: str | None
    """The digest of the seal before."""
    upto: int
    gaps: tuple[tuple[int, int, str], ...]
    changes: int
    total: int
    """Changes sealed by this one and all before it."""
    segment: str
    """The digest of this seal's own changes."""

    @property
    def digest(self) -> str:
        """64 hex digits that stand for all of it."""
        return hashlib.sha256(canonical(self._signed()).encode()).hexdigest()

    def plain(self) -> dict[str, Any]:
        """As JSON holds it, with its digest."""
        return self._signed() | {"digest": self.digest}

    def _signed(self) -> dict[str, Any]:
        return {"cockpit_seal": FORMAT} | asdict(self) | {"gaps": [list(gap) for gap in self.gaps]}


def read_plain(value: Any) -> Seal | None:
    """The seal of ``plain``; None when it is none, or is not what its digest says."""
    names = {field.name for field in fields(Seal)}
    if not isinstance(value, dict) or value.get("cockpit_seal") != FORMAT or not names <= value.keys():
        return None
    try:
        gaps = tuple((int(first), int(last), str(since)) for first, last, since in value["gaps"])
        seal = Seal(**{name: value[name] for name in names} | {"gaps": gaps})
    except (TypeError, ValueError):
        return None
    return seal if seal.digest == value.get("digest") else None


def stored(db: Db) -> list[tuple[int, Seal | None]]:
    """Every seal the store keeps, by its act; None for one that was altered."""
    rows = db.all("SELECT id, result FROM act WHERE verb = 'seal' ORDER BY id")
    return [(row[0], read_plain(as_json(row[1]))) for row in rows]


def last(db: Db) -> tuple[int, Seal] | None:
    """The newest seal and its act."""
    row = db.one("SELECT id, result FROM act WHERE verb = 'seal' ORDER BY id DESC LIMIT 1")
    seal = None if row is None else read_plain(as_json(row[1]))
    return None if row is None or seal is None else (row[0], seal)


def unsealed(db: Db, seal: Seal | None) -> int:
    """How many changes came since, at most."""
    return int(db.scalar("SELECT max(id) FROM change") or 0) - (seal.upto if seal else 0)


def take(db: Db, at: datetime) -> Seal | None:
    """A seal of everything committed, not yet kept; None when nothing came since the last."""
    found = last(db)
    previous = None if found is None else found[1]
    top = int(db.scalar("SELECT max(id) FROM change") or 0)
    if not top or (previous is not None and top < previous.upto):
        return None
    whole = hashlib.sha256()
    count = 0
    gaps: list[tuple[int, int, str]] = []
    for first, final, since in _open(previous, top, moment_text(at)):
        missing: list[Span] = []
        count += _feed(db, first, final, whole, missing)
        if db.dialect == "postgresql" and at - datetime.fromisoformat(since) <= SETTLED:
            gaps += [(low, high, since) for low, high in missing]
    if not count:
        return None
    return Seal(
        number=previous.number + 1 if previous else 1, at=moment_text(at),
        store=bytes(db.scalar("SELECT uid FROM act ORDER BY id LIMIT 1")).hex(),
        before=previous.digest if previous else None, upto=top, gaps=tuple(gaps), changes=count,
        total=count + (previous.total if previous else 0), segment=whole.hexdigest(),
    )  # fmt: skip


def keep(db: Db, seal: Seal, why: str) -> int | None:
    """Writes it as an act of the system; None when somebody else sealed the same meanwhile."""
    act = Act("seal", Face.SYSTEM, "system", None, datetime.fromisoformat(seal.at))
    act.uid = hashlib.sha256(f"seal\x1f{seal.store}\x1f{seal.number}".encode()).digest()[:16]
    act.what = f"Sealed {seal.changes:,} change{'' if seal.changes == 1 else 's'}{why}"
    act.result = seal.plain()
    return write_act(db, act)


def write_act(db: Db, act: Act) -> int | None:
    """Writes an act that changes no thing; None when one of its uid is there."""
    found = db.scalar(
        "INSERT INTO act (uid, at, actor_id, actor, face, verb, what, result)"
        " VALUES (:uid, :at, :actor_id, :actor, :face, :verb, :what, :result) ON CONFLICT (uid) DO NOTHING RETURNING id",
        uid=act.uid, at=act.at, actor_id=act.actor_id, actor=act.actor, face=act.face, verb=act.verb, what=act.what,
        result=act.result,
    )  # fmt: skip
    return None if found is None else int(found)


def check(db: Db, seals: Sequence[Seal]) -> Iterator[tuple[Seal, str]]:
    """Counts the journal again under each of these seals, the first ever first; says what no longer holds."""
    previous: Seal | None = None
    if seals and (strangers := db.scalar("SELECT count(*) FROM change WHERE id < 1")):
        yield seals[0], f"came first, yet {strangers:,} changes stand before it"
    for seal in seals:
        if seal.before != (previous.digest if previous else None):
            yield seal, "does not rest on the seal before it: one was removed or exchanged"
        whole = hashlib.sha256()
        count = sum(_feed(db, first, final, whole, []) for first, final in _covered(previous, seal))
        if count < seal.changes:
            yield seal, f"covered {seal.changes:,} changes, {seal.changes - count:,} of them are gone"
        elif count > seal.changes:
            yield seal, f"covered {seal.changes:,} changes, {count - seal.changes:,} were slipped in since"
        elif whole.hexdigest() != seal.segment:
            yield seal, f"covered {seal.changes:,} changes that were altered, exchanged or reordered since"
        previous = seal


def sees_all(db: Db) -> bool:
    """Whether this login sees every row; row-level security hides some from most on PostgreSQL."""
    if db.dialect == "sqlite":
        return True
    if owns(db) or (is_protected(db) and db.scalar("SELECT sees_all()")):
        return True
    hidden = db.scalar(
        "SELECT count(*) FROM pg_class c WHERE c.relnamespace = CAST(current_schema() AS regnamespace)"
        " AND c.relkind = 'r' AND row_security_active(c.oid)"
    )
    return not hidden


def _open(previous: Seal | None, top: int, now: str) -> list[tuple[int, int, str]]:
    """What no seal covers yet: what the last one left open, and what came after it."""
    left = [] if previous is None else list(previous.gaps)
    first = 1 if previous is None else previous.upto + 1
    return [*left, (first, top, now)] if first <= top else left


def _covered(previous: Seal | None, seal: Seal) -> list[Span]:
    spans = [(first, final) for first, final, _ in _open(previous, seal.upto, "")]
    for low, high, _ in seal.gaps:
        spans = [part for span in spans for part in _without(span, (low, high))]
    return spans


def _without(span: Span, gap: Span) -> list[Span]:
    parts = [(span[0], min(span[1], gap[0] - 1)), (max(span[0], gap[1] + 1), span[1])]
    apart = gap[1] < span[0] or span[1] < gap[0]
    return [span] if apart else [part for part in parts if part[0] <= part[1]]


def _feed(db: Db, first: int, final: int, whole: Any, missing: list[Span]) -> int:
    """Feeds the entries of these ids to the digest; notes the ids that are not there; returns how many are."""
    count = 0
    expected = first
    while rows := db.all(
        "SELECT id, thing, thing_id, seq, thing_uid, head FROM change WHERE id >= :at AND id <= :final ORDER BY id LIMIT :most",
        at=expected, final=final, most=BATCH,
    ):  # fmt: skip
        if rows[0][0] == expected and rows[-1][0] - expected == len(rows) - 1:
            expected += len(rows)
        else:
            for row in rows:
                if row[0] > expected:
                    missing.append((expected, row[0] - 1))
                expected = row[0] + 1
        whole.update(b"".join([f"{t}\x1f{i}\x1f{s}\x1f".encode() + bytes(u) + bytes(h) for _, t, i, s, u, h in rows]))
        count += len(rows)
    if expected <= final:
        missing.append((expected, final))
    return count
