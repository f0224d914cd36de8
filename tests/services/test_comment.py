"""Comments, mentions and second opinions: a CTA keeps its owner."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from cockpit.desk import Desk
from cockpit.services.comment import add_comment, comments, mark_seen, mentions, unseen_mentions
from cockpit.services.errors import NotFound, Refused
from cockpit.services.history import undo
from cockpit.services.queue import QueueQuery, queue_page
from db.store import Store
from tests import builders
from tests.builders import row
from tests.conftest import NOW
from tests.services.test_undo import state

Sit = Callable[..., Desk]


@pytest.fixture
def cta(desk: Desk) -> int:
    return builders.cta(desk, builders.account(desk, "Acme"), owner="ana")


def works(desk: Desk) -> list[tuple[int, str]]:
    return [(one.id, one.via) for one in queue_page(desk, QueueQuery(scope="work")).rows]


def test_those_named_are_told_once_each(desk: Desk, desk_of: Sit, cta: int):
    done = add_comment(desk, cta, "Ask @ben, (@Chi). Mail x@dee.example, not @nobody; @ana am I", to=["ben", "@mo"])
    assert done.mentioned == ("ben", "mo", "chi")
    assert done.said.startswith(f"Told Ben Okafor, Mo Haddad and Chi Tanaka about CTA {cta} · Acme: Ask @ben")
    (said,) = comments(desk, cta)
    assert (said.author, said.mentioned, said.asks_opinion, said.at) == ("ana", ("ben", "mo", "chi"), False, NOW)
    assert [unseen_mentions(desk_of(who)) for who in ("ben", "mo", "chi", "dee", "ana")] == [1, 1, 1, 0, 0]


def test_a_second_opinion_shows_in_the_others_work_until_seen(desk: Desk, desk_of: Sit, store: Store, cta: int):
    done = add_comment(desk, cta, "Would you close it?", ["ben"], opinion=True)
    assert done.said.startswith(f"Asked Ben Okafor for an opinion on CTA {cta}")
    assert row(store, "cta", cta)["owner_id"] == desk.me.id
    ben = desk_of("ben")
    assert works(ben) == [(cta, "mentioned")]
    (asked,) = mentions(ben)
    assert (asked.cta, asked.account, asked.author, asked.asks_opinion, asked.seen_at) == (cta, "Acme", "ana", True, None)
    assert mark_seen(ben, [asked.id]).seen == 1
    assert works(ben) == []
    assert (mentions(ben), len(mentions(ben, unseen=False))) == ((), 1)
    assert mark_seen(ben).act is None


def test_one_sees_what_one_was_told_on_one_cta(desk: Desk, desk_of: Sit, cta: int):
    other = builders.cta(desk, builders.account(desk), owner="ana")
    for one in (cta, other, other):
        add_comment(desk, one, "@ben look")
    assert mark_seen(desk_of("ben"), cta_id=other).seen == 2
    assert mark_seen(desk_of("chi"), [mentions(desk_of("ben"))[0].id]).seen == 0, "of others one sees nothing"
    assert unseen_mentions(desk_of("ben")) == 1


def test_what_is_refused(desk: Desk, cta: int):
    with pytest.raises(Refused, match="needs a text"):
        add_comment(desk, cta, " \x1b ")
    with pytest.raises(Refused, match="whose opinion"):
        add_comment(desk, cta, "What do you think?", ["ana"], opinion=True)
    with pytest.raises(NotFound, match="no CSM called 'bem'"):
        add_comment(desk, cta, "Hello", ["bem"])
    with pytest.raises(NotFound, match="no CTA 999"):
        add_comment(desk, 999, "Hello")


def test_an_owners_word_renews_her_lease_a_colleagues_does_not(desk: Desk, desk_of: Sit, store: Store, cta: int):
    later = NOW + timedelta(days=1)
    before = row(store, "cta", cta)["touched_at"]
    add_comment(desk_of("ben", later), cta, "I know them")
    assert row(store, "cta", cta)["touched_at"] == before
    add_comment(desk_of("ana", later), cta, "Thanks")
    assert row(store, "cta", cta)["touched_at"] != before


def test_each_is_taken_back(desk: Desk, desk_of: Sit, store: Store, cta: int):
    first = state(store)
    add_comment(desk, cta, "@ben look", opinion=True)
    second = state(store)
    mark_seen(desk_of("ben"))
    undo(desk_of("ben"))
    assert state(store) == second
    undo(desk)
    assert state(store) == first
