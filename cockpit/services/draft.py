"""Drafts: what somebody began to write on an account and has not logged or sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from cockpit.desk import Desk
from cockpit.domain import say
from cockpit.domain.clean import clean_line, clean_text, clip
from cockpit.services import lookup
from cockpit.services.act import Work, act
from cockpit.services.errors import Forbidden, NotFound, Refused
from db.connection import Db

KINDS = ("entry", "letter")
MOST_LETTERS = 100_000
_SQL = (
    "SELECT d.id, d.account_id, a.name AS account, d.kind, d.fields, d.changed_at, o.login AS author"
    " FROM draft d JOIN account a ON a.id = d.account_id LEFT JOIN csm o ON o.id = d.author_id"
)


@dataclass(frozen=True, slots=True)
class DraftRow:
    """Something begun. ``fields`` are the answers typed so far, by the form's names; ``title`` says what it is."""

    id: int
    account_id: int
    account: str
    kind: str
    fields: dict[str, Any]
    changed_at: datetime
    author: str | None
    title: str = ""
    says: str = ""


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft that was kept or thrown away."""

    id: int
    account_id: int
    act: int | None = None
    said: str = ""


def drafts(desk: Desk, mine: bool = True, account: int | str | None = None, kind: str | None = None) -> tuple[DraftRow, ...]:
    """Drafts, the latest first: mine, or everybody's (who hands an account over wants to see those)."""
    where, params = ["TRUE"], dict[str, Any]()
    with desk.store.read() as db:
        if mine:
            where.append("d.author_id = :me")
            params["me"] = desk.me.id or 0
        if account is not None:
            where.append("d.account_id = :account")
            params["account"] = lookup.find_account(db, account)
        if kind is not None:
            where.append("d.kind = :kind")
            params["kind"] = kind
        rows = db.rows(DraftRow, f"{_SQL} WHERE {' AND '.join(where)} ORDER BY d.changed_at DESC, d.id DESC", **params)
    return tuple(_told(desk, row) for row in rows)


def draft(desk: Desk, draft_id: int) -> DraftRow:
    """One draft. Raises NotFound."""
    with desk.store.read() as db:
        return _told(desk, _row(db, draft_id))


@act("save_draft")
def save_draft(
    work: Work, account: int | str, kind: str, fields: Mapping[str, Any], draft_id: int | None = None
) -> Drafted:
    """Keeps what was typed; a draft of mine that is there already is written anew. Raises NotFound, Refused, Forbidden."""
    if kind not in KINDS:
        raise Refused("kind", f"A draft is of an {say.listed(list(KINDS), 'or a ')}, not {kind!r}.")
    kept = {clean_line(name): clean_text(str(value)) for name, value in fields.items() if value not in (None, "")}
    if not any(kept.values()):
        raise Refused("empty", "There is nothing in it to keep.")
    if sum(map(len, kept.values())) > MOST_LETTERS:
        raise Refused("long", f"A draft holds at most {MOST_LETTERS:,} letters.")
    if draft_id is not None:
        row = _mine(work, draft_id)
        work.update("draft", draft_id, {"fields": kept, "changed_at": work.now})
        work.say(f"Kept the {kind} begun on {row.account}")
        return Drafted(draft_id, row.account_id, said=work.act.what)
    place = lookup.find_account(work.db, account)
    made = work.insert("draft", {
        "account_id": place, "author_id": work.me.id, "kind": kind, "fields": kept, "changed_at": work.now,
    })  # fmt: skip
    work.say(f"Kept the {kind} begun on {work.db.scalar('SELECT name FROM account WHERE id = :id', id=place)}")
    return Drafted(made, place, said=work.act.what)


@act("drop_draft")
def drop_draft(work: Work, draft_id: int) -> Drafted:
    """Throws a draft of mine away. Raises NotFound, Forbidden."""
    row = _mine(work, draft_id)
    work.delete("draft", draft_id)
    work.say(f"Threw away the {row.kind} begun on {row.account}")
    return Drafted(draft_id, row.account_id, said=work.act.what)


def _row(db: Db, draft_id: int) -> DraftRow:
    rows = db.rows(DraftRow, f"{_SQL} WHERE d.id = :id", id=draft_id)
    if not rows:
        raise NotFound(f"There is no draft {draft_id}: it was logged, sent or thrown away. `cockpit draft list` shows yours.")
    return rows[0]


def _mine(work: Work, draft_id: int) -> DraftRow:
    row = _row(work.db, draft_id)
    if row.author != work.me.login:
        raise Forbidden(f"{row.author or 'Nobody here'} began it: it is theirs to go on with.")
    return row


def _told(desk: Desk, row: DraftRow) -> DraftRow:
    import dataclasses

    words = next((str(row.fields[name]) for name in ("subject", "body", "template") if row.fields.get(name)), row.kind)
    when = say.at(row.changed_at, desk.now(), ZoneInfo(desk.me.time_zone))
    return dataclasses.replace(row, title=clip(words.splitlines()[0], 80), says=f"{row.kind}, {when}")
