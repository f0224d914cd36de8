"""Which system wrote a file, what kind of rows it holds, and what each column means. By rule, never by file name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from cockpit.domain.nearest import did_you_mean, nearest
from cockpit.services.exchange.fields import KINDS, NOT_YET, Field, Kind
from cockpit.services.exchange.headers import is_exact, key, keys, match
from cockpit.services.exchange.read import Cell, Table, is_blank
from cockpit.services.exchange.report import FileState, How
from cockpit.services.exchange.systems import FILE, Link, Profile, profile_of

_SAMPLE_ROWS = 200
_SAMPLE_CELLS = 30
IGNORE = "ignore"
_ANYTHING = frozenset({"id", "name", "title", "type", "date", "status", "description"})
"""Headers that tell nothing about what has them."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the field it was taken for, and how sure that is."""

    header: str
    field: Field | None
    how: How
    sample: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a table was taken for."""

    state: FileState
    system: str | None = None
    kind: Kind | None = None
    columns: tuple[Column, ...] = ()
    const: Mapping[str, str] = field(default_factory=dict)
    link: Link | None = None
    deleted_unless: str = ""
    message: str = ""
    notes: tuple[str, ...] = ()


def recognise(table: Table, as_kind: str | None = None, renamed: Mapping[str, str] | None = None) -> Recognised:
    """What this table holds. ``renamed`` is {their header: our header} and goes before every rule.

    A file that is not understood comes back with a state other than IMPORTED and a sentence.
    """
    sample = _sample(table)
    mapped = _mapped(table.headers, renamed or {})
    seen = [mapped.get(header, header) for header in table.headers]
    seen_sample = {ours: sample[theirs] for theirs, ours in zip(table.headers, seen, strict=True)}
    profile = profile_of(seen, seen_sample, as_kind)
    found = _from_profile(profile, table.headers, seen, sample) if profile else _plain(table, seen, sample, as_kind)
    columns = tuple(
        replace(column, how=How.IGNORED if mapped[column.header] == IGNORE else How.MAP)
        if column.header in mapped
        else column
        for column in found.columns
    )
    return _checked(table, replace(found, columns=columns))


def _sample(table: Table) -> dict[str, tuple[Cell, ...]]:
    cells: dict[str, list[Cell]] = {header: [] for header in table.headers}
    for _, row in islice(table.rows, _SAMPLE_ROWS):
        for header, cell in zip(table.headers, row, strict=False):
            if len(cells[header]) < _SAMPLE_CELLS and not is_blank(cell):
                cells[header].append(cell)
    return {header: tuple(found) for header, found in cells.items()}


def _mapped(headers: Sequence[str], renamed: Mapping[str, str]) -> dict[str, str]:
    by_key = {key(theirs): ours for theirs, ours in renamed.items()}
    return {
        header: renamed.get(header) or by_key[key(header)]
        for header in headers
        if header in renamed or key(header) in by_key
    }


def _from_profile(
    profile: Profile, headers: Sequence[str], seen: Sequence[str], sample: Mapping[str, tuple[Cell, ...]]
) -> Recognised:
    if profile.kind is None:
        state = FileState.IMPORTED if profile.link else FileState.NOTHING
        kept = tuple(Column(header, None, How.IGNORED, sample[header][:1]) for header in headers)
        return Recognised(state, profile.system, None, kept, link=profile.link, message=profile.nothing)
    kind = KINDS[profile.kind]
    taken: dict[int, tuple[Field, How]] = {}
    used: set[str] = set()
    # The first named wins where two of their columns mean the same, so the profile's own order counts.
    for theirs, ours in profile.columns.items():
        for position, header in enumerate(seen):
            if key(header) == theirs and position not in taken and ours not in used and _has(kind, ours):
                taken[position] = (kind.field(ours), How.HEADER)
                used.add(ours)
    left = {
        n: h
        for n, h in enumerate(seen)
        if n not in taken and key(h) not in profile.ignore and key(h) not in profile.columns
    }
    _take_exact(kind, left, taken, used)
    return Recognised(
        FileState.IMPORTED, profile.system, kind, _columns(headers, taken, sample), profile.const,
        deleted_unless=_header_for(profile.deleted_unless, headers),
    )  # fmt: skip


def _has(kind: Kind, name: str) -> bool:
    return any(one.name == name for one in kind.fields)


def _header_for(name: str, headers: Sequence[str]) -> str:
    return next((header for header in headers if name and key(header) == name), "")


def _take_exact(kind: Kind, left: Mapping[int, str], taken: dict[int, tuple[Field, How]], used: set[str]) -> None:
    """Our own header first, then the others a field is known by, in the order the field lists them."""
    for own_only in (True, False):
        for one in kind.fields:
            if one.name in used:
                continue
            names = (key(one.header),) if own_only else one.also
            position = next(
                (n for name in names for n, header in left.items() if n not in taken and name in keys(header)), None
            )
            if position is not None:
                taken[position] = (one, How.HEADER)
                used.add(one.name)


def _take_likely(
    kind: Kind,
    left: Mapping[int, str],
    cells: Sequence[tuple[Cell, ...]],
    taken: dict[int, tuple[Field, How]],
    used: set[str],
) -> float:
    """Takes what looks alike, best first; returns the sum of how well it does."""
    scores = sorted(
        (
            (match(header, one, cells[n]), -n, one)
            for n, header in left.items() if n not in taken
            for one in kind.fields if one.name not in used
        ),
        key=lambda found: (-found[0], -found[1]),
    )  # fmt: skip
    total = 0.0
    for score, negative, one in scores:
        if score > 0 and -negative not in taken and one.name not in used:
            taken[-negative] = (one, How.HEADER if score == 1.0 else How.GUESS)
            used.add(one.name)
            total += score
    return total


def _columns(
    headers: Sequence[str], taken: Mapping[int, tuple[Field, How]], sample: Mapping[str, tuple[Cell, ...]]
) -> tuple[Column, ...]:
    return tuple(
        Column(header, taken[n][0], taken[n][1], sample[header][:3])
        if n in taken
        else Column(header, None, How.KEPT, sample[header][:3])
        for n, header in enumerate(headers)
    )


def _plain(
    table: Table, seen: Sequence[str], sample: Mapping[str, tuple[Cell, ...]], as_kind: str | None
) -> Recognised:
    known = {key(header) for header in seen}
    not_yet = (
        as_kind
        if as_kind in NOT_YET
        else next((name for name, tell in NOT_YET.items() if known.issuperset(tell)), None)
    )
    if not_yet and (as_kind is None or as_kind == not_yet):
        return Recognised(
            FileState.NOT_YET, FILE, message=f"{table.path.name} holds {not_yet}: Cockpit cannot take them in yet."
        )
    best: tuple[float, Kind, dict[int, tuple[Field, How]]] | None = None
    for kind in [KINDS[as_kind]] if as_kind else KINDS.values():
        tried = _try(kind, seen, [sample[header] for header in table.headers], guess=as_kind is not None)
        if tried is not None and (best is None or tried[0] > best[0]):
            best = (tried[0], kind, tried[1])
    if best is None and as_kind is None:
        best = _guessed(table, seen, sample)
    if best is None:
        return Recognised(FileState.UNKNOWN, message=_not_understood(table))
    _, kind, taken = best
    if as_kind is None:
        cells = [sample[header] for header in table.headers]
        _take_likely(kind, dict(enumerate(seen)), cells, taken, {one.name for one, _ in taken.values()})
    return Recognised(FileState.IMPORTED, FILE, kind, _columns(table.headers, taken, sample))


def _try(
    kind: Kind, seen: Sequence[str], cells: Sequence[tuple[Cell, ...]], *, guess: bool
) -> tuple[float, dict[int, tuple[Field, How]]] | None:
    """How well a kind serves: columns with its own header count most; None when what tells it is not there."""
    taken: dict[int, tuple[Field, How]] = {}
    used: set[str] = set()
    left = dict(enumerate(seen))
    _take_exact(kind, left, taken, used)
    if guess:
        _take_likely(kind, left, cells, taken, used)
        return len(taken), taken
    if len(taken) < 2 or not all(used.intersection(group) for group in kind.tells):
        return None
    if all(key(seen[n]) in _ANYTHING for n in taken):
        return None
    own = sum(key(seen[n]) == key(one.header) for n, (one, _) in taken.items())
    has_own_id = any(
        one.name == "id" and is_exact(seen[n], one) and key(seen[n]) == key(one.header) for n, (one, _) in taken.items()
    )
    # Who knows every column wins: people with their Account ID are no accounts with a column too many.
    whole = len(taken) == len(seen)
    return len(taken) + 0.2 * own + 2 * has_own_id + whole, taken


def _guessed(
    table: Table, seen: Sequence[str], sample: Mapping[str, tuple[Cell, ...]]
) -> tuple[float, Kind, dict[int, tuple[Field, How]]] | None:
    """The kind whose telling columns are there by likeness, if one is clearly better than the rest."""
    cells = [sample[header] for header in table.headers]
    found: list[tuple[float, Kind, dict[int, tuple[Field, How]]]] = []
    for kind in KINDS.values():
        taken: dict[int, tuple[Field, How]] = {}
        used: set[str] = set()
        total = _take_likely(kind, dict(enumerate(seen)), cells, taken, used)
        sure = any(
            one.name in kind.tells[0] and (how is How.HEADER or one.name == "email") for one, how in taken.values()
        )
        if sure and len(taken) >= 2 and all(used.intersection(group) for group in kind.tells):
            found.append((total, kind, taken))
    found.sort(key=lambda one: -one[0])
    if not found or (len(found) > 1 and found[0][0] < found[1][0] + 0.3):
        return None
    return found[0]


def _not_understood(table: Table) -> str:
    shown = ", ".join(table.headers[:6]) + ("…" if len(table.headers) > 6 else "")
    return (
        f"{table.path.name}: no kind of rows is known by the columns {shown}."
        " Say the kind with --as-kind, and with --map F what the columns mean."
    )


def _checked(table: Table, found: Recognised) -> Recognised:
    """Without the columns that every row needs, the file is not taken."""
    kind = found.kind
    if kind is None or found.state is not FileState.IMPORTED:
        return found
    columns = tuple(replace(column, field=None) if column.how is How.IGNORED else column for column in found.columns)
    there = {column.field.name for column in columns if column.field} | set(found.const)
    missing = [one.header for one in kind.fields if one.required and one.name not in there]
    groups = {
        "accounts": ("name", "id"),
        "people": ("name", "email", "first_name", "last_name"),
        "csms": ("login", "email", "name", "id"),
    }
    if kind.name in groups and not there.intersection(groups[kind.name]):
        missing.append(kind.field(groups[kind.name][0]).header)
    if (
        _needs_account(kind)
        and not there.intersection({"account", "account_name", "person", "email"})
        and found.system == FILE
    ):
        missing.append("Account ID")
    if missing:
        message = (
            f"{table.path.name} holds {kind.name}, but no column for {', '.join(missing)}."
            ' Say which one it is with --map F, a file such as {"Their column": "' + missing[0] + '"}.'
        )
        return replace(found, state=FileState.UNKNOWN, columns=columns, message=message)
    return replace(found, columns=columns)


def _needs_account(kind: Kind) -> bool:
    return kind.name in ("subscriptions", "opportunities", "usage", "surveys", "events", "activities", "ctas", "goals", "risks")


def check_map(renamed: Mapping[str, str]) -> str | None:
    """The sentence about the first field in a map that no kind has, or None."""
    known = {key(one.header): one.header for kind in KINDS.values() for one in kind.fields}
    for theirs, ours in renamed.items():
        if ours != IGNORE and key(ours) not in known:
            return f'The map sends "{theirs}" to "{ours}", which no kind has.{did_you_mean(ours, known.values())}'
    return None


def nearest_kind(word: str) -> str:
    """`` Did you mean accounts?`` for a kind nobody knows."""
    near = nearest(word, [*KINDS, *NOT_YET])
    return f" Did you mean {near}?" if near else ""
