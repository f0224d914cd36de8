"""Words with places for facts, filled in: sandboxed, strict about what is not known, errors with their line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import TracebackType
from typing import TYPE_CHECKING, Any

from cockpit.domain.clean import clean_line, clean_text
from cockpit.domain.letter import MOST_BODY, MOST_SUBJECT

if TYPE_CHECKING:
    from jinja2 import Template as Compiled
    from jinja2.sandbox import SandboxedEnvironment

Facts = Mapping[str, Mapping[str, Any]]
MOST_DOCUMENT = 500_000
"""Letters of a document."""
GAP = re.compile(r"\[[a-z]+\.[a-z_]+\?\]")
FILTERS = (
    "abs", "capitalize", "default", "first", "float", "int", "join", "last", "length", "list", "lower", "replace", "round", "select",
    "selectattr", "sort", "string", "sum", "title", "trim", "truncate", "unique", "upper",
)  # fmt: skip
"""What may be done to a value; nothing that makes a text as long as a number says."""
METHODS = frozenset({"capitalize", "endswith", "lower", "split", "startswith", "strip", "title", "upper"})
_FILE = "<template>"


class TemplateError(ValueError):
    """A text that cannot be read or filled in; the sentence says where. ``line`` counts in the part (subject, body)."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Rendered:
    """A text filled in."""

    subject: str
    body: str


def check(subject: str, body: str, facts: Facts) -> None:
    """Raises TemplateError when subject or body cannot be read, or ask for facts there are not."""
    render(subject, body, facts)


def render(subject: str, body: str, facts: Facts, *, lenient: bool = False) -> Rendered:
    """Fills in both parts. Facts that are None are not known: to print one is an error, ``is defined`` tells.

    ``lenient`` leaves a gap there (``GAP`` finds it), for somebody to fill in by hand. Raises TemplateError.
    """
    filled = {kind: _Facts(kind, values, lenient=lenient) for kind, values in facts.items()}
    first = clean_line(_fill(subject, filled, MOST_SUBJECT, "The subject"))
    rest = clean_text(_fill(body, filled, MOST_BODY, "The text"))
    if not first or not rest:
        raise TemplateError("The subject is empty." if not first else "The text is empty.")
    return Rendered(first, rest)


def fill_document(text: str, facts: Mapping[str, Any]) -> str:
    """A longer text filled in: facts may be lists too, and every one is there to print. Raises TemplateError."""
    filled = {kind: _Facts(kind, one, lenient=False) if isinstance(one, Mapping) else one for kind, one in facts.items()}
    return clean_text(_fill(text, filled, MOST_DOCUMENT, "The document"))


class _Facts:
    """What is known of one thing: ``account.name``. What is not known says so when it is printed."""

    def __init__(self, kind: str, values: Mapping[str, Any], *, lenient: bool) -> None:
        self._kind, self._values, self._lenient = kind, values, lenient

    def __getitem__(self, name: str) -> Any:
        from jinja2 import StrictUndefined, Undefined

        class Gap(Undefined):
            """What is not known, as a gap in the text."""

            def __str__(self) -> str:
                return f"[{self._undefined_hint}?]"

        if name not in self._values:
            from cockpit.domain.nearest import did_you_mean

            near = did_you_mean(name, self._values)
            raise TemplateError(f"there is no {self._kind}.{name}.{near} There are {', '.join(self._values)}")
        value = self._values[name]
        if value is not None:
            return value
        return Gap(hint=f"{self._kind}.{name}") if self._lenient else StrictUndefined(hint=f"{self._kind}.{name} is not known")


def _fill(text: str, facts: Mapping[str, Any], most: int, part: str) -> str:
    from jinja2.exceptions import TemplateError as JinjaError

    made: list[str] = []
    size = 0
    try:
        for piece in _compiled(text).generate(**facts):
            made.append(piece)
            size += len(piece)
            if size > most:
                raise TemplateError(f"it is longer than {most:,} letters")
    except TemplateError as error:
        line = error.line or _line(error.__traceback__)
        raise TemplateError(_where(part, line, str(error)), line) from error
    except JinjaError as error:
        line = getattr(error, "lineno", None) or _line(error.__traceback__)
        raise TemplateError(_where(part, line, error.message or type(error).__name__), line) from error
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        line = _line(error.__traceback__)
        raise TemplateError(_where(part, line, str(error)), line) from error
    return "".join(made)


def _where(part: str, line: int | None, words: str) -> str:
    return f"{part}{f', line {line}' if line else ''}: {words.rstrip('.')}."


def _line(trace: TracebackType | None) -> int | None:
    found = None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == _FILE:
            found = trace.tb_lineno
        trace = trace.tb_next
    return found


@lru_cache(maxsize=256)
def _compiled(text: str) -> Compiled:
    return _environment().from_string(text)


@lru_cache(maxsize=1)
def _environment() -> SandboxedEnvironment:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Sandbox(ImmutableSandboxedEnvironment):
        """No text made longer by multiplying it, or by a number that says how long."""

        intercepted_binops = frozenset({"*", "**", "%"})

        def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
            if not all(isinstance(one, int | float) and abs(one) < 1e9 for one in (left, right)) or operator == "**":
                raise TemplateError(f"{operator} is for small numbers, and ** for none")
            return super().call_binop(context, operator, left, right)

        def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
            return super().is_safe_attribute(obj, attr, value) and not (isinstance(obj, str) and attr not in METHODS)

    made = Sandbox(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.globals.clear()
    made.filters = {name: made.filters[name] for name in FILTERS}
    return made
