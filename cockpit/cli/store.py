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

    _check_writable()
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

    _check_writable()
    settings = config.load(flags={"db": GIVEN.db, "login": GIVEN.login})
    done = upgrade_store(settings.db or str(config.default_store()))
    emit_one({"before": done.before, "after": done.after, "backup": done.backup}, done.said)


@app.command("init-postgres")
@shared
def init_postgres() -> None:
    """Set up a PostgreSQL store for a team: roles, rights, row-level security; says what it did."""
    from cockpit.services.server import init_postgres as arrange

    settings = config.load(flags={"db": GIVEN.db, "login": GIVEN.login})
    _check_writable()
    done = arrange(settings.db, settings.login or None)
    emit_one({"done": list(done.done), "left": list(done.left)}, done.said)


@app.command()
@shared
def admit(
    login: Annotated[str, typer.Argument(metavar="LOGIN", help="Of somebody the store knows (cockpit csm list)")],
    password: Annotated[
        bool, typer.Option("--password", help="Ask for a password, or take COCKPIT_ADMIT_PASSWORD")
    ] = False,
) -> None:
    """Give somebody a login on the PostgreSQL server, which sees what her pools and role let her see."""
    from cockpit.services.server import admit_login

    settings = config.load(flags={"db": GIVEN.db, "login": GIVEN.login})
    _check_writable()
    done = admit_login(settings.db, login, _password(login) if password else None)
    emit_one({"login": login, "done": list(done.done), "left": list(done.left)}, done.said)


def _check_writable() -> None:
    if GIVEN.read_only or GIVEN.as_of:
        from cockpit.services.errors import Refused

        raise Refused("read_only", "Nothing is written here: Cockpit was opened read-only.")


def _password(login: str) -> str:
    """Never an argument: those are in everybody's list of processes."""
    import os

    found = os.environ.get("COCKPIT_ADMIT_PASSWORD")
    return found or typer.prompt(f"Password of {login}", hide_input=True, confirmation_prompt=True, err=True)


APPS = {"db": app}
