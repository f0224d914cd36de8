"""The people of an account, when each was last met, and what that makes of the value network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from db.connection import Db
from db.query.network_sql import ANYBODY
from db.reads.account import FAMILY

EMAIL = "email"
"""The system under which an address is kept that somebody has beside her own: her mail is known by it."""


@dataclass(frozen=True, slots=True)
class Member:
    """A person as she belongs to an account, or to a relationship of it."""

    id: int
    account_id: int
    account: str
    name: str
    email: str | None
    phone: str | None
    language: str | None
    title: str | None
    value_network: bool
    network_role: str | None
    left_on: date | None
    left_here_on: date | None
    opted_out: bool
    bounced: bool
    channel: str | None
    value_obtained: str | None
    bottleneck: str | None


@dataclass(frozen=True, slots=True)
class Met:
    """The last meeting a person was at; ``mine``: the last that I logged or was at."""

    person_id: int
    mine: bool
    activity_id: int
    at: datetime
    subject: str
    author: str | None


@dataclass(frozen=True, slots=True)
class Contact:
    """What is needed to know a person by name or e-mail."""

    id: int
    name: str
    email: str | None


def members(db: Db, account_id: int) -> list[Member]:
    """Everybody who belongs to the account or a relationship of it; the network's and its own memberships first."""
    return db.rows(
        Member,
        "SELECT n.id, m.account_id, a.name AS account, n.name, n.email, n.phone, n.language, m.title, m.value_network,"
        " m.network_role, n.left_on, m.left_on AS left_here_on, n.opted_out, n.bounced, n.channel, m.value_obtained, m.bottleneck"
        " FROM membership m JOIN person n ON n.id = m.person_id"
        f" JOIN account a ON a.id = m.account_id WHERE m.account_id {FAMILY}"
        " ORDER BY m.value_network DESC, CASE WHEN m.account_id = :account THEN 0 ELSE 1 END, n.name, n.id",
        account=account_id,
    )


def last_met(db: Db, account_id: int, me: int | None, before: datetime) -> list[Met]:
    """For each member the last meeting with each account of the family before a moment: by anybody, and of mine."""
    return db.rows(
        Met,
        "SELECT q.person_id, q.mine, v.id AS activity_id, v.at, v.subject, o.name AS author FROM ("
        "SELECT p.person_id, w.mine, (SELECT x.activity_id FROM met x WHERE x.person_id = p.person_id AND x.csm_id = w.csm_id"
        " AND x.account_id = k.id AND x.at < :before ORDER BY x.at DESC, x.activity_id DESC LIMIT 1) AS activity_id"
        f" FROM (SELECT DISTINCT m.person_id FROM membership m WHERE m.account_id {FAMILY}) p CROSS JOIN"
        " (SELECT f.id FROM account f WHERE f.id = :account OR f.parent_id = :account) k CROSS JOIN"
        f" (SELECT {ANYBODY} AS csm_id, FALSE AS mine UNION ALL SELECT CAST(:me AS bigint), TRUE) w) q"
        " JOIN activity v ON v.id = q.activity_id LEFT JOIN csm o ON o.id = v.author_id",
        account=account_id, me=me, before=before,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Anybody:
    """A person among all there are: one account she belongs to (her network's first), and how many more."""

    id: int
    name: str
    email: str | None
    account: str | None
    accounts: int
    value_network: bool
    network_role: str | None
    left_on: date | None
    last_met_at: datetime | None


_FIRST = " FROM membership m JOIN account a ON a.id = m.account_id WHERE m.person_id = n.id ORDER BY m.value_network DESC, m.id LIMIT 1)"
_MET = f"(SELECT max(x.at) FROM met x WHERE x.person_id = n.id AND x.csm_id = {ANYBODY} AND x.at < :before)"


def anybody(db: Db, condition: str, params: Mapping[str, Any], before: datetime, most: int | None) -> list[Anybody]:
    """Everybody a query matches, by name."""
    limit = "" if most is None else " LIMIT :most"
    return db.rows(
        Anybody,
        f"SELECT n.id, n.name, n.email, (SELECT a.name{_FIRST} AS account,"
        " (SELECT count(*) FROM membership m WHERE m.person_id = n.id) AS accounts,"
        f" EXISTS (SELECT 1 FROM membership m WHERE m.person_id = n.id AND m.value_network = TRUE) AS value_network,"
        f" (SELECT m.network_role{_FIRST} AS network_role, n.left_on, {_MET} AS last_met_at"
        f" FROM person n WHERE {condition} ORDER BY n.name, n.id{limit}",
        before=before, **dict(params), **({} if most is None else {"most": most}),
    )  # fmt: skip


def count_anybody(db: Db, condition: str, params: Mapping[str, Any]) -> int:
    """How many people a query matches."""
    return int(db.scalar(f"SELECT count(*) FROM person n WHERE {condition}", **dict(params)))


def of_us(db: Db, activity_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Who of us was at each of these, by name."""
    found: dict[int, tuple[str, ...]] = {}
    for start in range(0, len(activity_ids), 2_000):
        params: dict[str, int] = {}
        marks = db.marks("i", activity_ids[start : start + 2_000], params)
        for id_, name in db.all(
            "SELECT t.activity_id, o.name FROM attendee t JOIN csm o ON o.id = t.csm_id"
            f" WHERE t.attended = TRUE AND t.activity_id IN ({marks}) ORDER BY t.activity_id, o.name", **params,
        ):  # fmt: skip
            found[id_] = (*found.get(id_, ()), name)
    return found


def contacts(db: Db, account_id: int) -> list[Contact]:
    """Everybody of the account, its relationships and the account it is one of."""
    return db.rows(
        Contact,
        "SELECT DISTINCT n.id, n.name, n.email FROM membership m JOIN person n ON n.id = m.person_id WHERE m.account_id"
        " IN (SELECT f.id FROM account f WHERE f.id = :account OR f.parent_id = :account"
        " UNION SELECT k.parent_id FROM account k WHERE k.id = :account AND k.parent_id IS NOT NULL) ORDER BY n.name, n.id",
        account=account_id,
    )


def by_email(db: Db, email: str) -> list[Contact]:
    """Everybody with this address, or who is known to write from it too, whatever account; letter case does not count."""
    return db.rows(
        Contact,
        "SELECT n.id, n.name, n.email FROM person n WHERE n.email IN (:given, :lower)"
        " UNION SELECT n.id, n.name, n.email FROM external_id x JOIN person n ON n.id = x.thing_id"
        " WHERE x.system = :system AND x.thing = 'person' AND x.key IN (:given, :lower) ORDER BY 1",
        given=email, lower=email.lower(), system=EMAIL,
    )  # fmt: skip


def by_id(db: Db, person_id: int) -> list[Contact]:
    """The person of this number, if there is one."""
    return db.rows(Contact, "SELECT n.id, n.name, n.email FROM person n WHERE n.id = :id", id=person_id)


def by_name(db: Db, name: str, most: int) -> list[Contact]:
    """Everybody of exactly this name."""
    return db.rows(
        Contact, "SELECT n.id, n.name, n.email FROM person n WHERE n.name = :name ORDER BY n.id LIMIT :most",
        name=name, most=most,
    )  # fmt: skip


def by_key(db: Db, key: str) -> list[Contact]:
    """Whoever has this id in another system."""
    return db.rows(
        Contact,
        "SELECT DISTINCT n.id, n.name, n.email FROM external_id x JOIN person n ON n.id = x.thing_id"
        " WHERE x.thing = 'person' AND x.key = :key",
        key=key,
    )
