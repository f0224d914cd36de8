"""Doing things elsewhere: use-cases and reads run in worker threads, their results come back to the screen.

A refusal becomes a toast with its own sentence, a store that does not answer becomes one too, and so does a fault
of Cockpit's own, whose traceback goes to the log; none of them ends the program, and nothing typed is lost.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, cast
from weakref import WeakKeyDictionary

from textual._context import NoActiveAppError

from cockpit.services.errors import Refused
from db.errors import StoreError

if TYPE_CHECKING:
    from textual.app import App
    from textual.message_pump import MessagePump

    from cockpit.tui.app import CockpitApp

T = TypeVar("T")
REFUSED_SECONDS = 8.0
SAID_SECONDS = 5.0
LOW = 30
"""Lines of a screen on which there is room for one thing that was said."""
ACT = "act"


_jobs: WeakKeyDictionary[MessagePump, dict[str, list[int]]] = WeakKeyDictionary()
"""Of each group of each owner: how many jobs were asked for, and the latest of them that has brought its result."""


class Broken(Exception):
    """A fault of Cockpit's own, in the log already; the message is what its reader gets."""


def say(app: App[Any], sentence: str) -> None:
    """One line on what was done. On a low screen it takes the place of what was said before, not to pile up over the rows."""
    if app.size.height <= LOW:
        app.clear_notifications()
    app.notify(sentence, markup=False, timeout=SAID_SECONDS)


def refuse(app: App[Any], sentence: str) -> None:
    """One line on why not. On a low screen it takes the place of the reason before, and leaves what was said done."""
    if app.size.height <= LOW:
        for note in [one for one in app._notifications if one.severity == "warning"]:
            app._unnotify(note, refresh=False)
    app.notify(sentence, severity="warning", markup=False, timeout=REFUSED_SECONDS)


def trouble(app: App[Any], why: Exception) -> None:
    """One line on what does not work: not again while it is still to be read, for many reads fail together."""
    cast("CockpitApp", app).tell_trouble(sayable(why))


def sayable(why: Exception) -> Exception:
    """A trouble that has a sentence for people: itself if it is an expected one, otherwise noted in the log."""
    if isinstance(why, Broken) or is_expected(why):
        return why
    from cockpit.log import told

    return Broken(told(why))


def sentence_of(result: Any) -> str:
    """What a use-case says it did: its own sentence, or the one in its result."""
    return result if isinstance(result, str) else result.said


def background(
    app: App[Any],
    owner: MessagePump,
    group: str,
    work: Callable[[], T],
    then: Callable[[T], None],
    refused: Callable[[Exception], None] | None = None,
) -> None:
    """Run ``work`` in a thread and ``then`` with its result on the screen's own thread.

    A result that arrives after its ``owner`` left the screen is dropped, and so is one of a job whose successor of the
    same group was quicker: what it read is old. Of a group's troubles only that of the newest job is told: another one
    is on its way for the others. ``refused`` gets a trouble that has a sentence, whatever was raised; a fault of our own
    is told to the person besides.
    """
    is_news, is_newest = _numbered(owner, group)

    def told(why: Exception) -> None:
        if refused is None or isinstance(why, Broken):
            trouble(app, why)
        if refused is not None and (owner.is_attached or group == ACT):
            refused(why)

    def failed(why: Exception) -> None:
        if is_newest():
            told(why)

    def done(result: T) -> None:
        if owner.is_attached and is_news():
            try:
                then(result)
            except Exception as why:  # noqa: BLE001 - what one part cannot show does not take the screen along
                told(sayable(why))

    def job() -> None:
        try:
            result = work()
        except Exception as why:  # noqa: BLE001 - whatever it is, its reader gets a sentence and keeps the screen
            _failed_back(app, group, failed, why)
        else:
            _back(app, done, result)

    app.run_worker(job, thread=True, group=group, exit_on_error=True)


def _failed_back(app: App[Any], group: str, failed: Callable[[Exception], None], why: Exception) -> None:
    """A trouble on its way to who is told; when the screen has left, nobody waits for what it was reading."""
    if group == ACT or not isinstance(why, NoActiveAppError):
        _back(app, failed, sayable(why))


def _numbered(owner: MessagePump, group: str) -> tuple[Callable[[], bool], Callable[[], bool]]:
    """Numbers a job of a group: whether its result is newer than what has come, and whether none was begun after it.

    Acts all count.
    """
    if group == ACT:
        return lambda: True, lambda: True
    jobs = _jobs.setdefault(owner, {}).setdefault(group, [0, 0])
    jobs[0] += 1
    number = jobs[0]

    def is_news() -> bool:
        jobs[1] = max(jobs[1], number)
        return number == jobs[1]

    return is_news, lambda: number == jobs[0]


def is_expected(why: Exception) -> bool:
    """Whether a trouble is one to tell: a refusal, a store that does not answer, a query that cannot be read."""
    if isinstance(why, Refused | StoreError):
        return True
    from db.query.error import QueryError  # brings the whole query language along: only when there is a trouble

    return isinstance(why, QueryError)


def _back(app: App[Any], function: Callable[[T], None], value: T) -> None:
    """Call a function on the screen's thread, unless the program is leaving."""
    if app.is_running:
        app.call_later(guarded, app, function, value)


def guarded(app: App[Any], function: Callable[..., Any], *values: Any) -> None:
    """Call a function; a trouble it runs into is told, and ends nothing."""
    try:
        function(*values)
    except Exception as why:  # noqa: BLE001 - see background
        trouble(app, why)


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

    background(app, owner, ACT, use_case, done, refused)
