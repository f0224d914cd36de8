"""What every stored thing has: an id for people, a uid made by its writer, its journal chain's length and head."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Date,
    DateTime,
    Dialect,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
)
from sqlalchemy.ext.compiler import compiles
from sqlmodel import Field, SQLModel

from db.connection import as_moment
from db.values import moment_text, new_uid

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
metadata: MetaData = SQLModel.metadata


# SQLite's STRICT tables know five types; these are SQLAlchemy's, spelled with them.
@compiles(String, "sqlite")
@compiles(Text, "sqlite")
@compiles(Date, "sqlite")
@compiles(DateTime, "sqlite")
@compiles(JSON, "sqlite")
def _text(type_: Any, compiler: Any, **kw: Any) -> str:
    return "TEXT"


@compiles(BigInteger, "sqlite")
@compiles(Boolean, "sqlite")
def _integer(type_: Any, compiler: Any, **kw: Any) -> str:
    return "INTEGER"


class Moment(TypeDecorator[datetime]):
    """A moment in UTC: ``timestamptz`` on PostgreSQL, fixed-width ISO text (so that it sorts) on SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(Text())
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None or dialect.name != "sqlite":
            return value
        return moment_text(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return as_moment(value)


class Row(SQLModel):
    """A table with an integer id."""

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)


class Thing(Row):
    """A journaled row. ``rev`` and ``head`` belong to the journal: the length and head of the thing's chain."""

    uid: bytes = Field(default_factory=new_uid, sa_type=LargeBinary, unique=True, nullable=False)
    rev: int = Field(default=0, sa_type=BigInteger, nullable=False)
    head: bytes = Field(default=b"", sa_type=LargeBinary, nullable=False)


class Fact(Thing):
    """A versioned fact.

    The live version keeps its id; a correction copies the old values into a row of their own whose
    ``superseded`` and ``version_of`` are set. What the store knew at D: ``recorded <= D < superseded``.
    """

    recorded: datetime = Field(sa_type=Moment, nullable=False)
    superseded: datetime | None = Field(default=None, sa_type=Moment)
    version_of: int | None = Field(default=None, sa_type=BigInteger)


def text(default: Any = None, *, required: bool = False, **kw: Any) -> Any:
    """A text column."""
    if required:
        return Field(sa_type=Text, nullable=False, **kw)
    return Field(default=default, sa_type=Text, nullable=default is None, **kw)


def ref(table: str, *, required: bool = False, index: bool = True) -> Any:
    """A foreign key to ``table.id``."""
    if required:
        return Field(sa_type=BigInteger, foreign_key=f"{table}.id", nullable=False, index=index)
    return Field(default=None, sa_type=BigInteger, foreign_key=f"{table}.id", index=index)


def whole(default: Any = None, *, required: bool = False, optional: bool = False, **kw: Any) -> Any:
    """A 64-bit integer column; money is whole minor units (cents)."""
    if required:
        return Field(sa_type=BigInteger, nullable=False, **kw)
    return Field(default=default, sa_type=BigInteger, nullable=optional or default is None, **kw)


def flag(default: bool = False) -> Any:
    """A yes-or-no column."""
    return Field(default=default, sa_type=Boolean, nullable=False)


def maybe() -> Any:
    """A yes, a no, or not known."""
    return Field(default=None, sa_type=Boolean)


def moment(*, required: bool = False, **kw: Any) -> Any:
    """A moment in UTC."""
    if required:
        return Field(sa_type=Moment, nullable=False, **kw)
    return Field(default=None, sa_type=Moment, **kw)


def extra() -> Any:
    """Columns of an import that Cockpit has no place for, kept by their own header."""
    return Field(default=None, sa_type=JSON)


__all__ = [
    "Fact",
    "Moment",
    "Row",
    "SQLModel",
    "Thing",
    "date",
    "datetime",
    "extra",
    "flag",
    "maybe",
    "metadata",
    "moment",
    "ref",
    "text",
    "whole",
]
