"""`network A`, `network show|portfolio|threads|next|set|check`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cockpit.cli.account import Account
from cockpit.cli.lists import Limit, Where
from cockpit.cli.options import desk, shared
from cockpit.cli.output import emit_done, emit_list, emit_one, people_limit, say
from cockpit.cli.person import plain as person_plain
from cockpit.cli.showing import Showing
from cockpit.domain.money import decimal_text
from cockpit.services.account import find_account
from cockpit.services.frozen import to_plain

app = typer.Typer(
    cls=Showing, rich_markup_mode=None, add_completion=False, no_args_is_help=True,
    help="The value network: who belongs to it, how well it is met, whom to meet next. `network A` shows an account's.",
)  # fmt: skip
By = Annotated[str, typer.Option("--by", metavar="G", help="owner, segment or pool")]


@app.command()
@shared
def show(account: Account) -> None:
    """Show the value network of an account: size, coverage, members, on whom it hangs."""
    from cockpit.services.network import show_network

    at = desk()
    shown = show_network(at, find_account(at, account))
    row: dict[str, Any] = {"id": shown.account_id, "account": shown.account} | to_plain(shown.network)
    for name, people in (("members", shown.members), ("left", shown.left), ("others", shown.others)):
        row[name] = [person_plain(one) for one in people]
    row["single_thread"] = to_plain(shown.thread)
    emit_one(row, lines=_words(row))


@app.command()
@shared
def portfolio(by: By = "owner", where: Where = "") -> None:
    """Show how the networks of the customers are: not configured, too small, badly met, fine, with their ARR."""
    from cockpit.services.portfolio import portfolio as read

    found = read(desk(), by, where)
    rows = []
    for group in (*found.groups, found.total):
        row: dict[str, Any] = {"by": found.by, "group": group.name, "accounts": group.accounts}
        for state in ("none", "small", "low", "ok"):
            part = group.of(state)
            row |= {state: part.accounts, f"{state}_arr": decimal_text(part.arr, found.currency)}
        rows.append(row | {"arr": decimal_text(group.arr, found.currency), "currency": found.currency, "where": group.where})
    emit_list(rows, ("group", "accounts", "none", "small", "low", "ok", "arr", "currency"), empty="There is no customer.")


@app.command()
@shared
def threads(where: Where = "", limit: Limit = None) -> None:
    """List the customers that hang on one person, the most ARR at stake first."""
    from cockpit.services.portfolio import hanging

    most = people_limit(limit)
    found = hanging(desk(), where)
    rows = [
        to_plain(one) | {"arr": None if one.arr is None else decimal_text(one.arr, one.currency or "USD")}
        for one in found[:most]
    ]
    emit_list(
        rows, ("id", "account", "owner", "arr", "currency", "renewal_date", "share", "n", "person", "state"),
        empty="No customer hangs on one person, as far as meetings tell.", more=len(found) - len(rows),
    )  # fmt: skip


@app.command("next")
@shared
def next_(account: Account) -> None:
    """Whom to meet next: the fewest meetings that reach the segment's coverage goal."""
    from cockpit.services.network import next_meetings

    at = desk()
    found = next_meetings(at, find_account(at, account))
    net = found.network
    lines = [f"{found.account}: {net.says}; the goal is {net.goal} % in {net.window_days} days."]
    for n, meeting in enumerate(found.meetings, start=1):
        names = ", ".join(one.name + (f" ({one.role})" if one.role else "") for one in meeting.people)
        lines.append(f"  {n}. {names}: {meeting.why}")
    lines += [f"  {found.says}", f"  {found.assumes}"]
    if found.missing:
        lines.append(f"  {found.missing} more belong in the network before it is large enough.")
    row = to_plain(found) | {"size": net.size, "met": net.met, "minimum": net.minimum, "coverage": net.coverage}
    emit_one(row, lines="\n".join(lines))


@app.command("set")
@shared
def set_(
    account: Account,
    people: Annotated[list[str], typer.Argument(metavar="PERSON...", help="By id, e-mail or exact name")],
    off: Annotated[bool, typer.Option("--off", help="Take them out")] = False,
    role: Annotated[str | None, typer.Option("--role", metavar="R", help="generator or driver; none takes it")] = None,
) -> None:
    """Put people into the value network of an account, or take them out, in one act."""
    from cockpit.services.membership import set_members
    from cockpit.services.people import find_person

    at = desk(writes=True)
    where = find_account(at, account)
    ids = [find_person(at, one, where) for one in people]
    named = "" if role is not None and role.lower() == "none" else role
    done = set_members(at, [(id_, where) for id_ in ids], not off, named)
    emit_list([{"id": id_, "account": where, "value_network": not off, "act": done.act} for id_ in ids], ("id", "account", "value_network"))
    say(done.said)


@app.command()
@shared
def check(
    where: Where = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say how many, make none")] = False,
) -> None:
    """Make a risk CTA for each customer whose network is too small or too badly met, where none is open for that."""
    from cockpit.services.portfolio import check_networks, preview_check

    at = desk(writes=not dry_run)
    emit_done(preview_check(at, where) if dry_run else check_networks(at, where))


def _words(row: dict[str, Any]) -> str:
    cover = "–" if row["coverage"] is None else f"{row['coverage']:.0%}"
    least = "no minimum agreed" if row["minimum"] is None else f"minimum {row['minimum']}"
    lines = [
        f"{row['account']} (account {row['id']}): {row['says']}",
        f"  size {row['size']} ({least}) · met {row['met']} in {row['window_days']} days · coverage {cover}, goal {row['goal']}%",
        f"  hangs on    {row['single_thread']['says']}",
    ]
    for title, key in (("member", "members"), ("left", "left")):
        for one in row[key]:
            met = f"last met {one['last_met']} by {', '.join(one['last_met_by']) or 'somebody'}" if one["last_met"] else "never met"
            lines.append(f"  {title:7} {one['id']:<6} {one['name']} · {one['network_role'] or 'no role'} · {met}")
    return "\n".join(lines)


APPS = {"network": app}
