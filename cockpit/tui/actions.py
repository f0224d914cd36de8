"""Every act of the screens, once: from this list come bindings, footer, palette, help and docs/keys.md."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cockpit.tui.place import Place as Place  # screens know these from here
from cockpit.tui.place import WhyNot as WhyNot
from cockpit.tui.place import (
    _addable,
    _always,
    _beginning,
    _editable,
    _exportable,
    _leading_in,
    _mail,
    _on_account,
    _on_cta,
    _on_cta_or_plan,
    _on_entry,
    _on_figure,
    _on_intervention,
    _on_network,
    _on_one_cta,
    _on_person,
    _on_row,
    _on_step,
    _out,
    _startable,
    _started,
    _turns,
    _writing,
)

LISTS = ("queue", "work", "accounts")
CTAS = ("queue", "work", "account")
STEPPED = ("queue", "work", "accounts", "account")
ENGAGED = (*CTAS, "board")
PANED = ("account", "team", "board", "transitions", "leaver")
CUSTOMERS = ("queue", "work", "board", "accounts", "account", "network", "guided")
ALL = ("queue", "work", "board", "accounts", "account", "transitions", "guided", "leaver", "network", "person", "team", "outbox", "inbox")
WRITTEN_TO = ("queue", "work", "board", "accounts", "account")
SCREENS = {
    "queue": "Queue", "work": "My work", "board": "Interventions", "accounts": "Accounts", "account": "Account",
    "transitions": "Transitions", "guided": "Hand-over", "leaver": "Leaver", "network": "Network", "person": "Person", "team": "Team",
    "outbox": "Outbox", "inbox": "Inbox",
}  # fmt: skip



@dataclass(frozen=True, slots=True)
class Action:
    """One thing a person can do by a key."""

    name: str
    key: str
    """Keys by the name people write, comma between: ``c``, ``ctrl+r``, ``?``."""
    label: str
    help: str
    group: str
    on: Sequence[str] = ALL
    footer: int = 0
    """Place in the footer, 0 for none; small numbers stay when it is narrow."""
    why_not: WhyNot = _always
    """The sentence that says why the key does nothing here, or None."""


ACTIONS: tuple[Action, ...] = (
    # What changes data
    Action("claim", "c", "claim", "Take the CTA (or all marked); whoever was first keeps it.", "Act", CTAS, 1, _on_cta),
    Action("next", "n", "next best", "Take the best CTA among those the filter matches.", "Act", ("queue", "work"), 2, _writing),
    Action("log", "l", "log", "Log a call, meeting or note with its attendees.", "Act", CUSTOMERS, 4, _on_account),
    Action("snooze", "z", "snooze", "Hide until a day or a condition, with a reason.", "Act", CTAS, 3, _on_cta),
    Action("close", "x", "close", "Close with an outcome; end a goal, a risk, an escalation.", "Act", CTAS, 5, _on_cta_or_plan),
    Action("release", "r", "release", "Give back to the pool with a note.", "Act", ("work", "account"), 6, _on_cta),
    Action("due", "d", "due", "Move the due date, open tasks with it; say what is new of an escalation.", "Act", CTAS, 12,
           _on_cta_or_plan),
    Action("reopen", "o", "reopen", "Open a closed CTA (or a line of the plan) again; its history stays.", "Act", ("account",), 0,
           _on_cta_or_plan),
    Action("assign", "O", "assign", "Give the CTA (or all marked) to somebody; who is away or full is said.", "Act", CTAS, 0, _on_cta),
    Action("claim_anyway", "C", "claim anyway", "Take the CTA though a colleague is at work on its account.", "Act", CTAS, 0, _on_cta),
    Action("claim_account", "A", "all of it", "Take the account's other unassigned CTAs too.", "Act", CTAS, 0, _writing),
    Action("comment", "m", "comment", "Comment: @login tells a colleague, or asks for an opinion.", "Act", ENGAGED, 13, _on_one_cta),
    Action("shadow", "S", "follow", "Follow a colleague's CTA to its close, or stop following it.", "Act", ENGAGED, 0, _on_one_cta),
    Action("repeat", "R", "repeat", "Have the CTA come again at an interval after it is closed.", "Act", CTAS, 0, _on_cta),
    Action("link", "L", "link", "Link people, an entry or an opportunity to the CTA, or unlink them.", "Act", CTAS, 0, _on_cta),
    Action("intervene", "I", "intervention", "Start an intervention, or edit the one that runs.", "Act", CTAS, 0, _on_intervention),
    Action("stage", ">", "stage on", "Take the intervention to its next stage.", "Act", ENGAGED, 10, _on_intervention),
    Action("give_up", "<", "end it", "End the intervention (no response, lost) or put it back.", "Act", ENGAGED, 0, _on_intervention),
    Action("member", "n", "network", "Put the person (or all marked) into the value network, or take them out.", "Act", ("account",), 2,
           _on_person),
    Action("role", "N", "role", "Give the person the next role in the network: none, generator, driver.", "Act", ("account",), 3,
           _on_person),
    Action("gone", "-", "left", "Say that the person left, or does something else now: event and CTA follow.", "Act",
           ("account", "person"), 6, _on_person),
    Action("merge", "=", "merge", "Merge with another account or person that is the same; undo takes them apart.", "Act",
           ("accounts", "account", "person"), 0, _on_account),
    Action("add", "a", "add", "Add what the place is about: a CTA, an account, a person, an entry, a pool.", "Act",
           ("queue", "work", "accounts", "account", "transitions", "team"), 10, _addable),
    Action("playbook", "K", "playbook", "Start a playbook on the CTA or account.", "Act", (*STEPPED, "team"), 0, _startable),
    Action("edit", "i", "edit", "Edit what is under the cursor.", "Act", ALL, 11, _editable),
    Action("away", "w", "away", "Say who is away, until when, and who covers.", "Act", ("work", "team"), 15, _writing),
    Action("back_again", "B", "back", "Say that somebody is back, or not going after all.", "Act", ("team",), 16, _writing),
    Action("hand_out", "h", "hand out", "Hand out the pool's queue to those who are here and have room.", "Act", ("team",), 12,
           _leading_in("A queue is handed out from Pools", "pools")),
    Action("join", "+", "join", "Put somebody into the pool or pod.", "Act", ("team",), 13,
           _leading_in("One joins in Pools or Pods", "pools", "pods")),
    Action("leave", "-", "take out", "Take somebody out of the pool or pod; a text, a type or a reason out of use.", "Act", ("team",),
           14, _out),
    Action("give", "H", "give accounts", "Give accounts to the pod: they are its patch from then on.", "Act", ("team",), 19,
           _leading_in("Accounts are given in Pods", "pods")),
    Action("accept", "A", "accept", "Accept for the incoming side: everything moves as decided, at once.", "Act", ("guided",), 1, _started),
    Action("send_back", "S", "send back", "Send it back to the outgoing side with reasons.", "Act", ("guided",), 2, _started),
    Action("waive", "W", "waive", "Let the required step go, with a reason (managers).", "Act", ("guided",), 5, _on_step),
    Action("call_off", "X", "call off", "Call the hand-over off, with a reason.", "Act", ("guided",), 13, _started),
    Action("begin_leave", "S", "start all", "Start every hand-over of the leave in one act, as it stands.", "Act", ("leaver",), 1,
           _beginning),
    Action("question", "Q", "ask", "Ask the other side something.", "Act", ("guided",), 6, _writing),
    Action("letter", "W", "write", "Write a letter to the customer, or an outreach to all marked.", "Act", WRITTEN_TO, 14, _on_account),
    Action("keep", ".", "kept/held", "Say that a promise was kept, or a planned meeting held.", "Act", ("account",), 13, _on_entry),
    Action("bring_in", "ctrl+o", "bring in", "Read mail (.eml) or meetings (.ics) from a file.", "Act", ALL, 0, _writing),
    Action("mail_again", "r", "send again", "Send a mail again that failed or did not arrive.", "Act", ("outbox",), 1,
           _mail("failed", "unsure", "cancelled")),
    Action("mail_back", "x", "call back", "Call a mail back that has not gone.", "Act", ("outbox",), 2,
           _mail("queued", "failed", "unsure")),
    Action("mail_arrived", "v", "it arrived", "Say that a mail nobody was sure of has arrived.", "Act", ("outbox",), 3, _mail("unsure")),
    Action("send_now", "s", "send now", "Send what waits in the outbox and may go.", "Act", ("outbox",), 4, _writing),
    Action("file_mail", "l", "whose it is", "Say whose a stranger's mail is: it goes on that customer's timeline.", "Act", ("inbox",), 1,
           _mail()),
    Action("drop_mail", "x", "throw away", "Throw a stranger's mail away.", "Act", ("inbox",), 2, _mail()),
    Action("undo", "u", "undo", "Take back your last act.", "Act", ALL, 9, _writing),
    Action("redo", "ctrl+r", "redo", "Do again what you took back.", "Act", ALL, 0, _writing),
    # What shows something
    Action("open", "enter", "open account", "Open the account (or the row) under the cursor.", "See", ALL, 7, _on_row),
    Action("why", "e", "why", "Show the sum behind the score; of health what moved it, of a network who counts.", "See",
           (*CTAS, "network", "transitions"), 8, _on_figure),
    Action("steps", "T", "steps", "The steps of its playbooks: what each waits for; enter opens it, d ticks it.", "See", STEPPED, 9),
    Action("my_tasks", "ctrl+t", "my tasks", "All your open tasks, what is due first; enter opens what a task is about.", "See", STEPPED),
    Action("leaver", "W", "leaver", "Somebody leaves: her whole book, proposed and started; or how a leave goes by day.", "See",
           ("transitions", "team"), 13),
    Action("mentions", "M", "mentions", "What colleagues said to you; enter opens it and marks it seen.", "See", ALL),
    Action("board", "b", "board", "Show my work as a board of interventions by stage, or as a list again.", "See", ("work", "board"), 2),
    Action("promises", "U", "promises", "What was promised to customers; enter says it was kept.", "See", ALL),
    Action("account", "a", "account", "Open the account of the mail.", "See", ("outbox",), 5, _on_row),
    Action("calendar", "D", "calendar", "What is due of yours: a month or a week to move in; enter opens.", "See", ("work", "board")),
    Action("ics", "ctrl+e", "calendar file", "Write what is due of yours to an .ics file for your calendar.", "See", ("work", "board")),
    Action("turn", "t", "turn", "Turn: flow, touch or networks by another group, the board mine or all, Support by kind, people as a map.",
           "See", ("board", "team", "account", "network"), 8, _turns),
    Action("family", "f", "family", "Count what relationships have too, or the account alone.", "See", ("account",)),
    Action("relatives", "F", "relationships", "Open the account above, or one of the relationships below.", "See", ("account",)),
    Action("brief", "B", "brief", "The handoff brief: read it, write a section, sign it.", "See", ("guided",), 3),
    Action("whole", "e", "whole", "Everything of the hand-over in one sheet.", "See", ("guided",), 12),
    Action("swap", "tab", "list/preview", "Between list and account beside it, bars and list, or the two sides of a hand-over.", "See",
           (*LISTS, "network", "guided")),
    Action("pane_next", "]", "next pane", "Go to the next pane, section or stage.", "See", PANED, 14),
    Action("pane_previous", "[", "previous pane", "Go to the one before.", "See", PANED, 15),
    Action("pane", "p", "pane", "Go to a pane or section by its letter: p, then the letter.", "See",
           ("account", "team", "transitions", "leaver"), 12),
    Action("meet", "w", "whom to meet", "The fewest meetings that reach the account's coverage goal.", "See",
           ("account", "network"), 9, _on_network),
    Action("copy", "y", "copy", "Copy the row (or all marked) as text with tabs.", "See", ALL, 0, _on_row),
    Action("copy_markdown", "Y", "copy as Markdown", "Copy the row (or all marked) as a Markdown table.", "See", ALL, 0, _on_row),
    Action("export", "E", "export", "Write what the filter shows to a CSV file; in Documents, one as Markdown, HTML, PDF.", "See",
           (*LISTS, "account"), 0, _exportable),
    # Which rows
    Action("filter", "/", "filter", "Filter as you type; tab completes, enter keeps, esc clears.", "Find", LISTS, 3),
    Action("search", "/", "search", "Look for words in the timeline.", "Find", ("account",), 0),
    Action("clear", "escape", "clear", "Clear the marks, then the filter; leave a place that has neither.", "Find", ALL),
    Action("sort", "s", "sort", "Sort by the next column.", "Find", LISTS, 15),
    Action("views", "v", "views", "Open a saved view.", "Find", LISTS, 16),
    Action("save_view", "V", "save view", "Save filter and sort under a name.", "Find", LISTS, 0, _writing),
    Action("pool", "P", "pool", "Show another pool, or all of them.", "Find", ("queue",)),
    Action("mark", "space", "mark", "Mark the row; acts then apply to all marked.", "Find", (*LISTS, "account"), 14, _on_row),
    Action("mark_all", "*", "mark all", "Mark every row the filter matches now.", "Find", LISTS, 0, _on_row),
    # Where to
    Action("queue", "1", "Queue", "Go to the queue: what to take next.", "Go"),
    Action("work", "2", "My work", "Go to your own work: promised, due, quiet.", "Go"),
    Action("accounts", "3", "Accounts", "Go to the accounts.", "Go"),
    Action("transitions", "4", "Transitions", "Go to what changes hands: outgoing, incoming, the board.", "Go"),
    Action("network", "5", "Network", "Go to the value networks: how they are, where accounts hang on one person.", "Go"),
    Action("team", "7", "Team", "Go to the team: pools, pods, who is away, hours, flow, policies, reviews, library, settings.", "Go"),
    Action("palette", "ctrl+p,:", "find", "Find any act, screen, view or account by name.", "Go", ALL, 18),
    Action("help", "?", "keys", "Show every key.", "Go", ALL, 17),
    Action("back", "q", "back", "Go back; from a first screen, leave Cockpit.", "Go", ALL),
    Action("viewed", "", "what I looked at", "List the accounts you looked at: only you see the list, managers see counts.", "See"),
    Action("outbox", "8", "Outbox", "Mail that waits, went, failed, or has to be decided on.", "Go"),
    Action("inbox", "9", "Inbox", "Mail from people nobody here knows: say whose it is, or throw it away.", "Go"),
    Action("theme", "", "theme", "Choose the colours.", "Go"),
    Action("quit", "ctrl+q", "quit", "Leave Cockpit.", "Go"),
)

MOVES: tuple[Action, ...] = (
    Action("down", "j,down", "down", "One row down.", "Move"),
    Action("up", "k,up", "up", "One row up.", "Move"),
    Action("first", "g,home", "first", "To the first row.", "Move"),
    Action("last", "G,end", "last", "To the last row.", "Move"),
    Action("half_down", "ctrl+d", "half a page down", "Half a page down.", "Move"),
    Action("half_up", "ctrl+u", "half a page up", "Half a page up.", "Move"),
    Action("page_down", "pagedown,ctrl+f", "page down", "One page down.", "Move"),
    Action("page_up", "pageup,ctrl+b", "page up", "One page up.", "Move"),
)

EVERY = (*ACTIONS, *MOVES)
GROUPS = ("Act", "See", "Find", "Go", "Move")
GROUP_TITLES = {"Act": "Acts (each is one undo)", "See": "See", "Find": "Which rows", "Go": "Where to", "Move": "Move"}

_TEXTUAL = {
    "?": "question_mark", "/": "slash", "*": "asterisk", ":": "colon", "[": "left_square_bracket",
    "]": "right_square_bracket", "-": "minus", "+": "plus", ".": "full_stop", "esc": "escape", "<": "less_than_sign",
    ">": "greater_than_sign", "!": "exclamation_mark", "#": "number_sign", "=": "equals_sign", ";": "semicolon",
}  # fmt: skip
_SHOWN = {
    "enter": "⏎", "escape": "esc", "pagedown": "page down", "pageup": "page up",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys in force, by action, and what was wrong with the wishes of the config file."""

    by_action: Mapping[str, tuple[str, ...]]
    problems: tuple[str, ...] = ()

    def shown(self, name: str) -> str:
        """The first key of an action as the footer writes it; empty when it has none."""
        keys = self.by_action.get(name, ())
        return show_key(keys[0]) if keys else ""

    def moves(self) -> dict[str, str]:
        """Textual key to movement, for lists."""
        return {textual_key(key): move.name for move in MOVES for key in self.by_action[move.name]}

    def bindings(self, screen: str) -> list[tuple[str, Action]]:
        """Textual key and action of everything that works on a screen, movement aside."""
        return [(textual_key(key), a) for a in on_screen(screen) for key in self.by_action[a.name]]


def on_screen(screen: str) -> list[Action]:
    """The actions of a screen, movement aside."""
    return [action for action in ACTIONS if screen in action.on]


def find(name: str) -> Action:
    """The action of that name."""
    return next(action for action in EVERY if action.name == name)


def textual_key(key: str) -> str:
    """The name Textual gives a key that people write."""
    head, plus, last = key.rpartition("+")
    return f"{head}{plus}{_TEXTUAL.get(last or key, last or key)}" if key != "+" else "plus"


def show_key(key: str) -> str:
    """A key as it is printed."""
    return _SHOWN.get(key, key)


def resolve(wishes: Mapping[str, str] | None = None) -> Keys:
    """The keys in force when ``[keys]`` of the config file says ``wishes``; clashes and unknown names are told."""
    keys = {action.name: _split(action.key) for action in EVERY}
    problems = []
    for name, wish in (wishes or {}).items():
        if name in keys:
            keys[name] = _split(wish)
        else:
            from difflib import get_close_matches

            near = get_close_matches(name, keys, n=1)
            problems.append(f"[keys] {name}: there is no such act" + (f"; did you mean {near[0]}?" if near else "."))
    problems += _clashes(keys)
    return Keys(keys, tuple(problems))


def _split(spec: str) -> tuple[str, ...]:
    return tuple(key.strip() for key in spec.split(",") if key.strip()) if spec != "," else (",",)


def _clashes(keys: Mapping[str, tuple[str, ...]]) -> Iterable[str]:
    told = set()
    for screen in ALL:
        owner: dict[str, str] = {}
        for action in (*on_screen(screen), *MOVES):
            for key in keys[action.name]:
                other = owner.setdefault(key, action.name)
                if other != action.name and (key, other, action.name) not in told:
                    told.add((key, other, action.name))
                    yield f"{show_key(key)} is bound to both {other} and {action.name}; {other} has it."


def keys_page(keys: Keys | None = None) -> str:
    """docs/keys.md: every key, by what it is for."""
    keys = keys or resolve()
    lines = [
        "# Keys",
        "",
        "Written from the action list (`cockpit/tui/actions.py`); `?` shows the same in the program.",
        'Any key can be changed in the config file: `[keys]`, then `claim = "c"`. Names are in the last column.',
    ]
    for group in GROUPS:
        lines += ["", f"## {GROUP_TITLES[group]}", "", "| key | does | where | name |", "|---|---|---|---|"]
        for action in EVERY:
            if action.group == group:
                where = "everywhere" if tuple(action.on) == ALL else ", ".join(SCREENS[s] for s in action.on)
                pressed = " ".join(f"`{show_key(k)}`" for k in keys.by_action[action.name]) or "palette"
                lines.append(f"| {pressed} | {action.help} | {where} | {action.name} |")
    return "\n".join(lines) + "\n"
