"""The Usage pane: every metric by week, how it moved, and what of it the customer could use and does not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from cockpit.desk import Desk
from cockpit.domain.usage import MetricTrend, trends
from cockpit.services.account import detail
from cockpit.services.freshness import Mark, marks
from db.reads import commercial, fact

WEEKS = 26


@dataclass(frozen=True, slots=True)
class UsageShown:
    """An account's usage by weeks that end today; relationships add up when they are in."""

    account_id: int
    name: str
    today: date
    weeks: int
    metrics: tuple[MetricTrend, ...]
    seats: int | None
    """Units of what runs today."""
    unused: tuple[str, ...]
    """Key features of the products held of which nothing was recorded in these weeks."""
    missing: tuple[str, ...]
    freshness: tuple[Mark, ...]


def usage(desk: Desk, account_id: int, whole_family: bool = True, weeks: int = WEEKS) -> UsageShown:
    """An account's usage, in a number of statements that does not depend on it. Raises NotFound."""
    today = desk.today()
    with desk.store.read() as db:
        one = detail(db, account_id)
        points = fact.points(db, account_id, whole_family, today - timedelta(weeks=weeks), today)
        held = commercial.running(db, account_id, today, whole_family)
        on_sale = fact.products(db)
        fresh = marks(desk, db, account_id, ("usage",))
    metrics = trends(points, today, weeks)
    seen = {metric.name for metric in metrics}
    names = {one.product for one in held}
    wanted = dict.fromkeys(key for _, name, _, _, keys, _ in on_sale if name in names for key in keys or ())
    units: dict[str | None, int] = {}
    for subscription in held:
        units[subscription.product] = units.get(subscription.product, 0) + (subscription.units or 0)
    missing = [] if metrics else ["usage"]
    if not held:
        missing.append("subscriptions (what could be used)")
    elif not wanted:
        missing.append("key features of products")
    return UsageShown(
        account_id, one.name, today, weeks, metrics, max(units.values(), default=None) or None,
        tuple(key for key in wanted if key not in seen), tuple(missing), fresh,
    )  # fmt: skip
