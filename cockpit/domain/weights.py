"""The queue's weights: what counts how much, in thousandths of a point, as text files write them and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from cockpit.domain.money import CURRENCIES, minor_units
from cockpit.domain.nearest import did_you_mean
from db.terms import Priority

Steps = tuple[tuple[int, int], ...]
"""``(limit, milli-points)`` pairs, the first limit that fits counts."""

MILLI = 1000
LARGEST_POINTS = 10_000


class WeightsError(ValueError):
    """Weights that cannot be used; its text names the key and is what the user reads."""


def _default_priority() -> dict[Priority, int]:
    return {Priority.HIGH: 40_000, Priority.MEDIUM: 20_000, Priority.LOW: 5_000}


@dataclass(frozen=True, slots=True)
class Weights:
    """Milli-points for each input of the score; days and thresholds as named.

    ``due_within`` and ``renewal_within``: days from today, ascending. ``arr_from``: whole units of ``currency``,
    descending. ``slope`` is what each waiting day adds, to all rows alike. A renewal more than
    ``renewal_past_days`` ago is taken for a stale date and counts nothing.
    """

    priority: Mapping[Priority, int] = field(default_factory=_default_priority)
    due_overdue: int = 25_000
    due_within: Steps = ((2, 15_000), (7, 8_000))
    due_later: int = 0
    due_none: int = 0
    health_red_below: int = 50
    health_amber_below: int = 75
    health_red: int = 20_000
    health_amber: int = 10_000
    health_green: int = 0
    health_unknown: int = 5_000
    currency: str = "USD"
    arr_from: Steps = ((250_000, 20_000), (100_000, 15_000), (50_000, 12_000), (20_000, 8_000), (5_000, 4_000))
    renewal_within: Steps = ((30, 20_000), (90, 12_000), (180, 5_000))
    renewal_past_days: int = 30
    flagged: int = 10_000
    slope: int = 500

    @property
    def arr_unit(self) -> int:
        """How many minor units one unit of the reporting currency has."""
        return minor_units(1, self.currency)

    def to_dict(self) -> dict[str, object]:
        """Return the weights as their text file and the store hold them, in points."""
        return {
            "priority": {str(name): _shown(milli) for name, milli in self.priority.items()},
            "due": {
                "overdue": _shown(self.due_overdue),
                "within": _shown_steps(self.due_within),
                "later": _shown(self.due_later),
                "none": _shown(self.due_none),
            },
            "health": {
                "red_below": self.health_red_below,
                "amber_below": self.health_amber_below,
                "red": _shown(self.health_red),
                "amber": _shown(self.health_amber),
                "green": _shown(self.health_green),
                "unknown": _shown(self.health_unknown),
            },
            "arr": {"currency": self.currency, "from": _shown_steps(self.arr_from)},
            "renewal": {"within": _shown_steps(self.renewal_within), "past_days": self.renewal_past_days},
            "flagged": _shown(self.flagged),
            "waiting_day": _shown(self.slope),
        }


def weights_from(raw: Mapping[str, object]) -> Weights:
    """Return weights read from a text file or the store; what is left out keeps its default.

    Raises ``WeightsError`` naming the key that is unknown (with the nearest known one) or wrong.
    """
    default = Weights()
    top = _Table("", raw, ("priority", "due", "health", "arr", "renewal", "flagged", "waiting_day"))
    priority = top.table("priority", tuple(Priority))
    due = top.table("due", ("overdue", "within", "later", "none"))
    health = top.table("health", ("red_below", "amber_below", "red", "amber", "green", "unknown"))
    arr = top.table("arr", ("currency", "from"))
    renewal = top.table("renewal", ("within", "past_days"))
    red_below = health.whole("red_below", default.health_red_below, 0, 101)
    return Weights(
        priority={name: priority.points(name, milli) for name, milli in default.priority.items()},
        due_overdue=due.points("overdue", default.due_overdue),
        due_within=due.steps("within", default.due_within, rising=True),
        due_later=due.points("later", default.due_later),
        due_none=due.points("none", default.due_none),
        health_red_below=red_below,
        health_amber_below=health.whole("amber_below", max(red_below, default.health_amber_below), red_below, 101),
        health_red=health.points("red", default.health_red),
        health_amber=health.points("amber", default.health_amber),
        health_green=health.points("green", default.health_green),
        health_unknown=health.points("unknown", default.health_unknown),
        currency=arr.currency("currency", default.currency),
        arr_from=arr.steps("from", default.arr_from, rising=False),
        renewal_within=renewal.steps("within", default.renewal_within, rising=True),
        renewal_past_days=renewal.whole("past_days", default.renewal_past_days, 0, 3650),
        flagged=top.points("flagged", default.flagged),
        slope=top.points("waiting_day", default.slope, least=0),
    )


def _shown(milli: int) -> int | float:
    return milli // MILLI if milli % MILLI == 0 else milli / MILLI


def _shown_steps(steps: Steps) -> list[list[int | float]]:
    return [[limit, _shown(milli)] for limit, milli in steps]


class _Table:
    """One table of the text form, which knows its own name for the sentences."""

    def __init__(self, name: str, raw: Mapping[str, object], known: Sequence[str]) -> None:
        self.name, self.raw = name, raw
        for key in raw:
            if key not in known:
                raise WeightsError(f"{self._full(str(key))} is not a weight.{did_you_mean(str(key), known)}")

    def _full(self, key: str) -> str:
        return f"{self.name}.{key}" if self.name else key

    def table(self, key: str, known: Sequence[str]) -> _Table:
        value = self.raw.get(key, {})
        if not isinstance(value, Mapping):
            raise WeightsError(f"{key} is a table, with {', '.join(known)}.")
        return _Table(key, cast("Mapping[str, object]", value), known)

    def whole(self, key: str, default: int, least: int, most: int) -> int:
        value = self.raw.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise WeightsError(f"{self._full(key)} is a whole number from {least} to {most}, not {value!r}.")
        return value

    def points(self, key: str, default: int, least: int = -LARGEST_POINTS) -> int:
        return _milli(self._full(key), self.raw[key], least) if key in self.raw else default

    def currency(self, key: str, default: str) -> str:
        value = self.raw.get(key, default)
        if not isinstance(value, str) or value not in CURRENCIES:
            raise WeightsError(f"{self._full(key)} is a currency code such as USD, not {value!r}.")
        return value

    def steps(self, key: str, default: Steps, *, rising: bool) -> Steps:
        if key not in self.raw:
            return default
        name, value = self._full(key), self.raw[key]
        pairs = value if isinstance(value, (list, tuple)) else None
        if pairs is None or not all(isinstance(p, (list, tuple)) and len(p) == 2 for p in pairs):
            raise WeightsError(f"{name} is a list of [limit, points] pairs, not {value!r}.")
        steps = tuple((_limit(name, limit), _milli(name, milli, -LARGEST_POINTS)) for limit, milli in pairs)
        limits = [limit for limit, _ in steps]
        if limits != sorted(set(limits), reverse=not rising):
            raise WeightsError(f"{name}: limits {'rise' if rising else 'fall'} from pair to pair.")
        return steps


def _limit(name: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 10**12:
        raise WeightsError(f"{name}: a limit is a whole number from 0, not {value!r}.")
    return value


def _milli(name: str, value: object, least: int) -> int:
    """Return points in milli-points; a weight is given to at most three decimals."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and least <= value <= LARGEST_POINTS:
        milli = round(value * MILLI)
        if abs(value * MILLI - milli) < 1e-6:
            return milli
    raise WeightsError(f"{name} is a number of points from {least} to {LARGEST_POINTS}, not {value!r}.")
