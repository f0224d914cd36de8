"""The forms of Settings on the Team screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.domain.activity import FieldError, read_field, read_fields, written
from cockpit.domain.money import decimal_text
from cockpit.tui.modals.ask import YES_NO
from cockpit.tui.modals.field import Field, FormSpec, Values, Wrong
from cockpit.tui.modals.team_ask import LANES, text

if TYPE_CHECKING:
    from cockpit.domain.contact import Rules
    from cockpit.services.activity_type import ActivityType
    from cockpit.services.cta_type import ReasonRow, TypeRow
    from cockpit.services.transition_policy import TransitionPolicy

QUIET = (("yes", "no outreach until it is over"), ("no", "no matter"))
ASKS = "asks a line each: name, or name*=one|other (* must)"
NUMBERS = ("cap", "cap_days")


def yes(value: bool) -> str:
    """A yes or no as a choice has it."""
    return "yes" if value else "no"


def rules(now: Rules) -> FormSpec:
    """How often a person may be written to, and when not at all."""

    def check(values: Values) -> Wrong | None:
        wrong = next((name for name in NUMBERS if not values[name].isdigit()), None)
        return (wrong, f"{values[wrong]!r} is no whole number.") if wrong else None

    return FormSpec("Contact rules", (
        Field("cap", "Mails", str(now.cap), required=True, hint="to a person, at most"),
        Field("cap_days", "In days", str(now.cap_days), required=True, hint="the days they count in"),
        Field("quiet_in_escalation", "Escalation", yes(now.quiet_in_escalation), choices=QUIET),
        Field("quiet_in_transition", "Hand-over", yes(now.quiet_in_transition), choices=QUIET),
    ), check=check)  # fmt: skip


def lines(now: TransitionPolicy) -> FormSpec:
    """From which ARR on a hand-over asks for more."""

    def line(name: str, label: str, says: str) -> Field:
        return Field(name, label, decimal_text(getattr(now, name), now.currency), required=True, hint=says)

    return FormSpec(f"Hand-overs · ARR in {now.currency}", (
        line("agree_below", "Agree below", "no manager has to agree; default: as shipped"),
        line("pool_below", "Pool below", "a pool takes the account"),
        line("key_above", "Key from", "a conversation introduces the new CSM"),
    ))  # fmt: skip


def activity_type(row: ActivityType | None) -> FormSpec:
    """A type of activity and what an entry of it also says, a line each."""

    def check(values: Values) -> Wrong | None:
        for number, one in enumerate(values["fields"].split("\n"), 1):
            try:
                read_field(one) if one.strip() else None
            except FieldError as why:
                return "fields", f"Line {number}: {why}", (number, 1)
        try:
            read_fields(values["fields"].split("\n"))
        except FieldError as why:
            return "fields", str(why)
        return None

    fields = [
        Field("name", "Name", "" if row is None else row.name, required=True),
        Field("is_meeting", "A meeting", yes(row is not None and row.is_meeting), choices=(("yes", "being there is met"), ("no", "no"))),
        Field("fields", "Also asks", "" if row is None else "\n".join(written(row.fields)), lines=5),
    ]
    if row is None:
        return FormSpec(f"New activity type · {ASKS}", fields, "make", draft="new_activity_type", check=check)
    return FormSpec(f"{row.name} · {ASKS}", [*fields, on(row.active)], check=check)


def cta_type(row: TypeRow | None) -> FormSpec:
    """A type of CTA."""
    fields = [
        Field("name", "Name", "" if row is None else row.name, required=True),
        Field("label", "Label", "" if row is None else row.label, hint="four letters in lists"),
        Field("required_at_close", "Close needs", "" if row is None else text(row.required_at_close), hint="note, playbook, people …"),
        Field("minutes", "Minutes", "" if row is None else text(row.minutes), hint="one takes: its weight in hours"),
    ]
    if row is None:
        return FormSpec("New CTA type", fields, "make", draft="new_cta_type")
    return FormSpec(f"CTA type · {row.name}", [*fields, on(row.active)])


def reason(row: ReasonRow) -> FormSpec:
    """A reason of CTAs."""
    return FormSpec(f"Reason · {row.name}", (
        Field("name", "Name", row.name, required=True),
        Field("lane", "Lane", row.lane or "", choices=LANES),
        Field("skill", "Skill", row.skill or "", hint="one needs to be good at; empty: none"),
        on(row.active),
    ))  # fmt: skip


def on(active: bool) -> Field:
    """Whether it can be chosen."""
    return Field("active", "In use", yes(active), choices=YES_NO)
