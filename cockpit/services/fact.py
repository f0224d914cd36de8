"""Facts typed by hand: subscriptions, opportunities, tickets, answers, trainings and the like, made and corrected.

What a kind's fields are is declared in ``fact_kinds``; a correction keeps the version before it (see ``db.models.base.Fact``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from cockpit.desk import Desk
from cockpit.domain import money
from cockpit.domain.nearest import did_you_mean
from cockpit.services import editing, fact_rules, lookup
from cockpit.services.act import Work, act
from cockpit.services.calendars import calendar_for
from cockpit.services.editing import Edited
from cockpit.services.errors import NotFound, Refused
from cockpit.services.fact_kinds import FACTS, As, FactField, FactKind
from cockpit.services.people import person_id
from db.reads import fact as reads
from db.reads.fact import Stored

_MOST = 2**63 - 1
PAGE = 2_000
_TRUE, _FALSE = ("yes", "y", "true", "1"), ("no", "n", "false", "0")


@dataclass(frozen=True, slots=True)
class FactRow:
    """One live fact. ``values`` are by field: dates, names, whole minor units of ``currency``."""

    number: int
    """Its id among its kind."""
    kind: str
    account_id: int | None
    account: str | None
    values: Mapping[str, Any]
    currency: str | None
    system: str | None
    recorded: datetime | None

    @property
    def id(self) -> int:
        """A number that facts of other kinds in the same list do not have."""
        return self.number * len(FACTS) + list(FACTS).index(self.kind)


@dataclass(frozen=True, slots=True)
class NewFact:
    """A fact that was made."""

    id: int
    kind: str
    act: int | None = None
    said: str = ""


def kind_of(name: str) -> FactKind:
    """The kind of that name. Raises Refused."""
    if name not in FACTS:
        raise Refused("kind", f"There are facts of the kinds {', '.join(FACTS)}, not {name!r}.{did_you_mean(name, list(FACTS))}")
    return FACTS[name]


def row_of(kind: FactKind, one: Stored) -> FactRow:
    """A stored fact as people read it."""
    values: dict[str, Any] = {}
    for field in kind.fields:
        if field.read is As.PERSON:
            values[field.name] = one.person
        elif field.read is As.PRODUCT:
            values[field.name] = one.product
        else:
            values[field.name] = one.columns.get(field.stored)
    return FactRow(one.id, kind.name, one.account_id, one.account, values, one.columns.get("currency"), one.system, one.recorded)


def show_fact(desk: Desk, kind: str, id_: int) -> FactRow:
    """One live fact. Raises NotFound, Refused (kind)."""
    what = kind_of(kind)
    with desk.store.read() as db:
        found = reads.one(db, what.name, id_)
    if found is None:
        raise NotFound(f"There is no {what.name} {id_}.")
    return row_of(what, found)


def facts_of(desk: Desk, kind: str, account_id: int | None = None, where: str = "") -> Iterator[FactRow]:
    """Live facts of a kind: of an account with its relationships, the latest first, or of the accounts a query matches.

    Raises Refused (kind), QueryError.
    """
    what = kind_of(kind)
    if account_id is not None:
        with desk.store.read() as db:
            found = reads.listed(db, what.name, reads.FAMILY, {"account": account_id}, 0, _MOST)
        along = what.along
        found.sort(key=lambda one: ((one.columns.get(along) is not None, one.columns.get(along) or 0, one.id)), reverse=True)
        yield from (row_of(what, one) for one in found)
        return
    from cockpit.services.query import compiled

    after = 0
    while True:
        with desk.store.read() as db:
            sql, params = compiled(desk, db, where, "account")
            page = reads.listed(db, what.name, sql, params, after, PAGE)
        yield from (row_of(what, one) for one in page)
        if len(page) < PAGE:
            return
        after = page[-1].id


def spelled(field: FactField, value: Any, currency: str | None, zone: str = "UTC") -> str:
    """A value as its form shows it and reads it back."""
    if value is None:
        return ""
    if field.read is As.MONEY:
        return f"{money.decimal_text(value, currency or 'USD')} {currency or 'USD'}"
    if field.read is As.MILLI:
        return f"{Decimal(value) / 1000:f}"
    if field.read is As.FLAG:
        return "yes" if value else "no"
    if field.read is As.WORDS:
        return "; ".join(value)
    if isinstance(value, datetime):
        return value.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M:%S").removesuffix(":00")
    return value.isoformat() if isinstance(value, date) else str(value)


@act("new_fact")
def new_fact(work: Work, kind: str, account: int | str | None, fields: Mapping[str, Any]) -> NewFact:
    """Notes a fact about an account (products are nobody's). Raises NotFound, Ambiguous, Refused (field, value)."""
    what = kind_of(kind)
    account_id, name, currency = _place(work, what, account)
    columns = _columns(work, what, fields, account_id, currency)
    for field in what.fields:
        if field.required and columns.get(field.stored) is None:
            raise Refused("empty", f"{field.label} is needed.")
    fact_rules.complete(work, what, columns)
    fact_rules.check(what, columns)
    if account_id is not None:
        columns["account_id"] = account_id
    _check_name(work, what, columns, None)
    id_ = work.insert(what.name, columns)
    said = f"Noted {_called(work, what, columns)}" + (f" of {name}" if name else "")
    work.say(said)
    return NewFact(id_, what.name, said=said)


@act("edit_fact")
def edit_fact(
    work: Work, kind: str, id_: int, fields: Mapping[str, Any], expected: Mapping[str, Any] | None = None
) -> Edited:
    """Corrects fields of a fact; the version before stays on record. ``expected`` is what the editor saw, as in ``fields``.

    Raises NotFound, Refused, Conflict (a field holds neither what she saw nor what she wants).
    """
    what = kind_of(kind)
    found = reads.one(work.db, what.name, id_)
    if found is None:
        raise NotFound(f"There is no {what.name} {id_}.")
    currency = found.columns.get("currency") or "USD"
    wanted = _columns(work, what, fields, found.account_id, currency)
    seen = None if expected is None else _columns(work, what, expected, found.account_id, currency)
    for field in what.fields:
        if field.required and field.stored in wanted and wanted[field.stored] is None:
            raise Refused("empty", f"{field.label} must not be empty.")
    fact_rules.check(what, dict(found.columns) | wanted)
    _check_currency(what, found, wanted)
    _check_name(work, what, wanted, id_)
    of = f"{what.name} {id_}" + (f" of {found.account}" if found.account else "")
    return editing.change(work, what.name, id_, of, wanted, seen)


def _place(work: Work, what: FactKind, account: int | str | None) -> tuple[int | None, str, str]:
    """(id, name, currency) of the account a fact is about."""
    if what.name == "product":
        return None, "", "USD"
    if account is None or account == "":
        raise Refused("account", "Say whose it is: name an account.")
    account_id = lookup.find_account(work.db, account)
    name, currency = work.db.one("SELECT name, currency FROM account WHERE id = :id", id=account_id) or ("", None)
    return account_id, name, currency or "USD"


def _called(work: Work, what: FactKind, columns: Mapping[str, Any]) -> str:
    field = what.field(what.says)
    value = columns.get(field.stored)
    if field.read is As.PRODUCT and value is not None:
        value = work.db.scalar("SELECT name FROM product WHERE id = :id", id=value)
    return f"{what.name} “{value}”" if value else what.name


def _check_currency(what: FactKind, found: Stored, wanted: Mapping[str, Any]) -> None:
    """Another currency must not turn the amounts that stay into something else."""
    if wanted.get("currency", found.columns.get("currency")) == found.columns.get("currency"):
        return
    left = [
        field.label for field in what.fields
        if field.read is As.MONEY and field.stored not in wanted and found.columns.get(field.stored) is not None
    ]  # fmt: skip
    if left:
        raise Refused("currency", f"{', '.join(left)} would change currency too: give all amounts in {wanted['currency']}.")


def _check_name(work: Work, what: FactKind, columns: Mapping[str, Any], id_: int | None) -> None:
    if what.name != "product" or not columns.get("name"):
        return
    taken = work.db.scalar("SELECT id FROM product WHERE lower(name) = lower(:name)", name=columns["name"])
    if taken is not None and taken != id_:
        raise Refused("exists", f"There is a product {columns['name']} already (number {taken}).")


def _columns(work: Work, what: FactKind, fields: Mapping[str, Any], account_id: int | None, currency: str) -> dict[str, Any]:
    """Fields as people name and spell them to columns."""
    editing.check_fields(f"{'An' if what.name[0] in 'aeiou' else 'A'} {what.name}", fields, what.names)
    columns: dict[str, Any] = {}
    codes: set[str] = set()
    for name, value in fields.items():
        field = what.field(name)
        if field.read is As.MONEY:
            amount = _amount(field, value, currency)
            columns[field.stored] = None if amount is None else amount.minor
            codes |= {amount.currency} if amount is not None else set()
        else:
            columns[field.stored] = _value(work, field, value, account_id)
    if len(codes) > 1:
        raise Refused("currency", f"One currency at a time, not {' and '.join(sorted(codes))}.")
    if codes:
        columns["currency"] = codes.pop()
    return columns


def _amount(field: FactField, value: Any, currency: str) -> money.Money | None:
    if value is None or value == "":
        return None
    if isinstance(value, int):
        return money.Money(value, currency)
    try:
        amount = money.parse(str(value), currency)
    except money.MoneyError as error:
        raise Refused("amount", str(error)) from error
    if amount.minor < 0:
        raise Refused("amount", f"{field.label} is not below 0.")
    return amount


def _value(work: Work, field: FactField, value: Any, account_id: int | None) -> Any:
    """One field read; empty is none (a flag's is no)."""
    if field.read is As.FLAG:
        return _flag(field, value)
    if value is None or value == "":
        return None
    if field.read is As.LINE:
        return editing.line(value, field.label)
    if field.read is As.TEXT:
        return editing.lines(value)
    if field.read is As.DATE:
        return editing.day(work, value, backward=field.past)
    if field.read is As.WHEN:
        return _moment(work, value)
    if field.read in (As.WHOLE, As.MILLI):
        return _number(field, value)
    if field.read is As.CHOICE:
        return _choice(field, value)
    if field.read is As.WORDS:
        words = value if isinstance(value, list | tuple) else str(value).split(";")
        return [word for word in (editing.line(one, field.label) for one in words) if word]
    if field.read is As.PERSON:
        return person_id(work.db, str(value), account_id)
    return lookup.named(work.db, "product", str(value))


def _flag(field: FactField, value: Any) -> bool:
    if value is None or isinstance(value, bool):
        return bool(value)
    word = str(value).strip().lower()
    if word in _TRUE:
        return True
    if word in (*_FALSE, ""):
        return False
    raise Refused("flag", f"{field.label} is yes or no, not {str(value)!r}.")


def _number(field: FactField, value: Any) -> int:
    try:
        number = Decimal(str(value).strip().replace(" ", ""))
    except InvalidOperation:
        number = Decimal("NaN")
    scaled = number * 1000 if field.read is As.MILLI else number
    if not scaled.is_finite() or scaled != scaled.to_integral_value() or abs(scaled) > _MOST:
        what = "a number with at most three decimals" if field.read is As.MILLI else "a whole number"
        raise Refused("number", f"{field.label} is {what}, not {str(value)!r}.")
    return int(scaled)


def _choice(field: FactField, value: Any) -> str:
    word = str(value).strip().lower().replace(" ", "_").replace("-", "_")
    if word not in field.choices:
        near = did_you_mean(word, list(field.choices))
        raise Refused("choice", f"{field.label} is one of {', '.join(field.choices)}, not {str(value)!r}.{near}")
    return word


def _moment(work: Work, value: Any) -> datetime:
    """A moment, or noon of a day, in the pool's zone."""
    zone = work.me.time_zone
    if isinstance(value, str):
        text = value.strip()
        if text.lower() == "now":
            return work.now
        try:
            value = datetime.fromisoformat(text) if len(text) > 10 else editing.day(work, text, backward=True)
        except ValueError:
            value = editing.day(work, text, backward=True)
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
    return calendar_for(zone).noon(value)
