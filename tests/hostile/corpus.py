"""At least 2,000 strings that want to drive a terminal, a spreadsheet, a template or a parser.

Made by rule, the same every time; each family is named, so that a failure says what got through.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Iterator

ESC, BEL, ST = "\x1b", "\x07", "\x1b\\"
PLAIN = "Acme"


def corpus() -> list[str]:
    """Every string once, in order."""
    return list(dict.fromkeys(itertools.chain(*(family() for family in FAMILIES))))


def controls() -> Iterator[str]:
    """Each C0 and C1 control and DEL: alone, at both ends and inside."""
    for code in [*range(0x20), 0x7F, *range(0x80, 0xA0)]:
        char = chr(code)
        yield from (char, char + PLAIN, PLAIN + char, f"Ac{char}me", char * 3 + PLAIN)


def sequences() -> Iterator[str]:
    """CSI, OSC, DCS, APC, PM and SOS in 7 and 8 bits, ended, cut off, and nested."""
    bodies = [
        "31m",
        "2J",
        "H",
        "6n",
        "?1049h",
        "?25l",
        "1;1H",
        "999C",
        "0K",
        "?2004h",
        "5i",
        "21t",
        "c",
        ">c",
        "!p",
        "20h",
    ]
    for intro, body in itertools.product((f"{ESC}[", "\x9b"), bodies):
        yield f"{intro}{body}{PLAIN}"
        yield f"{PLAIN}{intro}{body}"
        yield f"{intro}{body[:-1]}"
        yield f"Ac{intro}{body}me"
    words = [
        "52;c;RVZJTA==",
        "0;owned",
        "8;;http://evil.example",
        "7;file:///etc",
        "1337;File=:AA==",
        "9;4;1;50",
        "10;?",
        "4;1;?",
        "777;notify;a;b",
        "112",
    ]
    for intro, word, end in itertools.product((f"{ESC}]", "\x9d"), words, (BEL, ST, "\x9c", "")):
        yield f"{PLAIN}{intro}{word}{end}!"
    for intro, end in itertools.product(
        (f"{ESC}P", "\x90", f"{ESC}_", "\x9f", f"{ESC}^", "\x9e", f"{ESC}X", "\x98"), (ST, "\x9c", "")
    ):
        yield f"{PLAIN}{intro}q#0;2;0;0;0{end}!"
        yield f"{intro}$q{end}{PLAIN}"
    for one in "cDEHMNOZ78=>lmno|}~":
        yield f"{ESC}{one}{PLAIN}"
    yield from (
        f"{ESC}{ESC}[{PLAIN}",
        f"{ESC}[{ESC}]0;x{BEL}{PLAIN}",
        f"{ESC}]0;{ESC}[31m{BEL}x",
        f"{ESC}",
        f"{PLAIN}{ESC}",
        f"{ESC}(0{PLAIN}",
        f"{ESC}%@{PLAIN}",
    )


def bidi() -> Iterator[str]:
    """Overrides, isolates, marks, separators, zero widths and tags."""
    marks = [
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
        0x200E,
        0x200F,
        0x061C,
        0x2028,
        0x2029,
        0x200B,
        0x2060,
        0xFEFF,
        0x00AD,
        0x180E,
    ]
    for code in marks:
        char = chr(code)
        yield from (f"{char}{PLAIN}", f"{PLAIN}{char}gpj.exe", f"Ac{char}me", char)
    for code in range(0xE0001, 0xE0080):
        yield f"{PLAIN}{chr(code)}"


def markup() -> Iterator[str]:
    """Rich and Textual markup, links, actions, emoji codes, HTML, templates."""
    tags = ["red", "bold", "/", "/red", "/nope", "link=http://evil.example", "@click=app.quit", "@click=app.bell()", "@click='screen.claim'",
            "on red", "reverse blink", "#ff0000", "$primary", "not bold", "b][/b", "[", "]", "\\", "/]", "@click=app.open_url('x')"]  # fmt: skip
    for tag in tags:
        yield from (
            f"[{tag}]{PLAIN}[/{tag}]",
            f"[{tag}]{PLAIN}",
            f"{PLAIN}[{tag}]",
            f"\\[{tag}]{PLAIN}",
            f"[[{tag}]]{PLAIN}",
            f"[{tag}",
            f"{tag}]",
        )
    yield from (f"{PLAIN} :{name}:" for name in ("smile", "boom", "flag_us", "x"))
    yield from (
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "</td></tr>",
        "&lt;b&gt;",
        "{{ 7*7 }}",
        "{% for x in y %}",
        "${7*7}",
        "{0.__class__}",
        "%s%s%n",
        "%(x)s",
        "{}",
        "{:>9999}",
    )


def formulas() -> Iterator[str]:
    """What a spreadsheet would run."""
    bodies = [
        "1+1",
        "cmd|'/C calc'!A0",
        'HYPERLINK("http://evil.example","x")',
        "SUM(A1:A9)",
        'IMPORTXML("http://e","//a")',
        'DDE("a","b")',
        "-1+cmd|x",
    ]
    for sign, body in itertools.product(("=", "+", "-", "@", "\t=", "\r=", " =", "＝", "'=", "=@"), bodies):
        yield f"{sign}{body}"
    yield from ("-", "+", "=", "@", "-5", "+49 30 1234", "--", "'", "''=1", '"=1"')


def code_words() -> Iterator[str]:
    """What parsers, shells and databases would take for their own."""
    words = ["'; DROP TABLE cta; --", '" OR 1=1 --', "NULL", "null", "None", "true", "NaN", "Infinity", "-0", "1e309", "0x41", "__proto__", "../../../etc/passwd",
             "C:\\CON", "nul", "$(id)", "`id`", "; ls", "| cat", "&& true", "\\", "\\\\", "\\n", "\\x1b[31m", "\\u001b[31m", "%1b[31m", "type:risk", "-type:risk", "owner:none",
             "(", ")", "((", ":", ":<", "arr:>=", '"', '""', "'", "a OR", "NOT", "#", "//", "--", "*", "?", "~"]  # fmt: skip
    for word in words:
        yield from (word, f"{PLAIN} {word}", f"{word} {PLAIN}")


def scripts() -> Iterator[str]:
    """Wide, joined, stacked, right-to-left and rare characters."""
    samples = ["日本語株式会社", "한국어", "中文公司", "ｆｕｌｌｗｉｄｔｈ", "العربية", "עברית", "فارسی ۱۲۳", "ไทย", "देवनागरी", "Ελληνικά", "Кириллица", "ß ﬁ ǆ", "İstanbul ı", "Å vs Å",
               "👩‍👩‍👧‍👦", "🏳️‍🌈", "👍🏽", "🇩🇪🇫🇷", "❤️", "☎︎", "1️⃣", "𝕬𝖈𝖒𝖊", "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!͖̬̰̙̗̿̋ͥͥ̂ͣ̐́́͜͞", "﷽", "ﷺ", "꧅", "𒐫", "𒈙", "⸻", "\U0010ffff", "\ufffd", "\uffff", "\ue000"]  # fmt: skip
    for one in samples:
        yield from (one, f"{one} {PLAIN}", f"{PLAIN} {one}", one * 4)
    for code in range(0x300, 0x370):
        yield f"A{chr(code) * 3}cme"
    for name in (
        "NO-BREAK SPACE",
        "EM SPACE",
        "HAIR SPACE",
        "IDEOGRAPHIC SPACE",
        "OGHAM SPACE MARK",
        "FIGURE SPACE",
        "BRAILLE PATTERN BLANK",
        "HANGUL FILLER",
    ):
        space = unicodedata.lookup(name)
        yield from (f"{space}{PLAIN}{space}", f"Ac{space}me", space * 3 + "x")


def huge() -> Iterator[str]:
    """Long ones, of every kind of character."""
    for char in ("A", "日", "👍🏽", "\u0301", "[", "(", '"', "=", "\x1b[31m", "\u202e", "\n", " x"):
        yield "x" + char * 3_000
    yield "word " * 1_500


def lines() -> Iterator[str]:
    """Line ends of every kind inside."""
    for end in ("\n", "\r", "\r\n", "\n\n", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029", "\t"):
        yield from (f"Ac{end}me", f"{end}{PLAIN}{end}", f"{PLAIN}{end}{ESC}[31m", f"a{end}b{end}c")


def mixed() -> Iterator[str]:
    """Each sign of danger around each other."""
    signs = [
        "\x1b[31m",
        "\x9b31m",
        "\x1b]52;c;QQ==\x07",
        "\u202e",
        "[@click=app.quit]",
        "[/nope]",
        "=1+1",
        "\0",
        "\r",
        "日",
        "👩‍👩‍👧",
        "\u0301",
        "\u200b",
        "'",
        '"',
        "\\",
    ]
    for a, b in itertools.product(signs, signs):
        yield f"{a}{PLAIN}{b}"
        yield f"{PLAIN}{a}{b}"


FAMILIES = (controls, sequences, bidi, markup, formulas, code_words, scripts, huge, lines, mixed)


def leaks(text: str) -> list[str]:
    """The characters of a text that a terminal would obey, line ends apart."""
    return sorted({f"U+{ord(c):04X}" for c in text if c != "\n" and is_live(c)})


def is_live(char: str) -> bool:
    """Whether a terminal obeys the character, or turns the reading of its neighbours round."""
    code = ord(char)
    return (
        code < 0x20
        or 0x7F <= code < 0xA0
        or 0x202A <= code <= 0x202E
        or 0x2066 <= code <= 0x2069
        or code in (0x2028, 0x2029)
    )
