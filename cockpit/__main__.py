"""The entry: the version at once, the screens without a command, everything else through the command line."""

from __future__ import annotations

import io
import os
import sys

TYPE_CHECKING = False  # typing's own costs the version a third of its time
if TYPE_CHECKING:
    from cockpit.desk import Desk

BARE = ("--db", "--as")
"""What the screens are mostly opened with; more than that goes the whole way through the command line."""


def main(argv: list[str] | None = None) -> int:
    """Runs Cockpit; returns its exit code."""
    _make_streams_usable()
    args = sys.argv[1:] if argv is None else argv
    if args in (["--version"], ["-V"]):
        from cockpit import __version__

        sys.stdout.write(f"cockpit {__version__}\n")
        return 0
    if desk := _straight_to_the_screens(args):
        _screens(desk)
        return 0
    try:
        from cockpit.cli.main import run
    except KeyboardInterrupt:  # the rest of the way the command line sees to it itself
        return 130
    return run(args, _screens)


def _make_streams_usable() -> None:
    """A standard stream that was closed leads nowhere, and no file that is opened later takes its place.

    What an output that is not UTF-8 has no sign for is spelt out there, as Python does for talk.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - as long as the program
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _straight_to_the_screens(args: list[str]) -> Desk | None:
    """The desk of a bare ``cockpit`` without loading the command line; None whenever anything is not plain.

    The command line then goes the same way again and says what is wrong.
    """
    names, values = args[::2], args[1::2]
    if len(names) != len(values) or not set(BARE) >= set(names) or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return None
    from cockpit.config import ConfigError
    from cockpit.services.errors import Refused, StoreError
    from cockpit.services.session import ClockError, open_desk
    from db.terms import Face

    try:
        given = dict(zip(names, values, strict=True))
        return open_desk(given.get("--db"), given.get("--as"), face=Face.TUI)
    except (ConfigError, ClockError, Refused, StoreError):
        return None


def _screens(desk: Desk) -> None:
    from cockpit.tui.app import run

    run(desk)


if __name__ == "__main__":
    sys.exit(main())
