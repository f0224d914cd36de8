"""`transition return-list|take-back|extend|scope|patch-note|systems|letter|meeting`: covers, pods, other systems, what is sent."""

from __future__ import annotations

from typing import Annotated

import typer

from cockpit.cli.options import Usage, desk, shared
from cockpit.cli.output import emit_done, emit_list, emit_one
from cockpit.cli.queue import day
from cockpit.cli.transition_app import AccountOption, Id, Note, Reason, app
from cockpit.services import transition_cover as covers
from cockpit.services import transition_scope as sharing
from cockpit.services import transition_systems as elsewhere
from cockpit.services.frozen import to_plain


@app.command("return-list")
@shared
def return_list(transition: Id) -> None:
    """What happened since a cover began: done, open, promised, changed."""
    made = covers.return_list(desk(), transition)
    rows = [to_plain(line) for kind in ("done", "open", "promised", "changed") for line in getattr(made, kind)]
    emit_list(rows, ("kind", "account", "says", "who", "on"), empty="Nothing happened, or the cover has not begun.")


@app.command("take-back")
@shared
def take_back(
    transition: Id, stay: Annotated[list[int] | None, typer.Option("--stay", metavar="CTA", help="A CTA that stays; may repeat")] = None
) -> None:
    """Take the accounts back after a cover."""
    emit_done(covers.take_back(desk(writes=True), transition, stay or ()))


@app.command()
@shared
def extend(
    transition: Id, returns: Annotated[str, typer.Argument(metavar="DATE", help="The new day of the return")], reason: Reason = ""
) -> None:
    """Extend a cover to a later day."""
    at = desk(writes=True)
    until = day(at, returns)
    assert until is not None
    emit_done(covers.extend(at, transition, until, reason))


@app.command()
@shared
def systems(
    transition: Annotated[int | None, typer.Argument(metavar="[ID]", help="One transition; all that are handed over without")] = None,
    done: Annotated[str | None, typer.Option("--done", metavar="SYSTEM", help="Say that this system was told")] = None,
    note: Note = "",
) -> None:
    """What must change in other systems (--csv exports it), or say that one was told."""
    if done is not None:
        if transition is None:
            raise Usage("Say of which transition the system was told.")
        emit_done(elsewhere.confirm_system(desk(writes=True), transition, done, note))
        return
    rows = [to_plain(row) for row in elsewhere.systems(desk(), transition)]
    emit_list(rows, ("transition", "system", "account", "key", "field", "old", "new", "done"), empty="Nothing to change elsewhere.")


@app.command()
@shared
def scope(
    transition: Id,
    accounts: Annotated[list[str] | None, typer.Argument(metavar="[A]…", help="Which of its accounts; all without")] = None,
    level: Annotated[str | None, typer.Option("--level", metavar="L", help="Cover: full or answer_only")] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="LOGIN", help="Who covers it, or leads it in the pod")] = None,
    second: Annotated[str | None, typer.Option("--second", metavar="LOGIN", help="Pod: its second contact")] = None,
) -> None:
    """Say account by account how far a cover goes and who does it; of a pod who leads and who is the second."""
    emit_done(sharing.scope(desk(writes=True), transition, accounts or (), level, to, second))


@app.command("patch-note")
@shared
def patch_note(transition: Id, text: Annotated[str, typer.Argument(metavar="TEXT", help="What it says")]) -> None:
    """Write a pod's one note about the smaller accounts of the patch."""
    emit_done(sharing.patch_note(desk(writes=True), transition, text))


@app.command()
@shared
def load() -> None:
    """Outgoing, incoming and overdue per CSM."""
    from cockpit.services.transition_follow import per_csm

    rows = [to_plain(row) for row in per_csm(desk())]
    emit_list(rows, ("login", "outgoing", "incoming", "accepted", "overdue"), empty="Nothing changes hands.")


@app.command()
@shared
def continuity(
    accounts: Annotated[str | None, typer.Option("--accounts", metavar="M", help="Who counts in it: churn, health change or nps")] = None,
) -> None:
    """Churn, health and NPS after hand-overs, against accounts without one, with n and interval."""
    from cockpit.services.transition_follow import continuity as compared

    found = compared(desk())
    if accounts is not None:
        names, measure = [one.measure for one in found.measures], accounts.strip().casefold()
        if measure not in names:
            raise Usage(f"--accounts takes one of {', '.join(names)}, not {accounts!r}.")
        behind = [to_plain(one) | {"value": one.value(measure)} for one in found.accounts if one.value(measure)]
        emit_list(behind, ("account_id", "account", "handed_over", "since", "value"), empty="No account counts yet.")
        return
    rows = [{name: round(value, 3) if isinstance(value, float) else value for name, value in to_plain(row).items()}
            for row in found.measures]  # fmt: skip
    emit_list(rows, ("measure", "value", "n", "other", "other_n", "difference", "low", "high", "says"))


@app.command("check")
@shared
def check() -> None:
    """What nobody answers for, over the whole store: accounts, CTAs, tasks, interventions, steps passed over."""
    from cockpit.services.orphans import orphans

    rows = [to_plain(row) for row in orphans(desk())]
    emit_list(rows, ("kind", "id", "name", "says"), empty="Nothing is orphaned: everything has somebody who is here, or a queue.")


@app.command()
@shared
def letter(
    transition: Id, account: AccountOption = None, sent: Annotated[bool, typer.Option("--sent", help="Log that it was sent")] = False
) -> None:
    """Draft the letter to the customer, or log that it was sent."""
    from cockpit.services import transition_mail as mail

    at = desk(writes=True)
    done = mail.log_letter(at, transition, account) if sent else mail.draft_letter(at, transition, account)
    emit_one(to_plain(done), done.said, lines=f"To: {', '.join(done.to)}\nSubject: {done.subject}\n\n{done.body}")


@app.command()
@shared
def meeting(
    transition: Id,
    which: Annotated[str, typer.Argument(metavar="WHICH", help="internal or customer")] = "internal",
    at_: Annotated[str | None, typer.Option("--at", metavar="MOMENT", help="2026-12-01T10:00; the step's day at 10 without")] = None,
    account: AccountOption = None,
) -> None:
    """Plan the call among ourselves or with the customer; prints its .ics (-o FILE writes it)."""
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from cockpit.services import transition_mail as mail

    at = desk(writes=True)
    try:
        moment = None if at_ is None else datetime.fromisoformat(at_)
    except ValueError as error:
        raise Usage(f"--at takes a moment such as 2026-12-01T10:00, not {at_!r}.") from error
    if moment is not None and moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(at.me.time_zone))
    done = mail.plan_meeting(at, transition, which, moment, account)
    emit_one(to_plain(done), done.said, lines=done.ics.replace("\r\n", "\n").rstrip("\n"))


APPS: dict[str, typer.Typer] = {}
"""Its commands are in the group of `transition`."""
