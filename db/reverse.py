"""Taking an act back, set-based: each change of it in reverse order, as far as nobody changed it since.

What was changed since stays and is told; nothing else moves. The changes are walked in batches, in runs of
one table and one kind, so that references and unique names hold at every step as they did forwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from db.columns import Table, table, tables
from db.connection import as_json
from db.reads import journal as reads
from db.reads.journal import Reference
from db.write import BATCH, Current, Writer

Because = Literal["changed", "gone", "referred", "exists", "erased", "forbidden"]

OWNED = {
    "task": ("cta", "cta_id"), "run": ("cta", "cta_id"), "cta_person": ("cta", "cta_id"), "attendee": ("activity", "activity_id"),
    "mention": ("comment", "comment_id"), "membership": ("person", "person_id"), "external_id": ("", "thing_id"),
}  # fmt: skip
"""Parts of another thing: made together with it, they stay when it stays."""
QUIET = {("cta", "touched_at"), ("pool_member", "pushed_at"), ("mention", "seen_at")}
"""Moves on by itself with later acts: a later value is no reason to bother anybody."""
COMPUTED = frozenset({"health", "health_before"})
"""Of accounts: written by scoring too, whose acts are nobody's."""
UNOWNED = {"claimed_at": None, "touched_at": None}
"""What a CTA without an owner does not have."""


@dataclass(frozen=True, slots=True)
class Clash:
    """Something that stays as it is, and why. Values as the journal spells them."""

    thing: str
    id: int
    seq: int
    because: Because
    field: str | None = None
    ours: Any = None
    theirs: Any = None
    by: tuple[str, int] | None = None
    """The row that refers to it."""


@dataclass(frozen=True, slots=True)
class Step:
    """One change to take back."""

    thing: str
    id: int
    seq: int
    kind: str
    fields: Any


@dataclass(slots=True)
class Reversal:
    """Takes one act back inside another."""

    writer: Writer
    act_id: int
    clashes: list[Clash] = field(default_factory=list)
    moved: dict[str, set[int]] = field(default_factory=dict)
    """What was changed, brought back or removed, by table."""
    _refs: dict[str, list[Reference]] = field(default_factory=dict)
    _parts: dict[tuple[str, int], list[tuple[str, int]]] = field(default_factory=dict)
    """Parts whose removal waits for that of the thing they belong to."""

    def run(self) -> None:
        """Does it all."""
        for reference in reads.references(self.writer.db):
            self._refs.setdefault(reference.target, []).append(reference)
        for name in tables():
            self._refs.setdefault(name, []).append(Reference("external_id", "thing_id", name))
        backwards: dict[str, Callable[[Table, list[Step]], None]] = {
            "create": self._uncreate, "update": self._unupdate, "delete": self._undelete,
        }  # fmt: skip
        for steps in _runs(self._windows()):
            if steps[0].thing not in tables():
                continue
            told = [step for step in steps if step.fields is not None]
            self.clashes += [Clash(s.thing, s.id, s.seq, "erased") for s in steps if s.fields is None]
            if told:
                backwards[told[0].kind](table(told[0].thing), told)
        for part, ids in _by_table(part for parts in self._parts.values() for part in parts).items():
            self._remove(table(part), ids)

    def _windows(self) -> Iterator[list[Step]]:
        db = self.writer.db
        first, last = db.one("SELECT min(id), max(id) FROM change WHERE act_id = :act", act=self.act_id) or (None, None)
        while first is not None and last >= first:
            rows = db.all(
                "SELECT thing, thing_id, seq, kind, fields FROM change WHERE id > :low AND id <= :high AND act_id = :act ORDER BY id DESC",
                low=last - BATCH, high=last, act=self.act_id,
            )  # fmt: skip
            yield [Step(thing, id_, seq, kind, as_json(fields)) for thing, id_, seq, kind, fields in rows]
            last -= BATCH

    # --- values ------------------------------------------------------------------------------------

    def _unupdate(self, what: Table, steps: list[Step]) -> None:
        rows, scored = self.writer.current(what, [step.id for step in steps]), self._scored_since(what, steps)
        plain: list[tuple[Step, dict[str, Any]]] = []
        as_version: list[tuple[Step, dict[str, Any]]] = []
        for step in steps:
            if step.id not in rows:
                self.clashes.append(Clash(what.name, step.id, step.seq, "gone"))
                continue
            row = rows[step.id][3]
            corrected_since = "recorded" in step.fields and what.is_fact and row["recorded"] != step.fields["recorded"][1]
            values = self._values_back(what, step, row, corrected_since, COMPUTED if step.id in scored else frozenset())
            if values:
                (as_version if corrected_since else plain).append((step, values))
        self._put_back(what, plain, versioned=False)
        self._put_back(what, as_version, versioned=True)

    def _values_back(
        self, what: Table, step: Step, row: dict[str, Any], corrected_since: bool, quiet: frozenset[str]
    ) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for column, (old, new) in step.fields.items():
            if column not in what.columns or (corrected_since and column == "recorded"):
                continue
            now = row[column]
            if now == new and old != new:
                values[column] = old
            elif now not in (old, new) and (what.name, column) not in QUIET and column not in quiet:
                self.clashes.append(Clash(what.name, step.id, step.seq, "changed", column, new, now))
        if what.name == "cta" and "owner_id" in values and values["owner_id"] is None:
            values |= UNOWNED
        return values

    def _put_back(self, what: Table, todo: list[tuple[Step, dict[str, Any]]], *, versioned: bool) -> None:
        def write(some: Sequence[tuple[Step, dict[str, Any]]]) -> None:
            made = self.writer.update_many(what.name, {step.id: values for step, values in some}, versioned=versioned)
            self.moved.setdefault(what.name, set()).update(made)

        for step, values in self._all_but_forbidden(todo, write):
            column = next(iter(values))
            self.clashes.append(Clash(what.name, step.id, step.seq, "forbidden", column, step.fields[column][1], None))

    # --- things that were made ---------------------------------------------------------------------

    def _uncreate(self, what: Table, steps: list[Step]) -> None:
        rows = self.writer.current(what, [step.id for step in steps])
        left = [step for step in steps if step.id in rows]
        kept: set[int] = set()
        scored = self._scored_since(what, left)
        for step in left:
            row, quiet = rows[step.id][3], COMPUTED if step.id in scored else frozenset[str]()
            differ = [c for c in what.journaled if c in step.fields and row[c] != step.fields[c]]
            differ = [c for c in differ if (what.name, c) not in QUIET and c not in quiet]
            self.clashes += [Clash(what.name, step.id, step.seq, "changed", c, step.fields[c], row[c]) for c in differ]
            if differ:
                kept.add(step.id)
        if what.is_fact:
            left = self._without_needed_versions(what, left)
        parent = OWNED.get(what.name)
        if parent is not None:
            left = self._without_waiting(what, [step for step in left if step.id not in kept], parent)
        else:
            kept |= self._referred(what, left, kept)
        self._remove(what, [step.id for step in left if step.id not in kept], {step.id: step for step in left}, rows)

    def _scored_since(self, what: Table, steps: list[Step]) -> set[int]:
        """Accounts that nothing but scoring changed since these steps."""
        if what.name != "account" or not steps:
            return set()
        later = reads.changed_by(self.writer.db, what.name, {step.id: step.seq for step in steps})
        return {id_ for id_, verbs in later.items() if verbs == {"score"}}

    def _without_needed_versions(self, what: Table, steps: list[Step]) -> list[Step]:
        """Leaves out former versions of facts that were corrected once more since: they are history now."""
        live = {step.fields["version_of"] for step in steps if step.fields.get("version_of") is not None}
        if not live:
            return steps
        rows = self.writer.current(what, sorted(live))
        return [
            step
            for step in steps
            if (of := step.fields.get("version_of")) is None
            or of not in rows
            or rows[of][3]["recorded"] in (step.fields["superseded"], step.fields["recorded"])
        ]

    def _without_waiting(self, what: Table, steps: list[Step], parent: tuple[str, str]) -> list[Step]:
        """Leaves out parts of things this act made too: they go, or stay, with those."""
        owner = {step.id: (parent[0] or step.fields["thing"], step.fields[parent[1]]) for step in steps}
        made: set[tuple[str, int]] = set()
        for name, ids in _by_table(one for one in owner.values() if one[1] is not None).items():
            params: dict[str, Any] = {"act": self.act_id, "thing": name}
            marks = self.writer.db.marks("i", sorted(set(ids)), params)
            made |= {
                (name, row[0])
                for row in self.writer.db.all(
                    f"SELECT thing_id FROM change WHERE thing = :thing AND thing_id IN ({marks}) AND act_id = :act AND kind = 'create'",
                    **params,
                )
            }
        for step in steps:
            if owner[step.id] in made:
                self._parts.setdefault(owner[step.id], []).append((what.name, step.id))
        return [step for step in steps if owner[step.id] not in made]

    def _referred(self, what: Table, steps: list[Step], kept: set[int]) -> set[int]:
        """Which of these something else refers to (their own waiting parts do not count)."""
        seq = {step.id: step.seq for step in steps}
        found: list[tuple[int, int, str]] = []
        for reference in self._refs.get(what.name, []) if seq else []:
            found += [(to, by, reference.table) for by, to in reads.referring(self.writer.db, reference, list(seq))]
        stay: set[int] = set()
        grew = True
        while grew:
            grew = False
            for to, by, name in found:
                goes = (by in seq and by not in kept | stay) if name == what.name else (name, by) in self._parts.get((what.name, to), ())
                if not goes and to not in stay and to not in kept:
                    self.clashes.append(Clash(what.name, to, seq[to], "referred", by=(name, by)))
                    stay.add(to)
                    grew = True
        return stay

    def _remove(
        self, what: Table, ids: list[int], steps: dict[int, Step] | None = None, rows: dict[int, Current] | None = None
    ) -> None:
        def write(some: Sequence[int]) -> None:
            parts = _by_table(part for id_ in some for part in self._parts.get((what.name, id_), ()))
            for name, part_ids in parts.items():
                self.writer.delete_many(name, part_ids)
            self.writer.delete_many(what.name, some, rows)

        refused = self._all_but_forbidden(ids, write)
        self.clashes += [Clash(what.name, id_, steps[id_].seq if steps else 0, "forbidden") for id_ in refused]
        for id_ in ids:
            if id_ not in refused:
                for name, part in [(what.name, id_), *self._parts.pop((what.name, id_), ())]:
                    self.moved.setdefault(name, set()).add(part)
        for id_ in set(steps or ()):
            self._parts.pop((what.name, id_), None)

    # --- things that were removed ------------------------------------------------------------------

    def _undelete(self, what: Table, steps: list[Step]) -> None:
        there = self.writer.current(what, [step.id for step in steps])
        self.clashes += [Clash(what.name, s.id, s.seq, "exists") for s in steps if s.id in there]
        gone = [step for step in steps if step.id not in there]
        last = reads.latest(self.writer.db, what.name, [step.id for step in gone])

        def write(some: Sequence[Step]) -> None:
            self.writer.restore_many(
                what.name, [(s.id, last[s.id].uid, last[s.id].seq, last[s.id].head, s.fields) for s in some]
            )

        refused = self._all_but_forbidden(gone, write)
        self.clashes += [Clash(what.name, s.id, s.seq, "forbidden") for s in refused]
        self.moved.setdefault(what.name, set()).update(s.id for s in gone if s not in refused)

    def _all_but_forbidden(self, todo: Sequence[Any], write: Callable[[Sequence[Any]], None]) -> list[Any]:
        """Writes them all; where the store's constraints forbid it, halves until those that cannot be are alone."""
        if not todo:
            return []
        with self.writer.attempt() as attempt:
            write(todo)
        if attempt.worked:
            return []
        if len(todo) == 1:
            return list(todo)
        half = len(todo) // 2
        return self._all_but_forbidden(todo[:half], write) + self._all_but_forbidden(todo[half:], write)


def _runs(windows: Iterator[list[Step]]) -> Iterator[list[Step]]:
    """Neighbours of one table and kind, each thing once, within a window."""
    for window in windows:
        run: list[Step] = []
        seen: set[int] = set()
        for step in window:
            if run and ((step.thing, step.kind) != (run[0].thing, run[0].kind) or step.id in seen):
                yield run
                run, seen = [], set()
            run.append(step)
            seen.add(step.id)
        if run:
            yield run


def _by_table(parts: Any) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for name, id_ in parts:
        found.setdefault(name, []).append(id_)
    return found
