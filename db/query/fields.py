"""Every field of the query language, declared once: parser, completion, help and docs read this list.

The fields of accounts are in ``account_fields``; facts are live when ``superseded IS NULL``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from db.query.account_fields import ACCOUNT_FIELDS, MEMBERSHIP, OWNER, WITH_ACCOUNT, names
from db.query.fact_fields import FACT_FIELDS
from db.query.health_fields import HEALTH_FIELDS
from db.query.mail_fields import MAIL_FIELDS, MAIL_FLAGS
from db.query.network_fields import NETWORK_FIELDS
from db.query.spec import Entity, Field, Flag, Kind, Sql
from db.query.success_fields import SUCCESS_FIELDS
from db.query.team_fields import TEAM_FIELDS
from db.query.transition_fields import TRANSITION_FIELDS, TRANSITION_FLAGS
from db.terms import CtaStatus, NetworkRole, Outcome, Priority

CTA, ACCOUNT, PERSON, ACTIVITY = Entity.CTA, Entity.ACCOUNT, Entity.PERSON, Entity.ACTIVITY

_GUEST = (
    "EXISTS (SELECT 1 FROM attendee vt LEFT JOIN person vp ON vp.id = vt.person_id"
    " WHERE vt.activity_id = v.id AND {test})"
)

CTA_FIELDS = (
    Field(
        "type",
        Kind.NAME,
        "Type of the CTA: risk, opportunity, lifecycle, event, or one you added.",
        {CTA: names("c.type_id", "cta_type")},
        ("type:risk", "type:risk,event"),
        source="cta_type.name",
    ),
    Field(
        "reason",
        Kind.TEXT,
        "Why the CTA was made.",
        {CTA: names("c.reason_id", "reason")},
        ("reason:detractor", 'reason:="NPS detractor"'),
        source="reason.name",
    ),
    Field(
        "priority",
        Kind.CHOICE,
        "How much it matters; low < medium < high.",
        {CTA: Sql("c.priority")},
        ("priority:high", "priority:>=medium"),
        choices=tuple(Priority),
        ordered=True,
    ),
    Field(
        "status",
        Kind.CHOICE,
        "Open (unassigned or claimed) or closed.",
        {CTA: Sql("c.status")},
        ("status:closed",),
        choices=tuple(CtaStatus),
    ),
    Field(
        "outcome",
        Kind.CHOICE,
        "How it was closed.",
        {CTA: Sql("c.outcome")},
        ("outcome:success", "outcome:invalid,no_action"),
        choices=tuple(Outcome),
    ),
    Field(
        "owner",
        Kind.NAME,
        "Login or name of the CSM who holds it; me is you.",
        {CTA: names("c.owner_id", "csm", *OWNER), ACCOUNT: names("a.owner_id", "csm", *OWNER)},
        ("owner:me", "owner:none", "owner:ana,ben"),
        source="csm.login",
        people=True,
    ),
    Field(
        "pool",
        Kind.NAME,
        "Pool whose queue it is in (of a CTA), or that serves it (of an account).",
        {CTA: names("c.pool_id", "pool"), ACCOUNT: names("a.pool_id", "pool"), ACTIVITY: names("a.pool_id", "pool")},
        ("pool:west", "pool:none"),
        source="pool.name",
    ),
    Field(
        "due",
        Kind.AHEAD,
        "Due date. What is overdue counts as due within any number of days.",
        {CTA: Sql("c.due")},
        ("due:<7d", "due:overdue", "due:today", "due:none"),
    ),
    Field(
        "snoozed",
        Kind.AHEAD,
        "Day on which a snooze ends.",
        {CTA: Sql("c.snoozed_until")},
        ("snoozed:<=1w", "snoozed:any"),
    ),
    Field(
        "opened",
        Kind.AGE,
        "Time since it came, or came back, to the queue.",
        {CTA: Sql("c.opened_at", moment=True)},
        ("opened:>14d", "opened:<4h", "opened:today"),
    ),
    Field(
        "waiting",
        Kind.AGE,
        "Time since it came to the queue, while nobody has it.",
        {CTA: Sql("CASE WHEN c.owner_id IS NULL AND c.status = 'open' THEN c.opened_at END", moment=True)},
        ("waiting:>5bd", "waiting:>48h"),
    ),
    Field(
        "claimed",
        Kind.AGE,
        "Time since it was claimed.",
        {CTA: Sql("c.claimed_at", moment=True)},
        ("claimed:>10d", "claimed:none"),
    ),
    Field(
        "touched",
        Kind.AGE,
        "Time since its owner last did something on it or its account.",
        {CTA: Sql("c.touched_at", moment=True)},
        ("touched:>3d",),
    ),
    Field(
        "closed",
        Kind.AGE,
        "Time since it was closed.",
        {CTA: Sql("c.closed_at", moment=True)},
        ("closed:<30d", "closed:2026-01..2026-03"),
    ),
    Field(
        "source",
        Kind.NAME,
        "What made it: by hand, an import, a rule.",
        {CTA: Sql("c.source")},
        ('source:"by hand"', "source:rule*"),
        source="cta.source",
    ),
    Field(
        "playbook",
        Kind.NAME,
        "Playbook that runs on it.",
        {CTA: names("c.playbook_id", "playbook")},
        ("playbook:none",),
        source="playbook.name",
    ),
    Field("description", Kind.TEXT, "Words in its description.", {CTA: Sql("c.description")}, ("description:churn",)),
)

PERSON_FIELDS = (
    Field(
        "email", Kind.TEXT, "E-mail address of the person.", {PERSON: Sql("n.email")}, ("email:acme.com", "email:none")
    ),
    Field(
        "role",
        Kind.CHOICE,
        "Role in the value network.",
        {PERSON: Sql("mb.network_role", MEMBERSHIP)},
        ("role:driver",),
        choices=tuple(NetworkRole),
    ),
    Field(
        "left",
        Kind.AGE,
        "Time since the person left the customer.",
        {PERSON: Sql("n.left_on")},
        ("left:<30d", "left:none"),
        bounded=True,
    ),
)

ACTIVITY_FIELDS = (
    Field(
        "type",
        Kind.NAME,
        "Type of the activity: update, call, meeting, email, outreach, or one you added.",
        {ACTIVITY: names("v.type_id", "activity_type")},
        ("type:call,meeting",),
        source="activity_type.name",
    ),
    Field(
        "author",
        Kind.NAME,
        "Login or name of the CSM who logged it.",
        {ACTIVITY: names("v.author_id", "csm", *OWNER)},
        ("author:me",),
        source="csm.login",
        people=True,
    ),
    Field(
        "at",
        Kind.AGE,
        "When it happened.",
        {ACTIVITY: Sql("v.at", moment=True)},
        ("at:<30d", "at:this_month"),
        bounded=True,
    ),
    Field("body", Kind.TEXT, "Words in its text.", {ACTIVITY: Sql("v.body")}, ('body:"price increase"',)),
    Field(
        "next_step",
        Kind.TEXT,
        "Words of the next step that was promised.",
        {ACTIVITY: Sql("v.next_step")},
        ("next_step:any", "next_step:send"),
    ),
    Field(
        "next_step_due",
        Kind.AHEAD,
        "Day the next step is due; an overdue one counts as within any number of days.",
        {ACTIVITY: Sql("v.next_step_due")},
        ("next_step_due:<7d", "next_step_due:overdue"),
        aliases=("promised",),
    ),
    Field(
        "person",
        Kind.TEXT,
        "Name or e-mail of somebody who was invited.",
        {ACTIVITY: Sql("vp.name", _GUEST, also=("vp.email", "vt.email"))},
        ("person:ortiz",),
    ),
    Field("cta", Kind.ID, "Number of the CTA it was logged on.", {ACTIVITY: Sql("v.cta_id")}, ("cta:17", "cta:any")),
)

SHARED_FIELDS = (
    Field(
        "id",
        Kind.ID,
        "Its number.",
        {e: Sql(f"{row}.id") for e, row in ((CTA, "c"), (ACCOUNT, "a"), (PERSON, "n"), (ACTIVITY, "v"))},
        ("id:17", "id:17,18,40..60"),
    ),
    Field("name", Kind.TEXT, "Its name.", {ACCOUNT: Sql("a.name"), PERSON: Sql("n.name")}, ("name:acme", "name:a*")),
    Field(
        "account",
        Kind.TEXT,
        "Name of the account; of a person, of any account she belongs to.",
        {CTA: Sql("a.name"), ACCOUNT: Sql("a.name"), ACTIVITY: Sql("a.name"), PERSON: Sql("ma.name", MEMBERSHIP)},
        ("account:acme", 'account:="Acme Robotics"'),
        source="account.name",
    ),
    Field(
        "title",
        Kind.TEXT,
        "Title of the CTA or activity; of a person, the job.",
        {CTA: Sql("c.title"), PERSON: Sql("mb.title", MEMBERSHIP), ACTIVITY: Sql("v.subject")},
        ("title:38%", "title:director"),
        aliases=("subject",),
    ),
    Field(
        "language",
        Kind.NAME,
        "Language of the customer or person.",
        {CTA: Sql("a.language"), ACCOUNT: Sql("a.language"), ACTIVITY: Sql("a.language"), PERSON: Sql("n.language")},
        ("language:de",),
        source="account.language",
    ),
    Field(
        "external",
        Kind.NAME,
        "Its id in another system.",
        {
            e: Sql(
                "xe.key", f"{row}.id IN (SELECT xe.thing_id FROM external_id xe WHERE xe.thing = '{e}' AND {{test}})"
            )
            for e, row in ((CTA, "c"), (ACCOUNT, "a"), (PERSON, "n"), (ACTIVITY, "v"))
        },
        ("external:0015e00000Xyz",),
    ),
    Field(
        "text",
        Kind.ANYWHERE,
        "Words anywhere: the account's name, title, reason, id, external id. The same as the words alone.",
        {e: Sql("") for e in Entity},
        ("text:acme", 'text:"usage dropped"'),
    ),
)

FLAGS = (
    Flag("open", "not closed", {CTA: "c.status = 'open'"}),
    Flag("closed", "closed, with any outcome", {CTA: "c.status = 'closed'"}),
    Flag("unassigned", "open, and nobody's (snoozed ones too)", {CTA: "c.owner_id IS NULL AND c.status = 'open'"}),
    Flag("claimed", "open, and somebody's", {CTA: "c.owner_id IS NOT NULL AND c.status = 'open'"}),
    Flag("snoozed", "hidden until a day or a condition", {CTA: "c.snoozed_at IS NOT NULL"}),
    Flag("flagged", "flagged", {CTA: "c.flagged = TRUE"}),
    Flag(
        "overdue",
        "open and due before today; of an activity, its next step",
        {CTA: "c.status = 'open' AND {+}c.due < {day:0}", ACTIVITY: "{+}v.next_step_due < {day:0}"},
    ),
    Flag(
        "mine", "yours", {CTA: "c.owner_id = {me}", ACCOUNT: "{+}a.owner_id = {me}", ACTIVITY: "{+}v.author_id = {me}"}
    ),
    *(
        Flag(
            status,
            f"its account is {status}" if status != "customer" else "its account is a customer now",
            dict.fromkeys(WITH_ACCOUNT, f"{{+}}a.status = '{status}'"),
        )
        for status in ("customer", "churned", "prospect")
    ),
    Flag("test", "an account for trying things", dict.fromkeys(WITH_ACCOUNT, "{+}a.is_test = TRUE")),
    Flag("relationship", "an account under another one", dict.fromkeys(WITH_ACCOUNT, "{+}a.parent_id IS NOT NULL")),
    Flag("member", "in a value network", {PERSON: MEMBERSHIP.replace("{test}", "mb.value_network = TRUE")}),
    Flag("left", "left the customer", {PERSON: "n.left_on <= {day:0}"}),
    Flag("opted_out", "wants no mail", {PERSON: "n.opted_out = TRUE"}),
    Flag("bounced", "mail came back", {PERSON: "n.bounced = TRUE"}),
    Flag(
        "meeting",
        "a meeting or call, at which people were met",
        {ACTIVITY: "v.type_id IN (SELECT vk.id FROM activity_type vk WHERE vk.is_meeting = TRUE)"},
    ),
    Flag("promised", "with a next step", {ACTIVITY: "v.next_step IS NOT NULL"}),
    *TRANSITION_FLAGS,
    *MAIL_FLAGS,
)

IS = Field(
    "is",
    Kind.FLAG,
    "What state it is in.",
    {e: Sql("") for e in Entity},
    ("is:unassigned", "-is:churned", "is:overdue,flagged"),
)

FIELDS: tuple[Field, ...] = (
    IS, *CTA_FIELDS, *PERSON_FIELDS, *ACTIVITY_FIELDS, *SHARED_FIELDS, *ACCOUNT_FIELDS, *HEALTH_FIELDS, *NETWORK_FIELDS,
    *SUCCESS_FIELDS, *FACT_FIELDS, *TRANSITION_FIELDS, *MAIL_FIELDS, *TEAM_FIELDS,
)  # fmt: skip


def _index(fields: Iterable[Field]) -> Mapping[Entity, Mapping[str, Field]]:
    """Fields by entity and name or alias."""
    table: dict[Entity, dict[str, Field]] = {entity: {} for entity in Entity}
    for field in fields:
        for entity in field.on:
            for name in (field.name, *field.aliases):
                assert name not in table[entity], f"{name} is declared twice for {entity}"
                table[entity][name] = field
    return table


BY_NAME = _index(FIELDS)
"""Every field by what it is asked about and every name it answers to."""


def fields_of(entity: Entity) -> tuple[Field, ...]:
    """The fields one can ask about ``entity``, in the order of the docs."""
    return tuple(field for field in FIELDS if entity in field.on)


def choices_of(field: Field, entity: Entity) -> dict[str, str]:
    """The closed list of values of a field and what each means; empty when any value may be."""
    if field.kind is Kind.FLAG:
        return {flag.name: flag.meaning for flag in FLAGS if entity in flag.on}
    return dict.fromkeys(map(str, field.choices), "")
