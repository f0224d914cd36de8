"""Templates: text files in and out of the store, versioned, with language, owner, expiry and how often each was used."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from cockpit.desk import Desk
from cockpit.domain.clean import clean_line, clean_text
from cockpit.domain.contact import language_for
from cockpit.domain.letter import MOST_BODY
from cockpit.domain.nearest import did_you_mean
from cockpit.domain.say import listed, plural
from cockpit.domain.toml_places import Problem
from cockpit.services import editing, lookup
from cockpit.services.act import Work, act
from cockpit.services.document_words import SAMPLE as DOCUMENT_SAMPLE
from cockpit.services.errors import NotFound, Refused
from cockpit.services.outreach_facts import SAMPLE
from cockpit.services.rendering import TemplateError, fill_document
from cockpit.services.rendering import check as check_words
from db.connection import Db

KINDS = ("outreach", "letter", "introduction", "brief", "ebr")
MAIL = frozenset({"outreach", "letter", "introduction"})
HEADS = ("name", "language", "kind", "subject", "owner", "expires")
SHIPPED = Path(__file__).parents[1] / "library" / "templates"
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})?")


class WrongText(Refused):
    """A text that is no template; ``line`` and ``column`` count from 1."""

    def __init__(self, where: str, line: int, says: str, column: int = 1) -> None:
        super().__init__("template", f"{where}, line {line}: {says}")
        self.line, self.column, self.says = line, column, says


@dataclass(frozen=True, slots=True)
class Parsed:
    """A template as its text says; ``line`` is where its body begins in the file."""

    name: str
    language: str
    kind: str
    subject: str
    body: str
    owner: str | None = None
    expires: date | None = None
    line: int = 1


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A version of a template; ``used`` counts the mails that every version of it made."""

    id: int
    name: str
    language: str
    kind: str
    version: int
    subject: str
    body: str
    owner: str | None
    expires: date | None
    active: bool
    used: int
    is_expired: bool = False


@dataclass(frozen=True, slots=True)
class Applied:
    """What bringing in texts did, by name and language."""

    created: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    act: int | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class TemplateOff:
    """A template that is out of use, in every language or one."""

    name: str
    versions: int
    act: int | None = None
    said: str = ""


_SQL = (
    "SELECT t.id, t.name, t.language, t.kind, t.version, t.subject, t.body, o.login AS owner, t.expires, t.active,"
    " (SELECT count(*) FROM outbox b JOIN template u ON u.id = b.template_id WHERE u.name = t.name AND u.language = t.language"
    " AND b.state <> 'cancelled') AS used FROM template t LEFT JOIN csm o ON o.id = t.owner_id"
)


def templates(desk: Desk, *, every: bool = False, kind: str | None = None) -> tuple[TemplateRow, ...]:
    """The templates in use by name; with ``every`` old versions and those that are off too."""
    where = "TRUE" if every else "t.active = TRUE"
    params: dict[str, Any] = {}
    if kind is not None:
        where, params["kind"] = f"{where} AND t.kind = :kind", kind
    with desk.store.read() as db:
        return _rows(db, desk.today(), where, params)


def template(desk: Desk, name: str, language: str | None = None) -> TemplateRow:
    """The version in use of a template. Raises NotFound, Refused (several languages)."""
    with desk.store.read() as db:
        found = in_use(db, name, desk.today())
    if language is not None:
        found = {key: row for key, row in found.items() if key == language.casefold()}
    if len(found) == 1:
        return next(iter(found.values()))
    if not found:
        raise NotFound(f"There is no {name} in {language}.")
    usual = language_for(None, found)
    if usual is None:
        raise Refused("language", f"{name} is there in {listed(sorted(found))}: say which.")
    return found[usual]


def in_use(db: Db, name: str, today: date) -> dict[str, TemplateRow]:
    """A template's version in use by language. Raises NotFound with the nearest name."""
    rows = _rows(db, today, "t.active = TRUE AND lower(t.name) = lower(:name)", {"name": name.strip()})
    if not rows:
        names = [row[0] for row in db.all("SELECT DISTINCT name FROM template WHERE active = TRUE ORDER BY name")]
        hint = f" There are {listed(names)}." if names else " `cockpit template apply --shipped` brings those that ship."
        raise NotFound(f"There is no template {name!r}.{did_you_mean(name, names)}{hint}")
    return {row.language: row for row in rows}


def problems(text: str) -> tuple[Problem, ...]:
    """What is wrong with a text, with line and column; nothing when it is a template."""
    try:
        check(text)
    except WrongText as why:
        return (Problem(why.line, why.column, why.says),)
    return ()


def check(text: str, where: str = "the text") -> Parsed:
    """Reads a template and tries it on an account that everything is known of. Raises WrongText."""
    parsed = parse(text, where)
    try:
        if parsed.kind in MAIL:
            check_words(parsed.subject, parsed.body, SAMPLE)
        else:
            fill_document(parsed.body, DOCUMENT_SAMPLE)
    except TemplateError as error:
        words = str(error)
        lines = text.replace("\r\n", "\n").split("\n")
        if words.startswith("The subject"):
            line = next(n for n, one in enumerate(lines, 1) if one.partition(":")[0].strip().casefold() == "subject")
        else:
            line = min((error.line or 1) + parsed.line - 1, len(lines))
            words = words.partition(": ")[2] if error.line else words
        raise WrongText(where, line, words, max(lines[line - 1].find("{"), 0) + 1) from error
    return parsed


def parse(text: str, where: str = "the text") -> Parsed:
    """A template's heads (``name: …``), an empty line, its body. Raises WrongText."""
    lines = text.replace("\r\n", "\n").split("\n")
    heads: dict[str, tuple[str, int]] = {}
    end = 0
    for end, content in enumerate(lines, 1):
        if not content.strip():
            break
        name, is_head, value = content.partition(":")
        key = name.strip().casefold()
        if not is_head or key not in HEADS:
            near = did_you_mean(key, HEADS)
            raise WrongText(where, end, f"{name.strip()!r} is no head of a template.{near} There are {', '.join(HEADS)}.")
        heads[key] = clean_line(value), end

    def head(key: str, otherwise: str = "") -> str:
        return heads.get(key, ("", 0))[0] or otherwise

    def wrong(key: str, says: str) -> WrongText:
        line = heads.get(key, ("", 1))[1]
        return WrongText(where, line, says, lines[line - 1].find(":") + 3 if key in heads else 1)

    for key in ("name", "subject"):
        if not head(key):
            raise wrong(key, f"a template needs a line `{key}: …`.")
    kind, language = head("kind", "outreach"), head("language", "en").casefold()
    if kind not in KINDS:
        raise wrong("kind", f"kind is one of {', '.join(KINDS)}, not {kind!r}.{did_you_mean(kind, KINDS)}")
    if not _LANGUAGE.fullmatch(language):
        raise wrong("language", f"language is a code such as en, de or pt-br, not {language!r}.")
    body = clean_text("\n".join(lines[end:]))
    if not body or len(body) > MOST_BODY:
        raise WrongText(where, end, "there is no text after the heads." if not body else f"more than {MOST_BODY:,} letters.")
    try:
        expires = date.fromisoformat(head("expires")) if head("expires") else None
    except ValueError as error:
        raise wrong("expires", f"expires is a day such as 2027-06-30, not {head('expires')!r}.") from error
    skipped = next((n for n, one in enumerate(lines[end:]) if one.strip()), 0)
    return Parsed(head("name"), language, kind, head("subject"), body, head("owner") or None, expires, end + skipped + 1)


def as_text(row: TemplateRow) -> str:
    """A template as the file that makes it."""
    heads = {"name": row.name, "language": row.language, "kind": row.kind, "subject": row.subject, "owner": row.owner,
             "expires": row.expires.isoformat() if row.expires else None}  # fmt: skip
    return "\n".join(f"{key}: {value}" for key, value in heads.items() if value) + f"\n\n{row.body}\n"


@cache
def shipped() -> tuple[Parsed, ...]:
    """The templates that ship."""
    return tuple(parse(file.read_text(encoding="utf-8"), file.name) for file in sorted(SHIPPED.glob("*.txt")))


@act("apply_templates")
def apply(work: Work, texts: Sequence[tuple[str, str]], seen: int | None = None) -> Applied:
    """Brings templates in by (where from, text): a changed text is a new version. All of them, or none.

    ``seen`` is the version its editor began from. Raises WrongText, and Conflict when there is a newer one of that name.
    """
    return bring(work, [check(text, where) for where, text in texts], seen)


def bring(work: Work, parsed: Iterable[Parsed], seen: int | None = None) -> Applied:
    """Writes these into the store where they differ from what is in use."""
    made: dict[str, list[str]] = {"created": [], "updated": [], "unchanged": []}
    for one in parsed:
        owner = None if one.owner is None else lookup.named(work.db, "csm", one.owner)
        row = _newest(work, one)
        if row is not None and work.hold("template", [row[0]]):
            row = _newest(work, one)
        now = (one.kind, one.subject, one.body, owner, one.expires.isoformat() if one.expires else None, True)
        name = f"{one.name} ({one.language})"
        if row is not None and now == (*row[2:6], None if row[6] is None else str(row[6]), bool(row[7])):
            made["unchanged"].append(name)
            continue
        editing.check_newest(name, 0 if row is None else row[1], seen)
        if row is not None and row[7]:
            work.update("template", row[0], {"active": False})
        work.insert("template", {
            "name": one.name, "language": one.language, "version": 1 if row is None else row[1] + 1, "kind": one.kind,
            "subject": one.subject, "body": one.body, "owner_id": owner, "expires": one.expires,
        })  # fmt: skip
        made["created" if row is None else "updated"].append(name)
    words = [f"{verb} {listed(names)}" for verb, names in made.items() if names and verb != "unchanged"]
    work.say(f"Templates: {listed(words)}" if words else "Templates were so already")
    return Applied(tuple(made["created"]), tuple(made["updated"]), tuple(made["unchanged"]), said=work.act.what)


def _newest(work: Work, one: Parsed) -> Sequence[Any] | None:
    return work.db.one(
        "SELECT id, version, kind, subject, body, owner_id, expires, active FROM template"
        " WHERE name = :name AND language = :language ORDER BY version DESC LIMIT 1",
        name=one.name, language=one.language,
    )  # fmt: skip


@act("template_off")
def off(work: Work, name: str, language: str | None = None) -> TemplateOff:
    """Takes a template out of use, in one language or all; mails that were sent keep it. Raises NotFound."""
    found = in_use(work.db, name, work.today)
    gone = [row for row in found.values() if language in (None, row.language)]
    if not gone:
        raise NotFound(f"There is no {name} in {language}.")
    work.update_many("template", {row.id: {"active": False} for row in gone})
    work.say(f"Took template {gone[0].name} out of use" + (f" in {language}" if language else ""))
    return TemplateOff(gone[0].name, len(gone), said=f"{work.act.what}: {plural(len(gone), 'text')}")


def _rows(db: Db, today: date, where: str, params: dict[str, Any]) -> tuple[TemplateRow, ...]:
    import dataclasses

    rows = db.rows(TemplateRow, f"{_SQL} WHERE {where} ORDER BY t.name, t.language, t.version DESC", **params)
    return tuple(dataclasses.replace(row, is_expired=row.expires is not None and row.expires < today) for row in rows)


def owned(work: Work, owner: str | None) -> int | None:
    """The id of who looks after a text. Raises NotFound."""
    name = editing.line(owner, "The owner")
    return None if name is None else lookup.named(work.db, "csm", name)
