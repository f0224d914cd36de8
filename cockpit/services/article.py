"""Articles: pages of the knowledge base that may be sent, with language, owner and expiry, and how often each was used."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from cockpit.desk import Desk
from cockpit.services import editing
from cockpit.services.act import Work, act
from cockpit.services.editing import Edited
from cockpit.services.errors import NotFound, Refused
from cockpit.services.template import owned

FIELDS = ("title", "url", "language", "owner", "expires", "active")
_URL = re.compile(r"https?://[^\s<>\"\\]{3,2000}")


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article. ``used``: mails and entries its address stands in, and interventions handed over with it."""

    id: int
    title: str
    url: str
    language: str
    owner: str | None
    expires: date | None
    active: bool
    used: int
    is_expired: bool = False


@dataclass(frozen=True, slots=True)
class ArticleMade:
    """An article that was added."""

    id: int
    act: int | None = None
    said: str = ""


def articles(desk: Desk, *, every: bool = False, language: str | None = None, text: str = "") -> tuple[ArticleRow, ...]:
    """The articles by title: those in use, of a language, with words in title or address."""
    where, params = ["TRUE" if every else "r.active = TRUE"], dict[str, Any]()
    if language:
        where.append("lower(r.language) = lower(:language)")
        params["language"] = language
    if text.strip():
        where.append("(lower(r.title) LIKE :text OR lower(r.url) LIKE :text)")
        params["text"] = f"%{text.strip().casefold()}%"
    with desk.store.read() as db:
        rows = db.rows(
            ArticleRow,
            "SELECT r.id, r.title, r.url, r.language, o.login AS owner, r.expires, r.active, 0 AS used FROM article r"
            f" LEFT JOIN csm o ON o.id = r.owner_id WHERE {' AND '.join(where)} ORDER BY r.title, r.id",
            **params,
        )
        used = dict.fromkeys((row.url for row in rows), 0)
        for column, table in (("body", "outbox"), ("handoff_note", "intervention"), ("CAST(articles AS text)", "intervention")):
            for (words,) in db.all(f"SELECT {column} FROM {table} WHERE {column} LIKE :link", link="%http%"):
                for url in used:
                    used[url] += url in words
    today = desk.today()
    return tuple(
        dataclasses.replace(row, used=used[row.url], is_expired=row.expires is not None and row.expires < today) for row in rows
    )


@act("new_article")
def new_article(
    work: Work, title: str, url: str, language: str = "en", owner: str | None = None, expires: date | str | None = None
) -> ArticleMade:
    """Adds an article. Raises Refused (no web address, there already), NotFound (owner)."""
    columns = _columns(work, {"title": title, "url": url, "language": language, "owner": owner, "expires": expires})
    _check_free(work, columns["url"])
    made = work.insert("article", columns)
    work.say(f"Added article “{columns['title']}”")
    return ArticleMade(made, said=work.act.what)


@act("edit_article")
def edit_article(work: Work, article_id: int, fields: Mapping[str, Any], expected: Mapping[str, Any] | None = None) -> Edited:
    """Changes an article (FIELDS). Raises NotFound, Refused, Conflict."""
    editing.check_fields("An article", fields, FIELDS)
    title = work.db.scalar("SELECT title FROM article WHERE id = :id", id=article_id)
    if title is None:
        raise NotFound(f"There is no article {article_id}.")
    columns = _columns(work, fields)
    if "url" in columns:
        _check_free(work, columns["url"], article_id)
    seen = None if expected is None else _columns(work, expected)
    return editing.change(work, "article", article_id, f"article “{title}”", columns, seen)


def _columns(work: Work, fields: Mapping[str, Any]) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    for name, value in fields.items():
        if name == "title":
            columns[name] = editing.line(value, "The title", required=True)
        elif name == "url":
            columns[name] = editing.line(value, "The address", required=True) or ""
            if not _URL.fullmatch(columns[name]):
                raise Refused("url", f"{columns[name]!r} is no web address: https://…")
        elif name == "language":
            columns[name] = (editing.line(value, "The language", required=True) or "").casefold()
        elif name == "owner":
            columns["owner_id"] = owned(work, value)
        elif name == "expires":
            columns[name] = editing.day(work, value)
        else:
            columns[name] = bool(value)
    return columns


def _check_free(work: Work, url: str, but: int | None = None) -> None:
    found = work.db.scalar("SELECT id FROM article WHERE url = :url", url=url)
    if found is not None and found != but:
        raise Refused("exists", f"That address is article {found} already.")
