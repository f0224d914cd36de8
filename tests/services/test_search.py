"""Words find what has them, as soon as it is written and no longer than it is there, and only what one may see."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from cockpit.desk import Desk
from cockpit.services.act import Work, act
from cockpit.services.as_of import as_known
from cockpit.services.backup import backup, restore
from cockpit.services.errors import Refused
from cockpit.services.queue import QueueQuery, queue_count, queue_page
from cockpit.services.search import accounts_for, search
from cockpit.services.timeline import log_activity, timeline_page
from cockpit.services.undo import redo, undo
from db import words
from db.store import Store
from tests import builders
from tests.conftest import NOW

Sit = Callable[..., Desk]


@act("test_do")
def do(work: Work, what: Callable[[Work], object]) -> None:
    work.say("Did it")
    what(work)


def found(desk: Desk, text: str, **how: object) -> list[tuple[str, str]]:
    return [(hit.kind, hit.title) for hit in search(desk, text, **how).hits]  # type: ignore[arg-type]


@pytest.fixture
def acme(desk: Desk) -> int:
    acme = builders.account(desk, "Acme Robotics", domain="acme.example")
    other = builders.account(desk, "Boreal Müller 東京株式", domain=None)
    builders.person(desk, acme, "Maria Ortiz", email="maria@acme.example")
    builders.cta(desk, acme, because="Usage dropped 38%", description="Robots stood still since the price increase")
    builders.cta(desk, other, because="NPS detractor")
    long = "They like it. " * 40 + "The Preiserhöhung, a price increase of 7%, is what Céline fears. " + "And so on. " * 40
    log_activity(desk, acme, "meeting", "Quarterly review", long, at=NOW - timedelta(days=12))
    log_activity(desk, other, "call", "Renewal", "A price we can live with; increase later.", at=NOW - timedelta(days=2))
    return acme


@pytest.mark.parametrize(("text", "titles"), [
    ("acme", ["Acme Robotics", "Maria Ortiz"]),
    ("ROBO", ["Acme Robotics", "Usage dropped 38%"]),
    ("ropped 38%", ["Usage dropped 38%"]),
    ('"price increase"', ["Usage dropped 38%", "Quarterly review"]),
    ("price increase", ["Usage dropped 38%", "Renewal", "Quarterly review"]),
    ("increase pri", ["Usage dropped 38%", "Renewal", "Quarterly review"]),
    ("ncrease lat", []),
    ("celine preiserhohung", ["Quarterly review"]),
    ("müller", ["Boreal Müller 東京株式"]),
    ("東京", ["Boreal Müller 東京株式"]),
    ("maria@acme", ["Maria Ortiz"]),
    ("7%", ["Quarterly review"]),
    ("' OR \" ) * NEAR( -x:^", []),
    ("zzzqq", []),
])  # fmt: skip
def test_what_finds_what(desk: Desk, acme: int, text: str, titles: list[str]):
    assert [title for _, title in found(desk, text)] == titles


def test_of_one_account_and_of_some_kinds(desk: Desk, acme: int):
    assert found(desk, "price increase", account=acme) == [("cta", "Usage dropped 38%"), ("activity", "Quarterly review")]
    assert found(desk, "price", account="Boreal Müller 東京株式", kinds=["activity"]) == [("activity", "Renewal")]
    assert found(desk, "acme", account=acme, kinds=["account"]) == [("account", "Acme Robotics")]
    two = search(desk, "price", kinds=["activity"], limit=1)
    assert ([hit.title for hit in two.hits], two.more) == (["Renewal"], ("activity",))


def test_the_excerpt_is_where_the_words_are(desk: Desk, acme: int):
    (hit,) = search(desk, "preiserhöhung").hits
    assert "The Preiserhöhung, a price increase" in hit.excerpt
    assert (len(hit.excerpt) < 110, hit.account, hit.by) == (True, "Acme Robotics", "ana")


def test_too_little_and_unknown_kinds_are_refused(desk: Desk):
    for text in ("", "  ", '"', "x"):
        with pytest.raises(Refused, match="two letters"):
            search(desk, text)
    with pytest.raises(Refused, match="not 'ticket'"):
        search(desk, "acme", kinds=["ticket"])


def test_it_follows_every_way_of_writing(desk: Desk, acme: int):
    """Changed, undone, redone, deleted, brought back, and what an attempt that failed wrote."""
    do(desk, lambda w: w.update("account", acme, {"name": "Zephyr"}))
    assert (found(desk, "zephyr"), found(desk, "acme rob")) == ([("account", "Zephyr")], [])
    undo(desk)
    assert (found(desk, "zephyr"), found(desk, "acme rob")) == ([], [("account", "Acme Robotics")])
    redo(desk)
    assert found(desk, "zephyr") == [("account", "Zephyr")]
    entry = log_activity(desk, acme, "call", "Xylophone", "quokka").id
    do(desk, lambda w: w.update("activity", entry, {"body": "wombat"}))
    assert (found(desk, "quokka"), found(desk, "wombat")) == ([], [("activity", "Xylophone")])
    do(desk, lambda w: w.delete("activity", entry))
    assert found(desk, "wombat") == []
    undo(desk)
    assert found(desk, "wombat") == [("activity", "Xylophone")]

    def fails(work: Work) -> None:
        with work.attempt() as attempt:
            work.insert("cta", {"account_id": acme, "type_id": 4711, "title": "Gnu", "opened_at": work.now})
        assert not attempt.worked

    do(desk, fails)
    assert found(desk, "gnu") == []
    with desk.store.write() as db:
        assert words.faults(db) == []


def test_a_backup_of_either_store_and_an_earlier_day_find_their_own(desk: Desk, desk_of: Sit, acme: int, tmp_path: Path):
    later = desk_of("oz", NOW + timedelta(days=2))
    do(later, lambda w: w.update("account", acme, {"name": "Zephyr"}))
    log_activity(later, acme, "call", "Xylophone", "quokka")
    old = dataclasses.replace(desk, store=as_known(desk.store, NOW + timedelta(days=1)), read_only=True)
    assert (found(old, "quokka"), found(old, "zephyr"), found(old, "acme rob")) == ([], [], [("account", "Acme Robotics")])
    old.store.close()
    made = backup(later, str(tmp_path / "copy.db"))
    log_activity(later, acme, "call", "Written after", "platypus")
    copy = Store.open(made.path)
    with copy.write() as db:
        assert words.faults(db) == []
    assert found(dataclasses.replace(desk, store=copy), "quokka") == [("activity", "Xylophone")]
    copy.close()
    url = desk.store.url
    restore(made.path, url, "oz", lambda: NOW)
    back = Store.open(url)
    assert found(dataclasses.replace(desk, store=back), "quokka") == [("activity", "Xylophone")]
    assert found(dataclasses.replace(desk, store=back), "platypus") == []
    back.close()


@pytest.mark.parametrize("where", ["zzzqq", "robotics", "detractor", "usage -robotics", "robot OR nps", "robot type:risk", "7"])
def test_a_filter_picks_the_same_rows_by_the_index_and_without_it(desk: Desk, acme: int, where: str, monkeypatch: pytest.MonkeyPatch):
    builders.cta(desk, acme, because="Sponsor left", title="The robot's sponsor left")
    query = QueueQuery(where=where, scope="all")
    by_index = [row.id for row in queue_page(desk, query).rows]
    counted = queue_count(desk, query).n
    monkeypatch.setattr("db.reads.search.few", lambda db, text: None)
    assert by_index == [row.id for row in queue_page(desk, query).rows]
    assert counted == len(by_index) == queue_count(desk, query).n


@pytest.mark.parametrize(("find", "subjects"), [
    ("celine", ["Quarterly review"]), ("incr pric", ["Quarterly review"]), ('"price increase"', ["Quarterly review"]),
    ("ncrease", []), ("acme", []), ("bring", ["Promised"]), ("type:call", ["Promised"]), ("type:call price", []),
    ("type:meeting price", ["Quarterly review"]), ("price OR bring", ["Promised", "Quarterly review"]),
    ("-price", ["Promised"]), ("at:>5d price -zzz", ["Quarterly review"]), ("%", ["Quarterly review"]), ("東", []),
])  # fmt: skip
def test_a_timeline_is_searched_by_words_and_by_what_is_asked_of_entries(desk: Desk, acme: int, find: str, subjects: list[str]):
    log_activity(desk, acme, "call", "Promised", at=NOW - timedelta(days=1), next_step="Bring an offer")
    assert [row.subject for row in timeline_page(desk, acme, find=find).rows] == subjects


def test_a_timeline_goes_on_where_its_page_of_hits_ended(desk: Desk, acme: int):
    for n in range(5):
        log_activity(desk, acme, "call", f"Okapi {n}", at=NOW - timedelta(days=n + 1))
    first = timeline_page(desk, acme, limit=3, find="okapi")
    rest = timeline_page(desk, acme, first.last, 3, "okapi")
    assert [row.subject for row in (*first.rows, *rest.rows)] == [f"Okapi {n}" for n in range(5)]
    number = first.rows[1].id
    assert number in [row.id for row in timeline_page(desk, acme, find=f"#{number}").rows]


def test_the_finder_finds_accounts_by_name_and_by_number(desk: Desk, acme: int):
    def names(typed: str) -> list[str]:
        return [hit.title for hit in accounts_for(desk, typed, 8)]

    assert (names("robo"), names("müller"), names("acme rob"), names("zzz"), names("x")) == (
        ["Acme Robotics"], ["Boreal Müller 東京株式"], ["Acme Robotics"], [], [])  # fmt: skip
    builders.make(desk, "external_id", {"thing": "account", "thing_id": acme, "system": "crm", "key": "001-A7"})
    assert (names(str(acme)), names("001-A7")) == (["Acme Robotics"], ["Acme Robotics"])
