"""Figures and days compared with the column or expression of a field."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from db.query.account_fields import MINOR_UNITS
from db.query.ast import Value
from db.query.binder import Binder
from db.query.operand import Days, Hours, Unreadable, days, number, whole
from db.query.spec import Field, Kind, Sql

LEARNED_WITHIN = 30
"""Days within which a fact's age is counted from when we learned of it."""

_FLIP = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "="}


def figure(binder: Binder, field: Field, sql: Sql, value: Value) -> str:
    """A number, a sum of money or a percentage."""
    expr = binder.fill(sql.expr)
    right = binder.fill(sql.right)
    if value.high is None and (other := field.against.get(value.text.lower())) is not None:
        return f"{binder.column(sql.expr)} {value.op or field.bare} {right.replace('{value}', f'({binder.fill(other)})')}"
    if value.high is not None:
        low, high = (number(end, field) if end else None for end in (value.text, value.high))
        if low is not None and high is not None and low > high:
            low, high = high, low
        pairs = [(op, end) for op, end in ((">=", low), ("<=", high)) if end is not None]
    else:
        pairs = [(value.op or field.bare, number(value.text.removeprefix("#"), field))]
    if not (field.kind is Kind.ID and pairs[0][0] == "="):
        expr = binder.column(sql.expr)
    return " AND ".join(f"{expr} {op} {amount(binder, field, right, op, figure)}" for op, figure in pairs)


def amount(binder: Binder, field: Field, right: str, op: str, figure: Decimal) -> str:
    """What is compared with; money in the minor units that the currency of each row has."""
    marks = {"{value}": figure}
    if field.kind is Kind.MONEY and figure:
        right = MINOR_UNITS
        marks |= {"{none}": figure / 100, "{three}": figure * 10}
    for mark, exact in marks.items():
        rounded = whole(op, exact)
        right = right.replace(mark, "NULL" if rounded is None else binder.bind(rounded))
    return right


def dated(binder: Binder, field: Field, sql: Sql, value: Value) -> str:
    """A day, a period or a span, as comparisons with days (or the moments at which they begin)."""
    if value.high is None:
        op = value.op or field.bare
        operand = days(value.text, field, binder.clock)
        if isinstance(operand, Hours) and op == "=":
            raise Unreadable(f"Hours need a direction: {field.name}:<{value.text} or {field.name}:>{value.text}.")
        return compare(binder, field, sql, op, operand)
    ends = [days(end, field, binder.clock) if end else None for end in (value.text, value.high)]
    if any(isinstance(end, Days) and end.first is None for end in ends):
        raise Unreadable(f"A range runs from day to day, not from “{value.text}” to “{value.high}”.")
    first, last = ends
    if isinstance(first, Days) and isinstance(last, Days):
        starts = [end.first for end in (first, last) if end.first is not None]
        return compare(binder, field, sql, "=", Days(min(starts), max(first.last, last.last)))
    if (
        isinstance(first, Hours)
        and isinstance(last, Hours)
        and (first.moment < last.moment) == (field.kind is Kind.AGE)
    ):
        first, last = last, first
    return " AND ".join(compare(binder, field, sql, op, end) for op, end in ((">=", first), ("<=", last)) if end)


def compare(binder: Binder, field: Field, sql: Sql, op: str, operand: Days | Hours) -> str:
    """One comparison; an age looks back, so that ``<7d`` is after the day seven days ago."""
    if isinstance(operand, Hours):
        if not sql.moment:
            raise Unreadable(f"{field.name} is counted in days, not in hours.")
        return f"{binder.column(sql.expr)} {_FLIP[op] if field.kind is Kind.AGE else op} {binder.bind(operand.moment)}"
    low, high = interval(_FLIP[op] if operand.span and field.kind is Kind.AGE else op, operand)
    if field.bounded and operand.near and op in ("<", "<="):
        low, high = (low, binder.clock.today) if field.kind is Kind.AGE else (binder.clock.today, high)
    if sql.learned:
        return age_learned(binder, sql, low, high)
    expr = binder.column(sql.expr)
    return between_moments(binder, expr, low, high) if sql.moment else between(binder, expr, low, high)


def age_learned(binder: Binder, sql: Sql, low: date | None, high: date | None) -> str:
    """An age counted from when we learned of a fact, unless the fact itself is older than 30 days."""
    old = f"{sql.expr} < {binder.bind(binder.clock.day(-LEARNED_WITHIN))}"
    return (
        f"CASE WHEN {old} THEN {between(binder, sql.expr, low, high)}"
        f" ELSE {between_moments(binder, sql.learned, low, high)} END"
    )


def between(binder: Binder, expr: str, low: date | None, high: date | None) -> str:
    """A date column from one day to another, both ends in."""
    if low is not None and low == high:
        return f"{expr} = {binder.bind(low)}"
    tests = [f"{expr} >= {binder.bind(low)}"] if low is not None else []
    tests += [f"{expr} <= {binder.bind(high)}"] if high is not None else []
    return " AND ".join(tests)


def between_moments(binder: Binder, expr: str, low: date | None, high: date | None) -> str:
    """A moment from the beginning of one day to the end of another."""
    tests = [f"{expr} >= {binder.bind(binder.clock.begins(low))}"] if low is not None else []
    tests += [f"{expr} < {binder.bind(binder.clock.begins(high + timedelta(days=1)))}"] if high is not None else []
    return " AND ".join(tests)


def interval(op: str, days: Days) -> tuple[date | None, date | None]:
    """The days that ``op days`` admits: from (none = ever) to (none = for ever)."""
    first = days.first
    match op:
        case "<":
            return None, (first or days.last) - timedelta(days=1)
        case "<=":
            return None, days.last
        case ">":
            return days.last + timedelta(days=1), None
        case ">=":
            return first or days.last + timedelta(days=1), None
    return first, days.last
