"""`csm`, `pool` and `segment`: list, show, new, edit, off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer

from cockpit.cli.options import Usage, desk, shared
from cockpit.cli.output import emit_done, emit_list, emit_one
from cockpit.desk import Desk
from cockpit.services import lane as lanes
from cockpit.services import team
from cockpit.services.errors import NotFound
from cockpit.services.frozen import to_plain


def _group(words: str) -> typer.Typer:
    return typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True, help=words)


csm, pool, segment = _group("Who works here."), _group("Queues and their policies."), _group("Slices of the accounts.")
NamedArgument = Annotated[str, typer.Argument(metavar="NAME", help="By name, login or id")]
Login = Annotated[str, typer.Argument(metavar="LOGIN", help="By login")]
PoolName = Annotated[str, typer.Argument(metavar="POOL", help="By name")]
SegmentName = Annotated[str, typer.Argument(metavar="SEGMENT", help="By name")]
Name = Annotated[str | None, typer.Option("--name", metavar="N", help="Its or her name")]
Email = Annotated[str | None, typer.Option("--email", metavar="E", help="An e-mail address")]
RoleOption = Annotated[str | None, typer.Option("--role", metavar="R", help="csm, junior, manager, ops or read-only")]
Active = Annotated[bool | None, typer.Option("--active/--inactive", help="Whether she works here")]
Zone = Annotated[str | None, typer.Option("--time-zone", metavar="Z", help="Where its day begins: Europe/Berlin")]
Calendar = Annotated[
    str | None, typer.Option("--calendar", metavar="C", help="Its holidays: US, DE-BY; none = weekends only")
]
Currency = Annotated[str | None, typer.Option("--currency", metavar="C", help="What its reports are in")]
Lease = Annotated[
    str | None, typer.Option("--lease-days", metavar="N", help="Business days without a touch; 0 = no lease")
]
MaxOpen = Annotated[
    str | None, typer.Option("--max-open", metavar="N", help="Open CTAs one may hold; none = any number")
]
Push = Annotated[
    str | None,
    typer.Option("--push", metavar="HOW", help="How it hands out work by itself: round-robin, least-loaded; none = people claim"),
]
Skills = Annotated[str | None, typer.Option("--skills", metavar="S", help="What she can do, comma between: german, billing; none")]
Languages = Annotated[str | None, typer.Option("--languages", metavar="L", help="What she speaks, comma between: en, german; none")]
Hours = Annotated[str | None, typer.Option("--hours", metavar="N", help="Hours a week for accounts and CTAs; none = unknown")]
Percent = Annotated[str | None, typer.Option("--limit-percent", metavar="N", help="Of her pools' limits: 50 for somebody new")]
LaneName = Annotated[str, typer.Argument(metavar="LANE", help="tactical, strategic, or any for every kind")]
MaxDay = Annotated[str | None, typer.Option("--max-per-day", metavar="N", help="Claims a day, given back not counted; none = any number")]


def _lists(app: typer.Typer, rows_of: Callable[[Desk], Any], key: str, columns: tuple[str, ...], what: str) -> None:
    """`list` and `show` of one noun."""

    @app.command("list", help=f"List every {what}.")
    @shared
    def list_() -> None:
        emit_list([to_plain(row) for row in rows_of(desk())], columns, empty=f"There is no {what} yet.")

    @app.command("show", help=f"Show one {what}.")
    @shared
    def show(name: NamedArgument) -> None:
        found = [
            to_plain(row)
            for row in rows_of(desk())
            if str(getattr(row, key)).casefold() == name.casefold() or str(row.id) == name
        ]
        if not found:
            raise NotFound(f"There is no {what} {name!r}.")
        emit_one(
            found[0], lines="\n".join(f"{field:12} {value}" for field, value in found[0].items() if value is not None)
        )


_lists(csm, team.csms, "login", ("id", "login", "name", "role", "pools", "open_ctas", "accounts", "away_until", "cover", "active"), "CSM")
_lists(
    pool,
    team.pools,
    "name",
    ("id", "name", "members", "max_open", "max_per_day", "lease_days", "push", "time_zone", "active"),
    "pool",
)
_lists(segment, team.segments, "name", ("id", "name", "accounts", "active"), "segment")


@csm.command("new")
@shared
def csm_new(login: Login, name: Name = None, email: Email = None, role: RoleOption = None,
            pool_: Annotated[str | None, typer.Option("--pool", metavar="P", help="Works it at once")] = None,
            languages: Languages = None) -> None:  # fmt: skip
    """Admit somebody."""
    emit_done(team.new_csm(desk(writes=True), login, name or "", email, role or "csm", pool_, languages))


@csm.command("edit")
@shared
def csm_edit(login: Login, name: Name = None, email: Email = None, role: RoleOption = None,
             new_login: Annotated[str | None, typer.Option("--login", metavar="L", help="A new login")] = None,
             skills: Skills = None, languages: Languages = None,
             hours: Hours = None, percent: Percent = None, active: Active = None) -> None:  # fmt: skip
    """Change somebody."""
    more = {"skills": skills, "languages": languages, "hours_week": hours, "limit_percent": percent}
    fields = _given(name=name, email=email, role=role, login=new_login, active=active, **more)
    emit_done(team.edit_csm(desk(writes=True), login, fields))


@csm.command("off")
@shared
def csm_off(login: Login) -> None:
    """Say that somebody no longer works here; refused while she holds work."""
    emit_done(team.csm_off(desk(writes=True), login))


@pool.command("new")
@shared
def pool_new(name: PoolName, zone: Zone = None, calendar: Calendar = None, currency: Currency = None, lease: Lease = None,
             max_open: MaxOpen = None, max_per_day: MaxDay = None, push: Push = None) -> None:  # fmt: skip
    """Make a pool."""
    emit_done(team.new_pool(desk(writes=True), name, **_policy(zone, calendar, currency, lease, max_open, max_per_day, push)))


@pool.command("edit")
@shared
def pool_edit(pool_: PoolName, name: Name = None, zone: Zone = None, calendar: Calendar = None, currency: Currency = None,
              lease: Lease = None, max_open: MaxOpen = None, max_per_day: MaxDay = None, push: Push = None) -> None:  # fmt: skip
    """Change a pool's policy."""
    fields = _policy(zone, calendar, currency, lease, max_open, max_per_day, push) | ({"name": name} if name else {})
    if not fields:
        raise Usage("Say what to change, e.g. --max-open 20.")
    emit_done(team.edit_pool(desk(writes=True), pool_, fields))


@pool.command("off")
@shared
def pool_off(pool_: PoolName) -> None:
    """Close a pool; refused while it has work."""
    emit_done(team.pool_off(desk(writes=True), pool_))


@pool.command("join")
@shared
def pool_join(pool_: PoolName, login: Login) -> None:
    """Let somebody work a pool."""
    emit_done(team.join_pool(desk(writes=True), login, pool_))


@pool.command("leave")
@shared
def pool_leave(pool_: PoolName, login: Login) -> None:
    """Take somebody out of a pool."""
    emit_done(team.leave_pool(desk(writes=True), login, pool_))


@pool.command("lane")
@shared
def pool_lane(pool_: PoolName, login: Login, lane: LaneName) -> None:
    """Say which kind of work somebody takes in a pool."""
    emit_done(lanes.set_lane(desk(writes=True), login, pool_, None if lane.strip().lower() == "any" else lane))


@pool.command("members")
@shared
def pool_members(pool_: PoolName) -> None:
    """List who works a pool: lane, skills, limits, what she holds, whether she is away."""
    rows = [to_plain(row) for row in lanes.pool_members(desk(), pool_)]
    columns = ("login", "name", "role", "lane", "skills", "limit_percent", "open_ctas", "away")
    emit_list(rows, columns, empty="Nobody works this pool: `cockpit pool join` lets somebody.")


@segment.command("new")
@shared
def segment_new(name: SegmentName) -> None:
    """Make a segment."""
    emit_done(team.new_segment(desk(writes=True), name))


@segment.command("edit")
@shared
def segment_edit(
    segment_: SegmentName, name: Annotated[str, typer.Option("--name", metavar="N", help="Its new name")]
) -> None:
    """Rename a segment."""
    emit_done(team.edit_segment(desk(writes=True), segment_, {"name": name}))


@segment.command("off")
@shared
def segment_off(segment_: SegmentName) -> None:
    """Put a segment out of use."""
    emit_done(team.segment_off(desk(writes=True), segment_))


def _policy(
    zone: str | None,
    calendar: str | None,
    currency: str | None,
    lease: str | None,
    max_open: str | None,
    per_day: str | None,
    push: str | None,
) -> dict[str, Any]:
    given = {
        "time_zone": zone,
        "calendar": calendar,
        "currency": currency,
        "lease_days": lease,
        "max_open": max_open,
        "max_per_day": per_day,
        "push": push,
    }
    return {
        key: None if value.strip().lower() == "none" else value for key, value in given.items() if value is not None
    }


def _given(**fields: Any) -> dict[str, Any]:
    given = {key: None if value == "none" else value for key, value in fields.items() if value is not None}
    if not given:
        raise Usage("Say what to change.")
    return given


APPS = {"csm": csm, "pool": pool, "segment": segment}
