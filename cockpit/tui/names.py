"""Names that forms and completion offer: read once in the background, again when a form opens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cockpit.desk import Desk
    from cockpit.domain.activity import OwnField

SAMPLE = 500
"""Latest CTAs whose types and reasons are offered."""


@dataclass(frozen=True, slots=True)
class Names:
    """The small tables, by name."""

    pools: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    logins: tuple[str, ...] = ()
    cta_types: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    activity_types: tuple[str, ...] = ()
    own_fields: Mapping[str, tuple[OwnField, ...]] = field(default_factory=dict)
    """What an entry of a type also says, by type."""

    def of_column(self, column: str) -> Sequence[str]:
        """The names a ``table.column`` of the query language holds."""
        tables = {
            "pool": self.pools, "segment": self.segments, "csm": self.logins, "cta_type": self.cta_types,
            "reason": self.reasons, "activity_type": self.activity_types,
        }  # fmt: skip
        return tables.get(column.partition(".")[0], ())


def read_names(desk: Desk) -> Names:
    """All of them; runs in a worker thread."""
    from cockpit.domain.activity import fields_from
    from cockpit.services import team, timeline
    from cockpit.services.queue import QueueQuery, queue_page
    from cockpit.services.setup import CTA_TYPES

    kinds = timeline.activity_types(desk)
    rows = queue_page(desk, QueueQuery(scope="all", sort="newest"), limit=SAMPLE).rows
    return Names(
        pools=tuple(p.name for p in team.pools(desk) if p.active),
        segments=tuple(s.name for s in team.segments(desk) if s.active),
        logins=tuple(c.login for c in team.csms(desk) if c.active),
        cta_types=tuple(dict.fromkeys([*(name for name, _ in CTA_TYPES), *sorted({row.type for row in rows})])),
        reasons=tuple(sorted({row.reason for row in rows})),
        activity_types=tuple(t.name for t in kinds),
        own_fields={t.name: fields_from(t.fields) for t in kinds if t.fields},
    )
