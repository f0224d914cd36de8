"""A company of rows, many of their fields unknown, for asking queries of."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import db
from db.store import Store

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
TYPES = ["risk", "opportunity", "lifecycle", "event"]
REASONS = ["Usage dropped", "NPS detractor", "Renewal 90 days", "Größe unklar"]
SEGMENTS = ["Enterprise", "SMB", "Mid-market"]
CSMS = [("ana", "Ana Ruiz"), ("ben_o", "Ben Okafor")]
POOLS = ["West", "East Coast"]
ACTIVITY_TYPES = [("call", True), ("meeting", True), ("email", False)]


def day(offset: int) -> date:
    return TODAY + timedelta(days=offset)


def at(days: int, hours: int = 0) -> datetime:
    return NOW + timedelta(days=days, hours=hours)


@dataclass(eq=False)
class World:
    """The rows, as Python sees them."""

    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def add(self, table: str, **row: Any) -> dict[str, Any]:
        rows = self.tables.setdefault(table, [])
        rows.append({"id": len(rows) + 1} | row)
        return rows[-1]

    def of(self, table: str, **match: Any) -> list[dict[str, Any]]:
        live = [row for row in self.tables[table] if row.get("superseded") is None]
        return [row for row in live if all(row[key] == value for key, value in match.items())]

    def name(self, table: str, id_: int | None, column: str = "name") -> str | None:
        return self.tables[table][id_ - 1][column] if id_ else None


def build(seed: int = 7) -> World:
    """A company of 60 accounts with everything a query can ask about, much of it unknown."""
    rng = random.Random(seed)
    world = World()

    def maybe(*values: Any) -> Any:
        return rng.choice([None, *values])

    for table, names in (("cta_type", TYPES), ("reason", REASONS), ("segment", SEGMENTS), ("pool", POOLS)):
        for name in names:
            world.add(table, name=name, **({"label": name[:4]} if table == "cta_type" else {}))
    for login, name in CSMS:
        world.add("csm", login=login, name=name)
    for name, meets in ACTIVITY_TYPES:
        world.add("activity_type", name=name, is_meeting=meets)
    for i in range(60):
        _account(world, rng, i, maybe)
    for i in range(200):
        _cta(world, rng, i, maybe)
    return world


def _account(world: World, rng: random.Random, i: int, maybe: Callable[..., Any]) -> None:
    name = rng.choice(["Acme", "Boreal", "100% Öko", "Dune_Log", "ÉCOLE", "Zeta"]) + f" {i}"
    id_ = world.add(
        "account", name=name, parent_id=rng.randint(1, i) if i and not rng.randint(0, 4) else None,
        status=rng.choice(["customer", "customer", "churned", "prospect"]), segment_id=maybe(1, 2, 3),
        owner_id=maybe(1, 2), pool_id=maybe(1, 2), served_by=rng.choice(["pool", "hybrid", "dedicated"]),
        region=maybe("EMEA", "North America", "south_asia"), industry=maybe("Software", "Food & Drink"),
        domain=maybe(f"acme{i}.com"), language=maybe("de", "EN"), stage=maybe("onboarding", "adopting"),
        arr=maybe(0, 1_900_000, 2_000_000, 2_000_001, 7_500_000), currency=maybe("USD", "JPY", "KWD"),
        renewal_date=maybe(*(day(n) for n in (-40, -1, 0, 1, 74, 75, 89, 90, 91, 300))),
        go_live=maybe(*(day(n) for n in (-400, -60, -30, -7, -1, 0, 5))), health=maybe(0, 49, 50, 59, 60, 74, 75, 100),
        health_before=maybe(40, 74, 90), is_test=not rng.randint(0, 9),
    )["id"]  # fmt: skip

    def fact(table: str, **row: Any) -> dict[str, Any]:
        gone = at(-1) if not rng.randint(0, 4) else None
        return world.add(table, account_id=id_, **{"recorded": at(-3), "superseded": gone} | row)

    for _ in range(rng.randint(0, 3)):
        answered = rng.choice([-1, -20, -30, -31, -200])
        learned = at(max(answered, rng.choice([-1, -4, -10])) if answered > -31 else answered + 1)
        fact(
            "survey",
            kind=rng.choice(["nps", "NPS", "csat"]),
            score=rng.randint(0, 10),
            answered=day(answered),
            recorded=learned,
        )
        fact("event", type=rng.choice(["contact_left", "Contact left", "outage"]), day=day(answered), recorded=learned)
        fact("ticket", subject="x", priority=maybe("P1", "urgent", "low"), status=maybe("open", "Closed", "solved"),
             opened=at(rng.choice([-1, -13, -14, -40])), closed=maybe(at(-1)))  # fmt: skip
        fact(
            "subscription",
            mrr=rng.choice([10_000, 250_000]),
            starts=day(rng.choice([-400, -10, 0, 3])),
            ends=maybe(day(-1), day(0), day(90)),
        )
    for n in rng.sample(range(120), rng.choice([0, 0, 3, 12])):
        fact(
            "usage",
            metric=rng.choice(["logins", "logins", "reports"]),
            day=day(-n),
            value=rng.choice([0, 1000, 5000, 20_000]),
        )
    people = [
        world.add("person", name=rng.choice(["M. Ortiz", "Åsa Berg"]) + f" {id_}", email=maybe(f"p{id_}@acme.com"), language=maybe("de"),
                  left_on=maybe(day(-20), day(0), day(5)), opted_out=not rng.randint(0, 3), bounced=False)["id"]
        for _ in range(rng.randint(0, 3))
    ]  # fmt: skip
    for person in people:
        world.add("membership", person_id=person, account_id=id_, title=maybe("Director", "CTO"),
                  value_network=bool(rng.randint(0, 2)), network_role=maybe("driver", "generator"))  # fmt: skip
    for _ in range(rng.randint(0, 3)):
        _activity(world, rng, id_, people, fact, maybe)


def _activity(world: World, rng: random.Random, id_: int, people: list[int], fact: Any, maybe: Any) -> None:
    activity = fact(
        "activity", type_id=rng.randint(1, 3), author_id=maybe(1, 2), subject=rng.choice(["Quarterly review", "Größe"]),
        body=maybe("price increase"), at=rng.choice([at(-60), at(-91), at(-90), at(-8), at(0, -2), at(0, 5), at(1)]),
        cta_id=None, date_only=False, next_step=maybe("send deck"), next_step_due=maybe(day(-2), day(3)),
    )  # fmt: skip
    for person in rng.sample(people, rng.randint(0, len(people))):
        world.add("attendee", activity_id=activity["id"], person_id=person, attended=bool(rng.randint(0, 3)))


def _cta(world: World, rng: random.Random, i: int, maybe: Callable[..., Any]) -> None:
    closed = not rng.randint(0, 2)
    claimed = maybe(at(-12), at(-3))
    world.add(
        "cta", account_id=rng.randint(1, 60), pool_id=maybe(1, 2), type_id=rng.randint(1, 4),
        reason_id=rng.randint(1, 4), title=rng.choice(["Usage dropped 38%", "Usage_dropped", "GRÖSSE", "größe", "Check"]),
        description=maybe("churn talk"), priority=rng.choice(["low", "medium", "high"]), flagged=not rng.randint(0, 3),
        status="closed" if closed else "open", owner_id=rng.choice([1, 2]) if claimed else None,
        due=maybe(*(day(n) for n in (-3, -1, 0, 1, 6, 7, 8))), claimed_at=claimed, touched_at=claimed,
        opened_at=rng.choice([at(-15), at(-14), at(-13, -10), at(-7), at(0, -3), at(0, -5)]),
        snoozed_at=maybe(at(-1)), snoozed_until=maybe(day(2), day(9)), source=rng.choice(["by hand", "rule nps_low"]),
        outcome=rng.choice(["success", "no_action"]) if closed else None, closed_at=at(-rng.randint(1, 80)) if closed else None,
        playbook_id=None, rank=i,
    )  # fmt: skip
    if not rng.randint(0, 3):
        world.add("external_id", system="file", thing="cta", key=f"CTA-{i}", thing_id=i + 1)


def store_world(store: Store, world: World) -> None:
    """Writes the rows as they are, without a journal: nobody undoes them here."""
    schema = json.loads((Path(db.__file__).parent / "schema.json").read_text())
    with store.write() as open_:
        for table, rows in world.tables.items():
            chain = {"rev": 0, "head": b""}
            whole = [{"uid": random.randbytes(16)} | chain | schema[table]["defaults"] | row for row in rows]
            columns = list(whole[0])
            marks = ", ".join(f":{column}" for column in columns)
            open_.many(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", whole)
