"""The forms of mail: a letter, an outreach, a file that came in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from cockpit.domain.when import WhenError, parse_when
from cockpit.tui.modals.ask import calendar_of
from cockpit.tui.modals.field import Field, FormSpec, Values

if TYPE_CHECKING:
    from cockpit.desk import Desk

CHANNELS = (("smtp", "mail server"), ("eml", ".eml files"), ("csv", "table"))
WHEN = "now; or 2026-12-01T09:00, mon, +2d"
MORNING = 9
"""The hour of the day at which what is only due on a day goes."""


def letter(words: str, values: Values, people: Sequence[str], desk: Desk, left: Callable[[Values], None]) -> FormSpec:
    """A letter: to whom, its words, how and when it goes."""

    def of(name: str) -> str:
        return str(values.get(name) or "")

    fields = (
        Field("to", "To", of("to"), required=True, hint="a few letters, enter takes the name", suggest=people, many=True),
        Field("subject", "Subject", of("subject"), required=True),
        Field("body", "Letter", of("body"), lines=9, required=True),
        Field("channel", "Goes by", of("channel") or channel(), choices=CHANNELS[:2]),
        Field("at", "When", of("at"), hint=WHEN),
    )
    first = "body" if values.get("subject") else "subject"
    return FormSpec(f"Letter · {words}", fields, "send", first=first, check=lambda answers: _wrong(answers, desk), left=left)


def outreach(words: str, templates: Sequence[str], desk: Desk) -> FormSpec:
    """One template to many: which, to whom of each, how and when."""
    whom = (("drivers", "drivers"), ("generators", "key users"), ("network", "network"), ("all", "everybody"))
    fields = (
        Field("template", "Template", templates[0], required=True, choices=[(name, name) for name in templates]),
        Field("to", "To", "drivers", choices=whom),
        Field("channel", "Goes by", channel(), choices=CHANNELS),
        Field("at", "When", hint=WHEN),
    )
    return FormSpec(f"Outreach · {words}", fields, "look at every mail", check=lambda answers: _wrong(answers, desk))


def file(folder: Path) -> FormSpec:
    """Where mail or meetings lie."""

    def check(values: Values) -> tuple[str, str] | None:
        there = path(values["file"])
        return None if there.exists() else ("file", f"There is no {there}.")

    hint = ".eml, a folder of them, or .ics; drop it here"
    return FormSpec("Mail or meetings from a file", (Field("file", "File", required=True, hint=hint),), "read", check=check)


def path(text: str) -> Path:
    """A path as typed or as terminals write a file that is dropped on them: quoted, escaped, or a file:// address."""
    bare = text.strip().strip("'\"")
    if bare.startswith("file://"):
        bare = unquote(urlsplit(bare).path)
    return Path(bare.replace("\\ ", " ")).expanduser()


def channel() -> str:
    """How mail leaves from here."""
    from cockpit.services.errors import Refused
    from cockpit.services.mail_out import settings

    try:
        settings().check("smtp")
    except Refused:
        return "eml"
    return "smtp"


def moment(text: str, desk: Desk) -> datetime | None:
    """When a mail is to go; None is now. Raises WhenError."""
    bare = text.strip()
    if not bare or bare.casefold() == "now":
        return None
    zone = ZoneInfo(desk.me.time_zone)
    try:
        found = datetime.fromisoformat(bare) if len(bare) > 10 else None
    except ValueError:
        found = None
    if found is None:
        day = parse_when(bare, desk.today(), calendar_of(desk))
        found = datetime(day.year, day.month, day.day, MORNING, tzinfo=zone)
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)


def _wrong(values: Values, desk: Desk) -> tuple[str, str] | None:
    try:
        moment(values["at"], desk)
    except WhenError as why:
        return "at", str(why)
    return None
