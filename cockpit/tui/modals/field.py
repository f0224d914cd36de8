"""What a form asks for, as values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Values = dict[str, Any]
Wrong = tuple[str, str] | tuple[str, str, tuple[int, int]]
"""A field and a sentence; in a longer text also the line and column it is about, from 1."""


@dataclass(frozen=True, slots=True)
class Field:
    """One question. ``choices`` makes it a choice, ``lines`` a text of several lines."""

    name: str
    label: str
    value: str = ""
    required: bool = False
    hint: str = ""
    choices: Sequence[tuple[str, str]] = ()
    """(value, what is shown); the first letter picks."""
    lines: int = 1
    is_file: bool = False
    """A text as a file has it: as high as the screen allows, its lines numbered."""
    suggest: Sequence[str] = ()
    """Words to complete from."""
    many: bool = False
    """Several values, ``;`` between, each completed."""


@dataclass(frozen=True, slots=True)
class FormSpec:
    """A form: what it is about, its questions, and what is wrong with answers (a field and a sentence)."""

    title: str
    fields: Sequence[Field]
    save: str = "save"
    first: str = ""
    """The field to start in; the first one when empty."""
    draft: str = ""
    """Under which name an unfinished answer is kept until the program ends."""
    check: Callable[[Values], Wrong | None] = field(default=lambda values: None)
    reads: bool = False
    """Whether the check asks the store: it is made off the screen's thread."""
    left: Callable[[Values], None] | None = None
    """Told what was typed when somebody leaves without saving; nothing when nothing was."""


def missing(spec: FormSpec, values: Mapping[str, Any]) -> Wrong | None:
    """The first required field without an answer, or what the form's own check says."""
    for asked in spec.fields:
        if asked.required and not str(values.get(asked.name, "")).strip():
            return asked.name, f"{asked.label} is needed."
    return spec.check(dict(values))


def changed(spec: FormSpec, values: Values) -> tuple[Values, Values]:
    """Of the answers those that are not as the form opened, and what stood there then."""
    opened = {asked.name: asked.value for asked in spec.fields}
    new = {name: value for name, value in values.items() if value != opened[name]}
    return new, {name: opened[name] for name in new}
