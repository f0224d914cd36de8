"""The pool at work by command: leases, interventions, comments, shadows, reviews, links, the calendar."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from cockpit.desk import Desk
from tests import builders
from tests.cli.conftest import Run

Sit = Callable[..., Desk]


@pytest.fixture
def cta(desk: Desk) -> int:
    account = builders.account(desk, "Acme", health=40)
    builders.person(desk, account, "Lee")
    return builders.cta(desk, account, owner="ana", due=desk.today())


def test_an_intervention_from_first_mail_to_self_service(run: Run, cta: int):
    assert run("intervention", "list").err.startswith("No intervention runs")
    assert run("log", "Acme", "--type", "email", "--subject", "Hello", "--json").json["intervention"] == 1
    (row,) = run("intervention", "list", "--mine", "--json").json
    assert {key: row[key] for key in ("id", "account", "owner", "stage", "window_day", "criterion", "on_track", "cta")} == {
        "id": 1, "account": "Acme", "owner": "ana", "stage": "reached_out", "window_day": None, "criterion": None, "on_track": None,
        "cta": cta,
    }  # fmt: skip
    refused = run("intervention", "stage", 1, "on-plan", "--json")
    assert (refused.code, refused.json["refused"]) == (4, "move")
    assert run("log", "Acme", "--type", "email", "--subject", "Re: Hello", "--answered").code == 0
    assert (
        run("intervention", "plan", 1, "Train two", "--criterion", "health:>=30", "--json").json["stage"] == "on_plan"
    )
    assert run("tick", "--json").json["moved"] == 1
    done = run(
        "intervention", "handoff", 1, "--note", "Trained", "--article", "https://kb.example.com/1", "--json"
    ).json
    assert (done["stage"], run("intervention", "list", "--json").json) == ("self_service", [])
    shown = run("intervention", "show", 1)
    assert "kb.example.com/1" in shown.out
    assert run("intervention", "show", 1, "--json").json["followed"]["won"] == []
    assert run("timeline", "Acme", "--json").json[0]["subject"] == "Handed to self-service"
    assert run("undo").code == 0
    assert run("intervention", "list", "--json").json[0]["stage"] == "on_track"


def test_giving_up_and_starting_by_hand(run: Run, cta: int):
    assert run("intervention", "start", cta, "--plan", "Ours", "--json").json["stage"] == "claimed"
    assert run("intervention", "start", cta).code == 4
    assert run("intervention", "answered", 1, "--note", "They rang").code == 0
    assert run("intervention", "stage", 1, "lost").err == "Intervention 1 on Acme: Say why it is lost.\n"
    assert run("intervention", "stage", 1, "lost", "--reason", "bankrupt").code == 0
    assert run("intervention", "plan", 1, "x").code == 4
    assert run("intervention", "plan", 1).code == 2


def test_my_work_counts_down_and_tells_whose_business_it_is(run: Run, cta: int):
    (row,) = run("work", "--json").json
    assert (row["lease_left"], row["lease"], row["via"]) == (6, "returns after Mon 30 Nov (6 business days)", None)
    assert "returns after Mon 30 Nov" in run("work").out
    assert run("lease", "list", "--json").json == []
    assert [one["id"] for one in run("lease", "list", "--all", "--json").json] == [cta]
    run("comment", cta, "Close it? @ben", "--opinion")
    run("shadow", "add", cta, login="dee")
    assert [run("work", "--json", login=who).json[0]["via"] for who in ("ben", "dee")] == ["mentioned", "following"]


def test_comments_and_mentions(run: Run, cta: int):
    assert run("comment", cta, "Look", "--to", "ben", "--json").json["mentioned"] == ["ben"]
    assert [one["body"] for one in run("comment", cta, "--json").json] == ["Look"]
    assert run("comment", cta, "--opinion").code == 2
    assert [one["cta"] for one in run("mentions", "--seen", "--json", login="ben").json] == [cta]
    assert run("mentions", login="ben").err == "Nobody has spoken to you since.\n"
    assert len(run("mentions", "--all", "--json", login="ben").json) == 1


def test_shadows_and_reviews(run: Run, cta: int):
    run("shadow", "add", cta, "--who", "dee", login="mo")
    assert [one["login"] for one in run("shadow", "list", "--everybody", "--json").json] == ["dee"]
    run("shadow", "drop", cta, login="dee")
    assert run("shadow", "list", login="dee").err.startswith("Nothing is followed")
    run("close", cta, "--outcome", "success")
    (drawn,) = run("review", "sample", "--by", "ana", "--n", 3, "--json", login="mo").json
    assert (drawn["id"], drawn["lacks_evidence"], drawn["is_reviewed"]) == (cta, True, False)
    assert run("review", "sample", login="ben").code == 4
    assert run("review", "add", cta, "--verdict", "weak", "--note", "What came of it?", login="mo").code == 0
    assert [one["note"] for one in run("review", "list", "--json").json] == ["What came of it?"]


def test_links_types_and_what_repeats(run: Run, cta: int):
    assert run("cta", "type", "new", "ebr", "--required", "people", "--minutes", 45, login="oz").code == 0
    assert run("cta", "type", "edit", "ebr", "--off", login="oz").code == 0
    assert [one["active"] for one in run("cta", "types", "--json").json if one["name"] == "ebr"] == [False]
    assert run("cta", "reason", "edit", "Usage drop", "--lane", "tactical", login="oz").code == 0
    assert run("cta", "reasons", "--json").json[0]["lane"] == "tactical"
    assert run("cta", "link", cta, "--person", "Lee", "--json").json[0]["name"] == "Lee"
    assert run("cta", "edit", cta, "--repeats", "monthly").code == 0
    shown = run("cta", "show", cta, "--json").json
    assert (shown["repeats"], [one["name"] for one in shown["links"]["people"]]) == ("1m", ["Lee"])
    assert run("cta", "unlink", cta, "--person", "Lee").code == 0
    assert "the next one is CTA" in run("close", cta, "--outcome", "success").err


def test_the_calendar_and_its_file(run: Run, cta: int, tmp_path: Path):
    assert [one["id"] for one in run("calendar", "--json").json] == [cta]
    path = tmp_path / "mine.ics"
    done = run("work", "--ics", path, "--json")
    assert done.json == {"file": str(path), "items": 1}
    assert "BEGIN:VTODO" in path.read_text(encoding="utf-8")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "BEGIN:VEVENT" in run("calendar", "--ics", "-", "--events").out
    assert run("work", "--ics", tmp_path / "no" / "where.ics").code == 2
