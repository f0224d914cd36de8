"""`log`, `timeline`, `promise`, `meeting`, `draft` and `activity-type`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from cockpit.cli.account import Account
from cockpit.cli.lists import Limit
from cockpit.cli.options import Usage, desk, shared
from cockpit.cli.output import emit_done, emit_list, emit_one, people_limit
from cockpit.cli.queue import resolve
from cockpit.services import account as accounts
from cockpit.services import activity_type as types
from cockpit.services import draft as drafts
from cockpit.services import planned as meetings
from cockpit.services import promise as promised
from cockpit.services import timeline as timelines
from cockpit.services.frozen import to_plain

_PAGE = 2_000
Activity = Annotated[int, typer.Argument(metavar="ID", help="The number of an entry, as `timeline` prints it")]
Attendees = Annotated[
    list[str] | None,
    typer.Option("--attendee", metavar="P", help="Who was there: e-mail, name, id or login; may repeat"),
]
OwnFields = Annotated[
    list[str] | None,
    typer.Option("--field", metavar="NAME=VALUE", help="An answer to one of the type's own fields; may repeat"),
]
Body = Annotated[str | None, typer.Option("--body", metavar="T", help="The note itself")]


@shared
def log(
    account: Account,
    type_: Annotated[
        str, typer.Option("--type", metavar="T", help="update, call, meeting, email, outreach, milestone or your own")
    ],
    subject: Annotated[str, typer.Option("--subject", metavar="S", help="One line of what it was")],
    attendee: Attendees = None,
    at_: Annotated[
        str | None, typer.Option("--at", metavar="M", help="A moment or a day; else now; a meeting ahead is planned")
    ] = None,
    body: Body = None,
    cta: Annotated[str | None, typer.Option("--cta", metavar="ID", help="The CTA it belongs to")] = None,
    next_step: Annotated[str | None, typer.Option("--next-step", metavar="T", help="What was promised")] = None,
    next_step_due: Annotated[str | None, typer.Option("--next-step-due", metavar="D", help="Until when")] = None,
    answered: Annotated[bool, typer.Option("--answered", help="It is the customer's answer: a mail that came in")] = False,
    field: OwnFields = None,
    internal: Annotated[bool, typer.Option("--internal", help="Among ourselves: nobody of the customer was asked")] = False,
    draft: Annotated[int | None, typer.Option("--draft", metavar="ID", help="The draft it was begun as, which goes")] = None,
) -> None:
    """Log what happened with an account, or plan a meeting that is to come."""
    at = desk(writes=True)
    done = timelines.log_activity(
        at, account, type_, subject, body, attendee or (), at_, resolve(at, [cta])[0] if cta else None, next_step,
        next_step_due, answered, pairs(field or ()), internal, draft,
    )  # fmt: skip
    emit_done(done)


def pairs(texts: Sequence[str]) -> dict[str, str | None]:
    """``name=value`` words as answers by field."""
    found: dict[str, str | None] = {}
    for text in texts:
        name, is_pair, value = text.partition("=")
        if not is_pair or not name.strip():
            raise Usage(f"--field takes NAME=VALUE, not {text!r}.")
        found[name.strip()] = value
    return found


@shared
def timeline(
    account: Account,
    limit: Limit = None,
    search: Annotated[str, typer.Option("--search", metavar="Q", help="Only what says this: words, or 'type:call at:<90d'")] = "",
) -> None:
    """What happened with an account, the latest first, with who was there."""
    at = desk()
    id_ = accounts.find_account(at, account)
    rows: list[dict[str, Any]] = []
    after, left = None, people_limit(limit)
    while left is None or left > 0:
        page = timelines.timeline_page(at, id_, after, min(left or _PAGE, _PAGE), search)
        rows += [to_plain(one) for one in page.rows]
        left = None if left is None else left - len(page.rows)
        after = page.last
        if not page.more:
            break
    for row in rows:
        row["with"] = ", ".join(one["name"] or one.get("email") or "?" for one in row.get("attendees", ()))
        marks = {"planned": "planned", "cancelled": "called off"}
        row["mark"] = marks.get(row["state"], "in" if row["inbound"] else "")
    emit_list(
        rows, ("id", "at", "mark", "type", "subject", "author", "with"),
        empty=f"Nothing in it says {search!r}." if search else "Nothing was logged yet: `cockpit log` does.",
    )


entry = typer.Typer(
    rich_markup_mode=None, add_completion=False, no_args_is_help=True, help="Change or delete an entry of a timeline."
)


@entry.command("show")
@shared
def entry_show(activity: Activity) -> None:
    """Show one entry whole."""
    row = to_plain(timelines.activity(desk(), activity))
    words = [f"  {key.replace('_', ' '):17} {value}" for key, value in row.items() if value not in (None, "", [])]
    emit_one(row, lines="\n".join(words))


@entry.command("edit")
@shared
def entry_edit(
    activity: Activity,
    subject: Annotated[str | None, typer.Option("--subject", metavar="S", help="One line of what it was")] = None,
    type_: Annotated[str | None, typer.Option("--type", metavar="T", help="Another type")] = None,
    at_: Annotated[str | None, typer.Option("--at", metavar="M", help="Another moment or day")] = None,
    body: Body = None,
    next_step: Annotated[str | None, typer.Option("--next-step", metavar="T", help="What was promised; none")] = None,
    next_step_due: Annotated[str | None, typer.Option("--next-step-due", metavar="D", help="Until when; none")] = None,
    attendee: Attendees = None,
    field: OwnFields = None,
    internal: Annotated[bool | None, typer.Option("--internal/--with-customer", help="Whether it was among ourselves")] = None,
) -> None:
    """Change an entry; the old version is kept."""
    given: dict[str, Any] = {
        "subject": subject, "type": type_, "at": at_, "body": body, "next_step": next_step, "next_step_due": next_step_due,
        "attendees": attendee, "fields": pairs(field) if field else None, "internal": internal,
    }  # fmt: skip
    fields = {name: value for name, value in given.items() if value is not None}
    if not fields:
        raise Usage("Say what to change, e.g. --subject or --field outcome=agreed.")
    fields = {name: None if isinstance(v, str) and v.strip().casefold() == "none" else v for name, v in fields.items()}
    emit_done(timelines.edit_activity(desk(writes=True), activity, fields))


@entry.command("delete")
@shared
def entry_delete(activity: Activity) -> None:
    """Take an entry off the timeline."""
    emit_done(timelines.delete_activity(desk(writes=True), activity))


# -- promises

promise = typer.Typer(
    rich_markup_mode=None, add_completion=False, no_args_is_help=True, help="What was promised to customers."
)


@promise.command("list")
@shared
def promise_list(
    which: Annotated[str, typer.Option("--which", metavar="W", help="open, late, kept or all")] = "open",
    mine: Annotated[bool, typer.Option("--mine", help="Only what I promised")] = False,
    by: Annotated[str | None, typer.Option("--by", metavar="LOGIN", help="Only what she promised")] = None,
    account: Annotated[str | None, typer.Option("--account", metavar="A", help="Only to this account")] = None,
) -> None:
    """List what was promised, the most urgent first."""
    at = desk()
    rows = [to_plain(row) for row in promised.promises(at, which, at.me.login if mine else by, account)]
    emit_list(rows, ("id", "due", "state", "what", "account", "by", "says"), empty="Nothing is promised.")


@promise.command("keep")
@shared
def promise_keep(
    activity: Activity,
    open_: Annotated[bool, typer.Option("--open", help="It was not kept after all")] = False,
) -> None:
    """Say that a promise was kept."""
    emit_done(promised.keep(desk(writes=True), activity, not open_))


# -- meetings

meeting = typer.Typer(
    rich_markup_mode=None, add_completion=False, no_args_is_help=True, help="Meetings that are planned."
)


@meeting.command("list")
@shared
def meeting_list(
    everybody: Annotated[bool, typer.Option("--all", help="Everybody's, not only mine")] = False,
    account: Annotated[str | None, typer.Option("--account", metavar="A", help="Only with this account")] = None,
) -> None:
    """List the planned meetings; those whose time has passed ask whether they happened."""
    rows = [to_plain(row) for row in meetings.planned(desk(), not everybody, account)]
    empty = "No meeting is planned: `cockpit log` with a day ahead plans one."
    emit_list(rows, ("id", "at", "account", "subject", "by", "says"), empty=empty)


@meeting.command("held")
@shared
def meeting_held(activity: Activity, attendee: Attendees = None, body: Body = None) -> None:
    """Say that a planned meeting happened; without --attendee everybody came."""
    emit_done(meetings.settle(desk(writes=True), activity, True, attendee, body))


@meeting.command("off")
@shared
def meeting_off(activity: Activity, body: Body = None) -> None:
    """Say that a planned meeting did not, or will not, happen."""
    emit_done(meetings.settle(desk(writes=True), activity, False, None, body))


def _with_import() -> typer.Typer:
    """``meeting import`` lives beside the mail that comes in."""
    from cockpit.cli.inbox import meeting_import

    meeting.command("import")(meeting_import)
    return meeting


# -- drafts

draft = typer.Typer(
    rich_markup_mode=None, add_completion=False, no_args_is_help=True, help="What I began to write and have not logged or sent."
)
DraftId = Annotated[int, typer.Argument(metavar="ID", help="The number of a draft, as `draft list` prints it")]


@draft.command("list")
@shared
def draft_list(
    everybody: Annotated[bool, typer.Option("--all", help="Everybody's, not only mine")] = False,
    account: Annotated[str | None, typer.Option("--account", metavar="A", help="Only on this account")] = None,
) -> None:
    """List the drafts, the latest first."""
    rows = [to_plain(row) for row in drafts.drafts(desk(), not everybody, account)]
    emit_list(rows, ("id", "account", "kind", "title", "author", "changed_at"), empty="There is no draft.")


@draft.command("show")
@shared
def draft_show(draft: DraftId) -> None:
    """Show what a draft holds."""
    row = to_plain(drafts.draft(desk(), draft))
    emit_one(row, lines="\n".join([f"{row['account']} · {row['says']}", *(f"  {k:14} {v}" for k, v in row["fields"].items())]))


@draft.command("save")
@shared
def draft_save(
    account: Account,
    kind: Annotated[str, typer.Option("--kind", metavar="K", help="entry or letter")] = "entry",
    field: OwnFields = None,
) -> None:
    """Keep something begun: --field subject=… --field body=…"""
    emit_done(drafts.save_draft(desk(writes=True), account, kind, pairs(field or ())))


@draft.command("drop")
@shared
def draft_drop(draft: DraftId) -> None:
    """Throw a draft of mine away."""
    emit_done(drafts.drop_draft(desk(writes=True), draft))


# -- types

kinds = typer.Typer(
    rich_markup_mode=None, add_completion=False, no_args_is_help=True, help="Types of activity and their own fields."
)
Fields = Annotated[
    list[str] | None,
    typer.Option("--field", metavar="F", help="'outcome*=agreed|waiting' or 'slides'; may repeat; none takes all away"),
]


@kinds.command("list")
@shared
def type_list() -> None:
    """List the types of activity with the fields each has of its own."""
    from cockpit.domain.activity import written

    rows = [to_plain(row) | {"own": written(row.fields)} for row in types.every_type(desk())]
    emit_list(rows, ("id", "name", "is_meeting", "own", "entries", "active"))


@kinds.command("new")
@shared
def type_new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it is called")],
    is_meeting: Annotated[bool, typer.Option("--meeting", help="Being there counts as having been met")] = False,
    field: Fields = None,
) -> None:
    """Make a type of activity."""
    emit_done(types.new_type(desk(writes=True), name, is_meeting, field or ()))


@kinds.command("edit")
@shared
def type_edit(
    name: Annotated[str, typer.Argument(metavar="NAME", help="By name or id")],
    new_name: Annotated[str | None, typer.Option("--name", metavar="N", help="Its new name")] = None,
    is_meeting: Annotated[bool | None, typer.Option("--meeting/--no-meeting", help="Whether being there counts as met")] = None,
    field: Fields = None,
    on: Annotated[bool | None, typer.Option("--on/--off", help="Whether it can be chosen")] = None,
) -> None:
    """Change a type: its name, its fields, whether it is on; entries keep what they said."""
    given: dict[str, Any] = {"name": new_name, "is_meeting": is_meeting, "fields": field, "active": on}
    fields = {key: value for key, value in given.items() if value is not None}
    if not fields:
        raise Usage("Say what to change, e.g. --field 'outcome*=agreed|waiting' or --off.")
    emit_done(types.edit_type(desk(writes=True), name, fields))


def _single(function: Any) -> typer.Typer:
    single = typer.Typer(rich_markup_mode=None, add_completion=False)
    single.command()(function)
    return single


APPS = {
    "log": _single(log), "timeline": _single(timeline), "entry": entry, "promise": promise, "meeting": _with_import(), "draft": draft,
    "activity-type": kinds,
}  # fmt: skip
