"""`sentiment list|set`, `account renewal-call|renewal-calls|stages`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cockpit.cli.goal import Account, Where
from cockpit.cli.options import desk, shared
from cockpit.cli.output import emit_list, emit_one
from cockpit.domain.money import decimal_text
from cockpit.services import opinion, success
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
    done = opinion.set_sentiment(desk(writes=True), account, feeling, note, on)
    emit_one(to_plain(done), done.said)


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
    done = opinion.call_renewal(desk(writes=True), account, call, reason, on)
    emit_one(to_plain(done), done.said)


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


APPS = {"sentiment": app}
