"""The import itself: files read before the transaction, one act for all of them, reports and rejects after it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cockpit.desk import Desk
from cockpit.domain.clean import clean_line
from cockpit.domain.say import plural
from cockpit.services.act import Work, act
from cockpit.services.exchange import (
    feeds,
    load_learning,
    load_links,
    load_money,
    load_people,
    load_success,
    load_team,
    load_voice,
    load_work,
)
from cockpit.services.exchange.convert import text_of
from cockpit.services.exchange.load_accounts import levels, load_accounts, reject_circle
from cockpit.services.exchange.plan import Plan, Progress, make_plan, read_map, unmatched
from cockpit.services.exchange.prepare import Prepared, Rejected, Row
from cockpit.services.exchange.refs import Refs
from cockpit.services.exchange.rejects import write_rejects
from cockpit.services.exchange.report import ColumnReading, FileReport, FileState, How, Reject
from cockpit.services.exchange.write import Loading
from cockpit.services.scoring import rescore, rescore_accounts
from cockpit.services.setup import DEFAULT_POOL
from db.columns import table

_LOADERS: dict[str, Callable[[Loading, Sequence[Row]], None]] = {
    "pools": load_team.load_pools,
    "csms": load_team.load_csms,
    "products": load_team.load_products,
    "accounts": load_accounts,
    "people": load_people.load_people,
    "subscriptions": load_money.load_subscriptions,
    "opportunities": load_money.load_opportunities,
    "usage": load_money.load_usage,
    "tickets": load_voice.load_tickets,
    "surveys": load_voice.load_surveys,
    "events": load_voice.load_events,
    "trainings": load_learning.load_trainings,
    "advocacy": load_learning.load_advocacy,
    "activities": load_work.load_activities,
    "ctas": load_work.load_ctas,
    "goals": load_success.load_goals,
    "risks": load_success.load_risks,
}
_SHOWN_REJECTS = 20
_SHOWN_CONFLICTS = 10
_MANY = 2_000
"""After so many changes a server plans for a store that is no more."""
_MADE = {"csm": "unknown owner", "pool": "unknown pool", "segment": "new segment", "product": "new product", "reason": "new reason",
         "cta_type": "new CTA type", "activity_type": "new activity type"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of every file of one import."""

    files: tuple[FileReport, ...]
    act: int | None = None


class _Rehearsed(Exception):
    """Ends a dry run: everything was tried, nothing is kept."""

    def __init__(self, done: Imported, loaded: Sequence[Loading]) -> None:
        super().__init__()
        self.done = done
        self.loaded = loaded


def import_files(
    desk: Desk,
    paths: Sequence[Path],
    *,
    as_kind: str | None = None,
    map_file: Path | None = None,
    dry_run: bool = False,
    strict: bool = False,
    progress: Progress | None = None,
) -> tuple[FileReport, ...]:
    """Takes in files and folders under one act; the reports stand in the order of the files.

    ``dry_run`` tries everything and keeps nothing. ``strict`` changes what the caller makes of rejected rows
    (the command line's exit code), not what is written. ``progress(what, rows)`` may raise to stop: then nothing
    was written. Raises Refused for an unknown kind or a map that is no map.
    """
    renamed = read_map(map_file)
    with desk.store.read() as db:
        currency = db.scalar("SELECT currency FROM pool WHERE name = :name", name=DEFAULT_POOL) or "USD"
    plan = make_plan([Path(path) for path in paths], as_kind, renamed, currency, progress)
    try:
        loaded: list[Loading] = []
        try:
            done = _write(desk, plan, unmatched(renamed, plan), dry_run, loaded, progress)
        except _Rehearsed as rehearsed:
            return rehearsed.done.files
        return tuple(
            replace(
                report,
                act=done.act if report.state is FileState.IMPORTED else None,
                rejects_file=_rejects_file(one, loaded),
            )
            for report, one in zip(done.files, plan.files, strict=True)
        )
    finally:
        plan.close()


@act("import")
def _write(
    work: Work,
    plan: Plan,
    unmatched_columns: Sequence[str],
    dry_run: bool,
    loaded: list[Loading],
    progress: Progress | None,
) -> Imported:
    loaded.clear()  # an earlier try found the store busy
    refs = Refs(work)
    for ready in plan.ordered():
        loading = Loading(work, ready, refs, plan.links)
        loaded.append(loading)
        _load(loading, progress)
        _note_made(loading)
    feeds.note(work, loaded)
    rescore(work, set().union(*(one.rescore_ctas for one in loaded)))
    rescore_accounts(work, set().union(*(one.rescore_accounts for one in loaded)))
    by_file = {id(one.ready): one for one in loaded}
    done = Imported(tuple(_report(ready, by_file.get(id(ready)), unmatched_columns) for ready in plan.files))
    work.say(_said(done))
    if dry_run:
        raise _Rehearsed(done, loaded)
    if work.journal.count > _MANY:
        work.db.learn()
    return done


def _load(loading: Loading, progress: Progress | None) -> None:
    ready = loading.ready
    what = ready.kind.name if ready.kind else "joins"
    load = _LOADERS[ready.kind.name] if ready.kind else load_links.load_links
    if what == "accounts":
        _load_levels(loading, progress)
        return
    written = 0
    for batch in ready.rows.batches():
        winners = [row for row in batch if ready.wins(row)]
        loading.unchanged += len(batch) - len(winners)
        load(loading, winners)
        written += len(batch)
        if progress is not None:
            progress(f"Writing {what}", written)


def _load_levels(loading: Loading, progress: Progress | None) -> None:
    """Accounts, parents first: one pass over the rows for each level of them."""
    ready = loading.ready
    *steps, circle = levels(ready)
    loading.unchanged += ready.rows.count - sum(map(len, steps)) - len(circle)
    written = 0
    for numbers in [*steps, circle]:
        if not numbers:
            continue
        loading.refs.forget_account_names()
        for batch in ready.rows.batches():
            rows = [row for row in batch if row.number in numbers]
            if numbers is circle:
                reject_circle(loading, rows)
            elif rows:
                load_accounts(loading, rows)
            written += len(rows)
            if progress is not None:
                progress("Writing accounts", written)


def _note_made(loading: Loading) -> None:
    """Turns what had to be made for this file into notes."""
    for name, made in loading.refs.made.items():
        shown = ", ".join(made[:5]) + (f" and {len(made) - 5} more" if len(made) > 5 else "")
        became = ": made inactive CSMs" if name == "csm" else ""
        loading.counts[f"\0{plural(len(made), _MADE[name])}{became}: {shown}"] = 1
    loading.refs.made.clear()


def _report(ready: Prepared, loading: Loading | None, unmatched_columns: Sequence[str]) -> FileReport:
    columns = tuple(
        ColumnReading(
            c.header, c.field.header if c.field else None, c.how, ", ".join(text_of(cell) for cell in c.sample[:1])[:60]
        )
        for c in ready.found.columns
    )
    rejected = _all_rejected(ready, loading)
    notes = [*ready.notes, *(_notes(loading) if loading else ())]
    if ready.table is not None and ready.found.state is not FileState.SKIPPED:
        mine = set(ready.table.headers)
        notes += [
            f'the map names "{name}", a column that no file has' for name in unmatched_columns if name not in mine
        ]
    unknown = tuple(c.header for c in ready.found.columns if c.how is How.KEPT) if ready.kind else ()
    if unknown and ready.kind and "extra" not in table(ready.kind.thing).columns:
        notes.append(
            f"{plural(len(unknown), 'column')} cannot be kept with {ready.kind.name}: {', '.join(unknown[:8])}"
        )
    return FileReport(
        file=str(ready.path),
        state=ready.found.state,
        kind=ready.kind.name if ready.kind else ("joins" if ready.found.link else None),
        system=ready.found.system,
        read=ready.read,
        created=loading.created if loading else 0,
        updated=loading.updated if loading else 0,
        unchanged=loading.unchanged if loading else 0,
        rejected=len(rejected),
        message=ready.found.message,
        notes=tuple(clean_line(note) for note in notes),
        columns=columns,
        unknown_columns=unknown,
        preview=tuple(ready.preview),
        rejects=tuple(Reject(one.number, one.column, one.reason) for one in rejected[:_SHOWN_REJECTS]),
    )


def _all_rejected(ready: Prepared, loading: Loading | None) -> list[Rejected]:
    found = list(ready.rejected)
    if loading is not None:
        found += loading.rejected
    return sorted(found, key=lambda one: one.number)


def _notes(loading: Loading) -> list[str]:
    notes = [text[1:] if text[0] == "\0" else f"{n:,} {text}" for text, n in loading.counts.items() if n]
    conflicts = loading.conflicts
    notes += conflicts[:_SHOWN_CONFLICTS]
    if len(conflicts) > _SHOWN_CONFLICTS:
        notes.append(f"and {len(conflicts) - _SHOWN_CONFLICTS:,} more fields that were changed here and stay")
    return notes


def _rejects_file(ready: Prepared, loaded: Sequence[Loading]) -> str | None:
    loading = next((one for one in loaded if one.ready is ready), None)
    rejected = _all_rejected(ready, loading)
    if not rejected or ready.table is None:
        return None
    path = write_rejects(ready.path, ready.table.headers, rejected)
    return None if path is None else str(path)


def _said(done: Imported) -> str:
    created, updated = (sum(getattr(one, name) for one in done.files) for name in ("created", "updated"))
    files = sum(one.created + one.updated > 0 for one in done.files)
    return f"Imported {plural(files, 'file')}: {created:,} rows created, {updated:,} updated"
