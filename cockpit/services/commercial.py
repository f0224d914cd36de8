"""The Commercial pane: what is paid for what until when, what may be sold, and the dates that matter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cockpit.desk import Desk
from cockpit.domain.commercial import Holding, Whitespace, contract_value, whitespace
from cockpit.services.account import days_to, detail
from cockpit.services.fact import FactRow, row_of
from cockpit.services.fact_kinds import OPPORTUNITY, SUBSCRIPTION
from cockpit.services.freshness import Mark, marks
from db.reads import commercial as reads
from db.reads import fact
from db.reads.commercial import Forecast, Share

MOST = 60
"""Rows of a kind and account that a pane shows; the command line lists all."""


@dataclass(frozen=True, slots=True)
class Commercial:
    """An account's money. Amounts are by currency, in minor units; ``rows`` are subscriptions, then opportunities."""

    account_id: int
    name: str
    arr: int | None
    currency: str | None
    renewal_date: date | None
    renews_in: int | None
    notice_date: date | None
    notice_in: int | None
    auto_renew: bool | None
    mrr: tuple[tuple[str, int], ...]
    contract: tuple[tuple[str, int], ...]
    """What the running subscriptions are worth from their start to their end; those without an end are left out."""
    open_ended: int
    """How many those are."""
    open_amount: tuple[tuple[str, int], ...]
    """Open opportunities."""
    forecast: Forecast | None
    rows: tuple[FactRow, ...]
    whitespace: tuple[Whitespace, ...]
    family: tuple[Share, ...]
    """The account and its relationships, each with what it pays; one alone when it has none."""
    missing: tuple[str, ...]
    is_cut: bool
    """There are more rows than are shown: ``cockpit subscription list`` has all."""
    freshness: tuple[Mark, ...]


def commercial(desk: Desk, account_id: int, whole_family: bool = True) -> Commercial:
    """An account's money, in a number of statements that does not depend on it. Raises NotFound."""
    today = desk.today()
    with desk.store.read() as db:
        one = detail(db, account_id)
        sold = [row_of(SUBSCRIPTION, row) for row in fact.latest(db, "subscription", account_id, whole_family, "starts", MOST)]
        wanted = [row_of(OPPORTUNITY, row) for row in fact.latest(db, "opportunity", account_id, whole_family, "id", MOST)]
        held = reads.running(db, account_id, today, whole_family)
        family = reads.family(db, account_id, today, whole_family)
        forecast = reads.forecast(db, account_id)
        on_sale = fact.products(db)
        fresh = marks(desk, db, account_id, ("subscriptions", "opportunities"))
    running = [Holding(b.product, b.units, b.mrr, b.currency, b.starts, b.ends) for b in held]
    value, open_ended = contract_value(running)
    wanted.sort(key=lambda row: (row.values["state"] != "open", -(row.values["due_date"] or date.min).toordinal()))
    return Commercial(
        account_id=account_id, name=one.name, arr=one.arr, currency=one.currency, renewal_date=one.renewal_date,
        renews_in=days_to(one.renewal_date, today), notice_date=one.notice_date, notice_in=days_to(one.notice_date, today),
        auto_renew=one.auto_renew, mrr=_by_currency((row.currency, row.mrr) for row in running), contract=value,
        open_ended=open_ended,
        open_amount=_by_currency(
            (row.currency or "USD", _open(row)) for row in wanted if row.values["state"] == "open" and _open(row) is not None
        ),
        forecast=forecast, rows=(*sold, *wanted), family=tuple(family),
        whitespace=whitespace([(name, price, code) for _, name, price, code, _, _ in on_sale], running),
        is_cut=len(sold) >= MOST or len(wanted) >= MOST,
        missing=_missing(one.renewal_date, one.notice_date, one.auto_renew, one.arr, sold), freshness=fresh,
    )  # fmt: skip


def _open(row: FactRow) -> int | None:
    amount = row.values["due_amount"] if row.values["due_amount"] is not None else row.values["amount"]
    return None if amount is None else int(amount)


def _by_currency(amounts: object) -> tuple[tuple[str, int], ...]:
    sums: dict[str, int] = {}
    for currency, amount in amounts:  # type: ignore[attr-defined]
        sums[currency] = sums.get(currency, 0) + amount
    return tuple(sorted(sums.items()))


def _missing(
    renewal: date | None, notice: date | None, auto_renew: bool | None, arr: int | None, sold: list[FactRow]
) -> tuple[str, ...]:
    """What one would want to know of an account's money and nobody has said."""
    lacks = {
        "subscriptions": not sold, "renewal date": renewal is None, "notice date": notice is None,
        "auto-renew": auto_renew is None, "ARR": arr is None,
        "products of subscriptions": any(row.values["product"] is None for row in sold),
        "units of subscriptions": any(row.values["units"] is None for row in sold),
    }  # fmt: skip
    return tuple(name for name, is_missing in lacks.items() if is_missing)
