"""The facts that people may type themselves, and the fields of each: one list for commands, forms and checks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from db.terms import OpportunityState, OpportunityType


class As(StrEnum):
    """What a field is read as."""

    LINE = "line"
    TEXT = "text"
    DATE = "date"
    WHEN = "when"
    """A moment, or a day."""
    MONEY = "money"
    WHOLE = "whole"
    MILLI = "milli"
    """A number kept in thousandths."""
    FLAG = "flag"
    CHOICE = "choice"
    PERSON = "person"
    PRODUCT = "product"
    WORDS = "words"
    """Several words, ``;`` between."""


@dataclass(frozen=True, slots=True)
class FactField:
    """One field: our name for it (the column's, unless ``column``), its label in forms, how it is read."""

    name: str
    label: str
    read: As = As.LINE
    required: bool = False
    choices: tuple[str, ...] = ()
    hint: str = ""
    column: str = ""
    past: bool = False
    """A day of the week means the last one."""

    @property
    def stored(self) -> str:
        """The column it is kept in."""
        if self.column:
            return self.column
        return f"{self.name}_id" if self.read in (As.PERSON, As.PRODUCT) else self.name


@dataclass(frozen=True, slots=True)
class FactKind:
    """One kind of fact: its table, what people call one and many, the column it is sorted by, its fields."""

    name: str
    feed: str
    """The kind of import that brings it."""
    along: str
    fields: tuple[FactField, ...]
    shown: tuple[str, ...]
    """Fields of a list."""
    says: str
    """The field that tells one from the others."""

    def field(self, name: str) -> FactField:
        """The field of that name."""
        return next(field for field in self.fields if field.name == name)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its fields."""
        return tuple(field.name for field in self.fields)


_F = FactField
ADVOCACY = ("referral", "reference_call", "case_study", "success_story", "review")
"""What a customer may do for us."""

SUBSCRIPTION = FactKind("subscription", "subscriptions", "starts", (
    _F("product", "Product", As.PRODUCT),
    _F("mrr", "MRR", As.MONEY, True, hint="a month: 1200, €1.5k"),
    _F("units", "Units", As.WHOLE, hint="seats, licences"),
    _F("starts", "Starts", As.DATE, True),
    _F("ends", "Ends", As.DATE, hint="last day; empty: it runs on"),
), ("product", "units", "mrr", "currency", "starts", "ends"), "product")  # fmt: skip

OPPORTUNITY = FactKind("opportunity", "opportunities", "id", (
    _F("name", "Name", required=True),
    _F("type", "Type", As.CHOICE, True, tuple(OpportunityType)),
    _F("stage", "Stage", hint="proposed, contacted …"),
    _F("state", "State", As.CHOICE, choices=tuple(OpportunityState)),
    _F("amount", "Amount", As.MONEY),
    _F("due_amount", "Due", As.MONEY, hint="what a renewal is about"),
    _F("final_amount", "Final", As.MONEY, hint="what it came to"),
    _F("term_months", "Term", As.WHOLE, hint="months"),
    _F("due_date", "Due on", As.DATE),
    _F("close_date", "Closes", As.DATE),
    _F("lead_source", "Source"),
    _F("sourced_by", "Sourced by", hint="csm, sales …"),
    _F("reference_used", "Reference", As.FLAG),
    _F("case_study_used", "Case study", As.FLAG),
), ("name", "type", "state", "stage", "amount", "due_amount", "currency", "due_date", "close_date"), "name")  # fmt: skip

TICKET = FactKind("ticket", "tickets", "opened", (
    _F("subject", "Subject", required=True),
    _F("priority", "Priority", hint="P1 … P4, high, low"),
    _F("status", "Status", hint="open, pending, closed"),
    _F("opened", "Opened", As.WHEN, past=True, hint="now; yesterday, 2026-11-20 14:00"),
    _F("closed", "Closed", As.WHEN, past=True),
    _F("reopened", "Reopened", As.WHEN, past=True),
    _F("person", "Person", As.PERSON),
), ("subject", "priority", "status", "opened", "closed", "person"), "subject")  # fmt: skip

SURVEY = FactKind("survey", "surveys", "answered", (
    _F("kind", "Survey", required=True, hint="nps, csat or another"),
    _F("score", "Score", As.WHOLE, True, hint="NPS: 0 to 10"),
    _F("answered", "Answered", As.DATE, True, past=True),
    _F("person", "Person", As.PERSON),
    _F("about", "About", hint="product, support, training"),
    _F("comment", "Comment", As.TEXT),
), ("kind", "score", "answered", "person", "about", "comment"), "kind")  # fmt: skip

TRAINING = FactKind("training", "trainings", "completed", (
    _F("course", "Course", required=True),
    _F("person", "Person", As.PERSON),
    _F("required", "Required", As.FLAG),
    _F("completed", "Completed", As.DATE, past=True, hint="empty: not yet"),
    _F("score", "Score", As.WHOLE, hint="0 to 100"),
), ("course", "person", "required", "completed", "score"), "course")  # fmt: skip

ADVOCACIES = FactKind("advocacy", "advocacy", "asked_on", (
    _F("kind", "Kind", As.CHOICE, True, ADVOCACY),
    _F("person", "Person", As.PERSON),
    _F("asked_on", "Asked on", As.DATE, past=True),
    _F("given_on", "Given on", As.DATE, past=True),
    _F("consent_until", "Consent", As.DATE, hint="in writing, until; empty: none"),
    _F("recipient", "For", hint="who gets it"),
    _F("note", "Note", As.TEXT),
), ("kind", "person", "asked_on", "given_on", "consent_until", "recipient"), "kind")  # fmt: skip

EVENT = FactKind("event", "events", "day", (
    _F("type", "Type", required=True, hint="contact_left, acquisition, outage"),
    _F("day", "Day", As.DATE, True, past=True),
    _F("person", "Person", As.PERSON),
    _F("body", "Text", As.TEXT),
), ("type", "day", "person", "body"), "type")  # fmt: skip

USAGE = FactKind("usage", "usage", "day", (
    _F("metric", "Metric", required=True, hint="logins, active users"),
    _F("day", "Day", As.DATE, True, past=True),
    _F("value", "Value", As.MILLI, True),
), ("metric", "day", "value"), "metric")  # fmt: skip

PRODUCT = FactKind("product", "products", "name", (
    _F("name", "Name", required=True),
    _F("list_price", "List price", As.MONEY, hint="of a unit a month"),
    _F("margin", "Margin", As.MILLI, hint="share of the price: 0.8"),
    _F("key_features", "Key features", As.WORDS, hint="usage metrics, ; between"),
    _F("active", "On sale", As.FLAG),
), ("name", "list_price", "currency", "margin", "key_features", "active"), "name")  # fmt: skip

FACTS = {
    kind.name: kind
    for kind in (SUBSCRIPTION, OPPORTUNITY, TICKET, SURVEY, TRAINING, ADVOCACIES, EVENT, USAGE, PRODUCT)
}
"""By name; the order is that of forms that ask which."""
