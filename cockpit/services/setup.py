"""A new store with what every store needs: a pool, somebody to work it, the types that ship."""

from __future__ import annotations

import getpass
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from cockpit.desk import SYSTEM, Desk
from cockpit.domain.policy import SHIPPED, Policy
from cockpit.services import library
from cockpit.services.act import Work, act
from db.store import SCHEMA, Store, is_server
from db.terms import Face, Role

CTA_TYPES = (("risk", "RISK"), ("opportunity", "OPP"), ("lifecycle", "LIFE"), ("event", "EVNT"))
ACTIVITY_TYPES = ("update", "call", "meeting", "email", "outreach", "milestone", "transition note")
MEETINGS = frozenset({"call", "meeting"})
DEFAULT_POOL = "default"


def new_store(url: str, login: str | None = None, *, kind: str = "team", now: datetime | None = None) -> Store:
    """Makes a store whose pool `default` is worked by ``login`` as CSM and ops (on SQLite, the login of the system).

    Raises StoreForeign when something is there already, StoreUnreachable when it cannot be made.
    """
    return fitted_out(Store.create(url, kind=kind), login, now=now)


def fitted_out(store: Store, login: str | None = None, *, now: datetime | None = None) -> Store:
    """The store, furnished when nothing ever happened in it: it is new, or its making was killed before this."""
    with store.read() as db:
        if db.scalar("SELECT 1 FROM act LIMIT 1"):
            return store
    moment = now or datetime.now(UTC)
    desk = Desk(store, SYSTEM, clock=lambda: moment, face=Face.SYSTEM)
    furnish(desk, login or (None if is_server(store.url) else os_login()))
    return store


@act("new_store")
def furnish(work: Work, login: str | None) -> None:
    """Fills an empty store with the default pool, the types, the playbooks that ship, and one login."""
    work.insert_many("cta_type", [{"name": name, "label": label} for name, label in CTA_TYPES])
    work.insert_many("activity_type", [{"name": name, "is_meeting": name in MEETINGS} for name in ACTIVITY_TYPES])
    work.insert_many("playbook", library.rows())
    work.insert_many("segment", [shipped_policy(policy) for policy in SHIPPED])
    work.insert_many("template", shipped_templates())
    pool = work.insert("pool", {"name": DEFAULT_POOL})
    if login is not None:
        admit(work, login, pool)
    work.say("Made the store")


def shipped_policy(policy: Policy) -> dict[str, object]:
    """A segment's row from the policy that ships for it: ARR in minor units."""
    row = asdict(policy)
    return row | {"arr_from": row["arr_from"] * 100}


def shipped_templates() -> list[dict[str, object]]:
    """A row for each template that ships."""
    from cockpit.services.template import shipped

    return [
        {"name": one.name, "language": one.language, "kind": one.kind, "subject": one.subject, "body": one.body} for one in shipped()
    ]


def admit(work: Work, login: str, pool: int) -> int:
    """Lets a login in as ops of this pool; returns its id."""
    csm = work.insert("csm", {"login": login, "name": login, "role": Role.OPS})
    work.insert("pool_member", {"pool_id": pool, "csm_id": csm})
    return csm


def os_login() -> str:
    """The login of the operating system, or ``me`` where there is none (a container without a user entry)."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "me"


@dataclass(frozen=True, slots=True)
class Upgraded:
    """Schema numbers before and after, and the copy that was kept."""

    before: int
    after: int
    backup: str | None
    said: str


def upgrade_store(url: str) -> Upgraded:
    """Brings an older store to this version; an SQLite file is copied first. Raises StoreError."""
    from db import backup as files
    from db.errors import StoreMissing, StoreVersion
    from db.migrations import has_old_rules, upgrade

    try:
        store = Store.open(url)
    except StoreVersion as error:
        if "newer" in str(error):
            raise
    except StoreMissing:
        raise
    else:
        is_old = has_old_rules(store)
        store.close()
        if is_old:
            upgrade(url)
            return Upgraded(SCHEMA, SCHEMA, None, "Put this version's rules of who sees and does what in force.")
        return Upgraded(SCHEMA, SCHEMA, None, "The store is of this version already.")
    backup = None
    if not is_server(url):
        backup = f"{url}.before-upgrade"
        with files.part(Path(backup)) as copy:
            files.copy_file(Path(url), copy)
            files.put_name(copy, Path(backup), replace=True)
    before, after = upgrade(url)
    return Upgraded(before, after, backup, f"Upgraded the store from schema {before} to {after}.")
