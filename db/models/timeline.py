"""What happened with the customer, and who was there."""

from __future__ import annotations

from sqlmodel import Field, Index

from db.models.base import Fact, Thing, date, datetime, extra, flag, moment, ref, text


class ActivityType(Thing, table=True):
    """Update, call, meeting, email, outreach, milestone, transition note, or one that people added."""

    __tablename__ = "activity_type"
    name: str = text(required=True, unique=True)
    is_meeting: bool = flag()
    """Being there counts as having been met."""
    active: bool = flag(True)


class Activity(Fact, table=True):
    """One entry of an account's timeline."""

    __tablename__ = "activity"
    __table_args__ = (
        Index("ix_activity_account_at", "account_id", "at", "id"),
        Index("ix_activity_author_at", "author_id", "at"),
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
