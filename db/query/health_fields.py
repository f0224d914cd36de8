"""Fields about health and contact: on CTAs and activities they speak of the account."""

from __future__ import annotations

from db.query.account_fields import TREND_POINTS, WITH_ACCOUNT
from db.query.spec import Entity, Field, Kind, Sql
from db.reads.contact import IS_CONTACT


def _on(sql: Sql) -> dict[Entity, Sql]:
    return dict.fromkeys(WITH_ACCOUNT, sql)


_TOUCH_DAYS = "(SELECT pg.touch_days FROM account pa JOIN segment pg ON pg.id = pa.segment_id WHERE pa.id = {account})"
_IN_TOUCH = (
    "EXISTS (SELECT 1 FROM activity vt WHERE vt.account_id IN"
    " (SELECT fk.id FROM account fk WHERE fk.id = {account} OR fk.parent_id = {account})"
    f" AND vt.at <= {{now}} AND {IS_CONTACT}%s)"
)
_EVER = _IN_TOUCH % ""
_SINCE_WINDOW = _IN_TOUCH % f" AND vt.at >= {{weekdays_back:{_TOUCH_DAYS}}}"
_SINCE_SOON = _IN_TOUCH % f" AND vt.at >= {{weekdays_back:({_TOUCH_DAYS} * 8 / 10)}}"

HEALTH_FIELDS = (
    Field(
        "health_trend",
        Kind.CHOICE,
        f"Health against four weeks ago, as ▲, ▼ and ● show it: up or down by {TREND_POINTS} points or more, else steady.",
        _on(Sql("a.health - a.health_before")),
        ("health_trend:down", "-health_trend:up"),
        choices=("up", "steady", "down"),
        conditions={
            "up": f"{{expr}} >= {TREND_POINTS}",
            "steady": f"{{expr}} > -{TREND_POINTS} AND {{expr}} < {TREND_POINTS}",
            "down": f"{{expr}} <= -{TREND_POINTS}",
        },
    ),
    Field(
        "pulse",
        Kind.CHOICE,
        "Whether contact keeps to the segment's policy: fine, soon (over 80 % of the time has passed), late, never (no"
        " contact on the timeline), open (nothing is asked for).",
        _on(Sql("{account}")),
        ("pulse:late", "pulse:late,never"),
        choices=("fine", "soon", "late", "never", "open"),
        conditions={
            "fine": f"{_TOUCH_DAYS} IS NOT NULL AND {_SINCE_SOON}",
            "soon": f"{_TOUCH_DAYS} IS NOT NULL AND {_SINCE_WINDOW} AND NOT {_SINCE_SOON}",
            "late": f"{_TOUCH_DAYS} IS NOT NULL AND {_EVER} AND NOT {_SINCE_WINDOW}",
            "never": f"{_TOUCH_DAYS} IS NOT NULL AND NOT {_EVER}",
            "open": f"{_TOUCH_DAYS} IS NULL",
        },
    ),
    Field(
        "override",
        Kind.AHEAD,
        "Last day on which a person's word counts against its computed health.",
        _on(
            Sql(
                "(SELECT MAX(ov.until) FROM override ov WHERE ov.account_id = {account} AND ov.ended_at IS NULL"
                " AND ov.until >= {day:0})"
            )
        ),
        ("override:any", "override:<7d"),
    ),
)
