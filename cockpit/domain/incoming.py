"""A mail that came in, read: whose it is, what it answers, what it says; hostile ones within bounds or not at all.

Only the standard library reads it. Whatever is odd in a header is left out; a file that is no mail raises.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cockpit.domain.clean import clean_line, clean_text, clip
from cockpit.domain.contact import address_of

if TYPE_CHECKING:
    from email.message import Message

MOST_BYTES = 25_000_000
MOST_TEXT = 20_000
MOST_SUBJECT = 250
MOST_PARTS = 200
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
        tuple(dict.fromkeys(before))[:50], _is_automatic(mail, subject), bool(_WANTS_OUT.fullmatch(subject)), _bounce(mail, sender),
    )  # fmt: skip


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
    value = mail.get(name)
    return "" if value is None else str(value)[:20_000]


def _header(mail: Message, name: str) -> str:
    """A header as people read it: encoded words decoded, line ends gone."""
    from email.errors import HeaderParseError
    from email.header import decode_header

    raw = _raw(mail, name)
    try:
        parts = decode_header(raw)
    except (HeaderParseError, ValueError):
        return clean_line(raw)
    return clean_line("".join(part if isinstance(part, str) else _decoded(part, charset) for part, charset in parts))


def _decoded(data: bytes, charset: str | None) -> str:
    try:
        return data.decode(charset or "utf-8", "replace")
    except LookupError:
        return data.decode("latin-1")


def _addresses(mail: Message, name: str) -> list[tuple[str, str]]:
    """(name, address) of each mailbox of a header that can be written to."""
    from email.utils import getaddresses

    raw = re.sub(r"[\r\n]+", " ", ", ".join(str(one)[:20_000] for one in (mail.get_all(name) or [])[:20]))
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
    return _raw(mail, "Precedence").strip().casefold() in ("auto_reply", "bulk", "junk") or bool(_AUTO_SUBJECT.match(subject))


def _parts(mail: Message) -> Iterator[Message]:
    for n, part in enumerate(mail.walk()):
        if n >= MOST_PARTS:
            return
        yield part


def _text(mail: Message) -> str:
    """The text of a mail: the plain one, else the words of the HTML."""
    html = ""
    for part in _parts(mail):
        if part.is_multipart() or part.get_content_disposition() == "attachment":
            continue
        kind = part.get_content_type()
        if kind not in ("text/plain", "text/html"):
            continue
        payload = part.get_payload(decode=True)
        words = _decoded(payload[:400_000], part.get_content_charset()) if isinstance(payload, bytes) else ""
        if kind == "text/plain" and words.strip():
            return words
        html = html or words
    return _from_html(html)


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
    is_daemon = (sender or "").partition("@")[0] in ("mailer-daemon", "postmaster")
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
