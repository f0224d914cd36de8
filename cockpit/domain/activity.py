"""Own fields of a type of activity: how they are written, and whether answers to them will do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cockpit.domain.clean import clean_line
from cockpit.domain.nearest import did_you_mean

MOST_FIELDS = 12
MOST_LETTERS = 2_000
_NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")
FORM = "name, name*=one|other (* must be answered; | between the answers there are)"


class FieldError(ValueError):
    """A field or an answer that will not do; the text is the sentence its reader gets."""


@dataclass(frozen=True, slots=True)
class OwnField:
    """One thing an entry of a type also says; with ``choices`` one of these."""

    name: str
    label: str
    choices: tuple[str, ...] = ()
    required: bool = False

    def stored(self) -> dict[str, Any]:
        """As the type's row keeps it."""
        row: dict[str, Any] = {"name": self.name, "label": self.label}
        return row | ({"choices": list(self.choices)} if self.choices else {}) | ({"required": True} if self.required else {})


def read_field(text: str) -> OwnField:
    """``outcome*=agreed|waiting`` as a field. Raises FieldError."""
    head, is_choice, rest = clean_line(text).partition("=")
    head = head.strip()
    required = head.endswith("*")
    label = head.removesuffix("*").strip()
    name = label.casefold().replace(" ", "_").replace("-", "_")
    if not _NAME.fullmatch(name):
        raise FieldError(f"{text!r} is no field: {FORM}, its name in plain letters.")
    choices = tuple(dict.fromkeys(word for part in rest.split("|") if (word := part.strip())))
    if is_choice and len(choices) < 2:
        raise FieldError(f"{label} needs two answers or more to choose from: {name}=one|other.")
    return OwnField(name, label.replace("_", " "), choices, required)


def read_fields(texts: Iterable[str]) -> list[OwnField]:
    """Every field of a type, none twice; ``none`` alone is no field. Raises FieldError."""
    wanted = [text for text in texts if clean_line(text)]
    if [text.strip().casefold() for text in wanted] == ["none"]:
        return []
    fields = [read_field(text) for text in wanted]
    names = [one.name for one in fields]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise FieldError(f"There are two fields called {twice}.")
    if len(fields) > MOST_FIELDS:
        raise FieldError(f"A type has at most {MOST_FIELDS} fields of its own.")
    return fields


def fields_from(stored: Any) -> tuple[OwnField, ...]:
    """The fields of a type as its row has them."""
    return tuple(
        OwnField(str(row["name"]), str(row.get("label") or row["name"]), tuple(row.get("choices") or ()), bool(row.get("required")))
        for row in stored or ()
    )


def written(fields: Sequence[OwnField]) -> list[str]:
    """The fields as ``read_field`` reads them."""
    return [f"{f.name}{'*' if f.required else ''}{'=' + '|'.join(f.choices) if f.choices else ''}" for f in fields]


def check_answers(type_: str, fields: Sequence[OwnField], given: Mapping[str, str | None], *, whole: bool = True) -> dict[str, str]:
    """The answers cleaned, by field, without the empty ones. ``whole``: required ones must be among them.

    Raises FieldError (a field the type does not have, an answer that is none of its choices, one that is missing).
    """
    known = {field.name: field for field in fields}
    found: dict[str, str] = {}
    for name, answer in given.items():
        field = known.get(name.strip().casefold().replace(" ", "_"))
        if field is None:
            have = f" It has {', '.join(known)}." if known else " It has none of its own: `cockpit activity-type edit` gives it some."
            raise FieldError(f"A {type_} has no field {name!r}.{did_you_mean(name, known)}{have}")
        text = clean_line(answer or "")
        if len(text) > MOST_LETTERS:
            raise FieldError(f"{field.label} takes at most {MOST_LETTERS:,} letters.")
        if text and field.choices:
            same = [choice for choice in field.choices if choice.casefold() == text.casefold()]
            if not same:
                raise FieldError(f"{field.label} is one of {', '.join(field.choices)}; {text!r} is none of them.")
            text = same[0]
        if text:
            found[field.name] = text
    lacking = [field.label for field in fields if field.required and field.name not in found]
    if whole and lacking:
        raise FieldError(f"A {type_} needs {', '.join(lacking)}.")
    return found
