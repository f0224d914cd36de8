"""`viewed`: what I looked at; for managers, how much everybody did."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Annotated

import typer

from cockpit.cli.lists import Limit
from cockpit.cli.options import Usage, desk, shared
from cockpit.cli.output import emit_done, emit_list, people_limit, say
from cockpit.cli.queue import day
from cockpit.services.frozen import to_plain

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
@shared
def viewed(
    by: Annotated[str | None, typer.Option("--by", metavar="LOGIN", help="How much somebody looked (managers and ops)")] = None,
    counts: Annotated[bool, typer.Option("--counts", help="How much everybody looked (managers and ops)")] = False,
    since: Annotated[str | None, typer.Option("--since", metavar="D", help="From this day on; counts: else 28 days")] = None,
    keep: Annotated[int | None, typer.Option("--keep", metavar="DAYS", help="Set how long looks are kept; 0 = not at all")] = None,
    limit: Limit = None,
) -> None:
    """List which accounts I looked at and when. Only I see this list; managers and ops see counts."""
    from cockpit.services import viewing

    if keep is not None:
        if by or counts or since:
            raise Usage("--keep sets how long looks are kept; it goes with no other option.")
        kept = viewing.keep_views(desk(writes=True), keep)
        emit_done(kept)
        return
    at = desk()
    first = day(at, since, backward=True)
    start = None if first is None else datetime.combine(first, time(), UTC)
    if by or counts:
        rows = [to_plain(row) for row in viewing.view_counts(at, by, start)]
        emit_list(rows, ("login", "name", "looks", "accounts", "days", "last"), empty="Nobody looked at an account in that time.")
        return
    most = people_limit(limit) or 1_000_000
    found = [to_plain(row) for row in viewing.viewed(at, start, most)]
    emit_list(found, ("at", "account_id", "account", "pane"), empty="You looked at no account on the screens yet.")
    days = viewing.keeping(at)
    say(f"Kept for {days} days; only you see this list, managers see counts." if days else "Looks are not kept here.")


APPS = {"viewed": app}
