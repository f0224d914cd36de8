"""How the demo's team works together: pods, lanes, skills, hours, who is away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from cockpit.services.demo.days import Days
from db.terms import Lane

if TYPE_CHECKING:
    from cockpit.services.act import Work

PODS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "West": ("Bridge", ("chi", "ben"), ("dee",)),
    "Europe": ("Alpine", ("ida", "jon"), ("kai",)),
}
"""By pool: the pod's name, its seniors, its juniors."""
LANES = (("hal", "East", Lane.TACTICAL), ("gus", "East", Lane.STRATEGIC))
SKILLS = {
    "ana": "billing", "chi": "billing", "gus": "billing", "pam": "billing", "lou": "billing",
    "jon": "billing, german", "ida": "german", "kai": "german",
}  # fmt: skip
HOURS = {"kai": 32, "pam": 30, "lou": 20, "hal": 36}
FULL_WEEK = 40
NEWCOMER = "kai"
NEWCOMER_PERCENT, NEWCOMER_DAYS = 50, 45
MINUTES = {"risk": 60, "opportunity": 45, "lifecycle": 30, "event": 30}


def profile(login: str) -> dict[str, Any]:
    """What a CSM can do and how long she works."""
    return {
        "skills": SKILLS.get(login),
        "languages": "de, en" if "german" in SKILLS.get(login, "") else "en",
        "hours_week": HOURS.get(login, FULL_WEEK),
        "limit_percent": NEWCOMER_PERCENT if login == NEWCOMER else 100,
    }


def absent(opener: str) -> str:
    """The login of who is away; whoever opens the demo is here."""
    return "lou" if opener == "ben" else "ben"


def arrange(work: Work, opener: str, csms: Mapping[str, int], pools: Mapping[str, int]) -> dict[str, int]:
    """Skills of who opens it, minutes by type, lanes, pods; returns the pods by pool."""
    work.update("csm", csms[opener], {"skills": "billing, german", "languages": "de, en", "hours_week": FULL_WEEK})
    types = {name: id_ for id_, name in work.db.all("SELECT id, name FROM cta_type ORDER BY id")}
    work.update_many("cta_type", {types[name]: {"minutes": minutes} for name, minutes in MINUTES.items()})
    for login, pool, lane in LANES:
        seat = work.db.scalar(
            "SELECT id FROM pool_member WHERE pool_id = :pool AND csm_id = :csm", pool=pools[pool], csm=csms[login]
        )
        work.update("pool_member", seat, {"lane": lane})
    ids = work.insert_many("pod", [{"name": name} for name, _, _ in PODS.values()])
    pods = dict(zip(PODS, ids, strict=True))
    members = [
        {"pod_id": pods[pool], "csm_id": csms[login], "is_senior": login in seniors}
        for pool, (_, seniors, juniors) in PODS.items()
        for login in (*seniors, *juniors)
    ]
    work.insert_many("pod_member", members)
    return pods


def send_away(work: Work, opener: str, csms: Mapping[str, int], days: Mapping[str, Days]) -> dict[int, date]:
    """One is away now and covered by who opens the demo, one will be; returns the first day of who is away."""
    gone = absent(opener)
    here = days["default" if gone == "lou" else "West"]
    there = days["Europe"]
    later, cover = ("jon", "ida") if opener == "ida" else ("ida", "jon")
    first = here.days[-3]
    next_first = there.due(there.today, 6)
    work.insert_many("away", [
        {"csm_id": csms[gone], "first": first, "last": here.due(here.today + timedelta(days=1), 5), "cover_id": csms[opener],
         "note": "Holiday; what falls due meanwhile goes to the cover"},
        {"csm_id": csms[later], "first": next_first, "last": there.due(next_first, 9), "cover_id": csms[cover], "note": "Parental leave"},
    ])  # fmt: skip
    return {csms[gone]: first}
