"""`outreach`, `letter` and `outbox`: mail to customers."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from cockpit.cli.account import Account
from cockpit.cli.lists import Where
from cockpit.cli.options import Usage, desk, shared
from cockpit.cli.output import dead, emit_done, emit_list, emit_one, people_limit, put, say, shows_people
from cockpit.cli.queue import resolve
from cockpit.desk import Desk
from cockpit.services import outbox as boxes
from cockpit.services import outreach as outreaches
from cockpit.services.delivery import Delivered, deliver
from cockpit.services.frozen import to_plain
from cockpit.services.mail_out import settings

outreach = typer.Typer(
    rich_markup_mode=None, add_completion=False, no_args_is_help=True, help="One template to the people of many accounts."
)
outbox = typer.Typer(
    rich_markup_mode=None, add_completion=False, no_args_is_help=True, help="Mail that waits, went, failed, or has to be decided on."
)
Template = Annotated[str, typer.Option("--template", metavar="T", help="Which template, as `template list` names it")]
To = Annotated[str, typer.Option("--to", metavar="W", help="drivers, generators, network or all")]
Channel = Annotated[
    str, typer.Option("--channel", metavar="C", help="smtp, eml (files a mail program sends) or csv (a table for a mail merge)")
]
At = Annotated[str | None, typer.Option("--at", metavar="M", help="Not before: 2026-12-01T09:00; else now")]
Out = Annotated[Path | None, typer.Option("--folder", metavar="DIR", help="Where files are written; else mail_folder of the settings")]
Queue = Annotated[bool, typer.Option("--queue", help="Only into the outbox; `outbox send` (or tick) sends it")]
Ids = Annotated[list[int], typer.Argument(metavar="ID…", help="Numbers of mails, as `outbox list` prints them")]


@outreach.command("preview")
@shared
def preview(template: Template, where: Where = "", to: To = "drivers") -> None:
    """Show every mail that would go, and who would be left out and why; nothing is written."""
    seen = outreaches.preview(desk(), template, where, to)
    most = people_limit(None)
    rows = [to_plain(mail) for mail in seen.mails]
    if not shows_people():
        return emit_list(rows, ())
    for row in rows[:most]:
        row["state"] = f"✗ {row['says']}" if row["refused"] else "goes"
    emit_list(rows[:most], ("account", "person", "to", "cc", "language", "subject", "state"), more=max(0, len(rows) - (most or 0)))
    if seen.going:
        first = seen.going[0]
        put(dead(f"\nThe first of them:\nFrom: {first.sender}\nTo: {first.to}\nSubject: {first.subject}\n\n{first.body}\n"))
    say(f"{len(seen.going)} would go, {len(seen.refused)} would not.")
    return None


@outreach.command("send")
@shared
def send(
    template: Template,
    where: Where = "",
    to: To = "drivers",
    channel: Channel = "smtp",
    at: At = None,
    keeps_on: Annotated[bool, typer.Option("--keeps-on", help="A scheduled mail goes even when its reader has answered meanwhile")] = False,
    queue: Queue = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say how many would go")] = False,
    folder: Out = None,
) -> None:
    """Write to them, each mail logged on its account's timeline; who may not be written to is listed."""
    if dry_run:
        seen = outreaches.preview(desk(), template, where, to)
        return emit_one({"going": len(seen.going), "refused": [to_plain(one) for one in seen.refused]}, f"{len(seen.going)} would go.")
    moment = _moment(at)
    if not queue and moment is None:
        settings().check(channel)
    here = desk(writes=True)
    done = outreaches.send_outreach(here, template, where, to, None, channel, moment, not keeps_on)
    sent = None if queue or moment else deliver(here, batch=done.batch, folder=folder)
    for mail in done.refused if shows_people() else ():
        say(f"✗ {mail.account}{f', {mail.person}' if mail.person else ''}: {mail.says}")
    emit_one(to_plain(done) | ({"delivered": to_plain(sent)} if sent else {}), _both(done.said, sent))
    return None


@outreach.command("rules")
@shared
def rules(
    cap: Annotated[int | None, typer.Option("--cap", metavar="N", help="At most so many mails to a person …")] = None,
    days: Annotated[int | None, typer.Option("--days", metavar="N", help="… in so many days")] = None,
    escalation: Annotated[
        bool | None, typer.Option("--quiet-escalation/--no-quiet-escalation", help="No outreach while one is open")
    ] = None,
    transition: Annotated[
        bool | None, typer.Option("--quiet-transition/--no-quiet-transition", help="None while the account changes hands")
    ] = None,
) -> None:
    """Show or set the contact rules that outreach keeps to."""
    given: dict[str, Any] = {"cap": cap, "cap_days": days, "quiet_in_escalation": escalation, "quiet_in_transition": transition}
    fields = {name: value for name, value in given.items() if value is not None}
    if fields:
        done = outreaches.set_rules(desk(writes=True), fields)
        return emit_done(done)
    row = to_plain(outreaches.contact_rules(desk()))
    return emit_one(row, lines="\n".join(f"  {key:20} {value}" for key, value in row.items()))


@shared
def letter(
    account: Account,
    to: Annotated[list[str], typer.Option("--to", metavar="P", help="To whom: e-mail, name or id; may repeat")],
    subject: Annotated[str | None, typer.Option("--subject", metavar="S", help="Else the template's")] = None,
    body: Annotated[str | None, typer.Option("--body", metavar="T", help="The words; - reads standard input; else the template's")] = None,
    template: Annotated[str | None, typer.Option("--template", metavar="T", help="Begun from this template")] = None,
    channel: Channel = "smtp",
    at: At = None,
    cta: Annotated[str | None, typer.Option("--cta", metavar="ID", help="The CTA it belongs to")] = None,
    draft: Annotated[int | None, typer.Option("--draft", metavar="ID", help="The draft it was begun as, which goes")] = None,
    queue: Queue = False,
    show: Annotated[bool, typer.Option("--show", help="Only print what it would say")] = False,
    folder: Out = None,
) -> None:
    """Write a letter to people of one account, by hand or begun from a template; it is logged on the timeline."""
    from cockpit.services import letter as letters

    here = desk(writes=not show)
    if body == "-":
        body = sys.stdin.read()
    if template is not None:
        begun = letters.begin(here, account, to[0], template)
        subject, body = subject or begun.subject, body or begun.body
        if show:
            return emit_one(to_plain(begun), begun.says, lines=f"Subject: {subject}\n\n{body}")
    if subject is None or body is None:
        raise Usage("Say --subject and --body, or a --template.")
    moment = _moment(at)
    if not queue and moment is None:
        settings().check(channel)
    ctas = resolve(here, [cta]) if cta else [None]
    done = letters.write_letter(here, account, to, subject, body, template, channel, moment, ctas[0], draft)
    sent = None if queue or moment else deliver(here, batch=done.batch, folder=folder)
    emit_one(to_plain(done) | ({"delivered": to_plain(sent)} if sent else {}), _both(done.said, sent))
    return None


# -- outbox

COLUMNS = ("id", "state", "account", "recipient", "subject", "channel", "sender", "says")


@outbox.command("list")
@shared
def list_(
    state: Annotated[str | None, typer.Option("--state", metavar="S", help="queued, sending, sent, failed, unsure or cancelled")] = None,
    account: Annotated[str | None, typer.Option("--account", metavar="A", help="Only to this account")] = None,
    batch: Annotated[str | None, typer.Option("--batch", metavar="B", help="Only what was sent together")] = None,
) -> None:
    """List the outbox, what has to be decided first."""
    rows = [to_plain(row) for row in boxes.outbox(desk(), state, account, batch, people_limit(None))]
    emit_list(rows, COLUMNS, empty="The outbox is empty.")


@outbox.command("show")
@shared
def show(id_: Annotated[int, typer.Argument(metavar="ID", help="The number of a mail")]) -> None:
    """Show one mail whole."""
    row = to_plain(boxes.mail(desk(), id_))
    head = [f"{key.capitalize()}: {row[key]}" for key in ("says", "account", "recipient", "cc", "sender", "subject") if row[key]]
    emit_one(row, lines="\n".join([*head, "", row["body"]]))


@outbox.command("send")
@shared
def outbox_send(folder: Out = None) -> None:
    """Send what may go now (cron may call this each minute; one sender at a time has a mail)."""
    emit_done(deliver(desk(writes=True), folder=folder))


@outbox.command("retry")
@shared
def outbox_retry(id_: Ids) -> None:
    """Send mails again that failed, were called back, or did not arrive."""
    _print(boxes.retry(desk(writes=True), id_))


@outbox.command("cancel")
@shared
def outbox_cancel(id_: Ids) -> None:
    """Call mails back that have not gone."""
    _print(boxes.cancel(desk(writes=True), id_))


@outbox.command("confirm")
@shared
def outbox_confirm(id_: Ids) -> None:
    """Say that mails nobody was sure of have arrived."""
    _print(boxes.confirm(desk(writes=True), id_))


def _print(done: boxes.Decided) -> None:
    emit_done(done)


def _both(said: str, sent: Delivered | None) -> str:
    if sent is None:
        return said
    where = f" to {sent.where}" if sent.where else ""
    return f"{said} · {sent.said}{where}"


def _moment(text: str | None) -> datetime | None:
    """A moment as typed; without a zone it is one's own."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise Usage(f"--at takes a moment such as 2026-12-01T09:00, not {text!r}.") from error
    return (found if found.tzinfo else found.replace(tzinfo=_zone())).astimezone(UTC)


def _zone() -> Any:
    from zoneinfo import ZoneInfo

    here: Desk = desk()
    return ZoneInfo(here.me.time_zone)


def _single(function: Any) -> typer.Typer:
    single = typer.Typer(rich_markup_mode=None, add_completion=False)
    single.command()(function)
    return single


APPS = {"outreach": outreach, "letter": _single(letter), "outbox": outbox}
