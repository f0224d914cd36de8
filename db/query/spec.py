"""What a field is: its kind, what it means, and the SQL it stands for on each screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Entity(StrEnum):
    """What a query selects, and the table alias of the statement around it."""

    CTA = "cta"
    ACCOUNT = "account"
    PERSON = "person"
    ACTIVITY = "activity"


PLURAL = {Entity.CTA: "CTAs", Entity.ACCOUNT: "accounts", Entity.PERSON: "people", Entity.ACTIVITY: "activities"}

ROW = {Entity.CTA: "c", Entity.ACCOUNT: "a", Entity.PERSON: "n", Entity.ACTIVITY: "v"}
"""The alias of the selected row in the host statement; ``a`` is its account wherever it has one."""

ACCOUNT_KEY = {Entity.CTA: "c.account_id", Entity.ACCOUNT: "a.id", Entity.ACTIVITY: "v.account_id"}


class Kind(StrEnum):
    """How the values of a field are written and compared."""

    NAME = "name"
    """The whole name, in any case; ``*`` stands for anything, ``_`` for a space or hyphen."""
    TEXT = "text"
    """Part of the text, in any case; ``=`` asks for the whole of it."""
    CHOICE = "choice"
    FLAG = "flag"
    ID = "id"
    NUMBER = "number"
    MONEY = "money"
    PERCENT = "percent"
    AHEAD = "date ahead"
    """A date people look forward to: ``<90d`` is less than 90 days from today."""
    AGE = "date past"
    """A date people look back on: ``<7d`` is younger than seven days."""
    ANYWHERE = "words"


@dataclass(frozen=True, slots=True)
class Sql:
    """Where a field lives. Templates: ``{account}`` the account's id, ``{day:-28}`` a bound date,
    ``{at:-90}`` the bound moment at which that day begins, ``{now}``, ``{me}``, ``{key}``, ``{+}`` (see compile).
    """

    expr: str
    """What is compared."""
    wrap: str = "{test}"
    """What stands around the comparison. Terms of one AND with the same ``wrap`` speak of the same row."""
    right: str = "{value}"
    """What the value becomes, for ratios: ``base * value`` instead of a division."""
    key: str = ""
    """For look-ups by name: the column that is empty when there is none."""
    also: tuple[str, ...] = ()
    """Other columns that may match instead."""
    moment: bool = False
    """Whether ``expr`` is a moment; else it is a date."""
    learned: str = ""
    """The moment we learned of it, from which the age of a recent fact is counted."""


@dataclass(frozen=True, slots=True)
class Flag:
    """One word after ``is:``."""

    name: str
    meaning: str
    on: Mapping[Entity, str]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the query language."""

    name: str
    kind: Kind
    meaning: str
    on: Mapping[Entity, Sql]
    examples: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    """The only values there are; when ``ordered``, from low to high."""
    ordered: bool = False
    conditions: Mapping[str, str] = field(default_factory=dict)
    """For choices that are no stored values: the test each stands for, with ``{expr}``."""
    source: str = ""
    """``table.column`` that holds the known values, for completion."""
    scale: int = 1
    """What is stored for 1: 100 for money, 1,000 for usage, 10,000 for a ratio in percent."""
    unit: str = ""
    bounded: bool = False
    """``<90d`` stops at today: what lies on the other side of it does not count."""
    bare: str = "="
    """The comparison meant when none is written."""
    aged_by: str = ""
    """The field that ages the same row: ``activity:meeting<=30d``."""
    against: Mapping[str, str] = field(default_factory=dict)
    """Figures of the same row that may stand for a value, as SQL in the field's own scale: ``<network_min``."""
    people: bool = False
    """Whether the values are logins, so that ``me`` is one."""
