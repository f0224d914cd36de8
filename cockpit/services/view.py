"""Saved views: a query with its sort and columns, one's own or shared with everybody."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from cockpit.desk import Desk
from cockpit.domain.nearest import did_you_mean
from cockpit.services import editing
from cockpit.services.act import LEADERS, Work, act
from cockpit.services.errors import Ambiguous, Forbidden, NotFound, Refused
from db.reads import account, cta
from db.reads import view as reads
from db.reads.view import ViewRow

SCREENS = {"queue": "cta", "work": "cta", "accounts": "account"}
"""Each screen that has views, and what its query selects."""
_SORTS = {"cta": cta.SORTS, "account": account.SORTS}


@dataclass(frozen=True, slots=True)
class Saved:
    """A view that was saved; ``is_new`` is False when it took the place of one of the same name."""

    id: int
    is_new: bool
    act: int | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Dropped:
    """A view that was deleted."""

    id: int
    act: int | None = None
    said: str = ""


def views(desk: Desk, screen: str) -> tuple[ViewRow, ...]:
    """The views of a screen that I see: mine and the shared ones, by name. Raises Refused (screen)."""
    _entity(screen)
    with desk.store.read() as db:
        rows = reads.views(db, screen, desk.me.id)
    return tuple(dataclasses.replace(row, is_mine=row.owner_id == desk.me.id) for row in rows)


def find_view(desk: Desk, screen: str, ref: str | int) -> ViewRow:
    """The view of this name (mine before others') or id. Raises NotFound with the nearest name, Ambiguous."""
    return _pick(views(desk, screen), str(ref))


@act("save_view")
def save_view(
    work: Work,
    screen: str,
    name: str,
    query: str = "",
    sort: str | None = None,
    columns: Sequence[str] | None = None,
    shared: bool = False,
) -> Saved:
    """Keeps a query under a name, in place of mine of that name if there is one.

    Raises QueryError (the query is not understood), Refused (screen, sort, no name).
    """
    entity = _entity(screen)
    called = editing.line(name, "A view's name", required=True)
    text = editing.line(query, "A query") or ""
    _check_query(work, entity, text)
    if sort is not None and sort not in _SORTS[entity]:
        known = ", ".join(_SORTS[entity])
        raise Refused("sort", f"This screen has no sort {sort!r}.{did_you_mean(sort, _SORTS[entity])} There are {known}.")
    shown = None if columns is None else [word for column in columns if (word := editing.line(column, "A column"))]
    values = {"query": text, "sort": sort, "columns": shown, "shared": shared}
    mine = work.db.scalar(
        "SELECT id FROM view WHERE screen = :screen AND name = :name AND owner_id = :me",
        screen=screen, name=called, me=work.me.id,
    )  # fmt: skip
    if mine is None:
        id_ = work.insert("view", {"screen": screen, "name": called, "owner_id": work.me.id, **values})
    else:
        id_ = int(mine)
        work.update("view", id_, values)
    work.say(f"Saved view {called}{', shared with everybody' if shared else ''}")
    return Saved(id_, mine is None, said=work.act.what)


@act("delete_view")
def delete_view(work: Work, screen: str, ref: str | int) -> Dropped:
    """Deletes a view, by name or id: mine, or as a manager a shared one. Raises NotFound, Ambiguous, Forbidden."""
    _entity(screen)
    seen = [dataclasses.replace(r, is_mine=r.owner_id == work.me.id) for r in reads.views(work.db, screen, work.me.id)]
    one = _pick(seen, str(ref))
    if not one.is_mine and work.me.role not in LEADERS:
        raise Forbidden(f"View {one.name} is {one.owner or 'nobody'}'s: they or a manager can delete it.")
    work.delete("view", one.id)
    work.say(f"Deleted view {one.name}")
    return Dropped(one.id, said=work.act.what)


def _entity(screen: str) -> str:
    if screen not in SCREENS:
        known = ", ".join(SCREENS)
        raise Refused("screen", f"No screen with views is called {screen!r}.{did_you_mean(screen, SCREENS)} There are {known}.")
    return SCREENS[screen]


def _check_query(work: Work, entity: str, text: str) -> None:
    if text:
        from db.query import compile_query

        compile_query(
            text, entity, today=work.today, now=work.now, me_id=work.me.id, dialect=work.db.dialect,
            zone=ZoneInfo(work.me.time_zone),
        )  # fmt: skip


def _pick(seen: Sequence[ViewRow], text: str) -> ViewRow:
    wanted = text.strip()
    found = [one for one in seen if one.name.casefold() == wanted.casefold()]
    found = [one for one in found if one.is_mine] or found
    found = found or [one for one in seen if wanted.isdigit() and one.id == int(wanted)]
    if len(found) == 1:
        return found[0]
    if found:
        listed = [f"{one.name} of {one.owner or 'the store'} (id {one.id})" for one in found]
        raise Ambiguous(f"Several views are called {wanted!r}: {', '.join(listed)}. Say which by its id.", listed)
    raise NotFound(f"There is no view {wanted!r} here.{did_you_mean(wanted, [one.name for one in seen])}")


__all__ = [
    "Dropped", "SCREENS", "Saved", "ViewRow", "delete_view", "find_view", "save_view", "views",
]  # fmt: skip
