"""A call of each use-case about people, networks and merges, for the guard that runs every one of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cockpit.services import departure, membership, merge, portfolio
from tests import builders


def of(s: Any, table: str, name: str) -> int:
    return builders.the(s.desk, table, name)


def apart(s: Any) -> Any:
    kept = builders.account(s.desk, "Kept")
    merge.merge_accounts(s.desk, kept, builders.account(s.desk, "Gone"))
    return merge.unmerge(s.desk, "account", kept)


NETWORK_CALLS: dict[str, Callable[[Any], Any]] = {
    "departure.left": lambda s: departure.left(s.desk, s.lee, note="To a competitor"),
    "membership.set_members": lambda s: membership.set_members(s.desk, [(s.lee, s.acme)], True, "driver"),
    "merge.merge_accounts": lambda s: merge.merge_accounts(s.desk, s.acme, of(s, "account", "Yew Logistics")),
    "merge.merge_people": lambda s: merge.merge_people(s.desk, s.lee, of(s, "person", "Noor")),
    "merge.unmerge": lambda s: apart(s),
    "portfolio.check_networks": lambda s: portfolio.check_networks(s.desk),
}
