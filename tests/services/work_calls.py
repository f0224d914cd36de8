"""A call of each use-case of the pool at work, for the guard that runs every one of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cockpit.desk import Desk
from cockpit.services import comment, cta_type, intervention, link, review, shadow
from tests import builders

ACCOUNT = "Work Ltd"


def prepare(oz: Desk, mo: Desk) -> None:
    """What the calls stand on: an account in an intervention, somebody who follows, a link, a mention nobody has seen."""
    account = builders.account(oz, ACCOUNT)
    builders.person(oz, account, "Noor")
    cta = builders.cta(oz, account, owner="oz", because="EBR due")
    theirs = [builders.cta(oz, account, owner="ana", because=because) for because in ("Followed", "Not yet")]
    builders.cta(oz, builders.account(oz, "Fresh Ltd"), owner="oz", because="Fresh")
    intervention.start(oz, cta)
    shadow.add_shadow(oz, theirs[0])
    link.link(oz, cta, "person", "Noor")
    comment.add_comment(mo, cta, "@oz look")


def cta_of(s: Any, because: str) -> int:
    with s.desk.store.read() as db:
        return int(db.scalar("SELECT c.id FROM cta c JOIN reason r ON r.id = c.reason_id WHERE r.name = :name", name=because))


def the_one(s: Any) -> int:
    with s.desk.store.read() as db:
        sql = "SELECT i.id FROM intervention i JOIN account a ON a.id = i.account_id WHERE a.name = :name"
        return int(db.scalar(sql, name=ACCOUNT))


WORK_CALLS: dict[str, Callable[[Any], Any]] = {
    "comment.add_comment": lambda s: comment.add_comment(s.desk, s.mine, "@ana look", ["ben"], opinion=True),
    "comment.mark_seen": lambda s: comment.mark_seen(s.desk),
    "cta_type.edit_reason": lambda s: cta_type.edit_reason(s.desk, "EBR due", {"lane": "strategic"}),
    "cta_type.edit_type": lambda s: cta_type.edit_type(s.desk, "risk", {"minutes": 30}),
    "cta_type.new_type": lambda s: cta_type.new_type(s.desk, "ebr", required="note"),
    "intervention.answered": lambda s: intervention.answered(s.desk, the_one(s), "Yes"),
    "intervention.move": lambda s: intervention.move(s.desk, the_one(s), "lost", reason="bankrupt"),
    "intervention.set_plan": lambda s: intervention.set_plan(s.desk, the_one(s), "Train two", "health:>=60"),
    "intervention.start": lambda s: intervention.start(s.desk, cta_of(s, "Fresh")),
    "link.link": lambda s: link.link(s.desk, s.mine, "person", "Lee"),
    "link.unlink": lambda s: link.unlink(s.desk, cta_of(s, "EBR due"), "person", "Noor"),
    "review.review": lambda s: review.review(s.mo, s.closed, "good"),
    "shadow.add_shadow": lambda s: shadow.add_shadow(s.desk, cta_of(s, "Not yet")),
    "shadow.drop_shadow": lambda s: shadow.drop_shadow(s.desk, cta_of(s, "Followed")),
}
