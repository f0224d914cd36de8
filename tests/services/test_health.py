"""Health of accounts on both stores: scored by the tick, overridden by people, kept where nothing is known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from cockpit.desk import Desk
from cockpit.services import health, health_run, opinion, override, scorecard
from cockpit.services.account import accounts_page, edit_account, new_account
from cockpit.services.as_of import as_known
from cockpit.services.errors import NotFound, Refused
from cockpit.services.history import undo
from cockpit.services.tick import tick
from db.query.account_fields import AMBER, GREEN, TREND_POINTS
from db.store import Store
from tests import builders
from tests.builders import row
from tests.conftest import NOW

TODAY = NOW.date()


def book(desk: Desk, **fields: Any) -> int:
    """An account with log-ins that fell by a tenth, users on half of its seats, a contact last week,
    and a CSM who feels good."""
    segment = builders.make(desk, "segment", {"name": f"s{fields}", "touch_days": 20, "network_min": 2, "network_window": 90})
    account = builders.account(desk, "Acme", segment_id=segment, go_live=TODAY - timedelta(days=400), **fields)
    builders.make(desk, "subscription", {"account_id": account, "units": 100, "mrr": 1, "starts": TODAY - timedelta(days=90)})
    for days, metric, value in ((2, "logins", 900), (40, "logins", 1_000), (3, "active users", 55)):
        day = TODAY - timedelta(days=days)
        builders.make(desk, "usage", {"account_id": account, "metric": metric, "day": day, "value": value * 1_000})
    call = builders.the(desk, "activity_type", "call")
    builders.make(desk, "activity", {"account_id": account, "type_id": call, "subject": "Call", "at": NOW - timedelta(days=7)})
    builders.make(desk, "sentiment", {"account_id": account, "feeling": "good", "day": TODAY - timedelta(days=5)})
    return account


def stored(store: Store, account: int) -> tuple[int | None, int | None]:
    found = row(store, "account", account)
    return found["health"], found["health_before"]


def score_of(desk: Desk, account: int) -> int | None:
    return health.health(desk, account).score


def test_the_tick_writes_what_the_facts_say_once(desk_of: Callable[..., Desk], store: Store):
    desk = desk_of("oz")
    account = book(desk, health=90)
    cta = builders.cta(desk, account)
    before = row(store, "cta", cta)["rank"]
    live = health.health(desk, account)
    # adoption (71.4 + 42.9) / 2 over 35, network 0 over 20, relationship 100 over 15; experience and outcome are unknown
    assert (live.score, live.band, live.source, live.stored) == (50, "amber", "scorecard", 90)
    assert tick(desk).scored >= 1
    assert stored(store, account)[0] == 50
    assert row(store, "cta", cta)["rank"] != before
    with store.read() as db:
        acts = db.scalar("SELECT count(*) FROM act")
    assert tick(desk).scored <= 1
    with store.read() as db:
        assert db.scalar("SELECT count(*) FROM act") == acts, "a second run does nothing"


def test_missing_measures_say_why(desk: Desk):
    found = {one.name: one for one in health.health(desk, book(desk)).measures}
    assert found["nps"].missing == "nobody answered in 180 days"
    assert found["network_coverage"].missing == "nobody is a member of the value network"
    assert (found["network_size"].points, found["network_size"].says) == (0.0, "not configured: nobody is a member")
    assert sum(one.share for one in found.values()) == pytest.approx(1, abs=1e-3)
    assert all((one.points is None) == bool(one.missing) for one in found.values())


def test_what_was_typed_or_imported_stays_where_nothing_is_known(desk_of: Callable[..., Desk], store: Store):
    desk = desk_of("oz")
    account = builders.account(desk, "Bare", health=62)
    tick(desk)
    assert stored(store, account)[0] == 62
    shown = health.health(desk, account)
    assert (shown.score, shown.source, shown.computed) == (62, "kept", None)
    assert "% of the weight is missing" in shown.why
    until = TODAY + timedelta(days=5)
    override.set_override(desk, account, "total", 20, "told so", until)
    assert stored(store, account)[0] == 20
    later = desk_of("oz", NOW + timedelta(days=6))
    assert tick(later).ended == 1
    assert stored(store, account)[0] == 62, "the imported score is back"


def test_what_a_card_made_of_it_becomes_unknown_with_its_facts(desk_of: Callable[..., Desk], store: Store):
    account = book(desk_of("oz"))
    tick(desk_of("oz"))
    late = desk_of("oz", NOW + timedelta(days=200))
    tick(late)
    assert stored(store, account)[0] is None
    assert health.health(late, account).source == "none"


def test_a_word_stands_beside_survives_and_ends(desk_of: Callable[..., Desk], store: Store):
    desk = desk_of("ana")
    account = book(desk)
    tick(desk)
    computed = stored(store, account)[0]
    until = TODAY + timedelta(days=20)
    done = override.set_override(desk, account, "nps", 100, "met the board", until)
    assert done.score is not None
    assert computed is not None
    assert (done.score > computed, done.computed) == (True, computed)
    assert stored(store, account)[0] == done.score
    for day in (1, 20):
        at = desk_of("ana", NOW + timedelta(days=day))
        tick(at)
        line = next(one for one in health.health(at, account).measures if one.name == "nps")
        assert (line.points, line.computed, line.override, line.by) == (100.0, None, 100, "Ana Ruiz")
    after = desk_of("ana", NOW + timedelta(days=21))
    assert tick(after).ended == 1
    shown = health.health(after, account)
    assert shown.score == shown.computed == stored(store, account)[0]
    assert shown.overrides == ()


def test_an_override_is_undone_whole(desk: Desk, store: Store):
    account = book(desk)
    tick(desk)
    before = stored(store, account)
    override.set_override(desk, account, "total", 5, "told so", TODAY)
    assert stored(store, account)[0] == 5
    undo(desk)
    assert stored(store, account) == before
    tick(desk)
    assert stored(store, account) == before


def test_scoring_stands_in_nobody_s_way_when_an_act_is_taken_back(desk_of: Callable[..., Desk], store: Store):
    mo = desk_of("mo")
    card = "name = 'felt'\n[[group]]\nname = 'all'\nweight = 1\n[[group.measure]]\nname = 'felt'\nfact = 'sentiment'\nweight = 1\n"
    scorecard.apply_scorecard(mo, card + "points = [0, 50, 100]\n")
    made = new_account(mo, "Fresh", health="40", status="customer")
    edit_account(mo, made.id, {"health": "60"})
    opinion.set_sentiment(mo, made.id, "good")
    tick(mo)
    assert stored(store, made.id)[0] == 100
    for _ in range(3):
        assert undo(mo).conflicts == ()
    with store.read() as db:
        assert db.scalar("SELECT count(*) FROM account WHERE name = 'Fresh'") == 0


def test_overrides_are_refused_with_a_reason(desk: Desk):
    account = book(desk)
    day = TODAY + timedelta(days=3)
    for wrong in (("total", 101, "r", day), ("total", 5, " ", day), ("total", 5, "r", TODAY + timedelta(days=61)),
                  ("total", 5, "r", TODAY - timedelta(days=1))):  # fmt: skip
        with pytest.raises(Refused):
            override.set_override(desk, account, *wrong)
    with pytest.raises(NotFound, match="Did you mean network_size"):
        override.set_override(desk, account, "network_sice", 5, "r", day)
    with pytest.raises(NotFound, match="Nobody overrode"):
        override.clear_override(desk, account)
    prospect = builders.account(desk, "Not yet", status="prospect")
    with pytest.raises(Refused, match="prospect"):
        override.set_override(desk, prospect, "total", 5, "r", day)


def test_history_and_what_moved_it(desk_of: Callable[..., Desk]):
    account = book(desk_of("oz"))
    tick(desk_of("oz"))
    then = desk_of("oz", NOW + timedelta(days=10))
    day = then.today() - timedelta(days=1)
    builders.make(then, "usage", {"account_id": account, "metric": "active users", "day": day, "value": 80_000})
    builders.make(then, "usage", {"account_id": account, "metric": "logins", "day": day, "value": 900_000})
    tick(then)
    points = health.history(then, account)
    assert [point.day for point in points] == [TODAY, then.today()]
    assert points[-1].score == score_of(then, account)
    moved = health.movement(then, account, TODAY)
    assert (moved.before, moved.after) == (points[0].score, points[-1].score)
    assert {one.measure for one in moved.moves} >= {"active_share", "usage_trend"}
    assert sum(one.by for one in moved.moves) == pytest.approx(moved.after - moved.before, abs=1.0)
    with pytest.raises(Refused):
        health.movement(then, account, then.today())


@pytest.mark.sqlite_only
def test_an_earlier_day_tells_what_was_known_then(desk_of: Callable[..., Desk], store: Store):
    desk, later = desk_of("oz"), desk_of("oz", NOW + timedelta(days=3))
    account = book(desk)
    tick(desk)
    before = score_of(desk, account)
    override.set_override(later, account, "total", 7, "told so", TODAY + timedelta(days=9))
    tick(later)
    assert score_of(later, account) == 7
    then = Desk(store, desk.me, later.clock, as_of=TODAY + timedelta(days=1), clock_is_set=True)
    then.store = as_known(store, then.now())
    shown = health.health(then, account)
    assert (shown.score, shown.overrides, shown.day) == (before, (), TODAY + timedelta(days=1))
    assert [point.score for point in health.history(then, account)] == [before]


def test_a_relationship_counts_to_its_parent(desk: Desk):
    parent = builders.account(desk, "Parent")
    child = book(desk, parent_id=parent)
    mine, theirs = ({one.name: one for one in health.health(desk, id_).measures} for id_ in (parent, child))
    for name in ("active_share", "usage_trend"):
        assert mine[name].figure == theirs[name].figure is not None


def test_a_card_of_one_s_own_with_a_query(desk_of: Callable[..., Desk], store: Store):
    mo, desk = desk_of("mo"), desk_of("ana")
    account = book(desk)
    text = "name = 'ours'\n[[group]]\nname = 'all'\nweight = 1\n[[group.measure]]\nname = 'big'\nwhen = '{}'\nweight = 1\n"
    card, problems = scorecard.check_scorecard(desk, text.format("arrr:>1k"))
    assert card is None
    assert [(one.line, one.column) for one in problems] == [(7, 9)]
    assert "Did you mean arr" in problems[0].says
    with pytest.raises(Refused):
        scorecard.apply_scorecard(desk, text.format("arr:>1k"))  # not a CSM's to say
    done = scorecard.apply_scorecard(mo, text.format("arr:>1k"))
    assert (done.version, scorecard.show_scorecard(desk).name) == (1, "ours")
    tick(mo)
    assert stored(store, account)[0] == 100
    assert scorecard.apply_scorecard(mo, text.format("arr:>1k")).act is None
    scorecard.apply_scorecard(mo, text.format("arr:<1k"))
    tick(mo)
    assert stored(store, account)[0] == 0
    scorecard.scorecard_off(mo)
    edit_account(desk, account, {"health": 44})
    tick(mo)
    assert stored(store, account)[0] == 44
    assert [one.version for one in scorecard.scorecards(desk)] == [2, 1, 0]
    with pytest.raises(Refused, match="No scorecard"):
        health_run.run(mo)


def test_a_run_can_be_stopped_and_tells_how_far_it_is(desk_of: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch):
    desk = desk_of("oz")
    for n in range(5):
        builders.account(desk, f"A{n}")
    monkeypatch.setattr("db.reads.health_facts.batches.__defaults__", (0, 2))
    told: list[int] = []
    done = health_run.run(desk, progress=lambda what, n, whole: told.append(n), cancelled=lambda: len(told) == 2)
    assert (done.cancelled, done.scored, told) == (True, 4, [2, 4])
    assert health_run.run(desk).scored == 5
    assert health_run.run(desk, where="name:A3").scored + health_run.run(desk, account="A1").scored <= 2


def test_bands_and_trends_are_those_of_lists_and_queries():
    from cockpit.domain import scorecard as domain

    assert (domain.AMBER, domain.GREEN, domain.TREND_POINTS) == (AMBER, GREEN, TREND_POINTS)


def test_typed_health_says_that_it_will_not_last_where_it_is_computed(desk: Desk):
    computed, bare = book(desk), builders.account(desk, "Bare", health=62)
    override.set_override(desk, computed, "nps", 50, "heard so", TODAY)
    tick(desk)
    assert "computed here" in edit_account(desk, computed, {"health": 44}).said
    assert "computed here" not in edit_account(desk, bare, {"health": 44}).said
    assert [row.id for row in accounts_page(desk, "override:any").rows] == [computed]
    assert health_run.run(desk, account=computed).changed == 1
