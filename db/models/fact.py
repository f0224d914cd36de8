"""What other systems know of an account, as versioned facts."""

from __future__ import annotations

from sqlmodel import JSON, Field, Index, UniqueConstraint

from db.models.base import Fact, Thing, date, datetime, extra, flag, moment, ref, text, whole
from db.terms import OpportunityState, OpportunityType


class Product(Thing, table=True):
    """Something that is sold."""

    __tablename__ = "product"
    name: str = text(required=True, unique=True)
    list_price: int | None = whole()
    """Of a unit a month, in minor units of ``currency``."""
    currency: str | None = text()
    margin: int | None = whole()
    """Thousandths of the price."""
    key_features: list[str] | None = Field(default=None, sa_type=JSON)
    """Usage metrics that say a customer uses what it is for."""
    active: bool = flag(True)


class Subscription(Fact, table=True):
    """Units of a product at a price, from ``starts`` to ``ends`` (inclusive; none = running)."""

    __tablename__ = "subscription"
    account_id: int = ref("account", required=True)
    product_id: int | None = ref("product", index=False)
    units: int | None = whole()
    mrr: int = whole(0)
    """Monthly recurring revenue in minor units of ``currency``."""
    currency: str = text("USD")
    starts: date = Field(nullable=False)
    ends: date | None = Field(default=None)
    extra: dict[str, str] | None = extra()


class Opportunity(Fact, table=True):
    """A sale: new business, renewal, expansion or upsell."""

    __tablename__ = "opportunity"
    account_id: int = ref("account", required=True)
    name: str | None = text()
    type: str = text(OpportunityType.NEW_BUSINESS)
    stage: str | None = text()
    state: str = text(OpportunityState.OPEN)
    amount: int | None = whole()
    due_amount: int | None = whole()
    final_amount: int | None = whole()
    term_months: int | None = whole()
    currency: str = text("USD")
    due_date: date | None = Field(default=None)
    close_date: date | None = Field(default=None)
    lead_source: str | None = text()
    reference_used: bool = flag()
    case_study_used: bool = flag()
    sourced_by: str | None = text()
    extra: dict[str, str] | None = extra()


class Usage(Fact, table=True):
    """One value of one usage metric of an account on a day, in thousandths of its unit."""

    __tablename__ = "usage"
    __table_args__ = (Index("ix_usage_account_metric_day", "account_id", "metric", "day"),)
    account_id: int = ref("account", required=True, index=False)
    metric: str = text(required=True)
    day: date = Field(nullable=False)
    value: int = whole(required=True)


class Survey(Fact, table=True):
    """One answer to a survey: NPS 0–10, CSAT or training feedback on the scale it declares."""

    __tablename__ = "survey"
    __table_args__ = (Index("ix_survey_account_answered", "account_id", "answered"),)
    account_id: int = ref("account", required=True, index=False)
    person_id: int | None = ref("person")
    kind: str = text(required=True)
    about: str | None = text()
    score: int = whole(0)
    comment: str | None = text()
    answered: date = Field(nullable=False)
    extra: dict[str, str] | None = extra()


class Ticket(Fact, table=True):
    """A support case."""

    __tablename__ = "ticket"
    __table_args__ = (
        Index("ix_ticket_account_opened", "account_id", "opened"),
        Index("ix_ticket_account_closed", "account_id", "closed"),
    )
    account_id: int | None = ref("account", index=False)
    person_id: int | None = ref("person")
    subject: str = text(required=True)
    priority: str | None = text()
    status: str | None = text()
    opened: datetime | None = moment()
    closed: datetime | None = moment()
    reopened: datetime | None = moment()
    extra: dict[str, str] | None = extra()


class Event(Fact, table=True):
    """Something that happened to the customer: a contact left, an acquisition, an outage."""

    __tablename__ = "event"
    __table_args__ = (Index("ix_event_account_day", "account_id", "day"),)
    account_id: int = ref("account", required=True, index=False)
    person_id: int | None = ref("person")
    type: str = text(required=True)
    day: date = Field(nullable=False)
    body: str | None = text()


class Training(Fact, table=True):
    """A course somebody of a customer took, or should."""

    __tablename__ = "training"
    __table_args__ = (Index("ix_training_account_completed", "account_id", "completed"),)
    account_id: int = ref("account", required=True, index=False)
    person_id: int | None = ref("person")
    course: str = text(required=True)
    required: bool = flag()
    completed: date | None = Field(default=None)
    score: int | None = whole()
    extra: dict[str, str] | None = extra()


class Advocacy(Fact, table=True):
    """What a happy customer does for us: a referral, a reference call, a case study, a story, a review."""

    __tablename__ = "advocacy"
    __table_args__ = (Index("ix_advocacy_account_asked", "account_id", "asked_on"),)
    account_id: int = ref("account", required=True, index=False)
    person_id: int | None = ref("person")
    kind: str = text(required=True)
    asked_on: date | None = Field(default=None)
    given_on: date | None = Field(default=None)
    consent_until: date | None = Field(default=None)
    """Their consent in writing, as long as it holds; none = there is none."""
    recipient: str | None = text()
    note: str | None = text()
    extra: dict[str, str] | None = extra()


class Feed(Thing, table=True):
    """When one kind of fact last came from one system: old facts are said to be old."""

    __tablename__ = "feed"
    __table_args__ = (UniqueConstraint("kind", "system"),)
    kind: str = text(required=True)
    system: str = text(required=True)
    loaded_at: datetime = moment(required=True)
    rows: int = whole(0)
