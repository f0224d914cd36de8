"""Processes that are killed with SIGKILL in the middle of what they do."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import Any

from proof.workers import context

BEFORE, DONE = b"?", b"!"


@dataclass(slots=True)
class Victim:
    """What one was told to say before it died: ``begun`` acts, of which some were acknowledged with a line."""

    number: int
    begun: int = 0
    acknowledged: list[list[str]] = field(default_factory=list)
    ended: bool = False
    """It came to its end before the kill."""

    @property
    def in_the_middle(self) -> bool:
        """It died after it began an act and before it told of its end."""
        return self.begun > len(self.acknowledged)


@dataclass(slots=True)
class _Running:
    victim: Victim
    process: Any
    pipe: Connection
    kill_at: float | None = None
    heard: bytes = b""


class Voice:
    """How a victim speaks: whole lines, each written with one system call, so that none arrives half."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def begins(self) -> None:
        """An act begins (the first of these also says: ready)."""
        self._say("?")

    def acknowledges(self, *words: object) -> None:
        """An act is done."""
        self._say("! " + " ".join(map(str, words)))

    def _say(self, words: str) -> None:
        import os

        os.write(self._pipe.fileno(), words.encode() + b"\n")


def slaughter(
    task: Callable[..., None], args: tuple[Any, ...], kills: int, longest: float, seed: int, at_once: int = 4, *, spare: bool = False
) -> list[Victim]:
    """Runs ``task(voice, number, *args)`` in processes, each killed at a random moment of its life.

    A life is at most ``longest`` seconds from its first "begins"; ``spare`` kills none. Returns all, in order.
    """
    ctx = context()
    dice = random.Random(seed)
    all_of_them: list[Victim] = []
    running: dict[Connection, _Running] = {}
    started = 0
    while started < kills or running:
        while started < kills and len(running) < at_once:
            ours, theirs = ctx.Pipe(duplex=False)
            process = ctx.Process(target=_life, args=(task, theirs, started, args))  # type: ignore[attr-defined]
            process.start()
            theirs.close()
            running[ours] = _Running(Victim(started), process, ours)
            all_of_them.append(running[ours].victim)
            started += 1
        _listen(running, dice, 3.6e5 if spare else longest)
    return all_of_them


def _listen(running: dict[Connection, _Running], dice: random.Random, longest: float) -> None:
    now = time.monotonic()
    due = min((one.kill_at for one in running.values() if one.kill_at is not None), default=now + 0.05)
    for pipe in wait(list(running), timeout=max(0.0, due - now)):
        assert isinstance(pipe, Connection)
        one = running[pipe]
        heard = _read(pipe)
        if not heard:
            del running[pipe]
            _bury(one)
            continue
        if one.kill_at is None:
            one.kill_at = time.monotonic() + dice.random() * longest
        one.heard += heard
    for one in running.values():
        if one.kill_at is not None and one.kill_at <= time.monotonic():
            one.process.kill()
            one.kill_at = None if one.process.exitcode is not None else one.kill_at + 1


def _read(pipe: Connection) -> bytes:
    import os

    with suppress(OSError):
        return os.read(pipe.fileno(), 1 << 16)
    return b""


def _bury(one: _Running) -> None:
    one.process.join()
    one.pipe.close()
    for said in one.heard.split(b"\n"):
        if said == BEFORE:
            one.victim.begun += 1
        elif said.startswith(DONE):
            one.victim.acknowledged.append(said.decode().split()[1:])
    one.victim.ended = one.process.exitcode == 0
    if one.process.exitcode not in (0, -9):
        raise RuntimeError(f"a victim died of something else: {one.process.exitcode}")
    one.process.close()


def _life(task: Callable[..., None], pipe: Connection, number: int, args: tuple[Any, ...]) -> None:
    task(Voice(pipe), number, *args)
