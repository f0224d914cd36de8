"""On PostgreSQL the database says who acts, shows each her pools' accounts and keeps the journal as it was written."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import db.journal
from cockpit.cli.main import run
from cockpit.desk import Desk
from cockpit.services.act import Work, act
from cockpit.services.cta import close
from cockpit.services.doctor import examine
from cockpit.services.errors import Forbidden, NotFound, Refused, StoreError
from cockpit.services.history import acts
from cockpit.services.live import changes_since
from cockpit.services.queue import QueueQuery, assign, claim, queue_page, release
from cockpit.services.seal import read_seal, seal
from cockpit.services.server import admit_login, init_postgres
from cockpit.services.session import who_is
from cockpit.services.setup import upgrade_store
from cockpit.services.team import join_pool
from cockpit.services.undo import undo
from cockpit.services.verify import verify
from db import seal as seals
from db import words
from db.errors import StoreUnreachable, StoreVersion
from db.migrations import upgrade
from db.postgres.policies import RULES
from db.store import SCHEMA, Store
from db.terms import Outcome
from tests import builders, postgres
from tests.conftest import NOW

pytestmark = pytest.mark.postgres_only
REFUSED = "The database does not let you do this"


def seen(desk: Desk, table: str) -> list[int]:
    with desk.store.read() as found:
        return [row[0] for row in found.all(f"SELECT id FROM {table} ORDER BY id")]


def try_sql(desk: Desk, sql: str, **params: Any) -> int:
    with desk.store.write() as found:
        return found.run(sql, **params)


def test_every_table_has_its_rule():
    from db.models import metadata

    assert set(RULES) == {*metadata.tables, "alembic_version", *(f"{name}_words" for name in words.COLUMNS)}, "see db/postgres/policies.py"


def test_the_rules_are_forced_and_the_tables_the_owners(owners: Store):
    with owners.read() as found:
        rows = found.all(
            "SELECT relname, relrowsecurity AND relforcerowsecurity, pg_get_userbyid(relowner) FROM pg_class"
            " WHERE relnamespace = CAST('public' AS regnamespace) AND relkind = 'r'"
        )
        doors = found.all("SELECT proname FROM pg_proc WHERE prosecdef AND NOT proconfig @> ARRAY['search_path=public, pg_temp']")
    assert {name: (forced, owner) for name, forced, owner in rows} == dict.fromkeys(RULES, (True, "cockpit_owner"))
    assert doors == []


def test_setting_up_again_changes_nothing_and_says_so(url: str):
    again = init_postgres(url)
    assert again.done[0] == "Role cockpit_owner is there already."
    assert "Everything belongs to cockpit_owner already." in again.done
    assert again.left == ("cockpit csm new LOGIN --pool POOL, then cockpit db admit LOGIN, for each who works here",)


def test_a_file_has_no_roles(tmp_path: Path):
    with pytest.raises(Refused, match="whoever may write it may do everything"):
        init_postgres(str(tmp_path / "a.db"))


def test_a_pool_sees_its_accounts_and_all_that_belongs_to_them(oz: Desk, sit: Callable[..., Desk]):
    west, east = builders.account(oz, pool="West"), builders.account(oz, pool="East")
    nobodys = builders.account(oz, pool=None)
    ctas = {account: builders.cta(oz, account, pool=pool) for account, pool in ((west, "West"), (east, "East"))}
    for account in (west, east):
        person = builders.make(oz, "person", {"name": f"Person {account}"})
        builders.make(oz, "membership", {"person_id": person, "account_id": account})
        builders.make(oz, "usage", {"account_id": account, "metric": "logins", "day": NOW.date(), "value": 1})
    ana, eve = sit("ana"), sit("eve")
    assert (seen(ana, "account"), seen(eve, "account")) == ([west, nobodys], [east, nobodys])
    assert (seen(ana, "cta"), seen(eve, "cta")) == ([ctas[west]], [ctas[east]])
    for table in ("person", "membership", "usage", "dated"):
        all_rows = seen(oz, table)
        assert set(seen(ana, table)) | set(seen(eve, table)) == set(all_rows), table
        assert set(seen(ana, table)) < set(all_rows), table
    assert [row.id for row in queue_page(ana, QueueQuery(scope="all")).rows] == [ctas[west]]
    for login in ("mo", "oz", "ria"):
        assert seen(sit(login), "account") == [west, east, nobodys]


def test_who_works_two_pools_sees_both(oz: Desk, sit: Callable[..., Desk]):
    both = [builders.account(oz, pool="West"), builders.account(oz, pool="East")]
    ana = sit("ana")
    assert seen(ana, "account") == both[:1]
    join_pool(oz, "ana", "East")
    assert seen(ana, "account") == both


def test_what_is_given_to_her_is_hers_to_see_and_give_back(oz: Desk, sit: Callable[..., Desk]):
    away = builders.account(oz, pool="East", owner="eve")
    cta = builders.cta(oz, away, pool="East")
    ana = sit("ana")
    assert claim(sit("eve"), [cta]).items[0].refused is None
    assign(sit("mo"), [cta], "ana")
    assert (seen(ana, "account"), seen(ana, "cta")) == ([away], [cta])
    assert release(ana, [cta], "Not ours").items[0].owner is None
    assert (seen(ana, "account"), seen(ana, "cta")) == ([], [])


def test_a_login_the_store_does_not_know_sees_nobodys_customer(url: str, oz: Desk, sit: Callable[..., Desk]):
    builders.account(oz, pool=None)
    dee = sit("dee")
    with oz.store.write() as found:
        found.run("UPDATE csm SET active = FALSE WHERE login = 'dee'")
    assert seen(dee, "account") == []
    with pytest.raises(Forbidden, match="no longer active"):
        sit("dee")


def test_nobody_passes_for_another(sit: Callable[..., Desk], owners: Store):
    with pytest.raises(Forbidden, match="The server knows you as ana: --as ben is not for you"):
        sit("ana", named="ben")
    assert sit("ana", named="ana").me.login == "ana"
    with owners.read() as found:
        assert who_is(found, owners, "ben").login == "ben"


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE act SET what = 'nothing'",
        "DELETE FROM act",
        "UPDATE change SET fields = NULL",
        "DELETE FROM change",
        "TRUNCATE change",
        "UPDATE info SET value = 'demo'",
        "ALTER TABLE act DISABLE ROW LEVEL SECURITY",
        "CREATE TABLE csm2 (id bigint)",
    ],
)
@pytest.mark.parametrize("login", ["ana", "oz"])
def test_the_journal_is_nobodys_to_change(sit: Callable[..., Desk], sql: str, login: str):
    with pytest.raises(StoreUnreachable, match=REFUSED):
        try_sql(sit(login), sql)


def insert_act(desk: Desk, **values: Any) -> int:
    who = {"actor": desk.me.login, "actor_id": desk.me.id}
    row = {"uid": os.urandom(16), "at": NOW, "face": "cli", "verb": "x", "what": ""} | who | values
    names = ", ".join(row)
    return try_sql(desk, f"INSERT INTO act ({names}) VALUES ({', '.join(f':{n}' for n in row)})", **row)


def test_the_journal_is_written_in_ones_own_name(sit: Callable[..., Desk]):
    ana, ben = sit("ana"), sit("ben")
    assert insert_act(ana) == 1
    for odd in ({"actor": "ben"}, {"actor_id": ben.me.id}, {"via": "ben"}, {"actor": "system", "actor_id": None, "face": "cli"}):
        with pytest.raises(StoreUnreachable, match=REFUSED):
            insert_act(ana, **odd)
    mine = max(seen(ana, "act"))
    entry = (
        "INSERT INTO change (act_id, thing, thing_id, thing_uid, seq, kind, digest, head)"
        " VALUES (:act, 'x', 1, '', 1, 'update', '', '')"
    )
    with pytest.raises(StoreUnreachable, match=REFUSED):
        try_sql(ben, entry, act=mine)


def test_a_team_store_takes_acts_at_its_own_time_only(sit: Callable[..., Desk], oz: Desk, owners: Store):
    cta = builders.cta(oz, builders.account(oz))
    with owners.write() as found:
        found.run("UPDATE info SET value = 'team' WHERE key = 'kind'")
    slow = dataclasses.replace(sit("ana", clock=lambda: datetime.now(UTC) - timedelta(days=3)), clock_is_set=False)
    claim(slow, [cta])
    with owners.read() as found:
        at, via, server = found.one("SELECT at, via, now() FROM act WHERE verb = 'claim'") or (None, None, None)
    assert via == "ana"
    assert timedelta(0) <= server - at < timedelta(minutes=1)
    with pytest.raises(StoreUnreachable, match=REFUSED):
        insert_act(slow)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE csm SET role = 'ops' WHERE login = session_user",
        "UPDATE pool_member SET pool_id = (SELECT id FROM pool WHERE name = 'East')",
        "INSERT INTO pool_member (uid, rev, head, pool_id, csm_id) SELECT 'x', 1, '', p.id, my_id() FROM pool p WHERE name = 'East'",
        "UPDATE setting SET value = '0'",
    ],
)
def test_a_csm_gives_herself_no_rights(oz: Desk, sit: Callable[..., Desk], sql: str):
    hidden = builders.account(oz, pool="East")
    ana = sit("ana")
    with suppress(StoreUnreachable):  # refused, or no row of hers to change
        try_sql(ana, sql)
    assert hidden not in seen(ana, "account")
    with ana.store.read() as found:
        assert found.scalar("SELECT my_role()") == "csm"


def test_a_reader_writes_nothing_by_any_program(oz: Desk, sit: Callable[..., Desk]):
    cta = builders.cta(oz, builders.account(oz))
    ria = sit("ria")
    assert try_sql(ria, "UPDATE cta SET title = 'mine'") == 0
    with pytest.raises(StoreUnreachable, match=REFUSED):
        insert_act(ria)
    assert builders.row(oz.store, "cta", cta)["title"] != "mine"


def test_what_other_pools_did_is_theirs_but_that_something_happened_is_seen(oz: Desk, sit: Callable[..., Desk]):
    hers = builders.cta(oz, builders.account(oz, pool="East"), pool="East")
    mine = builders.cta(oz, builders.account(oz, pool="West"))
    ana, eve = sit("ana"), sit("eve")
    start = changes_since(ana)
    claim(eve, [hers])
    assert changes_since(ana, start.mark).things == frozenset()
    claim(ana, [mine])
    close(ana, [mine], Outcome.SUCCESS, "done")
    assert [row.verb for row in acts(ana, by="ana")] == ["close", "claim"]
    assert acts(ana, by="eve") == ()
    assert [row.verb for row in acts(sit("mo"), by="eve")] == ["claim"]
    assert undo(ana).reverted == 1


@act("test_bulk")
def rename(w: Work, ids: list[int]) -> None:
    w.update_many("account", {id_: {"region": f"R{id_}"} for id_ in ids})
    w.say(f"Changed {len(ids)}")


def test_an_act_too_big_to_keep_in_mind_gets_its_words_all_the_same(
    oz: Desk, sit: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
):
    ids = [builders.account(oz) for _ in range(9)]
    monkeypatch.setattr(db.journal, "_FLUSH", 4)
    ana = dataclasses.replace(sit("ana"), once="monday")
    rename(ana, ids)
    rename(ana, ids)
    assert [(row.what, row.changes) for row in acts(ana, by="ana")] == [("Changed 9", 9)]
    with pytest.raises(StoreError):
        try_sql(sit("ben"), "UPDATE act SET what = '' WHERE verb = 'test_bulk'")


def test_who_does_not_see_all_neither_seals_nor_is_shown_as_whole(oz: Desk, sit: Callable[..., Desk]):
    builders.account(oz, pool="East")
    for login, all_of_it in (("ana", False), ("mo", True), ("ria", True)):
        with sit(login).store.read() as found:
            assert seals.sees_all(found) is all_of_it
    with pytest.raises(Refused, match="sees every row"):
        seal(sit("ana"))
    kept = seal(sit("mo"))
    assert kept.is_new
    for login in ("mo", "ria"):
        whole = verify(sit(login), against=read_seal(kept.digest))
        assert (whole.ok, whole.part) == (True, False)
    with pytest.raises(Refused, match="sees every row"):
        verify(sit("ana"), against=read_seal(kept.digest))
    mine = verify(sit("ana"))
    assert (mine.ok, mine.part) == (True, True)


def test_the_queue_walks_its_index_under_the_rules(oz: Desk, sit: Callable[..., Desk]):
    from tests.statements import recorded

    for _ in range(3):
        builders.cta(oz, builders.account(oz))
    ana = sit("ana")
    page = queue_page(ana, QueueQuery(), limit=1)
    with recorded() as sent:
        queue_page(ana, QueueQuery(), after=page.last, limit=1)
    sql, params = next((sql, params) for sql, params in sent if "FROM cta c" in sql)
    with ana.store.read() as found:
        found.run("SET LOCAL enable_seqscan = off")
        found.run("SET LOCAL enable_bitmapscan = off")
        found.run("SET LOCAL enable_sort = off")
        plan = "\n".join(row[0] for row in found.all(f"EXPLAIN {sql}", **params))
    assert "ix_cta_queue_all" in plan
    assert "Index Cond: (ROW(rank, id) > ROW(" in plan


def test_an_upgrade_is_the_owners(sit: Callable[..., Desk], url: str, owners: Store):
    ana = sit("ana")
    with pytest.raises(StoreUnreachable, match="ana may not change the tables"):
        upgrade(ana.store.url)
    assert upgrade(url) == (SCHEMA, SCHEMA)


def test_rules_of_another_version_are_told_and_put_right(sit: Callable[..., Desk], url: str, owners: Store):
    """They are no part of the schema: a server set up before a hole in them was closed would keep it."""
    ana = sit("ana")

    def rules() -> tuple[str, str]:
        (found,) = [one for one in examine(ana.store.url).checks if one.name == "rules"]
        return found.state, found.says

    assert rules() == ("ok", "who sees and does what is as this version has it")
    assert upgrade_store(url).said == "The store is of this version already."
    with owners.write() as found:
        found.run("SET LOCAL ROLE cockpit_owner")
        found.run("ALTER POLICY alter_ ON account USING (TRUE) WITH CHECK (TRUE)")
        found.run("COMMENT ON TABLE info IS 'rules 0123456789abcdef'")
    assert rules() == ("bad", "the rules of who sees and does what are another version's")
    with pytest.raises(StoreUnreachable, match="ana may not change the tables"):
        upgrade_store(ana.store.url)
    assert "rules of who sees and does what in force" in upgrade_store(url).said
    assert rules()[0] == "ok"
    with ana.store.read() as found:
        assert found.scalar("SELECT qual FROM pg_policies WHERE policyname = 'alter_' AND tablename = 'account'") != "true"


@pytest.mark.parametrize(("number", "says"), [(SCHEMA + 1, "newer Cockpit"), (SCHEMA - 1, "older Cockpit")])
def test_a_store_upgraded_under_an_open_desk_takes_no_act_of_the_old_program(
    oz: Desk, sit: Callable[..., Desk], number: int, says: str
):
    cta = builders.cta(oz, builders.account(oz))
    ana = sit("ana")
    with oz.store.write() as found:
        found.run("UPDATE info SET value = :number WHERE key = 'schema'", number=str(number))
    with pytest.raises(StoreVersion, match=says):
        claim(ana, [cta])
    with pytest.raises(StoreVersion, match=says):
        Store.open(ana.store.url)


def test_letting_in_somebody_nobody_knows(url: str, sit: Callable[..., Desk]):
    with pytest.raises(NotFound, match="First: cockpit csm new zed"):
        admit_login(url, "zed")
    with pytest.raises(Refused, match="Only who runs the store"):
        admit_login(postgres.as_login(url, "oz"), "ana")


def test_a_password_is_on_no_command_line_and_in_no_message(
    url: str, owners: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("COCKPIT_ADMIT_PASSWORD", "s3cr3t-Äpfel")
    assert run(["db", "admit", "chi", "--password", "--db", url]) == 0
    told = capsys.readouterr()
    assert "s3cr3t" not in told.out + told.err
    with owners.read() as found:
        stored = found.scalar("SELECT rolpassword FROM pg_authid WHERE rolname = 'chi'")
    assert stored.startswith("SCRAM-SHA-256$")
    with pytest.raises(StoreError) as no:
        Store.open("postgresql://ana:s3cr3t%2Fword@127.0.0.1:1/none?connect_timeout=1&password=oth3r")
    assert not {"s3cr3t", "oth3r"} & set(str(no.value).replace("=", " ").replace("'", " ").split())
    assert "s3cr3t" not in str(no.value)


@pytest.mark.skipif(bool(os.environ.get("COCKPIT_TEST_AS_APP")), reason="this is that run")
def test_the_use_cases_work_on_logins_of_their_own(server: postgres.Server):
    """A sample of their tests again, every desk on a connection of its login under row-level security."""
    files = [f"tests/services/test_{name}.py" for name in ("queue", "cta", "timeline", "undo")]
    wanted = "postgresql and (claim or release or assign or snooze or close or log or page or undo or redo)"
    elsewhere = "walk_indexes or one_pool_or_all or test_a_creation_goes or given_to_an_account or in_the_pools_zone"
    env = {name: value for name, value in os.environ.items() if name != postgres.FOLDER}
    env |= {"COCKPIT_TEST_AS_APP": "1", "COCKPIT_TEST_PG": server.url}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", f"{wanted} and not ({elsewhere})", *files],
        cwd=Path(__file__).parents[2], env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
