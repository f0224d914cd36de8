"""What is written to customers: templates, articles, drafts, and the outbox that keeps a mail from going twice."""

from __future__ import annotations

from typing import Any

from sqlmodel import JSON, Field, Index, UniqueConstraint

from db.models.base import Thing, date, datetime, flag, moment, ref, text, whole
from db.terms import MailState


class Template(Thing, table=True):
    """Words with places for an account's facts; a changed text is a new version."""

    __tablename__ = "template"
    __table_args__ = (UniqueConstraint("name", "language", "version"),)
    name: str = text(required=True)
    kind: str = text(required=True)
    """``outreach``, ``letter``, ``introduction``, ``brief``, ``ebr`` …"""
    language: str = text("en")
    version: int = whole(1)
    subject: str = text("")
    body: str = text(required=True)
    owner_id: int | None = ref("csm", index=False)
    expires: date | None = Field(default=None)
    active: bool = flag(True)


class Article(Thing, table=True):
    """A page of the knowledge base that may be sent."""

    __tablename__ = "article"
    title: str = text(required=True)
    url: str = text(required=True, unique=True)
    language: str = text("en")
    owner_id: int | None = ref("csm", index=False)
    expires: date | None = Field(default=None)
    active: bool = flag(True)


class Draft(Thing, table=True):
    """What somebody began to write and has not logged or sent: an entry, a letter."""

    __tablename__ = "draft"
    account_id: int = ref("account", required=True)
    author_id: int | None = ref("csm")
    kind: str = text(required=True)
    """``entry``, ``letter``, ``outreach``."""
    fields: dict[str, Any] = Field(sa_type=JSON, nullable=False)
    changed_at: datetime = moment(required=True)


class Outbox(Thing, table=True):
    """One mail to one person: written, then handed over once. ``key`` is its Message-ID and what makes it one."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_state", "state", "due_at"), Index("ix_outbox_account", "account_id", "state"))
    key: str = text(required=True, unique=True)
    account_id: int = ref("account", required=True, index=False)
    person_id: int | None = ref("person")
    cta_id: int | None = ref("cta", index=False)
    activity_id: int | None = ref("activity", index=False)
    """The entry of the timeline that tells of it."""
    template_id: int | None = ref("template")
    sender_id: int | None = ref("csm")
    batch: str | None = text(index=True)
    """What was sent together."""
    channel: str = text(required=True)
    """``smtp``, ``eml``, ``csv``."""
    recipient: str = text(required=True)
    cc: str | None = text()
    subject: str = text(required=True)
    body: str = text(required=True)
    state: str = text(MailState.QUEUED)
    due_at: datetime | None = moment()
    """Not before; none = now."""
    stops_on_reply: bool = flag()
    attempts: int = whole(0)
    taken_at: datetime | None = moment()
    """A sender has it in hand: it may or may not have gone until ``sent_at`` says so."""
    sent_at: datetime | None = moment()
    trouble: str | None = text()


class Stray(Thing, table=True):
    """A mail that came in from somebody nobody here knows: kept until somebody says whose it is."""

    __tablename__ = "stray"
    key: str = text(required=True, unique=True)
    """Its Message-ID."""
    sender: str = text(required=True)
    sender_name: str | None = text()
    subject: str = text(required=True)
    body: str | None = text()
    at: datetime = moment(required=True)


class Document(Thing, table=True):
    """A brief or an EBR pack as it was made, in Markdown."""

    __tablename__ = "document"
    account_id: int = ref("account", required=True)
    kind: str = text(required=True)
    title: str = text(required=True)
    body: str = text(required=True)
    template_id: int | None = ref("template", index=False)
    author_id: int | None = ref("csm", index=False)
    at: datetime = moment(required=True)
