"""`escalation list|show|new|edit|update|close|reopen`."""

from __future__ import annotations

from typing import Annotated

import typer

from cockpit.cli.goal import Account, Note, Where, given, words
from cockpit.cli.lists import Limit
from cockpit.cli.options import Usage, desk, shared
from cockpit.cli.output import emit_done, emit_list, emit_one, people_limit
from cockpit.cli.risk import Csm, Department, Owner, Severity
from cockpit.services import escalation as escalations
from cockpit.services import success
from cockpit.services.errors import NotFound
from cockpit.services.frozen import to_plain

app = typer.Typer(
    rich_markup_mode=None,
    add_completion=False,
    no_args_is_help=True,
    help="Customers' matters that are owned elsewhere: their clock, and when the customer hears again.",
)
COLUMNS = ("id", "account", "severity", "title", "department", "owner", "clock", "next_update", "is_overdue", "csm")
Id = Annotated[int, typer.Argument(metavar="ID", help="The number of an escalation, as `escalation list` prints it")]
Next = Annotated[
    str | None, typer.Option("--next-update", metavar="D", help="When the customer hears again; else by severity")
]


@app.command("list")
@shared
def list_(
    account: Annotated[str | None, typer.Option("--account", metavar="A", help="Only this account's")] = None,
    where: Where = "",
    overdue: Annotated[bool, typer.Option("--overdue", help="Only those whose update is overdue")] = False,
    limit: Limit = None,
    all_: Annotated[bool, typer.Option("--all", help="Settled ones too")] = False,
) -> None:
    """List the open escalations, the next update first."""
    rows = success.escalations(desk(), account, where, closed=all_, overdue=overdue)
    shown = rows[: people_limit(limit)]
    emit_list([to_plain(row) for row in shown], COLUMNS, empty="Nothing is escalated.", more=len(rows) - len(shown))


@app.command()
@shared
def show(escalation: Id) -> None:
    """Show one escalation whole."""
    row = next((one for one in success.escalations(desk(), closed=True) if one.id == escalation), None)
    if row is None:
        raise NotFound(f"There is no escalation {escalation}.")
    emit_one(to_plain(row), lines=words(to_plain(row), f"Escalation {row.id} · {row.account} · {row.title}"))


@app.command()
@shared
def new(
    account: Account,
    title: Annotated[str, typer.Argument(metavar="TITLE", help="What it is about")],
    severity: Severity = None,
    department: Department = None,
    owner: Owner = None,
    csm: Csm = None,
    next_update: Next = None,
    note: Note = None,
) -> None:
    """Open an escalation; it is an entry of the timeline too."""
    fields = given(severity=severity, department=department, owner=owner, csm=csm, next_update=next_update, note=note)
    emit_done(escalations.escalate(desk(writes=True), account, title, **fields))


@app.command()
@shared
def edit(
    escalation: Id,
    title: Annotated[str | None, typer.Option("--title", metavar="T", help="What it is about")] = None,
    severity: Severity = None,
    department: Department = None,
    owner: Owner = None,
    csm: Csm = None,
    next_update: Next = None,
    note: Note = None,
) -> None:
    """Change an escalation; none empties a field."""
    fields = given(
        title=title, severity=severity, department=department, owner=owner, csm=csm, next_update=next_update, note=note
    )
    if not fields:
        raise Usage("Say what to change, e.g. --owner 'Lee Park'.")
    emit_done(escalations.edit_escalation(desk(writes=True), escalation, fields))


@app.command()
@shared
def update(
    escalation: Id,
    news: Annotated[str, typer.Option("--news", metavar="T", help="What is new; it goes on the timeline")],
    next_update: Next = None,
) -> None:
    """Say what is new, and when the customer hears again."""
    emit_done(escalations.update_escalation(desk(writes=True), escalation, news, next_update))


@app.command()
@shared
def close(
    escalation: Id,
    note: Annotated[str, typer.Option("--note", metavar="T", help="How it was settled")],
) -> None:
    """Settle an escalation."""
    emit_done(escalations.close_escalation(desk(writes=True), escalation, note))


@app.command()
@shared
def reopen(escalation: Id) -> None:
    """Open a settled escalation again; its clock goes on from its first day."""
    emit_done(escalations.reopen_escalation(desk(writes=True), escalation))


APPS = {"escalation": app}
