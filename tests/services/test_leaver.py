"""A leaver with sixty accounts: one act starts it, every account has one recipient, the board knows each day, undo takes it back."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from cockpit.desk import Desk
from cockpit.services import leave_board, leaver, transition_acts
from cockpit.services.errors import Forbidden, NotFound, Refused
from cockpit.services.history import undo
from cockpit.services.team import edit_csm
from cockpit.services.tick import tick
from cockpit.services.timeline import log_activity
from cockpit.services.transition import list_transitions
from db.store import Store
from tests import builders
from tests.builders import desk_of, make
from tests.conftest import NOW
from tests.statements import recorded

LAST = date(2026, 12, 23)
N = 60


@pytest.fixture
def mo(store: Store) -> Desk:
    return desk_of(store, "mo", NOW)


@pytest.fixture
def book(mo: Desk, store: Store) -> list[int]:
    """Ana's sixty: a segment with a limit, one renewal in the freeze, one that Ben knows, one German; hours of who is left."""
    medium = make(mo, "segment", {"name": "Medium", "max_accounts": 9})
    ids = []
    for n in range(N):
        more = {"renewal_date": LAST - timedelta(days=5)} if n == 3 else {"renewal_date": LAST + timedelta(days=6)} if n == 4 else {}
        language = {"language": "de"} if n == 5 else {}
        ids.append(builders.account(mo, f"A{n:02}", owner="ana", arr=(N - n) * 100_000, segment_id=medium if n % 2 else None,
                                    **more, **language))  # fmt: skip
    for login, hours in (("ben", 40), ("chi", 40)):
        edit_csm(mo, login, {"hours_week": hours})
    edit_csm(mo, "chi", {"skills": "billing", "languages": "german"})
    ben = desk_of(store, "ben", NOW)
    for _ in range(3):
        log_activity(ben, ids[10], "call", "Hi")
    builders.cta(mo, ids[0], owner="ana")
    builders.cta(mo, builders.account(mo, "Elsewhere"), owner="ana", because="Loose")
    make(mo, "away", {"csm_id": builders.the(mo, "csm", "ben", "login"), "first": date(2027, 1, 4), "last": date(2027, 1, 8),
                      "cover_id": builders.the(mo, "csm", "ana", "login")})  # fmt: skip
    return ids


def test_sixty_accounts_are_proposed_with_reasons_within_the_limits(mo: Desk, book: list[int]) -> None:
    with recorded() as few:
        found = leaver.propose(mo, "ana", LAST)
    by_id = {row.account_id: row for row in found.rows}
    assert by_id.keys() == set(book)
    assert (by_id[book[10]].to, by_id[book[10]].reasons[0]) == ("ben", "knows them: 3 touches in a year")
    assert (by_id[book[5]].to, by_id[book[5]].reasons[0]) == ("chi", "speaks de")
    taken = Counter((row.to, row.segment) for row in found.rows if row.to != "pool")
    assert max(n for (_, segment), n in taken.items() if segment == "Medium") == 9
    assert sum(row.to == "pool" for row in found.rows) >= 30 - 4 * 9
    assert {row.tier for row in found.rows} == {"A", "B", "C"}
    assert {row.wave for row in found.rows} == {1, 2, 3, 4}
    assert all(row.joint for row in found.rows if row.tier == "A" and row.to != "pool")
    for row in found.rows:
        if row.renewal_date:
            assert not row.renewal_date - timedelta(days=30) <= row.target <= row.renewal_date
            assert row.frozen.startswith(("before the freeze", "after the renewal"))
    assert by_id[book[4]].is_late
    assert [one.title for one in found.loose if one.kind == "CTA"] == ["Loose"]
    assert Counter(one.kind for one in found.holds) == {"CTA": 2, "cover": 1, "pool": 1}
    assert found == leaver.propose(mo, "ana", LAST)
    with recorded() as again:
        leaver.propose(mo, "ana", LAST, choices={book[0]: "keep"})
    assert len(few) == len(again) < 45


def test_all_of_it_starts_in_one_act_and_one_undo_takes_it_back(mo: Desk, store: Store, book: list[int]) -> None:
    before = builders.snapshot(store)
    choices = {book[0]: "chi", book[1]: "keep", book[2]: "pool"}
    begun = leaver.start(mo, "ana", LAST, choices=choices, note="a new job")
    assert len(begun.transitions) == N - 1
    assert begun.said.startswith(f"Ana Ruiz leaves: started {N - 1} transitions, ")
    rows = {row.account_id: row for row in list_transitions(mo, leave_id=begun.leave)}
    assert (rows[book[0]].incoming, rows[book[0]].proposal or "") == ("chi", rows[book[0]].proposal)
    assert (rows[book[0]].proposal or "").startswith("chosen by hand")
    assert (rows[book[2]].kind, rows[book[2]].incoming) == ("csm_to_pool", "West")
    assert book[1] not in rows
    assert rows[book[4]].stand_in
    assert not rows[book[0]].stand_in
    again = leaver.propose(mo, "ana", LAST)
    assert [row.account_id for row in again.rows if row.running is None] == [book[1]]
    board = leave_board.leave_board(mo, "ana")
    assert (board.accounts, board.handed_over, board.accounts_left, board.late) == (N - 1, 0, N, 0)
    assert sum(one.hand_overs for one in board.days) == N - 1
    assert sum(one.steps for one in board.days) == sum(len(row.steps) for row in rows.values())
    assert [one.planned_left for one in board.days][-1] == 0
    assert board.days[0].left == N - 1
    later = leave_board.leave_board(desk_of(store, "mo", NOW + timedelta(days=40)), begun.leave)
    assert later.late == N - 1
    assert later.overdue > N
    assert any(one.is_late for one in later.days)
    undo(mo)
    assert builders.snapshot(store) == before
    with pytest.raises(NotFound, match="No leave of ana was started"):
        leave_board.leave_board(mo, "ana")


def test_who_is_gone_already_is_stood_in_for_and_her_other_ctas_go_back(mo: Desk, store: Store, book: list[int]) -> None:
    edit_csm(mo, "ben", {"hours_week": 168})
    begun = leaver.start(mo, "ana", gone=True)
    assert begun.released == 1
    assert all(row.stand_in for row in list_transitions(mo, leave_id=begun.leave))
    with store.read() as db:
        assert db.scalar("SELECT owner_id FROM cta WHERE title = 'Loose'") is None
        assert db.scalar("SELECT left_note FROM cta WHERE title = 'Loose'") == "Ana Ruiz has left"
    assert dict(leave_board.leave_board(mo, "ana").holds) == {"CTA": 1, "cover": 1}


def test_it_says_what_is_wrong(mo: Desk, desk: Desk, store: Store, book: list[int]) -> None:
    with pytest.raises(Refused, match="Say Ana Ruiz's last day"):
        leaver.propose(mo, "ana")
    with pytest.raises(Refused, match="is she gone already"):
        leaver.propose(mo, "ana", NOW.date() - timedelta(days=1))
    with pytest.raises(NotFound, match="nobody who could take"):
        leaver.propose(mo, "ana", LAST, choices={book[0]: "ria"})
    with pytest.raises(Refused, match="Elsewhere is not Ana Ruiz's"):
        leaver.propose(mo, "ana", LAST, choices={builders.the(mo, "account", "Elsewhere"): "keep"})
    with pytest.raises(Refused, match="no account left to hand over"):
        leaver.start(mo, "chi", LAST)
    with pytest.raises(Forbidden):
        leaver.start(desk_of(store, "ben", NOW), "ana", LAST)


def test_a_leave_is_over_when_its_last_transition_is_and_goes_on_when_that_is_undone(mo: Desk, store: Store) -> None:
    first, second = (builders.account(mo, name, owner="ana") for name in ("Acme", "Boreal"))
    edit_csm(mo, "ben", {"hours_week": 40})
    begun = leaver.start(mo, "ana", LAST, choices={first: "ben", second: "ben"})
    one, two = begun.transitions

    def ended() -> tuple[str, bool]:
        board = leave_board.leave_board(mo, "ana")
        return board.says[:10], board.ended_on is not None

    assert "nothing left" not in transition_acts.cancel(mo, one, "She stays on it").said
    assert ended() == ("0 of 1 han", False)
    assert transition_acts.cancel(mo, two, "She stays").said.endswith("; Ana Ruiz has nothing left to hand over")
    assert ended() == ("over since", True)
    undo(mo)
    assert ended() == ("0 of 1 han", False)
    assert (tick(mo).said, leave_board.leaves(mo)[0].ended_at) == ("", None)
    with store.write() as db:  # as an older program, or a colleague who sees only her part, leaves it
        db.run("UPDATE transition SET state = 'done', ended_at = :now WHERE id = :id", id=two, now=NOW)
    later = desk_of(store, "mo", NOW + timedelta(hours=1))
    assert "ended the leave of Ana Ruiz" in tick(later).said
    assert (ended()[1], tick(later).act) == (True, None)
