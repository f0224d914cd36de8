"""Starting transitions: one, or a whole book in one act, each with the steps of both sides and a brief to write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cockpit.domain import brief as briefs
from cockpit.domain.clean import clean_line
from cockpit.domain.leaver import BY_LETTER
from cockpit.domain.playbook import Days
from cockpit.domain.say import day, plural
from cockpit.domain.transition import LEADERS, LEVELS, SPAN, TITLES
from cockpit.services import library, lookup, playbook
from cockpit.services.act import Work, act
from cockpit.services.calendars import calendar_for
from cockpit.services.errors import Forbidden, NotFound, Refused
from cockpit.services.start import Start, begin_runs
from cockpit.services.transition_look import Account, Look
from db.reads import transition as reads
from db.terms import Side, TransitionKind, TransitionState

_MARKS = 500
_SEVERAL = (TransitionKind.COVER, TransitionKind.POD)


@dataclass(frozen=True, slots=True)
class Plan:
    """A transition to be. ``to`` is a CSM's login, for ``csm_to_pool`` a pool, for ``pod`` a pod (none: the same pod).

    ``accounts`` are those of a cover or a pod's hand-over (all of the owner's, or of the pod's patch, when empty), each
    with its level in ``levels`` and who takes it in ``takers`` (``to`` otherwise); ``seconds`` are the pod's second contacts.
    """

    kind: TransitionKind | str
    account: str | int | None = None
    to: str | None = None
    target: date | None = None
    reason: str = ""
    returns_on: date | None = None
    owner: str | None = None
    """Whose accounts: covers and pods; me when left out."""
    accounts: Sequence[str | int] = ()
    levels: Mapping[str, str] = field(default_factory=dict)
    takers: Mapping[str, str] = field(default_factory=dict)
    seconds: Mapping[str, str] = field(default_factory=dict)
    pool: str | None = None
    """A cover by a pool instead of a CSM; of a pool → CSM the pool it leaves."""
    stand_in: bool = False
    leave_id: int | None = None
    wave: int | None = None
    tier: str | None = None
    proposal: str | None = None


@dataclass(frozen=True, slots=True)
class Started:
    """A transition that was started."""

    id: int
    account: str
    kind: str
    target: date
    act: int | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class StartedMany:
    """Transitions that were started together."""

    ids: tuple[int, ...]
    act: int | None = None
    said: str = ""


@dataclass(slots=True)
class _Made:
    """A plan with everything looked up."""

    plan: Plan
    kind: TransitionKind
    row: dict[str, Any]
    accounts: list[dict[str, Any]]
    name: str
    calendar: Any


@act("start_transition")
def start(
    work: Work,
    /,
    account: str | int | None,
    kind: TransitionKind | str,
    to: str | None = None,
    target: date | None = None,
    reason: str = "",
    **more: Any,
) -> Started:
    """Starts a transition; ``more`` are the further fields of ``Plan``.

    Raises NotFound, Ambiguous, Refused (no owner, one runs already, nobody to take it, days), Forbidden.
    """
    made = begin(work, [Plan(kind, account, to, target, reason, **more)])[0]
    whom = f" to {to}" if to else ""
    what = f"Started {TITLES[made.kind]} of {made.name}{whom}: hand-over {day(made.row['target'], work.today)}"
    work.say(what)
    return Started(made.row["id"], made.name, made.kind.value, made.row["target"], said=what)


@act("start_transition")
def start_many(work: Work, plans: Sequence[Plan]) -> StartedMany:
    """Starts many in one act, all or none. Raises what ``start`` does."""
    made = begin(work, plans)
    work.say(f"Started {plural(len(made), 'transition')}")
    return StartedMany(tuple(one.row["id"] for one in made), said=work.act.what)


def begin(work: Work, plans: Sequence[Plan]) -> list[_Made]:
    """Writes the transitions of plans inside an act, with a number of statements that does not grow with their accounts.

    ``row["id"]`` of each is its number.
    """
    look = Look(work, [ref for plan in plans for ref in _named(plan)])
    made = [_resolved(work, plan, look) for plan in plans]
    _hold(work, made)
    _check_free(work, made)
    ids = work.insert_many("transition", [one.row for one in made])
    for id_, one in zip(ids, made, strict=True):
        one.row["id"] = id_
    work.insert_many("transition_account", [row | {"transition_id": one.row["id"]} for one in made for row in one.accounts])
    _write_steps(work, made)
    _write_briefs(work, made)
    return made


def _named(plan: Plan) -> Sequence[str | int]:
    """The accounts it is about, as far as it names them."""
    if read_kind(plan.kind) in _SEVERAL:
        return plan.accounts
    return [] if plan.account is None else [plan.account]


def _resolved(work: Work, plan: Plan, look: Look) -> _Made:
    kind = read_kind(plan.kind)
    if kind in _SEVERAL:
        return _of_several(work, plan, kind, look)
    if plan.account is None:
        raise Refused("account", "Say which account.")
    of = look.account(plan.account)
    name, owner_id, owner = of.name, of.owner_id, of.owner or ""
    calendar = calendar_for(of.time_zone or work.me.time_zone, of.calendar)
    values = _common(work, plan, kind, calendar) | {"account_id": of.id}
    values["stand_in"] = plan.stand_in or (owner_id is not None and not of.owner_here)
    if kind is TransitionKind.POOL_TO_CSM:
        if owner_id is not None:
            raise Refused("owner", f"{name} is {owner}'s: hand it over as csm_to_csm.")
        pool = look.pool(plan.pool) if plan.pool else of.pool_id
        if pool is None:
            raise Refused("pool", f"{name} is in no pool: give it an owner with `account edit`.")
        values |= {"from_pool_id": pool, "to_csm_id": look.incoming(plan.to) if plan.to else None}
    else:
        if owner_id is None:
            raise Refused("owner", f"{name} has no owner: start it as pool_to_csm.")
        _check_hers(work, owner_id, owner, of.manager_id)
        values |= {"from_csm_id": owner_id, "from_pool_id": of.pool_id}
        if kind is TransitionKind.CSM_TO_POOL:
            values["to_pool_id"] = look.pool(plan.to) if plan.to else of.pool_id
            if values["to_pool_id"] is None:
                raise Refused("pool", "Say which pool takes it.")
        else:
            values["to_csm_id"] = look.incoming(plan.to) if plan.to else None
            if values["to_csm_id"] == owner_id:
                raise Refused("same", f"{name} is {owner}'s already.")
    _lead(look, values)
    return _Made(plan, kind, values, [], name, calendar)


def _of_several(work: Work, plan: Plan, kind: TransitionKind, look: Look) -> _Made:
    owner_id, owner = lookup.active_csm(work.db, plan.owner or work.me.login)
    zone, region = work.db.one(
        "SELECT p.time_zone, p.calendar FROM pool_member m JOIN pool p ON p.id = m.pool_id WHERE m.csm_id = :id ORDER BY p.id",
        id=owner_id,
    ) or (None, None)
    calendar = calendar_for(zone or work.me.time_zone, region)
    values = _common(work, plan, kind, calendar) | {"from_csm_id": owner_id, "stand_in": plan.stand_in}
    _check_hers(work, owner_id, owner, work.db.scalar("SELECT manager_id FROM csm WHERE id = :id", id=owner_id))
    pods = work.db.all("SELECT pod_id FROM pod_member WHERE csm_id = :id ORDER BY pod_id", id=owner_id)
    if kind is TransitionKind.POD:
        values["from_pod_id"] = pods[0][0] if pods else None
        values["to_pod_id"] = lookup.named(work.db, "pod", plan.to) if plan.to else values["from_pod_id"]
        if values["to_pod_id"] is None:
            raise Refused("pod", f"{owner} is in no pod: say which pod takes the accounts.")
    else:
        values["to_csm_id"] = look.incoming(plan.to) if plan.to else None
        values["to_pool_id"] = look.pool(plan.pool) if plan.pool else None
        if values["to_csm_id"] is None and values["to_pool_id"] is None:
            raise Refused("to", "Say who covers: a CSM, or a pool.")
        if values["to_csm_id"] == owner_id:
            raise Refused("same", f"{owner} cannot cover for herself.")
        if plan.returns_on is None or plan.returns_on <= values["target"]:
            raise Refused("returns", "Say the day of the return; it comes after the first day of the cover.")
    ids = [look.account(ref).id for ref in plan.accounts] or [row[0] for row in work.db.all(
        "SELECT id FROM account WHERE owner_id = :csm AND status = 'customer' ORDER BY name, id", csm=owner_id)]  # fmt: skip
    if not ids:
        raise Refused("accounts", f"{owner} owns no account that could be handed over.")
    _check_owned(work, ids, owner_id, owner)
    known = look.accounts(work.db, ids)
    accounts = [_member(plan, kind, known[id_], values, look) for id_ in dict.fromkeys(ids)]
    if len(accounts) == 1:
        values["account_id"] = accounts[0]["account_id"]
    _lead(look, values)
    return _Made(plan, kind, values, accounts, f"{owner}'s {plural(len(accounts), 'account')}", calendar)


def _member(plan: Plan, kind: TransitionKind, of: Account, values: Mapping[str, Any], look: Look) -> dict[str, Any]:
    keys = (str(of.id), of.name)
    taker = next((plan.takers[key] for key in keys if key in plan.takers), None)
    second = next((plan.seconds[key] for key in keys if key in plan.seconds), None)
    level = next((plan.levels[key] for key in keys if key in plan.levels), "full" if kind is TransitionKind.COVER else None)
    if level is not None and level not in LEVELS:
        raise Refused("level", f"An account is covered {' or '.join(LEVELS)}, not {level!r}.")
    return {
        "account_id": of.id, "level": level, "csm_id": look.incoming(taker) if taker else values.get("to_csm_id"),
        "second_id": look.incoming(second) if second else None,
    }  # fmt: skip


def _common(work: Work, plan: Plan, kind: TransitionKind, calendar: Any) -> dict[str, Any]:
    target = plan.target or calendar.add_business_days(work.today, SPAN[kind])
    if target < work.today:
        raise Refused("target", f"{day(target, work.today)} is past: the hand-over is today or later.")
    return {
        "kind": kind, "state": TransitionState.STARTED, "reason": clean_line(plan.reason) or None, "started_on": work.today,
        "target": target, "returns_on": plan.returns_on, "leave_id": plan.leave_id, "wave": plan.wave, "tier": plan.tier,
        "proposal": clean_line(plan.proposal or "") or None,
    }  # fmt: skip


def _check_hers(work: Work, owner_id: int, owner: str, manager_id: int | None) -> None:
    if work.me.id not in (owner_id, manager_id) and work.me.role not in LEADERS and work.me.id is not None:
        raise Forbidden(f"{owner}'s accounts are handed over by {owner}, a manager or ops.")


def _check_owned(work: Work, ids: Sequence[int], owner_id: int, owner: str) -> None:
    for start in range(0, len(ids), _MARKS):
        params: dict[str, Any] = {"csm": owner_id}
        marks = work.db.marks("i", list(ids[start : start + _MARKS]), params)
        other = work.db.one(
            f"SELECT a.name FROM account a WHERE a.id IN ({marks}) AND (a.owner_id IS NULL OR a.owner_id <> :csm)"
            " AND (a.pod_id IS NULL OR NOT EXISTS (SELECT 1 FROM pod_member m WHERE m.pod_id = a.pod_id AND m.csm_id = :csm))",
            **params,
        )
        if other is not None:
            raise Refused("owner", f"{other[0]} is not {owner}'s.")


def _lead(look: Look, values: dict[str, Any]) -> None:
    """The manager of the receiving side and, for a pool, its gatekeeper."""
    pool = values.get("to_pool_id")
    manager = look.manager(values.get("to_csm_id"), pool or values.get("from_pool_id"))
    values["manager_id"] = manager
    if pool is not None and values["kind"] == TransitionKind.CSM_TO_POOL:
        values["gatekeeper_id"] = look.gatekeeper(pool) or manager


def _accounts(one: _Made) -> list[int]:
    return [row["account_id"] for row in one.accounts] or [one.row["account_id"]]


def _hold(work: Work, made: Sequence[_Made]) -> None:
    """Locks the accounts where the store locks rows: of two who start one at once, the second sees the first's."""
    work.hold("account", [id_ for one in made if one.kind is not TransitionKind.COVER for id_ in _accounts(one)])


def _check_free(work: Work, made: Sequence[_Made]) -> None:
    wanted = [id_ for one in made if one.kind is not TransitionKind.COVER for id_ in _accounts(one)]
    twice = next((id_ for id_ in wanted if wanted.count(id_) > 1), None) if len(set(wanted)) < len(wanted) else None
    running = reads.running_of(work.db, wanted)
    first = twice or next(iter(running), None)
    if first is not None:
        name = work.db.scalar("SELECT name FROM account WHERE id = :id", id=first)
        words = f"transition {running[first]} runs on it already" if first in running else "it is named twice"
        raise Refused("running", f"{name}: {words}.")


def _write_steps(work: Work, made: Sequence[_Made]) -> None:
    """Starts the playbook of each kind: its steps are the tasks of both sides."""
    books = {kind: _book(work, kind) for kind in {one.kind for one in made}}
    begin_runs(work, [(books[one.kind][0], _start(one, books[one.kind][1])) for one in made])
    known = _known_to(work, [one.row["account_id"] for one in made if one.row.get("account_id")])
    work.update_many("transition", {
        one.row["id"]: {"extra": {"known_to": known[one.row["account_id"]]}} for one in made if one.row.get("account_id") in known
    })  # fmt: skip


def _book(work: Work, kind: TransitionKind) -> tuple[Any, int | None]:
    """The playbook of a kind and the span it was written for; a store that has none gets the one that ships."""
    try:
        book = playbook.for_transition(work.db, kind)
    except NotFound:
        text, ships = next((text, book) for text, book in library.shipped() if book.about == kind)
        work.insert("playbook", library.row(text, ships))
        book = playbook.for_transition(work.db, kind)
    return book, playbook.usual_span(book)


def _start(one: _Made, usual: int | None) -> Start:
    row = one.row
    out = row.get("manager_id") if row.get("stand_in") else row.get("from_csm_id")
    manager = row.get("manager_id")
    people = {"out": out, "in": row.get("to_csm_id"), "mgr": manager, "lead": manager, "gate": row.get("gatekeeper_id")}
    without = ["moves pod"] if row.get("from_pod_id") == row.get("to_pod_id") else []
    without += ["joint call"] if row.get("tier") in BY_LETTER else []
    return Start(days_of(row, usual), one.calendar, transition_id=row["id"], people=people, leave_out=without)


def days_of(row: Mapping[str, Any], usual: int | None) -> Days:
    """The days its steps hang on."""
    return Days(row["started_on"], row["target"], row["returns_on"], usual=usual)


def owner_of(side: str, role: str | None, row: Mapping[str, Any]) -> int | None:
    """Whose a step is: the manager's where the outgoing side has gone."""
    out = row.get("manager_id") if row.get("stand_in") else row.get("from_csm_id")
    whose = {
        "out": out, "both": out, "in": row.get("to_csm_id"), "mgr": row.get("manager_id"), "lead": row.get("manager_id"),
        "gate": row.get("gatekeeper_id"),
    }  # fmt: skip
    found = whose.get(role or "", out if side == Side.OUT else row.get("to_csm_id"))
    return found if isinstance(found, int) else None


def _known_to(work: Work, account_ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for start in range(0, len(account_ids), _MARKS):
        params: dict[str, Any] = {}
        marks = work.db.marks("i", list(account_ids[start : start + _MARKS]), params)
        for id_, system in work.db.all(
            f"SELECT DISTINCT thing_id, system FROM external_id WHERE thing = 'account' AND system <> 'file' AND thing_id IN ({marks})"
            " ORDER BY thing_id, system",
            **params,
        ):
            found.setdefault(id_, []).append(system)
    return found


def _write_briefs(work: Work, made: Sequence[_Made]) -> None:
    rows = []
    for one in made:
        form = briefs.FORM_OF[one.kind]
        ids = [row["account_id"] for row in one.accounts if row["level"] != "answer_only"] or [one.row.get("account_id")]
        rows += [
            {"transition_id": one.row["id"], "account_id": id_, "form": form, "sections": {}, "written_at": work.now}
            for id_ in ids
            if id_ is not None
        ]
    work.insert_many("brief", rows)


def read_kind(text: TransitionKind | str) -> TransitionKind:
    """A kind from what somebody typed. Raises Refused."""
    wanted = str(text).strip().casefold().replace("-", "_").replace(" ", "_").replace("→", "to")
    try:
        return TransitionKind(wanted)
    except ValueError:
        raise Refused("kind", f"A transition is {', '.join(TransitionKind)}, not {text!r}.") from None


__all__ = ["Plan", "Started", "StartedMany", "begin", "days_of", "owner_of", "read_kind", "start", "start_many"]
