"""Two accounts, or two people, turn out to be one: what belongs to the one goes to the other, in one act.

External ids, memberships, facts, timeline, CTAs and interventions follow; the one that goes leaves its name, its history
and its numbers to the one that stays. Taking it apart again is taking the act back: every row returns to whom it was,
what was added or changed since stays, and is told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cockpit.desk import Desk
from cockpit.domain.say import listed, plural
from cockpit.domain.twins import Twin, account_twins, person_twins
from cockpit.services import lookup, people, scoring
from cockpit.services.act import Work, act
from cockpit.services.errors import NotFound, Refused
from cockpit.services.undo import Conflict, take_back_in
from db.columns import table
from db.reads import merge as reads
from db.reads.merge import KEYS, NUMBERED, MergeRow

_FILLED = {
    "account": (
        "owner_id", "pool_id", "segment_id", "pod_id", "region", "industry", "domain", "language", "time_zone", "stage",
        "renewal_date", "notice_date", "auto_renew", "go_live", "health",
    ),
    "person": ("email", "phone", "language", "channel"),
}  # fmt: skip
"""What the one that stays takes over where it has nothing itself."""
_FOLDED = ("title", "network_role", "value_obtained", "bottleneck")
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Merged:
    """``gone`` is now a part of ``kept``; ``moved`` rows followed, ``filled`` fields were taken over."""

    id: int
    kept: int
    gone: int
    name: str
    gone_name: str
    moved: int
    filled: tuple[str, ...]
    act: int | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Unmerged:
    """Two again; ``conflicts`` is what stays because somebody changed it since."""

    kept: int
    gone: int
    reverted: int
    conflicts: tuple[Conflict, ...]
    act: int | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Alike:
    """Two that may be one."""

    first: int
    first_name: str
    second: int
    second_name: str
    likeness: int
    why: str


@act("merge")
def merge_accounts(work: Work, kept: int, gone: int) -> Merged:
    """Makes ``gone`` a part of ``kept``. Raises NotFound, Refused (one under the other, both in work that runs once)."""
    ours, theirs = _both(work, "account", kept, gone)
    if ours["parent_id"] == gone or theirs["parent_id"] == kept:
        under, above = (ours, theirs) if ours["parent_id"] == gone else (theirs, ours)
        raise Refused("family", f"{under['name']} is a relationship of {above['name']}: its figures count there already.")
    if ours["parent_id"] and work.db.scalar("SELECT 1 FROM account WHERE parent_id = :id LIMIT 1", id=gone):
        raise Refused("family", f"{theirs['name']} has relationships, {ours['name']} is one: merge the other way round.")
    _check_running(work, kept, gone, ours["name"], theirs["name"])
    merged = _merge(work, "account", kept, gone, ours, theirs)
    scoring.rescore_accounts(work, [kept])
    return merged


@act("merge")
def merge_people(work: Work, kept: int, gone: int) -> Merged:
    """Makes ``gone`` the same person as ``kept``; an address she had beside the other still finds her."""
    ours, theirs = _both(work, "person", kept, gone)
    if theirs["email"] and ours["email"] and theirs["email"] != ours["email"]:
        people.writes_from(work, kept, theirs["email"])
    return _merge(work, "person", kept, gone, ours, theirs)


@act("unmerge")
def unmerge(work: Work, thing: str, kept: int, gone: int | None = None) -> Unmerged:
    """Takes the latest merge into ``kept`` (or that of ``gone``) apart again, as an undo of it.

    What came since stays with ``kept``. Raises NotFound, Refused (somebody else's, taken back already), Forbidden.
    """
    found = [row for row in reads.merges(work.db, thing, kept) if gone is None or row.gone_id == gone]
    if not found:
        raise NotFound(f"Nothing was merged into {thing} {kept}." if gone is None else f"{gone} was not merged into {thing} {kept}.")
    row = found[0]
    made = reads.made_by(work.db, row.id)
    if made is None:
        raise Refused("archived", f"The merge of {row.gone_name} cannot be taken apart: what it changed is not in the journal.")
    done = take_back_in(work, made)
    work.say(f"Took {row.gone_name} and {row.kept_name} apart again")
    stays = f" · {plural(len(done.conflicts), 'thing')} changed since and kept" if done.conflicts else ""
    return Unmerged(kept, row.gone_id, done.reverted, done.conflicts, said=work.act.what + stays)


def merged_into(desk: Desk, thing: str, kept: int | None = None) -> tuple[MergeRow, ...]:
    """What was merged (into one of them), the latest first."""
    with desk.store.read() as db:
        return tuple(reads.merges(db, thing, kept))


def twins(desk: Desk, thing: str, limit: int | None = None) -> tuple[Alike, ...]:
    """Accounts, or people, that may be the same, the most alike first; nothing is merged by itself."""
    from rapidfuzz import fuzz

    with desk.store.read() as db:
        if thing == "account":
            accounts = list(reads.accounts_known(db))
            found: list[Twin] = account_twins(accounts, fuzz.ratio)
            names = {row[0]: row[1] for row in accounts}
        else:
            known = list(reads.people_known(db))
            found = person_twins(known, fuzz.ratio)
            names = {row[0]: row[1] for row in known}
    return tuple(
        Alike(one.first, names[one.first], one.second, names[one.second], one.likeness, one.why) for one in found[:limit]
    )


def find(desk: Desk, thing: str, ref: str) -> int:
    """An account or a person by what people call it. Raises NotFound, Ambiguous."""
    with desk.store.read() as db:
        return lookup.find_account(db, ref) if thing == "account" else people.person_id(db, ref)


def find_gone(desk: Desk, thing: str, kept: int, ref: str) -> int:
    """The number of what was merged into it, by number or the name it had. Raises NotFound."""
    with desk.store.read() as db:
        rows = reads.merges(db, thing, kept)
    found = next((row.gone_id for row in rows if ref in (str(row.gone_id), row.gone_name)), None)
    if found is None:
        names = listed([row.gone_name for row in rows], "or") or "nothing was"
        raise NotFound(f"{ref!r} was not merged into {thing} {kept}: {names}.")
    return found


def _both(work: Work, thing: str, kept: int, gone: int) -> tuple[Row, Row]:
    if kept == gone:
        raise Refused("same", "It is one already: say two.")
    found = work.current(table(thing), [kept, gone])
    for id_ in (kept, gone):
        if id_ not in found:
            raise NotFound(f"There is no {thing} {id_}.")
    return found[kept][3], found[gone][3]


def _check_running(work: Work, kept: int, gone: int, name: str, gone_name: str) -> None:
    running = {
        "an intervention": "SELECT count(DISTINCT account_id) FROM intervention WHERE ended_at IS NULL AND account_id IN (:kept, :gone)",
        "a hand-over": "SELECT count(DISTINCT account_id) FROM transition WHERE ended_at IS NULL AND account_id IN (:kept, :gone)",
    }
    for what, sql in running.items():
        if work.db.scalar(sql, kept=kept, gone=gone) == 2:
            raise Refused("running", f"{name} and {gone_name} are both in {what}: end one of them first.")


def _merge(work: Work, thing: str, kept: int, gone: int, ours: Row, theirs: Row) -> Merged:
    id_ = work.insert("merge", {
        "thing": thing, "kept_id": kept, "gone_id": gone, "gone_name": theirs["name"], "at": work.now, "by_id": work.me.id,
    })  # fmt: skip
    moved = 0
    for name, column in reads.columns_to(work.db, thing):
        moved += _move(work, name, column, kept, gone)
    keys = reads.keys_of(work.db, thing, gone)
    work.update_many("external_id", {key: {"thing_id": kept} for key in keys})
    values = _filled(thing, ours, theirs)
    work.update(thing, kept, values)
    with work.attempt() as attempt:
        work.delete(thing, gone)
    if not attempt.worked:
        raise Refused("reach", f"Some of what belongs to {theirs['name']} is out of your reach: a manager can merge them.")
    filled = tuple(sorted(column.removesuffix("_id").replace("_", " ") for column in values))
    took = f", {listed(filled)} taken over" if filled else ""
    work.say(f"Merged {theirs['name']} into {ours['name']}: {plural(moved + len(keys), 'row')} followed{took}")
    return Merged(id_, kept, gone, ours["name"], theirs["name"], moved + len(keys), filled, said=work.act.what)


def _move(work: Work, name: str, column: str, kept: int, gone: int) -> int:
    """Everything of a table that referred to the one refers to the other; what would be said twice is folded."""
    dropped: set[int] = set()
    if (beside := KEYS.get((name, column))) is not None:
        pairs = reads.doubled(work.db, name, column, beside, kept, gone)
        _fold(work, name, pairs)
        dropped = {theirs for _, theirs in pairs}
        work.delete_many(name, sorted(dropped))
    changes: dict[int, dict[str, Any]] = {
        row: {column: kept} for row in reads.held_by(work.db, name, column, gone) if row not in dropped
    }
    if (within := NUMBERED.get((name, column))) is not None:
        for row, version in reads.next_versions(work.db, name, column, within, kept, gone).items():
            changes[row] |= {"version": version}
    # Not as corrections: an old version of a fact belongs to whom the fact belongs.
    return len(work.update_many(name, changes, versioned=False)) + len(dropped)


def _fold(work: Work, name: str, pairs: list[tuple[int, int]]) -> None:
    """What the row that goes says and the row that stays does not."""
    fold = _FOLDS.get(name)
    if fold is None or not pairs:
        return
    rows = work.current(table(name), sorted({id_ for pair in pairs for id_ in pair}))
    work.update_many(name, {mine: fold(rows[mine][3], rows[theirs][3]) for mine, theirs in pairs})


def _fold_membership(mine: Row, theirs: Row) -> dict[str, Any]:
    values: dict[str, Any] = {column: theirs[column] for column in _FOLDED if not mine[column] and theirs[column]}
    if theirs["value_network"]:
        values["value_network"] = True
    if mine["left_on"] and not theirs["left_on"]:
        values["left_on"] = None
    return values


def _fold_attendee(mine: Row, theirs: Row) -> dict[str, Any]:
    return {"attended": bool(mine["attended"] or theirs["attended"])}


_FOLDS: dict[str, Callable[[Row, Row], dict[str, Any]]] = {"membership": _fold_membership, "attendee": _fold_attendee}


def _filled(thing: str, ours: Row, theirs: Row) -> dict[str, Any]:
    values = {
        column: theirs[column] for column in _FILLED[thing] if ours[column] in (None, "") and theirs[column] not in (None, "")
    }
    if thing == "account" and ours["arr"] is None and theirs["arr"] is not None:
        values |= {"arr": theirs["arr"]} | ({} if ours["currency"] == theirs["currency"] else {"currency": theirs["currency"]})
    if thing == "person":
        if theirs["opted_out"] and not ours["opted_out"]:
            values["opted_out"] = True  # who said no once means it
        if ours["left_on"] and not theirs["left_on"]:
            values["left_on"] = None
        if "email" in values:
            values["bounced"] = bool(theirs["bounced"])
            if values["bounced"] == ours["bounced"]:
                del values["bounced"]
    extra = (theirs["extra"] or {}) | (ours["extra"] or {})
    if extra != (ours["extra"] or {}):
        values["extra"] = extra
    return values


__all__ = [
    "Alike", "MergeRow", "Merged", "Unmerged", "find", "find_gone", "merge_accounts", "merge_people", "merged_into", "twins", "unmerge",
]  # fmt: skip
