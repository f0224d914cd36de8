"""What an import says about each file: how it was understood, what became of each row."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class UnreadableFile(Exception):
    """A file that cannot be read; the message is the sentence its owner gets."""


class FileState(StrEnum):
    """What became of one file."""

    IMPORTED = "imported"
    NOTHING = "nothing for us"
    """Recognised, but Cockpit keeps nothing of the kind; every row is rejected with that reason."""
    NOT_YET = "not yet"
    UNKNOWN = "unknown"
    UNREADABLE = "unreadable"
    SKIPPED = "skipped"
    """Not data (a licence, a read-me); found in a folder."""


class How(StrEnum):
    """How sure we are of what a column means."""

    MAP = "map"
    HEADER = "header"
    GUESS = "guess"
    KEPT = "kept"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class ColumnReading:
    """How one column was understood; ``field`` is our header, None when the column is only kept."""

    header: str
    field: str | None
    how: How
    sample: str = ""


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that was not taken: the row as a spreadsheet counts, the column at fault and the reason."""

    row: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class FileReport:
    """One file of an import. ``read`` = created + updated + unchanged + rejected."""

    file: str
    state: FileState
    kind: str | None = None
    system: str | None = None
    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    rejects_file: str | None = None
    act: int | None = None
    message: str = ""
    """The sentence for a file that was not taken as a whole."""
    notes: tuple[str, ...] = ()
    columns: tuple[ColumnReading, ...] = ()
    unknown_columns: tuple[str, ...] = ()
    preview: tuple[dict[str, str], ...] = ()
    """The first rows as they were understood, by our headers."""
    rejects: tuple[Reject, ...] = field(default=())
    """The first few rejected rows; all of them are in ``rejects_file``."""

    @property
    def failed(self) -> bool:
        """Whether the file as a whole could not be taken: an import with such a file exits with 1."""
        return self.state in (FileState.UNREADABLE, FileState.UNKNOWN, FileState.NOT_YET)
