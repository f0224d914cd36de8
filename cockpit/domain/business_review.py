"""Which customers should be asked to a business review, and why."""

from __future__ import annotations

from datetime import date

LOW_HEALTH = 60
REST_DAYS = 90
"""So soon after a review nobody is asked to another, whatever calls for it."""


def reasons(today: date, per_year: int, last: date | None, health: int | None, growth: str | None) -> tuple[str, ...]:
    """Return why a review is due: the segment's policy (so many a year), health under 60, or an open sale; () for not yet.

    ``last`` is the last review, or one that is planned.
    """
    if last is not None and (today - last).days < REST_DAYS:
        return ()
    found = []
    span = 365 // per_year
    if last is None or (today - last).days >= span:
        since = "none on record" if last is None else f"the last {(today - last).days} days ago"
        found.append(f"{per_year} a year, {since}")
    if health is not None and health < LOW_HEALTH:
        found.append(f"health {health}")
    if growth is not None:
        found.append(f"open {growth}")
    return tuple(found)
