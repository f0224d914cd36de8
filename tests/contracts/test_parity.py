"""Each use-case leads to the same rows whichever face it is reached by: by command and by keys, on copies of one store.

An act added to the screens fails here until a case of it is added to CASES.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cockpit.__main__ import main
from cockpit.services.cta import close
from cockpit.services.tick import tick
from cockpit.tui.actions import ACTIONS
from cockpit.tui.panes.base import ListPane
from cockpit.tui.screens.account import AccountScreen
from cockpit.tui.screens.list_screen import ListScreen
from db.columns import table, tables
from db.store import Store
from db.terms import Outcome
from tests import builders
from tests.conftest import NOW
from tests.contracts import (
    parity_health,
    parity_library,
    parity_network,
    parity_panes,
    parity_playbooks,
    parity_pool,
    parity_timeline,
    parity_transition,
)
from tests.tui import conftest as screens
from tests.tui.conftest import Seat, Sit

store, company, quick, sit = screens.store, screens.company, screens.quick, screens.sit
APART = parity_timeline.APART
DERIVED = {"cta": ("rank", "rescore_at")}
"""Columns that are not journaled and must agree all the same."""


# -- hands: what a person does at the screens


async def go_to(at: Seat, name: str) -> None:
    """Put the cursor on the row with these words."""
    screen = at.app.screen
    rows = screen.pane.rows if isinstance(screen, AccountScreen) and isinstance(screen.pane, ListPane) else None
    if isinstance(screen, ListScreen):
        rows = screen.rows
    assert rows is not None
    places = [n for n, row in enumerate(rows.window.rows) if name in [getattr(row, word, None) for word in ("account", "name", "title")]]
    assert places, f"there is no row {name!r} in:\n{at.text}"
    await at.burst("g", *"j" * places[0])


async def fill_in(at: Seat, /, **answers: str) -> None:
    """Fill in the form in front, and save it."""
    await at.answer(**answers)


async def on_queue(at: Seat, account: str, *keys: str) -> None:
    """Press keys on an account's row of the queue."""
    await go_to(at, account)
    await at.press(*keys)


async def in_account(at: Seat, account: str, *keys: str) -> None:
    """Open an account and press keys there."""
    await at.press("3")
    await go_to(at, account)
    await at.press("enter", *keys)


# -- the cases


@dataclass(frozen=True)
class Case:
    """What is done: by commands (``{Words}`` is the id of the CTA with that title), by keys."""

    acts: tuple[str, ...]
    """The acts of the screens it is about."""
    commands: tuple[tuple[str, ...], ...]
    keys: Callable[[Seat], Awaitable[None]]
    who: str = "ana"


async def claim_marked(at: Seat) -> None:
    await go_to(at, "Acme Robotics")
    await at.press("space")
    await go_to(at, "Dune Logistics")
    await at.press("space", "c")


async def release(at: Seat) -> None:
    await at.press("2", "r")
    await fill_in(at, note="She knows them better")


async def snooze(at: Seat) -> None:
    await on_queue(at, "Dune Logistics", "z")
    await fill_in(at, until="2026-12-04", reason="budget round", wake="health:<50")


async def close_one(at: Seat) -> None:
    await at.press("2", "x")
    await fill_in(at, outcome="no_action", note="Went live by themselves")


async def reopen(at: Seat) -> None:
    await in_account(at, "Fjord 東京 Shipping", "p", "c")
    await go_to(at, "Renewal in 9 days")
    await at.press("o")


async def due(at: Seat) -> None:
    await at.press("2", "d")
    await fill_in(at, due="2026-12-11")


async def due_alone(at: Seat) -> None:
    await at.press("2", "d")
    await fill_in(at, due="2026-12-11", tasks="no")


async def edit_cta(at: Seat) -> None:
    await on_queue(at, "Dune Logistics", "i")
    await fill_in(at, title="Seats are short", reason="Quite new", priority="high", flagged="yes", description="96 of 100")


async def new_cta(at: Seat) -> None:
    await on_queue(at, "Dune Logistics", "a")
    await fill_in(at, type="opportunity", reason="More seats", title="Sell 20", due="2026-12-04", priority="high", description="x")


async def log(at: Seat) -> None:
    await on_queue(at, "Acme Robotics", "l")
    await fill_in(
        at, type="meeting", subject="Roadmap", attendees="Maria Ortiz; Lena Vogt", body="They stay.",
        next_step="Send the plan", next_step_due="2026-12-01", at="yesterday",
    )  # fmt: skip


async def new_account(at: Seat) -> None:
    await at.press("3", "a")
    await fill_in(at, name="Gale Wind", arr="12k", renewal_date="2027-03-31", segment="SMB", pool="West", region="AMER")


async def edit_account(at: Seat) -> None:
    await at.press("3")
    await on_queue(at, "Dune Logistics", "i")
    await fill_in(at, arr="52k", stage="adoption", owner="ben")


async def new_person(at: Seat) -> None:
    await in_account(at, "Dune Logistics", "p", "e", "a")
    await fill_in(at, name="Kim Aoki", email="kim@dune.example", title="CFO", language="ja", network_role="driver")


async def edit_person(at: Seat) -> None:
    await in_account(at, "Acme Robotics", "p", "e")
    await go_to(at, "Lena Vogt")
    await at.press("i")
    await fill_in(at, title="COO", phone="+49 30 1")


async def network(at: Seat) -> None:
    await in_account(at, "Acme Robotics", "p", "e")
    await go_to(at, "Lena Vogt")
    await at.press("i")
    await fill_in(at, value_network="yes", network_role="generator")


async def save_view(at: Seat) -> None:
    await at.press("V")
    await fill_in(at, name="Red", query="health:<60", shared="yes")


def pressing(account: str, *keys: str) -> Callable[[Seat], Awaitable[None]]:
    """Keys on a row of the queue."""

    async def pressed(at: Seat) -> None:
        await on_queue(at, account, *keys)

    return pressed


COBALT, SEATS, USAGE = "{Post go-live check-in}", "{Seats at 96%}", "{Usage dropped 38%}"
MOVE = ("cta", "edit", COBALT, "--due", "2026-12-11")
CASES = {
    "claim": Case(("claim",), (("claim", SEATS),), pressing("Dune Logistics", "c")),
    "claim marked": Case(("claim",), (("claim", USAGE, SEATS),), claim_marked),
    "next": Case(("next",), (("next",),), pressing("Dune Logistics", "n")),
    "release": Case(("release",), (("release", COBALT, "--note", "She knows them better"),), release),
    "snooze": Case(("snooze",), (("snooze", SEATS, "--until", "2026-12-04", "--reason", "budget round", "--wake", "health:<50"),), snooze),
    "close": Case(("close",), (("close", COBALT, "--outcome", "no_action", "--note", "Went live by themselves"),), close_one),
    "reopen": Case(("reopen",), (("reopen", "{Renewal in 9 days}"),), reopen),
    "due": Case(("due",), (MOVE,), due),
    "due alone": Case(("due",), ((*MOVE, "--no-cascade"),), due_alone),
    "edit CTA": Case(
        ("edit",),
        (("cta", "edit", SEATS, "--title", "Seats are short", "--reason", "Quite new", "--priority", "high", "--flag",
          "--description", "96 of 100"),),
        edit_cta,
    ),
    "new CTA": Case(
        ("add",),
        (("cta", "new", "Dune Logistics", "--type", "opportunity", "--reason", "More seats", "--title", "Sell 20",
          "--due", "2026-12-04", "--priority", "high", "--description", "x"),),
        new_cta,
    ),
    "log": Case(
        ("log",),
        (("log", "Acme Robotics", "--type", "meeting", "--subject", "Roadmap", "--attendee", "Maria Ortiz", "--attendee", "Lena Vogt",
          "--body", "They stay.", "--next-step", "Send the plan", "--next-step-due", "2026-12-01", "--at", "yesterday", "--cta", USAGE),),
        log,
    ),
    "new account": Case(
        ("add",),
        (("account", "new", "Gale Wind", "--arr", "12k", "--renewal", "2027-03-31", "--segment", "SMB", "--pool", "West",
          "--region", "AMER", "--status", "customer"),),
        new_account,
    ),
    "edit account": Case(
        ("edit",), (("account", "edit", "Dune Logistics", "--arr", "52k", "--stage", "adoption", "--owner", "ben"),), edit_account
    ),
    "new person": Case(
        ("add",),
        (("person", "new", "Dune Logistics", "Kim Aoki", "--email", "kim@dune.example", "--title", "CFO", "--language", "ja",
          "--role", "driver"),),
        new_person,
    ),
    "edit person": Case(
        ("edit",),
        (("person", "edit", "lena@c0.example", "--title", "COO", "--phone", "+49 30 1", "--account", "Acme Robotics"),),
        edit_person,
    ),
    "network": Case(
        ("edit",), (("person", "network", "lena@c0.example", "--account", "Acme Robotics", "--role", "generator"),), network
    ),
    "save view": Case(
        ("save_view",), (("view", "save", "Red", "--query", "health:<60", "--sort", "score", "--shared"),), save_view
    ),
    "undo": Case(("undo",), (("claim", SEATS), ("undo",)), pressing("Dune Logistics", "c", "u")),
    "redo": Case(("redo",), (("claim", SEATS), ("undo",), ("redo",)), pressing("Dune Logistics", "c", "u", "ctrl+r")),
}  # fmt: skip
CASES |= parity_panes.cases(Case, in_account, fill_in)
CASES |= parity_health.cases(Case, in_account, fill_in)
CASES |= parity_network.cases(Case, in_account, fill_in)
CASES |= parity_transition.cases(Case, fill_in)
CASES |= parity_playbooks.cases(Case, in_account, go_to, fill_in)
CASES |= parity_playbooks.leaves(Case, in_account, fill_in)
CASES |= parity_pool.cases(Case, in_account, fill_in, on_queue)
CASES |= parity_library.cases(Case, fill_in)
CASES |= parity_timeline.cases(Case, in_account, fill_in, go_to)

# -- the comparison


def dump(of: Store) -> dict[str, list[dict[str, Any]]]:
    """Every row of the journaled tables, with what is derived of them and how often each was changed; uids apart."""
    found = {}
    with of.read() as db:
        for name in tables():
            columns = [c for c in ("id", "rev", *table(name).journaled, *DERIVED.get(name, ())) if c not in ("uid", *APART.get(name, ()))]
            rows = db.all(f"SELECT {', '.join(columns)} FROM {name} ORDER BY id")
            found[name] = [dict(zip(columns, row, strict=True)) for row in rows]
    return found


def changed(after: dict[str, list[dict[str, Any]]], before: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """The rows that are not as they were: what to read when the two faces disagree."""
    return {name: [row for row in rows if row not in before[name]] for name, rows in after.items() if rows != before[name]}


def told(of: Store) -> list[tuple[Any, ...]]:
    """Which things every act changed, in its order."""
    with of.read() as db:
        return db.all("SELECT a.undoes, c.thing, c.thing_id, c.kind FROM act a JOIN change c ON c.act_id = a.id ORDER BY a.id, c.id")


@pytest.fixture
def twins(company: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Store, Store]:
    """Two copies of the company, with a closed CTA and a task, at rest."""
    ana = builders.desk_of(company, "ana", NOW)
    with company.read() as db:
        ids = dict(db.all("SELECT title, id FROM cta"))
    builders.make(ana, "task", {"cta_id": ids["Post go-live check-in"], "title": "Ring them", "due": NOW.date()})
    close(ana, [ids["Renewal in 9 days"]], Outcome.SUCCESS)
    parity_timeline.prepare(ana)
    tick(ana)
    monkeypatch.setenv("COCKPIT_MAIL_FROM", "west@us.example")
    monkeypatch.setenv("COCKPIT_MAIL_FOLDER", str(tmp_path / "mail"))
    url = company.url
    company.close()
    made = []
    for face in ("cli", "tui"):
        made.append(str(tmp_path / f"{face}.db"))
        shutil.copy(url, made[-1])
        Path(made[-1]).chmod(0o600)
    return Store.open(made[0]), Store.open(made[1])


@pytest.mark.parametrize("name", CASES)
async def test_both_faces_lead_to_the_same_rows(name: str, twins: tuple[Store, Store], sit: Sit, capsys: pytest.CaptureFixture[str]):
    by_command, by_keys = twins
    case, before = CASES[name], dump(by_command)
    assert dump(by_keys) == before
    with by_command.read() as db:
        ids = dict(db.all("SELECT title, id FROM cta"))
    ids["promise"] = parity_timeline.promise(by_command)
    for words in case.commands:
        args = [str(ids[word[1:-1]]) if word.startswith("{") else word for word in words]
        assert main([*args, "--db", by_command.url, "--as", case.who, "--json"]) == 0, capsys.readouterr()
        assert json.loads(capsys.readouterr().out)
    async with sit(case.who, on=by_keys) as seat:
        await case.keys(seat)

    assert changed(dump(by_keys), before) == changed(dump(by_command), before)
    assert told(by_keys) == told(by_command)
    assert len(told(by_keys)) > 0
    if name not in ("undo", "back again"):
        assert dump(by_keys) != before, "the case did nothing"


def test_every_act_of_the_screens_has_a_case():
    acts = {action.name for action in ACTIONS if action.group == "Act"} | {"save_view"}
    compared = {act for case in CASES.values() for act in case.acts}
    assert acts - compared == set(), "add a case of it to CASES"
