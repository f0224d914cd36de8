"""Trainings and advocacy: what customers learned, and what they do for us."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cockpit.services.exchange.load_voice import People
from cockpit.services.exchange.prepare import Row
from cockpit.services.exchange.write import Accounts, BadField, Item, Loading, same_facts, upsert
from cockpit.services.fact_kinds import ADVOCACY

_TELLS = {
    "reference_call": ("reference",), "case_study": ("case",), "success_story": ("story", "stories"),
    "review": ("review", "g2", "capterra"), "referral": ("referral", "lead"),
}  # fmt: skip


def load_trainings(loading: Loading, rows: Sequence[Row]) -> None:
    """Trainings by id, else by account, course and person; a person alone tells the account when it is the only one."""
    accounts, people = Accounts(loading, rows), People(loading, rows)

    def item(row: Row) -> Item:
        values = row.values
        account = accounts.of(row)
        person = people.of(row, account)
        account = account or people.account_of(person)
        if account is None:
            raise BadField("account", "No account is named, and nobody known by that e-mail belongs to one.")
        columns: dict[str, Any] = {"account_id": account, "person_id": person, "course": values["course"]}
        if "required" in values:
            columns["required"] = bool(values["required"])
        if "completed" in values:
            columns["completed"] = values["completed"]
        if values.get("score") is not None:
            score = round(values["score"])
            if not 0 <= score <= 100:
                raise BadField("score", f"{values['score']} is not between 0 and 100.")
            columns["score"] = score
        if person is None and values.get("email"):
            columns["extra"] = {"Email": values["email"]}
        return Item(row, columns, values.get("id"))

    items = loading.each(rows, item)
    loading.done(upsert(loading, "training", items, lambda bare: same_facts(loading, "training", ("course", "person_id"), bare)))


def load_advocacy(loading: Loading, rows: Sequence[Row]) -> None:
    """Advocacy by id, else by account, kind, person and the day it was asked for."""
    accounts, people = Accounts(loading, rows), People(loading, rows)

    def item(row: Row) -> Item:
        values = row.values
        account = accounts.needed(row)
        columns: dict[str, Any] = {"account_id": account, "person_id": people.of(row, account), "kind": _kind(values["kind"])}
        columns |= {name: values[name] for name in ("given_on", "consent_until", "recipient", "note") if name in values}
        columns["asked_on"] = values.get("asked_on") or values.get("given_on")
        return Item(row, columns, values.get("id"))

    items = loading.each(rows, item)
    same = ("kind", "person_id", "asked_on")
    loading.done(upsert(loading, "advocacy", items, lambda bare: same_facts(loading, "advocacy", same, bare)))


def _kind(text: str) -> str:
    """One of ours, however it is written."""
    words = text.strip().lower().replace(" ", "_").replace("-", "_")
    found = words if words in ADVOCACY else next((kind for kind, tells in _TELLS.items() if any(t in words for t in tells)), None)
    if found is None:
        raise BadField("kind", f'"{text}" is none of {", ".join(ADVOCACY)}.')
    return found
