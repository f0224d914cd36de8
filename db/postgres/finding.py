"""The doors to the index of words: functions that match by the index and give only what the session's login may see.

They read as the owner of the tables, so what a login may see is said in them once more, in the words of the policies.
"""

from __future__ import annotations

from db.postgres.policies import IN_REACH, RULES, SEES_ALL, WORKS_HERE

_ACCOUNT = f"EXISTS (SELECT 1 FROM account WHERE account.id = {{id}} AND ({RULES['account'].see}))"
SEEN = {
    "account": RULES["account"].see,
    "person": f"{SEES_ALL} OR ({WORKS_HERE} AND belongs_nowhere(person.id)) OR EXISTS (SELECT 1 FROM membership"
    f" WHERE membership.person_id = person.id AND {_ACCOUNT.format(id='membership.account_id')})",
    "cta": f"{IN_REACH} OR account_id = ANY ((SELECT my_accounts())::bigint[]) OR {_ACCOUNT.format(id='cta.account_id')}",
    "activity": f"{SEES_ALL} OR {_ACCOUNT.format(id='activity.account_id')}",
}
"""Which rows a login may see, asked of the table under its own name."""
_OWNS = "(SELECT pg_has_role(session_user, 'cockpit_owner', 'MEMBER'))"
_NEEDLES = "unnest(string_to_array(asked, chr(31))) AS part"
MATCHED = {
    "part": f"grams(w.said) @> ARRAY(SELECT DISTINCT unnest(grams(lower(part))) FROM {_NEEDLES})"
    f" AND NOT EXISTS (SELECT 1 FROM {_NEEDLES} WHERE position(lower(part) IN w.said) = 0)",
    "word": "w.said @@ CAST(asked AS tsquery)",
}

def statements(*, protected: bool) -> list[str]:
    """The SQL of the functions ``<thing>_with(asked, most)``: ids of what matches, the newest first.

    A 0 at the end says that more than ``most`` match, of what the login may see: then some may be missing.
    """
    made = []
    for thing, seen in SEEN.items():
        matched = MATCHED["word" if thing == "activity" else "part"]
        enough, shown = "most * 20", ""
        if protected:
            # Who may not see all is shown what is hers however much of it is others', and nothing that depends on that.
            enough = f"CASE WHEN {SEES_ALL} OR {_OWNS} THEN most * 20 END"
            shown = f" CROSS JOIN LATERAL (SELECT 1 FROM {thing} WHERE {thing}.id = hit AND ({_OWNS} OR {seen}) LIMIT 1) AS hers"
        made.append(
            f"CREATE OR REPLACE FUNCTION {thing}_with(asked text, most integer) RETURNS SETOF bigint"
            " LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$"
            # Ordered in a step of its own, or the planner would walk all rows backwards in the hope of an early hit.
            f" WITH hits AS MATERIALIZED (SELECT w.id AS hit FROM {thing}_words w WHERE {matched} LIMIT {enough}),"
            f" found AS MATERIALIZED (SELECT hit FROM (SELECT hit FROM hits ORDER BY hit DESC) AS newest{shown}"
            " ORDER BY hit DESC LIMIT most + 1)"
            " SELECT hit FROM found UNION ALL SELECT 0 FROM (SELECT count(*) AS n FROM found) AS all_ WHERE n > most"
            " $$"
        )
    reach = f"AND ({_OWNS} OR {SEEN['activity']})" if protected else ""
    made.append(  # the account's own entries are few: they are looked through, whatever else has the words
        "CREATE OR REPLACE FUNCTION activity_of_account_with(asked text, account_ bigint) RETURNS SETOF bigint"
        " LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$"
        " SELECT activity.id FROM activity JOIN activity_words w ON w.id = activity.id"
        f" WHERE activity.account_id = account_ AND {MATCHED['word']} {reach} $$"
    )
    return made
