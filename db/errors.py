"""What can go wrong with a store.

StoreError
├── StoreMissing    there is nothing at that place
├── StoreForeign    there is something, but not a store of ours, or a damaged one
├── StoreVersion    made by an older or a newer version
├── StoreUnreachable the server or the file does not answer
│   ├── StoreGone   the server went away in the middle: nothing was written
│   └── StoreUnsure the server went away while it was saving: nobody knows yet
├── StoreBusy       others hold it; tried again, and in the end said so
└── OutOfPatience   a search took too long for its caller, or is no longer wanted

Each carries the sentence its reader gets.
"""

from __future__ import annotations


class StoreError(Exception):
    """The store cannot be used; the message says what to do."""


class StoreMissing(StoreError):
    """There is nothing at that place."""


class StoreForeign(StoreError):
    """There is something, but not a store of ours, or a damaged one."""


class StoreVersion(StoreError):
    """Made by an older or a newer version of Cockpit."""


class StoreUnreachable(StoreError):
    """The server or the file does not answer."""


class StoreGone(StoreUnreachable):
    """The server went away before a transaction was to be kept: nothing was written."""


class StoreUnsure(StoreUnreachable):
    """The server went away while it was keeping a transaction: it did or it did not."""


class StoreBusy(StoreError):
    """Others hold what we need; trying again is right."""


class OutOfPatience(StoreError):
    """A search took longer than its caller would wait, or nobody waits for it any more."""
