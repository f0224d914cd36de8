"""Pods, absences, push, capacity, policies and flow by command."""

from __future__ import annotations

from cockpit.desk import Desk
from tests import builders
from tests.cli.conftest import Run


def test_a_pod_is_made_given_accounts_and_listed(run: Run, desk: Desk):
    builders.account(desk, "Acme Robotics", arr=4_800_000)
    assert run("pod", "new", "North", "--senior", "ana", "--junior", "dee", login="mo").code == 0
    assert run("pod", "give", "North", "Acme Robotics", "--json", login="mo").json["accounts"] == 1
    (row,) = run("pod", "list", "--json").json
    assert (row["seniors"], row["juniors"], row["arr"]) == (["ana"], ["dee"], [{"currency": "USD", "arr": "48000.00"}])
    shown = run("pod", "show", "North").out
    assert "Acme Robotics · 48000.00" in shown
    assert run("account", "show", "Acme Robotics", "--json").json["pod"] == "North"
    assert run("account", "edit", "Acme Robotics", "--pod", "none", "--served-by", "dedicated").code == 0
    assert run("pod", "new", "South").code == 4


def test_an_absence_is_set_listed_and_shows_in_the_cover_s_work(run: Run, desk: Desk):
    cta = builders.cta(desk, builders.account(desk), owner="ben", due=desk.today())
    done = run("away", "set", "ben", "--to", "fri", "--cover", "ana", "--note", "sea", login="mo")
    assert done.err.strip() == "Ben Okafor is away Mon 23 Nov to Fri 27 Nov; Ana Ruiz covers"
    (row,) = run("away", "list", "--json").json
    assert (row["first"], row["last"], row["back"], row["state"]) == ("2026-11-23", "2026-11-27", "2026-11-30", "away")
    (mine,) = run("work", "--json").json
    assert (mine["id"], mine["stands_for"]) == (cta, "for Ben until Fri 27 Nov")
    assert "for Ben until Fri 27 Nov" in run("work").out
    assert next(one for one in run("csm", "list", "--json").json if one["login"] == "ben")["away_until"] == "2026-11-27"
    assert run("away", "end", "ben", login="mo").err.strip() == "Ben Okafor is not away from Mon 23 Nov after all"


def test_push_says_who_got_what_and_why(run: Run, desk: Desk):
    builders.ctas(desk, 2)
    dry = run("push", "West", "--dry-run", "--json", login="mo").json
    done = run("push", "West", "-n", 1, login="mo")
    assert [one["owner"] for one in dry["given"]] == ["ana", "ben"]
    assert "→ Ana Ruiz: her turn" in done.out
    assert done.err.startswith("Handed out 1 CTA in pool West: Ana Ruiz 1")
    assert run("push", "West").code == 4
    assert run("pool", "edit", "West", "--push", "least-loaded", login="oz").code == 0
    assert run("tick", "--json", login="oz").json["pushed"] == 1


def test_lanes_skills_and_limits_of_a_person(run: Run):
    assert run("csm", "edit", "dee", "--limit-percent", 50, "--skills", "german", "--hours", 30, login="mo").code == 0
    assert run("pool", "lane", "West", "dee", "tactical", login="mo").code == 0
    row = next(one for one in run("pool", "members", "West", "--json").json if one["login"] == "dee")
    assert (row["lane"], row["skills"], row["limit_percent"]) == ("tactical", "german", 50)
    row = next(one for one in run("capacity", "--pool", "West", "--json").json if one["login"] == "dee")
    assert (row["hours_week"], row["free"]) == (30, 30.0)
    assert run("pool", "lane", "West", "dee", "tactcal", login="mo").code == 4
    assert run("csm", "edit", "dee", "--languages", "english, de", login="mo").code == 0
    assert run("csm", "show", "dee", "--json").json["languages"] == "de, en"


def test_policies_and_proposals(run: Run, desk: Desk):
    builders.account(desk, "Grown", arr=6_000_000, segment_id=builders.the(desk, "segment", "small"))
    assert run("policy", "set", "small", "--max-open", 15, "--digital-days", "none", login="mo").code == 0
    row = run("policy", "show", "small", "--json").json
    assert (row["arr_from"], row["currency"], row["max_open"], row["digital_days"]) == ("10000.00", "USD", 15, None)
    assert [one["name"] for one in run("policy", "list", "--json").json] == ["strategic", "mid", "small", "tail"]
    (moved,) = run("policy", "proposals", "--json").json
    assert (moved["account"], moved["arr"], moved["to_segment"]) == ("Grown", "60000.00", "mid")
    assert run("policy", "set", "small").code == 2


def test_flow_and_claiming_what_else_an_account_has(run: Run, desk: Desk):
    account = builders.account(desk)
    one, two = (builders.cta(desk, account) for _ in range(2))
    done = run("claim", one)
    assert f"Unassigned beside it: {two}; --all-of-account takes them too." in done.err
    figures = run("flow", "--json").json
    assert (figures["total"]["open"], figures["rows"][0]["group"]) == (2, "West")
    assert run("flow", "--by", "csm").out.splitlines()[0].split()[:3] == ["group", "inflow", "outflow"]
    assert run("flow", "--by", "colour").code == 2
    assert {item["id"] for item in run("claim", two, "--anyway", "--all-of-account", "--json").json} == {two}
