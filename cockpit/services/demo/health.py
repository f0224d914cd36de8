"""The health of demo accounts: first a guess that the story goes by, in the end what the scorecard makes of the facts.

Scores of a quarter are kept too, each from the facts of its day, so that history and trend agree with what is shown.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from cockpit.domain.scorecard import is_news, kept
from cockpit.services import scoring
from cockpit.services.act import Work
from cockpit.services.demo.company import Company
from cockpit.services.scorecard import in_force
from cockpit.services.scored import judge
from db.reads import health as reads
from db.reads import health_facts as facts
from db.terms import Feeling, Priority

if TYPE_CHECKING:
    from cockpit.services.demo.cast import World

Points = tuple[float, float, float]
"""The values that score 0, 50 and 100; straight between."""

_SHARE: Points = (0.10, 0.40, 0.75)
_TREND: Points = (-0.40, -0.05, 0.05)
_SIZE: Points = (0.0, 0.67, 1.0)
_COVERAGE: Points = (0.0, 0.5, 0.8)
_NPS: Points = (0, 7, 10)
_CSAT: Points = (2.5, 4.0, 4.75)
_URGENT: Points = (3, 1, 0)
_CONTACT: Points = (2.0, 1.0, 0.5)


def score(value: float, points: Points) -> float:
    """0 to 100 on the line through the three points, which may fall."""
    low, mid, high = points
    if low > high:
        value, low, mid, high = -value, -low, -mid, -high
    if value <= mid:
        return max(0.0, 50 * (value - low) / (mid - low))
    return min(100.0, 50 + 50 * (value - mid) / (high - mid))


def health(company: Company, *, before: bool = False) -> int:
    """The weighted mean of the groups that have data; ``before`` = as four weeks ago."""
    trend = 0.01 if before else company.trend
    nps = company.nps_before if before else company.nps
    size = min(1.5, len(company.members) / company.segment.network)
    experience = [(30.0, score(0 if before else company.urgent, _URGENT))]
    if nps is not None:
        experience.append((40.0, score(nps, _NPS)))
    if company.csat is not None:
        experience.append((30.0, score(company.csat, _CSAT)))
    touch = max(1, company.last_touch - 28) if before else company.last_touch
    groups = [
        (35.0, _mean([(40.0, score(company.active_share, _SHARE)), (40.0, score(trend, _TREND))])),
        (20.0, _mean([(50.0, score(size, _SIZE)), (50.0, score(company.met_share, _COVERAGE))])),
        (20.0, _mean(experience)),
        (15.0, score(touch / company.segment.touch_days, _CONTACT)),
    ]
    return round(_mean(groups))


def _mean(weighted: list[tuple[float, float]]) -> float:
    return sum(weight * value for weight, value in weighted) / sum(weight for weight, _ in weighted)


# --- facts of a health that fell, and what the card makes of all of them ---------------------------

DAYS_BACK = (119, 91, 63, 42, 28, 14, 7, 0)
"""The days whose scores are kept, the oldest first."""
HIGH_BELOW = 60
"""A renewal of an account below it matters more."""
_STUCK = ("Import stops at half of the rows", "Reports time out since the release", "Sync with the warehouse is late")


def trouble(world: World, company: Company) -> None:
    """Three urgent tickets that stay open for over a week: part of why a health fell."""
    rng = Random(f"health {company.name}")
    days = world.days[company.pool]
    for subject in _STUCK:
        opened = days.on(rng, world.today - timedelta(days=rng.randint(11, 17)))
        company.fact("ticket", person=rng.randrange(len(company.people)), status="open", opened=opened, closed=None, recorded=opened,
                     subject=subject, priority="P2")  # fmt: skip


def settle(work: Work, fell: list[int], most: int) -> None:
    """Writes the scores of the first ``most`` accounts, and what followed from them: trend, titles, priorities, order."""
    using = in_force(work.db)
    assert using is not None
    _felt(work, fell)
    today = scoring.scoring_day(work.now)
    ids = facts.batches(work.db, size=most)
    for some in facts.in_turn(ids):
        last: dict[int, dict[str, list[float | None]]] = {}
        totals: dict[int, dict[int, int | None]] = {}
        shown: dict[int, int | None] = {}
        for back in DAYS_BACK:
            day = today - timedelta(days=back)
            at = work.now if back == 0 else datetime.combine(day, time(20), UTC)
            found = judge(work.desk, work.db, using.card, day, at).score(some)
            rows: list[dict[str, Any]] = []
            for id_, scored in found.items():
                totals.setdefault(back, {})[id_] = scored.total
                measures = kept(scored)
                if is_news(last.get(id_), measures) or back == 0 or shown.get(id_) != scored.total:
                    shown[id_] = scored.total
                    rows.append({"account_id": id_, "scorecard_id": using.id, "day": day, "at": at, "total": scored.total,
                                 "computed": scored.computed, "measures": measures})  # fmt: skip
                    last[id_] = measures
            reads.keep(work.db, rows)
        _write(work, totals[0], totals[28])


def _felt(work: Work, fell: list[int]) -> None:
    """What their CSMs felt: well seven weeks ago, badly now."""
    today = scoring.scoring_day(work.now)
    said: list[tuple[int, Feeling, date, str]] = []
    for id_ in fell:
        said.append((id_, Feeling.GOOD, today - timedelta(days=50), "Warm call, they want to do more."))
        said.append((id_, Feeling.BAD, today - timedelta(days=1), "Short answers, tickets unsolved, the sponsor is annoyed."))
    work.insert_many("sentiment", [
        {"account_id": id_, "feeling": feeling, "day": day, "note": note, "recorded": datetime.combine(day, time(15), UTC)}
        for id_, feeling, day, note in said
    ])  # fmt: skip


def _write(work: Work, now: dict[int, int | None], before: dict[int, int | None]) -> None:
    changes: dict[int, dict[str, int | None]] = {}
    for id_, (health, past, _) in reads.stored(work.db, list(now)).items():
        total = now[id_] if now[id_] is not None else health
        then = before.get(id_) if before.get(id_) is not None else past
        if (total, then) != (health, past):
            changes[id_] = {"health": total, "health_before": then}
    work.update_many("account", changes)
    titles: dict[int, dict[str, Any]] = {}
    params: dict[str, Any] = {}
    marks = work.db.marks("i", list(changes), params)
    for id_, account, reason, priority in work.db.all(
        "SELECT c.id, c.account_id, r.name, c.priority FROM cta c JOIN reason r ON r.id = c.reason_id"
        f" WHERE c.status = 'open' AND r.name IN ('health drop', 'renewal') AND c.account_id IN ({marks})",
        **params,
    ):
        health, then = changes[account]["health"], changes[account]["health_before"]
        if reason == "health drop":
            titles[id_] = {"title": f"Health fell {then} → {health}"}
        elif priority != (wanted := Priority.HIGH if health is not None and health < HIGH_BELOW else Priority.MEDIUM):
            titles[id_] = {"priority": wanted.value}
    work.update_many("cta", titles)
    scoring.rescore_accounts(work, changes)
