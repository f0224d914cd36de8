"""Facts about accounts, whatever their kind: the live versions, by account or by a query over accounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from db.columns import table
from db.connection import Db, as_date, as_json, as_moment

SELF = "a.id = :account"
FAMILY = "(a.id = :account OR a.parent_id = :account)"
"""An account alone, or with its relationships."""

FEEDS = {
    "subscriptions": ("subscription", "starts"), "opportunities": ("opportunity", "id"), "usage": ("usage", None),
    "surveys": ("survey", "answered"), "tickets": ("ticket", "opened"), "events": ("event", "day"),
    "trainings": ("training", "id"), "advocacy": ("advocacy", "id"), "activities": ("activity", "at"),
}  # fmt: skip
"""Kind of import: its table, and the column along which its latest row of an account is found."""


@dataclass(frozen=True, slots=True)
class Stored:
    """One live fact: its columns by name, with the names of the account, person and product it points at."""

    id: int
    account_id: int | None
    account: str | None
    person: str | None
    product: str | None
    system: str | None
    """Where it came from; none when it was typed here."""
    recorded: datetime | None
    columns: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Loaded:
    """When a kind of fact last came from a system."""

    kind: str
    system: str
    loaded_at: datetime
    rows: int


def latest(db: Db, name: str, account_id: int, whole_family: bool, along: str, most: int, *, where: str = "") -> list[Stored]:
    """The live facts of an account that come last along a column, ``most`` of each account of the family.

    Each account's rows are walked along their index, so that it costs what is shown, not what there is.
    """
    inner = (
        f"SELECT x.id FROM {name} x WHERE x.account_id = a.id AND x.superseded IS NULL{where}"
        f" ORDER BY x.{along} DESC{_last(db, name, along)}, x.id DESC LIMIT :most"
    )
    if db.dialect == "sqlite":
        joined = f"account a CROSS JOIN {name} t ON t.id IN ({inner})"
    else:
        joined = f"account a CROSS JOIN LATERAL ({inner}) l JOIN {name} t ON t.id = l.id"
    sql = f"SELECT {_columns(name)} FROM {joined}{_joins(name)} WHERE {FAMILY if whole_family else SELF}"
    found = _stored(db, name, sql, account=account_id, most=most)
    return sorted(found, key=lambda one: (_key(one.columns.get(along)), one.id), reverse=True)


def listed(db: Db, name: str, where: str, params: Mapping[str, Any], after: int, limit: int) -> list[Stored]:
    """Live facts of the accounts that meet a condition over ``a``, by number from ``after`` on."""
    host = "" if "account_id" in table(name).columns else " LEFT JOIN account a ON FALSE"
    if not host:
        kind = "LEFT JOIN" if "account_id" not in table(name).required else "JOIN"
        host = f" {kind} account a ON a.id = t.account_id"
    live = " AND t.superseded IS NULL" if table(name).is_fact else ""
    sql = (
        f"SELECT {_columns(name)} FROM {name} t{host}{_joins(name)} LEFT JOIN segment s ON s.id = a.segment_id"
        f" WHERE t.id > :after_id AND ({where or 'TRUE'}){live} ORDER BY t.id LIMIT :most_rows"
    )
    return _stored(db, name, sql, **params, after_id=after, most_rows=limit)


def one(db: Db, name: str, id_: int) -> Stored | None:
    """A live fact by its number."""
    found = listed(db, name, "t.id = :number", {"number": id_}, id_ - 1, 1)
    return found[0] if found and found[0].id == id_ else None


def recorded(db: Db, kinds: Sequence[str], account_id: int) -> dict[str, datetime | None]:
    """When the latest fact of each kind about an account itself was recorded, each found along an index."""
    parts = []
    for kind in kinds:
        name, along = FEEDS[kind]
        if kind == "usage":
            parts.append(_USAGE_RECORDED)
            continue
        # Facts of a few rows an account are looked through; the others are walked from their latest on.
        what = f"max(x.recorded) FROM {name} x WHERE x.account_id = :account AND x.superseded IS NULL"
        if along not in ("id", "starts"):
            what = (
                f"x.recorded FROM {name} x WHERE x.account_id = :account AND x.superseded IS NULL"
                f" ORDER BY x.{along} DESC{_last(db, name, str(along))}, x.id DESC LIMIT 1"
            )
        parts.append(f"(SELECT {what})")
    row = db.one(f"SELECT {', '.join(parts)}", account=account_id) or ()
    return {kind: as_moment(value) for kind, value in zip(kinds, row, strict=True)}


_USAGE_RECORDED = (
    "(WITH RECURSIVE m(metric) AS (SELECT (SELECT min(x.metric) FROM usage x WHERE x.account_id = :account)"
    " UNION ALL SELECT (SELECT min(x.metric) FROM usage x WHERE x.account_id = :account AND x.metric > m.metric)"
    " FROM m WHERE m.metric IS NOT NULL)"
    " SELECT max((SELECT x.recorded FROM usage x WHERE x.account_id = :account AND x.metric = m.metric"
    " AND x.superseded IS NULL ORDER BY x.day DESC LIMIT 1)) FROM m)"
)


def feeds(db: Db) -> list[Loaded]:
    """Every feed, the latest load of a kind first."""
    return db.rows(Loaded, "SELECT kind, system, loaded_at, rows FROM feed ORDER BY kind, loaded_at DESC, id DESC")


def points(db: Db, account_id: int, whole_family: bool, since: date, today: date) -> list[tuple[int, str, date, int]]:
    """(account, metric, day, thousandths) of every usage value of ``since`` < day <= today.

    The metrics of each account are hopped along the index first: what lies before ``since`` is not read.
    """
    rows = db.all(
        "WITH RECURSIVE m(account, metric) AS (SELECT a.id, (SELECT min(x.metric) FROM usage x WHERE x.account_id = a.id)"
        f" FROM account a WHERE {FAMILY if whole_family else SELF}"
        " UNION ALL SELECT m.account, (SELECT min(x.metric) FROM usage x WHERE x.account_id = m.account AND x.metric > m.metric)"
        " FROM m WHERE m.metric IS NOT NULL)"
        " SELECT m.account, m.metric, g.day, g.value FROM m JOIN usage g ON g.account_id = m.account AND g.metric = m.metric"
        " AND g.day > :since AND g.day <= :today WHERE g.superseded IS NULL",
        account=account_id, since=since, today=today,
    )  # fmt: skip
    found = [(account, metric, day, value) for account, metric, text, value in rows if (day := as_date(text)) is not None]
    return sorted(found, key=lambda point: (point[1], point[2], point[0]))


def products(db: Db) -> list[tuple[int, str, int | None, str | None, list[str] | None, int | None]]:
    """(id, name, list price, currency, key features, margin) of what is sold now."""
    rows = db.all("SELECT id, name, list_price, currency, key_features, margin FROM product WHERE active = TRUE ORDER BY name")
    return [(id_, name, price, code, as_json(keys), margin) for id_, name, price, code, keys, margin in rows]


def _columns(name: str) -> str:
    what = table(name)
    own = [c for c in what.columns if c not in ("recorded", "superseded", "version_of", "extra", "uid", "account_id")]
    pointed = [
        "a.id AS account_id_, a.name AS account_",
        "n.name AS person_" if "person_id" in what.columns else "NULL AS person_",
        "p.name AS product_" if "product_id" in what.columns else "NULL AS product_",
        f"(SELECT min(e.system) FROM external_id e WHERE e.thing = '{name}' AND e.thing_id = t.id) AS system_",
        "t.recorded AS recorded_" if what.is_fact else "NULL AS recorded_",
    ]
    return ", ".join(["t.id AS id_", *pointed, *(f"t.{c}" for c in own)])


def _joins(name: str) -> str:
    what = table(name)
    person = " LEFT JOIN person n ON n.id = t.person_id" if "person_id" in what.columns else ""
    return person + (" LEFT JOIN product p ON p.id = t.product_id" if "product_id" in what.columns else "")


def _stored(db: Db, name: str, sql: str, **params: Any) -> list[Stored]:
    head, rows = db.table(sql, **params)
    kinds = table(name).columns
    made = []
    for row in rows:
        values = dict(zip(head, row, strict=True))
        columns = {c: _value(kinds[c], values[c]) for c in head if c in kinds}
        made.append(
            Stored(
                values["id_"], values["account_id_"], values["account_"], values["person_"], values["product_"], values["system_"],
                as_moment(values["recorded_"]), columns,
            )
        )  # fmt: skip
    return made


def _value(kind: str, value: Any) -> Any:
    if kind == "date":
        return as_date(value)
    if kind == "moment":
        return as_moment(value)
    if kind == "flag":
        return None if value is None else bool(value)
    return as_json(value) if kind == "json" else value


def _last(db: Db, name: str, column: str) -> str:
    """SQLite sorts nothing before everything; PostgreSQL has to be told."""
    return "" if db.dialect == "sqlite" or column in table(name).required or column == "id" else " NULLS LAST"


def _key(value: Any) -> tuple[bool, Any]:
    return value is not None, 0 if value is None else value
