"""Hostile text in every row of a store: what the commands, the screens and the exports let through of it.

The strings are put into the rows as they are, past every border, as somebody else's program would that writes to
the same database. Then everything that reads is asked, and what comes out is searched for what a terminal obeys.
The control is the same program with its last filter switched off.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import cycle
from pathlib import Path
from typing import Any

from cockpit.services.demo import build_demo
from db import columns
from proof import hostile_screens
from proof.hostile_found import Found, ask, of_output
from proof.stores import Places
from proof.table import Row
from tests.hostile.corpus import corpus
from tests.journeys.terminal import Machine

NOW = "2026-11-23T09:00:00Z"
ACTOR = "oz"
ACCOUNTS = 60
KEYS_PER_THING = 40
"""A short run walks a part of the way."""
USAGE, WRITES = 2, "opened read-only"
"""How a command says that it was asked the wrong way, and that it would write."""
FORMS = ("", "json", "csv", "md")
WORDS_OF_THE_PROGRAM = frozenset({
    "call", "channel", "choice", "feeling", "form", "kind", "lane", "level", "network_role", "outcome", "role", "screen",
    "served_by", "severity", "side", "state", "thing", "tier", "verdict", "cta.priority", "cta.status", "account.status",
    "goal.status", "task.status", "opportunity.type", "opportunity.sourced_by", "event.type", "intervention.stage", "playbook.about",
})  # fmt: skip
"""Columns that take one of a few words."""
FOUND_BY = frozenset({
    "key", "login", "measure", "metric", "sort", "currency", "time_zone", "calendar", "language", "languages", "push", "url",
})  # fmt: skip
"""Columns by which rows are found, and names of what the program knows: a currency, the clock of a place, a language."""
PARSED = frozenset({
    "criterion", "snooze_wake", "done_when", "repeats", "required_at_close", "query", "proposal", "steps", "spec", "columns", "value",
    "key_features", "cta_type.name", "activity_type.fields", "playbook.source", "scorecard.source",
})  # fmt: skip
"""Columns that hold an expression or a form."""
LEFT_OUT = WORDS_OF_THE_PROGRAM | FOUND_BY | PARSED
PASSED_OVER = (
    "demo", "backup", "restore", "import", "archive", "db ", "config ", "spec", "query", "inbox show", "meeting import", "playbook check",
    "template check", "scorecard check",
)  # fmt: skip
"""Commands that read no row, or read a file."""
TABLES = {"entry": "activity", "meeting": "activity", "promise": "activity", "inbox": "stray", "ACCOUNT": "account", "A": "account",
          "CTA": "cta", "TASK": "task", "PERSON": "person", "letter": "account", "log": "account", "timeline": "account",
          "POOL": "pool", "POD": "pod", "SEGMENT": "segment"}  # fmt: skip
ACTS = (
    "claim {cta}", "comment {cta} Seen", "assign {cta} --to ana", "snooze {cta} --reason Later --until 2027-01-11", "wake {cta}",
    "shadow add {cta}", "close {cta} --outcome no_action --note Done", "reopen {cta}", "undo", "redo", "account edit {account} --arr 48k",
    "person left {person} --on 2026-11-20", "log {account} --type call --subject Spoke",
    "health set {account} score 40 --reason Quiet --until 2027-01-11", "account merge {account} {other}",
)  # fmt: skip
"""What says something about a row when it has written."""


@dataclass(frozen=True, slots=True)
class Poisoned:
    """What was written where."""

    strings: int
    cells: int
    columns: int

    def __str__(self) -> str:
        return f"{self.strings:,} strings in {self.cells:,} cells of {self.columns} columns"


def poison(path: Path, strings: list[str]) -> Poisoned:
    """Puts the strings, one after the other, into every text of every row of an SQLite store."""
    source = cycle(strings)
    cells = hit = 0
    db = sqlite3.connect(path)
    with db:
        db.execute("PRAGMA foreign_keys = off")
        for table, column, is_json in _targets():
            ids = [one for (one,) in db.execute(f"SELECT id FROM {table} ORDER BY id")]
            texts = (json.dumps({"note": next(source), next(source): 1}) if is_json else next(source) for _ in ids)
            db.executemany(f"UPDATE OR IGNORE {table} SET {column} = ? WHERE id = ?", list(zip(texts, ids, strict=True)))
            cells, hit = cells + len(ids), hit + bool(ids)
        cells += _poison_journal(db, source)
    db.close()
    return Poisoned(len(strings), cells, hit + 2)


def _targets() -> Iterator[tuple[str, str, bool]]:
    for table in columns.tables():
        for column, kind in columns.table(table).columns.items():
            if kind in ("text", "json") and not {column, f"{table}.{column}"} & LEFT_OUT:
                yield table, column, kind == "json"


def _poison_journal(db: sqlite3.Connection, source: Iterator[str]) -> int:
    """What the acts said, and every text that they changed; how many."""
    acts = [(next(source), one) for (one,) in db.execute("SELECT id FROM act")]
    db.executemany("UPDATE act SET what = ? WHERE id = ?", acts)
    texts = {(table, column) for table, column, is_json in _targets() if not is_json}
    count, changed = len(acts), []
    for one, thing, fields in db.execute("SELECT id, thing, fields FROM change").fetchall():
        values: dict[str, Any] = json.loads(fields)
        mine = [name for name, value in values.items() if isinstance(value, str) and (thing, name) in texts]
        values |= {name: next(source) for name in mine}
        count += len(mine)
        changed.append((json.dumps(values, ensure_ascii=False), one))
    db.executemany("UPDATE change SET fields = ? WHERE id = ?", changed)
    return count


@dataclass
class Ground:
    """A store full of it, one like it that is clean, and somebody's computer to read them on."""

    folder: Path
    many: int
    """Of each kind of thing, so many are shown."""
    machine: Machine = field(init=False)
    poisoned: Poisoned = field(init=False)

    def __post_init__(self) -> None:
        self.machine = Machine(self.folder, NOW, ACTOR)
        build_demo(str(self.clean), accounts=ACCOUNTS, ctas=ACCOUNTS, login=ACTOR, clock=lambda: datetime.fromisoformat(NOW))
        ask(["view", "save", "Mine", "--query", "type:risk", "--screen", "queue"], self.clean)
        source, target = sqlite3.connect(self.clean), sqlite3.connect(self.store)
        source.backup(target)
        source.close()
        target.close()
        self.poisoned = poison(self.store, corpus())

    @property
    def store(self) -> Path:
        """The one that is full of it."""
        return self.folder / "hostile.db"

    @property
    def clean(self) -> Path:
        """The same as it was."""
        return self.folder / "clean.db"

    def some(self, table: str, column: str = "id") -> list[str]:
        """Values of a column, spread over the table."""
        db = sqlite3.connect(self.store)
        found = [str(one) for (one,) in db.execute(f"SELECT {column} FROM {table} ORDER BY id")]
        db.close()
        return found[:: max(1, len(found) // self.many)][: self.many]


@contextmanager
def ground(places: Places, many: int) -> Iterator[Ground]:
    """The stores, and the environment of their computer for what runs in this process."""
    folder = places.folder / "hostile"
    folder.mkdir(exist_ok=True)
    before = dict(os.environ)
    os.environ.update(Machine(folder, NOW, ACTOR).env)
    try:
        yield Ground(folder, many)
    finally:
        os.environ.clear()
        os.environ.update(before)


def rows(places: Places, many: int) -> Iterator[Row]:
    """By command, in exports, on the screens; of each kind of thing ``many`` are shown."""
    with ground(places, many) as here:
        yield _row("hostile text, by command", here, lambda: by_command(here), lambda: by_command(here, once=True))
        yield _row("hostile text, in exports", here, lambda: in_exports(here), lambda: in_exports(here))
        start = time.monotonic()
        made, control = hostile_screens.walks(here.machine, here.clean, here.store, KEYS_PER_THING * many)
        much = f"{here.poisoned}; {made.asked:,} keys and clicks, {made.size / 1e6:,.1f} MB drawn"
        is_held = made.bad == 0 and control.live > 0
        yield Row("hostile text, on the screens", "sqlite, a pty", much, made.words(), _off(control), is_held, time.monotonic() - start)


def _off(control: Found) -> str:
    return f"the last filter off: {control.words()}"


def _row(what: str, here: Ground, trial: Callable[[], Found], again: Callable[[], Found]) -> Row:
    start = time.monotonic()
    made = trial()
    with unfiltered():
        control = again()
    much = f"{here.poisoned}; {made.asked:,} asked, {made.answered:,} answered, {made.size / 1e6:,.1f} MB"
    is_held = made.bad == 0 and control.live + control.formulas > 0 and made.answered > 0
    return Row(what, "sqlite", much, made.words(), _off(control), is_held, time.monotonic() - start)


@contextmanager
def unfiltered() -> Iterator[None]:
    """The control: what is printed is not looked at a last time, and cells are written as they are."""
    off = {"dead": lambda text: text, "safe_cell": lambda text: text}
    was = [(module, name, vars(module)[name]) for module in list(sys.modules.values()) for name in off
           if getattr(module, "__name__", "").startswith("cockpit.cli") and name in vars(module)]  # fmt: skip
    try:
        for module, name, _ in was:
            setattr(module, name, off[name])
        yield
    finally:
        for module, name, one in was:
            setattr(module, name, one)


def by_command(here: Ground, *, once: bool = False) -> Found:
    """Every command of `cockpit spec`, read-only and in each form, then the acts on a copy; ``once``: of one thing each."""
    found = Found()
    for command in json.loads(ask(["spec"], here.store).out):
        for head, things in _lines(command, here):
            answers = [ask([*head, *([f"--{form}"] if form else []), "--read-only", "--", *things], here.store) for form in FORMS]
            for form, answer in zip(FORMS, answers, strict=True):
                found.add(of_output(answer, form))
            if once or all(answer.code == USAGE or WRITES in answer.err for answer in answers):
                break
    copy = here.folder / "acts.db"
    copy.write_bytes(here.store.read_bytes())
    kinds = {"cta": here.some("cta"), "account": here.some("account"), "person": here.some("person"), "other": here.some("account")[::-1]}
    for values in list(zip(*kinds.values(), strict=False))[: 1 if once else None]:
        for act in ACTS:
            found.add(of_output(ask(act.format(**dict(zip(kinds, values, strict=True))).split(), copy)))
    return found


def _lines(command: dict[str, Any], here: Ground) -> Iterator[tuple[list[str], tuple[str, ...]]]:
    """The command with what it cannot do without, and its arguments: once for each of some things."""
    name = command["command"].removeprefix("cockpit").strip()
    if not name or name.startswith(PASSED_OVER):
        return
    arguments = [one for one in command["params"] if one["kind"] == "argument"]
    options = [word for one in command["params"] if one["kind"] == "option" and one["required"]
               for word in (one["name"], here.some("template", "name")[0] if one["name"] == "--template" else "1")]  # fmt: skip
    filled = [values for one in arguments if (values := _values(name, one["metavar"].strip("[]….").rstrip("….["), here))]
    if not filled:
        yield [*name.split(), *options], ()
    for things in zip(*filled, strict=False):
        yield [*name.split(), *options], things


def _values(name: str, metavar: str, here: Ground) -> list[str]:
    """What may stand for an argument of a command; nothing where it may be left out."""
    group = name.split()[0]
    known = set(columns.tables())
    if metavar in ("LOGIN", "L") or group == "csm":
        return here.some("csm", "login")
    if metavar == "VIEW":
        return ["queue", "work", "all", "accounts"] if name == "export" else here.some("view", "name")
    if metavar == "THING":
        return [f"{table}:{one}" for table in ("account", "cta", "person", "activity") for one in here.some(table)]
    if metavar == "WORDS":
        return ["acme", "script"]
    if metavar in ("TEXT", "SECTION", "FILE", "MEASURE", "STEP"):
        return []
    table = TABLES.get(metavar) or TABLES.get(group) or group
    if table not in known:
        return here.some("account")
    is_named = metavar in ("NAME", "POOL", "POD", "SEGMENT") and "name" in columns.table(table).columns
    return here.some(table, "name" if is_named else "id")


def in_exports(here: Ground) -> Found:
    """Every file that a command writes: lists, documents, calendars, texts."""
    found = Found()
    folder = here.folder / "exports"
    folder.mkdir(exist_ok=True)
    for number, (words, ending) in enumerate(_exports(here)):
        file = folder / f"{number}.{ending}"
        answer = ask([file.as_posix() if word == "FILE" else word for word in words], here.store)
        found.add(of_output(answer, ending, file))
        file.unlink(missing_ok=True)
    return found


def _exports(here: Ground) -> Iterator[tuple[list[str], str]]:
    for view in ("queue", "work", "all", "accounts"):
        for form, ending in (("--csv", "csv"), ("--json", "json"), ("--md", "md")):
            yield ["export", view, form, "-o", "FILE"], ending
    for words in ("acts", "search acme", "risk list", "goal list", "ticket list", "survey list", "person list"):
        for form, ending in (("--csv", "csv"), ("--json", "json"), ("--md", "md")):
            yield [*words.split(), form, "-o", "FILE"], ending
    for mine in ("work", "calendar"):
        yield [mine, "--ics", "FILE"], "ics"
        yield [mine, "--events", "--ics", "FILE"], "ics"
    for account in here.some("account"):
        yield ["timeline", account, "--csv", "-o", "FILE"], "csv"
        for kind in ("brief", "ebr"):
            for ending in ("md", "html", "pdf"):
                yield ["account", kind, account, "--draft", "-o", "FILE"], ending
    for group in ("playbook", "template"):
        for name in here.some(group, "name"):
            yield [group, "export", "-o", "FILE", "--", name], "txt"
    yield ["transition", "systems", "--csv", "-o", "FILE"], "csv"
