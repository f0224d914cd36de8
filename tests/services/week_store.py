"""The two pools of the week's properties: who works where, and what one asks of their rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from cockpit.desk import Desk
from cockpit.services import away
from cockpit.services.act import Work, act
from cockpit.services.errors import Refused
from db.connection import as_date, as_moment
from db.store import Store
from tests import builders
from tests.services.test_work_machine import lasting

PEOPLE = {"ana": "West", "ben": "West", "dee": "West", "eve": "East", "mo": "East"}
"""Dee is the junior, with half the limits; Mo, the manager, takes CTAs like anybody."""
PLACES = {"West": ("America/New_York", "US"), "East": ("Asia/Tokyo", "JP")}
Row = dict[str, Any]


class PoolsAtWork:
    """A store with the two pools, its clock, and what tests ask of it."""

    store: Store
    now: datetime
    most: int
    daily: int | None

    def __init__(self) -> None:
        self.ctas: list[int] = []
        self.done: list[tuple[int, dict[str, Any]]] = []


    def doer(self, login: str, n: int, hers: bool) -> str:
        """Whoever holds the CTA, if it is hers to do."""
        found = self.rows(f"SELECT o.login FROM cta c JOIN csm o ON o.id = c.owner_id WHERE c.id = {self.ctas[n]}") if hers else []
        return str(found[0]["login"]) if found else login

    def some(self, n: int, m: int | None) -> list[int]:
        """One CTA, or two in one act."""
        return [self.ctas[one] for one in (n, m) if one is not None]

    def number(self, cta_id: int) -> int:
        """Which of the CTAs that is; what came again by itself joins them."""
        if cta_id not in self.ctas:
            self.ctas.append(cta_id)
        return self.ctas.index(cta_id)

    def desk(self, login: str) -> Desk:
        return builders.desk_of(self.store, login, self.now)

    def does(self, deed: Callable[[], Any]) -> None:
        """Does it; what a rule refuses changes nothing."""
        before, newest = lasting(self.store), self.last_act()
        try:
            deed()
        except Refused:
            assert lasting(self.store) == before
        made = [row["id"] for row in self.rows(f"SELECT id FROM act WHERE id > {newest} AND verb <> 'seal' ORDER BY id")]
        assert len(made) < 2
        if made:
            self.done.append((made[0], before))

    def rows(self, sql: str) -> list[Row]:
        with self.store.read() as db:
            cursor = db.raw.execute(sql)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def last_act(self) -> int:
        return int(self.rows("SELECT max(id) AS last FROM act")[0]["last"])

    def cta(self, n: int) -> Row:
        return self.rows(f"SELECT * FROM cta WHERE id = {self.ctas[n]}")[0]

    def account_of(self, n: int) -> str:
        return str(self.rows(f"SELECT name FROM account WHERE id = {self.cta(n)['account_id']}")[0]["name"])

    def id_of(self, login: str) -> int:
        return int(self.rows(f"SELECT id FROM csm WHERE login = '{login}'")[0]["id"])

    def open_and_owned(self) -> list[Row]:
        return self.rows("SELECT * FROM cta WHERE owner_id IS NOT NULL AND status = 'open' ORDER BY id")

    def holds(self, login: str) -> int:
        return sum(row["owner_id"] == self.id_of(login) for row in self.open_and_owned())

    def away_now(self) -> Iterator[int]:
        with self.store.read() as db:
            yield from away.away_now(db, self.now)

    def percent(self, login: str, limit: int) -> int:
        return -(-limit // 2) if login == "dee" else limit

    def within_limits(self, login: str, held: int, pool: str | None = None) -> None:
        assert held <= self.percent(login, self.most)
        if self.daily is not None:
            assert self.taken_today(login, pool) <= self.percent(login, self.daily)

    def is_at_a_limit(self, login: str, held: int) -> bool:
        is_daily = self.daily is not None and self.taken_today(login) >= self.percent(login, self.daily)
        return is_daily or held >= self.percent(login, self.most)

    def taken_today(self, login: str, pool: str | None = None) -> int:
        zone = ZoneInfo(PLACES[pool or PEOPLE[login]][0])
        today, me = self.now.astimezone(zone).date(), self.id_of(login)
        taken = self.rows(f"SELECT claimed_at FROM cta WHERE owner_id = {me} AND claimed_at IS NOT NULL")
        return sum(moment_of(row["claimed_at"]).astimezone(zone).date() == today for row in taken)


def day_of(value: Any) -> date:
    day = as_date(value)
    assert day is not None
    return day


def moment_of(value: Any) -> datetime:
    moment = as_moment(value)
    assert moment is not None
    return moment


@act("test_build")
def seat_five(w: Work) -> None:
    """Only the five work the two pools."""
    w.delete_many("pool_member", [row[0] for row in w.db.all("SELECT id FROM pool_member")])
    ids = {row[0]: row[1] for row in w.db.all("SELECT login, id FROM csm")}
    pools = {row[0]: row[1] for row in w.db.all("SELECT name, id FROM pool")}
    w.insert_many("pool_member", [{"pool_id": pools[pool], "csm_id": ids[login]} for login, pool in PEOPLE.items()])
    w.say("Seated five")
