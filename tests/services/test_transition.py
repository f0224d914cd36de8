"""Transitions: started, guided, decided, handed over, sent back, and taken back again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from cockpit.desk import Desk
from cockpit.services import (
    hand_over,
    readiness,
    transition,
    transition_acts,
    transition_brief,
    transition_counts,
    transition_cover,
    transition_mail,
    transition_scope,
    transition_talk,
)
from cockpit.services.account import accounts_page
from cockpit.services.draft import drafts
from cockpit.services.errors import Conflict, Forbidden, NotFound, Refused
from cockpit.services.history import undo
from cockpit.services.tick import tick
from cockpit.services.timeline import log_activity
from db.terms import Role
from tests import builders
from tests.conftest import NOW
from tests.services.transition_story import TEXT, Sit, one, prepared, ready_account, write_all
from tests.statements import recorded

JOURNAL = ("act", "change", "dated")


def test_a_start_gives_both_sides_their_steps(desk_of: Sit) -> None:
    """Steps of both sides with due dates, a brief to write, and what has to be decided; nobody else is asked."""
    ana = desk_of("ana")
    account = builders.account(ana, "Acme", owner="ana", arr=90_000_000)
    cta = builders.cta(ana, account, owner="ana")
    started = transition.start(ana, account, "csm_to_csm", "ben", reason="Ana moves")
    shown = transition.show(ana, started.id)
    assert (shown.row.outgoing, shown.row.incoming, shown.row.state) == ("ana", "ben", "started")
    assert [(one.thing, one.thing_id) for one in shown.decisions] == [("cta", cta)]
    assert {step.side for step in shown.row.steps} == {"out", "in", "both"}
    found = {step.key: step for step in shown.row.steps}
    assert found["agree"].status == "locked"
    assert found["named"].status == "done"
    assert "1 of 1" in found["decide"].says
    gates = [step.due for step in shown.row.steps if step.gates]
    assert max(day for day in gates if day) == shown.row.target
    assert [row.id for row in transition.list_transitions(desk_of("ben"), side="in")] == [started.id]
    assert transition.list_transitions(desk_of("chi"), side="in") == ()
    assert transition_counts.counts(ana) == (1, 0)
    with pytest.raises(Refused, match="runs on it already"):
        transition.start(ana, account, "csm_to_csm", "chi")
    with pytest.raises(Refused, match="required steps open"):
        hand_over.accept(desk_of("ben"), started.id)


def test_a_hand_over_moves_everything_in_one_act_and_one_undo(desk_of: Sit) -> None:
    """Owner, CTAs as decided, tasks, drafts, meetings, interventions: moved at once, and back at once."""
    ana, ben = desk_of("ana"), desk_of("ben")
    account, people = ready_account(ana)
    moved, closed, queued = (builders.cta(ana, account, owner="ana", because=why, due=date(2026, 12, 1)) for why in ("A", "B", "C"))
    task = builders.make(ana, "task", {"cta_id": moved, "owner_id": ana.me.id, "title": "Call"})
    work = builders.make(ana, "intervention", {"account_id": account, "csm_id": ana.me.id, "stage": "on_plan", "claimed_at": NOW})
    draft = builders.make(ana, "draft", {
        "account_id": account, "author_id": ana.me.id, "kind": "entry", "fields": {"subject": "x"}, "changed_at": NOW,
    })  # fmt: skip
    goal = one(ana, "SELECT id FROM goal WHERE account_id = :id", id=account)
    with ana.store.write() as db:
        db.run("UPDATE goal SET owner_id = :me WHERE id = :id", me=ana.me.id, id=goal)
    started = transition.start(ana, account, "csm_to_csm", "ben", reason="Moves")
    transition_acts.decide(ana, started.id, "close", [f"cta:{closed}"], note="stale")
    transition_acts.decide(ana, started.id, "pool", [f"cta:{queued}"])
    transition_acts.decide(ana, started.id, "move")
    transition_acts.cancel(ana, started.id, "by mistake")
    id_ = prepared(ana, ben, account, people)
    transition_acts.decide(ana, id_, "close", [f"cta:{closed}"], note="stale")
    transition_acts.decide(ana, id_, "pool", [f"cta:{queued}"])
    before = builders.snapshot(ben.store, JOURNAL)
    done = hand_over.accept(ben, id_)
    assert (done.moved, done.closed, done.queued) == (3, 1, 1)
    owners = [one(ana, "SELECT o.login FROM account a JOIN csm o ON o.id = a.owner_id WHERE a.id = :id", id=account)]
    owners += [one(ana, f"SELECT o.login FROM {t} x JOIN csm o ON o.id = x.{c} WHERE x.id = :id", id=id2) for t, c, id2 in (
        ("cta", "owner_id", moved), ("task", "owner_id", task), ("intervention", "csm_id", work), ("draft", "author_id", draft),
        ("goal", "owner_id", goal))]  # fmt: skip
    assert owners == ["ben"] * 6
    assert one(ana, "SELECT close_note FROM cta WHERE id = :id AND status = 'closed'", id=closed) == "stale"
    assert one(ana, "SELECT owner_id FROM cta WHERE id = :id", id=queued) is None
    assert one(ana, "SELECT count(*) FROM cta WHERE source = :s AND snoozed_at IS NOT NULL", s=f"transition {id_}") == 3
    assert transition_brief.show_brief(ben, id_).signed_by == "ben"
    undo(ben)
    assert builders.snapshot(ben.store, JOURNAL) == before


def test_what_the_outgoing_side_tells_is_read_with_the_facts(desk_of: Sit) -> None:
    """A brief has facts and words; signed, a change makes the next version, and what changed since is told."""
    ana, ben = desk_of("ana"), desk_of("ben")
    account, people = ready_account(ana)
    id_ = prepared(ana, ben, account, people)
    shown = transition_brief.show_brief(ana, id_)
    assert [section.key for section in shown.sections] == ["who", "people", "use", "risks", "money", "work", "style", "first30"]
    assert any("Dora of Acme" in fact for section in shown.sections if section.key == "people" for fact in section.facts)
    with pytest.raises(Conflict):
        transition_brief.write_section(ana, id_, "risks", "Something else entirely.", expected="what I saw")
    with pytest.raises(Forbidden):
        transition_brief.write_section(ben, id_, "risks", "I should not write here.")
    transition_brief.sign(ben, id_)
    later = desk_of("ana", NOW + timedelta(hours=1))
    transition_brief.write_section(later, id_, "risks", "Their CFO leaves in May.", expected=TEXT)
    builders.cta(later, account, because="Late news")
    shown = transition_brief.show_brief(ben, id_)
    assert (shown.version, shown.signed_version, shown.signed_by) == (2, 1, None)
    assert any("Late news" in line.says for line in shown.since)
    assert transition_brief.show_brief(ben, id_, version=1).signed_by == "ben"
    assert "Their CFO leaves" in transition_brief.markdown(ben, id_)


def test_a_gatekeeper_sends_it_back_with_reasons(desk_of: Sit) -> None:
    """Counter, reason and age stay; after two returns the lead decides; the pool takes it without an owner."""
    ana, mo = desk_of("ana"), desk_of("mo")
    account, people = ready_account(ana)
    cta = builders.cta(ana, account, owner="ana", because="Renewal", due=date(2026, 12, 20))
    chi = desk_of("chi")
    with mo.store.write() as db:
        db.run("UPDATE pool SET gatekeeper_id = :chi WHERE name = 'West'", chi=chi.me.id)
    id_ = transition.start(ana, account, "csm_to_pool", "West", reason="Small").id
    transition_acts.decide(ana, id_, "move")
    write_all(ana, id_)
    with pytest.raises(Forbidden, match="gatekeeper"):
        transition_acts.pass_gate(desk_of("ben"), id_)
    transition_acts.send_back(chi, id_, "Who pays?")
    assert transition.show(ana, id_).row.attention == ""
    transition_acts.send_back(chi, id_, "Still: who pays?")
    row = transition.show(ana, id_).row
    assert (row.sent_back, row.sent_back_why, row.state) == (2, "Still: who pays?", "started")
    assert "the lead decides" in row.attention
    assert transition.board(mo)[0].id == id_
    undo(chi)
    assert transition.show(ana, id_).row.sent_back == 1
    transition_acts.pass_gate(chi, id_)
    log_activity(ana, account, "call", "What changes", attendees=[people[0]])
    log_activity(ana, account, "outreach", "Letter", attendees=[people[0]])
    hand_over.accept(chi, id_)
    with ana.store.read() as db:
        owner, served = db.one("SELECT owner_id, served_by FROM account WHERE id = :id", id=account) or (1, "")
        assert (owner, served) == (None, "pool")
        assert db.one("SELECT owner_id, status FROM cta WHERE id = :id", id=cta) == (None, "open")
        note = db.scalar("SELECT body FROM activity WHERE subject LIKE 'Handed over from%' AND account_id = :id", id=account)
    assert "Who pays?" in note


def test_out_of_the_pool_to_a_csm(desk_of: Sit) -> None:
    """The manager agrees and chooses with a reason; the account's CTAs leave the queue."""
    ana, ben, mo = desk_of("ana"), desk_of("ben"), desk_of("mo")
    account, people = ready_account(ana, owner=None)
    cta = builders.cta(ana, account, because="Growth", due=date(2026, 12, 20))
    id_ = transition.start(ana, account, "pool_to_csm", reason="It grew").id
    with pytest.raises(Forbidden, match="chosen"):
        hand_over.accept(ben, id_)
    transition_acts.agree(mo, id_)
    transition_acts.choose(mo, id_, "ben", "speaks French, has room")
    transition_acts.decide(ana, id_, "move")
    write_all(ana, id_)
    log_activity(ben, account, "email", "I look after you now", attendees=[people[0]])
    hand_over.accept(ben, id_)
    with ana.store.read() as db:
        assert db.one("SELECT owner_id, served_by FROM account WHERE id = :id", id=account) == (ben.me.id, "dedicated")
        assert db.scalar("SELECT owner_id FROM cta WHERE id = :id", id=cta) == ben.me.id


def test_a_cover_ends_with_a_list_or_is_never_silent(desk_of: Sit) -> None:
    """Agreed, the absence begins by itself; what happened is listed, signed, taken back; nobody back is told."""
    clock = [NOW]
    ana, ben = desk_of("ana", lambda: clock[0]), desk_of("ben", lambda: clock[0])
    account, people = ready_account(ana)
    lent = builders.cta(ana, account, owner="ana", because="Renewal", due=date(2026, 12, 2))
    waits = builders.cta(ana, account, owner="ana", because="EBR", due=date(2026, 12, 3))
    id_ = transition.start(
        ana, None, "cover", "ben", target=date(2026, 11, 30), reason="Leave", returns_on=date(2026, 12, 14)
    ).id
    transition_acts.decide(ana, id_, "move", [f"cta:{lent}"])
    transition_acts.decide(ana, id_, "wait", [f"cta:{waits}"])
    write_all(ana, id_)
    hand_over.accept(ben, id_)
    with ana.store.read() as db:
        assert db.one("SELECT owner_id FROM account WHERE id = :id", id=account) == (ana.me.id,)
        assert db.scalar("SELECT owner_id FROM cta WHERE id = :id", id=lent) == ben.me.id
        assert db.scalar("SELECT owner_id FROM cta WHERE id = :id", id=waits) == ana.me.id
        assert db.scalar("SELECT cover_id FROM away WHERE csm_id = :id", id=ana.me.id) == ben.me.id
    clock[0] = NOW + timedelta(days=14)
    log_activity(ben, account, "call", "They ask for a quote", attendees=[people[0]], next_step="Send it", next_step_due="2026-12-18")
    made = transition_cover.return_list(ben, id_)
    assert [line.says for line in made.promised] == ["Send it"]
    assert "CTA Renewal" in [line.says for line in made.open]
    clock[0] = NOW + timedelta(days=25)
    assert "not back since" in transition.show(ben, id_).row.attention
    late = desk_of("mo", clock[0])
    tick(late)
    tick(late)
    with ana.store.read() as db:
        told = db.all("SELECT o.login, c.title FROM cta c JOIN csm o ON o.id = c.owner_id WHERE c.source = :s", s=f"transition {id_}")
    assert told == [("mo", "Ana Ruiz is not back: 1 account still covered")], "the lead is told, once"
    with pytest.raises(Refused, match="signed the return list"):
        transition_cover.take_back(ana, id_)
    transition_cover.extend(ben, id_, date(2026, 12, 28), "ill")
    assert transition.show(ben, id_).row.attention == ""
    transition_cover.sign_return(ben, id_)
    transition_cover.take_back(ana, id_)
    with ana.store.read() as db:
        assert db.scalar("SELECT owner_id FROM cta WHERE id = :id", id=lent) == ana.me.id
        assert db.scalar("SELECT ended_at FROM away WHERE csm_id = :id", id=ana.me.id) is not None
    assert transition.show(ana, id_).row.state == "done"


def test_a_pod_shares_out_the_patch_of_a_member(desk_of: Sit) -> None:
    """Every account has a lead and a second; accepted, the lead owns it."""
    ana, ben, mo = desk_of("ana"), desk_of("ben"), desk_of("mo")
    account, people = ready_account(ana)
    pod = builders.make(mo, "pod", {"name": "North"})
    for login, senior in (("ana", True), ("ben", True), ("dee", False)):
        builders.make(mo, "pod_member", {"pod_id": pod, "csm_id": desk_of(login).me.id, "is_senior": senior})
    id_ = transition.start(
        ana, None, "pod", reason="Ana leaves the pod", takers={str(account): "ben"}, seconds={str(account): "dee"}
    ).id
    transition_acts.waive(mo, id_, "brief", "a small patch, talked through")
    log_activity(mo, account, "meeting", "Walk-through", attendees=["ana", "ben", "dee"])
    log_activity(ana, account, "email", "Who is there for you", attendees=[people[0]])
    found = {step.key: step for step in transition.show(mo, id_).row.steps}
    assert found["patch"].status == "done"
    assert "a small patch" in found["brief"].says
    hand_over.accept(ben, id_)
    with ana.store.read() as db:
        assert db.one("SELECT owner_id, pod_id, served_by FROM account WHERE id = :id", id=account) == (ben.me.id, pod, "pod")


def test_what_is_taken_how_far_is_said_account_by_account(desk_of: Sit) -> None:
    """One or all; what is covered fully again has a page to write; who may not, and what makes no sense, is told so."""
    ana, ben = desk_of("ana"), desk_of("ben")
    first, second = ready_account(ana, "One")[0], ready_account(ana, "Two")[0]
    id_ = transition.start(ana, None, "cover", "ben", returns_on=date(2026, 12, 20), levels={"One": "answer_only"}).id
    with pytest.raises(NotFound, match="no such brief"):
        transition_brief.show_brief(ana, id_, first)
    transition_scope.scope(ana, id_, ["One"], "full", "chi")
    assert transition_brief.show_brief(ana, id_, first).form == "cover"
    done = transition_scope.scope(ben, id_, level="answer_only")
    assert "2 accounts answer only" in done.said
    assert {(one.account_id, one.level, one.csm) for one in transition.show(ana, id_).members} == {
        (first, "answer_only", "chi"), (second, "answer_only", "ben")}  # fmt: skip
    undo(ben)
    assert {one.level for one in transition.show(ana, id_).members} == {"full"}
    refused: list[tuple[type[Exception], str, Callable[[], object]]] = [
        (Refused, "Say what of it", lambda: transition_scope.scope(ana, id_)),
        (Refused, "full or answer_only", lambda: transition_scope.scope(ana, id_, level="half")),
        (Refused, "cover for herself", lambda: transition_scope.scope(ana, id_, to="ana")),
        (Refused, "have a second", lambda: transition_scope.scope(ana, id_, second="dee")),
        (Refused, "Only a pod's patch", lambda: transition_scope.patch_note(ana, id_, "They like mail.")),
        (Forbidden, "one of the two sides", lambda: transition_scope.scope(desk_of("dee"), id_, to="eve")),
        (Refused, "return comes after", lambda: transition_acts.edit(ana, id_, target=date(2026, 12, 20))),
    ]
    for kind, words, deed in refused:
        with pytest.raises(kind, match=words):
            deed()


def test_both_sides_ask_and_answer(desk_of: Sit) -> None:
    """An open question holds the incoming side's reading; answered or withdrawn it does not."""
    ana, ben = desk_of("ana"), desk_of("ben")
    account, people = ready_account(ana)
    id_ = prepared(ana, ben, account, people)
    asked = transition_talk.ask(ben, id_, "Who signs?")
    assert "1 open question" in next(step.says for step in transition.show(ben, id_).row.steps if step.key == "read")
    transition_talk.answer(ana, asked.id, "Dora does.")
    hand_over.accept(ben, id_)
    with pytest.raises(Forbidden):
        transition_talk.ask(desk_of("chi"), id_, "And me?")


def test_readiness_is_a_sum_whose_gaps_say_what_mends_them(desk_of: Sit) -> None:
    """100 less the weights; the same for one account and for a book."""
    ana = desk_of("ana")
    ready_account(ana, "Ready")
    builders.account(ana, "Bare", owner="ana", arr=None, pool="West")
    book = readiness.book(ana)
    assert [(row.account, row.score, row.ready) for row in book] == [("Bare", 35, False), ("Ready", 100, True)]
    assert readiness.readiness(ana, "Bare") == book[0]
    assert {gap.key for gap in book[0].gaps if gap.required} == {"renewal", "money", "silent", "driver"}


def test_readiness_goes_by_the_day_where_the_account_is_and_by_weekdays_of_contact(desk_of: Sit) -> None:
    """In the evening on the coast what is due that day is not late yet, whoever looks."""
    ana = desk_of("ana")
    builders.pool(ana, "Coast", time_zone="America/Los_Angeles")
    often = builders.make(ana, "segment", {"name": "often", "touch_days": 4})
    for name, pool in (("There", "Coast"), ("Here", "West")):
        account, _ = ready_account(ana, name, pool=pool, segment_id=often)  # last called yesterday, a Sunday
        builders.cta(ana, account, owner="ana", due=NOW.date())
    night = desk_of("ana", datetime(2026, 11, 24, 2, tzinfo=UTC))
    assert {row.account: [gap.key for gap in row.gaps] for row in readiness.book(night)} == {"There": [], "Here": ["ctas"]}
    for day, silent in ((26, False), (27, True)):
        later = desk_of("ana", datetime(2026, 11, day, 20, tzinfo=UTC))
        assert ("silent" in [gap.key for gap in readiness.readiness(later, "There").gaps]) is silent


def test_who_may_not_is_told_who_may(desk_of: Sit) -> None:
    """A colleague does not give away, agree, waive or accept what is others'."""
    ana, ben, chi = desk_of("ana"), desk_of("ben"), desk_of("chi")
    account, people = ready_account(ana)
    with pytest.raises(Forbidden, match="handed over by"):
        transition.start(chi, account, "csm_to_csm", "chi")
    id_ = prepared(ana, ben, account, people)
    for act in (lambda: hand_over.accept(chi, id_), lambda: transition_acts.cancel(chi, id_, "no"),
                lambda: transition_acts.agree(ben, id_), lambda: transition_acts.waive(ana, id_, "internal", "no time")):  # fmt: skip
        with pytest.raises(Forbidden):
            act()
    assert ana.me.role is Role.CSM


def test_queries_and_rules_know_what_changes_hands(desk_of: Sit) -> None:
    """`-is:in_transition` guards rules; a cover is none; the day is asked for too."""
    ana = desk_of("ana")
    one_, two, three = (builders.account(ana, name, owner="ana") for name in ("One", "Two", "Three"))
    transition.start(ana, one_, "csm_to_csm", "ben", target=date(2026, 11, 27))
    transition.start(ana, None, "cover", "ben", accounts=[str(two)], returns_on=date(2026, 12, 20))
    transition.start(ana, None, "pod", "North", accounts=[str(three)]) if _pod(ana) else None

    def found(query: str) -> set[int]:
        return {row.id for row in accounts_page(ana, query).rows}

    assert found("is:in_transition") == {one_, three}
    assert found("-is:in_transition") == {two}
    assert found("transition:cover") == {two}
    assert found("handover:<=7d") == {one_}


def _pod(desk: Desk) -> int:
    pod = builders.make(desk, "pod", {"name": "North"})
    return builders.make(desk, "pod_member", {"pod_id": pod, "csm_id": desk.me.id})


def test_the_letter_is_a_draft_like_any_until_it_is_sent(desk_of: Sit) -> None:
    """Drafted from the facts, gone over among one's drafts, decided along; logged as sent, the customer is told."""
    ana = desk_of("ana")
    account, _ = ready_account(ana)
    id_ = transition.start(ana, account, "csm_to_csm", "ben", target=date(2026, 12, 4)).id
    letter = transition_mail.draft_letter(ana, id_)
    assert "from Fri 4 Dec Ben Okafor will look after Acme" in letter.body
    assert letter.to == ("dora.of.acme@example.com",)
    assert [(row.kind, row.title) for row in drafts(ana)] == [("letter", "Your new contact at our side from Fri 4 Dec")]
    shown = transition.show(ana, id_)
    assert [(one.thing, one.choice) for one in shown.decisions] == [("draft", "move")]
    transition_mail.log_letter(ana, id_)
    found = {step.key: step for step in transition.show(ana, id_).row.steps}
    assert (found["tell"].says, drafts(ana)) == ("told", ())
    with pytest.raises(Refused, match="no draft"):
        transition_mail.log_letter(ana, id_)
    planned = transition_mail.plan_meeting(ana, id_, "customer")
    assert "BEGIN:VEVENT" in planned.ics
    assert set(planned.guests) == {"Ana Ruiz", "Ben Okafor", "Dora of Acme", "Gil of Acme", "Kim of Acme"}
    told = {step.key: step for step in transition.show(ana, id_).row.steps}["introduce"].says
    assert told.startswith("planned for")


def test_lists_cost_as_many_statements_whatever_they_hold(desk_of: Sit) -> None:
    """The board of one and of many; the act that starts them, and a cover of theirs."""
    ana = desk_of("ana")
    accounts = [builders.account(ana, f"Account {n:02}", owner="ana") for n in range(12)]

    def start(ids: list[int]) -> int:
        covered = transition.Plan("cover", None, "ben", returns_on=date(2027, 2, 1), accounts=ids)
        with recorded() as sent:
            transition.start_many(ana, [covered, *(transition.Plan("csm_to_csm", id_, "ben") for id_ in ids)])
        return len(sent)

    one = start(accounts[:1])
    with recorded() as few:
        transition.board(ana)
    assert start(accounts[1:]) == one
    with recorded() as many:
        transition.board(ana)
    assert len(many) == len(few)
