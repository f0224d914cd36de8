"""A spreadsheet she already has becomes a queue, and one word takes it back."""

from __future__ import annotations

from pathlib import Path

from tests.journeys.terminal import Machine

ACCOUNTS = """Account ID,Account Name,ARR,Currency,Renewal Date,Segment,Shoe size
A1,Acme Robotics,48000,USD,2027-01-03,SMB,44
A2,Boreal Foods,22000,USD,2027-02-06,SMB,
A3,Cobalt Health,lots,USD,,SMB,
"""
PEOPLE = """Email,Name,Title,Account ID
maria@acme.example,Maria Ortiz,COO,A1
lena@acme.example,Lena Vogt,CFO,A1
"""
CTAS = """CTA ID,Account ID,Type,Reason,Priority,Due Date,Owner
C1,A1,risk,Usage dropped,high,2026-11-25,
C2,A2,risk,NPS detractor,medium,2026-12-04,
"""


def spreadsheets(folder: Path) -> list[Path]:
    """Three exports in a folder."""
    files = []
    for name, text in (("accounts", ACCOUNTS), ("people", PEOPLE), ("ctas", CTAS)):
        files.append(folder / f"{name}.csv")
        files[-1].write_text(text, encoding="utf-8")
    return files


def test_a_spreadsheet_becomes_a_queue_a_claim_and_is_taken_back(machine: Machine):
    files = spreadsheets(machine.folder)

    rehearsed = machine.runs("import", *files, "--dry-run")
    assert "Shoe size" in rehearsed.stderr
    assert "kept as it is" in rehearsed.stderr
    assert "Nothing was written" in rehearsed.stderr

    imported = machine.asks("import", *files)
    assert [(one["kind"], one["created"], one["rejected"]) for one in imported] == [("accounts", 2, 1), ("people", 2, 0), ("ctas", 2, 0)]
    rejects = Path(imported[0]["rejects_file"]).read_text(encoding="utf-8")
    assert "Cobalt Health" in rejects
    assert "lots" in rejects

    with machine.opens() as ana:
        ana.sees("1 Queue 2", "Acme Robotics", "Usage dropped", "48k", "Boreal Foods")
        ana.sees_like(r"▸ .*Acme Robotics")
        ana.press("c")
        ana.sees("Claimed CTA", "u undoes", "1 Queue 1", "2 My work 1")
        ana.sees_like(r"▸ .*Boreal Foods")
        ana.press("2")
        ana.sees("ana's open CTAs", "Usage dropped", "left")
        ana.press("u")
        ana.sees("Undid: Claimed", "1 Queue 2")
        ana.press("1")
        ana.sees_like(r"▸ .*Boreal Foods")
        ana.sees("Usage dropped")
        ana.press("q")
        assert ana.leaves() == 0

    assert [row["owner"] for row in machine.asks("queue")] == [None, None]
    machine.runs("undo", imported[0]["act"])
    assert machine.asks("queue") == []
    assert machine.asks("account", "list") == []
