"""`lease` and `calendar`: what goes back, and what is due."""

from __future__ import annotations

import os
from typing import Annotated, Any

import typer

from cockpit.cli.options import Usage, desk, shared
from cockpit.cli.output import emit_list, emit_one, put
from cockpit.cli.queue import day
from cockpit.desk import Desk
from cockpit.domain.say import plural
from cockpit.services import calendar_file
from cockpit.services import lease as leases
from cockpit.services.calendar_file import DueItem
from cockpit.services.frozen import to_plain

lease = typer.Typer(
    rich_markup_mode=None, add_completion=False, no_args_is_help=True, help="What goes back to its queue, and when."
)
Events = Annotated[bool, typer.Option("--events", help="As whole-day events, for calendars that show no to-dos")]


@lease.callback()
def group() -> None:
    """What goes back to its queue, and when."""


@lease.command("list")
@shared
def lease_list(
    days: Annotated[int, typer.Option("--days", metavar="N", min=0, help="Within so many business days")] = 1,
    all_: Annotated[bool, typer.Option("--all", help="Every claim with a lease, the paused ones too")] = False,
    owner: Annotated[str | None, typer.Option("--owner", metavar="LOGIN", help="Only hers")] = None,
    pool: Annotated[str | None, typer.Option("--pool", metavar="P", help="Only this pool's")] = None,
) -> None:
    """List the claims that are about to go back to their queue."""
    rows = [to_plain(row) for row in leases.leases(desk(), None if all_ else days, owner, pool)]
    emit_list(
        rows,
        ("id", "account", "title", "owner", "pool", "left", "last_day", "says"),
        empty="Nothing is about to go back.",
    )


@shared
def calendar(
    from_: Annotated[
        str | None, typer.Option("--from", metavar="D", help="From that day on; else all that is overdue too")
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", metavar="D", help="Until that day, included; else 30 days ahead")
    ] = "30d",
    ics: Annotated[
        str | None, typer.Option("--ics", metavar="FILE", help="Write it as a calendar file instead; - prints it")
    ] = None,
    events: Events = False,
) -> None:
    """What is due of mine by day: CTAs and tasks."""
    at = desk()
    items = calendar_file.due_items(at, day(at, from_, backward=True), day(at, to))
    if ics is not None:
        return write_ics(at, items, ics, events)
    emit_list(
        [_plain(item) for item in items],
        ("due", "kind", "id", "account", "title", "priority", "is_overdue"),
        empty="Nothing is due.",
    )
    return None


def write_ics(at: Desk, items: tuple[DueItem, ...], path: str, events: bool) -> None:
    """Writes the items as a calendar file, readable by its owner alone."""
    text = calendar_file.ics(at, items, events)
    if path == "-":
        put(text)
        return
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(text.encode("utf-8"))
    except OSError as error:
        raise Usage(f"{path} cannot be written: {error.strerror}.") from error
    emit_one({"file": path, "items": len(items)}, f"Wrote {plural(len(items), 'due date')} to {path}")


def _plain(item: DueItem) -> dict[str, Any]:
    return {key: value for key, value in to_plain(item).items() if key not in ("rev",)}


def _single(function: Any) -> typer.Typer:
    app = typer.Typer(rich_markup_mode=None, add_completion=False)
    app.command()(function)
    return app


APPS = {"lease": lease, "calendar": _single(calendar)}
