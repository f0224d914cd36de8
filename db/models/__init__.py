"""Every table. Import from here, so that the metadata is always whole."""

from db.models.account import Account, ExternalId, Merge
from db.models.base import Fact, Row, Thing, metadata
from db.models.cta import DERIVED, UNASSIGNED, Comment, Cta, CtaPerson, CtaType, Mention, Reason, Review, Shadow
from db.models.fact import Advocacy, Event, Feed, Opportunity, Product, Subscription, Survey, Ticket, Training, Usage
from db.models.health import Override, Score, Scorecard
from db.models.intervention import Intervention
from db.models.journal import Act, Change, Dated
from db.models.outreach import Article, Document, Draft, Outbox, Stray, Template
from db.models.person import Membership, Person
from db.models.playbook import Playbook, Run, Task
from db.models.setting import Info, Setting, View
from db.models.success import Escalation, Goal, RenewalCall, Risk, Sentiment
from db.models.team import Away, Csm, Pod, PodMember, Pool, PoolMember, Presence, Segment
from db.models.timeline import Activity, ActivityType, Attendee, Met
from db.models.transition import Brief, Decision, Leave, Question, Transition, TransitionAccount
from db.models.viewing import Viewing

for _table in metadata.tables.values():
    _table.dialect_options["sqlite"]["strict"] = True
    if "id" in _table.c:
        _table.dialect_options["sqlite"]["autoincrement"] = True

__all__ = [
    "Account",
    "Act",
    "Activity",
    "ActivityType",
    "Advocacy",
    "Article",
    "Attendee",
    "Away",
    "Brief",
    "Change",
    "Comment",
    "Csm",
    "Cta",
    "CtaPerson",
    "CtaType",
    "Dated",
    "Decision",
    "DERIVED",
    "Document",
    "Draft",
    "Escalation",
    "Event",
    "ExternalId",
    "Fact",
    "Feed",
    "Goal",
    "Info",
    "Intervention",
    "Leave",
    "Membership",
    "Mention",
    "Merge",
    "Met",
    "metadata",
    "Opportunity",
    "Outbox",
    "Override",
    "Person",
    "Playbook",
    "Pod",
    "PodMember",
    "Pool",
    "PoolMember",
    "Presence",
    "Product",
    "Question",
    "Reason",
    "RenewalCall",
    "Review",
    "Risk",
    "Row",
    "Run",
    "Score",
    "Scorecard",
    "Segment",
    "Sentiment",
    "Setting",
    "Shadow",
    "Stray",
    "Subscription",
    "Survey",
    "Task",
    "Template",
    "Thing",
    "Ticket",
    "Training",
    "Transition",
    "TransitionAccount",
    "UNASSIGNED",
    "Usage",
    "View",
    "Viewing",
]
