"""`import` and `export`: files in and out."""

from __future__ import annotations

import atexit
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer

from cockpit.cli.account import plain as plain_account
from cockpit.cli.lists import Limit, Where, every, plain_row
from cockpit.cli.options import GIVEN, Usage, desk, shared
from cockpit.cli.output import dead, emit_list, say, shows_people
from cockpit.desk import Desk
from cockpit.services.errors import StoreMissing
from cockpit.services.exchange import FileReport, FileState
from cockpit.services.frozen import to_plain

FAILED = 1
LISTS = ("queue", "work", "all", "accounts")


@shared
def import_(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="CSV, TSV or XLSX files or folders of them; .ics and .eml too")],
    as_kind: Annotated[
        str | None, typer.Option("--as-kind", metavar="K", help="accounts, people, ctas, … when the headers don't say")
    ] = None,
    map_: Annotated[
        Path | None, typer.Option("--map", metavar="F", help='A TOML or JSON file: "Their column" = "Our Field"')
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show how each column is understood, write nothing")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 when a row was rejected")] = False,
) -> None:
    """Read files of other systems into the store, in one act that `undo` takes back whole."""
    from cockpit.services.exchange import import_files

    missing = [str(file) for file in files if not file.exists()]
    if missing:
        raise Usage(f"There is no file {missing[0]}.")
    post = [file for file in files if file.suffix.casefold() in (".ics", ".eml")]
    if post and not dry_run:
        from cockpit.cli.inbox import bring

        files = [file for file in files if file not in post]
        rows = bring(_desk(dry_run), post)
        if not files:
            return emit_list(rows, ("file", "kind", "read", "created", "updated", "unchanged", "rejected"))
    at = _desk(dry_run)
    reports = import_files(at, files, as_kind=as_kind, map_file=map_, dry_run=dry_run, strict=strict,
                           progress=_progress if sys.stderr.isatty() else None)  # fmt: skip
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
    emit_list(
        [*(rows if post and not dry_run else ()), *(plain(one) for one in reports)],
        ("file", "kind", "system", "read", "created", "updated", "unchanged", "rejected"),
    )
    if shows_people():
        for one in reports:
            _tell(one, dry_run)
    acts = {one.act for one in reports if one.act is not None}
    if acts:
        say(f"Imported as act {acts.pop()}: `cockpit undo` takes all of it back.")
        _score(at)
    elif dry_run:
        say("Nothing was written: without --dry-run it is.")
    if any(one.failed for one in reports) or (strict and any(one.rejected for one in reports)):
        raise typer.Exit(FAILED)
    return None


def _score(at: Desk) -> None:
    """What came in changes health; of many accounts the next `cockpit tick` (or `health run`) scores the rest."""
    from cockpit.services.health_run import run_due

    done = run_due(at)
    if done.changed:
        say(done.said)


def _desk(dry_run: bool) -> Desk:
    """The store to import into, made when it is missing; for a rehearsal a passing one in its place."""
    try:
        return desk(writes=not dry_run, create=not dry_run)
    except StoreMissing:
        folder = tempfile.mkdtemp(prefix="cockpit-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        GIVEN.db = str(Path(folder) / "rehearsal.db")
        return desk(create=True)


def plain(report: FileReport) -> dict[str, Any]:
    """A file's report as `--json` prints it."""
    found: dict[str, Any] = to_plain(report)
    first = ("file", "kind", "read", "created", "updated", "unchanged", "rejected", "rejects_file", "act")
    return {key: found[key] for key in first} | {key: value for key, value in found.items() if key not in first}


def _tell(report: FileReport, dry_run: bool) -> None:
    if report.message:
        say(f"{report.file}: {report.message}")
    for note in report.notes:
        say(f"{report.file}: {note}")
    if report.state is not FileState.IMPORTED:
        return
    if dry_run:
        say(f"{report.file}, as it was understood:")
        for column in report.columns:
            meant = column.field or "kept as it is"
            say(f"  {column.header[:40]:40} → {meant:20} {column.sample[:40]}  ({column.how})")
    for reject in report.rejects[:5]:
        say(f"{report.file}, row {reject.row}, {reject.column or 'the row'}: {reject.reason}")
    if report.rejects_file:
        say(f"{report.rejected:,} rejected rows with their reasons: {report.rejects_file}")


def _progress(what: str, rows: int) -> None:
    sys.stderr.write(f"\r\x1b[K{dead(what)}: {rows:,} rows")
    sys.stderr.flush()


@shared
def export(
    view: Annotated[str, typer.Argument(metavar="VIEW", help="queue, work, all, accounts, or a saved view")],
    where: Where = "",
    sort: Annotated[str | None, typer.Option("--sort", metavar="S", help="In which order; else the view's")] = None,
    limit: Limit = None,
) -> None:
    """Write a list whole: CSV unless --json or --md is asked for; -o names the file."""
    if shows_people():
        GIVEN.csv = True
    at = desk()
    screen, query, order = _meant(at, view)
    query = " ".join(f"({part})" for part in (query, where) if part.strip())
    if screen == "accounts":
        from cockpit.cli.account import every_account

        emit_list(
            [plain_account(row) for row in every_account(at, query, sort or order or "name", limit)], ("id", "name")
        )
        return
    from cockpit.services.queue import QueueQuery

    scope: Any = screen
    rows = every(
        at,
        QueueQuery(where=query, sort=sort or order or ("newest" if screen == "all" else "score"), scope=scope),
        limit,
    )
    emit_list([plain_row(row) for row in rows], ("id", "account", "title"))


def _meant(at: Any, view: str) -> tuple[str, str, str | None]:
    """(screen, query, sort) of a list or a saved view of that name."""
    if view in LISTS:
        return view, "", None
    from cockpit.services.errors import NotFound
    from cockpit.services.view import find_view

    for screen in ("queue", "work", "accounts"):
        try:
            found = find_view(at, screen, view)
        except NotFound:
            continue
        return screen, found.query, found.sort
    raise NotFound(
        f"There is no list or saved view called {view!r}: {', '.join(LISTS)}, or one of `cockpit view list`."
    )


def _single(function: Any) -> typer.Typer:
    app = typer.Typer(rich_markup_mode=None, add_completion=False)
    app.command()(function)
    return app


APPS = {"import": _single(import_), "export": _single(export)}
