"""People at the customer, and what they are there."""

from __future__ import annotations

from sqlmodel import Field, Index, UniqueConstraint

from db.models.base import Thing, date, datetime, extra, flag, moment, ref, text


class Person(Thing, table=True):
    """A contact; belongs to accounts through memberships."""

    __tablename__ = "person"
    __table_args__ = (Index("ix_person_name", "name", "id"),)
    name: str = text(required=True)
    email: str | None = text(index=True)
    phone: str | None = text()
    language: str | None = text()
    left_on: date | None = Field(default=None)
    opted_out: bool = flag()
    bounced: bool = flag()
    channel: str | None = text()
    """How she likes to be reached."""
    extra: dict[str, str] | None = extra()


class Membership(Thing, table=True):
    """A person belongs to an account (or to a relationship under one)."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("person_id", "account_id"),)
    person_id: int = ref("person", required=True)
    account_id: int = ref("account", required=True)
    title: str | None = text()
    value_network: bool = flag()
    network_role: str | None = text()
    left_on: date | None = Field(default=None)
    """She is still with the customer, but no longer here."""
    value_obtained: str | None = text()
    bottleneck: str | None = text()
    confirmed_at: datetime | None = moment()
    """When somebody last said that this is still so."""
    confirmed_by_id: int | None = ref("csm", index=False)
