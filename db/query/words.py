"""Free text: words to be found in a name, a title, a reason, or as an id."""

from __future__ import annotations

import re
from collections.abc import Sequence

from db.query.binder import Binder
from db.query.match import matches
from db.query.spec import Entity
from db.words import asked

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


def anywhere(binder: Binder, text: str) -> str:
    """The test that ``text`` is somewhere in what people see of a row; ids only for what looks like one."""
    entity = binder.entity
    if entity is Entity.CTA and not binder.walk:
        return _cta_ids(binder, text)
    if entity is Entity.ACTIVITY and binder.account is not None:
        match = asked([text], "sqlite" if binder.dialect == "sqlite" else "postgresql")
        if match is not None:  # else there is no word in it
            return _entries(binder, text, match)
    key, account = _ROW[entity]
    tests = [_has(binder, column, text) for column in _COLUMNS[entity]]
    if entity is Entity.CTA:
        tests.append(f"c.reason_id IN ({_reasons(binder, text)})")
    if number := _NUMBER.fullmatch(text):
        tests.append(f"{key} = {binder.bind(int(number[1]))}")
    if _LIKE_AN_ID.fullmatch(text):
        tests.append(f"{key} IN ({_external(binder, entity, text)})")
        if account and entity is not Entity.ACCOUNT:
            tests.append(f"{account} IN ({_external(binder, Entity.ACCOUNT, text)})")
    return "(" + " OR ".join(tests) + ")"


def _entries(binder: Binder, text: str, match: str) -> str:
    """The same of one account's entries by the index: words by their beginnings; its own name is in none of them."""
    if binder.dialect == "sqlite":  # looked up entry by entry, whatever else has the words
        tests = [f"EXISTS (SELECT 1 FROM activity_fts wf WHERE wf.rowid = v.id AND wf.activity_fts MATCH {binder.bind(match)})"]
    else:
        tests = [f"v.id IN (SELECT activity_of_account_with({binder.bind(match)}, {binder.bind(binder.account)}))"]
    if number := _NUMBER.fullmatch(text):
        tests.append(f"v.id = {binder.bind(int(number[1]))}")
    if _LIKE_AN_ID.fullmatch(text):
        tests.append(f"v.id IN ({_external(binder, Entity.ACTIVITY, text)})")
    return "(" + " OR ".join(tests) + ")"


def _cta_ids(binder: Binder, text: str) -> str:
    """The same rows as a set of ids: one pass over the titles, and the CTAs of the accounts that match.

    Measured at a million CTAs for a word that none has: 0.1 s, against 2.5 s along the queue's index.
    """
    if (few := binder.rare(text)) is not None:
        found = [f"SELECT wc.id FROM cta wc WHERE wc.id IN ({_listed(few[0])})"]
        accounts = [f"SELECT wa.id FROM account wa WHERE wa.id IN ({_listed(few[1])})"]
    else:
        accounts = [f"SELECT wa.id FROM account wa WHERE {_has(binder, 'wa.name', text)}"]
        found = [
            f"SELECT wc.id FROM cta wc WHERE {_has(binder, 'wc.title', text)} OR wc.reason_id IN ({_reasons(binder, text)})"
        ]
    if number := _NUMBER.fullmatch(text):
        found.append(f"SELECT wc.id FROM cta wc WHERE wc.id = {binder.bind(int(number[1]))}")
    if _LIKE_AN_ID.fullmatch(text):
        found.append(_external(binder, Entity.CTA, text))
        accounts.append(_external(binder, Entity.ACCOUNT, text))
    found.append(f"SELECT wc.id FROM cta wc WHERE wc.account_id IN ({' UNION ALL '.join(accounts)})")
    return f"c.id IN ({' UNION ALL '.join(found)})"


def _listed(ids: Sequence[int]) -> str:
    return ", ".join(map(str, ids)) or "NULL"


def _has(binder: Binder, column: str, text: str) -> str:
    return matches(column, text, binder.bind, binder.dialect, part=True)


def _reasons(binder: Binder, text: str) -> str:
    return f"SELECT wr.id FROM reason wr WHERE {_has(binder, 'wr.name', text)}"


def _external(binder: Binder, thing: Entity, text: str) -> str:
    return f"SELECT wx.thing_id FROM external_id wx WHERE wx.thing = '{thing}' AND wx.key = {binder.bind(text)}"
