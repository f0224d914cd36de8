"""Whoever alters, removes, slips in or reorders what was done is found out; an erasure is not an alteration."""

from __future__ import annotations

from typing import Any

import pytest

from cockpit.desk import Desk
from cockpit.services.history import redo, undo
from cockpit.services.queue import claim, claim_next, release
from cockpit.services.verify import verify
from db.store import Store
from tests.builders import account, cta, ctas
from tests.services.test_undo import do


def tamper(store: Store, *statements: str, **params: Any) -> None:
    """Changes the store behind the journal's back, as somebody with its file or an owner's login could."""
    raw = store.connect()
    if store.dialect == "sqlite":
        raw.execute("PRAGMA foreign_keys = OFF")
    else:
        raw.execute("SET session_replication_role = replica")
    for statement in statements:
        raw.execute(statement.format(**params))
    raw.close()


@pytest.fixture
def busy(desk: Desk) -> list[int]:
    """Three CTAs, one claimed and released, one claimed twice over."""
    ids = ctas(desk, 3)
    claim(desk, ids[:2])
    release(desk, ids[:1], "not mine")
    undo(desk)
    redo(desk)
    claim_next(desk)
    return ids


def problems(desk: Desk) -> list[str]:
    return [problem.says for problem in verify(desk).problems]


def test_an_honest_store_verifies(desk: Desk, busy: list[int]):
    found = verify(desk)
    assert found.ok
    assert found.problems == ()
    assert found.changes > 30
    assert found.things > 20
    assert found.erased == 0


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ("UPDATE change SET fields = '{{\"due\":[null,1]}}' WHERE {entry} 2", "values of entry 2 were altered"),
        ("DELETE FROM change WHERE {entry} 1", "entry 1 is missing"),
        ("UPDATE change SET kind = 'delete' WHERE {entry} 2", "entry 2 or its act was altered"),
        ("UPDATE act SET actor = 'ben' WHERE verb = 'claim'", "entry 2 or its act was altered"),
        ("UPDATE act SET face = 'tui' WHERE verb = 'claim'", "entry 2 or its act was altered"),
        ("UPDATE act SET face = 'nobody''s' WHERE verb = 'claim'", "entry 2 or its act was altered"),
        ("UPDATE change SET kind = 'nothing' WHERE {entry} 2", "entry 2 or its act was altered"),
        ("DELETE FROM act WHERE verb = 'claim'", "the act of entry 2 is missing"),
        ("DELETE FROM cta WHERE id = {id}", "the row is gone"),
        ("UPDATE cta SET priority = 'high' WHERE id = {id}", "priority is 'high', the journal says 'medium'"),
        ("UPDATE cta SET rev = rev - 1 WHERE id = {id}", "the row stands at entry"),
    ],
)  # fmt: skip
def test_an_alteration_is_found(desk: Desk, busy: list[int], how: str, says: str):
    tamper(desk.store, how, id=busy[1], entry=f"thing = 'cta' AND thing_id = {busy[1]} AND seq =")
    assert any(says in problem for problem in problems(desk))


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("how", "says"),
    [
        ("UPDATE change SET fields = '{{\"due\":[null' WHERE {entry} 2", "values of entry 2 were altered"),
        ("UPDATE change SET fields = replace(fields, 'owner', char(0)) WHERE {entry} 2", "values of entry 2 were altered"),
        ("UPDATE act SET at = 'a while ago' WHERE verb = 'claim'", "entry 2 or its act was altered"),
        ("UPDATE cta SET extra = '{{' WHERE id = {id}", "extra is '{', the journal says None"),
    ],
)  # fmt: skip
def test_what_can_no_longer_be_read_is_found_too(desk: Desk, busy: list[int], how: str, says: str):
    """A damaged page leaves anything; a server's own types would refuse these."""
    tamper(desk.store, how, id=busy[1], entry=f"thing = 'cta' AND thing_id = {busy[1]} AND seq =")
    assert any(says in problem for problem in problems(desk))


def test_the_last_entries_cut_off_are_missed(desk: Desk, busy: list[int]):
    tamper(desk.store, "DELETE FROM change WHERE thing = 'cta' AND thing_id = {id} AND seq > 1", id=busy[1])
    assert problems(desk) == [f"CTA {busy[1]}: the row stands at entry 2, the journal ends with 1"]


def test_entries_that_change_places_are_found(desk: Desk, busy: list[int]):
    where = "WHERE thing = 'cta' AND thing_id = {id} AND seq ="
    tamper(
        desk.store, f"UPDATE change SET seq = 99 {where} 2", f"UPDATE change SET seq = 2 {where} 3",
        f"UPDATE change SET seq = 3 {where} 99", id=busy[0],
    )  # fmt: skip
    assert any("entry 2 or its act was altered" in problem for problem in problems(desk))


def test_an_entry_slipped_in_is_found(desk: Desk, busy: list[int]):
    tamper(
        desk.store,
        "INSERT INTO change (act_id, thing, thing_id, thing_uid, seq, kind, fields, salt, digest, head)"
        " SELECT act_id, thing, thing_id, thing_uid, seq + 1, kind, fields, salt, digest, head FROM change"
        " WHERE thing = 'cta' AND thing_id = {id} AND seq = 2",
        id=busy[1],
    )
    assert any("entry 3 or its act was altered" in problem for problem in problems(desk))


def test_a_row_slipped_in_is_found(desk: Desk):
    tamper(desk.store, "INSERT INTO reason (uid, rev, head, name, active) SELECT head, 1, head, 'Bribe', active FROM pool LIMIT 1")
    assert [problem.rpartition(": ")[2] for problem in problems(desk)] == ["the row is not in the journal"]


def test_blanked_values_still_verify(desk: Desk, busy: list[int]):
    tamper(desk.store, "UPDATE change SET fields = NULL, salt = NULL WHERE thing = 'cta' AND thing_id = {id}", id=busy[1])
    found = verify(desk)
    assert found.ok
    assert found.erased == 2
    told = undo(desk, next(a for a in _acts(desk) if a.verb == "claim").act)
    assert any("was erased" in conflict.says for conflict in told.conflicts)


def _acts(desk: Desk) -> Any:
    from cockpit.services.history import acts

    return acts(desk)


def test_a_long_list_of_problems_is_cut_short(desk: Desk, busy: list[int]):
    tamper(desk.store, "UPDATE account SET arr = 1")
    found = verify(desk, most=2)
    assert (found.ok, len(found.problems), found.more) == (False, 2, 1)


def test_batches_do_not_matter(desk: Desk, busy: list[int], monkeypatch: pytest.MonkeyPatch):
    from db import chains

    whole = verify(desk)
    monkeypatch.setattr(chains, "BATCH", 3)
    assert verify(desk) == whole
    tamper(desk.store, "DELETE FROM cta WHERE id = {id}", id=busy[2])
    assert any("the row is gone" in problem for problem in problems(desk))


def test_things_of_every_kind_of_value_verify(desk: Desk):
    id_ = account(desk, extra={"Ä": "ö\u2028", "n": "1"}, renewal_date=desk.today(), is_test=True)
    do(desk, lambda w: w.update("account", id_, {"extra": None, "health": None, "go_live": desk.today()}))
    person = cta(desk, id_, title="\ud800 half a letter".encode("utf-8", "replace").decode(), snoozed_at=desk.now())
    assert person
    assert verify(desk).problems == ()
