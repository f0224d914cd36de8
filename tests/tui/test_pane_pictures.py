"""Every pane of an account as it looks, in words: three sizes, for an empty account, an ordinary one and one made to harm.

A pane has one file per account under ``pictures/panes``; ``--snapshot-update`` takes them anew.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from rich.cells import cell_len

from cockpit.desk import Desk
from cockpit.services.account import find_account
from cockpit.services.document import make_document
from cockpit.services.fact import new_fact
from cockpit.services.timeline import log_activity
from cockpit.tui.panes import PANES
from cockpit.tui.screens.account import AccountScreen
from db.store import Store
from tests import builders
from tests.conftest import NOW
from tests.tui.conftest import Seat, Sit
from tests.tui.test_hostile import PIECES

SIZES = ((80, 24), (120, 36), (200, 50))
FOLDER = Path(__file__).parent / "pictures" / "panes"
TODAY = NOW.date()


def empty(desk: Desk) -> int:
    """An account of which only the name is known."""
    return builders.make(desk, "account", {"name": "Nothing Known", "pool_id": builders.the(desk, "pool", "West")})


def ordinary(desk: Desk) -> int:
    """Acme of the tests' company, with some of everything."""
    acme = find_account(desk, "Acme Robotics")
    new_fact(desk, "product", None, {"name": "Core", "list_price": "30", "key_features": "logins; exports"})
    new_fact(desk, "product", None, {"name": "Plus", "list_price": "12"})
    new_fact(desk, "subscription", acme, {"product": "Core", "mrr": "4000", "units": "136", "starts": "2026-01-04", "ends": "2027-01-03"})
    new_fact(desk, "opportunity", acme, {"name": "Renewal 2027", "type": "renewal", "due_amount": "48k", "due_date": "2027-01-03"})
    for week in range(20):
        if week not in (7, 8):
            day = TODAY - timedelta(weeks=week)
            new_fact(desk, "usage", acme, {"metric": "logins", "day": day, "value": str(300 - 9 * week if week > 3 else 140 + 10 * week)})
    new_fact(desk, "ticket", acme, {"subject": "Export is slow", "priority": "P1", "opened": "2026-11-19 10:00", "person": "Maria Ortiz"})
    new_fact(desk, "survey", acme, {"kind": "nps", "score": "3", "answered": "2026-11-11", "person": "Maria Ortiz", "comment": "slow"})
    new_fact(desk, "training", acme, {"course": "First steps", "required": "yes"})
    new_fact(desk, "advocacy", acme, {"kind": "review", "given_on": "2026-10-01", "consent_until": "2027-10-01"})
    new_fact(desk, "event", acme, {"type": "acquisition", "day": "2026-11-02", "body": "Bought a competitor"})
    log_activity(desk, acme, "call", "Where we stand", "They stay.", ["Maria Ortiz"], at=TODAY - timedelta(days=3), next_step="Send it")
    builders.account(desk, "Acme EU", parent_id=acme, health=81)
    make_document(desk, "brief", acme)
    return acme


def hostile(desk: Desk) -> int:
    """An account whose every text steers terminals, opens markup, breaks lines."""
    number = 0

    def text() -> str:
        nonlocal number
        number += 1
        return "".join(PIECES[(number * 7 + n) % len(PIECES)] for n in range(4))

    bad = builders.account(desk, text(), region=text(), stage=text(), industry=text(), domain=text())
    person = builders.person(desk, bad, text(), email="x@y.example", title=text(), value_network=True)
    builders.cta(desk, bad, because=text())
    product = builders.make(desk, "product", {"name": text(), "key_features": [text()]})
    days = {"answered": TODAY, "starts": TODAY, "day": TODAY}
    rows = {
        "subscription": {"product_id": product, "mrr": 1, "starts": days["starts"]},
        "opportunity": {"name": text(), "stage": text(), "due_date": TODAY},
        "ticket": {"subject": text(), "priority": text(), "status": text(), "opened": NOW, "person_id": person},
        "survey": {"kind": text(), "score": 3, "answered": TODAY, "comment": text(), "person_id": person},
        "training": {"course": text(), "person_id": person}, "advocacy": {"kind": text(), "recipient": text()},
        "event": {"type": text(), "day": TODAY, "body": text()}, "usage": {"metric": text(), "day": TODAY, "value": 5000},
        "goal": {"title": text(), "measure": text()}, "risk": {"title": text(), "kind": text(), "opened_on": TODAY, "owner": text()},
        "escalation": {"title": text(), "opened_at": NOW, "owner": text()},
        "document": {"kind": "brief", "title": text(), "body": text(), "at": NOW},
        "activity": {"type_id": builders.the(desk, "activity_type", "call"), "subject": text(), "body": text(), "at": NOW,
                     "next_step": text()},
    }  # fmt: skip
    for name, row in rows.items():
        builders.make(desk, name, {"account_id": bad} | row)
    return bad


ACCOUNTS: dict[str, Callable[[Desk], int]] = {"empty": empty, "ordinary": ordinary, "hostile": hostile}


@pytest.mark.parametrize("name", ACCOUNTS)
async def test_every_pane_looks_as_it_is_kept(name: str, sit: Sit, company: Store, request: pytest.FixtureRequest):
    account = ACCOUNTS[name](builders.desk_of(company, "ana", NOW))
    taken: dict[str, str] = {}
    async with sit(size=SIZES[0]) as ana:
        ana.app.open_account(account)
        await ana.settle()
        for pane in PANES:
            shots = [await shot(ana, pane.name_, size) for size in SIZES]
            taken[pane.name_] = "\n\n".join(f"{w}×{h}\n{text}" for (w, h), text in zip(SIZES, shots, strict=True)) + "\n"
    if request.config.getoption("--snapshot-update"):
        FOLDER.mkdir(parents=True, exist_ok=True)
        for pane_name, text in taken.items():
            (FOLDER / f"{pane_name}-{name}.txt").write_text(text, encoding="utf-8")
    kept = {pane_name: FOLDER / f"{pane_name}-{name}.txt" for pane_name in taken}
    assert [file.name for file in kept.values() if not file.exists()] == [], "take them with --snapshot-update, and look at them"
    for pane_name, text in taken.items():
        assert text == kept[pane_name].read_text(encoding="utf-8"), f"{pane_name} of the {name} account looks other than it is kept"


async def shot(seat: Seat, pane: str, size: tuple[int, int]) -> str:
    """The words of the screen with a pane in front; no line is too long, none steers the terminal."""
    await seat.pilot.resize_terminal(*size)
    screen = seat.app.screen
    assert isinstance(screen, AccountScreen)
    await screen.front(pane)
    await seat.settle()
    text = seat.text
    assert len(text.splitlines()) <= size[1]
    for line in text.splitlines():
        assert cell_len(line) <= size[0], f"{pane} at {size}: {line!r}"
        assert not [c for c in line if unicodedata.category(c) in ("Cc", "Zl", "Zp") or c in "\u202e\u2066\u200f"], f"{pane}: {line!r}"
    return text
