"""Senders killed with SIGKILL while a real server takes their mail: nothing goes twice, nothing is forgotten."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from cockpit.desk import Desk
from cockpit.services import delivery
from cockpit.services.delivery import deliver
from cockpit.services.mail_out import MailSettings, Smtp
from cockpit.services.outbox import confirm, outbox, retry
from cockpit.services.outreach import send_outreach
from cockpit.services.template import apply
from cockpit.services.tick import tick
from db.store import Store
from tests import builders
from tests.mail.post import Post

PEOPLE = 60
MOMENTS = ("take", "_hand_over", "settle")
"""When a sender dies: with nothing in hand, with a mail in hand, when the mail has gone and nobody has said so."""
Sender = Callable[[Desk, MailSettings], object]


def careless(desk: Desk, how: MailSettings, dies_at: int = 0) -> None:
    """The control: sends what waits, and says so afterwards, without taking it in hand first; killed in between once."""
    from cockpit.services.delivery import _letter
    from db.reads import outbox as reads

    with Smtp(how) as server:
        while True:
            with desk.store.read() as db:
                ids = reads.waiting(db, desk.now(), "smtp", 1)
                rows = reads.these(db, ids)
            if not rows:
                return
            server.send(_letter(rows[0], how.sender), desk.now())
            dies_at -= 1
            if dies_at == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            with desk.store.write() as db:
                db.run("UPDATE outbox SET state = 'sent', sent_at = :now WHERE id = :id", now=desk.now(), id=rows[0].id)


def doomed(moment: str, round_: int) -> Sender:
    """A sender that dies when it comes to a moment in a round of its work."""

    def sender(desk: Desk, how: MailSettings) -> None:
        reached, real = count(1), getattr(delivery, moment)

        def dies(*args: Any) -> Any:
            if next(reached) == round_:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args)

        setattr(delivery, moment, dies)
        deliver(desk, how)

    return sender


def begin(desk: Desk, how: MailSettings, sender: Sender) -> int:
    """Runs a sender in a process of its own; its id."""
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            sender(replace_store(desk), how)
        os._exit(0)
    return child


def was_killed(child: int) -> bool:
    """Waits for a process to end; whether it was killed."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def kill_some_time(desk: Desk, how: MailSettings, dice: random.Random) -> None:
    """Kills a sender at some moment, if it has not come to its end by then."""
    child = begin(desk, how, deliver)
    time.sleep(dice.uniform(0.005, 0.09))
    os.kill(child, signal.SIGKILL)
    was_killed(child)


def replace_store(desk: Desk) -> Desk:
    """The same desk on a connection of its own."""
    return replace(desk, store=Store.open(desk.store.url))


@pytest.fixture
def waiting(oz: Desk) -> Desk:
    """Mails that wait to be sent."""
    apply(oz, [("a", "name: hello\nsubject: Hello {{ person.name }}\n\nWords")])
    account = builders.account(oz, "Acme")
    for n in range(PEOPLE):
        builders.person(oz, account, f"Person {n:03}", email=f"p{n}@acme.example")
    send_outreach(oz, "hello", "name:acme", "all")
    return oz


def test_sixty_mails_through_killed_senders_go_once_or_are_asked_about(
    waiting: Desk, desk_of: Callable[..., Desk], how: MailSettings, post: Post
):
    for moment in MOMENTS:
        for round_ in (1, 3):
            assert was_killed(begin(waiting, how, doomed(moment, round_)))
    dice = random.Random(7)
    for _ in range(12):
        kill_some_time(waiting, how, dice)
    later = desk_of("oz", waiting.now() + timedelta(minutes=20))
    tick(later)
    rows = outbox(later)
    states = {row.recipient: row.state for row in rows}
    arrived = [to[0] for to, _ in post.got]
    assert len(arrived) == len(set(arrived)), "nothing twice"
    assert len(states) == PEOPLE
    assert set(states.values()) <= {"sent", "unsure", "queued"}
    assert {to for to, state in states.items() if state == "sent"} <= set(arrived), "what is said to have gone has"
    assert set(arrived) <= {to for to, state in states.items() if state in ("sent", "unsure")}, "what went waits no more"
    unsure = [row for row in rows if row.state == "unsure"]
    assert len(unsure) >= 4, "two died with a mail in hand, two when it had gone"

    # A person looks which of them arrived, and says so: in the end everybody has one.
    for row in unsure:
        (confirm if row.recipient in arrived else retry)(later, [row.id])
    deliver(later, how)
    arrived = [to[0] for to, _ in post.got]
    assert sorted(arrived) == sorted(states)
    assert {row.state for row in outbox(later)} == {"sent"}


def test_files_of_killed_senders_are_there_once_each(oz: Desk, desk_of: Callable[..., Desk], waiting: Desk, how: MailSettings):
    with oz.store.write() as db:
        db.run("UPDATE outbox SET channel = 'eml'")
    dice = random.Random(3)
    for n, moment in enumerate(MOMENTS):
        later = desk_of("oz", waiting.now() + n * timedelta(minutes=20))
        tick(later)
        assert was_killed(begin(later, how, doomed(moment, 1)))
        kill_some_time(later, how, dice)
    later = desk_of("oz", waiting.now() + timedelta(hours=1))
    tick(later)
    deliver(later, how)
    assert {row.state for row in outbox(later)} == {"sent"}
    assert len(list(Path(how.folder).glob("*.eml"))) == PEOPLE


@pytest.mark.sqlite_only
def test_a_sender_that_takes_nothing_in_hand_sends_twice(waiting: Desk, how: MailSettings, post: Post):
    assert was_killed(begin(waiting, how, partial(careless, dies_at=3)))
    careless(waiting, how)
    arrived = [to[0] for to, _ in post.got]
    assert len(arrived) == len(set(arrived)) + 1, "the check above cannot fail"
