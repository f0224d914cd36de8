"""What the team agreed for the whole store as rows of the Team screen: rules, and the types entries and CTAs have."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from cockpit.domain.activity import written
from cockpit.domain.money import short
from cockpit.domain.say import plural
from cockpit.tui.render.team import Entry, Head, Words

if TYPE_CHECKING:
    from cockpit.domain.contact import Rules
    from cockpit.services.activity_type import ActivityType
    from cockpit.services.cta_type import ReasonRow, TypeRow
    from cockpit.services.transition_policy import TransitionPolicy

SETTINGS = (
    Head("setting", 18, grow=1, most=36), Head("of", 11, keep=1), Head("how it is", 30, grow=4, most=120),
    Head("used", 13, "right", 2, grow=1, most=18),
)  # fmt: skip


def settings(
    rules: Rules, lines: TransitionPolicy, kinds: Iterable[ActivityType], types: Iterable[TypeRow], reasons: Iterable[ReasonRow]
) -> list[Entry]:
    """Contact rules, the lines of hand-overs, then types of activity, types of CTA and reasons."""
    found = [_entry(0, "contact_rules", "contact rules", "mail", _quiet(rules), data=rules)]
    found.append(_entry(4, "lines", "hand-overs", "transitions", _lines(lines), data=lines))
    found += [_activity(row) for row in kinds]
    found += [_type(row) for row in types]
    return [*found, *(_reason(row) for row in reasons)]


def _entry(
    id_: int, kind: str, name: str, of: str, how: str, used: str = "", *, is_on: bool = True, data: object = None
) -> Entry:
    look = "text" if is_on else "dim"
    cells: tuple[Words, ...] = (
        (name, "strong" if is_on else "dim"), (of if is_on else "out of use", look), (how, look), (used, "dim"),
    )  # fmt: skip
    return Entry(id_, kind, name, cells, of, data)


def _quiet(rules: Rules) -> str:
    quiet = [words for is_on, words in (
        (rules.quiet_in_escalation, "while an escalation is open"), (rules.quiet_in_transition, "while the account changes hands"),
    ) if is_on]  # fmt: skip
    most = f"at most {plural(rules.cap, 'mail')} to a person in {plural(rules.cap_days, 'day')}"
    return f"{most}; quiet {' and '.join(quiet)}" if quiet else f"{most}; never quiet"


def _lines(lines: TransitionPolicy) -> str:
    agree, pool, key = (short(minor, lines.currency, symbol=True) for minor in (lines.agree_below, lines.pool_below, lines.key_above))
    return f"no manager has to agree below {agree}; to a pool below {pool}; a conversation from {key}"


def _activity(row: ActivityType) -> Entry:
    how = [*(["being there counts as met"] if row.is_meeting else []), *([f"asks {', '.join(written(row.fields))}"] if row.fields else [])]
    used = plural(row.entries, "entry", "entries")
    return _entry(row.id * 4 + 1, "activity_type", row.name, "activity", " · ".join(how) or "–", used, is_on=row.active, data=row)


def _type(row: TypeRow) -> Entry:
    how = [row.label, *([f"a close needs {row.required_at_close}"] if row.required_at_close else [])]
    how += [f"{row.minutes} min"] if row.minutes else []
    return _entry(row.id * 4 + 2, "cta_type", row.name, "CTA", " · ".join(how), f"{row.open_ctas} open", is_on=row.active, data=row)


def _reason(row: ReasonRow) -> Entry:
    how = " · ".join([*([row.lane] if row.lane else []), *([f"needs {row.skill}"] if row.skill else [])]) or "–"
    return _entry(row.id * 4 + 3, "reason", row.name, "reason", how, f"{row.open_ctas} open", is_on=row.active, data=row)
