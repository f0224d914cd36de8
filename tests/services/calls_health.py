"""A call of each use-case of health, for the guard that runs every one of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from cockpit.services import health_run, override, scorecard
from tests import builders


def say(s: Any, days: int = 9, measure: str = "total") -> Any:
    return override.set_override(s.desk, s.acme, measure, 41, "heard so", s.desk.today() + timedelta(days=days))


def clear(s: Any) -> Any:
    say(s, measure="nps")
    return override.clear_override(s.desk, s.acme, "nps")


def end(s: Any) -> Any:
    builders.make(s.desk, "override", {"account_id": s.acme, "measure": "nps", "value": 9, "reason": "old",
                                       "until": s.desk.today() - timedelta(days=1), "set_at": s.desk.now()})  # fmt: skip
    return override.end_due(s.desk)


def score(s: Any) -> Any:
    """A word that a batch finds."""
    builders.make(s.desk, "override", {"account_id": s.acme, "value": 33, "reason": "heard so", "until": s.desk.today(),
                                       "set_at": s.desk.now()})  # fmt: skip
    return health_run.score_batch(s.desk.as_system(), [s.acme], True)


HEALTH_CALLS: dict[str, Callable[[Any], Any]] = {
    "health_run.score_batch": score,
    "override._end": end,
    "override.clear_override": clear,
    "override.set_override": say,
    "scorecard.apply_scorecard": lambda s: scorecard.apply_scorecard(s.mo, scorecard.shipped_text()),
    "scorecard.scorecard_off": lambda s: scorecard.scorecard_off(s.mo),
}
