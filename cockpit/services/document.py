"""Account briefs and EBR packs: made from a template, kept with the account, written as Markdown, HTML or PDF.

The text is the team's template of that kind where there is one (``cockpit template``), else the one that ships.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from cockpit.desk import Desk
from cockpit.domain import business_review, paper
from cockpit.domain.clean import clean_line, clean_text
from cockpit.domain.say import listed, plural
from cockpit.services import lookup
from cockpit.services.act import Work, act
from cockpit.services.errors import NotFound, Refused
from db.connection import Db
from db.reads import document as reads
from db.reads.document import DocumentRow as DocumentRow  # faces know it from here

KINDS = {"brief": "Account brief", "ebr": "EBR pack"}
FORMATS = ("md", "html", "pdf")
EBR_DAYS = 90
SHOWN = 100
SHIPPED = Path(__file__).parents[1] / "library" / "documents"
REASON = "EBR due"


@dataclass(frozen=True, slots=True)
class MadeDocument:
    """A document that was made; ``id`` is None when it was not kept (read-only)."""

    id: int | None
    account_id: int
    account: str
    kind: str
    title: str
    body: str
    act: int | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class MadeMany:
    """Documents that were made in one act, with the files they were written to."""

    ids: tuple[int, ...]
    files: tuple[str, ...]
    act: int | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class ProposedReview:
    """An account that should be asked to a business review, and the CTA that asks; None in a dry run."""

    account_id: int
    account: str
    segment: str | None
    why: tuple[str, ...]
    last: date | None
    cta: int | None = None


@dataclass(frozen=True, slots=True)
class ProposedReviews:
    """All of them."""

    rows: tuple[ProposedReview, ...]
    act: int | None = None
    said: str = ""


def documents(desk: Desk, account_id: int) -> tuple[DocumentRow, ...]:
    """The documents of an account, the latest first."""
    with desk.store.read() as db:
        return tuple(reads.documents(db, account_id, SHOWN))


def show_document(desk: Desk, id_: int) -> DocumentRow:
    """One document. Raises NotFound."""
    with desk.store.read() as db:
        found = reads.document(db, id_)
    if found is None:
        raise NotFound(f"There is no document {id_}.")
    return found


def draft_document(desk: Desk, kind: str, account_id: int, first: date | None = None, last: date | None = None) -> MadeDocument:
    """A document that is not kept: what ``make_document`` would keep. Raises NotFound, Refused (kind, period, template)."""
    from cockpit.services.document_facts import facts_of
    from cockpit.services.rendering import TemplateError, fill_document

    if kind not in KINDS:
        raise Refused("kind", f"Documents are {listed(list(KINDS), 'or')}, not {kind!r}.")
    last = last or desk.today()
    first = first or last - timedelta(days=EBR_DAYS)
    if first > last:
        raise Refused("period", f"A time from {first} to {last} ends before it begins.")
    with desk.store.read() as db:
        row = db.one("SELECT name, language FROM account WHERE id = :id", id=account_id)
        if row is None:
            raise NotFound(f"There is no account {account_id}.")
        source = _source(db, kind, row[1])
    try:
        body = fill_document(source, facts_of(desk, account_id, first, last))
    except TemplateError as error:
        raise Refused("template", f"The template of the {KINDS[kind]}: {error}") from error
    title = f"{KINDS[kind]} {desk.today():%d %b %Y}" if kind == "brief" else f"{KINDS[kind]} {first:%d %b} to {last:%d %b %Y}"
    return MadeDocument(None, account_id, row[0], kind, title, _tidy(body))


def make_document(desk: Desk, kind: str, account: int | str, first: date | None = None, last: date | None = None) -> MadeDocument:
    """Makes a document and keeps it with the account; when read-only it is only made.

    Raises NotFound, Ambiguous (account), Refused (kind, period, template).
    """
    with desk.store.read() as db:
        account_id = lookup.find_account(db, account)
    made = draft_document(desk, kind, account_id, first, last)
    if desk.read_only or desk.as_of is not None:
        return made
    return _keep(desk, made)


@act("make_document")
def _keep(work: Work, made: MadeDocument) -> MadeDocument:
    id_ = work.insert("document", _row(work, made))
    said = f"Made the {KINDS[made.kind]} of {made.account}"
    work.say(said)
    return MadeDocument(id_, made.account_id, made.account, made.kind, made.title, made.body, said=said)


def make_ebrs(
    desk: Desk, where: str, folder: Path, first: date | None = None, last: date | None = None, form: str = "md", *, dry_run: bool = False
) -> MadeMany:
    """An EBR pack for each account that a query matches, as files in a folder and kept in one act.

    Raises QueryError, Refused (nothing matches, folder, format).
    """
    from cockpit.services.query import compiled

    _check_form(form)
    with desk.store.read() as db:
        sql, params = compiled(desk, db, where, "account")
        wanted = reads.ids_of(db, sql, params)
    if not wanted:
        raise Refused("nothing", "No account matches: no pack is made.")
    names = _file_names(wanted, form)
    if dry_run:
        files = tuple(str(folder / name) for name in names)
        return MadeMany((), files, said=f"Would make {plural(len(files), 'EBR pack')} in {folder}")
    drafts = [draft_document(desk, "ebr", id_, first, last) for id_, _ in wanted]
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        files = tuple(write_document(desk, made, folder / name) for made, name in zip(drafts, names, strict=True))
    except OSError as error:
        raise Refused("folder", f"{folder} cannot be written: {error.strerror}.") from error
    return _keep_many(desk, drafts, files, str(folder))


@act("make_documents")
def _keep_many(work: Work, drafts: Sequence[MadeDocument], files: Sequence[str], folder: str) -> MadeMany:
    ids = work.insert_many("document", [_row(work, made) for made in drafts])
    said = f"Made {plural(len(ids), 'EBR pack')} in {folder}"
    work.say(said)
    return MadeMany(tuple(ids), tuple(files), said=said)


def write_document(desk: Desk, made: MadeDocument | DocumentRow, path: Path) -> str:
    """Writes a document in the format its name ends in, readable by its owner alone; returns the path.

    Raises Refused (format), OSError.
    """
    form = path.suffix.removeprefix(".").lower() or "md"
    content = form_of(desk, made, "md" if form in ("markdown", "txt") else form)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    return str(path)


def form_of(desk: Desk, made: MadeDocument | DocumentRow, form: str) -> bytes:
    """A document as Markdown, HTML or PDF, nothing live in it whatever the store holds. Raises Refused (format)."""
    _check_form(form)
    title, body = clean_line(f"{made.account} · {made.title}"), clean_text(made.body)
    if form == "html":
        return paper.to_html(body, title).encode()
    if form == "pdf":
        from cockpit.domain.pdf import to_pdf

        return to_pdf(body, title, f"{title}{'   illustrative, demo data' if desk.store.kind == 'demo' else ''}")
    return (body + "\n").encode()


def propose_reviews(desk: Desk, where: str = "", *, dry_run: bool = False) -> ProposedReviews:
    """CTAs "EBR due" for the accounts that should be asked to a business review, in one act.

    Due are customers whose segment has reviews: by its number a year, with health under 60, or with an open sale; none
    within 90 days of the last one, nor where one is asked for already. Raises QueryError, Forbidden.
    """
    rows = _due(desk, where)
    if dry_run or not rows:
        said = f"Would ask {plural(len(rows), 'account')} to a business review" if rows else "No business review is due."
        return ProposedReviews(tuple(rows), said=said)
    return _ask(desk, rows)


@act("new_ctas")
def _ask(work: Work, rows: Sequence[ProposedReview]) -> ProposedReviews:
    from cockpit.services.cta import CtaDraft, make_ctas

    made = make_ctas(work, [row.account_id for row in rows], CtaDraft("lifecycle", REASON, "Ask to a business review", lane="strategic"))
    work.update_many("cta", {id_: {"description": f"Due: {'; '.join(row.why)}."} for id_, row in zip(made, rows, strict=True)})
    said = f"Asked for {plural(len(made), 'business review')}: one CTA each"
    work.say(said)
    asked = (
        ProposedReview(row.account_id, row.account, row.segment, row.why, row.last, id_) for row, id_ in zip(rows, made, strict=True)
    )
    return ProposedReviews(tuple(asked), said=said)


def _due(desk: Desk, where: str) -> list[ProposedReview]:
    from cockpit.services.query import compiled

    today = desk.today()
    with desk.store.read() as db:
        sql, params = compiled(desk, db, where, "account")
        reason = lookup.reason_id(db, REASON)
        found = reads.candidates(db, sql, params, [] if reason is None else [reason])
    rows = []
    for one in found:
        last = None if one.last is None else one.last.date()
        why = business_review.reasons(today, one.per_year, last, one.health, one.growth)
        if why:
            rows.append(ProposedReview(one.id, one.name, one.segment, why, last))
    return rows


def _source(db: Db, kind: str, language: str | None) -> str:
    """The team's template of a kind in the account's language, or in any; else the one that ships."""
    rows = db.all(
        "SELECT body, language FROM template WHERE kind = :kind AND active = TRUE ORDER BY version DESC, id DESC", kind=kind
    )
    best = next((body for body, spoken in rows if language and spoken == language.casefold()), rows[0][0] if rows else None)
    return str(best) if best is not None else shipped(kind)


@cache
def shipped(kind: str) -> str:
    """The template of a kind that comes with Cockpit."""
    return (SHIPPED / f"{kind}.md.j2").read_text(encoding="utf-8")


def _row(work: Work, made: MadeDocument) -> dict[str, Any]:
    return {
        "account_id": made.account_id, "kind": made.kind, "title": made.title, "body": made.body, "author_id": work.me.id, "at": work.now,
    }  # fmt: skip


def _tidy(body: str) -> str:
    """Never two empty lines in a row."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in body.splitlines())).strip()


def _check_form(form: str) -> None:
    if form not in FORMATS:
        raise Refused("format", f"Documents are written as {listed(list(FORMATS), 'or')}, not {form!r}.")


def _file_names(wanted: Sequence[tuple[int, str]], form: str) -> list[str]:
    """A name each that any file system takes; the number keeps two of one name apart."""
    return [f"ebr-{re.sub(r'[^A-Za-z0-9]+', '-', name).strip('-').lower()[:60] or 'account'}-{id_}.{form}" for id_, name in wanted]
