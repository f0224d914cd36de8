"""How days, moments and counts are said, in every face alike."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta, tzinfo

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def plural(n: int, one: str, many: str | None = None) -> str:
    """Return ``1 CTA`` or ``3 CTAs``."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def listed(words: Sequence[str], last: str = "and") -> str:
    """Return ``a, b and c``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def possessive(name: str) -> str:
    """Return ``Ben's``, ``Jonas'``."""
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def day(value: date, today: date | None = None) -> str:
    """Return ``Fri 4 Dec``, with its year unless that is today's."""
    text = f"{DAYS[value.weekday()]} {value.day} {MONTHS[value.month - 1]}"
    return text if today is not None and today.year == value.year else f"{text} {value.year}"


def distance(value: date, today: date) -> str:
    """Return ``today``, ``tomorrow``, ``in 3 days`` or ``3 days ago``."""
    days = (value - today).days
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get(days)
    if near is not None:
        return near
    return f"in {plural(days, 'day')}" if days > 0 else f"{plural(-days, 'day')} ago"


def ago(moment: datetime, now: datetime) -> str:
    """Return ``12 s ago``, ``5 min ago``, ``3 h ago`` or ``4 d ago``; a moment still to come is ``just now``."""
    seconds = (now - moment) // timedelta(seconds=1)
    if seconds < 1:
        return "just now"
    for limit, size, unit in ((90, 1, "s"), (5400, 60, "min"), (36 * 3600, 3600, "h")):
        if seconds < limit:
            return f"{seconds // size} {unit} ago"
    return f"{seconds // 86400} d ago"


def at(moment: datetime, now: datetime, zone: tzinfo) -> str:
    """Return ``at 10:42``, ``yesterday at 10:42`` or ``on Wed 4 Nov``, in the reader's zone."""
    local, today = moment.astimezone(zone), now.astimezone(zone).date()
    clock = f"at {local.hour:02}:{local.minute:02}"
    days = (today - local.date()).days
    if days == 0:
        return clock
    return f"yesterday {clock}" if days == 1 else f"on {day(local.date(), today)}"
