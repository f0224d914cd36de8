"""Taking acts back: one's own, another's, out of order, of everything an act can do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from cockpit.desk import Desk
from cockpit.services.act import Work, act
from cockpit.services.cta import close, edit_cta, set_due
from cockpit.services.errors import Forbidden, NotFound, Refused
from cockpit.services.history import Undone, acts, redo, undo
from cockpit.services.queue import claim, release
from cockpit.services.verify import verify
from db.store import Store
from db.terms import Outcome
from tests import builders
from tests.builders import account, cta, ctas, row, snapshot
from tests.conftest import NOW

Sit = Callable[..., Desk]
JOURNAL = ("act", "change", "dated", "score")


@act("test_do")
def do(w: Work, what: Callable[[Work], Any]) -> Undone:
    w.say("Did it")
    what(w)
    return Undone(0, "", 0, ())


def state(store: Store) -> dict[str, Any]:
    """All rows of all tables but the journal's; a closed CTA has no place in the queue, so its last one is left out."""
    from db.models import DERIVED, Cta

    found = snapshot(store, but=JOURNAL)
    columns = [c.name for c in Cta.__table__.columns if c.name not in ("rev", "head")]  # type: ignore[attr-defined]
    derived = [columns.index(name) for name in DERIVED["cta"]]
    closed = columns.index("status")
    found["cta"] = [
        tuple(v for n, v in enumerate(r) if n not in derived) if r[closed] == "closed" else r for r in found["cta"]
    ]
    return found


def test_a_claim_is_taken_back_and_made_again(desk: Desk):
    (id_,) = ctas(desk, 1)
    before = state(desk.store)
    claimed = claim(desk, [id_])
    after = state(desk.store)

    undone = undo(desk)

    assert state(desk.store) == before
    assert (undone.undone, undone.reverted, undone.conflicts) == (claimed.act, 1, ())
    assert undone.said == f"Undid: {claimed.said}"

    redone = redo(desk)
    assert state(desk.store) == after
    assert redone.said == f"Redid: {claimed.said}"
    assert redone.undone == undone.act


def test_undo_walks_back_act_by_act_and_redo_forward_again(desk: Desk):
    (id_,) = ctas(desk, 1)
    states = [state(desk.store)]
    for step in (
        lambda: claim(desk, [id_]),
        lambda: set_due(desk, [id_], date(2026, 12, 4)),
        lambda: close(desk, [id_], Outcome.SUCCESS, "agreed"),
    ):
        step()
        states.append(state(desk.store))
    for wanted in reversed(states[:-1]):
        undo(desk)
        assert state(desk.store) == wanted
    for wanted in states[1:]:
        redo(desk)
        assert state(desk.store) == wanted
    with pytest.raises(Refused, match="nothing to redo"):
        redo(desk)


def test_a_new_act_ends_what_could_be_redone(desk: Desk):
    one, two = ctas(desk, 2)
    claim(desk, [one])
    undo(desk)
    claim(desk, [two])
    with pytest.raises(Refused, match="nothing to redo"):
        redo(desk)


def test_an_act_undone_redone_and_undone_again(desk: Desk):
    (id_,) = ctas(desk, 1)
    before = state(desk.store)
    claimed = claim(desk, [id_])
    for _ in range(3):
        assert undo(desk).undone in {a.act for a in acts(desk)}
        assert state(desk.store) == before
        redo(desk)
    assert undo(desk, claimed.act).reverted == 1
    assert state(desk.store) == before
    with pytest.raises(Refused, match="undone already, by act"):
        undo(desk, claimed.act)
    assert verify(desk).problems == ()


def test_undone_is_told_of_acts(desk: Desk):
    (id_,) = ctas(desk, 1)
    claimed = claim(desk, [id_])
    undone = undo(desk)
    told = {a.act: a for a in acts(desk)}
    assert told[claimed.act].undone
    assert told[undone.act].undoes == claimed.act
    redo(desk)
    told = {a.act: a for a in acts(desk)}
    assert not told[claimed.act].undone
    assert told[undone.act].undone


def test_who_may_take_back_whose(desk_of: Sit):
    ana, ben, mo = desk_of("ana"), desk_of("ben"), desk_of("mo")
    (id_,) = ctas(desk_of("oz"), 1)
    claimed = claim(ana, [id_])
    with pytest.raises(Forbidden, match="only ana or a manager"):
        undo(ben, claimed.act)
    with pytest.raises(Refused, match="nothing of yours"):
        undo(ben)
    corrected = undo(mo, claimed.act)
    assert row(ana.store, "cta", id_)["owner_id"] is None
    assert acts(mo, by="mo")[0].act == corrected.act
    with pytest.raises(Refused, match="nothing to redo"):
        redo(ana)
    with pytest.raises(NotFound):
        undo(mo, 999_999)


def test_what_cannot_be_taken_back_says_so(store: Store, desk_of: Sit):
    with store.read() as db:
        made = db.scalar("SELECT id FROM act WHERE verb = 'new_store'")
    with pytest.raises(Refused, match="cannot be taken back: it is the making of the store"):
        undo(desk_of("oz"), made)


def test_a_field_somebody_changed_since_is_listed_and_the_rest_reverts(desk_of: Sit):
    ana, ben = desk_of("ana"), desk_of("ben", NOW + timedelta(hours=1))
    id_ = account(desk_of("oz"), "Acme Robotics")
    mine = do(ana, lambda w: w.update("account", id_, {"arr": 4_800_000, "region": "EMEA", "owner_id": w.me.id}))
    do(ben, lambda w: w.update("account", id_, {"arr": 5_000_000, "owner_id": w.me.id, "industry": "Robots"}))

    undone = undo(ana, mine.act)

    now = row(ana.store, "account", id_)
    assert (now["region"], now["arr"], now["industry"]) == (None, 5_000_000, "Robots")
    told = {c.field: c for c in undone.conflicts}
    assert set(told) == {"arr", "owner"}
    assert (told["owner"].ours, told["owner"].theirs, told["owner"].by) == ("ana", "ben", "ben")
    assert told["owner"].at == NOW + timedelta(hours=1)
    assert (told["arr"].ours, told["arr"].theirs) == ("48000.00 USD", "50000.00 USD")
    assert told["arr"].name == "Acme Robotics"
    assert told["arr"].says == f"account {id_} Acme Robotics: arr is now 50000.00 USD, changed by ben."
    assert undone.reverted == 1
    assert acts(ana)[1].act != mine.act or acts(ana)[1].undone


def test_when_nothing_can_move_the_act_stands(desk_of: Sit):
    ana, ben = desk_of("ana"), desk_of("ben")
    (id_,) = ctas(ana, 1, owner="ana")
    released = release(ana, [id_], "on leave")
    do(ben, lambda w: w.update("cta", id_, {"owner_id": w.me.id, "claimed_at": NOW + timedelta(1), "left_note": "mine"}))
    do(ben, lambda w: w.update("cta", id_, {"touched_at": NOW + timedelta(1)}))
    before = state(ana.store)

    undone = undo(ana)

    assert undone.act is None
    assert undone.undone == released.act
    assert {c.field for c in undone.conflicts} == {"owner", "claimed_at", "left_note"}
    assert undone.said.startswith("Nothing moved: ")
    assert state(ana.store) == before
    assert not next(a for a in acts(ana) if a.act == released.act).undone


def test_what_is_back_already_is_undone_all_the_same(desk_of: Sit):
    ana, ben = desk_of("ana"), desk_of("ben")
    id_ = account(ana)
    mine = do(ana, lambda w: w.update("account", id_, {"region": "EMEA"}))
    do(ben, lambda w: w.update("account", id_, {"region": None}))
    undone = undo(ana, mine.act)
    assert undone.act is not None
    assert (undone.reverted, undone.conflicts) == (0, ())
    with pytest.raises(Refused, match="undone already"):
        undo(ana, mine.act)


def test_a_creation_goes_and_comes_back_with_its_id_and_uid(desk: Desk):
    before = state(desk.store)
    made: list[int] = []
    do(desk, lambda w: made.append(w.insert("view", {"name": "Red", "screen": "queue", "query": "health:<50"})))
    was = row(desk.store, "view", made[0])
    undo(desk)
    assert state(desk.store) == before
    redo(desk)
    now = row(desk.store, "view", made[0])
    assert {k: v for k, v in now.items() if k not in ("rev", "head")} == {k: v for k, v in was.items() if k not in ("rev", "head")}
    assert now["rev"] == 3
    assert verify(desk).problems == ()


def test_a_created_thing_that_others_refer_to_stays(desk_of: Sit):
    ana, ben = desk_of("ana"), desk_of("ben")
    made: list[int] = []
    mine = do(ana, lambda w: made.extend(w.insert_many("account", [{"name": "Acme"}, {"name": "Boreal"}])))
    ticket = cta(ben, made[0])
    undone = undo(ana, mine.act)
    assert undone.reverted == 1
    (conflict,) = undone.conflicts
    assert (conflict.thing, conflict.id, conflict.field, conflict.by) == ("account", made[0], None, "ben")
    assert conflict.says == f"account {made[0]} Acme stays: CTA {ticket} (ben) belongs to it."
    with pytest.raises(AssertionError):
        row(ana.store, "account", made[1])


def test_the_parts_of_what_stays_stay_with_it(desk_of: Sit):
    ana, ben = desk_of("ana"), desk_of("ben")
    ids: dict[str, list[int]] = {}

    def bring_in(w: Work) -> None:
        ids["account"] = w.insert_many("account", [{"name": "Acme"}, {"name": "Boreal"}])
        w.insert_many("external_id", [{"system": "file", "thing": "account", "key": f"A{i}", "thing_id": i} for i in ids["account"]])
        draft = {"type_id": 1, "reason_id": reason, "title": "Usage drop", "opened_at": w.now}
        ids["cta"] = w.insert_many("cta", [draft | {"account_id": i} for i in ids["account"]])
        ids["task"] = w.insert_many("task", [{"cta_id": i, "title": "Call"} for i in ids["cta"]])

    reason = builders.reason(ana)
    before = state(ana.store)
    mine = do(ana, bring_in)
    claim(ben, ids["cta"][:1])
    undone = undo(ana, mine.act)
    left = state(ana.store)
    assert [len(left[t]) - len(before[t]) for t in ("account", "cta", "task", "external_id")] == [1, 1, 1, 1]
    assert {(c.thing, c.id) for c in undone.conflicts} == {("cta", ids["cta"][0]), ("account", ids["account"][0])}
    undo(ben)
    redo(ana)
    assert undo(ana, mine.act).conflicts == ()
    assert state(ana.store) == before


def test_a_corrected_fact_becomes_what_it_was(desk_of: Sit):
    ana = desk_of("ana")
    acme = account(ana)
    made: list[int] = []
    do(ana, lambda w: made.append(w.insert("usage", {"account_id": acme, "metric": "logins", "day": date(2026, 11, 1), "value": 5})))
    before = state(ana.store)
    do(desk_of("ana", NOW + timedelta(1)), lambda w: w.update("usage", made[0], {"value": 6}))
    after = state(ana.store)
    assert len(after["usage"]) == 2
    undo(ana)
    assert state(ana.store) == before
    redo(ana)
    assert state(ana.store) == after


def test_a_fact_corrected_once_more_since_keeps_its_versions(desk_of: Sit):
    ana = desk_of("ana")
    acme = account(ana)
    made: list[int] = []
    do(ana, lambda w: made.append(w.insert("subscription", {"account_id": acme, "mrr": 100, "units": 1, "starts": date(2026, 1, 1)})))
    first = do(desk_of("ana", NOW + timedelta(1)), lambda w: w.update("subscription", made[0], {"mrr": 200}))
    do(desk_of("ana", NOW + timedelta(2)), lambda w: w.update("subscription", made[0], {"units": 2}))
    undone = undo(desk_of("ana", NOW + timedelta(3)), first.act)
    assert undone.conflicts == ()
    assert (row(ana.store, "subscription", made[0])["mrr"], row(ana.store, "subscription", made[0])["units"]) == (100, 2)
    with ana.store.read() as db:
        versions = db.all("SELECT mrr, units FROM subscription WHERE version_of = :id ORDER BY recorded", id=made[0])
    assert versions == [(100, 1), (200, 1), (200, 2)]


def test_a_name_given_to_another_since_is_a_conflict(desk_of: Sit):
    oz = desk_of("oz")
    made = [builders.segment(oz, name) for name in ("SMB", "Mid", "Enterprise")]
    do(oz, lambda w: w.update_many("segment", {made[0]: {"name": "Small"}, made[1]: {"name": "Medium"}}))
    do(desk_of("mo"), lambda w: w.update("segment", made[2], {"name": "SMB"}))
    undone = undo(oz)
    assert [(c.thing, c.id) for c in undone.conflicts] == [("segment", made[0])]
    assert "holds its name" in undone.conflicts[0].says
    assert [row(oz.store, "segment", i)["name"] for i in made] == ["Small", "Mid", "SMB"]


def test_a_tree_made_and_unmade_in_one_act(desk: Desk):
    made: list[int] = []

    def plant(w: Work) -> None:
        made.append(w.insert("account", {"name": "Parent"}))
        made.extend(w.insert_many("account", [{"name": f"Child {n}", "parent_id": made[0]} for n in range(3)]))
        w.update("account", made[0], {"region": "EMEA"})

    before = state(desk.store)
    do(desk, plant)
    planted = state(desk.store)
    do(desk, lambda w: w.delete_many("account", list(reversed(made))))
    assert state(desk.store) == before
    undo(desk)
    assert state(desk.store) == planted
    undo(desk)
    assert state(desk.store) == before
    redo(desk)
    redo(desk)
    assert state(desk.store) == before
    assert verify(desk).problems == ()


def test_a_pool_made_and_given_to_an_account_in_one_act(desk: Desk):
    id_ = account(desk)

    def move(w: Work) -> None:
        w.update("account", id_, {"pool_id": w.insert("pool", {"name": "North"})})

    before = state(desk.store)
    do(desk, move)
    assert undo(desk).conflicts == ()
    assert state(desk.store) == before


def test_the_order_of_the_queue_follows_an_undo(desk: Desk):
    (id_,) = ctas(desk, 1)
    before = row(desk.store, "cta", id_)["rank"]
    edit_cta(desk, id_, {"priority": "high", "flagged": True})
    assert row(desk.store, "cta", id_)["rank"] < before
    undo(desk)
    assert row(desk.store, "cta", id_)["rank"] == before


def test_thousands_go_with_a_handful_of_statements(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    from db.connection import Db

    def bring_in(n: int) -> Callable[[Work], Any]:
        return lambda w: w.insert_many("person", [{"name": f"P{i}", "email": f"p{i}@example.com"} for i in range(n)])

    asked: list[str] = []
    run = Db._execute
    monkeypatch.setattr(Db, "_execute", lambda self, sql, params: (asked.append(sql), run(self, sql, params))[1])
    counts = []
    for n in (10, 1_500):
        do(desk, bring_in(n))
        asked.clear()
        assert undo(desk).reverted == n
        counts.append(len(asked))
    assert counts[1] <= counts[0] + 4


def test_once_undoes_once(desk: Desk):
    one, two = ctas(desk, 2)
    claim(desk, [one])
    claim(desk, [two])
    desk.once = "k1"
    first, again = undo(desk), undo(desk)
    assert first == again
    assert row(desk.store, "cta", one)["owner_id"] == desk.me.id
