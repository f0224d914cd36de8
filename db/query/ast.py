"""What a query says, before it is known which fields there are. Positions do not count for equality."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

TERM = re.compile(r"([A-Za-z][A-Za-z0-9_-]*)(?::(<=|>=|!=|==|=|<|>)?|(<=|>=|!=|==|=|<|>))")
"""``field:``, ``field:<=`` or ``field<=``, straight before a value."""
WORD = re.compile(r'[^\s()"]+')
BARE = re.compile(r'[^\s(),"]+')
OPERATORS = ("AND", "OR", "NOT")


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a term: ``<90d``, ``risk``, ``"two words"``, ``75d..90d`` (``high`` is then not None)."""

    text: str
    op: str = ""
    quoted: bool = False
    high: str | None = None
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Term:
    """A field and the values of which one must hold."""

    name: str
    values: tuple[Value, ...]
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Text:
    """A word or a quoted phrase to be found anywhere."""

    text: str
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """What must not hold."""

    part: Node


@dataclass(frozen=True, slots=True)
class And:
    """All parts hold; no parts = everything."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part holds."""

    parts: tuple[Node, ...]


Node = And | Or | Not | Term | Text


def quote(text: str) -> str:
    """``text`` between quotes, as the parser reads it back."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def render_value(value: Value) -> str:
    """One value as it is typed."""
    if value.high is not None:
        return f"{value.text}..{value.high}"
    bare = BARE.fullmatch(value.text) and ".." not in value.text and value.text[0] not in "<>=!"
    return value.op + (quote(value.text) if value.quoted or not bare else value.text)


def render(node: Node) -> str:
    """The query as text; parsing it gives the same tree again."""
    match node:
        case Text(text):
            bare = WORD.fullmatch(text) and text[0] != "-" and text not in OPERATORS and not TERM.match(text)
            return text if bare else quote(text)
        case Term(name, values):
            return f"{name}:" + ",".join(map(render_value, values))
        case Not(And() | Or() | Not() as part):
            return f"-({render(part)})"
        case Not(part):
            return "-" + render(part)
        case And(parts):
            return " ".join(f"({render(part)})" if isinstance(part, Or) else render(part) for part in parts)
        case Or(parts):
            return " OR ".join(map(render, parts))
