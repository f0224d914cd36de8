"""The outbox: mail is taken in hand, handed over, and then said to have gone; each step an act of its own.

Taking is conditional, so two senders never have the same mail. Who dies between taking and saying leaves a mail in hand:
after a while a file is written again (the same file), but of what went to a server nobody knows whether it arrived. That
is asked of a person, never guessed: nothing goes twice, nothing is forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cockpit.desk import Desk
from cockpit.domain import say
from cockpit.domain.contact import Recipient, refusals, sender
from cockpit.domain.letter import Letter, LetterError
from cockpit.services.act import Work, act
from cockpit.services.errors import Refused
from cockpit.services.mail_out import MailSettings, Outcome, Smtp, settings, write_csv, write_eml
from cockpit.services.outreach import rules
from cockpit.services.timeline import after_entry, entry_of, place_of
from db.reads import outbox as reads
from db.reads.outbox import Stored
from db.reads.outreach import changing_hands, escalated
from db.terms import EntryState, MailState

TRIES = 5
AGAIN = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=8))
"""Pauses between the tries of a mail that did not go."""
MERGED = 100_000
"""Mails of one table for a mail merge."""
FILES = 50
"""Mails that are written to files between two acts; a server gets one at a time."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Mails in hand; those no longer wanted were cancelled."""

    letters: tuple[tuple[int, Letter, str], ...]
    cancelled: int = 0
    act: int | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of mails that were handed over."""

    states: tuple[tuple[int, str], ...]
    act: int | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one round did; ``waiting`` is what could not go by any way that is set up here.

    ``uncopied`` of those that were sent went to their reader alone: the server refused whoever was to have a copy.
    """

    sent: int = 0
    uncopied: int = 0
    failed: int = 0
    unsure: int = 0
    cancelled: int = 0
    again: int = 0
    waiting: int = 0
    where: str | None = None
    said: str = ""


def deliver(desk: Desk, how: MailSettings | None = None, batch: str | None = None, folder: Path | None = None) -> Delivered:
    """Sends what may go now: all of it, or of one batch. Raises Refused when it has no way to leave (a batch asked for)."""
    how = how or settings()
    done = Delivered()
    for channel in ("smtp", "eml", "csv"):
        with desk.store.read() as db:
            waiting = reads.waiting(db, desk.now(), channel, 1, batch, desk.me.id)
        if not waiting:
            continue
        try:
            how.check(channel)
        except Refused:
            if batch is not None:
                raise
            done = replace(done, waiting=done.waiting + 1)
            continue
        done = _round(desk, how, channel, batch, folder or Path(how.folder or "outbox"), done)
    return replace(done, said=_said(done))


def deliver_due(desk: Desk) -> Delivered:
    """What the open screens and cron do each minute: send what fell due, if mail can leave from here."""
    if desk.read_only or desk.as_of is not None:
        return Delivered()
    with desk.store.read() as db:
        if not any(reads.waiting(db, desk.now(), channel, 1, None, desk.me.id) for channel in ("smtp", "eml", "csv")):
            return Delivered()
    return deliver(desk)


def _round(desk: Desk, how: MailSettings, channel: str, batch: str | None, folder: Path, done: Delivered) -> Delivered:
    system = desk.as_system()
    seen: set[int] = set()
    with Smtp(how) if channel == "smtp" else _NoServer() as server:
        while True:
            with desk.store.read() as db:
                most = {"smtp": 1, "eml": FILES}.get(channel, MERGED)
                found = reads.waiting(db, desk.now(), channel, most, batch, desk.me.id)
            ids = [id_ for id_ in found if id_ not in seen]
            if not ids:
                return replace(done, where=str(folder) if channel != "smtp" else done.where)
            seen |= set(ids)
            taken = take(system, ids, how.sender)
            done = replace(done, cancelled=done.cancelled + taken.cancelled)
            if not taken.letters:
                continue
            outcomes = _hand_over(server, channel, folder, taken, desk.now())
            by_key = {letter.key: id_ for id_, letter, _ in taken.letters}
            states = dict(settle(system, [(by_key[one.key], one.state, one.trouble, one.again) for one in outcomes]).states)
            done = _counted(done, states.values(), outcomes)


class _NoServer:
    """In the place of a session, where files are written."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, *error: object) -> None:
        return None


def _hand_over(server: Smtp | None, channel: str, folder: Path, taken: Taken, at: datetime) -> list[Outcome]:
    letters = [letter for _, letter, _ in taken.letters]
    if server is not None:
        return [server.send(letter, at) for letter in letters]
    if channel == "eml":
        return write_eml(folder, letters, at)
    return write_csv(folder / f"mail-merge-{letters[0].key[:8]}.csv", [(letter, account) for _, letter, account in taken.letters])


@act("take_mail")
def take(work: Work, ids: Sequence[int], address: str) -> Taken:
    """Takes waiting mails in hand, those nobody was quicker with; the contact rules are asked once more."""
    from db.columns import table

    locked = work.current(table("outbox"), list(ids))
    free = [id_ for id_, (_, _, _, row) in locked.items() if row["state"] == MailState.QUEUED]
    policy, quiet = rules(work.db), (escalated(work.db), changing_hands(work.db))
    letters: list[tuple[int, Letter, str]] = []
    unwanted: dict[int, str] = {}
    for row in reads.these(work.db, free):
        to = Recipient(
            row.recipient,
            bool(row.opted_out),
            bool(row.bounced),
            bool(row.has_left),
            0,
            row.account_id in quiet[0],
            row.account_id in quiet[1],
        )
        no = refusals(to, replace(policy, cap=max(1, policy.cap)), by_hand=row.by_hand)
        try:
            if no:
                raise LetterError("; ".join(one.says for one in no))
            letters.append((row.id, _letter(row, address), row.account))
        except LetterError as error:
            unwanted[row.id] = str(error)
    work.update_many("outbox", {
        id_: {"state": MailState.SENDING, "taken_at": work.now, "trouble": None} for id_, _, _ in letters
    })  # fmt: skip
    cancel_rows(work, reads.these(work.db, list(unwanted)), unwanted)
    work.say(f"Took {say.plural(len(letters), 'mail')} in hand" + (f", cancelled {len(unwanted)}" if unwanted else ""))
    return Taken(tuple(letters), len(unwanted), said=work.act.what)


def _letter(row: Stored, address: str) -> Letter:
    name = sender(
        row.served_by, row.sender_name or row.sender or "Cockpit", row.sender_email, row.pool_sender, row.pool_reply, by_hand=row.by_hand
    )
    return Letter(
        row.key,
        name.name,
        address or "nobody@example.invalid",
        name.reply_to,
        row.person or "",
        row.recipient,
        row.cc,
        row.subject,
        row.body,
        row.by_hand,
    )


@act("send")
def settle(work: Work, outcomes: Sequence[tuple[int, MailState, str | None, bool]]) -> Sent:
    """Says what became of mails in hand: gone, refused, unsure, or to be tried again later.

    What has gone counts on the timeline from now on: who was written to, leases, interventions.
    """
    rows = {row.id: row for row in reads.these(work.db, [one[0] for one in outcomes])}
    changes: dict[int, dict[str, Any]] = {}
    for id_, state, trouble, again in outcomes:
        attempts = rows[id_].attempts + 1
        change: dict[str, Any] = {"state": state, "trouble": trouble, "attempts": attempts}
        if again and attempts >= TRIES:
            change["state"] = MailState.FAILED
        elif again:
            change |= {"due_at": work.now + AGAIN[min(attempts, len(AGAIN)) - 1], "taken_at": None}
        if change["state"] == MailState.SENT:
            change["sent_at"] = work.now
        changes[id_] = change
    work.update_many("outbox", changes)
    gone = [rows[id_] for id_, change in changes.items() if change["state"] == MailState.SENT]
    mark_gone(work, gone)
    if len(gone) == 1:
        left_out = changes[gone[0].id]["trouble"]
        work.say(f"Sent “{gone[0].subject}” to {gone[0].recipient}" + (f", {left_out}" if left_out else ""))
    else:
        work.say(f"Sent {say.plural(len(gone), 'mail')} of {len(outcomes)}")
    return Sent(tuple((id_, str(change["state"])) for id_, change in changes.items()), said=work.act.what)


def mark_gone(work: Work, rows: Sequence[Stored]) -> None:
    """Mails that went, on the timeline: their entries are done, who they were to was reached."""
    entries = [row.activity_id for row in rows if row.activity_id is not None]
    work.update_many("activity", {id_: {"state": EntryState.DONE, "at": work.now} for id_ in entries}, versioned=False)
    params: dict[str, Any] = {}
    marks = work.db.marks("i", entries, params)
    guests = [row[0] for row in work.db.all(f"SELECT id FROM attendee WHERE activity_id IN ({marks})", **params)]
    work.update_many("attendee", {id_: {"attended": True} for id_ in guests})
    for row in rows:
        if row.activity_id is not None:
            seats = [{"person_id": row.person_id}] if row.person_id is not None else [{"email": row.recipient}]
            after_entry(work, entry_of(work.db, row.activity_id), place_of(work, row.account_id), seats, by=row.sender_id)


def cancel_rows(work: Work, rows: Sequence[Stored], why: dict[int, str]) -> None:
    """Mails that will not go, with their entries."""
    work.update_many("outbox", {row.id: {"state": MailState.CANCELLED, "trouble": why.get(row.id)} for row in rows})
    entries = [row.activity_id for row in rows if row.activity_id is not None]
    work.update_many("activity", {id_: {"state": EntryState.CANCELLED} for id_ in entries}, versioned=False)


def _counted(done: Delivered, states: Any, outcomes: Sequence[Outcome]) -> Delivered:
    found = list(states)
    tally: Callable[[str], int] = found.count
    return replace(
        done, sent=done.sent + tally(MailState.SENT), failed=done.failed + tally(MailState.FAILED),
        unsure=done.unsure + tally(MailState.UNSURE), again=done.again + tally(MailState.QUEUED),
        uncopied=done.uncopied + sum(one.state == MailState.SENT and one.trouble is not None for one in outcomes),
    )  # fmt: skip


def _said(done: Delivered) -> str:
    told = [
        (done.sent, "sent"), (done.failed, "failed"), (done.unsure, "unsure: look whether they arrived"), (done.cancelled, "cancelled"),
        (done.again, "to be tried again"),
    ]  # fmt: skip
    words = say.listed([f"{count} {word}" for count, word in told if count])
    if done.uncopied:
        words += f"; the copy of {done.uncopied} was refused, see the outbox"
    if done.waiting:
        words = f"{words}; some" if words else "Some"
        return f"{words} wait for a way out: cockpit config show, smtp_host and mail_from"
    return f"Mail: {words}" if words else "No mail waits to be sent"
