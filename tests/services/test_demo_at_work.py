"""What is in full swing when a demo opens: pods, absences, leases, interventions, talk. The same on any day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from cockpit.desk import Desk
from cockpit.services.away import absences, covering
from cockpit.services.capacity import capacity
from cockpit.services.comment import mentions
from cockpit.services.flow import flow
from cockpit.services.intervention import board, show
from cockpit.services.lease import leases
from cockpit.services.link import links
from cockpit.services.pod import pods, show_pod
from cockpit.services.policy import policies
from cockpit.services.queue import QueueQuery, claim_next, queue_page
from cockpit.services.review import reviews
from cockpit.services.seal import seal_day
from cockpit.services.shadow import shadows
from cockpit.services.tick import Ticked, tick
from db.store import Store
from db.terms import ServedBy, Stage
from tests import builders
from tests.services.demo_store import CLOCKS, built, copy_of_demo
from tests.services.test_demo import rows


@pytest.fixture(scope="module", params=list(CLOCKS))
def demo(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The desk of the login that built the default demo, on several days."""
    now = CLOCKS[request.param]
    store = Store.open(str(copy_of_demo(request.param, tmp_path_factory)))
    yield builders.desk_of(store, "visitor", now)
    store.close()


def desk_of(demo: Desk, login: str) -> Desk:
    """A colleague's desk beside it."""
    return builders.desk_of(demo.store, login, demo.now())


def test_it_opens_sealed_and_with_nothing_due(demo: Desk) -> None:
    assert rows(demo, "SELECT verb FROM act ORDER BY id") == [("demo",), ("seal",)]
    assert tick(demo) == Ticked()
    assert seal_day(demo) is None
    assert rows(demo, "SELECT count(*) FROM act") == [(2,)]


# --- who works, and how ----------------------------------------------------------------------------


def test_two_pods_own_patches(demo: Desk) -> None:
    found = {pod.name: show_pod(demo, pod.name) for pod in pods(demo)}
    assert set(found) == {"Alpine", "Bridge"}
    for pod in found.values():
        assert Counter(one.is_senior for one in pod.members) == {True: 2, False: 1}
        assert len(pod.accounts) >= 3
    served = rows(
        demo, "SELECT count(*), count(pod_id), count(owner_id) FROM account WHERE served_by = :pod", pod=ServedBy.POD
    )
    assert served[0][0] == served[0][1] == rows(demo, "SELECT count(pod_id) FROM account")[0][0]
    assert served[0][2] == 0
    assert Counter(row[0] for row in rows(demo, "SELECT served_by FROM account")).keys() == set(ServedBy)


def test_members_differ_in_lane_skill_hours_and_limit(demo: Desk) -> None:
    assert len(rows(demo, "SELECT id FROM pool_member WHERE lane IS NOT NULL")) == 2
    assert rows(demo, "SELECT login, limit_percent FROM csm WHERE limit_percent <> 100") == [("kai", 50)]
    assert rows(demo, "SELECT id FROM pool WHERE push IS NOT NULL") == []
    asked = {row[0] for row in rows(demo, "SELECT DISTINCT skill FROM cta WHERE skill IS NOT NULL")}
    assert asked == {"billing", "german"}
    known = {row.login: row for row in capacity(demo)}
    assert all(row.free is not None and row.free > 0 for row in known.values() if row.login != "mo")
    assert {row.minutes_month for row in policies(demo)} == {900, 210, 45, 10}


def test_one_is_away_and_one_will_be(demo: Desk) -> None:
    here = absences(demo)
    assert [(row.login, row.state, row.cover) for row in here] == [("ben", "away", "visitor"), ("ida", "coming", "jon")]
    with demo.store.read() as db:
        sql, params = covering(db, demo.now(), demo.me.id)
        assert len(db.all(sql, **params)) == 2
    first = rows(demo, "SELECT first FROM away ORDER BY id")[0][0]
    assert rows(
        demo,
        "SELECT count(*) FROM cta c JOIN csm o ON o.id = c.owner_id WHERE o.login = 'ben'"
        " AND (c.touched_at >= :first OR c.claimed_at >= :first OR c.closed_at >= :first)",
        first=first,
    ) == [(0,)]


def test_nobody_holds_much(demo: Desk) -> None:
    for row in capacity(demo):
        assert row.open_ctas <= 6, row.login


@pytest.mark.parametrize("when", CLOCKS)
def test_everybody_finds_what_to_take_next(tmp_path_factory: pytest.TempPathFactory, when: str) -> None:
    """Who opens it the first of the queue, the junior of a pod what is tactical in its patch."""
    store = Store.open(str(copy_of_demo(when, tmp_path_factory)))
    desk = builders.desk_of(store, "visitor", CLOCKS[when])
    best = queue_page(desk, QueueQuery(), limit=1).rows[0]
    assert claim_next(desk).items[0].id == best.id
    for login in ("dee", "chi", "eve", "gus", "hal", "ida", "jon", "kai", "lou", "pam"):
        taken = claim_next(desk_of(desk, login)).items[0]
        assert (taken.owner, taken.refused) == (login, None)
        if login == "dee":
            sql = (
                "SELECT count(a.pod_id), max(c.lane) FROM cta c JOIN account a ON a.id = c.account_id WHERE c.id = :id"
            )
            assert rows(desk, sql, id=taken.id) == [(1, "tactical")]
    store.close()


# --- leases ----------------------------------------------------------------------------------------


def test_some_leases_end_and_none_has_ended(demo: Desk) -> None:
    every = leases(demo, within=None)
    running = [row for row in every if not row.is_paused]
    assert all(row.left is not None and row.left >= 1 for row in running)
    assert sum(row.left == 1 for row in running) == 3
    assert sum(row.left == 2 for row in running) >= 1
    assert any(row.owner == "visitor" and row.is_ending for row in running)
    assert {row.owner for row in every if row.is_paused} >= {"ben", "lou"}


# --- interventions ---------------------------------------------------------------------------------


def test_there_is_one_in_every_stage(demo: Desk) -> None:
    assert {row.stage for row in board(demo, ended=True)} == set(Stage)
    running = board(demo)
    assert {row.stage for row in running if row.owner == "visitor"} == {Stage.ENGAGED}
    assert [row.proposal for row in running if row.tries >= 3] == ["no_response"]
    late = [row for row in running if row.warning]
    assert [row.owner for row in late] == ["hal"]
    assert {row.on_track for row in running if row.criterion and row.stage == Stage.ON_PLAN} == {False}
    assert {row.on_track for row in running if row.stage == Stage.ON_TRACK} == {True}


def test_their_moments_rise_and_are_on_the_timeline(demo: Desk) -> None:
    for row in board(demo, ended=True):
        moments = [row.claimed_at, row.reached_at, row.engaged_at, row.on_plan_at, row.on_track_at, row.ended_at]
        known = [at for at in moments if at is not None]
        assert known == sorted(known)
        logged = rows(
            demo,
            "SELECT v.at, y.name, v.author_id FROM activity v JOIN activity_type y ON y.id = v.type_id"
            " WHERE v.cta_id = :cta AND v.account_id = :account ORDER BY v.at",
            cta=row.cta, account=row.account_id,
        )  # fmt: skip
        times = {str(at) for at, _, _ in logged}
        for at in (row.reached_at, row.engaged_at, row.on_plan_at, row.on_track_at):
            assert at is None or any(str(at)[:19] == stamp[:19].replace("T", " ") for stamp in times)
        assert len({author for _, _, author in logged}) <= 1


def test_nothing_else_moved_a_running_one(demo: Desk) -> None:
    """Between the claim and now its account has seen no try or meeting but the intervention's own."""
    strangers = rows(
        demo,
        "SELECT v.id FROM intervention i JOIN activity v ON v.account_id = i.account_id AND v.at >= i.claimed_at"
        " JOIN activity_type y ON y.id = v.type_id WHERE i.ended_at IS NULL AND (v.cta_id IS NULL OR v.cta_id <> i.cta_id)"
        " AND y.name IN ('outreach', 'email', 'call', 'meeting')",
    )
    assert strangers == []
    assert rows(
        demo,
        "SELECT i.id FROM intervention i JOIN cta c ON c.id = i.cta_id WHERE i.ended_at IS NULL"
        " AND (c.owner_id <> i.csm_id OR c.status <> 'open' OR c.claimed_at <> i.claimed_at)",
    ) == []  # fmt: skip


def test_a_claim_on_which_the_customer_was_tried_is_an_intervention(demo: Desk) -> None:
    assert rows(
        demo,
        "SELECT c.id FROM cta c JOIN activity v ON v.cta_id = c.id JOIN activity_type y ON y.id = v.type_id"
        " WHERE c.status = 'open' AND c.owner_id IS NOT NULL AND y.name IN ('outreach', 'email', 'call', 'meeting')"
        " AND NOT EXISTS (SELECT 1 FROM intervention i WHERE i.cta_id = c.id)",
    ) == []  # fmt: skip


def test_what_followed_the_ended_ones(demo: Desk) -> None:
    ended = [show(demo, row.id) for row in board(demo, ended=True) if row.ended_at is not None]
    handed = [one for one in ended if one.row.stage == Stage.SELF_SERVICE]
    assert len(handed) == 2
    assert {sale.type for one in handed for sale in one.followed.won} >= {"renewal", "upsell"}
    assert any(one.followed.nps_change is not None and one.followed.nps_change > 0 for one in handed)
    for one in handed:
        assert one.row.handoff_note
        assert len(one.row.articles) == 2
    assert [len(one.tried) for one in ended if one.row.stage == Stage.NO_RESPONSE] == [3]
    lost = next(one.row for one in ended if one.row.stage == Stage.LOST)
    assert lost.end_reason
    assert rows(demo, "SELECT status FROM account WHERE id = :id", id=lost.account_id) == [("churned",)]


# --- doing work ------------------------------------------------------------------------------------


def test_colleagues_talk_to_who_opens_it(demo: Desk) -> None:
    found = mentions(demo)
    assert [one.asks_opinion for one in found].count(True) == 1
    assert len(found) == 2
    assert all(f"@{demo.me.login}" in one.body for one in found)
    assert len(mentions(desk_of(demo, "gus"))) >= 1


def test_juniors_follow_and_closes_were_read(demo: Desk) -> None:
    assert {(row.login, row.owner) for row in shadows(demo, everybody=True)} == {("dee", "chi"), ("kai", "ida")}
    found = reviews(demo)
    assert {row.verdict for row in found} == {"good", "weak", "wrong"}
    assert all(row.owner != row.reviewer for row in found)
    assert len(reviews(desk_of(demo, "dee"))) == 2


def test_ctas_are_linked_repeat_and_come_back(demo: Desk) -> None:
    assert rows(demo, "SELECT repeats, title FROM cta WHERE repeats IS NOT NULL") == [("3m", "Quarterly review")]
    mine = rows(
        demo,
        "SELECT c.id FROM cta c JOIN csm o ON o.id = c.owner_id WHERE o.login = 'visitor' AND c.opportunity_id IS NOT NULL",
    )
    assert mine
    assert all(links(demo, row[0]).opportunity for row in mine)
    assert rows(demo, "SELECT count(*) FROM cta_person")[0][0] > 10
    assert rows(demo, "SELECT count(*) FROM cta WHERE snooze_wake IS NOT NULL") == [(1,)]
    assert rows(
        demo, "SELECT count(*) FROM cta WHERE returned = 1 AND owner_id IS NULL AND left_note LIKE 'Returned: %'"
    ) == [(1,)]
    assert rows(demo, "SELECT count(*) FROM cta WHERE first_claimed_at <= opened_at") == [(0,)]
    assert rows(demo, "SELECT count(*) FROM cta WHERE owner_id IS NOT NULL AND first_claimed_at IS NULL") == [(0,)]


def test_accounts_have_several_open_ctas(demo: Desk) -> None:
    several = rows(
        demo,
        "SELECT account_id FROM cta WHERE status = 'open' AND owner_id IS NULL GROUP BY account_id HAVING count(*) >= 2",
    )
    assert several
    engaged = rows(
        demo,
        "SELECT c.id FROM cta c JOIN intervention i ON i.account_id = c.account_id AND i.ended_at IS NULL"
        " WHERE c.status = 'open' AND c.owner_id IS NULL",
    )
    assert engaged


def test_the_flow_of_four_weeks_is_believable(demo: Desk) -> None:
    found = flow(demo)
    for row in found.rows:
        assert row.outflow >= row.inflow / 5
        assert row.wait_p50 is not None
        assert 12 < row.wait_p50 < 120
    assert found.total.outflow > found.total.inflow / 3


@pytest.mark.parametrize("login", ["ana", "ben", "chi", "ida"])
def test_whoever_opens_it_finds_the_same(tmp_path: Path, login: str) -> None:
    built(tmp_path / "d.db", CLOCKS["monday"], login=login, accounts=120, ctas=120)
    store = Store.open(str(tmp_path / "d.db"))
    desk = builders.desk_of(store, login, CLOCKS["monday"])
    assert tick(desk) == Ticked()
    assert any(row.owner == login for row in board(desk))
    assert mentions(desk)
    assert next(row.cover for row in absences(desk)) == login
    store.close()


@pytest.mark.parametrize(("accounts", "ctas"), [(1, 1), (3, 7), (20, 20), (40, 400), (150, 90)])
def test_other_sizes_open_in_order_too(tmp_path: Path, accounts: int, ctas: int) -> None:
    built(tmp_path / "d.db", CLOCKS["new year"], accounts=accounts, ctas=ctas)
    store = Store.open(str(tmp_path / "d.db"))
    desk = builders.desk_of(store, "visitor", CLOCKS["new year"])
    assert tick(desk) == Ticked()
    free = rows(desk, "SELECT count(*) FROM cta WHERE status = 'open' AND owner_id IS NULL AND snoozed_at IS NULL")[0][
        0
    ]
    assert free >= 0.8 * ctas
    if ctas >= 90:
        assert {row.stage for row in board(desk)} >= {Stage.REACHED_OUT, Stage.ENGAGED, Stage.ON_PLAN, Stage.ON_TRACK}
    store.close()
