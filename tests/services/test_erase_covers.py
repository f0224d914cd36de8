"""Every place in which a store can hold words is decided on: what an erasure does there. A new column fails here first."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import JSON, Text

from cockpit.desk import Desk
from cockpit.services.erase import HERS, erase
from cockpit.services.verify import verify
from db import traces
from db.columns import tables
from db.models import metadata
from tests import builders
from tests.builders import make, row

WORDS = {
    "account": "name status served_by region industry domain language time_zone stage currency", "activity": "state",
    "brief": "", "cta": "priority status outcome lane skill source", "cta_type": "required_at_close", "document": "kind",
    "draft": "kind", "event": "type", "external_id": "system thing", "feed": "kind system", "goal": "status",
    "intervention": "stage", "membership": "network_role", "merge": "thing", "article": "language", "decision": "thing",
    "opportunity": "type stage state currency lead_source", "outbox": "state", "person": "language",
    "pool": "time_zone calendar currency", "pool_member": "lane", "product": "currency", "reason": "lane skill", "review": "verdict",
    "risk": "kind", "scorecard": "source", "playbook": "source", "advocacy": "kind", "segment": "served_by",
    "subscription": "currency", "survey": "kind", "task": "role status", "template": "kind language", "ticket": "priority status",
    "transition": "kind state", "usage": "metric", "view": "screen sort columns",
}  # fmt: skip
"""Columns that hold one of a set of words, or what a company is called: never a sentence about somebody."""
APART = {
    "csm": "our own people: whoever works here is not a customer's person",
    "act": "its words and results are cleaned one by one", "change": "its values are blanked",
    "dated": "values of accounts only", "score": "figures of accounts", "viewing": "which pane was open",
    "met": "numbers only, and gone with who attended", "presence": "which screen a colleague is on", "info": "what the store is",
}  # fmt: skip


def test_every_text_is_looked_through_or_is_a_word():
    """Whatever is in neither list is looked through for her names, addresses and numbers."""
    skipped: dict[str, set[str]] = {}
    for table in metadata.sorted_tables:
        if table.name in APART:
            continue
        assert table.name in tables(), f"{table.name} is not journaled: say in APART why an erasure need not look there"
        texts = {c.name for c in table.columns if isinstance(c.type, Text | JSON)}
        skipped[table.name] = {name for name in texts if traces.is_vocabulary(table.name, name)}
    decided = {name: set(WORDS.get(name, "").split()) for name in skipped}
    assert {name: found for name, found in skipped.items() if found != decided[name]} == {}, "decide: a word, or about somebody?"


def test_every_row_that_names_a_person_is_hers_or_says_nothing_of_her():
    naming = {
        table.name for table in metadata.sorted_tables for key in table.foreign_keys if key.column.table.name == "person"
    }
    assert naming - {*traces.LINKED} == {"cta_person"}
    assert {*traces.LINKED} <= HERS.keys()
    for name, values in HERS.items():
        texts = {c.name for c in metadata.tables[name].columns if isinstance(c.type, Text | JSON)}
        left = texts - values.keys() - {*WORDS.get(name, "").split()}
        keeps = {"training": {"course"}, "survey": {"about"}, "outbox": {"channel", "batch", "key"}, "stray": {"key"}}
        assert left == keeps.get(name, set()), name


@pytest.fixture
def places(desk: Desk) -> tuple[int, dict[str, int]]:
    """Mia, and what can be hers or speak of her since accounts change hands and mails are sent."""
    acme = builders.account(desk, "Acme")
    mia = builders.person(desk, acme, "Mia Ortiz", email="mia@acme.example", value_obtained="Saves Mia an hour", bottleneck="Mia")
    hers = {"account_id": acme, "person_id": mia}
    mail = {"channel": "smtp", "recipient": "mia@acme.example", "cc": "boss@acme.example", "subject": "For Mia", "body": "Dear Mia"}
    today = {"started_on": desk.today(), "target": desk.today()}
    move = make(desk, "transition", {"kind": "csm_to_csm", "account_id": acme, "extra": {"note": "Mia Ortiz knows"}} | today)
    of = {"transition_id": move}
    return mia, {
        "queued": make(desk, "outbox", hers | mail | {"key": "a"}),
        "sent": make(desk, "outbox", hers | mail | {"key": "b", "state": "sent"}),
        "training": make(desk, "training", hers | {"course": "Basics", "extra": {"Seat": "Mia"}}),
        "advocacy": make(desk, "advocacy", hers | {"kind": "reference", "recipient": "Globex", "note": "Mia will speak"}),
        "stray": make(desk, "stray", {"key": "<1@x>", "sender": "Mia@Acme.example", "sender_name": "Mia", "subject": "Hi",
                                      "body": "It is me", "at": desk.now()}),
        "draft": make(desk, "draft", {"kind": "log", "account_id": acme, "fields": {"body": "Mia Ortiz said"},
                                      "changed_at": desk.now()}),
        "document": make(desk, "document", {"account_id": acme, "kind": "brief", "title": "For Mia Ortiz", "body": "Ask MIA ORTIZ",
                                            "at": desk.now()}),
        "activity": make(desk, "activity", {"account_id": acme, "type_id": builders.the(desk, "activity_type", "call"), "at": desk.now(),
                                            "subject": "Call", "details": {"outcome": "Mia Ortiz agreed"}}),
        "task": make(desk, "task", {"cta_id": builders.cta(desk, acme), "title": "Ring Ortiz, Mia"}),
        "question": make(desk, "question", of | {"body": "Who is Mia Ortiz?", "asked_at": desk.now()}),
        "decision": make(desk, "decision", of | {"thing": "cta", "thing_id": 1, "choice": "keep", "note": "for mia ortiz",
                                                 "at": desk.now()}),
        "transition": move,
    }  # fmt: skip


def test_nothing_of_her_stays_in_mails_drafts_briefs_or_what_was_asked(
    desk: Desk, desk_of: Callable[..., Desk], places: tuple[int, dict[str, int]]
):
    mia, made = places

    def everything() -> str:
        with desk.store.read() as db:
            return "\n".join(str(line) for name in metadata.tables for line in db.all(f"SELECT * FROM {name}")).lower()

    assert everything().count("mia") > 20
    erase(desk_of("mo"), mia)
    left = everything()
    assert [line for line in left.splitlines() if "mia" in line or "globex" in line] == []
    states = {what: row(desk.store, "outbox", made[what])["state"] for what in ("queued", "sent")}
    assert states == {"queued": "cancelled", "sent": "sent"}
    assert row(desk.store, "stray", made["stray"])["body"] is None
    assert verify(desk).problems == ()


@pytest.mark.sqlite_only
def test_the_index_of_words_forgets_her_too(desk: Desk, desk_of: Callable[..., Desk]):
    """Also in its pages, where a word that was taken out would stay until they are merged."""
    acme = builders.account(desk, "Acme")
    mia = builders.person(desk, acme, "Xiomara Ortiz", email="m@acme.example")
    kind = builders.the(desk, "activity_type", "call")
    make(desk, "activity", {"account_id": acme, "type_id": kind, "at": desk.now(), "subject": "Xiomara Ortiz", "body": "m@acme.example"})

    def pages() -> bytes:
        with desk.store.read() as db:
            tables_ = ("person_fts_data", "activity_fts_data")
            return b"".join(bytes(block) for name in tables_ for (block,) in db.all(f"SELECT block FROM {name}"))

    assert b"iomara" in pages()
    erase(desk_of("mo"), mia)
    assert b"iomara" not in pages()


