"""Playbooks in the store: list, show, write, switch off, apply to an account, a CTA or somebody new."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from cockpit.desk import Desk
from cockpit.domain.clean import clean_line
from cockpit.domain.nearest import did_you_mean
from cockpit.domain.playbook import Days, Step, read_steps
from cockpit.domain.playbook_text import Playbook, Problem, TextProblems, read_text, write_text
from cockpit.domain.playbook_words import ABOUT, TRANSITIONS
from cockpit.domain.say import day, plural
from cockpit.services import library
from cockpit.services.act import LEADERS, Work, act
from cockpit.services.calendars import calendar_for
from cockpit.services.editing import check_newest
from cockpit.services.errors import Forbidden, NotFound, Refused
from cockpit.services.lookup import active_csm, find_account, named
from cockpit.services.start import Start, begin_runs
from cockpit.services.whose import check_hers
from db.connection import Db
from db.reads import playbook as reads
from db.reads.playbook import Stored
from db.terms import TaskStatus


@dataclass(frozen=True, slots=True)
class PlaybookRow:
    """A playbook in its newest version, and how often it runs and ran."""

    name: str
    version: int
    about: str
    says: str
    steps: int
    active: bool
    shipped: bool
    """Its text is the one that ships."""
    running: int
    runs: int


@dataclass(frozen=True, slots=True)
class PlaybookShown:
    """A version of a playbook whole, its text with it."""

    name: str
    version: int
    about: str
    says: str
    usual: int | None
    active: bool
    versions: tuple[int, ...]
    steps: tuple[Step, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Applied:
    """A text that was put into the store. ``version`` as it is now; ``is_new`` False when it was so already."""

    name: str
    version: int
    is_new: bool
    act: int | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Started:
    """A playbook that runs now."""

    run: int
    playbook: str
    version: int
    tasks: int
    act: int | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Stopped:
    """A playbook that runs no longer. ``left`` of its steps were open."""

    run: int
    playbook: str
    left: int
    act: int | None = None
    said: str = ""


def list_playbooks(desk: Desk, about: str | None = None, every: bool = False) -> tuple[PlaybookRow, ...]:
    """Those in use (``every``: those switched off too), by name. Raises Refused for an ``about`` there is none of."""
    _check_about(about)
    ships = {book.name: text for text, book in library.shipped()}
    with desk.store.read() as db:
        rows = reads.counted(db)
    return tuple(
        PlaybookRow(
            one.name, one.version, one.about, _says(one.source), len(one.steps), one.active, ships.get(one.name) == one.source,
            one.running, one.runs,
        )
        for one in rows if (one.active or every) and about in (None, one.about)
    )  # fmt: skip


def show_playbook(desk: Desk, name: str, version: int | None = None) -> PlaybookShown:
    """A playbook whole. Raises NotFound."""
    with desk.store.read() as db:
        book = find(db, name, version)
        versions = tuple(one.version for one in reads.versions(db, book.name))
    read = _read(book)
    return PlaybookShown(
        book.name, book.version, book.about, read.says, read.usual, book.active, versions, read.steps, text_of(book)
    )


def export(desk: Desk, name: str, version: int | None = None) -> str:
    """The text of a playbook. Raises NotFound."""
    with desk.store.read() as db:
        return text_of(find(db, name, version))


def check(text: str) -> tuple[Problem, ...]:
    """What is wrong with a text, with line and column; nothing when it is a playbook."""
    try:
        read_text(text)
    except TextProblems as error:
        return error.problems
    return ()


@act("apply_playbook")
def apply(work: Work, text: str, seen: int | None = None) -> Applied:
    """Puts a text into the store: a new playbook, or the next version of one. What runs keeps its version.

    ``seen`` is the version its editor began from. Raises TextProblems, Refused (a name that is for something else),
    Conflict (there is a newer version of that name).
    """
    book = read_text(text)
    last = reads.newest(work.db, book.name)
    if last is not None and work.hold("playbook", [last.id]):
        last = reads.newest(work.db, book.name)
    clean = text.replace("\r\n", "\n")
    if last is not None and last.source == clean:
        if not last.active:
            work.update("playbook", last.id, {"active": True})
            return _applied(work, Applied(book.name, last.version, False), f"“{book.name}” is in use again")
        return _applied(work, Applied(book.name, last.version, False), f"“{book.name}” is so already")
    if last is not None and last.about != book.about:
        raise Refused("about", f"“{book.name}” is for {ABOUT.get(last.about, last.about)}: give this one another name.")
    newest = last.version if last else 0
    check_newest(f"“{book.name}”", newest, seen)
    version = newest + 1
    if last is not None and last.active:
        work.update("playbook", last.id, {"active": False})
    work.insert("playbook", library.row(clean, book, version))
    what = f"“{book.name}”" if version == 1 else f"version {version} of “{book.name}”"
    said = f"Wrote {what}, {plural(len(book.steps), 'step')}{'; what runs keeps its own' if version > 1 else ''}"
    return _applied(work, Applied(book.name, version, True), said)


@act("switch_playbook")
def switch(work: Work, name: str, on: bool = False) -> Applied:
    """Puts a playbook out of use (or back into it); what runs goes on. Raises NotFound, Refused."""
    book = find(work.db, name)
    if book.active is on:
        raise Refused("same", f"“{book.name}” is {'in use' if on else 'out of use'} already.")
    work.update("playbook", book.id, {"active": on})
    said = f"“{book.name}” is {'in use again' if on else 'out of use; what runs goes on'}"
    return _applied(work, Applied(book.name, book.version, False), said)


@act("run_playbook")
def run_on_account(work: Work, account: str | int, name: str, start: date | None = None) -> Started:
    """Starts a playbook on an account: its steps are tasks of the account, its owner's (or mine).

    Raises NotFound, Ambiguous, Refused (out of use, not for accounts, running there already).
    """
    account_id = find_account(work.db, account)
    work.hold("account", [account_id])
    book = _usable(work.db, name, ("account", "cta"))
    title, zone, region, owner, manager, gatekeeper, renewal = work.db.one(
        "SELECT a.name, p.time_zone, p.calendar, a.owner_id, o.manager_id, p.gatekeeper_id, a.renewal_date FROM account a"
        " LEFT JOIN pool p ON p.id = a.pool_id LEFT JOIN csm o ON o.id = a.owner_id WHERE a.id = :id", id=account_id,
    ) or ("", None, None, None, None, None, None)  # fmt: skip
    _check_not_running(work.db, book, "account_id", account_id, str(title))
    from db.connection import as_date

    calendar = calendar_for(zone or "UTC", region)
    days = Days(start or calendar.local_date(work.now), renewal=as_date(renewal))
    people = {"owner": owner or work.me.id, "mgr": manager, "gate": gatekeeper}
    run = begin_runs(work, [(book, Start(days, calendar, account_id=account_id, people=people))])[0]
    return _started(work, run, book, str(title), days.start)


@act("run_playbook")
def run_on_cta(work: Work, cta_id: int, name: str, start: date | None = None) -> Started:
    """Starts a playbook on a CTA, beside the tasks it has. Raises NotFound, Refused (closed, nobody's, running already)."""
    work.hold("cta", [cta_id])
    row = work.db.one(
        "SELECT a.name, c.status, c.owner_id, p.time_zone, p.calendar, p.gatekeeper_id, o.manager_id, coalesce(a.renewal_date, c.due)"
        " FROM cta c JOIN account a ON a.id = c.account_id LEFT JOIN pool p ON p.id = c.pool_id LEFT JOIN csm o ON o.id = c.owner_id"
        " WHERE c.id = :id", id=cta_id,
    )  # fmt: skip
    if row is None:
        raise NotFound(f"There is no CTA {cta_id}.")
    title, status, owner, zone, region, gatekeeper, manager, renewal = row
    if status != "open":
        raise Refused("closed", f"CTA {cta_id} is closed: reopen it first.")
    if owner is None:
        raise Refused("unassigned", f"CTA {cta_id} is nobody's yet: claim it first.")
    book = _usable(work.db, name, ("cta", "account"))
    _check_not_running(work.db, book, "cta_id", cta_id, f"CTA {cta_id}")
    from db.connection import as_date

    calendar = calendar_for(zone or "UTC", region)
    days = Days(start or calendar.local_date(work.now), renewal=as_date(renewal))
    run = begin_runs(work, [(book, Start(days, calendar, cta_id=cta_id, people={"mgr": manager, "gate": gatekeeper}))])[0]
    if work.db.scalar("SELECT playbook_id FROM cta WHERE id = :id", id=cta_id) is None:
        work.update("cta", cta_id, {"playbook_id": book.id})
    return _started(work, run, book, f"CTA {cta_id} · {title}", days.start)


@act("onboard")
def run_on_csm(work: Work, login: str, name: str, buddy: str | None = None, start: date | None = None) -> Started:
    """Starts a playbook for somebody new, with a buddy beside. Raises NotFound, Refused."""
    csm_id, title = active_csm(work.db, login)
    work.hold("csm", [csm_id])
    buddy_id = active_csm(work.db, buddy)[0] if buddy else None
    book = _usable(work.db, name, ("csm",))
    _check_not_running(work.db, book, "csm_id", csm_id, title)
    row = work.db.one(
        "SELECT n.manager_id, p.time_zone, p.calendar FROM csm n LEFT JOIN pool_member m ON m.csm_id = n.id"
        " LEFT JOIN pool p ON p.id = m.pool_id WHERE n.id = :id ORDER BY m.id LIMIT :one", id=csm_id, one=1,
    )  # fmt: skip
    manager, zone, region = row or (None, None, None)
    calendar = calendar_for(zone or "UTC", region)
    days = Days(start or calendar.local_date(work.now))
    people = {"mgr": manager or work.me.id, "buddy": buddy_id}
    run = begin_runs(work, [(book, Start(days, calendar, csm_id=csm_id, people=people))])[0]
    return _started(work, run, book, title, days.start)


def running(desk: Desk, name: str, *, account: str | int | None = None, cta: int | None = None, csm: str | None = None) -> int:
    """The run of a playbook on an account, a CTA or somebody new, for ``stop``. Raises NotFound, Ambiguous."""
    with desk.store.read() as db:
        book = find(db, name).name
        if cta is not None:
            column, id_, title = "cta_id", cta, f"CTA {cta}"
        elif csm is not None:
            column, id_, title = "csm_id", named(db, "csm", csm), csm
        else:
            column, id_, title = "account_id", find_account(db, account or ""), str(account)
        found = reads.runs(db, f"u.{column} = :id AND b.name = :name AND u.ended_at IS NULL", 1, id=id_, name=book)
    if not found or not found[0].open:
        raise NotFound(f"“{book}” does not run on {title}.")
    return found[0].id


@act("stop_playbook")
def stop(work: Work, run: int, reason: str) -> Stopped:
    """Ends a playbook that runs: its open steps are left out, with the reason; by a manager they are waived.

    A colleague's is for who covers for her, the account's owner and pod, and managers.
    While a close waits for one of its steps, or it is about somebody new, a manager ends it. A transition's is called
    off with it. Raises NotFound, Refused (no reason, over already), Forbidden.
    """
    found = next(iter(reads.runs(work.db, "u.id = :id", 1, id=run)), None)
    if found is None:
        raise NotFound(f"There is no run {run} of a playbook.")
    if found.transition_id is not None:
        raise Refused("transition", f"“{found.playbook}” guides transition {found.transition_id}: call that off, or end it.")
    open_ = work.db.all(
        "SELECT id, gates, CASE WHEN role IS NULL THEN owner_id END FROM task WHERE run_id = :run AND status = 'open'"
        " ORDER BY position, id", run=run,
    )  # fmt: skip
    if found.ended_at is not None or not open_:
        raise Refused("over", f"“{found.playbook}” is over already.")
    why, leads = clean_line(reason), work.me.role in LEADERS
    if not why:
        raise Refused("reason", f"Say why “{found.playbook}” is stopped; its steps keep the reason.")
    if found.account_id is not None:
        table, id_ = ("account", found.account_id) if found.cta_id is None else ("cta", found.cta_id)
        owners = [work.db.scalar(f"SELECT owner_id FROM {table} WHERE id = :id", id=id_), *(owner for *_, owner in open_)]
        check_hers(work, f"“{found.playbook}” on {found.account}", owners, found.account_id, "Ask them to stop it.")
    if not leads and (found.csm_id is not None or (found.cta_id is not None and any(gates for _, gates, _ in open_))):
        raise Forbidden(f"Steps of “{found.playbook}” are required: a manager stops it, with the reason.")
    left = {"status": TaskStatus.SKIPPED, "done_at": work.now, "done_by_id": work.me.id, "note": f"stopped: {why}"}
    work.update_many("task", {id_: left | ({"waived_by_id": work.me.id} if leads else {}) for id_, *_ in open_})
    work.update("run", run, {"ended_at": work.now})
    where = f"CTA {found.cta_id} · {found.account}" if found.cta_id is not None else found.account or found.csm
    work.say(f"Stopped “{found.playbook}” on {where}, {plural(len(open_), 'step')} left: {why}")
    return Stopped(run, found.playbook, len(open_), said=work.act.what)


def find(db: Db, name: str, version: int | None = None) -> Stored:
    """A playbook by its name (any case) in its newest version, or in this one. Raises NotFound with the nearest name."""
    names = [row[0] for row in db.all("SELECT DISTINCT name FROM playbook ORDER BY name")]
    exact = name if name in names else next((one for one in names if one.casefold() == name.strip().casefold()), None)
    if exact is None:
        raise NotFound(f"There is no playbook called {name!r}.{did_you_mean(name, names)}")
    found = reads.newest(db, exact) if version is None else reads.version(db, exact, version)
    if found is None:
        raise NotFound(f"“{exact}” has no version {version}.")
    return found


def for_transition(db: Db, kind: str) -> Stored:
    """The playbook in use for a kind of transition: the one written last. Raises NotFound."""
    found = reads.about(db, kind)
    if not found:
        raise NotFound(f"No playbook in use is for {ABOUT.get(kind, kind)}: playbook apply FILE.")
    return found[0]


def text_of(book: Stored) -> str:
    """The text of a playbook; of one that came without, the text it would have."""
    if book.source is not None:
        return book.source
    return write_text(book.name, book.about, read_steps(book.steps))


def usual_span(book: Stored) -> int | None:
    """The business days from start to hand-over that a playbook was written for."""
    return _read(book).usual


def _read(book: Stored) -> Playbook:
    if book.source is None:
        return Playbook(book.name, book.about, "", None, read_steps(book.steps))
    return read_text(book.source)


def _says(source: str | None) -> str:
    import tomllib

    found: Any = tomllib.loads(source).get("says", "") if source else ""
    return str(found)


def _usable(db: Db, name: str, about: tuple[str, ...]) -> Stored:
    book = find(db, name)
    if not book.active:
        raise Refused("off", f"“{book.name}” is out of use: playbook on, or another one.")
    if book.about not in about:
        how = "start the transition: its playbook comes with it" if book.about in TRANSITIONS else f"it is for {ABOUT[book.about]}"
        raise Refused("about", f"“{book.name}” cannot be applied here: {how}.")
    return book


def _check_not_running(db: Db, book: Stored, column: str, id_: int, title: str) -> None:
    running = db.one(
        f"SELECT u.started_on FROM run u JOIN playbook b ON b.id = u.playbook_id WHERE u.{column} = :id AND b.name = :name"
        " AND u.ended_at IS NULL AND EXISTS (SELECT 1 FROM task k WHERE k.run_id = u.id AND k.status = 'open')",
        id=id_, name=book.name,
    )  # fmt: skip
    if running is not None:
        raise Refused("running", f"“{book.name}” runs on {title} already.")


def _check_about(about: str | None) -> None:
    if about is not None and about not in ABOUT:
        raise Refused("about", f"Playbooks are for {', '.join(ABOUT)}, not {about!r}.{did_you_mean(about, ABOUT)}")


def _applied(work: Work, done: Applied, said: str) -> Applied:
    import dataclasses

    work.say(said)
    return dataclasses.replace(done, said=said)


def _started(work: Work, run: int, book: Stored, title: str, start: date) -> Started:
    tasks = int(work.db.scalar("SELECT count(*) FROM task WHERE run_id = :run", run=run))
    said = f"Started “{book.name}” on {title}: {plural(tasks, 'step')} from {day(start, work.today)}"
    work.say(said)
    return Started(run, book.name, book.version, tasks, said=said)
