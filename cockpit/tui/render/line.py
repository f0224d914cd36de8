"""Lines of styled text: what panes and previews are drawn as."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from cockpit.tui.render.safe import fit, plain, wrap
from cockpit.tui.theme import Palette

Piece = tuple[str, Style]
Line = list[Piece]
Draw = Callable[[int, Palette], list[Line]]
"""Lines for a width."""


def labelled(label: str, pieces: Iterable[Piece], palette: Palette, width: int = 10) -> Line:
    """A dim label of fixed width, then the pieces."""
    return [(fit(label, width - 1) + " ", palette.dim), *pieces]


def broken(pieces: Iterable[Piece], width: int) -> list[Line]:
    """Pieces on as many lines as they need: what stands between two goes where a line ends, a piece that is too long is wrapped."""
    lines: list[Line] = [[]]
    room = width
    for text, style in pieces:
        if lines[-1] and cell_len(text) > room:
            lines.append([])
            text, room = text.lstrip(" ·"), width
        for number, part in enumerate(wrap(text, width) if cell_len(text) > room else [text]):
            if number:
                lines.append([])
                room = width
            lines[-1].append((part, style))
            room -= cell_len(part)
    return lines


def labelled_lines(label: str, pieces: Iterable[Piece], width: int, palette: Palette, indent: int = 10) -> list[Line]:
    """As ``labelled``, on as many lines as the pieces need."""
    rows = broken(pieces, max(width - indent, 10))
    return [labelled("" if number else label, row, palette, indent) for number, row in enumerate(rows)]


def heading(text: str, palette: Palette) -> Line:
    """A section's title."""
    return [(text, palette.head)]


def paragraph(text: str, width: int, style: Style, indent: int = 0) -> list[Line]:
    """Plain text broken into lines."""
    return [[(" " * indent + part, style)] for part in wrap(plain(text), max(width - indent, 8))]


def wrapped(line: Line, width: int, indent: int = 0) -> list[Line]:
    """A line broken at its spaces into lines of a width, those after the first indented."""
    from rich.cells import cell_len

    lines: list[Line] = [[]]
    used = 0
    for text, style in line:
        for word in re.findall(r" +|[^ ]+", plain(text)):
            for part in [word] if word[0] == " " else wrap(word, max(width - indent, 8)):
                if used + cell_len(part) > width and used > indent:
                    lines.append([(" " * indent, style)])
                    used = indent
                if part[0] != " " or used > indent or len(lines) == 1:
                    lines[-1].append((part, style))
                    used += cell_len(part)
    return lines


def joined(pieces: Sequence[Piece], between: Piece) -> Line:
    """The pieces that are not empty, with something between them."""
    line: Line = []
    for piece in pieces:
        if piece[0]:
            if line:
                line.append(between)
            line.append(piece)
    return line


def spread(left: Line, right: Line, width: int, gap: Style) -> Line:
    """Left and right ends of one line; the left one is cut when both do not fit."""
    room = width - sum(cell_len(text) for text, _ in right)
    used = 0
    line: Line = []
    for text, style in left:
        length = cell_len(text)
        if used + length > room - 1:
            line.append((fit(text, max(room - 1 - used, 0)), style))
            used = max(room - 1, used)
            break
        line.append((text, style))
        used += length
    return [*line, (" " * max(room - used, 0), gap), *right]


def segments(line: Line, width: int, fill: Style) -> list[Segment]:
    """A line as exactly ``width`` cells."""
    return Segment.adjust_line_length([Segment(plain(text), style) for text, style in line if text], width, fill)


def text_of(lines: Iterable[Line]) -> str:
    """The words without their styles, for tests and copies."""
    return "\n".join("".join(text for text, _ in line).rstrip() for line in lines)
