"""The handoff brief: its sections by form, and when a section says enough."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from db.terms import TransitionKind


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a brief."""

    key: str
    title: str
    asks: str
    """What the outgoing side is asked to tell."""


SECTIONS = (
    Section("who", "Who they are and why they bought", "What do they do, what problem did they buy this for?"),
    Section("people", "People and politics", "Who decides, who likes us, who does not, who left?"),
    Section("use", "What they use, value proven", "What do they use, and what has it brought them?"),
    Section("risks", "Health and risks", "What worries us, what worries other departments?"),
    Section("money", "Money", "Contract, renewal, terms that were promised, whitespace?"),
    Section("work", "Open work and promises", "What did we promise, what is half done?"),
    Section("style", "How they like to work, what to avoid", "How do they like to be reached; what should nobody do?"),
    Section("first30", "First 30 days advised", "What would you do first?"),
)
FORMS: dict[str, tuple[str, ...]] = {
    "full": tuple(section.key for section in SECTIONS),
    "pool": ("who", "use", "risks", "money", "work"),
    "cover": ("risks", "work", "style"),
    "patch": ("risks", "work"),
}
"""Which sections each form has: the pool's is short, a cover needs what may come up."""
FORM_OF: dict[TransitionKind, str] = {
    TransitionKind.CSM_TO_CSM: "full",
    TransitionKind.CSM_TO_POOL: "pool",
    TransitionKind.POOL_TO_CSM: "full",
    TransitionKind.COVER: "cover",
    TransitionKind.POD: "patch",
}
_WORD = re.compile(r"\w+")
_NOTHING = re.compile(r"^\s*(nothing|none|no|n/?a)\b", re.IGNORECASE)
_BECAUSE = re.compile(r"\bbecause\b\W+(.+)", re.IGNORECASE | re.DOTALL)


def sections_of(form: str) -> tuple[Section, ...]:
    """Return the sections of a form, in order."""
    return tuple(section for section in SECTIONS if section.key in FORMS[form])


def is_written(text: str | None) -> bool:
    """Tell whether a section says something: a sentence of three words, or "nothing, because" and the reason."""
    words = _WORD.findall(text or "")
    if _NOTHING.match(text or ""):
        because = _BECAUSE.search(text or "")
        return because is not None and len(_WORD.findall(because[1])) >= 2
    return len(words) >= 3


def missing(form: str, sections: Mapping[str, str]) -> tuple[Section, ...]:
    """Return the sections that say nothing yet."""
    return tuple(section for section in sections_of(form) if not is_written(sections.get(section.key)))
