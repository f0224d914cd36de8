"""Import of other systems' exports. Faces call ``import_files``; what it needs is loaded when it is first named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cockpit.services.exchange.report import ColumnReading, FileReport, FileState, How, Reject, UnreadableFile

if TYPE_CHECKING:
    from cockpit.services.exchange.apply import import_files

__all__ = ["ColumnReading", "FileReport", "FileState", "How", "Reject", "UnreadableFile", "import_files"]


def __getattr__(name: str) -> Any:
    if name != "import_files":
        raise AttributeError(name)
    from cockpit.services.exchange.apply import import_files

    return import_files
