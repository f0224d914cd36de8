"""`sentiment list|set`, `account plan|renewal-call|renewal-calls|stages`."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import typer

from cockpit.cli.goal import Account, Where
from cockpit.cli.options import desk, shared
from cockpit.cli.output import emit_done, emit_list, emit_one
from cockpit.domain.money import decimal_text
from cockpit.domain.say import day
from cockpit.services import opinion, success
from cockpit.services.account import find_account
from cockpit.services.frozen import to_plain

app = typer.Typer(
    rich_markup_mode=None,
    add_completion=False,
    no_args_is_help=True,
    help="How customers feel, as their CSMs say, with the day.",
)
On = Annotated[str | None, typer.Option("--on", metavar="D", help="A day that is past; else today")]


@app.command("list")
@shared
def list_(account: Account) -> None:
    """What was noted of how an account feels, the latest first."""
    rows = [to_plain(row) for row in success.feelings(desk(), account)]
    emit_list(rows, ("day", "feeling", "csm", "note"), empty="Nobody has said yet: `sentiment set ACCOUNT good` does.")


@app.command("set")
@shared
def set_(
    account: Account,
    feeling: Annotated[str, typer.Argument(metavar="FEELING", help="good, unsure or bad")],
    note: Annotated[str | None, typer.Option("--note", metavar="T", help="What it is seen by")] = None,
    on: On = None,
) -> None:
    """Note how an account feels; a second note of the same day corrects the first."""
    emit_done(opinion.set_sentiment(desk(writes=True), account, feeling, note, on))


@shared
def renewal_call(
    account: Account,
    call: Annotated[str, typer.Option("--call", metavar="C", help="will, may or wont")],
    reason: Annotated[
        str | None, typer.Option("--reason", metavar="T", help="Needed where it differs from the signal")
    ] = None,
    on: On = None,
) -> None:
    """Say whether a customer will, may or won't renew, beside what the facts say."""
    emit_done(opinion.call_renewal(desk(writes=True), account, call, reason, on))


@shared
def renewal_calls(
    where: Where = "",
    apart: Annotated[bool, typer.Option("--apart", help="Only where call and signal differ")] = False,
) -> None:
    """List the latest renewal calls beside the signal, the next renewal first."""
    rows = []
    for one in success.renewal_calls(desk(), where, apart_only=apart):
        row: dict[str, Any] = to_plain(one)
        row["arr"] = None if one.arr is None else decimal_text(one.arr, one.currency or "USD")
        rows.append(row)
    columns = ("account", "renewal_date", "arr", "currency", "call", "csm", "day", "signal", "says", "reason")
    emit_list(rows, columns, empty="No renewal was called yet." if not apart else "Every call agrees with the signal.")


@shared
def stages(account: Account) -> None:
    """The stages of an account's life with their days, the latest first."""
    rows = [to_plain(one) for one in success.stages(desk(), account)]
    emit_list(rows, ("stage", "since", "until"), empty="No stage was ever set: `account edit A --stage S` does.")


@shared
def plan(account: Account) -> None:
    """The success plan of an account whole: goals, risks, escalations, how it feels, the renewal as called and signalled."""
    at = desk()
    found = success.plan(at, find_account(at, account))
    row: dict[str, Any] = to_plain(found)
    for risk, line in zip(found.risks, row["risks"], strict=True):
        line["arr"] = None if risk.arr is None else decimal_text(risk.arr, risk.currency or "USD")
    if found.call is not None and found.call.arr is not None:
        row["call"]["arr"] = decimal_text(found.call.arr, found.call.currency or "USD")
    emit_one(row, lines=_words(found, at.today()))


def _words(found: success.Plan, today: date) -> str:
    def dated(on: date | None) -> str:
        return day(on, today) if on else "n/a"

    call = f"{found.call.csm_name}: {found.call.call} ({found.call.says})" if found.call else "not called yet"
    auto = {True: "yes", False: "no", None: "n/a"}[found.auto_renew]
    lines = [
        f"Plan · {found.account}",
        f"  {'feels':12} {found.feelings[0].says if found.feelings else 'nobody has said yet'}",
        f"  {'renewal call':12} {call}",
        f"  {'signal':12} {found.signal or 'none'} ({found.signal_why})",
        f"  {'renews':12} {dated(found.renewal_date)} · notice {dated(found.notice_date)} · by itself: {auto}",
    ]
    late = {True: " · update overdue", False: ""}
    lines += [f"  {'escalation':12} {one.id} · {one.title} · {one.clock}{late[one.is_overdue]}" for one in found.escalations]
    lines += [f"  {'goal':12} {one.id} · {one.title} · {one.says}" for one in found.goals]
    lines += [f"  {'risk':12} {one.id} · {one.title} · {'closed' if one.closed_on else one.severity} · {one.kind}" for one in found.risks]
    return "\n".join(lines)


APPS = {"sentiment": app}
