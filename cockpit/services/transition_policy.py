"""From which ARR on a hand-over asks for more: a manager's word, a conversation, another home than the pool."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cockpit.desk import Desk
from cockpit.domain import money
from cockpit.domain.say import listed
from cockpit.services import scoring
from cockpit.services.act import Work, act
from cockpit.services.editing import check_fields
from cockpit.services.policy import amount_in
from cockpit.services.transition_evidence import DEFAULTS, SETTING
from db.connection import Db, as_json

FIELDS = tuple(DEFAULTS)
_WORDS = {"agree_below": "agreed by itself below", "pool_below": "to a pool below", "key_above": "a key account from"}


@dataclass(frozen=True, slots=True)
class TransitionPolicy:
    """ARR in minor units of the reporting currency.

    Below ``agree_below`` no manager has to agree; below ``pool_below`` a pool takes it; from ``key_above`` on the new
    CSM is introduced in a conversation, also when many accounts move together.
    """

    agree_below: int
    pool_below: int
    key_above: int
    currency: str
    act: int | None = None
    said: str = ""


def transition_policy(desk: Desk) -> TransitionPolicy:
    """The lines in force: the store's, or those that ship."""
    with desk.store.read() as db:
        return _now(db)


@act("set_transition_policy")
def set_transition_policy(work: Work, fields: Mapping[str, Any]) -> TransitionPolicy:
    """Changes lines (FIELDS), amounts as people write them; ``default`` is what ships. Raises Refused."""
    check_fields("The policy of transitions", fields, FIELDS)
    before = _now(work.db)
    lines = {name: getattr(before, name) for name in FIELDS}
    now = lines | {name: _line(name, value, before.currency) for name, value in fields.items()}
    changed = [name for name in FIELDS if now[name] != lines[name]]
    if not changed:
        return dataclasses.replace(before, said="The policy of transitions is as it was")
    row = work.db.scalar("SELECT id FROM setting WHERE key = :key", key=SETTING)
    if row is None:
        work.insert("setting", {"key": SETTING, "value": now})
    else:
        work.update("setting", row, {"value": {**_stored(work.db), **now}})
    said = [f"{_WORDS[name]} {money.full(now[name], before.currency)} (was {money.full(lines[name], before.currency)})" for name in changed]
    work.say(f"Transitions: {listed(said)}")
    return dataclasses.replace(_now(work.db), said=work.act.what)


def _stored(db: Db) -> dict[str, Any]:
    found: dict[str, Any] = as_json(db.scalar("SELECT value FROM setting WHERE key = :key", key=SETTING)) or {}
    return found


def _now(db: Db) -> TransitionPolicy:
    lines = DEFAULTS | _stored(db)
    agree, pool, key = (int(lines[name]) for name in FIELDS)
    return TransitionPolicy(agree, pool, key, scoring.weights(db).currency)


def _line(name: str, value: Any, currency: str) -> int:
    if str(value).strip().casefold() == "default":
        return DEFAULTS[name]
    return amount_in(currency, str(value), "transitions")
