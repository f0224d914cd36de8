"""How playbooks are kept: what a step counts as, and that a handful has no rate."""

from __future__ import annotations

from datetime import date

import pytest

from cockpit.domain.adherence import Kept, Tally, kept, tally

DUE, TODAY = date(2026, 11, 20), date(2026, 11, 23)


@pytest.mark.parametrize(
    ("status", "done_on", "due", "over", "waived", "moot", "counts"),
    [
        ("done", DUE, DUE, False, False, False, Kept.ON_TIME),
        ("done", TODAY, DUE, False, False, False, Kept.LATE),
        ("open", None, DUE, False, False, False, Kept.OVERDUE),
        ("open", None, TODAY, False, False, False, Kept.AHEAD),
        ("open", None, TODAY, True, False, False, Kept.SKIPPED),
        ("skipped", None, DUE, False, False, False, Kept.SKIPPED),
        ("skipped", None, DUE, False, True, False, Kept.WAIVED),
        ("skipped", None, DUE, False, False, True, Kept.MOOT),
    ],
)
def test_what_a_step_counts_as(
    status: str, done_on: date | None, due: date, over: bool, waived: bool, moot: bool, counts: Kept
) -> None:
    assert kept(status, due, done_on, TODAY, is_over=over, is_waived=waived, is_moot=moot) is counts


def test_under_ten_steps_there_is_no_rate() -> None:
    few = tally([Kept.ON_TIME] * 8 + [Kept.LATE] + [Kept.WAIVED, Kept.MOOT, Kept.AHEAD])
    assert (few, few.n, few.rate, few.says) == (Tally(8, 1, 0, 0, 1), 9, None, "8 of 9: too few for a rate")
    enough = tally([Kept.ON_TIME] * 8 + [Kept.OVERDUE, Kept.SKIPPED])
    assert (enough.n, enough.rate, enough.says) == (10, 0.8, "80 % of 10")
    assert tally([]).says == "nothing was due"
