"""The sections of the Team screen: what each is called, what it reads, what its empty list says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.containers import Container

from cockpit.domain.say import day
from cockpit.services.errors import Forbidden
from cockpit.tui.render import team as render
from cockpit.tui.render import team_more as more
from cockpit.tui.render.library import LIBRARY
from cockpit.tui.render.line import Line
from cockpit.tui.render.playbooks import PLAYBOOKS
from cockpit.tui.render.settings import SETTINGS
from cockpit.tui.render.team import Entry, Head
from cockpit.tui.render.team_health import HEALTH
from cockpit.tui.sources import FixedSource
from cockpit.tui.theme import Palette
from cockpit.tui.widgets.lines import LinesView
from cockpit.tui.widgets.row_list import RowList

if TYPE_CHECKING:
    from cockpit.desk import Desk
    from cockpit.tui.screens.team import TeamScreen

FLOW_BY = ("pool", "lane", "csm")
HEALTH_BY = ("segment", "owner", "pool")
RETURNING_WITHIN = 2
"""Business days."""
PROPOSALS = 50
TOUCHED = 200
"""Accounts in Touch."""
SAMPLE = 5
"""Closes of each CSM."""


@dataclass(slots=True)
class Turns:
    """What keys turn: by what the flow is, which draw of closes, whose touch."""

    by: str = "pool"
    seed: int = 0
    touch: str = "csm"
    health: str = "segment"


@dataclass(frozen=True, slots=True)
class Read:
    """What a section shows: its rows, and a line below them on what the figures are."""

    rows: Sequence[Entry]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Spec:
    """A section."""

    name: str
    letter: str
    title: str
    heads: Sequence[Head]
    read: Callable[[Desk, Turns], Read]
    """Runs in a worker thread; as many statements whatever there is."""
    empty: Sequence[str]
    things: frozenset[str]
    """Tables whose changes are news here."""


def _pools(desk: Desk, turns: Turns) -> Read:
    from cockpit.services import lane, presence, team

    here = frozenset(one.login for one in presence.present(desk))
    rows = render.pools(team.pools(desk), lane.pool_members(desk), here)
    keys = "enter shows a pool's queue, i edits it, h hands it out, + and - say who works it."
    return Read(rows, f"Limits are per person; ● at the limit. {keys}")


def _hours(desk: Desk, turns: Turns) -> Read:
    from cockpit.services.capacity import capacity

    rows = render.hours(capacity(desk), desk.today())
    bars = "█ book of accounts, ▒ open CTAs, · free, ▶ overfull"
    return Read(rows, f"Hours a week: {bars}. (n?) accounts without a weight. i says the hours.")


def _away(desk: Desk, turns: Turns) -> Read:
    from cockpit.services.away import absences

    note = "While away: nothing is handed to her, her leases stand, her cover sees what falls due."
    return Read(render.away(absences(desk), desk.today()), note)


def _pods(desk: Desk, turns: Turns) -> Read:
    from cockpit.services import pod, team

    names = {row.login: row.name for row in team.csms(desk)}
    return Read(render.pods(pod.pods(desk), names), "enter lists a pod's accounts, + and - say who is in it, H gives it accounts.")


def _returning(desk: Desk, turns: Turns) -> Read:
    from cockpit.services.lease import leases

    note = f"Claims nobody touched, back to the queue within {RETURNING_WITHIN} business days."
    return Read(render.returning(leases(desk, RETURNING_WITHIN), desk.today()), note)


def _flow(desk: Desk, turns: Turns) -> Read:
    from cockpit.services.flow import flow

    today = desk.today()
    found = flow(desk, turns.by)
    span = f"{day(found.first, today)} to {day(found.last, today)}"
    words = "Age: of what is open now; wait: until the first claim, of so many; by nearest rank."
    by = "CSM" if turns.by == "csm" else turns.by
    return Read(render.flow(found.rows, found.total, found.by), f"By {by}, {span}. t turns it. {words}")


def _policies(desk: Desk, turns: Turns) -> Read:
    from cockpit.services import policy

    moves = policy.proposals(desk, PROPOSALS)
    unknown = f" {moves.unknown} could not be compared." if moves.unknown else ""
    note = f"What a segment may expect; {len(moves.rows)} accounts have outgrown theirs (→).{unknown} i edits, – is not agreed."
    return Read(render.policies(policy.policies(desk), moves.currency, moves.rows), note)


def _reviews(desk: Desk, turns: Turns) -> Read:
    from cockpit.services import review

    told = render.reviews(review.reviews(desk))
    try:
        drawn = render.closes(review.sample(desk, n=SAMPLE, seed=turns.seed))
    except Forbidden as why:
        return Read(told, f"{why} Here is what was said of yours.")
    keys = "enter reads one, i says what you think, a draws others."
    note = f"{SAMPLE} closes of each, drawn by chance from {review.PERIOD_DAYS} days: {keys}"
    return Read([*drawn, *told], note)


def _risks(desk: Desk, turns: Turns) -> Read:
    from cockpit.services import success

    today = desk.today()
    calls = success.renewal_calls(desk, apart_only=True)
    rows = more.risks(success.patterns(desk), success.escalations(desk), calls, today)
    return Read(rows, "! by the next update, ▲ open risks by kind and department, ≠ renewal calls apart from the signal. enter opens.")


def _touch(desk: Desk, turns: Turns) -> Read:
    from cockpit.services.engagement import PERIOD, engagement

    found = engagement(desk, turns.touch, where="-is:churned" if turns.touch == "account" else "", limit=TOUCHED)
    whose = "by CSM" if turns.touch == "csm" else f"by account, the first {TOUCHED} with the fewest"
    note = f"Timeline entries of the last {PERIOD} days, {whose}; ✗ had none. t turns it: CSMs or accounts."
    return Read(more.touch(found, turns.touch, desk.today(), desk.me.time_zone), note)


def _playbooks(desk: Desk, turns: Turns) -> Read:
    from cockpit.services.adherence import adherence
    from cockpit.services.playbook import list_playbooks
    from cockpit.tui.render import playbooks as drawn

    kept = adherence(desk)
    n = sum(one.n for one in kept if one.csm is None and one.csm_name is None)
    return Read(drawn.playbooks(list_playbooks(desk, every=True), kept), drawn.note(n))


def _library(desk: Desk, turns: Turns) -> Read:
    from cockpit.services import article, scorecard, template
    from cockpit.tui.render.library import library

    texts = {(row.name, row.language): row for row in reversed(template.templates(desk, every=True))}
    cards = {row.name: row for row in sorted(scorecard.scorecards(desk), key=lambda row: (row.in_force, row.version))}
    rows = library(reversed(texts.values()), article.articles(desk, every=True), cards.values(), desk.today())
    keys = "enter reads one, a adds, i edits, - takes it out of use."
    return Read(rows, f"What is written to customers, what they are sent to read, what health is counted from. {keys}")


def _settings(desk: Desk, turns: Turns) -> Read:
    from cockpit.services import activity_type, cta_type, outreach, transition_policy
    from cockpit.tui.render.settings import settings

    rows = settings(
        outreach.contact_rules(desk), transition_policy.transition_policy(desk), activity_type.every_type(desk),
        cta_type.cta_types(desk), cta_type.reasons(desk),
    )  # fmt: skip
    return Read(rows, "What holds for everybody. enter reads one whole, i edits it, a makes a type, - takes a type or a reason out of use.")


def _health(desk: Desk, turns: Turns) -> Read:
    from cockpit.services import health_portfolio
    from cockpit.tui.render import team_health

    rows = team_health.health(health_portfolio.portfolio(desk, turns.health), turns.health)
    fell = team_health.falling(health_portfolio.falling(desk))
    marks = "█ red, ▒ amber, ░ green, · no score; then whose health fell most in four weeks"
    return Read([*rows, *fell], f"By {turns.health}; t turns it, enter shows the accounts behind a bar. {marks}.")


SECTIONS: tuple[Spec, ...] = (
    Spec("pools", "o", "Pools", render.POOLS, _pools, ("There is no pool yet.", "a makes one"),
         frozenset({"pool", "pool_member", "csm", "away", "cta"})),
    Spec("hours", "h", "Hours", render.HOURS, _hours, ("Nobody works here yet.", "a admits somebody"),
         frozenset({"csm", "pool_member", "away", "cta", "account", "segment", "pod_member"})),
    Spec("away", "w", "Away", render.AWAY, _away, ("Nobody is away, and nobody will be.", "w (or a) says who, until when, and who covers"),
         frozenset({"away", "csm"})),
    Spec("pods", "d", "Pods", render.PODS, _pods,
         ("There is no pod yet: a few seniors and a junior who own a patch together.", "a makes one"),
         frozenset({"pod", "pod_member", "account", "cta"})),
    Spec("returning", "r", "Returning", render.RETURNING, _returning,
         ("No claim goes back to its queue within two business days.", "A pool's lease says when: i in Pools sets it"),
         frozenset({"cta", "away", "pool"})),
    Spec("flow", "f", "Flow", render.FLOW, _flow, ("Nothing came and nothing went in 30 days.", "1 is the queue · a there makes a CTA"),
         frozenset({"cta"})),
    Spec("policies", "s", "Policies", render.POLICIES, _policies, ("There is no segment yet.", "a makes one"),
         frozenset({"segment", "account"})),
    Spec("reviews", "v", "Reviews", render.REVIEWS, _reviews,
         ("Nothing was closed in the last 30 days, and nothing reviewed.", "a draws again"),
         frozenset({"cta", "review"})),
    Spec("risks", "x", "Risks", more.RISKS, _risks,
         ("Nothing is escalated, no risk is open, and every renewal call agrees with the signal.", "p r in an account adds to its plan"),
         frozenset({"risk", "escalation", "renewal_call", "account"})),
    Spec("touch", "t", "Touch", more.TOUCH, _touch, ("Nobody works here yet.", "a admits somebody"), frozenset({"activity", "csm"})),
    Spec("health", "e", "Health", HEALTH, _health, ("There is no customer yet.", "3 is Accounts · a there makes one"),
         frozenset({"account", "scorecard", "override"})),
    Spec("playbooks", "b", "Playbooks", PLAYBOOKS, _playbooks, ("There is no playbook yet.", "a writes one"),
         frozenset({"playbook", "task", "run"})),
    Spec("library", "l", "Library", LIBRARY, _library, ("There is no template, no article yet.", "a writes one"),
         frozenset({"template", "article", "scorecard", "outbox"})),
    Spec("settings", "n", "Settings", SETTINGS, _settings, ("There is nothing to set.", "a makes a type of activity or CTA"),
         frozenset({"setting", "activity_type", "cta_type", "reason", "activity", "cta"})),
)  # fmt: skip
"""In the order of ``[`` and ``]``."""


class Section(Container):
    """One section: its list, and a line on what it shows."""

    def __init__(self, spec: Spec, host: TeamScreen) -> None:
        super().__init__(id=f"section-{spec.name}")
        self.spec = spec
        self.host = host
        self.note = ""
        self._turns = replace(host.turns)

    def compose(self) -> ComposeResult:
        """List over note."""
        yield RowList[Entry](render.table(self.spec.heads), self._run, self.host.cockpit.keys.moves())
        yield LinesView(classes="note")

    def _run(self, group: str, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        self.host.later(f"{group} {self.spec.name}", work, then, self._failed)

    def _failed(self, why: Exception) -> None:
        self.rows.failed(str(why))
        self.host.trouble(why)

    @property
    def rows(self) -> RowList[Entry]:
        """The list."""
        return self.query_one(RowList)

    def load(self) -> None:
        """Show the list, or read it again."""
        self.rows.load(self._source(), self.host.drawing(), self.spec.empty)

    def turn(self) -> None:
        """Read what is another list now, from its start."""
        self._turns = replace(self.host.turns)
        self.rows.show(self._source())

    def _source(self) -> FixedSource[Entry]:
        turns = self._turns

        def read() -> Sequence[Entry]:
            found = self.spec.read(self.host.desk, turns)
            self.app.call_later(self._noted, turns, found.note)
            return found.rows

        return FixedSource(read)

    def _noted(self, turns: Turns, note: str) -> None:
        if turns is self._turns:  # it was not turned on meanwhile
            self.note = note
            self._tell()

    def _tell(self) -> None:
        note = self.note

        def draw(width: int, p: Palette) -> list[Line]:
            from cockpit.tui.render.safe import wrap

            return [[(part, p.dim)] for part in wrap(note, max(width, 10))]

        if self.is_attached:
            self.query_one(".note", LinesView).show(draw, self.host.palette)

    def repaint(self) -> None:
        """Other colours or another day."""
        self.rows.draw_with(self.host.drawing())
        self._tell()
