"""A call of each use-case about people, networks and merges, for the guard that runs every one of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cockpit.services import departure, membership, portfolio

NETWORK_CALLS: dict[str, Callable[[Any], Any]] = {
    "departure.left": lambda s: departure.left(s.desk, s.lee, note="To a competitor"),
    "membership.set_members": lambda s: membership.set_members(s.desk, [(s.lee, s.acme)], True, "driver"),
    "portfolio.check_networks": lambda s: portfolio.check_networks(s.desk),
}
