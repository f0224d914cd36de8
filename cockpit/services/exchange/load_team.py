"""Pools, CSMs and products."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cockpit.services.act import LEADERS
from cockpit.services.exchange.prepare import Row
from cockpit.services.exchange.systems import FILE
from cockpit.services.exchange.write import BadField, Item, Loading, upsert
from db.terms import Role


def load_pools(loading: Loading, rows: Sequence[Row]) -> None:
    """Pools by name."""
    columns = ("time_zone", "calendar", "currency", "lease_days", "max_open", "max_per_day")

    def item(row: Row) -> Item:
        values = row.values
        _lead_only(loading, "name")
        check_zone(values.get("time_zone"))
        known = loading.refs.is_known("pool", values["name"])
        found = loading.refs.named("pool", values["name"])
        made = Item(row, {c: values[c] for c in columns if values.get(c) is not None}, found=found)
        made.outcome = "unchanged" if known else "created"
        return made

    items = loading.each(rows, item)
    new = {id(one) for one in items if one.outcome == "created"}
    for one in upsert(loading, "pool", items):
        one.outcome = "created" if id(one) in new else one.outcome
    loading.refs.made.pop("pool", None)
    loading.done(items)


def load_products(loading: Loading, rows: Sequence[Row]) -> None:
    """Products by id or name, with what they cost."""

    def item(row: Row) -> Item:
        values = row.values
        columns: dict[str, Any] = {"name": values["name"]}
        columns |= {name: values[name] for name in ("active", "list_price") if values.get(name) is not None}
        if values.get("list_price") is not None and values.get("currency"):
            columns["currency"] = values["currency"]
        if values.get("margin") is not None:
            columns["margin"] = _margin(values["margin"])
        if values.get("key_features"):
            parts = (part.strip() for part in values["key_features"].split(";"))
            columns["key_features"] = [part for part in parts if part]
        return Item(row, columns, values.get("id"))

    items = loading.each(rows, item)
    known = loading.refs.ids("product", loading.system, [one.key for one in items])
    for one in items:
        if (one.key is None or one.key not in known) and loading.refs.is_known("product", one.columns["name"]):
            one.found = loading.refs.named("product", one.columns["name"])
    loading.done(upsert(loading, "product", items))
    loading.refs.forget("product")


def _margin(value: Decimal) -> int:
    """A share of the price in thousandths; above 1 it is percent."""
    share = value / 100 if value > 1 else value
    if not 0 <= share <= 1:
        raise BadField("margin", f"A margin is a share of the price (0.8 or 80 %), not {value}.")
    return round(share * 1000)


def load_csms(loading: Loading, rows: Sequence[Row]) -> None:
    """CSMs by id, login, e-mail or name. Those of other systems come inactive: not everybody there works here."""

    def item(row: Row) -> Item:
        values = row.values
        name = values.get("name") or " ".join(filter(None, (values.get("first_name"), values.get("last_name"))))
        login = values.get("login")
        who = login or values.get("email") or name or values.get("id")
        if not who:
            raise BadField("login", "There is no login, e-mail or name.")
        key = values.get("id")
        columns: dict[str, Any] = {"name": name or None, "email": values.get("email")}
        if loading.system == FILE:
            columns |= _rights(loading, values)
        made = Item(row, columns, key)
        found = loading.refs.ids("csm", loading.system, [key]).get(key or "")
        made.found = found or (loading.refs.csm(login, FILE) if login else None)
        if made.found is None and not login:
            made.found = next(
                (f for word in (values.get("email"), name) if word and (f := loading.refs.csm(word, FILE))), None
            )
        return made

    for row_items in ([one] for one in loading.each(rows, item)):
        for one in upsert(loading, "csm", row_items, complete=lambda new: _complete(loading, new)):
            if one.outcome == "created":
                loading.refs.note_csm(one.id, one.columns["login"], one.columns["name"], one.columns["email"])
            _join_pools(loading, one)
            loading.done([one])


def _complete(loading: Loading, item: Item) -> None:
    values = item.row.values
    who = values.get("login") or values.get("email") or item.columns.get("name") or values["id"]
    item.columns["login"] = loading.refs.free_login(who)
    item.columns["name"] = item.columns.get("name") or who
    if loading.system != FILE:
        item.columns["active"] = False
        loading.counts["came as inactive CSMs: `cockpit csm edit LOGIN` switches on who works here"] += 1


def _rights(loading: Loading, values: dict[str, Any]) -> dict[str, Any]:
    """Role and activity; only a leader gives them, so that a file is no way to more rights."""
    rights: dict[str, Any] = {}
    if role := values.get("role"):
        named = {
            "csm": Role.CSM,
            "senior": Role.CSM,
            "read only": Role.READ_ONLY,
            "read-only": Role.READ_ONLY,
            "reader": Role.READ_ONLY,
        }
        try:
            rights["role"] = named.get(role.lower()) or Role(role.lower())
        except ValueError as error:
            raise BadField("role", f'"{role}" is no role: {", ".join(Role)}.') from error
    if values.get("active") is not None:
        rights["active"] = values["active"]
    _lead_only(loading, "login")
    return rights


def _lead_only(loading: Loading, field_name: str) -> None:
    if loading.work.me.role not in LEADERS:
        raise BadField(field_name, "Only a manager or ops may bring in pools and CSMs.")


def check_zone(name: str | None) -> None:
    """Raises BadField for a time zone nobody knows."""
    if name is None:
        return
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadField("time_zone", f'"{name}" is no time zone: a name such as Europe/Berlin.') from error


def _join_pools(loading: Loading, item: Item) -> None:
    """Puts a CSM into the pools named; membership of others stays."""
    text = item.row.values.get("pool")
    if not text or loading.system != FILE:
        return
    db = loading.work.db
    there = {pool for (pool,) in db.all("SELECT pool_id FROM pool_member WHERE csm_id = :csm", csm=item.id)}
    for name in filter(None, (part.strip() for part in text.split(";"))):
        pool = loading.refs.named("pool", name)
        if pool not in there:
            loading.work.insert("pool_member", {"pool_id": pool, "csm_id": item.id})
            item.outcome = "updated" if item.outcome == "unchanged" else item.outcome
