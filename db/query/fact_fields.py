"""The fields about trainings, seats, advocacy and how old what is known of an account is."""

from __future__ import annotations

from db.query.account_fields import on_accounts
from db.query.spec import Field, Kind, Sql

_ACTIVE = "FROM usage us WHERE us.account_id = {account} AND us.metric = 'active users' AND us.superseded IS NULL"
_UNITS = (
    "(SELECT MAX(sb.units) FROM subscription sb WHERE sb.account_id = {account} AND sb.superseded IS NULL"
    " AND sb.starts <= {day:0} AND (sb.ends IS NULL OR sb.ends >= {day:0}))"
)
_LATEST_ACTIVE = f"(SELECT us.value {_ACTIVE} AND us.day > {{day:-28}} AND us.day <= {{day:0}} ORDER BY us.day DESC, us.id DESC LIMIT 1)"
_SEATS = f"(SELECT CASE WHEN su.units > 0 THEN {{test}} END FROM (SELECT {_LATEST_ACTIVE} AS active, {_UNITS} AS units) su)"
_RECENT = f"(SELECT AVG(us.value) {_ACTIVE} AND us.day > {{day:-28}} AND us.day <= {{day:0}})"
_BEFORE = f"(SELECT AVG(us.value) {_ACTIVE} AND us.day > {{day:-56}} AND us.day <= {{day:-28}})"
_TREND = (
    "(SELECT CASE WHEN st.recent > st.earlier * 1.05 THEN 'up' WHEN st.recent < st.earlier * 0.95 THEN 'down'"
    f" WHEN st.recent IS NOT NULL AND st.earlier IS NOT NULL THEN 'level' END FROM (SELECT {_RECENT} AS recent, {_BEFORE} AS earlier) st)"
)
_TRAINED = (
    "(SELECT CASE WHEN COUNT(*) > 0 THEN {test} END FROM training tr WHERE tr.account_id = {account}"
    " AND tr.superseded IS NULL AND tr.required = TRUE)"
)
_ADVOCACY = (
    "EXISTS (SELECT 1 FROM advocacy ad WHERE ad.account_id = {account} AND ad.superseded IS NULL AND ad.given_on IS NOT NULL"
    " AND ad.consent_until >= {day:0} AND {test})"
)
_USAGE_DAY = (
    "(SELECT MAX(ua.day) FROM usage ua WHERE ua.account_id = {account} AND ua.metric = 'logins' AND ua.superseded IS NULL"
    " AND ua.day <= {day:0})"
)
_OLDEST_FEED = (
    "(SELECT MIN(ff.latest) FROM (SELECT MAX(fd.loaded_at) AS latest FROM feed fd"
    " WHERE fd.kind IN ('usage', 'tickets', 'surveys') GROUP BY fd.kind) ff)"
)

FACT_FIELDS = (
    Field(
        "training_required", Kind.PERCENT, "Share of the required trainings that are done; unknown when none is required.",
        on_accounts(Sql("COUNT(CASE WHEN tr.completed <= {day:0} THEN 1 END) * 10000", _TRAINED, "{value} * COUNT(*)")),
        ("training_required:<100%", "training_required:100%"), scale=100,
    ),
    Field(
        "seat_use", Kind.PERCENT, "Active users, as last recorded within four weeks, of the units that run.",
        on_accounts(Sql("su.active * 10", _SEATS, "{value} * su.units")), ("seat_use:>=90%", "seat_use:<80%"), scale=100,
    ),
    Field(
        "seat_trend", Kind.CHOICE, "Active users of the last four weeks against the four before: up or down by more than 5 %.",
        on_accounts(_TREND), ("seat_trend:up",), choices=("up", "level", "down"),
    ),
    Field(
        "advocacy", Kind.NAME, "Account that gave this, with consent in writing that holds.",
        on_accounts(Sql("ad.kind", _ADVOCACY)), ("advocacy:reference_call", "advocacy:any"), source="advocacy.kind",
    ),
    Field(
        "usage_age", Kind.AGE, "Time since the last day of which log-ins are known.", on_accounts(_USAGE_DAY),
        ("usage_age:<=8d", "usage_age:none"),
    ),
    Field(
        "feed_age", Kind.AGE, "Time since usage, tickets or surveys last came by an import: the oldest of these feeds.",
        on_accounts(Sql(_OLDEST_FEED, moment=True)), ("feed_age:<=8d", "feed_age:none"),
    ),
)  # fmt: skip
