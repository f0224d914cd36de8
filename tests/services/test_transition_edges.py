"""Hand-overs at their edges: what counts from when, what goes along, what must not be left behind."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest

from cockpit.desk import Desk
from cockpit.services import (
    hand_over,
    leaver,
    orphans,
    transition,
    transition_acts,
    transition_brief,
    transition_cover,
    transition_follow,
    transition_mail,
    transition_systems,
    transition_talk,
)
from cockpit.services.document import documents
from cockpit.services.errors import Refused
from cockpit.services.timeline import log_activity
from tests import builders
from tests.conftest import NOW
from tests.services.transition_story import TEXT, Sit, one, prepared, ready_account, write_all
from tests.statements import recorded

HOUR = timedelta(hours=1)


def says(desk: Desk, id_: int, key: str) -> tuple[str, str]:
    """How a step stands, and what shows it."""
    step = transition.show(desk, id_).row.step(key)
    assert step is not None
    return step.status, step.says


def test_what_was_done_earlier_that_day_is_not_the_hand_overs(desk_of: Sit) -> None:
    """A call, a mail, a look at the people before the start count for nothing, however late they are written down."""
    morning, ana, later = desk_of("ana", NOW - 2 * HOUR), desk_of("ana"), desk_of("ana", NOW + HOUR)
    account, people = ready_account(morning)
    both = ["ana", "ben"]
    log_activity(morning, account, "meeting", "About the week", attendees=both)
    log_activity(morning, account, "meeting", "About the day", attendees=both, at=NOW.date())
    id_ = transition.start(ana, account, "csm_to_csm", "ben", reason="Moves").id
    write_all(ana, id_)
    log_activity(later, account, "meeting", "Written down late", attendees=both, at=NOW - HOUR)
    assert says(later, id_, "internal") == ("open", "no meeting of both sides is logged")
    log_activity(later, account, "meeting", "The hand-over", attendees=both, at=NOW.date())
    assert says(desk_of("ana", NOW + 2 * HOUR), id_, "internal")[0] == "done", "a day without an hour, written down since"
    log_activity(morning, account, "email", "As every month", attendees=[people[0]])
    assert says(later, id_, "tell")[1] == "not told yet"
    log_activity(desk_of("ben", NOW + HOUR), account, "email", "Hello", attendees=[people[0]])
    assert says(later, id_, "tell")[1] == "not told yet", "who takes over is nobody they know"
    log_activity(later, account, "email", "Your new contact", attendees=[people[0]])
    assert says(desk_of("ana", NOW + 2 * HOUR), id_, "tell")[1] == "told"


def test_what_was_begun_on_an_earlier_day_counts_from_its_morning(desk_of: Sit) -> None:
    """A hand-over that an import or a demo dates back has no moment of its own."""
    ana = desk_of("ana")
    account, _ = ready_account(ana)
    id_ = transition.start(ana, account, "csm_to_csm", "ben", reason="Moves").id
    write_all(ana, id_)
    builders.change(ana, "transition", id_, {"started_on": date(2026, 11, 20)})
    log_activity(ana, account, "meeting", "Hand-over", attendees=["ana", "ben"], at=NOW - timedelta(days=1))
    assert says(ana, id_, "internal")[0] == "done"


def test_calls_off_among_ourselves_are_no_tries(desk_of: Sit) -> None:
    """Two meetings of the two CSMs that did not take place do not make a letter enough; a weekend is no day for one."""
    friday = NOW.replace(day=27, hour=17)
    ana = desk_of("ana", friday)
    account, people = ready_account(ana)
    id_ = transition.start(ana, account, "csm_to_csm", "ben", reason="Moves", target=friday.date()).id
    planned = [transition_mail.plan_meeting(ana, id_, "internal").id for _ in range(2)]
    assert {str(one(ana, "SELECT at FROM activity WHERE id = :id", id=id2))[:10] for id2 in planned} == {"2026-11-30"}
    for id2 in planned:
        builders.change(ana, "activity", id2, {"state": "cancelled"})
    write_all(ana, id_)
    log_activity(ana, account, "email", "Your new contact", attendees=[people[0]])
    assert says(ana, id_, "introduce")[0] == "open"


def test_relationships_go_along_with_what_is_open_on_them(desk_of: Sit) -> None:
    """The outgoing CSM's relationships under the account, their CTAs and goals; a leaver's book names them once."""
    ana, ben = desk_of("ana"), desk_of("ben")
    account, people = ready_account(ana)
    below = builders.account(ana, "Acme Robots", owner="ana", parent_id=account)
    other = builders.account(ana, "Acme Tools", owner="chi", parent_id=account)
    cta = builders.cta(ana, below, owner="ana", because="Usage drop", due=date(2026, 12, 20))
    goal = builders.make(ana, "goal", {"account_id": below, "title": "Live", "owner_id": ana.me.id, "due": date(2027, 1, 1)})
    assert [row.account for row in leaver.propose(ana, "ana", date(2026, 12, 31)).rows] == ["Acme"]
    id_ = prepared(ana, ben, account, people)
    assert [(thing.thing_id, thing.choice) for thing in transition.show(ana, id_).decisions] == [(cta, "move")]
    hand_over.accept(ben, id_)
    owners = [one(ana, f"SELECT {column} FROM {table} WHERE id = :id", id=id2) for table, column, id2 in (
        ("account", "owner_id", below), ("cta", "owner_id", cta), ("goal", "owner_id", goal))]  # fmt: skip
    assert owners == [ben.me.id] * 3
    assert one(ana, "SELECT owner_id FROM account WHERE id = :id", id=other) == desk_of("chi").me.id


def test_nothing_goes_to_a_queue_that_there_is_not(desk_of: Sit) -> None:
    """A CTA without a pool, on an account without one, would be nobody's."""
    ana, ben = desk_of("ana"), desk_of("ben")
    account, people = ready_account(ana, pool=None)
    builders.cta(ana, account, owner="ana", because="Renewal", due=date(2026, 12, 20), pool=None)
    id_ = prepared(ana, ben, account, people)
    with pytest.raises(Refused, match="is in no pool"):
        transition_acts.decide(ana, id_, "pool", ["cta:1"])
    hand_over.accept(ben, id_)
    assert orphans.orphans(ana) == ()


def test_what_is_handed_over_again_ends_the_first(desk_of: Sit) -> None:
    """An account that came lately is the leaver's to hand on; the follow-up of the first hand-over is nobody's any more."""
    ana, ben, chi, mo = desk_of("ana"), desk_of("ben"), desk_of("chi"), desk_of("mo")
    account, people = ready_account(ana)
    first = prepared(ana, ben, account, people)
    hand_over.accept(ben, first)
    assert [document.title for document in documents(ben, account)] == ["Handoff brief Acme, version 1"]
    row = leaver.propose(mo, "ben", date(2026, 12, 31)).rows[0]
    assert (row.account, row.running) == ("Acme", None)
    second = prepared(ben, chi, account, people)
    hand_over.accept(chi, second)
    ended = transition.show(mo, first).row
    assert (ended.state, ended.end_reason) == ("done", f"handed over again by transition {second}")
    assert one(mo, "SELECT count(*) FROM task WHERE transition_id = :id AND status = 'open'", id=first) == 0
    builders.change(mo, "csm", ben.me.id, {"active": False})
    assert orphans.orphans(mo) == ()


def test_an_account_is_in_one_hand_over_at_a_time(desk_of: Sit) -> None:
    """Also one of a pod's several; two who start at once get one. Another owner by now: it is called off."""
    ana, mo = desk_of("ana"), desk_of("mo")
    names = [builders.account(ana, name, owner="ana") for name in ("One", "Two", "Three")]
    pod = builders.make(mo, "pod", {"name": "North"})
    builders.make(mo, "pod_member", {"pod_id": pod, "csm_id": ana.me.id})
    transition.start(ana, None, "pod", accounts=[str(id_) for id_ in names[:2]])
    with pytest.raises(Refused, match="runs on it already"):
        transition.start(ana, "One", "csm_to_csm", "ben")
    gate = Barrier(2)

    def begin(desk: Desk) -> bool:
        gate.wait()
        try:
            transition.start(desk, "Three", "csm_to_csm", "ben")
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(2) as pair:
        assert sorted(pair.map(begin, (ana, mo))) == [False, True]
    id_ = transition.list_transitions(ana, account="Three")[0].id
    builders.change(mo, "account", names[2], {"owner_id": desk_of("chi").me.id})
    assert "another owner by now" in transition.show(ana, id_).row.attention
    with pytest.raises(Refused, match="call it off"):
        hand_over.accept(mo, id_)


def test_a_pods_check_in_is_one_for_each_account(desk_of: Sit) -> None:
    """It is done when the CTA of each is closed, and how the customer feels was said of each."""
    ana, mo = desk_of("ana"), desk_of("mo")
    accounts = [ready_account(ana, name)[0] for name in ("One", "Two")]
    pod = builders.make(mo, "pod", {"name": "North"})
    for login in ("ana", "ben", "dee"):
        builders.make(mo, "pod_member", {"pod_id": pod, "csm_id": desk_of(login).me.id, "is_senior": login != "dee"})
    both = [str(id_) for id_ in accounts]
    id_ = transition.start(ana, None, "pod", accounts=both, takers=dict.fromkeys(both, "ben"), seconds=dict.fromkeys(both, "dee")).id
    guests = transition_mail.plan_meeting(ana, id_, "internal", account="One").guests
    assert set(guests) == {"Ana Ruiz", "Ben Okafor", "Dee Lind"}
    for step in transition.show(mo, id_).row.steps:
        if step.gates and step.status != "done" and step.key != "accept":
            transition_acts.waive(mo, id_, step.key, "talked through")
    hand_over.accept(mo, id_)
    made = [row[0] for row in rows(mo, "SELECT id FROM cta WHERE title = 'Check-in after 30 days' ORDER BY id")]
    closed = {"status": "closed", "outcome": "success", "closed_at": NOW}
    builders.change(mo, "cta", made[0], closed)
    assert says(mo, id_, "check_in_30")[1] == "1 of 2 CTAs open"
    builders.change(mo, "cta", made[1], closed)
    assert says(mo, id_, "check_in_30")[0] == "done"


def rows(desk: Desk, sql: str) -> list[tuple[int, ...]]:
    """Rows of the store."""
    with desk.store.read() as db:
        return db.all(sql)


def test_all_that_was_lent_comes_back(desk_of: Sit) -> None:
    """Interventions, drafts, meetings to come; and a cover that has not begun has nothing to sign."""
    ana, ben = desk_of("ana"), desk_of("ben")
    account, _ = ready_account(ana)
    work = builders.make(ana, "intervention", {"account_id": account, "csm_id": ana.me.id, "stage": "on_plan", "claimed_at": NOW})
    draft = builders.make(ana, "draft", {
        "account_id": account, "author_id": ana.me.id, "kind": "entry", "fields": {"subject": "x"}, "changed_at": NOW,
    })  # fmt: skip
    meeting = log_activity(ana, account, "meeting", "EBR", attendees=["ana"], at=NOW + timedelta(days=40)).id
    id_ = transition.start(ana, None, "cover", "ben", target=date(2026, 11, 30), returns_on=date(2026, 12, 14)).id
    transition_acts.decide(ana, id_, "move")
    write_all(ana, id_)
    hand_over.accept(ben, id_)
    lent = [("intervention", "csm_id", work), ("draft", "author_id", draft), ("activity", "author_id", meeting)]

    def holders() -> list[int]:
        return [one(ana, f"SELECT {column} FROM {table} WHERE id = :id", id=id2) for table, column, id2 in lent]

    assert holders() == [ben.me.id] * 3
    with pytest.raises(Refused, match="begins on Mon 30 Nov"):
        transition_cover.sign_return(ben, id_)
    back = NOW + timedelta(days=20)
    transition_cover.sign_return(desk_of("ben", back), id_)
    transition_cover.take_back(desk_of("ana", back), id_)
    assert holders() == [ana.me.id] * 3


def test_what_a_pool_covers_goes_to_its_queue(desk_of: Sit) -> None:
    """A CTA that the pool takes is in its queue, not with nobody."""
    ana, mo = desk_of("ana"), desk_of("mo")
    account, _ = ready_account(ana, pool=None)
    cta = builders.cta(ana, account, owner="ana", because="Renewal", due=date(2026, 12, 2), pool=None)
    id_ = transition.start(ana, None, "cover", pool="West", target=date(2026, 11, 30), returns_on=date(2026, 12, 14)).id
    transition_acts.decide(ana, id_, "move")
    write_all(ana, id_)
    assert hand_over.accept(mo, id_).queued == 1
    assert one(ana, "SELECT p.name FROM cta c JOIN pool p ON p.id = c.pool_id WHERE c.id = :id AND c.owner_id IS NULL", id=cta) == "West"


def test_the_small_print_of_a_hand_over(desk_of: Sit) -> None:
    """An answer is not written over; another taker has another manager; what is called off has no calls and takes no questions."""
    ana, ben = desk_of("ana"), desk_of("ben")
    account, _ = ready_account(ana)
    builders.change(ana, "csm", desk_of("chi").me.id, {"manager_id": desk_of("oz").me.id})
    id_ = transition.start(ana, account, "csm_to_csm", "ben", reason="Moves").id
    asked = transition_talk.ask(ben, id_, "Who signs?").id
    transition_talk.answer(ana, asked, "Dora does.")
    with pytest.raises(Refused, match="answered or withdrawn already"):
        transition_talk.answer(ben, asked, "Gil does.")
    transition_acts.choose(ben, id_, "chi", "knows them")
    assert transition.show(ana, id_).row.manager == "oz"
    with pytest.raises(Refused, match="Only a cover"):
        transition_acts.edit(ana, id_, returns_on=date(2027, 1, 1))
    meeting = transition_mail.plan_meeting(ana, id_, "customer").id
    transition_acts.cancel(ana, id_, "It stays")
    assert one(ana, "SELECT state FROM activity WHERE id = :id", id=meeting) == "cancelled"
    for deed in (lambda: transition_talk.ask(ana, id_, "And now?"), lambda: transition_mail.draft_letter(ana, id_),
                 lambda: transition_mail.plan_meeting(ana, id_)):  # fmt: skip
        with pytest.raises(Refused, match="cancelled"):
            deed()
    with pytest.raises(Refused, match="nothing can stay"):
        leaver.propose(desk_of("mo"), "ana", gone=True, choices={account: leaver.KEEP})


def test_each_answers_for_her_own_side(desk_of: Sit) -> None:
    """What is late on the other side is not counted as hers; what other systems are told costs the same for many."""
    ana, ben = desk_of("ana"), desk_of("ben")
    names = [ready_account(ana, name) for name in ("One", "Two", "Three")]
    id_ = transition.start(ana, names[0][0], "csm_to_csm", "ben", reason="Moves", target=date(2026, 11, 27)).id
    late = desk_of("mo", NOW + timedelta(days=6))
    steps = [step for step in transition.show(late, id_).row.steps if step.is_overdue]
    mine = {load.login: load.overdue for load in transition_follow.per_csm(late)}
    assert mine == {"ana": sum(step.side != "in" for step in steps), "ben": sum(step.side != "out" for step in steps)}
    assert max(mine.values()) < len(steps)
    transition_acts.cancel(ana, id_, "again")
    done = [prepared(ana, ben, account, people) for account, people in names]
    hand_over.accept(ben, done[0])
    with recorded() as few:
        assert len(transition_systems.systems(ben)) == 2
    for id_ in done[1:]:
        hand_over.accept(ben, id_)
    with recorded() as many:
        assert len(transition_systems.systems(ben)) == 6
    assert len(many) == len(few)
    assert TEXT in transition_brief.markdown(ben, done[0])


def test_what_became_of_accounts_is_told_by_their_own_dates(desk_of: Sit) -> None:
    """Contracts and scores of the days after a hand-over, against the same days of who had none; pending ones are left out."""
    mo = desk_of("mo")
    day, months = NOW.date() - timedelta(days=100), timedelta(days=400)
    moved = [builders.account(mo, f"Moved {n:02}", owner="ben") for n in range(10)]
    still = [builders.account(mo, f"Still {n:02}", owner="ben") for n in range(12)]
    card = builders.make(mo, "scorecard", {"name": "Any", "source": ""})
    kept = "INSERT INTO score (account_id, scorecard_id, day, at, total, measures) VALUES (:id, :card, :day, :at, :total, '{}')"
    for n, id_ in enumerate(moved + still):
        last = day + timedelta(days=60) if n in (0, 10, 11, 12) else None
        builders.make(mo, "subscription", {"account_id": id_, "starts": day - months, "ends": last, "mrr": 100_000})
        with mo.store.write() as db:
            for back, total in ((101, 60), (11, 70 if n < 10 else 65)):
                db.run(kept, id=id_, card=card, day=NOW.date() - timedelta(days=back), at=NOW, total=total)
    for id_ in moved:
        builders.make(mo, "transition", {
            "kind": "csm_to_csm", "state": "accepted", "account_id": id_, "started_on": day, "target": day, "from_csm_id": mo.me.id,
            "to_csm_id": desk_of("ben").me.id, "accepted_at": NOW - timedelta(days=100),
        })  # fmt: skip
    found = transition_follow.continuity(mo)
    churn, health, nps = found.measures
    assert (churn.value, churn.n, churn.other, churn.other_n) == (0.1, 10, 0.25, 12)
    assert (health.value, health.other, health.difference) == (10.0, 5.0, 5.0)
    assert nps.says.startswith("not enough data")
    told = [(one.account, one.value("churn")) for one in found.accounts if one.handed_over]
    assert told[:2] == [("Moved 00", "churned"), ("Moved 01", "stayed")]
    assert len(told) == churn.n
    assert transition_follow.continuity(desk_of("mo", NOW - timedelta(days=11))).measures[0].n == 0
