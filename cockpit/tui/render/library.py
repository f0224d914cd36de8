"""What is sent and scored by as rows of the Team screen: templates, articles, scorecards."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from cockpit.domain.say import day
from cockpit.tui.render.line import Line, labelled, paragraph
from cockpit.tui.render.safe import plain
from cockpit.tui.render.team import NONE, Entry, Head, Words
from cockpit.tui.theme import Palette

if TYPE_CHECKING:
    from cockpit.services.article import ArticleRow
    from cockpit.services.scorecard import CardShown
    from cockpit.services.template import TemplateRow

LIBRARY = (
    Head("text", 20, grow=1, most=40), Head("kind", 12, keep=1), Head("in", 5, keep=2), Head("used", 4, "right", 3),
    Head("what it says", 20, keep=4, grow=4, most=90), Head("expires", 14, keep=5), Head("owner", 8, keep=6, most=14),
)  # fmt: skip


def library(
    templates: Iterable[TemplateRow], articles: Iterable[ArticleRow], cards: Iterable[CardShown], today: date
) -> list[Entry]:
    """Templates, articles, scorecards, each with what it is, how often it was used and whether it still may be."""
    found = [_text(row.id * 3, "template", row.name, row.kind, row, row.subject, today) for row in templates]
    found += [_text(row.id * 3 + 1, "article", row.title, "article", row, row.url, today) for row in articles]
    return [*found, *(_card(row) for row in cards)]


def _text(id_: int, kind: str, name: str, what: str, row: TemplateRow | ArticleRow, says: str, today: date) -> Entry:
    when = NONE if row.expires is None else day(row.expires, today)
    expires: Words = (f"! {when}", "warn") if row.is_expired else (when, "dim" if row.expires is None else "text")
    cells: tuple[Words, ...] = (
        (name, "strong" if row.active else "dim"), (what if row.active else "out of use", "text" if row.active else "dim"),
        (row.language, "text"), (str(row.used) if row.used else "·", "text" if row.used else "dim"),
        (says, "dim"), expires, (row.owner or NONE, "text" if row.owner else "dim"),
    )  # fmt: skip
    return Entry(id_, kind, name, cells, row.language, row)


def _card(row: CardShown) -> Entry:
    says = f"{f'version {row.version}' if row.version else 'as shipped'}, {row.measures} measures: {', '.join(row.groups)}"
    look = "text" if row.in_force else "dim"
    cells: tuple[Words, ...] = (
        (row.name, "strong" if row.in_force else "dim"), ("scorecard" if row.in_force else "out of use", look),
        (NONE, "dim"), (NONE, "dim"), (says, "dim"), (NONE, "dim"), (NONE, "dim"),
    )  # fmt: skip
    return Entry(row.id * 3 + 2, "card", row.name, cells, str(row.version), row)


def text_lines(text: str, width: int, p: Palette) -> list[Line]:
    """A text as it is stored."""
    lines: list[Line] = []
    for part in text.split("\n"):
        lines += paragraph(part, width, p.text)
    return lines


def fact_lines(facts: Iterable[tuple[str, str]], width: int, p: Palette) -> list[Line]:
    """A label and what is so, in lines; what is long goes on below."""
    lines: list[Line] = []
    for label, words in facts:
        first, *rest = paragraph(words or NONE, max(width - 14, 8), p.text)
        lines += [labelled(plain(label), first, p, 14), *(labelled("", one, p, 14) for one in rest)]
    return lines
