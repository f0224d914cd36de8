"""A query as a bound SQL condition on the host's SELECT.

Unknown is not zero: a comparison with an unknown value does not hold, so ``health:<60`` leaves out accounts
without a score and ``-health:<60`` keeps them. Every value the user typed is a parameter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from db.query.ast import And, Node, Not, Or, Term, Text, Value
from db.query.binder import Binder, Rare
from db.query.comparison import dated, figure
from db.query.error import QueryError, nearest
from db.query.fields import BY_NAME, FLAGS, choices_of
from db.query.match import matches
from db.query.operand import BusinessDay, Clock, Unreadable
from db.query.parse import parse
from db.query.spec import ACCOUNT_KEY, PLURAL, Entity, Field, Kind, Sql
from db.query.words import anywhere

MAX_WILDCARDS = 4

_HOST = re.compile(r"\b([a-z])\.")
Values = Callable[[str], Sequence[str]]
"""Known values of a ``table.column``, see ``Field.source``."""


@dataclass(frozen=True, slots=True)
class Where:
    """A condition for the host's WHERE, its parameters, and the host's aliases that it speaks of."""

    sql: str
    params: dict[str, Any]
    joins: frozenset[str]


@dataclass(frozen=True, slots=True)
class Test:
    """A comparison, and what stands around it."""

    wrap: str
    test: str

    @property
    def sql(self) -> str:
        """Both, as one condition."""
        return self.wrap.replace("{test}", self.test)


def compile_query(
    text: str,
    entity: str,
    *,
    today: date,
    now: datetime,
    me_id: int | None = None,
    dialect: str = "sqlite",
    zone: tzinfo = UTC,
    business_day: BusinessDay | None = None,
    values: Values | None = None,
    walk: bool = True,
    order: str = "",
    rare: Rare | None = None,
    account: int | None = None,
) -> Where:
    """The condition that ``text`` puts on rows of ``entity``; QueryError points at what is not understood.

    ``zone`` is where days begin. ``values`` lets a misspelt name be an error instead of matching nothing.

    ``walk`` is how the rows are found, never which. With it, no filter tempts SQLite off the index of the host's
    ORDER BY (whose column may be named as ``order``): best when many rows match, for pages. Without it, what is
    asked of accounts is answered first, once per account, and the planner is free: best when few rows match.

    ``account``: the rows are this account's entries, whose free text is asked of the index of words.
    """
    binder = Binder(Entity(entity), Clock(today, now, zone, business_day), me_id, dialect, walk, order, rare, account)
    compiler = Compiler(binder, values)
    node = parse(text)
    conditions = compiler.all(node.parts) if isinstance(node, And) else [compiler.node(node)]
    if not walk and entity in (Entity.CTA, Entity.ACTIVITY):
        conditions = accounts_first(conditions, ACCOUNT_KEY[Entity(entity)])
    sql = " AND ".join(conditions) or "1 = 1"
    return Where(sql, binder.params, frozenset(_HOST.findall(sql)))


def texts(text: str) -> list[str]:
    """The free text that every row has to have. Raises QueryError."""
    node = parse(text)
    return [part.text for part in (node.parts if isinstance(node, And) else (node,)) if isinstance(part, Text)]


def accounts_first(conditions: list[str], key: str) -> list[str]:
    """The same conditions, those that only ask about the account gathered into one set of accounts."""
    own = {sql: re.sub(rf"\b{key}\b", "a.id", sql) for sql in conditions}
    of_account = [sql for sql in conditions if set(_HOST.findall(own[sql])) == {"a"}]
    if not of_account:
        return conditions
    chosen = " AND ".join(own[sql] for sql in of_account)
    rest = [sql for sql in conditions if sql not in of_account]
    return [f"{key} IN (SELECT a.id FROM account a WHERE {chosen})", *rest]


class Compiler:
    """Writes one condition and collects its parameters."""

    def __init__(self, binder: Binder, values: Values | None) -> None:
        self.binder = binder
        self.entity = binder.entity
        self.values = values

    def node(self, node: Node) -> str:
        """The condition of any node."""
        match node:
            case And(parts):
                return " AND ".join(self.all(parts)) if parts else "1 = 1"
            case Or(parts):
                return f"({' OR '.join(self.node(part) for part in parts)})"
            case Not(part):
                return f"({self.node(part)}) IS NOT TRUE"
            case Text():
                return self.words(node.text)
        return self.term(node).sql

    def all(self, parts: tuple[Node, ...]) -> list[str]:
        """Conditions that all hold; terms about the same row (one event, one membership) are asked together."""
        conditions: dict[str, list[str]] = {}
        for i, part in enumerate(parts):
            test = self.term(part) if isinstance(part, Term) else Test("{test}", self.node(part))
            own = test.wrap == "{test}"
            conditions.setdefault(f"{i}" if own else test.wrap, []).append(test.test)
        return [
            tests[0] if wrap.isdigit() else Test(wrap, " AND ".join(tests)).sql for wrap, tests in conditions.items()
        ]

    def words(self, text: str) -> str:
        """Free text."""
        return anywhere(self.binder, text)

    def field(self, term: Term) -> Field:
        """The declared field of a term."""
        known = BY_NAME[self.entity]
        if term.name in known:
            return known[term.name]
        typed = term.name
        close = nearest(typed, known)
        others = [entity for entity in Entity if typed in BY_NAME[entity]]
        reason = (
            f"{typed} is not asked about {PLURAL[self.entity]}, but about {PLURAL[others[0]]}."
            if others
            else f"There is no field {typed}."
        )
        hint = f" Did you mean {close}?" if close else f' To search for the words, quote them: "{typed}:…".'
        raise QueryError(reason + hint, term.start, len(typed), close)

    def term(self, term: Term) -> Test:
        """The condition of ``field:values``."""
        field = self.field(term)
        negated = term.values[0].op == "!="
        tests: dict[str, list[str]] = {}
        for value, before in zip(term.values, (None, *term.values), strict=False):
            if negated and value.op in ("", "!="):
                value = replace(value, op="=" if value.op else "")
            elif negated or value.op == "!=":
                raise QueryError(
                    "In a list, != stands before the first value and means none of them.",
                    value.start - len(value.op),
                    len(value.op),
                )
            try:
                if before and field.kind is Kind.MONEY and re.fullmatch("[0-9]{3}", value.text):
                    raise Unreadable("A comma lists values.", f"{before.text}{value.text}")
                test = self.value(field, field.on[self.entity], value)
            except Unreadable as error:
                hint = f" Did you mean {error.suggestion}?" if error.suggestion else ""
                raise QueryError(f"{error}{hint}", value.start, value.end - value.start, error.suggestion) from None
            tests.setdefault(test.wrap, []).append(test.test)
        merged = [Test(wrap, any_of(list(dict.fromkeys(alternatives)))) for wrap, alternatives in tests.items()]
        one = merged[0] if len(merged) == 1 else Test("{test}", any_of([test.sql for test in merged]))
        return Test("{test}", f"({one.sql}) IS NOT TRUE") if negated else one

    def value(self, field: Field, sql: Sql, value: Value) -> Test:
        """The condition of one value."""
        word = "" if value.quoted or value.high is not None else value.text.lower()
        wrap = self.binder.fill(sql.wrap.replace("{key}", self.binder.column(sql.key)) if sql.key else sql.wrap)
        if word in ("none", "any") and field.kind not in (Kind.FLAG, Kind.ANYWHERE) and word not in field.choices:
            if value.op not in ("", "="):
                raise Unreadable(f"{field.name} is {word}, or it is not: nothing compares with that.")
            if sql.key:
                return Test("{test}", f"{self.binder.column(sql.key)} IS {'NOT ' * (word == 'any')}NULL")
            known = Test(wrap, f"{self.binder.fill(sql.expr)} IS NOT NULL")
            return known if word == "any" else Test("{test}", f"({known.sql}) IS NOT TRUE")
        if word == "me" and field.people:
            if value.op not in ("", "="):
                raise Unreadable("Nobody is more or less than you.")
            return Test("{test}", f"{self.binder.column(sql.key)} = {self.me(field)}")
        match field.kind:
            case Kind.FLAG:
                return Test("{test}", self.flag(field, value))
            case Kind.CHOICE:
                return Test(wrap, self.choice(field, self.binder.column(sql.expr), value))
            case Kind.ANYWHERE:
                return Test("{test}", self.words(value.text))
            case Kind.NAME | Kind.TEXT:
                return self.name(field, sql, value, wrap)
            case Kind.AGE | Kind.AHEAD:
                return Test(wrap, dated(self.binder, field, sql, value))
        return Test(wrap, figure(self.binder, field, sql, value))

    def me(self, field: Field) -> str:
        """The parameter of the one who asks."""
        if self.binder.me_id is None:
            raise Unreadable(f"Nobody is asking, so {field.name} cannot be you: write a login.")
        return self.binder.bind(self.binder.me_id)

    def flag(self, field: Field, value: Value) -> str:
        """``is:overdue``."""
        typed = value.text.lower().replace("-", "_")
        flag = next((flag for flag in FLAGS if flag.name == typed and self.entity in flag.on), None)
        if flag is None or value.op not in ("", "=") or value.high is not None:
            raise self.not_among(field, value)
        if "{me}" in flag.on[self.entity]:
            self.me(field)
        return f"({self.binder.fill(flag.on[self.entity])})"

    def not_among(self, field: Field, value: Value) -> Unreadable:
        """The value is none of the few there are."""
        choices = list(choices_of(field, self.entity))
        close = nearest(value.text, choices)
        listed = ", ".join(choices[:-1]) + f" or {choices[-1]}"
        return Unreadable(f"{field.name} takes {listed}, not “{value.text}”.", close)

    def choice(self, field: Field, expr: str, value: Value) -> str:
        """One of the few values there are, or those above or below it."""
        ends = [self._choice(field, end, value) for end in (value.text, value.high) if end is not None]
        if (value.op not in ("", "=") or len(ends) > 1) and not field.ordered:
            raise Unreadable(f"{field.name} has no order: name the values, as in {field.examples[-1]}.")
        at = [field.choices.index(end) for end in ends]
        last = len(field.choices)
        span = {"<": (0, at[0]), "<=": (0, at[0] + 1), ">": (at[0] + 1, last), ">=": (at[0], last)}
        low, high = span.get(value.op, (min(at), max(at) + 1))
        chosen = field.choices[low:high]
        if field.conditions:
            return f"({self.binder.fill(field.conditions[chosen[0]].replace('{expr}', expr))})"
        if not chosen:
            return "1 = 0"
        marks = [self.binder.bind(str(choice)) for choice in chosen]
        return f"{expr} = {marks[0]}" if len(marks) == 1 else f"{expr} IN ({', '.join(marks)})"

    def _choice(self, field: Field, typed: str, value: Value) -> str:
        name = typed.lower().replace("-", "_").replace(" ", "_")
        if name not in field.choices:
            raise self.not_among(field, replace(value, text=typed))
        return name

    def name(self, field: Field, sql: Sql, value: Value, wrap: str) -> Test:
        """A name or part of a text."""
        if value.high is not None or value.op not in ("", "="):
            raise Unreadable(
                f"{field.name} has no order: write a name, as in {field.examples[0]}; quote one with dots."
            )
        text, aged = value.text, None
        if field.aged_by and not value.quoted and (found := re.fullmatch(r"([^<>=]+)(<=|>=|<|>)(.+)", text)):
            text, by = found[1], BY_NAME[self.entity][field.aged_by]
            aged = dated(self.binder, by, by.on[self.entity], Value(found[3], found[2]))
        if text.count("*") > MAX_WILDCARDS and not value.quoted:
            raise Unreadable(f"At most {MAX_WILDCARDS} * in one value; quote it if you mean the character.")
        self.known(field, text, value)
        part = field.kind is Kind.TEXT and value.op == ""
        loose = not value.quoted and (not field.people or "*" in text)
        tests = [
            matches(self.binder.fill(column), text, self.binder.bind, self.binder.dialect, part=part, loose=loose)
            for column in (sql.expr, *sql.also)
        ]
        return Test(wrap, any_of(tests) if aged is None else f"{any_of(tests)} AND {aged}")

    def known(self, field: Field, text: str, value: Value) -> None:
        """Refuse a name that nothing has, where the host knows the names."""
        if self.values is None or field.kind is not Kind.NAME or not field.source or "*" in text:
            return
        names = self.values(field.source)
        folded = text.casefold().replace("_", " ").replace("-", " ")
        if names and not any(name.casefold().replace("_", " ").replace("-", " ") == folded for name in names):
            raise Unreadable(f"There is no {field.name} “{text}”.", nearest(text, names))


def any_of(tests: list[str]) -> str:
    """One of several conditions."""
    return tests[0] if len(tests) == 1 else "(" + " OR ".join(tests) + ")"
