"""On PostgreSQL words are found by an index no login reads, through functions that give what each may see."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cockpit.desk import Desk
from cockpit.services.search import search
from cockpit.services.timeline import log_activity
from tests import builders

pytestmark = pytest.mark.postgres_only


def test_words_find_only_what_one_sees(sit: Callable[..., Desk], oz: Desk):
    """The functions read as the owner; what they give is what the policies show, also to who asks them by hand."""
    for pool in ("West", "East"):
        id_ = builders.account(oz, f"Quokka {pool}", pool=pool)
        builders.person(oz, id_, f"Maria {pool}", email=f"maria@{pool}.example")
        builders.cta(oz, id_, because=f"Quokka drop {pool}", pool=pool)
        log_activity(oz, id_, "call", f"Talk {pool}", "We spoke of the quokka and maria.")
    everything = {f"{one} {pool}" for one in ("Quokka", "Maria", "Quokka drop", "Talk") for pool in ("West", "East")}

    def titles(login: str) -> set[str]:
        at = sit(login)
        return {hit.title for text in ("quokka", "maria") for hit in search(at, text).hits}

    assert titles("ana") == {one for one in everything if "West" in one}
    assert titles("eve") == {one for one in everything if "East" in one}
    assert titles("mo") == everything
    eve = sit("eve")
    with eve.store.read() as found:
        for thing in ("account", "cta"):
            assert found.all(f"SELECT {thing}_with('quokka', 10)") == found.all(f"SELECT id FROM {thing} ORDER BY id DESC")
        assert found.all("SELECT activity_of_account_with('''quokka''', id) FROM account") != []
        assert found.all("SELECT * FROM account_words") == []


def test_words_are_found_by_their_index(oz: Desk):
    """Many rows: what the functions run inside walks the index of words."""
    builders.ctas(oz, 3)
    with oz.store.write() as found:
        found.run("INSERT INTO cta_words SELECT n + 1000, 'usage dropped ' || md5(CAST(n AS text)) FROM generate_series(1, 20000) AS n")
        found.run("INSERT INTO activity_words SELECT n + 1000, to_tsvector('simple', md5(CAST(n AS text))) FROM generate_series(1, 9000) n")
        found.run("ANALYZE cta_words")
        found.run("ANALYZE activity_words")
        found.run("SET LOCAL enable_seqscan = off")  # as the functions do
        for thing, asked in (("cta", "zzzqq"), ("activity", "'zzzqq':*")):
            body = found.scalar(f"SELECT prosrc FROM pg_proc WHERE proname = '{thing}_with'")
            sql = body.replace("most", "10").replace("asked", "CAST(:asked AS text)")
            plan = "\n".join(row[0] for row in found.all(f"EXPLAIN {sql}", asked=asked))
            assert f"Bitmap Index Scan on ix_{thing}_words" in plan, plan
