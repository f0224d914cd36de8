"""What the commands of `transition` share: the group itself, and the words of their options."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(
    rich_markup_mode=None, add_completion=False, no_args_is_help=True,
    help="Accounts that change hands: both sides, their steps, the brief, the hand-over.",
)  # fmt: skip
Id = Annotated[int, typer.Argument(metavar="ID", help="The number of a transition, as `transition list` prints it")]
Reason = Annotated[str, typer.Option("--reason", metavar="R", help="Why")]
Note = Annotated[str, typer.Option("--note", metavar="T", help="What is to be said about it")]
AccountOption = Annotated[str | None, typer.Option("--account", metavar="A", help="Which of its accounts, for covers and pods")]
Person = Annotated[list[int] | None, typer.Option("--person", metavar="P", help="A member by number; may repeat")]
