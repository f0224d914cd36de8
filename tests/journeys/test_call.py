"""From start to a logged call, by keys alone."""

from __future__ import annotations

from pathlib import Path

from tests.journeys.terminal import Machine


def test_from_start_to_a_logged_call_with_two_attendees_at_80_by_24(machine: Machine, demo: Path):
    first = machine.asks("queue", "--db", demo, "--limit", 1)[0]
    before = len(machine.asks("timeline", first["account"], "--db", demo))
    with machine.opens("--db", demo, size=(80, 24)) as ana:
        ana.sees("1 Queue", f"─{first['account']}─", "l log")

        ana.press("l")
        ana.sees(f"Log · {first['account']}", "Subject*")
        ana.types("Who follows Leila?")
        ana.press("tab")
        offered = ana.sees_like(r"│ {15,}(\w+ \w+) +│\n.*│ {15,}(\w+ \w+) +│")
        for name in offered.groups():
            ana.press(name[0].lower())
            ana.sees_like(rf"▸ {name} ")
            ana.press("enter")
            ana.sees_like(rf"Attendees .*{name};")
        ana.press("tab")
        ana.types("Her deputy takes over in January.")
        ana.press("ctrl+s")
        ana.sees("Logged", "u undoes")

        assert ana.strokes < 10, "from the queue to a logged call in under ten keys, plus the words"
        ana.press("q")
        assert ana.leaves() == 0

    timeline = machine.asks("timeline", first["account"], "--db", demo)
    assert len(timeline) == before + 1
    call = timeline[0]
    assert (call["type"], call["subject"], call["body"]) == ("call", "Who follows Leila?", "Her deputy takes over in January.")
    assert sorted(one["name"] for one in call["attendees"]) == sorted(offered.groups())
