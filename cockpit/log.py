"""The log of one person's Cockpit: what went wrong in the program itself, with its traceback and without secrets.

One file that only its owner reads; when it has grown to LARGEST it becomes ``….log.1`` and a new one begins.
"""

from __future__ import annotations

import os
import re
import threading
from datetime import UTC, datetime
from pathlib import Path

LARGEST = 1_000_000
"""Bytes."""
LONGEST = 60_000
"""Characters of one entry; its end, where the error stands, is kept."""
TOLD = 160
"""Characters of an error that fit into a sentence on the screen."""

_IN_URL = re.compile(r"([a-z][a-z0-9+.-]*://[^\s:/@'\"]*):\S*@", re.IGNORECASE)
_NAMED = re.compile(
    r"(\w*(?:password|passwd|secret|token)\w*['\"]?\s*[=:]\s*)('(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"|[^\s&;,)'\"]+)", re.IGNORECASE
)
_lock = threading.Lock()
_secrets: set[str] = set()
_last = ""


def keep_out(url: str) -> None:
    """Whatever is secret in the address of a store is written nowhere, wherever it turns up."""
    if "://" in url:
        from urllib.parse import parse_qs, unquote, urlsplit

        try:
            parts = urlsplit(url)
        except ValueError:  # no address at all: nobody can tell which part of it is the password
            _secrets.add(url)
            return
        password = parts.password or ""
        _secrets.update({password, unquote(password), *parse_qs(parts.query).get("password", ())} - {""})


def masked(words: str) -> str:
    """The words without passwords: of URLs, of ``password=…``, of the stores opened and of PGPASSWORD."""
    for secret in sorted(_secrets | ({os.environ.get("PGPASSWORD", "")} - {""}), key=len, reverse=True):
        words = words.replace(secret, "***")
    return _NAMED.sub(r"\1***", _IN_URL.sub(r"\1:***@", words))


def note(error: BaseException, where: Path | None = None) -> bool:
    """Write an error with its traceback; False when the file cannot be written. The same one in a row is written once."""
    global _last
    import traceback

    from cockpit.config import log_file

    text = _harmless(masked("".join(traceback.format_exception(error)))[-LONGEST:])
    file = where or log_file()
    with _lock:
        if text == _last and file.exists():
            return True
        try:
            _append(file, f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} pid {os.getpid()}\n{text}\n")
        except OSError:
            return False
        _last = text
    return True


def told(error: BaseException) -> str:
    """Notes an error and returns what its reader gets: what went wrong in a line, and where the rest is."""
    from cockpit.config import log_file

    noted = note(error)
    what = " ".join(_harmless(masked(f"{type(error).__name__}: {error}")).split()).rstrip(": ")
    what = what if len(what) <= TOLD else what[: TOLD - 1] + "…"
    rest = f"the log has the rest: {log_file()}" if noted else f"the log cannot be written: {log_file()}"
    return f"Something went wrong here: {what}; {rest}"


def _append(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if file.exists() and file.stat().st_size > LARGEST:
        os.replace(file, file.with_name(file.name + ".1"))
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as log:
        os.chmod(file, 0o600)  # an older version may have left it readable
        log.write(text)


def _harmless(text: str) -> str:
    """Nothing in it steers the terminal of who reads the log."""
    return "".join(c if c in "\n\t" or c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
