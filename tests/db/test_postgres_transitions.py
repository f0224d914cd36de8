"""Hand-overs on PostgreSQL: who takes an account sees it before it is hers; both sides at once lose no word."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest

from cockpit.desk import Desk
from cockpit.services import hand_over, transition, transition_acts, transition_brief, transition_talk
from cockpit.services.errors import Conflict, Refused
from cockpit.services.timeline import log_activity
from tests import builders
from tests.db.test_postgres_roles import seen
from tests.services.transition_story import TEXT, look, ready_account, write_all

pytestmark = pytest.mark.postgres_only
Sitting = Callable[..., Desk]


def test_who_takes_it_sees_it_before_it_is_hers(oz: Desk, sit: Sitting) -> None:
    """Ana of West hands to Eve of East: Eve sees account, people, brief from the start, Gus of East nothing; she accepts."""
    account, people = ready_account(oz, "Acme", "ana")
    cta = builders.cta(oz, account, owner="ana", due=date(2026, 12, 20))
    ana, eve = sit("ana"), sit("eve")
    assert seen(eve, "account") == []
    id_ = transition.start(ana, account, "csm_to_csm", "eve", reason="Moves").id
    assert (seen(eve, "account"), seen(eve, "cta"), seen(eve, "brief")) == ([account], [cta], seen(oz, "brief"))
    assert len(seen(eve, "person")) == len(people)
    assert transition.show(eve, id_).row.my_side == "in"
    assert transition.list_transitions(sit("dee"), side="in") == ()
    transition_acts.decide(ana, id_, "move")
    transition_acts.confirm_people(ana, id_)
    write_all(ana, id_)
    asked = transition_talk.ask(eve, id_, "Who signs?")
    transition_talk.answer(ana, asked.id, "Dora does.")
    look(oz_as(oz, eve), account)
    log_activity(ana, account, "meeting", "Among us", attendees=["ana", "eve"])
    log_activity(ana, account, "email", "Your new contact", attendees=[people[0]])
    log_activity(ana, account, "meeting", "Introduction", attendees=[people[0], "ana", "eve"])
    done = hand_over.accept(eve, id_)
    assert (done.moved, transition.show(eve, id_).row.state) == (1, "accepted")
    with oz.store.read() as found:
        assert found.one("SELECT owner_id FROM account WHERE id = :id", id=account) == (eve.me.id,)
        assert found.one("SELECT owner_id FROM cta WHERE id = :id", id=cta) == (eve.me.id,)


def oz_as(oz: Desk, other: Desk) -> Desk:
    """The owner's connection in somebody's name, for what is no act."""
    return Desk(oz.store, other.me, oz.clock, oz.face, clock_is_set=True)


def test_both_sides_at_once_lose_no_word(oz: Desk, sit: Sitting) -> None:
    """Two write different sections while the other side asks: every word is there; the same section has one winner."""
    account, _ = ready_account(oz, "Acme", "ana")
    id_ = transition.start(sit("ana"), account, "csm_to_csm", "ben", reason="Moves").id
    keys = [section.key for section in transition_brief.show_brief(oz, id_).sections]
    together = Barrier(3)

    def write(desk: Desk, mine: Sequence[str]) -> None:
        together.wait()
        for key in mine:
            transition_brief.write_section(desk, id_, key, f"{desk.me.name} on {key}. {TEXT}", expected="")

    def ask(desk: Desk) -> None:
        together.wait()
        for n in range(4):
            transition_talk.ask(desk, id_, f"Question {n}?")

    with ThreadPoolExecutor(3) as pool:
        jobs = [pool.submit(write, sit("ana"), keys[::2]), pool.submit(write, sit("mo"), keys[1::2]), pool.submit(ask, sit("ben"))]
        for job in jobs:
            job.result(timeout=60)
    shown = transition_brief.show_brief(oz, id_)
    assert shown.written == len(keys)
    assert [section.text.split(" on ")[0] for section in shown.sections] == ["Ana Ruiz", "Mo Haddad"] * 4
    assert len(transition.show(oz, id_).questions) == 4

    def same(desk: Desk) -> str:
        seen_before = next(one.text for one in shown.sections if one.key == "risks")
        both.wait()
        try:
            transition_brief.write_section(desk, id_, "risks", f"{desk.me.name} says the plant closes.", expected=seen_before)
        except Conflict as why:
            return why.message
        return "won"

    both = Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        said = [job.result(timeout=60) for job in [pool.submit(same, sit("ana")), pool.submit(same, sit("mo"))]]
    assert sorted(word == "won" for word in said) == [False, True]
    winner = next(one.text for one in transition_brief.show_brief(oz, id_).sections if one.key == "risks")
    assert any(winner in word for word in said), "the loser is shown what the winner wrote"


def test_two_accept_once(oz: Desk, sit: Sitting) -> None:
    """The taker and the manager accept in the same moment: it is handed over once."""
    account, _ = ready_account(oz, "Acme", "ana")
    mo = sit("mo")
    id_ = transition.start(sit("ana"), account, "csm_to_csm", "ben", reason="Moves").id

    def gates() -> list[str]:
        steps = transition.show(mo, id_).row.steps
        return [step.key for step in steps if step.gates and step.key not in ("sign", "decide") and step.status not in ("done", "waived")]

    while left := gates():  # to waive one may close another
        transition_acts.waive(mo, id_, left[0], "talked through")
    both = Barrier(2)

    def accept(desk: Desk) -> bool:
        both.wait()
        try:
            hand_over.accept(desk, id_)
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        won = [job.result(timeout=60) for job in [pool.submit(accept, sit("ben")), pool.submit(accept, mo)]]
    assert sorted(won) == [False, True]
    assert len(seen(oz, "cta")) == 3
