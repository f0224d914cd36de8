"""Acts of an account's panes by command and by keys."""

from __future__ import annotations

from typing import Any


def cases(case: Any, in_account: Any, fill_in: Any) -> dict[str, Any]:
    """The cases; the hands that press keys are those of the test."""

    async def new_ticket(at: Any) -> None:
        await in_account(at, "Acme Robotics", "p", "v", "a", "enter")
        await fill_in(at, subject="Slow", priority="P1", opened="2026-11-20 14:00", person="Lena Vogt")

    async def new_subscription(at: Any) -> None:
        await in_account(at, "Acme Robotics", "p", "m", "a", "enter")
        await fill_in(at, mrr="EUR 1.2k", units="40", starts="2026-01-01", ends="2026-12-31")

    async def edit_fact(at: Any) -> None:
        await in_account(at, "Acme Robotics", "p", "m", "a", "enter")
        await fill_in(at, mrr="1000", starts="2026-01-01")
        await at.press("i")
        await fill_in(at, mrr="1300", units="9")

    ticket = ("ticket", "new", "Acme Robotics", "--subject", "Slow", "--priority", "P1", "--opened", "2026-11-20 14:00", "--person",
              "Lena Vogt")  # fmt: skip
    first = ("subscription", "new", "Acme Robotics", "--mrr", "EUR 1.2k", "--units", "40", "--starts", "2026-01-01", "--ends", "2026-12-31")
    plain = ("subscription", "new", "Acme Robotics", "--mrr", "1000", "--starts", "2026-01-01")
    return {
        "new ticket": case(("add",), (ticket,), new_ticket),
        "new subscription": case(("add",), (first,), new_subscription),
        "edit fact": case(("edit",), (plain, ("subscription", "edit", "1", "--mrr", "1300", "--units", "9")), edit_fact),
    }
