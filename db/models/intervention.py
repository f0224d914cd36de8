"""The one- or two-month piece of work on an account that answered: the unit of attribution."""

from __future__ import annotations

from sqlalchemy import text as sql
from sqlmodel import JSON, Field, Index

from db.models.base import Thing, datetime, moment, ref, text
from db.terms import Stage

RUNNING = "ended_at IS NULL"


class Intervention(Thing, table=True):
    """One account, one CSM, from the claim to its end; one at a time per account (a unique index says so).

    Each stage keeps the moment it was first reached; the window of 30 to 60 days runs from ``engaged_at``.
    """

    __tablename__ = "intervention"
    __table_args__ = (
        Index(
            "uq_intervention_running",
            "account_id",
            unique=True,
            sqlite_where=sql(RUNNING),
            postgresql_where=sql(RUNNING),
        ),
        Index("ix_intervention_csm", "csm_id", "stage"),
    )
    account_id: int = ref("account", required=True)
    cta_id: int | None = ref("cta")
    csm_id: int | None = ref("csm", index=False)
    stage: str = text(Stage.CLAIMED)
    claimed_at: datetime = moment(required=True)
    reached_at: datetime | None = moment()
    engaged_at: datetime | None = moment()
    on_plan_at: datetime | None = moment()
    on_track_at: datetime | None = moment()
    ended_at: datetime | None = moment()
    criterion: str | None = text()
    """A query about the account: true means on track."""
    plan: str | None = text()
    handoff_note: str | None = text()
    """To Support, at the exit to self-service."""
    articles: list[str] | None = Field(default=None, sa_type=JSON)
    """Links into the knowledge base the customer goes on with."""
    end_reason: str | None = text()
    proposed_at: datetime | None = moment()
    """When its CSM was asked whether to end it, because nobody answers."""
