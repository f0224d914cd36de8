"""Who works, and where: CSMs, pools, segments."""

from __future__ import annotations

from sqlmodel import UniqueConstraint

from db.models.base import Thing, flag, ref, text, whole
from db.terms import Role


class Csm(Thing, table=True):
    """A customer success manager (or the ops, manager or reader beside them), known by login."""

    __tablename__ = "csm"
    login: str = text(required=True, unique=True)
    name: str = text(required=True)
    email: str | None = text()
    role: str = text(Role.CSM)
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
    active: bool = flag(True)


class PoolMember(Thing, table=True):
    """A CSM works a pool."""

    __tablename__ = "pool_member"
    __table_args__ = (UniqueConstraint("pool_id", "csm_id"),)
    pool_id: int = ref("pool", required=True)
    csm_id: int = ref("csm", required=True)


class Segment(Thing, table=True):
    """A slice of the accounts with its own expectations."""

    __tablename__ = "segment"
    name: str = text(required=True, unique=True)
    active: bool = flag(True)
