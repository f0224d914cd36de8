"""Who works, and where: CSMs, pools, segments."""

from __future__ import annotations

from sqlmodel import BigInteger, Field, Index, UniqueConstraint

from db.models.base import SQLModel, Thing, date, datetime, flag, moment, ref, text, whole
from db.terms import Role


class Csm(Thing, table=True):
    """A customer success manager (or the ops, manager or reader beside them), known by login."""

    __tablename__ = "csm"
    login: str = text(required=True, unique=True)
    name: str = text(required=True)
    email: str | None = text()
    role: str = text(Role.CSM)
    manager_id: int | None = ref("csm", index=False)
    languages: str | None = text()
    """Comma between: ``en, de``."""
    skills: str | None = text()
    """What she can do that not everybody can, comma between: ``german, billing``."""
    hours_week: int | None = whole()
    """Hours a week for accounts and CTAs; none = unknown."""
    limit_percent: int = whole(100)
    """Of the pool's limits: 50 for somebody new."""
    active: bool = flag(True)


class Pool(Thing, table=True):
    """A queue, the CSMs who work it, and its policy."""

    __tablename__ = "pool"
    name: str = text(required=True, unique=True)
    time_zone: str = text("UTC")
    calendar: str | None = text()
    """Holiday calendar as ``holidays`` names it: ``US``, ``DE-BY``; none = weekends only."""
    currency: str = text("USD")
    lease_days: int = whole(5)
    max_open: int | None = whole(25, optional=True)
    max_per_day: int | None = whole()
    sender_name: str | None = text()
    """In whose name the pool writes to customers."""
    reply_to: str | None = text()
    gatekeeper_id: int | None = ref("csm", index=False)
    """Who looks at accounts that are to come in."""
    push: str | None = text()
    """How work is handed out by itself: ``round_robin``, ``least_loaded``; none = people claim."""
    active: bool = flag(True)


class PoolMember(Thing, table=True):
    """A CSM works a pool."""

    __tablename__ = "pool_member"
    __table_args__ = (UniqueConstraint("pool_id", "csm_id"),)
    pool_id: int = ref("pool", required=True)
    csm_id: int = ref("csm", required=True)
    lane: str | None = text()
    """The kind of work she takes here; none = every kind (a junior: tactical first)."""
    pushed_at: datetime | None = moment()
    """When she was last handed something: the turn of a round robin."""


class Pod(Thing, table=True):
    """A small group, seniors and a junior, that owns a patch of accounts together."""

    __tablename__ = "pod"
    name: str = text(required=True, unique=True)
    active: bool = flag(True)


class PodMember(Thing, table=True):
    """A CSM belongs to a pod, as a senior or as the one who learns."""

    __tablename__ = "pod_member"
    __table_args__ = (UniqueConstraint("pod_id", "csm_id"),)
    pod_id: int = ref("pod", required=True)
    csm_id: int = ref("csm", required=True)
    is_senior: bool = flag(True)


class Away(Thing, table=True):
    """A CSM is not here from ``first`` to ``last`` (both included); ``cover_id`` answers for her."""

    __tablename__ = "away"
    __table_args__ = (Index("ix_away_csm_last", "csm_id", "last"),)
    csm_id: int = ref("csm", required=True, index=False)
    first: date = Field(nullable=False)
    last: date = Field(nullable=False)
    cover_id: int | None = ref("csm")
    note: str | None = text()
    ended_at: datetime | None = moment()
    """When it was over: she came back earlier, or its last day had passed."""


class Presence(SQLModel, table=True):
    """Who has the screens open now; not journaled, a row lives a minute."""

    __tablename__ = "presence"
    csm_id: int = Field(primary_key=True, sa_type=BigInteger, foreign_key="csm.id")
    seen_at: datetime = moment(required=True)
    screen: str = text("")


class Segment(Thing, table=True):
    """A slice of the accounts with its own expectations: the engagement policy. None = not agreed."""

    __tablename__ = "segment"
    name: str = text(required=True, unique=True)
    arr_from: int | None = whole()
    """ARR in minor units from which an account belongs here (a proposal, not a rule)."""
    touch_days: int | None = whole()
    """A person gets in touch at least every so many business days."""
    digital_days: int | None = whole()
    network_min: int | None = whole()
    network_window: int | None = whole()
    """Days within which a member counts as met."""
    coverage_goal: int | None = whole()
    """Percent of the members met in the window."""
    ebr_per_year: int | None = whole()
    nps_per_year: int | None = whole()
    max_open: int | None = whole()
    max_per_day: int | None = whole()
    max_accounts: int | None = whole()
    """How many of its accounts one CSM holds at most."""
    minutes_month: int | None = whole()
    """Work an account of this segment takes a month, in minutes: its weight in capacity."""
    expected_grr: int | None = whole()
    """Percent."""
    expected_nrr: int | None = whole()
    served_by: str | None = text()
    """The service model its accounts usually have."""
    active: bool = flag(True)
