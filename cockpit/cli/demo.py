"""`demo`: a company to try everything on."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from cockpit import config
from cockpit.cli.options import GIVEN, Usage, shared
from cockpit.cli.output import emit_one, say
from cockpit.services.errors import Refused

if TYPE_CHECKING:
    from cockpit.services.demo import DemoBuilt


@shared
def demo(
    path: Annotated[
        str | None, typer.Option("--path", metavar="F", help="Where; else demo.db in the data folder")
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", metavar="N", help="The same seed and clock give the same company; else 1")
    ] = None,
    accounts: Annotated[int | None, typer.Option("--accounts", metavar="N", min=1, help="How many accounts")] = None,
    ctas: Annotated[
        int | None, typer.Option("--ctas", metavar="N", min=1, help="How many open CTAs; history comes on top")
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Remove the demo company that is there first")] = False,
    no_open: Annotated[bool, typer.Option("--no-open", help="Build it, leave the screens closed")] = False,
) -> None:
    """Build a seeded demo company in a store of its own, and open its queue; one that is there is opened as it is."""
    if GIVEN.read_only or GIVEN.as_of:
        raise Usage("`demo` builds a store: it cannot be read-only.")
    where = path or GIVEN.db or str(config.demo_store())
    built, words = _stand(where, fresh, seed, accounts, ctas)
    plain = {
        "path": built.path,
        "accounts": built.accounts,
        "ctas": built.ctas,
        "people": built.people,
        "activities": built.activities,
    }
    emit_one(plain, words)
    if not no_open and not GIVEN.json and sys.stdin.isatty() and sys.stdout.isatty():
        from cockpit.cli.screens import show

        GIVEN.db = built.path
        show()
    elif not GIVEN.json:
        say(f"Look at it: cockpit --db {built.path}")


def _stand(where: str, fresh: bool, seed: int | None, accounts: int | None, ctas: int | None) -> tuple[DemoBuilt, str]:
    """The demo company, built or found."""
    from cockpit.services.demo import build_demo
    from cockpit.services.demo.standing import remove_demo, standing_demo
    from cockpit.services.session import read_clock
    from cockpit.services.setup import os_login

    if fresh:
        remove_demo(where)
    elif found := standing_demo(where):
        if (seed, accounts, ctas) != (None, None, None):
            raise Refused("exists", f"{where} holds a demo company already: --fresh builds it anew, --path elsewhere.")
        return found, f"The demo company at {where} as you left it; --fresh builds it anew."
    login = config.load(flags={"login": GIVEN.login}).login or os_login()
    is_watched = sys.stderr.isatty()
    built = build_demo(
        where,
        seed=1 if seed is None else seed,
        accounts=accounts,
        ctas=ctas,
        clock=read_clock(os.environ)[0],
        login=login,
        progress=_progress if is_watched else None,
    )
    if is_watched:
        sys.stderr.write("\r\x1b[K")
    return built, f"Built {built.accounts:,} accounts and {built.ctas:,} open CTAs in {built.seconds:.1f} s at {where}"


def _progress(what: str, done: int, of: int) -> None:
    sys.stderr.write(f"\r\x1b[KBuilding {what}: {done:,} of {of:,}")
    sys.stderr.flush()


def _single() -> typer.Typer:
    app = typer.Typer(rich_markup_mode=None, add_completion=False)
    app.command()(demo)
    return app


APPS = {"demo": _single()}
