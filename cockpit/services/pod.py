"""Pods: a few seniors and a junior who own a patch of accounts together."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cockpit.desk import Desk
from cockpit.domain import say
from cockpit.services import editing, lookup
from cockpit.services.act import Work, act
from cockpit.services.editing import Edited
from cockpit.services.errors import NotFound, Refused
from db.connection import Db
from db.reads import pod as reads
from db.reads.pod import PodMemberRow, PodRow
from db.terms import ServedBy

POD_FIELDS = ("name", "active")


@dataclass(frozen=True, slots=True)
class PodMade:
    """A pod that was made, joined, left, closed, or given accounts."""

    id: int
    name: str
    accounts: int = 0
    act: int | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Patch:
    """An account of a pod's patch."""

    id: int
    name: str
    arr: int | None
    currency: str | None
    health: int | None
    owner: str | None


@dataclass(frozen=True, slots=True)
class PodShown:
    """One pod whole: its row, who is in it, its accounts (largest ARR first)."""

    pod: PodRow
    members: tuple[PodMemberRow, ...]
    accounts: tuple[Patch, ...]


def pods(desk: Desk) -> tuple[PodRow, ...]:
    """Every pod with its members and the size of its patch, by name."""
    with desk.store.read() as db:
        rows, members, money = reads.pods(db), reads.members(db), reads.arr(db)
    return tuple(_filled(row, members, money) for row in rows)


def show_pod(desk: Desk, name: str, limit: int = 1_000) -> PodShown:
    """One pod. Raises NotFound."""
    with desk.store.read() as db:
        id_ = lookup.named(db, "pod", name)
        members = reads.members(db, id_)
        row = _filled(reads.pods(db, id_)[0], members, reads.arr(db))
        accounts = db.rows(
            Patch,
            "SELECT a.id, a.name, a.arr, a.currency, a.health, o.login AS owner FROM account a LEFT JOIN csm o ON o.id = a.owner_id"
            " WHERE a.pod_id = :pod ORDER BY coalesce(a.arr, -1) DESC, a.id LIMIT :most",
            pod=id_,
            most=limit,
        )
    return PodShown(row, tuple(members), tuple(accounts))


@act("new_pod")
def new_pod(work: Work, name: str, seniors: Sequence[str] = (), juniors: Sequence[str] = ()) -> PodMade:
    """Makes a pod of these CSMs, by login. Raises Refused (name taken), NotFound (somebody)."""
    clean = str(editing.line(name, "A pod's name", required=True))
    _check_free(work.db, clean)
    people = {lookup.active_csm(work.db, login): True for login in seniors}
    people |= {lookup.active_csm(work.db, login): False for login in juniors}
    id_ = work.insert("pod", {"name": clean, "active": True})
    work.insert_many(
        "pod_member", [{"pod_id": id_, "csm_id": csm, "is_senior": senior} for (csm, _), senior in people.items()]
    )
    with_ = f" with {say.listed([who for _, who in people])}" if people else ""
    work.say(f"Made pod {clean}{with_}")
    return PodMade(id_, clean, said=work.act.what)


@act("edit_pod")
def edit_pod(work: Work, pod: str, fields: Mapping[str, Any], expected: Mapping[str, Any] | None = None) -> Edited:
    """Changes fields (POD_FIELDS) of a pod. Raises NotFound, Refused, Conflict."""
    id_, name = _pod(work.db, pod)
    columns = _columns(fields)
    if "name" in columns:
        _check_free(work.db, columns["name"], but=id_)
    if columns.get("active") is False:
        _check_patch(work.db, id_, name)
    return editing.change(work, "pod", id_, f"pod {name}", columns, None if expected is None else _columns(expected))


@act("close_pod")
def pod_off(work: Work, pod: str) -> PodMade:
    """Makes a pod inactive. Raises NotFound, Refused while it owns accounts."""
    id_, name = _pod(work.db, pod)
    _check_patch(work.db, id_, name)
    changed = work.update("pod", id_, {"active": False})
    work.say(f"Pod {name} is closed")
    return PodMade(id_, name, said=work.act.what if changed else f"Pod {name} is closed already")


@act("join_pod")
def join_pod(work: Work, pod: str, login: str, is_senior: bool = True) -> PodMade:
    """Puts somebody into a pod, or changes whether she is one of its seniors. Raises NotFound, Refused (she is)."""
    (id_, name), (csm_id, who) = _pod(work.db, pod), lookup.active_csm(work.db, login)
    found = work.db.one("SELECT id, is_senior FROM pod_member WHERE pod_id = :pod AND csm_id = :csm", pod=id_, csm=csm_id)
    as_ = "a senior" if is_senior else "its junior"
    if found is not None and bool(found[1]) == is_senior:
        raise Refused("exists", f"{who} is in pod {name} as {as_} already.")
    if found is not None:
        work.update("pod_member", found[0], {"is_senior": is_senior})
    else:
        work.insert("pod_member", {"pod_id": id_, "csm_id": csm_id, "is_senior": is_senior})
    work.say(f"{who} is in pod {name} as {as_}")
    return PodMade(id_, name, said=work.act.what)


@act("leave_pod")
def leave_pod(work: Work, pod: str, login: str) -> PodMade:
    """Takes somebody out of a pod; what she holds stays hers. Raises NotFound, Refused (she is not in it)."""
    (id_, name), csm_id = _pod(work.db, pod), lookup.named(work.db, "csm", login)
    who = str(work.db.scalar("SELECT name FROM csm WHERE id = :id", id=csm_id))
    found = work.db.scalar("SELECT id FROM pod_member WHERE pod_id = :pod AND csm_id = :csm", pod=id_, csm=csm_id)
    if found is None:
        raise Refused("absent", f"{who} is not in pod {name}.")
    work.delete("pod_member", found)
    work.say(f"{who} is in pod {name} no longer")
    return PodMade(id_, name, said=work.act.what)


@act("give_to_pod")
def give(work: Work, pod: str, accounts: Sequence[str | int]) -> PodMade:
    """Puts accounts into a pod's patch and has them served by it. Raises NotFound, Ambiguous, Refused (pod closed)."""
    id_, name = _pod(work.db, pod)
    if not work.db.scalar("SELECT active FROM pod WHERE id = :id", id=id_):
        raise Refused("closed", f"Pod {name} is closed: it takes no accounts.")
    wanted = list(dict.fromkeys(lookup.find_account(work.db, ref) for ref in accounts))
    changed = work.update_many("account", {one: {"pod_id": id_, "served_by": ServedBy.POD} for one in wanted})
    work.say(f"Gave {say.plural(len(changed), 'account')} to pod {name}")
    said = work.act.what if changed else f"Pod {name} has them already"
    return PodMade(id_, name, len(changed), said=said)


def _filled(row: PodRow, members: Sequence[PodMemberRow], money: Sequence[tuple[int, str, int]]) -> PodRow:
    mine = [one for one in members if one.pod_id == row.id]
    return dataclasses.replace(
        row,
        seniors=tuple(one.login for one in mine if one.is_senior),
        juniors=tuple(one.login for one in mine if not one.is_senior),
        arr=tuple((currency, minor) for pod, currency, minor in money if pod == row.id),
    )


def _pod(db: Db, ref: str) -> tuple[int, str]:
    id_ = lookup.named(db, "pod", ref)
    name = db.scalar("SELECT name FROM pod WHERE id = :id", id=id_)
    if name is None:
        raise NotFound(f"There is no pod {ref!r}.")
    return id_, str(name)


def _columns(fields: Mapping[str, Any]) -> dict[str, Any]:
    editing.check_fields("A pod", fields, POD_FIELDS)
    return {
        name: bool(value) if name == "active" else editing.line(value, "A pod's name", required=True)
        for name, value in fields.items()
    }


def _check_free(db: Db, name: str, but: int = 0) -> None:
    for id_, other in db.all("SELECT id, name FROM pod"):
        if id_ != but and other.casefold() == name.casefold():
            raise Refused("exists", f"There is a pod called {other} already.")


def _check_patch(db: Db, id_: int, name: str) -> None:
    held = db.scalar("SELECT count(*) FROM account WHERE pod_id = :id", id=id_)
    if held:
        raise Refused("holds", f"Pod {name} has {say.plural(held, 'account')}: give them to another pod first.")


__all__ = [
    "POD_FIELDS", "PodMade", "PodMemberRow", "PodRow", "PodShown", "edit_pod", "give", "join_pod", "leave_pod", "new_pod",
    "pod_off", "pods", "show_pod",
]  # fmt: skip
