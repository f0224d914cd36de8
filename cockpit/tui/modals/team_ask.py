"""The forms of the Team screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cockpit.domain.money import decimal_text
from cockpit.domain.when import FORMS
from cockpit.tui.modals.ask import YES_NO, readable
from cockpit.tui.modals.field import Field, FormSpec, Values
from db.terms import Lane, Push, Role, ServedBy, Verdict

if TYPE_CHECKING:
    from cockpit.desk import Desk
    from cockpit.services.policy import PolicyRow, Proposal
    from cockpit.services.review import Sampled
    from cockpit.services.team import CsmRow, PoolRow

PUSHES = (("", "people claim"), (Push.ROUND_ROBIN.value, "in turn"), (Push.LEAST_LOADED.value, "least work"))
LANES = (("", "every kind"), *((lane.value, lane.value) for lane in Lane))
AS = (("senior", "senior"), ("junior", "junior"))
ROLES = tuple((role.value, role.value.replace("_", "-")) for role in Role)
VERDICTS = tuple((one.value, one.value) for one in Verdict)
MODELS = (("", "not agreed"), *((one.value, one.value) for one in ServedBy))
NUMBERS = (
    ("touch_days", "Touch", "a person gets in touch every so many business days"), ("digital_days", "Mails", "every so many days"),
    ("network_min", "Network", "people in it, at least"), ("network_window", "Met within", "days"),
    ("coverage_goal", "Coverage", "percent met"),
    ("ebr_per_year", "EBRs", "a year"), ("nps_per_year", "NPS", "surveys a year"), ("max_open", "Open CTAs", "of this segment, per person"),
    ("max_per_day", "Claims", "a day, of this segment"), ("minutes_month", "Minutes", "an account takes a month: its weight"),
    ("expected_grr", "GRR", "percent expected"), ("expected_nrr", "NRR", "percent expected"),
)  # fmt: skip


def text(value: Any) -> str:
    """A value as a field shows it."""
    return "" if value is None else str(value)


def pool(row: PoolRow | None) -> FormSpec:
    """A pool and its policy, new or not."""

    def of(name: str, otherwise: str = "") -> str:
        return otherwise if row is None else text(getattr(row, name))

    fields = (
        Field("name", "Name", of("name"), required=True),
        Field("max_open", "Open CTAs", of("max_open"), hint="per person; empty: no limit"),
        Field("max_per_day", "Claims", of("max_per_day"), hint="per person a day; empty: no limit"),
        Field("lease_days", "Lease", of("lease_days"), hint="business days until an untouched claim goes back; 0: never"),
        Field("push", "Push", of("push"), choices=PUSHES),
        Field("time_zone", "Time zone", of("time_zone", "UTC"), required=True, hint="Europe/Berlin"),
        Field("calendar", "Holidays", of("calendar"), hint="of a country or region: DE, US-CA; empty: none"),
        Field("currency", "Currency", of("currency", "USD"), required=True),
        Field("active", "At work", "yes" if row is None or row.active else "no", choices=YES_NO),
    )
    return FormSpec("New pool" if row is None else f"Pool · {row.name}", fields, draft="new_pool" if row is None else "")


def member(pool_name: str, logins: Sequence[str]) -> FormSpec:
    """Who is to work a pool."""
    return FormSpec(f"Join pool {pool_name}", (Field("login", "Who", required=True, hint="login", suggest=logins),), "join")


def lane(name: str, pool_name: str, now: str | None) -> FormSpec:
    """Which kind of work somebody takes in a pool."""
    return FormSpec(f"{name} in pool {pool_name}", (Field("lane", "Takes", now or "", choices=LANES),))


def new_csm(pools: Sequence[str]) -> FormSpec:
    """Somebody new."""
    fields = (
        Field("login", "Login", required=True),
        Field("name", "Name", required=True),
        Field("email", "E-mail"),
        Field("role", "Role", Role.CSM.value, choices=ROLES),
        Field("pool", "Pool", hint="to work at once; empty: none yet", suggest=pools),
        Field("languages", "Languages", hint="en, de; empty: not said"),
    )
    return FormSpec("New colleague", fields, "admit", draft="new_csm")


def csm(row: CsmRow) -> FormSpec:
    """Somebody who works here."""
    fields = (
        Field("name", "Name", row.name, required=True),
        Field("hours_week", "Hours", text(row.hours_week), hint="a week; empty: not said"),
        Field("limit_percent", "Limits", text(row.limit_percent), hint="percent of the pools' limits"),
        Field("skills", "Skills", text(row.skills), hint="billing, api; empty: none"),
        Field("languages", "Languages", text(row.languages), hint="en, de; empty: not said"),
        Field("role", "Role", row.role, choices=ROLES),
        Field("email", "E-mail", text(row.email)),
        Field("active", "At work", "yes" if row.active else "no", choices=YES_NO),
    )
    return FormSpec(f"{row.name} ({row.login})", fields)


def away(login: str, logins: Sequence[str], desk: Desk, *, only_me: bool) -> FormSpec:
    """Who is away, until when, who covers."""
    who = Field("login", "Who", login, required=True, hint="login", suggest=() if only_me else logins)
    fields = (
        who,
        Field("first", "From", "today", required=True, hint=FORMS),
        Field("last", "To", required=True, hint="the last day away, included: fri, 4 dec, 2w"),
        Field("cover", "Covered by", hint="login; empty: nobody", suggest=logins),
        Field("note", "Note", hint="what others should know"),
    )
    first = "last" if only_me or login else "login"
    return FormSpec("Away", fields, first=first, draft="away", check=readable(desk, "first", "last"))


def new_pod() -> FormSpec:
    """A pod."""
    return FormSpec("New pod", (
        Field("name", "Name", required=True),
        Field("seniors", "Seniors", hint="logins", many=True),
        Field("juniors", "Juniors", hint="logins", many=True),
    ), "make", draft="new_pod")  # fmt: skip


def pod(name: str, *, active: bool) -> FormSpec:
    """A pod's name and whether it is at work."""
    return FormSpec(f"Pod · {name}", (
        Field("name", "Name", name, required=True), Field("active", "At work", "yes" if active else "no", choices=YES_NO),
    ))  # fmt: skip


def pod_member(pod_name: str, logins: Sequence[str], login: str = "", as_: str = "senior") -> FormSpec:
    """Who joins a pod, as what."""
    who = Field("login", "Who", login, required=True, hint="login", suggest=logins)
    return FormSpec(f"Join pod {pod_name}", (who, Field("as", "As", as_, choices=AS)), "join", first="as" if login else "login")


def give(pod_name: str) -> FormSpec:
    """Which accounts a pod gets."""
    accounts = Field("accounts", "Accounts", required=True, hint="names or ids; a few letters, enter takes one", many=True)
    return FormSpec(f"Give to pod {pod_name}", (accounts,), "give", draft="give")


def policy(row: PolicyRow, currency: str) -> FormSpec:
    """What the accounts of a segment may expect."""
    line = "" if row.arr_from is None else decimal_text(row.arr_from, currency)
    fields = (
        Field("arr_from", "From ARR", line, hint=f"in {currency}; empty: not by ARR"),
        Field("served_by", "Served by", row.served_by or "", choices=MODELS),
        *(Field(name, label, text(getattr(row, name)), hint=hint) for name, label, hint in NUMBERS),
    )
    return FormSpec(f"Policy · {row.name}", fields)


def segment() -> FormSpec:
    """A segment's name."""
    return FormSpec("New segment", (Field("name", "Name", required=True),), "make")


def verdict(row: Sampled) -> FormSpec:
    """What one thinks of a close."""

    def check(values: Values) -> tuple[str, str] | None:
        if values["verdict"] != Verdict.GOOD.value and not values["note"]:
            return "note", "What should be done differently?"
        return None

    fields = (
        Field("verdict", "Verdict", Verdict.GOOD.value, choices=VERDICTS),
        Field("note", "Note", hint="for the one whose it was: what to do differently", lines=4),
    )
    return FormSpec(f"Review · {row.owner_name}: {row.account}", fields, "review", draft=f"review {row.id}", check=check)


def move_segment(one: Proposal, segments: Sequence[str]) -> FormSpec:
    """An account that has outgrown its segment: where it goes, and who serves it from then on."""
    fields = (
        Field("segment", "Segment", one.to_segment, required=True, suggest=segments),
        Field("served_by", "Served by", one.to_served_by or one.served_by, choices=MODELS[1:]),
    )
    return FormSpec(f"{one.account} · {one.why}", fields, "move")
