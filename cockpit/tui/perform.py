"""Doing things elsewhere: use-cases and reads run in worker threads, their results come back to the screen.

A refusal becomes a toast with its own sentence, a store that does not answer becomes one too; neither
ends the program, and nothing typed is lost.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from cockpit.services.errors import Refused
from db.errors import StoreError

if TYPE_CHECKING:
    from textual.app import App
    from textual.message_pump import MessagePump

T = TypeVar("T")
REFUSED_SECONDS = 8.0
SAID_SECONDS = 5.0


def say(app: App[Any], sentence: str) -> None:
    """One line on what was done."""
    app.notify(sentence, markup=False, timeout=SAID_SECONDS)


def refuse(app: App[Any], sentence: str) -> None:
    """One line on why not."""
    app.notify(sentence, severity="warning", markup=False, timeout=REFUSED_SECONDS)


def background(
    app: App[Any],
    owner: MessagePump,
    group: str,
    work: Callable[[], T],
    then: Callable[[T], None],
    refused: Callable[[Exception], None] | None = None,
) -> None:
    """Run ``work`` in a thread and ``then`` with its result on the screen's own thread.

    A result that arrives after its ``owner`` left the screen is dropped.
    """

    def told(why: Exception) -> None:
        if refused is not None:
            refused(why)
        else:
            refuse(app, str(why))

    def done(result: T) -> None:
        if owner.is_attached:
            then(result)

    def job() -> None:
        try:
            result = work()
        except (Refused, StoreError, ValueError) as why:
            if not is_expected(why):
                raise
            _back(app, told, why)
        else:
            _back(app, done, result)

    app.run_worker(job, thread=True, group=group, exit_on_error=True)


def is_expected(why: Exception) -> bool:
    """Whether a trouble is one to tell: a refusal, a store that does not answer, a query that cannot be read."""
    if isinstance(why, Refused | StoreError):
        return True
    from db.query.error import QueryError  # brings the whole query language along: only when there is a trouble

    return isinstance(why, QueryError)


def _back(app: App[Any], function: Callable[[T], None], value: T) -> None:
    """Call a function on the screen's thread, unless the program is leaving."""
    if app.is_running:
        app.call_later(function, value)


def perform(
    app: App[Any],
    owner: MessagePump,
    use_case: Callable[[], T],
    said: Callable[[T], str],
    then: Callable[[T], None] | None = None,
    refused: Callable[[Exception], None] | None = None,
) -> None:
    """Run a use-case elsewhere, say in one line what it did, and go on with ``then``."""

    def done(result: T) -> None:
        sentence = said(result)
        if sentence:
            say(app, sentence)
        if then is not None:
            then(result)

    background(app, owner, "act", use_case, done, refused)
