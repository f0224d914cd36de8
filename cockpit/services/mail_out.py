"""How mail leaves: to an SMTP server, as .eml files, as a table for a mail merge.

A file is named by the mail's key, so writing it again is the same mail. A server cannot be asked what it has: when the
line breaks after the last dot was sent and before its answer, nobody knows, and that is what is reported.
"""

from __future__ import annotations

import csv
import io
import os
import re
import smtplib
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from cockpit.domain.contact import address_of
from cockpit.domain.export_cell import safe_cell
from cockpit.domain.letter import Letter, LetterError, file_name, message_bytes
from cockpit.services.errors import Refused
from db.terms import MailState

TIMEOUT_S = 30.0
_LINE_DOT = re.compile(rb"(?m)^\.")
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a mail that was handed over. ``again``: it certainly did not go and may be tried later.

    ``trouble`` of one that was sent: to whom of several it was not.
    """

    key: str
    state: MailState
    trouble: str | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class MailSettings:
    """Where mail leaves from; the password shows in no text made of this."""

    host: str = ""
    port: int = 0
    user: str = ""
    password: str = field(default="", repr=False)
    security: str = "starttls"
    sender: str = ""
    folder: str = ""

    def check(self, channel: str) -> None:
        """Raises Refused when mail cannot leave by this channel as things are set."""
        if channel in ("smtp", "eml") and address_of(self.sender) is None:
            raise Refused("settings", "Say from which address mail is sent: mail_from in the settings, or COCKPIT_MAIL_FROM.")
        if channel != "smtp":
            return
        if not self.host:
            raise Refused("settings", "No mail server is set: smtp_host in the settings or COCKPIT_SMTP_HOST; --channel eml writes files.")
        if self.password and self.security == "none" and self.host not in LOCAL:
            raise Refused("settings", "A password is not sent over an open line: smtp_security starttls or tls.")


def settings() -> MailSettings:
    """What this person's settings say."""
    from cockpit.config import load

    config = load()
    return MailSettings(
        config.smtp_host, config.smtp_port, config.smtp_user, config.smtp_password, config.smtp_security, config.mail_from,
        config.mail_folder,
    )  # fmt: skip


class Smtp:
    """A session with a mail server, opened when the first mail is sent."""

    def __init__(self, settings: MailSettings, connect: Callable[[MailSettings], smtplib.SMTP] | None = None) -> None:
        settings.check("smtp")
        self._settings, self._connect = settings, connect or _session
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> Smtp:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._server is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._server.quit()
            self._server.close()

    def send(self, letter: Letter, at: datetime) -> Outcome:
        """Hands one mail over and says what is known of it."""
        try:
            data = message_bytes(letter, at)
        except (LetterError, ValueError) as error:
            return Outcome(letter.key, MailState.FAILED, str(error))
        try:
            server = self._server = self._server or self._connect(self._settings)
            told, left_out = self._envelope(server, letter)
            if told is not None:
                return told
            server.send(_LINE_DOT.sub(b"..", data).rstrip(b"\r\n") + b"\r\n.\r\n")
        except (smtplib.SMTPException, OSError) as error:
            return self._broken(letter, error)
        try:
            code, words = server.getreply()
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            return Outcome(letter.key, MailState.UNSURE, f"the server did not answer after the last line: {_short(error)}")
        return _told(letter, code, words, left_out)

    def _envelope(self, server: smtplib.SMTP, letter: Letter) -> tuple[Outcome | None, str | None]:
        """Everything before the text: an outcome when the server wants none of it, else whom it wants no copy for."""
        left_out = None
        steps = [("MAIL", f"FROM:<{letter.sender}>"), *(("RCPT", f"TO:<{to}>") for to in letter.recipients), ("DATA", "")]
        for verb, words in steps:
            code, said = server.docmd(verb, words)
            if code // 100 == (3 if verb == "DATA" else 2):
                continue
            if verb == "RCPT" and words != f"TO:<{letter.recipient}>":
                left_out = f"not to {letter.cc}: {_answer(code, said)}"
                continue
            with suppress(smtplib.SMTPException, OSError):
                server.rset()
            return _told(letter, code, said), None
        return None, left_out

    def _broken(self, letter: Letter, error: Exception) -> Outcome:
        """The line broke before the last dot: it certainly did not go."""
        self._drop()
        if isinstance(error, smtplib.SMTPAuthenticationError):
            return Outcome(letter.key, MailState.QUEUED, "the server refused the user name or password", again=True)
        return Outcome(letter.key, MailState.QUEUED, _short(error), again=True)

    def _drop(self) -> None:
        if self._server is not None:
            self._server.close()
        self._server = None


def _answer(code: int, words: bytes) -> str:
    return f"{code} {words.decode('utf-8', 'replace')}"[:300]


def _told(letter: Letter, code: int, words: bytes, left_out: str | None = None) -> Outcome:
    said = _answer(code, words)
    if code // 100 == 2:
        return Outcome(letter.key, MailState.SENT, left_out)
    if code // 100 == 4:
        return Outcome(letter.key, MailState.QUEUED, said, again=True)
    return Outcome(letter.key, MailState.FAILED, said)


def _session(settings: MailSettings) -> smtplib.SMTP:
    context = ssl.create_default_context()
    port = settings.port or {"tls": 465, "starttls": 587}.get(settings.security, 25)
    server: smtplib.SMTP
    if settings.security == "tls":
        server = smtplib.SMTP_SSL(settings.host, port, timeout=TIMEOUT_S, context=context)
    else:
        server = smtplib.SMTP(settings.host, port, timeout=TIMEOUT_S)
    server.ehlo()
    if settings.security == "starttls":
        server.starttls(context=context)
        server.ehlo()
    if settings.user:
        server.login(settings.user, settings.password)
    return server


def _short(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {error.smtp_error!r}"[:300]
    return (str(error) or type(error).__name__)[:300]


def write_eml(folder: Path, letters: Sequence[Letter], at: datetime) -> list[Outcome]:
    """Each mail as a file for a mail program to send, readable by its owner alone; the same mail is the same file."""
    outcomes = []
    for letter in letters:
        try:
            _write(folder / file_name(letter.key), message_bytes(letter, at))
        except (LetterError, ValueError) as error:
            outcomes.append(Outcome(letter.key, MailState.FAILED, str(error)))
        except OSError as error:
            outcomes.append(Outcome(letter.key, MailState.QUEUED, f"{folder} cannot be written: {error.strerror}", again=True))
        else:
            outcomes.append(Outcome(letter.key, MailState.SENT))
    return outcomes


HEADS = ("Email", "Name", "Account", "Cc", "From", "Reply-To", "Subject", "Body", "Message-ID")


def write_csv(path: Path, rows: Sequence[tuple[Letter, str]]) -> list[Outcome]:
    """Mails (with the account each is to) as one table for a mail merge; no cell is a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADS)
    for letter, account in rows:
        cells: list[Any] = [letter.recipient, letter.recipient_name, account, letter.cc or "", letter.sender_name, letter.reply_to or "",
                            letter.subject, letter.body, f"<{letter.key}>"]  # fmt: skip
        writer.writerow([safe_cell(cell) for cell in cells])
    try:
        _write(path, out.getvalue().encode("utf-8"))
    except OSError as error:
        words = f"{path} cannot be written: {error.strerror}"
        return [Outcome(letter.key, MailState.QUEUED, words, again=True) for letter, _ in rows]
    return [Outcome(letter.key, MailState.SENT) for letter, _ in rows]


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all: a kill leaves no half of a file under its name."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    passing = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        passing.replace(path)
    except OSError:
        passing.unlink(missing_ok=True)
        raise
