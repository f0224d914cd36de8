"""What every command takes, before or after its name: which store, who, how to print."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Annotated, Any

import typer

from cockpit.desk import Desk
from cockpit.services.session import open_desk

PANEL = "Everywhere"


class Usage(Exception):
    """The call's words are off; the message says how."""


@dataclass(slots=True)
class Options:
    """The options given so far."""

    db: str | None = None
    login: str | None = None
    as_of: str | None = None
    read_only: bool = False
    once: str | None = None
    json: bool = False
    csv: bool = False
    md: bool = False
    output: str | None = None


GIVEN = Options()
"""Of the command that runs: one process runs one."""

SCREENS: list[Callable[[Desk], None]] = []
"""How the screens open; the entry point says it, since the two faces do not know each other."""


def _option(kind: Any, *names: str, words: str, metavar: str | None = None) -> Any:
    return Annotated[kind, typer.Option(*names, metavar=metavar, help=words, rich_help_panel=PANEL)]


FromVersion = Annotated[
    int | None,
    typer.Option("--from-version", metavar="N", min=0, help="The version the text was made from; refused when there is a newer one"),
]
SHARED: dict[str, Any] = {
    "db": _option(str | None, "--db", metavar="STORE", words="An SQLite path or postgresql://… [env: COCKPIT_DB]"),
    "login": _option(str | None, "--as", metavar="LOGIN", words="Who acts; else your login here [env: COCKPIT_AS]"),
    "as_of": _option(str | None, "--as-of", metavar="DATE", words="What the store knew at the end of that day"),
    "read_only": _option(bool, "--read-only", words="Write nothing"),
    "once": _option(str | None, "--once", metavar="KEY", words="A repeat with the same key returns the first result"),
    "json": _option(bool, "--json", words="Print JSON"),
    "csv": _option(bool, "--csv", words="Print CSV"),
    "md": _option(bool, "--md", words="Print a Markdown table"),
    "output": _option(str | None, "-o", "--output", metavar="FILE", words="Write it there instead of printing"),
}
_DEFAULTS = {field.name: field.default for field in fields(Options)}


def reset() -> None:
    """Forgets what an earlier command was given."""
    for name, value in _DEFAULTS.items():
        setattr(GIVEN, name, value)


def shared(function: Callable[..., Any]) -> Callable[..., Any]:
    """The command with the shared options added to its own."""

    @functools.wraps(function)
    def command(*args: Any, **kwargs: Any) -> Any:
        for name in SHARED:
            value = kwargs.pop(f"shared_{name}", _DEFAULTS[name])
            if value != _DEFAULTS[name]:
                setattr(GIVEN, name, value)
        if sum((GIVEN.json, GIVEN.csv, GIVEN.md)) > 1:
            raise Usage("--json, --csv and --md: one of them.")
        if GIVEN.once is not None and not GIVEN.once.strip():
            raise Usage("--once needs a key of its own for each act; this one is empty.")
        return function(*args, **kwargs)

    own = inspect.signature(function, eval_str=True)
    extra = [
        inspect.Parameter(
            f"shared_{name}", inspect.Parameter.KEYWORD_ONLY, default=_DEFAULTS[name], annotation=annotation
        )
        for name, annotation in SHARED.items()
    ]
    command.__signature__ = own.replace(parameters=[*own.parameters.values(), *extra])  # type: ignore[attr-defined]
    command.__annotations__ = {p.name: p.annotation for p in (*own.parameters.values(), *extra)}
    return command


def options() -> Options:
    """What this command was given."""
    return replace(GIVEN)


def desk(*, writes: bool = False, create: bool = False) -> Desk:
    """The desk of this command. Before a command that writes, what fell due is done first."""
    made = open_desk(
        GIVEN.db, GIVEN.login, read_only=GIVEN.read_only, as_of=as_of_day(), once=GIVEN.once, create=create
    )
    if writes:
        from cockpit.services.tick import tick

        tick(made)
    return made


def as_of_day() -> date | None:
    """The day of --as-of."""
    if GIVEN.as_of is None:
        return None
    try:
        return date.fromisoformat(GIVEN.as_of)
    except ValueError as error:
        raise Usage(f"--as-of takes a day such as 2026-06-30, not {GIVEN.as_of!r}.") from error
