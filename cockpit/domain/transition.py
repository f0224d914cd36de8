"""Accounts that change hands: how far a transition is, who may do what with it, what a pool asks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from cockpit.domain.refusal import Refusal
from cockpit.domain.say import plural
from db.terms import Role, Side, TransitionKind, TransitionState

MOVES: dict[TransitionState, frozenset[TransitionState]] = {
    TransitionState.STARTED: frozenset({TransitionState.ACCEPTED, TransitionState.CANCELLED}),
    TransitionState.ACCEPTED: frozenset({TransitionState.DONE}),
    TransitionState.DONE: frozenset(),
    TransitionState.CANCELLED: frozenset(),
}
"""From each state, the states one can go to; a transition that is sent back stays started."""
RUNNING = (TransitionState.STARTED, TransitionState.ACCEPTED)
TITLES: dict[TransitionKind, str] = {
    TransitionKind.CSM_TO_CSM: "CSM → CSM",
    TransitionKind.CSM_TO_POOL: "CSM → pool",
    TransitionKind.POOL_TO_CSM: "pool → CSM",
    TransitionKind.COVER: "cover",
    TransitionKind.POD: "pod",
}
SPAN: dict[TransitionKind, int] = {
    TransitionKind.CSM_TO_CSM: 10,
    TransitionKind.CSM_TO_POOL: 15,
    TransitionKind.POOL_TO_CSM: 7,
    TransitionKind.COVER: 5,
    TransitionKind.POD: 8,
}
"""Business days from the start to the hand-over unless its playbook or somebody says another day."""
RETURNS_MOST, REVIEW_DAYS = 2, 5
"""Sent back more often, or with the gatekeeper for more business days, it is the lead's to decide."""
LEADERS = frozenset({Role.MANAGER, Role.OPS})
CHOICES = ("move", "close", "keep", "pool", "wait")
"""What becomes of an open thing: the incoming side takes it; it ends; the outgoing side finishes it by the hand-over (what
is still open then moves); it goes to the queue; it waits for the owner's return, on purpose (cover only)."""
LEVELS = ("full", "answer_only")
CHECK_INS = {"check_in_30": 21, "check_in_60": 42, "check_in_90": 63}
"""Business days after the hand-over at which the follow-up CTAs are due: about 30, 60 and 90 days."""
STAY_CHECK = 32
"""The same for the one look at an account that went to a pool: 45 days."""
WAKES_BEFORE = 5
"""A follow-up sleeps until so many business days before it is due."""


@dataclass(frozen=True, slots=True)
class Parties:
    """Whose transition it is: CSMs by id; pool and pod members count for a side that names no CSM."""

    kind: TransitionKind
    from_csm: int | None = None
    to_csm: int | None = None
    manager: int | None = None
    gatekeeper: int | None = None
    stand_in: bool = False
    from_pool: Collection[int] = ()
    """Members of the pool it leaves."""
    to_pool: Collection[int] = ()
    from_pod: Collection[int] = ()
    to_pod: Collection[int] = ()
    coverers: Collection[int] = ()
    """Who covers or leads single accounts of it."""


def sides(me: int | None, role: Role, parties: Parties) -> frozenset[Side]:
    """Return the sides somebody may act for. Managers and ops act for both: they stand in for who is not there."""
    if role in LEADERS:
        return frozenset({Side.OUT, Side.IN, Side.BOTH})
    if me is None or role is Role.READ_ONLY:
        return frozenset()
    found = set()
    if me == parties.from_csm or (parties.stand_in and me == parties.manager) or me in parties.from_pod:
        found.add(Side.OUT)
    if parties.from_csm is None and me in parties.from_pool:
        found.add(Side.OUT)
    if me in (parties.to_csm, parties.manager, parties.gatekeeper) or me in parties.to_pod or me in parties.coverers:
        found.add(Side.IN)
    return frozenset(found | {Side.BOTH} if found else found)


def may_accept(me: int | None, role: Role, parties: Parties) -> Refusal | None:
    """Return None if somebody may accept for the incoming side: the CSM who takes it, the pool's gatekeeper, a lead."""
    if role in LEADERS:
        return None
    if parties.kind is TransitionKind.CSM_TO_POOL:
        is_hers, whose = me is not None and me == parties.gatekeeper, "the pool's gatekeeper or a manager accepts"
    elif parties.kind is TransitionKind.POD:
        is_hers, whose = me in parties.to_pod or (me is not None and me == parties.manager), "a senior of the pod accepts"
    else:
        is_hers = me is not None and (me == parties.to_csm or me in parties.coverers)
        whose = "the CSM who takes it accepts" if parties.to_csm is not None else "a CSM has to be chosen first"
    return None if is_hers else Refusal("side", f"Not yours to accept: {whose}.")


def may_move(state: TransitionState, to: TransitionState) -> Refusal | None:
    """Return None if a transition in this state may go to that one."""
    if to in MOVES[state]:
        return None
    if state is TransitionState.ACCEPTED:
        words = "It is handed over: undo takes that back, or a transition the other way is started."
        return Refusal("accepted", words if to is TransitionState.CANCELLED else "It is handed over already.")
    if state in (TransitionState.DONE, TransitionState.CANCELLED):
        return Refusal("ended", f"It is {state.value}: start a new one.")
    return Refusal("state", f"It is {state.value}: not handed over yet.")


def escalates(sent_back: int, waits: int) -> str:
    """Return why the lead has to decide, empty while she need not: RETURNS_MOST returns, or REVIEW_DAYS in review."""
    if sent_back >= RETURNS_MOST:
        return f"sent back {plural(sent_back, 'time')}: the lead decides"
    if waits > REVIEW_DAYS:
        return f"with the gatekeeper for {plural(waits, 'business day')}: the lead decides"
    return ""


@dataclass(frozen=True, slots=True)
class Criterion:
    """A condition for a pool to take an account; ``holds`` None: not known, which is not enough."""

    key: str
    title: str
    holds: bool | None
    says: str


def pool_criteria(
    arr: int | None, limit: int, escalations: int, go_live: date | None, renewal: date | None, today: date
) -> tuple[Criterion, ...]:
    """Return the four criteria for the pool: small enough, no open escalation, live for 90 days, renewal not near."""
    live = None if go_live is None else (today - go_live).days
    away = None if renewal is None else (renewal - today).days
    since, until = "go-live is not known" if live is None else f"{live} d", "renewal is not known" if away is None else f"in {away} d"
    return (
        Criterion("arr", "ARR under the pool's limit", None if arr is None else arr < limit, "ARR is not known" if arr is None else ""),
        Criterion("escalation", "No open escalation", escalations == 0, plural(escalations, "open escalation") if escalations else ""),
        Criterion("live", "Live for 90 days", None if live is None else live >= 90, since),
        Criterion("renewal", "Renewal more than 60 days away", None if away is None else away > 60, until),
    )  # fmt: skip


def open_gates(statuses: Mapping[str, bool], titles: Mapping[str, str]) -> Refusal | None:
    """Return why a hand-over has to wait: the gating steps that are neither done nor waived."""
    left = [titles[key] for key, is_done in statuses.items() if not is_done]
    if not left:
        return None
    shown = "; ".join(left[:3]) + (f"; and {len(left) - 3} more" if len(left) > 3 else "")
    return Refusal("gate", f"Not yet: {plural(len(left), 'required step')} open: {shown}.")
