"""Erasing a person: her data leaves rows, journal, timeline and the words of acts, and the chains still hold.

Her rows keep their place (who was met when still counts), nameless. Of the journal, the values of every change that
tells of her are blanked; their digests stay. A name is looked for on her accounts, an e-mail or a number everywhere.
"""

from __future__ import annotations

import glob
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cockpit.desk import Desk
from cockpit.domain.say import plural
from cockpit.services.act import LEADERS, Work, act
from cockpit.services.errors import NotFound, Refused
from db import traces as reads
from db import words
from db.archive import archives
from db.backup import SIDES, rewrite
from db.columns import table
from db.connection import Db, as_json
from db.terms import MailState

ERASED = "[erased]"
_OPEN = "old bytes stay in the file while others have it open: say this again when nobody has"
SHORTEST = 2
Names = re.Pattern[str] | None
_DIGITS = 7
"""A number is known by its last digits; with fewer it is found in too much that is not hers."""
_SPACING = r"[\s().\-/]*"
HERS: dict[str, dict[str, Any]] = {
    "person": {"name": ERASED, "email": None, "phone": None, "language": None, "channel": None, "extra": None},
    "membership": {"title": None, "value_obtained": None, "bottleneck": None},
    "merge": {"gone_name": ERASED},
    "attendee": {"email": None},
    "survey": {"comment": None, "extra": None},
    "ticket": {"subject": ERASED, "extra": None},
    "event": {"body": None},
    "training": {"extra": None},
    "advocacy": {"recipient": None, "note": None, "extra": None},
    "outbox": {"recipient": ERASED, "cc": None, "subject": ERASED, "body": ERASED, "trouble": None},
    "stray": {"sender": ERASED, "sender_name": None, "subject": ERASED, "body": None},
}
"""What becomes of the rows that are hers."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure took: rows and acts it cleaned, entries of the journal it blanked.

    ``scrubbed``: the file holds no old bytes of it either. ``remains``: where she may still be found.
    """

    id: int
    rows: int
    changes: int
    acts: int
    scrubbed: bool = False
    remains: tuple[str, ...] = ()
    act: int | None = None
    said: str = ""


def erase(desk: Desk, person_id: int, also: Sequence[str] = ()) -> Erased:
    """Removes a person's data for good; ``also`` are other spellings of her name. Not undoable.

    Raises NotFound, Forbidden, Refused (erased already; a file is then written anew once more).
    """
    try:
        done = _erase(desk, person_id, tuple(also))
    except Refused as no:
        if no.code == "erased" and desk.store.dialect == "sqlite":
            stays = "no old byte of it is left in the file" if rewrite(desk.store) else _OPEN
            raise Refused(no.code, f"Person {person_id} is erased already; {stays}.") from no
        raise
    scrubbed = desk.store.dialect == "sqlite" and rewrite(desk.store)
    remains = ["Backups and exports made before still hold it: remove or replace them."]
    with desk.store.read() as db:
        remains += [f"So does the archive {name}." for name in archives(db)]
    remains += [f"So does {path}." for path in _copies(desk)]
    if not scrubbed:
        remains.append(
            "Old bytes stay in the database's files until it is vacuumed: VACUUM FULL, by its owner."
            if desk.store.dialect == "postgresql"
            else f"{_OPEN.capitalize()}."
        )
    return replace(done, scrubbed=scrubbed, remains=tuple(remains))


def _copies(desk: Desk) -> list[Path]:
    """What a restore and an upgrade kept beside the store."""
    if desk.store.dialect != "sqlite":
        return []
    place = Path(desk.store.url).absolute()
    return sorted(one for one in place.parent.glob(f"{glob.escape(place.name)}.before-*") if not one.name.endswith(SIDES))


@act("erase", by=LEADERS)
def _erase(work: Work, person_id: int, also: tuple[str, ...]) -> Erased:
    row = work.db.one("SELECT name, email, phone FROM person WHERE id = :id", id=person_id)
    if row is None:
        raise NotFound(f"There is no person {person_id}.")
    if row[0] == ERASED and not also:
        raise Refused("erased", f"Person {person_id} is erased already.")
    if work.db.dialect == "sqlite":
        work.db.run("PRAGMA secure_delete = ON")
    work.say("Erased a person")
    known = reads.hers(work.db, person_id)
    spelled = reads.spellings(work.db, person_id)
    known["stray"] = reads.strays_of(work.db, spelled.emails)
    traces = Traces.of(spelled, also)
    scope = reads.accounts_of(work.db, person_id)
    entries = reads.changes_of(work.db, known) + [
        found for found in reads.changes_with(work.db, traces.needles) if _concerns(work.db, traces, found, scope)
    ]
    rows = _clean_hers(work, known) + _clean_mentions(work, traces, scope)
    words.forget(work.db)
    work.journal.close()
    acts = _clean_acts(work, traces, {entry.act_id for entry in entries}, scope)
    blanked = reads.blank(work.db, {entry.id for entry in entries}, work.act.id)
    said = f"Erased a person: {plural(rows, 'row')}, {plural(blanked, 'entry', 'entries')} of the journal"
    return Erased(person_id, rows, blanked, acts, said=said)


@dataclass(frozen=True, slots=True)
class Traces:
    """What to look for: by whole words, letter case apart.

    ``named`` are all her names, for texts of her accounts; ``full`` those of several words, for texts of none; a name
    like "Support" would take more there than hers. ``anywhere`` are e-mails and numbers, hers alone.
    """

    named: re.Pattern[str] | None
    full: re.Pattern[str] | None
    anywhere: re.Pattern[str] | None
    needles: tuple[str, ...]
    """Text that any of it contains, for the store to choose by."""

    @classmethod
    def of(cls, spellings: reads.Spellings, also: Iterable[str]) -> Traces:
        """The traces of somebody who was ever called, written to or rung like this."""
        names = {name for name in (*spellings.names, *also) if len(name.strip()) >= SHORTEST and name != ERASED}
        turned = {f"{rest}, {first}" for first, _, rest in (name.partition(" ") for name in names) if rest}
        turned |= {f"{last}, {start}" for start, _, last in (name.rpartition(" ") for name in names) if start}
        emails = {email for email in spellings.emails if "@" in email}
        digits = {"".join(c for c in phone if c.isdecimal())[-_DIGITS:] for phone in spellings.phones}
        numbers = {one for one in digits if len(one) == _DIGITS}
        several = {name for name in names | turned if " " in name.strip()}
        every = {*names, *turned, *emails, *(one[-2:] for one in numbers)}
        anywhere = _pattern(emails, [_number(one) for one in sorted(numbers)])
        return cls(_pattern(names | turned), _pattern(several), anywhere, tuple(sorted(every)))

    def within(self, scope: set[int], account: int | None) -> Names:
        """The names to look for in what belongs to this account, or to none."""
        if account is None:
            return self.full
        return self.named if account in scope else None

    def cleaned(self, value: Any, names: Names = None) -> Any:
        """The value without them."""
        if isinstance(value, str):
            for pattern in (self.anywhere, names):
                value = pattern.sub(ERASED, value) if pattern else value
            return value
        if isinstance(value, dict):
            return {self.cleaned(key, names): self.cleaned(item, names) for key, item in value.items()}
        return [self.cleaned(item, names) for item in value] if isinstance(value, list) else value


def _pattern(texts: Iterable[str], others: Sequence[str] = ()) -> re.Pattern[str] | None:
    """These as whole words; the longest first, so that nothing of one is left when another is a part of it."""
    longest = sorted(texts, key=len, reverse=True)
    spelled = [r"\s+".join(re.escape(part) for part in text.split()) for text in longest] + list(others)
    return re.compile(rf"(?<!\w)(?:{'|'.join(spelled)})(?!\w)", re.IGNORECASE) if spelled else None


def _number(digits: str) -> str:
    """A phone number that ends so, however it is spaced and with whatever country and area before."""
    return rf"(?:\+?\d{{1,5}}{_SPACING}){{0,3}}{_SPACING.join(digits)}"


def _concerns(db: Db, traces: Traces, entry: reads.Entry, scope: set[int]) -> bool:
    """Whether an entry of the journal tells of her: by e-mail or number, or by name on one of her accounts."""
    if entry.thing in reads.COLLEAGUES:
        return False
    if traces.cleaned(entry.fields) != entry.fields:
        return True
    free = {column: value for column, value in entry.fields.items() if not reads.is_vocabulary(entry.thing, column)}
    if entry.thing == "person" or traces.cleaned(free, traces.named) == free:
        return False
    names = traces.within(scope, reads.account_of(db, entry.thing, entry.thing_id))
    return bool(traces.cleaned(free, names) != free)


def _clean_hers(work: Work, known: dict[str, set[int]]) -> int:
    count = 0
    for name, values in HERS.items():
        changes = dict.fromkeys(sorted(known[name]), values)
        count += len(work.update_many(name, changes, versioned=False))
    work.update_many("outbox", {id_: {"state": MailState.CANCELLED} for id_ in reads.unsent(work.db, known["outbox"])})
    keys = reads.existing(work.db, "external_id", known["external_id"])
    work.delete_many("external_id", keys)
    return count + len(keys)


def _clean_mentions(work: Work, traces: Traces, scope: set[int]) -> int:
    """Takes her out of the texts of other things; another system's id that holds her e-mail goes as a whole."""
    count = 0
    for found in reads.rows_with(work.db, traces.needles):
        what = table(found.table)
        names = None if found.table == "person" else traces.within(scope, found.account_id)
        plain = {column: what.plain(column, value) for column, value in found.values.items()}
        cleaned = {column: traces.cleaned(value, names) for column, value in plain.items()}
        if cleaned == plain:
            continue
        if found.table == "external_id":
            work.delete("external_id", found.id)
        else:
            work.update_many(found.table, {found.id: cleaned}, versioned=False)
        count += 1
    return count


def _clean_acts(work: Work, traces: Traces, concerned: set[int], scope: set[int]) -> int:
    """Takes her out of the words and kept results of acts."""
    count = 0
    for id_, what, result in reads.acts_with(work.db, traces.needles):
        accounts = set() if id_ in concerned else reads.accounts_of_act(work.db, id_)
        is_hers = id_ in concerned or bool(accounts & scope)
        names = traces.named if is_hers else traces.within(scope, next(iter(accounts), None))
        kept = as_json(result)
        new = traces.cleaned(what, names), traces.cleaned(kept, names)
        if new != (what, kept):
            reads.rewrite_act(work.db, id_, *new)
            count += 1
    return count
