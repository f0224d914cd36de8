"""A Textual app that shows a DataTable of 100 rows of the queue's width and nothing else."""

from textual.app import App, ComposeResult
from textual.widgets import DataTable


class BareTable(App[None]):
    """A DataTable as its documentation shows it."""

    def compose(self) -> ComposeResult:
        table: DataTable[str] = DataTable(cursor_type="row")
        table.add_columns("score", "type", "account", "reason", "due", "arr", "health")
        for n in range(100):
            table.add_row(f"{99 - n}", "RISK", f"Account {n:03}", "Usage dropped 38%", f"{n}d", f"{n}k", f"{n}")
        yield table


BareTable().run()
