"""What can be wrong with a store on PostgreSQL: the server, its settings, what this login may do."""

from __future__ import annotations

from collections.abc import Iterator

from cockpit.domain.say import listed
from cockpit.services.doctor_finding import BAD, OK, WARN, Check, State
from db import postgres
from db import seal as seals
from db.connection import Db
from db.store import Store

OLDEST = 150_000
DAY_MS = 86_400_000


def around(url: str) -> Iterator[Check]:
    """What can be said without asking the server."""
    from urllib.parse import parse_qs, urlsplit

    parts = urlsplit(url)
    query = parse_qs(parts.query)
    if parts.password or "password" in query:
        says = "the password is part of the store's address, where other programs can read it"
        yield Check("password", WARN, says, "Keep it in ~/.pgpass (mode 600) and leave it out.")
    host = query.get("host", [parts.hostname or ""])[0]
    is_near = host in ("", "localhost", "127.0.0.1", "::1") or host.startswith(("/", "%2F"))
    if not is_near and query.get("sslmode", [""])[0] not in ("require", "verify-ca", "verify-full"):
        says = f"nothing says that the connection to {host} must be encrypted"
        yield Check("encryption", WARN, says, "Add ?sslmode=verify-full to the address.")


def inside(store: Store, full: bool) -> Iterator[Check]:
    """What the server says of itself and of this login."""
    with store.read() as db:
        yield _server(db)
        yield _durability(db, store.kind)
        yield _rights(db)
        yield _rules(db)
        yield _timeouts(db)
        yield _references(db)


def _server(db: Db) -> Check:
    version = int(db.scalar("SHOW server_version_num"))
    says = f"PostgreSQL {version // 10_000}.{version % 10_000}"
    if version < OLDEST:
        return Check(
            "server", WARN, f"{says} is older than what Cockpit is tested with", "Upgrade to PostgreSQL 15 or later."
        )
    return Check("server", OK, says)


def _durability(db: Db, kind: str) -> Check:
    off = [name for name in ("fsync", "full_page_writes", "synchronous_commit") if db.scalar(f"SHOW {name}") == "off"]
    if off:
        state: State = BAD if kind == "team" and off != ["synchronous_commit"] else WARN
        says = f"{listed(off)} off: a power cut loses what was told to be done"
        return Check("durability", state, says, "Turn it on in postgresql.conf.")
    return Check("durability", OK, "what is told to be done is on the disk")


def _rights(db: Db) -> Check:
    row = db.one(
        "SELECT r.rolsuper, has_table_privilege('change', 'INSERT'), has_table_privilege('act', 'INSERT'),"
        " has_table_privilege('change', 'UPDATE'), has_table_privilege('cta', 'UPDATE'), pg_has_role(c.relowner, 'USAGE'),"
        " current_user FROM pg_roles r, pg_class c WHERE r.rolname = current_user AND c.oid = CAST('change' AS regclass)"
    )
    assert row is not None
    is_super, change, act, rewrites, works, owns, name = row
    sees = "every row" if seals.sees_all(db) else "the rows of its pools"
    if not (change and act and works):
        return Check(
            "rights", WARN, f"{name} may only read, and sees {sees}", "Ask who runs the store for the right to write."
        )
    if is_super or owns or rewrites:
        what = "is a superuser" if is_super else "owns the journal" if owns else "may rewrite the journal"
        says = f"{name} {what}, and sees {sees}: tampering is found only against a seal kept elsewhere"
        return Check("rights", WARN, says, "Work with a login of its own: cockpit db init-postgres.")
    return Check("rights", OK, f"{name} may add to the journal, not rewrite it, and sees {sees}")


def _rules(db: Db) -> Check:
    if not postgres.is_protected(db):
        return Check("rules", WARN, "nothing says who sees what: whoever may log in sees all", "cockpit db init-postgres, as its owner.")
    if postgres.rules_in_force(db) != postgres.rules_of_this_version():
        return Check("rules", BAD, "the rules of who sees and does what are another version's", "Its owner runs: cockpit db upgrade.")
    return Check("rules", OK, "who sees and does what is as this version has it")


def _timeouts(db: Db) -> Check:
    names = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
    values = {name: _ms(db.scalar(f"SHOW {name}")) for name in names}
    endless = [name for name, ms in values.items() if not 0 < ms <= DAY_MS]
    if endless:
        todo = "ALTER DATABASE … SET idle_in_transaction_session_timeout = '10min'; a forgotten session then blocks nobody."
        return Check("timeouts", WARN, f"no limit: {listed(endless)}", todo)
    return Check("timeouts", OK, ", ".join(f"{name} {ms // 1000} s" for name, ms in values.items()))


def _references(db: Db) -> Check:
    loose = db.all(
        "SELECT conname FROM pg_constraint WHERE contype = 'f' AND NOT convalidated"
        " AND connamespace = CAST(current_schema() AS regnamespace)"
    )
    if loose:
        says = f"not enforced: {listed([row[0] for row in loose])}"
        return Check("foreign_keys", BAD, says, "ALTER TABLE … VALIDATE CONSTRAINT …, as the owner.")
    return Check("foreign_keys", OK, "every reference is enforced")


def _ms(text: str) -> int:
    for unit, ms in (("ms", 1), ("min", 60_000), ("s", 1_000), ("h", 3_600_000), ("d", DAY_MS)):
        if text.endswith(unit):
            return int(text.removesuffix(unit)) * ms
    return int(text)
