"""What may stand where the cursor is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from db.query.ast import BARE, TERM, quote
from db.query.fields import BY_NAME, choices_of, fields_of
from db.query.operand import KEYWORDS
from db.query.parse import field_name
from db.query.spec import Entity, Field, Kind

MAX_OFFERED = 50
_BEFORE = re.compile(r'(?:[^\s()"]|"(?:[^"\\]|\\.)*(?:"|$))*$', re.DOTALL)
_AFTER = re.compile(r'[^\s(),"]*')
_LAST = re.compile(r'(?:<=|>=|!=|==|=|<|>)?("(?:[^"\\]|\\.)*|[^,"]*)$', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Completion:
    """``insert`` takes the place of the text from ``start`` to ``end``."""

    insert: str
    start: int
    end: int
    help: str


def complete(
    text: str, cursor: int, entity: str, values: Callable[[str], Iterable[str]] | None = None
) -> list[Completion]:
    """Field names, or the values of the field before the cursor; ``values`` knows those of a ``table.column``."""
    cursor = max(0, min(cursor, len(text)))
    end = _ending(text, cursor)
    word = _BEFORE.search(text[:cursor])
    assert word is not None
    typed, start = word[0], word.start()
    while typed.startswith("-"):
        typed, start = typed[1:], start + 1
    group = re.search(r"([A-Za-z][\w-]*):\(([^()]*?)([^\s(),]*)$", text[:cursor], re.ASCII)
    if group and not typed.count(":"):
        field = BY_NAME[Entity(entity)].get(field_name(group[1]))
        return _values(field, Entity(entity), group[3], cursor - len(group[3]), end, values) if field else []
    term = TERM.match(typed)
    rest = re.match(r"[\w-]*(:?)", text[cursor:], re.ASCII)
    if term is None and rest and rest[1]:
        end = cursor + rest.end()
    if term is None:
        return [] if typed.startswith('"') else _fields(Entity(entity), typed, start, end)
    field = BY_NAME[Entity(entity)].get(field_name(term[1]))
    if field is None:
        return _fields(Entity(entity), term[1], start, start + term.end(1) + (typed[term.end(1)] == ":"))
    last = _LAST.search(typed, term.end()) or _LAST.search("")
    assert last is not None
    return _values(field, Entity(entity), last[1], start + len(typed) - len(last[1]), end, values)


WIDENED = frozenset({Kind.NAME, Kind.CHOICE, Kind.FLAG})
"""Kinds whose values are words, half of which means all that begin so."""


def widened(text: str, cursor: int, entity: str, values: Callable[[str], Iterable[str]] | None = None) -> str:
    """The text while it is being typed: half a value at the cursor stands for all known ones that begin with it.

    ``type:ri`` is ``type:risk``; the text itself where the value is a known one, begins none, or is a number or a day.
    """
    word = _BEFORE.search(text[:cursor])
    assert word is not None
    term = TERM.match(word[0].lstrip("-"))
    field = None if term is None else BY_NAME[Entity(entity)].get(field_name(term[1]))
    if field is None or field.kind not in WIDENED or "(" in word[0]:
        return text
    found = complete(text, cursor, entity, values)
    if not found:
        return text
    start, end = found[0].start, found[0].end
    typed = text[start:end].strip('"')
    low = typed.casefold()
    known = [one.insert for one in found if one.help != "for example" and one.insert not in ("none", "any")]
    if not low or "*" in low or any(one.strip('"').casefold() == low for one in known):
        return text
    begins = [one for one in known if one.strip('"').casefold().startswith(low)]
    return text[:start] + ",".join(begins) + text[end:] if begins else text


def _ending(text: str, cursor: int) -> int:
    """Where the word under the cursor ends."""
    if text[:cursor].count('"') % 2:
        closing = text.find('"', cursor)
        return len(text) if closing < 0 else closing + 1
    found = _AFTER.match(text, cursor)
    return found.end() if found else cursor


def _fields(entity: Entity, typed: str, start: int, end: int) -> list[Completion]:
    """Fields whose name starts with what is typed, then those that have it in their name or an alias."""
    low = field_name(typed)
    ranked = []
    for place, field in enumerate(fields_of(entity)):
        names = (field.name, *field.aliases)
        rank = 0 if field.name.startswith(low) else 1 if any(name.startswith(low) for name in names) else 2
        if rank < 2 or any(low in name for name in names):
            ranked.append((rank, place, field))
    return [
        Completion(f"{field.name}:", start, end, field.meaning) for _, _, field in sorted(ranked, key=lambda r: r[:2])
    ]


def _values(
    field: Field, entity: Entity, typed: str, start: int, end: int, values: Callable[[str], Iterable[str]] | None
) -> list[Completion]:
    """Values that start with what is typed, then those that have it in them."""
    low = typed.lstrip('"').casefold()
    offered = dict(_known(field, entity, values))
    starts = [word for word in offered if word.casefold().startswith(low)]
    inside = [word for word in offered if low in word.casefold() and word not in starts]
    return [Completion(_written(word), start, end, offered[word]) for word in (*starts, *inside)][:MAX_OFFERED]


def _known(field: Field, entity: Entity, values: Callable[[str], Iterable[str]] | None) -> Iterable[tuple[str, str]]:
    """Values and what they mean."""
    yield from choices_of(field, entity).items()
    if field.people:
        yield "me", "you"
    if field.source and values is not None:
        yield from ((value, "") for value in values(field.source) if value)
    prefix = f"{field.name}:"
    for example in field.examples:
        if example.startswith(prefix) and not field.choices and not field.source and field.kind is not Kind.FLAG:
            yield example.removeprefix(prefix), "for example"
    if field.kind in (Kind.AGE, Kind.AHEAD):
        yield from ((word, "") for word in KEYWORDS)
    if field.kind not in (Kind.FLAG, Kind.ID, Kind.ANYWHERE):
        yield "none", "not known, or nobody"
        yield "any", "known"


def _written(value: str) -> str:
    """The value as it is typed: quoted where it has to be."""
    if value.startswith('"'):
        return value
    plain = BARE.fullmatch(value) and "*" not in value and (".." not in value or value[0].isdigit())
    return value if plain else quote(value)
