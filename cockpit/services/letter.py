"""A letter: one mail somebody writes to people of one customer, from a template or from nothing."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cockpit.desk import Desk
from cockpit.domain import say
from cockpit.domain.contact import language_for
from cockpit.domain.letter import MOST_BODY, MOST_SUBJECT, header
from cockpit.services import editing, lookup, outreach_facts
from cockpit.services.act import Work, act
from cockpit.services.attendance import seats_of
from cockpit.services.calendars import calendar_for
from cockpit.services.errors import NotFound, Refused
from cockpit.services.outreach import Mail, Ready, check_channel, follow_ups, judge, write
from cockpit.services.rendering import GAP, TemplateError, render
from cockpit.services.template import in_use
from db.connection import Db
from db.reads import outreach as reads


@dataclass(frozen=True, slots=True)
class Begun:
    """A letter begun from a template: its words, with gaps where a fact is not known, and what would stop it."""

    subject: str
    body: str
    language: str | None
    gaps: tuple[str, ...]
    says: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A letter in the outbox; ``activity`` is its entry on the timeline, of the first of several."""

    batch: str
    account_id: int
    activity: int
    mails: int
    tasks: int = 0
    act: int | None = None
    said: str = ""


def begin(desk: Desk, account: int | str, person: str | int, template: str, language: str | None = None) -> Begun:
    """A template filled in for somebody, in her language or this one, to be gone over by hand.

    Raises NotFound, Ambiguous, Refused.
    """
    with desk.store.read() as db:
        place = lookup.find_account(db, account)
        found = _people(db, place, [person])
        texts = in_use(db, template, desk.today())
        one = found[0]
        chosen = language or language_for(one.language or one.account_language, texts) or language_for(None, texts) or next(iter(texts))
        if chosen not in texts:
            raise NotFound(f"Template {template} is there in {say.listed(sorted(texts))}, not in {chosen}.")
        row = texts[chosen]
        email = db.scalar("SELECT email FROM csm WHERE id = :id", id=desk.me.id or 0)
        facts = outreach_facts.of_accounts(db, [place], desk.today(), calendar_for(desk.me.time_zone).zone)[place] | {
            "person": outreach_facts.of_person(one.person, one.title, one.email),
            "csm": outreach_facts.of_csm(desk.me.name, email), "today": outreach_facts.of_day(desk.today()),
        }  # fmt: skip
        mail = judge(desk, db, found[:1], {}, ("", ""))[0].mail
    try:
        text = render(row.subject, row.body, facts, lenient=True)
    except TemplateError as error:
        raise Refused("template", f"{row.name} ({row.language}): {error}") from error
    gaps = tuple(dict.fromkeys(GAP.findall(f"{text.subject}\n{text.body}")))
    return Begun(text.subject, text.body, chosen, gaps, f"{mail.person} {mail.says}" if mail.refused else "")


@act("letter")
def write_letter(
    work: Work,
    account: int | str,
    to: Sequence[str | int],
    subject: str,
    body: str,
    template: str | None = None,
    channel: str = "smtp",
    at: datetime | None = None,
    cta: int | None = None,
    draft: int | None = None,
) -> Written:
    """Puts a letter to these people of an account into the outbox, due now or ``at`` a moment, and on the timeline.

    Raises NotFound, Ambiguous, Refused (a gap is left, somebody wants no mail, CTA of another account).
    """
    check_channel(channel, at, work.now)
    place = lookup.find_account(work.db, account)
    words = _words(subject, body)
    found = _people(work.db, place, to)
    ready = judge(work.desk, work.db, found, {}, words)
    if no := [one.mail for one in ready if one.mail.refused]:
        raise Refused("contact", f"No mail to {say.listed([f'{mail.person} ({mail.says})' for mail in no])}.")
    if cta is not None and work.db.scalar("SELECT account_id FROM cta WHERE id = :id", id=cta) != place:
        raise Refused("cta", f"CTA {cta} is not one of {ready[0].mail.account}.")
    if template is not None:
        texts = in_use(work.db, template, work.today)
        first = next(iter(texts.values())).id
        ready = [one._replace(template_id=texts[language].id if (language := _reads(one, texts)) else first) for one in ready]
    batch = f"letter {os.urandom(4).hex()}"
    entries = write(work, ready, batch, channel, at, stops_on_reply=at is not None, cta=cta)
    tasks = follow_ups(work, ready, work.me.id)
    if draft is not None and work.db.scalar("SELECT author_id FROM draft WHERE id = :id", id=draft) == work.me.id:
        work.delete("draft", draft)
    when = "" if at is None else f", due {say.at(at, work.now, calendar_for(work.me.time_zone).zone)}"
    whom = say.listed([mail.person or "" for mail in _mails(ready)])
    work.say(f"Letter “{words[0]}” to {whom} of {ready[0].mail.account}{when}")
    return Written(batch, place, entries[0], len(ready), tasks, said=work.act.what)


def _words(subject: str, body: str) -> tuple[str, str]:
    first = header(editing.line(subject, "The subject", required=True) or "", MOST_SUBJECT)
    rest = editing.lines(body)
    if rest is None:
        raise Refused("empty", "The letter is empty.")
    if len(rest) > MOST_BODY:
        raise Refused("long", f"A letter has at most {MOST_BODY:,} letters.")
    if gaps := sorted(set(GAP.findall(f"{first}\n{rest}"))):
        raise Refused("gap", f"Fill in {say.listed(gaps)} first: it is not known.")
    return first, rest


def _people(db: Db, account: int, wanted: Sequence[str | int]) -> list[reads.Candidate]:
    ids = []
    for seat in seats_of(db, account, wanted):
        if "person_id" not in seat:
            raise Refused("person", f"{seat.get('email', 'One of us')} is nobody of the customer: add the person first.")
        ids.append(seat["person_id"])
    if not ids:
        raise Refused("nobody", "Say to whom.")
    return reads.people(db, account, ids)


def _reads(one: Ready, texts: Mapping[str, object]) -> str | None:
    assert one.candidate is not None
    return language_for(one.candidate.language or one.candidate.account_language, texts)


def _mails(ready: Sequence[Ready]) -> list[Mail]:
    return [one.mail for one in ready]
