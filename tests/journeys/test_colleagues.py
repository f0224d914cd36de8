"""Two at one queue: what one takes, the other sees go."""

from __future__ import annotations

from pathlib import Path

from tests.journeys.terminal import Machine


def test_a_colleague_claims_the_row_i_am_looking_at(machine: Machine, demo: Path):
    rows = machine.asks("queue", "--db", demo, "--limit", 4)
    looked_at, next_one = rows[1], rows[2]
    ben = next(one for one in machine.asks("csm", "list", "--db", demo) if one["login"] == "ben")

    with machine.opens("--db", demo, size=(100, 30)) as ana:
        ana.sees(rows[0]["account"], "● live")
        ana.press("down")
        ana.sees_like(rf"▸ .*{looked_at['account']}")
        ana.sees(f"─{looked_at['account']}─")
        where, colour = ana.line("▸"), ana.colour(looked_at["account"])

        machine.runs("claim", looked_at["id"], "--db", demo, login="ben")
        ana.sees_like(rf"▸ .*{looked_at['account']}.*{ben['name'].split()[0]}")
        assert ana.line("▸") == where, "the cursor stays on its row"
        assert ana.colour(looked_at["account"]) != colour, "which is greyed"

        ana.press("c")
        ana.sees("This CTA is gone", ben["name"].split()[0])
        assert machine.asks("cta", "show", looked_at["id"], "--db", demo)["owner"] == "ben"

        ana.press("down")
        ana.sees_like(rf"▸ .*{next_one['account']}")
        ana.sees_not(f"  {looked_at['account']}  ")
        ana.press("c")
        ana.sees("Claimed CTA")

    assert machine.asks("cta", "show", next_one["id"], "--db", demo)["owner"] == "ana"


def test_rows_that_others_take_above_the_cursor_leave_it_where_it_is(machine: Machine, demo: Path):
    rows = machine.asks("queue", "--db", demo, "--limit", 4)
    with machine.opens("--db", demo, size=(120, 36)) as ana:
        ana.sees(rows[0]["account"], "● live")
        ana.press("down", "down", "down")
        ana.sees_like(rf"▸ .*{rows[3]['account']}")

        machine.runs("claim", rows[0]["id"], rows[1]["id"], "--db", demo, login="ben")
        ana.sees_not(f" {rows[0]['account']} ", f" {rows[1]['account']} ")
        ana.sees_like(rf"▸ .*{rows[3]['account']}")
