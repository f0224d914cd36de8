"""What is sent around a hand-over: drafts of the introduction and the letter, and both meetings as .ics."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cockpit.domain.clean import clean_line, clean_text
from cockpit.domain.say import day, listed
from cockpit.services import lookup
from cockpit.services.act import Work, act
from cockpit.services.errors import Refused
from cockpit.services.transition import check_side, locked, title
from cockpit.services.transition_evidence import Facts
from db.connection import Db
from db.terms import EntryState, Side, TransitionKind

MINUTES = {"internal": 30, "customer": 45}
HOUR = 10
"""When a meeting is unless somebody says."""
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
    """Drafts the letter to the customer from the kind's words and the account's facts; it is kept among the drafts.

    The draft of an earlier try is written anew. Raises NotFound, Refused (not agreed yet).
    """
    facts = locked(work, transition_id)
    side = Side.IN if facts.row.kind == TransitionKind.POOL_TO_CSM else Side.OUT
    check_side(work, facts, side, "Writing to the customer")
    account_id = _account(work.db, facts, account)
    name = next(one.account for one in facts.members if one.account_id == account_id)
    people = [one for one in facts.members_of(account_id) if one.reachable]
    drivers = [one for one in people if one.role == "driver"] or people
    subject, body = _words(work, facts, name, [one.name for one in drivers[:4]])
    fields = {
        "subject": subject, "body": body, "to": [one.email for one in drivers[:4]], "people": [one.person_id for one in drivers[:4]],
        "transition": transition_id,
    }  # fmt: skip
    old = [row[0] for row in work.db.all("SELECT id FROM draft WHERE account_id = :id AND kind = 'handover'", id=account_id)]
    values = {"account_id": account_id, "author_id": work.me.id, "kind": "handover", "fields": fields, "changed_at": work.now}
    if old:
        work.update("draft", old[0], values)
    made = old[0] if old else work.insert("draft", values)
    work.say(f"Drafted the letter to {name}: {subject}")
    return Drafted(made, account_id, name, subject, body, tuple(one.email or "" for one in drivers[:4]), said=work.act.what)


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
    """Logs that the letter was sent (by one's own mail program): an outreach on the timeline; the draft is gone.

    Raises Refused (no draft, nobody to send it to).
    """
    facts = locked(work, transition_id)
    check_side(work, facts, Side.BOTH, "Sending the letter")
    account_id = _account(work.db, facts, account)
    row = work.db.one("SELECT id FROM draft WHERE account_id = :id AND kind = 'handover'", id=account_id)
    if row is None:
        raise Refused("draft", "There is no draft of the letter yet.")
    from db.connection import as_json

    fields = as_json(work.db.scalar("SELECT fields FROM draft WHERE id = :id", id=row[0]))
    if not fields["people"]:
        raise Refused("people", "Nobody of the network can be mailed: add an address in People first.")
    kind = work.db.scalar("SELECT id FROM activity_type WHERE lower(name) = 'outreach'")
    made = work.insert("activity", {
        "account_id": account_id, "type_id": kind, "author_id": work.me.id, "subject": fields["subject"], "body": fields["body"],
        "at": work.now,
    })  # fmt: skip
    work.insert_many("attendee", [{"activity_id": made, "person_id": one} for one in fields["people"]])
    work.delete("draft", row[0])
    name = next(one.account for one in facts.members if one.account_id == account_id)
    work.say(f"Sent the letter to {name}: {fields['subject']}")
    return Drafted(made, account_id, name, fields["subject"], fields["body"], tuple(fields["to"]), said=work.act.what)


@act("plan_meeting")
def plan_meeting(
    work: Work, transition_id: int, which: str = "internal", at: datetime | None = None, account: str | int | None = None
) -> Planned:
    """Plans the call among ourselves (``internal``) or with the customer: on the timeline as planned, and as .ics.

    Raises Refused (which, past).
    """
    if which not in MINUTES:
        raise Refused("which", f"A meeting is {' or '.join(MINUTES)}, not {which!r}.")
    facts = locked(work, transition_id)
    check_side(work, facts, Side.BOTH, "Planning a meeting")
    account_id = _account(work.db, facts, account)
    name = next(one.account for one in facts.members if one.account_id == account_id)
    step = next((one for one in facts.steps if one.key == ("internal" if which == "internal" else "introduce")), None)
    on = max(step.due or facts.row.target if step is not None else facts.row.target, facts.today)
    begins = at or datetime.combine(on, time(HOUR), ZoneInfo(str(facts.calendar.zone)))
    if begins < work.now:
        begins = begins + timedelta(days=1) if at is None else begins
    if begins < work.now:
        raise Refused("past", "A meeting is planned for a moment to come; log one that was with `log`.")
    ours = sorted(one for one in {*(facts.outs if facts.row.from_csm_id else ()), *([facts.row.to_csm_id] if facts.row.to_csm_id else ())})
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
