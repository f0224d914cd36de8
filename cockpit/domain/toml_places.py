"""Where the keys of a TOML text are: by the path of tables and lists that leads to them, line and column from 1."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

Path = tuple[str | int, ...]
_HEAD = re.compile(r"\s*(\[\[?)\s*([^\[\]#]+?)\s*\]\]?")
_KEY = re.compile(r"\s*[\"']?([A-Za-z0-9_\-]+)[\"']?\s*=\s*")
_AT = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a text, and where (counted from 1)."""

    line: int
    column: int
    says: str


class TextProblems(ValueError):
    """A text that cannot be used; ``problems`` says why, in the order of its lines."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda one: (one.line, one.column)))
        super().__init__("\n".join(f"line {one.line}, column {one.column}: {one.says}" for one in self.problems))


class Places:
    """The places of a text's tables, keys and values."""

    def __init__(self, text: str) -> None:
        self._keys: dict[Path, tuple[int, int]] = {}
        self._values: dict[Path, tuple[int, int]] = {(): (1, 1)}
        counts: dict[Path, int] = {}
        here: Path = ()
        for number, line in _outside_of_quotes(text):
            if head := _HEAD.match(line):
                here = self._table([part.strip(" \"'") for part in head[2].split(".")], counts, is_list=head[1] == "[[")
                self._keys[here] = self._values[here] = (number, line.index("[") + 1)
            elif key := _KEY.match(line):
                self._keys[(*here, key[1])] = (number, key.start(1) + 1)
                self._values[(*here, key[1])] = (number, key.end() + 1)

    def _table(self, names: list[str], counts: dict[Path, int], *, is_list: bool) -> Path:
        path: Path = ()
        for place, name in enumerate(names):
            path = (*path, name)
            is_last = place == len(names) - 1
            if is_last and is_list:
                counts[path] = counts.get(path, -1) + 1
            if path in counts:
                path = (*path, counts[path])
        return path

    def key(self, path: Path) -> tuple[int, int]:
        """Of a key, or of the nearest table around it."""
        return self._nearest(self._keys, path)

    def value(self, path: Path) -> tuple[int, int]:
        """Of a key's value, or of the nearest table around it."""
        return self._nearest(self._values, path)

    @staticmethod
    def _nearest(known: dict[Path, tuple[int, int]], path: Path) -> tuple[int, int]:
        while path and path not in known:
            path = path[:-1]
        return known.get(path, (1, 1))


def of_toml(words: str, text: str) -> Problem:
    """Return the problem that the TOML reader found, its place taken out of its words."""
    found = _AT.search(words)
    says = _AT.sub("", words).rstrip(".")
    if found and found[1]:
        return Problem(int(found[1]), int(found[2]), f"{says}.")
    lines = text.splitlines() or [""]
    return Problem(len(lines), len(lines[-1]) + 1, f"{says}.")


def _outside_of_quotes(text: str) -> Iterator[tuple[int, str]]:
    """The lines that do not begin within a text of several lines or a list, with their numbers."""
    mark, depth = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        if not mark and depth <= 0:
            yield number, line
        for found in re.findall(r'"""|\'\'\'', line):
            mark = "" if found == mark else mark or found
        if not mark and not _HEAD.match(line):
            bare = re.sub(r"\"[^\"]*\"|'[^']*'|#.*", "", line)
            depth = max(0, depth + bare.count("[") - bare.count("]"))
