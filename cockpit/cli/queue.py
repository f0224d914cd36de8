"""The verbs of the queue: next, claim, release, assign, snooze, wake, close, reopen."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import typer

from cockpit.cli.lists import Pool, Where
from cockpit.cli.options import Usage, desk, shared
from cockpit.cli.output import emit_acts, emit_one, say
from cockpit.desk import Desk
from cockpit.services import queue as queues
from cockpit.services.lookup import cta_ids
from cockpit.services.queue import Claimed
from db.terms import Outcome

Ids = Annotated[list[str], typer.Argument(metavar="ID...", help="CTAs, by number or external id", show_default=False)]
REFUSED = 4


def plain_items(done: Claimed) -> list[dict[str, Any]]:
    """The result of an act on CTAs as `--json` prints it."""
    return [
        {
            "id": one.id,
            "owner": one.owner,
            "status": one.status,
            "act": None if one.refused else done.act,
            "account": one.account,
        }
        | ({"refused": one.refused, "message": one.message} if one.refused else {})
        for one in done.items
    ]


def resolve(at: Desk, refs: list[str]) -> list[int]:
    """The CTAs that are meant."""
    with at.store.read() as db:
        return cta_ids(db, refs)


def finish(done: Claimed) -> None:
    """Prints what was done and what was not; exit 4 if anything was refused."""
    emit_acts(plain_items(done), done.said)
    losers = [one for one in done.items if one.refused]
    for one in losers:
        say(one.message)
    if losers:
        raise typer.Exit(REFUSED)


@shared
def next_(pool: Pool = None, where: Where = "") -> None:
    """Take the best CTA of my pools: says which and what is to do."""
    done = queues.claim_next(desk(writes=True), pool, where)
    emit_one(plain_items(done)[0] | {"also": list(done.also)}, done.said)


@shared
def claim(
    ids: Ids,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Also of an account in an intervention of somebody else")
    ] = False,
    all_of_account: Annotated[
        bool, typer.Option("--all-of-account", help="And the other unassigned CTAs of the same accounts")
    ] = False,
) -> None:
    """Take these CTAs, those that are still free, in one act."""
    at = desk(writes=True)
    done = queues.claim(at, resolve(at, ids), anyway, all_of_account)
    if done.also:
        say(f"Unassigned beside it: {', '.join(str(id_) for id_ in done.also)}; --all-of-account takes them too.")
    finish(done)


@shared
def release(
    ids: Ids, note: Annotated[str, typer.Option("--note", metavar="T", help="What the next one should know")] = ""
) -> None:
    """Give CTAs back to the queue with a note."""
    at = desk(writes=True)
    finish(queues.release(at, resolve(at, ids), note))


@shared
def assign(ids: Ids, to: Annotated[str, typer.Option("--to", metavar="LOGIN", help="Who gets them")]) -> None:
    """Give CTAs to somebody by hand."""
    at = desk(writes=True)
    finish(queues.assign(at, resolve(at, ids), to))


@shared
def snooze(
    ids: Ids,
    reason: Annotated[str, typer.Option("--reason", metavar="R", help="Why it waits")],
    until: Annotated[
        str | None, typer.Option("--until", metavar="D", help="A day: 2026-12-04, 3d, 2w, fri, 5bd, next month")
    ] = None,
    wake: Annotated[
        str | None, typer.Option("--wake", metavar="Q", help="Or when its account matches this query")
    ] = None,
) -> None:
    """Put CTAs off until a day and/or until something becomes true."""
    from cockpit.services.cta import snooze as snooze_ctas

    at = desk(writes=True)
    finish(snooze_ctas(at, resolve(at, ids), day(at, until), reason, wake))


@shared
def wake(ids: Ids) -> None:
    """End a snooze."""
    from cockpit.services.cta import wake as wake_ctas

    at = desk(writes=True)
    finish(wake_ctas(at, resolve(at, ids)))


@shared
def close(
    ids: Ids,
    outcome: Annotated[str, typer.Option("--outcome", metavar="O", help="success, unsuccessful, no_action or invalid")],
    note: Annotated[str, typer.Option("--note", metavar="T", help="What came of it")] = "",
) -> None:
    """Close CTAs with an outcome."""
    from cockpit.services.cta import close as close_ctas

    at = desk(writes=True)
    finish(close_ctas(at, resolve(at, ids), read_outcome(outcome), note))


@shared
def reopen(ids: Ids) -> None:
    """Open closed CTAs again."""
    from cockpit.services.cta import reopen as reopen_ctas

    at = desk(writes=True)
    finish(reopen_ctas(at, resolve(at, ids)))


def read_outcome(text: str) -> Outcome:
    """An outcome as people spell it: no action, no-action, no_action."""
    try:
        return Outcome(text.strip().lower().replace(" ", "_").replace("-", "_"))
    except ValueError as error:
        from cockpit.domain.nearest import did_you_mean

        names = [one.value for one in Outcome]
        raise Usage(f"There is no outcome {text!r}: {', '.join(names)}.{did_you_mean(text, names)}") from error


def day(at: Desk, text: str | None, *, backward: bool = False) -> date | None:
    """A day as people type it, in the calendar of the pool one works."""
    if text is None:
        return None
    from cockpit.domain.when import parse_when
    from cockpit.services.calendars import calendar_for

    return parse_when(text, at.today(), calendar_for(at.me.time_zone), backward=backward)


def _single(function: Any) -> typer.Typer:
    app = typer.Typer(rich_markup_mode=None, add_completion=False)
    app.command()(function)
    return app


APPS = {
    name: _single(function)
    for name, function in {
        "next": next_, "claim": claim, "release": release, "assign": assign,
        "snooze": snooze, "wake": wake, "close": close, "reopen": reopen,
    }.items()
}  # fmt: skip
