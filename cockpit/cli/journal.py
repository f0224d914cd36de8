"""`undo`, `redo`, `acts`, `history`, `verify`, `tick`: what happened, and taking it back."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from cockpit.cli.options import desk, shared
from cockpit.cli.output import emit_list, emit_one, people_limit, say
from cockpit.cli.queue import REFUSED, day
from cockpit.desk import Desk
from cockpit.services import history as past
from cockpit.services.frozen import to_plain
from cockpit.services.undo import Undone
from cockpit.services.undo import redo as redo_act
from cockpit.services.undo import undo as undo_act

Act = Annotated[
    int | None,
    typer.Argument(metavar="[ACT]", help="Its number, as `acts` prints it; else my latest", show_default=False),
]


@shared
def undo(act: Act = None) -> None:
    """Take back my last act, or one by number; what somebody changed since is listed and stays."""
    at = desk(writes=True)
    _print(at, undo_act(at, act))


@shared
def redo(
    act: Annotated[
        int | None, typer.Argument(metavar="[ACT]", help="Of an undo; else my latest", show_default=False)
    ] = None,
) -> None:
    """Do again what my last undo took back."""
    at = desk(writes=True)
    _print(at, redo_act(at, act))


@shared
def acts(
    by: Annotated[str | None, typer.Option("--by", metavar="LOGIN", help="Only hers")] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="D", help="From that day on: 2026-11-01, yesterday")
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", metavar="N", min=1, help="At most so many")] = None,
) -> None:
    """Who did what, the latest first."""
    at = desk()
    first = day(at, since, backward=True)
    moment = None if first is None else datetime.combine(first, time(), ZoneInfo(at.me.time_zone)).astimezone(UTC)
    rows = past.acts(at, by, moment, people_limit(limit))
    emit_list(
        [to_plain(row) for row in rows], ("act", "at", "by", "what", "undone"), empty="Nobody has done anything yet."
    )


@shared
def history(
    thing: Annotated[str, typer.Argument(metavar="THING", help="17 or cta:17, account:Acme, person:4, …")],
) -> None:
    """What changed of one thing, field by field, the earliest first."""
    at = desk()
    kind, id_ = past.find_thing(at, thing)
    changes = past.history(at, kind, id_)
    said = past.words_of(at, (change.act for change in changes))
    rows = [
        to_plain(change) | dict(zip(("what", "undone"), said.get(change.act, ("", False)), strict=True)) for change in changes
    ]
    of = ("of",) if any(change.of for change in changes) else ()
    emit_list(rows, ("at", "by", "kind", "field", "old", "new", "act", *of))


@shared
def verify(
    against: Annotated[
        str | None,
        typer.Option("--against", metavar="SEAL", help="A seal kept elsewhere: the file, or its 64 digits"),
    ] = None,
) -> None:
    """Check every chain of the journal: exit 1 when somebody edited, removed, added or reordered a row."""
    from cockpit.services.seal import read_seal
    from cockpit.services.verify import verify as check

    kept = None if against is None else read_seal(against)
    found = check(desk(), against=kept)
    plain: dict[str, Any] = to_plain(found)
    counted = f"{found.changes:,} changes of {found.things:,} things"
    what = "What you may see of the journal" if found.part else "The journal"
    emit_one(plain, f"{what} is whole: {counted}." if found.ok else f"{what} does not hold ({counted}):")
    for problem in found.problems:
        say(f"  {problem.says}")
    if not found.ok:
        raise typer.Exit(1)


@shared
def tick() -> None:
    """Do what fell due: snoozes end, scores follow the calendar. Every command that writes does it first."""
    from cockpit.services.delivery import deliver_due
    from cockpit.services.seal import seal_day
    from cockpit.services.tick import tick as run

    at = desk()
    done = run(at, most=None)
    sealed = seal_day(at, most=None)
    mailed = deliver_due(at)
    said = " · ".join(part for part in (done.said, mailed.said) if part)
    emit_one(to_plain(done) | {"sent": mailed.sent}, said or (sealed.said if sealed else "Nothing is due."))


def _print(at: Desk, done: Undone) -> None:
    emit_one(to_plain(done) | {"by": at.me.login, "at": to_plain(at.now())}, done.said)
    for conflict in done.conflicts:
        say(f"  {conflict.says}")
    if done.conflicts and not done.reverted:
        raise typer.Exit(REFUSED)


def _single(function: Any) -> typer.Typer:
    app = typer.Typer(rich_markup_mode=None, add_completion=False)
    app.command()(function)
    return app


APPS = {name: _single(one) for name, one in
        {"undo": undo, "redo": redo, "acts": acts, "history": history, "verify": verify, "tick": tick}.items()}  # fmt: skip
