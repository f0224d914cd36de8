"""What can go wrong with a store.

StoreError
├── StoreMissing    there is nothing at that place
├── StoreForeign    there is something, but not a store of ours, or a damaged one
├── StoreVersion    made by an older or a newer version
├── StoreUnreachable the server or the file does not answer
└── StoreBusy       others hold it; tried again, and in the end said so

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


class StoreBusy(StoreError):
    """Others hold what we need; trying again is right."""
