"""`view list|show|save|off`: saved queries."""

from __future__ import annotations

from typing import Annotated

import typer

from cockpit.cli.options import desk, shared
from cockpit.cli.output import emit_done, emit_list, emit_one
from cockpit.services import view as views
from cockpit.services.frozen import to_plain

app = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True, help="Saved views.")
Screen = Annotated[str, typer.Option("--screen", metavar="S", help="queue, work or accounts")]
NameArgument = Annotated[str, typer.Argument(metavar="VIEW", help="By name or id")]


@app.command("list")
@shared
def list_(screen: Screen = "queue") -> None:
    """List my views of a screen and the shared ones."""
    rows = [to_plain(one) for one in views.views(desk(), screen)]
    emit_list(
        rows,
        ("id", "name", "query", "sort", "shared", "owner"),
        empty="No view is saved yet: `cockpit view save` does.",
    )


@app.command()
@shared
def show(view: NameArgument, screen: Screen = "queue") -> None:
    """Show one view."""
    row = to_plain(views.find_view(desk(), screen, view))
    emit_one(row, lines="\n".join(f"{key:9} {value}" for key, value in row.items() if value is not None))


@app.command()
@shared
def save(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it or she is called")],
    query: Annotated[str, typer.Option("--query", metavar="Q", help="What it shows")] = "",
    sort: Annotated[str | None, typer.Option("--sort", metavar="S", help="In which order")] = None,
    for_all: Annotated[bool, typer.Option("--shared", help="For everybody")] = False,
    screen: Screen = "queue",
) -> None:
    """Keep a query under a name, in place of mine of that name."""
    emit_done(views.save_view(desk(writes=True), screen, name, query, sort, shared=for_all))


@app.command()
@shared
def off(view: NameArgument, screen: Screen = "queue") -> None:
    """Delete a view."""
    emit_done(views.delete_view(desk(writes=True), screen, view))


APPS = {"view": app}
