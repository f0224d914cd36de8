"""What an erasure leaves: nothing of the person anywhere, everything of everybody else, chains that hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cockpit.desk import Desk
from cockpit.services.cta import close, edit_cta
from cockpit.services.erase import Traces, erase
from cockpit.services.errors import Forbidden, NotFound, Refused
from cockpit.services.history import acts, as_it_was, history, undo
from cockpit.services.people import add_person, edit_person, people_of
from cockpit.services.seal import read_seal, seal
from cockpit.services.timeline import delete_activity, edit_activity, log_activity
from cockpit.services.verify import verify
from cockpit.services.view import save_view
from db.store import Store
from db.terms import Outcome
from db.traces import Spellings
from tests.builders import account, cta, make, row
from tests.cli.conftest import Run
from tests.cli.conftest import run as run  # the fixture
from tests.conftest import NOW

Sit = Callable[..., Desk]
HERS = (
    "Mia Ortiz",
    "mia ortiz",
    "Ortiz, Mia",
    "Mia Vega",
    "mia@boreal.example",
    "m.vega@old.example",
    "555 0199",
    "CRM-MIA-7",
    "loves sailing",
)
"""What is hers in the store: names past and present, addresses, a number, another system's key, what she wrote."""


@pytest.fixture
def mia(desk: Desk, desk_of: Sit) -> int:
    """A contact who is everywhere, beside a namesake elsewhere who is nobody's business."""
    boreal, zeta = account(desk, "Boreal"), account(desk, "Zeta")
    id_ = add_person(desk, "Boreal", "Mia Vega", "m.vega@old.example", title="CFO", phone="+1 555 0199").id
    edit_person(desk, id_, {"name": "Mia Ortiz", "email": "mia@boreal.example"})
    make(desk, "external_id", {"system": "crm", "thing": "person", "key": "CRM-MIA-7", "thing_id": id_})
    hers = {"account_id": boreal, "person_id": id_}
    make(desk, "survey", hers | {"kind": "nps", "score": 3, "comment": "loves sailing", "answered": desk.today()})
    make(desk, "ticket", hers | {"subject": "Mia Ortiz cannot log in", "extra": {"Requester": "mia@boreal.example"}})
    make(
        desk,
        "event",
        {"account_id": boreal, "person_id": id_, "type": "left", "day": desk.today(), "body": "mia ortiz left"},
    )
    call = log_activity(
        desk, boreal, "call", "Call with Mia Ortiz", "MIA  ORTIZ said:\nwrite to mia@boreal.example, or ring 555 0199. Sebastian agreed.",
        attendees=["mia@boreal.example", "ana"],
    ).id  # fmt: skip
    edit_activity(desk, call, {"subject": "A call with Ortiz, Mia"})
    gone = log_activity(desk, boreal, "update", "Mia Ortiz again").id
    delete_activity(desk, gone)
    work = cta(desk, boreal, owner="ana")
    edit_cta(desk, work, {"description": "Ask Mia Ortiz"})
    close(desk, [work], Outcome.SUCCESS, "Mia Ortiz signed")
    save_view(desk, "queue", "Hers", query='"Mia Ortiz"')
    add_person(desk, "Zeta", "Mia Ortiz", "other@zeta.example")
    log_activity(desk, zeta, "call", "Call with Mia Ortiz of Zeta", attendees=["other@zeta.example"])
    return id_


def everything(store: Store) -> str:
    """All text of all tables."""
    found = []
    with store.read() as db:
        if db.dialect == "sqlite":
            names = [r[0] for r in db.all("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'")]
        else:
            names = [
                r[0]
                for r in db.all(
                    "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"
                    " AND table_name NOT LIKE '%\\_words'"
                )
            ]
        for name in names:
            found += [str(row) for row in db.all(f"SELECT * FROM {name}")]
    return "\n".join(found)


def test_nothing_of_her_is_left_and_the_chains_hold(desk: Desk, desk_of: Sit, mia: int):
    kept = seal(desk)
    before = everything(desk.store)
    assert [text for text in HERS if text not in before] == []

    done = erase(desk_of("mo"), mia)

    after = everything(desk.store)
    zeta_only = [text for text in HERS if text in after and text != "Mia Ortiz"]
    assert zeta_only == []
    left = [line for line in after.splitlines() if "Mia Ortiz" in line]
    assert left
    assert all("Zeta" in line or "other@zeta.example" in line for line in left), left
    found = verify(desk, against=read_seal(kept.digest))
    assert found.problems == ()
    assert found.erased >= done.changes > 10
    assert (done.rows > 8, done.acts > 3, done.id) == (True, True, mia)
    assert "Sebastian agreed" in after


def test_her_rows_keep_their_place_without_her(desk: Desk, desk_of: Sit, mia: int):
    with desk.store.read() as db:
        old = db.scalar("SELECT count(*) FROM activity WHERE superseded IS NOT NULL")
    erase(desk_of("oz"), mia)
    with desk.store.read() as db:
        boreal = db.scalar("SELECT id FROM account WHERE name = 'Boreal'")
    one = next(r for r in people_of(desk, boreal) if r.id == mia)
    assert (one.name, one.email, one.phone, one.title) == ("[erased]", None, None, None)
    assert one.last_met is not None
    with desk.store.read() as db:
        assert db.one("SELECT score, comment FROM survey WHERE person_id = :id", id=mia) == (3, None)
        assert db.scalar("SELECT count(*) FROM external_id WHERE thing = 'person' AND thing_id = :id", id=mia) == 0
        assert db.scalar("SELECT count(*) FROM activity WHERE superseded IS NOT NULL") == old


def test_the_act_says_no_name_and_stays(desk: Desk, desk_of: Sit, mia: int):
    mo = desk_of("mo")
    done = erase(mo, mia)
    told = next(a for a in acts(desk) if a.act == done.act)
    assert (told.what, told.by, told.undone) == ("Erased a person", "mo", False)
    with pytest.raises(Refused, match="cannot be taken back: it is an erasure"):
        undo(mo)
    with pytest.raises(Refused, match="erased already"):
        erase(mo, mia)


def test_acts_whose_values_are_gone_say_so_when_taken_back(desk: Desk, desk_of: Sit, mia: int):
    erase(desk_of("mo"), mia)
    for one in acts(desk, by="ana", limit=None):
        try:
            done = undo(desk, one.act)
        except Refused:
            continue
        assert done.said
        if one.verb == "edit_person":
            assert any("was erased" in conflict.says for conflict in done.conflicts)
    assert verify(desk).problems == ()
    assert all(text not in everything(desk.store) for text in HERS if text != "Mia Ortiz")


def test_history_says_that_it_was_erased(desk: Desk, desk_of: Sit, mia: int):
    erase(desk_of("mo"), mia)
    assert {change.kind for change in history(desk, "person", mia)} == {"erased"}
    assert as_it_was(desk, "person", mia, NOW + timedelta(days=1)) == {}


def test_who_may_and_whom(desk: Desk, desk_of: Sit, mia: int):
    with pytest.raises(Forbidden):
        erase(desk, mia)
    with pytest.raises(NotFound):
        erase(desk_of("mo"), 4711)


def test_another_spelling_is_looked_for_when_named(desk: Desk, desk_of: Sit, mia: int):
    with desk.store.read() as db:
        boreal = db.scalar("SELECT id FROM account WHERE name = 'Boreal'")
    logged = log_activity(desk, boreal, "update", "Mimi called, and Jérémie").id
    erase(desk_of("mo"), mia, ["mimi", "JÉRÉMIE"])
    assert row(desk.store, "activity", logged)["subject"] == "[erased] called, and [erased]"


def test_words_that_are_not_hers_stay(desk: Desk, desk_of: Sit):
    """A contact called by a common word takes it neither from what configures the store nor from other words."""
    id_ = account(desk, "Risk Robotics")
    person = add_person(desk, id_, "Risk", "risk@example.com").id
    other = cta(desk, account(desk, "Else"), title="Risk of churn")
    own = cta(desk, id_, title="Risk is asking, riskily", priority="high")
    erase(desk_of("mo"), person)
    assert row(desk.store, "cta", own)["title"] == "[erased] is asking, riskily"
    assert row(desk.store, "cta", other)["title"] == "Risk of churn"
    assert row(desk.store, "account", id_)["name"] == "Risk Robotics"
    with desk.store.read() as db:
        assert db.scalar("SELECT count(*) FROM cta_type WHERE name = 'risk'") == 1
    assert verify(desk).problems == ()


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Ask mia ORTIZ.", "Ask [erased]."),
        ("Ortiz, Mia; Mia\tOrtiz", "[erased]; [erased]"),
        ("Miami Ortizville, mia, ortiz", "Miami Ortizville, mia, ortiz"),
        ("<mia@b.example>", "<[erased]>"),
        ("+49 (30) 555-0199, 030.5550199; 5550198", "[erased], [erased]; 5550198"),
        ({"Owner": "x mia@b.example", "n": [1, "Mia Ortiz"]}, {"Owner": "x [erased]", "n": [1, "[erased]"]}),
        (None, None),
        (7, 7),
    ],
)
def test_what_counts_as_hers(text: Any, clean: Any):
    numbers = frozenset({"12", "+49 30 555 0199"})
    traces = Traces.of(Spellings(frozenset({"Mia Ortiz"}), frozenset({"mia@b.example"}), numbers), ())
    assert traces.cleaned(text, traces.named) == clean


@pytest.mark.sqlite_only
def test_the_file_holds_not_a_byte_of_her(desk: Desk, desk_of: Sit, mia: int, store_url: str):
    done = erase(desk_of("mo"), mia)
    assert done.scrubbed
    raw = b"".join(
        Path(f"{store_url}{side}").read_bytes() for side in ("", "-wal") if Path(f"{store_url}{side}").exists()
    )
    assert [text for text in HERS if text != "Mia Ortiz" and text.encode() in raw] == []
    assert b"555 0199" not in raw
    assert raw.count(b"Mia Ortiz") == everything(desk.store).count("Mia Ortiz") + INDEXED
    assert any("Backups" in words for words in done.remains)


INDEXED = 1
"""ix_person_name holds the namesake's name a second time."""


@pytest.mark.sqlite_only
def test_where_she_stays_is_named_and_the_file_can_be_written_anew_later(desk: Desk, desk_of: Sit, mia: int, store_url: str):
    kept = Path(f"{store_url}.before-restore-20260101T000000Z")
    kept.write_bytes(Path(store_url).read_bytes())
    reader = desk.store.connect()
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM act").fetchone()
    mo = desk_of("mo")
    done = erase(mo, mia)
    assert not done.scrubbed
    assert any(kept.name in words for words in done.remains)
    assert any("again when nobody has" in words for words in done.remains)
    with pytest.raises(Refused, match="again when nobody has"):
        erase(mo, mia)
    reader.close()
    with pytest.raises(Refused, match="erased already; no old byte"):
        erase(mo, mia)
    assert b"mia@boreal.example" not in Path(store_url).read_bytes()


def test_by_command_it_asks_first(run: Run, mia: int):
    refused = run("person", "erase", mia, "--json", login="mo")
    assert (refused.code, refused.json["refused"]) == (4, "confirm")
    done = run("person", "erase", mia, "--yes", "--json", login="mo")
    assert done.code == 0
    assert done.json["rows"] > 8
    assert "Mia" not in done.out + done.err
