"""The disk full, failing, and without power."""

from __future__ import annotations

from pathlib import Path

import pytest

from proof import disk, io_errors, shim
from proof.stores import Places


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shim between a program and its C library."""
    try:
        return shim.build(tmp_path_factory.mktemp("shim"))
    except shim.NoShim as why:
        pytest.skip(f"NO SHIM: {why}")


@pytest.mark.parametrize("spare", [0, 1, 3, 6])
def test_a_full_disk_is_a_sentence_and_nothing_half(on_file: Places, spare: int):
    full = disk.few_pages(on_file, spare)
    assert full.refused == 2
    assert full.bad == 0, full


@pytest.mark.parametrize("what", [kind for kind in io_errors.KINDS if kind != "the control"])
def test_any_call_may_fail(on_file: Places, library: Path, what: str):
    found = disk.failing(on_file, library, what)
    assert sum(one.points for one in found) > 50
    assert sum(one.told for one in found) > 20
    assert [one for one in found if one.bad] == []


def test_a_store_without_a_log_fails_the_same_checker(on_file: Places, library: Path):
    assert sum(one.half for one in disk.failing(on_file, library, "the control")) > 0


@pytest.mark.parametrize("level", ["FULL", "WAITED FOR"])
def test_the_power_may_go_at_any_moment(on_file: Places, library: Path, level: str):
    made = disk.cuts_of(on_file, library, level, 40, 100)
    assert made.cuts == 100
    assert made.bad == 0, made


@pytest.mark.parametrize("level", ["NORMAL", "OFF"])
def test_a_store_that_does_not_sync_fails_the_same_checker(on_file: Places, library: Path, level: str):
    assert disk.cuts_of(on_file, library, level, 40, 60).lost > 0
