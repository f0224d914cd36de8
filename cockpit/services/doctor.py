"""Every risk to a store that can be seen from here, each with what to do about it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from cockpit.domain.say import listed, plural
from cockpit.services import doctor_file, doctor_server
from cockpit.services.doctor_finding import BAD, OK, WARN, Check, State
from cockpit.services.errors import StoreError
from cockpit.services.session import read_clock
from db import archive, chains
from db import seal as seals
from db.backup import shown
from db.connection import Db, as_moment
from db.errors import StoreForeign, StoreMissing, StoreUnreachable, StoreVersion
from db.reads import orphans
from db.reads.orphans import HANDED, KINDS
from db.store import SCHEMA, Store, is_server

SAMPLE = 200
"""Things of each table whose chains are walked unless all are."""
MOST_UNSEALED = 100_000
LARGEST = 5
APART_S = 5


@dataclass(frozen=True, slots=True)
class Examined:
    """What was looked at; ``ok`` unless something is bad."""

    ok: bool
    store: str
    checks: tuple[Check, ...]
    said: str = ""


def examine(url: str, *, full: bool = False, env: Mapping[str, str] = os.environ) -> Examined:
    """Looks at a store without writing to it; ``full`` reads every page and every chain. Raises StoreMissing."""
    clock, is_set = read_clock(env)
    checks = [*(doctor_server.around(url) if is_server(url) else doctor_file.around(url))]
    try:
        store = Store.open(url, read_only=True)
    except StoreMissing:
        raise
    except StoreError as error:
        checks.append(Check("store", BAD, str(error), _remedy(error, url)))
        if not is_server(url) and isinstance(error, StoreForeign):
            checks.append(doctor_file.pages(url, full))
        return _summed(url, checks)
    with closing(store):
        checks += (doctor_server.inside if is_server(url) else doctor_file.inside)(store, full)
        looks = (_schema, _orphans, _journal_full if full else _journal, _seal, _sizes)
        checks += [_looked(store, look) for look in looks]
        checks.append(_looked(store, partial(_clock, now=clock(), is_set=is_set)))
    return _summed(url, checks)


def _summed(url: str, checks: list[Check]) -> Examined:
    bad = [one.name for one in checks if one.state == BAD]
    warn = [one.name for one in checks if one.state == WARN]
    said = f"{plural(len(checks), 'check')}: "
    said += f"bad: {listed(bad)}" if bad else f"worth a look: {listed(warn)}" if warn else "all is well"
    return Examined(not bad, shown(url), tuple(checks), said)


def _remedy(error: StoreError, url: str) -> str:
    if isinstance(error, StoreVersion):
        return "Update Cockpit." if "newer" in str(error) else "Run: cockpit db upgrade."
    if isinstance(error, StoreForeign):
        return "Put a backup in its place: cockpit restore FILE. The file is kept beside."
    if isinstance(error, StoreUnreachable):
        if not is_server(url):
            return "Check that you may use it and its folder, and that its disk works and has room."
        return "Check that it is there, that the server runs, and that you may use it."
    return "Try again in a moment."


def _looked(store: Store, look: Callable[[Db], Check]) -> Check:
    """One check; a store that breaks under it is what it found."""
    try:
        with store.read() as db:
            return look(db)
    except StoreError as error:
        return Check(_name(look), BAD, str(error), _remedy(error, store.url))
    except ValueError as error:
        return Check(_name(look), BAD, f"something there cannot be read ({error})", "Restore a backup: cockpit restore FILE.")


def _name(look: Any) -> str:
    name: str = getattr(look, "func", look).__name__
    return name.strip("_").removesuffix("_full")


def _schema(db: Db) -> Check:
    kind = db.scalar("SELECT value FROM info WHERE key = 'kind'")
    return Check("schema", OK, f"schema {SCHEMA}, a {kind} store")


def _orphans(db: Db) -> Check:
    inactive = "SELECT count(*) FROM {0} t JOIN csm o ON o.id = t.owner_id WHERE o.active = FALSE AND t.status = '{1}'"
    found = (
        (inactive.format("cta", "open"), "open CTA of somebody inactive", "open CTAs of people who are inactive"),
        (
            inactive.format("account", "customer"),
            "customer of somebody inactive",
            "customers of people who are inactive",
        ),
        (
            "SELECT count(*) FROM account WHERE status = 'customer' AND owner_id IS NULL AND pool_id IS NULL AND parent_id IS NULL",
            "customer without owner or pool",
            "customers without owner or pool",
        ),
        (
            "SELECT count(*) FROM cta WHERE status = 'open' AND owner_id IS NULL AND pool_id IS NULL",
            "open CTA that is nobody's and in no pool",
            "open CTAs that are nobody's and in no pool",
        ),
    )
    there = [plural(n, one, many) for sql, one, many in found if (n := db.scalar(sql))]
    there += [f"{n:,} × {KINDS[kind][0]}" for kind, n in orphans.counted(db, HANDED).items()]
    if not there:
        return Check("orphans", OK, "everything open has an owner or a queue")
    return Check("orphans", WARN, listed(there), "Hand them over: cockpit assign ID… --to LOGIN, cockpit account edit.")


def _journal(db: Db) -> Check:
    tally = chains.Tally()
    return _told_of_journal(db, tally, chains.check_sample(db, tally, SAMPLE), f"the last {SAMPLE} things of each kind")


def _journal_full(db: Db) -> Check:
    tally = chains.Tally()
    return _told_of_journal(db, tally, chains.check(db, tally), "every chain")


def _told_of_journal(db: Db, tally: chains.Tally, flaws: Iterator[chains.Flaw], what: str) -> Check:
    first = next(flaws, None)
    if first is not None:
        says = f"{first.thing} {first.id}: {first.says}"
        return Check(
            "journal", BAD, says, "Somebody wrote past Cockpit, or the file is damaged: cockpit verify lists all of it."
        )
    gone = db.scalar("SELECT count(*) FROM change WHERE fields IS NULL")
    blank = f"; {plural(gone, 'entry', 'entries')} erased or archived" if gone else ""
    return Check("journal", OK, f"whole: {what}, {plural(tally.changes, 'change')}{blank}")


def _seal(db: Db) -> Check:
    if not seals.sees_all(db):
        return Check("seal", OK, "not to be seen by this login, which sees a part of the store")
    found = seals.last(db)
    wait = seals.unsealed(db, found[1] if found else None)
    says = f"the last of {found[1].at[:16].replace('T', ' ')} UTC" if found else "none yet"
    says += f"; {plural(wait, 'change')} since" if wait > 0 else ""
    if wait > MOST_UNSEALED:
        return Check("seal", WARN, says, "Seal them: cockpit seal, or cockpit tick from cron.")
    return Check("seal", OK, says)


def _sizes(db: Db) -> Check:
    if db.dialect == "postgresql":
        rows = db.all(
            "SELECT c.relname, pg_total_relation_size(c.oid) FROM pg_class c WHERE c.relkind = 'r'"
            " AND c.relnamespace = CAST(current_schema() AS regnamespace) ORDER BY 2 DESC"
        )
    else:
        rows = doctor_file.table_sizes(db)
    whole = sum(size for _, size in rows)
    journal = sum(size for name, size in rows if name in ("act", "change"))
    largest = ", ".join(f"{name} {size / 1e6:,.1f}" for name, size in rows[:LARGEST])
    old = archive.archives(db)
    beside = f"; archived: {listed(old)}" if old else ""
    says = f"{whole / 1e6:,.1f} MB, of which the journal {journal / 1e6:,.1f}: {largest}{beside}"
    if journal > 2_000_000_000:
        return Check("sizes", WARN, says, "Move what is old: cockpit archive --before DATE -o FILE.")
    return Check("sizes", OK, says)


def _clock(db: Db, now: datetime, is_set: bool) -> Check:
    last = as_moment(db.scalar("SELECT max(at) FROM act"))
    there = as_moment(db.scalar("SELECT clock_timestamp()")) if db.dialect == "postgresql" else None
    if is_set:
        state: State = WARN if db.scalar("SELECT value FROM info WHERE key = 'kind'") == "team" else OK
        return Check("clock", state, f"COCKPIT_NOW sets it to {now:%Y-%m-%d %H:%M} UTC", "Unset it for real work.")
    if last is not None and last > now + timedelta(minutes=5):
        says = f"the last act is of {last:%Y-%m-%d %H:%M} UTC, which is still to come"
        return Check("clock", WARN, says, "Set the clock of this machine (NTP).")
    apart = abs((there - datetime.now(UTC)).total_seconds()) if there else 0
    if apart > APART_S:
        return Check("clock", WARN, f"the server's differs by {apart:.0f} s", "Set both clocks (NTP).")
    return Check("clock", OK, f"{now:%Y-%m-%d %H:%M} UTC")


__all__ = ["Check", "Examined", "State", "examine"]
