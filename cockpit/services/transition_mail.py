"""What is sent around a hand-over: drafts of the introduction and the letter, and both meetings as .ics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cockpit.domain.clean import clean_line, clean_text
from cockpit.domain.say import day, listed
from cockpit.services import lookup, outreach_facts
from cockpit.services.act import Work, act
from cockpit.services.errors import NotFound, Refused
from cockpit.services.rendering import TemplateError, render
from cockpit.services.template import in_use
from cockpit.services.transition import check_side, locked, title
from cockpit.services.transition_evidence import Facts
from db.connection import Db, as_json
from db.reads.transition_facts import Seat
from db.terms import EntryState, Side, TransitionKind

MINUTES = {"internal": 30, "customer": 45}
HOUR = 10
"""When a meeting is unless somebody says."""
TEMPLATES = {TransitionKind.CSM_TO_POOL: "to the pool", TransitionKind.POOL_TO_CSM: "new CSM"}
"""The team's own templates stand in the place of these words, where they are in use."""
_WORDS = {
    TransitionKind.CSM_TO_CSM: (
        "Your new contact at our side from {target}",
        "Dear {people},\n\nfrom {target} {incoming} will look after {account} in my place. {incoming} has read all that we worked on"
        " and has my notes; I would like the two of you to meet before then, with me there.\n\nNothing else changes for you."
        "\n\nKind regards\n{sender}",
    ),
    TransitionKind.CSM_TO_POOL: (
        "How to reach us from {target}",
        "Dear {people},\n\nfrom {target} our team {incoming} looks after {account}. Write to {reply_to}: somebody answers within a"
        " working day, and knows your history. For questions about the product, Support and the help pages stay where they are."
        "\n\nKind regards\n{sender}",
    ),
    TransitionKind.POOL_TO_CSM: (
        "I look after {account} from {target}",
        "Dear {people},\n\nI am {sender} and from {target} I look after {account} in person. I have read what my colleagues and you"
        " worked on; may I have half an hour to hear from you what matters most?\n\nKind regards\n{sender}",
    ),
    TransitionKind.COVER: (
        "Who is there for you from {target} to {returns}",
        "Dear {people},\n\nI am away from {target} to {returns}. {incoming} is there for you meanwhile and knows what is open."
        "\n\nKind regards\n{sender}",
    ),
    TransitionKind.POD: (
        "Who of our team is there for you",
        "Dear {people},\n\nfrom {target} the faces you know in our team share the work on {account} a little differently; {incoming}"
        " is your first contact. You can still write to any of us.\n\nKind regards\n{sender}",
    ),
}


@dataclass(frozen=True, slots=True)
class Drafted:
    """A letter that was drafted: ``id`` of the draft, its words, whom it is for."""

    id: int
    account_id: int
    account: str
    subject: str
    body: str
    to: tuple[str, ...]
    act: int | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """A meeting that was put on the timeline, and its .ics."""

    id: int
    account: str
    at: datetime
    guests: tuple[str, ...]
    ics: str
    act: int | None = None
    said: str = ""


@act("draft_letter")
def draft_letter(work: Work, transition_id: int, account: str | int | None = None) -> Drafted:
    """Drafts the letter to the customer from the kind's words and the account's facts, as a letter among one's drafts.

    It can be gone over and sent like any letter; the draft of an earlier try is written anew. Raises NotFound, Refused.
    """
    facts = _running(work, transition_id)
    side = Side.IN if facts.row.kind == TransitionKind.POOL_TO_CSM else Side.OUT
    check_side(work, facts, side, "Writing to the customer")
    account_id = _account(work.db, facts, account)
    name = next(one.account for one in facts.members if one.account_id == account_id)
    people = [one for one in facts.members_of(account_id) if one.reachable]
    drivers = ([one for one in people if one.role == "driver"] or people)[:4]
    subject, body = _from_template(work, facts, account_id, drivers) or _words(work, facts, name, [one.name for one in drivers])
    to = tuple(one.email or "" for one in drivers)
    fields = {"to": "; ".join(to), "subject": subject, "body": body}
    values = {"account_id": account_id, "author_id": work.me.id, "kind": "letter", "fields": fields, "changed_at": work.now}
    made = _drafted(work.db, facts, account_id)
    if made is None:
        made = work.insert("draft", values)
        letters = {**facts.extra.get("letters", {}), str(account_id): made}
        work.update("transition", transition_id, {"extra": {**facts.extra, "letters": letters}})
        work.insert("decision", {
            "transition_id": transition_id, "thing": "draft", "thing_id": made, "choice": "move", "by_id": work.me.id, "at": work.now,
        })  # fmt: skip
    else:
        work.update("draft", made, values)
    work.say(f"Drafted the letter to {name}: {subject}")
    return Drafted(made, account_id, name, subject, body, to, said=work.act.what)


def _drafted(db: Db, facts: Facts, account_id: int) -> int | None:
    """The draft of the letter to this customer, while there is one."""
    wanted = facts.extra.get("letters", {}).get(str(account_id))
    found = None if wanted is None else db.scalar("SELECT id FROM draft WHERE id = :id", id=wanted)
    return None if found is None else int(found)


def _from_template(work: Work, facts: Facts, account_id: int, people: Sequence[Seat]) -> tuple[str, str] | None:
    """What the team's own template for this kind says; None where there is none in use."""
    name = TEMPLATES.get(TransitionKind(facts.row.kind))
    if name is None or not people:
        return None
    try:
        texts = in_use(work.db, name, work.today)
        row = texts.get("en") or next(iter(texts.values()))
        email = work.db.scalar("SELECT email FROM csm WHERE id = :id", id=work.me.id or 0)
        known = outreach_facts.of_accounts(work.db, [account_id], work.today)[account_id] | {
            "person": outreach_facts.of_person(people[0].name, people[0].title, people[0].email),
            "csm": outreach_facts.of_csm(work.me.name, email), "today": outreach_facts.of_day(work.today),
        }  # fmt: skip
        text = render(row.subject, row.body, known, lenient=True)
    except (NotFound, TemplateError):
        return None
    return text.subject, text.body


def _words(work: Work, facts: Facts, account: str, people: list[str]) -> tuple[str, str]:
    row = facts.row
    pool = work.db.one("SELECT sender_name, reply_to FROM pool WHERE id = :id", id=row.to_pool_id or row.from_pool_id or 0) or (None, None)
    incoming = row.to_csm_name or (pool[0] if row.to_pool_id else None) or row.to_pool or row.to_pod or "a colleague"
    words = {
        "account": account, "people": listed(people) or "all", "incoming": incoming, "target": day(row.target, facts.today),
        "returns": day(row.returns_on, facts.today) if row.returns_on else "", "sender": work.me.name,
        "reply_to": pool[1] or "our team's address",
    }  # fmt: skip
    subject, body = _WORDS[TransitionKind(row.kind)]
    return clean_line(subject.format(**words)), clean_text(body.format(**words))


@act("log_letter")
def log_letter(work: Work, transition_id: int, account: str | int | None = None) -> Drafted:
    """Logs that the letter was sent by one's own mail program: an outreach on the timeline; the draft is gone.

    Raises Refused (no draft, nobody to send it to).
    """
    facts = locked(work, transition_id)
    check_side(work, facts, Side.BOTH, "Sending the letter")
    account_id = _account(work.db, facts, account)
    draft_id = _drafted(work.db, facts, account_id)
    if draft_id is None:
        raise Refused("draft", "There is no draft of the letter: it was sent, or not written yet.")
    fields = as_json(work.db.scalar("SELECT fields FROM draft WHERE id = :id", id=draft_id))
    wanted = [one.strip().casefold() for one in str(fields.get("to", "")).replace(",", ";").split(";") if one.strip()]
    people = [one for one in facts.seats.get(account_id, ()) if one.email and one.email.casefold() in wanted]
    if not people:
        raise Refused("people", "Nobody of the network can be mailed: add an address in People first.")
    kind = work.db.scalar("SELECT id FROM activity_type WHERE lower(name) = 'outreach'")
    made = work.insert("activity", {
        "account_id": account_id, "type_id": kind, "author_id": work.me.id, "subject": fields["subject"], "body": fields.get("body"),
        "at": work.now,
    })  # fmt: skip
    work.insert_many("attendee", [{"activity_id": made, "person_id": one.person_id} for one in people])
    work.delete("draft", draft_id)
    name = next(one.account for one in facts.members if one.account_id == account_id)
    work.say(f"Sent the letter to {name}: {fields['subject']}")
    to = tuple(one.email or "" for one in people)
    return Drafted(made, account_id, name, fields["subject"], fields.get("body") or "", to, said=work.act.what)


@act("plan_meeting")
def plan_meeting(
    work: Work, transition_id: int, which: str = "internal", at: datetime | None = None, account: str | int | None = None
) -> Planned:
    """Plans the call among ourselves (``internal``) or with the customer: on the timeline as planned, and as .ics.

    Raises Refused (which, past).
    """
    if which not in MINUTES:
        raise Refused("which", f"A meeting is {' or '.join(MINUTES)}, not {which!r}.")
    facts = _running(work, transition_id)
    check_side(work, facts, Side.BOTH, "Planning a meeting")
    account_id = _account(work.db, facts, account)
    name = next(one.account for one in facts.members if one.account_id == account_id)
    step = next((one for one in facts.steps if one.key == ("internal" if which == "internal" else "introduce")), None)
    on = max(step.due or facts.row.target if step is not None else facts.row.target, facts.today)
    begins = at or datetime.combine(on, time(HOUR), ZoneInfo(str(facts.calendar.zone)))
    if begins < work.now and at is None:
        begins = datetime.combine(facts.calendar.add_business_days(on, 1), time(HOUR), begins.tzinfo)
    if begins < work.now:
        raise Refused("past", "A meeting is planned for a moment to come; log one that was with `log`.")
    ours = _ours(facts, account_id)
    people = [] if which == "internal" else [one.person_id for one in facts.members_of(account_id) if one.reachable][:6]
    kind = work.db.scalar("SELECT id FROM activity_type WHERE lower(name) = 'meeting'")
    subject = f"Hand-over of {name}" if which == "internal" else f"Introduction: {facts.row.to_csm_name or facts.row.to_pool or name}"
    made = work.insert("activity", {
        "account_id": account_id, "type_id": kind, "author_id": work.me.id, "subject": subject, "at": begins, "state": EntryState.PLANNED,
        "ends_at": begins + timedelta(minutes=MINUTES[which]), "internal": which == "internal",
        "key": f"transition-{transition_id}-{which}-{work.act.uid.hex()[:12]}@cockpit",
    })  # fmt: skip
    seats: list[dict[str, Any]] = [{"activity_id": made, "csm_id": one} for one in ours]
    work.insert_many("attendee", seats + [{"activity_id": made, "person_id": one} for one in people])
    local = begins.astimezone(ZoneInfo(work.me.time_zone))
    work.say(f"Planned: {subject}, {day(local.date(), work.today)} {local:%H:%M}")
    guests, text = _invitation(work, made, subject, begins, begins + timedelta(minutes=MINUTES[which]))
    return Planned(made, name, begins, guests, text, said=work.act.what)


def _running(work: Work, transition_id: int) -> Facts:
    facts = locked(work, transition_id)
    if facts.row.ended_at is not None:
        raise Refused("ended", f"This transition is {facts.row.state}.")
    return facts


def _ours(facts: Facts, account_id: int) -> list[int]:
    """Who of us is asked: both CSMs, in a pod everybody of it; the colleagues of a pool are too many, and join no call."""
    row = facts.row
    found: set[int | None] = {*facts.outs} if row.from_csm_id else set()
    found |= {row.to_csm_id} | {id_ for one in facts.members if one.account_id == account_id for id_ in (one.csm_id, one.second_id)}
    if row.kind == TransitionKind.POD:
        found |= {id_ for pod in (row.from_pod_id, row.to_pod_id) for id_ in facts.pods.get(pod or 0, ())}
    return sorted(id_ for id_ in found if id_ is not None)


def _invitation(work: Work, activity_id: int, subject: str, begins: datetime, ends: datetime) -> tuple[tuple[str, ...], str]:
    """Who is asked, and the event as iCalendar text."""
    from icalendar import Calendar, Event

    rows = work.db.all(
        "SELECT coalesce(n.name, o.name), coalesce(n.email, o.email) FROM attendee g LEFT JOIN person n ON n.id = g.person_id"
        " LEFT JOIN csm o ON o.id = g.csm_id WHERE g.activity_id = :id ORDER BY g.id",
        id=activity_id,
    )
    made = Calendar()
    made.add("prodid", "-//Cockpit//Cockpit//EN")
    made.add("version", "2.0")
    made.add("method", "REQUEST")
    event = Event()
    event.add("uid", str(work.db.scalar("SELECT key FROM activity WHERE id = :id", id=activity_id)))
    event.add("dtstamp", work.now)
    event.add("dtstart", begins)
    event.add("dtend", ends)
    event.add("summary", clean_line(subject))
    for _, email in rows:
        if email:
            event.add("attendee", f"mailto:{clean_line(email)}")
    made.add_component(event)
    return tuple(row[0] for row in rows), bytes(made.to_ical()).decode("utf-8")


def _account(db: Db, facts: Facts, account: str | int | None) -> int:
    if account is not None:
        found = lookup.find_account(db, account)
        if found not in facts.accounts:
            raise Refused("account", f"That account is not part of the transition of {title(facts)}.")
        return found
    if len(facts.accounts) != 1:
        raise Refused("account", "Say which of its accounts.")
    return facts.accounts[0]
