"""The first five minutes: one command, one hint, one claim, and the way back."""

from __future__ import annotations

from tests.journeys.terminal import Machine


def test_the_first_five_minutes(machine: Machine):
    with machine.opens("demo", size=(100, 30)) as ana:
        ana.sees("First time here?", "c takes the CTA under the cursor", "1 Queue 1")
        row, account = ana.sees_like(r"▸ +(\d+ +\w{4} +(\w+ \w+)) ").groups()

        ana.press("?")
        ana.sees("Acts (each is one undo)", "Take the CTA")
        ana.press("escape")
        ana.sees_not("Acts (each is one undo)")

        ana.press("e")
        ana.sees(f"Why {account} is where it is", "score")
        ana.press("escape")
        ana.sees_not("is where it is")

        ana.press("c")
        ana.sees(f"· {account} · u undoes")
        ana.sees_not("First time here?")

        ana.press("2")
        ana.sees("ana's open CTAs")
        ana.sees_like(rf"(RISK|EVNT|LIFE|OPP) +{account} ")

        ana.press("enter")
        ana.sees("s Summary", "c CTAs", "t Timeline", "e People")
        ana.press("q")
        ana.sees("ana's open CTAs")

        ana.press("u")
        ana.sees("Undid: Claimed")
        ana.press("1")
        ana.sees_like(rf"\n[▸ ] +{row} ")

        ana.press("#")
        ana.sees("does nothing here; ? shows every key.")
        ana.press("q")
        assert ana.leaves() == 0

    with machine.opens("demo", size=(80, 24)) as ana:
        ana.sees("1 Queue 1", account, "? keys")
        ana.sees_not("First time here?")


def test_without_a_store_it_says_what_makes_one(machine: Machine):
    with machine.opens() as ana:
        assert ana.leaves() == 3
        shown = "".join(ana.text().split())  # the terminal breaks lines where it likes
        assert "Thereisnostoreat" in shown
        assert "`cockpitdemo`or`cockpitimportFILE`makesone." in shown
