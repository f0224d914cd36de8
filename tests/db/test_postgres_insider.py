"""An insider with psql: what is not hers she neither reads, changes nor lets herself in to, however she spells it."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest

from cockpit.desk import Desk
from cockpit.services.account import edit_account
from cockpit.services.errors import Refused
from cockpit.services.queue import claim, claim_next
from cockpit.services.seal import seal
from db.errors import StoreUnreachable
from db.store import Store
from tests import builders
from tests.conftest import NOW
from tests.db.test_postgres_roles import REFUSED, seen, try_sql
from tests.statements import recorded

pytestmark = pytest.mark.postgres_only
Sitting = Callable[..., Desk]


@pytest.fixture
def west(oz: Desk) -> dict[str, int]:
    """What Ana of West works with."""
    return built(oz, "West")


@pytest.fixture
def east(oz: Desk) -> dict[str, int]:
    """What is none of hers."""
    return built(oz, "East")


def built(oz: Desk, pool: str) -> dict[str, int]:
    account = builders.account(oz, f"{pool} GmbH", pool=pool)
    cta = builders.cta(oz, account, pool=pool)
    return {
        "account": account,
        "cta": cta,
        "person": builders.person(oz, account, f"Person {pool}"),
        "task": builders.make(oz, "task", {"cta_id": cta, "title": "Call", "position": 1}),
        "activity": builders.make(oz, "activity", {
            "account_id": account, "type_id": builders.the(oz, "activity_type", "call"), "at": NOW, "subject": "Call",
            "body": f"told in {pool}",
        }),
        "transition": builders.make(
            oz, "transition",
            {"kind": "csm_to_csm", "state": "announced", "account_id": account, "started_on": NOW.date(), "target": NOW.date()},
        ),
    }  # fmt: skip


def copied(desk: Desk, table: str, like: int, **values: Any) -> None:
    """Inserts a row like one she sees, but for these values."""
    with desk.store.write() as db:
        columns = [row[0] for row in db.all("SELECT column_name FROM information_schema.columns WHERE table_name = :t", t=table)]
        given = {"uid": os.urandom(16)} | values
        taken = ", ".join(f":{name}" if name in given else name for name in columns if name != "id")
        names = ", ".join(name for name in columns if name != "id")
        assert db.run(f"INSERT INTO {table} ({names}) SELECT {taken} FROM {table} WHERE id = :like", like=like, **given) == 1


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE cta SET title = 'mine'",
        "UPDATE account SET region = 'mine'",
        "UPDATE activity SET body = 'mine'",
        "UPDATE person SET name = 'mine'",
        "UPDATE task SET title = 'mine'",
        "UPDATE transition SET reason = 'mine'",
        "UPDATE dated SET value = 'mine'",
        "DELETE FROM task",
        "DELETE FROM activity",
        "DELETE FROM membership",
    ],
)
def test_a_statement_that_reads_nothing_reaches_no_further(
    sit: Sitting, oz: Desk, west: dict[str, int], east: dict[str, int], sql: str
):
    """The server asks who sees a row only of a statement that reads it; of these it has to be asked who may change it."""
    table = sql.split()[1 if sql.startswith("UPDATE") else 2]
    ana = sit("ana")
    mine, all_of_it = seen(ana, table), seen(oz, table)
    assert try_sql(ana, sql) == len(mine) < len(all_of_it)


@pytest.mark.parametrize("sets", ["owner_id = my_id()", "pool_id = (my_pools())[1]", "pool_id = NULL"])
def test_nobody_takes_all_accounts_at_once(sit: Sitting, west: dict[str, int], east: dict[str, int], sets: str):
    ana = sit("ana")
    try_sql(ana, f"UPDATE account SET {sets}")
    assert seen(ana, "account") == [west["account"]]


def test_an_account_is_not_put_into_a_pool_one_does_not_work(sit: Sitting, oz: Desk, west: dict[str, int]):
    pool = builders.the(oz, "pool", "East")
    for where in ("", " WHERE id = :id"):
        with pytest.raises(StoreUnreachable, match=REFUSED):
            try_sql(sit("ana"), f"UPDATE account SET pool_id = :pool{where}", pool=pool, id=west["account"])


def test_a_row_of_hers_lets_her_in_nowhere(sit: Sitting, west: dict[str, int], east: dict[str, int]):
    """Who has a CTA, a step or a hand-over of an account sees the account: so she gives herself none of a hidden one."""
    ana = sit("ana")
    me, there = ana.me.id, east["account"]
    claim(ana, [west["cta"]])
    tries: list[Callable[[], Any]] = [
        lambda: copied(ana, "cta", west["cta"], account_id=there, owner_id=me),
        lambda: copied(ana, "task", west["task"], cta_id=east["cta"], owner_id=me),
        lambda: copied(ana, "transition", west["transition"], account_id=there, to_csm_id=me),
        lambda: copied(ana, "membership", 1, person_id=east["person"]),
        lambda: try_sql(ana, "UPDATE cta SET account_id = :there", there=there),
        lambda: try_sql(ana, "UPDATE task SET cta_id = :there, owner_id = :me", there=east["cta"], me=me),
        lambda: try_sql(ana, "UPDATE transition SET account_id = :there, to_csm_id = :me", there=there, me=me),
        lambda: try_sql(ana, "UPDATE membership SET person_id = :there", there=east["person"]),
        lambda: try_sql(ana, "INSERT INTO dated (account_id, field, since) VALUES (:there, 'pool_id', now())", there=there),
    ]
    for attempt in tries:
        with pytest.raises(StoreUnreachable, match=REFUSED):
            attempt()
    assert {table: seen(ana, table) for table in west} == {table: [id_] for table, id_ in west.items()}


def test_a_cta_of_her_pool_is_hers_to_take_whosever_its_account_is(sit: Sitting, oz: Desk, east: dict[str, int]):
    """She sees the account from then on, and is told its name at once."""
    cta = builders.cta(oz, east["account"], pool="West")
    ana = sit("ana")
    assert seen(ana, "account") == []
    assert claim_next(ana).said == f"Claimed CTA {cta} · East GmbH"
    assert seen(ana, "account") == [east["account"]]


def test_whom_the_store_does_not_know_sees_nobody(sit: Sitting, oz: Desk):
    """Neither a person without an account nor what a merged account was called."""
    lost = builders.make(oz, "person", {"name": "Lost Soul", "email": "lost@acme.example"})
    ana, dee = sit("ana"), sit("dee")
    with oz.store.write() as db:
        db.run("UPDATE csm SET active = FALSE WHERE login = 'dee'")
    assert (seen(ana, "person"), seen(dee, "person")) == ([lost], [])
    for desk, found in ((ana, [lost]), (dee, [])):
        with desk.store.read() as db:
            assert [row[0] for row in db.all("SELECT person_with('lost soul', 9)")] == found


def test_the_name_of_what_was_merged_elsewhere_is_not_told(sit: Sitting, oz: Desk, west: dict[str, int], east: dict[str, int]):
    told = {
        pool: builders.make(oz, "merge", {"thing": "account", "kept_id": kept, "gone_id": 99, "gone_name": "Old", "at": NOW})
        for pool, kept in (("West", west["account"]), ("East", east["account"]))
    }
    assert seen(sit("ana"), "merge") == [told["West"]]
    assert seen(sit("mo"), "merge") == list(told.values())


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE segment SET touch_days = 999",
        "UPDATE cta_type SET label = 'x'",
        "UPDATE playbook SET source = ''",
        "UPDATE activity_type SET is_meeting = FALSE",
    ],
)
def test_how_the_team_works_is_a_managers_to_change(sit: Sitting, sql: str):
    with suppress(StoreUnreachable):
        assert try_sql(sit("ana"), sql) == 0
    assert try_sql(sit("mo"), sql) > 0


def test_an_act_of_yesterday_takes_no_change_of_today(sit: Sitting, west: dict[str, int], owners: Store):
    """Else one would have done yesterday, by the server's clock, what one writes now."""
    with owners.write() as db:
        db.run("UPDATE info SET value = 'team' WHERE key = 'kind'")
    ana = sit("ana")
    sql = (
        "INSERT INTO act (uid, at, actor, actor_id, face, verb, what) VALUES (:uid, now(), 'ana', my_id(), 'cli', 'close', '')"
        " RETURNING id"
    )
    entry = (
        "INSERT INTO change (act_id, thing, thing_id, thing_uid, seq, kind, digest, head)"
        " VALUES (:act, 'cta', :cta, '', 9, 'update', '', '')"
    )
    with ana.store.write() as db:
        act = db.scalar(sql, uid=os.urandom(16))
        assert db.run(entry, act=act, cta=west["cta"]) == 1
    with pytest.raises(StoreUnreachable, match=REFUSED):
        try_sql(ana, entry, act=act, cta=west["cta"])


def test_an_act_of_another_is_not_taken_for_the_one_done_before(sit: Sitting, west: dict[str, int]):
    """Who knows a colleague's key for --once could else have her told that it was done."""
    mo = dataclasses.replace(sit("mo"), once="nightly")
    uid = hashlib.sha256(b"mo\x1fclaim\x1fnightly").digest()[:16]
    sql = (
        "INSERT INTO act (uid, at, actor, actor_id, face, verb, what, result)"
        " VALUES (:uid, now(), 'ana', my_id(), 'cli', 'claim', '', '{}')"
    )
    assert try_sql(sit("ana"), sql, uid=uid) == 1
    with pytest.raises(Refused, match=r"Act \d+ by ana stands where this --once would: nothing was done"):
        claim(mo, [west["cta"]])
    assert claim(dataclasses.replace(mo, once="tonight"), [west["cta"]]).items[0].owner == "mo"


def test_a_seal_is_made_by_who_sees_what_it_seals(sit: Sitting, west: dict[str, int], owners: Store):
    """A made-up one would keep everybody from sealing, as the next rests on it; nor does it bear a made-up time."""
    with owners.write() as db:
        db.run("UPDATE info SET value = 'team' WHERE key = 'kind'")
    sql = "INSERT INTO act (uid, at, actor, face, verb, what) VALUES (:uid, {}, 'system', 'system', 'seal', '')"
    for login, at in (("ana", "now()"), ("ria", "now()"), ("mo", "now() - interval '1 day'")):
        with pytest.raises(StoreUnreachable, match=REFUSED):
            try_sql(sit(login), sql.format(at), uid=os.urandom(16))
    mo = dataclasses.replace(sit("mo", clock=lambda: datetime.now(UTC)), clock_is_set=False)
    assert seal(mo).is_new


def test_what_an_account_was_ends_when_its_owner_gives_it_away(sit: Sitting, oz: Desk):
    """She does not see it any more when the act is done; its history has one owner at a time all the same."""
    account = builders.account(oz, pool="West", owner="ana")
    edit_account(sit("ana"), account, {"owner": "eve", "pool": "East"})
    with oz.store.read() as db:
        rows = db.all(
            "SELECT field, value FROM dated WHERE account_id = :id AND until IS NULL AND field IN ('owner_id', 'pool_id') ORDER BY 1",
            id=account,
        )
    assert rows == [("owner_id", str(builders.the(oz, "csm", "eve", "login"))), ("pool_id", str(builders.the(oz, "pool", "East")))]


def test_the_index_of_words_tells_nothing_of_what_is_hidden(sit: Sitting, oz: Desk, west: dict[str, int], east: dict[str, int]):
    """Not that there is something either; and what is hers is found however much others have of the same word."""
    for n in range(30):
        builders.account(oz, f"East {n} GmbH", pool="East")
    for door, word in (("account_with", "gmbh"), ("person_with", "person"), ("cta_with", "usage"), ("activity_with", "told")):
        with sit("ana").store.read() as db:
            found = [row[0] for row in db.all(f"SELECT {door}(:word, 1)", word=word)]
        assert found == [west[door.removesuffix("_with")]], door
    with sit("mo").store.read() as db:
        assert 0 in [row[0] for row in db.all("SELECT account_with('gmbh', 1)")]


def test_a_reader_writes_no_row_of_any_table(sit: Sitting, oz: Desk, west: dict[str, int]):
    """Those that are no acts neither: who is here, who looked at what, whose view it is."""
    ria, ana = sit("ria"), sit("ana")
    looked = {"account_id": west["account"], "at": NOW, "pane": "m"}
    for table, values in (("presence", {"screen": "Queue", "seen_at": NOW}), ("viewing", looked)):
        names, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
        sql = f"INSERT INTO {table} (csm_id, {names}) VALUES (my_id(), {marks})"
        assert try_sql(ana, sql, **values) == 1
        with pytest.raises(StoreUnreachable, match=REFUSED):
            try_sql(ria, sql, **values)
    builders.make(oz, "view", {"name": "Mine", "screen": "queue", "owner_id": ria.me.id})
    with oz.store.read() as db:
        tables = [row[0] for row in db.all("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")]
        full = [table for table in tables if db.scalar(f"SELECT 1 FROM {table} LIMIT 1")]
    for table in full:
        with suppress(StoreUnreachable):  # nobody has the right, or no row is hers to delete
            assert try_sql(ria, f"DELETE FROM {table}") == 0, table
    assert {"presence", "viewing", "view", "cta", "account", "act", "segment"} <= set(full)


def test_taking_work_scans_no_big_table_under_the_rules(sit: Sitting, oz: Desk, west: dict[str, int]):
    """All that the conditions of a claim, its RETURNING and the rules of what it reads and writes look up has an index."""
    beside = [builders.cta(oz, west["account"]) for _ in range(3)]
    ana = sit("ana")
    with recorded() as sent:
        claim(ana, beside[:1])
        claim_next(ana)
    asked = [(sql, params) for sql, params in sent if sql.startswith("UPDATE cta") and "RETURNING" in sql]
    assert len(asked) >= 2
    with ana.store.write() as found:
        found.run("SET LOCAL enable_seqscan = off")
        for sql, params in asked:
            plan = "\n".join(row[0] for row in found.all(f"EXPLAIN {sql}", **params))
            assert not re.search(r"Seq Scan on (account|cta)\b", plan), plan
