"""Seals: what grows does not touch them, and whatever is taken from under them shows."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cockpit.desk import Desk
from cockpit.services.errors import Forbidden, Refused
from cockpit.services.history import acts, undo
from cockpit.services.queue import claim, release
from cockpit.services.seal import Sealed, read_seal, seal, seal_day
from cockpit.services.tick import tick
from cockpit.services.verify import verify
from db import seal as seals
from db.connection import as_json
from tests.builders import account, ctas
from tests.conftest import NOW
from tests.db.test_journal import tamper

Sit = Callable[..., Desk]


@pytest.fixture
def sealed(desk: Desk) -> tuple[Sealed, list[int]]:
    """Three CTAs, one claimed; sealed; then one released and another claimed."""
    ids = ctas(desk, 3)
    claim(desk, ids[:1])
    kept = seal(desk)
    release(desk, ids[:1], "later")
    claim(desk, ids[1:2])
    return kept, ids


def says(desk: Desk, against: Any = None) -> list[str]:
    return [problem.says for problem in verify(desk, against=against).problems]


def test_a_seal_covers_every_change_and_outlives_growth(desk: Desk, sealed: tuple[Sealed, list[int]], tmp_path: Path):
    kept, ids = sealed
    with desk.store.read() as db:
        there = db.scalar("SELECT count(*) FROM change WHERE id <= :upto", upto=kept.seal["upto"])
    assert kept.total == kept.changes == there > 20
    file = tmp_path / "seal.json"
    file.write_text(json.dumps(kept.seal))
    for n in range(3):
        claim(desk, ids[n : n + 1])
        undo(desk)
        seal(desk)
    assert says(desk, read_seal(str(file))) == []
    found = verify(desk, against=read_seal(kept.digest.upper()))
    assert (found.ok, found.against) == (True, kept.digest)
    assert found.sealed > kept.total


def test_sealing_again_with_nothing_new_gives_the_same(desk: Desk, sealed: tuple[Sealed, list[int]]):
    second = seal(desk)
    assert (second.number, second.is_new) == (2, True)
    again = seal(desk)
    assert (again.digest, again.act, again.is_new) == (second.digest, second.act, False)


def test_a_seal_is_an_act_of_the_system_and_stays(desk_of: Sit, sealed: tuple[Sealed, list[int]]):
    oz = desk_of("oz")
    told = next(a for a in acts(oz) if a.act == sealed[0].act)
    assert (told.by, told.verb, told.changes) == ("system", "seal", 0)
    assert told.what.startswith("Sealed ")
    with pytest.raises(Refused, match="cannot be taken back: it is a seal"):
        undo(oz, sealed[0].act)


def test_who_may_seal(desk_of: Sit, sealed: tuple[Sealed, list[int]]):
    with pytest.raises(Forbidden, match=r"\(read-only\) may not seal"):
        seal(desk_of("ria"))
    looking = desk_of("ana")
    looking.read_only = True
    assert seal(looking).digest == sealed[0].digest


GONE = "DELETE FROM change WHERE thing = 'account' AND thing_id = {account}"


@pytest.mark.parametrize(
    ("how", "wanted"),
    [
        ((GONE, "DELETE FROM cta WHERE id = {cta}", "DELETE FROM change WHERE thing = 'cta' AND thing_id = {cta}",
          "DELETE FROM dated WHERE account_id = {account}", "DELETE FROM account WHERE id = {account}"), "of them are gone"),
        (("UPDATE change SET head = digest WHERE thing = 'cta' AND thing_id = {cta} AND seq = 1",), "altered, exchanged or reordered"),
        (("UPDATE change SET id = -id WHERE thing = 'cta' AND thing_id = {cta} AND seq = 1",), "of them are gone"),
        (("UPDATE act SET result = NULL WHERE verb = 'seal'",), "it was altered itself"),
    ],
)  # fmt: skip
def test_a_whole_thing_removed_with_its_journal_is_missed(
    desk: Desk, sealed: tuple[Sealed, list[int]], how: tuple[str, ...], wanted: str
):
    cta = sealed[1][2]
    with desk.store.read() as db:
        of = db.scalar("SELECT account_id FROM cta WHERE id = :id", id=cta)
    tamper(desk.store, *how, cta=cta, account=of)
    assert any(wanted in one for one in says(desk)), says(desk)


def test_what_is_slipped_in_under_a_seal_is_found(desk: Desk, sealed: tuple[Sealed, list[int]]):
    free = 1_000_000
    columns = "act_id, thing, thing_id, thing_uid, seq, kind, fields, salt, digest, head"
    tamper(
        desk.store, "UPDATE change SET id = {free} WHERE id = 5",
        "INSERT INTO change (id, {columns}) SELECT 5, {columns} FROM change WHERE id = 6 AND 1 = 0", free=free, columns=columns,
    )  # fmt: skip
    assert any("are gone" in one for one in says(desk))
    tamper(desk.store, "UPDATE change SET id = -3 WHERE id = {free}", free=free)
    assert any("stand before it" in one for one in says(desk))


def cut(desk: Desk, above: int) -> None:
    """Takes the end of the journal away and puts every row back to where the rest leaves it, as a careful forger would."""
    with desk.store.read() as db:
        first = db.scalar("SELECT min(act_id) FROM change WHERE id > :above", above=above)
        changed = db.all("SELECT thing_id, fields FROM change WHERE id > :above AND thing = 'cta'", above=above)
    back = []
    for id_, fields in changed:
        assert all(old is None for old, _ in as_json(fields).values())
        columns = ", ".join(f"{column} = NULL" for column in as_json(fields))
        last = f"(SELECT seq, head FROM change WHERE thing = 'cta' AND thing_id = {id_} ORDER BY seq DESC LIMIT 1)"
        back.append(f"UPDATE cta SET {columns}, (rev, head) = {last} WHERE id = {id_}")
    tamper(desk.store, f"DELETE FROM change WHERE id > {above}", f"DELETE FROM act WHERE id >= {first}", *back)


def test_a_tail_cut_with_care_shows_only_against_a_seal_kept_elsewhere(desk: Desk):
    ids = ctas(desk, 2)
    first = seal(desk)
    claim(desk, ids)
    second = seal(desk)
    cut(desk, first.seal["upto"])

    assert says(desk) == []
    assert says(desk, read_seal(first.digest)) == []
    assert any("its end was cut off" in one for one in says(desk, read_seal(second.digest)))
    found = says(desk, seals.read_plain(second.seal))
    assert any("which now ends with" in one for one in found)
    assert any("covered 2 changes, 2 of them are gone" in one for one in found)


def test_a_seal_of_another_store_or_no_seal_at_all(desk: Desk, sealed: tuple[Sealed, list[int]], tmp_path: Path):
    from dataclasses import replace

    mine = seals.read_plain(sealed[0].seal)
    assert mine is not None
    assert any("belongs to another store" in one for one in says(desk, replace(mine, store="00" * 16)))
    assert any("is not in this store" in one for one in says(desk, "ab" * 32))
    file = tmp_path / "seal.json"
    file.write_text(json.dumps(sealed[0].seal | {"total": 1}))
    for text in (str(file), "abc", str(tmp_path / "none")):
        with pytest.raises(Refused, match="seal"):
            read_seal(text)


def test_the_first_tick_of_a_day_seals(desk_of: Sit):
    desk = desk_of("ana")
    account(desk)
    tick(desk)
    with desk.store.read() as db:
        assert db.scalar("SELECT count(*) FROM act WHERE verb = 'seal'") == 1
    account(desk)
    tick(desk_of("ben", NOW + timedelta(hours=3)))
    tick(desk_of("ben", NOW + timedelta(days=1)))
    tick(desk_of("ben", NOW + timedelta(days=2)))
    with desk.store.read() as db:
        assert db.scalar("SELECT count(*) FROM act WHERE verb = 'seal'") == 2
    assert verify(desk).problems == ()


def test_a_seal_in_passing_waits_for_a_better_time_when_much_is_new(desk: Desk):
    account(desk)
    assert seal_day(desk, most=3) is None
    assert seal_day(desk, most=None) is not None


@pytest.mark.postgres_only
def test_an_act_that_commits_late_is_covered_by_the_next_seal(desk: Desk, desk_of: Sit, dialect: str):
    account(desk)
    with desk.store.write() as late:
        late.run(
            "INSERT INTO change (act_id, thing, thing_id, thing_uid, seq, kind, digest, head)"
            " SELECT act_id, thing, 4711, thing_uid, 1, kind, digest, head FROM change ORDER BY id LIMIT 1"
        )
        account(desk)
        first = seal(desk)
        assert len(first.seal["gaps"]) == 1
    account(desk)
    second = seal(desk_of("ana", NOW + timedelta(hours=1)))
    assert second.seal["gaps"] == []
    with desk.store.read() as db:
        kept = [one for _, one in seals.stored(db) if one]
        assert list(seals.check(db, kept)) == []
        assert kept[-1].total == db.scalar("SELECT count(*) FROM change")
    tamper(desk.store, "DELETE FROM change WHERE thing_id = 4711")
    with desk.store.read() as db:
        assert [one.number for one, _ in seals.check(db, kept)] == [2]


def test_batches_do_not_matter(desk: Desk, sealed: tuple[Sealed, list[int]], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(seals, "BATCH", 3)
    assert says(desk) == []
    seal(desk)
    monkeypatch.undo()
    assert says(desk) == []
