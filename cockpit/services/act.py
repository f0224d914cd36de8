"""What makes a function a use-case: one transaction, one act, who may, once, tried again when others hold the store."""

from __future__ import annotations

import functools
import hashlib
import random
import time
from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Any, Concatenate, ParamSpec, TypeVar, get_type_hints

from cockpit.desk import Desk, Me
from cockpit.services.errors import Forbidden, Refused
from cockpit.services.frozen import thaw, to_plain
from db.connection import Db, as_json
from db.errors import StoreBusy
from db.journal import Act
from db.terms import Face, Role
from db.write import Writer

P = ParamSpec("P")
R = TypeVar("R")

WORKERS = frozenset({Role.CSM, Role.JUNIOR, Role.MANAGER, Role.OPS})
LEADERS = frozenset({Role.MANAGER, Role.OPS})
PATIENCE_S = 20.0
"""How long an act waits for others, over all its tries."""
REGISTRY: dict[str, tuple[str, Callable[..., Any]]] = {}
"""Every use-case that writes, by its full name: (verb, function). A test runs each and looks at its journal."""


class Work(Writer):
    """An act in progress: the transaction, the journaled writers, who and when."""

    def __init__(self, db: Db, act: Act, desk: Desk) -> None:
        super().__init__(db, act)
        self.desk = desk
        self.me: Me = desk.me
        self.now: datetime = act.at
        self.today: date = desk.today()

    def say(self, what: str) -> None:
        """The act in words, as its doer and the audit read it."""
        self.act.what = what


def act(
    verb: str, by: Collection[Role] = WORKERS
) -> Callable[[Callable[Concatenate[Work, P], R]], Callable[Concatenate[Desk, P], R]]:
    """Makes ``f(work, …)`` a use-case ``f(desk, …)`` done in one transaction under one act.

    A result with an ``act`` field gets the act's id (None when nothing changed). Raises Refused when a
    rule, the role or read-only says no, StoreBusy when others hold the store past PATIENCE_S.
    """

    def make(function: Callable[Concatenate[Work, P], R]) -> Callable[Concatenate[Desk, P], R]:
        @functools.wraps(function)
        def use_case(desk: Desk, *args: P.args, **kwargs: P.kwargs) -> R:
            _check_may(desk, verb, by)
            return _retried(lambda: _once(desk, verb, function, lambda work: function(work, *args, **kwargs)))

        REGISTRY[f"{function.__module__}.{function.__qualname__}"] = (verb, use_case)
        return use_case

    return make


def _once(desk: Desk, verb: str, function: Callable[..., R], body: Callable[[Work], R]) -> R:
    uid = (
        b"" if desk.once is None else hashlib.sha256(f"{desk.me.login}\x1f{verb}\x1f{desk.once}".encode()).digest()[:16]
    )
    with desk.store.write() as db:
        if uid and (done := db.one("SELECT id, result FROM act WHERE uid = :uid", uid=uid)):
            return _with_act(thaw(get_type_hints(function)["return"], as_json(done[1])), done[0])
        work = Work(db, Act(verb, desk.face, desk.me.login, desk.me.id, desk.now(), uid=uid), desk)
        result = body(work)
        work.act.result = to_plain(result) if uid else None
        act_id = work.journal.close()
        work.journal.finish()
        return _with_act(result, act_id)


def _with_act(result: R, act_id: int | None) -> R:
    import dataclasses

    if (
        dataclasses.is_dataclass(result)
        and not isinstance(result, type)
        and "act" in {f.name for f in dataclasses.fields(result)}
    ):
        return dataclasses.replace(result, act=act_id)
    return result


def _check_may(desk: Desk, verb: str, by: Collection[Role]) -> None:
    if desk.read_only or desk.as_of is not None:
        raise Refused("read_only", "Nothing is written here: Cockpit was opened read-only.")
    if desk.me.role not in by and desk.face is not Face.SYSTEM:
        raise Forbidden(f"{desk.me.name} ({desk.me.role}) may not {verb.replace('_', ' ')}.")
    if desk.clock_is_set and desk.store.dialect == "postgresql" and desk.store.kind == "team":
        raise Refused("clock", "COCKPIT_NOW is set: a team's store takes no acts at a made-up time.")


def _retried(attempt: Callable[[], R]) -> R:
    deadline = time.monotonic() + PATIENCE_S
    pause = 0.01
    while True:
        try:
            return attempt()
        except StoreBusy:
            if time.monotonic() + pause > deadline:
                raise
            time.sleep(pause * (0.5 + random.random()))
            pause = min(pause * 2, 0.5)


def plain_result(result: Any) -> Any:
    """A use-case's result as JSON holds it; for faces that print it."""
    return to_plain(result)
