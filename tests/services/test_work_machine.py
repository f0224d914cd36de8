"""Weeks of a pool, any order of acts: leases, stages and undo keep their promises over holidays, zones and absences."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from cockpit.desk import Desk
from cockpit.domain.intervention import ENDS, MOVES
from cockpit.services import away, cta, intervention, queue, tick, timeline
from cockpit.services.errors import Refused
from cockpit.services.history import undo
from cockpit.services.lease import lapsed
from cockpit.services.team import edit_pool
from cockpit.services.verify import verify
from db.store import Store
from db.terms import Outcome, Stage
from tests import builders
from tests.conftest import NOW
from tests.services.test_undo import state

who = st.sampled_from(["ana", "ben", "mo"])
which = st.integers(0, 3)
Row = dict[str, Any]


def lasting(store: Store) -> dict[str, Any]:
    """Every row without what follows from others and the day: a score that crossed a step since stays where it is."""
    from db.models import DERIVED, Cta

    found = state(store)
    columns = [column.name for column in Cta.__table__.columns if column.name not in ("rev", "head")]  # type: ignore[attr-defined]
    derived = {columns.index(name) for name in DERIVED["cta"]}
    found["cta"] = [
        tuple(v for n, v in enumerate(row) if n not in derived or len(row) < len(columns)) for row in found["cta"]
    ]
    return found


class Weeks(RuleBasedStateMachine):
    """Four accounts with a CTA each, three colleagues, one pool, and time that only goes forward."""

    template: ClassVar[Path]

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "store.db"
        shutil.copy(self.template, path)
        self.store = Store.open(str(path))
        self.now = NOW
        self.ctas: list[int] = []
        self.stages: dict[int, Stage] = {}
        self.done: list[tuple[int, dict[str, Any]]] = []

    def teardown(self) -> None:
        """All of it is taken back in reverse order, act by act, row for row; and the journal holds."""
        mo = self.desk("mo")
        for act, before in reversed(self.done):
            undo(mo, act)
            assert lasting(self.store) == before
        assert verify(mo).ok
        self.store.close()
        self.folder.cleanup()

    def desk(self, login: str) -> Desk:
        return builders.desk_of(self.store, login, self.now)

    def does(self, deed: Callable[[], Any]) -> None:
        """Does it; what a rule refuses changes nothing."""
        before, newest = lasting(self.store), self.last_act()
        try:
            deed()
        except Refused:
            assert lasting(self.store) == before
        made = [
            row["id"] for row in self.rows(f"SELECT id FROM act WHERE id > {newest} AND verb <> 'seal' ORDER BY id")
        ]
        assert len(made) < 2
        if made:
            self.done.append((made[0], before))

    def last_act(self) -> int:
        return int(self.rows("SELECT max(id) AS last FROM act")[0]["last"])

    def rows(self, sql: str) -> list[Row]:
        with self.store.read() as db:
            cursor = db.raw.execute(sql)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    @initialize(
        lease=st.sampled_from([1, 3, 5]),
        place=st.sampled_from([("UTC", None), ("America/New_York", "US"), ("Asia/Tokyo", "JP")]),
    )
    def open_the_pool(self, lease: int, place: tuple[str, str | None]) -> None:
        edit_pool(self.desk("mo"), "West", {"lease_days": lease, "time_zone": place[0], "calendar": place[1]})
        for n in range(4):
            account = builders.account(self.desk("mo"), f"Account {n}", health=40)
            builders.person(self.desk("mo"), account, f"Lee {n}", email=f"lee{n}@example.com")
            self.ctas.append(
                builders.cta(self.desk("mo"), account, repeats="2w" if n == 3 else None, due=date(2026, 12, 4))
            )

    @rule(login=who, n=which)
    def claim(self, login: str, n: int) -> None:
        self.does(lambda: queue.claim(self.desk(login), [self.ctas[n]]))

    @rule(login=who, n=which)
    def release(self, login: str, n: int) -> None:
        self.does(lambda: queue.release(self.desk(login), [self.ctas[n]], "yours"))

    @rule(login=who, n=which, days=st.integers(1, 9))
    def snooze(self, login: str, n: int, days: int) -> None:
        self.does(
            lambda: cta.snooze(
                self.desk(login), [self.ctas[n]], self.desk(login).today() + timedelta(days=days), "waits"
            )
        )

    @rule(login=who, n=which)
    def wake(self, login: str, n: int) -> None:
        self.does(lambda: cta.wake(self.desk(login), [self.ctas[n]]))

    @rule(login=who, n=which, type=st.sampled_from(["outreach", "update", "meeting"]), answered=st.booleans())
    def log(self, login: str, n: int, type: str, answered: bool) -> None:
        met = [f"lee{n}@example.com"] if type == "meeting" else []
        self.does(
            lambda: timeline.log_activity(self.desk(login), f"Account {n}", type, "x", attendees=met, answered=answered)
        )

    @rule(login=who, n=which, outcome=st.sampled_from(list(Outcome)))
    def close(self, login: str, n: int, outcome: Outcome) -> None:
        self.does(lambda: cta.close(self.desk(login), [self.ctas[n]], outcome, "done"))

    @rule(login=who, n=which)
    def reopen(self, login: str, n: int) -> None:
        self.does(lambda: cta.reopen(self.desk(login), [self.ctas[n]]))

    @rule(login=who, n=which)
    def start(self, login: str, n: int) -> None:
        self.does(lambda: intervention.start(self.desk(login), self.ctas[n]))

    @precondition(lambda self: self.stages)
    @rule(login=who, n=which, to=st.sampled_from(list(Stage)))
    def move(self, login: str, n: int, to: Stage) -> None:
        ids = sorted(self.stages)
        self.does(lambda: intervention.move(self.desk(login), ids[n % len(ids)], to, "note", "reason"))

    @precondition(lambda self: self.stages)
    @rule(login=who, n=which)
    def plan(self, login: str, n: int) -> None:
        ids = sorted(self.stages)
        self.does(lambda: intervention.set_plan(self.desk(login), ids[n % len(ids)], "Train two", "health:>=30"))

    @rule(login=st.sampled_from(["ana", "ben"]), wait=st.integers(0, 3), days=st.integers(0, 6))
    def go_away(self, login: str, wait: int, days: int) -> None:
        first = self.desk(login).today() + timedelta(days=wait)
        self.does(lambda: away.set_away(self.desk("mo"), login, first, first + timedelta(days=days)))

    @rule(hours=st.sampled_from([1, 12, 24, 72, 170]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        self.does(lambda: tick.tick(self.desk("ana")))
        with self.store.read() as db:
            assert lapsed(db, self.now) == [], "a second tick finds nothing"
        for row in self.rows(
            "SELECT touched_at FROM cta WHERE owner_id IS NOT NULL AND status = 'open' AND snoozed_at IS NULL"
        ):
            since = datetime.fromisoformat(row["touched_at"]).astimezone(UTC)
            quiet = (self.now - since).days
            assert quiet <= 45, "however long the holidays, nothing is held for weeks untouched"

    @invariant()
    def an_account_has_one_intervention_at_a_time(self) -> None:
        running = [row["account_id"] for row in self.rows("SELECT account_id FROM intervention WHERE ended_at IS NULL")]
        assert len(running) == len(set(running))

    @invariant()
    def stages_only_take_moves_that_are_there(self) -> None:
        for row in self.rows(
            "SELECT id, stage, ended_at, claimed_at, reached_at, engaged_at, on_plan_at FROM intervention"
        ):
            now = Stage(row["stage"])
            before = self.stages.get(row["id"], Stage.CLAIMED)
            assert now is before or now in reachable(before)
            assert (now in ENDS) == (row["ended_at"] is not None)
            moments = [row[name] for name in ("claimed_at", "reached_at", "engaged_at", "on_plan_at") if row[name]]
            assert moments == sorted(moments)
            self.stages[row["id"]] = now

    @invariant()
    def who_is_told_of_a_return_held_it(self) -> None:
        returned = sum(row["returned"] for row in self.rows("SELECT returned FROM cta"))
        told = self.rows(
            "SELECT m.id FROM mention m JOIN comment c ON c.id = m.comment_id WHERE c.body LIKE 'Went back%'"
        )
        assert returned == len(told)


def reachable(stage: Stage) -> set[Stage]:
    """A beginning may take several steps in one act: what was logged before counts."""
    found, todo = set[Stage](), [stage]
    while todo:
        for one in MOVES[todo.pop()] - found:
            found.add(one)
            todo.append(one)
    return found


@pytest.mark.filterwarnings("ignore::hypothesis.errors.NonInteractiveExampleWarning")
def test_any_weeks_of_a_pool(sqlite_templates: dict[str, Path]):
    Weeks.template = sqlite_templates["cast"]
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Weeks,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            phases=(Phase.explicit, Phase.reuse, Phase.generate),
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
