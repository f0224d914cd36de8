"""Every table. Import from here, so that the metadata is always whole."""

from db.models.account import Account, ExternalId
from db.models.base import Fact, Row, Thing, metadata
from db.models.cta import DERIVED, UNASSIGNED, Cta, CtaType, Reason
from db.models.fact import Event, Opportunity, Product, Subscription, Survey, Ticket, Usage
from db.models.journal import Act, Change, Dated
from db.models.person import Membership, Person
from db.models.playbook import Playbook, Task
from db.models.setting import Info, Setting, View
from db.models.team import Csm, Pool, PoolMember, Segment
from db.models.timeline import Activity, ActivityType, Attendee

for _table in metadata.tables.values():
    _table.dialect_options["sqlite"]["strict"] = True
    if "id" in _table.c:
        _table.dialect_options["sqlite"]["autoincrement"] = True

__all__ = [
    "DERIVED",
    "UNASSIGNED",
    "Account",
    "Act",
    "Activity",
    "ActivityType",
    "Attendee",
    "Change",
    "Csm",
    "Cta",
    "CtaType",
    "Dated",
    "Event",
    "ExternalId",
    "Fact",
    "Info",
    "Membership",
    "Opportunity",
    "Person",
    "Playbook",
    "Pool",
    "PoolMember",
    "Product",
    "Reason",
    "Row",
    "Segment",
    "Setting",
    "Subscription",
    "Survey",
    "Task",
    "Thing",
    "Ticket",
    "Usage",
    "View",
    "metadata",
]
