"""The portfolio: how many accounts of each band there are, by segment, owner or pool, each figure a query of its own."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.desk import Desk
from cockpit.services.errors import Refused
from cockpit.services.query import compiled
from db.reads import health_portfolio as reads
from db.reads.health_portfolio import FallingRow as FallingRow  # the faces know it from here

BY = tuple(reads.BY)
_FIELD = {"segment": "segment", "owner": "account_owner", "pool": "pool"}


@dataclass(frozen=True, slots=True)
class PortfolioGroup:
    """One group; ``group`` None: accounts without. ``query`` is what finds them on the Accounts screen.

    ``arr`` and ``arr_at_risk`` (of the red) in minor units of ``currency``; None when there are several currencies.
    """

    group: str | None
    label: str
    accounts: int
    red: int
    amber: int
    green: int
    unknown: int
    falling: int
    arr: int | None
    arr_at_risk: int | None
    currency: str | None
    query: str


def portfolio(desk: Desk, by: str = "segment", where: str = "") -> tuple[PortfolioGroup, ...]:
    """Customers without a parent that a query matches, by segment, owner or pool, the largest group first.

    Raises Refused (by), QueryError.
    """
    if by not in BY:
        raise Refused("by", f"The portfolio is by {', '.join(BY)}, not {by!r}.")
    with desk.store.read() as db:
        condition, params = compiled(desk, db, where, "account")
        rows = reads.portfolio(db, by, condition, params)
    return tuple(
        PortfolioGroup(
            row.group, row.label or f"no {by}", row.accounts, row.red, row.amber, row.green, row.unknown, row.falling,
            row.arr if row.currencies <= 1 else None, row.arr_at_risk if row.currencies <= 1 else None, row.currency,
            query_of(by, row.group),
        )
        for row in rows
    )  # fmt: skip


def falling(desk: Desk, where: str = "", limit: int = 10) -> tuple[FallingRow, ...]:
    """The customers whose health fell most in four weeks. Raises QueryError."""
    with desk.store.read() as db:
        condition, params = compiled(desk, db, where, "account")
        return tuple(reads.falling(db, condition, params, limit))


def query_of(by: str, group: str | None, band: str = "") -> str:
    """The query that finds a group's accounts, of one band if wanted."""
    name = "none" if group is None else '"' + group.replace('"', "") + '"'
    words = f"account_status:customer parent:none {_FIELD[by]}:{name}"
    return f"{words} health:none" if band == "unknown" else f"{words} band:{band}" if band else words
