"""Who looked at which account when: not acts, kept for a while, seen by the one it is about."""

from __future__ import annotations

from sqlmodel import Index

from db.models.base import Row, datetime, moment, text, whole


class Viewing(Row, table=True):
    """One look at an account's pane."""

    __tablename__ = "viewing"
    __table_args__ = (Index("ix_viewing_csm_at", "csm_id", "at"), Index("ix_viewing_account_at", "account_id", "at"))
    csm_id: int = whole(required=True)
    account_id: int = whole(required=True)
    at: datetime = moment(required=True)
    pane: str = text("")
