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
from pathlib import Path

import pytest

from cockpit.desk import Desk
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


def kill_while(desk: Desk, how: MailSettings, sender: Sender, dice: random.Random) -> bool:
    """Runs a sender in a process of its own and kills it at some moment; whether it was still at work."""
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            sender(replace_store(desk), how)
        os._exit(0)
    time.sleep(dice.uniform(0.005, 0.09))
    os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


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
    dice, kills = random.Random(7), 0
    while outbox(waiting, "queued") and kills < 60:
        kills += kill_while(waiting, how, deliver, dice)
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
    assert kills > 3, "they lived too long to show anything"
    assert unsure, "none was killed with a mail in hand"

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
    for _ in range(6):
        kill_while(waiting, how, deliver, dice)
    later = desk_of("oz", waiting.now() + timedelta(minutes=20))
    tick(later)
    deliver(later, how)
    assert {row.state for row in outbox(later)} == {"sent"}
    assert len(list(Path(how.folder).glob("*.eml"))) == PEOPLE


@pytest.mark.sqlite_only
def test_a_sender_that_takes_nothing_in_hand_sends_twice(waiting: Desk, how: MailSettings, post: Post):
    child = os.fork()
    if child == 0:
        careless(replace_store(waiting), how, dies_at=3)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    careless(waiting, how)
    arrived = [to[0] for to, _ in post.got]
    assert len(arrived) == len(set(arrived)) + 1, "the check above cannot fail"
