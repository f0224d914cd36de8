"""The fields of accounts: usable on CTAs and activities too, where they speak of the account.

Windows of n days end today and count it; ``logins`` is the metric that usage is judged by.
"""

from __future__ import annotations

from db.query.spec import Entity, Field, Kind, Sql
from db.terms import AccountStatus, ServedBy

AMBER, GREEN = 50, 75
TREND_POINTS = 5
"""Bands of health: red below 50, amber below 75, green from there."""

WITHOUT_DECIMALS = (
    "'BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'VND', 'VUV', 'XAF', 'XOF', 'XPF'"
)
WITH_THREE = "'BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'"
"""ISO 4217 currencies whose minor unit is not a hundredth, as ``cockpit.domain.money`` has them (tested)."""
MINOR_UNITS = (
    f"CASE WHEN a.currency IN ({WITHOUT_DECIMALS}) THEN {{none}}"
    f" WHEN a.currency IN ({WITH_THREE}) THEN {{three}} ELSE {{value}} END"
)

WITH_ACCOUNT = (Entity.CTA, Entity.ACCOUNT, Entity.ACTIVITY)
OWNER = ("login", "name")


def names(key: str, table: str, *columns: str) -> Sql:
    """A look-up of ``key`` by the name of the row it points at."""
    first, *rest = columns or ("name",)
    return Sql(
        f"lk.{first}",
        f"{{key}} IN (SELECT lk.id FROM {table} lk WHERE {{test}})",
        key=key,
        also=tuple(f"lk.{column}" for column in rest),
    )


def on_accounts(sql: Sql | str) -> dict[Entity, Sql]:
    """The same SQL wherever a row has an account."""
    return dict.fromkeys(WITH_ACCOUNT, sql if isinstance(sql, Sql) else Sql(sql))


_LATEST_NPS = (
    "(SELECT {test} FROM survey sv WHERE sv.account_id = {account} AND lower(sv.kind) = 'nps'"
    " AND sv.superseded IS NULL ORDER BY sv.answered DESC, sv.id DESC LIMIT 1)"
)
_CSAT_90D = (
    "(SELECT CASE WHEN COUNT(*) > 0 THEN {test} END FROM survey sv WHERE sv.account_id = {account}"
    " AND lower(sv.kind) = 'csat' AND sv.superseded IS NULL AND sv.answered > {day:-90} AND sv.answered <= {day:0})"
)
_TICKETS = "(SELECT COUNT(*) FROM ticket tk WHERE tk.account_id = {account} AND tk.superseded IS NULL AND "
_TICKET_OPEN = (
    "tk.closed IS NULL AND (tk.status IS NULL OR lower(tk.status) NOT IN ('closed', 'solved', 'resolved', 'done'))"
)
_P1 = "lower(tk.priority) IN ('p1', '1', 'urgent', 'critical', 'highest', 'blocker')"
_TOUCH = (
    "(SELECT MAX(vt.at) FROM activity vt WHERE vt.account_id = {account} AND vt.superseded IS NULL AND vt.state = 'done'"
    " AND vt.at <= {now})"
)
_LOGINS = "FROM usage us WHERE us.account_id = {account} AND us.metric = 'logins' AND us.superseded IS NULL"
_FEED = "(SELECT 0 FROM usage uf WHERE uf.metric = 'logins' AND uf.superseded IS NULL LIMIT 1)"
_DROP_BASE = "SUM(CASE WHEN us.day <= {day:-28} THEN us.value END)"
_DROP_RECENT = "SUM(CASE WHEN us.day > {day:-28} THEN us.value END)"
_DROP = (
    f"(SELECT CASE WHEN {_DROP_BASE} > 0 THEN {{test}} END {_LOGINS} AND us.day > {{day:-56}} AND us.day <= {{day:0}})"
)
FAMILY = "IN (SELECT fk.id FROM account fk WHERE fk.id = {account} OR fk.parent_id = {account})"
"""An account with its relationships."""
MEMBERSHIP = (
    "EXISTS (SELECT 1 FROM membership mb JOIN account ma ON ma.id = mb.account_id WHERE mb.person_id = n.id AND {test})"
)
EVENT = "EXISTS (SELECT 1 FROM event ev WHERE ev.account_id = {account} AND ev.superseded IS NULL AND {test})"
_ACTIVITY = (
    "EXISTS (SELECT 1 FROM activity av JOIN activity_type ay ON ay.id = av.type_id"
    " WHERE av.account_id = {account} AND av.superseded IS NULL AND av.state = 'done' AND av.at <= {now} AND {test})"
)
_MRR = (
    "(SELECT SUM(CASE WHEN sb.starts <= {day:0} AND (sb.ends IS NULL OR sb.ends >= {day:0}) THEN sb.mrr ELSE 0 END)"
    " FROM subscription sb WHERE sb.account_id = {account} AND sb.superseded IS NULL)"
)


def _logins(days: int) -> str:
    """Logins in a window; 0 only where some logins, ever, are on record."""
    return (
        f"COALESCE((SELECT SUM(us.value) {_LOGINS} AND us.day > {{day:-{days}}} AND us.day <= {{day:0}}),"
        f" (SELECT 0 {_LOGINS} LIMIT 1))"
    )


ACCOUNT_FIELDS = (
    Field(
        "arr",
        Kind.MONEY,
        "Annual recurring revenue, in the account's own currency.",
        on_accounts("a.arr"),
        ("arr:>=20k", "arr:10k..50k", "arr>1.5m"),
        scale=100,
    ),
    Field(
        "mrr",
        Kind.MONEY,
        "Monthly recurring revenue of the subscriptions that run today.",
        on_accounts(_MRR),
        ("mrr:>=2k", "mrr:0"),
        scale=100,
    ),
    Field(
        "currency",
        Kind.NAME,
        "Currency of the account.",
        on_accounts("a.currency"),
        ("currency:eur",),
        source="account.currency",
    ),
    Field(
        "health", Kind.NUMBER, "Health score, 0 to 100.", on_accounts("a.health"), ("health:<60", "health:none"), unit="0-100"
    ),
    Field(
        "health_change_30d",
        Kind.NUMBER,
        "Health now minus health four weeks ago.",
        on_accounts("a.health - a.health_before"),
        ("health_change_30d:<=-15",),
        aliases=("health_change",),
        unit="points",
    ),
    Field(
        "band",
        Kind.CHOICE,
        f"Band of the health score: red under {AMBER}, amber under {GREEN}, green.",
        on_accounts("a.health"),
        ("band:red", "band:red,amber"),
        choices=("red", "amber", "green"),
        conditions={
            "red": f"{{expr}} < {AMBER}",
            "amber": f"{{expr}} >= {AMBER} AND {{expr}} < {GREEN}",
            "green": f"{{expr}} >= {GREEN}",
        },
    ),
    Field(
        "segment",
        Kind.NAME,
        "Segment of the account.",
        on_accounts(names("a.segment_id", "segment")),
        ("segment:smb", "-segment:enterprise"),
        source="segment.name",
    ),
    Field("region", Kind.NAME, "Region of the account.", on_accounts("a.region"), ("region:emea",), source="account.region"),
    Field(
        "industry",
        Kind.TEXT,
        "Industry of the account.",
        on_accounts("a.industry"),
        ("industry:software",),
        source="account.industry",
    ),
    Field(
        "stage",
        Kind.NAME,
        "Lifecycle stage of the account.",
        on_accounts("a.stage"),
        ("stage:onboarding",),
        source="account.stage",
    ),
    Field(
        "account_status",
        Kind.CHOICE,
        "Whether it is a prospect, a customer, or churned.",
        on_accounts("a.status"),
        ("account_status:customer",),
        choices=tuple(AccountStatus),
    ),
    Field(
        "account_owner",
        Kind.NAME,
        "Login or name of the CSM who holds the account.",
        on_accounts(names("a.owner_id", "csm", *OWNER)),
        ("account_owner:me", "account_owner:none"),
        source="csm.login",
        people=True,
    ),
    Field(
        "served_by",
        Kind.CHOICE,
        "Service model of the account.",
        on_accounts("a.served_by"),
        ("served_by:pool,hybrid", "served_by:(pool OR hybrid)"),
        choices=tuple(ServedBy),
    ),
    Field(
        "parent",
        Kind.TEXT,
        "Name of the account it is a relationship of.",
        on_accounts(names("a.parent_id", "account")),
        ("parent:acme", "parent:none"),
        source="account.name",
    ),
    Field("account_id", Kind.ID, "Number of the account.", on_accounts("{account}"), ("account_id:17",)),
    Field("domain", Kind.TEXT, "Web domain of the account.", on_accounts("a.domain"), ("domain:acme.com",)),
    Field(
        "renewal",
        Kind.AHEAD,
        "Renewal date. <90d is today to 90 days ahead; a past one is renewal:overdue.",
        on_accounts("a.renewal_date"),
        ("renewal:<90d", "renewal:75d..90d", "renewal:this_quarter"),
        bounded=True,
    ),
    Field("live", Kind.AGE, "Time since go-live.", on_accounts("a.go_live"), ("live:30d..44d", "live:>60d"), bounded=True),
    Field(
        "nps",
        Kind.NUMBER,
        "Score of the latest NPS response, 0 to 10.",
        on_accounts(Sql("sv.score", _LATEST_NPS)),
        ("nps:<=6", "nps:7..8"),
        unit="0-10",
    ),
    Field(
        "nps_age",
        Kind.AGE,
        "Time since we learned of the latest NPS response; when that is more than 30 days old, since it was given.",
        on_accounts(Sql("sv.answered", _LATEST_NPS, learned="sv.recorded")),
        ("nps_age:<=3d", "nps_age:>180d"),
    ),
    Field(
        "csat",
        Kind.NUMBER,
        "Mean CSAT score of the last 90 days.",
        on_accounts(Sql("SUM(sv.score) * 1000", _CSAT_90D, "{value} * COUNT(*)")),
        ("csat:<3.5",),
        scale=1000,
    ),
    Field(
        "tickets_open",
        Kind.NUMBER,
        "Support tickets that are open.",
        on_accounts(f"{_TICKETS}{_TICKET_OPEN})"),
        ("tickets_open:>=3",),
    ),
    Field(
        "tickets_14d",
        Kind.NUMBER,
        "Support tickets opened in the last 14 days.",
        on_accounts(f"{_TICKETS}tk.opened >= {{at:-13}})"),
        ("tickets_14d:>=5",),
    ),
    Field(
        "tickets_p1_open",
        Kind.NUMBER,
        "Open tickets of the highest priority (P1, urgent, critical …).",
        on_accounts(f"{_TICKETS}{_TICKET_OPEN} AND {_P1})"),
        ("tickets_p1_open:>=1",),
    ),
    Field(
        "last_touch",
        Kind.AGE,
        "Time since the latest activity on the account; none when there was none.",
        on_accounts(Sql(_TOUCH, moment=True)),
        ("last_touch:<14d", "last_touch:none"),
    ),
    Field(
        "no_touch",
        Kind.AGE,
        "No activity on the account for at least so long, or never.",
        on_accounts(Sql(f"COALESCE({_TOUCH}, {{at:-99999}})", moment=True)),
        ("no_touch:60d",),
        bare=">=",
    ),
    Field(
        "activity",
        Kind.NAME,
        "Account with an activity of this type; with activity_age, of that age.",
        on_accounts(Sql("ay.name", _ACTIVITY)),
        ("-activity:meeting<=30d", "activity:call activity_age:<7d"),
        source="activity_type.name",
        aged_by="activity_age",
    ),
    Field(
        "activity_age",
        Kind.AGE,
        "Time since an activity on the account.",
        on_accounts(Sql("av.at", _ACTIVITY, moment=True)),
        ("activity_age:<7d",),
    ),
    Field(
        "usage_drop",
        Kind.PERCENT,
        "Fall of logins in the last 28 days against the 28 before; unknown unless both have figures.",
        on_accounts(Sql(f"({_DROP_BASE} - {_DROP_RECENT}) * 10000", _DROP, f"{{value}} * {_DROP_BASE}")),
        ("usage_drop:>30%",),
        scale=100,
    ),
    Field(
        "usage_base",
        Kind.NUMBER,
        "Logins in the 28 days before the last 28.",
        on_accounts(f"(SELECT SUM(us.value) {_LOGINS} AND us.day > {{day:-56}} AND us.day <= {{day:-28}})"),
        ("usage_base:>=20",),
        scale=1000,
    ),
    Field(
        "logins_14d",
        Kind.NUMBER,
        "Logins in the last 14 days; 0 only where logins were ever recorded.",
        on_accounts(_logins(14)),
        ("logins_14d:0",),
        scale=1000,
    ),
    Field("logins_90d", Kind.NUMBER, "Logins in the last 90 days.", on_accounts(_logins(90)), ("logins_90d:>0",), scale=1000),
    Field(
        "logins_ever",
        Kind.NUMBER,
        "Logins on record; 0 only where those of others are.",
        on_accounts(f"COALESCE((SELECT SUM(us.value) {_LOGINS}), {_FEED})"),
        ("logins_ever:0",),
        scale=1000,
    ),
    Field(
        "event",
        Kind.NAME,
        "Account to which this happened; with event_age, the same event.",
        on_accounts(Sql("ev.type", EVENT)),
        ("event:contact_left event_age:<=5d", "event:any"),
        source="event.type",
        aged_by="event_age",
    ),
    Field(
        "event_age",
        Kind.AGE,
        "Time since we learned of an event; when it is more than 30 days old, since it was.",
        on_accounts(Sql("ev.day", EVENT, learned="ev.recorded")),
        ("event_age:<=10d",),
    ),
)
