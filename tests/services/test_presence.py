"""Who has the screens open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from cockpit.desk import Desk
from cockpit.services.presence import Present, heartbeat, leave, present, present_ids
from db.store import Store
from tests.conftest import NOW

Sit = Callable[..., Desk]


def test_a_heart_beats_for_two_minutes(desk_of: Sit):
    assert heartbeat(desk_of("ana"), "Queue")
    assert heartbeat(desk_of("ben", NOW + timedelta(seconds=90)), "Work")
    late = desk_of("ana", NOW + timedelta(seconds=100))
    assert present(late) == (
        Present("ana", "Ana Ruiz", "Queue", NOW, True), Present("ben", "Ben Okafor", "Work", NOW + timedelta(seconds=90), False),
    )  # fmt: skip
    assert [one.login for one in present(desk_of("ana", NOW + timedelta(seconds=121)))] == ["ben"]


def test_one_row_each_and_old_ones_go(desk_of: Sit, store: Store):
    heartbeat(desk_of("ana"), "Queue")
    for minute in range(1, 5):
        heartbeat(desk_of("ben", NOW + timedelta(minutes=minute)), "Queue")
    with store.read() as db:
        assert db.scalar("SELECT count(*) FROM presence") == 1
        assert len(present_ids(db, NOW + timedelta(minutes=4))) == 1


def test_it_is_no_act_and_leaves_no_trace(desk_of: Sit, store: Store):
    with store.read() as db:
        before = db.scalar("SELECT count(*) FROM act")
    heartbeat(desk_of("ana"), "Queue")
    leave(desk_of("ana"))
    assert present(desk_of("ana")) == ()
    with store.read() as db:
        assert db.scalar("SELECT count(*) FROM act") == before


def test_readers_are_not_seen(desk_of: Sit, store: Store):
    assert not heartbeat(desk_of("ria"), "Queue")
    assert not heartbeat(Desk(store, desk_of("ana").me, lambda: NOW, read_only=True), "Queue")
    assert present(desk_of("ana")) == ()
