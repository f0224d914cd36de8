"""Who is in the value network, as what, and who left: the same rows by command and by keys."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from tests.tui.conftest import Seat

InAccount = Callable[..., Awaitable[None]]
LENA = ("network", "set", "Acme Robotics", "lena@c0.example")


def cases(case: Callable[..., Any], in_account: InAccount, fill_in: InAccount) -> dict[str, Any]:
    """The cases; what a person does at the screens is told by the test that knows how."""

    async def into_network(at: Seat) -> None:
        await in_account(at, "Acme Robotics", "p", "e", "j", "n")

    async def two(at: Seat) -> None:
        await in_account(at, "Acme Robotics", "p", "e", "space", "space", "space", "n")

    async def role(at: Seat) -> None:
        await in_account(at, "Acme Robotics", "p", "e", "j", "N")

    async def gone(at: Seat) -> None:
        await in_account(at, "Acme Robotics", "p", "e", "-")
        await fill_in(at, on="yesterday", note="To a competitor")

    async def elsewhere(at: Seat) -> None:
        await in_account(at, "Acme Robotics", "p", "e", "-")
        await fill_in(at, what="role")

    async def merge(at: Seat) -> None:
        await at.press("3", "j", "=")
        await fill_in(at, other="Cobalt Health")

    async def merge_people(at: Seat) -> None:
        await in_account(at, "Acme Robotics", "p", "e", "=")
        await fill_in(at, other="sam@c0.example", keep="other")

    return {
        "merge": case(("merge",), (("account", "merge", "Boreal Foods", "Cobalt Health"),), merge),
        "merge people": case(("merge",), (("person", "merge", "sam@c0.example", "maria@c0.example"),), merge_people),
        "into the network": case(("member",), (LENA,), into_network),
        "all out of the network": case(
            ("member",), (("network", "set", "Acme Robotics", "maria@c0.example", "lena@c0.example", "sam@c0.example", "--off"),), two
        ),
        "role": case(("role",), ((*LENA, "--role", "generator"),), role),
        "left": case(("gone",), (("person", "left", "maria@c0.example", "--on", "yesterday", "--note", "To a competitor"),), gone),
        "does something else": case(
            ("gone",), (("person", "left", "maria@c0.example", "--account", "Acme Robotics"),), elsewhere
        ),
    }  # fmt: skip
