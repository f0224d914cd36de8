"""`engagement`: who was in touch, and with whom."""

from __future__ import annotations

from typing import Annotated

import typer

from cockpit.cli.lists import Where
from cockpit.cli.options import desk, shared
from cockpit.cli.output import emit_list
from cockpit.cli.queue import day
from cockpit.services.frozen import to_plain

COLUMNS = ("name", "had_activity", "entries", "meetings", "others", "last")
app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
@shared
def engagement(
    by: Annotated[str, typer.Option("--by", metavar="WHAT", help="csm or account")] = "csm",
    from_: Annotated[str | None, typer.Option("--from", metavar="D", help="First day; else 27 days before the last")] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="D", help="Last day; else today")] = None,
    where: Where = "",
) -> None:
    """Count timeline entries by CSM, or by the accounts a query matches, and say who had none."""
    from cockpit.services.engagement import engagement as counted

    at = desk()
    rows = counted(at, by, day(at, from_, backward=True), day(at, to, backward=True), where)
    emit_list([to_plain(row) for row in rows], COLUMNS)


APPS = {"engagement": app}
