"""A junior follows a senior's CTA to its close."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cockpit.desk import Desk
from cockpit.services.comment import mentions
from cockpit.services.cta import close
from cockpit.services.errors import Forbidden, Refused
from cockpit.services.history import undo
from cockpit.services.queue import QueueQuery, claim, queue_page, release
from cockpit.services.shadow import add_shadow, drop_shadow, followers, shadows
from db.store import Store
from db.terms import Outcome
from tests import builders
from tests.services.test_undo import state

Sit = Callable[..., Desk]


@pytest.fixture
def cta(desk: Desk) -> int:
    return builders.cta(desk, builders.account(desk, "Acme"), owner="ana")


def works(desk: Desk) -> list[tuple[int, str]]:
    return [(one.id, one.via) for one in queue_page(desk, QueueQuery(scope="work")).rows]


def test_it_shows_in_her_work_until_it_closes(desk: Desk, desk_of: Sit, cta: int):
    dee = desk_of("dee")
    assert add_shadow(dee, cta).said == f"Dee Lind follows CTA {cta} of Ana Ruiz · Acme"
    assert works(dee) == [(cta, "following")]
    assert works(desk) == [(cta, "")]
    assert [(one.cta, one.owner, one.login) for one in shadows(dee)] == [(cta, "ana", "dee")]
    close(desk, [cta], Outcome.SUCCESS, "done")
    assert (works(dee), shadows(dee)) == ([], ())
    assert [(one.cta, one.status, one.outcome) for one in shadows(dee, closed=True)] == [(cta, "closed", "success")]
    assert [one.login for one in followers(desk, cta)] == ["dee"]


def test_a_lead_says_it_for_her_and_she_is_told(desk_of: Sit, cta: int):
    with pytest.raises(Forbidden, match="Only Dee Lind, a senior or a manager"):
        add_shadow(desk_of("ben"), cta, "dee")
    add_shadow(desk_of("mo"), cta, "dee")
    assert [one.body for one in mentions(desk_of("dee"))] == ["Follow this one: Ana Ruiz shows how it is done."]
    assert [one.login for one in shadows(desk_of("mo"), everybody=True)] == ["dee"]


def test_a_senior_of_a_pod_may_too(desk: Desk, desk_of: Sit, cta: int):
    pod = builders.make(desk, "pod", {"name": "Blue"})
    builders.make(desk, "pod_member", {"pod_id": pod, "csm_id": desk.me.id, "is_senior": True})
    assert add_shadow(desk, cta, "dee").login == "dee"


def test_what_is_refused(desk: Desk, desk_of: Sit, cta: int):
    dee = desk_of("dee")
    free = builders.cta(desk, builders.account(desk))
    for who, which, words in ((dee, free, "nobody's yet"), (desk, cta, "Ana Ruiz's own")):
        with pytest.raises(Refused, match=words):
            add_shadow(who, which)
    add_shadow(dee, cta)
    with pytest.raises(Refused, match=r"follows CTA .* already"):
        add_shadow(dee, cta)
    drop_shadow(dee, cta)
    with pytest.raises(Refused, match="does not follow"):
        drop_shadow(dee, cta)
    close(desk, [cta], Outcome.INVALID)
    with pytest.raises(Refused, match="is closed"):
        add_shadow(dee, cta)


def test_once_it_is_hers_it_is_her_own(desk: Desk, desk_of: Sit, cta: int):
    add_shadow(desk_of("dee"), cta)
    release(desk, [cta], "for you")
    claim(desk_of("dee"), [cta])
    assert works(desk_of("dee")) == [(cta, "")]


def test_each_is_taken_back(desk_of: Sit, store: Store, cta: int):
    mo = desk_of("mo")
    states = [state(store)]
    add_shadow(mo, cta, "dee")
    states.append(state(store))
    drop_shadow(mo, cta, "dee")
    for wanted in reversed(states):
        undo(mo)
        assert state(store) == wanted
