"""The journal's own tables: acts, one change per thing an act changed, and the dated history of accounts."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text as sql
from sqlmodel import JSON, Field, Index, LargeBinary, UniqueConstraint

from db.models.base import Row, datetime, moment, ref, text, whole

SEALS = "verb = 'seal'"
"""The acts that are seals: few, and looked for by every tick."""


class Act(Row, table=True):
    """One thing somebody did: the unit of audit and undo."""

    __tablename__ = "act"
    __table_args__ = (Index("ix_act_seal", "id", sqlite_where=sql(SEALS), postgresql_where=sql(SEALS)),)
    uid: bytes = Field(sa_type=LargeBinary, unique=True, nullable=False)
    """Made by the writer; doing it again with the same uid returns the first result."""
    at: datetime = moment(required=True, index=True)
    actor_id: int | None = ref("csm")
    actor: str = text(required=True)
    face: str = text(required=True)
    verb: str = text(required=True)
    what: str = text(required=True)
    undoes: int | None = ref("act")
    result: Any | None = Field(default=None, sa_type=JSON)
    via: str | None = text()
    """The login of the database that wrote it, as PostgreSQL says itself; unknown on SQLite."""


class Change(Row, table=True):
    """What an act did to one thing.

    ``fields`` is ``{field: [old, new]}``, or the whole row for a creation or deletion. ``head`` chains
    over ``digest``, a salted hash of the fields, so that both can be blanked by an erasure and the
    chain still verifies.
    """

    __tablename__ = "change"
    __table_args__ = (UniqueConstraint("thing", "thing_id", "seq"), Index("ix_change_act", "act_id"))
    act_id: int = ref("act", required=True, index=False)
    thing: str = text(required=True)
    thing_id: int = whole(0)
    thing_uid: bytes = Field(sa_type=LargeBinary, nullable=False)
    seq: int = whole(0)
    kind: str = text(required=True)
    fields: Any | None = Field(default=None, sa_type=JSON)
    salt: bytes | None = Field(default=None, sa_type=LargeBinary)
    digest: bytes = Field(sa_type=LargeBinary, nullable=False)
    head: bytes = Field(sa_type=LargeBinary, nullable=False)


class Dated(Row, table=True):
    """One value that one field of an account had from ``since`` until ``until``.

    An index of the journal, written in the same act: "who owned it on the day" is one look-up and not a
    replay. Like the journal it is never taken back; an undo adds the value that holds from then on.
    """

    __tablename__ = "dated"
    __table_args__ = (Index("ix_dated_account_field_since", "account_id", "field", "since"),)
    account_id: int = whole(required=True)
    """Not a foreign key: the history outlives an account whose creation was undone."""
    field: str = text(required=True)
    value: str | None = text()
    since: datetime = moment(required=True)
    until: datetime | None = moment()
