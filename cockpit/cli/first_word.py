"""Groups whose first word may be what `show` is about: `health Acme` is `health show Acme`."""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup


class ShowFirst(TyperGroup):
    """An unknown first word means `show`."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and args[0] not in self.commands:
            args = ["show", *args]
        return super().resolve_command(ctx, args)
