"""`cta list|show|new|edit|link|unlink`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cockpit.cli.cta_type import add_to
from cockpit.cli.lists import Limit, Pool, Sort, Where, plain_row, print_list
from cockpit.cli.options import Usage, desk, shared
from cockpit.cli.output import emit_acts, emit_one
from cockpit.cli.queue import day, finish, resolve
from cockpit.services import comment, intervention, shadow
from cockpit.services import cta as ctas
from cockpit.services import link as links
from cockpit.services.cta import CtaDraft, CtaShown, Made
from cockpit.services.frozen import to_plain
from db.terms import Priority

app = typer.Typer(
    rich_markup_mode=None, add_completion=False, no_args_is_help=True, help="List, show, make and change CTAs."
)


@app.command("list")
@shared
def list_(pool: Pool = None, where: Where = "", sort: Sort = "newest", limit: Limit = None) -> None:
    """List CTAs of any status."""
    print_list("all", pool, where, sort, limit, "No CTA matches.")


@app.command()
@shared
def show(cta: Annotated[str, typer.Argument(metavar="ID", help="A CTA, by number or external id")]) -> None:
    """Show one CTA whole: its tasks and what happened to it."""
    from cockpit.services.history import history

    at = desk()
    cta_id = resolve(at, [cta])[0]
    shown = ctas.show_cta(at, cta_id)
    past = [to_plain(line) for line in history(at, "cta", cta_id)]
    running = intervention.intervention_of(at, shown.row.account_id)
    row = plain_row(shown.row) | {
        "description": shown.detail.description, "source": shown.detail.source, "left_note": shown.detail.left_note,
        "snooze_wake": shown.detail.snooze_wake, "close_note": shown.detail.close_note, "playbook": shown.detail.playbook,
        "repeats": shown.detail.repeats, "returned": shown.detail.returned, "lane": shown.detail.lane, "skill": shown.detail.skill,
        "links": to_plain(links.links(at, cta_id)), "comments": [to_plain(one) for one in comment.comments(at, cta_id)],
        "followers": [one.login for one in shadow.followers(at, cta_id)], "intervention": running.id if running else None,
        "tasks": [to_plain(task) for task in shown.tasks], "history": past,
    }  # fmt: skip
    emit_one(row, lines=_words(shown, row, past))


CtaId = Annotated[str, typer.Argument(metavar="ID", help="A CTA, by number or external id")]
Reason = Annotated[str | None, typer.Option("--reason", metavar="R", help="Why: a reason of the store, or a new one")]
Title = Annotated[str | None, typer.Option("--title", metavar="T", help="What the queue shows; else the reason")]
PriorityOption = Annotated[str | None, typer.Option("--priority", metavar="P", help="high, medium or low")]
Due = Annotated[
    str | None, typer.Option("--due", metavar="D", help="A day: 2026-12-04, 3d, fri, 5bd; none takes it away")
]
Description = Annotated[str | None, typer.Option("--description", metavar="T", help="More words")]
PoolOption = Annotated[str | None, typer.Option("--pool", metavar="P", help="Whose queue; else the account's")]
Repeats = Annotated[
    str | None, typer.Option("--repeats", metavar="I", help="Closing makes the next so much later: 30d, 2w, 3m, 1y; none")
]
Person = Annotated[list[str] | None, typer.Option("--person", metavar="P", help="By e-mail, name or id; may repeat")]
Activity = Annotated[list[str] | None, typer.Option("--activity", metavar="N", help="Its number on the timeline; may repeat")]
Opportunity = Annotated[str | None, typer.Option("--opportunity", metavar="O", help="By id or name")]
Playbook = Annotated[str | None, typer.Option("--playbook", metavar="B", help="Its tasks start with the claim")]


@app.command()
@shared
def new(
    account: Annotated[str | None, typer.Argument(metavar="[ACCOUNT]", help="By id, external id or exact name")] = None,
    where: Annotated[
        str | None, typer.Option("--where", metavar="Q", help="One for each account this query matches")
    ] = None,
    type_: Annotated[
        str, typer.Option("--type", metavar="T", help="risk, opportunity, lifecycle, event or your own")
    ] = "risk",
    reason: Reason = None,
    title: Title = None,
    priority: PriorityOption = None,
    due: Due = None,
    description: Description = None,
    pool: PoolOption = None,
    owner: Annotated[str | None, typer.Option("--owner", metavar="LOGIN", help="Whose it is; else the pool's")] = None,
    playbook: Playbook = None,
    repeats: Repeats = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say how many, make none")] = False,
) -> None:
    """Make a CTA for an account, or one for each account that a query matches."""
    if (account is None) == (where is None):
        raise Usage("Say for which account, or --where QUERY for all it matches.")
    if not reason:
        raise Usage("A CTA needs a --reason.")
    at = desk(writes=not dry_run)
    draft = CtaDraft(
        type_, reason, title or "", description or "", read_priority(priority), day(at, due), pool, owner, playbook, repeats
    )
    if where is not None and dry_run:
        return _print_made(ctas.preview_new_ctas(at, where, draft))
    if dry_run:
        return _print_made(Made((), 1, said="Would make 1 CTA"))
    made = ctas.new_ctas_where(at, where, draft) if where is not None else ctas.new_cta(at, account or "", draft)
    if where is None:
        row = plain_row(ctas.show_cta(at, made.ids[0]).row) | {"act": made.act}
        return emit_one(row, made.said)
    _print_made(made)
    return None


@app.command()
@shared
def edit(
    cta: Annotated[str, typer.Argument(metavar="ID", help="A CTA, by number or external id")],
    reason: Reason = None,
    title: Title = None,
    priority: PriorityOption = None,
    due: Due = None,
    no_cascade: Annotated[bool, typer.Option("--no-cascade", help="Leave the due dates of its tasks")] = False,
    description: Description = None,
    type_: Annotated[str | None, typer.Option("--type", metavar="T", help="Its type")] = None,
    pool: PoolOption = None,
    playbook: Playbook = None,
    repeats: Repeats = None,
    flag: Annotated[bool | None, typer.Option("--flag/--no-flag", help="Mark it for attention")] = None,
) -> None:
    """Change a CTA; a moved due date moves its open tasks with it."""
    given: dict[str, Any] = {
        "reason": reason, "title": title, "description": description, "type": type_, "pool": pool, "playbook": playbook, "flagged": flag,
        "repeats": repeats,
        "priority": None if priority is None else read_priority(priority),
    }  # fmt: skip
    fields = {name: value for name, value in given.items() if value is not None}
    if due is None and not fields:
        raise Usage("Say what to change, e.g. --priority high or --due fri.")
    at = desk(writes=True)
    if due is not None:
        fields["due"] = None if due.strip().lower() == "none" else day(at, due)
    finish(ctas.edit_cta(at, resolve(at, [cta])[0], fields, not no_cascade))


@app.command()
@shared
def link(
    cta: CtaId, person: Person = None, activity: Activity = None, opportunity: Opportunity = None
) -> None:
    """Link people, activities or an opportunity of its account to a CTA."""
    _each(cta, links.link, person, activity, opportunity)


@app.command()
@shared
def unlink(
    cta: CtaId, person: Person = None, activity: Activity = None, opportunity: Opportunity = None
) -> None:
    """Take links of a CTA away; the things themselves stay."""
    _each(cta, links.unlink, person, activity, opportunity)


def _each(cta: str, do: Any, person: list[str] | None, activity: list[str] | None, opportunity: str | None) -> None:
    wanted = [("person", one) for one in person or ()] + [("activity", one) for one in activity or ()]
    wanted += [("opportunity", opportunity)] if opportunity else []
    if not wanted:
        raise Usage("Say what: --person, --activity or --opportunity.")
    at = desk(writes=True)
    cta_id = resolve(at, [cta])[0]
    done = [do(at, cta_id, kind, ref) for kind, ref in wanted]
    emit_acts([to_plain(one) for one in done], "; ".join(one.said for one in done))


def read_priority(text: str | None) -> Priority:
    """A priority as people spell it."""
    if text is None:
        return Priority.MEDIUM
    known = {"med": "medium", "hi": "high", "lo": "low"} | {one.value: one.value for one in Priority}
    if text.strip().lower() not in known:
        raise Usage(f"There is no priority {text!r}: high, medium or low.")
    return Priority(known[text.strip().lower()])


def _print_made(made: Made) -> None:
    emit_acts([{"id": id_, "act": made.act} for id_ in made.ids], made.said)


def _words(shown: CtaShown, row: dict[str, Any], past: list[Any]) -> str:
    lines = [f"CTA {row['id']} · {row['account']} · {row['title']}"]
    keys = ("type", "reason", "priority", "status", "outcome", "score", "due", "owner", "pool", "arr", "currency", "health",
            "renewal_date", "snoozed_until", "snooze_reason", "description", "left_note", "close_note", "playbook", "repeats",
            "returned", "source", "intervention")  # fmt: skip
    lines += [f"  {key.replace('_', ' '):14} {row[key]}" for key in keys if row.get(key) is not None]
    lines += [f"  {'person':14} {one['name']} · {one['email'] or '–'}" for one in row["links"]["people"]]
    lines += [f"  {one['type']:14} {one['at'][:10]} {one['subject']}" for one in row["links"]["activities"]]
    if sale := row["links"]["opportunity"]:
        lines.append(f"  {'opportunity':14} {sale['name'] or sale['type']} · {sale['stage'] or sale['state']}")
    lines += [
        f"  task {task.id:<9} {'✔' if task.status == 'done' else '·'} {task.title}  {task.due or ''}"
        for task in shown.tasks
    ]
    lines += [f"  {one['at'][:16]} {one['author'] or 'cockpit':10} “{one['body']}”" for one in row["comments"]]
    lines += [
        f"  {line['at'][:16]} {line['by']:10} "
        + (f"{line['field']}: {line['old'] or '–'} → {line['new'] or '–'}" if line["field"] else line["kind"])
        for line in past
    ]
    return "\n".join(lines)


add_to(app)
APPS = {"cta": app}
