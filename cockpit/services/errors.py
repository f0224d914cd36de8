"""What a use-case may refuse, with the sentence its reader gets.

Refused             a rule said no; nothing was changed
├── NotFound        no such thing
├── Ambiguous       several things have that name
├── Forbidden       this role may not
└── Conflict        somebody changed it meanwhile
"""

from __future__ import annotations

from collections.abc import Sequence

from db.errors import OutOfPatience as OutOfPatience  # the faces know these from here
from db.errors import StoreError as StoreError
from db.errors import StoreMissing as StoreMissing


class Refused(Exception):
    """A rule said no. ``code`` is for scripts, the message for people; nothing was changed."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class NotFound(Refused):
    """No such thing."""

    def __init__(self, message: str) -> None:
        super().__init__("not_found", message)


class Ambiguous(Refused):
    """Several things have that name."""

    def __init__(self, message: str, candidates: Sequence[str] = ()) -> None:
        super().__init__("ambiguous", message)
        self.candidates = tuple(candidates)


class Forbidden(Refused):
    """This role may not."""

    def __init__(self, message: str) -> None:
        super().__init__("forbidden", message)


class Conflict(Refused):
    """Somebody changed it meanwhile."""

    def __init__(self, message: str) -> None:
        super().__init__("conflict", message)
