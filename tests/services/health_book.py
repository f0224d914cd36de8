"""A generated book of accounts with facts, and their health by the shipped card's definitions, in plain Python.

Written apart from the program: it reads nothing of it but the clock and the table columns.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import db
from db.store import Store

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
TYPES = ("update", "call", "meeting", "email", "outreach", "milestone", "transition note")
SEGMENTS = (
    {"touch_days": 10, "network_min": 6, "network_window": 60}, {"touch_days": 65, "network_min": 2, "network_window": 120},
    {"touch_days": None, "network_min": 1, "network_window": 180}, {"touch_days": 20, "network_min": None, "network_window": None},
)  # fmt: skip
Row = dict[str, Any]


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


class Book:
    """The rows by table, as Python sees them."""

    def __init__(self, accounts: int, seed: int = 5, tickets: bool = True) -> None:
        self.rng, self.rows = random.Random(seed), dict[str, list[Row]]()
        for name in TYPES:
            self.add("activity_type", name=name, is_meeting=name in ("call", "meeting"))
        for n, segment in enumerate(SEGMENTS):
            self.add("segment", name=f"s{n}", **segment)
        self.add("pool", name="West", time_zone="UTC", calendar=None)
        self.add("product", name="Core", key_features=["reports", "alerts"])
        self.add("product", name="Plus", key_features=None)
        for n in range(accounts):
            self._account(n, tickets)

    def add(self, table: str, **row: Any) -> int:
        rows = self.rows.setdefault(table, [])
        rows.append({"id": len(rows) + 1} | row)
        return len(rows)

    def maybe(self, chance: float) -> bool:
        return self.rng.random() < chance

    def _account(self, n: int, tickets: bool) -> None:
        rng = self.rng
        parent = rng.randint(1, n) if n and self.maybe(0.1) else None
        if parent is not None and self.rows["account"][parent - 1]["parent_id"] is not None:
            parent = None
        account = self.add(
            "account", name=f"A{n}", parent_id=parent, segment_id=rng.choice((None, 1, 2, 3, 4)), pool_id=rng.choice((None, 1)),
            go_live=rng.choice((None, ago(20), ago(56), ago(400), ago(400))), health=rng.choice((None, 40, 80)), status="customer",
        )  # fmt: skip
        self._use(account)
        for _ in range(rng.choice((0, 1, 3))):
            self.fact("survey", account, kind=rng.choice(("nps", "NPS")), score=rng.randint(0, 10), person_id=None,
                      answered=ago(rng.choice((0, 5, 100, 179, 180, 181, 300, -2))))  # fmt: skip
        top = rng.choice((5, 5, 5, 10, 100))
        for _ in range(rng.choice((0, 2, 3, 5))):
            self.fact("survey", account, kind="csat", score=rng.randint(1, top), answered=ago(rng.choice((0, 30, 89, 90, 200))))
        for _ in range(rng.choice((0, 0, 1, 4)) if tickets else 0):
            opened = NOW - timedelta(days=rng.choice((1, 5, 6, 7, 9, 30)), hours=rng.randint(0, 5))
            closed = NOW - timedelta(hours=3) if self.maybe(0.4) else None
            self.fact("ticket", account, subject="x", priority=rng.choice(("P1", "p2", "low", None, "urgent")), opened=opened,
                      closed=closed, status=rng.choice(("open", "Solved", None)))  # fmt: skip
        self._people(account)
        for _ in range(rng.choice((0, 1, 2))):
            self.fact("sentiment", account, feeling=rng.choice(("good", "unsure", "bad")), day=ago(rng.choice((0, 10, 60, 61, 200))))
        for _ in range(rng.choice((0, 1, 2))):
            self.add("goal", account_id=account, title="g", due=rng.choice((None, ago(-20), ago(0), ago(5), ago(90), ago(91))),
                     status=rng.choice(("open", "open", "reached", "missed", "dropped")), reached_on=None)  # fmt: skip
            if (goal := self.rows["goal"][-1])["status"] == "reached":
                goal["reached_on"] = ago(rng.choice((0, 3, 10, 95)))
        if self.maybe(0.15):
            type_ = rng.choice(("invoice_overdue", "invoice_paid", "outage"))
            self.fact("event", account, type=type_, day=ago(rng.choice((0, 8, 40, 60, 70))))

    def fact(self, table: str, account: int, **row: Any) -> int:
        gone = NOW - timedelta(hours=1) if self.maybe(0.1) else None
        return self.add(table, account_id=account, recorded=NOW - timedelta(days=1), superseded=gone, **row)

    def _use(self, account: int) -> None:
        rng = self.rng
        for _ in range(rng.choice((0, 1, 1, 2))):
            self.fact("subscription", account, product_id=rng.choice((1, 2, None)), units=rng.choice((None, 0, 10, 100)), mrr=1,
                      starts=ago(rng.choice((400, 400, 0, -5))), ends=rng.choice((None, ago(1), ago(0), ago(-90))))  # fmt: skip
        for metric in ("logins", "active users", "reports", "alerts", "invoice overdue"):
            if self.maybe(0.85):
                for back in rng.sample(range(70), rng.choice((3, 6))):
                    self.fact("usage", account, metric=metric, day=ago(back), value=1000 * rng.choice((0, 3, 20, 45)))

    def _people(self, account: int) -> None:
        rng, here = self.rng, []
        for _ in range(rng.choice((0, 1, 2, 4))):
            person = self.add("person", name="P", left_on=rng.choice((None, None, None, ago(3))))
            self.add("membership", person_id=person, account_id=account, value_network=self.maybe(0.7),
                     network_role=rng.choice((None, "driver", "generator")), left_on=None)  # fmt: skip
            here.append(person)
        for survey in self.rows.get("survey", [])[-9:]:
            if survey["account_id"] == account and survey["kind"] != "csat" and here and self.maybe(0.8):
                survey["person_id"] = rng.choice(here)
        for _ in range(rng.choice((0, 1, 2, 3))):
            at = NOW - timedelta(days=rng.choice((0, 2, 13, 59, 61, 91, 130, 179)), hours=rng.choice((0, 5)))
            activity = self.fact("activity", account, type_id=rng.randint(1, 7), subject="x", at=at, internal=self.maybe(0.1),
                                 state=rng.choice(("done", "done", "done", "cancelled")))  # fmt: skip
            for person in here:
                if self.maybe(0.4):
                    self.add("attendee", activity_id=activity, person_id=person, attended=self.maybe(0.9))

    def store(self, store: Store, times: int = 1) -> None:
        """Writes the rows as they are, without a journal: nobody undoes them here. More ``times``: the same again under other ids."""
        schema = json.loads((Path(db.__file__).parent / "schema.json").read_text())
        first = ("activity_type", "segment", "pool", "product")
        parents = ("account", "person", "membership", "activity")
        with store.write() as open_:
            for turn in range(times):
                by = {table: turn * len(rows) for table, rows in self.rows.items() if table not in first}
                for table in (*(first if not turn else ()), *parents, *(name for name in self.rows if name not in (*first, *parents))):
                    if rows := self.rows.get(table):
                        blank = dict.fromkeys(schema[table]["columns"]) | schema[table]["defaults"]
                        whole = [self._shifted({"rev": 0, "head": b""} | blank | row, table, by) for row in rows]
                        columns = list(whole[0])
                        marks = ", ".join(f":{column}" for column in columns)
                        open_.many(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", whole)
            open_.learn()

    def _shifted(self, row: Row, table: str, by: dict[str, int]) -> Row:
        row["uid"] = self.rng.randbytes(16)
        row["id"] += by.get(table, 0)
        for column, of in (("account_id", "account"), ("parent_id", "account"), ("person_id", "person"), ("activity_id", "activity")):
            if row.get(column) is not None:
                row[column] += by[of]
        return row


class ByHand:
    """The health of every account, one after the other, as the card's text defines it."""

    CURVES = {
        "active_share": (10, 40, 75), "usage_trend": (-40, -5, 5), "feature_share": (0, 50, 100), "network_size": (0, 67, 100),
        "network_coverage": (0, 50, 80), "nps": (0, 7, 10), "csat": (50, 80, 95), "urgent_tickets": (3, 1, 0), "contact": (2, 1, 0.5),
        "sentiment": (0, 50, 100), "goals_on_time": (0, 50, 100), "payment_late": (60, 15, 0),
    }  # fmt: skip
    GROUPS = (
        (35, {"active_share": 40, "usage_trend": 40, "feature_share": 20}), (20, {"network_size": 50, "network_coverage": 50}),
        (20, {"nps": 40, "csat": 30, "urgent_tickets": 30}), (15, {"contact": 60, "sentiment": 40}),
        (10, {"goals_on_time": 60, "payment_late": 40}),
    )  # fmt: skip

    def __init__(self, book: Book) -> None:
        self.rows = book.rows
        self.of: dict[str, dict[int, list[Row]]] = {}
        for table, rows in book.rows.items():
            index: dict[int, list[Row]] = {}
            for row in rows:
                if row.get("superseded") is None and row.get("account_id") is not None:
                    index.setdefault(row["account_id"], []).append(row)
            self.of[table] = index
        self.at: dict[int, list[int]] = {}
        for row in book.rows.get("attendee", []):
            if row["attended"]:
                self.at.setdefault(row["activity_id"], []).append(row["person_id"])

    def get(self, table: str, family: Iterable[int]) -> list[Row]:
        return [row for id_ in family for row in self.of.get(table, {}).get(id_, [])]

    def points(self, account: Row) -> dict[str, float | None]:
        family = [account["id"], *(row["id"] for row in self.rows["account"] if row["parent_id"] == account["id"])]
        segment = self.rows["segment"][account["segment_id"] - 1] if account["segment_id"] else {}
        figures = self.adoption(account, family) | self.network(account, family, segment) | self.voice(family) | self.rest(family, segment)
        return {name: None if figures.get(name) is None else line(figures[name], *curve) for name, curve in self.CURVES.items()}

    def adoption(self, account: Row, family: list[int]) -> dict[str, float | None]:
        seats, features, active, newest = 0, set[str](), 0, []
        for id_ in family:
            runs = [s for s in self.get("subscription", [id_]) if s["starts"] <= TODAY and (s["ends"] is None or s["ends"] >= TODAY)]
            units: dict[Any, int] = {}
            for one in runs:
                units[one["product_id"]] = units.get(one["product_id"], 0) + (one["units"] or 0)
                features |= set(self.rows["product"][one["product_id"] - 1]["key_features"] or ()) if one["product_id"] else set()
            seats += max(units.values(), default=0)
            rows = sorted((u for u in self.get("usage", [id_]) if u["metric"] == "active users"), key=lambda u: (u["day"], u["id"]))
            if rows:
                active += rows[-1]["value"]
                newest.append(rows[-1]["day"])
        found: dict[str, float | None] = {}
        if newest and seats and (TODAY - max(newest)).days <= 14:
            found["active_share"] = active / 10 / seats
        logins = [u for u in self.get("usage", family) if u["metric"] == "logins" and u["day"] > ago(56)]
        recent = [u["value"] for u in logins if u["day"] > ago(28)]
        base = sum(u["value"] for u in logins if u["day"] <= ago(28))
        young = account["go_live"] is not None and (TODAY - account["go_live"]).days < 56
        if recent and base and not young and (TODAY - max(u["day"] for u in logins)).days <= 14:
            found["usage_trend"] = 100 * (sum(recent) - base) / base
        seen = [u for u in self.get("usage", family) if u["metric"] in features and u["day"] > ago(56)]
        if seen and (TODAY - max(u["day"] for u in seen)).days <= 30:
            used = {u["metric"] for u in seen if u["value"] > 0 and u["day"] > ago(28)}
            found["feature_share"] = 100 * len(used) / len(features)
        return found

    def network(self, account: Row, family: list[int], segment: Row) -> dict[str, float | None]:
        young = account["go_live"] is not None and (TODAY - account["go_live"]).days < 90
        minimum, window = segment.get("network_min"), segment.get("network_window") or 90
        if young:  # a customer that is new: half of the people, met within 60 days
            minimum, window = (-(-minimum // 2) if minimum is not None else None), 60
        people = self.rows["person"]
        members = {
            m["person_id"] for m in self.get("membership", family)
            if m["value_network"] and (people[m["person_id"] - 1]["left_on"] or ago(-1)) > TODAY
        }  # fmt: skip
        since = datetime.combine(ago(window), time(), UTC)
        met = {
            person for v in self.get("activity", family)
            if TYPES[v["type_id"] - 1] in ("call", "meeting") and v["at"] >= since and not v["internal"] and v["state"] == "done"
            for person in self.at.get(v["id"], [])
        }  # fmt: skip
        found: dict[str, float | None] = {}
        if minimum:
            found["network_size"] = 100 * len(members) / minimum
        if members:
            found["network_coverage"] = 100 * len(members & met) / len(members)
        return found

    def voice(self, family: list[int]) -> dict[str, float | None]:
        found: dict[str, float | None] = {}
        latest: dict[Any, Row] = {}
        answers = [s for s in self.get("survey", family) if s["kind"].lower() == "nps" and ago(180) < s["answered"] <= TODAY]
        for one in sorted(answers, key=lambda s: (s["answered"], s["id"])):
            latest[one["person_id"] or f"answer {one['id']}"] = one
        if latest:
            weights = [2 if self.drives(one) else 1 for one in latest.values()]
            found["nps"] = sum(w * s["score"] for w, s in zip(weights, latest.values(), strict=True)) / sum(weights)
        marks = [s["score"] for s in self.get("survey", family) if s["kind"] == "csat" and ago(90) < s["answered"] <= TODAY]
        if len(marks) >= 3:
            least = 4 if max(marks) <= 5 else 6 if max(marks) <= 7 else 9 if max(marks) <= 10 else 80
            found["csat"] = 100 * sum(mark >= least for mark in marks) / len(marks)
        if any(t.get("superseded") is None for t in self.rows.get("ticket", [])):
            found["urgent_tickets"] = sum(
                (t["priority"] or "").lower() in ("p1", "p2", "urgent") and t["closed"] is None and (t["status"] or "").lower() != "solved"
                and weekdays(t["opened"].date()) > 5 for t in self.get("ticket", family)
            )  # fmt: skip
        return found

    def drives(self, answer: Row) -> bool:
        own = self.get("membership", [answer["account_id"]])
        return any(m["person_id"] == answer["person_id"] and m["network_role"] == "driver" for m in own)

    def rest(self, family: list[int], segment: Row) -> dict[str, float | None]:
        found: dict[str, float | None] = {}
        touches = [
            v["at"].date() for v in self.get("activity", family)
            if TYPES[v["type_id"] - 1] in ("call", "meeting", "email", "outreach") and not v["internal"] and v["state"] == "done"
        ]  # fmt: skip
        if segment.get("touch_days") and touches:
            found["contact"] = weekdays(max(touches)) / segment["touch_days"]
        felt = sorted(self.get("sentiment", family), key=lambda s: s["day"])
        last = [s for s in felt if s["day"] == felt[-1]["day"]] if felt else []
        if last and (TODAY - last[0]["day"]).days <= 60:
            found["sentiment"] = {"bad": 0, "unsure": 50, "good": 100}[max(last, key=lambda s: s["id"])["feeling"]]
        goals = [
            g for g in self.get("goal", family)
            if g["due"] is not None and g["status"] != "dropped" and (g["status"] == "open" or g["due"] >= ago(90))
        ]  # fmt: skip
        if goals and (TODAY - max(min(g["due"], TODAY) for g in goals)).days <= 90:
            reached = [g["reached_on"] <= g["due"] for g in goals if g["status"] == "reached"]
            other = [g["status"] != "missed" and g["due"] >= TODAY for g in goals if g["status"] != "reached"]
            found["goals_on_time"] = 100 * sum([*reached, *other]) / len(goals)
        found |= self.payment(family)
        return found

    def payment(self, family: list[int]) -> dict[str, float | None]:
        newest = []
        for id_ in family:
            rows = [u for u in self.get("usage", [id_]) if u["metric"] == "invoice overdue"]
            newest += sorted(rows, key=lambda u: (u["day"], u["id"]))[-1:]
        if newest:
            fresh = (TODAY - max(u["day"] for u in newest)).days <= 30
            return {"payment_late": max(u["value"] for u in newest) / 1000} if fresh else {}
        events = [e for e in self.get("event", family) if ago(60) < e["day"] <= TODAY]
        late = [e["day"] for e in events if e["type"] == "invoice_overdue"]
        paid = [e["day"] for e in events if e["type"] == "invoice_paid"]
        if not late:
            return {}
        if paid and max(paid) >= min(late):
            return {"payment_late": 0} if (TODAY - max(paid)).days <= 30 else {}
        return {"payment_late": (TODAY - min(late)).days}

    def total(self, points: dict[str, float | None]) -> int | None:
        missing, weighed = 0.0, []
        for weight, measures in self.GROUPS:
            there = {name: share for name, share in measures.items() if points[name] is not None}
            missing += weight * (100 - sum(there.values())) / 100
            if there:
                weighed.append((weight, sum(share * (points[name] or 0) for name, share in there.items()) / sum(there.values())))
        if missing > 50 + 1e-9:
            return None
        return int(sum(w * mean for w, mean in weighed) / sum(w for w, _ in weighed) + 0.5 + 1e-9)


def line(value: float, zero: float, half: float, full: float) -> float:
    """On the two straight lines through (zero, 0), (half, 50), (full, 100)."""
    if (value - zero) * (full - zero) <= 0:
        return 0.0
    if (value - full) * (full - zero) >= 0:
        return 100.0
    before = abs(value - zero) <= abs(half - zero)
    return 50 * (value - zero) / (half - zero) if before else 50 + 50 * (value - half) / (full - half)


def weekdays(since: date) -> int:
    """Mondays to Fridays after a day until today."""
    return sum((since + timedelta(days=n)).weekday() < 5 for n in range(1, (TODAY - since).days + 1))
