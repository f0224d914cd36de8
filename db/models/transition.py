"""Accounts that change hands: both sides, what is decided, what is written down, and a leaver's whole book."""

from __future__ import annotations

from typing import Any

from sqlmodel import JSON, Field, Index, UniqueConstraint

from db.models.base import Thing, date, datetime, flag, moment, ref, text, whole
from db.terms import TransitionState


class Leave(Thing, table=True):
    """A CSM leaves (or hands over part of) her book: the transitions that are started together."""

    __tablename__ = "leave"
    csm_id: int = ref("csm", required=True)
    last_day: date = Field(nullable=False)
    is_gone: bool = flag()
    """She is already gone: managers do the outgoing side."""
    note: str | None = text()
    started_at: datetime = moment(required=True)
    ended_at: datetime | None = moment()


class Transition(Thing, table=True):
    """One account (or, for cover and pods, several: ``TransitionAccount``) on its way from one side to the other."""

    __tablename__ = "transition"
    __table_args__ = (
        Index("ix_transition_account", "account_id", "state"),
        Index("ix_transition_from", "from_csm_id", "state"),
        Index("ix_transition_to", "to_csm_id", "state"),
        Index("ix_transition_state", "state", "target"),
    )
    kind: str = text(required=True)
    state: str = text(TransitionState.STARTED)
    account_id: int | None = ref("account", index=False)
    reason: str | None = text()
    started_on: date = Field(nullable=False)
    target: date = Field(nullable=False)
    """The day of the hand-over."""
    returns_on: date | None = Field(default=None)
    from_csm_id: int | None = ref("csm", index=False)
    from_pool_id: int | None = ref("pool", index=False)
    from_pod_id: int | None = ref("pod", index=False)
    to_csm_id: int | None = ref("csm", index=False)
    to_pool_id: int | None = ref("pool", index=False)
    to_pod_id: int | None = ref("pod", index=False)
    manager_id: int | None = ref("csm", index=False)
    gatekeeper_id: int | None = ref("csm", index=False)
    stand_in: bool = flag()
    """The outgoing side is gone; its manager does its steps and the brief says so."""
    agreed_at: datetime | None = moment()
    """The receiving manager agreed that the customer may be told."""
    agreed_by_id: int | None = ref("csm", index=False)
    sent_back: int = whole(0)
    sent_back_why: str | None = text()
    sent_back_at: datetime | None = moment()
    accepted_at: datetime | None = moment()
    accepted_by_id: int | None = ref("csm", index=False)
    ended_at: datetime | None = moment()
    end_reason: str | None = text()
    leave_id: int | None = ref("leave")
    wave: int | None = whole()
    tier: str | None = text()
    proposal: str | None = text()
    """Why this recipient was proposed, in words."""
    away_id: int | None = ref("away", index=False)
    extra: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    """What its kind alone needs: criteria waived, systems confirmed."""


class TransitionAccount(Thing, table=True):
    """One account of a cover or a pod's hand-over, with who takes which part of it."""

    __tablename__ = "transition_account"
    __table_args__ = (UniqueConstraint("transition_id", "account_id"),)
    transition_id: int = ref("transition", required=True)
    account_id: int = ref("account", required=True)
    level: str | None = text()
    """Cover: ``full`` or ``answer_only``."""
    csm_id: int | None = ref("csm", index=False)
    """Who covers it, or its lead in the pod."""
    second_id: int | None = ref("csm", index=False)
    note: str | None = text()
    extra: dict[str, Any] | None = Field(default=None, sa_type=JSON)


class Decision(Thing, table=True):
    """What becomes of one open thing at the hand-over: a CTA, a task, an intervention, a draft, a meeting."""

    __tablename__ = "decision"
    __table_args__ = (UniqueConstraint("transition_id", "thing", "thing_id"),)
    transition_id: int = ref("transition", required=True)
    thing: str = text(required=True)
    thing_id: int = whole(required=True)
    choice: str = text(required=True)
    """``move``, ``close``, ``keep``, ``pool``, ``wait``."""
    to_csm_id: int | None = ref("csm", index=False)
    note: str | None = text()
    by_id: int | None = ref("csm", index=False)
    at: datetime = moment(required=True)


class Brief(Thing, table=True):
    """One version of a handoff brief; a change after it was signed is the next version."""

    __tablename__ = "brief"
    __table_args__ = (UniqueConstraint("transition_id", "account_id", "version"),)
    transition_id: int = ref("transition", required=True)
    account_id: int = ref("account", required=True)
    version: int = whole(1)
    form: str = text(required=True)
    """``full``, ``pool``, ``cover``, ``patch``: which sections it has."""
    sections: dict[str, str] = Field(sa_type=JSON, nullable=False)
    written_by_id: int | None = ref("csm", index=False)
    written_at: datetime = moment(required=True)
    signed_by_id: int | None = ref("csm", index=False)
    signed_at: datetime | None = moment()


class Question(Thing, table=True):
    """What one side asks the other about a hand-over, and the answer."""

    __tablename__ = "question"
    transition_id: int = ref("transition", required=True)
    asked_by_id: int | None = ref("csm", index=False)
    body: str = text(required=True)
    asked_at: datetime = moment(required=True)
    answered_by_id: int | None = ref("csm", index=False)
    answer: str | None = text()
    answered_at: datetime | None = moment()
    withdrawn_at: datetime | None = moment()
