"""Two pools in two time zones, five people, any acts in any order: what must hold of limits, leases, stages and undo."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from cockpit.desk import Desk
from cockpit.domain.calendar import Calendar
from cockpit.domain.intervention import ENDS, MOVES
from cockpit.domain.lease import Pause, resumed
from cockpit.services import account, away, comment, cta, intervention, lease, push, queue, tick, timeline
from cockpit.services.calendars import calendar_for
from cockpit.services.history import undo
from cockpit.services.team import edit_csm, edit_pool
from cockpit.services.verify import verify
from db.connection import as_json
from db.store import Store
from db.terms import Outcome, Stage
from tests import builders
from tests.services.test_work_machine import lasting
from tests.services.undo_oracle import check_taken_back
from tests.services.week_store import PEOPLE, PLACES, PoolsAtWork, Row, day_of, moment_of, seat_five

STARTS = ("2026-11-23T16:00", "2026-12-23T23:30", "2027-04-28T03:00", "2027-03-12T20:00")
"""Thanksgiving week; Christmas; Golden Week; the days on which New York's clocks skip an hour."""
EACH = 7
"""CTAs of each pool."""
who = st.sampled_from(sorted(PEOPLE))
which = st.integers(0, 2 * EACH - 1)
leader = st.sampled_from(["mo", "mo", *sorted(PEOPLE)])
hers = st.sampled_from([True, True, True, False])
"""Whether whoever holds the CTA acts, and not the one who was drawn: most of what strangers try is refused."""
New = Callable[[], AbstractContextManager[Store]]


class Week(PoolsAtWork, RuleBasedStateMachine):
    """See the module."""

    new_store: ClassVar[New]

    def __init__(self) -> None:
        RuleBasedStateMachine.__init__(self)
        PoolsAtWork.__init__(self)
        self.place = self.new_store()
        self.store = self.place.__enter__()

    # --- how it begins and ends ---------------------------------------------------------------------

    @initialize(
        start=st.sampled_from(STARTS), leases=st.tuples(st.integers(1, 4), st.integers(1, 4)),
        most=st.sampled_from([2, 3, 25]), daily=st.sampled_from([None, 2]), order=st.none() | st.integers(0, 99),
    )  # fmt: skip
    def open_the_pools(self, start: str, leases: tuple[int, int], most: int, daily: int | None, order: int | None) -> None:
        """``order``: a seed for taking everything back in any order, None for the reverse one."""
        self.now = builders.utc(start)
        self.order = order
        self.most, self.daily = most, daily
        seat_five(self.desk("mo"))
        for (pool, (zone, region)), days in zip(PLACES.items(), leases, strict=True):
            policy = {"time_zone": zone, "calendar": region, "lease_days": days, "max_open": most, "max_per_day": daily}
            edit_pool(self.desk("mo"), pool, policy)
            self.ctas += [self.customer(pool, n) for n in range(EACH)]
        edit_csm(self.desk("mo"), "dee", {"limit_percent": 50})
        self.first = self.last_act() + 1
        for login in (*PEOPLE, "ana", "ana", "mo"):
            self.take_next(login)

    def customer(self, pool: str, n: int) -> int:
        mo, name = self.desk("mo"), f"{pool} {n // 2}"
        with self.store.read() as db:
            known = db.scalar("SELECT id FROM account WHERE name = :name", name=name)
        if known is None:
            known = builders.account(mo, name, health=40, pool=pool)
            builders.person(mo, known, f"Lee of {name}", email=f"lee@{pool}{n}.example".lower())
        return builders.cta(
            mo, known, pool=pool, because=("EBR due", "Usage drop")[n % 2], lane=("strategic", "tactical")[n % 2],
            repeats="2w" if n == 3 else None, due=self.now.date() + timedelta(days=3 * n),
        )  # fmt: skip

    def teardown(self) -> None:
        """Everything is taken back, in reverse order row for row, or in any order field by field; and the journal holds."""
        try:
            if hasattr(self, "first"):
                self.nobody_took_what_was_somebodys()
                mo = self.desk("mo")
                assert verify(mo).problems == ()
                self.take_back(mo)
                assert verify(mo).problems == ()
        finally:
            self.place.__exit__(None, None, None)

    def take_back(self, mo: Desk) -> None:
        if self.order is not None:
            acts = [made for made, _ in self.done]
            random.Random(self.order).shuffle(acts)
            for made in acts:
                check_taken_back(self.store, mo, made)
            return
        for made, before in reversed(self.done):
            assert undo(mo, made).conflicts == ()
            assert lasting(self.store) == before

    # --- what people do -----------------------------------------------------------------------------

    @rule(login=who, n=which, anyway=st.booleans(), free=hers)
    def claim(self, login: str, n: int, anyway: bool, free: bool) -> None:
        waiting = [row["id"] for row in self.rows("SELECT id FROM cta WHERE owner_id IS NULL AND status = 'open' ORDER BY id")]
        if free and waiting:
            n = self.number(waiting[n % len(waiting)])
        before, held = self.cta(n), self.holds(login)
        self.does(lambda: queue.claim(self.desk(login), [self.ctas[n]], anyway))
        after = self.cta(n)
        is_free = before["owner_id"] is None and before["status"] == "open" and before["snoozed_at"] is None
        if not is_free:
            assert after["owner_id"] == before["owner_id"], "whose it was, it stays; whose it is not to take, nobody gets"
        if after["owner_id"] != before["owner_id"]:
            self.within_limits(login, held + 1)
        elif is_free and anyway:
            assert self.is_at_a_limit(login, held), "what is free is only refused for a limit, or for an intervention"

    @rule(login=who)
    def next(self, login: str) -> None:
        self.take_next(login)

    def take_next(self, login: str) -> None:
        held = self.holds(login)
        before = {row["id"]: row for row in self.rows("SELECT * FROM cta")}
        self.does(lambda: queue.claim_next(self.desk(login)))
        got = [row for row in self.rows("SELECT * FROM cta") if row["owner_id"] != before[row["id"]]["owner_id"]]
        for row in got:
            was = before[row["id"]]
            assert (was["owner_id"], was["status"], was["snoozed_at"]) == (None, "open", None)
            assert row["pool_id"] in self.desk(login).me.pools
            self.within_limits(login, held + 1)
        assert len(got) < 2

    @rule(pool=st.sampled_from(sorted(PLACES)), absent=st.none() | who)
    def hand_out(self, pool: str, absent: str | None) -> None:
        if absent is not None:
            self.go_away(absent, 0, 1, None)
        gone = set(self.away_now())
        before = Counter(row["owner_id"] for row in self.open_and_owned())
        self.does(lambda: push.hand_out(self.desk("mo"), pool))
        after = Counter(row["owner_id"] for row in self.open_and_owned())
        for login in PEOPLE:
            id_ = self.id_of(login)
            if after[id_] > before[id_]:
                assert id_ not in gone, "who is away is handed nothing"
                self.within_limits(login, after[id_], PEOPLE[login])

    @rule(login=who, n=which, to=who, hers=hers)
    def assign(self, login: str, n: int, to: str, hers: bool) -> None:
        login = self.doer(login, n, hers)
        self.does(lambda: queue.assign(self.desk(login), [self.ctas[n]], to))

    @rule(login=who, n=which, m=st.none() | which, hers=hers)
    def release(self, login: str, n: int, m: int | None, hers: bool) -> None:
        login = self.doer(login, n, hers)
        self.does(lambda: queue.release(self.desk(login), self.some(n, m), "yours"))

    @rule(login=who, n=which, days=st.integers(1, 9), wake=st.sampled_from([None, "health:<30"]), hers=hers)
    def snooze(self, login: str, n: int, days: int, wake: str | None, hers: bool) -> None:
        login = self.doer(login, n, hers)
        day = self.desk(login).today() + timedelta(days=days)
        self.does(lambda: cta.snooze(self.desk(login), [self.ctas[n]], day, "waits", wake))

    @rule(login=who, n=which, hers=hers)
    def wake(self, login: str, n: int, hers: bool) -> None:
        login = self.doer(login, n, hers)
        self.does(lambda: cta.wake(self.desk(login), [self.ctas[n]]))

    @rule(login=who, n=which, type=st.sampled_from(["outreach", "update", "meeting"]), answered=st.booleans(), hers=hers)
    def log(self, login: str, n: int, type: str, answered: bool, hers: bool) -> None:
        login = self.doer(login, n, hers)
        name = self.account_of(n)
        met = [f"Lee of {name}"] if type == "meeting" else []
        self.does(lambda: timeline.log_activity(self.desk(login), name, type, "x", attendees=met, answered=answered))

    @rule(login=who, n=which, to=who)
    def speak(self, login: str, n: int, to: str) -> None:
        self.does(lambda: comment.add_comment(self.desk(login), self.ctas[n], f"@{to} look", opinion=to != login))

    @rule(login=who, n=which, m=st.none() | which, outcome=st.sampled_from(list(Outcome)), hers=hers)
    def close(self, login: str, n: int, m: int | None, outcome: Outcome, hers: bool) -> None:
        login = self.doer(login, n, hers)
        self.does(lambda: cta.close(self.desk(login), self.some(n, m), outcome, "done"))

    @rule(login=who, n=which)
    def reopen(self, login: str, n: int) -> None:
        self.does(lambda: cta.reopen(self.desk(login), [self.ctas[n]]))

    @rule(login=who, n=which, days=st.integers(-3, 9), hers=hers)
    def move_due(self, login: str, n: int, days: int, hers: bool) -> None:
        login = self.doer(login, n, hers)
        self.does(lambda: cta.set_due(self.desk(login), [self.ctas[n]], self.now.date() + timedelta(days=days)))

    @rule(login=who, n=which, hers=hers)
    def intervene(self, login: str, n: int, hers: bool) -> None:
        login = self.doer(login, n, hers)
        self.does(lambda: intervention.start(self.desk(login), self.ctas[n]))

    @rule(login=leader, n=which, to=st.sampled_from(list(Stage)))
    def move(self, login: str, n: int, to: Stage) -> None:
        if ids := [row["id"] for row in self.rows("SELECT id FROM intervention ORDER BY ended_at IS NULL DESC, id")]:
            self.does(lambda: intervention.move(self.desk(login), ids[n % len(ids)], to, "note", "reason"))

    @rule(login=leader, n=which)
    def plan(self, login: str, n: int) -> None:
        if ids := [row["id"] for row in self.rows("SELECT id FROM intervention WHERE ended_at IS NULL ORDER BY id")]:
            self.does(lambda: intervention.set_plan(self.desk(login), ids[n % len(ids)], "Train two", "health:>=60"))

    @rule(login=who, wait=st.integers(0, 2), days=st.integers(0, 5), cover=st.none() | who)
    def ask_for_days(self, login: str, wait: int, days: int, cover: str | None) -> None:
        self.go_away(login, wait, days, cover)

    def go_away(self, login: str, wait: int, days: int, cover: str | None) -> None:
        first = self.desk(login).today() + timedelta(days=wait)
        self.does(lambda: away.set_away(self.desk("mo"), login, first, first + timedelta(days=days), cover))

    @rule(login=who)
    def come_back(self, login: str) -> None:
        self.does(lambda: away.end_away(self.desk(login), login))

    @rule(n=which, health=st.sampled_from([20, 70, None]))
    def facts_come_in(self, n: int, health: int | None) -> None:
        self.does(lambda: account.edit_account(self.desk("mo"), self.cta(n)["account_id"], {"health": health}))

    @rule(login=who)
    def change_her_mind(self, login: str) -> None:
        newest = max((made for made, _ in self.done), default=0)
        if self.rows(f"SELECT 1 AS x FROM act WHERE id = {newest} AND actor = '{login}'"):
            self.does(lambda: undo(self.desk(login)))

    # --- time ---------------------------------------------------------------------------------------

    @rule(hours=st.sampled_from([1, 9, 24, 50, 75, 170]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        owners = {row["id"]: row["owner_id"] for row in self.open_and_owned()}
        expected = set(self.over())
        self.does(lambda: tick.tick(self.desk("ana")))
        kept = {row["id"] for row in self.open_and_owned()}
        assert {id_ for id_ in owners if id_ not in kept} == expected
        with self.store.read() as db:
            assert lease.lapsed(db, self.now) == [], "a second tick finds nothing"

    def over(self) -> Iterator[int]:
        """The claims whose lease has ended by now, counted day by day."""
        with self.store.read() as db:
            woken = set(tick.wakeable(self.desk("ana"), db))
        absent: dict[int, list[tuple[date, date]]] = {}
        for row in self.rows("SELECT csm_id, first, last FROM away"):
            absent.setdefault(row["csm_id"], []).append((day_of(row["first"]), day_of(row["last"])))
        pools = {row["id"]: row for row in self.rows("SELECT * FROM pool")}
        for row in self.open_and_owned():
            pool = pools[row["pool_id"]]
            calendar = calendar_for(pool["time_zone"], pool["calendar"])
            pauses = absent.get(row["owner_id"], [])
            touched, today = moment_of(row["touched_at"]), calendar.local_date(self.now)
            if row["snoozed_at"] is not None:
                if row["id"] not in woken:
                    continue
                held = [Pause(first, last) for first, last in pauses]
                touched = resumed(touched, moment_of(row["snoozed_at"]), today, calendar, held)
            if _is_over(calendar.local_date(touched), today, pool["lease_days"], calendar, pauses):
                yield row["id"]

    # --- what always holds --------------------------------------------------------------------------

    @invariant()
    def an_account_has_one_intervention_at_a_time(self) -> None:
        running = Counter(row["account_id"] for row in self.rows("SELECT account_id FROM intervention WHERE ended_at IS NULL"))
        assert not running or max(running.values()) == 1

    @invariant()
    def an_intervention_is_where_it_can_be(self) -> None:
        for row in self.rows("SELECT stage, ended_at, claimed_at, reached_at, engaged_at FROM intervention"):
            assert (Stage(row["stage"]) in ENDS) == (row["ended_at"] is not None)
            moments = [moment_of(row[name]) for name in ("claimed_at", "reached_at", "engaged_at") if row[name]]
            assert moments == sorted(moments)

    @invariant()
    def what_is_held_has_all_that_belongs_to_it(self) -> None:
        for row in self.rows("SELECT * FROM cta"):
            if row["owner_id"] is None:
                assert (row["claimed_at"], row["touched_at"]) == (None, None)
            else:
                assert row["claimed_at"] is not None
            assert (row["status"] == "closed") == (row["closed_at"] is not None) == (row["outcome"] is not None)
            assert (row["snoozed_at"] is None) <= (row["snoozed_until"] is None)

    def nobody_took_what_was_somebodys(self) -> None:
        """In the journal a CTA goes from nobody to somebody, unless somebody gave it by hand or an act was taken back."""
        for row in self.updates("cta"):
            old, new = as_json(row["fields"]).get("owner_id", (None, None))
            assert old is None or new is None or row["verb"] in ("assign", "undo", "redo"), row
        for row in self.updates("intervention"):
            old, new = as_json(row["fields"]).get("stage", (None, None))
            assert old == new or row["verb"] in ("undo", "redo") or Stage(new) in reachable(Stage(old)), row

    def updates(self, thing: str) -> list[Row]:
        """What the journal tells since it began."""
        return self.rows(
            "SELECT c.thing_id, c.fields, a.verb FROM change c JOIN act a ON a.id = c.act_id"
            f" WHERE c.thing = '{thing}' AND c.kind = 'update' AND a.id >= {self.first}"
        )


def _is_over(touched: date, today: date, days: int, calendar: Calendar, pauses: list[tuple[date, date]]) -> bool:
    """Whether so many business days lie whole between the touch and today, those of an absence not counted."""

    def is_paused(day: date) -> bool:
        return any(first <= day <= last for first, last in pauses)

    between = (touched + timedelta(days=n) for n in range(1, (today - touched).days))
    counted = sum(calendar.is_business_day(day) and not is_paused(day) for day in between)
    return counted >= days and not is_paused(today)


def reachable(stage: Stage) -> set[Stage]:
    """A beginning may take several steps in one act: what was logged before counts."""
    found, todo = set[Stage](), [stage]
    while todo:
        for one in MOVES[todo.pop()] - found:
            found.add(one)
            todo.append(one)
    return found
