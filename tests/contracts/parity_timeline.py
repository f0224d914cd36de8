"""Letters, the outbox, promises and mail that comes in: the same rows by command and by keys."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from cockpit.desk import Desk
from cockpit.services.account import find_account
from cockpit.services.letter import write_letter
from cockpit.services.timeline import log_activity
from tests import builders

ANSWER = Path(__file__).parents[1] / "data" / "mail" / "answer.eml"
ACCOUNT = "Acme Robotics"
APART = {"outbox": ("key", "batch"), "activity": ("key",)}
"""Columns made of chance, as uids are."""


def prepare(ana: Desk) -> None:
    """A promise, a stranger's mail, and a mail in each state: 1 failed, 2 unsure, 3 due next week."""
    stray = {"key": "s@x", "sender": "maria@home.example", "sender_name": "Maria Ortiz", "subject": "Hi", "body": "Yes", "at": ana.now()}
    builders.make(ana, "stray", stray)
    log_activity(ana, find_account(ana, ACCOUNT), "call", "Promised", next_step="Send it", next_step_due="2026-11-30")
    for number, state in enumerate(("failed", "unsure", "queued"), 1):
        at = ana.now() + timedelta(days=7) if state == "queued" else None
        write_letter(ana, ACCOUNT, ["Maria Ortiz"], f"It {state}", "Words", channel="eml", at=at)
        builders.change(ana, "outbox", number, {"state": state, "taken_at": None if at else ana.now()})


def promise(store: Any) -> str:
    """The entry with the promise."""
    with store.read() as db:
        return str(db.scalar("SELECT id FROM activity WHERE subject = 'Promised'"))


def cases(case: Any, in_account: Any, fill_in: Any, go_to: Any) -> dict[str, Any]:
    """The cases; the hands that press keys are those of the test."""

    async def letter(at: Any) -> None:
        await go_to(at, ACCOUNT)
        await at.press("W", "enter", "enter")
        await fill_in(at, subject="Hello", body="Words")

    async def keep(at: Any) -> None:
        await in_account(at, ACCOUNT, "p", "t")
        while at.app.screen.pane.rows.row.subject != "Promised":
            await at.press("j")
        await at.press("full_stop")

    async def bring_in(at: Any) -> None:
        await at.press("ctrl+o")
        await fill_in(at, file=str(ANSWER))

    def on_mail(state: str, *keys: str) -> Any:
        async def pressed(at: Any) -> None:
            await at.press("8", "g")
            while at.app.screen.rows.row.state != state:
                await at.press("j")
            await at.press(*keys)

        return pressed

    async def file_mail(at: Any) -> None:
        await at.press("9", "l")
        await at.type("acme")
        await at.press("enter")
        await at.type("maria")
        await at.press("enter")

    async def drop_mail(at: Any) -> None:
        await at.press("9", "x")

    write = ("letter", ACCOUNT, "--to", "Maria Ortiz", "--subject", "Hello", "--body", "Words", "--channel", "eml", "--cta",
             "{Usage dropped 38%}")  # fmt: skip
    return {
        "letter": case(("letter",), (write,), letter),
        "keep a promise": case(("keep",), (("promise", "keep", "{promise}"),), keep),
        "bring mail in": case(("bring_in",), (("inbox", str(ANSWER)),), bring_in),
        "file a mail": case(("file_mail",), (("inbox", "file", "1", "--account", ACCOUNT, "--person", "Maria Ortiz"),), file_mail),
        "throw a mail away": case(("drop_mail",), (("inbox", "drop", "1"),), drop_mail),
        "send again": case(("mail_again",), (("outbox", "retry", "1"), ("outbox", "send")), on_mail("failed", "r")),
        "call back": case(("mail_back",), (("outbox", "cancel", "3"),), on_mail("queued", "x")),
        "it arrived": case(("mail_arrived",), (("outbox", "confirm", "2"),), on_mail("unsure", "v")),
        "send now": case(
            ("send_now",), (("outbox", "retry", "1"), ("outbox", "send"), ("outbox", "send")), on_mail("failed", "r", "s")
        ),
    }  # fmt: skip
