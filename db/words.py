"""An index of what is written in accounts, people, CTAs and the timeline. It follows from them: it is not journaled.

Names and titles are found by any three characters in a row, so inside words too, as a filter promises; entries of the
timeline by their words. On SQLite it is FTS5 kept in step by the writer, since a store that trusts no schema lets no
trigger touch a virtual table before 3.42. On PostgreSQL it is tables kept in step by triggers; logins read them through
functions that give what each may see (``db/postgres/words.sql``), because no text operator is leakproof.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from db.connection import Db, Dialect
from db.errors import StoreUnreachable

COLUMNS: dict[str, tuple[str, ...]] = {
    "account": ("name", "domain"),
    "person": ("name", "email"),
    "cta": ("title", "description"),
    "activity": ("subject", "body", "next_step"),
}
"""What is indexed of which table."""
BY_WORD = frozenset({"activity"})
GRAM = 3
"""The shortest part of a name or title that the index finds."""
SEPARATOR = "\x1f"
_HERE = Path(__file__).parent
_BETWEEN = re.compile(r"[\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f\u2000-\u206f\u3000-\u303f]+")
"""What parts words, alike on both stores."""
_MARKS = re.compile("[\u0300-\u036f]+")


def make(run: Callable[[str], Any], dialect: Dialect) -> None:
    """Makes the index and fills it from what is there, in the caller's transaction."""
    if dialect == "postgresql":
        run((_HERE / "postgres" / "words.sql").read_text(encoding="utf-8"))
        return
    for thing, columns in COLUMNS.items():
        how = "tokenize='unicode61 remove_diacritics 2'" if thing in BY_WORD else "tokenize='trigram', detail=none, columnsize=0"
        try:
            run(f"CREATE VIRTUAL TABLE {thing}_fts USING fts5({', '.join(columns)}, content='{thing}', content_rowid='id', {how})")
        except Exception as error:
            if "no such module" in str(error):
                raise StoreUnreachable("The SQLite of this Python has no full-text search (FTS5): use another Python.") from error
            raise
        run(f"INSERT INTO {thing}_fts({thing}_fts) VALUES ('rebuild')")


def refill(db: Db) -> None:
    """Fills it anew from the rows, after something wrote them past the writer. PostgreSQL's triggers miss nothing."""
    if db.dialect == "sqlite":
        for thing in COLUMNS:
            db.run(f"INSERT INTO {thing}_fts({thing}_fts) VALUES ('rebuild')")


def forget(db: Db) -> None:
    """Drops what is no longer in the rows from its pages too, where it would else stay until they are merged."""
    if db.dialect == "sqlite":
        for thing in COLUMNS:
            db.run(f"INSERT INTO {thing}_fts({thing}_fts) VALUES ('optimize')")


def faults(db: Db) -> list[str]:
    """The tables whose index does not say what their rows say (SQLite)."""
    wrong = []
    for thing in COLUMNS if db.dialect == "sqlite" else ():
        try:
            db.run(f"INSERT INTO {thing}_fts({thing}_fts, rank) VALUES ('integrity-check', 1)")
        except Exception as error:
            if "malformed" not in str(error) and "damaged" not in str(error):
                raise
            wrong.append(thing)
    return wrong


def put(db: Db, thing: str, rows: Iterable[tuple[int, Mapping[str, Any]]]) -> None:
    """New rows are found from now on."""
    if db.dialect == "sqlite" and (columns := COLUMNS.get(thing)):
        marks = ", ".join("?" for _ in columns)
        db.raw.executemany(
            f"INSERT INTO {thing}_fts(rowid, {', '.join(columns)}) VALUES (?, {marks})",
            ((id_, *(row[column] for column in columns)) for id_, row in rows),
        )


def take(db: Db, thing: str, rows: Iterable[tuple[int, Mapping[str, Any]]]) -> None:
    """Rows as they were are not found any more."""
    if db.dialect == "sqlite" and (columns := COLUMNS.get(thing)):
        marks = ", ".join("?" for _ in columns)
        db.raw.executemany(
            f"INSERT INTO {thing}_fts({thing}_fts, rowid, {', '.join(columns)}) VALUES ('delete', ?, {marks})",
            ((id_, *(row[column] for column in columns)) for id_, row in rows),
        )


def change(db: Db, thing: str, rows: Iterable[tuple[int, Mapping[str, Any], Mapping[str, Any]]]) -> None:
    """Rows as they were (id, row) now have these values."""
    if db.dialect != "sqlite" or thing not in COLUMNS:
        return
    told = [(id_, old, {**old, **new}) for id_, old, new in rows if not new.keys().isdisjoint(COLUMNS[thing])]
    if told:
        take(db, thing, [(id_, old) for id_, old, _ in told])
        put(db, thing, [(id_, new) for id_, _, new in told])


def words_of(text: str) -> list[str]:
    """The words of a text as the index spells them: small letters, no accents."""
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", text.lower()))
    return _BETWEEN.sub(" ", plain).split()


def asked(phrases: Iterable[str], dialect: Dialect) -> str | None:
    """What to match so that all these phrases are in an entry, each ending in the beginning of a word; None: nothing."""
    spelled = [words for phrase in phrases if (words := words_of(phrase))]
    if not spelled:
        return None
    if dialect == "sqlite":
        return " AND ".join(f'"{" ".join(words)}" *' for words in spelled)
    return " & ".join("(" + " <-> ".join(f"'{word}'" for word in words) + ":*)" for words in spelled)


def grams(parts: Iterable[str]) -> str | None:
    """What to match in FTS5 for rows with all these parts of at least three characters; None when no part is so long."""
    found = dict.fromkeys(part[n : n + GRAM] for part in parts for n in range(len(part) - GRAM + 1))
    return " AND ".join('"' + gram.replace('"', '""') + '"' for gram in found) or None
