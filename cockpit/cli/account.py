"""`account list|show|new|edit`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from cockpit.cli import opinion
from cockpit.cli.lists import Limit, Where
from cockpit.cli.merging import add_to
from cockpit.cli.options import Usage, desk, shared
from cockpit.cli.output import emit_list, emit_one, people_limit
from cockpit.desk import Desk
from cockpit.domain.money import decimal_text
from cockpit.services import account as accounts
from cockpit.services.frozen import to_plain

app = typer.Typer(
    rich_markup_mode=None, add_completion=False, no_args_is_help=True, help="List, show, make and change accounts."
)
COLUMNS = ("id", "name", "segment", "arr", "currency", "health", "band", "owner", "pool", "renewal_date")
Account = Annotated[str, typer.Argument(metavar="ACCOUNT", help="By id, external id or exact name")]
_PAGE = 2_000


def plain(row: Any) -> dict[str, Any]:
    """An account as `--json` prints it: money as a decimal string."""
    found: dict[str, Any] = to_plain(row)
    arr = found.get("arr")
    if isinstance(arr, int):
        found["arr"] = decimal_text(arr, found.get("currency") or "USD")
    return found


@app.command("list")
@shared
def list_(
    where: Where = "",
    sort: Annotated[str, typer.Option("--sort", metavar="S", help="name, arr, renewal or health")] = "name",
    limit: Limit = None,
) -> None:
    """List accounts."""
    at = desk()
    shown = people_limit(limit)
    rows = [plain(row) for row in every_account(at, where, sort, shown)]
    more = 0
    if limit is None and shown is not None and len(rows) == shown:
        more = max(0, accounts.count_accounts(at, where).n - len(rows))
    emit_list(
        rows,
        COLUMNS,
        empty="No account matches." if where else "There are no accounts yet: `cockpit import FILE` brings them.",
        more=more,
    )


@app.command()
@shared
def show(account: Account) -> None:
    """Show one account: its numbers, its people, its CTAs, its latest timeline."""
    from cockpit.services.people import people_of

    at = desk()
    id_ = accounts.find_account(at, account)
    header, summary = accounts.account_header(at, id_), accounts.account_summary(at, id_)
    row = plain(header)
    details = to_plain(summary)
    details.pop("account")
    details["mrr"] = [{"currency": code, "mrr": decimal_text(minor, code)} for code, minor in summary.mrr]
    row |= details | {"people": [to_plain(one) for one in people_of(at, id_)]}
    emit_one(row, lines=_words(row))


ARR = Annotated[str | None, typer.Option("--arr", metavar="M", help="48000, 48k, €1.2m")]
Currency = Annotated[str | None, typer.Option("--currency", metavar="C", help="USD, EUR, …")]
Segment = Annotated[str | None, typer.Option("--segment", metavar="S", help="Which slice of the accounts")]
Region = Annotated[str | None, typer.Option("--region", metavar="R", help="Where it is")]
Owner = Annotated[str | None, typer.Option("--owner", metavar="LOGIN", help="Whose account it is; none takes it away")]
Pool = Annotated[str | None, typer.Option("--pool", metavar="P", help="Whose queue its CTAs go to")]
Renewal = Annotated[str | None, typer.Option("--renewal", metavar="D", help="When it renews")]
GoLive = Annotated[str | None, typer.Option("--go-live", metavar="D", help="When it went live")]
Stage = Annotated[str | None, typer.Option("--stage", metavar="S", help="Where in its life it is")]
Health = Annotated[str | None, typer.Option("--health", metavar="N", help="0 to 100; none = unknown")]
Status = Annotated[str | None, typer.Option("--status", metavar="S", help="prospect, customer or churned")]
ServedBy = Annotated[str | None, typer.Option("--served-by", metavar="M", help="dedicated, pool, hybrid or pod")]
Pod = Annotated[str | None, typer.Option("--pod", metavar="POD", help="Whose patch it is in; none takes it out")]
Notice = Annotated[str | None, typer.Option("--notice", metavar="D", help="The last day to give notice")]
AutoRenew = Annotated[str | None, typer.Option("--auto-renew", metavar="Y", help="yes or no: renews by itself; none = unknown")]
Parent = Annotated[str | None, typer.Option("--parent", metavar="A", help="The account it is a relationship of")]


@app.command()
@shared
def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it or she is called")],
    arr: ARR = None, currency: Currency = None, segment: Segment = None, region: Region = None, owner: Owner = None,
    pool: Pool = None, renewal: Renewal = None, go_live: GoLive = None, stage: Stage = None, health: Health = None,
    status: Status = None, parent: Parent = None, served_by: ServedBy = None, pod: Pod = None, notice: Notice = None,
    auto_renew: AutoRenew = None,
) -> None:  # fmt: skip
    """Make an account."""
    fields = _given(
        arr, currency, segment, region, owner, pool, renewal, go_live, stage, health, status, parent, served_by, pod, notice, auto_renew
    )
    made = accounts.new_account(desk(writes=True), name, **fields)
    emit_one({"id": made.id, "name": name, "act": made.act}, made.said)


@app.command()
@shared
def edit(
    account: Account,
    name: Annotated[str | None, typer.Option("--name", metavar="N", help="Its new name")] = None,
    arr: ARR = None, currency: Currency = None, segment: Segment = None, region: Region = None, owner: Owner = None,
    pool: Pool = None, renewal: Renewal = None, go_live: GoLive = None, stage: Stage = None, health: Health = None,
    status: Status = None, parent: Parent = None, served_by: ServedBy = None, pod: Pod = None, notice: Notice = None,
    auto_renew: AutoRenew = None,
) -> None:  # fmt: skip
    """Change an account; its open CTAs are scored anew when that matters."""
    fields = _given(
        arr, currency, segment, region, owner, pool, renewal, go_live, stage, health, status, parent, served_by, pod, notice, auto_renew
    )
    if name is not None:
        fields["name"] = name
    if not fields:
        raise Usage("Say what to change, e.g. --arr 48k or --renewal 2027-03-31.")
    at = desk(writes=True)
    id_ = accounts.find_account(at, account)
    done = accounts.edit_account(at, id_, fields)
    emit_one({"id": id_, "changed": list(done.changed), "act": done.act}, done.said)


def every_account(at: Desk, where: str, sort: str, limit: int | None) -> Iterator[Any]:
    """The accounts a query matches, page by page; all of them without a limit."""
    after, left = None, limit
    while left is None or left > 0:
        page = accounts.accounts_page(at, where, sort, after=after, limit=_PAGE if left is None else min(left, _PAGE))
        yield from page.rows
        left = None if left is None else left - len(page.rows)
        if not page.more:
            return
        after = page.last


def _given(*values: str | None) -> dict[str, Any]:
    names = (
        "arr",
        "currency",
        "segment",
        "region",
        "owner",
        "pool",
        "renewal_date",
        "go_live",
        "stage",
        "health",
        "status",
        "parent",
        "served_by",
        "pod",
        "notice_date",
        "auto_renew",
    )
    given = {name: value for name, value in zip(names, values, strict=True) if value is not None}
    return {name: None if value.strip().lower() == "none" else value for name, value in given.items()}


def _words(row: dict[str, Any]) -> str:
    keys = ("health", "change", "trend", "arr", "currency", "renewal_date", "renews_in", "notice_date", "auto_renew", "segment", "region",
            "owner", "pool", "pod", "stage", "status", "served_by", "open_ctas", "unassigned_ctas", "tickets_open")  # fmt: skip
    lines = [f"{row['name']} (account {row['id']})"]
    lines += [f"  {key.replace('_', ' '):16} {row[key]}" for key in keys if row.get(key) is not None]
    net = row["network"]
    cover = "not configured" if not net["size"] else f"{net['met']} of {net['size']} met in {net['window_days']} d"
    lines.append(f"  {'network':16} {cover}")
    lines += [
        f"  person {one['id']:<9} {one['name']} · {one['title'] or '–'} · {one['email'] or '–'}"
        for one in row["people"]
    ]
    return "\n".join(lines)


app.command("renewal-call")(opinion.renewal_call)
app.command("renewal-calls")(opinion.renewal_calls)
app.command()(opinion.plan)
app.command()(opinion.stages)
add_to(app, "account")
APPS = {"account": app}
