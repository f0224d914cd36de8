"""What counts for the value network, in SQL: reads and query fields speak the same words. ``a`` is the account.

Somebody was met when she *attended* a meeting or call that took place with the customer: planned and cancelled ones,
those among ourselves, e-mails and invitations do not count.
"""

from __future__ import annotations

ONBOARDING_DAYS = 90
"""An account live for fewer days is onboarding: half its segment's minimum, met within ONBOARDING_WINDOW days."""
ONBOARDING_WINDOW = 60
WINDOW_DAYS = 90
"""Where no segment says otherwise, whoever was met within so many days, both ends in, counts as covered."""
ANYBODY = 0
"""In ``met`` in place of one of us: the meeting by itself, whoever of us was there."""
COVERAGE_GOAL = 50
"""Percent of the members met below which coverage is low, where no segment says otherwise."""
THREAD_MIN = 3
"""Fewer meetings than this in the window say nothing about hanging on one person."""

_ONBOARDING = f"a.go_live > {{day:-{ONBOARDING_DAYS}}}"
_OF_SEGMENT = "(SELECT {} FROM segment ws WHERE ws.id = a.segment_id)"
MINIMUM = _OF_SEGMENT.format(f"CASE WHEN {_ONBOARDING} THEN ws.network_min - ws.network_min / 2 ELSE ws.network_min END")
"""How many belong in the network at least; unknown where nothing was agreed."""
WINDOW = (
    f"CASE WHEN {_ONBOARDING} THEN {ONBOARDING_WINDOW}"
    f" ELSE COALESCE({_OF_SEGMENT.format('ws.network_window')}, {WINDOW_DAYS}) END"
)
GOAL = (
    f"CASE WHEN {_ONBOARDING} THEN {COVERAGE_GOAL}"
    f" ELSE COALESCE({_OF_SEGMENT.format('ws.coverage_goal')}, {COVERAGE_GOAL}) END"
)
"""Percent of the members that are to be met within the window."""


def took_place(activity: str, type_: str, attendee: str) -> str:
    """The test that somebody was at a meeting or call of the customer, by the aliases of the three tables."""
    return (
        f"{attendee}.attended = TRUE AND {type_}.is_meeting = TRUE AND {activity}.superseded IS NULL"
        f" AND {activity}.state = 'done' AND {activity}.internal = FALSE"
    )


def belongs(membership: str, person: str, today: str) -> str:
    """The test that somebody is in the value network and still there."""
    return (
        f"{membership}.value_network = TRUE AND ({person}.left_on IS NULL OR {person}.left_on > {today})"
        f" AND ({membership}.left_on IS NULL OR {membership}.left_on > {today})"
    )
