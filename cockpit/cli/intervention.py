"""`intervention list|show|start|stage|answered|plan|handoff`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cockpit.cli.options import Usage, desk, shared
from cockpit.cli.output import emit_done, emit_list, emit_one
from cockpit.cli.queue import resolve
from cockpit.domain.money import decimal_text
from cockpit.services import intervention as interventions
from cockpit.services.frozen import to_plain
from cockpit.services.intervention import InterventionRow, InterventionShown, Moved

app = typer.Typer(
    rich_markup_mode=None,
    add_completion=False,
    no_args_is_help=True,
    help="The one- or two-month work on accounts that answered: its stages, its window, its end.",
)
COLUMNS = (
    "id",
    "account",
    "owner",
    "stage",
    "window_day",
    "on_track",
    "criterion",
    "cta",
    "tries",
    "proposal",
    "warning",
)
Id = Annotated[
    int, typer.Argument(metavar="ID", help="The number of an intervention, as `intervention list` prints it")
]
Note = Annotated[
    str, typer.Option("--note", metavar="T", help="What Support should know; or what the customer answered")
]
Article = Annotated[
    list[str] | None, typer.Option("--article", metavar="URL", help="A link into the knowledge base; may repeat")
]
Criterion = Annotated[
    str | None,
    typer.Option(
        "--criterion", metavar="Q", help="What on track means: 'usage_drop:<10% health:>=60'; none takes it away"
    ),
]


def plain(row: InterventionRow) -> dict[str, Any]:
    """An intervention as `--json` prints it: money as a decimal string."""
    found: dict[str, Any] = to_plain(row)
    if row.arr is not None:
        found["arr"] = decimal_text(row.arr, row.currency or "USD")
    return found


@app.command("list")
@shared
def list_(
    mine: Annotated[bool, typer.Option("--mine", help="Only mine")] = False,
    owner: Annotated[str | None, typer.Option("--owner", metavar="LOGIN", help="Only hers")] = None,
    stage: Annotated[str | None, typer.Option("--stage", metavar="S", help="Only this stage, e.g. engaged")] = None,
    account: Annotated[str | None, typer.Option("--account", metavar="A", help="Only this account's")] = None,
    all_: Annotated[bool, typer.Option("--all", help="Those that have ended too")] = False,
) -> None:
    """List the running interventions by stage."""
    at = desk()
    rows = interventions.board(at, at.me.login if mine else owner, stage, account, all_)
    emit_list(
        [plain(row) for row in rows],
        COLUMNS,
        empty="No intervention runs: an outreach logged on a claimed CTA begins one.",
    )


@app.command()
@shared
def show(intervention: Id) -> None:
    """Show one intervention whole, with what followed it."""
    shown = interventions.show(desk(), intervention)
    emit_one(_row(shown), lines=_words(shown))


@app.command()
@shared
def start(
    cta: Annotated[str, typer.Argument(metavar="CTA", help="A claimed CTA, by number or external id")],
    plan: Annotated[str, typer.Option("--plan", metavar="T", help="What was agreed")] = "",
    criterion: Criterion = None,
) -> None:
    """Begin an intervention on the account of a claimed CTA."""
    at = desk(writes=True)
    _print(interventions.start(at, resolve(at, [cta])[0], plan, "" if criterion is None else criterion))


@app.command()
@shared
def stage(
    intervention: Id,
    to: Annotated[
        str,
        typer.Argument(
            metavar="STAGE", help="reached_out, engaged, on_plan, on_track, self_service, no_response or lost"
        ),
    ],
    note: Note = "",
    reason: Annotated[str, typer.Option("--reason", metavar="R", help="Why it is lost, or given up early")] = "",
    article: Article = None,
) -> None:
    """Move an intervention to a stage that its own leads to."""
    _print(interventions.move(desk(writes=True), intervention, to, note, reason, article or ()))


@app.command()
@shared
def answered(intervention: Id, note: Note = "") -> None:
    """Say that the customer answered: engaged, and the window of 60 days begins."""
    _print(interventions.answered(desk(writes=True), intervention, note))


@app.command()
@shared
def plan(
    intervention: Id,
    text: Annotated[str | None, typer.Argument(metavar="[TEXT]", help="What was agreed with the customer")] = None,
    criterion: Criterion = None,
) -> None:
    """Write what was agreed and what on track means."""
    if text is None and criterion is None:
        raise Usage("Say what was agreed, or --criterion QUERY for what on track means.")
    wanted = "" if criterion is not None and criterion.strip().casefold() == "none" else criterion
    _print(interventions.set_plan(desk(writes=True), intervention, text, wanted))


@app.command()
@shared
def handoff(
    intervention: Id,
    note: Annotated[str, typer.Option("--note", metavar="T", help="What Support should know")],
    article: Article = None,
) -> None:
    """Hand an account that is on track to self-service: Support and the knowledge base."""
    _print(interventions.move(desk(writes=True), intervention, "self_service", note, "", article or ()))


def _print(done: Moved) -> None:
    emit_done(done)


def _row(shown: InterventionShown) -> dict[str, Any]:
    after = to_plain(shown.followed)
    for sale, told in zip(shown.followed.won, after["won"], strict=True):
        told["amount"] = None if sale.amount is None else decimal_text(sale.amount, sale.currency)
    return plain(shown.row) | {"tried": to_plain(shown.tried), "followed": after}


def _words(shown: InterventionShown) -> str:
    row = _row(shown)
    lines = [f"Intervention {row['id']} · {row['account']} · {row['stage'].replace('_', ' ')}"]
    keys = ("owner", "cta", "window", "criterion", "on_track", "plan", "tries", "proposal", "claimed_at", "reached_at", "engaged_at",
            "on_plan_at", "on_track_at", "ended_at", "end_reason", "handoff_note", "health", "renewal_date")  # fmt: skip
    lines += [f"  {key.replace('_', ' '):13} {row[key]}" for key in keys if row.get(key) not in (None, "")]
    lines += [f"  {'article':13} {url}" for url in row["articles"]]
    lines += [
        f"  {'followed':13} {one['type']} {one['amount'] or '?'} {one['currency']} won {one['close_date']}"
        for one in row["followed"]["won"]
    ]
    if row["followed"]["nps_change"] is not None:
        after = row["followed"]
        lines.append(
            f"  {'NPS':13} {after['nps_before']:+.0f} → {after['nps_after']:+.0f} (the same {after['nps_people']} people)"
        )
    return "\n".join(lines)


APPS = {"intervention": app}
