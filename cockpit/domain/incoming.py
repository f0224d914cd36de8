"""A mail that came in, read: whose it is, what it answers, what it says; hostile ones within bounds or not at all.

Only the standard library reads it. Whatever is odd in a header is left out; a file that is no mail raises.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING

from cockpit.domain.clean import clean_line, clean_text, clip
from cockpit.domain.contact import address_of

if TYPE_CHECKING:
    from email.message import Message

MOST_BYTES = 25_000_000
MOST_TEXT = 20_000
MOST_SUBJECT = 250
MOST_PARTS = 200
MOST_PART = 400_000
"""Bytes of a part that are read."""
MOST_PIECES = 5
"""Pieces of text between pictures that are read."""
MOST_HEAD = 200_000
"""Bytes of headers that are looked at."""
MOST_ADDRESSES = 200
_KEY = re.compile(r"<([^<>\s]{1,300})>")
_AUTO_SUBJECT = re.compile(
    r"\s*(?:automatic reply|auto(?:matic)?[- ]?(?:reply|response|antwort)|out of (?:the )?office|automatische antwort"
    r"|abwesenheits(?:notiz|meldung)|réponse automatique|respuesta automática|risposta automatica)\b",
    re.IGNORECASE,
)
_WANTS_OUT = re.compile(r"\s*(?:re:\s*)?(?:unsubscribe|abmelden|désinscription|cancelar suscripción)\s*", re.IGNORECASE)
_QUOTE_HEAD = re.compile(
    r"^(?:on .{4,120} wrote:|am .{4,120} schrieb.{0,80}:|le .{4,120} a écrit\s?:|el .{4,120} escribió:|il .{4,120} ha scritto:"
    r"|-{2,}\s*(?:original message|ursprüngliche nachricht|message d'origine|forwarded message).*|_{20,}\s*)$",
    re.IGNORECASE,
)
_OLD_HEAD = re.compile(r"^(?:from|von|de|da):\s+\S.*", re.IGNORECASE)
_OLD_NEXT = re.compile(r"^(?:sent|gesendet|date|datum|envoyé|enviado|to|an|à|para|subject|betreff|objet|asunto):\s", re.IGNORECASE)


_WIDER = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "gb2312": "gb18030", "shift_jis": "cp932", "euc-kr": "cp949"}
"""What programs write that name these: the larger sets that hold them."""
_GUESSED = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})
"""What is also named by programs that write something else."""


class UnreadableMail(ValueError):
    """A file that is no mail, or more than one will hold; the text is the sentence its reader gets."""


@dataclass(frozen=True, slots=True)
class Bounce:
    """A report that a mail did not arrive: for whom, of which mail, for good or not."""

    address: str | None
    key: str | None
    permanent: bool
    says: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a mail says. ``key`` is its Message-ID; ``references`` the mails it answers, the nearest first."""

    key: str
    sender: str | None
    sender_name: str
    to: tuple[str, ...]
    subject: str
    body: str
    at: datetime | None
    references: tuple[str, ...]
    is_automatic: bool
    wants_out: bool
    bounce: Bounce | None = None


def read_mail(data: bytes) -> Incoming:
    """Reads one mail. Raises UnreadableMail."""
    if len(data) > MOST_BYTES:
        raise UnreadableMail(f"it is larger than {MOST_BYTES // 1_000_000} MB")
    if not data.strip() or b"\0" in data[:1_000]:
        raise UnreadableMail("it is no mail")
    head = data[:MOST_HEAD]
    if head.lower().count(b"boundary=") > MOST_PARTS or data.count(b"\n--") > 50_000:
        raise UnreadableMail("it has too many parts")
    from email.parser import BytesParser
    from email.policy import compat32

    try:
        mail = BytesParser(policy=compat32).parsebytes(data)
        return _read(mail, data)
    except UnreadableMail:
        raise
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError, IndexError, AssertionError, OverflowError) as error:
        raise UnreadableMail("it is no mail that can be read") from error


def _read(mail: Message, data: bytes) -> Incoming:
    if not any(mail.get(name) for name in ("From", "Subject", "Message-ID", "Date")):
        raise UnreadableMail("it is no mail: it has neither sender nor subject")
    writers = _addresses(mail, "From")
    name, sender = writers[0] if writers else ("", None)
    keys = _KEY.findall(_raw(mail, "Message-ID")) or [hashlib.sha256(data).hexdigest()[:40] + "@no-message-id"]
    before = [*_KEY.findall(_raw(mail, "In-Reply-To")), *reversed(_KEY.findall(_raw(mail, "References")))]
    subject = clip(_header(mail, "Subject"), MOST_SUBJECT)
    to = tuple(dict.fromkeys(address for head in ("To", "Cc") for _, address in _addresses(mail, head)))
    return Incoming(
        keys[0], sender, clip(name, 120), to[:MOST_ADDRESSES], subject or "(no subject)", trimmed(_text(mail)), _at(mail),
        tuple(dict.fromkeys(before))[:50], _is_automatic(mail, subject), wants_out(subject), _bounce(mail, sender),
    )  # fmt: skip


def wants_out(subject: str) -> bool:
    """Whether a mail of this subject asks for no more mail."""
    return bool(_WANTS_OUT.fullmatch(subject))


def says_automatic(subject: str) -> bool:
    """Whether a subject alone tells that a machine answered."""
    return bool(_AUTO_SUBJECT.match(subject))


def trimmed(text: str) -> str:
    """The words of a mail without the history it quotes and without a signature; all of it when nothing else is there."""
    lines = clean_text(text[: 4 * MOST_TEXT]).split("\n")
    kept: list[str] = []
    for n, line in enumerate(lines):
        bare = line.strip()
        following = lines[n + 1].strip() if n + 1 < len(lines) else ""
        if _QUOTE_HEAD.match(bare) or _QUOTE_HEAD.match(f"{bare} {following}") or line in ("-- ", "--"):
            break
        if _OLD_HEAD.match(bare) and any(_OLD_NEXT.match(one.strip()) for one in lines[n + 1 : n + 4]):
            break
        if not bare.startswith(">"):
            kept.append(line)
    words = re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()
    return clip(words or "\n".join(lines).strip(), MOST_TEXT)


def _raw(mail: Message, name: str) -> str:
    return next(iter(_all_raw(mail, name)), "")


def _all_raw(mail: Message, name: str) -> list[str]:
    """Every header of a name as text; letters that were not encoded are read as what they most likely are."""
    low = name.casefold()
    found = (str(value)[:20_000] for key, value in mail.raw_items() if key.casefold() == low)
    return [_decoded(value.encode("utf-8", "surrogateescape"), None) for value in found]


def _header(mail: Message, name: str) -> str:
    """A header as people read it: encoded words decoded, line ends gone."""
    return _words(_raw(mail, name))


def _decoded(data: bytes, charset: str | None) -> str:
    """Bytes as text: in the charset they name, else as UTF-8, else as Windows writes them."""
    name = (charset or "utf-8").casefold()
    name = _WIDER.get(name, name)
    with suppress(LookupError, ValueError):
        return data.decode(name, "strict" if name in _GUESSED else "replace")
    text = data.decode("utf-8", "replace")
    lost = text.count("\ufffd")
    return text if sum(not letter.isascii() for letter in text) >= 2 * lost else data.decode("cp1252", "replace")


def _addresses(mail: Message, name: str) -> list[tuple[str, str]]:
    """(name, address) of each mailbox of a header that can be written to."""
    from email.utils import getaddresses

    raw = re.sub(r"[\r\n]+", " ", ", ".join(_all_raw(mail, name)[:20]))
    found = []
    for shown, address in getaddresses([raw])[:MOST_ADDRESSES]:
        good = address_of(address.strip().casefold())
        if good is not None:
            found.append((_words(shown), good))
    return found


def _words(shown: str) -> str:
    from email.errors import HeaderParseError
    from email.header import decode_header

    try:
        parts = decode_header(shown)
    except (HeaderParseError, ValueError):
        return clean_line(shown)
    return clean_line("".join(part if isinstance(part, str) else _decoded(part, charset) for part, charset in parts))


def _at(mail: Message) -> datetime | None:
    from email.utils import parsedate_to_datetime

    try:
        found = parsedate_to_datetime(_raw(mail, "Date")[:200])
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _is_automatic(mail: Message, subject: str) -> bool:
    submitted = _raw(mail, "Auto-Submitted").partition(";")[0].strip().casefold()
    if submitted and submitted != "no":
        return True
    if any(mail.get(name) for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress-Reply")):
        return True
    return _raw(mail, "Precedence").strip().casefold() in ("auto_reply", "bulk", "junk") or says_automatic(subject)


def _parts(mail: Message) -> Iterator[Message]:
    for n, part in enumerate(mail.walk()):
        if n >= MOST_PARTS:
            return
        yield part


def _own(mail: Message) -> Iterator[Message]:
    """The parts of a mail without those of mails attached to it."""
    left = [mail]
    while left:
        part = left.pop()
        yield part
        if part.is_multipart() and (part is mail or part.get_content_maintype() == "multipart"):
            left += [one for one in reversed(list(part.get_payload())) if not isinstance(one, str)]


def _text(mail: Message) -> str:
    """The text of a mail, of what is attached to it only when it has none of its own."""
    return _words_in(islice(_own(mail), MOST_PARTS)) or _words_in(_parts(mail))


def _words_in(parts: Iterable[Message]) -> str:
    """The plain text, all of it where a picture stands between, else the words of the HTML."""
    html = ""
    plain: list[str] = []
    for part in parts:
        kind = part.get_content_type()
        if part.is_multipart() or part.get_content_disposition() == "attachment" or kind not in ("text/plain", "text/html"):
            continue
        payload = part.get_payload(decode=True)
        words = _decoded(_cut(payload), part.get_content_charset()) if isinstance(payload, bytes) else ""
        if kind == "text/html":
            html = html or words
        elif words.strip() and len(plain) < MOST_PIECES:
            plain.append(words.strip("\r\n"))
    return "\n\n".join(plain) or _from_html(html)


def _cut(data: bytes) -> bytes:
    """Not more than anybody reads, and no half of a letter at its end."""
    if len(data) <= MOST_PART:
        return data
    end = MOST_PART
    while end > MOST_PART - 8 and data[end - 1] > 127:
        end -= 1
    return data[:end]


def _from_html(text: str) -> str:
    from html.parser import HTMLParser

    class Words(HTMLParser):
        """Collects what would be read."""

        def __init__(self) -> None:
            super().__init__(convert_charrefs=True)
            self.found: list[str] = []
            self.hidden = 0

        def handle_starttag(self, tag: str, attrs: object) -> None:
            self.hidden += tag in ("script", "style", "head", "title")
            if tag in ("br", "p", "div", "tr", "li", "blockquote", "h1", "h2", "h3"):
                self.found.append("\n")

        def handle_endtag(self, tag: str) -> None:
            self.hidden -= tag in ("script", "style", "head", "title") and self.hidden > 0

        def handle_data(self, data: str) -> None:
            if not self.hidden:
                self.found.append(re.sub(r"\s+", " ", data))

    reader = Words()
    reader.feed(text)
    reader.close()
    return "".join(reader.found)


def _bounce(mail: Message, sender: str | None) -> Bounce | None:
    is_report = mail.get_content_type() == "multipart/report" and "delivery-status" in str(mail.get_param("report-type") or "").casefold()
    name = (sender or "").partition("@")[0]
    is_machine = _is_automatic(mail, "") or _raw(mail, "Return-Path").strip() == "<>"
    is_daemon = name == "mailer-daemon" or (name == "postmaster" and is_machine)
    if not is_report and not is_daemon:
        return None
    address = key = status = action = None
    words = ""
    for part in _parts(mail):
        if part.get("Final-Recipient"):
            address = address_of(_raw(part, "Final-Recipient").rpartition(";")[2].strip().casefold()) or address
            status = _raw(part, "Status").strip() or status
            action = _raw(part, "Action").strip().casefold() or action
            words = clean_line(_raw(part, "Diagnostic-Code").partition(";")[2] or status or "")
        if part is not mail and part.get("Message-ID"):
            key = next(iter(_KEY.findall(_raw(part, "Message-ID"))), key)
        if part.get_content_type() == "text/rfc822-headers":
            payload = part.get_payload(decode=True)
            found = re.search(rb"(?im)^message-id:\s*<([^<>\s]{1,300})>", payload if isinstance(payload, bytes) else b"")
            key = found[1].decode("ascii", "replace") if found else key
    if key is None:
        key = next(iter(_KEY.findall(_raw(mail, "In-Reply-To"))), None)
    if not is_report and address is None and key is None:
        return None
    return Bounce(address, key, action != "delayed" and not (status or "5").startswith("4"), clip(words, 200) or "it did not arrive")
