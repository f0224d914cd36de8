"""Documents: the Markdown we write (headings, paragraphs, lists, tables) as blocks, and blocks as HTML.

Data is escaped when it enters a document (``escape``); what a template says itself may use ``**bold**`` and ``*italic*``.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

_RULE = re.compile(r"\|[\s:|]*-[\s:|-]*")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!|<>~-])")
_LIVE = re.compile(r"([\\`*\[\]|<>#~_])")
_STYLES = (("**", "strong"), ("*", "em"))


@dataclass(frozen=True, slots=True)
class Block:
    """One part of a document. ``kind``: heading, text, item or table; ``level`` of a heading; ``rows`` of a table."""

    kind: str
    text: str = ""
    level: int = 0
    rows: tuple[tuple[str, ...], ...] = ()


def escape(text: str) -> str:
    """Data as Markdown that says just that: nothing in it opens a tag, a link, a table cell or a heading."""
    return _LIVE.sub(r"\\\1", " ".join(text.split()))


def blocks(markdown: str) -> list[Block]:
    """The blocks of a document; what is none of ours is text."""
    found: list[Block] = []
    table: list[tuple[str, ...]] = []
    paragraph: list[str] = []

    def close() -> None:
        if paragraph:
            found.append(Block("text", " ".join(paragraph)))
            paragraph.clear()
        if table:
            found.append(Block("table", rows=tuple(table)))
            table.clear()

    for line in [*markdown.splitlines(), ""]:
        bare = line.strip()
        if bare.startswith("|"):
            if paragraph:
                close()
            if not _RULE.fullmatch(bare):
                table.append(_cells(bare))
            continue
        heading = re.match(r"(#{1,4})\s+(.*)", bare)
        item = re.match(r"[-*]\s+(.*)", bare)
        if not bare or heading or item or table:
            close()
        if heading:
            found.append(Block("heading", heading[2], len(heading[1])))
        elif item:
            found.append(Block("item", item[1]))
        elif bare:
            paragraph.append(bare)
    return found


def plain(text: str) -> str:
    """The words of a piece of Markdown without its marks."""
    held = _ESCAPED.sub(lambda m: f"\0{ord(m[1]):04x}", text)
    for mark, _ in _STYLES:
        held = held.replace(mark, "")
    return re.sub("\0([0-9a-f]{4})", lambda m: chr(int(m[1], 16)), held)


def to_html(markdown: str, title: str) -> str:
    """A whole page that loads nothing from anywhere and runs nothing."""
    body: list[str] = []
    listing = False
    for block in blocks(markdown):
        if (block.kind == "item") != listing:
            listing = not listing
            body.append("<ul>" if listing else "</ul>")
        if block.kind == "heading":
            body.append(f"<h{block.level}>{_inline(block.text)}</h{block.level}>")
        elif block.kind == "item":
            body.append(f"<li>{_inline(block.text)}</li>")
        elif block.kind == "table":
            body.append(_table(block.rows))
        else:
            body.append(f"<p>{_inline(block.text)}</p>")
    if listing:
        body.append("</ul>")
    return _PAGE.format(title=html.escape(title), style=_STYLE, body="\n".join(body))


def _inline(text: str) -> str:
    """A line as HTML: escaped first, then its marks."""
    held = _ESCAPED.sub(lambda m: f"\0{ord(m[1]):04x}", text)
    made = html.escape(held)
    for mark, tag in _STYLES:
        quoted = re.escape(mark)
        made = re.sub(f"{quoted}(.+?){quoted}", rf"<{tag}>\1</{tag}>", made)
    return re.sub("\0([0-9a-f]{4})", lambda m: html.escape(chr(int(m[1], 16))), made)


def _table(rows: Sequence[Sequence[str]]) -> str:
    head, *rest = rows
    lines = ["<table>"]
    if any(head):
        lines.append("<tr>" + "".join(f"<th>{_inline(cell)}</th>" for cell in head) + "</tr>")
    lines += ["<tr>" + "".join(f"<td>{_inline(cell)}</td>" for cell in row) + "</tr>" for row in rest]
    return "\n".join([*lines, "</table>"])


def _cells(line: str) -> tuple[str, ...]:
    parts = re.split(r"(?<!\\)(?:\\\\)*\|", line.strip().removeprefix("|"))
    if parts and not parts[-1].strip():
        parts.pop()
    return tuple(part.strip() for part in parts)


_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:46em;margin:2em auto;padding:0 1em;color:#1b1f24}"
    "h1{font-size:1.6em}h2{font-size:1.2em;border-bottom:1px solid #9aa5b1;margin-top:1.6em}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.25em .6em;border-bottom:1px solid #d5dbe1;"
    "vertical-align:top}@media print{body{margin:0}}"
)
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
{body}
</body>
</html>
"""
