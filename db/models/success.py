"""What is agreed, feared and felt about an account: goals, risks, escalations, sentiment, the CSM's renewal call."""

from __future__ import annotations

from sqlmodel import Field, Index

from db.models.base import Fact, Thing, date, datetime, moment, ref, text
from db.terms import GoalStatus, Severity


class Goal(Thing, table=True):
    """One line of a success plan: what the customer wants to reach, how it is measured, by when, whose it is."""

    __tablename__ = "goal"
    account_id: int = ref("account", required=True)
    title: str = text(required=True)
    measure: str | None = text()
    """How one sees that it is reached, in words."""
    criterion: str | None = text()
    """A query about the account that is true when it is."""
    due: date | None = Field(default=None)
    owner_id: int | None = ref("csm")
    status: str = text(GoalStatus.OPEN)
    reached_on: date | None = Field(default=None)
    note: str | None = text()


class Risk(Thing, table=True):
    """A line of the risk register; often another department's to mend."""

    __tablename__ = "risk"
    __table_args__ = (Index("ix_risk_kind", "kind", "closed_on"),)
    account_id: int = ref("account", required=True)
    title: str = text(required=True)
    kind: str = text(required=True)
    """``readiness``, ``implementation``, ``sentiment``, ``product`` …: what patterns are found by."""
    severity: str = text(Severity.MEDIUM)
    department: str | None = text()
    owner: str | None = text()
    """Who mends it, by name: most work in departments that have no login here."""
    csm_id: int | None = ref("csm", index=False)
    """Who of us follows it."""
    opened_on: date = Field(nullable=False)
    due: date | None = Field(default=None)
    closed_on: date | None = Field(default=None)
    resolution: str | None = text()
    note: str | None = text()
    cta_id: int | None = ref("cta")


class Escalation(Thing, table=True):
    """A customer's matter that is owned elsewhere, with its clock: when the next update is due."""

    __tablename__ = "escalation"
    account_id: int = ref("account", required=True)
    title: str = text(required=True)
    severity: str = text(Severity.HIGH)
    department: str | None = text()
    owner: str | None = text()
    csm_id: int | None = ref("csm", index=False)
    opened_at: datetime = moment(required=True)
    next_update: date | None = Field(default=None)
    closed_at: datetime | None = moment()
    note: str | None = text()


class Sentiment(Fact, table=True):
    """What a CSM thinks the customer feels, on a day: good, unsure or bad."""

    __tablename__ = "sentiment"
    __table_args__ = (Index("ix_sentiment_account_day", "account_id", "day"),)
    account_id: int = ref("account", required=True, index=False)
    feeling: str = text(required=True)
    day: date = Field(nullable=False)
    note: str | None = text()
    csm_id: int | None = ref("csm", index=False)


class RenewalCall(Fact, table=True):
    """A CSM's own forecast of a renewal: will, may, won't. It stands beside the signal, never instead."""

    __tablename__ = "renewal_call"
    __table_args__ = (Index("ix_renewal_call_account_day", "account_id", "day"),)
    account_id: int = ref("account", required=True, index=False)
    opportunity_id: int | None = ref("opportunity")
    call: str = text(required=True)
    day: date = Field(nullable=False)
    reason: str | None = text()
    csm_id: int | None = ref("csm", index=False)
