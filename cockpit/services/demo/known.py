"""What else is known of the demo's customers: trainings, advocacy, notice dates, feeds, and who belongs to whom.

Its dice are its own, so that the rest of the company stays as it is.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from cockpit.services.demo.company import Company, Row

if TYPE_CHECKING:
    from cockpit.services.act import Work
    from cockpit.services.demo.cast import World

PRODUCTS: dict[str, Row] = {
    "Core": {"list_price": 2_400, "currency": "USD", "margin": 820, "key_features": ["logins", "active users"]},
    "Insights": {"list_price": 1_100, "currency": "USD", "margin": 870, "key_features": ["dashboards"]},
    "Connect": {"list_price": 900, "currency": "USD", "margin": 780, "key_features": []},
}
"""What the products cost a unit and month, and which metrics say that a customer uses what they are for."""

COURSES = (("First steps", True), ("Reports and exports", True), ("For administrators", False), ("Planning boards", False))
FEEDS = (
    # kind, system, days since it came, rows
    ("accounts", "salesforce", 0, 300), ("opportunities", "salesforce", 0, 210), ("subscriptions", "billing", 1, 520),
    ("usage", "telemetry", 0, 4_100), ("tickets", "zendesk", 0, 640), ("surveys", "survey tool", 12, 380),
    ("trainings", "academy", 130, 260), ("events", "news", 3, 90),
)  # fmt: skip
FAMILIES, RELATIONSHIPS = 3, 2


class Known:
    """Adds it company by company."""

    def __init__(self, seed: int) -> None:
        self._dice = Random(f"known {seed}")

    def dates(self, company: Company) -> Row:
        """Notice date and auto-renew, where somebody wrote them down."""
        if company.renewal is None or self._dice.random() < 0.25:
            return {}
        notice = company.renewal - timedelta(days=self._dice.choice((30, 60, 60, 90)))
        return {"notice_date": notice, "auto_renew": self._dice.random() < 0.6}

    def learn(self, world: World, company: Company) -> None:
        """Trainings and advocacy of a customer that is told in detail."""
        dice = self._dice
        if not company.people or company.is_churned:
            return
        live = (world.today - company.go_live).days
        for number, (course, required) in enumerate(COURSES):
            if not required and dice.random() < 0.5:
                continue
            person = dice.randrange(len(company.people))
            done = world.today - timedelta(days=dice.randint(2, max(3, min(live, 400))))
            is_done = live > 100 - 10 * number and dice.random() < (0.95 if company.is_good else 0.7)
            row: dict[str, Any] = {"course": course, "required": required, "person": person, "recorded": _noon(max(company.go_live, done))}
            if is_done and done > company.go_live:
                row |= {"completed": done, "score": dice.randint(62, 100)}
            company.fact("training", **row)
        if any(row["metric"] == "active users" for row in company.facts.get("usage", ())) and dice.random() < 0.6:
            self._dashboards(company)
        if company.nps is not None and company.nps >= 9 and dice.random() < 0.6:
            self._advocate(world, company)

    def _dashboards(self, company: Company) -> None:
        """A second feature's use beside the log-ins, with a gap where its counter failed."""
        dice, gap = self._dice, self._dice.randint(4, 20)
        share = dice.uniform(0.1, 0.5)
        weeks = [row for row in company.facts["usage"] if row["metric"] == "logins"]
        for number, row in enumerate(weeks):
            if number not in (gap, gap + 1):
                value = round(row["value"] * share * dice.uniform(0.8, 1.2) / 1000) * 1000
                company.fact("usage", metric="dashboards", day=row["day"], value=value, recorded=row["recorded"])

    def _advocate(self, world: World, company: Company) -> None:
        dice = self._dice
        asked = world.today - timedelta(days=dice.randint(10, 200))
        kind = dice.choice(("reference_call", "case_study", "success_story", "review", "referral"))
        row: dict[str, Any] = {"kind": kind, "asked_on": asked, "person": dice.randrange(len(company.people)), "recorded": _noon(asked)}
        if dice.random() < 0.7:
            given = min(asked + timedelta(days=dice.randint(3, 30)), world.today)
            row |= {"given_on": given, "recorded": _noon(given)}
            if dice.random() < 0.8:
                row["consent_until"] = given + timedelta(days=365)
        company.fact("advocacy", **row)

    def finish(self, work: Work, world: World) -> None:
        """When each feed came, and a few groups whose parts are customers of their own."""
        work.insert_many("feed", [
            {"kind": kind, "system": system, "loaded_at": world.now - timedelta(days=days, hours=4), "rows": rows}
            for kind, system, days, rows in FEEDS
        ])  # fmt: skip
        quiet = work.db.all(
            "SELECT a.id FROM account a WHERE a.status = 'customer' AND a.parent_id IS NULL"
            " AND NOT EXISTS (SELECT 1 FROM cta c WHERE c.account_id = a.id) AND EXISTS"
            " (SELECT 1 FROM training t WHERE t.account_id = a.id) ORDER BY a.arr DESC, a.id"
        )
        ids = [row[0] for row in quiet]
        families = min(FAMILIES, len(ids) // (1 + RELATIONSHIPS))
        below = self._dice.sample(ids[families:], families * RELATIONSHIPS)
        work.update_many("account", {child: {"parent_id": ids[n // RELATIONSHIPS]} for n, child in enumerate(below)})


def _noon(day: date) -> str:
    return f"{day.isoformat()}T12:00:00.000000Z"
