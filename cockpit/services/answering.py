"""What a customer's answer moves: it wakes what slept, stops what was to be sent, engages, and never waits unowned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cockpit.domain import say
from cockpit.domain.clean import clip
from cockpit.services import scoring, stages
from cockpit.services.act import Work
from cockpit.services.calendars import calendar_for
from cockpit.services.comment import tell
from cockpit.services.lease import awake
from cockpit.services.timeline import entry_of
from db.reads import outbox
from db.reads.incoming import Match
from db.terms import Priority

TYPE, REASON = "event", "Customer answered"
ANSWER = "answer"
"""The key of the task that a customer's answer leaves its CSM."""
EXCERPT = 1_000


@dataclass(frozen=True, slots=True)
class Heard:
    """What followed from an answer. ``cta``: the CTA whose owner was told, or that was made for nobody's answer."""

    cta: int | None
    intervention: int | None
    woken: int
    stopped: int
    says: str


def hear(work: Work, match: Match, entry: int, who: str, subject: str, body: str) -> Heard:
    """Does all that follows from an answer that is an entry already."""
    stopped = stop_waiting(work, match.account_id, match.person_id, f"{who} answered")
    open_ = work.db.all(
        "SELECT id, owner_id, snoozed_at FROM cta WHERE account_id = :account AND status = 'open' ORDER BY claimed_at, id",
        account=match.account_id,
    )
    asleep = [row[0] for row in open_ if row[2] is not None]
    work.update_many("cta", awake(work, asleep))
    scoring.rescore(work, asleep)
    owned = {row[0]: row[1] for row in open_ if row[1] is not None}
    mine = match.cta_id if match.cta_id in owned else next(iter(owned), None)
    by = None if mine is None else owned[mine]
    told = entry_of(work.db, entry)
    seats: list[dict[str, Any]] = [{"person_id": match.person_id}] if match.person_id is not None else []
    fact = stages.Entry(match.account_id, told.type, told.is_meeting, told.at, told.date_only, seats, mine, True)
    moved, tail = stages.after_activity(work, fact, by) or (None, "")
    cta, words = _whose(work, match, mine, by, who, subject, body)
    says = [f"woke {say.plural(len(asleep), 'CTA')}"] if asleep else []
    says += [f"stopped {say.plural(stopped, 'mail')}"] if stopped else []
    return Heard(cta, moved, len(asleep), stopped, f"{tail}{''.join(f' · {one}' for one in says)}{words}")


def _left_to_owner(work: Work, account_id: int, title: str) -> str:
    """A task for the account's own CSM, one at a time; what to add to what is said. "" when the account has none."""
    row = work.db.one(
        "SELECT o.id, o.name, p.time_zone, p.calendar FROM account a JOIN csm o ON o.id = a.owner_id"
        " LEFT JOIN pool p ON p.id = a.pool_id WHERE a.id = :id",
        id=account_id,
    )
    if row is None:
        return ""
    owner, name, zone, region = row
    sql = "SELECT 1 FROM task WHERE account_id = :account AND owner_id = :owner AND key = :key AND status = 'open' LIMIT :one"
    if not work.db.scalar(sql, account=account_id, owner=owner, key=ANSWER, one=1):
        calendar = calendar_for(zone or "UTC", region)
        due = calendar.add_business_days(calendar.local_date(work.now), 1)
        work.insert("task", {"account_id": account_id, "owner_id": owner, "key": ANSWER, "title": title, "due": due})
    return f" · a task for {name}"


def stop_waiting(work: Work, account_id: int, person_id: int | None, why: str) -> int:
    """Calls back what was to be sent later to somebody who has answered; returns how many mails."""
    from cockpit.services.delivery import cancel_rows

    if person_id is None:
        return 0
    rows = outbox.some(
        work.db, "b.state = 'queued' AND b.stops_on_reply = TRUE AND b.account_id = :account AND b.person_id = :person",
        {"account": account_id, "person": person_id},
    )  # fmt: skip
    cancel_rows(work, rows, {row.id: why for row in rows})
    return len(rows)


def _whose(
    work: Work, match: Match, mine: int | None, by: int | None, who: str, subject: str, body: str
) -> tuple[int | None, str]:
    """Tells whoever holds the account's work; an answer that is nobody's becomes a CTA."""
    if mine is not None and by is not None:
        tell(work, mine, [by], f"{who} answered: {subject}")
        return mine, ""
    if words := _left_to_owner(work, match.account_id, clip(f"{who} answered: {subject}", 120)):
        return None, words
    waits = work.db.scalar(
        "SELECT c.id FROM cta c JOIN reason r ON r.id = c.reason_id WHERE c.account_id = :account AND c.status = 'open'"
        " AND lower(r.name) = lower(:reason) ORDER BY c.id",
        account=match.account_id, reason=REASON,
    )  # fmt: skip
    if waits is not None:
        return int(waits), f" · CTA {waits} waits for it"
    from cockpit.services.cta import CtaDraft, make_ctas

    words = "\n".join([f"{who} wrote: {subject}", clip(body, EXCERPT)])
    draft = CtaDraft(type=TYPE, reason=REASON, title=clip(f"{who} answered: {subject}", 120), description=words, priority=Priority.HIGH)
    made = make_ctas(work, [match.account_id], draft)[0]
    if match.person_id is not None:
        work.insert("cta_person", {"cta_id": made, "person_id": match.person_id})
    return made, f" · nobody's: made CTA {made}"
