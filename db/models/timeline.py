"""What happened with the customer, and who was there."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text as sql
from sqlmodel import JSON, Field, Index

from db.models.base import Fact, SQLModel, Thing, date, datetime, extra, flag, moment, ref, text, whole
from db.terms import EntryState

PROMISED = "next_step_due IS NOT NULL AND next_step_done_at IS NULL AND superseded IS NULL"
ANSWERS = "answers_id IS NOT NULL"


class ActivityType(Thing, table=True):
    """Update, call, meeting, email, outreach, milestone, transition note, or one that people added."""

    __tablename__ = "activity_type"
    name: str = text(required=True, unique=True)
    is_meeting: bool = flag()
    """Being there counts as having been met."""
    fields: list[dict[str, Any]] | None = Field(default=None, sa_type=JSON)
    """What an entry of it also says: ``[{name, label, choices?, required?}]``."""
    active: bool = flag(True)


class Activity(Fact, table=True):
    """One entry of an account's timeline."""

    __tablename__ = "activity"
    __table_args__ = (
        Index("ix_activity_account_at", "account_id", "at", "id"),
        Index("ix_activity_author_at", "author_id", "at"),
        Index("ix_activity_key", "key", sqlite_where=sql("key IS NOT NULL"), postgresql_where=sql("key IS NOT NULL")),
        Index("ix_activity_promised", "next_step_due", sqlite_where=sql(PROMISED), postgresql_where=sql(PROMISED)),
        Index("ix_activity_answers", "answers_id", sqlite_where=sql(ANSWERS), postgresql_where=sql(ANSWERS)),
    )
    account_id: int = ref("account", required=True, index=False)
    cta_id: int | None = ref("cta")
    type_id: int = ref("activity_type", required=True, index=False)
    author_id: int | None = ref("csm", index=False)
    subject: str = text(required=True)
    body: str | None = text()
    at: datetime = moment(required=True)
    date_only: bool = flag()
    """Only the day is known; ``at`` is then noon in the pool's zone."""
    next_step: str | None = text()
    next_step_due: date | None = Field(default=None)
    next_step_done_at: datetime | None = moment()
    """When what was promised was kept."""
    details: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    """The answers to its type's own fields."""
    state: str = text(EntryState.DONE)
    """A meeting may still be to come, or have been called off."""
    ends_at: datetime | None = moment()
    internal: bool = flag()
    """Among ourselves: nobody of the customer was asked."""
    inbound: bool = flag()
    """It came from the customer."""
    answers_id: int | None = ref("activity", index=False)
    """The entry it answers."""
    key: str | None = text()
    """The Message-ID of a mail, the UID of a meeting: what makes it one however often it comes in."""
    extra: dict[str, str] | None = extra()


class Attendee(Thing, table=True):
    """Somebody invited to an activity: a person of the customer or one of us."""

    __tablename__ = "attendee"
    activity_id: int = ref("activity", required=True)
    person_id: int | None = ref("person")
    csm_id: int | None = ref("csm")
    email: str | None = text()
    """As written, kept when nobody here is known by it."""
    attended: bool = flag(True)


class Met(SQLModel, table=True):
    """Who was met when, by whom, for which account: derived from attendance by triggers (``db.met``), not journaled."""

    __tablename__ = "met"
    __table_args__ = (Index("ix_met_activity_id", "activity_id"), {"sqlite_with_rowid": False})
    person_id: int = whole(required=True, primary_key=True)
    csm_id: int = whole(required=True, primary_key=True)
    """Who of us logged it or was there; 0 for the meeting by itself, so that the last of all is found in one step too."""
    account_id: int = whole(required=True, primary_key=True)
    at: datetime = moment(required=True, primary_key=True)
    activity_id: int = whole(required=True, primary_key=True)
