"""What was done, to what, by whom, in words; and one thing as it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from cockpit.desk import Desk
from cockpit.services.cta import close
from cockpit.services.errors import Ambiguous, NotFound
from cockpit.services.history import acts, as_it_was, find_thing, history, undo
from cockpit.services.queue import claim, release
from db.terms import Outcome
from tests import builders
from tests.builders import account, ctas, make, row
from tests.conftest import NOW
from tests.services.test_undo import do

Sit = Callable[..., Desk]


def test_acts_are_told_latest_first_with_what_they_did(desk_of: Sit):
    ana = desk_of("ana")
    one, two = ctas(ana, 2)
    claim(ana, [one])
    claim(desk_of("ben", NOW + timedelta(hours=1)), [two])
    told = acts(ana, limit=2)
    assert [(a.by, a.verb, a.face, a.changes, a.undone, a.at) for a in told] == [
        ("ben", "claim", "cli", 1, False, NOW + timedelta(hours=1)),
        ("ana", "claim", "cli", 1, False, NOW),
    ]
    assert told[1].what.startswith(f"Claimed CTA {one}")
    assert acts(ana, before=told[0].act, limit=1) == (told[1],)
    assert [a.by for a in acts(ana, by="ben")] == ["ben"]
    assert [a.by for a in acts(ana, since=NOW + timedelta(minutes=1))] == ["ben"]
    assert len(acts(ana, limit=None)) > 2


def test_the_history_of_a_thing_names_what_it_speaks_of(desk_of: Sit):
    ana = desk_of("ana")
    (id_,) = ctas(ana, 1)
    claim(ana, [id_])
    release(ana, [id_], "on leave")
    told = history(ana, "cta", id_)
    assert (told[0].kind, told[0].field, told[0].by) == ("create", None, "ana")
    owners = [(c.old, c.new) for c in told if c.field == "owner"]
    assert owners == [(None, "ana"), ("ana", None)]
    assert [c.new for c in told if c.field == "left_note"] == ["on leave"]


def test_money_and_flags_are_said_as_people_read_them(desk: Desk):
    id_ = account(desk, currency="EUR")
    do(desk, lambda w: w.update("account", id_, {"arr": 4_800_000, "is_test": True, "pool_id": None, "extra": {"Tier": "A"}}))
    told = {c.field: (c.old, c.new) for c in history(desk, "account", id_)[1:]}
    assert told == {"arr": ("12000.00 EUR", "48000.00 EUR"), "is_test": ("no", "yes"), "pool": ("West", None), "extra": (None, "Tier: A")}


def test_what_was_removed_still_has_a_history(desk: Desk):
    view = make(desk, "view", {"name": "Red", "screen": "queue"})
    undo(desk)
    assert [c.kind for c in history(desk, "view", view)] == ["create", "delete"]
    with pytest.raises(NotFound):
        history(desk, "view", 999)


def test_one_thing_as_it_was(desk_of: Sit):
    (id_,) = ctas(desk_of("ana"), 1)
    claim(desk_of("ana", NOW + timedelta(hours=1)), [id_])
    close(desk_of("ana", NOW + timedelta(hours=2)), [id_], Outcome.SUCCESS)
    ana = desk_of("ana")
    at = [as_it_was(ana, "cta", id_, NOW + timedelta(hours=h, minutes=30)) for h in (-1, 0, 1, 2)]
    assert at[0] is None
    assert at[1] is not None
    assert at[2] is not None
    assert at[3] is not None
    assert (at[1]["owner_id"], at[2]["owner_id"], at[3]["status"]) == (None, ana.me.id, "closed")
    assert "rank" not in at[3]
    now = row(ana.store, "cta", id_)
    assert at[3]["owner_id"] == now["owner_id"]


def test_things_are_named_by_id_name_or_login(desk: Desk):
    acme = account(desk, "Acme Robotics")
    (id_,) = ctas(desk, 1)
    make(desk, "external_id", {"system": "file", "thing": "account", "key": "001A", "thing_id": acme})
    assert find_thing(desk, str(id_)) == ("cta", id_)
    assert find_thing(desk, f"cta:{id_}") == ("cta", id_)
    assert find_thing(desk, "account:Acme Robotics") == ("account", acme)
    assert find_thing(desk, "account:001A") == ("account", acme)
    assert find_thing(desk, "csm:ana") == ("csm", desk.me.id)
    assert find_thing(desk, "CTA type:risk")[0] == "cta_type"
    account(desk, "Acme Robotics")
    with pytest.raises(Ambiguous, match="account:"):
        find_thing(desk, "account:Acme Robotics")
    with pytest.raises(NotFound, match="Did you mean account"):
        find_thing(desk, "acount:1")
    with pytest.raises(NotFound):
        find_thing(desk, "cta:999999")


def test_undo_reads_well(desk: Desk):
    acme = account(desk, "Acme Robotics")
    id_ = builders.cta(desk, acme)
    claim(desk, [id_])
    assert undo(desk).said.startswith(f"Undid: Claimed CTA {id_}")
    assert acts(desk, limit=1)[0].what.startswith("Undid: Claimed CTA")
