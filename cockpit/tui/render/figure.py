"""Small figures as lists and previews write them: each is a text and the style of its status."""

from __future__ import annotations

from datetime import date, datetime

from rich.style import Style

from cockpit.domain.money import short
from cockpit.domain.scorecard import health_trend
from cockpit.domain.weights import Weights
from cockpit.tui.theme import Palette

Figure = tuple[str, Style]
UNKNOWN = "n/a"
_LIMITS = Weights()
TREND = {"up": "▲", "down": "▼", "steady": "●", None: "●"}
"""A trend that is not known is drawn as steady."""
_TYPES = {"risk": "bad", "opportunity": "ok"}


def health(value: int | None, before: int | None, palette: Palette) -> Figure:
    """The score with its trend; unknown is not zero."""
    if value is None:
        return UNKNOWN, palette.dim
    return f"{value}{TREND[health_trend(value, before)]}", palette.status(band(value))


def band(value: int | None) -> str:
    """``bad``, ``warn`` or ``ok`` by the shipped limits; ``dim`` when unknown."""
    if value is None:
        return "dim"
    if value < _LIMITS.health_red_below:
        return "bad"
    return "warn" if value < _LIMITS.health_amber_below else "ok"


def due(day: date | None, today: date, palette: Palette) -> Figure:
    """Days until it is due; ``!`` before the days it is overdue."""
    if day is None:
        return "–", palette.dim
    days = (day - today).days
    if days < 0:
        return f"!{-days}d", palette.bad
    return ("today" if days == 0 else f"{days}d"), (palette.warn if days <= 1 else palette.text)


def until(day: date | None, today: date, palette: Palette) -> Figure:
    """Days to a renewal; ``!`` before the days it is past."""
    if day is None:
        return UNKNOWN, palette.dim
    days = (day - today).days
    if days < 0:
        return f"!{-days}d", palette.bad
    return f"{days}d", palette.warn if days <= 90 else palette.text


def money(minor: int | None, currency: str | None, palette: Palette, *, symbol: bool = False) -> Figure:
    """An amount in two or three figures."""
    if minor is None:
        return UNKNOWN, palette.dim
    return short(minor, currency or "USD", symbol=symbol and bool(currency)), palette.text


def since(moment: datetime | None, now: datetime) -> str:
    """Days, or hours on the first one, since a moment."""
    if moment is None:
        return "–"
    hours = int((now - moment).total_seconds() // 3600)
    return f"{hours // 24}d" if hours >= 24 else f"{max(hours, 0)}h"


def cta_type(name: str, label: str, palette: Palette) -> Figure:
    """The four letters of a CTA's type."""
    return label or name[:4].upper(), palette.status(_TYPES.get(name, "text"))


def score(value: float | None, palette: Palette) -> Figure:
    """Points, whole."""
    return (UNKNOWN, palette.dim) if value is None else (str(round(value)), palette.strong)
