"""What is in full swing when a demo opens: who holds what since when, and what she has done on it so far.

Days are business days back from the clock, so that the same part can be played on any day of any year.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from cockpit.services.demo.kinds import MID, SMALL, TAIL, Segment
from db.terms import Outcome, Stage

OPENER, ABSENT = "*", "-"
"""Stand for the login that builds the demo, and for who is away."""
REACHED, ENGAGED, ON_PLAN, ON_TRACK = "reached_at", "engaged_at", "on_plan_at", "on_track_at"


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of the timeline, ``ago`` business days back; ``mark``: the stage it moved the intervention to."""

    ago: int
    type: str
    subject: str
    body: str
    mark: str | None = None
    next_step: str | None = None
    people: int = 1


@dataclass(frozen=True, slots=True)
class Part:
    """An account with something to try on it. The first of its CTAs is ``who``'s, the others wait in the queue."""

    key: str
    pool: str
    kinds: tuple[str, ...]
    who: str | None = None
    claimed: int = 0
    touched: int = 0
    lease: int | None = None
    """So many business days are left of its lease, today included."""
    due: int | None = None
    """Business days from today."""
    segment: Segment = SMALL
    is_pod: bool = False
    is_good: bool = False
    stage: Stage | None = None
    steps: tuple[Step, ...] = ()
    plan: str | None = None
    criterion: str | None = None
    health: tuple[int, int] | None = None
    """Four weeks ago and today."""
    title: str | None = None
    repeats: str | None = None
    wake: str | None = None
    reason: str | None = None
    """Why it is snoozed."""
    returned: str | None = None
    """Login of who let its lease run out."""


_DROP = "usage_drop:<10%"
PARTS: tuple[Part, ...] = (
    Part(
        "engaged", "West", ("usage", "undated"), OPENER, 9, due=20, stage=Stage.ENGAGED,
        steps=(
            Step(8, "outreach", "Log-ins have fallen: may I call?", "Wrote to {person} with the figures of eight weeks.", REACHED),
            Step(7, "call", "Left a message", "Voicemail; asked for ten minutes this week.", people=0),
            Step(5, "meeting", "What changed on the shop floor",
                 "{person} says the new shift plan has no time for it. They want two reports fewer and a short training.", ENGAGED),
            Step(1, "call", "Follow-up call", "{person} names who takes part. Next: write the plan.", next_step="Send the plan to agree"),
        ),
    ),
    Part("lease", "East", ("renewal",), OPENER, 8, lease=1),
    Part(
        "reached", "West", ("detractor",), "ana", 4, due=6, stage=Stage.REACHED_OUT,
        steps=(
            Step(3, "outreach", "Thank you for the honest score", "Answered {person} in person, no template.", REACHED),
            Step(1, "email", "A time to talk", "Offered {person} two times this week."),
        ),
    ),
    Part(
        "plan", "West", ("health",), "chi", 23, due=12, segment=MID, is_pod=True, stage=Stage.ON_PLAN, criterion="health:>=65",
        plan="1. Three reports rebuilt with their planners\n2. Training for the early shift\n3. Sponsor meets us monthly until it holds",
        steps=(
            Step(22, "outreach", "Your score fell: what we see", "Sent {person} the one page of figures.", REACHED),
            Step(19, "call", "Call: what went wrong", "{person} names two causes: late reports, a new team without training.", ENGAGED),
            Step(17, "update", "Plan agreed", "Three goals with dates, sent and confirmed.", ON_PLAN, people=0),
            Step(8, "meeting", "First report rebuilt together", "{person} uses it daily now. Training is booked."),
            Step(1, "email", "Dates for the training", "Sent {person} the link and who is expected.", next_step="Hold the training"),
        ),
    ),
    Part("covered", "West", ("health",), ABSENT, 5, 3, due=2),
    Part(
        "track", "East", ("detractor",), "eve", 31, due=8, stage=Stage.ON_TRACK, criterion="health:>=60 tickets_p1_open:0", health=(51, 68),
        plan="1. Export fixed by support\n2. Weekly call until the detractor is content\n3. Two more key users trained",
        steps=(
            Step(30, "outreach", "Sorry about the waiting", "Answered {person} the day after the survey.", REACHED),
            Step(27, "call", "Call: root cause", "{person} lost half a day to the export, three times.", ENGAGED),
            Step(25, "update", "Plan agreed with support", "Fix promised for the next release; weekly call.", ON_PLAN, people=0),
            Step(12, "meeting", "Two key users trained", "{person} and a colleague do it alone now."),
            Step(1, "call", "Weekly call: all well", "{person} is content; score would be an eight today.", ON_TRACK),
        ),
    ),
    Part("lease chi", "West", ("small",), "chi", 8, lease=1),
    Part(
        "silent", "East", ("payment",), "gus", 15, due=-1, stage=Stage.REACHED_OUT,
        steps=(
            Step(14, "outreach", "An invoice is open", "Asked {person} whether something is wrong with it.", REACHED),
            Step(8, "call", "No answer by phone", "Rang twice, left a message.", people=0),
            Step(3, "email", "Third try", "Wrote to {person} and to accounts payable."),
        ),
    ),
    Part("shown", "Europe", ("news",), "ida", 7, lease=2, segment=MID),
    Part("claimed", "Europe", ("usage",), "jon", 1, stage=Stage.CLAIMED),
    Part("lease pam", "East", ("payment",), "pam", 8, lease=1),
    Part(
        "late", "East", ("usage",), "hal", 38, due=5, stage=Stage.ON_PLAN, criterion=_DROP,
        plan="1. Admin handed over to the successor\n2. Old users removed, new ones invited\n3. Log-ins back to the level of spring",
        steps=(
            Step(37, "outreach", "Half your users are gone", "Sent {person} the list of who no longer logs in.", REACHED),
            Step(36, "call", "Call: the admin left", "{person} inherited it without a hand-over.", ENGAGED),
            Step(33, "update", "Plan agreed", "Three goals, eight weeks.", ON_PLAN, people=0),
            Step(20, "meeting", "Working session with the new admin", "{person} invited forty users."),
            Step(9, "email", "Where we stand", "Half of the invited have logged in."),
            Step(1, "call", "Short call on usage", "{person} asks for two more weeks.", next_step="Decide: hand over or give up"),
        ),
    ),
    Part("repeats", "default", ("asked",), OPENER, 2, 1, due=3, segment=TAIL, title="Quarterly review", repeats="3m"),
    Part("covered too", "West", ("bounced",), ABSENT, 6, 4, due=4),
    Part("wakes", "default", ("usage",), "lou", 4, 3, segment=TAIL, wake=_DROP, reason="Wait until log-ins are back"),
    Part("several", "West", ("small", "bounced", "undated")),
    Part("patch west", "West", ("coverage",), segment=MID, is_pod=True),
    Part("patch europe", "Europe", ("promoter",), segment=MID, is_pod=True, is_good=True),
    Part("back", "East", ("small",), returned="gus", claimed=8),
    Part("tactical west", "West", ("passive",), segment=MID, is_pod=True, is_good=True),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Past:
    """An intervention that has ended, on the last of its steps."""

    key: str
    kind: str
    title: str
    claimed: int
    end: Stage
    outcome: Outcome
    steps: tuple[Step, ...]
    plan: str | None = None
    criterion: str | None = None
    note: str | None = None
    """To Support."""
    articles: tuple[str, ...] = ()
    reason: str | None = None
    close_note: str = ""
    nps: tuple[int, int] | None = None
    """What the same person answered before and after."""


_KB = "https://help.cockpit.example/articles"
_NOTE = "Knows alerts and exports. First contact is {person}; prefers mail before ten. Nothing is promised."
PASTS: tuple[Past, ...] = (
    Past(
        "renewed", "detractor", "NPS detractor (4)", 62, Stage.SELF_SERVICE, Outcome.SUCCESS, nps=(4, 9), criterion="health:>=60",
        plan="1. Alerts instead of daily reports\n2. Support answers within a day\n3. Review before the renewal",
        note=_NOTE, articles=(f"{_KB}/alerts", f"{_KB}/exports"), close_note="On track for a month; Support knows.",
        steps=(
            Step(61, "outreach", "Thank you for the honest score", "Answered {person} in person.", REACHED),
            Step(58, "call", "Call: root cause", "{person} gets forty mails a day and reads none.", ENGAGED),
            Step(55, "update", "Plan agreed", "Three goals with dates.", ON_PLAN, people=0),
            Step(46, "meeting", "Alerts set up together", "{person} switched the mails off."),
            Step(36, "call", "Score again?", "{person} would give a nine.", ON_TRACK),
            Step(28, "milestone", "Handed to self-service", "For Support: {note}\n{articles}", people=0),
        ),
    ),
    Past(
        "upsold", "health", "Health fell 71 → 49", 58, Stage.SELF_SERVICE, Outcome.SUCCESS, criterion="health:>=65",
        plan="1. Sync repaired\n2. Connect tried in one plant\n3. Owner named for each plant",
        note=_NOTE, articles=(f"{_KB}/sync-with-erp", f"{_KB}/connect-first-steps"), close_note="Runs by itself; Support has the note.",
        steps=(
            Step(57, "outreach", "What we see in your figures", "Sent {person} the one page.", REACHED),
            Step(54, "meeting", "What they need", "{person} wants the ERP connected; the sync fails at night.", ENGAGED),
            Step(52, "update", "Plan agreed", "Three goals with dates.", ON_PLAN, people=0),
            Step(40, "meeting", "Connect tried in one plant", "{person} saves an hour a day."),
            Step(33, "call", "All goals reached", "{person} asks for a price for all plants.", ON_TRACK),
            Step(30, "milestone", "Handed to self-service", "For Support: {note}\n{articles}", people=0),
        ),
    ),
    Past(
        "unanswered", "health", "Health fell 66 → 47", 40, Stage.NO_RESPONSE, Outcome.NO_ACTION, close_note="No answer after three tries.",
        steps=(
            Step(39, "outreach", "What we see in your figures", "Sent {person} the one page.", REACHED),
            Step(33, "call", "No answer by phone", "Left a message.", people=0),
            Step(28, "email", "Third try", "Wrote to {person} and offered a short training."),
            Step(25, "update", "Nobody answers", "Ended; the rules will tell us.", people=0),
        ),
    ),
    Past(
        "lost", "health", "Health fell 58 → 36", 70, Stage.LOST, Outcome.UNSUCCESSFUL, close_note="Lost to their parent's own system.",
        reason="Their parent company runs another system and decided for all plants",
        plan="1. Sponsor's goals written down\n2. Comparison with the parent's system", criterion="health:>=60",
        steps=(
            Step(69, "outreach", "May we talk about the renewal?", "Wrote to {person} and the sponsor.", REACHED),
            Step(66, "call", "Call: under review", "{person} says the parent company compares systems.", ENGAGED),
            Step(63, "update", "Plan agreed", "Two goals before the decision.", ON_PLAN, people=0),
            Step(50, "meeting", "Decision", "{person} regrets: the parent decided for all plants.", people=1),
        ),
    ),
)  # fmt: skip
"""The last of them is of a customer that is gone."""


@cache
def chosen(ctas: int, claimed: int) -> tuple[Part, ...]:
    """The parts a demo of this size plays: the first, until they would hold more than is claimed or half of all CTAs."""
    used: list[Part] = []
    for part in PARTS:
        taken = [*used, part]
        if sum(len(one.kinds) for one in taken) * 2 > ctas or sum(one.who is not None for one in taken) > claimed:
            break
        used = taken
    return tuple(used)


@cache
def claims(ctas: int, claimed: int) -> int:
    """How many of them somebody has claimed."""
    return sum(part.who is not None for part in chosen(ctas, claimed))
