"""Playbooks and the tasks they leave on a CTA."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text as sql
from sqlmodel import JSON, Field, Index, UniqueConstraint

from db.models.base import Thing, date, datetime, flag, moment, ref, text, whole
from db.terms import TaskStatus

PROVABLE = "status = 'open' AND done_when IS NOT NULL"
"""Tasks that close themselves when the thing is done."""


class Playbook(Thing, table=True):
    """A named list of steps; a changed text is a new version, running ones keep theirs."""

    __tablename__ = "playbook"
    __table_args__ = (UniqueConstraint("name", "version"),)
    name: str = text(required=True)
    version: int = whole(1)
    about: str = text("cta")
    """What it is applied to: ``cta``, ``account``, ``csm``, or a kind of transition (``csm_to_csm`` …)."""
    source: str | None = text()
    """The TOML it was written in; none for what an import brought."""
    steps: list[dict[str, Any]] = Field(sa_type=JSON, nullable=False)
    """``[{title, due_in (business days), required}]`` in order."""
    active: bool = flag(True)


class Run(Thing, table=True):
    """A playbook that was applied to something; its tasks keep the version they were made from."""

    __tablename__ = "run"
    playbook_id: int = ref("playbook", required=True)
    cta_id: int | None = ref("cta")
    account_id: int | None = ref("account")
    csm_id: int | None = ref("csm")
    transition_id: int | None = ref("transition")
    started_on: date = Field(nullable=False)
    ended_at: datetime | None = moment()


class Task(Thing, table=True):
    """One piece of work: on a CTA, an account, a CSM (who is new) or a side of a transition."""

    __tablename__ = "task"
    __table_args__ = (
        Index("ix_task_owner_id", "owner_id", "status"),
        Index("ix_task_provable", "done_when", "due", sqlite_where=sql(PROVABLE), postgresql_where=sql(PROVABLE)),
    )
    cta_id: int | None = ref("cta")
    account_id: int | None = ref("account")
    transition_id: int | None = ref("transition")
    run_id: int | None = ref("run")
    owner_id: int | None = ref("csm", index=False)
    key: str | None = text()
    """The step's name in its playbook: what others need, and what knows when it is done."""
    side: str | None = text()
    """``out``, ``in`` or ``both``."""
    role: str | None = text()
    """Whose it is when nobody is named: ``manager``, ``gatekeeper``, ``lead`` …"""
    title: str = text(required=True)
    position: int = whole(0)
    due: date | None = Field(default=None)
    required: bool = flag()
    gates: bool = flag()
    """The hand-over (or the close) waits for it."""
    status: str = text(TaskStatus.OPEN)
    done_at: datetime | None = moment()
    done_by_id: int | None = ref("csm", index=False)
    note: str | None = text()
    """What was found, or why it was left out."""
    waived_by_id: int | None = ref("csm", index=False)
    spec: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    """The step as its playbook had it: ``needs``, ``when``, ``opens``, ``done``, ``due``, ``by_hand``."""
    done_when: str | None = text()
    """The check that says whether it is done; none = ticked by hand."""
