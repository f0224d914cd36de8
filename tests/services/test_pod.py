"""Pods: who is in them, what they own."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cockpit.desk import Desk
from cockpit.services import account as accounts
from cockpit.services import pod
from cockpit.services.errors import Forbidden, Refused
from cockpit.services.history import undo
from db.terms import ServedBy
from tests import builders

DeskOf = Callable[..., Desk]


@pytest.fixture
def mo(desk_of: DeskOf) -> Desk:
    return desk_of("mo")


def test_a_pod_owns_a_patch(mo: Desk):
    one, two = builders.account(mo, "Acme"), builders.account(mo, "Boreal", arr=None)
    made = pod.new_pod(mo, "Oak", ["ana", "ben"], ["dee"])
    assert made.said == "Made pod Oak with Ana Ruiz, Ben Okafor and Dee Lind"
    given = pod.give(mo, "oak", ["Acme", two])
    assert (given.accounts, given.said) == (2, "Gave 2 accounts to pod Oak")
    builders.cta(mo, one)
    builders.cta(mo, two, owner="ana")
    (row,) = pod.pods(mo)
    assert (row.seniors, row.juniors, row.accounts, row.open_ctas, row.unassigned) == (("ana", "ben"), ("dee",), 2, 2, 1)
    assert row.arr == (("USD", 1_200_000),)
    assert [account.name for account in pod.show_pod(mo, "Oak").accounts] == ["Acme", "Boreal"]
    header = accounts.account_header(mo, one)
    assert (header.pod, header.served_by) == ("Oak", ServedBy.POD)
    assert pod.give(mo, "Oak", [one]).act is None
    undo(mo, given.act)
    assert accounts.account_header(mo, one).pod is None


def test_coverage_is_edited_per_account(mo: Desk):
    account = builders.account(mo, "Acme")
    pod.new_pod(mo, "Oak")
    done = accounts.edit_account(mo, account, {"pod": "Oak", "served_by": "hybrid"})
    assert done.said == "Changed pod nothing → Oak and served by pool → hybrid of Acme"
    assert accounts.edit_account(mo, account, {"pod": None}).changed == ("pod",)


def test_members_come_and_go(mo: Desk):
    pod.new_pod(mo, "Oak", ["ana"])
    assert pod.join_pod(mo, "Oak", "dee", is_senior=False).said == "Dee Lind is in pod Oak as its junior"
    assert pod.join_pod(mo, "Oak", "dee").said == "Dee Lind is in pod Oak as a senior"
    with pytest.raises(Refused, match="as a senior already"):
        pod.join_pod(mo, "Oak", "dee")
    assert pod.leave_pod(mo, "Oak", "dee").act
    with pytest.raises(Refused, match="Dee Lind is not in pod Oak"):
        pod.leave_pod(mo, "Oak", "dee")


def test_a_pod_closes_when_it_owns_nothing(mo: Desk, desk: Desk):
    with pytest.raises(Forbidden):
        pod.new_pod(desk, "Oak")
    account = builders.account(mo)
    pod.new_pod(mo, "Oak")
    pod.new_pod(mo, "Elm")
    pod.give(mo, "Oak", [account])
    with pytest.raises(Refused, match="Pod Oak has 1 account: give them to another pod first"):
        pod.pod_off(mo, "Oak")
    pod.give(mo, "Elm", [account])
    assert pod.pod_off(mo, "Oak").said == "Pod Oak is closed"
    with pytest.raises(Refused, match="it takes no accounts"):
        pod.give(mo, "Oak", [account])
    with pytest.raises(Refused, match="There is a pod called Elm already"):
        pod.edit_pod(mo, "Oak", {"name": "elm"})
    assert pod.edit_pod(mo, "Oak", {"name": "Ash", "active": True}).changed == ("active", "name")
