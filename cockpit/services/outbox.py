"""Looking at the outbox, and deciding on what is in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from cockpit.desk import Desk
from cockpit.domain import say
from cockpit.services import lookup
from cockpit.services.act import LEADERS, Work, act
from cockpit.services.delivery import cancel_rows, mark_gone
from cockpit.services.errors import Forbidden, NotFound, Refused
from db.reads import outbox as reads
from db.reads.outbox import Stored
from db.terms import EntryState, MailState

SHOWN = 500
MAY = {
    "retry": (MailState.FAILED, MailState.UNSURE, MailState.CANCELLED),
    "cancel": (MailState.QUEUED, MailState.FAILED, MailState.UNSURE),
    "confirm": (MailState.UNSURE,),
}
"""From which states a mail may be sent again, called back, said to have gone."""


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A mail of the outbox. ``says`` tells its state in words."""

    id: int
    account_id: int
    account: str
    person: str | None
    recipient: str
    cc: str | None
    subject: str
    body: str
    state: str
    channel: str
    template: str | None
    sender: str | None
    batch: str | None
    due_at: datetime | None
    sent_at: datetime | None
    attempts: int
    trouble: str | None
    stops_on_reply: bool
    says: str


@dataclass(frozen=True, slots=True)
class Decided:
    """Mails somebody decided on."""

    ids: tuple[int, ...]
    state: str
    act: int | None = None
    said: str = ""


def outbox(
    desk: Desk, state: str | None = None, account: int | str | None = None, batch: str | None = None, limit: int | None = SHOWN
) -> tuple[OutboxRow, ...]:
    """The outbox, what has to be decided first. Raises Refused (state), NotFound."""
    where, params = ["TRUE"], dict[str, object]()
    if state is not None:
        if state not in tuple(MailState):
            raise Refused("kind", f"A mail is {say.listed([one.value for one in MailState], 'or')}, not {state!r}.")
        where.append("b.state = :state")
        params["state"] = state
    if batch is not None:
        where.append("b.batch = :batch")
        params["batch"] = batch
    with desk.store.read() as db:
        if account is not None:
            where.append("b.account_id = :account")
            params["account"] = lookup.find_account(db, account)
        rows = reads.some(db, " AND ".join(where), params, limit)
    return tuple(_row(desk, row) for row in rows)


def mail(desk: Desk, id_: int) -> OutboxRow:
    """One mail of the outbox. Raises NotFound."""
    with desk.store.read() as db:
        rows = reads.these(db, [id_])
    if not rows:
        raise NotFound(f"There is no mail {id_} in the outbox.")
    return _row(desk, rows[0])


def counts(desk: Desk) -> dict[str, int]:
    """How many mails there are in each state."""
    with desk.store.read() as db:
        return reads.counts(db)


@act("retry_mail")
def retry(work: Work, ids: Sequence[int]) -> Decided:
    """Sends mails again that failed, were called back, or of which somebody looked and knows that they did not arrive.

    Raises NotFound, Forbidden (another's), Refused (state).
    """
    rows = _chosen(work, ids, "retry", "sent again")
    work.update_many("outbox", {
        row.id: {"state": MailState.QUEUED, "due_at": None, "attempts": 0, "trouble": None, "taken_at": None} for row in rows
    })  # fmt: skip
    entries = [row.activity_id for row in rows if row.activity_id is not None]
    work.update_many("activity", {id_: {"state": EntryState.PLANNED, "at": work.now} for id_ in entries}, versioned=False)
    work.say(f"{_those(rows)}: to be sent again")
    return Decided(tuple(row.id for row in rows), MailState.QUEUED, said=work.act.what)


@act("cancel_mail")
def cancel(work: Work, ids: Sequence[int]) -> Decided:
    """Calls back mails that have not gone. Raises NotFound, Forbidden (another's), Refused (state)."""
    rows = _chosen(work, ids, "cancel", "called back")
    cancel_rows(work, rows, {row.id: f"called back by {work.me.name}" for row in rows})
    work.say(f"{_those(rows)}: called back")
    return Decided(tuple(row.id for row in rows), MailState.CANCELLED, said=work.act.what)


@act("confirm_mail")
def confirm(work: Work, ids: Sequence[int]) -> Decided:
    """Says that mails nobody was sure of have arrived. Raises NotFound, Forbidden (another's), Refused (state)."""
    rows = _chosen(work, ids, "confirm", "confirmed")
    work.update_many("outbox", {row.id: {"state": MailState.SENT, "sent_at": row.taken_at or work.now, "trouble": None} for row in rows})
    mark_gone(work, rows)
    work.say(f"{_those(rows)}: arrived")
    return Decided(tuple(row.id for row in rows), MailState.SENT, said=work.act.what)


def _chosen(work: Work, ids: Sequence[int], verb: str, done: str) -> list[Stored]:
    from db.columns import table

    work.current(table("outbox"), list(ids))  # where the store locks rows, no sender takes them meanwhile
    rows = reads.these(work.db, list(ids))
    if missing := set(ids) - {row.id for row in rows}:
        raise NotFound(f"There is no mail {min(missing)} in the outbox.")
    for row in rows:
        if row.sender_id not in (None, work.me.id) and work.me.role not in LEADERS:
            raise Forbidden(f"Mail {row.id} is {row.sender_name}'s: they or a manager decide on it.")
        if row.state not in MAY[verb]:
            raise Refused("state", f"Mail {row.id} is {row.state}: only what is {say.listed(MAY[verb], 'or')} can be {done}.")
    return rows


def _those(rows: Sequence[Stored]) -> str:
    return f"“{rows[0].subject}” to {rows[0].recipient}" if len(rows) == 1 else say.plural(len(rows), "mail")


def _row(desk: Desk, row: Stored) -> OutboxRow:
    zone, now = ZoneInfo(desk.me.time_zone), desk.now()
    says = row.state
    if row.state == MailState.SENT and row.sent_at:
        says = f"sent {say.at(row.sent_at, now, zone)}"
    elif row.state == MailState.QUEUED:
        says = f"due {say.at(row.due_at, now, zone)}" if row.due_at and row.due_at > now else "waits to be sent"
    elif row.state == MailState.UNSURE:
        says = "unsure: did it arrive?"
    if row.trouble:
        says = f"{says}: {row.trouble}" if row.state != MailState.UNSURE else says
    return OutboxRow(
        row.id, row.account_id, row.account, row.person, row.recipient, row.cc, row.subject, row.body, row.state, row.channel,
        row.template, row.sender, row.batch, row.due_at, row.sent_at, row.attempts, row.trouble, row.stops_on_reply, says,
    )  # fmt: skip
