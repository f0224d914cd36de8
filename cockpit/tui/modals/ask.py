"""The forms, each a FormSpec: what is asked, what it starts with, what is wrong with an answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from cockpit.domain.calendar import Calendar
from cockpit.domain.when import FORMS, WhenError, parse_when
from cockpit.tui.modals.field import Field, FormSpec, Values
from db.terms import AccountStatus, NetworkRole, Outcome, Priority

if TYPE_CHECKING:
    from cockpit.desk import Desk
    from cockpit.domain.activity import OwnField
    from cockpit.services.cta import CtaShown
    from cockpit.services.timeline import Entry

Check = Callable[[Values], tuple[str, str] | None]
YES_NO = (("yes", "yes"), ("no", "no"))
PRIORITIES = tuple((p.value, p.value) for p in Priority)
OUTCOMES = tuple((o.value, o.value.replace("_", " ")) for o in Outcome)


def calendar_of(desk: Desk) -> Calendar:
    """The calendar dates are read by: the zone of one's first pool."""
    from cockpit.services.calendars import calendar_for

    return calendar_for(desk.me.time_zone)


def day(text: str, desk: Desk) -> date | None:
    """The day somebody typed; None for nothing. The form has checked that it can be read."""
    return parse_when(text, desk.today(), calendar_of(desk)) if text.strip() else None


def readable(desk: Desk, *names: str, backward: bool = False) -> Check:
    """A check that dates can be read."""

    def check(values: Values) -> tuple[str, str] | None:
        for name in names:
            if str(values.get(name, "")).strip():
                try:
                    parse_when(values[name], desk.today(), calendar_of(desk), backward=backward)
                except WhenError as why:
                    return name, str(why)
        return None

    return check


def release(words: str) -> FormSpec:
    """Give back to the pool."""
    note = Field("note", "Note", hint="what the next one should know")
    return FormSpec(f"Release · {words}", (note,), "release", draft="release")


def snooze(words: str, desk: Desk) -> FormSpec:
    """Hide until a day or a condition."""

    def check(values: Values) -> tuple[str, str] | None:
        if not values["until"] and not values["wake"]:
            return "until", "Until when? Or wake on a condition."
        return readable(desk, "until")(values)

    fields = (
        Field("until", "Until", hint=FORMS),
        Field("reason", "Reason", required=True, hint="waiting for their budget round"),
        Field("wake", "Or when", hint="a query on the account: health:<50, usage_drop:>30%"),
    )
    return FormSpec(f"Snooze · {words}", fields, "snooze", draft="snooze", check=check)


def due(words: str, now: date | None, desk: Desk) -> FormSpec:
    """Move the due date."""
    fields = (
        Field("due", "Due", now.isoformat() if now else "", hint=FORMS),
        Field("tasks", "Tasks too", "yes", choices=YES_NO),
    )
    return FormSpec(f"Due · {words}", fields, "move", check=readable(desk, "due"))


def close(words: str) -> FormSpec:
    """Close with an outcome."""
    fields = (
        Field("outcome", "Outcome", Outcome.SUCCESS.value, required=True, choices=OUTCOMES),
        Field("note", "Note", hint="what was achieved, or why not", lines=4),
    )
    return FormSpec(f"Close · {words}", fields, "close", draft="close")


def new_cta(account: str, accounts: Sequence[str], types: Sequence[str], reasons: Sequence[str], desk: Desk) -> FormSpec:
    """A new CTA by hand."""
    fields = (
        Field("account", "Account", account, required=True, hint="name or id", suggest=accounts),
        Field("type", "Type", types[0] if types else "", required=True, choices=[(t, t) for t in types]),
        Field("reason", "Reason", required=True, hint="why it is needed", suggest=reasons),
        Field("title", "Title", hint="what the queue shows; empty: the reason"),
        Field("due", "Due", hint=FORMS),
        Field("priority", "Priority", Priority.MEDIUM.value, choices=PRIORITIES),
        Field("mine", "Owner", "no", choices=(("no", "the pool"), ("yes", "me"))),
        Field("description", "Notes", lines=3),
    )
    return FormSpec("New CTA", fields, "make", first="type" if account else "account", draft="new_cta", check=readable(desk, "due"))


def edit_cta(shown: CtaShown, desk: Desk) -> FormSpec:
    """The fields of a CTA."""
    row = shown.row
    fields = (
        Field("title", "Title", row.title, required=True),
        Field("reason", "Reason", row.reason, required=True),
        Field("priority", "Priority", row.priority, choices=PRIORITIES),
        Field("due", "Due", row.due.isoformat() if row.due else "", hint=FORMS),
        Field("flagged", "Flag", "yes" if row.flagged else "no", choices=YES_NO),
        Field("description", "Notes", shown.detail.description or "", lines=5),
    )
    return FormSpec(f"CTA {row.id} · {row.account}", fields, check=readable(desk, "due"))


def typed(fields: Values, desk: Desk) -> dict[str, Any]:
    """Answers of a CTA's form as its use-case takes them."""
    made: dict[str, Any] = dict(fields)
    if "due" in made:
        made["due"] = day(made["due"], desk)
    if "flagged" in made:
        made["flagged"] = made["flagged"] == "yes"
    return made


def log(
    account: str, types: Sequence[str], people: Sequence[str], desk: Desk, left: Callable[[Values], None] | None = None
) -> FormSpec:
    """What happened with a customer, and who was there."""

    def check(values: Values) -> tuple[str, str] | None:
        return readable(desk, "at", backward=True)(values) or readable(desk, "next_step_due")(values)

    first = "call" if "call" in types else types[0] if types else ""
    fields = (
        Field("type", "Type", first, required=True, choices=[(t, t.replace("_", " ")) for t in types]),
        Field("subject", "Subject", required=True),
        Field("attendees", "Attendees", hint="a few letters, enter takes the name", suggest=people, many=True),
        Field("body", "Note", lines=4),
        Field("next_step", "Next step", hint="what was promised"),
        Field("next_step_due", "By", hint=FORMS),
        Field("at", "When", hint="now; yesterday, mon; a meeting ahead is planned"),
        Field("internal", "Among us", "no", choices=YES_NO),
    )
    return FormSpec(f"Log · {account}", fields, "log", first="subject", draft=f"log {account}", check=check, left=left)


def own_fields(type_: str, fields: Sequence[OwnField], answers: Mapping[str, str] | None = None) -> FormSpec:
    """What an entry of a type also says."""
    return FormSpec(f"{type_.capitalize()}", [own_field(one, (answers or {}).get(one.name, "")) for one in fields], "log")


def own_field(one: OwnField, value: str = "") -> Field:
    """One of them: a choice, or a line."""
    choices = [(choice, choice) for choice in one.choices]
    if choices and not one.required:
        choices.insert(0, ("", "–"))
    if choices and one.required and not value:
        value = choices[0][0]
    return Field(one.name, one.label.capitalize()[:12], value, one.required, choices=choices)


def save_view(query: str, name: str = "") -> FormSpec:
    """A filter and sort under a name."""
    fields = (
        Field("name", "Name", name, required=True),
        Field("query", "Filter", query, hint="everything"),
        Field("shared", "For all", "no", choices=YES_NO),
    )
    return FormSpec("Save view", fields)


def account(title: str, values: Values, segments: Sequence[str], pools: Sequence[str], logins: Sequence[str]) -> FormSpec:
    """The fields of an account, new or not."""

    def of(name: str) -> str:
        return str(values.get(name) or "")

    statuses = [(s.value, s.value) for s in AccountStatus]
    fields = (
        Field("name", "Name", of("name"), required=True),
        Field("arr", "ARR", of("arr"), hint="48k, 48000, EUR 12k"),
        Field("renewal_date", "Renewal", of("renewal_date"), hint="2027-03-31, end of march"),
        Field("segment", "Segment", of("segment"), suggest=segments),
        Field("pool", "Pool", of("pool"), suggest=pools),
        Field("owner", "Owner", of("owner"), hint="login; empty for the pool", suggest=logins),
        Field("status", "Status", of("status") or AccountStatus.CUSTOMER.value, choices=statuses),
        Field("stage", "Stage", of("stage")),
        Field("region", "Region", of("region")),
        Field("domain", "Domain", of("domain")),
        Field("notice_date", "Notice by", of("notice_date"), hint="last day to give notice"),
        Field("auto_renew", "Auto-renew", of("auto_renew"), choices=(("", "not known"), ("yes", "yes"), ("no", "no"))),
    )
    return FormSpec(title, fields, draft="new_account" if not values else "")


def person(title: str, values: Values) -> FormSpec:
    """The fields of a person; of one who is known also what she gets out of it and what is in her way."""

    def of(name: str) -> str:
        return str(values.get(name) or "")

    roles = (("", "no role"), *((r.value, r.value) for r in NetworkRole))
    fields = (
        Field("name", "Name", of("name"), required=True),
        Field("email", "E-mail", of("email")),
        Field("title", "Title", of("title")),
        Field("phone", "Phone", of("phone")),
        Field("language", "Language", of("language")),
        Field("value_network", "Network", of("value_network") or "no", choices=YES_NO),
        Field("network_role", "Role in it", of("network_role"), choices=roles),
    )
    if not values:
        return FormSpec(title, fields, draft="new_person")
    known = (
        Field("value_obtained", "Value", of("value_obtained"), lines=2, hint="what she gets out of it"),
        Field("bottleneck", "Bottleneck", of("bottleneck"), lines=2, hint="what is in her way"),
        Field("channel", "Reached by", of("channel"), hint="phone, mail, chat"),
    )
    return FormSpec(title, (*fields, *known))


def edit_activity(row: Entry, desk: Desk, own: Sequence[OwnField] = ()) -> FormSpec:
    """An entry of the timeline; ``own`` are the fields of its type."""
    details, local = row.details or {}, row.at.astimezone(ZoneInfo(desk.me.time_zone))
    fields = (
        Field("subject", "Subject", row.subject, required=True),
        Field("body", "Note", row.body or "", lines=6),
        Field("next_step", "Next step", row.next_step or ""),
        Field("next_step_due", "By", row.next_step_due.isoformat() if row.next_step_due else "", hint=FORMS),
        Field("attendees", "Attendees", "; ".join(a.name for a in row.attendees), many=True),
        Field("at", "When", local.date().isoformat() if row.date_only else local.isoformat(" ", "minutes")),
        *(replace(own_field(one, details.get(one.name, "")), name=OWN + one.name) for one in own),
    )
    return FormSpec(f"{row.type} · {local:%d %b %Y}", fields, check=readable(desk, "next_step_due"))


OWN = "own_"
"""Before the name of a type's own field in the form of an entry."""


def settle(row: Entry, invited: Sequence[str]) -> FormSpec:
    """What became of a planned meeting."""
    fields = (
        Field("happened", "It happened", "yes", choices=YES_NO),
        Field("attendees", "Who came", "; ".join(invited), suggest=invited, many=True),
        Field("body", "Note", lines=4),
    )
    return FormSpec(f"{row.type} · {row.subject}", fields, "keep", first="body")
