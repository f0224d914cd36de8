"""Text to tree: a small parser by hand (a grammar library costs more to import than the whole query layer).

query  = either            either = all ("OR" all)*          all = one (["AND"] one)*
one    = ("-" | "NOT") one | "(" either ")" | term | word | quoted
term   = name (":" [op] | op) value ("," [op] value)*
value  = quoted | bare | bare ".." bare | "(" value (("OR" | ",") value)* ")"
"""

from __future__ import annotations

import re
from functools import lru_cache

from db.query.ast import BARE, OPERATORS, TERM, WORD, And, Node, Not, Or, Term, Text, Value
from db.query.error import QueryError

MAX_LENGTH = 20_000
MAX_DEPTH = 12
"""Parentheses in parentheses: SQLite's own parser holds 100 open symbols."""
MAX_VALUES = 300
"""Words and values in one query: SQLite refuses expressions deeper than 1,000."""

MAX_WORD = 500
"""SQLite refuses patterns of more than 50,000 bytes; a letter may need a class of its cases."""

_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_OP = re.compile(r"<=|>=|!=|==|=|<|>")
_SPACE = re.compile(r"\s*")
_UNUSABLE = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff]")
"""Control characters and halves of surrogate pairs: no stored text holds them, and databases refuse them."""


@lru_cache(maxsize=512)
def parse(text: str) -> Node:
    """The tree of a query, or QueryError at the character where it stops making sense."""
    return _Parser(text).query()


def field_name(typed: str) -> str:
    """The name of a field as it is declared: ``No-Touch`` is ``no_touch``."""
    return typed.lower().replace("-", "_")


class _Parser:
    """Reads one text from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.depth = 0
        self.count = 0

    def query(self) -> Node:
        if len(self.text) > MAX_LENGTH:
            raise QueryError(f"A query has at most {MAX_LENGTH:,} characters; this one has {len(self.text):,}.")
        if bad := _UNUSABLE.search(self.text):
            raise QueryError("This character cannot be searched for.", bad.start())
        self.skip()
        if self.at == len(self.text):
            return And(())
        node = self.either()
        if self.at < len(self.text):
            raise QueryError("This ) closes nothing: there is no ( before it.", self.at)
        return node

    def skip(self) -> None:
        """Go past white space."""
        found = _SPACE.match(self.text, self.at)
        assert found is not None
        self.at = found.end()

    def operator(self) -> str:
        """The operator word that starts here, or nothing."""
        found = WORD.match(self.text, self.at)
        return found[0] if found and found[0] in OPERATORS else ""

    def either(self) -> Node:
        parts = [self.all()]
        while self.operator() == "OR":
            self.at += 2
            self.skip()
            parts.append(self.all())
        return _joined(Or, parts)

    def all(self) -> Node:
        parts = [self.one()]
        while self.at < len(self.text) and self.text[self.at] != ")":
            word = self.operator()
            if word == "OR":
                break
            if word == "AND":
                self.at += 3
                self.skip()
            parts.append(self.one())
        return _joined(And, parts)

    def one(self) -> Node:
        """A term, a word, or something in parentheses, with what negates it."""
        text, start = self.text, self.at
        if start == len(text) or text[start] == ")" or self.operator() in ("OR", "AND"):
            raise self.missing(start)
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise QueryError(f"More than {MAX_DEPTH} levels deep: write it with fewer parentheses.", start)
        if text[start] == "-" or self.operator() == "NOT":
            self.at += 1 if text[start] == "-" else 3
            if text[start] != "-":
                self.skip()
            if self.at == len(text) or text[self.at].isspace():
                raise QueryError(
                    "Nothing follows: say what is to be left out, as in -type:risk.", start, self.at - start
                )
            node: Node = Not(self.one())
        elif text[start] == "(":
            self.at += 1
            self.skip()
            node = self.either()
            if self.at == len(text):
                raise QueryError("This ( is never closed.", start)
            self.at += 1
        else:
            node = self.leaf()
        self.depth -= 1
        self.skip()
        return node

    def missing(self, start: int) -> QueryError:
        """Why nothing can start here."""
        word = self.operator()
        if word:
            return QueryError(
                f'{word} needs something on both sides; to search for the word, quote it: "{word}".',
                start,
                len(word),
                f'"{word}"',
            )
        before = self.text[:start].rstrip()
        last = re.search(r"[^\s()]+$|.$", before)
        if last is None:
            return QueryError("This ) closes nothing: there is no ( before it.", start)
        words = "Nothing stands between ( and )." if last[0] == "(" else f"Something is missing after {last[0]}."
        return QueryError(words, last.start(), len(last[0]))

    def leaf(self) -> Node:
        start = self.at
        if found := TERM.match(self.text, start):
            self.at = found.end()
            op = found[2] or found[3] or ""
            values = self.values("=" if op == "==" else op, found[1])
            return Term(field_name(found[1]), values, start, self.at)
        if self.text[start] == '"':
            words = self.quoted()
        else:
            word = WORD.match(self.text, start)
            assert word is not None
            words, self.at = word[0], word.end()
        self.counted(start, len(words))
        return Text(words, start, self.at)

    def counted(self, start: int, length: int = 0) -> None:
        if length > MAX_WORD:
            raise QueryError(f"A word or value has at most {MAX_WORD} characters.", start, length)
        self.count += 1
        if self.count > MAX_VALUES:
            raise QueryError(f"A query has at most {MAX_VALUES} words and values; this is one more.", start)

    def quoted(self) -> str:
        start = self.at
        found = _QUOTED.match(self.text, start)
        if found is None:
            raise QueryError("This quote is never closed.", start, suggestion=self.text[start:] + '"')
        if not found[1].strip():
            raise QueryError("Nothing stands between the quotes.", start, 2)
        self.at = found.end()
        return re.sub(r"\\(.)", r"\1", found[1], flags=re.DOTALL)

    def values(self, op: str, name: str) -> tuple[Value, ...]:
        """The values after ``name:``."""
        values: list[Value] = []
        while True:
            if self.text.startswith("(", self.at) and not op:
                values += self.group(name)
            else:
                values.append(self.value(op, name))
            if not self.text.startswith(",", self.at):
                break
            self.at += 1
            found = _OP.match(self.text, self.at)
            op = found[0].replace("==", "=") if found else ""
            self.at += len(found[0]) if found else 0
        if self.at < len(self.text) and self.text[self.at] in '("':
            raise QueryError("A space is missing before this.", self.at)
        return tuple(values)

    def group(self, name: str) -> list[Value]:
        """``(pool OR hybrid)`` after ``served_by:`` is the list ``pool,hybrid``."""
        opened = self.at
        self.at += 1
        values: list[Value] = []
        while True:
            self.skip()
            found = _OP.match(self.text, self.at)
            self.at += len(found[0]) if found else 0
            values.append(self.value(found[0].replace("==", "=") if found else "", name))
            self.skip()
            if self.text.startswith(")", self.at):
                self.at += 1
                return values
            if self.text.startswith(",", self.at):
                self.at += 1
            elif self.operator() == "OR":
                self.at += 2
            elif self.at == len(self.text):
                raise QueryError("This ( is never closed.", opened)
            else:
                raise QueryError(f"Between the values of {name} stands OR or a comma.", self.at)

    def value(self, op: str, name: str) -> Value:
        start = self.at
        if self.text.startswith('"', start):
            words = self.quoted()
            self.counted(start, len(words))
            return Value(words, op, True, None, start, self.at)
        found = BARE.match(self.text, start)
        if found is None or (start and self.text[start - 1].isspace() and found[0] in OPERATORS):
            raise self.no_value(start, name)
        self.counted(start, len(found[0]))
        self.at = found.end()
        low, dots, high = found[0].partition("..")
        if not dots:
            return Value(low, op, False, None, start, self.at)
        if op:
            raise QueryError(f"A range takes no {op} before it: {name}:{found[0]}.", start - len(op), len(op))
        if not low and not high:
            raise QueryError("A range needs at least one end, as in 75d..90d, 75d.. or ..90d.", start, 2)
        return Value(low, "", False, high, start, self.at)

    def no_value(self, start: int, name: str) -> QueryError:
        """Nothing follows the colon; what stands after a space may have been meant."""
        after = BARE.match(self.text, start + 1) if self.text[start : start + 1] == " " else None
        return QueryError(
            f"{name} needs a value straight after it.", max(0, start - 1), 1, f"{name}:{after[0]}" if after else None
        )


def _joined(kind: type[And] | type[Or], parts: list[Node]) -> Node:
    """One part stands for itself; an AND in an AND is the same AND."""
    if len(parts) == 1:
        return parts[0]
    flat: list[Node] = []
    for part in parts:
        flat += part.parts if isinstance(part, kind) else (part,)
    return kind(tuple(flat))
