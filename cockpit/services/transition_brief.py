"""The handoff brief: filled from what the store knows, told by the outgoing side, signed by the incoming one, versioned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from cockpit.desk import Desk
from cockpit.domain import brief as rules
from cockpit.domain.brief import Section
from cockpit.domain.clean import clean_text
from cockpit.domain.nearest import did_you_mean
from cockpit.domain.say import day, listed, plural
from cockpit.services.act import Work, act
from cockpit.services.errors import Conflict, NotFound, Refused
from cockpit.services.lookup import find_account
from cockpit.services.transition import check_side, locked, stored
from cockpit.services.transition_evidence import Facts, load
from db.connection import Db, as_json
from db.reads import brief as reads
from db.reads.brief import Since as Since  # the faces know it from here
from db.reads.transition import BriefRow, OpenThing
from db.terms import Side, TransitionState

KNOWS_DAYS = 180
"""A colleague with a touch in so many days knows something."""


@dataclass(frozen=True, slots=True)
class SectionShown:
    """One section: what the store knows, and what the outgoing side tells. ``is_written`` when that is enough."""

    key: str
    title: str
    asks: str
    facts: tuple[str, ...]
    text: str
    is_written: bool


@dataclass(frozen=True, slots=True)
class BriefShown:
    """A brief whole. ``since`` is what changed on the account since it was last signed (written, while nobody has signed)."""

    transition: int
    account_id: int
    account: str
    version: int
    form: str
    sections: tuple[SectionShown, ...]
    written: int
    written_by: str | None
    written_at: datetime
    signed_by: str | None
    signed_at: datetime | None
    signed_version: int | None
    since: tuple[Since, ...]
    waived: tuple[str, ...]
    stand_in: bool
    colleagues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """A section that was written."""

    id: int
    account: str
    section: str
    version: int
    missing: int
    act: int | None = None
    said: str = ""


def show_brief(desk: Desk, transition_id: int, account: str | int | None = None, version: int | None = None) -> BriefShown:
    """The brief of a transition (of one of its accounts), the latest version unless one is named. Raises NotFound."""
    with desk.store.read() as db:
        facts = load(desk, db, [stored(db, transition_id)])[transition_id]
        row = _brief(db, facts, account, version)
        texts = sections_of(row)
        known = known_of(desk, db, facts, row.account_id)
        signed = next((one for one in reversed(facts.briefs) if one.account_id == row.account_id and one.signed_at is not None), None)
        since = reads.since(db, row.account_id, (signed.signed_at if signed else None) or row.written_at)
    shown = tuple(
        SectionShown(one.key, one.title, one.asks, tuple(known.get(one.key, ())), texts.get(one.key, ""),
                     rules.is_written(texts.get(one.key)))
        for one in rules.sections_of(row.form)
    )  # fmt: skip
    waived = tuple(f"{one.title}: {one.note} ({one.waived_by})" for one in facts.steps if one.status == "skipped" and one.waived_by)
    waived += tuple(f"Criterion {key}: {why}" for key, why in facts.waived.items())
    return BriefShown(
        transition_id, row.account_id, row.account, row.version, row.form, shown, sum(one.is_written for one in shown), row.written_by,
        row.written_at, row.signed_by, row.signed_at, signed.version if signed else None, tuple(since), waived, facts.row.stand_in,
        tuple(known.get("colleagues", ())),
    )  # fmt: skip


@act("write_brief")
def write_section(
    work: Work, transition_id: int, section: str, text: str, account: str | int | None = None, expected: str | None = None
) -> Written:
    """Writes one section; others' sections are untouched. A change after the signature is the next version.

    ``expected`` is what the writer saw there. Raises NotFound, Conflict (somebody wrote it meanwhile), Refused, Forbidden.
    """
    facts = locked(work, transition_id)
    if facts.row.ended_at is not None:
        raise Refused("ended", f"This transition is {facts.row.state}: its brief stays as it is.")
    check_side(work, facts, Side.OUT, "Writing the brief")
    row = _brief(work.db, facts, account, None)
    one = _section(row.form, section)
    words = clean_text(text)
    texts = sections_of(row)
    if expected is not None and texts.get(one.key, "") != clean_text(expected):
        raise Conflict(f"{one.title} was written meanwhile: {texts.get(one.key) or '(emptied)'}")
    if texts.get(one.key, "") == words:
        return Written(transition_id, row.account, one.key, row.version, len(rules.missing(row.form, texts)), said="Nothing changed.")
    new = {**texts, one.key: words}
    version = row.version
    if row.signed_at is not None:
        version += 1
        work.insert("brief", {
            "transition_id": transition_id, "account_id": row.account_id, "version": version, "form": row.form, "sections": new,
            "written_by_id": work.me.id, "written_at": work.now,
        })  # fmt: skip
    else:
        work.update("brief", row.id, {"sections": new, "written_by_id": work.me.id, "written_at": work.now})
    left = len(rules.missing(row.form, new))
    tail = f"{plural(left, 'section')} to go" if left else "complete"
    work.say(f"Wrote {one.title} of {row.account}'s brief (version {version}): {tail}")
    return Written(transition_id, row.account, one.key, version, left, said=work.act.what)


@act("sign_brief")
def sign(work: Work, transition_id: int, account: str | int | None = None) -> Written:
    """Signs the current version for the incoming side, and keeps it among the account's documents.

    Raises Refused (not complete, signed already), Forbidden.
    """
    facts = locked(work, transition_id)
    check_side(work, facts, Side.IN, "Signing the brief")
    if facts.row.state == TransitionState.CANCELLED:
        raise Refused("ended", "This transition was cancelled.")
    row = _brief(work.db, facts, account, None)
    left = rules.missing(row.form, sections_of(row))
    if left:
        raise Refused("brief", f"The brief is not complete: {listed([one.title for one in left])}.")
    if row.signed_at is not None:
        raise Refused("signed", f"Version {row.version} is signed already.")
    keep_signed(work, facts, row, work.me.id)
    work.say(f"Signed version {row.version} of {row.account}'s brief")
    return Written(transition_id, row.account, "", row.version, 0, said=work.act.what)


def keep_signed(work: Work, facts: Facts, row: BriefRow, who: int | None) -> None:
    """Signs a version and, where something is told in it, keeps it among the account's documents."""
    work.update("brief", row.id, {"signed_by_id": who, "signed_at": work.now})
    if not sections_of(row):
        return
    by = str(work.db.scalar("SELECT login FROM csm WHERE id = :id", id=who or 0) or work.me.login)
    signed = replace(row, signed_at=work.now, signed_by=by)
    work.insert("document", {
        "account_id": row.account_id, "kind": "handoff brief", "title": f"Handoff brief {row.account}, version {row.version}",
        "body": markdown_of(signed, known_of(work.desk, work.db, facts, row.account_id), facts), "author_id": row.written_by_id,
        "at": work.now,
    })  # fmt: skip


def markdown(desk: Desk, transition_id: int, account: str | int | None = None) -> str:
    """The brief as Markdown. Raises NotFound."""
    with desk.store.read() as db:
        facts = load(desk, db, [stored(db, transition_id)])[transition_id]
        row = _brief(db, facts, account, None)
        text = markdown_of(row, known_of(desk, db, facts, row.account_id), facts)
    changed = show_brief(desk, transition_id, row.account_id).since if row.signed_at is not None else ()
    return text + ("\n## Since the signature\n\n" + "\n".join(f"- {one.says}" for one in changed) + "\n" if changed else "")


def markdown_of(row: BriefRow, known: Mapping[str, Sequence[str]], facts: Facts) -> str:
    """A version as Markdown: facts as a list, then the narrative."""
    texts = sections_of(row)
    signed = f"signed by {row.signed_by} on {row.signed_at:%Y-%m-%d}" if row.signed_at is not None else "not signed"
    lines = [f"# Handoff brief: {row.account}", "", f"Version {row.version}, written by {row.written_by or 'nobody yet'}, {signed}."]
    if facts.row.stand_in:
        lines.append("The outgoing side has left: its manager wrote this in its place.")
    lines += [f"Waived: {one.title}: {one.note}" for one in facts.steps if one.status == "skipped" and one.note]
    for one in rules.sections_of(row.form):
        lines += ["", f"## {one.title}", ""]
        lines += [f"- {fact}" for fact in known.get(one.key, ())]
        lines += ["", texts.get(one.key) or "*Not written yet.*"]
    return "\n".join(lines) + "\n"


def sections_of(row: BriefRow) -> dict[str, str]:
    """What was told, by section."""
    found: dict[str, str] = dict(as_json(row.sections) or {})
    return found


def known_of(desk: Desk, db: Db, facts: Facts, account_id: int) -> dict[str, list[str]]:
    """What the store knows, by section, in a fixed number of statements."""
    one = reads.about(db, account_id, desk.today())
    today = desk.today()
    members, ready = facts.members_of(account_id), facts.ready[account_id]
    people = [f"{seat.name}{f', {seat.title}' if seat.title else ''}: {seat.role or 'no role'}" + (
        f", reach by {seat.channel}" if seat.channel else "") for seat in members]  # fmt: skip
    gone = [seat.name for seat in facts.seats.get(account_id, ()) if seat.gone]
    if gone:
        people.append(f"Left: {listed(gone[:5])}")
    who = [word for word in (one.industry, one.region, one.segment and f"segment {one.segment}") if word]
    dates = [f"Customer since {day(one.go_live, today)}"] if one.go_live else []
    money = [f"ARR {one.money}" if one.money else "ARR not known"]
    money.append(f"Renewal {day(one.renewal, today)}" if one.renewal else "Renewal not known")
    money += [f"Notice by {day(one.notice, today)}"] if one.notice else []
    money += [f"Renewal call: {one.call}"] if one.call else []
    work = [_thing(thing, today) for thing in facts.things if thing.member_id == account_id]
    since = desk.now() - timedelta(days=KNOWS_DAYS)
    knows = [f"{name} ({login}), last touch {day(facts.calendar.local_date(at), today)}"
             for login, name, at in reads.colleagues(db, account_id, since, facts.row.to_csm_id)]  # fmt: skip
    about = [", ".join(who)] * bool(who) + dates + one.goals
    if facts.row.from_csm_id is None:
        about += [f"Knows them: {line}" for line in knows]
    health = [f"Health {one.health}" if one.health is not None else "Health not known", f"Readiness {ready.score}"]
    return {
        "who": about, "people": people or ["Nobody is in the network"],
        "use": one.products + one.usage, "risks": health + one.risks + [f"Gap: {gap.title}, {gap.says}" for gap in ready.gaps],
        "money": money + one.opportunities, "work": work + one.promises, "style": [f"Language {one.language}"] * bool(one.language),
        "first30": [f"Last: {line}" for line in one.latest[:3]],
        "colleagues": knows,
    }


def _thing(one: OpenThing, today: date) -> str:
    due = f", due {day(one.due, today)}" if one.due else ""
    return f"{one.thing} {one.title}{due}" + (f" → {one.choice}" if one.choice else " (undecided)")


def _brief(db: Db, facts: Facts, account: str | int | None, version: int | None) -> BriefRow:
    wanted = find_account(db, account) if account is not None else None
    found = [one for one in facts.briefs if wanted is None or one.account_id == wanted]
    if version is not None:
        found = [one for one in found if one.version == version]
    if not found:
        raise NotFound(f"Transition {facts.row.id} has no such brief.")
    if wanted is None and len({one.account_id for one in found}) > 1:
        names = sorted({one.account for one in found})
        raise NotFound(f"It has a brief for each account: say which of {listed(names[:5])}{' …' if len(names) > 5 else ''}.")
    return found[-1]


def _section(form: str, name: str) -> Section:
    wanted = name.strip().casefold()
    known = rules.sections_of(form)
    found = next((one for one in known if wanted in (one.key, one.title.casefold())), None)
    if found is None:
        keys = [one.key for one in known]
        raise NotFound(f"This brief has no section {name!r}.{did_you_mean(wanted, keys)} There are {listed(keys)}.")
    return found


__all__ = [
    "BriefShown", "SectionShown", "Since", "Written", "keep_signed", "known_of", "markdown", "markdown_of", "sections_of", "show_brief",
    "sign", "write_section",
]  # fmt: skip
