"""A real mail server to send to: keeps what it got, and can be told to refuse, to stall, to hang up."""

from __future__ import annotations

import re
import socket
from email import message_from_bytes
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


class Post:
    """What the server is asked, and what it got."""

    def __init__(self) -> None:
        self.got: list[tuple[list[str], bytes]] = []
        self.refuses: dict[str, str] = {}
        """Answers to recipients by address."""
        self.after_data = "250 OK"
        self.hangs_up = False
        """Whether it goes away after the last line without an answer; the mail is kept."""

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.after_data.startswith("250"):
            self.got.append((list(envelope.rcpt_tos), bytes(envelope.content or b"")))
        if self.hangs_up:
            assert server.transport is not None
            server.transport.close()
        return self.after_data

    @property
    def mails(self) -> list[Message]:
        """What it got, read."""
        return [message_from_bytes(data) for _, data in self.got]

    @property
    def keys(self) -> list[str]:
        """The Message-IDs it got."""
        return [re.sub("[<>]", "", str(mail["Message-ID"])) for mail in self.mails]


def serve(post: Post, password: str | None = None) -> Any:
    """A running server; ``stop()`` it. With a password it wants user ``ana`` with that."""

    def check(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
        fits = isinstance(data, LoginPassword) and (data.login, data.password) == (b"ana", (password or "").encode())
        return AuthResult(success=fits, handled=False)

    more = {} if password is None else {"authenticator": check, "auth_required": True, "auth_require_tls": False}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    made = Controller(post, hostname="127.0.0.1", port=port, **more)
    made.start()
    return made
