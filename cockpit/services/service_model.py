"""Who serves accounts, and the tasks that the pool's mails leave for dedicated CSMs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cockpit.domain.service_model import FOLLOW_UP, Served, copied, follow_up
from cockpit.services.act import Work
from cockpit.services.calendars import calendar_for
from db.connection import Db
from db.terms import ServedBy

BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Mailed:
    """A mail that went to an account: from whom (None: the pool as such), about what, on which CTA."""

    account: int
    sender: int | None
    subject: str
    cta: int | None = None


def served(db: Db, accounts: Sequence[int]) -> dict[int, Served]:
    """How these accounts are served, in a number of statements that does not grow with a batch of them."""
    found: dict[int, Served] = {}
    for start in range(0, len(accounts), BATCH):
        params: dict[str, int] = {}
        marks = db.marks("a", accounts[start : start + BATCH], params)
        for id_, model, owner in db.all(f"SELECT id, served_by, owner_id FROM account WHERE id IN ({marks})", **params):
            found[id_] = Served(id_, ServedBy(model), owner)
    return found


def copies(db: Db, sender: int | None, accounts: Sequence[int]) -> dict[int, str]:
    """By account, the address that gets a copy of a mail of ``sender``; accounts without one are left out."""
    whom = {one.account: csm for one in served(db, accounts).values() if (csm := copied(one, sender)) is not None}
    if not whom:
        return {}
    params: dict[str, int] = {}
    marks = db.marks("c", sorted(set(whom.values())), params)
    address = dict(db.all(f"SELECT id, email FROM csm WHERE email IS NOT NULL AND id IN ({marks})", **params))
    return {account: address[csm] for account, csm in whom.items() if csm in address}


def leave_follow_ups(work: Work, mails: Sequence[Mailed], known: Mapping[int, Served] | None = None) -> list[int]:
    """Leaves a task for the dedicated CSM of each hybrid account that was written to; returns their ids.

    One is enough: an account where such a task is open gets no second. For use inside the act that sends.
    """
    accounts = list(dict.fromkeys(mail.account for mail in mails))
    how = served(work.db, accounts) if known is None else known
    calendar = calendar_for(work.me.time_zone)
    waiting = _waiting(work.db, accounts)
    rows = []
    for mail in mails:
        task = follow_up(how[mail.account], mail.sender, mail.subject, work.today, calendar) if mail.account in how else None
        if task is None or mail.account in waiting:
            continue
        waiting.add(mail.account)
        rows.append(
            {"account_id": task.account, "cta_id": mail.cta, "owner_id": task.owner, "key": FOLLOW_UP, "title": task.title,
             "due": task.due}
        )  # fmt: skip
    return work.insert_many("task", rows)


def _waiting(db: Db, accounts: Sequence[int]) -> set[int]:
    found: set[int] = set()
    for start in range(0, len(accounts), BATCH):
        params: dict[str, int | str] = {}
        marks = db.marks("a", accounts[start : start + BATCH], params)
        found |= {
            row[0]
            for row in db.all(
                f"SELECT account_id FROM task WHERE key = :key AND status = 'open' AND account_id IN ({marks})",
                key=FOLLOW_UP, **params,
            )
        }  # fmt: skip
    return found
