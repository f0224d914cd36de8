"""The entry: the version at once, the screens without a command, everything else through the command line."""

from __future__ import annotations

import sys

TYPE_CHECKING = False  # typing's own costs the version a third of its time
if TYPE_CHECKING:
    from cockpit.desk import Desk


def main(argv: list[str] | None = None) -> int:
    """Runs Cockpit; returns its exit code."""
    args = sys.argv[1:] if argv is None else argv
    if args in (["--version"], ["-V"]):
        from cockpit import __version__

        sys.stdout.write(f"cockpit {__version__}\n")
        return 0
    from cockpit.cli.main import run

    return run(args, _screens)


def _screens(desk: Desk) -> None:
    from cockpit.tui.app import run

    run(desk)


if __name__ == "__main__":
    sys.exit(main())
