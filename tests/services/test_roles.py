"""Who may do what: every verb is in the table, the table is in the docs, and the use-cases go by it."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import cockpit.services
from cockpit.desk import Desk
from cockpit.services.act import REGISTRY
from cockpit.services.errors import Forbidden, Refused
from cockpit.services.roles import LEADERS, MAY, SENIORS, WORKERS, may, refusal, spoken
from db.terms import Face, Role
from tests.builders import CAST

PAGE = Path(__file__).parents[2] / "docs" / "roles.md"
NAMED = {role: login for login, (_, role, _) in reversed(CAST.items())}


def every_use_case() -> dict[str, tuple[str, Callable[..., Any]]]:
    for found in pkgutil.walk_packages(cockpit.services.__path__, "cockpit.services."):
        importlib.import_module(found.name)
    return {name: pair for name, pair in REGISTRY.items() if name.startswith("cockpit.")}


@pytest.fixture(scope="module")
def use_cases() -> dict[str, tuple[str, Callable[..., Any]]]:
    """Those of the program, by full name: (verb, function)."""
    return every_use_case()


def test_every_verb_is_in_the_table_and_no_other(use_cases: dict[str, tuple[str, Any]]):
    assert {verb for verb, _ in use_cases.values()} == set(MAY), "see cockpit/services/roles.py and docs/roles.md"


def test_no_use_case_says_something_else_than_the_table(use_cases: dict[str, tuple[str, Any]]):
    for verb, function in use_cases.values():
        said = dict(zip(function.__code__.co_freevars, (cell.cell_contents for cell in function.__closure__ or ()), strict=True))
        assert said["by"] is None or frozenset(said["by"]) == MAY[verb], verb


def test_the_page_has_the_same_table():
    rows = re.findall(r"^\| `(\w+)` \|(.*)\|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    told = {verb: frozenset(r for r, cell in zip(Role, cells.split("|"), strict=True) if "●" in cell) for verb, cells in rows}
    assert told == MAY


def pairs() -> Iterator[tuple[str, Role]]:
    for verb in sorted(MAY):
        for role in Role:
            yield verb, role


@pytest.mark.parametrize(("verb", "role"), pairs())
def test_who_may_not_is_told_who_may(verb: str, role: Role):
    words = refusal("Dee Lind", role, verb)
    assert may(role, verb) == (role in MAY[verb]) == (words is None)
    if words is not None:
        assert re.fullmatch(r"Dee Lind \([a-z-]+\) may (look, )?not .+\.", words)
        assert spoken(role) in words
        assert "_" not in words


class _Reached(Exception):
    """The use-case's body was reached: nobody refused before."""


@pytest.mark.sqlite_only
def test_each_role_meets_each_use_case(
    use_cases: dict[str, tuple[str, Callable[..., Any]]], desk_of: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
):
    """The body stands behind the store's first statement: whoever gets as far was let in."""
    from db.store import Store

    def reached(*_: Any) -> None:
        raise _Reached

    desks = {role: desk_of(NAMED[role]) for role in Role}
    monkeypatch.setattr(Store, "write", reached)
    for name, (verb, function) in use_cases.items():
        for role, desk in desks.items():
            with pytest.raises(_Reached if role in MAY[verb] else Forbidden) as met:
                function(desk)
            if role not in MAY[verb]:
                assert desk.me.name in str(met.value), (name, role)


@pytest.mark.sqlite_only
def test_what_the_program_does_itself_nobody_else_does(desk: Desk):
    from cockpit.services.tick import _tick

    with pytest.raises(Forbidden, match="only Cockpit itself"):
        _tick(desk)
    assert _tick(desk.as_system()).act is None


@pytest.mark.sqlite_only
def test_a_read_only_desk_writes_nothing_whatever_the_role(desk_of: Callable[..., Desk], use_cases: dict[str, tuple[str, Any]]):
    desk = desk_of("oz")
    desk.read_only = True
    for _, function in use_cases.values():
        with pytest.raises(Refused, match="read-only"):
            function(desk)


@pytest.mark.sqlite_only
def test_time_does_not_pass_by_a_readers_hand(desk_of: Callable[..., Desk]):
    from cockpit.services.tick import Ticked, tick

    assert tick(desk_of("ria")) == Ticked()


def test_juniors_do_the_work_seniors_bring_it_in_leaders_arrange_it():
    assert Role.JUNIOR in MAY["claim"]
    assert MAY["import"] == SENIORS == WORKERS - {Role.JUNIOR}
    assert MAY["join_pool"] == LEADERS
    assert Face.SYSTEM == "system"
