"""Forms of facts, from the fields that are declared for each kind."""

from __future__ import annotations

from collections.abc import Mapping

from cockpit.services.fact_kinds import FACTS, As, FactField
from cockpit.tui.modals.ask import YES_NO
from cockpit.tui.modals.field import Field, FormSpec


def fact_form(kind: str, title: str, values: Mapping[str, str], *, is_new: bool = False) -> FormSpec:
    """The fields of a kind, with the values they have."""
    fields = [_field(field, values.get(field.name, ""), is_new) for field in FACTS[kind].fields]
    first = "value" if is_new and values.get("metric") else ""
    return FormSpec(title, fields, "note" if is_new else "save", first=first, draft=f"new {kind} {title}" if is_new else "")


def _field(field: FactField, value: str, is_new: bool) -> Field:
    choices: tuple[tuple[str, str], ...] = ()
    if field.read is As.FLAG:
        choices = tuple(reversed(YES_NO))
        value = value or ("yes" if field.name == "active" and is_new else "no")
    elif field.read is As.CHOICE:
        choices = tuple((word, word.replace("_", " ")) for word in field.choices)
        value = value or field.choices[0]
    lines = 3 if field.read is As.TEXT else 1
    return Field(field.name, field.label, value, field.required, field.hint, choices, lines)
