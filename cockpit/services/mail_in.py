"""Mail that came in: whose it is, the entry it becomes, and what that moves: snoozes, stages, waiting mail, a CTA."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from cockpit.desk import Desk
from cockpit.domain import say
from cockpit.domain.clean import clean_line, clip
from cockpit.domain.incoming import MOST_BYTES, Incoming, UnreadableMail, read_mail, says_automatic, wants_out
from cockpit.services import lookup
from cockpit.services.act import Work, act
from cockpit.services.answering import hear
from cockpit.services.attendance import seats_of
from cockpit.services.errors import NotFound, Refused
from cockpit.services.people import writes_from
from cockpit.services.search import search
from cockpit.services.timeline import after_entry, entry_of, place_of
from db.reads import incoming as reads
from db.reads.incoming import Match
from db.terms import EntryState, MailState

MOST_FILES = 5_000


@dataclass(frozen=True, slots=True)
class Received:
    """What became of one mail. ``state``: logged, unchanged, automatic, bounced, opted_out, sent (one of ours), kept (nobody
    here knows the sender) or unreadable. ``also``: other accounts its writer belongs to."""

    file: str
    state: str
    subject: str = ""
    sender: str | None = None
    account: str | None = None
    account_id: int | None = None
    person: str | None = None
    activity: int | None = None
    cta: int | None = None
    """The CTA it made, or that waits for whoever answers."""
    intervention: int | None = None
    woken: int = 0
    stopped: int = 0
    also: tuple[str, ...] = ()
    act: int | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class StrayRow:
    """A mail from somebody nobody here knows."""

    id: int
    key: str
    sender: str
    sender_name: str | None
    subject: str
    body: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Likely:
    """Whose a mail may be: somebody of an account, or the account."""

    account_id: int
    account: str
    person_id: int | None = None
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Dropped:
    """A stray mail that was thrown away."""

    id: int
    act: int | None = None
    said: str = ""


def bring_in(desk: Desk, paths: Sequence[Path]) -> tuple[Received, ...]:
    """Reads .eml files and folders of them, each mail an act of its own; a mail that is there already changes nothing.

    Raises Refused (a path that is not there, too many files).
    """
    found: list[Received] = []
    for file in _files(paths):
        try:
            with file.open("rb") as opened:
                mail = read_mail(opened.read(MOST_BYTES + 1))
        except UnreadableMail as why:
            found.append(Received(file.name, "unreadable", said=f"{file.name}: {why}"))
        except OSError as error:
            found.append(Received(file.name, "unreadable", said=f"{file.name}: {error.strerror}"))
        else:
            found.append(receive(desk, mail, file.name))
    return tuple(found)


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    count = 0
    for path in paths:
        if not path.exists():
            raise Refused("file", f"There is no {path}.")
        inside = sorted(one for one in path.iterdir() if one.suffix.casefold() == ".eml" and one.is_file()) if path.is_dir() else [path]
        for file in inside:
            count += 1
            if count > MOST_FILES:
                raise Refused("files", f"At most {MOST_FILES:,} mails at once.")
            yield file


def strays(desk: Desk, limit: int | None = None) -> tuple[StrayRow, ...]:
    """Mails from people nobody here knows, the latest first."""
    most = {} if limit is None else {"limit": limit}
    sql = "SELECT id, key, sender, sender_name, subject, body, at FROM stray ORDER BY at DESC, id DESC"
    with desk.store.read() as db:
        return tuple(db.rows(StrayRow, f"{sql} LIMIT :limit" if most else sql, **most))


def stray_count(desk: Desk) -> int:
    """How many of them wait for somebody to say whose they are."""
    with desk.store.read() as db:
        return int(db.scalar("SELECT count(*) FROM stray"))


def likely(desk: Desk, mail: StrayRow, limit: int = 6) -> tuple[Likely, ...]:
    """Whose a stray mail may be: people who are called like its writer, then accounts that have the domain she wrote from."""
    box, _, domain = mail.sender.rpartition("@")
    name = clean_line(mail.sender_name or re.sub(r"[._+-]+", " ", box)).replace('"', "")
    hits = search(desk, name, kinds=("person",), limit=limit).hits if len(name) > 1 else ()
    found = [Likely(hit.account_id, hit.account or "", hit.id, hit.title) for hit in hits if hit.account_id is not None]
    with desk.store.read() as db:
        return (*found, *(Likely(id_, called) for id_, called in reads.of_domain(db, domain, limit)))


@act("receive")
def receive(work: Work, mail: Incoming, file: str = "") -> Received:
    """Files one mail: matched by what it answers, else by who wrote it, else by to whom it went; unknown ones are kept."""
    if known := reads.known(work.db, mail.key):
        return Received(file, "unchanged", mail.subject, mail.sender, known, said=f"“{mail.subject}” is there already")
    if mail.bounce is not None:
        return _bounced(work, mail, file)
    ours = reads.ours(work.db, mail.sender)
    if ours is not None:
        return _sent(work, mail, file, ours)
    match = reads.match(work.db, mail.sender, mail.references)
    if match is None:
        work.insert("stray", {
            "key": mail.key, "sender": mail.sender or "unknown", "sender_name": mail.sender_name or None, "subject": mail.subject,
            "body": mail.body or None, "at": _at(work, mail),
        })  # fmt: skip
        work.say(f"Kept a mail from {mail.sender or 'nobody'}, whom nobody here knows: “{mail.subject}”")
        return Received(file, "kept", mail.subject, mail.sender, said=work.act.what)
    return _filed(work, mail, match, file)


@act("file_mail")
def file_stray(work: Work, stray_id: int, account: int | str, person: int | str | None = None) -> Received:
    """Says whose a stray mail is: it becomes an entry of that account, from that person if one is named, who is known by
    its address from then on.

    Raises NotFound, Ambiguous.
    """
    row = work.db.one("SELECT key, sender, sender_name, subject, body, at FROM stray WHERE id = :id", id=stray_id)
    if row is None:
        raise NotFound(f"There is no stray mail {stray_id}.")
    place = place_of(work, lookup.find_account(work.db, account))
    who: dict[str, Any] = {"email": row[1]}
    if person is not None:
        who = seats_of(work.db, place.id, [person])[0]
    known = work.db.rows(StrayRow, "SELECT id, key, sender, sender_name, subject, body, at FROM stray WHERE id = :id", id=stray_id)[0]
    mail = Incoming(
        known.key, known.sender, known.sender_name or "", (), known.subject, known.body or "", known.at, (),
        says_automatic(known.subject), wants_out(known.subject),
    )  # fmt: skip
    work.delete("stray", stray_id)
    person_id = who.get("person_id")
    name = work.db.scalar("SELECT name FROM person WHERE id = :id", id=person_id or 0)
    filed = _filed(work, mail, Match(place.id, place.name, person_id, name), "")
    if person_id is None or not writes_from(work, person_id, mail.sender or ""):
        return filed
    work.say(f"{filed.said} · mail from {mail.sender} is hers from now on")
    return replace(filed, said=work.act.what)


@act("drop_mail")
def drop_stray(work: Work, stray_id: int) -> Dropped:
    """Throws a stray mail away. Raises NotFound."""
    row = work.db.one("SELECT subject, sender FROM stray WHERE id = :id", id=stray_id)
    if row is None:
        raise NotFound(f"There is no stray mail {stray_id}.")
    work.delete("stray", stray_id)
    work.say(f"Threw away “{row[0]}” from {row[1]}")
    return Dropped(stray_id, said=work.act.what)


def _filed(work: Work, mail: Incoming, match: Match, file: str) -> Received:
    """A mail of a customer as an entry, with what follows from it."""
    seat = {"person_id": match.person_id} if match.person_id is not None else {"email": mail.sender}
    entry = _entry(work, mail, match.account_id, [seat], inbound=not mail.is_automatic, answers=match.activity_id, cta=match.cta_id)
    who = match.person or mail.sender or "somebody"
    state = "automatic" if mail.is_automatic else "logged"
    if mail.wants_out and match.person_id is not None:
        work.update("person", match.person_id, {"opted_out": True})
        state = "opted_out"
    if mail.is_automatic or state == "opted_out":
        told = "wants no more mail" if state == "opted_out" else "an automatic reply"
        work.say(f"Mail from {who} of {match.account}: {told}")
        return Received(file, state, mail.subject, mail.sender, match.account, match.account_id, match.person, entry, said=work.act.what)
    heard = hear(work, match, entry, who, mail.subject, mail.body)
    work.say(f"{who} of {match.account} wrote: “{mail.subject}”{heard.says}")
    return Received(
        file, state, mail.subject, mail.sender, match.account, match.account_id, match.person, entry, heard.cta, heard.intervention,
        heard.woken, heard.stopped, match.also, said=work.act.what,
    )  # fmt: skip


def _sent(work: Work, mail: Incoming, file: str, ours: tuple[int | None, str]) -> Received:
    """A mail one of us sent by other means: an entry of the account of whom it was to."""
    found = [one for address in mail.to if (one := reads.match(work.db, address, ())) is not None and one.person_id is not None]
    if not found:
        return Received(file, "unmatched", mail.subject, mail.sender, said=f"“{mail.subject}” is ours, to nobody known here")
    first = found[0]
    seats = [{"person_id": one.person_id} for one in found if one.account_id == first.account_id]
    entry = _entry(work, mail, first.account_id, seats, inbound=False, author=ours[0])
    _, moved, tail = after_entry(work, entry_of(work.db, entry), place_of(work, first.account_id), seats, by=ours[0])
    work.say(f"{ours[1]} wrote to {first.person} of {first.account}: “{mail.subject}”{tail}")
    return Received(
        file, "sent", mail.subject, mail.sender, first.account, first.account_id, first.person, entry, None, moved, said=work.act.what
    )


def _bounced(work: Work, mail: Incoming, file: str) -> Received:
    """A mail of ours did not arrive: it failed, and when for good its address is known to be dead."""
    bounce = mail.bounce
    assert bounce is not None
    row = reads.sent(work.db, bounce.key)
    people = [row.person_id] if row is not None and row.person_id is not None else reads.by_address(work.db, bounce.address)
    if row is None and not people:
        return Received(file, "unmatched", mail.subject, mail.sender, said=f"A mail did not arrive, but none of ours: “{mail.subject}”")
    if bounce.permanent:
        work.update_many("person", {id_: {"bounced": True} for id_ in people})
    if row is not None:
        if row.state in (MailState.SENT, MailState.UNSURE, MailState.SENDING):
            work.update("outbox", row.id, {"state": MailState.FAILED, "trouble": f"it came back: {bounce.says}"})
        if row.activity_id is not None:
            guests = [one[0] for one in work.db.all("SELECT id FROM attendee WHERE activity_id = :id", id=row.activity_id)]
            work.update_many("attendee", {id_: {"attended": False} for id_ in guests})
            if bounce.permanent:
                work.update_many("activity", {row.activity_id: {"state": EntryState.CANCELLED}}, versioned=False)
    name = work.db.scalar("SELECT name FROM person WHERE id = :id", id=people[0]) if people else bounce.address
    account = None if row is None else work.db.scalar("SELECT name FROM account WHERE id = :id", id=row.account_id)
    again = "" if bounce.permanent else ", it may be tried again"
    work.say(f"Mail to {name} came back: {bounce.says}{again}")
    return Received(file, "bounced", mail.subject, bounce.address, account, row.account_id if row else None, name, said=work.act.what)


def _entry(
    work: Work, mail: Incoming, account: int, seats: Sequence[dict[str, Any]], *, inbound: bool, author: int | None = None,
    answers: int | None = None, cta: int | None = None,
) -> int:
    kind = "update" if mail.is_automatic else "email"
    type_id = work.db.scalar(
        "SELECT id FROM activity_type ORDER BY CASE WHEN lower(name) = :name THEN 0 ELSE 1 END, id LIMIT :one", name=kind, one=1
    )
    subject = f"Automatic reply: {mail.subject}" if mail.is_automatic else mail.subject
    made = work.insert("activity", {
        "account_id": account, "cta_id": cta, "type_id": type_id, "author_id": author, "subject": clip(subject, 250),
        "body": mail.body or None, "at": _at(work, mail), "inbound": inbound, "answers_id": answers, "key": mail.key,
    })  # fmt: skip
    work.insert_many("attendee", [{"activity_id": made, **seat} for seat in seats])
    return made


def _at(work: Work, mail: Incoming) -> datetime:
    """When it was written; a clock that runs ahead is not believed."""
    return work.now if mail.at is None or mail.at > work.now or mail.at.year < 1990 else mail.at


def summary(found: Sequence[Received]) -> str:
    """What bringing in several mails did, in one line."""
    words = {"logged": "logged", "unchanged": "there already", "automatic": "automatic", "bounced": "came back", "kept": "from strangers",
             "sent": "of ours", "opted_out": "want no more", "unmatched": "of nobody here", "unreadable": "unreadable"}  # fmt: skip
    states = [one.state for one in found]
    told = [f"{states.count(state)} {word}" for state, word in words.items() if state in states]
    return f"{say.plural(len(found), 'mail')}: {say.listed(told)}" if found else "There was no mail"
