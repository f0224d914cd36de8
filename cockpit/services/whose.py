"""Whose work a step is: hers, of who covers for her, of the account's owner and pod, of managers; nobody else ends it."""

from __future__ import annotations

from collections.abc import Iterable

from cockpit.domain.say import possessive
from cockpit.services import away
from cockpit.services.act import LEADERS, Work
from cockpit.services.errors import Refused


def check_hers(work: Work, what: str, owners: Iterable[int | None], account_id: int | None, ask: str) -> None:
    """Raises Refused, with what to ``ask`` for, unless the doer is one of these, covers for one, or answers for the account.

    What is nobody's is everybody's.
    """
    hers = list(dict.fromkeys(one for one in owners if one is not None))
    if not hers or work.me.id in hers or work.me.role in LEADERS:
        return
    if account_id is not None and _answers_for(work, account_id):
        return
    over = work.db.scalar("SELECT owner_id FROM account WHERE id = :id", id=account_id)
    if not away.covered(work.db, work.now, work.me.id).keys().isdisjoint([*hers, over]):
        return
    name = str(work.db.scalar("SELECT name FROM csm WHERE id = :id", id=hers[0]))
    raise Refused(
        "not_yours", f"{what} is {possessive(name)}: they, their cover, the account's owner or pod, or a manager can do that. {ask}"
    )


def _answers_for(work: Work, account_id: int) -> bool:
    """Owner of the account, in its pod, or covering it by a transition."""
    return bool(work.db.scalar(
        "SELECT 1 FROM account a WHERE a.id = :id AND (a.owner_id = :me"
        " OR EXISTS (SELECT 1 FROM pod_member m WHERE m.pod_id = a.pod_id AND m.csm_id = :me)"
        " OR EXISTS (SELECT 1 FROM transition_account c JOIN transition t ON t.id = c.transition_id WHERE c.account_id = a.id"
        " AND t.kind = 'cover' AND t.state = 'accepted' AND coalesce(c.csm_id, t.to_csm_id) = :me))",
        id=account_id, me=work.me.id,
    ))  # fmt: skip
