"""The Summary pane: the state of everything about an account, how old it is and what is missing, from one look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cockpit.desk import Desk
from cockpit.domain.surveys import CSAT, NPS, Tally, tally
from cockpit.domain.usage import LOGINS, MetricTrend, trends
from cockpit.services import health
from cockpit.services.account import detail, tomorrow
from cockpit.services.fact import FactRow, row_of
from cockpit.services.fact_kinds import SURVEY
from cockpit.services.freshness import KINDS, Mark, marks
from cockpit.services.network import Network, network
from cockpit.services.support import CSAT_DAYS, NPS_DAYS
from db.reads import commercial, fact, support, timeline
from db.reads import overview as reads
from db.reads.account import AccountDetail
from db.reads.commercial import Forecast, Share
from db.reads.overview import Counts
from db.reads.support import OpenTickets, Trained
from db.reads.timeline import Brief

WEEKS = 26
COMMENTS = 2


@dataclass(frozen=True, slots=True)
class Overview:
    """How a customer is. The network includes relationships always; counts and sums when they are asked for."""

    account: AccountDetail
    today: date
    health: tuple[int | None, ...]
    """By week, the oldest first: the score that held at its end; None before the first one known."""
    counts: Counts
    tickets: OpenTickets
    nps: Tally
    csat: Tally
    said: tuple[FactRow, ...]
    """The latest answers that have words."""
    trained: Trained
    usage: MetricTrend | None
    """Of log-ins, else of the first metric there is."""
    last_touch: Brief | None
    network: Network
    mrr: tuple[tuple[str, int], ...]
    family: tuple[Share, ...]
    forecast: Forecast | None
    marks: tuple[Mark, ...]
    missing: tuple[str, ...]


def overview(desk: Desk, account_id: int, whole_family: bool = True) -> Overview:
    """An account's state, in a number of statements that does not depend on it. Raises NotFound."""
    today = desk.today()
    scores = health.history(desk, account_id, 7 * WEEKS)
    with desk.store.read() as db:
        one = detail(db, account_id)
        counts = reads.counts(db, account_id, whole_family, today)
        answers = support.answers(db, account_id, whole_family, today - timedelta(days=NPS_DAYS), today)
        words = fact.latest(db, "survey", account_id, whole_family, "answered", 12)
        points = fact.points(db, account_id, whole_family, today - timedelta(weeks=WEEKS), today)
        touched = timeline.recent(db, account_id, desk.now(), tomorrow(desk), 1)
        held = commercial.running(db, account_id, today, whole_family)
        net = network(desk, db, account_id)
        tickets = support.open_tickets(db, account_id, whole_family)
        trained = support.trained(db, account_id, whole_family, today)
        family = commercial.family(db, account_id, today, whole_family)
        forecast = commercial.forecast(db, account_id)
        fresh = marks(desk, db, account_id, (*KINDS, "activities"))
    metrics = trends(points, today, WEEKS)
    recent = today - timedelta(days=CSAT_DAYS)
    return Overview(
        account=one, today=today, health=_by_week([(point.day, point.score) for point in scores], today), counts=counts,
        tickets=tickets, nps=tally(NPS, ((who, day, score) for kind, who, day, score in answers if kind == NPS)),
        csat=tally(CSAT, ((None, day, score) for kind, _, day, score in answers if kind == CSAT and day > recent)),
        said=tuple(row_of(SURVEY, row) for row in words if row.columns["comment"])[:COMMENTS], trained=trained,
        usage=next((m for m in metrics if m.name == LOGINS), metrics[0] if metrics else None),
        last_touch=touched[0] if touched else None, network=net, mrr=_sums([(row.currency, row.mrr) for row in held]),
        family=tuple(family), forecast=forecast, marks=fresh, missing=_missing(one, net, fresh, bool(metrics), bool(held), counts),
    )  # fmt: skip


def _by_week(points: Sequence[tuple[date, int | None]], today: date) -> tuple[int | None, ...]:
    """The score at the end of each week; one holds until the next."""
    found: list[int | None] = []
    ordered = sorted(points, key=lambda point: point[0])
    for back in range(WEEKS - 1, -1, -1):
        end = today - timedelta(weeks=back)
        found.append(next((score for day, score in reversed(ordered) if day <= end), None))
    return tuple(found)


def _sums(amounts: Sequence[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    sums: dict[str, int] = {}
    for currency, amount in amounts:
        sums[currency] = sums.get(currency, 0) + amount
    return tuple(sorted(sums.items()))


def _missing(
    one: AccountDetail, net: Network, fresh: Sequence[Mark], has_usage: bool, is_paying: bool, counts: Counts
) -> tuple[str, ...]:
    """What a CSM would want to know and nobody has said."""
    known = {mark.kind: mark.at is not None for mark in fresh}
    lacks = {
        "renewal date": one.renewal_date is None, "notice date": one.notice_date is None, "ARR": one.arr is None,
        "health": one.health is None, "segment": one.segment is None, "go-live date": one.go_live is None, "stage": one.stage is None,
        "value network": not net.size, "subscriptions": not is_paying, "usage": not has_usage, "goals": not counts.goals,
        "surveys": not known["surveys"], "an entry of the timeline": not known["activities"],
    }  # fmt: skip
    return tuple(name for name, is_missing in lacks.items() if is_missing)
