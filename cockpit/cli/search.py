"""`search`: by what is written, wherever it stands."""

from __future__ import annotations

from typing import Annotated

import typer

from cockpit.cli.options import desk, shared
from cockpit.cli.output import emit_list, say
from cockpit.services.frozen import to_plain

COLUMNS = ("kind", "id", "title", "account", "at", "by", "excerpt")
app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
@shared
def search(
    words: Annotated[list[str], typer.Argument(metavar="WORDS", help="All of them; \"quoted\" ones beside each other")],
    account: Annotated[str | None, typer.Option("--account", metavar="A", help="Only of this account")] = None,
    kind: Annotated[
        list[str] | None, typer.Option("--kind", metavar="K", help="account, person, cta or activity; may be repeated")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, help="At most so many of each kind")] = 20,
) -> None:
    """Search accounts, people, CTAs and timelines for words; in names also for parts of words."""
    from cockpit.services.search import KINDS
    from cockpit.services.search import search as find

    found = find(desk(), " ".join(words), account, kind or KINDS, limit)
    emit_list([to_plain(hit) for hit in found.hits], COLUMNS, empty="Nothing has these words.")
    if found.more:
        say(f"There is more: {', '.join(found.more)}. --limit shows it.")


APPS = {"search": app}
