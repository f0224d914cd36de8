"""`policy` and `flow`: what segments may expect, who has outgrown theirs, and how work flows."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cockpit.cli.lists import Limit
from cockpit.cli.options import Usage, desk, shared
from cockpit.cli.output import emit_done, emit_list, emit_one, people_limit, say, shows_people
from cockpit.cli.queue import day
from cockpit.domain.money import decimal_text
from cockpit.domain.say import plural
from cockpit.services import policy as policies
from cockpit.services.frozen import to_plain

policy = typer.Typer(
    rich_markup_mode=None, add_completion=False, no_args_is_help=True, help="Engagement policies: what a segment may expect."
)
Segment = Annotated[str, typer.Argument(metavar="SEGMENT", help="By name")]
Arr = Annotated[str | None, typer.Option("--arr-from", metavar="M", help="ARR from which accounts belong here; none = not by ARR")]
Touch = Annotated[str | None, typer.Option("--touch-days", metavar="N", help="A person gets in touch at least every so many business days")]
Digital = Annotated[str | None, typer.Option("--digital-days", metavar="N", help="Programme mails at least every so many days")]
Network = Annotated[str | None, typer.Option("--network-min", metavar="N", help="People in the value network, at least")]
Window = Annotated[str | None, typer.Option("--network-window", metavar="N", help="Days within which a member counts as met")]
Coverage = Annotated[str | None, typer.Option("--coverage", metavar="PERCENT", help="Of the network, met within the window")]
Ebr = Annotated[str | None, typer.Option("--ebr", metavar="N", help="EBRs a year")]
Nps = Annotated[str | None, typer.Option("--nps", metavar="N", help="NPS surveys a year")]
MaxOpen = Annotated[str | None, typer.Option("--max-open", metavar="N", help="Open CTAs of this segment one may hold")]
MaxDay = Annotated[str | None, typer.Option("--max-per-day", metavar="N", help="Claims of this segment a day, given back not counted")]
Minutes = Annotated[str | None, typer.Option("--minutes-month", metavar="N", help="Work an account takes a month: its weight in capacity")]
Grr = Annotated[str | None, typer.Option("--grr", metavar="PERCENT", help="Expected gross retention")]
Nrr = Annotated[str | None, typer.Option("--nrr", metavar="PERCENT", help="Expected net retention")]
ServedBy = Annotated[str | None, typer.Option("--served-by", metavar="M", help="dedicated, pool, hybrid or pod")]


@policy.command("list")
@shared
def policy_list() -> None:
    """List the policy of every segment, the largest first."""
    at = desk()
    rows = [_policy(row, policies.currency_of(at)) for row in policies.policies(at)]
    columns = ("name", "accounts", "arr_from", "served_by", "touch_days", "digital_days", "network_min", "network_window",
               "coverage_goal", "ebr_per_year", "nps_per_year", "max_open", "max_per_day", "minutes_month")  # fmt: skip
    emit_list(rows, columns, empty="There is no segment yet: `cockpit segment new` makes one.")


@policy.command("show")
@shared
def policy_show(segment: Segment) -> None:
    """Show the policy of one segment."""
    at = desk()
    row = _policy(policies.show_policy(at, segment), policies.currency_of(at))
    words = [f"{key.replace('_', ' '):16} {'not agreed' if value is None else value}" for key, value in row.items()]
    emit_one(row, lines="\n".join(words))


@policy.command("set")
@shared
def policy_set(
    segment: Segment, arr_from: Arr = None, touch_days: Touch = None, digital_days: Digital = None, network_min: Network = None,
    network_window: Window = None, coverage_goal: Coverage = None, ebr_per_year: Ebr = None, nps_per_year: Nps = None,
    max_open: MaxOpen = None, max_per_day: MaxDay = None, minutes_month: Minutes = None, expected_grr: Grr = None,
    expected_nrr: Nrr = None, served_by: ServedBy = None,
) -> None:  # fmt: skip
    """Change a segment's policy; none takes a value away."""
    given = {
        "arr_from": arr_from, "touch_days": touch_days, "digital_days": digital_days, "network_min": network_min,
        "network_window": network_window, "coverage_goal": coverage_goal, "ebr_per_year": ebr_per_year,
        "nps_per_year": nps_per_year, "max_open": max_open, "max_per_day": max_per_day, "minutes_month": minutes_month,
        "expected_grr": expected_grr, "expected_nrr": expected_nrr, "served_by": served_by,
    }  # fmt: skip
    fields = {name: None if value.strip().lower() == "none" else value for name, value in given.items() if value is not None}
    if not fields:
        raise Usage("Say what to change, e.g. --touch-days 20.")
    emit_done(policies.set_policy(desk(writes=True), segment, fields))


@policy.command("proposals")
@shared
def policy_proposals(limit: Limit = None) -> None:
    """List accounts that have crossed a segment's line by more than 10 %, with the segment they should be in."""
    found = policies.proposals(desk())
    rows = [to_plain(row) | {"arr": decimal_text(row.arr, row.currency)} for row in found.rows]
    shown = people_limit(limit)
    columns = ("account_id", "account", "arr", "currency", "segment", "to_segment", "served_by", "to_served_by", "owner")
    emit_list(rows[:shown], columns, empty="Every account is in the segment its ARR says.", more=max(0, len(rows) - (shown or len(rows))))
    if rows and shows_people():
        say("`cockpit account edit ACCOUNT --segment S --served-by M` moves one.")
    if found.unknown:
        say(f"{plural(found.unknown, 'account')} could not be compared: no ARR, or not in {found.currency}.")


@shared
def flow(
    by: Annotated[str, typer.Option("--by", metavar="WHAT", help="pool, lane, csm or all")] = "pool",
    from_: Annotated[str | None, typer.Option("--from", metavar="D", help="First day; else 27 days before the last")] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="D", help="Last day; else today")] = None,
    pool: Annotated[str | None, typer.Option("--pool", metavar="P", help="Only this pool")] = None,
    within: Annotated[int, typer.Option("--within", metavar="N", min=0, help="Business days until a lease ends")] = 1,
) -> None:
    """What came and went, how old the open is, how long it waited for a first claim, what is about to return."""
    from cockpit.services.flow import flow as flow_of

    at = desk()
    done = flow_of(at, by, day(at, from_, backward=True), day(at, to, backward=True), pool, within)
    rows = [to_plain(row) for row in done.rows]
    columns = ("group", "inflow", "outflow", "open", "unassigned", "snoozed", "age_p50", "age_p95", "wait_p50", "wait_p95", "waited")
    if shows_people():
        total = to_plain(done.total) | {"group": "all"}
        emit_list(rows if by == "all" else [*rows, total], columns)
        say(f"{done.first} to {done.last}; ages in days, waits in hours, percentiles by nearest rank.")
        for row in done.returning:
            say(f"  CTA {row.id} · {row.account} · {row.owner_name}: {row.says}")
    else:
        _whole(done)


def _whole(done: Any) -> None:
    """The report under --json; under --csv and --md its rows."""
    from cockpit.cli.options import GIVEN

    if GIVEN.json:
        emit_one(to_plain(done))
    else:
        rows = [to_plain(row) for row in done.rows]
        emit_list(rows, list(rows[0]) if rows else [])


def _policy(row: Any, currency: str) -> dict[str, Any]:
    found: dict[str, Any] = to_plain(row)
    if row.arr_from is not None:
        found["arr_from"] = decimal_text(row.arr_from, currency)
    return found | {"currency": currency}


def _single(function: Any) -> typer.Typer:
    app = typer.Typer(rich_markup_mode=None, add_completion=False)
    app.command()(function)
    return app


APPS = {"policy": policy, "flow": _single(flow)}
