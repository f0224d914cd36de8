"""Talking about a CTA without changing whose it is: comments, mentions, a second opinion."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cockpit.desk import Desk
from cockpit.domain.clean import clean_text, clip
from cockpit.domain.cta import missing
from cockpit.domain.say import listed, plural
from cockpit.services.act import Work, act
from cockpit.services.errors import NotFound, Refused
from cockpit.services.lookup import active_csm
from db.reads import comment as reads
from db.reads.comment import CommentRow as CommentRow  # the faces know them from here
from db.reads.comment import MentionRow as MentionRow

_AT = re.compile(r"(?<![\w@./+-])@([\w][\w.-]*)")
_MOST = 500


@dataclass(frozen=True, slots=True)
class Commented:
    """A comment that was made; ``mentioned`` are the logins of those it speaks to."""

    id: int
    cta: int
    mentioned: tuple[str, ...]
    act: int | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """How many mentions were marked as seen."""

    seen: int
    act: int | None = None
    said: str = ""


@act("comment")
def add_comment(work: Work, cta_id: int, body: str, to: Sequence[str] = (), opinion: bool = False) -> Commented:
    """Says something about a CTA to colleagues: those in ``to`` and those called @login in the text are told.

    ``opinion`` asks them for a second opinion; the CTA keeps its owner. An owner's comment renews her lease.
    Raises NotFound (CTA, somebody in ``to``), Refused (no text, a second opinion asked of nobody).
    """
    row = work.db.one(
        "SELECT a.name, c.owner_id, c.status FROM cta c JOIN account a ON a.id = c.account_id WHERE c.id = :id",
        id=cta_id,
    )
    if row is None:
        raise NotFound(missing(cta_id).sentence)
    text = clean_text(body)
    if not text:
        raise Refused("empty", "A comment needs a text.")
    told = {csm_id: (login, name) for csm_id, login, name in _spoken_to(work, text, to) if csm_id != work.me.id}
    if opinion and not told:
        raise Refused("nobody", "Say whose opinion you ask: --to LOGIN, or @login in the text.")
    made = _write(work, cta_id, text, list(told), opinion)
    if row[1] == work.me.id and row[2] == "open":
        work.update("cta", cta_id, {"touched_at": work.now})
    whom = listed([name for _, name in told.values()])
    verb = f"Asked {whom} for an opinion on" if opinion else f"Told {whom} about" if told else "Commented on"
    work.say(f"{verb} CTA {cta_id} · {row[0]}: {clip(text.replace(chr(10), ' '), 60)}")
    return Commented(made, cta_id, tuple(login for login, _ in told.values()), said=work.act.what)


@act("seen")
def mark_seen(work: Work, mention_ids: Iterable[int] | None = None, cta_id: int | None = None) -> Seen:
    """Marks my mentions as seen: these, those on one CTA, or all."""
    mine = reads.unseen_ids(work.db, work.me.id or 0)
    wanted = None if mention_ids is None else set(mention_ids)
    ids = [id_ for id_, cta in mine.items() if (wanted is None or id_ in wanted) and cta_id in (None, cta)]
    work.update_many("mention", {id_: {"seen_at": work.now} for id_ in ids})
    said = f"Saw {plural(len(ids), 'mention')}" if ids else "There is nothing new to see"
    work.say(said)
    return Seen(len(ids), said=said)


def comments(desk: Desk, cta_id: int) -> tuple[CommentRow, ...]:
    """The comments on a CTA, the earliest first."""
    with desk.store.read() as db:
        who = reads.mentioned(db, cta_id)
        return tuple(
            dataclasses.replace(row, mentioned=tuple(who.get(row.id, ()))) for row in reads.comments(db, cta_id)
        )


def comment_counts(desk: Desk, account_id: int) -> dict[int, int]:
    """How many comments there are on each CTA of an account; those without are missing."""
    with desk.store.read() as db:
        return reads.counts(db, account_id)


def mentions(desk: Desk, unseen: bool = True, limit: int = _MOST) -> tuple[MentionRow, ...]:
    """Where I was mentioned and have not seen it yet (or ever), the latest first."""
    with desk.store.read() as db:
        return tuple(reads.mentions(db, desk.me.id or 0, unseen=unseen, most=limit))


def unseen_mentions(desk: Desk) -> int:
    """How many mentions I have not seen: one look-up, for a header."""
    with desk.store.read() as db:
        return reads.unseen(db, desk.me.id or 0)


def tell(work: Work, cta_id: int, csm_ids: Sequence[int], body: str) -> int:
    """Tells CSMs something about a CTA within another act: a comment that mentions them. Returns its id."""
    return _write(work, cta_id, body, csm_ids, opinion=False)


def _write(work: Work, cta_id: int, text: str, csm_ids: Sequence[int], opinion: bool) -> int:
    made = work.insert("comment", {
        "cta_id": cta_id, "author_id": work.me.id, "body": text, "at": work.now, "asks_opinion": opinion,
    })  # fmt: skip
    work.insert_many("mention", [{"comment_id": made, "csm_id": csm_id} for csm_id in csm_ids])
    return made


def _spoken_to(work: Work, text: str, to: Sequence[str]) -> list[tuple[int, str, str]]:
    """(id, login, name) of those meant, nobody twice; an @word that is nobody's login is only a word."""
    by_login = {
        row[1].casefold(): (row[0], row[1], row[2])
        for row in work.db.all("SELECT id, login, name FROM csm WHERE active = TRUE ORDER BY id")
    }
    found: dict[int, tuple[int, str, str]] = {}
    for login in to:
        one = by_login.get(login.strip().removeprefix("@").casefold()) or _named(work, login)
        found[one[0]] = one
    for word in _AT.findall(text):
        meant = by_login.get(word.casefold()) or by_login.get(word.rstrip(".-").casefold())
        if meant is not None:
            found[meant[0]] = meant
    return list(found.values())


def _named(work: Work, login: str) -> tuple[int, str, str]:
    csm_id, name = active_csm(work.db, login.strip().removeprefix("@"))
    return csm_id, str(work.db.scalar("SELECT login FROM csm WHERE id = :id", id=csm_id)), name
