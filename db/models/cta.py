"""Calls to action: what there is to do, and whose it is."""

from __future__ import annotations

from sqlalchemy import text as sql
from sqlmodel import Field, Index, UniqueConstraint

from db.models.base import Thing, date, datetime, extra, flag, moment, ref, text, whole
from db.terms import CtaStatus, Priority

UNASSIGNED = "owner_id IS NULL AND status = 'open' AND snoozed_at IS NULL"
"""What the pool queue shows: the predicate of its partial indexes and of every queue read."""


OWNED = "owner_id IS NOT NULL"
LEASED = "owner_id IS NOT NULL AND status = 'open' AND snoozed_at IS NULL"
"""Claims whose clock runs: what `tick` looks through for leases that ended."""
CLOSED = "status = 'closed'"


class CtaType(Thing, table=True):
    """Risk, opportunity, lifecycle, event, or one that people added."""

    __tablename__ = "cta_type"
    name: str = text(required=True, unique=True)
    label: str = text(required=True)
    """Four letters for narrow tables."""
    required_at_close: str | None = text()
    """Names of CTA fields, comma between, that must be filled before a close."""
    minutes: int | None = whole()
    """Work one CTA of it takes: its weight in capacity."""
    active: bool = flag(True)


class Reason(Thing, table=True):
    """Why a CTA was made; belongs to no type, so that a reason can serve several."""

    __tablename__ = "reason"
    name: str = text(required=True, unique=True)
    lane: str | None = text()
    """Which lane its CTAs go to unless they say themselves."""
    skill: str | None = text()
    """What one needs to be good at for it."""
    active: bool = flag(True)


class Cta(Thing, table=True):
    """A call to action on one account.

    ``rank`` and ``rescore_at`` are derived (see ``cockpit.domain.queue``): not journaled, recomputed by
    whatever writes their inputs. ``rank`` ascending is the order of the queue.
    """

    __tablename__ = "cta"
    __table_args__ = (
        Index(
            "ix_cta_queue_pool", "pool_id", "rank", "id", sqlite_where=sql(UNASSIGNED), postgresql_where=sql(UNASSIGNED)
        ),
        Index("ix_cta_queue_all", "rank", "id", sqlite_where=sql(UNASSIGNED), postgresql_where=sql(UNASSIGNED)),
        Index("ix_cta_queue_due", "due", "id", sqlite_where=sql(UNASSIGNED), postgresql_where=sql(UNASSIGNED)),
        Index("ix_cta_queue_opened", "opened_at", "id", sqlite_where=sql(UNASSIGNED), postgresql_where=sql(UNASSIGNED)),
        Index("ix_cta_owner", "owner_id", "status", "rank", "id", sqlite_where=sql(OWNED), postgresql_where=sql(OWNED)),
        Index("ix_cta_leased", "pool_id", "touched_at", sqlite_where=sql(LEASED), postgresql_where=sql(LEASED)),
        Index("ix_cta_closed", "closed_at", "id", sqlite_where=sql(CLOSED), postgresql_where=sql(CLOSED)),
        Index("ix_cta_account", "account_id", "status"),
        Index("ix_cta_rescore", "rescore_at"),
        Index(
            "ix_cta_snoozed",
            "snoozed_until",
            sqlite_where=sql("snoozed_at IS NOT NULL"),
            postgresql_where=sql("snoozed_at IS NOT NULL"),
        ),
    )
    account_id: int = ref("account", required=True, index=False)
    pool_id: int | None = ref("pool", index=False)
    type_id: int = ref("cta_type", required=True, index=False)
    reason_id: int = ref("reason", required=True, index=False)
    title: str = text(required=True)
    """What the queue shows: the reason, or the reason with its figure ("Usage dropped 38%")."""
    description: str | None = text()
    priority: str = text(Priority.MEDIUM)
    flagged: bool = flag()
    status: str = text(CtaStatus.OPEN)
    owner_id: int | None = ref("csm", index=False)
    due: date | None = Field(default=None)
    opened_at: datetime = moment(required=True)
    """When it came (or came back) to the queue: waiting is counted from here."""
    claimed_at: datetime | None = moment()
    touched_at: datetime | None = moment()
    """The last act of its owner on it, or activity on its account: the lease counts from here."""
    snoozed_at: datetime | None = moment()
    snoozed_until: date | None = Field(default=None)
    snooze_reason: str | None = text()
    snooze_wake: str | None = text()
    """A query; the CTA wakes when its account comes to match."""
    left_note: str | None = text()
    """What whoever released it last wants the next one to know."""
    outcome: str | None = text()
    close_note: str | None = text()
    closed_at: datetime | None = moment()
    playbook_id: int | None = ref("playbook")
    lane: str | None = text()
    skill: str | None = text()
    opportunity_id: int | None = ref("opportunity")
    first_claimed_at: datetime | None = moment()
    """The first time anybody took it: waiting ends here."""
    returned: int = whole(0)
    """How often its lease ran out."""
    repeats: str | None = text()
    """``30d``, ``3m``: at its close the next one is made, so long after its due date."""
    source: str = text("by hand")
    rank: int = whole(0)
    rescore_at: date | None = Field(default=None)
    extra: dict[str, str] | None = extra()


DERIVED = {"cta": ("rank", "rescore_at")}
"""Columns that follow from others: left out of the journal and of undo, recomputed instead."""


class CtaPerson(Thing, table=True):
    """A person a CTA is about."""

    __tablename__ = "cta_person"
    __table_args__ = (UniqueConstraint("cta_id", "person_id"),)
    cta_id: int = ref("cta", required=True)
    person_id: int = ref("person", required=True)


class Comment(Thing, table=True):
    """What colleagues say to each other about a CTA; its owner stays who she is."""

    __tablename__ = "comment"
    cta_id: int = ref("cta", required=True)
    author_id: int | None = ref("csm")
    body: str = text(required=True)
    at: datetime = moment(required=True)
    asks_opinion: bool = flag()
    """A second opinion is asked for, of those mentioned."""


class Mention(Thing, table=True):
    """Somebody is spoken to in a comment, until she has seen it."""

    __tablename__ = "mention"
    __table_args__ = (UniqueConstraint("comment_id", "csm_id"),)
    comment_id: int = ref("comment", required=True)
    csm_id: int = ref("csm", required=True)
    seen_at: datetime | None = moment()


class Shadow(Thing, table=True):
    """A junior follows a senior's CTA to its close."""

    __tablename__ = "shadow"
    __table_args__ = (UniqueConstraint("cta_id", "csm_id"),)
    cta_id: int = ref("cta", required=True)
    csm_id: int = ref("csm", required=True)


class Review(Thing, table=True):
    """What a coach thinks of how a CTA was closed."""

    __tablename__ = "review"
    cta_id: int = ref("cta", required=True)
    reviewer_id: int | None = ref("csm")
    verdict: str = text(required=True)
    note: str | None = text()
    at: datetime = moment(required=True)
