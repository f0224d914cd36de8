"""What shows that steps of transitions are done: entries of the timeline, people, looks, follow-ups. A statement each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from db.connection import Db, as_date, as_moment

MARKS = 500


@dataclass(slots=True)
class Happened:
    """An entry of an account's timeline with who was there."""

    id: int
    account_id: int
    type: str
    is_meeting: bool
    internal: bool
    inbound: bool
    state: str
    at: datetime
    author_id: int | None
    answers_id: int | None
    date_only: bool
    recorded: datetime
    csms: set[int] = field(default_factory=set)
    people: set[int] = field(default_factory=set)
    guests: int = 0
    """Those of the customer who are nobody known here."""

    @property
    def ours(self) -> set[int]:
        """Who of us was there; its author always."""
        return self.csms | ({self.author_id} if self.author_id is not None else set())

    @property
    def is_outreach(self) -> bool:
        """Written or called out to the customer."""
        return self.type.casefold() in ("outreach", "email", "call", "letter") and not self.inbound and not self.internal

    @property
    def with_customer(self) -> bool:
        """Somebody of the customer is named."""
        return bool(self.people) or self.guests > 0


@dataclass(frozen=True, slots=True)
class Seat:
    """A person of an account."""

    account_id: int
    person_id: int
    membership_id: int
    name: str
    email: str | None
    title: str | None
    value_network: bool
    role: str | None
    gone: bool
    reachable: bool
    channel: str | None
    confirmed_at: datetime | None


def began(db: Db, transition_ids: Sequence[int]) -> dict[int, datetime]:
    """The moment of the act that made each of these transitions, as the journal has it."""
    found: dict[int, datetime] = {}
    for start in range(0, len(transition_ids), MARKS):
        params: dict[str, Any] = {}
        marks = db.marks("i", list(transition_ids[start : start + MARKS]), params)
        rows = db.all(
            "SELECT c.thing_id, w.at FROM change c JOIN act w ON w.id = c.act_id WHERE c.thing = 'transition' AND c.seq = 1"
            f" AND c.thing_id IN ({marks})",
            **params,
        )
        found |= {id_: moment for id_, at in rows if (moment := as_moment(at)) is not None}
    return found


def happened(db: Db, account_ids: Sequence[int], since: datetime) -> dict[int, list[Happened]]:
    """What is on the timelines of these accounts since a moment (planned too), the first first."""
    found: dict[int, list[Happened]] = {id_: [] for id_ in account_ids}
    by_id: dict[int, Happened] = {}
    for start in range(0, len(account_ids), MARKS):
        params: dict[str, Any] = {"since": since}
        marks = db.marks("i", list(account_ids[start : start + MARKS]), params)
        condition = f"v.account_id IN ({marks}) AND v.superseded IS NULL AND v.at >= :since"
        for row in db.all(
            "SELECT v.id, v.account_id, y.name, y.is_meeting, v.internal, v.inbound, v.state, v.at, v.author_id, v.answers_id,"
            f" v.date_only, v.recorded FROM activity v JOIN activity_type y ON y.id = v.type_id WHERE {condition} ORDER BY v.at, v.id",
            **params,
        ):
            at, recorded = as_moment(row[7]), as_moment(row[11])
            assert at is not None
            assert recorded is not None
            one = Happened(
                row[0], row[1], row[2], bool(row[3]), bool(row[4]), bool(row[5]), row[6], at, row[8], row[9], bool(row[10]), recorded
            )
            by_id[one.id] = one
            found[one.account_id].append(one)
        for activity, person, csm in db.all(
            f"SELECT g.activity_id, g.person_id, g.csm_id FROM attendee g JOIN activity v ON v.id = g.activity_id WHERE {condition}"
            " AND g.attended = TRUE",
            **params,
        ):
            if person is not None:
                by_id[activity].people.add(person)
            elif csm is not None:
                by_id[activity].csms.add(csm)
            else:
                by_id[activity].guests += 1
    return found


def seats(db: Db, account_ids: Sequence[int], today: date) -> dict[int, list[Seat]]:
    """The people of these accounts, members of the network first."""
    found: dict[int, list[Seat]] = {id_: [] for id_ in account_ids}
    for start in range(0, len(account_ids), MARKS):
        params: dict[str, Any] = {}
        marks = db.marks("i", list(account_ids[start : start + MARKS]), params)
        for row in db.all(
            "SELECT m.account_id, n.id, m.id, n.name, n.email, m.title, m.value_network, m.network_role, m.left_on, n.left_on,"
            " n.bounced, n.opted_out, n.channel, m.confirmed_at FROM membership m JOIN person n ON n.id = m.person_id"
            f" WHERE m.account_id IN ({marks}) ORDER BY m.account_id, m.value_network DESC, n.name, n.id",
            **params,
        ):
            left = [day for day in (as_date(row[8]), as_date(row[9])) if day is not None]
            reachable = bool(row[4]) and not row[10] and not row[11]
            found[row[0]].append(Seat(
                row[0], row[1], row[2], row[3], row[4], row[5], bool(row[6]), row[7], any(day <= today for day in left), reachable,
                row[12], as_moment(row[13]),
            ))  # fmt: skip
    return found


def looks(db: Db, account_ids: Sequence[int], csm_ids: Sequence[int]) -> dict[tuple[int, int], datetime]:
    """When each of these CSMs last looked at each of these accounts: {(CSM, account): moment}."""
    found: dict[tuple[int, int], datetime] = {}
    for start in range(0, len(account_ids), MARKS):
        params: dict[str, Any] = {}
        marks = db.marks("i", list(account_ids[start : start + MARKS]), params)
        who = db.marks("c", list(dict.fromkeys(csm_ids)), params)
        rows = db.all(
            f"SELECT csm_id, account_id, max(at) FROM viewing WHERE account_id IN ({marks}) AND csm_id IN ({who}) GROUP BY 1, 2",
            **params,
        )
        for csm, account, at in rows:
            moment = as_moment(at)
            assert moment is not None
            found[csm, account] = moment
    return found


def promises(db: Db, account_ids: Sequence[int]) -> dict[int, int]:
    """How many promises on each account are neither kept nor a CTA."""
    found: dict[int, int] = {}
    for start in range(0, len(account_ids), MARKS):
        params: dict[str, Any] = {}
        marks = db.marks("i", list(account_ids[start : start + MARKS]), params)
        rows = db.all(
            "SELECT v.account_id, count(*) FROM activity v WHERE v.superseded IS NULL AND v.next_step_due IS NOT NULL"
            " AND v.next_step_done_at IS NULL AND NOT EXISTS (SELECT 1 FROM cta c WHERE c.id = v.cta_id AND c.status = 'open')"
            f" AND v.account_id IN ({marks}) GROUP BY v.account_id",
            **params,
        )
        found |= {row[0]: row[1] for row in rows}
    return found


def owned(db: Db, csm_ids: Sequence[int]) -> dict[tuple[int, str | None], int]:
    """How many customers each of these CSMs owns in each segment."""
    params: dict[str, Any] = {}
    marks = db.marks("i", list(dict.fromkeys(csm_ids)), params)
    rows = db.all(
        "SELECT a.owner_id, s.name, count(*) FROM account a LEFT JOIN segment s ON s.id = a.segment_id"
        f" WHERE a.owner_id IN ({marks}) AND a.status = 'customer' AND a.parent_id IS NULL GROUP BY a.owner_id, s.name",
        **params,
    )
    return {(row[0], row[1]): row[2] for row in rows}


def limits(db: Db) -> dict[str | None, int]:
    """The most accounts of a segment one CSM should have."""
    return dict(db.all("SELECT name, max_accounts FROM segment WHERE max_accounts IS NOT NULL"))


def absences(db: Db, csm_ids: Sequence[int]) -> dict[int, list[tuple[date, date]]]:
    """(first, last) of the absences of these CSMs that are not over."""
    found: dict[int, list[tuple[date, date]]] = {}
    params: dict[str, Any] = {}
    marks = db.marks("i", list(dict.fromkeys(csm_ids)), params)
    for csm, first, last in db.all(f"SELECT csm_id, first, last FROM away WHERE ended_at IS NULL AND csm_id IN ({marks})", **params):
        begun, over = as_date(first), as_date(last)
        assert begun is not None
        assert over is not None
        found.setdefault(csm, []).append((begun, over))
    return found


def closed_ctas(db: Db, cta_ids: Sequence[int]) -> dict[int, tuple[str, datetime | None]]:
    """(status, when closed) of these CTAs."""
    found: dict[int, tuple[str, datetime | None]] = {}
    for start in range(0, len(cta_ids), MARKS):
        params: dict[str, Any] = {}
        marks = db.marks("i", list(cta_ids[start : start + MARKS]), params)
        rows = db.all(f"SELECT id, status, closed_at FROM cta WHERE id IN ({marks})", **params)
        found |= {row[0]: (row[1], as_moment(row[2])) for row in rows}
    return found


def in_pools(db: Db, pool_ids: Sequence[int]) -> dict[int, set[int]]:
    """Who works each of these pools."""
    params: dict[str, Any] = {}
    marks = db.marks("i", list(dict.fromkeys(pool_ids)), params)
    found: dict[int, set[int]] = {}
    for pool, csm in db.all(f"SELECT pool_id, csm_id FROM pool_member WHERE pool_id IN ({marks})", **params):
        found.setdefault(pool, set()).add(csm)
    return found


def in_pods(db: Db, pod_ids: Sequence[int]) -> dict[int, dict[int, bool]]:
    """Who is in each of these pods, and whether as a senior."""
    params: dict[str, Any] = {}
    marks = db.marks("i", list(dict.fromkeys(pod_ids)), params)
    found: dict[int, dict[int, bool]] = {}
    for pod, csm, senior in db.all(f"SELECT pod_id, csm_id, is_senior FROM pod_member WHERE pod_id IN ({marks})", **params):
        found.setdefault(pod, {})[csm] = bool(senior)
    return found


def colleagues(db: Db, account_id: int, since: datetime, but: int | None = None) -> list[tuple[str, str, datetime]]:
    """(login, name, last touch) of who of us was in touch with an account since a moment, the last first."""
    rows = db.all(
        "SELECT o.login, o.name, max(v.at) FROM activity v LEFT JOIN attendee g ON g.activity_id = v.id AND g.csm_id IS NOT NULL"
        " JOIN csm o ON o.id = v.author_id OR o.id = g.csm_id WHERE v.account_id = :account AND v.superseded IS NULL"
        " AND v.state = 'done' AND v.at >= :since AND o.id <> :but GROUP BY o.login, o.name ORDER BY 3 DESC, 1",
        account=account_id, since=since, but=but or 0,
    )  # fmt: skip
    found = []
    for login, name, at in rows:
        moment = as_moment(at)
        assert moment is not None
        found.append((login, name, moment))
    return found
