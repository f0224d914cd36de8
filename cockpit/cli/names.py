"""Every command: where it lives and what it does in one line (`--help`, docs and completion read this)."""

from __future__ import annotations

from typing import NamedTuple


class Name(NamedTuple):
    """A command's module and its line of help."""

    module: str
    help: str


COMMANDS: dict[str, Name] = {
    "demo": Name("demo", "Build a demo company in a store of its own and open it"),
    "queue": Name("lists", "List the unassigned CTAs, best first"),
    "work": Name("lists", "List my open CTAs and those with a task of mine"),
    "next": Name("queue", "Take the best CTA of my pools"),
    "claim": Name("queue", "Take these CTAs"),
    "release": Name("queue", "Give CTAs back with a note"),
    "assign": Name("queue", "Give CTAs to somebody"),
    "snooze": Name("queue", "Put CTAs off until a day or a condition"),
    "wake": Name("queue", "End a snooze"),
    "close": Name("queue", "Close CTAs with an outcome"),
    "reopen": Name("queue", "Open closed CTAs again"),
    "cta": Name("cta", "List, show, make and change CTAs"),
    "task": Name("cta", "Do, skip or reopen the tasks of a CTA"),
    "account": Name("account", "List, show, make and change accounts"),
    "log": Name("account", "Log a call, a meeting, an e-mail with an account"),
    "timeline": Name("account", "What happened with an account"),
    "person": Name("person", "List, make and change the people of an account"),
    "view": Name("view", "Saved views"),
    "undo": Name("journal", "Take back my last act, or one by number"),
    "redo": Name("journal", "Do again what was taken back"),
    "acts": Name("journal", "Who did what, newest first"),
    "history": Name("journal", "What changed of one thing, field by field"),
    "verify": Name("journal", "Check that nobody tampered with the journal"),
    "tick": Name("journal", "Do what fell due (every command and the screens do it too)"),
    "csm": Name("team", "Who works here"),
    "pool": Name("team", "Queues and their policies"),
    "segment": Name("team", "Slices of the accounts"),
    "import": Name("exchange", "Read files of other systems into the store"),
    "export": Name("exchange", "Write a list to a file"),
    "db": Name("store", "Make or upgrade a store"),
    "config": Name("config", "This person's settings"),
    "query": Name("config", "What a query can ask: every field with its meaning"),
    "spec": Name("config", "Every command and option as JSON"),
}
