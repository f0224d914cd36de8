"""Fields about accounts that change hands."""

from __future__ import annotations

from collections.abc import Mapping

from db.query.account_fields import WITH_ACCOUNT
from db.query.spec import Entity, Field, Flag, Kind, Sql
from db.terms import TransitionKind

_RUNS = (
    "(tn.account_id = {account} OR EXISTS (SELECT 1 FROM transition_account tm WHERE tm.transition_id = tn.id"
    " AND tm.account_id = {account}))"
)
_ON_ITS_WAY = f"FROM transition tn WHERE tn.state = 'started' AND tn.kind <> 'cover' AND {_RUNS}"
_ANY = f"EXISTS (SELECT 1 FROM transition tn WHERE tn.ended_at IS NULL AND {_RUNS} AND {{test}})"


def _on(sql: Sql) -> Mapping[Entity, Sql]:
    return dict.fromkeys(WITH_ACCOUNT, sql)


TRANSITION_FLAGS = (
    Flag("in_transition", "its account is about to change hands", dict.fromkeys(WITH_ACCOUNT, f"EXISTS (SELECT 1 {_ON_ITS_WAY})")),
)
TRANSITION_FIELDS = (
    Field("transition", Kind.CHOICE, "Account with a running hand-over of this kind; covers and follow-up too.",
          _on(Sql("tn.kind", _ANY)), ("transition:csm_to_pool", "transition:cover"), choices=tuple(TransitionKind)),
    Field("handover", Kind.AHEAD, "The day on which the account is to change hands.", _on(Sql(f"(SELECT MIN(tn.target) {_ON_ITS_WAY})")),
          ("handover:<=7d", "handover:none"), bounded=True),
)  # fmt: skip
