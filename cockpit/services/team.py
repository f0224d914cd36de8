"""Who works, and where: CSMs, pools and segments. Managers and ops change them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from cockpit.desk import Desk
from cockpit.domain import language, say
from cockpit.domain.nearest import did_you_mean
from cockpit.domain.routing import skills_of, spelled
from cockpit.services import away, editing, lookup
from cockpit.services.act import LEADERS, Work, act
from cockpit.services.calendars import UnknownCalendar, calendar_for, check_region
from cockpit.services.editing import Edited, Made
from cockpit.services.errors import Refused
from db.reads import team as reads
from db.reads.team import CsmRow, PoolRow, SegmentRow
from db.terms import Push, Role

CSM_FIELDS = ("login", "name", "email", "role", "skills", "languages", "hours_week", "limit_percent", "active")
POOL_FIELDS = ("name", "time_zone", "calendar", "currency", "lease_days", "max_open", "max_per_day", "push", "active")
SEGMENT_FIELDS = ("name", "active")
_MOST = {"lease_days": 365, "max_open": 100_000, "max_per_day": 10_000, "hours_week": 168, "limit_percent": 200}
_NONE = {"lease_days": 0, "limit_percent": 100}
"""What nothing means of a number that must be one."""


def csms(desk: Desk) -> tuple[CsmRow, ...]:
    """Everybody, the inactive ones too, by login, with their pools and what they hold."""
    with desk.store.read() as db:
        rows = reads.csms(db)
        works: dict[int, list[str]] = {}
        for csm, pool in reads.memberships(db):
            works.setdefault(csm, []).append(pool)
        gone = away.away_now(db, desk.now())
    return tuple(
        dataclasses.replace(
            row,
            pools=tuple(works.get(row.id, ())),
            away_until=gone[row.id].last if row.id in gone else None,
            cover=gone[row.id].cover if row.id in gone else None,
        )
        for row in rows
    )


def pools(desk: Desk) -> tuple[PoolRow, ...]:
    """Every pool with its policy, by name."""
    with desk.store.read() as db:
        return tuple(reads.pools(db))


def segments(desk: Desk) -> tuple[SegmentRow, ...]:
    """Every segment, by name."""
    with desk.store.read() as db:
        return tuple(reads.segments(db))


@act("admit_csm", by=LEADERS)
def new_csm(
    work: Work, login: str, name: str = "", email: str | None = None, role: Role | str = Role.CSM, pool: str | None = None,
    languages: str | None = None,
) -> Made:  # fmt: skip
    """Admits somebody, at once into a pool if one is named. Raises Refused (login taken, value), NotFound (pool)."""
    columns = _csm_columns({"login": login, "name": name or login, "email": email, "role": role, "languages": languages})
    _check_free(work, "csm", "login", columns["login"])
    pool_id = lookup.named(work.db, "pool", pool) if pool else None
    id_ = work.insert("csm", columns)
    if pool_id is not None:
        work.insert("pool_member", {"pool_id": pool_id, "csm_id": id_})
    where = f" to pool {_name(work, 'pool', pool_id)}" if pool_id is not None else ""
    work.say(f"Admitted {columns['name']} ({columns['login']}){where} as {columns['role'].replace('_', '-')}")
    return Made(id_, columns["login"], said=work.act.what)


@act("edit_csm", by=LEADERS)
def edit_csm(work: Work, login: str, fields: Mapping[str, Any], expected: Mapping[str, Any] | None = None) -> Edited:
    """Changes fields (CSM_FIELDS) of somebody. Raises NotFound, Refused, Conflict."""
    id_ = lookup.named(work.db, "csm", login)
    columns = _csm_columns(fields)
    if "login" in columns:
        _check_free(work, "csm", "login", columns["login"], but=id_)
    if columns.get("active") is False:
        _check_leaves_nothing(work, id_)
    if columns.get("active") is False or columns.get("role", Role.OPS) != Role.OPS:
        _check_not_last_ops(work, id_)
    seen = None if expected is None else _csm_columns(expected)
    return editing.change(work, "csm", id_, _name(work, "csm", id_), columns, seen)


@act("retire_csm", by=LEADERS)
def csm_off(work: Work, login: str) -> Made:
    """Makes somebody inactive; her history stays. Raises Refused while she holds open CTAs or is the last ops."""
    id_ = lookup.named(work.db, "csm", login)
    _check_leaves_nothing(work, id_)
    _check_not_last_ops(work, id_)
    return _off(work, "csm", id_, "is no longer active")


@act("new_pool", by=LEADERS)
def new_pool(work: Work, /, name: str, **fields: Any) -> Made:
    """Makes a pool; fields as in POOL_FIELDS. Raises Refused (name taken, value)."""
    columns = _pool_columns({"name": name, **fields})
    _check_free(work, "pool", "name", columns["name"])
    id_ = work.insert("pool", columns)
    work.say(f"Made pool {columns['name']}")
    return Made(id_, columns["name"], said=work.act.what)


@act("edit_pool", by=LEADERS)
def edit_pool(work: Work, pool: str, fields: Mapping[str, Any], expected: Mapping[str, Any] | None = None) -> Edited:
    """Changes fields (POOL_FIELDS) of a pool. Raises NotFound, Refused, Conflict."""
    id_ = lookup.named(work.db, "pool", pool)
    columns = _pool_columns(fields)
    if "name" in columns:
        _check_free(work, "pool", "name", columns["name"], but=id_)
    if columns.get("active") is False:
        _check_empty(work, id_)
    seen = None if expected is None else _pool_columns(expected)
    return editing.change(work, "pool", id_, f"pool {_name(work, 'pool', id_)}", columns, seen)


@act("close_pool", by=LEADERS)
def pool_off(work: Work, pool: str) -> Made:
    """Makes a pool inactive. Raises Refused while open CTAs lie in it."""
    id_ = lookup.named(work.db, "pool", pool)
    _check_empty(work, id_)
    return _off(work, "pool", id_, "is closed")


@act("join_pool", by=LEADERS)
def join_pool(work: Work, login: str, pool: str) -> Made:
    """Lets somebody work a pool. Raises NotFound, Refused (she does already)."""
    pool_id, (csm_id, name) = lookup.named(work.db, "pool", pool), lookup.active_csm(work.db, login)
    called = _name(work, "pool", pool_id)
    if _works(work, pool_id, csm_id) is not None:
        raise Refused("exists", f"{name} works pool {called} already.")
    id_ = work.insert("pool_member", {"pool_id": pool_id, "csm_id": csm_id})
    work.say(f"{name} works pool {called} now")
    return Made(id_, called, said=work.act.what)


@act("leave_pool", by=LEADERS)
def leave_pool(work: Work, login: str, pool: str) -> Made:
    """Takes somebody out of a pool; what she holds stays hers. Raises NotFound, Refused (she is not in it)."""
    pool_id, csm_id = lookup.named(work.db, "pool", pool), lookup.named(work.db, "csm", login)
    name, called = _name(work, "csm", csm_id), _name(work, "pool", pool_id)
    member = _works(work, pool_id, csm_id)
    if member is None:
        raise Refused("absent", f"{name} does not work pool {called}.")
    work.delete("pool_member", member)
    work.say(f"{name} works pool {called} no longer")
    return Made(member, called, said=work.act.what)


@act("new_segment", by=LEADERS)
def new_segment(work: Work, name: str) -> Made:
    """Makes a segment. Raises Refused (name taken)."""
    columns = _segment_columns({"name": name})
    _check_free(work, "segment", "name", columns["name"])
    id_ = work.insert("segment", columns)
    work.say(f"Made segment {columns['name']}")
    return Made(id_, columns["name"], said=work.act.what)


@act("edit_segment", by=LEADERS)
def edit_segment(
    work: Work, segment: str, fields: Mapping[str, Any], expected: Mapping[str, Any] | None = None
) -> Edited:
    """Changes fields (SEGMENT_FIELDS) of a segment. Raises NotFound, Refused, Conflict."""
    id_ = lookup.named(work.db, "segment", segment)
    columns = _segment_columns(fields)
    if "name" in columns:
        _check_free(work, "segment", "name", columns["name"], but=id_)
    seen = None if expected is None else _segment_columns(expected)
    return editing.change(work, "segment", id_, f"segment {_name(work, 'segment', id_)}", columns, seen)


@act("close_segment", by=LEADERS)
def segment_off(work: Work, segment: str) -> Made:
    """Makes a segment inactive; its accounts keep it. Raises NotFound."""
    return _off(work, "segment", lookup.named(work.db, "segment", segment), "is closed")


def _off(work: Work, table: str, id_: int, how: str) -> Made:
    name = _name(work, table, id_)
    what = name if table == "csm" else f"{table.capitalize()} {name}"
    changed = work.update(table, id_, {"active": False})
    work.say(f"{what} {how}")
    return Made(id_, name, said=work.act.what if changed else f"{what} {how} already")


def _name(work: Work, table: str, id_: int) -> str:
    return str(work.db.scalar(f"SELECT name FROM {table} WHERE id = :id", id=id_))


def _works(work: Work, pool_id: int, csm_id: int) -> int | None:
    found: int | None = work.db.scalar(
        "SELECT id FROM pool_member WHERE pool_id = :pool AND csm_id = :csm", pool=pool_id, csm=csm_id
    )
    return found


def _check_free(work: Work, table: str, column: str, value: str, but: int = 0) -> None:
    """No other row has this name, whatever its letter case: two names that differ by case would be one to people."""
    for id_, name, active in work.db.all(f"SELECT id, {column}, active FROM {table}"):
        if id_ != but and name.casefold() == value.casefold():
            what = "CSM" if table == "csm" else table
            off = "" if active else ", inactive: edit it to bring it back"
            raise Refused("exists", f"There is a {what} called {name} already{off}.")


def _check_leaves_nothing(work: Work, csm_id: int) -> None:
    held = work.db.scalar("SELECT count(*) FROM cta WHERE owner_id = :id AND status = 'open'", id=csm_id)
    if held:
        name = _name(work, "csm", csm_id)
        raise Refused("holds", f"{name} holds {say.plural(held, 'open CTA')}: release or assign them first.")


def _check_not_last_ops(work: Work, csm_id: int) -> None:
    ops = [row[0] for row in work.db.all("SELECT id FROM csm WHERE role = :ops AND active = TRUE", ops=Role.OPS)]
    if ops == [csm_id]:
        name = _name(work, "csm", csm_id)
        raise Refused("last_ops", f"{name} is the only ops left: make somebody else ops first.")


def _check_empty(work: Work, pool_id: int) -> None:
    if work.db.scalar("SELECT 1 FROM cta WHERE pool_id = :id AND status = 'open' LIMIT :one", id=pool_id, one=1):
        name = _name(work, "pool", pool_id)
        raise Refused("holds", f"Pool {name} has open CTAs: move them to another pool or close them first.")
    if work.db.scalar("SELECT count(*) FROM pool WHERE active = TRUE AND id <> :id", id=pool_id) == 0:
        raise Refused("last_pool", "This is the only pool: make another one first.")


def _csm_columns(fields: Mapping[str, Any]) -> dict[str, Any]:
    editing.check_fields("A CSM", fields, CSM_FIELDS)
    columns: dict[str, Any] = {}
    for name, value in fields.items():
        if name == "role":
            columns[name] = _role(value)
        elif name == "active":
            columns[name] = bool(value)
        elif name in _MOST:
            columns[name] = _limit(name, value)
        elif name == "skills":
            columns[name] = spelled(skills_of(editing.line(value, "Skills")))
        elif name == "languages":
            columns[name] = _languages(value)
        else:
            columns[name] = editing.line(value, f"A CSM's {name}", required=name != "email")
    if " " in columns.get("login", ""):
        raise Refused("login", f"A login has no spaces: {columns['login']!r}.")
    return columns


def _languages(value: Any) -> str | None:
    text = editing.line(value, "Languages")
    if (word := language.unknown(text)) is not None:
        near = did_you_mean(word, list(language.LANGUAGES))
        raise Refused("languages", f"A language is named (german) or a code (de), a comma between: not {word!r}.{near}")
    return spelled(language.spoken(text))


def _role(value: Role | str) -> str:
    try:
        return Role(str(value).lower().replace("-", "_")).value
    except ValueError:
        near = did_you_mean(str(value), list(Role))
        raise Refused("role", f"A role is one of {', '.join(Role)}, not {str(value)!r}.{near}") from None


def _segment_columns(fields: Mapping[str, Any]) -> dict[str, Any]:
    editing.check_fields("A segment", fields, SEGMENT_FIELDS)
    return {
        name: bool(value) if name == "active" else editing.line(value, "A segment's name", required=True)
        for name, value in fields.items()
    }


def _pool_columns(fields: Mapping[str, Any]) -> dict[str, Any]:
    editing.check_fields("A pool", fields, POOL_FIELDS)
    columns: dict[str, Any] = {}
    for name, value in fields.items():
        if name in _MOST:
            columns[name] = _limit(name, value)
        elif name == "active":
            columns[name] = bool(value)
        elif name == "push":
            columns[name] = _push(value)
        else:
            columns[name] = editing.line(value, f"A pool's {name}", required=name != "calendar")
    try:
        if "time_zone" in columns:
            calendar_for(columns["time_zone"])
        check_region(columns.get("calendar"))
    except UnknownCalendar as error:
        raise Refused("calendar", str(error)) from error
    if "currency" in columns and (len(columns["currency"]) != 3 or not columns["currency"].isalpha()):
        raise Refused("currency", f"A currency is a code of three letters such as USD, not {columns['currency']!r}.")
    return columns | ({"currency": columns["currency"].upper()} if "currency" in columns else {})


def _push(value: Push | str | None) -> str | None:
    """How a pool hands out work; nothing means that people claim."""
    if value is None or not str(value).strip():
        return None
    try:
        return Push(str(value).strip().lower().replace("-", "_").replace(" ", "_")).value
    except ValueError:
        near = did_you_mean(str(value), list(Push))
        raise Refused("push", f"A pool pushes {' or '.join(Push)}, or not at all: not {str(value)!r}.{near}") from None


def _limit(name: str, value: Any) -> int | None:
    """A whole number; nothing means no limit (a lease of 0 days is none)."""
    if value is None or value == "":
        return _NONE.get(name)
    try:
        number = int(value)
    except ValueError:
        number = -1
    if not 0 <= number <= _MOST[name]:
        raise Refused(name, f"{name.replace('_', ' ')} is a whole number from 0 to {_MOST[name]:,}, not {str(value)!r}.")
    return number


__all__ = [
    "CSM_FIELDS", "CsmRow", "Made", "POOL_FIELDS", "PoolRow", "SEGMENT_FIELDS", "SegmentRow", "csm_off", "csms",
    "edit_csm", "edit_pool", "edit_segment", "join_pool", "leave_pool", "new_csm", "new_pool", "new_segment",
    "pool_off", "pools", "segment_off", "segments",
]  # fmt: skip
