"""The doctor sees each risk, says what to do, writes nothing and tells no secret."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from cockpit.desk import Desk
from cockpit.services import doctor_file
from cockpit.services.doctor import Examined, examine
from cockpit.services.seal import seal
from db.backup import temporary
from db.errors import StoreMissing, StoreUnreachable
from db.store import Store
from tests.builders import account, cta
from tests.cli.conftest import Run
from tests.cli.conftest import run as run  # the fixture
from tests.conftest import NOW
from tests.db.test_journal import tamper
from tests.services.test_undo import do


def state(found: Examined, name: str) -> tuple[str, str]:
    check = next(one for one in found.checks if one.name == name)
    assert check.todo or check.state == "ok"
    return check.state, check.says


def test_a_sound_store(desk: Desk, store_url: str):
    account(desk)
    seal(desk)
    for full in (False, True):
        found = examine(store_url, full=full)
        assert found.ok, found.checks
        assert not [one for one in found.checks if one.state == "bad"]
        for name in ("schema", "orphans", "journal", "seal", "sizes", "foreign_keys", "clock"):
            assert state(found, name)[0] == "ok"


def test_it_writes_nothing(desk: Desk, store_url: str):
    with desk.store.read() as db:
        before = db.scalar("SELECT count(*) FROM act")
    examine(store_url, full=True)
    with desk.store.read() as db:
        assert db.scalar("SELECT count(*) FROM act") == before


def test_a_missing_store_is_said_to_be_missing(tmp_path: Path):
    with pytest.raises(StoreMissing):
        examine(str(tmp_path / "none.db"))


@pytest.mark.parametrize(
    ("how", "name", "says"),
    [
        ("UPDATE account SET arr = 1", "journal", "arr is 1, the journal says"),
        ("DELETE FROM change WHERE thing = 'account'", "journal", "not in the journal"),
    ],
)
def test_what_was_written_past_the_journal_is_seen(desk: Desk, store_url: str, how: str, name: str, says: str):
    account(desk)
    tamper(desk.store, how)
    found = examine(store_url)
    assert not found.ok
    assert says in state(found, name)[1]


def test_what_nobody_works(desk: Desk, store_url: str):
    cta(desk, account(desk, owner="chi"), owner="chi")
    cta(desk, account(desk, pool=None), pool=None)
    tamper(desk.store, "UPDATE csm SET active = FALSE WHERE login = 'chi'")
    kind, says = state(examine(store_url), "orphans")
    assert kind == "warn"
    for words in (
        "1 open CTA of somebody inactive",
        "1 customer of somebody inactive",
        "1 customer without owner or pool",
        "in no pool",
    ):
        assert words in says


def test_a_clock_that_went_back(desk_of: Callable[..., Desk], store_url: str):
    from datetime import datetime, timedelta

    account(desk_of("oz", at=datetime.now(NOW.tzinfo) + timedelta(days=400)))
    kind, says = state(examine(store_url, env={}), "clock")
    assert (kind, "still to come" in says) == ("warn", True)


# --- a file ---------------------------------------------------------------------------------------------------------


@pytest.mark.sqlite_only
def test_modes_that_let_others_in(store: Store, store_url: str):
    assert state(examine(store_url), "modes")[0] == "ok"
    os.chmod(store_url, 0o644)
    kind, says = state(examine(store_url), "modes")
    assert (kind, "644" in says) == ("warn", True)


def todo(found: Examined, name: str) -> str:
    return next(one.todo for one in found.checks if one.name == name)


@pytest.mark.sqlite_only
def test_what_to_do_about_modes_is_no_more_than_is_needed(store: Store, store_url: str):
    os.chmod(store_url, 0o644)
    assert todo(examine(store_url), "modes") == f"chmod 600 {store_url}*"
    place = Path(store_url)
    for one in place.parent.glob(f"{place.name}*"):
        one.chmod(0o600)
    place.parent.chmod(0o777)
    assert todo(examine(store_url), "modes") == f"chmod go-w {Path(store_url).parent}"


@pytest.mark.sqlite_only
def test_a_file_that_cannot_be_read_is_not_called_damaged(store: Store, store_url: str, monkeypatch: pytest.MonkeyPatch):
    def refuse(self: Store) -> object:
        raise StoreUnreachable("The store's file cannot be used (unable to open database file): nothing was written.")

    monkeypatch.setattr(Store, "connect", refuse)
    found = examine(store_url)
    assert state(found, "store")[0] == "bad"
    assert "integrity" not in {one.name for one in found.checks}
    assert "restore" not in todo(found, "store")


@pytest.mark.sqlite_only
def test_one_may_read_and_not_write_it(store: Store, store_url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(os, "access", lambda place, how: str(place) != str(Path(store_url).resolve().parent))
    kind, says = state(examine(store_url), "modes")
    assert (kind, "may not write" in says) == ("warn", True)


@pytest.mark.sqlite_only
def test_what_a_killed_copy_left(store: Store, store_url: str):
    assert "leftovers" not in {one.name for one in examine(store_url).checks}
    temporary(Path(store_url)).write_bytes(b"x" * 5_000)
    kind, says = state(examine(store_url), "leftovers")
    assert (kind, "1 unfinished copy" in says) == ("warn", True)


@pytest.mark.sqlite_only
def test_a_moment_that_is_none_is_a_finding_and_no_end(desk: Desk, store_url: str):
    account(desk)
    tamper(desk.store, "UPDATE act SET at = '9026-13-45' WHERE id = (SELECT max(id) FROM act)")
    found = examine(store_url, full=True)
    assert state(found, "clock")[0] == "bad"
    assert state(found, "sizes")[0] == "ok"


def test_long_texts_are_cut_where_they_differ(desk: Desk, store_url: str):
    made = cta(desk, account(desk))
    do(desk, lambda work: work.update("cta", made, {"description": "much " * 80 + "was agreed"}))
    tamper(desk.store, f"UPDATE cta SET description = '{'much ' * 80}was refused'")
    says = state(examine(store_url), "journal")[1]
    assert "refused" in says
    assert "agreed" in says
    assert len(says) < 200


@pytest.mark.sqlite_only
def test_damage_is_bad_and_says_where_to_go(store: Store, store_url: str):
    store.close()
    path = Path(store_url)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    found = examine(store_url)
    assert not found.ok
    assert any("restore" in one.todo for one in found.checks if one.state == "bad")
    path.write_bytes(b"x" * 5000)
    assert not examine(store_url).ok


@pytest.mark.sqlite_only
def test_a_reference_to_nothing(desk: Desk, store_url: str):
    cta(desk, account(desk))
    tamper(desk.store, "DELETE FROM account")
    found = examine(store_url)
    assert state(found, "foreign_keys")[0] == "bad"
    assert "refer to what is not there" in state(found, "foreign_keys")[1]


@pytest.mark.parametrize(
    ("version", "affected"),
    [((3, 6, 23), False), ((3, 7, 0), True), ((3, 40, 1), True), ((3, 44, 6), False), ((3, 45, 0), True), ((3, 50, 6), True),
     ((3, 50, 7), False), ((3, 51, 2), True), ((3, 51, 3), False), ((3, 53, 0), False)],
)  # fmt: skip
def test_which_sqlite_can_damage_a_file(version: tuple[int, int, int], affected: bool):
    assert doctor_file.is_affected(version) is affected


@pytest.mark.parametrize(
    ("mounts", "kind"),
    [
        ("/dev/sda / ext4 rw 0 0\n", "ok"),
        ("/dev/sda / ext4 rw 0 0\nserver:/x {tmp} nfs4 rw 0 0\n", "bad"),
        ("//server/share {tmp} cifs rw 0 0\n/dev/sda / ext4 rw 0 0\n", "bad"),
        ("server:/x {tmp}-elsewhere nfs rw 0 0\n/dev/sda / ext4 rw 0 0\n", "ok"),
        ("", "ok"),
    ],
)
def test_where_it_lies(tmp_path: Path, mounts: str, kind: str):
    table = tmp_path / "mounts"
    table.write_text(mounts.format(tmp=tmp_path))
    assert doctor_file.filesystem(tmp_path / "store.db", table).state == kind


def test_a_folder_that_is_synced_elsewhere(tmp_path: Path):
    assert doctor_file.filesystem(tmp_path / "Dropbox" / "store.db").state == "warn"


# --- a server -------------------------------------------------------------------------------------------------------


@pytest.mark.postgres_only
def test_a_server_says_what_it_is(store: Store, store_url: str):
    found = examine(store_url)
    assert state(found, "server")[1].startswith("PostgreSQL ")
    assert "superuser" in state(found, "rights")[1]
    assert "fsync" in state(found, "durability")[1]
    assert state(found, "timeouts")[0] == "warn"


@pytest.mark.postgres_only
def test_no_password_is_printed(store: Store, store_url: str):
    from urllib.parse import urlsplit, urlunsplit

    parts = urlsplit(store_url)
    if parts.password:
        pytest.skip("this server has a password of its own")
    user = parts.username or "postgres"
    secret = urlunsplit(
        parts._replace(netloc=f"{user}:hunter2secret@{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}")
    )
    for url in (
        secret,
        secret.replace(parts.path, "/no_such_database"),
        "postgresql://me:hunter2secret@127.0.0.1:1/none",
    ):
        found = examine(url)
        assert "hunter2secret" not in str(found)
        assert state(found, "password")[0] == "warn"


def test_doctor_by_command(desk: Desk, run: Run, store_url: str):
    account(desk)
    done = run("doctor", "--json", login=None)
    assert done.code == 0
    assert done.json.keys() >= {"ok", "checks"}
    tamper(desk.store, "UPDATE account SET arr = 1")
    done = run("doctor", login=None)
    assert done.code == 1
    assert "→ " in done.out
