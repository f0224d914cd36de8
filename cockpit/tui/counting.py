"""What waits behind each tab."""

from __future__ import annotations

from cockpit.desk import Desk
from cockpit.services.comment import unseen_mentions
from cockpit.services.queue import QueueQuery, queue_count
from cockpit.services.transition_counts import counts
from cockpit.tui.screens.list_screen import count_text


def tab_counts(desk: Desk) -> dict[str, str]:
    """How many, by the screen's name; runs in a worker thread."""
    said, moving = unseen_mentions(desk), sum(counts(desk))
    return {
        "queue": count_text(queue_count(desk, QueueQuery())),
        "work": count_text(queue_count(desk, QueueQuery(scope="work"))) + (f" @{said}" if said else ""),
        "transitions": str(moving) if moving else "",
    }
