"""The stored vocabulary: every enum that a column or a journal row may hold. Standard library only."""

from __future__ import annotations

from enum import StrEnum


class Face(StrEnum):
    """Through which door an act came."""

    TUI = "tui"
    CLI = "cli"
    SYSTEM = "system"


class Role(StrEnum):
    """What somebody may do; checked in the use-cases, never in the faces."""

    CSM = "csm"
    JUNIOR = "junior"
    MANAGER = "manager"
    OPS = "ops"
    READ_ONLY = "read_only"


class ChangeKind(StrEnum):
    """What a journal row says happened to one thing."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"


class CtaStatus(StrEnum):
    """An open CTA is unassigned (no owner) or claimed (an owner); both are ``open``."""

    OPEN = "open"
    CLOSED = "closed"


class Outcome(StrEnum):
    """How a CTA ended."""

    SUCCESS = "success"
    UNSUCCESSFUL = "unsuccessful"
    NO_ACTION = "no_action"
    INVALID = "invalid"


class Priority(StrEnum):
    """How much a CTA matters, as its writer or rule says."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class TaskStatus(StrEnum):
    """A task is done, or was left out on purpose."""

    OPEN = "open"
    DONE = "done"
    SKIPPED = "skipped"


class AccountStatus(StrEnum):
    """Whether the account is a customer now."""

    PROSPECT = "prospect"
    CUSTOMER = "customer"
    CHURNED = "churned"


class ServedBy(StrEnum):
    """The service model of an account."""

    DEDICATED = "dedicated"
    POOL = "pool"
    HYBRID = "hybrid"
    POD = "pod"


class NetworkRole(StrEnum):
    """Why a person belongs to the value network."""

    GENERATOR = "generator"
    DRIVER = "driver"


class NetworkState(StrEnum):
    """How the value network of an account is; derived, and asked for by these names."""

    NONE = "none"
    SMALL = "small"
    LOW = "low"
    OK = "ok"


class OpportunityType(StrEnum):
    """What an opportunity sells: expansion is more units, upsell more products."""

    NEW_BUSINESS = "new_business"
    RENEWAL = "renewal"
    EXPANSION = "expansion"
    UPSELL = "upsell"


class OpportunityState(StrEnum):
    """Where an opportunity ended, beside its free stage name."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


class Lane(StrEnum):
    """Which kind of work a CTA is: day-to-day requests, or EBRs, stakeholders and adoption."""

    TACTICAL = "tactical"
    STRATEGIC = "strategic"


class Push(StrEnum):
    """How a pool hands out work by itself: in turn, or to whoever has the least open."""

    ROUND_ROBIN = "round_robin"
    LEAST_LOADED = "least_loaded"


class Stage(StrEnum):
    """How far an intervention is; the last three are ends."""

    CLAIMED = "claimed"
    REACHED_OUT = "reached_out"
    ENGAGED = "engaged"
    ON_PLAN = "on_plan"
    ON_TRACK = "on_track"
    SELF_SERVICE = "self_service"
    NO_RESPONSE = "no_response"
    LOST = "lost"


class Verdict(StrEnum):
    """What a coach thinks of a close."""

    GOOD = "good"
    WEAK = "weak"
    WRONG = "wrong"


class EntryState(StrEnum):
    """Whether what an entry tells of has happened."""

    DONE = "done"
    PLANNED = "planned"
    CANCELLED = "cancelled"


class GoalStatus(StrEnum):
    """Where a goal of a success plan is."""

    OPEN = "open"
    REACHED = "reached"
    MISSED = "missed"
    DROPPED = "dropped"


class Severity(StrEnum):
    """How bad a risk or an escalation is."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Feeling(StrEnum):
    """What a CSM thinks the customer feels."""

    GOOD = "good"
    UNSURE = "unsure"
    BAD = "bad"


class RenewalForecast(StrEnum):
    """A CSM's own word on a renewal."""

    WILL = "will"
    MAY = "may"
    WONT = "wont"


class MailState(StrEnum):
    """Where a mail of the outbox is; ``unsure``: handed over when the program died, so perhaps gone."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNSURE = "unsure"
    CANCELLED = "cancelled"


class TransitionKind(StrEnum):
    """From whom to whom an account goes."""

    CSM_TO_CSM = "csm_to_csm"
    CSM_TO_POOL = "csm_to_pool"
    POOL_TO_CSM = "pool_to_csm"
    COVER = "cover"
    POD = "pod"


class TransitionState(StrEnum):
    """How far a transition is: accepted = handed over, follow-ups run; the last two are ends."""

    STARTED = "started"
    ACCEPTED = "accepted"
    DONE = "done"
    CANCELLED = "cancelled"


class Side(StrEnum):
    """Whose step it is."""

    OUT = "out"
    IN = "in"
    BOTH = "both"
