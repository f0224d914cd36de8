"""The demo company: the same every time, believable on any day, and its CTAs follow from its facts."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from cockpit.desk import Desk
from cockpit.domain.queue import rank, rescore_on
from cockpit.services import scoring
from cockpit.services.demo import build, build_demo, story
from cockpit.services.demo.build import plan_for
from cockpit.services.demo.story import Plan
from cockpit.services.errors import Refused
from cockpit.services.health_run import AT_ONCE
from cockpit.services.queue import QueueQuery, claim, claim_next, matching_ids, queue_page
from cockpit.services.tick import Ticked, tick
from cockpit.services.verify import verify
from db.columns import table, tables
from db.connection import as_date, as_moment
from db.errors import StoreForeign
from db.store import Store
from tests import builders
from tests.services.demo_store import CLOCKS, built, copy_of_demo

AHEAD = {"due", "next_update", "renewal_date", "ends", "due_date", "next_step_due", "snoozed_until", "rescore_at", "first", "last",
         "notice_date", "consent_until", "target", "returns_on", "due_at", "ends_at", "last_day"}  # fmt: skip
"""Columns that may speak of days to come."""
PLANNED = {"activity": " WHERE state <> 'planned'"}
"""What is still to come by its state."""
BECAUSE = {
    "usage drop": "usage_drop:>30% usage_base:>=20 live:>60d",
    "no log-in": "logins_14d:0 logins_90d:>0",
    "never used": "live:>21d logins_ever:0",
    "NPS detractor": "nps:<=6",
    "NPS promoter": "nps:>=9 health:>=70",
    "NPS passive": "nps:7..8",
    "health drop": "health_change_30d:<=-15 health:<60",
    "renewal": "renewal:<=90d",
    "data gap": "renewal:none arr:>0",
    "seats full": "health:>=70 -usage_drop:>0%",
    "out of contact": "no_touch:15d",
    "network too small": "network_size:<6",
    "coverage low": "network_coverage:<50%",
    "sponsor or key user left": "event:contact_left event_age:<=14d",
    "contact unreachable": "event:mail_bounced",
    "support load": "(tickets_14d:>=5 OR tickets_p1_open:>=1)",
    "important event": "event:acquisition,layoffs,new_exec,outage_hit",
    "payment": "event:invoice_overdue",
    "post go-live check-in": "live:30d..44d -(activity:meeting activity_age:<=30d)",
}
"""What must be true of the account of an open CTA, as the query language says it."""


@pytest.fixture(scope="module", params=list(CLOCKS))
def demo(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The desk of the login that built the default demo, on several days."""
    now = CLOCKS[request.param]
    store = Store.open(str(copy_of_demo(request.param, tmp_path_factory)))
    yield builders.desk_of(store, "visitor", now)
    store.close()


def rows(desk: Desk, sql: str, **params: Any) -> list[tuple[Any, ...]]:
    """What a statement finds."""
    with desk.store.read() as db:
        return db.all(sql, **params)


# --- the same every time ---------------------------------------------------------------------------


def dump(path: Path) -> list[str]:
    """Every row of the file."""
    raw = sqlite3.connect(path)
    lines = list(raw.iterdump())
    raw.close()
    return lines


def test_the_same_seed_and_clock_give_the_same_rows(tmp_path: Path) -> None:
    now = CLOCKS["monday"]
    for name in ("one", "two"):
        built(tmp_path / name, now, seed=7, accounts=30, ctas=20)
    assert dump(tmp_path / "one") == dump(tmp_path / "two")


def test_another_seed_gives_another_company(tmp_path: Path) -> None:
    for seed in (1, 2):
        built(tmp_path / str(seed), CLOCKS["monday"], seed=seed, accounts=30, ctas=20)
    assert dump(tmp_path / "1") != dump(tmp_path / "2")


def test_it_is_one_act_and_its_journal_verifies(demo: Desk) -> None:
    assert rows(demo, "SELECT verb, what, actor, face FROM act WHERE verb <> 'seal'") == [
        ("demo", "Built the demo company", "system", "system")
    ]
    found = verify(demo)
    assert not found.problems


# --- the sizes asked for ---------------------------------------------------------------------------


@pytest.mark.parametrize(("accounts", "ctas"), [(300, 130), (1, 1), (1, 60), (3, 7), (40, 400), (90, 2), (1000, 999)])
def test_the_open_ctas_are_shared_out_exactly(accounts: int, ctas: int) -> None:
    world = SimpleNamespace(rng=Random(3))
    slots = list(Plan(accounts, ctas).slots(world))  # type: ignore[arg-type]
    assert len(slots) == accounts
    assert sum(slot.ctas for slot in slots) == ctas
    running = 0
    for slot in slots:
        assert slot.first == running or not slot.ctas
        running += slot.ctas


def test_what_is_left_out_of_the_sizes_fits_the_rest() -> None:
    assert plan_for(None, None) == Plan(300, 130)
    assert plan_for(None, 1_000_000) == Plan(100_000, 1_000_000)
    assert plan_for(3_000, None) == Plan(3_000, 1_300)
    for accounts, ctas in ((0, None), (None, 0)):
        with pytest.raises(Refused):
            plan_for(accounts, ctas)


@pytest.mark.parametrize(("accounts", "ctas"), [(1, 1), (1, 40), (40, 300), (110, 6)])
def test_it_holds_what_was_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, accounts: int, ctas: int) -> None:
    """More accounts than are told in detail, and than are written at once, too: a hundred instead of a thousand."""
    assert story.DETAILED >= AT_ONCE, "a small company would be scored by the first tick"
    for place in (story, build):
        monkeypatch.setattr(place, "DETAILED", 100)
    monkeypatch.setattr(build, "_CHUNK", 50)
    told = built(tmp_path / "d", CLOCKS["sunday before dawn"], accounts=accounts, ctas=ctas)
    store = Store.open(told.path)
    with store.read() as db:
        assert db.scalar("SELECT count(*) FROM account") == told.accounts == accounts
        assert db.scalar("SELECT count(*) FROM cta WHERE status = 'open'") == told.ctas == ctas
        assert db.scalar("SELECT count(*) FROM person") == told.people
        assert db.scalar("SELECT count(*) FROM activity") == told.activities
        assert db.scalar("SELECT count(DISTINCT name) FROM account") == accounts
        free = db.scalar("SELECT count(*) FROM cta WHERE status = 'open' AND owner_id IS NULL AND snoozed_at IS NULL")
    assert free >= 0.8 * ctas
    assert tick(builders.desk_of(store, "visitor", CLOCKS["sunday before dawn"]), most=100) == Ticked()
    store.close()


def test_it_can_be_built_on_both_stores(new_url: Callable[[str], str]) -> None:
    url = new_url("none")
    told = build_demo(url, accounts=60, ctas=50, clock=lambda: CLOCKS["monday"], login="visitor")
    store = Store.open(url)
    assert store.kind == "demo"
    desk = builders.desk_of(store, "visitor", CLOCKS["monday"])
    assert len(matching_ids(desk, QueueQuery())) >= 0.8 * told.ctas
    assert claim_next(desk).items[0].owner == "visitor"
    assert not verify(desk).problems
    if store.dialect == "postgresql":  # its planner knows already how much there is
        assert builders.known_rows(store, "cta") >= told.ctas
    store.close()


# --- where something is already --------------------------------------------------------------------


def test_it_never_touches_a_store_that_is_there(tmp_path: Path, empty_url: str) -> None:
    path = tmp_path / "demo.db"
    built(path, CLOCKS["monday"], accounts=5, ctas=3)
    before = path.read_bytes()
    with pytest.raises(Refused, match="--path"):
        built(path, CLOCKS["monday"])
    assert path.read_bytes() == before
    with pytest.raises(Refused, match="--path"):
        build_demo(empty_url, clock=lambda: CLOCKS["monday"], login="visitor")
    note = tmp_path / "note.txt"
    note.write_text("mine")
    with pytest.raises(StoreForeign):
        built(note, CLOCKS["monday"])
    assert note.read_text() == "mine"


def test_a_build_that_is_interrupted_leaves_nothing(tmp_path: Path) -> None:
    def stop(what: str, done: int, of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        built(tmp_path / "demo.db", CLOCKS["monday"], accounts=5, ctas=3, progress=stop)
    assert list(tmp_path.glob("demo.db*")) == []
    told: list[tuple[str, int, int]] = []
    built(tmp_path / "demo.db", CLOCKS["monday"], accounts=5, ctas=3, progress=lambda *at: told.append(at))
    assert told == [("accounts", 5, 5)]


def test_a_build_that_was_killed_is_taken_up(tmp_path: Path) -> None:
    path = tmp_path / "demo.db"
    Store.create(str(path), kind="demo").close()
    assert built(path, CLOCKS["monday"], accounts=5, ctas=3).ctas == 3


def test_one_of_the_cast_can_be_the_login(tmp_path: Path) -> None:
    path = tmp_path / "demo.db"
    built(path, CLOCKS["monday"], accounts=20, ctas=20, login="ana")
    store = Store.open(str(path))
    desk = builders.desk_of(store, "ana", CLOCKS["monday"])
    assert len(desk.me.pools) == 4
    assert rows(desk, "SELECT role FROM csm WHERE login = 'ana'") == [("ops",)]
    store.close()


# --- whose work it is ------------------------------------------------------------------------------


def test_most_is_unassigned_and_most_csms_have_room(demo: Desk) -> None:
    owners = rows(
        demo,
        "SELECT c.login, c.active, p.max_open, count(*) FROM cta t JOIN csm c ON c.id = t.owner_id"
        " JOIN pool p ON p.id = t.pool_id WHERE t.status = 'open' GROUP BY c.login, c.active, p.max_open",
    )
    assert owners
    assert all(active for _, active, _, _ in owners)
    held = Counter[str]()
    for login, _, _, count in owners:
        held[login] += count
    assert max(held.values()) < 20
    assert len(matching_ids(demo, QueueQuery())) >= 0.8 * 130
    works = {row[0] for row in rows(demo, "SELECT c.login FROM csm c WHERE c.active AND c.role IN ('csm', 'junior')")}
    assert 8 <= len(works) <= 12


@pytest.mark.parametrize("when", CLOCKS)
def test_everybody_can_start_at_once(tmp_path_factory: pytest.TempPathFactory, when: str) -> None:
    store = Store.open(str(copy_of_demo(when, tmp_path_factory)))
    ana = builders.desk_of(store, "ana", CLOCKS[when])
    best = queue_page(ana, QueueQuery(pool="West"), limit=2).rows
    assert claim(ana, [best[0].id]).items[0].refused is None
    assert claim_next(builders.desk_of(store, "visitor", CLOCKS[when])).items[0].refused is None
    store.close()


def test_time_has_nothing_to_do_when_it_opens(demo: Desk) -> None:
    assert tick(demo).act is None


def test_claims_are_younger_than_their_ctas_and_within_the_lease(demo: Desk) -> None:
    found = rows(
        demo,
        "SELECT opened_at, claimed_at, touched_at FROM cta WHERE status = 'open' AND owner_id IS NOT NULL",
    )
    for opened, claimed, touched in found:
        assert opened < claimed <= touched
        moment = as_moment(touched)
        assert moment is not None
        assert (demo.now() - moment).days <= 8


def test_ranks_are_what_scoring_would_write(demo: Desk) -> None:
    with demo.store.read() as db:
        stored = {row[0]: row[1:] for row in db.all("SELECT id, rank, rescore_at FROM cta WHERE status = 'open'")}
        using, day = scoring.weights(db), scoring.scoring_day(demo.now())
        for id_, inputs in scoring.inputs(db, list(stored)).items():
            assert (rank(inputs, day, using), rescore_on(inputs, day, using)) == (
                stored[id_][0],
                as_date(stored[id_][1]),
            )


# --- what there is to believe ----------------------------------------------------------------------


def test_nothing_happens_after_the_clock(demo: Desk) -> None:
    now, today = demo.now(), demo.now().date()
    for name in tables():
        for column, kind in table(name).columns.items():
            if kind not in ("date", "moment") or column in AHEAD:
                continue
            for (value,) in rows(demo, f"SELECT max({column}) FROM {name}{PLANNED.get(name, '')}"):
                latest: date | datetime | None = as_moment(value) if kind == "moment" else as_date(value)
                limit: date | datetime = now if kind == "moment" else today
                assert latest is None or latest <= limit, f"{name}.{column}"  # type: ignore[operator]


@pytest.mark.parametrize("reason", BECAUSE)
def test_the_facts_explain_every_open_cta(demo: Desk, reason: str) -> None:
    asked = f'is:open reason:="{reason}"'
    every = matching_ids(demo, QueueQuery(where=asked, scope="all"))
    explained = matching_ids(demo, QueueQuery(where=f"{asked} {BECAUSE[reason]}", scope="all"))
    assert set(every) == set(explained)


def test_titles_carry_the_figures_of_the_facts(demo: Desk) -> None:
    dropped = rows(
        demo,
        "SELECT c.id, c.title FROM cta c JOIN reason r ON r.id = c.reason_id"
        " WHERE c.status = 'open' AND r.name = 'usage drop'",
    )
    assert dropped
    for id_, title in dropped:
        percent = int(title.removeprefix("Usage dropped ").removesuffix("%"))
        near = f"id:{id_} usage_drop:>{percent - 1}% -usage_drop:>{percent + 1}%"
        assert matching_ids(demo, QueueQuery(where=near, scope="all")) == [id_], title
    for title, score in rows(
        demo,
        "SELECT c.title, (SELECT s.score FROM survey s WHERE s.account_id = c.account_id AND s.kind = 'nps'"
        " ORDER BY s.answered DESC, s.id DESC LIMIT 1) FROM cta c WHERE c.status = 'open' AND c.title LIKE 'NPS %'",
    ):
        assert title.endswith(f"({score})")


def test_rules_will_find_work(demo: Desk) -> None:
    fresh = "is:customer -is:relationship"
    for condition in ("renewal:75d..90d", "usage_drop:>30% usage_base:>=20", "nps:<=6 nps_age:<=14d", "no_touch:30d"):
        assert matching_ids(demo, QueueQuery(where=f"{fresh} {condition}", scope="all"))


def test_arr_is_twelve_times_what_runs(demo: Desk) -> None:
    wrong = rows(
        demo,
        "SELECT a.name, a.arr, a.mrr FROM (SELECT b.name, b.arr, (SELECT coalesce(sum(s.mrr), 0) FROM subscription s"
        " WHERE s.account_id = b.id AND s.starts <= :today AND (s.ends IS NULL OR s.ends >= :today)) AS mrr"
        " FROM account b) AS a WHERE a.arr <> 12 * a.mrr",
        today=demo.now().date(),
    )
    assert wrong == []


def test_every_segment_pool_reason_and_outcome_occurs(demo: Desk) -> None:
    assert len(rows(demo, "SELECT DISTINCT segment_id FROM account")) == 4
    assert len(rows(demo, "SELECT DISTINCT pool_id FROM cta WHERE status = 'open'")) == 4
    assert len(rows(demo, "SELECT DISTINCT reason_id FROM cta")) >= 15
    assert len(rows(demo, "SELECT DISTINCT outcome FROM cta WHERE status = 'closed'")) == 4
    assert len(rows(demo, "SELECT id FROM cta WHERE status = 'closed'")) > 200
    assert len(rows(demo, "SELECT id FROM account WHERE status = 'churned'")) > 3
    assert rows(demo, "SELECT id FROM cta WHERE status = 'open' AND snoozed_at IS NOT NULL")
    assert len(rows(demo, "SELECT id FROM playbook")) == 13


def test_the_network_has_single_threads_and_good_ones(demo: Desk) -> None:
    sizes = Counter(
        row[0] for row in rows(demo, "SELECT count(*) FROM membership WHERE value_network = TRUE GROUP BY account_id")
    )
    assert len(sizes) >= 4
    assert sizes[1]


def test_networks_are_in_every_state_and_somebody_is_there_twice(demo: Desk) -> None:
    from cockpit.services.merge import twins
    from cockpit.services.portfolio import hanging, portfolio

    total = portfolio(demo).total
    assert min(total.of(state).accounts for state in ("none", "small", "low", "ok")) > 0
    assert len(hanging(demo)) > 5
    assert [one.second_name for one in twins(demo, "account")] == ["Acme Robotics Inc."]
    assert len([one for one in twins(demo, "person") if one.likeness == 100]) >= 2
    assert rows(demo, "SELECT count(*) FROM membership WHERE value_obtained IS NOT NULL")[0][0] > 50
    assert rows(demo, "SELECT count(*) FROM membership WHERE bottleneck IS NOT NULL")[0][0] > 30


def test_work_falls_into_working_hours(demo: Desk) -> None:
    for (at,) in rows(demo, "SELECT DISTINCT closed_at FROM cta WHERE status = 'closed'"):
        moment = as_moment(at)
        assert moment is not None
        # 9 to 17 in Los Angeles is over at one o'clock UTC of the next day
        assert moment.weekday() < 5 or (moment.weekday() == 5 and moment.hour < 2)
    assert not rows(
        demo, "SELECT id FROM cta WHERE status = 'closed' AND NOT (opened_at < claimed_at AND claimed_at < closed_at)"
    )


def test_the_first_customers_are_the_ones_the_guide_speaks_of(demo: Desk) -> None:
    found = dict(
        rows(
            demo,
            "SELECT a.name, c.title FROM account a JOIN cta c ON c.account_id = a.id"
            " WHERE c.status = 'open' AND a.id <= 4 ORDER BY a.id",
        )
    )
    assert found == {
        "Acme Robotics": "Usage dropped 38%",
        "Boreal Foods": "NPS detractor (3)",
        "Cobalt Health": "Post go-live check-in",
        "Dune Logistics": "Seats at 96%",
    }
