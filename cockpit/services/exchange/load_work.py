"""CTAs and the timeline."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from cockpit.domain.clean import clip
from cockpit.services.exchange.convert import email as as_email
from cockpit.services.exchange.load_voice import moment
from cockpit.services.exchange.prepare import Row
from cockpit.services.exchange.refs import pick_person
from cockpit.services.exchange.write import Accounts, BadField, Item, Loading, same_facts, upsert
from cockpit.services.routing import Route, routes
from db.terms import CtaStatus, Outcome, Priority

_OPAQUE = re.compile(r"(?=.*\d)[0-9A-Za-z-]{15,}")
"""An id of another system where we want words."""
_TYPES = {
    "risk": ("risk",),
    "opportunity": ("opportunity", "expansion", "upsell", "growth"),
    "lifecycle": ("lifecycle", "onboarding", "milestone"),
    "event": ("event",),
}


def load_ctas(loading: Loading, rows: Sequence[Row]) -> None:
    """CTAs by id, else by account, type, reason and title; their place in the queue is computed at the end."""
    accounts = Accounts(loading, rows)

    def item(row: Row) -> Item:
        values = row.values
        columns: dict[str, Any] = {"account_id": accounts.needed(row)}
        reason = _words(values.get("reason"))
        columns["type_id"] = loading.refs.named("cta_type", *_type(loading, _words(values.get("type"))))
        columns["reason_id"] = loading.refs.named("reason", reason or "Imported")
        columns["title"] = values.get("title") or reason or "Imported"
        columns |= {name: values[name] for name in ("description", "due", "flagged") if values.get(name) is not None}
        if values.get("pool"):
            columns["pool_id"] = loading.refs.named("pool", values["pool"])
        columns |= _priority(loading, _words(values.get("priority")))
        if values.get("owner"):
            columns["owner_id"] = loading.refs.owner(values["owner"], loading.system)
        if values.get("opened"):
            columns["opened_at"] = moment(values["opened"])
        columns |= _ending(loading, values)
        return Item(row, columns, values.get("id"))

    items = loading.each(rows, item)
    pools = _pools(loading, [one.columns["account_id"] for one in items])
    ways = routes(loading.work.db, [one.columns["reason_id"] for one in items])

    def known(bare: list[Item]) -> dict[int, int]:
        return same_facts(loading, "cta", ("type_id", "reason_id", "title"), bare, others=True)

    done = upsert(loading, "cta", items, known, complete=lambda new: _complete(loading, new, pools, ways))
    loading.rescore_ctas.update(one.id for one in done if one.outcome != "unchanged")
    loading.done(done)


def _words(text: str | None) -> str | None:
    return None if text is None or _OPAQUE.fullmatch(text) else text


def _type(loading: Loading, text: str | None) -> tuple[str, ...]:
    """The type a system's word stands for; a word of its own becomes a type of its own."""
    if text is None:
        loading.counts["name no type in words: they are taken for lifecycle"] += 1
        return ("lifecycle",)
    if loading.refs.is_known("cta_type", text):
        return (text,)
    words = text.lower()
    return (next((name for name, tells in _TYPES.items() if any(tell in words for tell in tells)), text),)


def _priority(loading: Loading, text: str | None) -> dict[str, Any]:
    if text is None:
        return {}
    words = text.lower()
    for priority, tells in (
        (Priority.HIGH, ("high", "urgent", "critical", "p1", "1")),
        (Priority.LOW, ("low", "p3", "p4", "3", "4")),
        (Priority.MEDIUM, ("med", "normal", "p2", "2")),
    ):
        if any(tell in words if len(tell) > 1 else tell == words for tell in tells):
            return {"priority": priority}
    raise BadField("priority", f'"{text}" is no priority: {", ".join(Priority)}.')


def _ending(loading: Loading, values: Mapping[str, Any]) -> dict[str, Any]:
    """Status, outcome and end of a CTA, from whichever of them its file has."""
    status, outcome = (_words(values.get(name)) or "" for name in ("status", "outcome"))
    words = f"{status} {outcome}".lower()
    ended = bool(values.get("is_closed") or values.get("closed") or outcome.strip())
    ended = ended or any(
        tell in words for tell in ("clos", "success", "complete", "done", "won", "lost", "cancel", "invalid")
    )
    if not ended or values.get("is_closed") is False:
        return {"status": CtaStatus.OPEN} if status or values.get("is_closed") is False else {}
    how = Outcome.NO_ACTION
    for found, tells in (
        (Outcome.INVALID, ("invalid", "duplicate", "not valid")),
        (Outcome.UNSUCCESSFUL, ("unsuccess", "not success", "lost", "fail")),
        (Outcome.NO_ACTION, ("no action", "no_action", "noaction", "cancel")),
        (Outcome.SUCCESS, ("success", "won", "complete", "done")),
    ):
        if any(tell in words for tell in tells):
            how = found
            break
    closed = moment(values.get("closed")) or moment(values.get("opened")) or loading.work.now
    return {"status": CtaStatus.CLOSED, "outcome": how, "closed_at": closed}


def _complete(loading: Loading, item: Item, pools: Mapping[int, int | None], ways: Mapping[int, Route]) -> None:
    columns = item.columns
    way = ways[columns["reason_id"]]
    columns |= {"lane": way.lane, "skill": way.skill}
    columns.setdefault("pool_id", pools.get(columns["account_id"]) or loading.refs.default_pool)
    columns.setdefault("opened_at", loading.work.now)
    columns["source"] = "import"
    if columns.get("owner_id") is not None:
        columns["claimed_at"] = columns["first_claimed_at"] = columns["opened_at"]
        columns["touched_at"] = loading.work.now


def _pools(loading: Loading, accounts: Sequence[int]) -> dict[int, int | None]:
    if not accounts:
        return {}
    params: dict[str, Any] = {}
    marks = loading.work.db.marks("a", sorted(set(accounts)), params)
    return dict(loading.work.db.all(f"SELECT id, pool_id FROM account WHERE id IN ({marks})", **params))


_ACTIVITY_TYPES = {
    "call": ("call", "phone"), "meeting": ("meeting", "event", "demo", "onsite"), "email": ("email", "e-mail"),
    "outreach": ("outreach",), "milestone": ("milestone",), "transition note": ("transition", "handoff", "handover"),
    "update": ("update", "note", "task", "todo", "to-do"),
}  # fmt: skip


def load_activities(loading: Loading, rows: Sequence[Row]) -> None:
    """Timeline entries by id, else by account, type, moment and subject; then who was there."""
    accounts = Accounts(loading, rows, "activity")
    people = loading.refs.ids_anywhere("person", loading.system, _person_keys(loading, rows))
    belongs = loading.refs.accounts_of(people.values())

    def item(row: Row) -> Item:
        values = row.values
        account = accounts.of(row)
        if account is None:
            there = [a for key in _person_keys(loading, [row]) for a in belongs.get(people.get(key, 0), [])]
            account = there[0] if there else accounts.needed(row)
        kind = _activity_type(loading, values.get("type") or "update")
        columns: dict[str, Any] = {"account_id": account, "type_id": kind, "body": values.get("body")}
        columns["subject"] = values.get("subject") or clip(
            (values.get("body") or values.get("type") or "Imported").split("\n")[0], 80
        )
        when = values["date"]
        columns["date_only"] = not isinstance(when, datetime)
        columns["at"] = when
        columns |= {name: values[name] for name in ("next_step", "next_step_due") if name in values}
        if author := values.get("author"):
            columns["author_id"] = loading.refs.csm(author, loading.system)
            if columns["author_id"] is None:
                columns["extra"] = {loading.ready.header_of("author"): author}
        return Item(row, columns, values.get("id"))

    items = loading.each(rows, item)
    _noon(loading, items)
    done = upsert(
        loading, "activity", items, lambda bare: same_facts(loading, "activity", ("type_id", "at", "subject"), bare)
    )
    _attend(loading, done, people)
    loading.done(done)


def _person_keys(loading: Loading, rows: Sequence[Row]) -> list[str]:
    joins = loading.links.get((loading.system, "activity", "person"), {})
    return [
        key for row in rows for key in (row.values.get("person"), *joins.get(row.values.get("id") or "", ())) if key
    ]


def _activity_type(loading: Loading, text: str) -> int:
    if loading.refs.is_known("activity_type", text):
        return loading.refs.named("activity_type", text)
    words = text.lower()
    name = next((name for name, tells in _ACTIVITY_TYPES.items() if any(tell in words for tell in tells)), text)
    return loading.refs.named("activity_type", name)


def _noon(loading: Loading, items: Sequence[Item]) -> None:
    """A date alone is noon in the zone of its account's pool."""
    dated = [item for item in items if item.columns["date_only"]]
    pools = _pools(loading, [item.columns["account_id"] for item in dated])
    for item in dated:
        zone = ZoneInfo(loading.refs.zone(pools.get(item.columns["account_id"])))
        item.columns["at"] = datetime.combine(item.columns["at"], time(12), zone).astimezone(UTC)


def _attend(loading: Loading, items: Sequence[Item], people: Mapping[str, int]) -> None:
    """Makes the attendees of each entry what its row says; entries whose row says nothing keep theirs."""
    said = [item for item in items if item.row.values.get("attendees") is not None or item.row.values.get("person")]
    by_email = loading.refs.people_by_email(
        as_email(text) for item in said for text in item.row.values.get("attendees") or ()
    )
    wanted: dict[tuple[int, int | None, int | None, str | None], Item] = {}
    for item in said:
        keys: list[tuple[int | None, int | None, str | None]] = []
        if (one := people.get(item.row.values.get("person") or "")) is not None:
            keys.append((one, None, None))
        for text in item.row.values.get("attendees") or ():
            person = pick_person(by_email.get(text, ()), item.columns["account_id"])
            csm = None if person else loading.refs.csm(text, loading.system)
            keys.append((person, csm, None if person or csm else text))
        wanted |= {(item.id, *key): item for key in keys}
    there = _attendees(loading, [item.id for item in said])
    fresh = [key for key in wanted if key not in there]
    loading.work.insert_many(
        "attendee", [dict(zip(("activity_id", "person_id", "csm_id", "email"), key, strict=True)) for key in fresh]
    )
    listed = {item.id: item for item in said if item.row.values.get("attendees") is not None}
    gone = [key for key in there if key[0] in listed and key not in wanted]
    loading.work.delete_many("attendee", [there[key] for key in gone])
    for item in [*(wanted[key] for key in fresh), *(listed[key[0]] for key in gone)]:
        item.outcome = "updated" if item.outcome == "unchanged" else item.outcome


def _attendees(
    loading: Loading, activities: Iterable[int]
) -> dict[tuple[int, int | None, int | None, str | None], int]:
    ids = sorted(set(activities))
    if not ids:
        return {}
    params: dict[str, Any] = {}
    marks = loading.work.db.marks("a", ids, params)
    rows = loading.work.db.all(
        f"SELECT activity_id, person_id, csm_id, email, id FROM attendee WHERE activity_id IN ({marks})", **params
    )
    return {(activity, person, csm, email): id_ for activity, person, csm, email, id_ in rows}
