"""The checks of covers and of pods, where one transition has several accounts."""

from __future__ import annotations

from datetime import timedelta

from cockpit.domain import brief as rules
from cockpit.domain.say import day, plural
from cockpit.services.evidence import Evidence
from cockpit.services.transition_evidence import LATE_DAYS, RENEWAL_DAYS, Facts, check, counted
from db.reads.transition import StepRow
from db.terms import TransitionState


@check("window decided")
def window_decided(f: Facts, step: StepRow) -> Evidence:
    """What falls due until shortly after the return is decided."""
    until = f.calendar.add_business_days(f.row.returns_on or f.row.target, LATE_DAYS)
    due = [one for one in f.things if one.due is not None and one.due <= until]
    return counted(sum(one.choice is not None for one in due), len(due), "thing due")


@check("pod call")
def pod_call(f: Facts, step: StepRow) -> Evidence:
    """The pod walked through it together."""
    wanted = set(f.pods.get(f.row.to_pod_id or f.row.from_pod_id or 0, ()))
    best: set[int] = set()
    for id_ in f.accounts:
        for one in f.since_start(id_):
            if one.is_meeting and not one.with_customer and len(one.ours & wanted) > len(best):
                best = one.ours & wanted
    return counted(len(best), len(wanted), "pod member")


@check("scoped")
def scoped(f: Facts, step: StepRow) -> Evidence:
    """Each account has a coverer (or the pool) and a level."""
    if f.row.returns_on is None:
        return Evidence(False, "the day of the return is missing")
    done = sum((one.csm_id is not None or f.row.to_pool_id is not None) and one.level is not None for one in f.members)
    return counted(done, len(f.members), "account")


@check("cover notes")
def cover_notes(f: Facts, step: StepRow) -> Evidence:
    """A cover note for each account that is covered in full."""
    full = [one.account_id for one in f.members if one.level != "answer_only"]
    done = sum((brief := f.current_brief(id_)) is not None and not rules.missing(brief.form, brief.sections) for id_ in full)
    return counted(done, len(full), "cover note")


@check("cover logged")
def cover_logged(f: Facts, step: StepRow) -> Evidence:
    """Until the return, or with an entry for each account the coverer worked on."""
    if f.row.accepted_at is None or f.today < (f.row.returns_on or f.row.target):
        return Evidence(False, "while the cover runs")
    worked = {one.account_id for one in f.things if one.owner_id in f.ins}
    silent = [id_ for id_ in worked if not any(one.author_id in f.ins for one in f.since_handed(id_))]
    return Evidence(not silent, plural(len(silent), "account") + " without an entry" if silent else "logged")


@check("return signed")
def return_signed(f: Facts, step: StepRow) -> Evidence:
    """The coverer signed the return list."""
    by = f.extra.get("returned")
    return Evidence(bool(by), "signed" if by else "the coverer has not signed the return list")


@check("taken back")
def taken_back(f: Facts, step: StepRow) -> Evidence:
    """The owner has it back."""
    done = f.row.state == TransitionState.DONE
    return Evidence(done, "taken back" if done else "not taken back yet")


@check("back or extended")
def back_or_extended(f: Facts, step: StepRow) -> Evidence:
    """She is back, or the day she will be is still to come."""
    if f.row.state == TransitionState.DONE:
        return Evidence(True, "back")
    late = f.row.returns_on is not None and f.today > f.row.returns_on
    return Evidence(False, "not back: extend, or hand it over" if late else f"expected {day(f.row.returns_on or f.row.target, f.today)}")


@check("patch split")
def patch_split(f: Facts, step: StepRow) -> Evidence:
    """Every account has a lead and a second."""
    return counted(sum(one.csm_id is not None and one.second_id is not None for one in f.members), len(f.members), "account")


@check("strategic named")
def strategic_named(f: Facts, step: StepRow) -> Evidence:
    """Accounts whose renewal is near, and large ones, are led by a senior."""
    pod = f.pods.get(f.row.to_pod_id or f.row.from_pod_id or 0, {})
    until = f.today + timedelta(days=RENEWAL_DAYS)
    near = [one for one in f.members if (one.renewal_date and one.renewal_date <= until) or f.is_key(one)]
    return counted(sum(bool(pod.get(one.csm_id or 0)) for one in near), len(near), "strategic account")


@check("pod briefs")
def pod_briefs(f: Facts, step: StepRow) -> Evidence:
    """A brief for each large account, a patch note for the rest."""
    large = [one.account_id for one in f.members if f.is_key(one)]
    done = sum((brief := f.current_brief(id_)) is not None and not rules.missing(brief.form, brief.sections) for id_ in large)
    if done < len(large):
        return counted(done, len(large), "brief")
    rest = len(f.members) - len(large)
    has_note = not rest or rules.is_written(f.extra.get("patch_note"))
    return Evidence(has_note, "written" if has_note else f"a patch note for {plural(rest, 'smaller account')} is missing")


@check("sponsors met")
def sponsors_met(f: Facts, step: StepRow) -> Evidence:
    """Each sponsor was met by the second contact since the hand-over."""
    if f.row.accepted_at is None:
        return Evidence(False, "after the hand-over")
    done = of = 0
    for one in f.members:
        met = {who for it in f.since_handed(one.account_id) if it.is_meeting and one.second_id in it.ours for who in it.people}
        drivers = {seat.person_id for seat in f.members_of(one.account_id, "driver")}
        of, done = of + len(drivers), done + len(drivers & met)
    return counted(done, of, "sponsor")
