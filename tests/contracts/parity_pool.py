"""The pool at work and the success plan, by command and by keys."""

from __future__ import annotations

from typing import Any

COBALT, SEATS, USAGE, DETRACTOR = "{Post go-live check-in}", "{Seats at 96%}", "{Usage dropped 38%}", "{NPS detractor (3)}"
ACME, DUNE = "Acme Robotics", "Dune Logistics"


def cases(case: Any, in_account: Any, fill_in: Any, on_queue: Any) -> dict[str, Any]:
    """The cases; the hands that press keys are those of the test."""
    return work_cases(case, fill_in, on_queue) | team_cases(case, fill_in) | plan_cases(case, in_account, fill_in)


def work_cases(case: Any, fill_in: Any, on_queue: Any) -> dict[str, Any]:
    """What one does with a CTA besides taking and closing it."""

    async def assign(at: Any) -> None:
        await at.press("2", "O")
        await at.type("ben")
        await at.press("enter")

    async def claim_anyway(at: Any) -> None:
        await on_queue(at, ACME, "C")

    async def claim_account(at: Any) -> None:
        await on_queue(at, "Boreal Foods", "A")

    async def comment(at: Any) -> None:
        await on_queue(at, DUNE, "m")
        await at.type("Who knows them? ")
        await at.press("ctrl+s")

    async def shadow(at: Any) -> None:
        await assign(at)
        await at.press("3")
        await on_queue(at, "Cobalt Health", "enter", "p", "c", "S")

    async def repeat(at: Any) -> None:
        await on_queue(at, DUNE, "R")
        await fill_in(at, repeats="30d")

    async def link(at: Any) -> None:
        await on_queue(at, ACME, "L")
        await at.type("maria")
        await at.press("enter")

    async def intervene(at: Any) -> None:
        await at.press("2", "I")
        await fill_in(at, plan="Train two", criterion="health:>=60")

    async def stage(at: Any) -> None:
        await intervene(at)
        await at.press("greater_than_sign")

    async def give_up(at: Any) -> None:
        await intervene(at)
        await at.press("less_than_sign")
        await fill_in(at, to="lost", reason="bankrupt")

    start = ("intervention", "start", COBALT, "--plan", "Train two", "--criterion", "health:>=60")
    return {
        "assign": case(("assign",), (("assign", COBALT, "--to", "ben"),), assign),
        "claim anyway": case(("claim_anyway",), (("claim", USAGE, "--anyway"),), claim_anyway),
        "claim the account's": case(("claim_account",), (("claim", DETRACTOR, "{Sponsor left}"),), claim_account),
        "comment": case(("comment",), (("comment", SEATS, "Who knows them?"),), comment),
        "shadow": case(("shadow",), (("assign", COBALT, "--to", "ben"), ("shadow", "add", COBALT)), shadow),
        "repeat": case(("repeat",), (("cta", "edit", SEATS, "--repeats", "30d"),), repeat),
        "link": case(("link",), (("cta", "link", USAGE, "--person", "Maria Ortiz"),), link),
        "intervene": case(("intervene",), (start,), intervene),
        "stage": case(("stage",), (start, ("intervention", "stage", "1", "reached_out")), stage),
        "give up": case(("give_up",), (start, ("intervention", "stage", "1", "lost", "--reason", "bankrupt")), give_up),
    }


def team_cases(case: Any, fill_in: Any) -> dict[str, Any]:
    """How the team works: for managers."""

    async def section(at: Any, letter: str, row: str = "") -> None:
        await at.press("7", "p", letter, "g")
        while row and row not in at.line("▸"):
            await at.press("j")

    async def away(at: Any) -> None:
        await section(at, "w")
        await at.press("w")
        await fill_in(at, login="ben", first="2026-11-23", last="2026-12-04", cover="chi", note="leave")

    async def back(at: Any) -> None:
        await away(at)
        await at.press("g", "B")

    async def hand_out(at: Any) -> None:
        await section(at, "o", "West")
        await at.press("h")
        if at.app.screen.__class__.__name__ == "Form":
            await at.press("ctrl+s")

    async def join(at: Any) -> None:
        await section(at, "o", "East")
        await at.press("plus")
        await fill_in(at, login="ben")

    async def leave(at: Any) -> None:
        await section(at, "o", "Eve")
        await at.press("minus")

    async def give(at: Any) -> None:
        await section(at, "d")
        await at.press("a")
        await fill_in(at, name="Oak", seniors="ana")
        await at.press("g", "H")
        await fill_in(at, accounts=DUNE)

    gone = ("away", "set", "ben", "--from", "2026-11-23", "--to", "2026-12-04", "--cover", "chi", "--note", "leave")
    return {
        "away": case(("away",), (gone,), away, "mo"),
        "back again": case(("back_again",), (gone, ("away", "end", "ben")), back, "mo"),
        "hand out": case(("hand_out",), (("push", "West"),), hand_out, "mo"),
        "join": case(("join",), (("pool", "join", "East", "ben"),), join, "mo"),
        "leave": case(("leave",), (("pool", "leave", "East", "eve"),), leave, "mo"),
        "give": case(("give",), (("pod", "new", "Oak", "--senior", "ana"), ("pod", "give", "Oak", DUNE)), give, "mo"),
    }


def plan_cases(case: Any, in_account: Any, fill_in: Any) -> dict[str, Any]:
    """The lines of a success plan."""

    async def add(at: Any, what: str, /, **answers: str) -> None:
        await in_account(at, ACME, "p", "r", "a")
        await at.type(what)
        await at.press("enter")
        await fill_in(at, **answers)

    async def goal(at: Any) -> None:
        await add(at, "goal", title="Two plants", measure="plants", due="2026-12-04", criterion="health:>=80", owner="ben")
        await at.press("i")
        await fill_in(at, measure="sites")
        await at.press("d")
        await fill_in(at, due="2026-12-11")
        await at.press("x")
        await fill_in(at, status="missed", note="Too late")
        await at.press("o")

    async def risk(at: Any) -> None:
        await add(at, "risk", title="Late", kind="implementation", severity="high", department="Services", owner="N. Falk")
        await at.press("x")
        await fill_in(at, resolution="Delivered")
        await at.press("o")

    async def escalation(at: Any) -> None:
        await add(at, "escal", title="Orders are lost", department="Product")
        await at.press("d")
        await fill_in(at, news="Found it", next_update="2026-12-01")
        await at.press("x")
        await fill_in(at, note="Fixed")
        await at.press("o")

    async def opinions(at: Any) -> None:
        await add(at, "feel", feeling="bad", note="Angry call")
        await at.press("a")
        await at.type("renewal")
        await at.press("enter")
        await fill_in(at, call="wont", reason="They said so")

    goals = (
        ("goal", "new", ACME, "Two plants", "--measure", "plants", "--due", "2026-12-04", "--criterion", "health:>=80", "--owner", "ben"),
        ("goal", "edit", "1", "--measure", "sites"), ("goal", "edit", "1", "--due", "2026-12-11"),
        ("goal", "end", "1", "missed", "--note", "Too late"), ("goal", "end", "1", "open"),
    )  # fmt: skip
    risks = (
        ("risk", "new", ACME, "Late", "--kind", "implementation", "--severity", "high", "--department", "Services", "--owner", "N. Falk"),
        ("risk", "close", "1", "--resolution", "Delivered"), ("risk", "reopen", "1"),
    )  # fmt: skip
    escalations = (
        ("escalation", "new", ACME, "Orders are lost", "--department", "Product", "--severity", "high"),
        ("escalation", "update", "1", "--news", "Found it", "--next-update", "2026-12-01"),
        ("escalation", "close", "1", "--note", "Fixed"), ("escalation", "reopen", "1"),
    )  # fmt: skip
    said = (
        ("sentiment", "set", ACME, "bad", "--note", "Angry call"),
        ("account", "renewal-call", ACME, "--call", "wont", "--reason", "They said so"),
    )
    return {
        "goal": case(("add", "edit", "due", "close", "reopen"), goals, goal),
        "risk": case(("add", "close", "reopen"), risks, risk),
        "escalation": case(("add", "due", "close", "reopen"), escalations, escalation),
        "sentiment and renewal call": case(("add",), said, opinions),
    }
