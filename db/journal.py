"""The journal: one act per transaction, one change per thing it changed, chained so that tampering shows.

A change's ``digest`` is a salted hash of its fields; ``head`` hashes the previous head of the same thing
with the entry (who, when, through what, which thing, which digest). Blanking fields and salt (an erasure)
therefore leaves the chain whole.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from db.connection import Db
from db.terms import ChangeKind, Face
from db.values import canonical, moment_text, new_uid

_FLUSH = 20_000
LOOKED_AT = 2_000
"""Of so many changes an act remembers which things they were of; of more, only the tables."""
_KEYS = ("act_id", "thing", "thing_id", "uid", "seq", "kind", "fields", "salt", "digest", "head")
_COLUMNS = tuple("thing_uid" if key == "uid" else key for key in _KEYS)
Mark = tuple[list[dict[str, Any]], int, int | None]


def digest(fields: Any, salt: bytes) -> bytes:
    """The salted hash of what a change says."""
    return digest_of_text(canonical(fields), salt)


def digest_of_text(text: str, salt: bytes) -> bytes:
    """The same of fields as they are stored."""
    return hashlib.sha256(salt + text.encode("utf-8", "surrogatepass")).digest()


@dataclass(slots=True)
class Act:
    """One thing somebody does, before it has an id."""

    verb: str
    face: Face
    actor: str
    actor_id: int | None
    at: datetime
    uid: bytes = b""
    """Made from the clock and ``noise`` unless the caller has one: its retry key."""
    noise: Callable[[int], bytes] = os.urandom
    """Where salts and uids come from; a seeded demo brings its own."""
    what: str = ""
    undoes: int | None = None
    id: int | None = None
    result: Any = None
    _words: dict[tuple[str, str], bytes] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        self.uid = self.uid or self.new_uid()

    def new_uid(self) -> bytes:
        """A uid for a thing this act makes."""
        return new_uid(self.at, self.noise)

    def entry(self, thing: str, kind: ChangeKind, digest_: bytes) -> bytes:
        """What is chained: whoever alters the act or the change alters this. (A chain starts from the thing's uid.)"""
        words = self._words.get((thing, kind))
        if words is None:
            spelled = "\x1f".join((self.actor, self.face, self.verb, moment_text(self.at), thing, kind))
            words = self._words[thing, kind] = spelled.encode("utf-8", "surrogatepass")
        return hashlib.sha256(self.uid + digest_ + words).digest()


class Journal:
    """Collects the changes of one act and writes them, act first, inside its transaction."""

    def __init__(self, db: Db, act: Act) -> None:
        self.db = db
        self.act = act
        self._changes: list[dict[str, Any]] = []
        self._spelled: tuple[Any, str] = (None, "null")
        self.count = 0
        self.touched: dict[str, set[int]] = {}
        """The things changed so far, by table."""

    def seal(self, thing: str, kind: ChangeKind, fields: Any) -> tuple[bytes, bytes, bytes]:
        """(salt, digest, entry) for a change about to be made; the entry goes into the row's ``chain()``."""
        salt = self.act.noise(16)
        text = canonical(fields)
        self._spelled = fields, text
        digest_ = hashlib.sha256(salt + text.encode("utf-8", "surrogatepass")).digest()
        return salt, digest_, self.act.entry(thing, kind, digest_)

    def record(
        self,
        thing: str,
        thing_id: int,
        uid: bytes,
        seq: int,
        kind: ChangeKind,
        fields: Any,
        salt: bytes,
        digest_: bytes,
        head: bytes,
    ) -> None:
        """Notes one change that was made."""
        self.count += 1
        if self.count <= LOOKED_AT:
            self.touched.setdefault(thing, set()).add(thing_id)
        elif thing not in self.touched:
            self.touched[thing] = set()
        self._changes.append({
            "thing": thing, "thing_id": thing_id, "uid": uid, "seq": seq, "kind": kind.value,
            "fields": self._spelled[1] if self._spelled[0] is fields else canonical(fields), "salt": salt, "digest": digest_, "head": head,
        })  # fmt: skip
        if len(self._changes) >= _FLUSH:
            self._write_changes()

    def mark(self) -> Mark:
        """Where the journal of this act is, for ``rewind``."""
        return self._changes.copy(), self.count, self.act.id

    def rewind(self, mark: Mark) -> None:
        """Forgets what was noted since; the store has rolled it back."""
        self._changes, self.count, self.act.id = mark[0].copy(), mark[1], mark[2]

    def close(self) -> int | None:
        """Writes what is left; returns the act's id, or None when nothing was changed.

        An undo that found everything as it was before is kept all the same: the act it takes back is undone.
        """
        if not self.count and self.act.undoes is None:
            return None
        self._write_changes()
        return self.act.id

    def finish(self) -> None:
        """Puts the act's final words and result where an early flush had to write it before they were known."""
        if self.act.id is not None and self._early:
            # On PostgreSQL nobody may change an act; a function completes one in the transaction that wrote it.
            self.db.run(
                "UPDATE act SET what = :what, undoes = :undoes, result = :result WHERE id = :id"
                if self.db.dialect == "sqlite"
                else "SELECT finish_act(:id, :what, :undoes, :result)",
                what=self.act.what, undoes=self.act.undoes, result=self.act.result, id=self.act.id,
            )  # fmt: skip

    @property
    def _early(self) -> bool:
        return self.count >= _FLUSH

    def _write_act(self) -> int:
        act = self.act
        act.id = int(
            self.db.scalar(
                "INSERT INTO act (uid, at, actor_id, actor, face, verb, what, undoes, result)"
                " VALUES (:uid, :at, :actor_id, :actor, :face, :verb, :what, :undoes, :result) RETURNING id",
                uid=act.uid, at=act.at, actor_id=act.actor_id, actor=act.actor,
                face=act.face, verb=act.verb, what=act.what, undoes=act.undoes, result=act.result,
            )
        )  # fmt: skip
        return act.id

    def _write_changes(self) -> None:
        act_id = self.act.id or self._write_act()
        changes, self._changes = self._changes, []
        for change in changes:
            change["act_id"] = act_id
        if len(changes) == 1:
            sql = (
                "INSERT INTO change (act_id, thing, thing_id, thing_uid, seq, kind, fields, salt, digest, head)"
                " VALUES (:act_id, :thing, :thing_id, :uid, :seq, :kind, :fields, :salt, :digest, :head)"
            )
            self.db.run(sql, **changes[0])
        elif changes:
            self.db.insert("change", _COLUMNS, [tuple(map(change.__getitem__, _KEYS)) for change in changes])
