"""`inbox`: mail that came in, as .eml files; and calendar files for `meeting import` and `import`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from cockpit.cli.first_word import ShowFirst
from cockpit.cli.options import desk, shared
from cockpit.cli.output import emit_done, emit_list, emit_one, say
from cockpit.desk import Desk
from cockpit.services import mail_in, meeting_in
from cockpit.services.frozen import to_plain

app = typer.Typer(
    cls=ShowFirst, rich_markup_mode=None, add_completion=False, no_args_is_help=True,
    help="Mail that came in: `inbox FILE…` reads .eml files and folders of them.",
)  # fmt: skip
COLUMNS = ("file", "state", "account", "person", "subject", "cta", "intervention")
Stray = Annotated[int, typer.Argument(metavar="ID", help="The number of a mail, as `inbox list` prints it")]


@app.command()
@shared
def show(file: Annotated[list[Path], typer.Argument(metavar="FILE…", help=".eml files, or folders of them")]) -> None:
    """Read mail: matched to who wrote it and what it answers, logged, what sleeps is woken, stages moved."""
    at = desk(writes=True)
    found = mail_in.bring_in(at, file)
    emit_list([_plain(one) for one in found], COLUMNS, empty="There was no mail.")
    for one in found:
        say(one.said)
    if any(one.state == "unreadable" for one in found):
        raise typer.Exit(1)


@app.command("list")
@shared
def list_() -> None:
    """List the mails from people nobody here knows."""
    rows = [to_plain(one) for one in mail_in.strays(desk())]
    emit_list(rows, ("id", "at", "sender", "sender_name", "subject"), empty="No mail waits for somebody to say whose it is.")


@app.command("file")
@shared
def file_(
    mail: Stray,
    account: Annotated[str, typer.Option("--account", metavar="A", help="Whose it is")],
    person: Annotated[str | None, typer.Option("--person", metavar="P", help="Who of them wrote it")] = None,
) -> None:
    """Say whose a mail is: it is logged there, and counts as any other."""
    done = mail_in.file_stray(desk(writes=True), mail, account, person)
    emit_one(_plain(done), done.said)


@app.command()
@shared
def drop(mail: Stray) -> None:
    """Throw away a mail that is nobody's."""
    emit_done(mail_in.drop_stray(desk(writes=True), mail))


Calendar = Annotated[Path, typer.Argument(metavar="FILE", help="A calendar file (.ics)")]


@shared
def meeting_import(
    file: Calendar,
    account: Annotated[str | None, typer.Option("--account", metavar="A", help="Whose all of them are; else who is invited tells")] = None,
    held: Annotated[bool, typer.Option("--held", help="What is past was held, with whoever accepted; else it asks")] = False,
) -> None:
    """Bring in the meetings of a calendar file; a second time changes and calls off what has changed."""
    done = meeting_in.import_meetings(desk(writes=True), file, account, held)
    emit_done(done)
    for subject in done.strangers:
        say(f"Left out, nobody of a customer is invited: {subject}")


def bring(at: Desk, files: list[Path]) -> list[dict[str, Any]]:
    """Mail and calendar files as ``import`` reports them."""
    rows: list[dict[str, Any]] = []
    for file in files:
        if file.suffix.casefold() == ".ics":
            read = meeting_in.import_meetings(at, file)
            rows.append(_report(file, "meetings", read.read, read.created, read.updated + read.off, read.unchanged, read.skipped, read.act))
            say(read.said)
            continue
        found = mail_in.bring_in(at, [file])
        states = [one.state for one in found]
        bad = states.count("unreadable") + states.count("unmatched")
        same = states.count("unchanged")
        acts = [one.act for one in found if one.act is not None]
        rows.append(_report(file, "mails", len(found), len(found) - same - bad, 0, same, bad, acts[-1] if acts else None))
        say(mail_in.summary(found))
    return rows


def _report(file: Path, kind: str, read: int, created: int, updated: int, unchanged: int, rejected: int, act: int | None) -> dict[str, Any]:
    return {
        "file": str(file), "kind": kind, "system": None, "read": read, "created": created, "updated": updated, "unchanged": unchanged,
        "rejected": rejected, "rejects_file": None, "act": act,
    }  # fmt: skip


def _plain(one: mail_in.Received) -> dict[str, Any]:
    row: dict[str, Any] = to_plain(one)
    return row


APPS = {"inbox": app}
