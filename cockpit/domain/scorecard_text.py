"""A scorecard as a text file: read with the line and column of whatever is wrong."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from cockpit.domain.clean import clean_line
from cockpit.domain.computable import FACTS
from cockpit.domain.nearest import did_you_mean
from cockpit.domain.scorecard import AMBER, GREEN, TREND_DAYS, TREND_POINTS, Card, Group, Measure
from cockpit.domain.toml_places import Path, Places, Problem, TextProblems, of_toml

TOP = ("name", "bands", "trend", "group")
BANDS, TREND, GROUP = ("amber", "green"), ("points", "days"), ("name", "weight", "measure")
MEASURE = ("name", "label", "fact", "when", "known", "points", "weight", "stale_after", "least")
MOST_MEASURES, LONGEST = 100, 60
Query = Callable[[str], tuple[str, int] | None]
"""What is wrong with a query about accounts, and at which of its characters (from 0); None when it can be asked."""


def read_card(text: str, query: Query | None = None) -> Card:
    """Return the scorecard that a TOML text is. Raises TextProblems with every problem and its place."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TextProblems([of_toml(str(error), text)]) from None
    reading = _Reading(Places(text), query)
    card = reading.card(raw)
    if reading.problems:
        raise TextProblems(reading.problems)
    return card


class _Reading:
    """Takes a text's tables apart and notes what is wrong with them."""

    def __init__(self, places: Places, query: Query | None) -> None:
        self.places, self.query = places, query
        self.problems: list[Problem] = []
        self.names: dict[str, Path] = {}

    def wrong(self, path: Path, says: str, *, at_key: bool = False, off: int = 0) -> None:
        line, column = self.places.key(path) if at_key else self.places.value(path)
        self.problems.append(Problem(line, column + off, says))

    def card(self, raw: Mapping[str, Any]) -> Card:
        self.known((), raw, TOP)
        bands, trend = (self.table((name,), raw.get(name, {}), keys) for name, keys in (("bands", BANDS), ("trend", TREND)))
        amber = self.whole(("bands", "amber"), bands.get("amber", AMBER), 1, 100)
        green = self.whole(("bands", "green"), bands.get("green", GREEN), 1, 100)
        if (amber, green) != (AMBER, GREEN):
            self.wrong(("bands",), f"Bands are the same in every list, query and colour: amber from {AMBER}, green from {GREEN}."
                                   " To be stricter or milder, move the points of a measure.")  # fmt: skip
        points = self.whole(("trend", "points"), trend.get("points", TREND_POINTS), 1, 100)
        days = self.whole(("trend", "days"), trend.get("days", TREND_DAYS), 1, 366)
        if self.query is not None and (points, days) != (TREND_POINTS, TREND_DAYS):  # one in the store from before this rule is read
            self.wrong(("trend",), f"▲ and ▼ mean the same everywhere: a change of {TREND_POINTS} points in {TREND_DAYS} days.")
        groups = raw.get("group", [])
        if not isinstance(groups, list) or not groups:
            self.wrong(("group",), "A scorecard has groups of measures: [[group]] begins one.")
            groups = []
        made = tuple(self.group(("group", n), one) for n, one in enumerate(groups))
        if len(self.names) > MOST_MEASURES:
            self.wrong(("group",), f"At most {MOST_MEASURES} measures.")
        return Card(
            self.name(("name",), raw.get("name")), made, amber, green,
        )  # fmt: skip

    def group(self, path: Path, raw: Any) -> Group:
        one = self.table(path, raw, GROUP)
        measures = one.get("measure", [])
        if not isinstance(measures, list) or not measures:
            self.wrong(path, "A group has measures: [[group.measure]] begins one.")
            measures = []
        return Group(
            self.name((*path, "name"), one.get("name")), self.weight((*path, "weight"), one.get("weight")),
            tuple(self.measure((*path, "measure", n), measure) for n, measure in enumerate(measures)),
        )  # fmt: skip

    def measure(self, path: Path, raw: Any) -> Measure:
        one = self.table(path, raw, MEASURE)
        name = self.name((*path, "name"), one.get("name"))
        if name in self.names:
            self.wrong((*path, "name"), f"Two measures are called {name}: overrides and history could not tell them apart.")
        self.names[name] = path
        fact, when = self.text(path, one, "fact"), self.text(path, one, "when")
        if bool(fact) == bool(when):
            self.wrong(path, f"A measure says either fact or when; facts are {', '.join(FACTS)}.")
        elif fact and fact not in FACTS:
            self.wrong((*path, "fact"), f"There is no fact {fact!r}.{_near(fact, FACTS)}")
        for key in ("when", "known"):
            self.ask((*path, key), self.text(path, one, key))
        if when and "points" in one:
            self.wrong((*path, "points"), "A query scores 100 where it holds, 0 elsewhere: it has no points.", at_key=True)
        if not when and "known" in one:
            self.wrong((*path, "known"), "known goes with when.", at_key=True)
        return Measure(
            name, self.text(path, one, "label") or name.replace("_", " "), self.weight((*path, "weight"), one.get("weight")),
            fact, self.points((*path, "points"), one.get("points"), needed=bool(fact)), when, self.text(path, one, "known"),
            self.optional((*path, "stale_after"), one.get("stale_after")), self.optional((*path, "least"), one.get("least")),
        )  # fmt: skip

    # --- values ------------------------------------------------------------------------------------

    def known(self, path: Path, raw: Mapping[str, Any], keys: Iterable[str]) -> None:
        for key in raw:
            if key not in keys:
                self.wrong((*path, key), f"There is no key {key!r} here.{_near(key, keys)}", at_key=True)

    def table(self, path: Path, raw: Any, keys: tuple[str, ...]) -> Mapping[str, Any]:
        if not isinstance(raw, Mapping):
            self.wrong(path, f"This is a table, with {', '.join(keys)}.")
            return {}
        self.known(path, raw, keys)
        return raw

    def name(self, path: Path, value: Any) -> str:
        if not isinstance(value, str) or not clean_line(value):
            self.wrong(path, "A name is missing." if value is None else f"A name is a text, not {value!r}.")
            return ""
        if len(value) > LONGEST or clean_line(value) != value:
            self.wrong(path, f"A name is one line of at most {LONGEST} letters.")
        if value == "total":
            self.wrong(path, "total is the whole score: call it something else.")
        return clean_line(value)[:LONGEST]

    def text(self, path: Path, table: Mapping[str, Any], key: str) -> str:
        value = table.get(key, "")
        if not isinstance(value, str):
            self.wrong((*path, key), f"{key} is a text, not {value!r}.")
            return ""
        return clean_line(value)

    def ask(self, path: Path, query: str) -> None:
        problem = self.query(query) if query and self.query is not None else None
        if problem is not None:
            self.wrong(path, problem[0], off=problem[1] + 1)

    def weight(self, path: Path, value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= 1_000:
            self.wrong(path, f"A weight is a number above 0, at most 1000{'' if value is None else f', not {value!r}'}.")
            return 1.0
        return float(value)

    def whole(self, path: Path, value: Any, least: int, most: int) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.wrong(path, f"{path[-1]} is a whole number from {least} to {most}, not {value!r}.")
            return least
        return value

    def optional(self, path: Path, value: Any) -> int | None:
        return None if value is None else self.whole(path, value, 1, 3_650)

    def points(self, path: Path, value: Any, *, needed: bool) -> tuple[float, float, float]:
        usual = (0.0, 50.0, 100.0)
        if value is None:
            if needed:
                self.wrong(path, "points are missing: the figures that score 0, 50 and 100, as in [10, 40, 75].")
            return usual
        is_three = isinstance(value, list) and len(value) == 3
        if not is_three or not all(isinstance(one, (int, float)) and not isinstance(one, bool) for one in value):
            self.wrong(path, f"points are three numbers, the figures that score 0, 50 and 100, not {value!r}.")
            return usual
        low, middle, high = (float(one) for one in value)
        if not (low < middle < high or low > middle > high):
            self.wrong(path, "points rise or fall from one to the next.")
            return usual
        return low, middle, high


def _near(word: str, known: Iterable[str]) -> str:
    """The nearest word, else all there are."""
    return did_you_mean(word, known) or f" There are {', '.join(known)}."
