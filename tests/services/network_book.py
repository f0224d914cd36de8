"""A book of accounts with people and meetings of every kind, and what plain Python makes of its networks.

Nothing here calls the product: rows are drawn, written as they are, and counted by loops over them.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import db
from db.store import Store

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SEGMENTS = ((6, 60, 80), (4, 90, 70), (2, 120, 50), (1, 180, None), (None, None, None))
"""(minimum, window, goal): the last agreed nothing."""
TYPES = (("meeting", True), ("call", True), ("email", False), ("update", False))
Row = dict[str, Any]


@dataclass
class Book:
    """The rows by table."""

    rows: dict[str, list[Row]] = field(default_factory=dict)

    def add(self, table: str, **row: Any) -> int:
        there = self.rows.setdefault(table, [])
        there.append({"id": len(there) + 1} | row)
        return len(there)


def day(back: int) -> date:
    return TODAY - timedelta(days=back)


def draw(accounts: int, seed: int = 11) -> Book:
    """A fifth of the accounts are relationships; people may belong to several accounts and meet anywhere."""
    rng, book = random.Random(seed), Book()
    for n, (least, window, goal) in enumerate(SEGMENTS):
        book.add("segment", name=f"S{n}", network_min=least, network_window=window, coverage_goal=goal)
    for name, meets in TYPES:
        book.add("activity_type", name=name, is_meeting=meets)
    book.add("csm", login="ana", name="Ana")
    tops: list[int] = []
    for n in range(accounts):
        parent = rng.choice(tops) if tops and not rng.randint(0, 4) else None
        go_live = rng.choice([None, day(400), day(400), day(90), day(89), day(10), day(-5)])
        id_ = book.add("account", name=f"A{n}", parent_id=parent, status=rng.choice(["customer"] * 5 + ["churned"]), go_live=go_live,
                       segment_id=rng.choice([None, 1, 2, 3, 4, 5]), is_test=False)  # fmt: skip
        if parent is None:
            tops.append(id_)
        people = [_person(book, rng, id_) for _ in range(rng.choice([0, 1, 2, 3, 4, 6]))]
        if rng.random() < 0.1 and len(book.rows.get("person", ())) > 10:
            guest = rng.randint(1, len(book.rows["person"]))
            if guest not in people:
                _membership(book, rng, guest, id_)
                people.append(guest)
        for _ in range(rng.choice([0, 0, 2, 4, 6])):
            _meeting(book, rng, rng.choice([id_, id_, parent or id_]), people)
    return book


def _person(book: Book, rng: random.Random, account: int) -> int:
    left = rng.choice([None] * 6 + [day(0), day(30), day(-1)])
    id_ = book.add("person", name=f"P{len(book.rows.get('person', ()))}", left_on=left)
    _membership(book, rng, id_, account)
    return id_


def _membership(book: Book, rng: random.Random, person: int, account: int) -> None:
    book.add("membership", person_id=person, account_id=account, value_network=rng.random() < 0.7,
             left_on=rng.choice([None] * 9 + [day(3)]), network_role=rng.choice([None, "driver"]))  # fmt: skip


def _meeting(book: Book, rng: random.Random, account: int, people: list[int]) -> None:
    back = rng.choice([0, 1, 30, 59, 60, 61, 89, 90, 91, 120, 121, 180, 181, -1])
    at = datetime.combine(day(back), datetime.min.time(), UTC) + timedelta(seconds=rng.choice([0, 43_200, 86_399]))
    gone = NOW if rng.random() < 0.05 else None
    id_ = book.add("activity", account_id=account, type_id=rng.choice([1, 1, 2, 2, 3, 4]), subject="Talk", at=at, author_id=1,
                   state=rng.choice(["done"] * 6 + ["planned", "cancelled"]), internal=rng.random() < 0.1,
                   recorded=NOW, superseded=gone)  # fmt: skip
    for person in rng.sample(people, min(len(people), rng.choice([1, 1, 1, 2, 3]))):
        book.add("attendee", activity_id=id_, person_id=person, attended=rng.random() < 0.85)


def write(store: Store, book: Book) -> None:
    """The rows as they are, without a journal."""
    schema = json.loads((Path(db.__file__).parent / "schema.json").read_text())
    with store.write() as open_:
        for table in ("segment", "activity_type", "csm", "account", "person", "membership", "activity", "attendee"):
            chain = {"rev": 0, "head": b""}
            whole = [{"uid": random.randbytes(16)} | chain | schema[table]["defaults"] | row for row in book.rows[table]]
            columns = list(whole[0])
            open_.many(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(f':{c}' for c in columns)})", whole)
        open_.learn()


# -- what plain Python makes of it


@dataclass(frozen=True)
class Expected:
    """The network of one account."""

    size: int
    minimum: int | None
    met: int
    state: str
    last: dict[int, date | None]
    """Of each member, when the account (or a relationship) last met her."""
    alone: int
    meetings: int


def count(book: Book) -> dict[int, Expected]:
    """The networks of all accounts, by loops."""
    people = {row["id"]: row for row in book.rows["person"]}
    there: dict[int, list[Row]] = {}
    for row in book.rows["attendee"]:
        if row["attended"]:
            there.setdefault(row["activity_id"], []).append(row)
    real: dict[int, list[Row]] = {}
    for row in book.rows["activity"]:
        counts = row["type_id"] in (1, 2) and row["state"] == "done" and not row["internal"] and row["superseded"] is None
        if counts and row["at"].date() <= TODAY:
            real.setdefault(row["account_id"], []).append(row)
    members: dict[int, list[int]] = {}
    for row in book.rows["membership"]:
        days = [one for one in (row["left_on"], people[row["person_id"]]["left_on"]) if one is not None]
        if row["value_network"] and not any(one <= TODAY for one in days):
            members.setdefault(row["account_id"], []).append(row["person_id"])
    children: dict[int, list[int]] = {}
    for row in book.rows["account"]:
        children.setdefault(row["parent_id"] or 0, []).append(row["id"])
    return {row["id"]: _one(row, [row["id"], *children.get(row["id"], ())], members, real, there) for row in book.rows["account"]}


def asked(account: Row) -> tuple[int | None, int, int]:
    """Minimum, window and goal of an account."""
    least, window, goal = SEGMENTS[account["segment_id"] - 1] if account["segment_id"] else (None, None, None)
    if account["go_live"] is not None and (TODAY - account["go_live"]).days < 90:
        return None if least is None else (least + 1) // 2, 60, 50
    return least, window or 90, goal or 50


def _one(
    account: Row, family: list[int], members: dict[int, list[int]], real: dict[int, list[Row]], there: dict[int, list[Row]]
) -> Expected:
    least, window, goal = asked(account)
    who = {person for one in family for person in members.get(one, ())}
    held = [(row["at"].date(), {seat["person_id"] for seat in there.get(row["id"], ())}) for one in family for row in real.get(one, ())]
    last = {person: max((on for on, came in held if person in came), default=None) for person in who}
    first = TODAY - timedelta(days=window)
    met = sum(on is not None and on >= first for on in last.values())
    state = "none" if not who else "small" if least is not None and len(who) < least else "low" if met / len(who) < goal / 100 else "ok"
    seen = [came for on, came in held if on >= first and came]
    single = [next(iter(came)) for came in seen if len(came) == 1]
    return Expected(len(who), least, met, state, last, max(map(single.count, single), default=0), len(seen))
