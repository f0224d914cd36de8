"""People and their memberships."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cockpit.services.exchange.prepare import Row
from cockpit.services.exchange.write import Accounts, BadField, Item, Loading, upsert
from db.terms import NetworkRole

_COPIED = ("email", "phone", "language", "left_on", "opted_out", "bounced")
_AGENTS = frozenset({"agent", "admin", "administrator"})


def load_people(loading: Loading, rows: Sequence[Row]) -> None:
    """One batch of people; each belongs to the account its row names."""
    accounts = Accounts(loading, rows, "person")
    of: dict[int, int | None] = {}

    def item(row: Row) -> Item:
        values = row.values
        if (values.get("agent") or "").lower() in _AGENTS:
            raise BadField("agent", "Works for the help desk, not for a customer.")
        of[row.number] = accounts.of(row)
        columns: dict[str, Any] = {name: values[name] for name in _COPIED if values.get(name) is not None}
        if name := values.get("name") or " ".join(filter(None, (values.get("first_name"), values.get("last_name")))):
            columns["name"] = name
        network_role(values.get("network_role"))
        if values.get("title") and of[row.number] is None:  # it has its place in a membership
            columns["extra"] = {loading.ready.header_of("title"): values["title"]}
        return Item(row, columns, values.get("id"))

    items = loading.each(rows, item)
    _find_without_id(loading, [one for one in items if one.key is None], of)
    done = upsert(loading, "person", items, complete=_complete, same=lambda one: one.columns.get("email") or id(one))
    _join(loading, done, of)
    loading.done(done)


def _complete(item: Item) -> None:
    if "name" not in item.columns:
        if not item.columns.get("email"):
            raise BadField("name", "There is neither a name nor an e-mail address.")
        item.columns["name"] = item.columns["email"]


def _find_without_id(loading: Loading, items: list[Item], of: dict[int, int | None]) -> None:
    """By e-mail: within the account, else the one person who has it anywhere; without e-mail by name within the account."""
    by_email = loading.refs.people_by_email(item.columns.get("email") for item in items)
    named = _named(loading, [of[item.row.number] for item in items if not item.columns.get("email")])
    from cockpit.services.exchange.refs import pick_person

    for item in items:
        account = of[item.row.number]
        if email := item.columns.get("email"):
            item.found = pick_person(by_email.get(email, ()), account)
        elif account is not None and "name" in item.columns:
            item.found = named.get((account, item.columns["name"].casefold()))


def _named(loading: Loading, accounts: Sequence[int | None]) -> dict[tuple[int, str], int]:
    wanted = sorted({account for account in accounts if account is not None})
    if not wanted:
        return {}
    params: dict[str, Any] = {}
    marks = loading.work.db.marks("a", wanted, params)
    return {
        (account, name.casefold()): person
        for account, name, person in loading.work.db.all(
            "SELECT m.account_id, p.name, p.id FROM membership m JOIN person p ON p.id = m.person_id"
            f" WHERE m.account_id IN ({marks}) ORDER BY p.id DESC",
            **params,
        )
    }


def _join(loading: Loading, items: list[Item], of: dict[int, int | None]) -> None:
    """Makes or mends the membership of each person in the account of its row."""
    wanted: dict[tuple[int, int], Item] = {}
    for item in items:
        account = of[item.row.number]
        if account is not None:
            wanted[item.id, account] = item
        else:
            loading.counts["belong to no account yet"] += item.outcome == "created"
    if not wanted:
        return
    params: dict[str, Any] = {}
    marks = loading.work.db.marks("p", sorted({person for person, _ in wanted}), params)
    known = {
        (person, account): id_
        for id_, person, account in loading.work.db.all(
            f"SELECT id, person_id, account_id FROM membership WHERE person_id IN ({marks})", **params
        )
    }
    quiet = [Item(item.row, _membership(item.row), found=known.get(pair)) for pair, item in wanted.items()]
    for (person, account), link in zip(wanted, quiet, strict=True):
        link.row = Row(link.row.number, link.row.cells, link.row.values, {})
        link.columns |= {"person_id": person, "account_id": account}
    upsert(loading, "membership", quiet)
    for item, link in zip(wanted.values(), quiet, strict=True):
        if link.outcome == "created" and item.outcome == "unchanged":
            item.outcome = "created" if item.key is None else "updated"
        elif link.outcome == "updated" and item.outcome == "unchanged":
            item.outcome = "updated"


def _membership(row: Row) -> dict[str, Any]:
    values = row.values
    columns: dict[str, Any] = {}
    if values.get("title"):
        columns["title"] = values["title"]
    role = network_role(values.get("network_role"))
    if role is not None:
        columns["network_role"] = role
    if values.get("value_network") is not None:
        columns["value_network"] = values["value_network"]
    return columns


def network_role(text: str | None) -> NetworkRole | None:
    """Generator (key user) or driver (sponsor, project manager, team manager). Raises BadField for other words."""
    if not text:
        return None
    words = text.lower()
    if any(tell in words for tell in ("generator", "key user", "user", "champion")):
        return NetworkRole.GENERATOR
    if any(tell in words for tell in ("driver", "sponsor", "manager", "decision")):
        return NetworkRole.DRIVER
    raise BadField("network_role", f'"{text}" is no role in a value network: {" or ".join(NetworkRole)}.')
