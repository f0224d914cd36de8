"""What the store keeps for everybody (settings) and for somebody (views)."""

from __future__ import annotations

from typing import Any

from sqlmodel import JSON, Field, UniqueConstraint

from db.models.base import SQLModel, Thing, flag, ref, text


class Setting(Thing, table=True):
    """One policy of the store: the weights of the queue, say. Its versions are its journal."""

    __tablename__ = "setting"
    key: str = text(required=True, unique=True)
    value: Any = Field(sa_type=JSON, nullable=False)


class View(Thing, table=True):
    """A saved query with its sort and columns."""

    __tablename__ = "view"
    __table_args__ = (UniqueConstraint("screen", "name", "owner_id"),)
    name: str = text(required=True)
    screen: str = text(required=True)
    owner_id: int | None = ref("csm")
    shared: bool = flag()
    query: str = text("")
    sort: str | None = text()
    columns: list[str] | None = Field(default=None, sa_type=JSON)


class Info(SQLModel, table=True):
    """What the store is: schema number, kind (team, demo, test), when made."""

    __tablename__ = "info"
    key: str = text(required=True, primary_key=True)
    value: str = text(required=True)
