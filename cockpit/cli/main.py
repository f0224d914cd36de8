"""The commands by name, imported when they are called, and what an error becomes."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from enum import IntEnum
from functools import cache
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from cockpit.cli import options
from cockpit.cli.names import COMMANDS
from cockpit.cli.output import Unprinted, dead, put, say
from cockpit.config import ConfigError
from cockpit.desk import Desk
from cockpit.services.errors import Refused, StoreError


class Exit(IntEnum):
    """What the shell is told."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    STORE = 3
    REFUSED = 4
    INTERRUPTED = 130


WORDS_ARE_OFF = frozenset({"sort", "entity", "screen", "kind", "map", "by", "days"})
"""Refusals that are about how it was asked, not about what was asked."""


class Lazy(TyperGroup):
    """A group that knows its commands' names and imports one when it is called."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in self.commands and cmd_name in COMMANDS:
            module = import_module(f"cockpit.cli.{COMMANDS[cmd_name].module}")
            command = get_command(module.APPS[cmd_name])
            command.name = cmd_name
            self.commands[cmd_name] = command
        return self.commands.get(cmd_name)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, one.help) for name, one in COMMANDS.items()])

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and args[0] not in COMMANDS:
            from cockpit.domain.nearest import did_you_mean

            raise options.Usage(
                f"There is no command {args[0]!r}.{did_you_mean(args[0], COMMANDS)} `cockpit --help` lists them."
            )
        return super().resolve_command(ctx, args)


app = typer.Typer(
    cls=Lazy,
    invoke_without_command=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Cockpit: the pool queue, the accounts and the hand-overs of customer success. Without a command: the screens.",
)


@app.callback()
@options.shared
def root(
    ctx: typer.Context, version: bool = typer.Option(False, "--version", "-V", help="Print the version and stop")
) -> None:
    """Cockpit: without a command, the screens."""
    if version:
        from cockpit import __version__

        put(f"cockpit {__version__}\n")
        raise typer.Exit
    if ctx.invoked_subcommand is None:
        open_screens()


@cache
def parser() -> Any:
    """The commands as they are parsed; Typer would build all of it anew for every line."""
    return get_command(app)


def open_screens() -> None:
    """Opens the screens on the store of the options."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise options.Usage("The screens need a terminal; `cockpit --help` lists what works without one.")
    from cockpit.cli.screens import show

    show()


def run(args: list[str], screens: Callable[[Desk], None] | None = None) -> int:
    """Runs one command line; returns the exit code, every error turned into its sentence.

    ``screens`` opens the other face on a desk.
    """
    options.reset()
    options.SCREENS[:] = [] if screens is None else [screens]
    try:
        code = parser()(args, prog_name="cockpit", standalone_mode=False)
    except Refused as no:
        if options.GIVEN.json:
            put(dead(json.dumps({"refused": no.code, "message": no.message}, ensure_ascii=False)) + "\n")
        return _fail(no.message, Exit.USAGE if no.code in WORDS_ARE_OFF else Exit.REFUSED)
    except StoreError as error:
        return _fail(str(error), Exit.STORE)
    except (options.Usage, ConfigError) as error:
        return _fail(str(error), Exit.USAGE)
    except Unprinted as error:
        return _fail(str(error), Exit.FAILED)
    except KeyboardInterrupt:
        return _fail("Interrupted.", Exit.INTERRUPTED)
    except Exception as error:  # noqa: BLE001 - the last line: whatever it is, its reader gets a sentence
        return _other(error)
    return int(code or 0)


def _other(error: Exception) -> int:
    """Errors of parts that are imported late, told by the sentence they carry."""
    from typer.exceptions import Abort

    name = type(error).__name__
    if isinstance(error, Abort):
        return _fail("Interrupted.", Exit.INTERRUPTED)
    if hasattr(error, "format_message") and hasattr(error, "exit_code"):  # Typer's own usage errors
        ctx = getattr(error, "ctx", None)
        hint = f" See `{ctx.command_path} --help`." if ctx else ""
        return _fail(f"{error.format_message()}{hint}", Exit.USAGE)
    if name in (
        "QueryError",
        "WhenError",
        "MoneyError",
        "ClockError",
        "UnknownCalendar",
        "PlaybookError",
        "WeightsError",
    ):
        return _fail(str(error), Exit.USAGE)
    if isinstance(error, UnicodeEncodeError):  # the system hands over bytes as they are, the store takes text
        return _fail("Something in that line is no text (UTF-8). Type it again.", Exit.USAGE)
    if name == "UnreadableFile":
        return _fail(str(error), Exit.FAILED)
    return _bug(error)


def _bug(error: Exception) -> int:
    """A fault of Cockpit's own: one sentence here, the rest in the log, secrets in neither."""
    from cockpit.log import told

    return _fail(told(error), Exit.FAILED)


def _fail(words: str, code: Exit) -> int:
    from cockpit.log import masked

    say(masked(words))
    return int(code)
