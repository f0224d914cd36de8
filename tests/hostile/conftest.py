"""Two stores full of the corpus: one fed through the front door, one with the strings put into its rows as they are."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from cockpit.desk import Desk
from cockpit.services.act import Work, act
from db.store import Store
from tests import builders
from tests.conftest import NOW
from tests.hostile.corpus import corpus


@act("test_hostile")
def _put_raw(work: Work, strings: list[str]) -> None:
    pool = work.db.scalar("SELECT id FROM pool WHERE name = 'West'")
    kinds = {
        name: work.db.scalar(f"SELECT id FROM {name} ORDER BY id LIMIT 1") for name in ("cta_type", "activity_type")
    }
    reasons = work.insert_many("reason", [{"name": f"{one}#{n}"} for n, one in enumerate(strings)])
    accounts = work.insert_many(
        "account",
        [
            {
                "name": one,
                "pool_id": pool,
                "region": one,
                "stage": one,
                "industry": one,
                "domain": one,
                "currency": "USD",
                "arr": n,
            }
            for n, one in enumerate(strings)
        ],
    )
    people = work.insert_many("person", [{"name": one, "email": one, "phone": one} for one in strings])
    pairs = list(zip(strings, accounts, people, strict=True))
    work.insert_many(
        "membership", [{"person_id": p, "account_id": a, "title": one, "value_network": True} for one, a, p in pairs]
    )
    work.insert_many("cta", [
        {"account_id": a, "pool_id": pool, "type_id": kinds["cta_type"], "reason_id": r, "title": one, "description": one,
         "left_note": one, "opened_at": work.now, "rank": n}
        for n, ((one, a, _), r) in enumerate(zip(pairs, reasons, strict=True))
    ])  # fmt: skip
    done = work.insert_many("activity", [
        {"account_id": a, "type_id": kinds["activity_type"], "subject": one, "body": one, "next_step": one, "at": work.now} for one, a, _ in pairs
    ])  # fmt: skip
    work.insert_many(
        "attendee",
        [{"activity_id": d, "person_id": p, "email": one} for (one, _, p), d in zip(pairs, done, strict=True)],
    )
    work.say(f"Put {strings[0]!r} and others \x1b]52;c;QQ==\x07 [@click=app.quit]")


def storable(one: str) -> str:
    """What a store can hold of it: no NUL (PostgreSQL), no lone surrogate (neither)."""
    return one.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


@pytest.fixture(scope="module")
def raw_store(tmp_path_factory: pytest.TempPathFactory, sqlite_templates: dict[str, Path]) -> str:
    """The strings in the rows themselves, past every border."""
    import shutil

    path = tmp_path_factory.mktemp("raw") / "raw.db"
    shutil.copy(sqlite_templates["cast"], path)
    store = Store.open(str(path))
    _put_raw(builders.desk_of(store, "oz", NOW), [storable(one) or "x" for one in corpus()])
    store.close()
    return str(path)


@pytest.fixture(scope="module")
def corpus_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The strings in files to import, in every text column."""
    folder = tmp_path_factory.mktemp("files")
    strings = [one.replace("\0", "") for one in corpus()]
    ids = range(len(strings))
    _write(folder / "accounts.csv", ["Account ID", "Account Name", "Segment", "Region", "Stage", "Language", "Odd\x1b[31m column"],
           [[f"A{n}", one, "smb", one, one, one, one] for n, one in zip(ids, strings, strict=True)])  # fmt: skip
    _write(
        folder / "people.csv",
        ["Email", "Name", "Title", "Account ID"],
        [[f"p{n}@x.example", one, one, f"A{n}"] for n, one in zip(ids, strings, strict=True)],
    )
    _write(folder / "activities.csv", ["Activity ID", "Type", "Subject", "Date", "Account ID", "Attendees"],
           [[f"V{n}", "call", one, "2026-11-02", f"A{n}", f"p{n}@x.example;{one}"] for n, one in zip(ids, strings, strict=True)])  # fmt: skip
    _write(folder / "ctas.csv", ["CTA ID", "Account ID", "Type", "Reason", "Priority", "Due Date"],
           [[f"C{n}", f"A{n}", "risk", one, "high", "2026-12-01"] for n, one in zip(ids, strings, strict=True)])  # fmt: skip
    _write(folder / "tickets.csv", ["Ticket ID", "Account ID", "Subject", "Priority", "Status", "Opened"],
           [[f"T{n}", f"A{n}", one, one, one, "2026-11-02"] for n, one in zip(ids, strings, strict=True)])  # fmt: skip
    _write(folder / "surveys.csv", ["Survey", "About", "Account ID", "Email", "Score", "Comment", "Date"],
           [["NPS", one, f"A{n}", f"p{n}@x.example", "3", one, "2026-11-02"] for n, one in zip(ids, strings, strict=True)])  # fmt: skip
    return folder


def _write(path: Path, header: list[str], rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", errors="surrogatepass", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


@pytest.fixture
def raw_desk(raw_store: str) -> Iterator[Desk]:
    store = Store.open(raw_store)
    yield builders.desk_of(store, "oz", NOW)
    store.close()


@pytest.fixture(scope="module")
def clean_store(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A demo company: what the screens send over it, they may."""
    from cockpit.services.demo import build_demo

    path = str(tmp_path_factory.mktemp("clean") / "demo.db")
    build_demo(path, accounts=60, ctas=40, clock=lambda: NOW, login="oz")
    return path
