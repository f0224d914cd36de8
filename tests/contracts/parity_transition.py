"""Acts of a hand-over by command and by keys, each done by a manager, who stands for both sides."""

from __future__ import annotations

from typing import Any

ACCOUNT = "Cobalt Health"
START = ("transition", "start", ACCOUNT, "--kind", "pool_to_csm", "--reason", "It grew")


def cases(case: Any, fill_in: Any) -> dict[str, Any]:
    """The cases; the hands that press keys are those of the test."""

    async def begin(at: Any) -> None:
        await at.press("4", "a")
        await fill_in(at, kind="pool_to_csm", account=ACCOUNT, reason="It grew")

    async def to_step(at: Any, key: str) -> None:
        for _ in range(2):
            await at.press("g")
            for _ in range(16):
                if at.app.screen.step is not None and at.app.screen.step.key == key:
                    return
                await at.press("j")
            await at.press("tab")
        raise AssertionError(f"no step {key} in:\n{at.text}")

    async def say(at: Any, key: str, words: str) -> None:
        await begin(at)
        await at.press(key)
        await at.type(words)
        await at.press("ctrl+s")

    async def waive(at: Any, key: str) -> None:
        await to_step(at, key)
        await at.press("W")
        await at.type("talked through")
        await at.press("ctrl+s")

    async def accept(at: Any) -> None:
        await begin(at)
        await to_step(at, "case")
        await at.press("enter")
        await to_step(at, "choose")
        await at.press("enter")
        await fill_in(at, to="ben", why="has room")
        await to_step(at, "decide")
        await at.press("enter", "enter", "enter")
        for key in ("brief", "people", "introduce"):
            await waive(at, key)
        await at.press("A")

    waived = [("transition", "waive", "1", key, "--reason", "talked through") for key in ("brief", "people", "introduce")]
    prepare = (("transition", "agree", "1"), ("transition", "choose", "1", "ben", "--reason", "has room"),
               ("transition", "decide", "1", "move"))  # fmt: skip
    return {
        "hand over": case(("accept", "waive"), (START, *prepare, *waived, ("transition", "accept", "1")), accept, "mo"),
        "send back": case(("send_back",), (START, ("transition", "return", "1", "--reason", "Why us?")),
                          lambda at: say(at, "S", "Why us?"), "mo"),
        "call off": case(("call_off",), (START, ("transition", "cancel", "1", "--reason", "Not now")),
                         lambda at: say(at, "X", "Not now"), "mo"),
        "ask the other side": case(("question",), (START, ("transition", "ask", "1", "Who pays?")),
                                   lambda at: say(at, "Q", "Who pays?"), "mo"),
    }  # fmt: skip
