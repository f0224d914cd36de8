"""The tasks that the pool's mails leave for dedicated CSMs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cockpit.desk import Desk
from cockpit.services.act import Work, act
from cockpit.services.service_model import Mailed, copies, leave_follow_ups
from tests import builders


@act("test_mailed")
def send(work: Work, mails: Sequence[Mailed]) -> list[int]:
    work.say("Sent")
    return leave_follow_ups(work, mails)


def test_each_hybrid_account_leaves_one_open_task_and_copies_its_csm(desk: Desk, desk_of: Callable[..., Desk]):
    ben = desk_of("ben").me.id
    hybrid = builders.account(desk, "Hybrid", served_by="hybrid", owner="ben")
    pool = builders.account(desk, "Pool", served_by="pool", owner="ben")
    bare = builders.account(desk, "Bare", served_by="hybrid")
    mails = [Mailed(one, desk.me.id, "Quarterly report") for one in (hybrid, pool, bare)]
    made = send(desk, mails)
    assert [builders.row(desk.store, "task", id_)["owner_id"] for id_ in made] == [ben]
    assert builders.row(desk.store, "task", made[0])["title"] == "See what came of the pool's mail: Quarterly report"
    assert send(desk, mails) == []  # the first is still open
    builders.make(desk_of("ben"), "csm", {"login": "zed", "name": "Zed", "email": "zed@example.com"})
    other = builders.account(desk, "Other", served_by="hybrid", owner="zed")
    with desk.store.read() as db:
        assert copies(db, desk.me.id, [hybrid, pool, bare, other]) == {other: "zed@example.com"}
