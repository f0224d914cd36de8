"""What must hold of a fact, whoever brings it: ends after starts, scores on their scale, and what a new one begins with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cockpit.domain.surveys import bounds, survey_kind
from cockpit.services.act import Work
from cockpit.services.errors import Refused
from cockpit.services.fact_kinds import FactKind

_NOT_BELOW = ("units", "term_months")
_ORDER = {
    "subscription": ("starts", "ends", "It ends before it starts."),
    "ticket": ("opened", "closed", "It was closed before it was opened."),
    "advocacy": ("asked_on", "given_on", "It was given before it was asked for."),
}


def complete(work: Work, kind: FactKind, columns: dict[str, Any]) -> None:
    """Fills in what a new fact starts with when nobody says otherwise."""
    if kind.name == "ticket":
        columns["opened"] = columns.get("opened") or work.now
        columns["status"] = columns.get("status") or ("closed" if columns.get("closed") else "open")
    elif kind.name == "survey" and columns.get("kind"):
        columns["kind"] = survey_kind(columns["kind"])
    elif kind.name == "opportunity":
        columns["state"] = columns.get("state") or "open"
    elif kind.name == "advocacy":
        columns["asked_on"] = columns.get("asked_on") or columns.get("given_on") or work.today
    elif kind.name == "product":
        columns["active"] = True
    for column in ("currency", "state"):
        if column in columns and columns[column] is None:
            del columns[column]


def check(kind: FactKind, columns: Mapping[str, Any]) -> None:
    """Raises Refused with what is wrong with a fact's columns."""
    if kind.name in _ORDER:
        first, last, sentence = _ORDER[kind.name]
        if columns.get(first) and columns.get(last) and columns[last] < columns[first]:
            raise Refused("order", sentence)
    for name in _NOT_BELOW:
        if (columns.get(name) or 0) < 0:
            raise Refused("number", f"{name.replace('_', ' ').capitalize()} is not below 0.")
    score = columns.get("score")
    if score is not None:
        lowest, highest = bounds(columns["kind"]) if kind.name == "survey" else (0, 100)
        if not lowest <= score <= highest:
            raise Refused("score", f"A score of {score} is not between {lowest} and {highest}.")
    if kind.name == "product" and not 0 <= (columns.get("margin") or 0) <= 1000:
        raise Refused("margin", "A margin is a share of the price: 0 to 1.")
