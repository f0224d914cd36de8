"""Playbooks at work: texts and their versions, runs, and steps that close when the thing is done."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cockpit.desk import Desk
from cockpit.domain.playbook_text import TextProblems
from cockpit.services import playbook as playbooks
from cockpit.services import transition, transition_acts
from cockpit.services.adherence import adherence
from cockpit.services.away import set_away
from cockpit.services.errors import Conflict, Forbidden, NotFound, Refused
from cockpit.services.history import undo
from cockpit.services.library import shipped
from cockpit.services.pod import join_pod
from cockpit.services.queue import claim
from cockpit.services.task import TaskRow, list_tasks, set_task, tasks_of
from cockpit.services.tick import tick
from cockpit.services.timeline import log_activity
from db.store import Store
from db.terms import TaskStatus
from tests import builders
from tests.builders import desk_of
from tests.conftest import NOW

TEXT = """name = "Small"
about = "account"

[[step]]
key = "look"
title = "Look"
required = "yes"
due = "+1"
done = "account opened"

[[step]]
key = "ring"
title = "Ring them"
required = "yes"
due = "+2"
needs = ["look"]
done = "call logged"
choices = ["price", "people"]

[[step]]
key = "again"
title = "Write again"
due = "+4"
needs = ["ring"]
when = "no answer"

[[step]]
key = "note"
title = "Note it"
role = "mgr"
due = "renewal-1"
"""


@pytest.fixture
def mo(store: Store) -> Desk:
    return desk_of(store, "mo", NOW)


def by_key(rows: tuple[TaskRow, ...]) -> dict[str | None, TaskRow]:
    return {one.key: one for one in rows}


def see(desk: Desk, account: int) -> None:
    """A look at an account, as the view log keeps it."""
    with desk.store.write() as db:
        db.run(
            "INSERT INTO viewing (csm_id, account_id, at, pane) VALUES (:me, :account, :at, '')",
            me=desk.me.id,
            account=account,
            at=desk.now(),
        )


def test_a_changed_text_is_a_version_and_what_runs_keeps_its_own(desk: Desk, mo: Desk, store: Store) -> None:
    assert {one.name for one in playbooks.list_playbooks(desk)} == {book.name for _, book in shipped()}
    first = playbooks.apply(mo, TEXT)
    assert (first.version, first.is_new) == (1, True)
    assert playbooks.apply(mo, playbooks.export(mo, "small")).is_new is False
    account = builders.account(desk, "Acme", owner="ana", renewal_date=date(2026, 12, 24))
    run = playbooks.run_on_account(desk, account, "SMALL")
    second = playbooks.apply(mo, TEXT.replace("Ring them", "Call them"))
    assert (second.version, second.act is not None) == (2, True)
    assert [one.title for one in tasks_of(desk, run=run.run)] == ["Look", "Ring them", "Write again", "Note it"]
    assert [one.due for one in tasks_of(desk, run=run.run)] == [
        date(2026, 11, 24),
        date(2026, 11, 25),
        date(2026, 11, 27),
        date(2026, 12, 23),
    ]
    cta = builders.cta(desk, account, owner="ana", playbook_id=builders.the(desk, "playbook", "Small"))
    assert playbooks.run_on_cta(desk, cta, "Small").version == 2
    assert playbooks.show_playbook(desk, "Small").versions == (2, 1)
    assert playbooks.export(desk, "Small", 1) == TEXT
    with pytest.raises(Refused, match="runs on Acme already"):
        playbooks.run_on_account(desk, account, "Small")
    playbooks.switch(mo, "Small")
    with pytest.raises(Refused, match="out of use"):
        playbooks.run_on_account(desk, builders.account(desk), "Small")
    undo(mo)
    assert {one.name: one.active for one in playbooks.list_playbooks(desk)}["Small"]


def test_a_changed_text_may_be_given_a_name_of_its_own_but_not_take_another_s(mo: Desk) -> None:
    playbooks.apply(mo, TEXT)
    assert playbooks.apply(mo, TEXT.replace('"Small"', '"Smaller"'), 1).version == 1
    assert playbooks.apply(mo, TEXT.replace('"Small"', '"Smaller"') + "# longer\n", 1).version == 2
    with pytest.raises(Conflict, match="There is version 2 of “Smaller” by now; you changed version 1"):
        playbooks.apply(mo, TEXT.replace('"Small"', '"Smaller"'), 1)


def test_what_is_not_gone_on_with_is_stopped_with_its_reason(desk: Desk, mo: Desk) -> None:
    """On an account by whoever works it; while a close waits for its steps by a manager, who waives them. Undo goes on."""
    account = builders.account(desk, "Acme", owner="ana")
    run = playbooks.run_on_account(desk, account, "sponsor left").run
    with pytest.raises(Refused, match="Say why"):
        playbooks.stop(desk, run, " ")
    done = playbooks.stop(desk, playbooks.running(desk, "sponsor left", account="Acme"), "they close down")
    assert (done.left, list_tasks(desk, account="Acme")) == (6, ())
    assert {task.note for task in tasks_of(desk, run=run)} == {"stopped: they close down"}
    with pytest.raises(Refused, match="over already"):
        playbooks.stop(desk, run, "again")
    undo(desk)
    assert len(list_tasks(desk, account="Acme")) == 6
    playbooks.stop(desk, run, "they close down")
    again = playbooks.run_on_account(desk, account, "sponsor left").run
    assert again != run
    cta = builders.cta(desk, account, owner="ana")
    gated = playbooks.apply(mo, TEXT.replace('"yes"', '"gate"')).name
    held = playbooks.run_on_cta(desk, cta, gated).run
    with pytest.raises(Forbidden, match="a manager stops it"):
        playbooks.stop(desk, held, "no time")
    playbooks.stop(mo, held, "talked through")
    assert {task.state for task in tasks_of(desk, run=held)} == {"waived"}
    moving = transition.start(desk, account, "csm_to_csm", "ben").id
    guide = tasks_of(desk, transition=moving)[0].run
    with pytest.raises(Refused, match=f"guides transition {moving}"):
        playbooks.stop(mo, guide or 0, "no")


def test_last_years_work_proves_nothing_of_this_years(desk: Desk, mo: Desk) -> None:
    """An intervention that had ended, a renewal that was won, do not close the steps of a playbook that begins now."""
    account = builders.account(desk, "Acme", owner="ana")
    old = {"account_id": account, "csm_id": desk.me.id, "stage": "self_service", "claimed_at": NOW - timedelta(days=300)}
    builders.make(desk, "intervention", old | {"ended_at": NOW - timedelta(days=200)})
    builders.make(desk, "opportunity", {"account_id": account, "type": "renewal", "state": "won", "stage": "Closed won", "name": "2025",
                                        "recorded": NOW - timedelta(days=200)})  # fmt: skip
    text = 'name = "Proof"\nabout = "account"\n' + "".join(
        f'\n[[step]]\nkey = "{key}"\ntitle = "{done}"\ndone = "{done}"\n' for key, done in (("a", "on plan"), ("b", "offer out")))
    playbooks.apply(mo, text)
    run = playbooks.run_on_account(desk, account, "Proof").run
    assert [(task.state, task.says) for task in tasks_of(desk, run=run)] == [
        ("open", "no intervention runs on the account"), ("open", "no renewal is open here")]  # fmt: skip
    builders.make(desk, "intervention", old | {"claimed_at": NOW, "stage": "on_plan"})
    assert tasks_of(desk, run=run)[0].says == "the intervention is on plan"


def test_a_text_that_is_wrong_or_of_another_thing_changes_nothing(desk: Desk, mo: Desk) -> None:
    with pytest.raises(TextProblems):
        playbooks.apply(mo, TEXT.replace("account opened", "acount opened"))
    with pytest.raises(Refused, match="another name"):
        playbooks.apply(mo, TEXT.replace('"Small"', '"sponsor left"'))
    with pytest.raises(Forbidden, match="may not write playbooks"):
        playbooks.apply(desk, TEXT)
    with pytest.raises(NotFound, match="Did you mean sponsor left"):
        playbooks.show_playbook(desk, "sponsor lft")
    with pytest.raises(Refused, match="start the transition"):
        playbooks.run_on_account(desk, builders.account(desk), "hand-over to a CSM")


def test_steps_close_as_the_work_is_done_and_open_again_with_its_undo(desk: Desk, store: Store) -> None:
    acme = builders.account(desk, "Acme")
    lee = builders.person(desk, acme, "Lee", value_network=True)
    free = builders.cta(desk, acme, playbook_id=builders.the(desk, "playbook", "adoption recovery"))
    claim(desk, [free])
    steps = by_key(tasks_of(desk, cta=free))
    assert (steps["reach out"].state, steps["reach out"].says) == (
        "waits",
        "first: See what fell: feature, people, since when",
    )
    assert (steps["plan"].state, steps["see"].by_hand, steps["plan"].opens) == ("waits", True, "intervention")
    with pytest.raises(Refused, match="was not opened by Ana Ruiz"):
        set_task(desk, steps["see"].id, TaskStatus.DONE, "people")
    see(desk, acme)
    with pytest.raises(Refused, match="Did you mean people"):
        set_task(desk, steps["see"].id, TaskStatus.DONE, "peple")
    assert "(people: two left)" in set_task(desk, steps["see"].id, TaskStatus.DONE, "People: two left").said
    with pytest.raises(Refused, match="closes by itself when the thing is done: no outreach"):
        set_task(desk, steps["reach out"].id, TaskStatus.DONE)
    later = desk_of(store, "ana", NOW + timedelta(hours=1))
    done = log_activity(later, acme, "email", "How is it going?", attendees=[str(lee)], cta=free)
    assert done.said.endswith("step done: Reach out to key user and sponsor")
    assert by_key(tasks_of(later, cta=free))["reach out"].says == "email “How is it going?” on Mon 23 Nov"
    assert by_key(tasks_of(later, cta=free))["second try"].state == "open"
    undo(later)
    assert by_key(tasks_of(later, cta=free))["reach out"].state == "open"
    log_activity(later, acme, "email", "How is it going?", attendees=[str(lee)], cta=free)
    tomorrow = desk_of(store, "ana", NOW + timedelta(days=1))
    log_activity(tomorrow, acme, "meeting", "Plan", attendees=[str(lee)], cta=free)
    after = by_key(tasks_of(tomorrow, cta=free))
    assert (after["second try"].status, after["second try"].says) == (
        "skipped",
        "not needed: meeting “Plan” on Tue 24 Nov",
    )
    assert (after["plan"].state, after["plan"].says) == ("open", "the intervention is engaged")
    with pytest.raises(Refused, match="ticked by hand: say in a note"):
        set_task(tomorrow, after["own cause"].id, TaskStatus.DONE)
    set_task(tomorrow, after["own cause"].id, TaskStatus.DONE, "no release that week")
    with pytest.raises(Forbidden, match="a manager may waive it"):
        set_task(tomorrow, after["check"].id, TaskStatus.SKIPPED, "no")
    manager = desk_of(store, "mo", NOW + timedelta(days=1))
    with pytest.raises(Refused, match="needs the reason"):
        set_task(manager, after["check"].id, TaskStatus.SKIPPED)
    assert set_task(manager, after["check"].id, TaskStatus.SKIPPED, "bought by a competitor").said.startswith(
        "Waived: "
    )
    assert by_key(tasks_of(tomorrow, cta=free))["check"].state == "waived"


def test_looking_is_no_act_so_time_passing_closes_what_it_proves(desk: Desk, mo: Desk) -> None:
    playbooks.apply(mo, TEXT)
    acme = builders.account(desk, "Acme", owner="ana")
    run = playbooks.run_on_account(desk, acme, "Small").run
    assert tick(desk).settled == 0
    see(mo, acme)
    assert tick(desk).settled == 0  # it is Ana's to look
    see(desk, acme)
    assert tick(desk).settled == 1
    assert tick(desk).settled == 0
    steps = by_key(tasks_of(desk, run=run))
    assert (steps["look"].state, steps["ring"].state) == ("done", "open")
    assert [(one.key, one.owner) for one in list_tasks(desk, account=acme)] == [
        ("ring", "ana"),
        ("again", "ana"),
        ("note", None),
    ]


def test_whose_a_step_is_ends_it_or_who_stands_in_for_her(desk: Desk, mo: Desk, store: Store) -> None:
    """A colleague is told whose it is; her cover, the account's pod and managers may; what is nobody's anybody may."""
    playbooks.apply(mo, TEXT)
    account = builders.account(desk, "Acme", owner="ana", pod_id=builders.make(desk, "pod", {"name": "North"}))
    bens = builders.cta(desk, account, owner="ben")
    ring, free = (builders.make(desk, "task", {"cta_id": id_, "title": "Ring"}) for id_ in (bens, builders.cta(desk, account)))
    run = playbooks.run_on_account(desk, account, "Small").run
    chi, dee = desk_of(store, "chi", NOW), desk_of(store, "dee", NOW)
    with pytest.raises(Refused, match=f"“Ring” is Ben Okafor's: they, their cover, .* Tell them: a comment on CTA {bens}"):
        set_task(chi, ring, TaskStatus.DONE)
    with pytest.raises(Refused, match="“Small” on Acme is Ana Ruiz's"):
        playbooks.stop(chi, run, "It closes down")
    set_task(chi, free, TaskStatus.DONE)
    set_task(desk, ring, TaskStatus.DONE)  # the account is hers
    set_task(mo, ring, TaskStatus.OPEN)
    set_away(mo, "ben", NOW.date(), NOW.date(), "chi")
    set_task(chi, ring, TaskStatus.DONE)
    with pytest.raises(Refused, match="Ana Ruiz's"):
        playbooks.stop(dee, run, "It closes down")
    join_pod(mo, "North", "dee")
    playbooks.stop(dee, run, "It closes down")


def test_somebody_new_has_steps_with_a_manager_and_a_buddy(mo: Desk, store: Store) -> None:
    run = playbooks.run_on_csm(mo, "dee", "new-CSM onboarding", "chi").run
    steps = by_key(tasks_of(mo, run=run))
    assert {key: one.owner for key, one in steps.items() if key in ("begin", "demo", "shadow", "ten")} == {
        "begin": "mo", "demo": "dee", "shadow": "chi", "ten": "dee",
    }  # fmt: skip
    from cockpit.services.team import edit_csm

    assert steps["begin"].says == "1 pool, limits at 100 %"
    edit_csm(mo, "dee", {"limit_percent": 50})
    assert by_key(tasks_of(mo, run=run))["begin"].state == "done"
    assert by_key(tasks_of(mo, run=run))["review"].state == "waits"


def test_a_day_is_a_day_where_the_account_is(desk: Desk, store: Store) -> None:
    """Done in the evening of its day on the coast, it is on time; what was called off was left out by nobody."""
    builders.pool(desk, "Coast", time_zone="America/Los_Angeles")
    account = builders.account(desk, "Acme", owner="ana", pool="Coast")
    playbooks.apply(desk_of(store, "mo", NOW), 'name = "One"\nabout = "account"\n\n[[step]]\ntitle = "Ring"\ndue = "+1"\n')
    run = playbooks.run_on_account(desk, account, "One").run
    evening = desk_of(store, "ana", NOW + timedelta(days=1, hours=17))
    set_task(evening, tasks_of(desk, run=run)[0].id, TaskStatus.DONE, "they are well")
    off = transition.start(desk, account, "csm_to_csm", "ben").id
    transition_acts.cancel(desk, off, "it stays")
    found = {row.playbook: (row.on_time, row.late, row.skipped) for row in adherence(desk_of(store, "mo", NOW + timedelta(days=40)))}
    assert found["One"] == (1, 0, 0)
    assert found.get("hand-over to a CSM", (0, 0, 0))[2] == 0
