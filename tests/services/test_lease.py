"""Leases: countdown, pause, warning, and the return of what nobody touched, which is never silent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from cockpit.desk import Desk
from cockpit.services.away import set_away
from cockpit.services.comment import mentions
from cockpit.services.cta import edit_cta, snooze, wake
from cockpit.services.history import undo
from cockpit.services.lease import lapsed, leases
from cockpit.services.queue import QueueQuery, claim, queue_page
from cockpit.services.task import set_task
from cockpit.services.team import edit_pool
from cockpit.services.tick import Ticked, tick
from cockpit.services.timeline import log_activity
from db.store import Store
from db.terms import TaskStatus
from tests import builders
from tests.builders import row, utc
from tests.conftest import NOW
from tests.services.test_undo import state

Sit = Callable[..., Desk]
TUESDAY_AFTER = utc("2026-12-01T00:00")
"""Claimed on Monday 23 November with a lease of five business days, it goes back as this day begins."""


def held(desk: Desk, **fields: object) -> int:
    return builders.cta(desk, builders.account(desk, "Acme"), owner="ben", **fields)


def work_row(desk: Desk, cta: int) -> tuple[int | None, str]:
    (one,) = [one for one in queue_page(desk, QueueQuery(scope="work")).rows if one.id == cta]
    return one.lease_left, one.lease


def test_my_work_counts_down_and_warns_on_the_last_day(desk: Desk, desk_of: Sit):
    cta = held(desk)
    assert work_row(desk_of("ben"), cta) == (6, "returns after Mon 30 Nov (6 business days)")
    assert work_row(desk_of("ben", utc("2026-11-27T12:00")), cta) == (2, "returns after Mon 30 Nov (2 business days)")
    assert work_row(desk_of("ben", utc("2026-11-30T12:00")), cta) == (1, "returns tomorrow")


def test_what_is_about_to_go_back_is_listed_the_next_first(desk: Desk, desk_of: Sit):
    first = held(desk)
    second = held(desk_of("ana", utc("2026-11-25T09:00")))
    friday = desk_of("ana", utc("2026-11-27T09:00"))
    assert [one.id for one in leases(friday, within=None)] == [first, second]
    assert [(one.id, one.owner, one.left, one.says) for one in leases(friday, within=2)] == [
        (first, "ben", 2, "returns after Mon 30 Nov (2 business days)")
    ]
    assert leases(friday, within=9, owner="ana") == ()
    assert leases(friday, within=9, pool="East") == ()


def test_it_goes_back_with_a_note_and_its_owner_is_told(desk: Desk, desk_of: Sit, store: Store):
    cta = held(desk)
    assert tick(desk_of("ana", TUESDAY_AFTER - timedelta(minutes=1))).returned == 0
    before = state(store)
    later = desk_of("ana", TUESDAY_AFTER)
    done = tick(later)
    assert (done.returned, "returned 1 CTA that nobody had touched" in done.said) == (1, True)
    assert tick(later) == Ticked()
    got = row(store, "cta", cta)
    assert (got["owner_id"], got["touched_at"], got["returned"]) == (None, None, 1)
    assert got["left_note"] == "Returned: Ben Okafor did not touch it for 5 business days"
    (told,) = mentions(desk_of("ben", TUESDAY_AFTER))
    assert (told.cta, told.author, told.body) == (
        cta, None, "Went back to the queue: you did not touch it for 5 business days.",
    )  # fmt: skip
    (seen,) = queue_page(desk_of("ben", TUESDAY_AFTER), QueueQuery(scope="work")).rows
    assert (seen.id, seen.via) == (cta, "mentioned")
    undo(desk_of("mo", TUESDAY_AFTER), done.act)
    assert state(store) == before


@pytest.mark.parametrize("deed", ["log", "edit", "task"])
def test_what_her_owner_does_about_it_renews_it(desk: Desk, desk_of: Sit, deed: str):
    cta = held(desk)
    ben = desk_of("ben", utc("2026-11-27T15:00"))
    if deed == "log":
        log_activity(ben, "Acme", "update", "Still on it")
    elif deed == "edit":
        edit_cta(ben, cta, {"title": "Other words"})
    else:
        set_task(ben, builders.make(desk, "task", {"cta_id": cta, "title": "Ring"}), TaskStatus.DONE)
    assert tick(desk_of("ana", TUESDAY_AFTER)).returned == 0
    assert tick(desk_of("ana", utc("2026-12-05T00:00"))).returned == 1


def test_what_others_do_does_not_renew_it(desk: Desk, desk_of: Sit):
    cta = held(desk)
    edit_cta(desk_of("mo", utc("2026-11-27T15:00")), cta, {"priority": "high"})
    assert tick(desk_of("ana", TUESDAY_AFTER)).returned == 1


def test_the_clock_stands_while_it_sleeps_and_goes_on_where_it_stood(desk: Desk, desk_of: Sit):
    cta = held(desk)
    # Two of five business days are used when a manager puts it to sleep.
    snooze(desk_of("mo", utc("2026-11-26T09:00")), [cta], date(2026, 12, 10), "waits")
    assert work_row(desk_of("ben", utc("2026-12-02T09:00")), cta)[1] == "lease paused"
    assert tick(desk_of("ana", utc("2026-12-09T23:00"))).returned == 0
    done = tick(desk_of("ana", utc("2026-12-10T00:00")))
    assert (done.woken, done.returned) == (1, 0)
    assert work_row(desk_of("ben", utc("2026-12-10T09:00")), cta)[1] == "returns after Mon 14 Dec (3 business days)"
    assert tick(desk_of("ana", utc("2026-12-14T23:00"))).returned == 0
    assert tick(desk_of("ana", utc("2026-12-15T00:00"))).returned == 1


def test_waking_by_somebody_else_does_not_end_the_lease_at_once(desk: Desk, desk_of: Sit):
    cta = held(desk)
    snooze(desk_of("ben", utc("2026-11-24T09:00")), [cta], None, "waits", wake="health:<20")
    wake(desk_of("mo", utc("2027-02-01T09:00")), [cta])
    assert tick(desk_of("ana", utc("2027-02-01T10:00"))).returned == 0
    assert work_row(desk_of("ben", utc("2027-02-01T10:00")), cta)[0] == 5


def test_the_clock_stands_while_its_owner_is_away(desk: Desk, desk_of: Sit):
    cta = held(desk)
    set_away(desk_of("mo"), "ben", date(2026, 11, 26), date(2026, 12, 4))
    assert work_row(desk_of("ben", utc("2026-11-27T09:00")), cta)[1] == "lease paused"
    assert tick(desk_of("ana", utc("2026-12-09T23:00"))).returned == 0
    assert tick(desk_of("ana", utc("2026-12-10T00:00"))).returned == 1


def test_a_pool_without_a_lease_takes_nothing_back(desk: Desk, desk_of: Sit):
    held(desk)
    edit_pool(desk_of("oz"), "West", {"lease_days": 0})
    assert tick(desk_of("ana", utc("2028-01-01T00:00"))).returned == 0
    assert leases(desk, within=None) == ()


def test_holidays_and_the_zone_of_the_pool_count(desk: Desk, desk_of: Sit):
    edit_pool(desk_of("oz"), "West", {"time_zone": "America/New_York", "calendar": "US"})
    held(desk)
    # Thanksgiving, Thursday 26 November, is no business day: the last one is Tuesday, in New York.
    assert tick(desk_of("ana", utc("2026-12-02T04:59"))).returned == 0
    assert tick(desk_of("ana", utc("2026-12-02T05:00"))).returned == 1


def test_a_day_without_anything_due_asks_little(desk: Desk, store: Store):
    from tests.statements import recorded, scans

    builders.ctas(desk, 3, owner="ben")
    with recorded() as sent, store.read() as db:
        assert lapsed(db, NOW) == []
    assert len(sent) == 4, "the policies, and one look-up for each pool with a lease"
    assert [scan for statement in sent[1:] for scan in scans(store, statement)] == []


def test_who_takes_it_next_starts_anew(desk: Desk, desk_of: Sit, store: Store):
    cta = held(desk)
    tick(desk_of("ana", TUESDAY_AFTER))
    claim(desk_of("ana", TUESDAY_AFTER), [cta])
    assert work_row(desk_of("ana", TUESDAY_AFTER), cta)[0] == 6
    tick(desk_of("mo", utc("2026-12-20T00:00")))
    assert row(store, "cta", cta)["returned"] == 2


def test_nobody_reads_only_and_ticks(desk: Desk, store: Store):
    held(desk)
    reader = Desk(store, desk.me, lambda: datetime(2027, 1, 1, tzinfo=NOW.tzinfo), read_only=True)
    assert tick(reader) == Ticked()
