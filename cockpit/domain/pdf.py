"""A document as PDF 1.4, written by hand: A4, the fonts every reader has, text only. Nothing in it runs or links anywhere.

Those fonts know the letters of Western Europe (Windows-1252) and a few more. Others are drawn without their accents where
that helps, else as ``?``, and the last page says so; readers that know ActualText copy and search the words as they are.
"""

from __future__ import annotations

import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from cockpit.domain.paper import Block, blocks, plain

WIDTH, HEIGHT, MARGIN = 595.0, 842.0, 54.0
SIZES = {1: 20.0, 2: 14.0, 3: 11.5, 4: 11.0}
BODY = 10.0
LEADING = 1.35
_NARROW = {
    **dict.fromkeys("ijl'|", 222), **dict.fromkeys("I.,:;!/\\ft[]() ", 278), **dict.fromkeys("r-\"{}", 333),
    **dict.fromkeys("Jckszvxy*", 500),
    **dict.fromkeys("FTZL", 611), **dict.fromkeys("AKBEPSVXY&", 667), **dict.fromkeys("CDHNRUwO", 722), **dict.fromkeys("GQ", 778),
    **dict.fromkeys("mM", 833), "W": 944, "@": 1015, "%": 889,
}  # fmt: skip
"""Widths of Helvetica in thousandths; letters that are not here are 556. Bold is a little wider."""
_BOLD = 1.07
_MORE = {"Ł": (129, "Lslash"), "ł": (141, "lslash"), "ı": (143, "dotlessi"), "−": (144, "minus")}
"""What the fonts have beside Windows-1252, in its unused places."""


@dataclass(slots=True)
class _Pages:
    """Pages being filled from the top."""

    streams: list[list[str]] = field(default_factory=list)
    y: float = 0.0
    lost: bool = False

    def room(self, height: float) -> None:
        """A new page when this one has no room for so much."""
        if not self.streams or self.y - height < MARGIN:
            self.streams.append([])
            self.y = HEIGHT - MARGIN

    def line(self, text: str, x: float, size: float, *, bold: bool = False, down: bool = True) -> None:
        """One line of text; ``down``: the next one goes under it."""
        if down:
            self.room(size * LEADING)
            self.y -= size * LEADING
        shown, lost = winansi(text)
        self.lost = self.lost or lost
        font = "F2" if bold else "F1"
        drawn = f"BT /{font} {size:g} Tf {x:.1f} {self.y:.1f} Td ({shown}) Tj ET"
        self.streams[-1].append(_really(text, drawn) if lost else drawn)

    def rule(self) -> None:
        """A thin line across the page."""
        self.streams[-1].append(f"0.6 G 0.5 w {MARGIN:g} {self.y - 3:.1f} m {WIDTH - MARGIN:g} {self.y - 3:.1f} l S 0 G")


def to_pdf(markdown: str, title: str, footer: str = "") -> bytes:
    """The document's bytes; ``footer`` stands on every page beside its number."""
    pages = _Pages()
    for block in blocks(markdown):
        _draw(pages, block)
    pages.room(BODY)
    _, lost = winansi(title + footer)
    if pages.lost or lost:
        pages.y -= BODY
        pages.line("Some letters are drawn without their accents or as ?: the fonts of a PDF lack them.", MARGIN, 8)
        pages.line("Readers that know ActualText copy and search them whole; Markdown and HTML have every letter.", MARGIN, 8)
    return _file(pages.streams, title, footer)


def width(text: str, size: float, *, bold: bool = False) -> float:
    """About how wide a text is, in points."""
    units = sum(_NARROW.get(letter, 556 if letter.isascii() or letter.isalpha() else 600) for letter in text)
    return units * size / 1000 * (_BOLD if bold else 1)


def wrap(text: str, size: float, room: float, *, bold: bool = False) -> list[str]:
    """A text in lines that fit; words longer than a line are cut."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        for piece in _cut(word, size, room, bold):
            joined = f"{line} {piece}" if line else piece
            if line and width(joined, size, bold=bold) > room:
                lines.append(line)
                line = piece
            else:
                line = joined
    return [*lines, line] if line or not lines else lines


def winansi(text: str) -> tuple[str, bool]:
    """A text as the inside of a PDF string, and whether some letter of it is not as it should be."""
    made: list[str] = []
    lost = False
    for letter in text:
        if not letter.isprintable():
            continue
        if letter in _MORE:
            made.append(f"\\{_MORE[letter][0]:03o}")
            continue
        for tried in (letter, unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode()):
            try:
                code = tried.encode("cp1252") if tried else b""
            except UnicodeEncodeError:
                continue
            if code:
                lost = lost or tried != letter
                break
        else:
            code, lost = b"?", True
        made += [f"\\{byte:03o}" if byte > 126 or byte in b"()\\" else chr(byte) for byte in code]
    return "".join(made), lost


def _really(text: str, drawn: str) -> str:
    """What is drawn, with the words it stands for: readers copy, search and read those."""
    return f"/Span << /ActualText {_whole(text)} >> BDC {drawn} EMC"


def _whole(text: str) -> str:
    """A text with every letter, as a PDF string that is not drawn."""
    letters = "".join(letter for letter in text if letter.isprintable()).encode("utf-16-be", "replace")
    return f"<FEFF{letters.hex().upper()}>"


def _cut(word: str, size: float, room: float, bold: bool) -> Iterator[str]:
    while width(word, size, bold=bold) > room and len(word) > 1:
        stop = max(1, int(len(word) * room / width(word, size, bold=bold)) - 1)
        yield word[:stop]
        word = word[stop:]
    yield word


def _draw(pages: _Pages, block: Block) -> None:
    room = WIDTH - 2 * MARGIN
    if block.kind == "heading":
        size = SIZES[block.level]
        pages.room(size * 3)
        pages.y -= size * 0.6
        for line in wrap(plain(block.text), size, room, bold=True):
            pages.line(line, MARGIN, size, bold=True)
        if block.level == 2:
            pages.rule()
            pages.y -= 4
    elif block.kind == "item":
        for number, line in enumerate(wrap(plain(block.text), BODY, room - 14)):
            pages.line(line, MARGIN + 14, BODY)
            if not number:
                pages.line("•", MARGIN + 3, BODY, down=False)
    elif block.kind == "table":
        _draw_table(pages, block.rows, room)
    else:
        for line in wrap(plain(block.text), BODY, room):
            pages.line(line, MARGIN, BODY)
        pages.y -= 3


def _draw_table(pages: _Pages, rows: Sequence[Sequence[str]], room: float) -> None:
    columns = max(map(len, rows))
    cells = [[plain(row[n]) if n < len(row) else "" for n in range(columns)] for row in rows]
    wanted = [max(min(max(width(row[n], BODY) for row in cells), 220.0), 24.0) + 8 for n in range(columns)]
    scale = min(1.0, room / sum(wanted)) if sum(wanted) > room else 1.0
    wide = [one * scale for one in wanted]
    for number, row in enumerate(cells):
        bold = number == 0
        if bold and not any(row):
            continue
        texts = [wrap(cell, BODY - 1, wide[n] - 6, bold=bold) for n, cell in enumerate(row)]
        height = max(map(len, texts)) * (BODY - 1) * LEADING
        pages.room(min(height, HEIGHT - 2 * MARGIN - 1) + 2)
        for deep in range(max(map(len, texts))):
            pages.room((BODY - 1) * LEADING)
            pages.y -= (BODY - 1) * LEADING
            left = MARGIN
            for n, lines in enumerate(texts):
                if deep < len(lines):
                    pages.line(lines[deep], left, BODY - 1, bold=bold, down=False)
                left += wide[n]
        if bold:
            pages.rule()
            pages.y -= 3
    pages.y -= 6


def _file(streams: Sequence[Sequence[str]], title: str, footer: str) -> bytes:
    """The objects of the file with the table that says where each is."""
    count = len(streams)
    kids = " ".join(f"{6 + 2 * n} 0 R" for n in range(count))
    name, lost = winansi(title)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode(),
        _font("Helvetica"),
        _font("Helvetica-Bold"),
        f"<< /Title {_whole(title) if lost else f'({name})'} /Producer (Cockpit) >>".encode("ascii"),
    ]
    for number, stream in enumerate(streams, 1):
        said = f"{footer}   {number} / {count}".strip()
        words, lost = winansi(said)
        foot = f"BT /F1 8 Tf {MARGIN:g} {MARGIN - 24:g} Td ({words}) Tj ET"
        foot = _really(said, foot) if lost else foot
        packed = zlib.compress("\n".join([*stream, foot]).encode("ascii"))
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH:g} {HEIGHT:g}] /Contents {7 + 2 * (number - 1)} 0 R"
            " /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>".encode()
        )
        objects.append(f"<< /Length {len(packed)} /Filter /FlateDecode >>\nstream\n".encode() + packed + b"\nendstream")
    made = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(made))
        made += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    start = len(made)
    made += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    made += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    made += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info 5 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(made)


def _font(name: str) -> bytes:
    more = " ".join(f"{code} /{glyph}" for code, glyph in _MORE.values())
    encoding = f"<< /Type /Encoding /BaseEncoding /WinAnsiEncoding /Differences [{more}] >>"
    return f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding {encoding} >>".encode()
