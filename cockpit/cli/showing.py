"""A noun whose first word, when it names no command of it, is what ``show`` shows: ``network Acme``."""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup


class Showing(TyperGroup):
    """A group that shows what is named."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command of that name, or ``show`` with all the words."""
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            args = ["show", *args]
        return super().resolve_command(ctx, args)
