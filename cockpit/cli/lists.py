"""`queue`, `work`, `cta list`: CTAs in lists, all of them through one function."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from cockpit.cli.options import desk, shared
from cockpit.cli.output import emit_list, people_limit
from cockpit.desk import Desk
from cockpit.domain.money import decimal_text
from cockpit.services.frozen import to_plain
from cockpit.services.queue import CtaRow, QueueQuery, Scope, queue_count, queue_page

COLUMNS = ("id", "score", "type", "account", "title", "priority", "due", "arr", "health", "owner", "pool")
WORK_COLUMNS = ("id", "score", "type", "account", "title", "priority", "due", "arr", "health", "owner", "lease", "via")
_PAGE = 2_000

Pool = Annotated[str | None, typer.Option("--pool", metavar="P", help="Only this pool")]
Where = Annotated[
    str, typer.Option("--where", metavar="Q", help="Only what this query matches, e.g. 'type:risk renewal:<90d'")
]
Sort = Annotated[
    str, typer.Option("--sort", metavar="S", help="score, due, oldest, newest, account, arr, renewal, health or id")
]
Limit = Annotated[int | None, typer.Option("--limit", metavar="N", min=1, help="At most so many")]


def plain_row(row: CtaRow) -> dict[str, Any]:
    """A CTA as `--json` prints it."""
    return {
        "id": row.id, "account": row.account, "account_id": row.account_id, "type": row.type, "reason": row.reason,
        "title": row.title, "priority": row.priority, "status": row.status, "score": row.score, "due": to_plain(row.due),
        "owner": row.owner, "pool": row.pool, "arr": None if row.arr is None else decimal_text(row.arr, row.currency or "USD"),
        "currency": row.currency, "health": row.health, "renewal_date": to_plain(row.renewal_date), "segment": row.segment,
        "region": row.region, "flagged": row.flagged, "opened_at": to_plain(row.opened_at),
        "claimed_at": to_plain(row.claimed_at), "snoozed_until": to_plain(row.snoozed_until),
        "snooze_reason": row.snooze_reason, "closed_at": to_plain(row.closed_at), "outcome": row.outcome,
        "lease_left": row.lease_left, "lease": row.lease or None, "via": row.via or None,
        "stands_for": row.stands_for,
    }  # fmt: skip


def every(at: Desk, query: QueueQuery, limit: int | None) -> Iterator[CtaRow]:
    """All matching CTAs (or the first ``limit``), page by page."""
    after, left = None, limit
    while left is None or left > 0:
        page = queue_page(at, query, after=after, limit=_PAGE if left is None else min(left, _PAGE))
        yield from page.rows
        left = None if left is None else left - len(page.rows)
        if not page.more:
            return
        after = page.last


def print_list(scope: Scope, pool: str | None, where: str, sort: str, limit: int | None, empty: str) -> None:
    """Prints CTAs of a scope."""
    at = desk()
    query = QueueQuery(pool=pool, where=where, sort=sort, scope=scope)
    shown = people_limit(limit)
    rows = [plain_row(row) for row in every(at, query, shown)]
    more = 0
    if limit is None and shown is not None and len(rows) == shown:
        counted = queue_count(at, query)
        more = max(0, counted.n - len(rows))
    emit_list(rows, WORK_COLUMNS if scope == "work" else COLUMNS, empty=empty, more=more)


@shared
def queue(pool: Pool = None, where: Where = "", sort: Sort = "score", limit: Limit = None) -> None:
    """List the unassigned CTAs, best first."""
    print_list(
        "queue", pool, where, sort, limit, "No unassigned CTA matches." if where or pool else "The queue is empty."
    )


@shared
def work(
    pool: Pool = None,
    where: Where = "",
    sort: Sort = "score",
    limit: Limit = None,
    ics: Annotated[str | None, typer.Option("--ics", metavar="FILE", help="Write what is due as a calendar file; - prints it")] = None,
    events: Annotated[bool, typer.Option("--events", help="With --ics: whole-day events, where to-dos do not show")] = False,
) -> None:
    """List my open CTAs, those with a task of mine, those I follow, and those where somebody spoke to me."""
    if ics is None:
        return print_list("work", pool, where, sort, limit, "You hold nothing that matches: `cockpit next` takes the best CTA.")
    from cockpit.cli.lease import write_ics
    from cockpit.services.calendar_file import due_items

    at = desk()
    rows = every(at, QueueQuery(pool=pool, where=where, sort=sort, scope="work"), limit)
    return write_ics(at, due_items(at, cta_ids=[row.id for row in rows]), ics, events)


def _single(function: Any) -> typer.Typer:
    app = typer.Typer(rich_markup_mode=None, add_completion=False)
    app.command()(function)
    return app


APPS = {"queue": _single(queue), "work": _single(work)}
