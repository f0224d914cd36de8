"""Finding accounts, people, CTAs and entries of the timeline by what is written in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cockpit.desk import Desk
from cockpit.domain.excerpt import excerpt
from cockpit.services.errors import Refused
from cockpit.services.lookup import find_account
from db.reads import search as reads

KINDS = reads.KINDS
_SHORTEST = 2
_LOOKED_AT = 1_000
"""Of very many hits the latest so many are put in order."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that has the words. ``excerpt`` is the part of its text around the first of them."""

    kind: str
    id: int
    title: str
    excerpt: str
    account_id: int | None
    account: str | None
    at: datetime | None
    by: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """Hits by kind: accounts and people by name, open CTAs and the latest entries first."""

    hits: tuple[Hit, ...]
    more: tuple[str, ...] = ()
    """The kinds of which there are more."""


def search(
    desk: Desk, text: str, account: str | int | None = None, kinds: Sequence[str] = KINDS, limit: int = 20
) -> Found:
    """What has all of these words, ``limit`` of each kind; "quoted words" stand beside each other.

    In names and titles they may be parts of words, in the timeline their beginnings. ``account`` asks of one account
    only. Raises Refused (fewer than two letters, an unknown kind), NotFound, Ambiguous (the account).
    """
    if len("".join(reads.phrases(text))) < _SHORTEST:
        raise Refused("short", "Search for two letters or more.")
    if unknown := [kind for kind in kinds if kind not in KINDS]:
        raise Refused("kind", f"One searches {', '.join(KINDS)}, not {unknown[0]!r}.")
    made: list[Hit] = []
    more: list[str] = []
    words = reads.phrases(text)
    with desk.store.read() as db:
        of = None if account is None else find_account(db, account)
        for kind in kinds:
            ids, beyond = reads.found(db, kind, text, _LOOKED_AT, of)
            hits = reads.hits(db, kind, ids) if ids else []
            made += (
                Hit(hit.kind, hit.id, hit.title, excerpt(hit.text or "", words), hit.account_id, hit.account, hit.at, hit.by)
                for hit in hits[:limit]
            )
            if beyond or len(hits) > limit:
                more.append(kind)
    return Found(tuple(made), tuple(more))


def accounts_for(desk: Desk, typed: str, limit: int) -> tuple[Hit, ...]:
    """The accounts that a finder offers: by their number or external id, then those with these words in their name."""
    with desk.store.read() as db:
        ids = reads.numbered(db, typed.strip())
        if len("".join(reads.phrases(typed))) >= _SHORTEST:
            ids += [id_ for id_ in reads.found(db, "account", typed, _LOOKED_AT)[0] if id_ not in ids]
        hits = reads.hits(db, "account", ids) if ids else []
    made = [Hit(hit.kind, hit.id, hit.title, hit.text or "", hit.account_id, hit.account, hit.at, hit.by) for hit in hits]
    return tuple(made[:limit])
