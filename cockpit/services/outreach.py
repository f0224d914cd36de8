"""Outreach: a template, rendered for each person of the accounts a query matches, checked against the contact rules.

What may go is written to the outbox and to the timeline in one act; ``cockpit.services.delivery`` brings it out.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from cockpit.desk import Desk
from cockpit.domain import say
from cockpit.domain.contact import No, Recipient, Rules, Why, address_of, language_for, refusals, sender
from cockpit.domain.service_model import FOLLOW_UP, Served, copied, follow_up
from cockpit.services import outreach_facts
from cockpit.services.act import LEADERS, Work, act
from cockpit.services.calendars import calendar_for
from cockpit.services.errors import NotFound, Refused
from cockpit.services.rendering import TemplateError, render
from cockpit.services.template import MAIL, TemplateRow, in_use
from db.connection import Db, as_json
from db.reads import outreach as reads
from db.reads.outreach import Candidate
from db.terms import EntryState, MailState, ServedBy

CHANNELS = ("smtp", "eml", "csv")
RULES = "outreach.rules"
KEY_DOMAIN = "cockpit.invalid"
"""What stands after the @ of a Message-ID: ours alone, and nobody's address (RFC 2606)."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail as it would go; with ``refused`` it would not, and ``says`` tells why."""

    account_id: int
    account: str
    person_id: int | None = None
    person: str | None = None
    to: str | None = None
    cc: str | None = None
    sender: str | None = None
    reply_to: str | None = None
    language: str | None = None
    subject: str | None = None
    body: str | None = None
    refused: tuple[str, ...] = ()
    says: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """Every mail of an outreach, those that would not go among them."""

    template: str
    mails: tuple[Mail, ...]

    @property
    def going(self) -> tuple[Mail, ...]:
        """Those that would go."""
        return tuple(mail for mail in self.mails if not mail.refused)

    @property
    def refused(self) -> tuple[Mail, ...]:
        """Those that would not."""
        return tuple(mail for mail in self.mails if mail.refused)


@dataclass(frozen=True, slots=True)
class Queued:
    """An outreach in the outbox: how many mails, and who was left out and why."""

    batch: str
    queued: int
    accounts: int
    refused: tuple[Mail, ...]
    tasks: int = 0
    """Follow-ups left for the CSMs of hybrid accounts."""
    act: int | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class RulesSet:
    """The contact rules after somebody set them."""

    rules: Rules
    act: int | None = None
    said: str = ""


class Ready(NamedTuple):
    """A mail that may go, with what it is written from."""

    candidate: Candidate | None
    mail: Mail
    template_id: int | None


def rules(db: Db) -> Rules:
    """The store's contact rules, or those that ship."""
    stored = db.scalar("SELECT value FROM setting WHERE key = :key", key=RULES)
    return Rules() if stored is None else Rules(**as_json(stored))


def contact_rules(desk: Desk) -> Rules:
    """The contact rules in force."""
    with desk.store.read() as db:
        return rules(db)


@act("set_contact_rules", by=LEADERS)
def set_rules(work: Work, fields: Mapping[str, int | bool]) -> RulesSet:
    """Changes contact rules. Raises Refused."""
    now = rules(work.db)
    values = {name: getattr(now, name) for name in ("cap", "cap_days", "quiet_in_escalation", "quiet_in_transition")}
    if unknown := next((name for name in fields if name not in values), None):
        raise Refused("field", f"There is no contact rule {unknown!r}: there are {', '.join(values)}.")
    try:
        made = Rules(**(values | dict(fields)))
    except ValueError as error:
        raise Refused("rules", str(error)) from error
    row = work.db.scalar("SELECT id FROM setting WHERE key = :key", key=RULES)
    value = {name: getattr(made, name) for name in values}
    if row is None:
        work.insert("setting", {"key": RULES, "value": value})
    else:
        work.update("setting", row, {"value": value})
    work.say(f"Contact rules: at most {say.plural(made.cap, 'mail')} to a person in {say.plural(made.cap_days, 'day')}")
    return RulesSet(made, said=work.act.what)


def preview(
    desk: Desk, template: str, where: str = "", to: str = "drivers", accounts: Sequence[int] | None = None
) -> Preview:
    """What an outreach would send, mail by mail, and what it would not and why. Raises NotFound, Refused, QueryError."""
    with desk.store.read() as db:
        texts = _texts(db, template, desk)
        ready = _prepare(desk, db, texts, _condition(desk, db, where, accounts), to)
    return Preview(next(iter(texts.values())).name, tuple(one.mail for one in ready))


@act("outreach")
def send_outreach(
    work: Work,
    template: str,
    where: str = "",
    to: str = "drivers",
    accounts: Sequence[int] | None = None,
    channel: str = "smtp",
    at: datetime | None = None,
    stops_on_reply: bool = True,
) -> Queued:
    """Writes the mails that may go into the outbox, due now or ``at`` a moment, each with its entry on the timeline.

    Raises NotFound, Refused (nobody to write to, channel, moment in the past), QueryError.
    """
    check_channel(channel, at, work.now)
    texts = _texts(work.db, template, work.desk)
    made = _prepare(work.desk, work.db, texts, _condition(work.desk, work.db, where, accounts), to)
    ready = [one for one in made if not one.mail.refused]
    refused = tuple(one.mail for one in made if one.mail.refused)
    if not ready:
        raise Refused("nobody", f"Nobody can be written to: {_why_nobody(refused)}")
    batch = f"outreach {os.urandom(4).hex()}"
    write(work, ready, batch, channel, at, stops_on_reply=stops_on_reply)
    tasks = follow_ups(work, ready, None)
    name = next(iter(texts.values())).name
    count = len({one.mail.account_id for one in ready})
    when = "" if at is None else f", due {say.at(at, work.now, calendar_for(work.me.time_zone).zone)}"
    left = f"; {len(refused)} left out" if refused else ""
    work.say(f"Outreach “{name}” to {say.plural(len(ready), 'person', 'people')} of {say.plural(count, 'account')}{when}{left}")
    return Queued(batch, len(ready), count, refused, tasks, said=work.act.what)


def check_channel(channel: str, at: datetime | None, now: datetime) -> None:
    """Raises Refused for a channel there is not, or a moment that has passed."""
    if channel not in CHANNELS:
        raise Refused("channel", f"Mail goes by {say.listed(CHANNELS, 'or')}, not {channel!r}.")
    if at is not None and at < now - timedelta(minutes=1):
        raise Refused("at", "That moment has passed: leave --at out to send now.")


def write(
    work: Work, ready: Sequence[Ready], batch: str, channel: str, at: datetime | None, *, stops_on_reply: bool,
    cta: int | None = None,
) -> list[int]:
    """The entries, who they are to, and the rows of the outbox; returns the entries' ids."""
    type_id = work.db.scalar("SELECT id FROM activity_type WHERE lower(name) = 'outreach'")
    if type_id is None:
        raise NotFound("There is no activity type outreach: `cockpit activity-type new outreach` makes it.")
    keys = [f"{work.act.new_uid().hex()}@{KEY_DOMAIN}" for _ in ready]
    entries = work.insert_many("activity", [
        {"account_id": one.mail.account_id, "cta_id": cta, "type_id": type_id, "author_id": work.me.id, "subject": one.mail.subject,
         "body": one.mail.body, "at": at or work.now, "state": EntryState.PLANNED, "key": key}
        for one, key in zip(ready, keys, strict=True)
    ])  # fmt: skip
    work.insert_many("attendee", [
        {"activity_id": entry, "person_id": one.mail.person_id, "attended": False}
        for entry, one in zip(entries, ready, strict=True)
    ])  # fmt: skip
    work.insert_many("outbox", [
        {"key": key, "account_id": one.mail.account_id, "person_id": one.mail.person_id, "cta_id": cta, "activity_id": entry,
         "template_id": one.template_id, "sender_id": work.me.id, "batch": batch, "channel": channel, "recipient": one.mail.to,
         "cc": one.mail.cc, "subject": one.mail.subject, "body": one.mail.body, "state": MailState.QUEUED, "due_at": at,
         "stops_on_reply": stops_on_reply}
        for entry, one, key in zip(entries, ready, keys, strict=True)
    ])  # fmt: skip
    return entries


def follow_ups(work: Work, ready: Sequence[Ready], by: int | None) -> int:
    """One task for the CSM of each hybrid account that got mail; ``by`` writes herself, None is the pool."""
    tasks: dict[int, dict[str, Any]] = {}
    for one in ready:
        of = one.candidate
        if of is None:
            continue
        calendar = calendar_for(of.time_zone or "UTC", of.calendar)
        left = follow_up(served(of), by, one.mail.subject or "", calendar.local_date(work.now), calendar)
        if left is not None and left.account not in tasks:
            tasks[left.account] = {
                "account_id": left.account, "owner_id": left.owner, "key": FOLLOW_UP, "title": left.title, "due": left.due,
            }  # fmt: skip
    work.insert_many("task", list(tasks.values()))
    return len(tasks)


def served(of: Candidate) -> Served:
    """How an account is served, as the service model asks."""
    return Served(of.account_id, ServedBy(of.served_by), of.owner_id)


def _condition(desk: Desk, db: Db, where: str, accounts: Sequence[int] | None) -> tuple[str, dict[str, Any]]:
    from cockpit.services.query import compiled

    sql, params = compiled(desk, db, where, "account")
    if accounts is not None:
        sql = f"{sql} AND a.id IN ({', '.join(str(int(one)) for one in accounts) or 'NULL'})"
    elif not where.strip():
        raise Refused("where", "Say which accounts: a query such as 'segment:small renewal:<120d'.")
    return sql, params


def _texts(db: Db, template: str, desk: Desk) -> dict[str, TemplateRow]:
    found = in_use(db, template, desk.today())
    one = next(iter(found.values()))
    if one.kind not in MAIL:
        raise Refused("kind", f"{one.name} is no mail: it is a {one.kind}.")
    fresh = {language: row for language, row in found.items() if not row.is_expired}
    if not fresh:
        raise Refused("expired", f"Template {one.name} expired on {one.expires}: look it over and apply it with a later day.")
    return fresh


def _prepare(
    desk: Desk, db: Db, texts: Mapping[str, TemplateRow], condition: tuple[str, dict[str, Any]], to: str
) -> list[Ready]:
    if to not in reads.TO:
        raise Refused("to", f"A mail is to {say.listed(list(reads.TO), 'or')}, not {to!r}.")
    found = reads.candidates(db, *condition, to)
    made = judge(desk, db, found, texts)
    got = {one.account_id for one in found}
    whom = "person" if to == "all" else f"{to.removesuffix('s')}" if to != "network" else "member of the network"
    made += [
        Ready(None, Mail(id_, name, refused=(Why.NOBODY,), says=f"no {whom} is known"), None)
        for id_, name in reads.accounts(db, *condition)
        if id_ not in got
    ]
    return made


def judge(
    desk: Desk, db: Db, found: Sequence[Candidate], texts: Mapping[str, TemplateRow], words: tuple[str, str] | None = None
) -> list[Ready]:
    """Each candidate's mail, or why there is none; ``words`` are a letter's own, written by hand to this customer."""
    policy, now, today = rules(db), desk.now(), desk.today()
    by_hand = words is not None
    lately = {} if by_hand else reads.lately(db, [one.person_id for one in found], now - timedelta(days=policy.cap_days))
    quiet = (frozenset[int](), frozenset[int]()) if by_hand else (reads.escalated(db), reads.changing_hands(db))
    zone = calendar_for(desk.me.time_zone).zone
    facts = {} if by_hand else outreach_facts.of_accounts(db, sorted({one.account_id for one in found}), today, zone)
    mine = (desk.me.name, db.scalar("SELECT email FROM csm WHERE id = :id", id=desk.me.id or 0))
    barred = {(one.email or "").casefold() for one in found if one.opted_out or one.bounced}
    seen: set[str] = set()
    made = []
    for one in found:
        left = any(day is not None and day <= today for day in (one.left_on, one.left_here_on))
        recipient = Recipient(
            one.email, one.opted_out, one.bounced, left, lately.get(one.person_id, 0), one.account_id in quiet[0],
            one.account_id in quiet[1],
        )  # fmt: skip
        no = list(refusals(recipient, policy, by_hand=by_hand))
        address = (one.email or "").casefold()
        if not no and address in barred:
            no.append(No(Why.OPTED_OUT, "that address wants no mail, or mail came back from it"))
        if not no and address in seen:
            no.append(No(Why.TWICE, "gets one already"))
        language = language_for(one.language or one.account_language, texts) if texts else None
        if texts and language is None:
            no.append(No(Why.LANGUAGE, f"reads {one.language or one.account_language}, the text is there in {say.listed(sorted(texts))}"))
        row = texts[language] if language else None
        subject, body = words or (None, None)
        if not no and words is None and row is not None:
            try:
                person = outreach_facts.of_person(one.person, one.title, one.email)
                more = {"person": person, "csm": outreach_facts.of_csm(*mine), "today": outreach_facts.of_day(today)}
                text = render(row.subject, row.body, facts[one.account_id] | more)
                subject, body = text.subject, text.body
            except TemplateError as error:
                no.append(No(Why.TEXT, str(error).rstrip(".")))
        if not no:
            seen.add(address)
        made.append(Ready(one, _mail(desk, one, mine, no, language, subject, body, by_hand=by_hand), row.id if row else None))
    return made


def _mail(
    desk: Desk, one: Candidate, mine: tuple[str, str | None], no: Sequence[No], language: str | None, subject: str | None,
    body: str | None, *, by_hand: bool,
) -> Mail:
    name = sender(one.served_by, *mine, one.pool_sender, one.pool_reply, by_hand=by_hand)
    cc = copied(served(one), desk.me.id if by_hand else None)
    copy = address_of(one.owner_email) if cc is not None else None
    return Mail(
        one.account_id, one.account, one.person_id, one.person, one.email, copy, name.name, name.reply_to, language, subject, body,
        tuple(reason.why for reason in no), "; ".join(reason.says for reason in no),
    )  # fmt: skip


def _why_nobody(refused: Sequence[Mail]) -> str:
    if not refused:
        return "no account matches."
    by: dict[str, int] = {}
    for mail in refused:
        by[mail.says] = by.get(mail.says, 0) + 1
    told = sorted(by.items(), key=lambda one: -one[1])[:3]
    return say.listed([f"{count} × {why}" for why, count in told]) + "."


__all__ = [
    "CHANNELS", "Mail", "Preview", "Queued", "RulesSet", "contact_rules", "preview", "rules", "send_outreach", "set_rules",
]  # fmt: skip
