"""Taking things out of a list and keeping them: copies, exports, saved views."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from cockpit.domain import say
from cockpit.domain.export_cell import safe_cell
from cockpit.tui.copying import Copying, copy_rows
from cockpit.tui.files import write_new
from cockpit.tui.modals.field import Values
from cockpit.tui.perform import ACT
from cockpit.tui.widgets.window import Row

if TYPE_CHECKING:
    from cockpit.services.view import ViewRow
    from cockpit.tui.screens.list_screen import ListScreen

    Base = ListScreen
else:

    class Base:
        """At run time the mixin has no base of its own."""

        def __class_getitem__(cls, item: object) -> type:
            return cls


R = TypeVar("R", bound=Row)
CHUNK = 500


class Keeping(Copying, Base[R], Generic[R]):
    """Mixed into list screens; they say what a row is in words."""

    def copy_head(self) -> Sequence[str]:
        """Titles of a copy."""
        raise NotImplementedError

    def copy_cells(self, row: R) -> Sequence[str]:
        """A row of a copy."""
        raise NotImplementedError

    def rows_in(self, ids: Sequence[int]) -> Sequence[R]:
        """These rows; runs in a worker thread."""
        raise NotImplementedError

    def every_id(self) -> Sequence[int]:
        """The ids of all that match; runs in a worker thread."""
        raise NotImplementedError

    # Copies ------------------------------------------------------------------------------------

    def copy_them(self, *, as_markdown: bool) -> None:
        """See Copying."""
        ids = self._ids_shown()
        copy_rows(self, self.copy_head(), lambda: [self.copy_cells(row) for row in self._all(ids())], as_markdown=as_markdown)

    def _ids_shown(self, *, every: bool = False) -> Callable[[], Sequence[int]]:
        rows = self.rows
        marks, row = rows.marks, rows.row
        chosen, is_all = frozenset(marks.ids), marks.all
        if is_all or (every and not marks):
            return lambda: [i for i in self.every_id() if i not in chosen]
        if marks:
            seen = [one.id for one in rows.window.rows if one.id in chosen]
            return lambda: [*seen, *sorted(chosen - set(seen))]
        return lambda: [row.id] if row is not None else []

    def _all(self, ids: Sequence[int]) -> list[R]:
        return [row for start in range(0, len(ids), CHUNK) for row in self.rows_in(ids[start : start + CHUNK])]

    # Exports -----------------------------------------------------------------------------------

    def act_export(self) -> None:
        """What the filter shows (or what is marked) as a CSV file."""
        ids = self._ids_shown(every=True)
        folder = self.cockpit.export_folder()
        head, name = self.copy_head(), f"{self.place_name}-{self.desk.today().isoformat()}"

        def write() -> tuple[int, Path]:
            import csv
            import io

            rows = self._all(ids())
            out = io.StringIO()
            writer = csv.writer(out)
            writer.writerow(head)
            writer.writerows([safe_cell(cell) for cell in self.copy_cells(row)] for row in rows)
            return len(rows), write_new(folder, name, "csv", out.getvalue())

        def written(result: tuple[int, Path]) -> None:
            self.say(f"Wrote {say.plural(result[0], 'row')} to {result[1]}")

        self.later(ACT, write, written)

    # Views -------------------------------------------------------------------------------------

    def act_views(self) -> None:
        """Open a saved view."""
        from cockpit.services.view import views
        from cockpit.tui.modals.pick import Pick

        def arrived(found: Sequence[ViewRow]) -> None:
            if not found:
                key = self.cockpit.keys.shown("save_view")
                self.refuse(f"No view is saved for this screen; {key} saves the filter you see.")
                return
            by_id = {str(v.id): v for v in found}
            options = [(str(v.id), v.name, f"{v.query or 'everything'}{' · shared' if v.shared else ''}") for v in found]

            def chosen(id_: str | None) -> None:
                if id_ is not None:
                    self.show_view(by_id[id_].query, by_id[id_].sort)

            self.app.push_screen(Pick("Views", options, self.palette), chosen)

        self.later("views", lambda: views(self.desk, self.place_name), arrived)

    def show_view(self, query: str, sort: str | None) -> None:
        """Filter and sort as a view says."""
        if sort in self.sorts:
            self.sort = str(sort)
        self.asked = query
        self.reload()

    def act_save_view(self) -> None:
        """Save filter and sort under a name."""
        from cockpit.services.view import save_view
        from cockpit.tui.modals import ask

        def then(values: Values) -> None:
            self.do(
                lambda: save_view(
                    self.desk, self.place_name, values["name"], query=values["query"], sort=self.sort, shared=values["shared"] == "yes"
                )
            )

        self.ask(ask.save_view(self.kept_query()), then)

    def kept_query(self) -> str:
        """What a view keeps: the filter, and whatever else chooses the rows here."""
        return self.where
