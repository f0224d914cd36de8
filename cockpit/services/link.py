"""What a CTA is about: linked people, activities, an opportunity."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from cockpit.desk import Desk
from cockpit.domain.cta import Verb
from cockpit.domain.nearest import did_you_mean
from cockpit.services.act import Work, act
from cockpit.services.errors import Ambiguous, NotFound, Refused
from cockpit.services.queue import standing_rows
from db.connection import Db
from db.reads import person as people

Kind = Literal["person", "activity", "opportunity"]
LINKED = (
    "(SELECT count(*) FROM cta_person k WHERE k.cta_id = c.id),"
    " (SELECT count(*) FROM activity v WHERE v.cta_id = c.id AND v.superseded IS NULL)"
)
"""How many people and activities a CTA ``c`` is linked to: what its type may demand at close."""
OFFERED = 200
KINDS: tuple[Kind, ...] = ("person", "activity", "opportunity")


@dataclass(frozen=True, slots=True)
class Linked:
    """A link that was made or taken away; ``name`` is what the thing is called."""

    cta: int
    kind: str
    id: int
    name: str
    act: int | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class LinkedPerson:
    """A person a CTA is about."""

    id: int
    name: str
    email: str | None
    title: str | None


@dataclass(frozen=True, slots=True)
class LinkedActivity:
    """An entry of the timeline that belongs to a CTA."""

    id: int
    type: str
    subject: str
    at: datetime
    author: str | None


@dataclass(frozen=True, slots=True)
class LinkedOpportunity:
    """The sale a CTA is about. Amounts are in minor units of ``currency``."""

    id: int
    name: str | None
    type: str
    stage: str | None
    state: str
    amount: int | None
    currency: str
    due_date: date | None


@dataclass(frozen=True, slots=True)
class Links:
    """Everything a CTA is linked to; the latest activity first."""

    people: tuple[LinkedPerson, ...] = ()
    activities: tuple[LinkedActivity, ...] = ()
    opportunity: LinkedOpportunity | None = None


def links(desk: Desk, cta_id: int) -> Links:
    """What a CTA is linked to."""
    with desk.store.read() as db:
        persons = db.rows(
            LinkedPerson,
            "SELECT n.id, n.name, n.email, b.title FROM cta_person k JOIN person n ON n.id = k.person_id"
            " JOIN cta c ON c.id = k.cta_id LEFT JOIN membership b ON b.person_id = n.id AND b.account_id = c.account_id"
            " WHERE k.cta_id = :id ORDER BY k.id",
            id=cta_id,
        )
        entries = db.rows(
            LinkedActivity,
            "SELECT v.id, y.name AS type, v.subject, v.at, o.login AS author FROM activity v JOIN activity_type y ON y.id = v.type_id"
            " LEFT JOIN csm o ON o.id = v.author_id WHERE v.cta_id = :id AND v.superseded IS NULL ORDER BY v.at DESC, v.id DESC",
            id=cta_id,
        )
        sales = db.rows(
            LinkedOpportunity,
            "SELECT s.id, s.name, s.type, s.stage, s.state, s.amount, s.currency, s.due_date"
            " FROM cta c JOIN opportunity s ON s.id = c.opportunity_id WHERE c.id = :id",
            id=cta_id,
        )
    return Links(tuple(persons), tuple(entries), sales[0] if sales else None)


def opportunities(desk: Desk, account_id: int) -> tuple[LinkedOpportunity, ...]:
    """The opportunities of an account and its relationships that a CTA could be about: open ones by date, then the latest."""
    with desk.store.read() as db:
        return tuple(db.rows(
            LinkedOpportunity,
            "SELECT s.id, s.name, s.type, s.stage, s.state, coalesce(s.amount, s.due_amount) AS amount, s.currency,"
            " coalesce(s.due_date, s.close_date) AS due_date FROM opportunity s WHERE s.superseded IS NULL"
            " AND s.account_id IN (SELECT f.id FROM account f WHERE f.id = :account OR f.parent_id = :account)"
            " ORDER BY CASE WHEN s.state = 'open' THEN 0 ELSE 1 END, CASE WHEN s.state = 'open' THEN s.due_date END,"
            " s.close_date DESC, s.id DESC LIMIT :most",
            account=account_id, most=OFFERED,
        ))  # fmt: skip


@act("link")
def link(work: Work, cta_id: int, kind: Kind, ref: str | int) -> Linked:
    """Links a person (id, e-mail, name), an activity (id) or an opportunity (id, name) of its account to a CTA.

    A CTA has one opportunity: another takes its place. Raises NotFound, Ambiguous, Refused (linked already, of another
    account, not yours to change).
    """
    account_id, account = _check(work, cta_id, kind)
    id_, name = _found(work.db, kind, ref, account_id, account)
    if kind == "person":
        if _person_link(work.db, cta_id, id_) is not None:
            raise Refused("exists", f"{name} is linked to CTA {cta_id} already.")
        work.insert("cta_person", {"cta_id": cta_id, "person_id": id_})
    elif kind == "activity":
        if not work.update("activity", id_, {"cta_id": cta_id}):
            raise Refused("exists", f"{name} belongs to CTA {cta_id} already.")
    elif not work.update("cta", cta_id, {"opportunity_id": id_}):
        raise Refused("exists", f"{name} is linked to CTA {cta_id} already.")
    work.say(f"Linked {name} to CTA {cta_id} · {account}")
    return Linked(cta_id, kind, id_, name, said=work.act.what)


@act("unlink")
def unlink(work: Work, cta_id: int, kind: Kind, ref: str | int) -> Linked:
    """Takes a link away; the thing itself stays. Raises NotFound, Ambiguous, Refused (not linked, not yours)."""
    account_id, account = _check(work, cta_id, kind)
    id_, name = _found(work.db, kind, ref, account_id, account)
    changed = False
    if kind == "person":
        row = _person_link(work.db, cta_id, id_)
        if row is not None:
            work.delete("cta_person", row)
            changed = True
    elif kind == "activity":
        mine = work.db.scalar("SELECT cta_id FROM activity WHERE id = :id", id=id_) == cta_id
        changed = mine and bool(work.update("activity", id_, {"cta_id": None}))
    else:
        mine = work.db.scalar("SELECT opportunity_id FROM cta WHERE id = :id", id=cta_id) == id_
        changed = mine and bool(work.update("cta", cta_id, {"opportunity_id": None}))
    if not changed:
        raise Refused("not_linked", f"{name} is not linked to CTA {cta_id}.")
    work.say(f"Unlinked {name} from CTA {cta_id} · {account}")
    return Linked(cta_id, kind, id_, name, said=work.act.what)




def _check(work: Work, cta_id: int, kind: str) -> tuple[int, str]:
    """The CTA's account (id, name), when I may change the CTA; her own touch renews the owner's lease."""
    if kind not in KINDS:
        raise Refused("kind", f"A CTA links to a {', '.join(KINDS)}, not {kind!r}.{did_you_mean(kind, KINDS)}")
    row = standing_rows(work, [cta_id], Verb.EDIT)[cta_id]
    if row.owner is not None and row.owner == work.me.login:
        work.update("cta", cta_id, {"touched_at": work.now})
    return row.account_id, row.account


def _person_link(db: Db, cta_id: int, person_id: int) -> int | None:
    found: int | None = db.scalar(
        "SELECT id FROM cta_person WHERE cta_id = :cta AND person_id = :person", cta=cta_id, person=person_id
    )
    return found


def _found(db: Db, kind: str, ref: str | int, account_id: int, account: str) -> tuple[int, str]:
    """(id, name) of the thing meant, if it is one of the account's."""
    text = str(ref).strip()
    rows: list[tuple[int, str]]
    if kind == "person":
        known = people.contacts(db, account_id)
        low = text.casefold()
        rows = [
            (one.id, one.name)
            for one in known
            if text == str(one.id) or low in (one.name.casefold(), (one.email or "").casefold())
        ]
        names = [one.name for one in known]
    elif kind == "activity":
        sql = "SELECT id, subject FROM activity WHERE account_id = :account AND superseded IS NULL AND id = :id"
        found = db.all(sql, account=account_id, id=int(text)) if text.isdigit() and len(text) < 19 else []
        rows, names = [(row[0], f"“{row[1]}”") for row in found], []
    else:
        sql = (
            "SELECT s.id, coalesce(s.name, s.type) FROM opportunity s WHERE s.superseded IS NULL"
            " AND s.account_id IN (SELECT f.id FROM account f WHERE f.id = :account OR f.parent_id = :account) ORDER BY s.id"
        )
        every = [(row[0], str(row[1])) for row in db.all(sql, account=account_id)]
        rows = [one for one in every if text == str(one[0]) or text.casefold() == one[1].casefold()]
        names = [one[1] for one in every]
    if len(rows) == 1:
        return rows[0]
    if rows:
        candidates = [f"{name} (id {id_})" for id_, name in rows]
        raise Ambiguous(f"Several are called {text!r}: {', '.join(candidates)}. Say which by its id.", candidates)
    raise NotFound(f"{account} has no {kind} {text!r}.{did_you_mean(text, names)}")
