"""`task list|show|done|skip|open`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cockpit.cli.lists import Limit
from cockpit.cli.options import desk, shared
from cockpit.cli.output import emit_done, emit_list, emit_one, people_limit
from cockpit.services import task as tasks
from cockpit.services.frozen import to_plain
from cockpit.services.task import TaskRow
from db.terms import TaskStatus

app = typer.Typer(
    rich_markup_mode=None, add_completion=False, no_args_is_help=True,
    help="What is to do: the steps of playbooks, and the tasks of CTAs.",
)  # fmt: skip
COLUMNS = ("id", "state", "due", "title", "account", "owner", "opens", "says", "playbook")
Task = Annotated[int, typer.Argument(metavar="TASK", help="The number of a task, as `task list` and `cta show` print it")]

Note = Annotated[str, typer.Option("--note", metavar="T", help="What was found or done (one of its choices), or why it is left out")]


@app.command("list")
@shared
def list_(
    all_: Annotated[bool, typer.Option("--all", help="Everybody's, not only mine")] = False,
    owner: Annotated[str | None, typer.Option("--owner", metavar="LOGIN", help="Only hers")] = None,
    account: Annotated[str | None, typer.Option("--account", metavar="A", help="Only this account's, anybody's")] = None,
    playbook: Annotated[str | None, typer.Option("--playbook", metavar="NAME", help="Only this playbook's")] = None,
    limit: Limit = None,
) -> None:
    """List open tasks with what each waits for, what is due first."""
    at = desk()
    who = owner or (None if all_ or account else at.me.login)
    rows = tasks.list_tasks(at, who, account, playbook, limit)
    shown = rows[: people_limit(limit)]
    emit_list([plain(row) for row in shown], COLUMNS, empty="No task is open: a claim starts the playbook of its CTA.",
              more=len(rows) - len(shown))  # fmt: skip


@app.command()
@shared
def show(task: Task) -> None:
    """Show one task: what it waits for, what closes it, what it opens."""
    row = plain(tasks.show_task(desk(), task))
    emit_one(row, lines="\n".join(f"{key.replace('_', ' '):14} {value}" for key, value in row.items() if value not in (None, "", [], ())))


def plain(row: TaskRow) -> dict[str, Any]:
    """A task as `--json` prints it."""
    found: dict[str, Any] = to_plain(row)
    return found


@app.command()
@shared
def done(task: Task, note: Note = "") -> None:
    """Mark a task done that is ticked by hand; what a check closes is done when the thing is done."""
    _set(task, TaskStatus.DONE, note)


@app.command()
@shared
def skip(task: Task, note: Note = "") -> None:
    """Leave a task out; a required step only as a manager, with the reason."""
    _set(task, TaskStatus.SKIPPED, note)


@app.command("open")
@shared
def open_(task: Task, note: Note = "") -> None:
    """Open a task again."""
    _set(task, TaskStatus.OPEN, note)


def _set(task: int, status: TaskStatus, note: str) -> None:
    emit_done(tasks.set_task(desk(writes=True), task, status, note))


APPS = {"task": app}
