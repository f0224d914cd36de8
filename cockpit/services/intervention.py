"""Interventions: the board, one whole, moving it through its stages, and what followed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from cockpit.desk import Desk
from cockpit.domain.clean import clean_line, clean_text
from cockpit.domain.intervention import REACHED, Fact, may_move, moved_by, stage_text
from cockpit.domain.say import at as said_at
from cockpit.domain.say import day as said_day
from cockpit.domain.say import listed
from cockpit.services import stages
from cockpit.services.act import LEADERS, Work, act
from cockpit.services.errors import Forbidden, NotFound, Refused
from cockpit.services.followed import Followed, read_followed
from cockpit.services.lookup import find_account, named
from db.connection import Db
from db.reads import intervention as reads
from db.reads.intervention import Stored
from db.terms import Stage

_URL_LENGTH = 2_000


@dataclass(frozen=True, slots=True)
class InterventionRow:
    """One intervention on the board.

    ``window_day`` counts from the day the customer answered (None before), ``window`` says it; ``on_track`` is whether
    the criterion holds now (None without one); ``proposal`` is ``no_response`` when nobody answers; ``owner`` a login.
    """

    id: int
    account_id: int
    account: str
    owner: str | None
    owner_name: str | None
    stage: str
    window_day: int | None
    window: str
    warning: str
    criterion: str | None
    on_track: bool | None
    cta: int | None
    tries: int
    proposal: str | None
    plan: str | None
    claimed_at: datetime
    reached_at: datetime | None
    engaged_at: datetime | None
    on_plan_at: datetime | None
    on_track_at: datetime | None
    ended_at: datetime | None
    handoff_note: str | None
    articles: tuple[str, ...]
    end_reason: str | None
    health: int | None
    renewal_date: date | None
    arr: int | None
    currency: str | None


@dataclass(frozen=True, slots=True)
class InterventionShown:
    """One intervention whole; ``tried`` are the days on which the customer was tried."""

    row: InterventionRow
    tried: tuple[date, ...]
    followed: Followed


@dataclass(frozen=True, slots=True)
class Moved:
    """An intervention that was begun, moved or changed, with the stage it is in now."""

    id: int
    account: str
    stage: str
    act: int | None = None
    said: str = ""


def board(
    desk: Desk, owner: str | None = None, stage: Stage | str | None = None, account: str | int | None = None, ended: bool = False
) -> tuple[InterventionRow, ...]:  # fmt: skip
    """The running interventions (``ended``: those that have ended too) by stage, then the longest first.

    Raises NotFound (owner, account), Refused (stage).
    """
    parts, params = ["TRUE" if ended else "i.ended_at IS NULL"], dict[str, Any]()
    with desk.store.read() as db:
        if owner:
            parts.append("i.csm_id = :owner")
            params["owner"] = named(db, "csm", owner)
        if stage:
            parts.append("i.stage = :stage")
            params["stage"] = read_stage(str(stage))
        if account is not None:
            parts.append("i.account_id = :account")
            params["account"] = find_account(db, account)
        rows = _rows(desk, db, reads.some(db, " AND ".join(parts), **params))
    order = list(Stage)
    return tuple(
        sorted(rows, key=lambda row: (order.index(Stage(row.stage)), -(row.window_day or 0), row.claimed_at, row.id))
    )


def show(desk: Desk, intervention_id: int) -> InterventionShown:
    """One intervention whole. Raises NotFound."""
    with desk.store.read() as db:
        stored = _stored(db, intervention_id)
        tried = stages.tries(db, [stored], desk.now()).get(stored.id, [])
        return InterventionShown(_rows(desk, db, [stored])[0], tuple(tried), read_followed(desk, db, stored))


def intervention_of(desk: Desk, account_id: int) -> InterventionRow | None:
    """The one that runs on an account, or None."""
    with desk.store.read() as db:
        stored = reads.running(db, account_id)
        return None if stored is None else _rows(desk, db, [stored])[0]


def followed(desk: Desk, intervention_id: int) -> Followed:
    """What followed: sales won and the change of NPS, as the store knows them (or knew, ``as_of``). Raises NotFound."""
    with desk.store.read() as db:
        return read_followed(desk, db, _stored(db, intervention_id))


@act("start_intervention")
def start(work: Work, cta_id: int, plan: str = "", criterion: str = "") -> Moved:
    """Begins an intervention on a claimed CTA's account; what was logged there since the claim counts.

    Raises NotFound, Refused (nobody's, closed, one runs already), Forbidden (a colleague's), QueryError (criterion).
    """
    row = work.db.one(
        "SELECT c.account_id, a.name, c.owner_id, o.name, c.status, coalesce(c.claimed_at, c.opened_at) FROM cta c"
        " JOIN account a ON a.id = c.account_id LEFT JOIN csm o ON o.id = c.owner_id WHERE c.id = :id",
        id=cta_id,
    )
    if row is None:
        raise NotFound(f"There is no CTA {cta_id}.")
    account_id, account, owner_id, owner, status, claimed = row
    if status != "open":
        raise Refused("closed", f"CTA {cta_id} is closed: an intervention starts from an open one.")
    if owner_id is None:
        raise Refused("unassigned", f"CTA {cta_id} is nobody's yet: claim it first.")
    _check_mine(work, owner_id, owner, "start an intervention on it")
    running = reads.running(work.db, account_id)
    made = None
    if running is None:
        at = claimed if isinstance(claimed, datetime) else datetime.fromisoformat(claimed)
        made = stages.begin(work, account_id, cta_id, owner_id, min(at, work.now))
    if made is None:
        raise Refused("running", _taken(work, running or reads.running(work.db, account_id), account))
    stage = _catch_up(work, _stored(work.db, made))
    _set_fields(work, _stored(work.db, made), plan or None, criterion or None)
    work.say(f"Began intervention {made} on {account}: {stage_text(stage)}")
    return _moved(work, made)


@act("stage")
def move(
    work: Work, intervention_id: int, to: Stage | str, note: str = "", reason: str = "", articles: Sequence[str] = ()
) -> Moved:
    """Moves an intervention to a stage that its own leads to; see ``cockpit.domain.intervention.may_move`` for what each needs.

    ``note`` is what Support should know and ``articles`` links for the customer, at the hand-over to self-service,
    which is logged on the timeline. Raises NotFound, Refused, Forbidden.
    """
    row = _locked(work, intervention_id)
    stage, target = Stage(row.stage), read_stage(str(to))
    text, why, links = clean_text(note), clean_line(reason), read_articles(articles)
    holds = stages.met(work.desk, work.db, [row]).get(row.id) if target is Stage.ON_TRACK else None
    no = may_move(
        stage, target, plan=row.plan or "", criterion=row.criterion or "", is_met=holds, note=text, reason=why,
        is_proposed=target is Stage.NO_RESPONSE and row.id in stages.silent(work.db, [row], work.now),
    )  # fmt: skip
    if no is not None:
        raise Refused(no.code, f"Intervention {row.id} on {row.account}: {no.sentence}")
    if target in stages.ENDS:
        stages.finish(work, row, target, note=text, reason=why, articles=links)
    else:
        _reach(work, row, target, work.now)
    tail = f": {why}" if why else f": {text}" if text else ""
    work.say(f"Intervention {row.id} on {row.account} is {stage_text(target)}{tail}")
    return _moved(work, row.id)


@act("answered")
def answered(work: Work, intervention_id: int, note: str = "") -> Moved:
    """Says that the customer answered: engaged, and the window begins. With a note it is logged on the timeline too.

    Raises NotFound, Refused (engaged already, ended), Forbidden.
    """
    row = _locked(work, intervention_id)
    stage, text = Stage(row.stage), clean_text(note)
    if moved_by(stage, Fact.ANSWER) is stage:
        no = may_move(stage, Stage.ENGAGED)
        raise Refused(no.code if no else "same", f"Intervention {row.id} on {row.account}: {no.sentence if no else ''}")
    _reach(work, row, Stage.ENGAGED, work.now)
    if text:
        stages.log(work, row, "email", "The customer answered", text)
    work.say(f"{row.account} answered: intervention {row.id} is engaged")
    return _moved(work, row.id)


@act("plan")
def set_plan(work: Work, intervention_id: int, plan: str | None = None, criterion: str | None = None) -> Moved:
    """Writes what was agreed and/or what on track means, as a query about the account; "" takes it away.

    With a plan an engaged one is on plan; whether it is on track is looked at by itself from then on.
    Raises NotFound, Refused (ended), Forbidden, QueryError (criterion).
    """
    row = _locked(work, intervention_id)
    if row.ended_at is not None:
        raise Refused("ended", f"Intervention {row.id} on {row.account} has ended ({stage_text(Stage(row.stage))}).")
    changed = _set_fields(work, row, plan, criterion)
    words = listed(sorted(changed)) or "nothing"
    work.say(f"Changed {words} of intervention {row.id} on {row.account}")
    return _moved(work, row.id)


def read_stage(text: str) -> Stage:
    """A stage as people spell it: on plan, on-plan, on_plan. Raises Refused."""
    plain = text.strip().casefold().replace(" ", "_").replace("-", "_")
    try:
        return Stage({"handed_to_self_service": "self_service", "handed_off": "self_service"}.get(plain, plain))
    except ValueError as error:
        from cockpit.domain.nearest import did_you_mean

        names = [one.value for one in Stage]
        raise Refused(
            "stage", f"There is no stage {text!r}: {', '.join(names)}.{did_you_mean(plain, names)}"
        ) from error


def read_articles(articles: Sequence[str]) -> tuple[str, ...]:
    """Links into the knowledge base, each once. Raises Refused for what is no web address."""
    found: list[str] = []
    for raw in articles:
        url = clean_line(raw)
        try:
            parts = urlsplit(url)
            is_web = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
        except ValueError:
            is_web = False
        if not is_web or " " in url or len(url) > _URL_LENGTH:
            raise Refused("article", f"{url[:80]!r} is no web address: an article starts with https://.")
        if url not in found:
            found.append(url)
    return tuple(found)


def _rows(desk: Desk, db: Db, stored: Sequence[Stored]) -> list[InterventionRow]:
    now = desk.now()
    running = [row for row in stored if row.ended_at is None]
    holds, tried, quiet = stages.met(desk, db, running), stages.tries(db, stored, now), stages.silent(db, running, now)
    made = []
    for row in stored:
        state = stages.window_of(row, now)
        warning = state.says if state and row.ended_at is None and (state.is_closing or state.is_over) else ""
        made.append(InterventionRow(
            row.id, row.account_id, row.account, row.owner, row.owner_name, row.stage,
            state.day if state else None, state.says if state else "", warning,
            row.criterion, holds.get(row.id), row.cta, len(tried[row.id]), "no_response" if row.id in quiet else None, row.plan,
            row.claimed_at, row.reached_at, row.engaged_at, row.on_plan_at, row.on_track_at, row.ended_at,
            row.handoff_note, tuple(row.articles or ()), row.end_reason, row.health, row.renewal_date, row.arr, row.currency,
        ))  # fmt: skip
    return made


def _stored(db: Db, intervention_id: int) -> Stored:
    row = reads.one(db, intervention_id)
    if row is None:
        raise NotFound(f"There is no intervention {intervention_id}.")
    return row


def _locked(work: Work, intervention_id: int) -> Stored:
    """One that I may move, held against others until the act is done."""
    work.hold("intervention", [intervention_id])
    row = _stored(work.db, intervention_id)
    _check_mine(work, row.csm_id, row.owner_name, f"move intervention {row.id}")
    return row


def _check_mine(work: Work, csm_id: int | None, name: str | None, what: str) -> None:
    if csm_id in (None, work.me.id) or work.me.role in LEADERS:
        return
    from cockpit.services.away import covered

    if csm_id not in covered(work.db, work.now, work.me.id):
        raise Forbidden(f"Only {name}, who covers for {name}, or a manager can {what}.")


def _set_fields(work: Work, row: Stored, plan: str | None, criterion: str | None) -> list[str]:
    """Writes plan and criterion as far as they are given, and moves on plan what is engaged; returns what changed."""
    values: dict[str, Any] = {}
    if plan is not None:
        values["plan"] = clean_text(plan) or None
    if criterion is not None:
        values["criterion"] = text = clean_line(criterion) or None
        if text:
            from cockpit.services.query import compiled

            compiled(work.desk, work.db, text, "account")
    changed = work.update("intervention", row.id, values) if values else {}
    if values.get("plan") and (to := moved_by(Stage(row.stage), Fact.PLAN)) is not Stage(row.stage):
        _reach(work, row, to, work.now)
        return [*changed, "stage"]
    return list(changed)


def _reach(work: Work, row: Stored, to: Stage, at: datetime) -> None:
    """Puts it into a stage; the moment a stage was first reached stays."""
    column = REACHED[to]
    moments = {} if getattr(row, column) else {column: at}
    if to is Stage.ENGAGED and row.reached_at is None:
        moments["reached_at"] = at
    work.update("intervention", row.id, {"stage": to} | moments)


def _catch_up(work: Work, row: Stored) -> Stage:
    """What was logged on the account since the claim moves it as if it had been logged now."""
    calendar, stage = stages.calendar_of(row), Stage(row.stage)
    since = row.claimed_at - timedelta(days=1)
    cutoff = work.now + timedelta(hours=14)
    for touch in reads.touches(work.db, [(row.account_id, since, cutoff)], work.now, cutoff):
        if calendar.local_date(touch.at) < calendar.local_date(row.claimed_at):
            continue
        fact = Fact.ANSWER if touch.is_meeting and touch.met else Fact.OUTREACH if touch.is_try else None
        to = stage if fact is None else moved_by(stage, fact)
        if to is not stage:
            stage = to
            _reach(work, _stored(work.db, row.id), to, min(max(touch.at, row.claimed_at), work.now))
    return stage


def _taken(work: Work, row: Stored | None, account: str) -> str:
    if row is None:
        return f"{account} is in an intervention already."
    from zoneinfo import ZoneInfo

    since = said_at(row.claimed_at, work.now, ZoneInfo(work.me.time_zone))
    engaged = f", engaged since {said_day(row.engaged_at.date(), work.today)}" if row.engaged_at else ""
    return f"{account} is in intervention {row.id} already: {row.owner_name or 'somebody'} began it {since}{engaged}."


def _moved(work: Work, intervention_id: int) -> Moved:
    row = _stored(work.db, intervention_id)
    return Moved(row.id, row.account, row.stage, said=work.act.what)
