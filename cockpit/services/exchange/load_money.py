"""Subscriptions, opportunities and usage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cockpit.services.exchange.prepare import Row
from cockpit.services.exchange.systems import FILE
from cockpit.services.exchange.write import Accounts, BadField, Item, Loading, same_facts, upsert
from db.terms import OpportunityState, OpportunityType


def load_subscriptions(loading: Loading, rows: Sequence[Row]) -> None:
    """Subscriptions by id, else by account, product and start."""
    accounts = Accounts(loading, rows)
    products = loading.refs.ids_anywhere("product", loading.system, [row.values.get("product") for row in rows])

    def item(row: Row) -> Item:
        values = row.values
        columns: dict[str, Any] = {
            "account_id": accounts.needed(row),
            "mrr": values["mrr"],
            "currency": values["currency"],
        }
        columns["starts"] = values["start"]
        if "end" in values:
            columns["ends"] = values["end"]
            if values["end"] is not None and values["end"] < values["start"]:
                raise BadField("end", f"It ends {values['end']}, before it starts {values['start']}.")
        if "units" in values:
            columns["units"] = values["units"]
        if product := values.get("product"):
            columns["product_id"] = products.get(product) or loading.refs.named("product", product)
        return Item(row, columns, values.get("id"))

    items = loading.each(rows, item)
    done = upsert(
        loading, "subscription", items, lambda bare: same_facts(loading, "subscription", ("product_id", "starts"), bare)
    )
    loading.done(done)


_OPPORTUNITY = (
    "name", "stage", "amount", "due_amount", "final_amount", "term_months", "due_date", "close_date", "lead_source", "reference_used",
    "case_study_used", "sourced_by",
)  # fmt: skip


def load_opportunities(loading: Loading, rows: Sequence[Row]) -> None:
    """Opportunities by id, else by account, name, type and due date."""
    accounts = Accounts(loading, rows, "opportunity")

    def item(row: Row) -> Item:
        values = row.values
        columns: dict[str, Any] = {"account_id": accounts.needed(row)}
        columns |= {name: values[name] for name in _OPPORTUNITY if name in values}
        for flag in ("reference_used", "case_study_used"):
            if columns.get(flag, False) is None:
                columns[flag] = False
        columns["type"], kept = _type(loading, values)
        columns["state"] = opportunity_state(values)
        if values.get("currency"):
            columns["currency"] = values["currency"]
        if kept:
            columns["extra"] = {loading.ready.header_of("type"): kept}
        return Item(row, columns, values.get("id"))

    items = loading.each(rows, item)
    names = ("name", "type", "due_date", "close_date")
    loading.done(upsert(loading, "opportunity", items, lambda bare: same_facts(loading, "opportunity", names, bare)))


def _type(loading: Loading, values: Mapping[str, Any]) -> tuple[OpportunityType, str]:
    """The type, and the words for it when they say more than we keep."""
    text = (values.get("type") or "").strip()
    words = text.lower().replace("-", " ").replace("_", " ")
    for known, tells in (
        (OpportunityType.RENEWAL, ("renew",)),
        (OpportunityType.UPSELL, ("upsell", "up sell", "cross", "upgrade", "add on", "addon")),
        (OpportunityType.EXPANSION, ("expan", "existing", "growth", "more units")),
        (OpportunityType.NEW_BUSINESS, ("new",)),
    ):
        if any(tell in words for tell in tells):
            return known, "" if loading.system == FILE else text
    if text and loading.system == FILE:
        raise BadField("type", f'"{text}" is no type of opportunity: {", ".join(OpportunityType)}.')
    is_renewal = "renewal" in (values.get("name") or "").lower()
    return (OpportunityType.RENEWAL if is_renewal else OpportunityType.NEW_BUSINESS), text


def opportunity_state(values: Mapping[str, Any]) -> OpportunityState:
    """Won, lost or open: as its flags say, else its stage, else its final amount."""
    stage = (values.get("stage") or "").lower().replace(" ", "").replace("_", "")
    if values.get("is_won") or (values.get("is_closed") is not False and stage in ("won", "closedwon", "closed-won")):
        return OpportunityState.WON
    if values.get("is_closed") or stage in ("lost", "closedlost", "closed-lost"):
        return OpportunityState.LOST
    if "won" in stage and stage.startswith(("closed", "0", "1")):
        return OpportunityState.WON
    if "lost" in stage:
        return OpportunityState.LOST
    final = values.get("final_amount")
    if final is not None and values.get("close_date") is not None:
        return OpportunityState.WON if final > 0 else OpportunityState.LOST
    return OpportunityState.OPEN


_FEW = 100
"""Metrics and days of one batch that are worth naming in the look-up."""


def load_usage(loading: Loading, rows: Sequence[Row]) -> None:
    """Points of usage; account, metric and day make one."""
    accounts = Accounts(loading, rows)

    def item(row: Row) -> Item:
        values = row.values
        return Item(row, {
            "account_id": accounts.needed(row), "metric": values["metric"], "day": values["date"], "value": round(values["value"] * 1000),
        })  # fmt: skip

    def known(bare: list[Item]) -> dict[int, int]:
        narrow = {name: sorted({one.columns[name] for one in bare}) for name in ("metric", "day")}
        narrow = {name: values for name, values in narrow.items() if len(values) <= _FEW}
        return same_facts(loading, "usage", ("metric", "day"), bare, narrow=narrow, others=True)

    loading.done(upsert(loading, "usage", loading.each(rows, item), known))
