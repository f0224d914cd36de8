"""Accounts and people that may be the same, for somebody to look at: never merged by themselves."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

LIKE = 88
"""From so many of 100 on two names are alike."""
BLOCK = 400
"""Names compared with each other at most: a longer block (a common word in front) is left out."""
Likeness = Callable[[str, str], float]
"""How alike two names are, of 100."""
_LEGAL = re.compile(r"\b(inc|incorporated|llc|ltd|limited|gmbh|ag|sa|sas|bv|nv|oy|ab|as|plc|corp|corporation|co|company|group)\b")
_WORDS = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class Twin:
    """Two that may be one, and why."""

    first: int
    second: int
    likeness: int
    why: str


def plain_name(name: str) -> str:
    """Return a name without case, punctuation and what says which kind of company it is."""
    low = _WORDS.sub(" ", name.casefold())
    return " ".join(_LEGAL.sub(" ", low).split()) or " ".join(low.split())


def account_twins(accounts: Iterable[tuple[int, str, str | None, int | None]], likeness: Likeness) -> list[Twin]:
    """Return pairs of accounts of alike names or one domain; an account and its own relationship are none."""
    known = [(id_, plain_name(name), (domain or "").casefold().removeprefix("www."), parent) for id_, name, domain, parent in accounts]
    related = {frozenset((id_, parent)) for id_, _, _, parent in known if parent}
    found: dict[frozenset[int], Twin] = {}
    for there in _blocks((domain, (id_, name)) for id_, name, domain, _ in known if domain):
        for (one, name), (two, other) in _pairs(there):
            found[frozenset((one, two))] = Twin(one, two, round(likeness(name, other)), "same domain")
    for there in _blocks((name[:3], (id_, name)) for id_, name, _, _ in known if name):
        for (one, name), (two, other) in _pairs(there):
            score = round(likeness(name, other))
            if score >= LIKE:
                found.setdefault(frozenset((one, two)), Twin(one, two, score, "the same name" if name == other else "alike names"))
    return _sorted(twin for pair, twin in found.items() if pair not in related)


def person_twins(people: Iterable[tuple[int, str, str | None, int]], likeness: Likeness) -> list[Twin]:
    """Return pairs of people of one customer with alike names, or of the same name and e-mail domain anywhere."""
    known = list(people)
    found: dict[frozenset[int], Twin] = {}
    for there in _blocks((str(account), (id_, plain_name(name))) for id_, name, _, account in known):
        for (one, name), (two, other) in _pairs(there):
            score = round(max(likeness(name, other), likeness(name, _turned(other))))
            if one != two and score >= LIKE:
                alike = "the same name" if score == 100 else "alike names"
                found[frozenset((one, two))] = Twin(one, two, score, f"one customer, {alike}")
    for there in _blocks((f"{plain_name(name)} {(email or '').rpartition('@')[2]}", (id_, name)) for id_, name, email, _ in known if email):
        for (one, _), (two, _) in _pairs(there):
            if one != two:
                found.setdefault(frozenset((one, two)), Twin(one, two, 100, "the same name and e-mail domain"))
    return _sorted(found.values())


def _turned(name: str) -> str:
    first, _, rest = name.partition(" ")
    return f"{rest} {first}".strip()


def _blocks(keyed: Iterable[tuple[str, tuple[int, str]]]) -> Iterator[list[tuple[int, str]]]:
    blocks: dict[str, list[tuple[int, str]]] = {}
    for key, value in keyed:
        blocks.setdefault(key, []).append(value)
    return (there for there in blocks.values() if 1 < len(there) <= BLOCK)


def _pairs(there: Sequence[tuple[int, str]]) -> Iterator[tuple[tuple[int, str], tuple[int, str]]]:
    return ((one, two) for n, one in enumerate(there) for two in there[n + 1 :])


def _sorted(found: Iterable[Twin]) -> list[Twin]:
    return sorted(found, key=lambda twin: (-twin.likeness, twin.first, twin.second))
