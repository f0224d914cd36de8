"""A document as lines to read."""

from __future__ import annotations

from cockpit.domain.paper import blocks
from cockpit.domain.paper import plain as words
from cockpit.tui.render.line import Line, paragraph
from cockpit.tui.render.safe import fit, plain
from cockpit.tui.theme import Palette


def paper_lines(markdown: str, width: int, p: Palette) -> list[Line]:
    """Headings, paragraphs, lists and tables, an empty line before each heading."""
    lines: list[Line] = []
    for block in blocks(markdown):
        if block.kind == "heading":
            lines += [[], [(plain(words(block.text)), p.strong if block.level == 1 else p.head)]]
        elif block.kind == "item":
            told = paragraph(words(block.text), width - 2, p.text, 2)
            told[0] = [("• ", p.dim), (told[0][0][0][2:], p.text)]
            lines += told
        elif block.kind == "table":
            lines += _table([[plain(words(cell)) for cell in row] for row in block.rows], width, p)
        else:
            lines += paragraph(words(block.text), width, p.text)
    return lines[1:] if lines and not lines[0] else lines


def _table(rows: list[list[str]], width: int, p: Palette) -> list[Line]:
    count = max(map(len, rows))
    wide = [min(max(len(row[n]) if n < len(row) else 0 for row in rows), max(8, width // count)) for n in range(count)]
    lines: list[Line] = []
    for number, row in enumerate(rows):
        if any(row):
            style = p.dim if number == 0 else p.text
            lines.append([(fit(cell, wide[n]) + "  ", style) for n, cell in enumerate(row)])
    return lines
