"""What waits for me besides CTAs and tasks: promises that are late, meetings that ask whether they happened."""

from __future__ import annotations

from cockpit.desk import Desk
from cockpit.domain.say import plural
from cockpit.services.planned import planned
from cockpit.services.promise import promises


def asks(desk: Desk) -> str:
    """In a few words how much of it there is; empty when there is none."""
    late = len(promises(desk, "late", desk.me.login))
    met = sum(one.asks for one in planned(desk))
    words = [plural(late, "promise") + " late"] if late else []
    words += [plural(met, "meeting") + " to confirm"] if met else []
    return ", ".join(words)
