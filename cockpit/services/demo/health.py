"""The health score of a demo account, from its own facts by the default scorecard's lines."""

from __future__ import annotations

from cockpit.services.demo.company import Company

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
