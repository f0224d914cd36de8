"""`goal list|show|new|edit|end`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cockpit.cli.lists import Limit
from cockpit.cli.options import Usage, desk, shared
from cockpit.cli.output import emit_done, emit_list, emit_one, people_limit
from cockpit.services import goal as goals
from cockpit.services import success
from cockpit.services.errors import NotFound
from cockpit.services.frozen import to_plain

app = typer.Typer(
    rich_markup_mode=None,
    add_completion=False,
    no_args_is_help=True,
    help="Success plans: what customers want to reach, how one sees it, by when, whose it is.",
)
COLUMNS = ("id", "account", "title", "status", "says", "due", "owner", "measure", "holds")
Id = Annotated[int, typer.Argument(metavar="ID", help="The number of a goal, as `goal list` prints it")]
Account = Annotated[str, typer.Argument(metavar="ACCOUNT", help="By id, external id or exact name")]
Where = Annotated[str, typer.Option("--where", metavar="Q", help="Only of accounts that a query matches")]
Measure = Annotated[str | None, typer.Option("--measure", metavar="T", help="How one sees that it is reached")]
Criterion = Annotated[
    str | None, typer.Option("--criterion", metavar="Q", help="A query that is true when it is: 'logins_14d:>200'")
]
Due = Annotated[str | None, typer.Option("--due", metavar="D", help="By when")]
Owner = Annotated[str | None, typer.Option("--owner", metavar="LOGIN", help="Whose it is here")]
Note = Annotated[str | None, typer.Option("--note", metavar="T", help="What else to know")]


@app.command("list")
@shared
def list_(
    account: Annotated[str | None, typer.Option("--account", metavar="A", help="Only this account's")] = None,
    owner: Annotated[str | None, typer.Option("--owner", metavar="LOGIN", help="Only hers")] = None,
    where: Where = "",
    late: Annotated[bool, typer.Option("--late", help="Only those past their day")] = False,
    limit: Limit = None,
    all_: Annotated[bool, typer.Option("--all", help="Those that have ended too")] = False,
) -> None:
    """List the open goals, the next due first."""
    rows = success.goals(desk(), account, owner, where, ended=all_, late=late)
    shown = rows[: people_limit(limit)]
    empty = "No open goal: `goal new ACCOUNT TITLE` agrees one."
    emit_list([to_plain(row) for row in shown], COLUMNS, empty=empty, more=len(rows) - len(shown))


@app.command()
@shared
def show(goal: Id) -> None:
    """Show one goal whole."""
    row = next((one for one in success.goals(desk(), ended=True) if one.id == goal), None)
    if row is None:
        raise NotFound(f"There is no goal {goal}.")
    emit_one(to_plain(row), lines=words(to_plain(row), f"Goal {row.id} · {row.account} · {row.title}"))


@app.command()
@shared
def new(
    account: Account,
    title: Annotated[str, typer.Argument(metavar="TITLE", help="What the customer wants to reach")],
    measure: Measure = None,
    criterion: Criterion = None,
    due: Due = None,
    owner: Owner = None,
    note: Note = None,
) -> None:
    """Agree a goal with a customer."""
    fields = given(measure=measure, criterion=criterion, due=due, owner=owner, note=note)
    emit_done(goals.new_goal(desk(writes=True), account, title, **fields))


@app.command()
@shared
def edit(
    goal: Id,
    title: Annotated[str | None, typer.Option("--title", metavar="T", help="What they want to reach")] = None,
    measure: Measure = None,
    criterion: Criterion = None,
    due: Due = None,
    owner: Owner = None,
    note: Note = None,
) -> None:
    """Change a goal; none empties a field."""
    fields = given(title=title, measure=measure, criterion=criterion, due=due, owner=owner, note=note)
    if not fields:
        raise Usage("Say what to change, e.g. --due 2027-03-31.")
    emit_done(goals.edit_goal(desk(writes=True), goal, fields))


@app.command()
@shared
def end(
    goal: Id,
    status: Annotated[str, typer.Argument(metavar="STATUS", help="reached, missed or dropped; open takes it up again")],
    note: Annotated[str | None, typer.Option("--note", metavar="T", help="What came of it; why it is dropped")] = None,
    on: Annotated[str | None, typer.Option("--on", metavar="D", help="The day it was reached; else today")] = None,
) -> None:
    """End a goal."""
    emit_done(goals.end_goal(desk(writes=True), goal, status, note, on))


def given(**values: str | None) -> dict[str, Any]:
    """What was said, `none` taking a value away."""
    return {key: None if value.strip().lower() == "none" else value for key, value in values.items() if value is not None}


def words(row: dict[str, Any], title: str) -> str:
    """A thing as lines for people: its title, then what is known."""
    lines = [title]
    lines += [f"  {key.replace('_', ' '):13} {value}" for key, value in row.items() if value not in (None, "")]
    return "\n".join(lines)


APPS = {"goal": app}
