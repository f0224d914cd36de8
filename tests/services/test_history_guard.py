"""Every use-case: no row changes without its journal row, and an undo brings every row back.

A new use-case fails here until a call of it is added to CALLS.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

import cockpit.services
from cockpit.desk import Desk
from cockpit.services import account as accounts
from cockpit.services import away, lane, people, pod, policy, push, queue, team, timeline, view
from cockpit.services import cta as ctas
from cockpit.services.act import REGISTRY
from cockpit.services.archive import archive
from cockpit.services.cta import CtaDraft
from cockpit.services.erase import erase
from cockpit.services.exchange.apply import import_files
from cockpit.services.history import redo, undo
from cockpit.services.tick import tick
from cockpit.services.undo import FOR_GOOD
from db.columns import table, tables
from db.store import Store
from db.terms import NetworkRole, Outcome
from tests import builders
from tests.conftest import NOW
from tests.services import calls_panes, calls_timeline
from tests.services.calls_health import HEALTH_CALLS
from tests.services.calls_network import NETWORK_CALLS
from tests.services.calls_playbooks import PLAYBOOK_CALLS
from tests.services.calls_pool import POOL_CALLS
from tests.services.calls_pool import prepare as prepare_pool
from tests.services.calls_transition import CALLS as TRANSITION_CALLS
from tests.services.calls_transition import prepare as prepare_transitions
from tests.services.test_undo import state
from tests.services.work_calls import WORK_CALLS, prepare

Dump = dict[str, dict[int, tuple[Any, ...]]]


@dataclass
class Scene:
    """A store with one of everything, and who does things in it."""

    desk: Desk
    mo: Desk
    folder: Path
    acme: int
    lee: int
    free: int
    mine: int
    asleep: int
    closed: int
    task: int
    call: int


def dump(store: Store) -> Dump:
    """Every journaled row, without what is derived."""
    with store.read() as db:
        return {
            name: {row[0]: row for row in db.all(f"SELECT id, rev, head, {', '.join(table(name).journaled)} FROM {name}")}
            for name in tables()
        }


def unjournaled(store: Store, before: Dump, after: Dump, last_act: int) -> list[str]:
    """Rows that came, went or changed between, without a journal row of an act since."""
    with store.read() as db:
        told = set(db.all("SELECT thing, thing_id FROM change WHERE act_id > :last", last=last_act))
    return [
        f"{name} {id_}"
        for name in tables()
        for id_ in before[name].keys() | after[name].keys()
        if before[name].get(id_) != after[name].get(id_) and (name, id_) not in told
    ]


def last_act(store: Store) -> int:
    with store.read() as db:
        return int(db.scalar("SELECT max(id) FROM act"))


@pytest.fixture
def scene(desk_of: Callable[..., Desk], tmp_path: Path) -> Scene:
    oz = desk_of("oz")
    acme = builders.account(oz, "Acme Robotics", renewal_date=date(2027, 1, 31))
    lee = builders.person(oz, acme, "Lee")
    snoozed = {"snoozed_at": NOW - timedelta(days=2), "snoozed_until": NOW.date(), "snooze_reason": "waits"}
    mine = builders.cta(oz, acme, owner="oz", due=date(2026, 12, 4), because="Sponsor left")
    made = timeline.log_activity(oz, acme, "call", "Hello", attendees=["lee@example.com"])
    team.new_segment(oz, "SMB")
    view.save_view(oz, "queue", "Red", query="health:<50")
    for name in ("North", "South"):
        team.new_pool(oz, name)
    team.join_pool(oz, "eve", "North")
    pod.new_pod(oz, "Oak", ["ana"])
    away.set_away(oz, "eve", date(2026, 12, 21), date(2026, 12, 24))
    builders.cta(oz, builders.account(oz, "Yew Logistics", pool="East"), pool="East")
    prepare(oz, desk_of("mo"))
    calls_timeline.prepare(oz)
    prepare_pool(oz)
    prepare_transitions(oz, desk_of("mo"))
    return Scene(
        desk=oz, mo=desk_of("mo"), folder=tmp_path, acme=acme, lee=lee, mine=mine, call=made.id,
        free=builders.cta(oz, acme),
        asleep=builders.cta(oz, acme, because="NPS detractor", **snoozed),
        closed=builders.cta(oz, acme, owner="oz", because="Old", status="closed", outcome="success", closed_at=NOW),
        task=builders.make(oz, "task", {"cta_id": mine, "title": "Ring", "due": date(2026, 12, 2)}),
    )  # fmt: skip


def bring_in(s: Scene) -> Any:
    path = s.folder / "accounts.csv"
    path.write_text("Account ID,Account Name,ARR,Currency,Pool\nA1,Zeta,1200,USD,West\nA2,Eta,,,New pool\n", encoding="utf-8")
    return import_files(s.desk, [path])


def twice(s: Scene, last: Callable[[Desk], Any]) -> Any:
    queue.claim(s.desk, [s.free])
    if last is redo:
        undo(s.desk)
    return last(s.desk)


def put_away(s: Scene) -> Any:
    then = builders.desk_of(s.desk.store, "oz", NOW - timedelta(days=9))
    builders.make(then, "usage", {"account_id": s.acme, "metric": "logins", "day": then.today(), "value": 1})
    return archive(s.mo, NOW.date(), str(s.folder / "old.db"))


CALLS: dict[str, Callable[[Scene], Any]] = {
    "account.edit_account": lambda s: accounts.edit_account(s.desk, s.acme, {"health": 12, "region": "EMEA"}),
    "account.new_account": lambda s: accounts.new_account(s.desk, "Boreal Foods"),
    "away.end_away": lambda s: away.end_away(s.desk, "eve"),
    "away.set_away": lambda s: away.set_away(s.desk, "ben", NOW.date(), date(2026, 12, 4), "chi", "leave"),
    "cta.close": lambda s: ctas.close(s.desk, [s.mine, s.free], Outcome.SUCCESS, "done"),
    "cta.edit_cta": lambda s: ctas.edit_cta(s.desk, s.mine, {"title": "T", "reason": "Quite new", "due": date(2026, 12, 11)}),
    "cta.new_cta": lambda s: ctas.new_cta(s.desk, s.acme, CtaDraft("risk", "Brand new")),
    "cta.new_ctas_where": lambda s: ctas.new_ctas_where(s.desk, "health:>1", CtaDraft("event", "Outage")),
    "cta.reopen": lambda s: ctas.reopen(s.desk, [s.closed]),
    "cta.set_due": lambda s: ctas.set_due(s.desk, [s.mine, s.free], date(2026, 12, 24)),
    "cta.snooze": lambda s: ctas.snooze(s.desk, [s.mine], date(2026, 12, 24), "holidays", wake="health:<20"),
    "cta.wake": lambda s: ctas.wake(s.desk, [s.asleep]),
    "archive._archive": put_away,
    "erase._erase": lambda s: erase(s.mo, builders.person(s.desk, s.acme, "Kit Moss")),
    "exchange.apply._write": bring_in,
    "lane.set_lane": lambda s: lane.set_lane(s.desk, "dee", "West", "tactical"),
    "people.add_person": lambda s: people.add_person(s.desk, s.acme, "Kim", "kim@example.com", value_network=True),
    "people.edit_person": lambda s: people.edit_person(s.desk, s.lee, {"phone": "1"}),
    "people.set_network": lambda s: people.set_network(s.desk, s.lee, s.acme, True, NetworkRole.DRIVER),
    "pod.edit_pod": lambda s: pod.edit_pod(s.desk, "Oak", {"name": "Elm"}),
    "pod.give": lambda s: pod.give(s.desk, "Oak", [s.acme]),
    "pod.join_pod": lambda s: pod.join_pod(s.desk, "Oak", "dee", is_senior=False),
    "pod.leave_pod": lambda s: pod.leave_pod(s.desk, "Oak", "ana"),
    "pod.new_pod": lambda s: pod.new_pod(s.desk, "Ash", ["ben"], ["dee"]),
    "pod.pod_off": lambda s: pod.pod_off(s.desk, "Oak"),
    "policy.set_policy": lambda s: policy.set_policy(s.desk, "SMB", {"touch_days": 20, "arr_from": "20k"}),
    "push._hand_out": lambda s: push.hand_out(s.mo, "East", 1),
    "queue.assign": lambda s: queue.assign(s.desk, [s.free], "ben"),
    "queue._claim": lambda s: queue.claim(s.desk, [s.free]),
    "queue.claim_next": lambda s: queue.claim_next(s.desk),
    "queue.release": lambda s: queue.release(s.desk, [s.mine], "on leave"),
    "team.csm_off": lambda s: team.csm_off(s.desk, "chi"),
    "team.edit_csm": lambda s: team.edit_csm(s.desk, "chi", {"name": "Chi T."}),
    "team.edit_pool": lambda s: team.edit_pool(s.desk, "West", {"max_open": 3}),
    "team.edit_segment": lambda s: team.edit_segment(s.desk, "SMB", {"name": "Modest"}),
    "team.join_pool": lambda s: team.join_pool(s.desk, "eve", "West"),
    "team.leave_pool": lambda s: team.leave_pool(s.desk, "eve", "North"),
    "team.new_csm": lambda s: team.new_csm(s.desk, "fay", "Fay Ito", pool="West"),
    "team.new_pool": lambda s: team.new_pool(s.desk, "Centre"),
    "team.new_segment": lambda s: team.new_segment(s.desk, "Upper"),
    "team.pool_off": lambda s: team.pool_off(s.desk, "South"),
    "team.segment_off": lambda s: team.segment_off(s.desk, "SMB"),
    "tick._tick": lambda s: tick(s.desk),
    "timeline.delete_activity": lambda s: timeline.delete_activity(s.desk, s.call),
    "timeline.edit_activity": lambda s: timeline.edit_activity(s.desk, s.call, {"subject": "Hello again"}),
    "timeline.log_activity": lambda s: timeline.log_activity(s.desk, s.acme, "call", "Hi", attendees=["oz", "lee@example.com"], cta=s.mine),
    "undo.redo": lambda s: twice(s, redo),
    "undo.undo": lambda s: twice(s, undo),
    "view.delete_view": lambda s: view.delete_view(s.desk, "queue", "Red"),
    "view.save_view": lambda s: view.save_view(s.desk, "queue", "Red", query="health:<40", shared=True),
}  # fmt: skip
CALLS |= WORK_CALLS
CALLS |= calls_timeline.TIMELINE_CALLS
CALLS |= POOL_CALLS
CALLS |= NETWORK_CALLS
CALLS |= calls_panes.PANE_CALLS
CALLS |= HEALTH_CALLS
CALLS |= PLAYBOOK_CALLS
CALLS |= TRANSITION_CALLS
NOT_CALLED = {"setup.furnish": "runs once, on an empty store, before every test here; verify() finds what it left out"}


def registered() -> dict[str, str]:
    """Every use-case of the package and its verb."""
    prefix = "cockpit.services."
    for module in pkgutil.walk_packages(cockpit.services.__path__, prefix):
        importlib.import_module(module.name)
    return {name.removeprefix(prefix): verb for name, (verb, _) in REGISTRY.items() if name.startswith(prefix)}


def test_every_use_case_is_called_here():
    assert set(registered()) - CALLS.keys() - NOT_CALLED.keys() == set(), "add a call of it to CALLS"
    assert CALLS.keys() - set(registered()) == set(), "there is no such use-case any more"


def test_no_row_changes_without_its_journal_row_and_undo_brings_each_back(scene: Scene):
    store, verbs = scene.desk.store, registered()
    before, rows = dump(store), state(store)
    for name, call in CALLS.items():
        newest = last_act(store)
        call(scene)
        made, after = last_act(store), dump(store)
        assert made > newest, f"{name} did nothing"
        assert unjournaled(store, before, after, newest) == [], name
        if made == newest + 1 and verbs[name] not in FOR_GOOD:
            assert undo(scene.mo, made).conflicts == (), name
            assert state(store) == rows, name
            before = dump(store)
        else:
            before, rows = after, state(store)


def test_the_guard_finds_what_was_written_past_the_journal(scene: Scene):
    store = scene.desk.store
    before = dump(store)
    with store.write() as db:
        db.run("UPDATE account SET arr = 1 WHERE id = :id", id=scene.acme)
    assert unjournaled(store, before, dump(store), last_act(store)) == [f"account {scene.acme}"]
