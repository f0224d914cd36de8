"""Is an account ready to change hands: what is missing, what each gap weighs, which key mends it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from cockpit.domain.pulse import weekdays_between
from cockpit.domain.say import plural

POLICY_DAYS = 45
"""Calendar days without an activity that are a gap where the segment has no policy of its own."""
SENTIMENT_DAYS = 60
READY = 90
"""What a pool asks of an account that comes in."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the store knows of an account that its readiness depends on."""

    renewal: date | None = None
    has_money: bool = False
    """ARR or a running subscription."""
    ctas_adrift: int = 0
    """Open CTAs that are overdue, or without a due date and an open task."""
    last_activity: date | None = None
    touch_days: int | None = None
    """The segment's policy, in weekdays as everywhere (``pulse``)."""
    members: int = 0
    drivers: int = 0
    network_min: int = 3
    risks_adrift: int = 0
    """Open risks that nobody owns."""
    matters_adrift: int = 0
    """Open escalations without an update to come, and urgent tickets with neither CTA nor escalation."""
    sentiment_on: date | None = None
    goals: int = 0
    drafts: int = 0
    unanswered: int = 0


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing; ``pane`` and ``key`` are where and how it is mended."""

    key: str
    title: str
    weight: int
    required: bool
    says: str
    pane: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A gap there can be."""

    key: str
    weight: int
    required: bool
    title: str
    pane: str
    remedy: str


GAPS = (
    Kind("renewal", 15, True, "Renewal date", "summary", "i edits the account: renewal date"),
    Kind("money", 10, True, "ARR or subscription", "summary", "i edits the account: ARR"),
    Kind("ctas", 15, True, "CTAs overdue or without a next step", "ctas", "d moves the due date, x closes"),
    Kind("silent", 10, True, "Silent timeline", "timeline", "l logs the last contact"),
    Kind("network", 10, False, "Network under its minimum", "people", "a adds a person, n puts one into the network"),
    Kind("driver", 10, True, "No value driver", "people", "i edits a person: role in the network"),
    Kind("risks", 10, True, "Risks without an owner", "plan", "i edits the risk: owner"),
    Kind("matters", 5, True, "Escalations and urgent tickets undecided", "plan", "i edits the escalation: next update"),
    Kind("sentiment", 5, False, "Sentiment older than 60 days", "plan", "s says how the customer feels"),
    Kind("goals", 5, False, "No goals", "plan", "a adds a goal with a date"),
    Kind("drafts", 3, False, "Drafts not sent", "timeline", "a logs or sends the draft"),
    Kind("inbound", 2, False, "Mails not answered", "timeline", "l logs the answer"),
)
"""In the order of their weight in the list people see; the weights add up to 100."""


def gaps(known: Known, today: date) -> tuple[Gap, ...]:
    """Return what is missing."""
    silent = known.last_activity is None or _is_silent(known.last_activity, today, known.touch_days)
    quiet = known.sentiment_on is None or known.sentiment_on < today - timedelta(days=SENTIMENT_DAYS)
    since = "nothing was ever logged" if known.last_activity is None else f"nothing for {plural((today - known.last_activity).days, 'day')}"
    felt = "never said" if known.sentiment_on is None else f"said {plural((today - known.sentiment_on).days, 'day')} ago"
    missing = {
        "renewal": "not known" if known.renewal is None else "",
        "money": "" if known.has_money else "neither is known",
        "ctas": plural(known.ctas_adrift, "CTA") if known.ctas_adrift else "",
        "silent": since if silent else "",
        "network": f"{known.members} of {known.network_min}" if known.members < known.network_min else "",
        "driver": "" if known.drivers else "no sponsor, project or team manager is named",
        "risks": plural(known.risks_adrift, "risk") if known.risks_adrift else "",
        "matters": plural(known.matters_adrift, "matter") if known.matters_adrift else "",
        "sentiment": felt if quiet else "",
        "goals": "" if known.goals else "the success plan is empty",
        "drafts": plural(known.drafts, "draft") if known.drafts else "",
        "inbound": plural(known.unanswered, "mail") if known.unanswered else "",
    }
    return tuple(
        Gap(kind.key, kind.title, kind.weight, kind.required, missing[kind.key], kind.pane, kind.remedy)
        for kind in GAPS
        if missing[kind.key]
    )


def _is_silent(last: date, today: date, window: int | None) -> bool:
    return weekdays_between(last, today) > window if window else last < today - timedelta(days=POLICY_DAYS)


def score(found: Iterable[Gap]) -> int:
    """Return 100 minus the weights of what is missing."""
    return 100 - sum(gap.weight for gap in found)


def required(found: Iterable[Gap]) -> tuple[Gap, ...]:
    """Return the gaps that must be closed before a hand-over."""
    return tuple(gap for gap in found if gap.required)
