"""Processes that wait at the gate of a store and say where they are."""

from __future__ import annotations

from multiprocessing.connection import Connection

from db.gate import Gate


class Announcing(Gate):
    """Says so when it has its number."""

    def __init__(self, path: str, pipe: Connection) -> None:
        super().__init__(path)
        self._pipe = pipe

    def _number(self, file: int) -> int | None:
        number = super()._number(file)
        self._pipe.send("waits")
        return number


def take_a_turn(path: str, pipe: Connection) -> None:
    """Waits, says "in", and leaves when told to (or when killed)."""
    with Announcing(path, pipe).turn():
        pipe.send("in")
        pipe.recv()
