"""What else is known of the demo's customers: trainings, advocacy, notice dates, feeds, and who belongs to whom.

Its dice are its own, so that the rest of the company stays as it is.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from cockpit.domain.paper import escape
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
PACKS = 4
EBR = """# {name}: business review

**Illustrative: this is demo data, no real customer.**

{period}.

## What you wanted to reach

- Half the time for the monthly report
- Two more plants on the planning boards

## What comes next

- A date for the second plant
- Training for two administrators
"""


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
        self._write_up(work, world)
        quiet = work.db.all(
            "SELECT a.id FROM account a WHERE a.status = 'customer' AND a.parent_id IS NULL"
            " AND NOT EXISTS (SELECT 1 FROM cta c WHERE c.account_id = a.id) AND EXISTS"
            " (SELECT 1 FROM training t WHERE t.account_id = a.id) ORDER BY a.arr DESC, a.id"
        )
        ids = [row[0] for row in quiet]
        families = min(FAMILIES, len(ids) // (1 + RELATIONSHIPS))
        below = self._dice.sample(ids[families:], families * RELATIONSHIPS)
        work.update_many("account", {child: {"parent_id": ids[n // RELATIONSHIPS]} for n, child in enumerate(below)})


    def _write_up(self, work: Work, world: World) -> None:
        """A few EBR packs of last quarter, and what the one who opens the demo looked at lately."""
        largest = work.db.all("SELECT id, name FROM account WHERE status = 'customer' ORDER BY arr DESC, id LIMIT :most", most=PACKS)
        last = world.today - timedelta(days=20)
        period = f"{last - timedelta(days=90):%d %b} to {last:%d %b %Y}"
        owner = world.csms[world.opener]
        work.insert_many("document", [
            {"account_id": id_, "kind": "ebr", "title": f"EBR pack {period}", "body": EBR.format(name=escape(name), period=period),
             "author_id": owner, "at": _noon(last)}
            for id_, name in largest
        ])  # fmt: skip
        looks = [(id_, pane) for id_, _ in largest for pane in ("summary", "usage", "people")]
        work.db.many("INSERT INTO viewing (csm_id, account_id, at, pane) VALUES (:csm, :account, :at, :pane)", [
            {"csm": owner, "account": id_, "pane": pane, "at": world.now - timedelta(hours=5, minutes=7 * (len(looks) - n))}
            for n, (id_, pane) in enumerate(looks)
        ])  # fmt: skip


def _noon(day: date) -> str:
    return f"{day.isoformat()}T12:00:00.000000Z"
