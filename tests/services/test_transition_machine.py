"""Accounts that change hands in any order of acts: nothing is orphaned, no required step is passed over, all is undone."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
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
from cockpit.services import (
    hand_over,
    leaver,
    team,
    transition,
    transition_acts,
    transition_brief,
    transition_cover,
    transition_talk,
)
from cockpit.services.errors import Refused
from cockpit.services.history import undo
from cockpit.services.timeline import log_activity
from cockpit.services.verify import verify
from db.reads.orphans import orphans
from db.store import Store
from tests import builders
from tests.conftest import NOW
from tests.services.test_work_machine import lasting
from tests.services.transition_story import ready_account

who = st.sampled_from(["ana", "ben", "chi", "mo"])
which = st.integers(0, 2)
SORTS = ("csm_to_csm", "csm_to_pool", "pool_to_csm", "cover", "pod")
KINDS = st.sampled_from(SORTS)
STEPS = ("named", "gaps", "people", "agree", "read", "internal", "tell", "introduce", "criteria", "last_call", "letter", "case", "choose",
         "gate", "patch", "strategic", "scope")  # fmt: skip


class Moves(RuleBasedStateMachine):
    """Three accounts, one of them the pool's, three colleagues and a manager. Each run begins with a hand-over of one
    kind (or ana's leave, in waves), as far as it was drawn to be."""

    template: ClassVar[Path]
    first: ClassVar[str]
    reached: ClassVar[set[str]]

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "store.db"
        shutil.copy(self.template, path)
        self.store = Store.open(str(path))
        self.now = NOW
        self.accounts: list[int] = []
        self.ids: list[int] = []
        self.done: list[tuple[int, dict[str, Any]]] = []

    def teardown(self) -> None:
        """All of it is taken back in reverse order, act by act, row for row; and the journal holds."""
        self.reached |= {f"{kind} {state}" for kind, state in self.rows("SELECT kind, state FROM transition")}
        mo = self.desk("mo")
        for act, before in reversed(self.done):
            undo(mo, act)
            assert lasting(self.store) == before
        assert verify(mo).ok
        self.store.close()
        self.folder.cleanup()

    def desk(self, login: str) -> Desk:
        return builders.desk_of(self.store, login, self.now)

    def does(self, deed: Callable[[], Any]) -> Any:
        """Does it; what a rule refuses changes nothing."""
        before, newest = lasting(self.store), self.scalar("SELECT max(id) FROM act")
        try:
            made = deed()
        except Refused:
            assert lasting(self.store) == before
            return None
        acts = [row[0] for row in self.rows("SELECT id FROM act WHERE id > :id AND verb <> 'seal' ORDER BY id", id=newest)]
        assert len(acts) < 2
        self.done += [(act, before) for act in acts]
        return made

    def rows(self, sql: str, **params: Any) -> list[tuple[Any, ...]]:
        with self.store.read() as db:
            return db.all(sql, **params)

    def scalar(self, sql: str) -> int:
        return int(self.rows(sql)[0][0] or 0)

    @property
    def id(self) -> int:
        """The transition begun last."""
        return self.ids[-1]

    @initialize(far=st.integers(0, 2))
    def begin(self, far: int) -> None:
        mo, ana = self.desk("mo"), self.desk("ana")
        for name, owner in (("One", "ana"), ("Two", "ana"), ("Three", None)):
            account, _ = ready_account(mo, name, owner)
            self.accounts.append(account)
            for because in ("Renewal", "Usage drop"):
                builders.cta(mo, account, owner=owner, because=because, due=date(2026, 12, 20))
        pod = builders.make(mo, "pod", {"name": "North"})
        for desk in (ana, self.desk("ben")):
            builders.make(mo, "pod_member", {"pod_id": pod, "csm_id": desk.me.id})
        if self.first == "leave":
            self.leave("ben")
        else:
            self.start(self.first, 2 if self.first == "pool_to_csm" else 0, "mo", "ben")
        assert self.ids
        if far > 0:
            self.hurry()
        if far > 1:
            self.time_passes(4)
            self.bring_back()

    @rule(to=who)
    def leave(self, to: str) -> None:
        """Ana hands over what she has, in two waves; one account to somebody chosen by hand."""
        made = self.does(lambda: leaver.start(
            self.desk("mo"), "ana", self.now.date() + timedelta(days=30), waves=2, choices={self.accounts[0]: to}))  # fmt: skip
        if made is not None:
            self.ids += made.transitions

    @precondition(lambda self: len(self.ids) > 1)
    @rule()
    def turn(self) -> None:
        """Another transition is the one that is worked on."""
        self.ids = [*self.ids[1:], self.ids[0]]

    @rule(kind=KINDS, n=which, login=who, to=who)
    def start(self, kind: str, n: int, login: str, to: str) -> None:
        more: dict[str, Any] = {}
        account: int | None = self.accounts[n]
        if kind in ("cover", "pod"):
            more = {"accounts": [str(account)], "owner": "ana"}
            more |= {"returns_on": self.now.date() + timedelta(days=9)} if kind == "cover" else {"takers": {str(account): "ben"}}
            account = None
        target = "West" if kind == "csm_to_pool" else "North" if kind == "pod" else to
        made = self.does(
            lambda: transition.start(self.desk(login), account, kind, target, self.now.date() + timedelta(days=3), "Moves", **more)
        )
        if made is not None:
            self.ids.append(made.id)

    @precondition(lambda self: self.ids)
    @rule(choice=st.sampled_from(["move", "close", "keep", "pool", "wait"]))
    def decide(self, choice: str) -> None:
        self.does(lambda: transition_acts.decide(self.desk("mo"), self.id, choice))

    @precondition(lambda self: self.ids)
    @rule(key=st.sampled_from(STEPS))
    def waive(self, key: str) -> None:
        self.does(lambda: transition_acts.waive(self.desk("mo"), self.id, key, "talked through"))

    @precondition(lambda self: self.ids)
    @rule()
    def write(self) -> None:
        rows = self.rows("SELECT account_id, form FROM brief WHERE transition_id = :id", id=self.id)
        before = len(self.done)
        for account, form in rows[:1]:
            from cockpit.domain.brief import sections_of

            for section in sections_of(form):
                self.does(lambda a=account, k=section.key: transition_brief.write_section(  # type: ignore[misc]
                    self.desk("mo"), self.id, k, "They like it short and clear.", a))  # fmt: skip
        assert len(self.done) >= before

    @precondition(lambda self: self.ids)
    @rule(deed=st.sampled_from(["confirm", "agree", "choose", "pass", "ask", "sign"]))
    def further(self, deed: str) -> None:
        mo = self.desk("mo")
        self.does({
            "confirm": lambda: transition_acts.confirm_people(mo, self.id),
            "agree": lambda: transition_acts.agree(mo, self.id),
            "choose": lambda: transition_acts.choose(mo, self.id, "ben", "has room"),
            "pass": lambda: transition_acts.pass_gate(mo, self.id),
            "ask": lambda: transition_talk.ask(mo, self.id, "Who pays?"),
            "sign": lambda: transition_brief.sign(mo, self.id),
        }[deed])  # fmt: skip

    @precondition(lambda self: self.ids)
    @rule(login=who)
    def send_back(self, login: str) -> None:
        self.does(lambda: transition_acts.send_back(self.desk(login), self.id, "Not clear yet"))

    @precondition(lambda self: self.ids)
    @rule(login=who)
    def accept(self, login: str) -> None:
        self.does(lambda: hand_over.accept(self.desk(login), self.id))

    @precondition(lambda self: self.ids)
    @rule()
    def hurry(self) -> None:
        """A manager waives what can be waived, decides the rest, and accepts."""
        mo = self.desk("mo")
        for (key,) in self.rows("SELECT key FROM task WHERE transition_id = :id AND gates = TRUE AND status = 'open'", id=self.id):
            if key not in ("sign", "accept", "decide"):
                self.does(lambda key=key: transition_acts.waive(mo, self.id, key, "talked through"))  # type: ignore[misc]
        self.does(lambda: transition_acts.decide(mo, self.id, "move"))
        self.does(lambda: hand_over.accept(mo, self.id))

    @precondition(lambda self: self.ids)
    @rule(login=who)
    def call_off(self, login: str) -> None:
        self.does(lambda: transition_acts.cancel(self.desk(login), self.id, "It stays"))

    @precondition(lambda self: self.ids)
    @rule()
    def bring_back(self) -> None:
        self.does(lambda: transition_cover.sign_return(self.desk("mo"), self.id))
        self.does(lambda: transition_cover.take_back(self.desk("mo"), self.id))

    @precondition(lambda self: self.ids)
    @rule(days=st.integers(1, 20))
    def extend(self, days: int) -> None:
        self.does(lambda: transition_cover.extend(self.desk("mo"), self.id, self.now.date() + timedelta(days=days), "ill"))

    @rule(n=which, login=who)
    def talk(self, n: int, login: str) -> None:
        self.does(lambda: log_activity(self.desk(login), self.accounts[n], "meeting", "A word", attendees=["ana", "ben"]))

    @rule(days=st.integers(1, 4))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule()
    def somebody_leaves(self) -> None:
        """Chi goes, if nothing is hers; what is on its way to her does not arrive."""
        chi = self.desk("ana") and self.rows("SELECT id FROM csm WHERE login = 'chi'")[0][0]
        held = [("account", "owner_id"), ("task", "owner_id"), ("intervention", "csm_id")]
        if not any(self.rows(f"SELECT id FROM {table} WHERE {column} = :chi", chi=chi) for table, column in held):
            self.does(lambda: team.csm_off(self.desk("mo"), "chi"))

    @invariant()
    def nothing_is_orphaned(self) -> None:
        with self.store.read() as db:
            found = [one for one in orphans(db) if one.kind != "transition_taker"]
        assert found == []

    @invariant()
    def what_was_handed_over_is_where_it_was_to_go(self) -> None:
        rows = self.rows(
            "SELECT a.owner_id, t.to_csm_id FROM transition t JOIN account a ON a.id = t.account_id WHERE t.state = 'accepted'"
            " AND t.kind IN ('csm_to_csm', 'pool_to_csm') AND NOT EXISTS (SELECT 1 FROM transition u WHERE u.account_id = a.id"
            " AND u.id > t.id AND u.state IN ('accepted', 'done'))"
        )
        assert all(owner == to for owner, to in rows)


@pytest.mark.filterwarnings("ignore::hypothesis.errors.NonInteractiveExampleWarning")
@pytest.mark.parametrize("first", [*SORTS, "leave"])
def test_any_order_of_acts_on_hand_overs(sqlite_templates: dict[str, Path], first: str) -> None:
    Moves.template, Moves.first, Moves.reached = sqlite_templates["cast"], first, set()
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Moves,
        settings=settings(
            max_examples=3, stateful_step_count=9, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate),
            suppress_health_check=list(HealthCheck), print_blob=True,
        ),
    )  # fmt: skip
    kind = "csm_to_csm" if first == "leave" else first
    assert any(one.startswith(kind) for one in Moves.reached)
