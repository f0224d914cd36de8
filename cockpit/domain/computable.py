"""The facts a scorecard can measure: one list, which feeds validation, help and docs. Figures are in the unit named."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Computable:
    """One fact of an account: its name in scorecards, its unit and what it is."""

    name: str
    unit: str
    meaning: str


FACTS: dict[str, Computable] = {
    one.name: one
    for one in (
        Computable("active_share", "%", "Active users (the newest value of the usage metric `active users`) of the seats: the units of the"
                   " product with most of them that run today."),
        Computable("usage_trend", "%", "Log-ins of the last 28 days against the 28 before; not before an account is live for 8 weeks."),
        Computable("feature_share", "%", "Key features declared by the products it has that were used in the last 28 days."),
        Computable("network_size", "%", "People of the value network who are still there, of the segment's minimum."),
        Computable("network_coverage", "%", "Members of the value network met within the segment's window (else 90 days), of all members."),
        Computable("nps", "points", "The latest NPS answer of each person, and all that name nobody, in 180 days; drivers counted twice."),
        Computable("csat", "%", "CSAT answers of 90 days in the two best marks of their scale."),
        Computable("urgent_tickets", "tickets", "Open tickets of priority 1 or 2 that are older than 5 business days."),
        Computable("contact", "windows", "Weekdays since the last contact, in windows of the segment's policy: 1 is just in time."),
        Computable("sentiment", "points", "What the CSM thinks the customer feels: bad 0, unsure 50, good 100."),
        Computable("goals_on_time", "%", "Goals with a date that are on time or were reached, of those open or due in the last 90 days."),
        Computable("payment_late", "days", "How late an invoice is: the usage metric `invoice overdue`, or the event invoice_overdue."),
    )
}  # fmt: skip
