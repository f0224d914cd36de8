"""A playbook as a text file: read with the line and column of whatever is wrong, and written."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cockpit.domain.clean import clean_line
from cockpit.domain.nearest import did_you_mean
from cockpit.domain.playbook import Anchor, Due, Step, read_due, read_step, step_problems, stored
from cockpit.domain.playbook_words import ABOUT, TRANSITIONS, Need
from cockpit.domain.toml_places import Problem, TextProblems, of_toml
from db.terms import TransitionKind

TOP = ("name", "about", "says", "usual", "step")
LONG = 10_000
"""Where the return lies after the target, and the end of time: only the order matters."""
MAX_STEPS = 100


@dataclass(frozen=True, slots=True)
class Playbook:
    """A playbook as its text says; ``usual`` is the span from start to hand-over it was written for, in business days."""

    name: str
    about: str
    says: str
    usual: int | None
    steps: tuple[Step, ...]


def read_text(text: str) -> Playbook:
    """Return the playbook that a TOML text is. Raises TextProblems with every problem and its place."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TextProblems([of_toml(str(error), text)]) from None
    places = Places(text)
    problems = [*_top(raw, places), *_steps(raw, places)]
    if problems:
        raise TextProblems(problems)
    steps = tuple(read_step(item, number) for number, item in enumerate(raw["step"], 1))
    usual = read_due(raw.get("usual"))
    book = Playbook(
        clean_line(raw["name"]), raw["about"], clean_line(raw.get("says", "")), usual.days if usual else None, steps
    )
    problems = list(_order(book, places))
    if problems:
        raise TextProblems(problems)
    return book


def write_text(name: str, about: str, steps: Sequence[Step], says: str = "", usual: int | None = None) -> str:
    """Return the text of a playbook that was not written as one."""
    lines = [f"name = {_quoted(name)}", f"about = {_quoted(about)}"]
    lines += [f"says = {_quoted(says)}"] if says else []
    lines += [f'usual = "S+{usual}"'] if usual is not None else []
    for step in steps:
        lines += ["", "[[step]]"] + [f"{key} = {_value(value)}" for key, value in stored(step).items()]
    return "\n".join(lines) + "\n"


class Places:
    """Where the keys of a text are: its own, and those of each step."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()
        self._spans: list[tuple[int, int]] = []
        """The lines of each step, from its header to before the next."""
        self._outside = [*self._out_of_quotes()]
        heads = [n for n in self._outside if re.match(r"\s*\[\[\s*step\s*\]\]", self._lines[n])]
        ends = [*heads[1:], len(self._lines)]
        self._spans = list(zip(heads, ends, strict=True)) if heads else []

    def _out_of_quotes(self) -> Iterator[int]:
        """The lines that do not begin within a text of several lines."""
        mark = ""
        for n, line in enumerate(self._lines):
            if not mark:
                yield n
            for found in re.findall(r'"""|\'\'\'', line):
                mark = "" if found == mark else mark or found

    def key(self, key: str, step: int | None = None) -> tuple[int, int]:
        """Line and column of the value of a key; of the step (or the text) where it has none."""
        first, last = self._span(step)
        for n in range(first, last):
            if n in self._outside and (found := re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=\s*", self._lines[n])):
                return n + 1, len(found[0]) + 1
        return first + 1, 1

    def name(self, key: str, step: int | None = None) -> tuple[int, int]:
        """Line and column of a key itself."""
        line, column = self.key(key, step)
        text = self._lines[line - 1] if line <= len(self._lines) else ""
        return (line, text.find(key) + 1) if column > 1 and key in text else (line, column)

    def word(self, key: str, word: str, step: int) -> tuple[int, int]:
        """Line and column of one text in the list that a key has."""
        line, column = self.key(key, step)
        _, last = self._span(step)
        for n in range(line - 1, last):
            start = column - 1 if n == line - 1 else 0
            found = min((at for mark in "\"'" if (at := self._lines[n].find(f"{mark}{word}{mark}", start)) >= 0), default=-1)
            if found >= 0:
                return n + 1, found + 1
            if "]" in self._lines[n][start:]:
                break
        return line, column

    def _span(self, step: int | None) -> tuple[int, int]:
        if step is None or step >= len(self._spans):
            end = self._spans[0][0] if self._spans else len(self._lines)
            return 0, end
        return self._spans[step]


def _top(raw: Mapping[str, Any], places: Places) -> Iterator[Problem]:
    for key in raw:
        if key not in TOP:
            yield Problem(*places.name(key), f"There is no key {key!r} here.{did_you_mean(key, TOP)}")
    if not isinstance(raw.get("name"), str) or not clean_line(raw["name"]):
        yield Problem(*places.key("name"), "A playbook needs a name.")
    elif len(raw["name"]) > 80:
        yield Problem(*places.key("name"), "A name has at most 80 letters.")
    about = raw.get("about")
    if about not in ABOUT:
        near = did_you_mean(str(about), ABOUT)
        yield Problem(*places.key("about"), f"about is one of {', '.join(ABOUT)}{f', not {about!r}.{near}' if about else '.'}")
    if not isinstance(raw.get("says", ""), str):
        yield Problem(*places.key("says"), "says is a text.")
    if "usual" in raw or about in TRANSITIONS - {TransitionKind.COVER.value}:
        usual = read_due(raw.get("usual"))
        if usual is None or usual.anchor is not Anchor.START or not usual.days:
            yield Problem(*places.key("usual"), "usual is the day of the hand-over from the start: S+10.")


def _steps(raw: Mapping[str, Any], places: Places) -> Iterator[Problem]:
    steps = raw.get("step")
    if not isinstance(steps, list) or not steps or not all(isinstance(one, dict) for one in steps):
        yield Problem(*places.key("step"), "A playbook needs steps: [[step]] with a title each.")
        return
    if len(steps) > MAX_STEPS:
        yield Problem(*places.key("step"), f"A playbook has at most {MAX_STEPS} steps.")
        return
    keys = [str(item.get("key") or n) for n, item in enumerate(steps, 1)]
    first: dict[str, int] = {}
    for n, item in enumerate(steps):
        for key, words in step_problems(item):
            where = places.key(key, n) if key in item and "unknown" not in words else places.name(key, n)
            yield Problem(*where, f"Step {n + 1}{words}")
        if first.setdefault(keys[n], n) != n:
            yield Problem(*places.key("key", n), f"Step {n + 1} is called {keys[n]!r} like step {first[keys[n]] + 1}.")
        for need in item.get("needs", []) if isinstance(item.get("needs", []), list) else []:
            if isinstance(need, str) and need not in keys:
                at = places.word("needs", need, n)
                yield Problem(*at, f"Step {n + 1} needs {need!r}, which is no step.{did_you_mean(need, keys)}")


def _order(book: Playbook, places: Places) -> Iterator[Problem]:
    by_key = {step.key: step for step in book.steps}
    number = {step.key: n for n, step in enumerate(book.steps)}
    circle = _circle(book.steps)
    if circle:
        n = number[circle[0]]
        yield Problem(*places.key("needs", n), f"These steps need each other: {' → '.join([*circle, circle[0]])}.")
        return
    for n, step in enumerate(book.steps):
        yield from (Problem(*places.key("due", n), f"Step {n + 1}{words}") for words in _misplaced(step, book))
        for need in step.needs:
            other = by_key[need]
            here, there = _position(step.due, book.usual), _position(other.due, book.usual)
            if here is not None and there is not None and here < there:
                says = f"Step {n + 1} is due {step.due}, before {need!r} ({other.due}), which it needs."
                yield Problem(*places.key("due", n), says)


def _misplaced(step: Step, book: Playbook) -> Iterator[str]:
    """What a due date says that what the playbook is about does not have."""
    if step.due is None:
        return
    is_transition, anchor = book.about in TRANSITIONS, step.due.anchor
    if anchor is Anchor.TARGET and not is_transition:
        yield f": {step.due} counts from a hand-over, and {ABOUT[book.about]} has none."
    if anchor is Anchor.RETURN and book.about != TransitionKind.COVER:
        yield f": {step.due} counts from a return, which only cover has."
    if anchor is Anchor.RENEWAL and book.about == "csm":
        yield f": {step.due} counts from a renewal, and {ABOUT['csm']} has none."
    if step.required is Need.AFTER and not is_transition:
        yield ": required = after speaks of a hand-over, and there is none."
    if anchor is Anchor.START and book.usual is not None and step.due.days > book.usual:
        yield f": {step.due} is after the usual hand-over (S+{book.usual}): count it from T."
    if anchor is Anchor.TARGET and step.due.days > 0 and step.required is Need.GATE:
        yield f": the hand-over waits for it, so it cannot be due {step.due}, after it."


def _position(due: Due | None, usual: int | None) -> int | None:
    """Where a due date lies when everything happens as usual; None when that cannot be said."""
    if due is None or due.anchor is Anchor.RENEWAL:
        return None
    return {Anchor.START: 0, Anchor.TARGET: usual or LONG // 2, Anchor.RETURN: LONG}[due.anchor] + due.days


def _circle(steps: Sequence[Step]) -> list[str]:
    """Steps that need each other, in a circle; none when there is no circle."""
    needs = {step.key: step.needs for step in steps}
    done: set[str] = set()

    def walk(key: str, path: list[str]) -> list[str]:
        if key in path:
            return path[path.index(key) :]
        if key in done:
            return []
        found = next((circle for need in needs[key] if (circle := walk(need, [*path, key]))), [])
        done.add(key)
        return found

    return next((circle for key in needs if (circle := walk(key, []))), [])


def _value(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_quoted(str(one)) for one in value)}]"
    return ("true" if value else "false") if isinstance(value, bool) else _quoted(str(value))


def _quoted(text: str) -> str:
    import json

    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


__all__ = ["Places", "Playbook", "Problem", "TextProblems", "read_text", "write_text"]
