"""Which files, in which order: folders opened, tables recognised and prepared, what depends on others last."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cockpit.services.errors import Refused
from cockpit.services.exchange.fields import KINDS, NOT_YET
from cockpit.services.exchange.prepare import Prepared, prepare
from cockpit.services.exchange.read import NOT_YET as UNREAD
from cockpit.services.exchange.read import TABLES, Table, read_table
from cockpit.services.exchange.recognise import Recognised, check_map, nearest_kind, recognise
from cockpit.services.exchange.rejects import is_rejects_file
from cockpit.services.exchange.report import FileState, UnreadableFile

_MOST_FILES = 2_000
Progress = Callable[[str, int], None]
"""Called with what is being done and how many rows are; may raise to stop, and then nothing was written."""


@dataclass(slots=True)
class Plan:
    """Every file of one import, as given, and the order in which they are written."""

    files: list[Prepared] = field(default_factory=list)
    links: dict[tuple[str, str, str], dict[str, list[str]]] = field(default_factory=dict)
    """(system, thing, to what) → {their id: the ids it is joined to}."""

    def ordered(self) -> list[Prepared]:
        """Pools, CSMs, products, accounts, people, then the facts, then joins."""
        kinds = list(KINDS)
        taken = [one for one in self.files if one.found.state is FileState.IMPORTED]
        return sorted(taken, key=lambda one: kinds.index(one.kind.name) if one.kind else len(kinds))

    def close(self) -> None:
        """Frees what was spooled."""
        for one in self.files:
            one.close()


def make_plan(
    paths: Iterable[Path], as_kind: str | None, renamed: dict[str, str], currency: str, progress: Progress | None = None
) -> Plan:
    """Reads and prepares every file; what cannot be taken is in the plan with its sentence."""
    if as_kind is not None and as_kind not in KINDS and as_kind not in NOT_YET:
        raise Refused(
            "unknown_kind",
            f'No kind is called "{as_kind}".{nearest_kind(as_kind)} Kinds: {", ".join([*KINDS, *NOT_YET])}.',
        )
    plan = Plan()
    for path, skipped in expand(paths):
        if skipped:
            plan.files.append(Prepared(path, None, Recognised(FileState.SKIPPED, message=skipped)))
            continue
        try:
            table = read_table(path)
        except UnreadableFile as error:
            plan.files.append(Prepared(path, None, Recognised(FileState.UNREADABLE, message=str(error))))
            continue
        plan.files.append(_prepared(table, as_kind, renamed, currency, progress))
    _collect_links(plan)
    return plan


def _prepared(
    table: Table, as_kind: str | None, renamed: dict[str, str], currency: str, progress: Progress | None
) -> Prepared:
    found = recognise(table, as_kind, renamed)
    name = table.path.name
    return prepare(table, found, currency, None if progress is None else lambda done: progress(f"Reading {name}", done))


def _collect_links(plan: Plan) -> None:
    for one in plan.files:
        link = one.found.link
        if link is not None and one.found.state is FileState.IMPORTED:
            joined = plan.links.setdefault((one.system, link.thing, link.to), {})
            for row in one.rows:
                joined.setdefault(row.values["left"], []).append(row.values["right"])


def expand(paths: Iterable[Path]) -> list[tuple[Path, str]]:
    """Every file meant, and why not for those in a folder that hold no rows."""
    found: list[tuple[Path, str]] = []
    for path in paths:
        if not path.is_dir():
            found.append((path, ""))
            continue
        for folder, subfolders, names in os.walk(path):
            subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
            found += [
                (Path(folder) / name, _why_not(Path(folder) / name))
                for name in sorted(names)
                if not name.startswith((".", "~$"))
            ]
            if len(found) > _MOST_FILES:
                raise Refused(
                    "too_many_files", f"{path} holds more than {_MOST_FILES:,} files: import them folder by folder."
                )
    return found


def _why_not(path: Path) -> str:
    if is_rejects_file(path):
        return f"{path.name} holds rows rejected before: import it by its own name when it is mended."
    if path.suffix.lower() in TABLES | UNREAD:
        return ""
    return f"{path.name} is no table: skipped."


def read_map(path: Path | None) -> dict[str, str]:
    """``{"Their column": "Our header"}`` from a TOML or JSON file.

    Raises Refused with one sentence when it cannot be read, or names a field that is not ours.
    """
    if path is None:
        return {}
    try:
        text = path.read_text(encoding="utf-8-sig")
        content = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except OSError as error:
        raise Refused("map", f"The map {path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise Refused("map", f"The map {path.name} is neither TOML nor JSON: {error}.") from error
    if isinstance(content, dict) and len(content) == 1 and isinstance(only := next(iter(content.values())), dict):
        content = only  # a table such as [columns] around the pairs
    if not isinstance(content, dict) or not all(isinstance(ours, str) for ours in content.values()):
        raise Refused("map", f'The map {path.name} is no list of pairs such as "Their column" = "Account Name".')
    if sentence := check_map(content):
        raise Refused("map", sentence)
    return {str(theirs): ours for theirs, ours in content.items()}


def unmatched(renamed: dict[str, str], plan: Plan) -> Sequence[str]:
    """Columns that the map names and no file has."""
    from cockpit.services.exchange.headers import key

    there = {key(header) for one in plan.files if one.table for header in one.table.headers}
    return [theirs for theirs in renamed if key(theirs) not in there]
