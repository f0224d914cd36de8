"""What is looked up for transitions that start together: accounts in one statement, each person and pool once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from cockpit.services import lookup
from cockpit.services.act import Work
from db.connection import Db


@dataclass(frozen=True, slots=True)
class Account:
    """An account that changes hands, with whose it is; ``manager_id`` the owner's, ``owner_here`` False when she has left."""

    id: int
    name: str
    owner_id: int | None
    pool_id: int | None
    owner: str | None
    manager_id: int | None
    time_zone: str | None
    calendar: str | None
    owner_here: bool | None


class Look:
    """Looks things up inside one act; the same thing once."""

    def __init__(self, work: Work, refs: Iterable[str | int]) -> None:
        db = work.db
        named = list(refs)
        self._ids = dict(zip(named, lookup.find_accounts(db, named), strict=True))
        self._accounts = _accounts(db, list(self._ids.values()))
        self.incoming = cache(lambda login: lookup.active_csm(db, login)[0])
        """The id of who takes an account over. Raises NotFound, Refused."""
        self.pool = cache(lambda name: lookup.named(db, "pool", name))
        """The id of a pool. Raises NotFound."""
        self.manager = cache(lambda csm_id, pool_id: _manager(db, csm_id, pool_id))
        """Who leads for the receiving side: the manager of who takes it, else of the pool."""
        self.gatekeeper = cache(lambda pool_id: _gatekeeper(db, pool_id))
        """Who looks at what comes into a pool, None without one."""

    def account(self, ref: str | int) -> Account:
        """One of the accounts it was given."""
        return self._accounts[self._ids[ref]]

    def accounts(self, db: Db, ids: Sequence[int]) -> Mapping[int, Account]:
        """These accounts, those it was not given as well."""
        missing = [id_ for id_ in ids if id_ not in self._accounts]
        if missing:
            self._accounts |= _accounts(db, missing)
        return self._accounts


def _accounts(db: Db, ids: Sequence[int]) -> dict[int, Account]:
    rows = db.rows_of(
        Account,
        "SELECT a.id, a.name, a.owner_id, a.pool_id, o.name AS owner, o.manager_id, p.time_zone, p.calendar, o.active AS owner_here"
        " FROM account a LEFT JOIN csm o ON o.id = a.owner_id LEFT JOIN pool p ON p.id = a.pool_id WHERE a.id IN ({ids})", ids,
    )  # fmt: skip
    return {row.id: row for row in rows}


def _manager(db: Db, csm_id: int | None, pool_id: int | None) -> int | None:
    found: int | None = db.scalar("SELECT manager_id FROM csm WHERE id = :id", id=csm_id) if csm_id else None
    return found if found is not None else db.scalar(
        "SELECT o.id FROM csm o LEFT JOIN pool_member m ON m.csm_id = o.id AND m.pool_id = :pool WHERE o.active = TRUE"
        " AND o.role = 'manager' ORDER BY CASE WHEN m.id IS NULL THEN 1 ELSE 0 END, o.id LIMIT :one", pool=pool_id or 0, one=1,
    )  # fmt: skip


def _gatekeeper(db: Db, pool_id: int) -> int | None:
    found: int | None = db.scalar(
        "SELECT p.gatekeeper_id FROM pool p JOIN csm o ON o.id = p.gatekeeper_id WHERE p.id = :pool AND o.active = TRUE", pool=pool_id
    )
    return found
