"""Mail in the demo: templates and articles, an outbox with each state, answers nobody has answered, what is planned,
promised and begun."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from cockpit.services.outreach import KEY_DOMAIN
from cockpit.services.setup import shipped_templates
from db.terms import EntryState, MailState

if TYPE_CHECKING:
    from cockpit.services.act import Work
    from cockpit.services.demo.cast import World

ARTICLES = (
    ("Import a spreadsheet", "https://help.cockpit.example/import", "en"),
    ("Who may see what", "https://help.cockpit.example/roles", "en"),
    ("Reports in a minute", "https://help.cockpit.example/reports", "en"),
    ("Tabellen einlesen", "https://help.cockpit.example/de/import", "de"),
)
ANSWERS = (
    ("Re: your last four weeks", "Thank you for the figures. Who of you explains the second one to my lead?"),
    ("Two more seats", "We would need two more seats from January. What does that take?"),
    ("Re: a short hello", "Gladly. Tuesday or Thursday after ten suits me."),
)
WORDS = (
    "Hello {first},\n\nis there one thing that would save your team time? A line back is enough.\n\nKind regards\n{csm}",
    "something for your team",
)
SENDERS = {"West": "The West team", "East": "The East team", "Europe": "Das Team Europa"}
PROMISES = (
    ("Send the checklist for the audit", -3),
    ("Ask Finance about the second invoice", -1),
    ("Name somebody for the training", 3),
)


@dataclass(frozen=True, slots=True)
class _Quiet:
    """A customer with nothing open that was in touch of late, so that a mail more or less changes no story."""

    id: int
    name: str
    owner: int | None
    person: int
    person_name: str
    email: str


def write(work: Work, world: World, seed: int) -> None:
    """All of it, on customers whose story no CTA tells."""
    rng = Random(f"mail {seed}")
    there = {(row[0], row[1]) for row in work.db.all("SELECT name, language FROM template")}
    work.insert_many("template", [row for row in shipped_templates() if (row["name"], row["language"]) not in there])
    work.insert_many(
        "article", [{"title": title, "url": url, "language": language} for title, url, language in ARTICLES]
    )
    for pool, name in SENDERS.items():
        work.update("pool", world.pools[pool], {"sender_name": name, "reply_to": f"{pool.lower()}@cockpit.example"})
    me = work.db.scalar("SELECT id FROM csm WHERE login = :login", login=world.opener)
    quiet = _quiet(work, world)
    if me is None or len(quiet) < 6:
        return
    _outbox(work, world, rng, me, quiet)
    _answers(work, world, rng, _quiet(work, world, _OWNED))
    _planned(work, world, me, quiet)
    _promises(work, world, me, quiet)
    _begun(work, world, seed, me, quiet)


def _begun(work: Work, world: World, seed: int, me: int, quiet: Sequence[_Quiet]) -> None:
    """What was begun and left, and a mail from a stranger."""
    work.insert_many(
        "draft",
        [
            {
                "account_id": quiet[0].id,
                "author_id": me,
                "kind": "entry",
                "changed_at": world.now - timedelta(hours=3),
                "fields": {
                    "type": "call",
                    "subject": "Half an hour on the roadmap",
                    "body": "They wait for the export; their lead asked",
                },
            },
            {
                "account_id": quiet[1].id,
                "author_id": me,
                "kind": "letter",
                "changed_at": world.now - timedelta(hours=20),
                "fields": {
                    "to": f"{quiet[1].person_name}; ",
                    "subject": "What we agreed on",
                    "body": f"Dear {quiet[1].person_name},\n\nas promised",
                },
            },
        ],
    )
    work.insert(
        "stray",
        {
            "key": f"stray-{seed}@elsewhere.example",
            "sender": "j.berg@elsewhere.example",
            "sender_name": "Jo Berg",
            "subject": "Who of you looks after us now?",
            "body": "Your colleague's address answers no more.",
            "at": world.now - timedelta(hours=5),
        },
    )


_NOTHING_OPEN = "NOT EXISTS (SELECT 1 FROM cta c WHERE c.account_id = a.id AND c.status = 'open')"
_OWNED = (
    "a.owner_id IS NOT NULL AND NOT EXISTS"
    " (SELECT 1 FROM cta c WHERE c.account_id = a.id AND c.status = 'open' AND c.owner_id IS NOT NULL)"
)


def _quiet(work: Work, world: World, which: str = _NOTHING_OPEN) -> list[_Quiet]:
    """A few dozen, in the order they were made."""
    return work.db.rows(
        _Quiet,
        "SELECT a.id, a.name, a.owner_id AS owner, n.id AS person, n.name AS person_name, n.email FROM account a JOIN person n ON n.id ="
        " (SELECT min(p.id) FROM person p JOIN membership m ON m.person_id = p.id WHERE m.account_id = a.id AND m.network_role = 'driver'"
        " AND p.left_on IS NULL AND p.bounced = FALSE AND p.email IS NOT NULL)"
        f" WHERE a.status = 'customer' AND {which} AND NOT EXISTS (SELECT 1 FROM transition x WHERE x.account_id = a.id)"
        " AND EXISTS (SELECT 1 FROM activity v WHERE v.account_id = a.id AND v.at > :since) ORDER BY a.id LIMIT :most",
        since=world.now - timedelta(days=30),
        most=40,
    )


def _states(now: datetime) -> list[tuple[MailState, datetime, dict[str, Any]]]:
    """A mail of each state: when, and what else is known of it."""
    return [
        (MailState.SENT, now - timedelta(days=1, hours=2), {"attempts": 1}),
        (MailState.SENT, now - timedelta(days=1, hours=1), {"attempts": 1}),
        (MailState.SENT, now - timedelta(hours=26), {"attempts": 1}),
        (MailState.FAILED, now - timedelta(hours=26), {"attempts": 1, "trouble": "550 5.1.1 no such user"}),
        (
            MailState.UNSURE,
            now - timedelta(hours=25),
            {"trouble": "the program ended while it was sending: look whether it arrived"},
        ),
        (MailState.CANCELLED, now - timedelta(hours=25), {"trouble": "answered meanwhile"}),
        (MailState.SENDING, now - timedelta(minutes=1), {"taken_at": now - timedelta(minutes=1)}),
        (
            MailState.QUEUED,
            now + timedelta(days=1),
            {"due_at": now + timedelta(days=1), "stops_on_reply": True},
        ),
        (
            MailState.QUEUED,
            now + timedelta(days=1),
            {"due_at": now + timedelta(days=1), "stops_on_reply": True},
        ),
    ]


def _outbox(work: Work, world: World, rng: Random, me: int, quiet: Sequence[_Quiet]) -> None:
    csm = work.db.scalar("SELECT name FROM csm WHERE id = :id", id=me)
    template = work.db.scalar("SELECT id FROM template WHERE name = 'value touch' AND language = 'en'")
    told = _states(world.now)
    chosen = list(quiet[2 : 2 + len(told)])
    states = {MailState.SENT: EntryState.DONE, MailState.CANCELLED: EntryState.CANCELLED}
    rows = []
    for one, (state, at, more) in zip(chosen, told, strict=False):
        key = f"{rng.getrandbits(128):032x}@{KEY_DOMAIN}"
        body = WORDS[0].format(first=one.person_name.partition(" ")[0], csm=csm)
        subject = f"{one.name}: {WORDS[1]}"
        entry = work.insert(
            "activity",
            {
                "account_id": one.id,
                "type_id": world.activities["outreach"],
                "author_id": me,
                "subject": subject,
                "body": body,
                "at": at,
                "recorded": min(at, world.now),
                "state": states.get(state, EntryState.PLANNED),
                "key": key,
            },
        )
        work.insert("attendee", {"activity_id": entry, "person_id": one.person, "attended": state is MailState.SENT})
        rows.append(
            {
                "key": key,
                "account_id": one.id,
                "person_id": one.person,
                "activity_id": entry,
                "template_id": template,
                "sender_id": me,
                "batch": "outreach demo",
                "channel": "smtp",
                "recipient": one.email,
                "subject": subject,
                "body": body,
                "state": state,
                "sent_at": at if state is MailState.SENT else None,
                **more,
            }
        )
    work.insert_many("outbox", rows)


def _answers(work: Work, world: World, rng: Random, owned: Sequence[_Quiet]) -> None:
    """Mail that came in and waits for an answer of the account's CSM."""
    for number, ((subject, body), one) in enumerate(zip(ANSWERS, owned[-3:], strict=False)):
        at = world.now - timedelta(hours=4 + 21 * number)
        entry = work.insert(
            "activity",
            {
                "account_id": one.id,
                "type_id": world.activities["email"],
                "subject": subject,
                "body": body,
                "at": at,
                "recorded": at,
                "inbound": True,
                "key": f"{rng.getrandbits(64):016x}@mail.example",
            },
        )
        work.insert("attendee", {"activity_id": entry, "person_id": one.person})


def _planned(work: Work, world: World, me: int, quiet: Sequence[_Quiet]) -> None:
    """Meetings to come, and one whose time has passed."""
    calendar = world.days["default"]
    for days, one in zip((-1, 1, 2, 5), quiet[-4:], strict=False):
        day = calendar.due(world.today, days) if days > 0 else calendar.business_day(world.today + timedelta(days=days))
        begins = calendar.noon(day) + timedelta(hours=2)
        entry = work.insert(
            "activity",
            {
                "account_id": one.id,
                "type_id": world.activities["meeting"],
                "author_id": me,
                "at": begins,
                "ends_at": begins + timedelta(minutes=45),
                "recorded": world.now - timedelta(days=6),
                "state": EntryState.PLANNED,
                "subject": "Half a year in: what next?" if days > 0 else "Reports with their lead",
            },
        )
        work.insert_many(
            "attendee",
            [
                {"activity_id": entry, "person_id": one.person, "attended": False},
                {"activity_id": entry, "csm_id": me, "attended": False},
            ],
        )


def _promises(work: Work, world: World, me: int, quiet: Sequence[_Quiet]) -> None:
    """What the one who opens it promised: late, soon, kept; and of the others' promises whose day has passed, half were kept."""
    for number, ((what, days), one) in enumerate(zip(PROMISES, quiet[:3], strict=False)):
        at = world.now - timedelta(days=6, hours=number)
        work.insert(
            "activity",
            {
                "account_id": one.id,
                "type_id": world.activities["update"],
                "author_id": me,
                "subject": "After the call with " + one.person_name,
                "at": at,
                "recorded": at,
                "next_step": what,
                "next_step_due": world.today + timedelta(days=days),
                "internal": True,
            },
        )
    past = [
        row[0]
        for row in work.db.all(
            "SELECT id FROM activity WHERE next_step_due < :today AND author_id <> :me ORDER BY id LIMIT :most",
            today=world.today,
            me=me,
            most=200,
        )
    ]
    kept = {id_: {"next_step_done_at": world.now - timedelta(hours=30)} for id_ in past[::2]}
    work.update_many("activity", kept, versioned=False)
