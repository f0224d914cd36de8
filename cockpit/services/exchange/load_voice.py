"""Tickets, surveys and events: what customers say and what happens to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from cockpit.domain.surveys import bounds, survey_kind
from cockpit.services.exchange.prepare import Row
from cockpit.services.exchange.refs import pick_person
from cockpit.services.exchange.write import Accounts, BadField, Item, Loading, same_facts, upsert
from db.connection import as_json

_SOLVED = frozenset({"closed", "solved", "resolved", "done", "complete", "completed"})


class People:
    """The people that the rows of one batch speak of."""

    def __init__(self, loading: Loading, rows: Sequence[Row]) -> None:
        refs = loading.refs
        self._by_email = refs.people_by_email(row.values.get("email") for row in rows)
        self._by_key = refs.ids_anywhere("person", loading.system, [row.values.get("person") for row in rows])
        everybody = {*self._by_key.values(), *(person for pairs in self._by_email.values() for person, _ in pairs)}
        self._accounts = refs.accounts_of(everybody)

    def of(self, row: Row, account: int | None) -> int | None:
        """The person of a row; None when nobody here is known by what it says."""
        if found := self._by_key.get(row.values.get("person") or ""):
            return found
        return pick_person(self._by_email.get(row.values.get("email") or "", ()), account)

    def account_of(self, person: int | None) -> int | None:
        """The account of a person who belongs to one only."""
        belongs = self._accounts.get(person or 0, [])
        return belongs[0] if len(belongs) == 1 else None


def moment(value: date | datetime | None) -> datetime | None:
    """A date alone is noon, so that it is the same day in most of the world."""
    if value is None or isinstance(value, datetime):
        return value
    return datetime.combine(value, time(12), UTC)


def load_tickets(loading: Loading, rows: Sequence[Row]) -> None:
    """Tickets by id, else by account, subject and when they were opened."""
    accounts, people = Accounts(loading, rows, "ticket"), People(loading, rows)

    def item(row: Row) -> Item:
        values = row.values
        status = values.get("status")
        if status and status.lower() == "deleted":
            raise BadField("status", f"Marked deleted in {loading.system.capitalize()}.")
        account = accounts.of(row)
        person = people.of(row, account)
        columns: dict[str, Any] = {"account_id": account or people.account_of(person), "person_id": person}
        columns["subject"] = values.get("subject") or f"Ticket {values.get('id') or row.number}"
        columns |= {name: moment(values[name]) for name in ("opened", "closed", "reopened") if name in values}
        columns |= {name: values[name] for name in ("priority", "status") if name in values}
        if columns.get("closed") is None and (status or "").lower() in _SOLVED and values.get("updated"):
            columns["closed"] = moment(values["updated"])
            loading.counts["are solved without saying when: their last change is taken for it"] += 1
        if columns.get("closed") is not None and not status:
            columns["status"] = "closed"
        return Item(row, columns, values.get("id"))

    items = loading.each(rows, item)
    loading.counts["have no account"] += sum(one.columns["account_id"] is None for one in items)
    loading.done(
        upsert(loading, "ticket", items, lambda bare: same_facts(loading, "ticket", ("subject", "opened"), bare))
    )


def load_surveys(loading: Loading, rows: Sequence[Row]) -> None:
    """Answers by id, else by account, survey, day and who answered."""
    accounts, people = Accounts(loading, rows), People(loading, rows)
    default = _survey_of_file(loading)

    def item(row: Row) -> Item:
        values = row.values
        kind = survey_kind(values.get("survey") or default)
        score = values["score"]
        lowest, highest = bounds(kind)
        if not lowest <= score <= highest:
            raise BadField("score", f"{score} is not between {lowest} and {highest}.")
        account = accounts.of(row)
        person = people.of(row, account)
        account = account or people.account_of(person)
        if account is None:
            raise BadField("account", "No account is named, and nobody known by that e-mail belongs to one.")
        columns = {"account_id": account, "person_id": person, "kind": kind, "score": score, "answered": values["date"]}
        columns |= {name: values[name] for name in ("about", "comment") if name in values}
        if person is None and values.get("email"):
            columns["extra"] = {"Email": values["email"]}
        return Item(row, columns, values.get("id"))

    items = loading.each(rows, item)
    loading.done(upsert(loading, "survey", items, lambda bare: _same_answers(loading, bare)))


def _survey_of_file(loading: Loading) -> str:
    """Which survey a file without a column for it is: as its score column or its name says."""
    words = f"{loading.ready.header_of('score')} {loading.ready.path.stem}".lower()
    if "csat" in words or "satisfaction" in words:
        return "csat"
    if (
        not any(column.field and column.field.name == "survey" for column in loading.ready.found.columns)
        and "nps" not in words
    ):
        loading.counts["name no survey: they are taken for NPS"] = loading.ready.rows.count
    return "nps"


def _same_answers(loading: Loading, items: list[Item]) -> dict[int, int]:
    """One person answers one survey once a day; an answer from nobody known is told by address, else by what it says."""
    params: dict[str, Any] = {}
    marks = loading.work.db.marks("a", sorted({item.columns["account_id"] for item in items}), params)
    known: dict[tuple[Any, ...], int] = {}
    for id_, account, kind, answered, person, extra, score, comment in loading.work.db.all(
        "SELECT t.id, t.account_id, t.kind, t.answered, t.person_id, t.extra, t.score, t.comment FROM survey t"
        f" WHERE t.account_id IN ({marks}) AND t.superseded IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM external_id e WHERE e.thing = 'survey' AND e.thing_id = t.id) ORDER BY t.id DESC",
        **params,
    ):
        base = (account, kind.casefold(), str(answered))
        email = (as_json(extra) or {}).get("Email")
        for who in (("person", person), ("email", email)):
            if who[1] is not None:
                known[(*base, *who)] = id_
        if person is None and email is None:
            known[(*base, score, comment)] = id_
    found = {}
    for n, item in enumerate(items):
        c = item.columns
        base = (c["account_id"], c["kind"].casefold(), c["answered"].isoformat())
        email = item.row.values.get("email")
        tries = (
            [("person", c["person_id"]), ("email", email)]
            if c["person_id"] or email
            else [(c["score"], c.get("comment"))]
        )
        match = next((known[(*base, *who)] for who in tries if (*base, *who) in known), None)
        if match is not None:
            found[n] = match
    return found


def load_events(loading: Loading, rows: Sequence[Row]) -> None:
    """Events by id, else by account, type and day."""
    accounts, people = Accounts(loading, rows), People(loading, rows)

    def item(row: Row) -> Item:
        values = row.values
        account = accounts.needed(row)
        columns: dict[str, Any] = {"account_id": account, "person_id": people.of(row, account)}
        columns |= {"type": values["type"], "day": values["date"]}
        if "text" in values:
            columns["body"] = values["text"]
        return Item(row, columns, values.get("id"))

    items = loading.each(rows, item)
    loading.done(
        upsert(loading, "event", items, lambda bare: same_facts(loading, "event", ("type", "day", "person_id"), bare))
    )
