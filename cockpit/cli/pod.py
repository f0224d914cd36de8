"""`pod`, `away`, `push` and `capacity`: who owns a patch together, who is here, who gets what, how full a week is."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cockpit.cli.options import Usage, desk, shared
from cockpit.cli.output import emit_done, emit_list, emit_one, say, shows_people
from cockpit.cli.queue import day
from cockpit.domain.money import decimal_text
from cockpit.services import away as absence
from cockpit.services import pod as pods
from cockpit.services.frozen import to_plain


def _group(words: str) -> typer.Typer:
    return typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True, help=words)


pod = _group("Seniors and a junior who own a patch of accounts together.")
away = _group("Who is away, and who covers.")
PodName = Annotated[str, typer.Argument(metavar="POD", help="By name or id")]
Login = Annotated[str, typer.Argument(metavar="LOGIN", help="By login")]
PoolOption = Annotated[str | None, typer.Option("--pool", metavar="P", help="Only this pool")]


@pod.command("list")
@shared
def pod_list() -> None:
    """List the pods: who is in them, how large their patch is, what waits there."""
    rows = [_pod(row) for row in pods.pods(desk())]
    columns = ("id", "name", "seniors", "juniors", "accounts", "arr", "open_ctas", "unassigned", "active")
    emit_list(rows, columns, empty="There is no pod yet: `cockpit pod new NAME --senior LOGIN --junior LOGIN` makes one.")


@pod.command("show")
@shared
def pod_show(name: PodName) -> None:
    """Show one pod with its accounts."""
    shown = pods.show_pod(desk(), name)
    row = _pod(shown.pod) | {
        "members": [to_plain(one) for one in shown.members],
        "patch": [to_plain(one) | {"arr": _money(one.arr, one.currency)} for one in shown.accounts],
    }
    lines = [f"Pod {shown.pod.name}: {shown.pod.accounts} accounts, {shown.pod.open_ctas} open CTAs, {shown.pod.unassigned} unassigned"]
    lines += [f"  {'senior' if one.is_senior else 'junior':8} {one.login:10} {one.name}" for one in shown.members]
    lines += [f"  account  {one.id:<10} {one.name} · {_money(one.arr, one.currency) or '–'}" for one in shown.accounts]
    emit_one(row, lines="\n".join(lines))


@pod.command("new")
@shared
def pod_new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it is called")],
    senior: Annotated[list[str] | None, typer.Option("--senior", metavar="LOGIN", help="A senior; may repeat")] = None,
    junior: Annotated[list[str] | None, typer.Option("--junior", metavar="LOGIN", help="Who learns; may repeat")] = None,
) -> None:
    """Make a pod."""
    emit_done(pods.new_pod(desk(writes=True), name, senior or (), junior or ()))


@pod.command("edit")
@shared
def pod_edit(
    pod_: PodName,
    name: Annotated[str | None, typer.Option("--name", metavar="N", help="Its new name")] = None,
    active: Annotated[bool | None, typer.Option("--active/--inactive", help="Whether it is at work")] = None,
) -> None:
    """Change a pod."""
    fields = {key: value for key, value in (("name", name), ("active", active)) if value is not None}
    if not fields:
        raise Usage("Say what to change, e.g. --name North.")
    emit_done(pods.edit_pod(desk(writes=True), pod_, fields))


@pod.command("off")
@shared
def pod_off(pod_: PodName) -> None:
    """Close a pod; refused while it owns accounts."""
    emit_done(pods.pod_off(desk(writes=True), pod_))


@pod.command("join")
@shared
def pod_join(
    pod_: PodName, login: Login, junior: Annotated[bool, typer.Option("--junior", help="As the one who learns")] = False
) -> None:
    """Put somebody into a pod, as a senior unless --junior."""
    emit_done(pods.join_pod(desk(writes=True), pod_, login, not junior))


@pod.command("leave")
@shared
def pod_leave(pod_: PodName, login: Login) -> None:
    """Take somebody out of a pod."""
    emit_done(pods.leave_pod(desk(writes=True), pod_, login))


@pod.command("give")
@shared
def pod_give(
    pod_: PodName,
    accounts: Annotated[list[str], typer.Argument(metavar="ACCOUNT...", help="By id, external id or exact name", show_default=False)],
) -> None:
    """Put accounts into a pod's patch; the pod serves them from then on."""
    emit_done(pods.give(desk(writes=True), pod_, accounts))


@away.command("list")
@shared
def away_list(all_: Annotated[bool, typer.Option("--all", help="Those that are over too")] = False) -> None:
    """List who is away and who will be."""
    rows = [to_plain(row) for row in absence.absences(desk(), past=all_)]
    columns = ("id", "login", "name", "first", "last", "back", "cover", "state", "note")
    emit_list(rows, columns, empty="Nobody is away, and nobody will be.")


@away.command("set")
@shared
def away_set(
    login: Login,
    to: Annotated[str, typer.Option("--to", metavar="D", help="Her last day away")],
    from_: Annotated[str, typer.Option("--from", metavar="D", help="Her first day away")] = "today",
    cover: Annotated[str | None, typer.Option("--cover", metavar="LOGIN", help="Who answers for her")] = None,
    note: Annotated[str, typer.Option("--note", metavar="T", help="What others should know")] = "",
) -> None:
    """Say that somebody is away: nothing is handed to her, her leases stand, what falls due is shown to her cover."""
    at = desk(writes=True)
    first, last = day(at, from_), day(at, to)
    if first is None or last is None:
        raise Usage("Say from when and to when, e.g. --from mon --to fri.")
    emit_done(absence.set_away(at, login, first, last, cover, note))


@away.command("end")
@shared
def away_end(login: Login) -> None:
    """Say that somebody is back, or is not going after all."""
    emit_done(absence.end_away(desk(writes=True), login))


@shared
def push(
    pool: Annotated[str, typer.Argument(metavar="POOL", help="By name")],
    n: Annotated[int | None, typer.Option("-n", "--count", metavar="N", min=1, help="So many; else what there is room for")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be handed out, and do nothing")] = False,
) -> None:
    """Hand out a pool's queue to those who are here and have room, as the pool's policy says."""
    from cockpit.services.push import hand_out

    done = hand_out(desk(writes=not dry_run), pool, n, dry_run=dry_run)
    words = [f"CTA {one.id} · {one.account} → {one.name}: {one.why}" for one in done.given]
    emit_one(to_plain(done), done.said, lines="\n".join(words) if words else None)
    for sentence in done.absent:
        say(sentence)


@shared
def capacity(pool: PoolOption = None) -> None:
    """How full everybody's week is, in hours: accounts by their weight, open CTAs, what is free."""
    from cockpit.services.capacity import capacity as rows_of

    rows = [to_plain(row) for row in rows_of(desk(), pool)]
    columns = ("login", "name", "accounts", "unweighed", "booked", "open_ctas", "open", "hours_week", "free", "away_until")
    emit_list(rows, columns, empty="Nobody works here.")


def _pod(row: Any) -> dict[str, Any]:
    found: dict[str, Any] = to_plain(row)
    money = [{"currency": code, "arr": decimal_text(minor, code)} for code, minor in row.arr]
    return found | {"arr": [f"{one['arr']} {one['currency']}" for one in money] if shows_people() else money}


def _money(minor: int | None, currency: str | None) -> str | None:
    return None if minor is None else decimal_text(minor, currency or "USD")


def _single(function: Any) -> typer.Typer:
    app = typer.Typer(rich_markup_mode=None, add_completion=False)
    app.command()(function)
    return app


APPS = {"pod": pod, "away": away, "push": _single(push), "capacity": _single(capacity)}
