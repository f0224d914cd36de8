"""A call of each use-case behind the panes of an account, for the guard that runs every one of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cockpit.services import document, fact, policy, viewing
from tests import builders


def corrected(s: Any) -> Any:
    ticket = fact.new_fact(s.desk, "ticket", s.acme, {"subject": "Slow"})
    return fact.edit_fact(s.desk, "ticket", ticket.id, {"status": "closed", "closed": "now"})


def review_due(s: Any) -> Any:
    policy.set_policy(s.mo, "SMB", {"ebr_per_year": 2})
    builders.account(s.desk, "Due Ltd", segment_id=builders.the(s.desk, "segment", "SMB"))
    return document.propose_reviews(s.desk)


PANE_CALLS: dict[str, Callable[[Any], Any]] = {
    "document._keep": lambda s: document.make_document(s.desk, "brief", s.acme),
    "document._keep_many": lambda s: document.make_ebrs(s.desk, "health:>1", s.folder / "ebrs"),
    "document._ask": review_due,
    "fact.new_fact": lambda s: fact.new_fact(s.desk, "event", s.acme, {"type": "outage", "day": "yesterday"}),
    "fact.edit_fact": corrected,
    "viewing.keep_views": lambda s: viewing.keep_views(s.mo, 30),
}
