"""Mail that a sender had in hand when it died."""

from __future__ import annotations

from datetime import datetime, timedelta

from cockpit.desk import Desk
from cockpit.services.act import Work
from db.connection import Db
from db.reads import outbox as reads
from db.terms import MailState

IN_HAND = timedelta(minutes=15)
"""How long a sender may have a mail in hand before it is presumed dead."""


def any_waits(desk: Desk) -> bool:
    """Whether there is mail that may go now."""
    if desk.read_only or desk.as_of is not None:
        return False
    with desk.store.read() as db:
        return db.scalar(f"SELECT 1 FROM outbox b WHERE {reads.WAITING} LIMIT 1", now=desk.now()) is not None


def is_any_stuck(db: Db, now: datetime) -> bool:
    """Whether a sender died with mail in hand."""
    return bool(reads.in_hand_since(db, now - IN_HAND))


def free_stuck(work: Work) -> int:
    """What a dead sender had in hand: files wait to be written again, of the rest a person has to say what became of it."""
    stuck = reads.in_hand_since(work.db, work.now - IN_HAND)
    words = "the program ended while it was sending: look whether it arrived"
    work.update_many("outbox", {
        id_: {"state": MailState.UNSURE, "trouble": words} if channel == "smtp" else {"state": MailState.QUEUED, "taken_at": None}
        for id_, channel in stuck
    })  # fmt: skip
    return len(stuck)
