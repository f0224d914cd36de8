"""The supplier's side of the demo: pools, CSMs, segments, products, types, reasons, playbooks."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from cockpit.domain.playbook import Step
from cockpit.domain.weights import Weights
from cockpit.services import library, setup
from cockpit.services.act import Work
from cockpit.services.calendars import calendar_for
from cockpit.services.demo.days import Days
from cockpit.services.demo.kinds import ASKED, KINDS, SEGMENTS, lane, skill
from cockpit.services.demo.known import PRODUCTS
from cockpit.services.demo.parts import ABSENT, OPENER, PASTS, Past
from cockpit.services.demo.team import NEWCOMER, NEWCOMER_DAYS, NEWCOMER_PERCENT, absent, arrange, profile, send_away
from cockpit.services.scoring import scoring_day, weights
from db.terms import Role

POOLS: dict[str, tuple[str, str | None]] = {
    "default": ("UTC", None),
    "West": ("America/Los_Angeles", "US"),
    "East": ("America/New_York", "US"),
    "Europe": ("Europe/Berlin", "DE"),
}
"""Name: time zone, holiday calendar."""
CSMS: tuple[tuple[str, str, Role, tuple[str, ...]], ...] = (
    ("ana", "Ana Ruiz", Role.CSM, ("West",)),
    ("ben", "Ben Okafor", Role.CSM, ("West",)),
    ("chi", "Chi Tanaka", Role.CSM, ("West",)),
    ("dee", "Dee Lind", Role.JUNIOR, ("West",)),
    ("eve", "Eve Moreau", Role.CSM, ("East",)),
    ("gus", "Gus Adeyemi", Role.CSM, ("East",)),
    ("hal", "Hal Petrov", Role.CSM, ("East",)),
    ("ida", "Ida Lindqvist", Role.CSM, ("Europe",)),
    ("jon", "Jon Vesely", Role.CSM, ("Europe",)),
    ("kai", "Kai Aydin", Role.JUNIOR, ("Europe",)),
    ("lou", "Lou Marchetti", Role.CSM, ("default",)),
    ("pam", "Pam Osei", Role.CSM, ("default", "East")),
    ("mo", "Mo Haddad", Role.MANAGER, tuple(POOLS)),
    ("ria", "Ria Novak", Role.READ_ONLY, ("West",)),
)
LEAVER = ("noa", "Noa Berg", Role.CSM, ("West",))
LEAVER_DAYS = 120
"""Noa left so many days ago; what she closed stays hers."""
DAWN = time(5, 30)
"""When the rules run, UTC."""
_MOST = 15
"""Claims that the demo gives one CSM, of a limit of 25."""


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a part was played."""

    cta: int
    pool: str
    owner: int
    intervention: int | None
    proposed_at: datetime | None


@dataclass(slots=True)
class World:
    """What every story needs: ids by name, the clock, the days, the dice."""

    rng: Random
    now: datetime
    today: date
    weights: Weights
    pools: dict[str, int]
    days: dict[str, Days]
    csms: dict[str, int]
    teams: dict[str, tuple[int, ...]]
    """Ids of the CSMs who claim in a pool."""
    segments: dict[str, int]
    products: dict[str, int]
    types: dict[str, int]
    reasons: dict[str, int]
    activities: dict[str, int]
    playbooks: dict[str, int]
    steps: dict[str, tuple[Step, ...]]
    opener: str
    """The login that builds it."""
    pods: dict[str, int]
    away: dict[int, date]
    """The first day of who is away now."""
    pasts: list[Past] = field(default_factory=lambda: list(PASTS))
    cast: dict[str, Stand] = field(default_factory=dict)
    closes: dict[int, list[tuple[datetime, int]]] = field(default_factory=dict)
    """By CSM some of what was closed lately: when, and the CTA."""
    fell: list[int] = field(default_factory=list)
    """Ids of the accounts whose health fell, as a CTA says."""
    held: dict[int, int] = field(default_factory=dict)
    crossings: dict[tuple[date, date | None], date | None] = field(default_factory=dict)

    @property
    def last_run(self) -> date:
        """The day of the last run of the rules."""
        ran = self.now.time() > time(DAWN.hour, DAWN.minute + 20)
        return self.today if ran else self.today - timedelta(days=1)

    def claimer(self, pool: str) -> int | None:
        """The CSM of a pool who holds least, if one has room to take more."""
        newcomer = self.csms[NEWCOMER]
        weight = {
            csm: self.held.get(csm, 0) * (100 // NEWCOMER_PERCENT if csm == newcomer else 1) for csm in self.teams[pool]
        }
        best = min((csm for csm in weight if csm not in self.away), key=weight.__getitem__)
        if weight[best] >= _MOST:
            return None
        self.held[best] = self.held.get(best, 0) + 1
        return best

    def take(self, who: str) -> int:
        """The CSM of a part, who holds one more."""
        csm = self.csms[{OPENER: self.opener, ABSENT: absent(self.opener)}.get(who, who)]
        self.held[csm] = self.held.get(csm, 0) + 1
        return csm

    def worker(self, pool: str, day: date, until: date | None = None) -> int:
        """Somebody of the pool who worked there on a day (and until another)."""
        team = tuple(csm for csm in self.teams[pool] if self.is_here(csm, day) and self.is_here(csm, until or day))
        if pool in LEAVER[3] and (self.today - day).days > LEAVER_DAYS:
            team = (*team, self.csms[LEAVER[0]])
        return self.rng.choice(team)

    def is_here(self, csm: int, day: date) -> bool:
        """Whether somebody had begun and was not away on a day."""
        if csm == self.csms[NEWCOMER]:
            return (self.today - day).days <= NEWCOMER_DAYS
        return csm not in self.away or day < self.away[csm]


def found(work: Work, rng: Random, login: str) -> World:
    """Puts the supplier into an empty store and returns the world the stories happen in."""
    # the rows of every new store, inside this act: their uids come from the same dice
    inspect.unwrap(setup.furnish)(work, login)
    pools = {"default": _id(work, "pool", "default")}
    for name, (zone, region) in POOLS.items():
        if name not in pools:
            pools[name] = work.insert("pool", {"name": name, "time_zone": zone, "calendar": region})
    csms = _hire(work, login, pools)
    books = work.db.all("SELECT id, name FROM playbook")
    steps = {book.name: book.steps for _, book in library.shipped()}
    days = {name: Days(calendar_for(zone, region), work.now) for name, (zone, region) in POOLS.items()}
    reasons = list(dict.fromkeys(kind.reason for kind in (*KINDS.values(), ASKED)))
    return World(
        rng=rng,
        now=work.now,
        today=scoring_day(work.now),
        weights=weights(work.db),
        pools=pools,
        days=days,
        csms=csms,
        teams=_teams(csms, login),
        segments={segment.name: _id(work, "segment", segment.name) for segment in SEGMENTS},
        products=_products(work),
        types={name: _id(work, "cta_type", name) for name, _ in setup.CTA_TYPES},
        reasons=dict(zip(reasons, work.insert_many("reason", [_reason(name) for name in reasons]), strict=True)),
        activities={name: _id(work, "activity_type", name) for name in setup.ACTIVITY_TYPES},
        playbooks={name: id_ for id_, name in books},
        steps={name: steps[name] for _, name in books},
        opener=login,
        pods=arrange(work, login, csms, pools),
        away=send_away(work, login, csms, days),
    )


def _reason(name: str) -> dict[str, Any]:
    return {"name": name, "lane": lane(name), "skill": skill(name, "")}


def _hire(work: Work, login: str, pools: dict[str, int]) -> dict[str, int]:
    """Everybody, and the login that builds the demo as a member of every pool."""
    csms = {login: _id(work, "csm", login, "login")}
    people = [one for one in (*CSMS, LEAVER) if one[0] != login]
    rows: list[dict[str, Any]] = [
        {"login": at, "name": name, "email": f"{at}@cockpit.example", "role": role, "active": at != LEAVER[0]}
        | (profile(at) if role in (Role.CSM, Role.JUNIOR) else {})
        for at, name, role, _ in people
    ]
    ids = work.insert_many("csm", rows)
    csms |= {one[0]: id_ for one, id_ in zip(people, ids, strict=True)}
    members = [(pools[pool], csms[at]) for at, _, _, works in people for pool in works]
    members += [(id_, csms[login]) for name, id_ in pools.items() if name != "default"]
    work.insert_many("pool_member", [{"pool_id": pool, "csm_id": csm} for pool, csm in members])
    return csms


def _teams(csms: dict[str, int], login: str) -> dict[str, tuple[int, ...]]:
    teams = {
        pool: tuple(csms[at] for at, _, role, works in CSMS if pool in works and role in (Role.CSM, Role.JUNIOR))
        for pool in POOLS
    }
    teams["default"] += () if csms[login] in teams["default"] else (csms[login],)
    return teams


def _products(work: Work) -> dict[str, int]:
    rows = [{"name": name} | costs for name, costs in PRODUCTS.items()]
    return dict(zip(PRODUCTS, work.insert_many("product", rows), strict=True))


def _id(work: Work, table: str, name: str, column: str = "name") -> int:
    return int(work.db.scalar(f"SELECT id FROM {table} WHERE {column} = :name", name=name))
