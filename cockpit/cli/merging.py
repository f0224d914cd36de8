"""`account merge|unmerge|twins` and `person merge|unmerge|twins`: two that are one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import typer

from cockpit.cli.lists import Limit
from cockpit.cli.options import desk, shared
from cockpit.cli.output import emit_done, emit_list, people_limit, say
from cockpit.services.frozen import to_plain

NAMED = {"account": "By id, external id or exact name", "person": "By id, e-mail or exact name"}


def add_to(app: typer.Typer, thing: str) -> None:
    """Gives a noun the three commands."""
    kept = typer.Argument(..., metavar="KEPT", help=f"The one that stays. {NAMED[thing]}")
    gone = typer.Argument(..., metavar="GONE", help=f"The one that becomes a part of it. {NAMED[thing]}")
    of = typer.Option(None, "--of", metavar="GONE", help="Which, where several were merged into it; the latest without")

    @shared
    def merge(one: str = kept, other: str = gone) -> None:
        from cockpit.services import merge as merging

        at = desk(writes=True)
        act: Callable[..., Any] = merging.merge_accounts if thing == "account" else merging.merge_people
        emit_done(act(at, merging.find(at, thing, one), merging.find(at, thing, other)))

    @shared
    def unmerge(one: str = kept, which: str | None = of) -> None:
        from cockpit.services import merge as merging

        at = desk(writes=True)
        id_ = merging.find(at, thing, one)
        done = merging.unmerge(at, thing, id_, None if which is None else merging.find_gone(at, thing, id_, which))
        emit_done(done)
        for conflict in done.conflicts:
            say(conflict.says)

    @shared
    def twins(limit: Limit = None) -> None:
        from cockpit.services import merge as merging

        found = merging.twins(desk(), thing)
        rows = [to_plain(one) for one in found[: people_limit(limit)]]
        emit_list(rows, ("first", "first_name", "second", "second_name", "likeness", "why"),
                  empty="Nothing looks like the same twice.", more=len(found) - len(rows))  # fmt: skip

    many = "accounts" if thing == "account" else "people"
    merge.__doc__ = f"Make two {many} one: external ids, memberships, facts, timeline and CTAs follow; unmerge and undo take it back."
    unmerge.__doc__ = f"Take two merged {many} apart again: every row returns, what came since stays."
    twins.__doc__ = f"List {many} that may be the same, the most alike first; nothing is merged by itself."
    for command in (merge, unmerge, twins):
        app.command()(command)
