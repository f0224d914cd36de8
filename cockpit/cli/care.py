"""`backup`, `restore`, `doctor`, `seal`, `archive`, `person erase`: that nothing is lost, and what must go is gone."""

from __future__ import annotations

import os
import sys
from datetime import date
from typing import Annotated, Any

import typer

from cockpit import config
from cockpit.cli.options import GIVEN, Usage, desk, shared
from cockpit.cli.output import emit_done, emit_list, emit_one, say
from cockpit.services.errors import Refused
from cockpit.services.frozen import to_plain

Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do it without asking")]


@shared
def backup(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The file to make")],
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there")] = False,
) -> None:
    """Copy the whole store into one file, checked before it gets its name, while others go on working."""
    from cockpit.services.backup import backup as make

    emit_done(make(desk(), file, force=force))


@shared
def restore(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A backup")],
    into: Annotated[
        str | None, typer.Option("--into", metavar="STORE", help="Where to; else the store of --db")
    ] = None,
    yes: Yes = False,
    force: Annotated[bool, typer.Option("--force", help="Also a backup whose journal does not hold")] = False,
) -> None:
    """Put a backup in the place of the store, which is kept beside with the date. This cannot be undone."""
    from cockpit.services import backup as services
    from cockpit.services.session import read_clock

    if GIVEN.read_only or GIVEN.as_of:
        raise Refused("read_only", "Nothing is written here: Cockpit was opened read-only.")
    settings = config.load(flags={"db": GIVEN.db, "login": GIVEN.login})
    target = into or settings.db or str(config.default_store())
    replaced = services.describe(target)
    if replaced is not None:
        confirm(f"{file} replaces {replaced}.", yes)
    done = services.restore(file, target, settings.login or None, read_clock(os.environ)[0], force=force)
    emit_done(done)
    for words in done.warnings:
        say(f"  {words}")


@shared
def doctor(
    full: Annotated[bool, typer.Option("--full", help="Every page and every chain, not a sample")] = False,
) -> None:
    """Look for every risk to the store that can be seen from here, and say what to do; exit 1 when one is bad."""
    from cockpit.services.doctor import examine

    settings = config.load(flags={"db": GIVEN.db})
    found = examine(settings.db or str(config.default_store()), full=full)
    plain: dict[str, Any] = to_plain(found)
    if GIVEN.csv or GIVEN.md:
        emit_list(plain["checks"], ("name", "state", "says", "todo"))
    else:
        lines = [
            f"{one.state:4}  {one.name:12}  {one.says}" + (f"\n{'':20}→ {one.todo}" if one.todo else "")
            for one in found.checks
        ]
        emit_one(plain, found.said, lines="\n".join(lines))
    if not found.ok:
        raise typer.Exit(1)


@shared
def seal() -> None:
    """Seal the journal; keep what this prints (or -o FILE) elsewhere, for `verify --against`."""
    from cockpit.services.seal import seal as make

    done = make(desk())
    if GIVEN.output is not None or GIVEN.json:
        GIVEN.json = True
        emit_one(done.seal | {"act": done.act, "is_new": done.is_new}, done.said)
    else:
        emit_one(done.seal, done.said, lines=done.digest)


@shared
def archive(
    before: Annotated[str, typer.Option("--before", metavar="D", help="What was done before that day goes")],
    yes: Yes = False,
) -> None:
    """Move what old acts changed into a file of its own (-o FILE); the journal's chains stay and still verify."""
    from cockpit.services.archive import archive as move

    if GIVEN.output is None:
        raise Usage("Say where to: -o FILE.")
    target, GIVEN.output = GIVEN.output, None
    day = _day(before)
    at = desk()
    confirm(f"Acts before {before} can no longer be undone, nor their fields read here.", yes)
    emit_done(move(at, day, target))


@shared
def erase(
    person: Annotated[str, typer.Argument(metavar="PERSON", help="By id, e-mail or exact name")],
    also: Annotated[
        list[str] | None, typer.Option("--also", metavar="TEXT", help="Another spelling of her name to look for")
    ] = None,
    yes: Yes = False,
) -> None:
    """Remove a person's data from rows, journal and timeline. This cannot be undone; earlier backups still hold it."""
    from cockpit.services.erase import erase as remove
    from cockpit.services.people import find_person

    at = desk(writes=True)
    id_ = find_person(at, person)
    confirm(f"Everything that is known of person {id_} is removed, from the journal too.", yes)
    done = remove(at, id_, tuple(also or ()))
    emit_done(done)
    for words in done.remains:
        say(f"  {words}")


def confirm(what: str, yes: bool) -> None:
    """Asks on a terminal; elsewhere only --yes will do. Raises Refused."""
    if yes:
        return
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise Refused("confirm", f"{what} This cannot be undone: say --yes to do it.")
    sys.stderr.write(f"{what} This cannot be undone. Type yes to do it: ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() != "yes":
        raise Refused("confirm", "Nothing was done.")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Usage(f"--before takes a day such as 2025-06-30, not {text!r}.") from error


def _single(function: Any) -> typer.Typer:
    app = typer.Typer(rich_markup_mode=None, add_completion=False)
    app.command()(function)
    return app


APPS = {
    name: _single(function)
    for name, function in {
        "backup": backup, "restore": restore, "doctor": doctor, "seal": seal, "archive": archive,
    }.items()
}  # fmt: skip
