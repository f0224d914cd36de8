"""Playbooks and the tasks they leave on a CTA."""

from __future__ import annotations

from typing import Any

from sqlmodel import JSON, Field, UniqueConstraint

from db.models.base import Thing, date, datetime, flag, moment, ref, text, whole
from db.terms import TaskStatus


class Playbook(Thing, table=True):
    """A named list of steps; a changed text is a new version, running ones keep theirs."""

    __tablename__ = "playbook"
    __table_args__ = (UniqueConstraint("name", "version"),)
    name: str = text(required=True)
    version: int = whole(1)
    steps: list[dict[str, Any]] = Field(sa_type=JSON, nullable=False)
    """``[{title, due_in (business days), required}]`` in order."""
    active: bool = flag(True)


class Task(Thing, table=True):
    """One piece of work on a CTA."""

    __tablename__ = "task"
    cta_id: int = ref("cta", required=True)
    owner_id: int | None = ref("csm")
    title: str = text(required=True)
    position: int = whole(0)
    due: date | None = Field(default=None)
    required: bool = flag()
    status: str = text(TaskStatus.OPEN)
    done_at: datetime | None = moment()
