"""What people say against computed health, by command and by keys."""

from __future__ import annotations

from typing import Any


def cases(case: Any, in_account: Any, fill_in: Any) -> dict[str, Any]:
    """The cases; the hands that press keys are those of the test."""

    async def override(at: Any) -> None:
        await in_account(at, "Acme Robotics", "p", "o", "a")
        await fill_in(at, measure="nps", value="80", reason="They told me", until="2026-12-04")

    async def edit_override(at: Any) -> None:
        await in_account(at, "Acme Robotics", "p", "o", "a")
        await fill_in(at, measure="total", value="20", reason="They leave", until="2026-12-04")
        await at.press("i")
        await fill_in(at, value="30", until="2026-12-11")

    async def take_back(at: Any) -> None:
        await in_account(at, "Acme Robotics", "p", "o", "a")
        await fill_in(at, measure="total", value="20", reason="They leave", until="2026-12-04")
        await at.press("i")
        await fill_in(at, end="yes")

    def said(measure: str, value: str, reason: str, until: str) -> tuple[str, ...]:
        return ("health", "set", "Acme Robotics", measure, value, "--reason", reason, "--until", until)

    leave = said("total", "20", "They leave", "2026-12-04")
    return {
        "override a measure": case(("add",), (said("nps", "80", "They told me", "2026-12-04"),), override),
        "edit an override": case(("edit",), (leave, said("total", "30", "They leave", "2026-12-11")), edit_override),
        "take an override back": case(("edit",), (leave, ("health", "clear", "Acme Robotics", "total")), take_back),
    }
