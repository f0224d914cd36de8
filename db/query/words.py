"""Free text: words to be found in a name, a title, a reason, or as an id."""

from __future__ import annotations

import re

from db.query.match import Bind, matches
from db.query.spec import Entity

_LIKE_AN_ID = re.compile(r"#?[\w.:/-]*[0-9][\w.:/-]*", re.ASCII)
_NUMBER = re.compile(r"#?([0-9]{1,18})")

_COLUMNS = {
    Entity.CTA: ("a.name", "c.title"),
    Entity.ACCOUNT: ("a.name", "a.domain"),
    Entity.PERSON: ("n.name", "n.email"),
    Entity.ACTIVITY: ("a.name", "v.subject", "v.body"),
}
_ROW = {
    Entity.CTA: ("c.id", "c.account_id"),
    Entity.ACCOUNT: ("a.id", "a.id"),
    Entity.PERSON: ("n.id", ""),
    Entity.ACTIVITY: ("v.id", "v.account_id"),
}


def anywhere(entity: Entity, text: str, bind: Bind, dialect: str) -> str:
    """The test that ``text`` is somewhere in what people see of a row; ids only for what looks like one."""
    tests = [matches(column, text, bind, dialect, part=True) for column in _COLUMNS[entity]]
    if entity is Entity.CTA:
        reason = matches("wr.name", text, bind, dialect, part=True)
        tests.append(f"c.reason_id IN (SELECT wr.id FROM reason wr WHERE {reason})")
    key, account = _ROW[entity]
    if number := _NUMBER.fullmatch(text):
        tests.append(f"{key} = {bind(int(number[1]))}")
    if _LIKE_AN_ID.fullmatch(text):
        external = "IN (SELECT wx.thing_id FROM external_id wx WHERE wx.thing = '{0}' AND wx.key = {1})"
        tests.append(f"{key} {external.format(entity, bind(text))}")
        if account and entity is not Entity.ACCOUNT:
            tests.append(f"{account} {external.format('account', bind(text))}")
    return "(" + " OR ".join(tests) + ")"
