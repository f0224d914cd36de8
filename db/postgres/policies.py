"""Row-level security as one table: who sees the rows of which table, and who writes them.

Conditions are SQL. What does not depend on the row stands in ``(SELECT …)``, so that it is asked once per statement;
what does compares 64-bit integers, whose comparison is leakproof and leaves the indexes usable.
"""

from __future__ import annotations

from dataclasses import dataclass

ALL = "TRUE"
SEES_ALL = "(SELECT sees_all())"
WRITERS = "(SELECT may_write())"
LEADERS = "(SELECT leads())"
ME = "(SELECT my_id())"
WORKS_HERE = f"{ME} IS NOT NULL"
IN_REACH = (
    f"{SEES_ALL} OR pool_id = ANY ((SELECT my_pools())::bigint[]) OR owner_id = {ME} OR (pool_id IS NULL AND {WORKS_HERE})"
)
OF_ACCOUNT = f"{SEES_ALL} OR EXISTS (SELECT 1 FROM account up WHERE up.id = account_id)"
OF_CTA = f"{SEES_ALL} OR EXISTS (SELECT 1 FROM cta up WHERE up.id = cta_id)"
OF_TRANSITION = f"{SEES_ALL} OR EXISTS (SELECT 1 FROM transition up WHERE up.id = transition_id)"
SEES_ACCOUNT = f"{SEES_ALL} OR (SELECT TRUE FROM account up WHERE up.id = account_id)"
OF_WORK = (
    f"{SEES_ALL} OR {{mine}} = {ME} OR EXISTS (SELECT 1 FROM cta up WHERE up.id = cta_id)"
    " OR EXISTS (SELECT 1 FROM account up WHERE up.id = account_id)"
    " OR EXISTS (SELECT 1 FROM transition up WHERE up.id = transition_id)"
)
SEALS = f"{LEADERS} AND actor = 'system' AND at BETWEEN now() - interval '1 hour' AND now() + interval '1 hour'"
"""A seal bears the moment its maker began to count, by her own clock."""
IN_TIME = f"(CASE WHEN (SELECT is_team_store()) THEN CASE verb WHEN 'seal' THEN {SEALS} ELSE at = now() END ELSE TRUE END)"
IN_MY_NAME = (
    "via = session_user AND (actor = session_user AND actor_id = (SELECT my_id())"
    " OR actor = 'system' AND actor_id IS NULL AND face = 'system')"
)


@dataclass(frozen=True, slots=True)
class Rule:
    """Who sees a row, inserts it, and changes or deletes one she sees; None: nobody but the owner."""

    see: str = ALL
    insert: str | None = WRITERS
    update: str | None = WRITERS
    after: str | None = None
    """What a changed row must be, beside seen; as ``update`` unless it says otherwise."""
    delete: str | None = WRITERS
    points: str | None = None
    """A column through which a row lets its holder in at another thing: what is put there is seen already."""
    pointed: str = ""
    """The condition that it is."""


NOBODY = Rule("FALSE", insert=None, update=None, delete=None)


def _led(**more: str) -> Rule:
    return Rule(**({"insert": LEADERS, "update": LEADERS, "delete": LEADERS} | more))


def _under(see: str, points: str | None = None, pointed: str = "") -> Rule:
    return Rule(see, insert=f"{WRITERS} AND ({see})", points=points, pointed=pointed)


RULES: dict[str, Rule] = {
    # what the store is, and its own words
    "info": Rule(insert=None, update=None, delete=None),
    "alembic_version": Rule(insert=None, update=None, delete=None),
    "activity_type": _led(),
    "article": Rule(),
    "feed": Rule(),
    "scorecard": _led(),
    "stray": Rule(f"{SEES_ALL} OR {WORKS_HERE}"),
    "template": Rule(),
    "cta_type": _led(),
    "playbook": Rule(update=LEADERS),
    "product": Rule(),
    "reason": Rule(update=LEADERS),
    "segment": _led(),
    "setting": _led(),
    # who works here: what decides what one sees is for managers and ops
    "csm": _led(insert=f"{LEADERS} OR ({WRITERS} AND NOT active AND role = 'csm')"),
    "pool": _led(),
    "pool_member": _led(update=WRITERS, after=f"{LEADERS} OR was_member(id, pool_id, csm_id)"),
    "pod": _led(),
    "pod_member": _led(),
    "away": Rule(),
    "presence": Rule(insert=f"{WRITERS} AND csm_id = {ME}", update=f"{WRITERS} AND csm_id = {ME}"),
    "view": Rule(
        f"{SEES_ALL} OR shared OR owner_id = {ME}",
        insert=f"{WRITERS} AND owner_id = {ME} OR {LEADERS}",
        update=f"{WRITERS} AND owner_id = {ME} OR {LEADERS}",
        delete=f"{WRITERS} AND owner_id = {ME} OR {LEADERS}",
    ),
    # accounts, and what belongs to them
    "account": _under(f"{IN_REACH} OR pod_id = ANY ((SELECT my_pods())::bigint[]) OR id = ANY ((SELECT my_accounts())::bigint[])"),
    "cta": _under(
        f"{IN_REACH} OR account_id = ANY ((SELECT my_accounts())::bigint[])"
        # Not EXISTS: the planner may answer that with a hash of all accounts, which a page of the queue cannot wait for.
        " OR (SELECT TRUE FROM account up WHERE up.id = account_id)",
        "account_id",
        SEES_ACCOUNT,
    ),
    "activity": _under(OF_ACCOUNT),
    "advocacy": _under(OF_ACCOUNT),
    "document": _under(OF_ACCOUNT),
    "draft": _under(OF_ACCOUNT),
    "escalation": _under(OF_ACCOUNT),
    "event": _under(OF_ACCOUNT),
    "goal": _under(OF_ACCOUNT),
    "intervention": _under(SEES_ACCOUNT),  # asked in the claim of the next CTA: no hash of all accounts here either
    "membership": _under(OF_ACCOUNT, "person_id", f"{SEES_ALL} OR is_seen('person', person_id)"),
    "opportunity": _under(OF_ACCOUNT),
    "outbox": _under(OF_ACCOUNT),
    "override": _under(OF_ACCOUNT),
    "renewal_call": _under(OF_ACCOUNT),
    "risk": _under(OF_ACCOUNT),
    "score": _under(OF_ACCOUNT),
    "sentiment": _under(OF_ACCOUNT),
    "subscription": _under(OF_ACCOUNT),
    "training": _under(OF_ACCOUNT),
    "survey": _under(OF_ACCOUNT),
    "ticket": _under(f"{OF_ACCOUNT} OR (account_id IS NULL AND {WORKS_HERE})"),
    "usage": _under(OF_ACCOUNT),
    "person": Rule(
        f"{SEES_ALL} OR EXISTS (SELECT 1 FROM membership up WHERE up.person_id = person.id) OR ({WORKS_HERE} AND belongs_nowhere(id))"
    ),
    "merge": _under(f"{SEES_ALL} OR is_seen(thing, kept_id)"),
    "viewing": Rule(f"{SEES_ALL} OR csm_id = {ME}", insert=f"{WRITERS} AND csm_id = {ME}", update=None),
    # accounts that change hands
    "transition": _under(
        f"{SEES_ALL} OR {ME} IN (from_csm_id, to_csm_id, manager_id, gatekeeper_id)"
        " OR from_pool_id = ANY ((SELECT my_pools())::bigint[]) OR to_pool_id = ANY ((SELECT my_pools())::bigint[])"
        " OR EXISTS (SELECT 1 FROM account up WHERE up.id = account_id)",
        "account_id",
        f"account_id IS NULL OR {SEES_ACCOUNT}",
    ),
    "transition_account": _under(OF_TRANSITION, "account_id", SEES_ACCOUNT),
    "decision": _under(OF_TRANSITION),
    "brief": _under(OF_TRANSITION),
    "question": _under(OF_TRANSITION),
    "leave": Rule(f"{SEES_ALL} OR csm_id = {ME} OR EXISTS (SELECT 1 FROM transition up WHERE up.leave_id = leave.id)"),
    "run": _under(OF_WORK.format(mine="csm_id")),
    "external_id": Rule(f"{SEES_ALL} OR is_seen(thing, thing_id)"),
    # what belongs to a CTA or an activity
    "comment": _under(OF_CTA),
    "cta_person": _under(OF_CTA),
    "review": _under(OF_CTA),
    "shadow": _under(OF_CTA),
    "task": _under(OF_WORK.format(mine="owner_id"), "cta_id", f"cta_id IS NULL OR {OF_CTA}"),
    "mention": _under(f"{SEES_ALL} OR EXISTS (SELECT 1 FROM comment up WHERE up.id = comment_id)"),
    "attendee": _under(f"{SEES_ALL} OR EXISTS (SELECT 1 FROM activity up WHERE up.id = activity_id)"),
    # the journal: added to in one's own name, never changed
    "act": Rule(
        f"{SEES_ALL} OR actor = session_user OR via = session_user OR is_my_act(undoes) OR is_act_seen(id)",
        insert=f"{WRITERS} AND {IN_MY_NAME} AND {IN_TIME}",
        update=None,
        delete=None,
    ),
    "change": Rule(
        f"{SEES_ALL} OR is_my_act(act_id) OR is_seen(thing, thing_id)",
        insert=f"{WRITERS} AND is_my_act_now(act_id)",
        update=None,
        delete=None,
    ),
    "dated": Rule(OF_ACCOUNT, insert=f"{WRITERS} AND ({OF_ACCOUNT})", delete=None),
    # what attendance says: triggers keep it
    "met": Rule(OF_ACCOUNT, insert=None, update=None, delete=None),
    # the index of words: triggers keep it, functions read it (``db.postgres.finding``)
    "account_words": NOBODY,
    "person_words": NOBODY,
    "cta_words": NOBODY,
    "activity_words": NOBODY,
}
"""Every table. A test compares them with the store's."""


def statements(table: str, rule: Rule) -> list[str]:
    """The SQL that puts a rule in force, in place of whatever was."""
    rights = ["SELECT", *(word for word, may in (("INSERT", rule.insert), ("UPDATE", rule.update), ("DELETE", rule.delete)) if may)]
    made = [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"REVOKE ALL ON {table} FROM PUBLIC, cockpit_app",
        f"GRANT {', '.join(rights)} ON {table} TO cockpit_app",
        *(f"DROP POLICY IF EXISTS {name} ON {table}" for name in ("own", "see", "add", "alter_", "remove")),
        f"CREATE POLICY own ON {table} TO cockpit_owner USING (TRUE) WITH CHECK (TRUE)",
        f"CREATE POLICY see ON {table} FOR SELECT TO cockpit_app USING ({rule.see})",
    ]
    if rule.insert:
        made.append(f"CREATE POLICY add ON {table} FOR INSERT TO cockpit_app WITH CHECK ({_all(rule.insert, rule.pointed)})")
    # The server asks ``see`` of a statement only when that reads the row: UPDATE account SET owner_id = 7 does not.
    if rule.update:
        points = f"{rule.pointed} OR was_at('{table}', id, {rule.points})" if rule.points else ""
        after = _all(rule.after or rule.update, rule.see, points)
        made.append(f"CREATE POLICY alter_ ON {table} FOR UPDATE TO cockpit_app USING ({_all(rule.update, rule.see)}) WITH CHECK ({after})")
    if rule.delete:
        made.append(f"CREATE POLICY remove ON {table} FOR DELETE TO cockpit_app USING ({_all(rule.delete, rule.see)})")
    return made


def _all(*conditions: str) -> str:
    return " AND ".join(f"({condition})" for condition in conditions if condition not in ("", ALL)) or ALL
