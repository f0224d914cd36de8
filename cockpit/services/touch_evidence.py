"""Checks of what was looked at, logged and written: see ``cockpit.services.evidence``."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from cockpit.domain.say import day
from cockpit.services.calendars import calendar_for
from cockpit.services.evidence import Asked, Evidence, Known, check
from db.reads.evidence import Entry
from db.terms import NetworkRole

_WRITTEN = frozenset({"outreach", "email"})
_SPOKEN = frozenset({"call", "meeting"})


def missing(known: Known, asked: Asked, what: str) -> Evidence:
    """Not done yet, since when."""
    since = calendar_for(asked.task.time_zone or "UTC").local_date(max(asked.since, known.since))
    return Evidence(False, f"{what} since {day(max(since, asked.since_day), known.desk.today())}")


def found(known: Known, asked: Asked, entry: Entry) -> Evidence:
    """Done by an entry of the timeline."""
    on = calendar_for(asked.task.time_zone or "UTC").local_date(entry.at)
    return Evidence(True, f"{entry.type} “{entry.subject}” on {day(on, known.desk.today())}")


def by_entry(known: Known, asked: Asked, what: str, fits: Callable[[Entry], bool], among: Iterable[Entry] | None = None) -> Evidence:
    """Done by the first entry since that fits."""
    entries = known.entries(asked) if among is None else among
    one = next((entry for entry in entries if fits(entry)), None)
    return found(known, asked, one) if one else missing(known, asked, what)


def is_spoken(entry: Entry) -> bool:
    """A call or a meeting."""
    return entry.is_meeting or entry.type.casefold() in _SPOKEN


def with_customer(known: Known, entry: Entry) -> bool:
    """Somebody of the customer was there, or nobody is named."""
    seats = known.seats(entry)
    return not entry.internal and (not seats or any(s.attended and (s.person_id or s.email) for s in seats))


@check("account opened")
def account_opened(known: Known, asked: Asked) -> Evidence:
    """By whose step it is; by anybody where it is nobody's."""
    looks = known.looks(asked)
    mine = {csm: at for csm, at in looks.items() if asked.task.owner_id in (None, csm)}
    if mine:
        on = calendar_for(asked.task.time_zone or "UTC").local_date(min(mine.values()))
        return Evidence(True, f"opened on {day(on, known.desk.today())}")
    return missing(known, asked, f"{asked.task.account or 'the account'} was not opened by {asked.task.owner_name or 'anybody'}")


@check("entry logged")
def entry_logged(known: Known, asked: Asked) -> Evidence:
    """Anything with the customer."""
    return by_entry(known, asked, "nothing with the customer was logged", lambda one: with_customer(known, one))


@check("outreach logged")
def outreach_logged(known: Known, asked: Asked) -> Evidence:
    """Ours, to a member of the network (or, where there is none, to anybody of the account)."""
    members = {one.person_id for one in known.network(asked)} or {one.person_id for one in known.members(asked)}

    def fits(entry: Entry) -> bool:
        people = {seat.person_id for seat in known.seats(entry)}
        return not entry.inbound and _reaches(entry) and bool(people & members if members else with_customer(known, entry))

    return by_entry(known, asked, "no outreach, mail or call to the network was logged", fits)


@check("reply logged")
def reply_logged(known: Known, asked: Asked) -> Evidence:
    """Ours, to who the CTA is about; to anybody of the customer where it names nobody."""
    about = known.about(asked)

    def fits(entry: Entry) -> bool:
        people = {seat.person_id for seat in known.seats(entry)}
        return not entry.inbound and _reaches(entry) and bool(people & about if about else with_customer(known, entry))

    return by_entry(known, asked, f"no mail, call or meeting with {'them' if about else 'the customer'} was logged", fits)


@check("call logged", "meeting logged")
def call_logged(known: Known, asked: Asked) -> Evidence:
    """With the customer."""
    what = "no call or meeting with the customer was logged"
    return by_entry(known, asked, what, lambda one: is_spoken(one) and with_customer(known, one))


@check("meeting with a driver")
def met_a_driver(known: Known, asked: Asked) -> Evidence:
    """A driver was there."""
    drivers = {one.person_id: one.name for one in known.network(asked) if one.network_role == NetworkRole.DRIVER}
    if not drivers:
        return Evidence(False, "the network has no value driver to meet")
    names = " or ".join(sorted(drivers.values())[:3])
    return by_entry(
        known, asked, f"no call or meeting with {names} was logged", lambda one: is_spoken(one) and bool(known.met(one) & drivers.keys())
    )


@check("meetings planned")
def meetings_planned(known: Known, asked: Asked) -> Evidence:
    """With a member of the network; one that was held since will do."""
    members = {one.person_id for one in known.network(asked)}

    def fits(entry: Entry) -> bool:
        return entry.is_meeting and (not members or any(seat.person_id in members for seat in known.seats(entry)))

    return by_entry(known, asked, "no meeting with the network is planned", fits, [*known.planned(asked), *known.entries(asked)])


@check("answered")
def answered(known: Known, asked: Asked) -> Evidence:
    """The customer wrote, or was spoken to."""
    what = "no answer was logged"
    return by_entry(known, asked, what, lambda one: one.inbound or (is_spoken(one) and bool(known.met(one))))


@check("document made")
def document_made(known: Known, asked: Asked) -> Evidence:
    """A brief, an EBR or another document."""
    made = [one for one in known.facts("document", asked) if one.recorded and one.recorded > asked.since]
    return Evidence(True, f"made: {made[0].word}") if made else missing(known, asked, "no brief or EBR was made")


def _reaches(entry: Entry) -> bool:
    return not entry.internal and (is_spoken(entry) or entry.type.casefold() in _WRITTEN)
