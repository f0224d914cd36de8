"""What makes a function a use-case: one transaction, one act, who may, once, tried again when others hold the store."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import os
import random
import time
from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, cast, get_type_hints

from cockpit.desk import Desk, Me
from cockpit.services.errors import Forbidden, Refused
from cockpit.services.frozen import thaw, to_plain
from cockpit.services.roles import LEADERS as LEADERS
from cockpit.services.roles import WORKERS as WORKERS
from cockpit.services.roles import refusal
from cockpit.services.touched import may_prove
from db.connection import Db, as_json, broke_a_constraint
from db.errors import StoreBusy, StoreGone, StoreUnsure
from db.journal import Act
from db.terms import Face, Role
from db.values import new_uid
from db.write import Writer

P = ParamSpec("P")
R = TypeVar("R")

PATIENCE_S = 20.0
"""How long an act waits for others, over all its tries."""
UNSURE_S = 5.0
"""How long it waits for a server that went away while saving, to learn whether it did."""
TAKES = frozenset({"claim", "next"})
"""What one takes on as far as one's limits leave room."""
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
    verb: str, by: Collection[Role] | None = None
) -> Callable[[Callable[Concatenate[Work, P], R]], Callable[Concatenate[Desk, P], R]]:
    """Makes ``f(work, …)`` a use-case ``f(desk, …)`` done in one transaction under one act.

    Who may is in ``cockpit.services.roles``; ``by`` is for verbs that are not in its table.

    A result with an ``act`` field gets the act's id (None when nothing changed). Raises Refused when a
    rule, the role or read-only says no, StoreBusy when others hold the store past PATIENCE_S.
    """

    def make(function: Callable[Concatenate[Work, P], R]) -> Callable[Concatenate[Desk, P], R]:
        @functools.wraps(function)
        def use_case(desk: Desk, *args: P.args, **kwargs: P.kwargs) -> R:
            check_may(desk, verb, by)
            return _retried(_Attempt(desk, verb, function, lambda work: function(work, *args, **kwargs)))

        done = cast("Callable[Concatenate[Desk, P], R]", use_case)
        REGISTRY[f"{function.__module__}.{function.__qualname__}"] = (verb, done)
        return done

    return make


class _Attempt(Generic[R]):
    """One act, tried until it is known to be done: it has one uid however often it is tried."""

    def __init__(self, desk: Desk, verb: str, function: Callable[..., R], body: Callable[[Work], R]) -> None:
        self._desk, self._verb, self._function, self._body = desk, verb, function, body
        self.look = desk.once is not None
        """Whether it may have been done already: a caller's key says so, or an answer that was lost."""
        self._uid = new_uid(desk.now(), os.urandom)
        if desk.once is not None:
            words = f"{desk.me.login}\x1f{verb}\x1f{desk.once}"
            self._uid = hashlib.sha256(words.encode()).digest()[:16]
        self._made: R | None = None

    def __call__(self) -> R:
        desk = self._desk
        with desk.store.write(desk.me.id if self._verb in TAKES else None) as db:
            at = desk.store.stamp(db)
            if at is not None and desk.store.kind == "team":  # colleagues' clocks differ, the server's is one
                desk = dataclasses.replace(desk, clock=_standing(at))
            if self.look and (done := self._done(db)):
                return _with_act(self._first(done[1]), done[0])
            work = Work(db, Act(self._verb, desk.face, desk.me.login, desk.me.id, desk.now(), uid=self._uid), desk)
            result = self._made = _and_proven(work, self._body(work))
            work.act.result = None if desk.once is None else to_plain(result)
            act_id = work.journal.close()
            work.journal.finish()
            return _with_act(result, act_id)

    def _done(self, db: Db) -> tuple[Any, ...] | None:
        done = db.one("SELECT id, result, actor FROM act WHERE uid = :uid", uid=self._uid)
        if done and done[2] != self._desk.me.login:  # whoever knows a colleague's key could have had her told that it was done
            raise Refused("once", f"Act {done[0]} by {done[2]} stands where this --once would: nothing was done. Take another key.")
        return done

    def _first(self, stored: Any) -> R:
        if self._desk.once is None:  # it was this very attempt that was kept
            return cast("R", self._made)
        first: R = thaw(get_type_hints(self._function)["return"], as_json(stored))
        return first


def _and_proven(work: Work, result: R) -> R:
    """Closes the steps of playbooks that the act has done, in the act itself, and says so."""
    if not may_prove(work.act.verb, work.journal.touched):
        return result
    from cockpit.services.evidence import after_act

    words = after_act(work)
    if not words:
        return result
    work.act.what += words
    said = getattr(result, "said", None)
    if isinstance(said, str) and said and dataclasses.is_dataclass(result) and not isinstance(result, type):
        return dataclasses.replace(result, said=said + words)
    return result


def _standing(at: datetime) -> Callable[[], datetime]:
    return lambda: at


def _with_act(result: R, act_id: int | None) -> R:
    if (
        dataclasses.is_dataclass(result)
        and not isinstance(result, type)
        and "act" in {f.name for f in dataclasses.fields(result)}
    ):
        return dataclasses.replace(result, act=act_id)
    return result


def check_may(desk: Desk, verb: str, by: Collection[Role] | None = None) -> None:
    """Raises Refused or Forbidden unless who sits here may do this at all."""
    if desk.read_only or desk.as_of is not None:
        raise Refused("read_only", "Nothing is written here: Cockpit was opened read-only.")
    no = None if desk.face is Face.SYSTEM else refusal(desk.me.name, desk.me.role, verb, by)
    if no is not None:
        raise Forbidden(no)
    if desk.clock_is_set and desk.store.dialect == "postgresql" and desk.store.kind == "team":
        raise Refused("clock", "COCKPIT_NOW is set: a team's store takes no acts at a made-up time.")


def _retried(attempt: _Attempt[R]) -> R:
    """Tries again when others hold the store, and when the server went away and is back at once.

    When it went away while saving, the act's uid tells whether it did: nothing is done twice.
    """
    deadline = time.monotonic() + PATIENCE_S
    pause = 0.01
    lost: StoreGone | StoreUnsure | None = None
    while True:
        try:
            return attempt()
        except StoreBusy:
            if time.monotonic() + pause > deadline:
                raise
        except StoreUnsure as error:
            lost, attempt.look = error, True
            deadline = min(deadline, time.monotonic() + UNSURE_S)
        except StoreGone as error:
            if isinstance(lost, StoreUnsure):
                if time.monotonic() + pause > deadline:
                    raise lost from error
            elif lost is not None:
                raise
            else:
                lost = error
        except Exception as error:
            # Somebody else, or our own lost attempt, has kept this uid meanwhile: look again.
            if not attempt.look or not broke_a_constraint(error) or time.monotonic() + pause > deadline:
                raise
        time.sleep(pause * (0.5 + random.random()))
        pause = min(pause * 2, 0.5)


def plain_result(result: Any) -> Any:
    """A use-case's result as JSON holds it; for faces that print it."""
    return to_plain(result)
