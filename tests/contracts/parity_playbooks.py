"""Playbooks and tasks, by command and by keys."""

from __future__ import annotations

from typing import Any


def cases(case: Any, in_account: Any, go_to: Any, fill_in: Any) -> dict[str, Any]:
    """The cases; the hands that press keys are those of the test."""

    async def on_account(at: Any) -> None:
        await in_account(at, "Acme Robotics", "K")
        await at.type("sponsor")
        await at.press("enter")

    async def on_cta(at: Any) -> None:
        await at.press("2")
        await go_to(at, "Cobalt Health")
        await at.press("K")
        await at.type("adoption")
        await at.press("enter")

    async def tick(at: Any) -> None:
        await at.press("2")
        await go_to(at, "Cobalt Health")
        await at.press("T", "d")
        await fill_in(at, note="they will call back")

    async def stop(at: Any) -> None:
        await on_account(at)
        await at.press("X")
        await fill_in(at, reason="they close down")

    stopped = (
        ("playbook", "run", "Acme Robotics", "sponsor left"),
        ("playbook", "stop", "Acme Robotics", "sponsor left", "--reason", "they close down"),
    )
    return {
        "stop a playbook": case(("steps",), stopped, stop),
        "playbook on an account": case(("playbook",), (("playbook", "run", "Acme Robotics", "sponsor left"),), on_account),
        "playbook on a CTA": case(("playbook",), (("playbook", "run", "{Post go-live check-in}", "adoption recovery", "--cta"),), on_cta),
        "tick a task": case(("steps",), (("task", "done", "1", "--note", "they will call back"),), tick),
    }


def leaves(case: Any, in_account: Any, fill_in: Any) -> dict[str, Any]:
    """Somebody hands over her own book."""

    async def leave(at: Any) -> None:
        await in_account(at, "Dune Logistics", "i")
        await fill_in(at, owner="ana")
        await at.press("4", "W")
        await fill_in(at, login="ana", last_day="2026-12-23")
        await at.press("S")

    hers = ("account", "edit", "Dune Logistics", "--owner", "ana")
    return {"leaver": case(("begin_leave",), (hers, ("transition", "leaver", "ana", "--last-day", "2026-12-23")), leave)}
