"""The checks of the guided steps: each is done when the thing it is about is done."""

from __future__ import annotations

from datetime import timedelta

from cockpit.domain import brief as rules
from cockpit.domain.readiness import READY
from cockpit.domain.say import day, listed, plural
from cockpit.services.evidence import Evidence
from cockpit.services.transition_evidence import REPLY_DAYS, Facts, check, check_ins, counted
from db.reads.transition import StepRow
from db.reads.transition_facts import Happened
from db.terms import TransitionKind, TransitionState

TRIES = 2
"""Tries without an answer after which a letter is enough."""


@check("named")
def named(f: Facts, step: StepRow) -> Evidence:
    """Reason, day and recipient are known; she is here on the day, and has room."""
    row = f.row
    if not row.reason:
        return Evidence(False, "a reason is missing")
    if row.to_csm_id is None:
        return Evidence(False, "a recipient is missing")
    for first, last in f.away.get(row.to_csm_id, ()):
        if first <= row.target <= last:
            return Evidence(False, f"{row.to_csm_name} is away on {day(row.target, f.today)}")
    limit, held = f.limits.get(row.segment), f.owned.get((row.to_csm_id, row.segment), 0)
    if row.state == TransitionState.STARTED and limit is not None and held >= limit:
        return Evidence(False, f"{row.to_csm_name} has {held} {row.segment} accounts, the most is {limit}")
    return Evidence(True, f"{row.to_csm_name}, {day(row.target, f.today)}")


@check("gaps closed")
def gaps_closed(f: Facts, step: StepRow) -> Evidence:
    """No required gap is open."""
    left = [gap for id_ in f.accounts for gap in f.ready[id_].gaps if gap.required]
    if left:
        return Evidence(False, f"{plural(len(left), 'required gap')}: {listed([gap.title.lower() for gap in left[:3]])}")
    return Evidence(True, "no required gap")


@check("clean")
def clean(f: Facts, step: StepRow) -> Evidence:
    """Ready enough for a pool."""
    found, worst = gaps_closed(f, step), min((f.ready[id_].score for id_ in f.accounts), default=0)
    if found.is_done and worst < READY:
        return Evidence(False, f"readiness {worst}, the pool asks {READY}")
    return found


@check("decided")
def decided(f: Facts, step: StepRow) -> Evidence:
    """Every open thing has a decision."""
    left = f.undecided
    if left:
        return Evidence(False, f"{len(left)} of {plural(len(f.things), 'open thing')} undecided")
    return Evidence(True, f"{plural(len(f.things), 'open thing')} decided" if f.things else "nothing is open")


@check("people reviewed")
def people_reviewed(f: Facts, step: StepRow) -> Evidence:
    """Each member was confirmed since the start; somebody drives and somebody uses, or a reason says why not."""
    for id_ in f.accounts:
        members = f.members_of(id_)
        left = [one for one in members if one.confirmed_at is None or one.confirmed_at < f.began]
        if left:
            return Evidence(False, f"{len(members) - len(left)} of {plural(len(members), 'member')} confirmed")
        roles = {one.role for one in members}
        if not {"driver", "generator"} <= roles and not f.extra.get("people_none"):
            missing = listed([word for word in ("driver", "generator") if word not in roles])
            return Evidence(False, f"no {missing} named; say why there is none")
    return Evidence(True, "each confirmed")


@check("digital contact")
def digital_contact(f: Facts, step: StepRow) -> Evidence:
    """Somebody can be written to."""
    found = [one for id_ in f.accounts for one in f.members_of(id_) if one.reachable]
    return Evidence(bool(found), f"{plural(len(found), 'member')} can be written to" if found else "nobody of the network can be mailed")


@check("brief complete")
def brief_complete(f: Facts, step: StepRow) -> Evidence:
    """Each section says something."""
    done = of = 0
    for id_ in f.accounts:
        brief = f.current_brief(id_)
        form = brief.form if brief is not None else "full"
        sections = rules.sections_of(form)
        of += len(sections)
        done += len(sections) - len(rules.missing(form, brief.sections if brief is not None else {}))
    return counted(done, of, "section")


@check("promises kept")
def promises_kept(f: Facts, step: StepRow) -> Evidence:
    """The brief is complete, and every promise is kept or a CTA."""
    left = sum(f.promises.get(id_, 0) for id_ in f.accounts)
    return Evidence(False, f"{plural(left, 'promise')} without a CTA") if left else brief_complete(f, step)


@check("agreed")
def agreed(f: Facts, step: StepRow) -> Evidence:
    """The receiving manager said so, or the account is small enough."""
    if f.row.agreed_at is not None:
        return Evidence(True, "agreed")
    arr = f.arr_of(f.members[0]) if len(f.members) == 1 else f.row.arr
    small = arr is not None and arr < f.settings["agree_below"]
    return Evidence(small, "agreed by itself: a small account" if small else "the manager has not agreed yet")


@check("read")
def read(f: Facts, step: StepRow) -> Evidence:
    """The incoming side has opened the account since the brief was last written, and no question is open."""
    left = [one for one in f.questions if one.is_open]
    for id_ in f.accounts:
        brief = f.current_brief(id_)
        looked = f.looks.get((f.row.to_csm_id or 0, id_))
        has_signed = brief is not None and brief.signed_at is not None
        if not has_signed and (looked is None or (brief is not None and brief.sections and looked < brief.written_at)):
            return Evidence(False, "not opened by the incoming side since the brief was written")
    return Evidence(False, plural(len(left), "open question")) if left else Evidence(True, "read")


@check("internal call")
def internal_call(f: Facts, step: StepRow) -> Evidence:
    """Both sides were at a meeting among ourselves."""
    for id_ in f.accounts:
        for one in f.since_start(id_):
            if one.is_meeting and not one.with_customer and one.ours & f.outs and one.ours & f.ins - f.outs:
                return Evidence(True, f"held {day(f.calendar.local_date(one.at), f.today)}")
    return _planned(f, "no meeting of both sides is logged", internal=True)


def _told(f: Facts, account_id: int) -> Happened | None:
    """What told the customer: an outreach to a driver (to anybody who can be reached, where none is), not by who takes over."""
    drivers = {one.person_id for one in f.members_of(account_id, "driver") if one.reachable}
    wanted = drivers or {one.person_id for one in f.members_of(account_id) if one.reachable}
    strangers = set[int]() if f.row.kind == TransitionKind.POD else f.ins - f.outs
    for one in f.since_start(account_id):
        if one.is_outreach and (one.people & wanted or not wanted) and one.author_id not in strangers:
            return one
    return None


@check("customer told")
def customer_told(f: Facts, step: StepRow) -> Evidence:
    """A driver (or, without one, a member) was written to since the start, by who is known there."""
    done = sum(_told(f, id_) is not None for id_ in f.accounts)
    return counted(done, len(f.accounts), "customer") if len(f.accounts) > 1 else Evidence(bool(done), "told" if done else "not told yet")


check("letter sent")(customer_told)


@check("introduced")
def introduced(f: Facts, step: StepRow) -> Evidence:
    """A meeting with the customer and both sides, or so many tries after the note that a letter has to do."""
    key = [one.account_id for one in f.members if len(f.members) == 1 or f.is_key(one)]
    missing = [id_ for id_ in key if not _introduced(f, id_)]
    return _planned(f, "no meeting with both sides and a member is logged") if missing else Evidence(True, "introduced")


def _introduced(f: Facts, account_id: int) -> bool:
    members = {one.person_id for one in f.members_of(account_id)}
    for one in f.since_start(account_id):
        there = bool(one.people & members) if members else one.with_customer
        if one.is_meeting and there and one.ours & f.outs and one.ours & f.ins:
            return True
    told = _told(f, account_id)
    after = [one for one in f.since_start(account_id) if told is not None and (one.at, one.id) > (told.at, told.id)]
    tries = [one for one in after if one.is_outreach]
    off = [one for one in f.happened.get(account_id, ()) if one.is_meeting and one.state == "cancelled" and not one.internal
           and f.is_after(one, f.began)]  # fmt: skip
    return len(tries) + len(off) >= TRIES


@check("last call")
def last_call(f: Facts, step: StepRow) -> Evidence:
    """A meeting with a driver, or so many tries."""
    for id_ in f.accounts:
        drivers = {one.person_id for one in f.members_of(id_, "driver")}
        met = [one for one in f.since_start(id_) if one.is_meeting and (one.people & drivers if drivers else one.with_customer)]
        tries = [one for one in f.since_start(id_) if one.is_outreach and not one.is_meeting]
        if not met and len(tries) < TRIES:
            return _planned(f, f"no call with a driver is logged ({plural(len(tries), 'try', 'tries')})")
    return Evidence(True, "held, or tried often enough")


def _planned(f: Facts, otherwise: str, internal: bool = False) -> Evidence:
    for id_ in f.accounts:
        for one in f.happened.get(id_, ()):
            if one.state == "planned" and one.is_meeting and one.internal == internal and one.at >= f.now:
                return Evidence(False, f"planned for {day(f.calendar.local_date(one.at), f.today)}")
    return Evidence(False, otherwise)


@check("signed")
def signed(f: Facts, step: StepRow) -> Evidence:
    """The brief is signed at its current version, and the hand-over accepted."""
    for id_ in f.accounts:
        brief = f.current_brief(id_)
        if brief is not None and brief.signed_at is None and f.row.accepted_at is None:
            return Evidence(False, f"version {brief.version} is not signed; accepting signs it")
    return accepted(f, step)


@check("accepted")
def accepted(f: Facts, step: StepRow) -> Evidence:
    """It was accepted."""
    at = f.row.accepted_at
    return Evidence(at is not None, f"accepted {day(f.calendar.local_date(at), f.today)}" if at else "not accepted yet")


@check("criteria met")
def criteria_met(f: Facts, step: StepRow) -> Evidence:
    """Each criterion of the pool holds, or a lead waived it."""
    left = [one for one in f.criteria if not one.holds and one.key not in f.waived]
    if left:
        words = [one.title + (f" ({one.says})" if one.says else "") for one in left]
        return Evidence(False, f"not so: {listed(words)}")
    return Evidence(True, "all met" + (f", {len(f.waived)} waived" if f.waived else ""))


@check("gate passed")
def gate_passed(f: Facts, step: StepRow) -> Evidence:
    """The gatekeeper let it in, since it was last sent back."""
    if f.extra.get("gate"):
        return Evidence(True, "passed")
    why = f" · sent back: {f.row.sent_back_why}" if f.row.sent_back_why else ""
    return Evidence(False, (f.escalation or "waits for the gatekeeper") + why)


@check("value mail")
def value_mail(f: Facts, step: StepRow) -> Evidence:
    """The pool wrote since it took over."""
    done = all(any(one.is_outreach for one in f.since_handed(id_)) for id_ in f.accounts) and f.row.accepted_at is not None
    return Evidence(done, "sent" if done else "the pool has not written yet")


@check("replies answered")
def replies_answered(f: Facts, step: StepRow) -> Evidence:
    """No mail that came in waits for longer than two business days."""
    if f.row.accepted_at is None or (step.due is not None and f.today < step.due):
        return Evidence(False, "watched until its day")
    waiting = 0
    for id_ in f.accounts:
        since = f.since_handed(id_)
        for one in since:
            answered = any(other.at > one.at and not other.inbound and not other.internal for other in since)
            age = f.calendar.business_days_between(f.calendar.local_date(one.at), f.today)
            waiting += one.inbound and not answered and age > REPLY_DAYS
    return Evidence(not waiting, plural(waiting, "mail") + " without an answer" if waiting else "none waits")


@check("stay decided")
def stay_decided(f: Facts, step: StepRow) -> Evidence:
    """Somebody said whether it stays."""
    stay = f.extra.get("stay")
    return Evidence(bool(stay), str(stay or "stay, or back to a CSM?"))


@check("business case")
def business_case(f: Facts, step: StepRow) -> Evidence:
    """A reason, and the manager's word."""
    if not f.row.reason:
        return Evidence(False, "a reason is missing")
    return Evidence(f.row.agreed_at is not None, "agreed" if f.row.agreed_at else "the manager has not agreed yet")


@check("incoming chosen")
def incoming_chosen(f: Facts, step: StepRow) -> Evidence:
    """A CSM was chosen, and why is known."""
    row = f.row
    if row.to_csm_id is None:
        return Evidence(False, "nobody chosen")
    return Evidence(bool(row.proposal), f"{row.to_csm_name}: {row.proposal or 'say why'}")


@check("network found")
def network_found(f: Facts, step: StepRow) -> Evidence:
    """The network has its minimum, or a CTA plans for it."""
    for id_ in f.accounts:
        least = f.known[id_].network_min or 3
        if len(f.members_of(id_)) < least and not any("network" in one.title.casefold() for one in f.things if one.thing == "cta"):
            return Evidence(False, f"{len(f.members_of(id_))} of {least} members, and no CTA plans for more")
    return Evidence(True, "enough, or planned")


@check("claimer call")
def claimer_call(f: Facts, step: StepRow) -> Evidence:
    """A call with who knew it last, if somebody does."""
    recent = {id_ for account in f.accounts for one in f.since_start(account) for id_ in one.ours & f.outs}
    held = {one.owner_id for one in f.things if one.owner_id is not None and one.owner_id != f.row.to_csm_id}
    if not recent and not held:
        return Evidence(True, "no recent claimer")
    return internal_call(f, step)


@check("introduced self")
def introduced_self(f: Facts, step: StepRow) -> Evidence:
    """The incoming CSM wrote to the customer."""
    me = {f.row.to_csm_id} if f.row.to_csm_id is not None else set()
    done = all(any(one.is_outreach and one.author_id in me for one in f.since_start(id_)) for id_ in f.accounts)
    return Evidence(done, "written" if done else "not written yet")


@check("systems")
def systems(f: Facts, step: StepRow) -> Evidence:
    """Each other system was told."""
    from cockpit.services.transition_systems import listed_systems

    wanted, done = listed_systems(f), f.extra.get("systems", {})
    return counted(sum(one in done for one in wanted), len(wanted), "system")


@check("own touch")
def own_touch(f: Facts, step: StepRow) -> Evidence:
    """The incoming CSM met or wrote to each member since the hand-over."""
    done = of = 0
    for id_ in f.accounts:
        touched = {who for one in f.since_handed(id_) if one.ours & f.ins for who in one.people}
        members = {one.person_id for one in f.members_of(id_)}
        of, done = of + len(members), done + len(members & touched)
    return Evidence(False, "after the hand-over") if f.row.accepted_at is None else counted(done, of, "member")


@check("checked in")
def checked_in(f: Facts, step: StepRow) -> Evidence:
    """The CTA of each account is closed, and the sentiment was said about then."""
    ctas = check_ins(step)
    if not ctas or f.row.accepted_at is None:
        return Evidence(False, "made at the hand-over")
    closed = [at for cta in ctas if (found := f.ctas.get(cta)) is not None and found[0] == "closed" and (at := found[1]) is not None]
    if len(closed) < len(ctas):
        left = len(ctas) - len(closed)
        return Evidence(False, f"CTA {ctas[0]} is open" if len(ctas) == 1 else f"{left} of {plural(len(ctas), 'CTA')} open")
    since = f.calendar.local_date(min(closed)) - timedelta(days=14)
    has_said = all((said := f.known[id_].sentiment_on) is not None and said >= since for id_ in f.accounts)
    return Evidence(has_said, "closed" if has_said else f"CTA {ctas[0]} is closed; say how the customer feels")


@check("answered by us")
def answered(f: Facts, step: StepRow) -> Evidence:
    """No question is open, and the days for them are over."""
    left = sum(one.is_open for one in f.questions)
    if left:
        return Evidence(False, plural(left, "open question"))
    return Evidence(step.due is not None and f.today > step.due, "no open question")


@check("kicked off")
def kicked_off(f: Facts, step: StepRow) -> Evidence:
    """A meeting with the customer since the hand-over, and a goal."""
    met = all(any(one.is_meeting and one.with_customer for one in f.since_handed(id_)) for id_ in f.accounts)
    if f.row.accepted_at is None or not met:
        return _planned(f, "no kick-off meeting is logged")
    aims = all(f.known[id_].goals for id_ in f.accounts)
    return Evidence(aims, "held, with a goal" if aims else "held; a goal is missing")
