"""Scorecards, what they said of each account, and what people said against it."""

from __future__ import annotations

from typing import Any

from sqlmodel import JSON, Field, Index, UniqueConstraint

from db.models.base import Row, Thing, date, datetime, flag, moment, ref, text, whole


class Scorecard(Thing, table=True):
    """Measures, groups, weights and bands as text; a changed text is a new version."""

    __tablename__ = "scorecard"
    __table_args__ = (UniqueConstraint("name", "version"),)
    name: str = text(required=True)
    version: int = whole(1)
    source: str = text(required=True)
    """The TOML it was written in."""
    active: bool = flag(True)


class Score(Row, table=True):
    """What a scorecard made of an account on a day: derived from facts, not journaled; the latest of a day stands."""

    __tablename__ = "score"
    __table_args__ = (UniqueConstraint("account_id", "day"), Index("ix_score_day_at", "day", "at"))
    account_id: int = whole(required=True)
    """Not a foreign key: scores of an account whose creation was undone go with the next computation."""
    scorecard_id: int = whole(required=True)
    day: date = Field(nullable=False)
    at: datetime = moment(required=True)
    total: int | None = whole()
    """0 to 100 with overrides; none when over half of the weight is missing."""
    computed: int | None = whole()
    """The same without overrides."""
    measures: dict[str, Any] = Field(sa_type=JSON, nullable=False)
    """``{measure: [score 0-100 or null, the figure it came from or null]}``."""


class Override(Thing, table=True):
    """A person's word against a measure (or, without one, the whole score), until a day."""

    __tablename__ = "override"
    account_id: int = ref("account", required=True)
    measure: str | None = text()
    value: int = whole(required=True)
    reason: str = text(required=True)
    until: date = Field(nullable=False)
    csm_id: int | None = ref("csm", index=False)
    set_at: datetime = moment(required=True)
    ended_at: datetime | None = moment()
