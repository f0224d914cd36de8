"""A mail as it leaves: its headers and its bytes. Nothing in a name, an address or a subject can add a header."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from cockpit.domain.clean import clean_line, clean_text, clip
from cockpit.domain.contact import address_of

MOST_SUBJECT = 250
MOST_BODY = 60_000
_KEY = re.compile(r"[A-Za-z0-9._-]{1,100}@[A-Za-z0-9.-]{1,100}")


class LetterError(ValueError):
    """A mail that cannot be sent; the text is the sentence its reader gets."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail to one person. ``key`` is its Message-ID without the brackets."""

    key: str
    sender_name: str
    sender: str
    reply_to: str | None
    recipient_name: str
    recipient: str
    cc: str | None
    subject: str
    body: str
    by_hand: bool = True

    def __post_init__(self) -> None:
        """Raises LetterError for addresses that are none."""
        for what, address in (("sender", self.sender), ("recipient", self.recipient)):
            if address_of(address) is None:
                raise LetterError(f"{address!r} is no address a mail can have as {what}.")
        for what, also in (("reply address", self.reply_to), ("copy", self.cc)):
            if also is not None and address_of(also) is None:
                raise LetterError(f"{also!r} is no address a mail can have as {what}.")
        if not _KEY.fullmatch(self.key):
            raise LetterError(f"{self.key!r} is no Message-ID.")

    @property
    def recipients(self) -> tuple[str, ...]:
        """To whom the server is asked to bring it."""
        return (self.recipient, self.cc) if self.cc and self.cc != self.recipient else (self.recipient,)


def message_bytes(letter: Letter, at: datetime) -> bytes:
    """The mail as RFC 5322 bytes, lines ended by CRLF."""
    from email.headerregistry import Address
    from email.message import EmailMessage
    from email.policy import SMTP
    from email.utils import format_datetime

    made = EmailMessage(policy=SMTP)
    made["From"] = Address(header(letter.sender_name, 120), addr_spec=letter.sender)
    made["To"] = Address(header(letter.recipient_name, 120), addr_spec=letter.recipient)
    if letter.cc:
        made["Cc"] = Address(addr_spec=letter.cc)
    if letter.reply_to:
        made["Reply-To"] = Address(addr_spec=letter.reply_to)
    made["Subject"] = header(letter.subject, MOST_SUBJECT)
    made["Date"] = format_datetime(at)
    made["Message-ID"] = f"<{letter.key}>"
    if not letter.by_hand:
        made["List-Unsubscribe"] = f"<mailto:{letter.reply_to or letter.sender}?subject=unsubscribe>"
    made.set_content(clean_text(letter.body)[:MOST_BODY] + "\n", subtype="plain", charset="utf-8", cte="quoted-printable")
    return bytes(made)


def header(text: str, most: int) -> str:
    """Text of one line, cleaned and cut, for a header."""
    return clip(clean_line(text), most)


def file_name(key: str) -> str:
    """The name of the file of a mail: the same mail, the same file."""
    return re.sub(r"[^A-Za-z0-9._-]", "_", key.partition("@")[0])[:80] + ".eml"
