"""A call of each use-case behind the panes of an account, for the guard that runs every one of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cockpit.services import fact, viewing


def corrected(s: Any) -> Any:
    ticket = fact.new_fact(s.desk, "ticket", s.acme, {"subject": "Slow"})
    return fact.edit_fact(s.desk, "ticket", ticket.id, {"status": "closed", "closed": "now"})


PANE_CALLS: dict[str, Callable[[Any], Any]] = {
    "fact.new_fact": lambda s: fact.new_fact(s.desk, "event", s.acme, {"type": "outage", "day": "yesterday"}),
    "fact.edit_fact": corrected,
    "viewing.keep_views": lambda s: viewing.keep_views(s.mo, 30),
}
