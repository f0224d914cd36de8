"""Sealing the journal, so that whoever keeps a seal elsewhere can tell whether its past is still whole."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cockpit.desk import Desk
from cockpit.domain.say import plural
from cockpit.services.act import WORKERS
from cockpit.services.errors import Forbidden, Refused, StoreError
from cockpit.services.roles import spoken
from db import seal as seals
from db.seal import Seal

AT_ONCE = 100_000
"""How many changes a command or a screen seals in passing (a quarter of a second); more wait for `cockpit tick`."""
TRIES = 5
"""Others may seal the same at the same time; theirs is then gone on from."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """The newest seal. ``is_new`` is False when nothing came since it was taken."""

    number: int
    at: datetime
    digest: str
    changes: int
    total: int
    act: int
    is_new: bool
    seal: dict[str, Any]
    """What to keep elsewhere; ``cockpit verify --against`` takes it, or its digest alone."""
    said: str = ""


def seal(desk: Desk, why: str = "") -> Sealed:
    """Seals what was done since the last seal; the last one again when there is nothing, or nothing may be written.

    Raises Refused for an empty journal or a login that does not see all of it, Forbidden for a reader.
    """
    if desk.me.role not in WORKERS:
        raise Forbidden(f"{desk.me.name} ({spoken(desk.me.role)}) may not seal.")
    if desk.clock_is_set and desk.store.dialect == "postgresql" and desk.store.kind == "team":
        raise Refused("clock", "COCKPIT_NOW is set: a team's store takes no acts at a made-up time.")
    for _ in range(TRIES):
        with desk.store.read() as db:
            if not seals.sees_all(db):
                raise Refused("rights", "Only a login that sees every row can seal: ask who runs the store.")
            last = seals.last(db)
            made = None if desk.read_only or desk.as_of is not None else seals.take(db, desk.now())
        if made is None:
            if last is None:
                raise Refused("nothing", "There is nothing to seal: the journal is empty, or was never sealed.")
            return _told(last[0], last[1], False)
        with desk.store.write() as db:
            act = seals.keep(db, made, why)
        if act is not None:
            return _told(act, made, True)
    raise Refused("seal", "The last seal does not hold: `cockpit verify` says what is wrong.")


def seal_day(desk: Desk, most: int | None = AT_ONCE) -> Sealed | None:
    """The first seal of a day (UTC), unless more than ``most`` changes wait or this login may not; else None."""
    if desk.read_only or desk.as_of is not None:
        return None
    try:
        with desk.store.read() as db:
            last = seals.last(db)
            wait = seals.unsealed(db, last[1] if last else None)
            if wait <= 0 or (most is not None and wait > most) or (last and _day(last[1]) >= desk.now().date()):
                return None
        return seal(desk.as_system())
    except (Refused, StoreError):  # nobody's work waits for a seal: the next one covers it
        return None


def read_seal(text: str) -> Seal | str:
    """The seal in a file that `cockpit seal -o` wrote, or the digest itself. Raises Refused for neither."""
    path = Path(text)
    if path.is_file():
        try:
            found = seals.read_plain(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            found = None
        if found is None:
            raise Refused("seal", f"{text} is no seal, or was altered: `cockpit seal -o FILE` writes one.")
        return found
    if re.fullmatch(r"[0-9a-fA-F]{64}", text.strip()):
        return text.strip().lower()
    raise Refused("seal", f"{text} is neither the file of a seal nor its 64 digits.")


def _day(one: Seal) -> Any:
    return datetime.fromisoformat(one.at).astimezone(UTC).date()


def _told(act: int, made: Seal, is_new: bool) -> Sealed:
    at = datetime.fromisoformat(made.at)
    when = f"{at:%Y-%m-%d %H:%M} UTC"
    covers = f"{plural(made.total, 'change')} up to {when}"
    said = f"Sealed {covers}: {made.digest}" if is_new else f"Nothing came since the last seal, of {covers}: {made.digest}"
    return Sealed(made.number, at, made.digest, made.changes, made.total, act, is_new, made.plain(), said)
