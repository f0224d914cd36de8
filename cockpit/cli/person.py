"""`person list|show|new|edit|left|network|merge|unmerge|twins`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cockpit.cli.account import Account
from cockpit.cli.care import erase
from cockpit.cli.lists import Limit, Where
from cockpit.cli.merging import add_to
from cockpit.cli.options import Usage, desk, shared
from cockpit.cli.output import emit_done, emit_list, emit_one, people_limit
from cockpit.cli.queue import day
from cockpit.desk import Desk
from cockpit.services import people
from cockpit.services.account import find_account
from cockpit.services.frozen import to_plain

app = typer.Typer(
    rich_markup_mode=None,
    add_completion=False,
    no_args_is_help=True,
    help="List, make and change the people of an account.",
)
Person = Annotated[str, typer.Argument(metavar="PERSON", help="By id, e-mail or exact name")]
Title = Annotated[str | None, typer.Option("--title", metavar="T", help="What she is there")]
Phone = Annotated[str | None, typer.Option("--phone", metavar="P", help="A phone number")]
Language = Annotated[str | None, typer.Option("--language", metavar="L", help="What she speaks")]
At = Annotated[str, typer.Option("--account", metavar="A", help="The account she belongs to")]


def plain(row: people.PersonRow) -> dict[str, Any]:
    """A person as `--json` prints her."""
    found: dict[str, Any] = to_plain(row)
    met = row.last_met
    return found | {
        "last_met": None if met is None else met.day.isoformat(),
        "last_met_subject": None if met is None else met.subject,
        "last_met_by": [] if met is None else list(met.by),
        "last_met_activity": None if met is None else met.activity_id,
    }


@app.command("list")
@shared
def list_(
    account: Annotated[str | None, typer.Argument(metavar="[ACCOUNT]", help="By id, external id or exact name")] = None,
    where: Where = "",
    limit: Limit = None,
) -> None:
    """List the people of an account and of its relationships, or everybody a query matches."""
    at = desk()
    if account is None:
        _everybody(at, where, limit)
        return
    rows = [plain(one) for one in people.people_of(at, find_account(at, account))]
    if where:
        from cockpit.services.person import people_where

        chosen = {one.id for one in people_where(at, where).rows}
        rows = [row for row in rows if row["id"] in chosen]
    emit_list(
        rows,
        ("id", "name", "title", "email", "value_network", "network_role", "last_met"),
        empty="Nobody is known there yet: `cockpit person new` adds people." if not where else "Nobody there matches.",
    )


def _everybody(at: Desk, where: str, limit: int | None) -> None:
    from cockpit.services.person import people_where

    if not where:
        raise Usage("Say whose people, or --where QUERY: `cockpit person list --where 'role:driver last_met:>90d'`.")
    found = people_where(at, where, people_limit(limit))
    columns = ("id", "name", "account", "value_network", "network_role", "last_met", "left_on", "email")
    emit_list([to_plain(one) for one in found.rows], columns, empty="Nobody matches.", more=found.total - len(found.rows))


@app.command()
@shared
def show(person: Person) -> None:
    """Show a person whole: her accounts, what happened with her, when she was last met and by whom."""
    from cockpit.services.person import show_person

    at = desk()
    shown = show_person(at, people.find_person(at, person))
    row: dict[str, Any] = to_plain(shown.person) | {"accounts": [to_plain(one) for one in shown.accounts]}
    met = shown.last_met
    row |= {
        "last_met": None if met is None else met.day.isoformat(), "last_met_days": None if met is None else met.days_ago,
        "last_met_by": [] if met is None else list(met.by), "last_met_activity": None if met is None else met.activity_id,
        "last_met_subject": None if met is None else met.subject, "last_met_account": shown.last_met_account,
        "also_known_as": list(shown.also_known_as), "usage": None, "usage_says": shown.usage,
        "things": [{key: value for key, value in to_plain(one).items() if key != "id"} for one in shown.things],
    }  # fmt: skip
    emit_one(row, lines=_words(row))


def _words(row: dict[str, Any]) -> str:
    lines = [f"{row['name']} (person {row['id']}) · {row['email'] or 'no address'}"]
    if row["also_known_as"]:
        lines.append(f"  also known as {', '.join(row['also_known_as'])}")
    met = f"{row['last_met']} by {', '.join(row['last_met_by']) or 'somebody'}: {row['last_met_subject']}" if row["last_met"] else "never"
    lines.append(f"  last met    {met}")
    for one in row["accounts"]:
        role = (one["network_role"] or "member") if one["value_network"] else "not in the network"
        lines.append(f"  at          {one['account']} · {one['title'] or '–'} · {role}")
    lines += [f"  {one['day'] or '–':11} {one['kind']:9} {one['what']} · {one['state'] or '–'}" for one in row["things"]]
    return "\n".join(lines)


@app.command()
@shared
def new(
    account: Account,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it or she is called")],
    email: Annotated[str | None, typer.Option("--email", metavar="E", help="Her e-mail address")] = None,
    title: Title = None,
    phone: Phone = None,
    language: Language = None,
    role: Annotated[
        str | None, typer.Option("--role", metavar="R", help="generator or driver: puts her in the value network")
    ] = None,
) -> None:
    """Add a person to an account; who is known by her e-mail is not made twice."""
    made = people.add_person(
        desk(writes=True), account, name, email, title=title, phone=phone, language=language, network_role=role
    )
    emit_done(made)


@app.command()
@shared
def edit(
    person: Person,
    name: Annotated[str | None, typer.Option("--name", metavar="N", help="Her name")] = None,
    email: Annotated[str | None, typer.Option("--email", metavar="E", help="Her e-mail address")] = None,
    phone: Phone = None,
    language: Language = None,
    title: Title = None,
    account: Annotated[str | None, typer.Option("--account", metavar="A", help="Where title and network are held")] = None,
    left: Annotated[
        str | None, typer.Option("--left", metavar="D", help="The day she left; none if she is back")
    ] = None,
    network: Annotated[
        str | None, typer.Option("--network", metavar="Y", help="yes or no: in the value network of the account")
    ] = None,
    role: Annotated[str | None, typer.Option("--role", metavar="R", help="generator or driver, in the value network")] = None,
    value: Annotated[str | None, typer.Option("--value", metavar="T", help="What she gets out of it, at the account")] = None,
    bottleneck: Annotated[str | None, typer.Option("--bottleneck", metavar="T", help="What is in her way there")] = None,
    channel: Annotated[str | None, typer.Option("--channel", metavar="C", help="How she likes to be reached")] = None,
) -> None:
    """Change a person, and what she is at one account."""
    given = {
        "name": name, "email": email, "phone": phone, "language": language, "title": title, "channel": channel,
        "value_obtained": value, "bottleneck": bottleneck,
    }  # fmt: skip
    fields: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
    if role is not None:
        fields["network_role"] = role
    if network is not None:
        if network.lower() not in ("yes", "no"):
            raise Usage("--network is yes or no.")
        fields["value_network"] = network.lower() == "yes"
    at = desk(writes=True)
    if left is not None:
        fields["left_on"] = None if left.strip().lower() == "none" else day(at, left, backward=True)
    if not fields:
        raise Usage("Say what to change, e.g. --title CFO --account Acme.")
    at_account = find_account(at, account) if account else None
    emit_done(people.edit_person(at, people.find_person(at, person, at_account), fields, None, at_account))


@app.command()
@shared
def network(
    person: Person,
    account: At,
    off: Annotated[bool, typer.Option("--off", help="Take her out")] = False,
    role: Annotated[str | None, typer.Option("--role", metavar="R", help="generator or driver")] = None,
) -> None:
    """Put a person in the value network of an account, or take her out."""
    at = desk(writes=True)
    at_account = find_account(at, account)
    emit_done(people.set_network(at, people.find_person(at, person, at_account), at_account, not off, role))


@app.command("left")
@shared
def left_(
    person: Person,
    on: Annotated[str | None, typer.Option("--on", metavar="D", help="The day; today if not said")] = None,
    account: Annotated[
        str | None, typer.Option("--account", metavar="A", help="Only there: she does something else at the customer now")
    ] = None,
    note: Annotated[str | None, typer.Option("--note", metavar="T", help="Where to, who follows")] = None,
) -> None:
    """Say that somebody left: marks her, notes the event, makes the CTA where she was in the value network."""
    from cockpit.services.departure import left

    at = desk(writes=True)
    at_account = find_account(at, account) if account else None
    emit_done(left(at, people.find_person(at, person, at_account), day(at, on, backward=True), at_account, note))


app.command()(erase)
add_to(app, "person")
APPS = {"person": app}
