"""The pool of the week: five CSMs in New York, forty CTAs of thirty-seven customers, and a clock that the story moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytest

from cockpit.domain.routing import lane_of
from cockpit.services.account import edit_account
from cockpit.services.tick import Ticked, tick
from db.store import Store
from tests import builders
from tests.builders import utc

MONDAY = date(2026, 11, 23)
"""Thanksgiving is on the Thursday of this week: nobody works, and no lease runs."""
BEFORE = utc("2026-11-23T13:30")
DAYS = {"mon": 23, "tue": 24, "wed": 25, "thu": 26, "fri": 27, "next mon": 30}

NAMED = (
    # account, reason, type, priority, due in days, health, $k a year, whose
    ("Northwind Optics", "Usage dropped 41%", "risk", "high", 0, 38, 90, None),
    ("Northwind Optics", "Seats at 96%", "opportunity", "low", 40, 38, 90, None),
    ("Lumen Freight", "NPS detractor (2)", "risk", "high", 1, 55, 80, None),
    ("Pelican Foods", "EBR due", "lifecycle", "high", 2, 58, 78, None),
    ("Quartz Bank", "Adoption stalled", "risk", "high", 2, 59, 76, None),
    ("Rivet Tools", "Tickets pile up", "risk", "high", 4, 60, 70, None),
    ("Sable Media", "Usage dropped 22%", "risk", "high", 4, 61, 60, None),
    ("Topaz Air", "Invoice unpaid", "event", "high", 4, 62, 50, None),
    ("Umber Labs", "Training missed", "lifecycle", "medium", 9, 70, 30, None),
    ("Velvet Rail", "Seats at 91%", "opportunity", "medium", 9, 70, 29, None),
    ("Walnut Homes", "Data sync fails", "risk", "medium", 9, 70, 28, None),
    ("Anchor Health", "Usage dropped 18%", "risk", "medium", 2, 64, 40, "ben"),
    ("Birch & Co", "Post go-live check-in", "lifecycle", "medium", 16, 80, 22, "ben"),
    ("Cinder Pay", "Seats at 88%", "opportunity", "low", 16, 82, 20, "ben"),
    ("Delta Print", "Tickets pile up", "risk", "medium", 3, 66, 18, "chi"),
    ("Ember Rail", "Monthly check-in", "lifecycle", "medium", 1, 75, 16, "chi"),
    ("Fable Games", "Invoice unpaid", "event", "medium", 4, 72, 15, "chi"),
    ("Garnet Insurance", "Usage dropped 27%", "risk", "medium", 4, 57, 44, "chi"),
    ("Harbor Lights", "Training missed", "lifecycle", "low", 8, 74, 12, "chi"),
)
"""The customers the story speaks of; the others wait in the queue below them."""
OTHERS = (
    "Indigo", "Juniper", "Kestrel", "Larch", "Maple", "Nectar", "Onyx", "Poplar", "Quill", "Raven", "Saffron",
    "Thistle", "Ultramarine", "Violet", "Willow", "Xenon", "Yarrow", "Zinnia", "Aster",
)  # fmt: skip
TWICE = ("Indigo", "Juniper")


@dataclass(slots=True)
class Clock:
    """The hour of the story, for commands by COCKPIT_NOW and for desks by calling it."""

    environment: pytest.MonkeyPatch
    now: datetime = field(default=BEFORE)

    def __call__(self) -> datetime:
        return self.now

    def strikes(self, day: str, hour: str) -> None:
        """It is that day and that hour in New York."""
        self.now = utc(f"2026-11-{DAYS[day]:02}T{hour}") + timedelta(hours=5)
        self.environment.setenv("COCKPIT_NOW", self.now.isoformat().replace("+00:00", "Z"))


def open_pool(store: Store) -> None:
    """Pool West on the Monday of the story: Ana, Ben, Chi and Dee in it, Eve not yet; Chi and Ben hold a few CTAs."""
    oz = builders.desk_of(store, "oz", BEFORE)
    _only_these_work_it(store)
    accounts: dict[str, int] = {}
    waiting = [(f"{name} Works", "Quiet for 40 days", "lifecycle", "low", 30, 85, 10 - n % 7, None) for n, name in enumerate(OTHERS)]
    waiting += [(f"{name} Works", "Feature unused", "lifecycle", "low", 35, 85, 9, None) for name in TWICE]
    for n, (name, because, type_, priority, due, health, arr, owner) in enumerate((*NAMED, *waiting)):
        if name not in accounts:
            accounts[name] = builders.account(oz, name, health=health, arr=arr * 100_000)
        builders.cta(
            oz, accounts[name], type=type_, because=because, priority=priority, due=MONDAY + timedelta(days=due), owner=owner,
            opened_at=BEFORE - timedelta(days=3) + timedelta(minutes=n), repeats="2w" if because == "Monthly check-in" else None,
            lane=lane_of(None, None, because),
        )  # fmt: skip
    for name, who in (("Northwind Optics", "Maria Ortiz"), ("Anchor Health", "Lena Vogt")):
        builders.person(oz, accounts[name], who, email=f"{who.split()[0].lower()}@{name.split()[0].lower()}.example")


def _only_these_work_it(store: Store) -> None:
    from cockpit.services.act import Work, act

    @act("test_build")
    def build(w: Work) -> None:
        west = w.db.scalar("SELECT id FROM pool WHERE name = 'West'")
        w.update("pool", west, {"time_zone": "America/New_York", "calendar": "US"})
        those = "SELECT m.id FROM pool_member m JOIN csm o ON o.id = m.csm_id WHERE o.login IN ('mo', 'oz', 'ria', 'eve')"
        w.delete_many("pool_member", [row[0] for row in w.db.all(those)])
        w.say("Set up pool West")

    build(builders.desk_of(store, "oz", BEFORE))


def cta(store: Store, account: str, because: str = "") -> int:
    """The number of a customer's CTA; of its latest, when it has several and no reason is given."""
    with store.read() as db:
        found = db.scalar(
            "SELECT max(c.id) FROM cta c JOIN account a ON a.id = c.account_id JOIN reason r ON r.id = c.reason_id"
            " WHERE a.name = :account AND (r.name = :because OR :because = '')",
            account=account, because=because,
        )  # fmt: skip
    assert found is not None, (account, because)
    return int(found)


def hour_passes(store: Store, clock: Clock, health: Mapping[str, int]) -> Ticked:
    """What no key and no command does: the nightly feed from the product, then the ``tick`` of cron."""
    oz = builders.desk_of(store, "oz", clock)
    for account, value in health.items():
        edit_account(oz, builders.the(oz, "account", account), {"health": value})
    return tick(oz)
