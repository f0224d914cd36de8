"""The fields about the value network: how large, how well met, on how few people an account hangs."""

from __future__ import annotations

from db.query.account_fields import EVENT, FAMILY, MEMBERSHIP, on_accounts
from db.query.network_sql import ANYBODY, GOAL, MINIMUM, THREAD_MIN, belongs, took_place
from db.query.spec import Entity, Field, Kind, Sql
from db.terms import NetworkState

_NETWORK = (
    "FROM membership nm JOIN person np ON np.id = nm.person_id"
    f" WHERE {belongs('nm', 'np', '{day:0}')} AND nm.account_id {FAMILY}"
)
_MEMBERS = "COUNT(DISTINCT nm.person_id)"
_IN_WINDOW = "nv.at >= {since} AND nv.at < {at:1}"
_MEMBERS_MET = (
    "COUNT(DISTINCT CASE WHEN EXISTS (SELECT 1 FROM met nx WHERE nx.person_id = nm.person_id"
    f" AND nx.csm_id = {ANYBODY} AND nx.account_id {FAMILY} AND nx.at >= {{since}} AND nx.at < {{at:1}}) THEN nm.person_id END)"
)
_SIZE = f"(SELECT {_MEMBERS} {_NETWORK})"
_STATE = (
    f"(SELECT CASE WHEN {_MEMBERS} = 0 THEN 'none' WHEN {_MEMBERS} < {MINIMUM} THEN 'small'"
    f" WHEN {_MEMBERS_MET} * 100 < {GOAL} * {_MEMBERS} THEN 'low' ELSE 'ok' END {_NETWORK})"
)
_HELD = (
    "FROM activity nv JOIN activity_type ny ON ny.id = nv.type_id JOIN attendee na ON na.activity_id = nv.id"
    f" WHERE na.person_id IS NOT NULL AND {took_place('nv', 'ny', 'na')} AND {_IN_WINDOW} AND nv.account_id {FAMILY}"
)
_MOST_WITH_ONE = (
    "(SELECT COALESCE(MAX(nk.held), 0) FROM (SELECT COUNT(*) AS held FROM (SELECT nv.id, MIN(na.person_id) AS person"
    f" {_HELD} GROUP BY nv.id HAVING COUNT(DISTINCT na.person_id) = 1) nj GROUP BY nj.person) nk)"
)
_MET_ACCOUNT = (
    "(SELECT MAX(nv.at) FROM activity nv JOIN activity_type ny ON ny.id = nv.type_id"
    " JOIN attendee na ON na.activity_id = nv.id WHERE na.person_id IS NOT NULL"
    f" AND {took_place('nv', 'ny', 'na')} AND nv.at < {{at:1}} AND nv.account_id {FAMILY})"
)
_MET_PERSON = (
    f"(SELECT MAX(nx.at) FROM met nx WHERE nx.person_id = n.id AND nx.csm_id = {ANYBODY} AND nx.at < {{at:1}})"
)
_EVENT_OF_MEMBER = (
    "CASE WHEN EXISTS (SELECT 1 FROM membership em WHERE em.person_id = ev.person_id AND em.value_network = TRUE"
    f" AND em.account_id {FAMILY}) THEN 'yes' ELSE 'no' END"
)

NETWORK_FIELDS = (
    Field(
        "network_size",
        Kind.NUMBER,
        "People in the value network who have not left; relationships included. Compares with network_min too.",
        on_accounts(_SIZE),
        ("network_size:<2", "network_size:<network_min"),
        against={"network_min": MINIMUM},
    ),
    Field(
        "network_min",
        Kind.NUMBER,
        "How many people its segment wants in the value network, half of it while onboarding; none where not agreed.",
        on_accounts(MINIMUM),
        ("network_min:>=4", "network_min:none"),
    ),
    Field(
        "network_coverage",
        Kind.PERCENT,
        "Share of the value network met within its segment's window; unknown without one. Compares with network_goal too.",
        on_accounts(
            Sql(
                f"{_MEMBERS_MET} * 10000",
                f"(SELECT CASE WHEN {_MEMBERS} > 0 THEN {{test}} END {_NETWORK})",
                f"{{value}} * {_MEMBERS}",
            )
        ),
        ("network_coverage:<50%", "network_coverage:<network_goal"),
        scale=100,
        against={"network_goal": f"({GOAL}) * 100"},
    ),
    Field(
        "network",
        Kind.CHOICE,
        "The value network: none (not configured), small (under the minimum), low (coverage under the goal), ok.",
        on_accounts(_STATE),
        ("network:none", "network:small,low"),
        choices=tuple(NetworkState),
    ),
    Field(
        "single_thread",
        Kind.PERCENT,
        "Share of the meetings in the window at which the same person was the only one of the customer; unknown under"
        f" {THREAD_MIN} meetings.",
        on_accounts(
            Sql(
                f"{_MOST_WITH_ONE} * 10000",
                f"(SELECT CASE WHEN COUNT(DISTINCT nv.id) >= {THREAD_MIN} THEN {{test}} END {_HELD})",
                "{value} * COUNT(DISTINCT nv.id)",
            )
        ),
        ("single_thread:>60%", "single_thread:none"),
        scale=100,
    ),
    Field(
        "last_met",
        Kind.AGE,
        "Time since the person (of an account: anybody of it) was at a meeting or call that took place.",
        on_accounts(Sql(_MET_ACCOUNT, moment=True)) | {Entity.PERSON: Sql(_MET_PERSON, moment=True)},
        ("last_met:>60d", "last_met:none"),
    ),
    Field(
        "member",
        Kind.CHOICE,
        "Of a person, whether she is in a value network; beside event, whether it happened to such a person.",
        on_accounts(Sql(_EVENT_OF_MEMBER, EVENT))
        | {Entity.PERSON: Sql("CASE WHEN mb.value_network = TRUE THEN 'yes' ELSE 'no' END", MEMBERSHIP)},
        ("member:yes",),
        choices=("yes", "no"),
    ),
)
