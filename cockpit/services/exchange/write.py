"""One batch of understood rows into one table: what is known is changed, what is not is made, each row counted once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from cockpit.services.act import Work
from cockpit.services.exchange.dates import BadCell
from cockpit.services.exchange.prepare import Prepared, Rejected, Row
from cockpit.services.exchange.refs import Refs, unknown_account
from cockpit.services.exchange.spool import Spool
from cockpit.services.exchange.systems import HUBSPOT
from cockpit.services.set_here import set_here
from db.columns import table
from db.connection import as_json
from db.values import plain

Outcome = Literal["created", "updated", "unchanged"]
Links = Mapping[tuple[str, str, str], Mapping[str, list[str]]]


class BadField(ValueError):
    """A row that cannot be taken: which of our fields, and why."""

    def __init__(self, field_name: str, reason: str) -> None:
        super().__init__(reason)
        self.field_name = field_name


@dataclass(slots=True)
class Item:
    """One row on its way into a table."""

    row: Row
    columns: dict[str, Any]
    key: str | None = None
    found: int | None = None
    """The thing it stands for, when that is known by other means than its id."""
    id: int = 0
    outcome: Outcome = "unchanged"


@dataclass(slots=True)
class Loading:
    """The writing of one file."""

    work: Work
    ready: Prepared
    refs: Refs
    links: Links
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: Spool[Rejected] = field(default_factory=Spool)
    counts: Counter[str] = field(default_factory=Counter)
    """What is worth a note, with how often."""
    conflicts: list[str] = field(default_factory=list)
    rescore_accounts: set[int] = field(default_factory=set)
    rescore_ctas: set[int] = field(default_factory=set)

    @property
    def system(self) -> str:
        """Whose ids the file's ids are."""
        return self.ready.system

    def done(self, items: Sequence[Item]) -> None:
        """Counts rows by what became of them."""
        tally = Counter(item.outcome for item in items)
        self.created += tally["created"]
        self.updated += tally["updated"]
        self.unchanged += tally["unchanged"]

    def reject(self, row: Row, field_name: str, reason: str) -> None:
        """Puts a row aside with its reason."""
        self.rejected.append(
            Rejected(row.number, row.cells, self.ready.header_of(field_name) if field_name else "", reason)
        )

    def each(self, rows: Sequence[Row], make: Callable[[Row], Item | None]) -> list[Item]:
        """An item for each row; those that cannot be taken are put aside."""
        items = []
        for row in rows:
            try:
                item = make(row)
            except BadField as error:
                self.reject(row, error.field_name, str(error))
            except BadCell as error:
                self.reject(row, "account", str(error))
            else:
                if item is not None:
                    items.append(item)
        return items


class Accounts:
    """The accounts that the rows of one batch speak of."""

    def __init__(self, loading: Loading, rows: Sequence[Row], joined: str = "") -> None:
        """``joined``: the thing whose joins name the account where a row does not."""
        self._loading = loading
        self._joined = bool(joined) and loading.system == HUBSPOT
        refs = loading.refs
        self._joins = loading.links.get((loading.system, joined, "account"), {})
        joins = [other for row in rows for other in self._joins.get(row.values.get("id") or "", ())]
        self._ids = refs.ids_anywhere(
            "account", loading.system, [*(_first(row.values.get("account")) for row in rows), *joins]
        )

    def of(self, row: Row) -> int | None:
        """The account of a row; None when it names none. Raises BadField when it names one that is not here."""
        if key := _first(row.values.get("account")):
            if key not in self._ids:
                raise BadField("account", str(unknown_account(key)))
            return self._ids[key]
        if name := row.values.get("account_name"):
            return self._by_name(name)
        known = [self._ids[other] for other in self._joins.get(row.values.get("id") or "", ()) if other in self._ids]
        return known[0] if known else None

    def needed(self, row: Row) -> int:
        """The same, for rows that cannot be without an account."""
        found = self.of(row)
        if found is None:
            joins = self._joins.get(row.values.get("id") or "", ())
            if joins:
                raise BadField("account", f'Company "{joins[0]}", to which it is joined, is not known.')
            raise BadField(
                "account",
                "No account is named" + (", and no join table of this import gives one." if self._joined else "."),
            )
        return found

    def _by_name(self, name: str) -> int:
        same = self._loading.refs.accounts_named(name)
        if len(same) == 1:
            return same[0]
        if same:
            raise BadField("account_name", f'{len(same)} accounts are called "{name}": give the Account ID.')
        raise BadField("account_name", str(unknown_account(name)))


def _first(keys: str | None) -> str | None:
    """HubSpot puts several ids into one cell; the first is the primary one."""
    return keys.split(";")[0].strip() if keys and ";" in keys else keys


def _all_columns(item: Item) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((column, str(value)) for column, value in item.columns.items() if column != "extra"))


def upsert(
    loading: Loading,
    thing: str,
    items: list[Item],
    natural: Callable[[list[Item]], Mapping[int, int]] | None = None,
    complete: Callable[[Item], None] | None = None,
    same: Callable[[Item], Any] = _all_columns,
) -> list[Item]:
    """Writes items; returns those that were, with their ids and outcomes.

    ``natural`` finds, for items without an id, the thing they stand for (position → id). ``complete`` fills what
    only a new thing needs, and may raise BadField. ``same`` tells whether two new items are one thing.
    Blank cells clear facts and leave everything else as it is.
    """
    refs, what = loading.refs, table(thing)
    known = refs.ids(thing, loading.system, [item.key for item in items])
    bare = [item for item in items if item.key is None and item.found is None]
    by_nature = natural(bare) if natural is not None and bare else {}
    for position, item in enumerate(bare):
        item.found = by_nature.get(position)
    for item in items:
        item.id = known.get(item.key or "", item.found or 0)
    if "extra" in what.columns:
        _keep_extra(loading, thing, items)
    fresh, old = [], []
    for item in items:
        if item.id:
            old.append(item)
            continue
        try:
            if complete is not None:
                complete(item)
            fresh.append(item)
        except BadField as error:
            loading.reject(item.row, error.field_name, str(error))
    fresh, doubles = _without_doubles(fresh, same)
    _change(loading, thing, old, keep_blanks=what.is_fact)
    _make(loading, thing, fresh)
    for double, first in doubles:
        double.id = first.id
    _adopt(loading, thing, [item for item in old if item.key and item.key not in known])
    return sorted([*old, *fresh, *(double for double, _ in doubles)], key=lambda item: item.row.number)


def _without_doubles(fresh: list[Item], same: Callable[[Item], Any]) -> tuple[list[Item], list[tuple[Item, Item]]]:
    """Items that stand for one new thing: the last is made, the others count as unchanged."""
    keys = [item.key or same(item) for item in fresh]
    last = dict(zip(keys, fresh, strict=True))
    doubles = [(item, last[key]) for item, key in zip(fresh, keys, strict=True) if last[key] is not item]
    return list(last.values()), doubles


def _make(loading: Loading, thing: str, fresh: list[Item]) -> None:
    ids = loading.work.insert_many(thing, [{c: v for c, v in item.columns.items() if v is not None} for item in fresh])
    for item, id_ in zip(fresh, ids, strict=True):
        item.id, item.outcome = id_, "created"
    loading.refs.note_ids(thing, loading.system, {item.key: item.id for item in fresh if item.key})


def _change(loading: Loading, thing: str, old: list[Item], *, keep_blanks: bool) -> None:
    what = table(thing)
    blank_ok = what.columns.keys() - what.required if keep_blanks else frozenset()
    wanted = {item.id: {c: v for c, v in item.columns.items() if v is not None or c in blank_ok} for item in old}
    if thing in OURS:
        _leave_ours(loading, thing, wanted)
    changed = loading.work.update_many(thing, wanted)
    for item in old:
        if item.id in changed:
            item.outcome = "updated"


def _adopt(loading: Loading, thing: str, items: list[Item]) -> None:
    """Things found by another name get this system's id too."""
    ids = {item.key: item.id for item in items if item.key}
    if ids:
        loading.refs.note_ids(thing, loading.system, ids)
        for item in items:
            item.outcome = "updated"


def _keep_extra(loading: Loading, thing: str, items: list[Item]) -> None:
    """Unknown columns are added to those kept before."""
    with_extra = [item for item in items if item.row.extra or item.columns.get("extra")]
    old = [item.id for item in with_extra if item.id]
    kept: dict[int, dict[str, str]] = {}
    if old:
        params: dict[str, Any] = {}
        marks = loading.work.db.marks("i", old, params)
        stored = loading.work.db.all(f"SELECT id, extra FROM {thing} WHERE id IN ({marks})", **params)
        kept = {id_: as_json(extra) or {} for id_, extra in stored}
    for item in with_extra:
        item.columns["extra"] = kept.get(item.id, {}) | item.row.extra | (item.columns.get("extra") or {})


OURS: dict[str, tuple[str, ...]] = {
    "account": ("owner_id", "pool_id", "segment_id", "served_by", "stage", "status"),
    "membership": ("value_network", "network_role"),
    "csm": ("name", "email", "role", "active"),
    "cta": (
        "owner_id", "pool_id", "status", "outcome", "closed_at", "claimed_at", "touched_at", "opened_at", "due", "priority", "flagged",
        "title", "description", "type_id", "reason_id",
    ),
}  # fmt: skip
"""Fields that an import does not take back once somebody changed them here."""
_SAID = {"owner_id": "owner", "pool_id": "pool", "segment_id": "segment", "type_id": "type", "reason_id": "reason"}


def _leave_ours(loading: Loading, thing: str, wanted: dict[int, dict[str, Any]]) -> None:
    """Drops changes to fields whose present value was set here, and lists them as conflicts."""
    fields = OURS[thing]
    if not wanted:
        return
    params: dict[str, Any] = {}
    marks = loading.work.db.marks("i", list(wanted), params)
    what = table(thing)
    differ: dict[int, list[str]] = {}
    for id_, *values in loading.work.db.all(
        f"SELECT id, {', '.join(fields)} FROM {thing} WHERE id IN ({marks})", **params
    ):
        mine = [
            name for name, value in zip(fields, values, strict=True)
            if name in wanted[id_] and what.plain(name, value) != what.plain(name, wanted[id_][name])
        ]  # fmt: skip
        if mine:
            differ[id_] = mine
    for id_, name in set_here(loading.work, thing, differ, but="import"):
        del wanted[id_][name]
        loading.conflicts.append(f"{thing} {id_}: {_SAID.get(name, name)} was changed here and stays")


def same_facts(
    loading: Loading, thing: str, columns: Sequence[str], items: list[Item], *, narrow: Mapping[str, Sequence[Any]] | None = None,
    others: bool = False,
) -> dict[int, int]:  # fmt: skip
    """Position → id of the live row of the same account with the same values in ``columns``.

    Rows that another system names by an id are left out unless ``others``. ``narrow`` ({column: values}) spares the
    store from looking at the rest of an account's rows.
    """
    accounts = sorted({item.columns["account_id"] for item in items if item.columns.get("account_id")})
    if not accounts:
        return {}
    params: dict[str, Any] = {}
    marks = loading.work.db.marks("a", accounts, params)
    live = " AND t.superseded IS NULL" if table(thing).is_fact else ""
    own = (
        ""
        if others
        else f" AND NOT EXISTS (SELECT 1 FROM external_id e WHERE e.thing = '{thing}' AND e.thing_id = t.id)"
    )
    where = "".join(
        f" AND t.{column} IN ({loading.work.db.marks(f'n{n}_', values, params)})"
        for n, (column, values) in enumerate((narrow or {}).items())
    )
    known: dict[tuple[Any, ...], int] = {}
    for id_, *values in loading.work.db.all(
        f"SELECT t.id, t.account_id, {', '.join(f't.{c}' for c in columns)} FROM {thing} t"
        f" WHERE t.account_id IN ({marks}){live}{own}{where} ORDER BY t.id DESC",
        **params,
    ):
        known[tuple(_comparable(value) for value in values)] = id_
    wanted = [tuple(_comparable(item.columns.get(c)) for c in ("account_id", *columns)) for item in items]
    return {n: known[values] for n, values in enumerate(wanted) if values in known}


def _comparable(value: Any) -> Any:
    flat = plain(value)
    return flat.casefold() if isinstance(flat, str) else flat
