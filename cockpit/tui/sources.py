"""Where lists get their rows: services' pages as the blocks a list understands. Called in worker threads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from cockpit.services import queue
from cockpit.services.queue import CtaRow, QueueQuery
from cockpit.tui.widgets.window import PAGE, Ask, Block, Row

if TYPE_CHECKING:
    from cockpit.desk import Desk

R = TypeVar("R", bound=Row)
T_co = TypeVar("T_co", covariant=True)


class ServicePage(Protocol[T_co]):
    """A page as services return it."""

    @property
    def rows(self) -> Sequence[T_co]: ...
    @property
    def first(self) -> Any: ...
    @property
    def last(self) -> Any: ...
    @property
    def more(self) -> bool: ...


def block(ask: Ask, page: ServicePage[R]) -> Block[R]:
    """A service's page as a block: where its neighbours begin follows from which way it was read."""
    back = ask.kind in ("before", "last")
    before = page.more if back else ask.kind == "after"
    after = ask.kind == "before" if back else page.more
    return Block(page.rows, page.first if before else None, page.last if after else None)


def where_to(ask: Ask) -> dict[str, Any]:
    """The arguments of a service's page for what a list asks."""
    if ask.kind == "last":
        return {"at_end": True, "limit": PAGE}
    return {ask.kind: ask.cursor, "limit": PAGE} if ask.kind != "first" else {"limit": PAGE}


@dataclass(frozen=True, slots=True)
class CtaSource:
    """CTAs of a query."""

    desk: Desk
    query: QueueQuery

    def page(self, ask: Ask) -> Block[CtaRow]:
        """One page of CTAs."""
        return block(ask, queue.queue_page(self.desk, self.query, **where_to(ask)))

    def fate(self, row: CtaRow) -> str:
        """Who took it, or how else it went."""
        now = queue.ctas_by_id(self.desk, [row.id]).get(row.id)
        return fate_of(now, self.desk.me.login)


def fate_of(now: CtaRow | None, me: str) -> str:
    """What became of a CTA that left a list, in two or three words."""
    if now is None:
        return "gone"
    if now.status == "closed":
        return "closed" + (f" by {now.owner_name}" if now.owner_name else "")
    if now.owner == me:
        return "yours now"
    if now.owner:
        return f"taken by {now.owner_name or now.owner}"
    return "snoozed" if now.snoozed_at else "no longer matches"


@dataclass(frozen=True, slots=True)
class FixedSource(Generic[R]):
    """A short list that is read whole."""

    read: Callable[[], Sequence[R]]

    def page(self, ask: Ask) -> Block[R]:
        """Everything."""
        return Block(tuple(self.read()) if ask.kind in ("first", "last") else ())

    def fate(self, row: R) -> str:
        """It is no longer there."""
        return "gone"
