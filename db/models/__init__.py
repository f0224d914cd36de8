"""Every table. Import from here, so that the metadata is always whole."""

from db.models.account import Account, ExternalId
from db.models.base import Fact, Row, Thing, metadata
from db.models.cta import DERIVED, UNASSIGNED, Comment, Cta, CtaPerson, CtaType, Mention, Reason, Review, Shadow
from db.models.fact import Event, Opportunity, Product, Subscription, Survey, Ticket, Usage
from db.models.intervention import Intervention
from db.models.journal import Act, Change, Dated
from db.models.person import Membership, Person
from db.models.playbook import Playbook, Task
from db.models.setting import Info, Setting, View
from db.models.team import Away, Csm, Pod, PodMember, Pool, PoolMember, Presence, Segment
from db.models.timeline import Activity, ActivityType, Attendee

for _table in metadata.tables.values():
    _table.dialect_options["sqlite"]["strict"] = True
    if "id" in _table.c:
        _table.dialect_options["sqlite"]["autoincrement"] = True

__all__ = [
    "Account",
    "Act",
    "Activity",
    "ActivityType",
    "Attendee",
    "Away",
    "Change",
    "Comment",
    "Csm",
    "Cta",
    "CtaPerson",
    "CtaType",
    "DERIVED",
    "Dated",
    "Event",
    "ExternalId",
    "Fact",
    "Info",
    "Intervention",
    "Membership",
    "Mention",
    "Opportunity",
    "Person",
    "Playbook",
    "Pod",
    "PodMember",
    "Pool",
    "PoolMember",
    "Presence",
    "Product",
    "Reason",
    "Review",
    "Row",
    "Segment",
    "Setting",
    "Shadow",
    "Subscription",
    "Survey",
    "Task",
    "Thing",
    "Ticket",
    "UNASSIGNED",
    "Usage",
    "View",
    "metadata",
]
