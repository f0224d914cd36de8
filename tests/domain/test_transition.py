"""Hand-overs as rules: who may act, what escalates, what a pool asks, when a brief says enough, what readiness weighs."""

from __future__ import annotations

from datetime import date

import pytest

from cockpit.domain import brief, continuity, readiness
from cockpit.domain.readiness import Known
from cockpit.domain.transition import Parties, escalates, may_accept, may_move, open_gates, pool_criteria, sides
from db.terms import Role, Side, TransitionKind, TransitionState

ANA, BEN, CHI, MO = range(1, 5)
TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(("me", "role", "wanted"), [
    (ANA, Role.CSM, {Side.OUT, Side.BOTH}), (BEN, Role.CSM, {Side.IN, Side.BOTH}), (CHI, Role.CSM, set()),
    (MO, Role.MANAGER, {Side.OUT, Side.IN, Side.BOTH}), (ANA, Role.READ_ONLY, set()),
])  # fmt: skip
def test_who_acts_for_which_side(me: int, role: Role, wanted: set[Side]) -> None:
    parties = Parties(TransitionKind.CSM_TO_CSM, from_csm=ANA, to_csm=BEN, manager=9)
    assert sides(me, role, parties) == wanted


def test_a_manager_stands_in_for_who_has_gone() -> None:
    gone = Parties(TransitionKind.CSM_TO_CSM, from_csm=ANA, to_csm=BEN, manager=CHI, stand_in=True)
    assert Side.OUT in sides(CHI, Role.CSM, gone)
    assert Side.OUT not in sides(CHI, Role.CSM, Parties(TransitionKind.CSM_TO_CSM, from_csm=ANA, to_csm=BEN, manager=CHI))


def test_who_accepts() -> None:
    to_pool = Parties(TransitionKind.CSM_TO_POOL, from_csm=ANA, gatekeeper=CHI, to_pool=(BEN, CHI))
    assert may_accept(CHI, Role.CSM, to_pool) is None
    assert may_accept(BEN, Role.CSM, to_pool) is not None
    nobody = may_accept(BEN, Role.CSM, Parties(TransitionKind.POOL_TO_CSM, from_pool=(BEN,)))
    assert nobody is not None
    assert "chosen first" in nobody.sentence


def test_an_end_is_an_end() -> None:
    assert may_move(TransitionState.STARTED, TransitionState.ACCEPTED) is None
    for state in (TransitionState.DONE, TransitionState.CANCELLED):
        assert may_move(state, TransitionState.STARTED) is not None
    late = may_move(TransitionState.ACCEPTED, TransitionState.CANCELLED)
    assert late is not None
    assert "undo" in late.sentence


def test_what_escalates() -> None:
    assert (escalates(1, 5), escalates(0, 0)) == ("", "")
    assert "2 times" in escalates(2, 0)
    assert "6 business days" in escalates(0, 6)


def test_open_gates_name_the_first_three() -> None:
    titles = {key: key.upper() for key in "abcde"}
    assert open_gates(dict.fromkeys("abc", True), titles) is None
    told = open_gates(dict.fromkeys("abcde", False), titles)
    assert told is not None
    assert told.sentence == "Not yet: 5 required steps open: A; B; C; and 2 more."


def test_what_a_pool_asks() -> None:
    good = pool_criteria(4_000_000, 5_000_000, 0, date(2026, 1, 1), date(2027, 6, 1), TODAY)
    assert all(one.holds for one in good)
    unknown = pool_criteria(None, 5_000_000, 1, None, date(2026, 12, 24), TODAY)
    assert [one.holds for one in unknown] == [None, False, None, False], "what is not known is not enough"


@pytest.mark.parametrize(("text", "says_enough"), [
    ("", False), ("Fine.", False), ("They like it short.", True), ("Nothing", False), ("Nothing, because", False),
    ("Nothing, because they are new", True), ("None because never asked", True), ("n/a", False),
])  # fmt: skip
def test_a_section_says_something_or_why_not(text: str, says_enough: bool) -> None:
    assert brief.is_written(text) is says_enough


def test_the_weights_add_up() -> None:
    assert sum(kind.weight for kind in readiness.GAPS) == 100
    assert readiness.score(readiness.gaps(Known(ctas_adrift=1, risks_adrift=1, matters_adrift=1, drafts=1, unanswered=1), TODAY)) == 0
    full = Known(TODAY, True, 0, TODAY, 30, 3, 1, 3, 0, 0, TODAY, 1)
    assert readiness.gaps(full, TODAY) == ()


def test_continuity_is_silent_where_it_cannot_know() -> None:
    told = continuity.rates("churn", 46, 50, 63, 75)
    assert (round(told.difference or 0, 6), round(told.low or 0, 6), round(told.high or 0, 6)) == (0.08, -0.046915, 0.190370)
    assert told.says == "not distinguishable from 0"
    few = continuity.rates("churn", 1, 4, 30, 300)
    assert (few.value, few.difference) == (0.25, None)
    assert "not enough data: 4 with" in few.says
    assert continuity.means("health change", [], [1.0] * 20).value is None
    assert continuity.means("health change", [10.0, 12.0] * 10, [0.0, 2.0] * 10).says == "higher after a hand-over"
    flat = continuity.nps("nps", [10] * 12, [10] * 12)
    assert flat.low is not None
    assert flat.low < 0 < (flat.high or 0), "agreement of all is no certainty"
