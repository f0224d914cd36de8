"""Checks of how things stand: network, goals, risks, renewal, intervention, somebody new. See ``cockpit.services.evidence``."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from cockpit.domain.say import day, plural
from cockpit.services.evidence import Asked, Evidence, Known, check, day_start
from cockpit.services.touch_evidence import missing
from db.reads.evidence import Fact, Member
from db.terms import GoalStatus, NetworkRole, OpportunityState, Stage

_AGREED = (Stage.ON_PLAN, Stage.ON_TRACK, Stage.SELF_SERVICE)
_OUT = ("propos", "quot", "offer", "negotia", "contract", "verbal", "commit", "closing", "clos")
"""How stages begin at which an offer is out; systems name them as they like."""
_WINDOW = 90
SHADOWED, CLOSED = 5, 10
_NEW = f"""
SELECT n.id, n.limit_percent,
 (SELECT count(*) FROM pool_member m WHERE m.csm_id = n.id),
 (SELECT count(*) FROM shadow h JOIN cta c ON c.id = h.cta_id WHERE h.csm_id = n.id AND c.status = 'closed'),
 (SELECT count(*) FROM cta c WHERE c.owner_id = n.id AND c.status = 'closed'),
 (SELECT count(DISTINCT r.cta_id) FROM review r JOIN cta c ON c.id = r.cta_id WHERE c.owner_id = n.id),
 (SELECT count(*) FROM intervention i WHERE i.csm_id = n.id AND i.stage IN ({", ".join(f"'{one.value}'" for one in _AGREED)}))
FROM csm n WHERE n.id IN ({{marks}})"""


def _since(known: Known, asked: Asked, kind: str, what: str, says: str) -> Evidence:
    fresh = [one for one in known.facts(kind, asked) if one.recorded and one.recorded > asked.since]
    return Evidence(True, f"{says}: {fresh[-1].word}") if fresh else missing(known, asked, what)


@check("sentiment set")
def sentiment_set(known: Known, asked: Asked) -> Evidence:
    """By anybody."""
    return _since(known, asked, "sentiment", "what the customer feels was not set", "sentiment")


@check("forecast set")
def forecast_set(known: Known, asked: Asked) -> Evidence:
    """Our own word on the renewal."""
    return _since(known, asked, "forecast", "no word of ours on the renewal", "forecast")


@check("on plan")
def on_plan(known: Known, asked: Asked) -> Evidence:
    """The intervention that ran since."""
    latest = _intervention(known, asked)
    if latest is None:
        return Evidence(False, "no intervention runs on the account")
    words = str(latest.word).replace("_", " ")
    return Evidence(latest.word in _AGREED, f"the intervention is {words}")


@check("on track")
def on_track(known: Known, asked: Asked) -> Evidence:
    """The criterion was met, or it is lost and says why."""
    latest = _intervention(known, asked)
    if latest is None:
        return Evidence(False, "no intervention runs on the account")
    is_done = latest.word in (Stage.ON_TRACK, Stage.SELF_SERVICE) or (latest.word == Stage.LOST and bool(latest.other))
    return Evidence(is_done, f"the intervention is {str(latest.word).replace('_', ' ')}")


@check("training linked")
def training_linked(known: Known, asked: Asked) -> Evidence:
    """A training that was recorded since."""
    return _since(known, asked, "training", "no training was recorded", "training")


@check("trainings done")
def trainings_done(known: Known, asked: Asked) -> Evidence:
    """Every required one."""
    required = [one for one in known.facts("training", asked) if one.other]
    left = [one for one in required if one.day is None]
    if not required:
        return Evidence(False, "no required training is known here: import trainings, or tick it with a note")
    return Evidence(not left, f"{plural(len(left), 'required training')} left" if left else f"all {len(required)} done")


@check("goal dated")
def goal_dated(known: Known, asked: Asked) -> Evidence:
    """Open, with a date."""
    goals = [one for one in known.facts("goal", asked) if one.other == GoalStatus.OPEN]
    dated = [one for one in goals if one.day]
    if dated:
        return Evidence(True, f"goal: {dated[0].word}")
    return Evidence(False, "its goals have no date" if goals else "there is no goal yet")


@check("risk registered")
def risk_registered(known: Known, asked: Asked) -> Evidence:
    """Since, with an owner and a date."""
    fresh = [one for one in known.facts("risk", asked) if one.began and one.began >= asked.since_day]
    whole = [one for one in fresh if one.word and one.day]
    if whole:
        return Evidence(True, f"risk: {whole[0].other}, {whole[0].word}")
    return Evidence(False, "its risk needs an owner and a date" if fresh else "no risk was registered since")


@check("risks owned")
def risks_owned(known: Known, asked: Asked) -> Evidence:
    """Every open risk."""
    risks = known.facts("risk", asked)
    alone = [one for one in risks if not one.word]
    if alone:
        return Evidence(False, f"{plural(len(alone), 'open risk')} without an owner")
    return Evidence(bool(risks), f"{plural(len(risks), 'open risk')}, each with an owner" if risks else "no risk is registered")


@check("network size")
def network_size(known: Known, asked: Asked) -> Evidence:
    """Against the segment's minimum; one where none is agreed."""
    size, least = len(known.network(asked)), _least(known, asked)
    return Evidence(size >= least, f"{size} of {least} in the network")


@check("network roles")
def network_roles(known: Known, asked: Asked) -> Evidence:
    """A generator and a driver."""
    roles = {one.network_role for one in known.network(asked)}
    words = {NetworkRole.GENERATOR: "a value generator", NetworkRole.DRIVER: "a value driver"}
    lacks = [word for role, word in words.items() if role not in roles]
    return Evidence(not lacks, f"the network lacks {' and '.join(lacks)}" if lacks else "generators and drivers are named")


@check("network covered")
def network_covered(known: Known, asked: Asked) -> Evidence:
    """Size and coverage: members met since the window began."""
    members, least, standing = known.network(asked), _least(known, asked), known.standing(asked)
    goal = (standing.coverage_goal if standing else None) or 50
    window = (standing.network_window if standing else None) or _WINDOW
    met = _met(known, asked, members, window)
    share = 100 * met // len(members) if members else 0
    return Evidence(len(members) >= least and share >= goal, f"{len(members)} of {least} in the network, {share} % met, {goal} % wanted")


@check("driver set")
def driver_set(known: Known, asked: Asked) -> Evidence:
    """Somebody who is still there."""
    drivers = [one.name for one in known.network(asked) if one.network_role == NetworkRole.DRIVER]
    return Evidence(bool(drivers), f"value driver: {drivers[0]}" if drivers else "the network has no value driver")


@check("person left")
def person_left(known: Known, asked: Asked) -> Evidence:
    """Who the CTA is about; without one, anybody who left within a month before it, or since."""
    about, since = known.about(asked), asked.since_day - timedelta(days=30)
    gone = [one for one in known.members(asked) if one.left_on and (one.person_id in about if about else one.left_on >= since)]
    left = gone[0].left_on if gone else None
    return Evidence(left is not None, f"{gone[0].name} left on {day(left)}" if left else "nobody is marked as gone")


@check("renewal prepared")
def renewal_prepared(known: Known, asked: Asked) -> Evidence:
    """A driver is named, the notice date is known."""
    standing = known.standing(asked)
    lacks = [] if any(one.network_role == NetworkRole.DRIVER for one in known.network(asked)) else ["a value driver"]
    lacks += [] if standing and standing.notice_date else ["the notice date"]
    return Evidence(not lacks, f"missing: {' and '.join(lacks)}" if lacks else "who decides and the notice date are known")


@check("offer out")
def offer_out(known: Known, asked: Asked) -> Evidence:
    """By the name of its stage."""
    latest = _renewal(known, asked)
    if latest is None:
        return Evidence(False, "no renewal is known here: import opportunities")
    if latest.word != OpportunityState.OPEN:
        is_new = latest.recorded is not None and latest.recorded > asked.since
        return Evidence(is_new, f"the renewal is {latest.word}" if is_new else "no renewal is open here")
    is_out = any(word in (latest.other or "").casefold() for word in _OUT)
    return Evidence(is_out, f"the renewal is at {latest.other or latest.word}")


@check("renewal closed")
def renewal_closed(known: Known, asked: Asked) -> Evidence:
    """Won or lost since."""
    latest = _renewal(known, asked)
    if latest is None:
        return Evidence(False, "no renewal is known here: import opportunities")
    is_closed = latest.word != OpportunityState.OPEN and latest.recorded is not None and latest.recorded > asked.since
    return Evidence(is_closed, f"the renewal is {latest.word}")


@check("advocacy asked")
def advocacy_asked(known: Known, asked: Asked) -> Evidence:
    """Noted since."""
    return _since(known, asked, "advocacy", "nothing was asked of the customer", "asked for")


@check("consent on file")
def consent_on_file(known: Known, asked: Asked) -> Evidence:
    """It has an expiry that is ahead."""
    today = known.desk.today()
    until = max((one.day for one in known.facts("advocacy", asked) if one.day and one.day >= today), default=None)
    return Evidence(until is not None, f"consent until {day(until, today)}" if until else "no consent in writing is on file")


@check("advocacy handed on")
def advocacy_handed_on(known: Known, asked: Asked) -> Evidence:
    """Somebody takes it further."""
    given = [one for one in known.facts("advocacy", asked) if one.other]
    return Evidence(bool(given), f"with {given[-1].other}" if given else "who takes it further is not noted")


@check("cta closed")
def cta_closed(known: Known, asked: Asked) -> Evidence:
    """A task of an open CTA is never asked this one; kept for what speaks of its own CTA."""
    return Evidence(False, "the CTA is open")


@check("limits begun", "limits full", "shadowed", "own closes read", "own intervention")
def of_somebody_new(known: Known, asked: Asked) -> Evidence:
    """What somebody new has, beside what she should."""
    row = known.once("new", lambda: _newcomers(known)).get(asked.task.csm_id or 0)
    if row is None:
        return Evidence(False, "this playbook is about no CSM")
    _, percent, pools, shadowed, closed, read, agreed = row
    name = asked.task.done_when
    if name == "limits begun":
        return Evidence(bool(pools) and percent < 100, f"{plural(pools, 'pool')}, limits at {percent} %")
    if name == "limits full":
        return Evidence(percent >= 100, f"limits at {percent} %")
    if name == "shadowed":
        return Evidence(shadowed >= SHADOWED, f"{shadowed} of {SHADOWED} followed to their close")
    if name == "own closes read":
        return Evidence(closed >= CLOSED and read >= CLOSED, f"{closed} of {CLOSED} closed, {read} read")
    return Evidence(bool(agreed), "an intervention of her own is on plan" if agreed else "no intervention of her own is on plan")


def _newcomers(known: Known) -> dict[int, tuple[Any, ...]]:
    params: dict[str, Any] = {}
    marks = known.db.marks("i", sorted({one.task.csm_id for one in known.asked if one.task.csm_id}), params)
    return {row[0]: row for row in known.db.all(_NEW.format(marks=marks), **params)}


def _least(known: Known, asked: Asked) -> int:
    standing = known.standing(asked)
    return (standing.network_min if standing else None) or 1


def _met(known: Known, asked: Asked, members: list[Member], window: int) -> int:
    """Members met in the window, whenever the step began."""
    from db.reads import evidence as reads

    since = known.desk.now() - timedelta(days=window)
    key = f"met {window}"
    entries = known.once(key, lambda: known.grouped(reads.entries(known.db, known.accounts, since)))
    seats = known.once(f"{key} seats", lambda: reads.seats(known.db, known.accounts, since))
    meetings = {one.id for one in entries.get(asked.account_id, []) if one.is_meeting and one.at <= known.desk.now()}
    there = {seat.person_id for seat in seats if seat.attended and seat.activity_id in meetings}
    return sum(one.person_id in there for one in members)


def _intervention(known: Known, asked: Asked) -> Fact | None:
    """The latest that had not ended when the playbook began (``recorded``: when it ended)."""
    first = day_start(asked.since_day, asked.task.time_zone)
    rows = [one for one in known.facts("intervention", asked) if one.recorded is None or one.recorded >= first]
    return rows[-1] if rows else None


def _renewal(known: Known, asked: Asked) -> Fact | None:
    """The open one that is due first, else the last that closed."""
    rows = known.facts("renewal", asked)
    open_ = sorted((one for one in rows if one.word == OpportunityState.OPEN), key=lambda one: str(one.day or "9"))
    closed = [one for one in rows if one.word != OpportunityState.OPEN and one.recorded and one.recorded > asked.since]
    return closed[-1] if closed else open_[0] if open_ else rows[-1] if rows else None
