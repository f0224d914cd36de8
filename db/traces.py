"""Where a person is spoken of: her own rows, texts of others, entries of the journal, words of acts."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from db.columns import Table, table, tables
from db.connection import Db, as_json
from db.reads.merge import gone_into
from db.terms import ChangeKind

BATCH = 2_000
MARKS = 900
LINKED = ("membership", "attendee", "survey", "ticket", "event", "training", "advocacy", "outbox")
"""Tables whose rows name a person by ``person_id`` and tell of her."""
COLLEAGUES = frozenset({"csm"})
"""Tables of our own people."""
VOCABULARY = frozenset({
    "status", "priority", "outcome", "source", "kind", "type", "state", "stage", "served_by", "currency", "region",
    "industry", "language", "time_zone", "calendar", "domain", "metric", "system", "thing", "screen", "lane", "skill",
    "role", "network_role", "verdict", "sort", "columns", "lead_source", "required_at_close",
})  # fmt: skip
"""Columns that hold one of a set of words, never a sentence about somebody."""
_RUN = 2


@dataclass(frozen=True, slots=True)
class Spellings:
    """How somebody was ever called, written to and rung, as far as rows and journal still say."""

    names: frozenset[str]
    emails: frozenset[str]
    phones: frozenset[str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One change of the journal."""

    id: int
    act_id: int
    thing: str
    thing_id: int
    fields: Any


@dataclass(frozen=True, slots=True)
class Mention:
    """A row some of whose texts contain what is looked for; ``account_id`` is None when it belongs to none."""

    table: str
    id: int
    account_id: int | None
    values: dict[str, Any]


def hers(db: Db, person_id: int) -> dict[str, set[int]]:
    """The ids of the rows that are hers, there now or ever, by table."""
    gone = set(gone_into(db, "person", person_id))
    found: dict[str, set[int]] = {"person": {person_id} | gone, "external_id": set()}
    found["merge"] = {
        row[0] for row in db.all("SELECT id, kept_id FROM merge WHERE thing = 'person'") if row[1] in found["person"]
    }
    for name in LINKED:
        found[name] = {row[0] for row in db.all(f"SELECT id FROM {name} WHERE person_id = :id", id=person_id)}
    found["external_id"] |= {
        row[0] for row in db.all("SELECT id FROM external_id WHERE thing = 'person' AND thing_id = :id", id=person_id)
    }
    marks = ", ".join(f"'{name}'" for name in LINKED)
    for one in sorted(found["person"]):
        for name, id_ in _told(db, marks, f'"person_id":{one}'):
            found[name].add(id_)
        for _, id_ in _told(db, "'external_id'", f'"thing":"person","thing_id":{one}'):
            found["external_id"].add(id_)
    return found


def _told(db: Db, marks: str, text: str) -> list[tuple[str, int]]:
    """Things made or removed with this in their row, by the journal; a number ends with a comma or a brace."""
    rows = db.all(
        f"SELECT DISTINCT thing, thing_id FROM change WHERE thing IN ({marks}) AND kind <> 'update'"
        " AND (CAST(fields AS text) LIKE :comma OR CAST(fields AS text) LIKE :brace)",
        comma=f"%{text},%", brace=f"%{text}}}%",
    )  # fmt: skip
    return [(row[0], row[1]) for row in rows]


def spellings(db: Db, person_id: int) -> Spellings:
    """Every name, e-mail and phone number that rows and journal know of her."""
    found: dict[str, set[str]] = {"name": set(), "email": set(), "phone": set()}
    row = db.one("SELECT name, email, phone FROM person WHERE id = :id", id=person_id) or (None, None, None)
    values = list(zip(found, row, strict=True))
    params: dict[str, Any] = {}
    marks = db.marks("i", [person_id, *gone_into(db, "person", person_id)], params)
    for (fields,) in db.all(
        f"SELECT fields FROM change WHERE thing = 'person' AND thing_id IN ({marks}) AND fields IS NOT NULL", **params
    ):
        for name, value in as_json(fields).items():
            values += [(name, one) for one in (value if isinstance(value, list) else [value])]
    values += [("email", row[0]) for row in db.all("SELECT email FROM attendee WHERE person_id = :id", id=person_id)]
    for name, value in values:
        if name in found and isinstance(value, str) and value.strip():
            found[name].add(value.strip())
    return Spellings(*(frozenset(one) for one in found.values()))


def accounts_of(db: Db, person_id: int) -> set[int]:
    """The accounts she was ever on or met, with their relationships and the accounts these are of."""
    found: set[int] = set()
    for name in (name for name in LINKED if name != "attendee"):
        rows = db.all(f"SELECT DISTINCT account_id FROM {name} WHERE person_id = :id", id=person_id)
        found |= {row[0] for row in rows if row[0] is not None}
    met = "SELECT DISTINCT v.account_id FROM attendee t JOIN activity v ON v.id = t.activity_id WHERE t.person_id = :id"
    found |= {row[0] for row in db.all(met, id=person_id)}
    for (fields,) in db.all(
        "SELECT fields FROM change WHERE thing = 'membership' AND kind <> 'update' AND CAST(fields AS text) LIKE :who",
        who=f'%"person_id":{person_id},%',
    ):
        found.add(as_json(fields)["account_id"])
    params: dict[str, Any] = {}
    marks = db.marks("a", sorted(found), params)
    up = db.all(f"SELECT parent_id FROM account WHERE id IN ({marks}) AND parent_id IS NOT NULL", **params)
    down = db.all(f"SELECT id FROM account WHERE parent_id IN ({marks})", **params)
    return found | {row[0] for row in (*up, *down)}


def strays_of(db: Db, emails: Collection[str]) -> set[int]:
    """Mails that came in from these addresses and nobody has said whose they are."""
    if not emails:
        return set()
    params: dict[str, Any] = {}
    marks = db.marks("e", sorted({email.lower() for email in emails}), params)
    return {row[0] for row in db.all(f"SELECT id FROM stray WHERE lower(sender) IN ({marks})", **params)}


def unsent(db: Db, ids: Collection[int]) -> list[int]:
    """Those of these mails that have not gone."""
    there = existing(db, "outbox", ids)
    return [id_ for id_ in there if db.scalar("SELECT state FROM outbox WHERE id = :id", id=id_) in ("queued", "failed")]


def changes_of(db: Db, things: dict[str, set[int]]) -> list[Entry]:
    """Every change of these things whose values are still there."""
    found: list[Entry] = []
    for name, ids in things.items():
        for some in _slices(sorted(ids)):
            params: dict[str, Any] = {"thing": name}
            marks = db.marks("i", some, params)
            sql = (
                f"SELECT id, act_id, thing, thing_id FROM change WHERE thing = :thing AND thing_id IN ({marks})"
                " AND fields IS NOT NULL"
            )
            found += [Entry(row[0], row[1], row[2], row[3], None) for row in db.all(sql, **params)]
    return found


def changes_with(db: Db, needles: Sequence[str]) -> Iterator[Entry]:
    """Every change whose values may contain one of these texts (the store's choice is wide: look again)."""
    params: dict[str, Any] = {}
    condition = _like(db, ["fields"], needles, params)
    at = 0
    while rows := db.all(
        f"SELECT id, act_id, thing, thing_id, fields FROM change WHERE id > :at AND fields IS NOT NULL AND {condition}"
        " ORDER BY id LIMIT :most",
        at=at, most=BATCH, **params,
    ):  # fmt: skip
        at = rows[-1][0]
        yield from (
            Entry(id_, act_id, thing, thing_id, as_json(fields)) for id_, act_id, thing, thing_id, fields in rows
        )


def rows_with(db: Db, needles: Sequence[str]) -> Iterator[Mention]:
    """Every row of a journaled table, our own people apart, some of whose texts may contain one of these."""
    for name in tables():
        what = table(name)
        columns = [c for c, kind in what.columns.items() if kind in ("text", "json") and not is_vocabulary(name, c)]
        if name in COLLEAGUES or not columns:
            continue
        params: dict[str, Any] = {}
        condition = _like(db, columns, needles, params)
        at = 0
        while rows := db.all(
            f"SELECT t.id, {_account(what)}, {', '.join(f't.{c}' for c in columns)} FROM {name} t WHERE t.id > :at"
            f" AND {condition} ORDER BY t.id LIMIT :most",
            at=at, most=BATCH, **params,
        ):  # fmt: skip
            at = rows[-1][0]
            yield from (Mention(name, row[0], row[1], dict(zip(columns, row[2:], strict=True))) for row in rows)


def is_vocabulary(name: str, column: str) -> bool:
    """Whether a column speaks of nobody: one of a set of words, or the name of a company."""
    return column in VOCABULARY or (name, column) == ("account", "name")


def account_of(db: Db, name: str, id_: int) -> int | None:
    """The account a thing belongs, or belonged, to; None when nobody knows."""
    if name not in tables():
        return None
    row = db.one(f"SELECT {_account(table(name))} FROM {name} t WHERE t.id = :id", id=id_)
    if row is not None:
        return None if row[0] is None else int(row[0])
    fields = db.scalar(
        "SELECT fields FROM change WHERE thing = :thing AND thing_id = :id AND kind = :made AND fields IS NOT NULL LIMIT 1",
        thing=name, id=id_, made=ChangeKind.CREATE,
    )  # fmt: skip
    made = as_json(fields) or {}
    for column, parent in _PARENTS.items():
        if made.get(column) is not None:
            return int(made[column]) if parent == "account" else account_of(db, parent, made[column])
    return None


def accounts_of_act(db: Db, act_id: int, most: int = 200) -> set[int | None]:
    """The accounts of the things an act changed."""
    things = db.all(
        "SELECT DISTINCT thing, thing_id FROM change WHERE act_id = :act LIMIT :most", act=act_id, most=most
    )
    return {account_of(db, name, id_) for name, id_ in things}


def acts_with(db: Db, needles: Sequence[str]) -> list[tuple[int, str, Any]]:
    """Acts whose words or kept result may contain one of these texts."""
    params: dict[str, Any] = {}
    condition = _like(db, ["what", "result"], needles, params)
    return [(row[0], row[1], row[2]) for row in db.all(f"SELECT id, what, result FROM act WHERE {condition}", **params)]


def rewrite_act(db: Db, act_id: int, what: str, result: Any) -> None:
    """Gives an act other words and another kept result; neither is part of the chains."""
    db.run("UPDATE act SET what = :what, result = :result WHERE id = :id", id=act_id, what=what, result=result)


def blank(db: Db, ids: Collection[int], act_id: int | None) -> int:
    """Blanks the values and salts of these changes and of everything this act changed; the chains still hold."""
    for some in _slices(sorted(ids)):
        params: dict[str, Any] = {}
        db.run(f"UPDATE change SET fields = NULL, salt = NULL WHERE id IN ({db.marks('i', some, params)})", **params)
    db.run("UPDATE change SET fields = NULL, salt = NULL WHERE act_id = :act", act=act_id)
    return len(ids)


def existing(db: Db, name: str, ids: Collection[int]) -> list[int]:
    """Those of these rows that are there."""
    found: list[int] = []
    for some in _slices(sorted(ids)):
        params: dict[str, Any] = {}
        found += [
            row[0] for row in db.all(f"SELECT id FROM {name} WHERE id IN ({db.marks('i', some, params)})", **params)
        ]
    return found


_PARENTS = {
    "account_id": "account", "cta_id": "cta", "activity_id": "activity", "comment_id": "comment", "transition_id": "transition",
}  # fmt: skip
_UP = {
    "account_id": "t.account_id",
    "cta_id": "(SELECT u.account_id FROM cta u WHERE u.id = t.cta_id)",
    "activity_id": "(SELECT u.account_id FROM activity u WHERE u.id = t.activity_id)",
    "comment_id": "(SELECT u.account_id FROM comment k JOIN cta u ON u.id = k.cta_id WHERE k.id = t.comment_id)",
    "transition_id": "(SELECT u.account_id FROM transition u WHERE u.id = t.transition_id)",
}


def _account(what: Table) -> str:
    """The account of a row ``t`` of this table, in SQL."""
    if what.name == "account":
        return "t.id"
    ways = [sql for column, sql in _UP.items() if column in what.columns]  # a step may be of a CTA, an account, a transition
    return f"coalesce({', '.join(ways)}, NULL)" if ways else "CAST(NULL AS bigint)"


def _like(db: Db, columns: Sequence[str], needles: Sequence[str], params: dict[str, Any]) -> str:
    """A condition that holds at least where one of these columns contains one of these texts, in whatever case.

    SQLite lowers only ASCII, so the store looks for the longest stretch of it; a text that has none chooses all.
    """
    stretches = {max(re.findall(r"[a-z0-9@._+-]+", needle.lower()), key=len, default="") for needle in needles}
    if not needles:
        return "1 = 0"
    if any(len(one) < _RUN for one in stretches):
        return "1 = 1"
    parts = []
    for n, one in enumerate(sorted(stretches)):
        escaped = json.dumps(one)[1:-1].replace("!", "!!").replace("%", "!%").replace("_", "!_")
        params[f"n{n}"] = f"%{escaped}%"
        parts += [f"lower(CAST({column} AS text)) LIKE :n{n} ESCAPE '!'" for column in columns]
    return f"({' OR '.join(parts)})"


def _slices(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), MARKS):
        yield ids[start : start + MARKS]
