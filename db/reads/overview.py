"""What the Summary pane counts of an account, alone or with its relationships."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from db.connection import Db
from db.reads.fact import FAMILY, SELF


@dataclass(frozen=True, slots=True)
class Counts:
    """Open work and what is agreed and feared."""

    ctas: int
    unassigned: int
    goals: int
    goals_late: int
    risks: int
    risks_high: int
    escalations: int
    documents: int
    feeling: str | None
    felt_on: date | None


def counts(db: Db, account_id: int, whole_family: bool, today: date) -> Counts:
    """All of them in one statement; each counts over an index of the account's rows."""
    whose = f"FROM account a JOIN {{}} x ON x.account_id = a.id WHERE {FAMILY if whole_family else SELF} AND "
    parts = {
        "ctas": "SELECT count(*) " + whose.format("cta") + "x.status = 'open'",
        "unassigned": "SELECT count(*) " + whose.format("cta") + "x.status = 'open' AND x.owner_id IS NULL AND x.snoozed_at IS NULL",
        "goals": "SELECT count(*) " + whose.format("goal") + "x.status = 'open'",
        "goals_late": "SELECT count(*) " + whose.format("goal") + "x.status = 'open' AND x.due < :today",
        "risks": "SELECT count(*) " + whose.format("risk") + "x.closed_on IS NULL",
        "risks_high": "SELECT count(*) " + whose.format("risk") + "x.closed_on IS NULL AND x.severity = 'high'",
        "escalations": "SELECT count(*) " + whose.format("escalation") + "x.closed_at IS NULL",
        "documents": "SELECT count(*) FROM document x WHERE x.account_id = :account",
        "feeling": f"SELECT x.feeling {_FELT}",
        "felt_on": f"SELECT x.day {_FELT}",
    }
    sql = ", ".join(f"({part}) AS {name}" for name, part in parts.items())
    return db.rows(Counts, f"SELECT {sql}", account=account_id, today=today)[0]


_FELT = (
    "FROM sentiment x WHERE x.account_id = :account AND x.superseded IS NULL AND x.day <= :today ORDER BY x.day DESC, x.id DESC LIMIT 1"
)
