"""Documents: briefs and EBR packs of the account, made here, read here, written as Markdown, HTML or PDF."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.tui.panes.base import ListPane
from cockpit.tui.render.columns import Cell, Column, Drawing, Table
from cockpit.tui.render.line import Line
from cockpit.tui.render.safe import plain
from cockpit.tui.sources import FixedSource
from cockpit.tui.theme import Palette
from cockpit.tui.widgets.row_reader import Source

if TYPE_CHECKING:
    from cockpit.services.document import DocumentRow, MadeDocument
    from cockpit.tui.modals.field import Values


def _age(row: DocumentRow, d: Drawing) -> Cell:
    days = d.days(row.at)
    return ("today" if days <= 0 else f"{days}d"), d.palette.text


def _made(row: DocumentRow, d: Drawing) -> Cell:
    return row.author_name or "–", d.palette.dim


class DocumentsPane(ListPane["DocumentRow"]):
    """What was written about this customer."""

    name_ = "documents"
    letter = "d"
    title = "Documents"
    things = frozenset({"document"})
    head = ("kind", "title", "made", "by")

    def table(self) -> Table[DocumentRow]:
        """What, when, by whom."""
        return Table(
            (
                Column("kind", "kind", 6, lambda r, d: (r.kind, d.palette.dim), keep=0),
                Column("title", "title", 30, lambda r, d: (r.title, d.palette.strong), keep=0, grow=4, most=70),
                Column("age", "made", 6, _age, "right", keep=0),
                Column("author", "by", 14, _made, keep=1, grow=1, most=24),
            )
        )

    def source(self) -> Source[DocumentRow]:
        """The latest first."""
        from cockpit.services.document import documents

        return FixedSource(lambda: documents(self.host.desk, self.account_id))

    def cells(self, row: DocumentRow) -> Sequence[str]:
        """A row of a copy."""
        return [row.kind, plain(row.title), row.at.date().isoformat(), plain(row.author_name)]

    def why_empty(self) -> Sequence[str]:
        """None was made."""
        return ("No brief and no EBR pack was made for this account.", "a makes one · enter reads it · E writes it to a file")

    def row_word(self) -> str:
        """A document, if there is one."""
        return "document" if self.rows.row is not None else ""

    def act_add(self) -> None:
        """Which, then make it."""
        from cockpit.services.document import KINDS
        from cockpit.tui.modals.pick import Pick

        def chosen(kind: str | None) -> None:
            if kind == "brief":
                self._make("brief", {})
            elif kind is not None:
                self._ask_period()

        self.app.push_screen(Pick("Make", [(kind, name, "") for kind, name in KINDS.items()], self.host.palette), chosen)

    def _ask_period(self) -> None:
        from cockpit.tui.modals import ask
        from cockpit.tui.modals.field import Field, FormSpec

        fields = (
            Field("from", "From", hint="empty: 90 days before the last day"),
            Field("to", "To", hint="empty: today"),
        )
        check = ask.readable(self.host.desk, "from", "to", backward=True)
        spec = FormSpec(f"EBR pack · {self.host.account_name}", fields, "make", check=check)
        self.host.ask(spec, lambda values: self._make("ebr", values))

    def _make(self, kind: str, values: Values) -> None:
        from cockpit.domain.when import parse_when
        from cockpit.services.document import make_document
        from cockpit.tui.modals.ask import calendar_of

        desk = self.host.desk
        given = [values.get(name, "") for name in ("from", "to")]
        days = [parse_when(one, desk.today(), calendar_of(desk), backward=True) if one else None for one in given]
        self.host.do(lambda: make_document(desk, kind, self.account_id, *days), self._show, lambda made: made.said or made.title)

    def act_open(self) -> None:
        """Read it."""
        from cockpit.services.document import show_document

        row = self.rows.row
        if row is not None:
            self.host.later("document", lambda: show_document(self.host.desk, row.id), self._read)

    def act_edit(self) -> None:
        """Documents stay as they were made."""
        self.host.refuse("A document stays as it was made; a makes another, and cockpit template changes what they say.")

    def _show(self, made: MadeDocument) -> None:
        self.host.acted()
        self._read(made)

    def _read(self, made: MadeDocument | DocumentRow) -> None:
        from cockpit.tui.modals.sheet import Sheet
        from cockpit.tui.render.paper import paper_lines

        def draw(width: int, p: Palette) -> list[Line]:
            return paper_lines(made.body, width, p)

        self.app.push_screen(Sheet(f"{made.title} · {made.account}", draw, self.host.palette, wide=True))

    def act_export(self) -> None:
        """As which, then write it."""
        from cockpit.services.document import FORMATS
        from cockpit.tui.modals.pick import Pick

        row = self.rows.row
        if row is None:
            return

        def chosen(form: str | None) -> None:
            if form is not None:
                self._write(row, form)

        self.app.push_screen(Pick("Write as", [(form, form, "") for form in FORMATS], self.host.palette), chosen)

    def _write(self, row: DocumentRow, form: str) -> None:
        from cockpit.services.document import show_document, write_document
        from cockpit.tui.files import write_new

        desk, folder = self.host.desk, self.host.cockpit.export_folder()

        def write() -> Path:
            name = f"{row.kind}-{self.account_id}-{desk.today().isoformat()}"
            return write_new(folder, name, form, lambda file: write_document(desk, show_document(desk, row.id), file))

        self.host.later("export", write, lambda path: self.host.say(f"Wrote {path}"))
