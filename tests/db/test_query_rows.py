"""Conditions on both stores against the same question asked of the same rows in plain Python."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import pytest

from cockpit.domain import money
from db.query import compile_query, field_help
from db.query.account_fields import WITH_THREE, WITHOUT_DECIMALS
from db.store import Store
from tests.db.query_asked import ASKED, Ask, Row
from tests.db.query_world import NOW, TODAY, World, build, day, store_world

FROM = {
    "cta": "FROM cta c JOIN account a ON a.id = c.account_id LEFT JOIN csm o ON o.id = c.owner_id"
    " LEFT JOIN pool p ON p.id = c.pool_id JOIN cta_type t ON t.id = c.type_id JOIN reason r ON r.id = c.reason_id"
    " LEFT JOIN segment s ON s.id = a.segment_id",
    "account": "FROM account a LEFT JOIN csm o ON o.id = a.owner_id LEFT JOIN pool p ON p.id = a.pool_id"
    " LEFT JOIN segment s ON s.id = a.segment_id",
    "person": "FROM person n",
    "activity": "FROM activity v JOIN account a ON a.id = v.account_id JOIN activity_type t ON t.id = v.type_id",
}
ROW = {"cta": "c", "account": "a", "person": "n", "activity": "v"}


@pytest.fixture(scope="module")
def world() -> World:
    return build()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled(request: pytest.FixtureRequest, world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Nobody writes here: one store of each kind serves all."""
    clones = None
    if request.param == "sqlite":
        url = str(shutil.copy(request.getfixturevalue("sqlite_templates")["bare"], tmp_path_factory.mktemp("world")))
    else:
        clones = request.getfixturevalue("server_clones")("bare")
        url = clones.take()
    store = Store.open(url)
    store_world(store, world)
    yield store
    store.close()
    if clones:
        clones.give_back(url)


def ask(store: Store, text: str, entity: str = "cta", walk: bool = True, **options: Any) -> list[int]:
    """The ids of the rows that match."""
    options = {"today": TODAY, "now": NOW, "me_id": 1} | options
    where = compile_query(text, entity, dialect=store.dialect, walk=walk, **options)
    key = f"{ROW[entity]}.id"
    with store.read() as snapshot:
        return [
            row[0]
            for row in snapshot.all(f"SELECT {key} {FROM[entity]} WHERE {where.sql} ORDER BY {key}", **where.params)
        ]


@cache
def expected(world: World, condition: Ask) -> list[int]:
    accounts = world.tables["account"]
    return [c["id"] for c in world.tables["cta"] if condition(world, c, accounts[c["account_id"] - 1])]


def test_every_answer_is_the_one_python_gives(filled: Store, world: World) -> None:
    wrong = {}
    for text, condition in ASKED.items():
        for walk in (True, False):
            if (got := ask(filled, text, walk=walk)) != (right := expected(world, condition)):
                wrong[text] = sorted(set(got) ^ set(right))
    assert wrong == {}


def test_the_questions_tell_rows_apart(world: World) -> None:
    """A question that all rows answer alike would prove nothing."""
    alike = [text for text, condition in ASKED.items() if len(expected(world, condition)) in (0, 200)]
    assert alike == [
        "", "reason:GRÖSSE", "reason:=nps", "priority:<low", "pool:east-coast", "playbook:none", "arr:20000.005",
    ]  # fmt: skip


def test_and_or_not_combine_as_in_logic(filled: Store, world: World) -> None:
    rng = random.Random(3)
    plain = [text for text in ASKED if text and " " not in text]

    def tree(depth: int) -> tuple[str, Ask]:
        if depth == 0 or not rng.randint(0, 3):
            text = rng.choice(plain)
            return text, ASKED[text]
        kind = rng.choice(["AND", "OR", "NOT"])
        left, is_left = tree(depth - 1)
        if kind == "NOT":
            return f"-({left})", lambda w, c, a: not is_left(w, c, a)
        right, is_right = tree(depth - 1)
        if kind == "AND" and not _same_row(left + right):
            return f"({left}) ({right})", lambda w, c, a: is_left(w, c, a) and is_right(w, c, a)
        return f"({left} OR {right})", lambda w, c, a: is_left(w, c, a) or is_right(w, c, a)

    for _ in range(60):
        text, condition = tree(4)
        assert ask(filled, text) == expected(world, condition), text


def _same_row(text: str) -> bool:
    """Terms about events or activities side by side mean one event: not plain logic."""
    return text.count("event") + text.count("activity") > 1


def test_account_queries_agree_with_cta_queries(filled: Store, world: World) -> None:
    fields = {known.name for known in field_help("account")} & {known.name for known in field_help("cta")}
    for text in ASKED:
        name = text.lstrip("-(").partition(":")[0].replace("-", "_")
        if name in fields - {"is", "id", "owner", "pool", "title", "external", "text"} and " " not in text:
            accounts = set(ask(filled, text, "account"))
            assert ask(filled, text) == [c["id"] for c in world.tables["cta"] if c["account_id"] in accounts], text


@pytest.mark.parametrize("entity", ["cta", "account", "person", "activity"])
def test_every_example_runs(filled: Store, entity: str) -> None:
    for known in field_help(entity):
        words = (
            [f"is:{flag}" for flag, _ in known.values] if known.name == "is" else [f"{known.name}:any", *known.examples]
        )
        for query in words:
            for walk in (True, False):
                ask(filled, query, entity, walk)


def test_people(filled: Store, world: World) -> None:
    people, members = world.tables["person"], world.tables["membership"]

    def those(condition: Callable[[Row, Row], bool]) -> list[int]:
        return [n["id"] for n in people if any(condition(n, m) for m in members if m["person_id"] == n["id"])]

    assert ask(filled, "role:driver title:director", "person") == those(
        lambda n, m: m["network_role"] == "driver" and m["title"] == "Director"
    )
    assert ask(filled, "left:<30d", "person") == those(lambda n, m: n["left_on"] in (day(-20), TODAY))
    assert ask(filled, "-is:member", "person") == those(lambda n, m: not m["value_network"])
    assert ask(filled, "ÅSA", "person") == those(lambda n, m: n["name"].startswith("Åsa"))
    assert ask(filled, "last_met:<=60d", "person") == [
        n["id"] for n in people if (last := last_met(world, n)) is not None and last.date() >= day(-60)
    ]


def last_met(world: World, person: Row) -> datetime | None:
    attended = {t["activity_id"] for t in world.tables["attendee"] if t["person_id"] == person["id"] and t["attended"]}
    met = [v["at"] for v in world.of("activity") if v["id"] in attended and v["type_id"] < 3]
    return max((moment for moment in met if moment.date() <= TODAY), default=None)


def test_activities(filled: Store, world: World) -> None:
    def those(condition: Callable[[Row], bool]) -> list[int]:
        return [v["id"] for v in world.tables["activity"] if condition(v)]

    assert ask(filled, "type:call,email author:me", "activity") == those(
        lambda v: v["type_id"] != 2 and v["author_id"] == 1
    )
    assert ask(filled, "at:<=60d", "activity") == those(lambda v: day(-60) <= v["at"].date() <= TODAY)
    assert ask(filled, "at:>=today is:meeting", "activity") == those(
        lambda v: v["at"].date() >= TODAY and v["type_id"] < 3
    )
    assert ask(filled, "promised:<7d -is:overdue", "activity") == those(lambda v: v["next_step_due"] == day(3))


def test_days_begin_in_the_zone(filled: Store, world: World) -> None:
    from zoneinfo import ZoneInfo

    zone = ZoneInfo("Pacific/Auckland")  # 13 hours ahead: 22:00 there
    today = NOW.astimezone(zone).date()
    assert ask(filled, "opened:7d", zone=zone, today=today) == [
        c["id"] for c in world.tables["cta"] if (today - c["opened_at"].astimezone(zone).date()).days == 7
    ]


def test_a_calendar_may_count_business_days(filled: Store, world: World) -> None:
    def every_other_day(start: date, n: int) -> date:
        return start + timedelta(days=2 * n)

    assert ask(filled, "due:3bd", business_day=every_other_day) == expected(world, lambda w, c, a: c["due"] == day(6))


def test_minor_units_are_those_of_the_money_rules() -> None:
    codes = money.CURRENCIES
    assert {code for code in codes if money.exponent(code) == 0} == set(WITHOUT_DECIMALS.replace("'", "").split(", "))
    assert {code for code in codes if money.exponent(code) == 3} == set(WITH_THREE.replace("'", "").split(", "))
