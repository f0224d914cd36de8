"""Accounts, and the names other systems have for things."""

from __future__ import annotations

from sqlmodel import Field, Index, UniqueConstraint

from db.models.base import Thing, date, datetime, extra, flag, maybe, moment, ref, text, whole
from db.terms import AccountStatus, ServedBy


class Account(Thing, table=True):
    """A customer. A row with a parent is a relationship of that account."""

    __tablename__ = "account"
    __table_args__ = (
        Index("ix_account_name", "name", "id"),
        Index("ix_account_arr", "arr", "id"),
        Index("ix_account_health", "health", "id"),
    )
    name: str = text(required=True)
    parent_id: int | None = ref("account")
    status: str = text(AccountStatus.CUSTOMER)
    segment_id: int | None = ref("segment")
    owner_id: int | None = ref("csm")
    pool_id: int | None = ref("pool")
    pod_id: int | None = ref("pod")
    """The pod whose patch it is in."""
    served_by: str = text(ServedBy.POOL)
    region: str | None = text()
    industry: str | None = text()
    domain: str | None = text()
    language: str | None = text()
    time_zone: str | None = text()
    stage: str | None = text()
    arr: int | None = whole()
    """Annual recurring revenue in minor units of ``currency``."""
    currency: str | None = text()
    renewal_date: date | None = Field(default=None, index=True)
    notice_date: date | None = Field(default=None)
    """The last day on which the customer (or we) may give notice."""
    auto_renew: bool | None = maybe()
    go_live: date | None = Field(default=None)
    health: int | None = whole()
    """0 to 100, or unknown."""
    health_before: int | None = whole()
    """The score 28 days ago, from which the trend is drawn."""
    is_test: bool = flag()
    extra: dict[str, str] | None = extra()


class ExternalId(Thing, table=True):
    """The name another system has for one of our things."""

    __tablename__ = "external_id"
    __table_args__ = (UniqueConstraint("system", "thing", "key"), Index("ix_external_id_thing", "thing", "thing_id"))
    system: str = text(required=True)
    thing: str = text(required=True)
    key: str = text(required=True)
    thing_id: int = whole(required=True)


class Merge(Thing, table=True):
    """Two accounts, or two people, turned out to be one: ``kept_id`` goes on under both names."""

    __tablename__ = "merge"
    __table_args__ = (Index("ix_merge_kept", "thing", "kept_id"), Index("ix_merge_gone", "thing", "gone_id"))
    thing: str = text(required=True)
    """``account`` or ``person``."""
    kept_id: int = whole(required=True)
    gone_id: int = whole(required=True)
    gone_name: str = text(required=True)
    at: datetime = moment(required=True)
    by_id: int | None = ref("csm", index=False)
