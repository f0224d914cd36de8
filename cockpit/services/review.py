"""The quality of closes: a sample to read, what shows that something was done, a coaching note."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cockpit.desk import Desk
from cockpit.domain.calendar import ONE_DAY
from cockpit.domain.clean import clean_text
from cockpit.services.act import LEADERS, Work, act
from cockpit.services.calendars import calendar_for
from cockpit.services.errors import Forbidden, NotFound, Refused
from cockpit.services.lookup import named
from cockpit.services.shadow import is_senior
from db.reads import review as reads
from db.reads.review import ReviewRow as ReviewRow  # the faces know it from here
from db.terms import CtaStatus, Outcome, Verdict

PERIOD_DAYS = 30


@dataclass(frozen=True, slots=True)
class Sampled:
    """A close to read. ``lacks_evidence``: a success with no entry logged since the claim, no task done and no note."""

    id: int
    account: str
    type: str
    reason: str
    title: str
    owner: str
    owner_name: str
    outcome: str
    note: str | None
    closed_at: datetime
    activities: int
    tasks_done: int
    tasks: int
    lacks_evidence: bool
    is_reviewed: bool


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A close that was read."""

    id: int
    cta: int
    verdict: str
    act: int | None = None
    said: str = ""


def sample(
    desk: Desk, by: str | None = None, n: int = 5, first: date | None = None, last: date | None = None, seed: int = 0
) -> tuple[Sampled, ...]:
    """``n`` closes of somebody (of each CSM, when none is named) in a period, drawn by chance, the latest first.

    The same CSM, period and seed draw the same closes from the same ones; the period is the last 30 days unless said.
    Raises NotFound, Forbidden (who is neither manager, ops nor senior, for closes that are not her own).
    """
    calendar, end = calendar_for(desk.me.time_zone), last or desk.today()
    start = first or end - timedelta(days=PERIOD_DAYS - 1)
    with desk.store.read() as db:
        csm_id = named(db, "csm", by) if by else None
        if csm_id is None or csm_id != desk.me.id:
            _check_reader(desk, is_senior(db, desk.me.id, csm_id))
        since, until = calendar.start_of_day(start), calendar.start_of_day(end + ONE_DAY)
        drawn: list[int] = []
        for owner, ids in sorted(reads.closed_ids(db, since, until, csm_id).items()):
            chance = random.Random(f"{owner}:{start}:{end}:{seed}")
            drawn += chance.sample(ids, min(n, len(ids)))
        return tuple(_sampled(row) for row in reads.closes(db, drawn))


@act("review")
def review(work: Work, cta_id: int, verdict: Verdict | str, note: str = "") -> Reviewed:
    """Says what one thinks of how a CTA was closed; whose it was is told, and reads it with ``reviews``.

    Raises NotFound, Refused (not closed, one's own, a verdict that is none, weak or wrong without a note), Forbidden.
    """
    row = work.db.one(
        "SELECT c.status, c.owner_id, o.name, a.name FROM cta c JOIN account a ON a.id = c.account_id"
        " LEFT JOIN csm o ON o.id = c.owner_id WHERE c.id = :id",
        id=cta_id,
    )
    if row is None:
        raise NotFound(f"There is no CTA {cta_id}.")
    status, owner_id, owner, account = row
    if status != CtaStatus.CLOSED:
        raise Refused("open", f"CTA {cta_id} is open: one reviews how it was closed.")
    if owner_id == work.me.id:
        raise Refused("own", f"CTA {cta_id} was yours: somebody else reads how you closed it.")
    _check_reader(work.desk, is_senior(work.db, work.me.id, owner_id))
    found, text = read_verdict(str(verdict)), clean_text(note)
    if found is not Verdict.GOOD and not text:
        raise Refused("note", f"A {found.value} close needs a note: what to do differently.")
    made = work.insert(
        "review", {"cta_id": cta_id, "reviewer_id": work.me.id, "verdict": found, "note": text or None, "at": work.now}
    )
    if owner_id is not None:
        from cockpit.services.comment import tell

        # The verdict is between the two: colleagues who read the CTA see only that it was read.
        tell(work, cta_id, [owner_id], f"I have read how CTA {cta_id} was closed: see your reviews.")
    work.say(f"Reviewed how {owner or 'nobody'} closed CTA {cta_id} · {account}")
    return Reviewed(made, cta_id, found.value, said=work.act.what)


def reviews(desk: Desk, about: str | None = None, by: str | None = None) -> tuple[ReviewRow, ...]:
    """Reviews, the latest first: managers and ops see all, others those about them and by them. Raises NotFound."""
    with desk.store.read() as db:
        about_id = named(db, "csm", about) if about else None
        by_id = named(db, "csm", by) if by else None
        both = None if desk.me.role in LEADERS else desk.me.id or 0
        return tuple(reads.reviews(db, about_id, by_id, both))


def read_verdict(text: str) -> Verdict:
    """A verdict as people spell it. Raises Refused."""
    try:
        return Verdict(text.strip().casefold())
    except ValueError as error:
        raise Refused("verdict", f"There is no verdict {text!r}: {', '.join(one.value for one in Verdict)}.") from error


def _check_reader(desk: Desk, senior: bool) -> None:
    if desk.me.role not in LEADERS and not senior:
        raise Forbidden("Managers, ops and the seniors of a pod read how its members closed their CTAs.")


def _sampled(row: reads.Close) -> Sampled:
    bare = not (row.activities or row.tasks_done or (row.close_note or "").strip())
    return Sampled(
        row.id, row.account, row.type, row.reason, row.title, row.owner, row.owner_name, row.outcome, row.close_note,
        row.closed_at, row.activities, row.tasks_done, row.tasks, row.outcome == Outcome.SUCCESS and bare, row.reviews > 0,
    )  # fmt: skip
