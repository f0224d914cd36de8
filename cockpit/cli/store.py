"""`db`: making and upgrading a store."""

from __future__ import annotations

from typing import Annotated

import typer

from cockpit import config
from cockpit.cli.options import GIVEN, desk, shared
from cockpit.cli.output import emit_one

app = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True, help="Make or upgrade a store.")


@app.command()
@shared
def new(
    kind: Annotated[str, typer.Option("--kind", metavar="K", help="team or test")] = "team",
) -> None:
    """Make an empty store with what every store needs; `import` does it by itself."""
    from cockpit.services.setup import new_store

    settings = config.load(flags={"db": GIVEN.db, "login": GIVEN.login})
    where = settings.db or str(config.default_store())
    new_store(where, settings.login or None, kind=kind).close()
    made = desk()
    emit_one({"path": where, "login": made.me.login}, f"Made a store at {where}: {made.me.login} works pool default.")


@app.command()
@shared
def upgrade() -> None:
    """Bring a store of an older Cockpit to this version; a copy of an SQLite file is kept beside it."""
    from cockpit.services.setup import upgrade_store

    settings = config.load(flags={"db": GIVEN.db, "login": GIVEN.login})
    done = upgrade_store(settings.db or str(config.default_store()))
    emit_one({"before": done.before, "after": done.after, "backup": done.backup}, done.said)


APPS = {"db": app}
