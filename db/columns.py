"""What each journaled table's columns are, for the writer, undo and verify.

``schema.json`` beside this file says it, so that an act does not pay for importing the models it was made
from (0.4 s): ``python -m db.columns`` writes it anew after a change of the models, and a test compares.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal

from db.connection import Dialect, as_json
from db.values import plain

Kind = Literal["integer", "text", "flag", "date", "moment", "bytes", "json"]
SCHEMA_FILE = Path(__file__).with_name("schema.json")
_UNLIKE_SQLITE = frozenset({"flag", "json", "bytes"})
_UNLIKE_POSTGRESQL = _UNLIKE_SQLITE | {"date", "moment"}
"""Kinds whose values a driver does not give as the journal spells them."""
JOURNAL_COLUMNS = frozenset({"id", "uid", "rev", "head"})


@dataclass(frozen=True)
class Table:
    """One journaled table."""

    name: str
    columns: dict[str, Kind]
    """Without id, uid, rev and head."""
    defaults: dict[str, Any]
    derived: frozenset[str]
    is_fact: bool
    required: frozenset[str]

    @cached_property
    def journaled(self) -> list[str]:
        """The columns whose changes are journaled."""
        return [name for name in self.columns if name not in self.derived]

    @cached_property
    def blank(self) -> dict[str, Any]:
        """A new row before anybody fills it: the defaults, as the journal spells them. To be copied."""
        return {name: self.plain(name, self.defaults.get(name)) for name in self.columns}

    @cached_property
    def as_is(self) -> frozenset[str]:
        """The columns in which text, a whole number or nothing is spelled as it comes."""
        return frozenset(name for name, kind in self.columns.items() if kind not in ("flag", "json"))

    @cached_property
    def _unlike(self) -> dict[Dialect, list[str]]:
        kinds: dict[Dialect, frozenset[str]] = {"sqlite": _UNLIKE_SQLITE, "postgresql": _UNLIKE_POSTGRESQL}
        return {dialect: [c for c, kind in self.columns.items() if kind in those] for dialect, those in kinds.items()}

    def plain(self, column: str, value: Any) -> Any:
        """A value, from a caller or from either driver, as the journal spells it."""
        if value is None:
            return None
        kind = self.columns[column]
        if kind == "flag":
            return bool(value)
        return as_json(value) if kind == "json" else plain(value)

    def plain_row(self, columns: Sequence[str], values: Sequence[Any], dialect: Dialect) -> dict[str, Any]:
        """A row as a driver gives it, as the journal spells it; only what differs on this store is looked at."""
        row = dict(zip(columns, values, strict=True))
        for column in self._unlike[dialect]:
            if row.get(column) is not None:
                row[column] = self.plain(column, row[column])
        return row

    def stored(self, column: str, value: Any) -> Any:
        """A journal's value as a parameter."""
        if value is None:
            return None
        return bytes.fromhex(value) if self.columns[column] == "bytes" else value


@cache
def table(name: str) -> Table:
    """The journaled table of this name; KeyError when there is none."""
    return _tables()[name]


def tables() -> tuple[str, ...]:
    """Every journaled table, parents before children."""
    return tuple(_tables())


@cache
def _tables() -> dict[str, Table]:
    described = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    return {
        name: Table(
            name=name,
            columns=one["columns"],
            defaults=one["defaults"],
            derived=frozenset(one["derived"]),
            is_fact=one["is_fact"],
            required=frozenset(one["required"]),
        )
        for name, one in described.items()
    }


def describe() -> dict[str, Any]:
    """The journaled tables as the models declare them: what ``schema.json`` must hold (a test compares)."""
    from db import models

    classes = {cls.__tablename__: cls for cls in _subclasses(models.Thing) if hasattr(cls, "__table__")}
    return {
        sa_table.name: {
            "columns": {c.name: _kind(c.type) for c in sa_table.columns if c.name not in JOURNAL_COLUMNS},
            "defaults": {
                name: plain(field.default)
                for name, field in classes[sa_table.name].model_fields.items()
                if name not in JOURNAL_COLUMNS and not field.is_required() and field.default is not None
            },
            "derived": list(models.DERIVED.get(sa_table.name, ())),
            "is_fact": issubclass(classes[sa_table.name], models.Fact),
            "required": [c.name for c in sa_table.columns if not c.nullable and c.name not in JOURNAL_COLUMNS],
        }
        for sa_table in models.metadata.sorted_tables
        if sa_table.name in classes
    }


def _subclasses(cls: type[Any]) -> list[type[Any]]:
    return [sub for direct in cls.__subclasses__() for sub in (direct, *_subclasses(direct))]


def _kind(type_: Any) -> Kind:
    from sqlalchemy import JSON, BigInteger, Boolean, Date, Integer, LargeBinary

    from db.models.base import Moment

    by_class: list[tuple[type[Any], Kind]] = [
        (Moment, "moment"), (Boolean, "flag"), (BigInteger, "integer"), (Integer, "integer"),
        (Date, "date"), (LargeBinary, "bytes"), (JSON, "json"),
    ]  # fmt: skip
    return next((kind for cls, kind in by_class if isinstance(type_, cls)), "text")


if __name__ == "__main__":
    SCHEMA_FILE.write_text(json.dumps(describe(), indent=1) + "\n", encoding="utf-8")
