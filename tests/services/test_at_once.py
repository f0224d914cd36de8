"""What several do in the same moment on a server: who comes second waits, and decides by what is there then."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest

from cockpit.desk import Desk
from cockpit.services import playbook, scorecard, template
from cockpit.services.away import absences, set_away
from cockpit.services.comment import mentions
from cockpit.services.cta import show_cta, snooze
from cockpit.services.errors import Conflict, Refused
from cockpit.services.intervention import intervention_of, start
from cockpit.services.limits import NEAR
from cockpit.services.playbook import run_on_account, run_on_cta
from cockpit.services.push import hand_out
from cockpit.services.queue import claim, ctas_by_id
from cockpit.services.tick import tick
from cockpit.services.timeline import log_activity
from db.connection import Db
from db.store import Store
from tests import builders
from tests.builders import desk_of, utc

pytestmark = pytest.mark.postgres_only


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


@contextmanager
def held(store: Store, sql: str, waiting: int = 1) -> Iterator[Callable[..., Db]]:
    """Holds what ``sql`` locks; ``yield`` gives the transaction once so many others wait for it (or for each other)."""
    waiters = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    with store.write() as db:
        db.all(sql)

        def once_they_wait(waiting: int = waiting) -> Db:
            until = time.monotonic() + 10
            while time.monotonic() < until:
                with store.read() as other:
                    if waiting == other.scalar(waiters):
                        return db
                time.sleep(0.01)
            pytest.fail("nobody waits")

        yield once_they_wait


def test_two_that_let_time_pass_ask_once(desk: Desk, store: Store, threads: ThreadPoolExecutor):
    cta = builders.cta(desk, builders.account(desk, "Acme"), owner="ana")
    for day in (0, 2, 4):
        log_activity(desk_of(store, "ana", desk.now() + timedelta(days=day)), "Acme", "outreach", "Can we help?")
    later = desk_of(store, "ana", desk.now() + timedelta(days=21))
    with held(store, "SELECT id FROM cta_type FOR UPDATE", 2) as once_they_wait:
        jobs = [threads.submit(tick, later) for _ in range(2)]
        once_they_wait()
    assert sorted(job.result(30).proposed for job in jobs) == [0, 1]
    assert [one.cta for one in mentions(later) if "No answer" in one.body] == [cta]


def test_an_outreach_does_not_take_back_the_answer_a_colleague_is_logging(desk: Desk, store: Store, threads: ThreadPoolExecutor):
    account = builders.account(desk, "Acme")
    begun = start(desk, builders.cta(desk, account, owner="ana")).id
    with held(store, f"SELECT id FROM intervention WHERE id = {begun} FOR UPDATE") as once_they_wait:
        job = threads.submit(log_activity, desk, "Acme", "outreach", "Can we help?")
        once_they_wait().run("UPDATE intervention SET stage = 'engaged', engaged_at = :now WHERE id = :id", now=desk.now(), id=begun)
    job.result(30)
    shown = intervention_of(desk, account)
    assert shown is not None
    assert shown.stage == "engaged"


def test_what_is_snoozed_anew_as_its_day_comes_goes_on_sleeping(desk: Desk, store: Store, threads: ThreadPoolExecutor):
    (cta,) = builders.ctas(desk, 1, owner="ana")
    snooze(desk, [cta], utc("2026-11-25T00:00").date(), "x")
    later = desk_of(store, "ana", utc("2026-11-25T09:00"))
    with held(store, f"SELECT id FROM cta WHERE id = {cta} FOR UPDATE") as once_they_wait:
        job = threads.submit(tick, later)
        once_they_wait().run("UPDATE cta SET snoozed_until = '2026-12-01' WHERE id = :id", id=cta)
    assert job.result(30).woken == 0
    assert str(show_cta(later, cta).row.snoozed_until) == "2026-12-01"


def test_an_absence_made_longer_as_it_ends_goes_on(desk: Desk, store: Store, threads: ThreadPoolExecutor):
    id_ = set_away(desk, "ana", desk.today(), desk.today()).id
    later = desk_of(store, "ana", utc("2026-11-24T09:00"))
    with held(store, f"SELECT id FROM away WHERE id = {id_} FOR UPDATE") as once_they_wait:
        job = threads.submit(tick, later)
        once_they_wait().run("UPDATE away SET last = '2026-12-01' WHERE id = :id", id=id_)
    job.result(30)
    assert [row.state for row in absences(later)] == ["away"]


def test_two_windows_of_hers_do_not_pass_her_limit(desk: Desk, store: Store, threads: ThreadPoolExecutor):
    builders.change(desk, "pool", builders.the(desk, "pool", "West"), {"max_open": 1})
    ids = builders.ctas(desk, 2)
    with held(store, "SELECT id FROM pool_member FOR UPDATE", 2) as once_they_wait:
        jobs = [threads.submit(claim, desk, [id_]) for id_ in ids]
        once_they_wait()
    assert sorted(str(job.result(30).items[0].refused) for job in jobs) == ["None", "limit"]


def test_of_two_that_save_a_text_at_once_the_second_is_told(desk: Desk, store: Store, threads: ThreadPoolExecutor):
    mo = desk_of(store, "mo", desk.now())
    book, card = 'name = "Small"\nabout = "account"\n[[step]]\ntitle = "{}"\n', scorecard.shipped_text()
    letter = "name: hello\nsubject: s\n\n{}"
    saves: dict[str, Callable[[str, int | None], object]] = {
        "playbook": lambda word, seen: playbook.apply(mo, book.format(word), seen),
        "scorecard": lambda word, seen: scorecard.apply_scorecard(mo, f"{card}# {word}\n", seen=seen),
        "template": lambda word, seen: template.apply(mo, [("text", letter.format(word))], seen),
    }
    for thing, save in saves.items():
        save("first", None)
        with held(store, f"SELECT id FROM {thing} FOR UPDATE", 2) as once_they_wait:
            jobs = [threads.submit(save, word, 1) for word in ("hers", "his")]
            once_they_wait()
        (told,) = (error for job in jobs if (error := job.exception(30)) is not None)
        assert isinstance(told, Conflict)
        assert "There is version 2 of" in str(told)


@pytest.mark.parametrize("first", ["claim", "push"])
def test_a_claim_and_a_push_in_the_same_moment_do_not_pass_her_limit(
    first: str, desk: Desk, store: Store, threads: ThreadPoolExecutor
):
    """With so many places left that two windows of hers would not wait for each other."""
    mo = desk_of(store, "mo", desk.now())
    for login in ("ben", "chi", "dee"):
        set_away(mo, login, mo.today(), mo.today())
    ids = builders.ctas(desk, NEAR + 3)
    builders.change(desk, "pool", builders.the(desk, "pool", "West"), {"max_open": NEAR + 2})
    order = [one.id for one in hand_out(mo, "West", dry_run=True).given]
    (last,) = set(ids) - set(order)
    begin = {"claim": lambda: claim(desk, [last]), "push": lambda: hand_out(mo, "West")}
    late = last if first == "claim" else order[-1]
    with held(store, f"SELECT id FROM cta WHERE id = {late} FOR UPDATE") as once_they_wait:
        jobs = [threads.submit(begin.pop(first))]
        once_they_wait()
        jobs.append(threads.submit(*begin.values()))
        once_they_wait(2)
    for job in jobs:
        job.result(30)
    assert [row.owner for row in ctas_by_id(desk, ids).values()].count("ana") == NEAR + 2


def test_a_playbook_starts_once_on_what_two_start_it_on(desk: Desk, store: Store, threads: ThreadPoolExecutor):
    account = builders.account(desk, "Acme", owner="ana")
    cta = builders.cta(desk, account, owner="ana")
    for thing, id_, begin in (("account", account, run_on_account), ("cta", cta, run_on_cta)):
        with held(store, f"SELECT id FROM {thing} WHERE id = {id_} FOR UPDATE", 2) as once_they_wait:
            jobs = [threads.submit(begin, desk, id_, "adoption recovery") for _ in range(2)]
            once_they_wait()
        (refused,) = (error for job in jobs if (error := job.exception(30)) is not None)
        assert isinstance(refused, Refused)
        assert refused.code == "running"
