"""The form of a text that is a file in the store: a playbook, a template, a scorecard; checked as it is saved."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cockpit.domain.toml_places import Problem
from cockpit.tui.modals.ask import YES_NO
from cockpit.tui.modals.field import Field, FormSpec, Values, Wrong

LINES = 6
"""The least of a text that is in sight."""


def text_form(
    title: str, text: str, check: Callable[[str], Sequence[Problem]], *, active: bool | None = None, draft: str = ""
) -> FormSpec:
    """A text; the first thing that is wrong with it is told with line and column, and the cursor goes there.

    ``active`` asks whether it is in use, unless None. ``draft``: under which name what was typed waits when one leaves.
    """

    def first(values: Values) -> Wrong | None:
        wrong = check(values["text"])
        if not wrong:
            return None
        one, more = wrong[0], f" ({len(wrong) - 1} more)" if len(wrong) > 1 else ""
        return "text", f"Line {one.line}, column {one.column}: {one.says}{more}", (one.line, one.column)

    fields = [Field("text", "Text", text, required=True, lines=LINES, is_file=True)]
    if active is not None:
        fields.append(Field("active", "In use", "yes" if active else "no", choices=YES_NO))
    return FormSpec(title, fields, "apply", draft=draft, check=first, reads=True)
