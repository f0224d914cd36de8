"""The screens beside the lists as pictures, one walk through all of them per theme; see ``test_pictures``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from cockpit.desk import Desk
from cockpit.services import transition
from cockpit.services.letter import write_letter
from cockpit.services.tick import tick
from cockpit.services.timeline import log_activity
from db.store import Store
from db.terms import MailState
from tests import builders
from tests.conftest import NOW
from tests.services.transition_story import ready_account
from tests.tui import test_pictures as pictures
from tests.tui.conftest import TODAY, Sit
from tests.tui.test_pictures import THEMES

picture = pictures.picture
LETTERS = ((MailState.UNSURE, None), (MailState.FAILED, "550 5.1.1 no such user"), (MailState.SENT, None), (MailState.QUEUED, None))


@pytest.fixture
def busy(company: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Store:
    """The company at work: networks large, small and hanging on one, mail in every state, hand-overs, a book, a score."""
    monkeypatch.setenv("COCKPIT_MAIL_FROM", "west@us.example")
    monkeypatch.setenv("COCKPIT_MAIL_FOLDER", str(tmp_path))
    ana, mo = builders.desk_of(company, "ana", NOW), builders.desk_of(company, "mo", NOW)
    builders.change(ana, "segment", builders.the(ana, "segment", "SMB"), {"network_min": 2})
    cobalt = builders.the(ana, "account", "Cobalt Health")
    for weeks in (1, 3, 6, 9):
        guests = ["Maria Ortiz"] if weeks > 1 else ["Maria Ortiz", "ana"]
        log_activity(ana, cobalt, "call", f"Call {weeks}", attendees=guests, at=TODAY - timedelta(weeks=weeks))
    for n, (state, trouble) in enumerate(LETTERS):
        write_letter(ana, "Acme Robotics", ["Maria Ortiz"], f"Letter {n + 1}", "Hello Maria,\n\nhere it is.", channel="eml")
        sent = NOW - timedelta(hours=2) if state is MailState.SENT else None
        builders.change(ana, "outbox", n + 1, {"state": state, "trouble": trouble, "sent_at": sent})
    account, _ = ready_account(ana, "Maple Foods")
    transition.start(ana, account, "csm_to_csm", "ben", reason="Moves to another team")
    for n, name in enumerate(("Gale Wind", "Harbor Co", "Iris Ltd")):
        builders.account(mo, name, owner="chi", arr=(9 - n) * 1_000_000, renewal_date=TODAY + timedelta(days=40 + 80 * n))
    _score(ana, builders.the(ana, "account", "Acme Robotics"))
    return company


def _score(desk: Desk, acme: int) -> None:
    builders.make(desk, "subscription", {"account_id": acme, "units": 100, "mrr": 1, "starts": TODAY})
    for days, metric, value in ((2, "logins", 900), (40, "logins", 1_000), (3, "active users", 55)):
        builders.make(desk, "usage", {"account_id": acme, "metric": metric, "day": TODAY - timedelta(days=days), "value": value * 1_000})
    builders.make(desk, "survey", {"account_id": acme, "kind": "nps", "score": 9, "answered": TODAY})
    tick(desk)


@pytest.mark.parametrize("theme", THEMES)
async def test_the_screens_beside_the_lists_look_as_their_pictures(sit: Sit, busy: Store, picture: Callable[[str, str], None], theme: str):
    async with sit("mo", on=busy) as mo:

        async def looks(name: str, *keys: str) -> None:
            await mo.press(*keys)
            await mo.settle()
            picture(f"{name}-120x36-{theme}", mo.app.export_screenshot(simplify=True))

        mo.app.theme = theme
        mo.app.has_acted()
        await mo.settle()
        await looks("scorecard", "enter", "p", "o")
        await looks("person", "p", "e", "enter")
        await looks("outbox", "q", "q", "8")
        await looks("network", "5")
        await looks("transitions", "4", "p", "b")
        await mo.press("W")
        await mo.type("chi")
        await mo.press("tab")
        await mo.type("2026-12-23")
        await looks("leave", "ctrl+s")
