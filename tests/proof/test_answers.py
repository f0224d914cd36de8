"""The answer to an act is lost: it is not done twice, and not given up as long as the server comes back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cockpit.desk import Desk
from cockpit.services import act as acts
from cockpit.services.queue import claim_next
from db.connection import Db
from db.errors import StoreGone, StoreUnsure
from db.store import Store
from proof.kills import store_acts
from tests import builders

pytestmark = pytest.mark.postgres_only
Keep = Callable[[Db], None]


@pytest.fixture
def lose_answers(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes the next commits end like a server that went away: after it was kept, or before."""

    def lose(*kept: bool) -> None:
        left, keep = list(kept), Store._keep

        def unsure(db: Db) -> None:
            if left:
                if left.pop(0):
                    keep(db)
                raise StoreUnsure("The PostgreSQL server went away while it was saving.")
            keep(db)

        monkeypatch.setattr(Store, "_keep", staticmethod(unsure))

    return lose


@pytest.fixture
def queue(desk: Desk) -> list[int]:
    """Three CTAs."""
    return builders.ctas(desk, 3)


@pytest.mark.parametrize("kept", [(True,), (False,), (False, True), (False, False, True)])
def test_an_answer_that_was_lost_is_found_again(
    desk: Desk, queue: list[int], lose_answers: Callable[..., None], kept: tuple[bool, ...]
):
    lose_answers(*kept)
    made = claim_next(desk)
    assert made.items[0].id in queue
    assert made.act is not None
    assert store_acts(desk.store) == 1


def test_with_a_key_the_first_result_is_the_result(desk: Desk, queue: list[int], lose_answers: Callable[..., None]):
    desk.once = "monday"
    lose_answers(True)
    first = claim_next(desk)
    assert claim_next(desk) == first
    assert store_acts(desk.store) == 1


def test_a_server_that_stays_away_leaves_the_question_open(
    desk: Desk, queue: list[int], lose_answers: Callable[..., None], monkeypatch: pytest.MonkeyPatch
):
    def gone(_: Store) -> None:
        raise StoreGone("The PostgreSQL server does not answer.")

    desk.store.close()
    with desk.store.read():
        pass
    # The one connection there is loses the answer, and there is no other.
    monkeypatch.setattr(Store, "connect", gone)
    monkeypatch.setattr(Store, "_give_back", lambda store, raw, *why: raw.close())
    monkeypatch.setattr(acts, "UNSURE_S", 0.05)
    lose_answers(True)
    with pytest.raises(StoreUnsure, match="while it was saving"):
        claim_next(desk)


def test_a_connection_lost_before_it_was_kept_is_replaced(desk: Desk, queue: list[int], store: Store):
    lost: list[bool] = []

    def die_once() -> None:
        if not lost:
            lost.append(True)
            with store.read() as db:
                db.one("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'victim'")

    @acts.act("test_victim")
    def victim(w: acts.Work) -> int:
        w.db.run("SET LOCAL application_name = 'victim'")
        w.update("cta", queue[0], {"title": "Changed"})
        die_once()
        return int(w.db.scalar("SELECT 1"))

    assert victim(desk) == 1
    assert lost
    assert builders.row(store, "cta", queue[0])["title"] == "Changed"
