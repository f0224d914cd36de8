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
    "work": Name("lists", "List my open CTAs, and whatever else is my business"),
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
    "comment": Name("comment", "Comment on a CTA, tell colleagues, ask for a second opinion"),
    "mentions": Name("comment", "Where colleagues spoke to me"),
    "shadow": Name("comment", "Follow a colleague's CTA to its close"),
    "review": Name("comment", "Read how CTAs were closed"),
    "intervention": Name("intervention", "The work on accounts that answered, by stage"),
    "lease": Name("lease", "What is about to go back to its queue"),
    "calendar": Name("lease", "What is due of mine by day"),
    "account": Name("account", "List, show, make and change accounts"),
    "log": Name("timeline", "Log a call, a meeting, an e-mail with an account"),
    "timeline": Name("timeline", "What happened with an account"),
    "entry": Name("timeline", "Show, change or delete an entry of a timeline"),
    "promise": Name("timeline", "What was promised to customers, and whether it was kept"),
    "meeting": Name("timeline", "Meetings that are planned, and what became of them"),
    "draft": Name("timeline", "What I began to write and have not logged or sent"),
    "activity-type": Name("timeline", "Types of activity and their own fields"),
    "goal": Name("goal", "Success plans: what customers want to reach, by when"),
    "risk": Name("risk", "The risk register, and patterns across accounts"),
    "escalation": Name("escalation", "Matters owned elsewhere, and when the customer hears again"),
    "sentiment": Name("opinion", "How customers feel, as their CSMs say"),
    "person": Name("person", "List, make and change the people of an account"),
    "network": Name("network", "The value network: who belongs, how well it is met, whom to meet next"),
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
    "pod": Name("pod", "Seniors and a junior who own accounts together"),
    "away": Name("pod", "Who is away, and who covers"),
    "push": Name("pod", "Hand out a pool's queue to those who are here"),
    "capacity": Name("pod", "How full everybody's week is, in hours"),
    "policy": Name("policy", "What a segment may expect, and who has outgrown hers"),
    "engagement": Name("engagement", "Who was in touch and with whom: counts, and who had none"),
    "flow": Name("policy", "What came and went, how old it is, how long it waited"),
    "import": Name("exchange", "Read files of other systems into the store"),
    "export": Name("exchange", "Write a list to a file"),
    "backup": Name("care", "Copy the whole store into one file, while others work"),
    "restore": Name("care", "Put a backup in the place of the store"),
    "doctor": Name("care", "Every risk to the store that can be seen, and what to do"),
    "seal": Name("care", "Seal the journal; keep the seal elsewhere"),
    "archive": Name("care", "Move what old acts changed into a file of its own"),
    "db": Name("store", "Make or upgrade a store"),
    "config": Name("config", "This person's settings"),
    "query": Name("config", "What a query can ask: every field with its meaning"),
    "spec": Name("config", "Every command and option as JSON"),
}
