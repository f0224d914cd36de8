"""Capacity in hours, and the flow of work."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cockpit.desk import Desk
from cockpit.domain.flow import days, hours, nearest_rank
from cockpit.services import capacity, cta_type, flow, pod, team
from cockpit.services import cta as ctas
from cockpit.services.errors import Refused
from cockpit.services.queue import claim
from db.terms import Outcome
from tests import builders
from tests.conftest import NOW
from tests.statements import recorded

DeskOf = Callable[..., Desk]


def test_a_week_is_accounts_and_open_work_against_hours(desk: Desk, desk_of: DeskOf):
    mo = desk_of("mo")
    mid, bare = builders.the(mo, "segment", "mid"), builders.segment(mo, "Bare")
    for segment in (mid, mid, bare, None):
        builders.account(mo, owner="ana", segment_id=segment)
    builders.account(mo, owner="ana", segment_id=mid, status="churned")
    builders.ctas(mo, 2, owner="ana")
    cta_type.edit_type(mo, "event", {"minutes": 90})
    builders.cta(mo, builders.account(mo), type="event", owner="ana")
    team.edit_csm(mo, "ana", {"hours_week": 10})
    row = next(one for one in capacity.capacity(desk, "West") if one.login == "ana")
    assert (row.accounts, row.unweighed, row.booked, row.open_ctas, row.open, row.hours_week, row.free) == (
        4, 2, 1.6, 3, 2.5, 10, 5.9,
    )  # fmt: skip
    ben = next(one for one in capacity.capacity(desk) if one.login == "ben")
    assert (ben.booked, ben.free) == (0.0, None)


def test_a_pod_s_accounts_are_shared_by_its_members(desk_of: DeskOf):
    mo = desk_of("mo")
    strategic = builders.the(mo, "segment", "strategic")
    pod.new_pod(mo, "Oak", ["ana", "ben"])
    pod.give(mo, "Oak", [builders.account(mo, segment_id=strategic) for _ in range(4)])
    rows = {one.login: (one.accounts, one.booked) for one in capacity.capacity(mo)}
    assert (rows["ana"], rows["ben"], rows["chi"]) == ((2, 6.9), (2, 6.9), (0, 0.0))


def test_flow_counts_what_came_and_went(desk: Desk, desk_of: DeskOf):
    month = timedelta(days=40)
    old = builders.cta(desk, builders.account(desk), opened_at=NOW - month)
    one, two = builders.ctas(desk, 2, opened_at=NOW - timedelta(hours=10), lane="strategic")
    builders.cta(desk, builders.account(desk, pool="East"), pool="East")
    claim(desk, [old, one])
    ctas.close(desk, [old], Outcome.SUCCESS, "done")
    found = flow.flow(desk)
    west = next(row for row in found.rows if row.group == "West")
    assert (west.inflow, west.outflow, west.open, west.unassigned) == (2, 1, 2, 1)
    assert (west.age_p50, west.wait_p50, west.wait_p95, west.waited) == (0.4, 10.0, 960.0, 2)
    assert (found.total.open, found.first, found.last) == (3, date(2026, 10, 27), date(2026, 11, 23))
    lanes = {row.group: row.open for row in flow.flow(desk, "lane").rows}
    assert lanes == {"strategic": 2, "tactical": 1}
    ana = next(row for row in flow.flow(desk, "csm").rows if row.group == "ana")
    assert (ana.inflow, ana.outflow, ana.open) == (2, 1, 1)
    assert [row.group for row in flow.flow(desk, pool="East").rows] == ["East"]
    assert two


def test_flow_says_what_is_about_to_return(desk: Desk, desk_of: DeskOf):
    (cta,) = builders.ctas(desk, 1)
    claim(desk, [cta])
    assert flow.flow(desk).returning == ()
    friday = desk_of("ana", at=NOW + timedelta(days=7))
    assert [row.id for row in flow.flow(friday).returning] == [cta]


def test_flow_of_nonsense_is_refused(desk: Desk):
    with pytest.raises(Refused, match="Did you mean pool"):
        flow.flow(desk, "pol")
    with pytest.raises(Refused, match="is before"):
        flow.flow(desk, first=date(2026, 11, 23), last=date(2026, 11, 1))


MINUTES = st.lists(st.tuples(st.integers(0, 20_000), st.none() | st.integers(0, 20_000)), min_size=1, max_size=12)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(MINUTES)
def test_percentiles_are_those_of_the_rows(desk: Desk, drawn: list[tuple[int, int | None]]):
    name = f"pool {builders.account(desk)}"
    builders.pool(desk, name)
    opened: list[datetime] = []
    waited: list[int] = []
    for age, wait in drawn:
        came = NOW - timedelta(minutes=age)
        first = None if wait is None or came + timedelta(minutes=wait) > NOW else came + timedelta(minutes=wait)
        builders.cta(desk, builders.account(desk, pool=name), pool=name, opened_at=came, first_claimed_at=first)
        opened.append(came)
        waited += [] if first is None else [int((first - came).total_seconds())]
    row = flow.flow(desk, pool=name).total
    ages = [int((NOW - one).total_seconds()) for one in opened]
    assert (row.age_p50, row.age_p95) == tuple(days(nearest_rank(ages, p)) for p in (50, 95))
    assert (row.wait_p50, row.wait_p95) == tuple(hours(nearest_rank(waited, p)) for p in (50, 95))
    assert row.waited == len(waited)


def test_figures_take_a_fixed_number_of_statements(desk: Desk):
    counts = []
    for n in (1, 5):
        builders.ctas(desk, n, owner="ana")
        with recorded() as sent:
            flow.flow(desk)
            capacity.capacity(desk)
        counts.append(len(sent))
    assert counts[0] == counts[1]
