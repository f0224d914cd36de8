"""Finding by what is written: ids by the index of words, and what a list of hits shows of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db.connection import Db
from db.errors import OutOfPatience
from db.query.match import matches
from db.words import BY_WORD, COLUMNS, GRAM, SEPARATOR, asked, grams

FEW = 1_000
"""So many rows are listed by their ids; of more, a walk along the order meets one soon."""
LOOK_S = 0.03
KINDS = ("account", "person", "cta", "activity")


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that has the words, and where a reader gets to it. ``text`` is what it says besides its title."""

    kind: str
    id: int
    title: str
    text: str | None
    account_id: int | None
    account: str | None
    at: datetime | None
    by: str | None
    """Who wrote or owns it."""


_HITS = {
    "account": "SELECT a.id, a.name AS title, a.domain AS text, a.id AS account_id, a.name AS account, o.login AS by"
    " FROM account a LEFT JOIN csm o ON o.id = a.owner_id WHERE a.id IN ({ids}) ORDER BY a.name, a.id",
    "person": "SELECT n.id, n.name AS title, n.email AS text, a.id AS account_id, a.name AS account FROM person n"
    " LEFT JOIN account a ON a.id = (SELECT min(m.account_id) FROM membership m JOIN account b ON b.id = m.account_id"
    " WHERE m.person_id = n.id) WHERE n.id IN ({ids}) ORDER BY n.name, n.id",
    "cta": "SELECT c.id, c.title, c.description AS text, a.id AS account_id, a.name AS account, c.opened_at AS at, o.login AS by"
    " FROM cta c JOIN account a ON a.id = c.account_id LEFT JOIN csm o ON o.id = c.owner_id WHERE c.id IN ({ids})"
    " ORDER BY CASE WHEN c.status = 'open' THEN 0 ELSE 1 END, c.opened_at DESC, c.id DESC",
    "activity": "SELECT v.id, v.subject AS title, v.body AS text, a.id AS account_id, a.name AS account, v.at, o.login AS by"
    " FROM activity v JOIN account a ON a.id = v.account_id LEFT JOIN csm o ON o.id = v.author_id"
    " WHERE v.id IN ({ids}) AND v.superseded IS NULL ORDER BY v.at DESC, v.id DESC",
}
_OF_ACCOUNT = {
    "account": "SELECT id FROM account WHERE id = :account",
    "person": "SELECT person_id FROM membership WHERE account_id = :account",
    "cta": "SELECT id FROM cta WHERE account_id = :account",
    "activity": "SELECT id FROM activity WHERE account_id = :account",
}


def phrases(text: str) -> list[str]:
    """What was asked for, piece by piece: words, and what stands in quotes."""
    return [quoted or word for quoted, word in re.findall(r'"([^"]+)"|([^\s"]+)', text.replace("\0", ""))]


def found(db: Db, kind: str, text: str, most: int, account: int | None = None) -> tuple[list[int], bool]:
    """Ids of things of a kind that have every phrase, the latest made first, at most so many; whether there may be more.

    Where the index cannot help (fewer than three characters of a name) the rows are read one after another.
    """
    parts = phrases(text)
    ids = (_by_word if kind in BY_WORD else _by_part)(db, kind, parts, most, account)
    more = 0 in ids or len(ids) > most
    return [id_ for id_ in ids if id_][:most], more


def numbered(db: Db, text: str) -> list[int]:
    """The accounts with this number or external id."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
    rows = db.all(
        "SELECT id FROM account WHERE id = :number UNION SELECT thing_id FROM external_id WHERE thing = 'account' AND key = :key",
        number=number, key=text.replace("\0", ""),
    )  # fmt: skip
    return [row[0] for row in rows]


def hits(db: Db, kind: str, ids: Sequence[int]) -> list[Hit]:
    """What a list shows of these."""
    params: dict[str, Any] = {}
    sql = _HITS[kind].format(ids=db.marks("i", ids, params))
    columns, rows = db.table(sql, **params)
    from db.connection import as_moment

    made = []
    for row in rows:
        one = dict(zip(columns, row, strict=True))
        made.append(Hit(kind, one["id"], one["title"], one["text"], one["account_id"], one["account"],
                        as_moment(one.get("at")), one.get("by")))  # fmt: skip
    return made


def few(db: Db, text: str) -> tuple[list[int], list[int]] | None:
    """The CTAs with this in their title and the accounts with it in their name; None when they are many, or nobody knows.

    A reason that has it makes them many: it is the title of more than an index of titles should list.
    """
    if len(text) < GRAM or not text.isascii():
        return None
    params: dict[str, Any] = {}
    if db.scalar(f"SELECT 1 FROM reason WHERE {_has('name', text, params, db)}", **params):
        return None
    made = []
    try:
        with db.patience(LOOK_S):
            for kind in ("cta", "account"):
                column = COLUMNS[kind][0]
                if db.dialect == "postgresql":
                    ids = _on_server(db, kind, text, FEW, None)
                    if 0 in ids:
                        return None
                    made.append(_rows(db, kind, [text], FEW, None, ids, (column,)))
                else:
                    made.append(_rows(db, kind, [text], FEW, None, None, (column,)))
    except OutOfPatience:
        return None
    return (made[0], made[1]) if max(map(len, made)) <= FEW else None


def _by_word(db: Db, kind: str, parts: list[str], most: int, account: int | None) -> list[int]:
    match = asked(parts, db.dialect)
    if match is None:
        return []
    if db.dialect == "postgresql":
        return _on_server(db, kind, match, most, account)
    if account is None:
        sql = f"SELECT rowid FROM {kind}_fts WHERE {kind}_fts MATCH :match ORDER BY rowid DESC LIMIT :most"
        return [row[0] for row in db.all(sql, match=match, most=most + 1)]
    sql = (  # the account's own entries are few: each is looked up in the index, whatever else has the words
        f"SELECT v.id FROM {kind} v CROSS JOIN {kind}_fts f ON f.rowid = v.id WHERE v.account_id = :account"
        f" AND f.{kind}_fts MATCH :match ORDER BY v.id DESC LIMIT :most"
    )
    return [row[0] for row in db.all(sql, match=match, most=most + 1, account=account)]


def _by_part(db: Db, kind: str, parts: list[str], most: int, account: int | None) -> list[int]:
    if not parts:
        return []
    long = [part for part in parts if len(part) >= GRAM]
    if long and account is None and db.dialect == "postgresql":
        ids = _on_server(db, kind, SEPARATOR.join(long), most, None)
        return ids if len(long) == len(parts) else [*_rows(db, kind, parts, most, None, [i for i in ids if i]), *(i for i in ids if not i)]
    return _rows(db, kind, parts, most, account, None)


def _rows(
    db: Db, kind: str, parts: list[str], most: int, account: int | None, among: list[int] | None, columns: Sequence[str] = ()
) -> list[int]:
    params: dict[str, Any] = {"most": most + 1}
    conditions = [
        "(" + " OR ".join(_has(f"t.{column}", part, params, db) for column in columns or COLUMNS[kind]) + ")" for part in parts
    ]
    source = f"{kind} t"
    if among is not None:
        conditions.append(f"t.id IN ({db.marks('i', among, params)})")
    elif account is not None:
        conditions.append(f"t.id IN ({_OF_ACCOUNT[kind]})")
        params["account"] = account
    elif db.dialect == "sqlite" and (match := grams(parts)):
        source = f"{kind}_fts f CROSS JOIN {kind} t ON t.id = f.rowid"
        conditions.insert(0, f"f.{kind}_fts MATCH :match")
        params["match"] = match
    sql = f"SELECT t.id FROM {source} WHERE {' AND '.join(conditions)} ORDER BY t.id DESC LIMIT :most"
    if source.startswith(f"{kind}_fts"):
        sql = sql.replace("ORDER BY t.id", "ORDER BY f.rowid")
    return [row[0] for row in db.all(sql, **params)]


def _on_server(db: Db, kind: str, match: str, most: int, account: int | None) -> list[int]:
    if account is None:
        return [row[0] for row in db.all(f"SELECT {kind}_with(:match, :most)", match=match, most=most)]
    sql = f"SELECT {kind}_of_account_with(:match, :account)"
    return sorted((row[0] for row in db.all(sql, match=match, account=account)), reverse=True)


def _has(column: str, part: str, params: dict[str, Any], db: Db) -> str:
    def bind(value: object) -> str:
        params[f"h{len(params)}"] = value
        return f":h{len(params) - 1}"

    return matches(column, part, bind, db.dialect, part=True)
