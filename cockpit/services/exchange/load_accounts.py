"""Accounts, parents before children whatever order the file has them in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from cockpit.services.exchange.convert import currency as currency_code
from cockpit.services.exchange.load_team import check_zone
from cockpit.services.exchange.prepare import Prepared, Row
from cockpit.services.exchange.systems import FILE
from cockpit.services.exchange.write import BadField, Item, Loading, upsert
from db.terms import AccountStatus, ServedBy

_COPIED = ("arr", "currency", "renewal_date", "go_live", "stage", "language", "time_zone", "industry", "region")
_SCORED = {"arr", "renewal_date", "health", "currency"}


def levels(ready: Prepared) -> list[set[int]]:
    """Row numbers in the order to write them: those without a parent in the file, then their children, and so on.

    Then rows without an id, which go by names that the others may have changed, so that a second run finds what the
    first made. Rows whose parents go round in a circle are in the last set, which may be empty.
    """
    parents: dict[str, str | None] = {}
    numbers: dict[str, int] = {}
    loose: set[int] = set()
    for row in ready.rows:
        key = row.values.get("id")
        if not ready.wins(row):
            continue
        if key is None:
            loose.add(row.number)
        else:
            numbers[key], parents[key] = row.number, row.values.get("parent")
    depths: dict[str, int | None] = {}
    for key in parents:
        _depth(key, parents, depths)
    found: list[set[int]] = []
    circle: set[int] = set()
    for key, depth in depths.items():
        if depth is None:
            circle.add(numbers[key])
            continue
        while len(found) <= depth:
            found.append(set())
        found[depth].add(numbers[key])
    return [*found, loose, circle]


def _depth(key: str, parents: dict[str, str | None], depths: dict[str, int | None]) -> None:
    """Fills in how many parents within the file stand above a key; None where they go round in a circle."""
    path: list[str] = []
    on_path: set[str] = set()
    at: str | None = key
    while at is not None and at in parents and at not in depths and at not in on_path:
        path.append(at)
        on_path.add(at)
        at = parents[at]
    if at is not None and at in on_path:  # everything on the path leads into the circle
        depths.update(dict.fromkeys(path))
        return
    depth = -1 if at is None or at not in parents else depths[at]
    for one in reversed(path):
        depth = None if depth is None else depth + 1
        depths[one] = depth


def reject_circle(loading: Loading, rows: Sequence[Row]) -> None:
    """Rows that are their own ancestor."""
    for row in rows:
        loading.reject(row, "parent", "Its parents go round in a circle.")


def load_accounts(loading: Loading, rows: Sequence[Row]) -> None:
    """One batch of accounts whose parents are there already."""
    refs = loading.refs
    parents = refs.ids_anywhere("account", loading.system, [row.values.get("parent") for row in rows])
    others = refs.ids_anywhere("account", "other", [row.values.get("other_id") for row in rows])

    def item(row: Row) -> Item:
        values = row.values
        columns: dict[str, Any] = {name: values[name] for name in _COPIED if values.get(name) is not None}
        if values.get("currency"):
            columns["currency"] = currency_code(values["currency"])
        check_zone(values.get("time_zone") if loading.system == FILE else None)
        kept = _read_loosely(loading, values, columns)
        if values.get("name"):
            columns["name"] = values["name"]
        if parent := values.get("parent"):
            columns["parent_id"] = _parent(loading, parent, parents)
        if values.get("segment"):
            columns["segment_id"] = refs.named("segment", values["segment"])
        if values.get("pool"):
            columns["pool_id"] = refs.named("pool", values["pool"])
        if values.get("owner"):
            columns["owner_id"] = refs.owner(values["owner"], loading.system)
        if values.get("domain"):
            columns["domain"] = (
                re.sub(r"^(https?://)?(www\.)?", "", values["domain"].lower()).split("/")[0].split(",")[0].strip(' []"')
            )
        if kept:
            columns["extra"] = kept
        made = Item(row, columns, values.get("id"))
        made.found = others.get(values.get("other_id") or "") or (None if made.key else _same_name(loading, values))
        return made

    items = _acyclic(loading, loading.each(rows, item))
    done = upsert(loading, "account", items, complete=lambda new: _complete(loading, new))
    refs.note_accounts((one.id, one.columns["name"]) for one in done if one.outcome == "created")
    loading.rescore_accounts.update(one.id for one in done if one.outcome == "updated" and _SCORED & one.columns.keys())
    loading.done(done)


def _complete(loading: Loading, item: Item) -> None:
    if "name" not in item.columns:
        if any(column.field and column.field.name == "name" for column in loading.ready.found.columns):
            raise BadField("name", "The name is empty.")
        item.columns["name"] = item.key
        loading.counts["have no name in this file: they are called by their id"] += 1


def _same_name(loading: Loading, values: dict[str, Any]) -> int | None:
    if not values.get("name"):
        raise BadField("id", "There is neither an id nor a name.")
    same = loading.refs.accounts_named(values["name"])
    if len(same) > 1:
        raise BadField("name", f'{len(same)} accounts are called "{values["name"]}": give the Account ID.')
    return same[0] if same else None


def _parent(loading: Loading, key: str, known: dict[str, int]) -> int:
    if key in known:
        return known[key]
    same = loading.refs.accounts_named(key)
    if len(same) == 1:
        return same[0]
    raise BadField("parent", f'Parent account "{key}" is not known.')


def _acyclic(loading: Loading, items: list[Item]) -> list[Item]:
    """Leaves out accounts that would come to stand under themselves by way of what is stored."""
    known = loading.refs.ids("account", loading.system, [item.key for item in items])
    kept = []
    for item in items:
        own, at = known.get(item.key or "", item.found), item.columns.get("parent_id")
        seen: set[int] = set()
        while own is not None and at is not None and at != own and at not in seen:
            seen.add(at)
            at = loading.work.db.scalar("SELECT parent_id FROM account WHERE id = :id", id=at)
        if own is not None and at == own:
            loading.reject(item.row, "parent", "Its parents go round in a circle.")
        else:
            kept.append(item)
    return kept


def _read_loosely(loading: Loading, values: dict[str, Any], columns: dict[str, Any]) -> dict[str, str]:
    """Status, service model and health, which each system words in its own way; what is not understood is kept as it is."""
    kept: dict[str, str] = {}
    if text := values.get("status"):
        if status := account_status(text):
            columns["status"] = status
        if status is None or text.lower() != status:
            kept[loading.ready.header_of("status")] = text
    if text := values.get("served_by"):
        try:
            columns["served_by"] = ServedBy(text.lower())
        except ValueError as error:
            raise BadField("served_by", f'"{text}" is no service model: {", ".join(ServedBy)}.') from error
    health: Decimal | None = values.get("health")
    if health is not None:
        if 0 <= health <= 100:
            columns["health"] = round(health)
        elif loading.system == FILE:
            raise BadField("health", f"{health} is not between 0 and 100.")
        else:
            kept[loading.ready.header_of("health")] = str(health)
    return kept


def account_status(text: str) -> AccountStatus | None:
    """Customer, prospect or churned, from how other systems say it."""
    words = text.lower()
    for status, tells in (
        (AccountStatus.CHURNED, ("churn", "former", "lost", "cancel", "inactive", "terminated")),
        (AccountStatus.PROSPECT, ("prospect", "lead", "subscriber", "trial", "opportunity")),
        (AccountStatus.CUSTOMER, ("customer", "active", "live", "evangelist", "client")),
    ):
        if any(tell in words for tell in tells):
            return status
    return None
