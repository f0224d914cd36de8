"""The one way to write: rows, chains, journal and dated history together, a few or many at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from cockpit.desk import Desk
from cockpit.services.act import Work
from cockpit.services.verify import verify
from db.connection import Db, as_json, as_moment, chain
from db.write import BATCH
from tests.builders import account, ctas, make, row
from tests.conftest import NOW
from tests.services.test_undo import do, state

Sit = Callable[..., Desk]


def changes(desk: Desk, thing: str, id_: int) -> list[tuple[int, str, Any]]:
    with desk.store.read() as db:
        rows = db.all("SELECT seq, kind, fields FROM change WHERE thing = :t AND thing_id = :i ORDER BY seq", t=thing, i=id_)
    return [(seq, kind, as_json(fields)) for seq, kind, fields in rows]


def test_a_creation_is_journaled_whole(desk: Desk):
    id_ = make(desk, "pod", {"name": "Core"})
    assert changes(desk, "pod", id_) == [(1, "create", {"name": "Core", "active": True})]
    stored = row(desk.store, "pod", id_)
    assert (stored["rev"], len(stored["uid"]), len(stored["head"])) == (1, 16, 32)


def test_an_update_journals_only_what_changed(desk: Desk):
    id_ = account(desk, "Acme", renewal_date=date(2027, 1, 31), extra={"Tier": "A"})
    told: list[Any] = []
    do(desk, lambda w: told.append(w.update("account", id_, {"name": "Acme", "renewal_date": date(2027, 1, 31), "arr": 5})))
    assert told == [{"arr": [1_200_000, 5]}]
    assert changes(desk, "account", id_)[1:] == [(2, "update", {"arr": [1_200_000, 5]})]


def test_what_changes_nothing_leaves_no_act(desk: Desk):
    id_ = account(desk, "Acme", is_test=False, extra={"b": "1", "a": "2"})
    before = acts(desk)
    done = do(desk, lambda w: w.update("account", id_, {"name": "Acme", "is_test": False, "extra": {"a": "2", "b": "1"}}))
    assert done.act is None
    assert acts(desk) == before


def acts(desk: Desk) -> int:
    with desk.store.read() as db:
        return int(db.scalar("SELECT count(*) FROM act"))


def test_each_kind_of_value_comes_back_as_it_was_given(desk: Desk):
    moment = datetime(2026, 3, 1, 12, 30, 0, 5, tzinfo=UTC)
    acme = account(desk)
    id_ = make(desk, "ticket", {
        "account_id": acme, "subject": "Ä \u2028 'quoted' %s :x", "opened": moment.astimezone(UTC), "extra": {"k": "ü", "l": "2"},
    })  # fmt: skip
    stored = row(desk.store, "ticket", id_)
    assert stored["subject"] == "Ä \u2028 'quoted' %s :x"
    assert as_moment(stored["opened"]) == moment
    assert as_json(stored["extra"]) == {"k": "ü", "l": "2"}
    assert changes(desk, "ticket", id_)[0][2]["opened"] == "2026-03-01T12:30:00.000005Z"


def test_the_chain_is_what_the_docs_say(desk: Desk):
    """head = sha256(head before (first: the uid) + entry); entry = sha256(act uid + digest + who, how, what, when)."""
    id_ = make(desk, "pod", {"name": "Core"})
    with desk.store.read() as db:
        found = db.one(
            "SELECT c.thing_uid, c.salt, c.digest, c.head, CAST(c.fields AS text), a.uid, a.actor, a.face, a.verb"
            " FROM change c JOIN act a ON a.id = c.act_id WHERE c.thing = 'pod' AND c.thing_id = :id",
            id=id_,
        )
    assert found is not None
    uid, salt, digest, head, fields, act_uid, *who = found
    assert fields == '{"active":true,"name":"Core"}'
    assert digest == hashlib.sha256(salt + fields.encode()).digest()
    words = "\x1f".join([*who, "2026-11-23T09:00:00.000000Z", "pod", "create"])
    assert head == chain(uid, hashlib.sha256(act_uid + digest + words.encode()).digest())


def test_an_unknown_column_is_a_mistake(desk: Desk):
    with pytest.raises((AssertionError, KeyError)):
        make(desk, "segment", {"nmae": "SMB"})
    with pytest.raises(AssertionError):
        do(desk, lambda w: w.derive("account", {1: {"name": "x"}}))


def test_a_fact_keeps_its_earlier_version(desk_of: Sit):
    desk = desk_of("ana")
    id_ = make(desk, "usage", {"account_id": account(desk), "metric": "logins", "day": date(2026, 11, 1), "value": 5})
    later = desk_of("ana", NOW + timedelta(days=1))
    do(later, lambda w: w.update("usage", id_, {"value": 6}))
    with desk.store.read() as db:
        rows = db.all("SELECT id, value, recorded, superseded, version_of FROM usage ORDER BY id")
    (live, copy) = rows
    assert (live[0], live[1], as_moment(live[2]), live[3], live[4]) == (id_, 6, NOW + timedelta(days=1), None, None)
    assert (copy[1], as_moment(copy[2]), as_moment(copy[3]), copy[4]) == (5, NOW, NOW + timedelta(days=1), id_)
    do(later, lambda w: w.update("usage", copy[0], {"value": 7}))
    assert len(state(desk.store)["usage"]) == 2


def test_owner_pool_segment_status_health_and_renewal_have_a_dated_history(desk_of: Sit):
    desk = desk_of("ana")
    id_ = account(desk, owner="ana")
    do(desk_of("ben", NOW + timedelta(days=1)), lambda w: w.update("account", id_, {"owner_id": w.me.id, "arr": 1}))
    do(desk_of("ben", NOW + timedelta(days=2)), lambda w: w.update("account", id_, {"owner_id": None}))
    with desk.store.read() as db:
        rows = db.all("SELECT value, since, until FROM dated WHERE account_id = :id AND field = 'owner_id' ORDER BY id", id=id_)
        other = db.all("SELECT DISTINCT field FROM dated WHERE account_id = :id ORDER BY 1", id=id_)
    ana, ben = desk_of("ana").me.id, desk_of("ben").me.id
    assert [(value, as_moment(since), as_moment(until)) for value, since, until in rows] == [
        (str(ana), NOW, NOW + timedelta(days=1)),
        (str(ben), NOW + timedelta(days=1), NOW + timedelta(days=2)),
        (None, NOW + timedelta(days=2), None),
    ]
    assert [field for (field,) in other] == ["health", "owner_id", "pool_id", "status"]


def test_deleting_keeps_the_row_in_the_journal_and_its_id_is_never_given_again(desk: Desk):
    first = make(desk, "view", {"name": "Red", "screen": "queue"})
    do(desk, lambda w: w.delete("view", first))
    assert [kind for _, kind, _ in changes(desk, "view", first)] == ["create", "delete"]
    assert changes(desk, "view", first)[1][2]["name"] == "Red"
    assert make(desk, "view", {"name": "Red", "screen": "queue"}) > first


def test_many_take_as_many_statements_as_few(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []
    for name in ("_execute", "many", "insert"):
        monkeypatch.setattr(Db, name, _counting(getattr(Db, name), asked))
    told = []
    for n in (3, BATCH):
        asked.clear()
        made: list[int] = []
        do(desk, lambda w, n=n, made=made: made.extend(w.insert_many("pod", ({"name": f"P{i}"} for i in range(n)))))  # type: ignore[misc]
        do(desk, lambda w, made=made: w.update_many("pod", {i: {"name": f"Q{i}"} for i in made}))  # type: ignore[misc]
        do(desk, lambda w, made=made: w.delete_many("pod", made))  # type: ignore[misc]
        told.append(len(asked))
    assert told[0] == told[1]


def _counting(run: Callable[..., Any], asked: list[str]) -> Callable[..., Any]:
    def counted(self: Db, sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return run(self, sql, *rest)

    return counted


def test_more_than_one_batch_and_more_than_one_flush(desk: Desk):
    made: list[int] = []
    done = do(desk, lambda w: made.extend(w.insert_many("person", ({"name": f"P{i}"} for i in range(21_000)))))
    assert len(set(made)) == 21_000
    with desk.store.read() as db:
        assert db.scalar("SELECT count(*) FROM change WHERE act_id = :act", act=done.act) == 21_000
        assert db.scalar("SELECT what FROM act WHERE id = :act", act=done.act) == "Did it"
    assert verify(desk).ok


def test_an_attempt_that_breaks_a_constraint_leaves_no_trace(desk: Desk):
    worked: list[bool] = []

    def some(w: Work) -> None:
        w.insert("segment", {"name": "A"})
        with w.attempt() as first:
            w.insert("segment", {"name": "B"})
            w.insert("segment", {"name": "A"})
        with w.attempt() as second:
            w.insert("segment", {"name": "C"})
        worked.extend((first.worked, second.worked))

    do(desk, some)
    assert worked == [False, True]
    with desk.store.read() as db:
        assert db.all("SELECT name FROM segment WHERE name < 'a' ORDER BY name") == [("A",), ("C",)]
    assert verify(desk).ok


def test_an_attempt_lets_other_errors_through(desk: Desk):
    def some(w: Work) -> None:
        w.insert("segment", {"name": "A"})
        with w.attempt():
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        do(desk, some)
    with desk.store.read() as db:
        assert db.scalar("SELECT count(*) FROM segment WHERE name = 'A'") == 0


def test_derived_columns_are_not_journaled(desk: Desk):
    (id_,) = ctas(desk, 1)
    before = changes(desk, "cta", id_)
    do(desk, lambda w: w.derive("cta", {id_: {"rank": 7, "rescore_at": None}}))
    assert row(desk.store, "cta", id_)["rank"] == 7
    assert changes(desk, "cta", id_) == before
    assert verify(desk).ok
