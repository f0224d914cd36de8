"""Success plans of the demo: goals, risks, escalations, feelings and renewal calls, on dice of their own."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from cockpit.domain.success import Signs, signal
from cockpit.services.account import band
from cockpit.services.demo.company import Company, Row
from db.terms import Feeling, GoalStatus, RenewalForecast, Severity

if TYPE_CHECKING:
    from cockpit.services.act import Work
    from cockpit.services.demo.cast import World

MOST = 400
"""Customers that get a plan, however many there are."""
_GOALS = (
    ("Go live in the second plant", "Users active on both sites", "logins_14d:>120"),
    ("Half the manual reports gone", "Reports made by hand a month", None),
    ("Night shift works with it", "Log-ins between 22 and 6", None),
    ("Every team lead trained", "Leads with the certificate", None),
    ("A healthy first year", "Health above 70 at renewal", "health:>=70"),
    ("Forecast accuracy above 90 %", "Their own forecast report", None),
    ("Audit passed without findings", "Their auditor's letter", None),
)
_RISKS = (
    ("Their interface is late", "implementation", "Services", "N. Falk", Severity.HIGH),
    ("Data migration stands still", "implementation", "Services", "N. Falk", Severity.MEDIUM),
    ("The export they need is not there yet", "product", "Product", "J. Osei", Severity.MEDIUM),
    ("Slow on large plans", "product", "Product", "J. Osei", Severity.HIGH),
    ("Three tickets reopened", "support", "Support", "P. Lindqvist", Severity.MEDIUM),
    ("Team is not ready for go-live", "readiness", None, None, Severity.MEDIUM),
    ("Sponsor doubts the return", "sentiment", None, None, Severity.HIGH),
    ("Invoice in dispute", "commercial", "Finance", "R. Baum", Severity.LOW),
)
_WEIGHTS = (6, 4, 5, 3, 3, 4, 3, 2)
_ESCALATIONS = (
    ("Orders are lost between two systems", "Product", "J. Osei", 6, -1),
    ("Sign-in fails every Monday", "Support", "P. Lindqvist", 2, 1),
    ("Contract terms for the new site", "Legal", "C. Adler", 12, 3),
    ("Reports were wrong for a week", "Product", "J. Osei", 25, None),
)
"""What, whose, who there, opened so many days ago, next update in so many days (None: settled)."""
_WHY_WILL = (
    "Their sponsor told me that the budget is signed.", "They are rolling it out to two more sites.",
    "Procurement has the order on the desk.",
)  # fmt: skip
_SAID = {
    Feeling.GOOD: ("They asked for the next step themselves.", "Warm call, plans for next year.", None),
    Feeling.UNSURE: ("Polite and short. Hard to read.", "New people, new questions.", None),
    Feeling.BAD: ("Angry about the outage, and says so.", "No answers since the last review."),
}


class Plans:
    """Collects what is agreed, feared and felt, then writes it in a few statements."""

    def __init__(self, work: Work, world: World, seed: int) -> None:
        self.work, self.world = work, world
        self._rng = Random(f"success {seed}")
        self._customers: list[tuple[int, Company]] = []
        self._rows: dict[str, list[Row]] = {name: [] for name in ("goal", "risk", "escalation", "sentiment", "renewal_call")}

    def note(self, account: int, company: Company) -> None:
        """One more customer with a story."""
        if company.is_detailed and not company.is_churned and len(self._customers) < MOST:
            self._customers.append((account, company))

    def write(self) -> None:
        """Everything."""
        low = sorted(self._customers, key=lambda one: one[1].health)[: len(_ESCALATIONS)]
        self._escalate(low)
        escalated = {account for account, company in low[:-1]}
        for account, company in self._customers:
            self._agree(account, company)
            high = self._fear(account, company)
            self._feel(account, company)
            self._call(account, company, Signs(band(company.health), int(account in escalated), high))
        for table, rows in self._rows.items():
            self.work.insert_many(table, rows)

    def _csm(self, company: Company) -> int:
        return company.owner or self._rng.choice(self.world.teams[company.pool])

    def _in(self, days: int) -> date:
        return self.world.today + timedelta(days=days)

    def _agree(self, account: int, company: Company) -> None:
        rng = self._rng
        if rng.random() > (0.6 if company.owner else 0.25):
            return
        for title, measure, criterion in rng.sample(_GOALS, rng.choice((1, 1, 2))):
            row: Row = {
                "account_id": account, "title": title, "measure": measure, "criterion": criterion, "owner_id": self._csm(company),
                "due": self._in(rng.randrange(-20, 150)),
            }  # fmt: skip
            if rng.random() < 0.25:
                done = self._in(-rng.randrange(5, 90))
                row |= {"status": GoalStatus.REACHED, "reached_on": done, "due": done + timedelta(days=rng.randrange(-10, 20))}
            self._rows["goal"].append(row)

    def _fear(self, account: int, company: Company) -> int:
        """Returns how many open high risks there are."""
        rng, high = self._rng, 0
        if rng.random() > (0.45 if company.health < 60 else 0.12):
            return 0
        title, kind, department, owner, severity = rng.choices(_RISKS, _WEIGHTS)[0]
        opened = self._in(-rng.randrange(3, 80))
        row: Row = {
            "account_id": account, "title": title, "kind": kind, "department": department, "owner": owner, "severity": severity,
            "csm_id": self._csm(company), "opened_on": opened, "due": opened + timedelta(days=rng.randrange(20, 75)),
        }  # fmt: skip
        if rng.random() < 0.2:
            row |= {"closed_on": self._in(-rng.randrange(0, 3)), "resolution": "Delivered; they confirmed it."}
        else:
            high = int(severity is Severity.HIGH)
        self._rows["risk"].append(row)
        return high

    def _escalate(self, customers: list[tuple[int, Company]]) -> None:
        for (account, company), (title, department, owner, ago, ahead) in zip(customers, _ESCALATIONS, strict=False):
            opened = self._moment(ago)
            row: Row = {
                "account_id": account, "title": title, "department": department, "owner": owner, "severity": Severity.HIGH,
                "csm_id": self._csm(company), "opened_at": opened,
            }  # fmt: skip
            if ahead is None:
                row |= {"closed_at": opened + timedelta(days=9), "note": "A fix is live; the wrong reports were sent again."}
            else:
                row["next_update"] = self._in(ahead)
            self._rows["escalation"].append(row)

    def _moment(self, ago: int) -> datetime:
        return self.world.now - timedelta(days=ago, minutes=self._rng.randrange(30, 400))

    def _feel(self, account: int, company: Company) -> None:
        rng = self._rng
        if rng.random() > 0.5:
            return
        chances = (1, 3, 6) if company.health < 50 else (3, 4, 1) if company.health < 75 else (8, 2, 0.3)
        feeling = rng.choices((Feeling.GOOD, Feeling.UNSURE, Feeling.BAD), chances)[0]
        self._rows["sentiment"].append({
            "account_id": account, "feeling": feeling, "day": self._in(-rng.randrange(0, 130)), "note": rng.choice(_SAID[feeling]),
            "csm_id": self._csm(company),
        })  # fmt: skip

    def _call(self, account: int, company: Company, signs: Signs) -> None:
        rng = self._rng
        if company.renewal is None or (company.renewal - self.world.today).days > 120 or rng.random() > 0.7:
            return
        told = signal(signs)[0] or RenewalForecast.MAY
        call, reason = told, None
        if rng.random() < 0.25 and told is not RenewalForecast.WILL:
            call, reason = RenewalForecast.WILL, rng.choice(_WHY_WILL)
        elif rng.random() < 0.12:
            call, reason = RenewalForecast.WONT, "The new head of operations brings her own tool."
        self._rows["renewal_call"].append({
            "account_id": account, "call": call, "day": self._in(-rng.randrange(0, 20)), "reason": None if call is told else reason,
            "csm_id": self._csm(company),
        })  # fmt: skip

