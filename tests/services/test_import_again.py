"""Importing over what is there: what changes, what stays, what is rejected, and what a file may not do."""

from __future__ import annotations

import csv
import stat
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cockpit.desk import Desk
from cockpit.services.errors import Refused
from cockpit.services.exchange import FileReport, import_files
from cockpit.services.queue import assign, claim
from cockpit.services.undo import undo
from db.connection import as_json
from tests import builders
from tests.builders import snapshot
from tests.services.importing import check_sum, counts, rows

# -- what changes, what stays


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_a_server_knows_at_once_how_much_a_large_file_brought(put: Callable[..., FileReport], oz: Desk):
    """Else it plans for an empty table, and a filter takes a hundred times as long, until it looks by itself."""
    put("Account ID,Account Name", *(f"{n},Account {n}" for n in range(2_100)))
    assert builders.known_rows(oz.store, "account") == 2_100


def test_a_corrected_fact_keeps_its_old_version(put: Callable[..., FileReport], oz: Desk):
    put("Account ID,Account Name", "A,Acme")
    header = "Subscription ID,Account ID,Product,Units,MRR,Currency,Start Date,End Date"
    put(header, "S,A,Core,10,1000,USD,2026-01-01,2026-12-31")
    assert counts(put(header, "S,A,Core,12,1200,USD,2026-01-01,")) == (1, 0, 1, 0, 0)
    (live,) = rows(oz.store, "SELECT id, units, mrr, ends FROM subscription WHERE superseded IS NULL")
    (old,) = rows(oz.store, "SELECT version_of, units, mrr FROM subscription WHERE superseded IS NOT NULL")
    assert live[1:] == (12, 120000, None)
    assert old == (live[0], 10, 100000)


def test_blank_cells_leave_an_account_as_it_is(put: Callable[..., FileReport], oz: Desk):
    put("Account ID,Account Name,Segment,ARR", "A,Acme,SMB,5")
    assert counts(put("Account ID,Account Name,Segment,ARR", "A,Acme,,")) == (1, 0, 0, 1, 0)


def test_an_owner_handed_over_here_is_not_taken_back(put: Callable[..., FileReport], oz: Desk):
    from cockpit.services.account import edit_account

    put("Account ID,Account Name,Owner", "A,Acme,ana")
    id_ = builders.the(oz, "account", "Acme")
    edit_account(oz, id_, {"owner": "ben"})
    report = put("Account ID,Account Name,Owner,Region", "A,Acme,ana,EMEA")
    assert report.updated == 1
    assert any("owner was changed here and stays" in note for note in report.notes)
    assert rows(
        oz.store, "SELECT c.login, a.region FROM account a JOIN csm c ON c.id = a.owner_id WHERE a.id = :id", id=id_
    ) == [("ben", "EMEA")]
    undo(oz)
    undo(oz)
    assert rows(oz.store, "SELECT c.login FROM account a JOIN csm c ON c.id = a.owner_id WHERE a.id = :id", id=id_) == [
        ("ana",)
    ]
    assert put("Account ID,Account Name,Owner", "A,Acme,chi").notes == ()
    assert rows(oz.store, "SELECT c.login FROM account a JOIN csm c ON c.id = a.owner_id WHERE a.id = :id", id=id_) == [
        ("chi",)
    ]


def test_a_claim_survives_the_next_import(put: Callable[..., FileReport], oz: Desk, desk: Desk):
    put("Account ID,Account Name,Pool", "A,Acme,West")
    lines = ("CTA ID,Account ID,Type,Reason,Priority,Due Date,Owner", "C,A,risk,NPS,high,2026-12-01,ben")
    put(lines[0], lines[1].replace("ben", ""))
    ((id_,),) = rows(oz.store, "SELECT id FROM cta")
    claim(desk, [id_])
    report = put(*lines)
    assert (report.unchanged, len(report.notes)) == (1, 1)
    assert rows(oz.store, "SELECT c.login FROM cta JOIN csm c ON c.id = cta.owner_id") == [("ana",)]
    assign(oz, [id_], "chi")
    put(*lines)
    assert rows(oz.store, "SELECT c.login FROM cta JOIN csm c ON c.id = cta.owner_id") == [("chi",)]


def test_unknown_owners_pools_and_types_are_made_and_counted(put: Callable[..., FileReport], oz: Desk):
    report = put(
        "Account ID,Account Name,Owner,Pool", "A,Acme,Zoe Zed,North", "B,Bolt,zoe@us.org,North", "C,Cog,Zoe Zed,North"
    )
    assert set(report.notes) == {"2 unknown owners: made inactive CSMs: Zoe Zed, zoe@us.org", "1 unknown pool: North"}
    assert rows(oz.store, "SELECT login, name, active FROM csm WHERE name LIKE '%oe%' ORDER BY login") in (
        [("zoe", "zoe@us.org", 0), ("zoe.zed", "Zoe Zed", 0)],
        [("zoe", "zoe@us.org", False), ("zoe.zed", "Zoe Zed", False)],
    )


def test_rows_marked_deleted_are_rejected_with_that_reason(put: Callable[..., FileReport]):
    report = put("id,is_deleted,property_name,property_domain", "1,true,Acme,a.com", "2,FALSE,Bolt,b.com")
    assert counts(report) == (2, 1, 0, 0, 1)
    assert report.rejects[0].reason == "Marked deleted in Hubspot."


def test_one_person_may_belong_to_several_accounts(put: Callable[..., FileReport], oz: Desk):
    put("Account ID,Account Name,Parent Account ID", "A,Acme,", "B,Acme Core,A")
    assert put("Email,Name,Title,Account ID", "a@x.org,Ana,CEO,A", "a@x.org,Ana,Sponsor,B").created == 2
    assert rows(oz.store, "SELECT count(*) FROM person WHERE email = 'a@x.org'") == [(1,)]
    assert rows(oz.store, "SELECT title FROM membership ORDER BY id") == [("CEO",), ("Sponsor",)]


def test_a_score_is_whole_and_on_its_scale(put: Callable[..., FileReport]):
    put("Account ID,Account Name", "A,Acme")
    scores = ["10", "", "11", "7.5", "-1", "0"]
    report = put(
        "Survey,About,Account ID,Email,Score,Comment,Date",
        *(f"NPS,,A,p{n}@x.org,{score},,2026-11-01" for n, score in enumerate(scores)),
    )
    assert counts(report) == (6, 2, 0, 0, 4)
    assert [one.column for one in report.rejects] == ["Score"] * 4


def test_dates_whose_order_nothing_proves_are_said_to_be_assumed(put: Callable[..., FileReport], oz: Desk):
    report = put("Account ID,Account Name,Renewal Date", "A,Acme,02/03/2027")
    assert report.notes == ("Renewal Date: month first (assumed: every date here could be either)",)
    assert put("Account ID,Account Name,Renewal Date,Go Live Date", "A,Acme,02/03/2027,25/01/2024").updated == 1
    assert [(str(day),) for (day,) in rows(oz.store, "SELECT renewal_date FROM account WHERE name = 'Acme'")] == [
        ("2027-03-02",)
    ]


def test_money_keeps_its_currency(put: Callable[..., FileReport], oz: Desk):
    report = put(
        "Account ID,Account Name,ARR,Currency",
        "A,Acme,€48k,",
        "B,Bolt,1000,JPY",
        "C,Cog,$5,EUR",
        "D,Dot,5,Euros",
        "E,Elm,5,",
    )
    assert counts(report) == (5, 4, 0, 0, 1)
    assert rows(oz.store, "SELECT name, arr, currency FROM account WHERE arr IS NOT NULL ORDER BY name") == [
        ("Acme", 4800000, "EUR"), ("Bolt", 1000, "JPY"), ("Cog", 500, "EUR"), ("Elm", 500, "USD"),
    ]  # fmt: skip


def test_accounts_are_rescored_in_the_queue_when_their_figures_change(put: Callable[..., FileReport], oz: Desk):
    put("Account ID,Account Name,ARR", "A,Acme,1")
    put("CTA ID,Account ID,Type,Reason", "C,A,risk,NPS")
    ((before,),) = rows(oz.store, "SELECT rank FROM cta")
    put("Account ID,Account Name,ARR", "A,Acme,900000")
    ((after,),) = rows(oz.store, "SELECT rank FROM cta")
    assert after < before


# -- preview, rejects, safety


def test_a_dry_run_says_everything_and_keeps_nothing(put: Callable[..., FileReport], oz: Desk, tmp_path: Path):
    before = snapshot(oz.store)
    report = put("Account ID,Account Name,ARR,Shoe size", "A,Acme,48k,44", "B,Bolt,lots,", dry_run=True)
    assert counts(report) == (2, 1, 0, 0, 1)
    assert [(c.header, c.field) for c in report.columns] == [
        ("Account ID", "Account ID"),
        ("Account Name", "Account Name"),
        ("ARR", "ARR"),
        ("Shoe size", None),
    ]
    assert report.preview[0]["Account Name"] == "Acme"
    assert (report.act, report.rejects_file) == (None, None)
    assert snapshot(oz.store) == before
    assert list(tmp_path.glob("*.rejects.csv")) == []


def test_rejects_carry_their_own_columns_are_private_and_harmless(put: Callable[..., FileReport], tmp_path: Path):
    report = put("Account ID,Account Name,ARR", "A,=cmd|'/C calc'!A0,lots", "B,Bolt,5,surplus")
    path = Path(report.rejects_file or "")
    assert path.name == "file.rejects.csv"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    first, second = csv.DictReader(path.open(newline=""))
    assert (first["Account Name"], first["Row"], first["Column"]) == ("'=cmd|'/C calc'!A0", "2", "ARR")
    assert second["Reason"] == "The row has 4 cells, the header 3."
    mended = path.read_text().replace("lots", "5")
    path.write_text(mended)
    assert put("Account ID,Account Name,ARR", "A,=cmd|'/C calc'!A0,lots", "B,Bolt,5,surplus").rejects_file == str(
        tmp_path / "file.rejects-2.csv"
    )
    assert path.read_text() == mended


def test_a_mended_rejects_file_is_taken_and_its_apostrophes_are_taken_off(put: Callable[..., FileReport], oz: Desk):
    report = put("Account ID,Account Name,ARR,Row,Column,Reason", "A,'=Acme,5,2,ARR,no amount")
    assert report.created == 1
    assert rows(oz.store, "SELECT name FROM account WHERE arr = 500") == [("=Acme",)]


def test_what_is_hostile_is_cleaned_at_the_border(put: Callable[..., FileReport], oz: Desk):
    put("Account ID,Account Name,Note", "A,\x1b]52;c;aGk=\x07Ac\x00me\u202e [@click=app.bell]x[/],\x1b[31mred")
    ((name, extra),) = rows(oz.store, "SELECT name, extra FROM account")
    assert name == "Acme [@click=app.bell]x[/]"
    assert as_json(extra) == {"Note": "red"}


def test_a_file_is_no_way_to_more_rights(put: Callable[..., FileReport], desk: Desk, oz: Desk):
    report = put("Login,Name,Email,Pool,Role", "ana,Ana,,West,ops", desk=desk)
    assert counts(report) == (1, 0, 0, 0, 1)
    assert report.rejects[0].reason == "Only a manager or ops may bring in pools and CSMs."
    put("owner_id,email,first_name,last_name,active_user_id", "1,new@us.org,New,One,5", desk=desk)
    assert rows(oz.store, "SELECT active FROM csm WHERE login = 'new'") in ([(0,)], [(False,)])


def test_an_unknown_kind_or_map_is_refused_before_anything_is_read(put: Callable[..., FileReport], tmp_path: Path):
    with pytest.raises(Refused, match="Did you mean accounts"):
        put("a", as_kind="acounts")
    for content in ("not toml at all", '{"a": 1}', '{"a": "Nme"}'):
        (tmp_path / "map").write_text(content)
        with pytest.raises(Refused):
            put("a", map_file=tmp_path / "map")
    with pytest.raises(Refused):
        put("a", map_file=tmp_path / "none")


def test_progress_may_stop_an_import_and_nothing_is_kept(put: Callable[..., FileReport], oz: Desk):
    def stop(what: str, done: int) -> None:
        if what.startswith("Writing"):
            raise KeyboardInterrupt

    before = snapshot(oz.store)
    with pytest.raises(KeyboardInterrupt):
        put("Account ID,Account Name", "A,Acme", progress=stop)
    assert snapshot(oz.store) == before


@pytest.mark.sqlite_only
def test_a_workbook_is_imported_with_its_types(tmp_path: Path, oz: Desk):
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["Account ID", "Account Name", "ARR", "Renewal Date"])
    book.active.append([1001, "Acme", 48000.5, date(2027, 1, 31)])
    book.active.append([1002, "Bolt", "=1+1", "31.12.2027"])
    book.save(tmp_path / "book.xlsx")
    (report,) = import_files(oz, [tmp_path / "book.xlsx"])
    assert counts(report) == (2, 2, 0, 0, 0)
    assert [
        (n, a, str(r)) for n, a, r in rows(oz.store, "SELECT name, arr, renewal_date FROM account ORDER BY name")
    ] == [
        ("Acme", 4800050, "2027-01-31"),
        ("Bolt", None, "2027-12-31"),
    ]
    assert rows(oz.store, "SELECT key FROM external_id WHERE thing = 'account' ORDER BY key") == [("1001",), ("1002",)]


@pytest.mark.sqlite_only
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["A", "B", "C", ""]), st.sampled_from(["Acme", "Bolt", "",
 "x\ny"]), st.sampled_from(["", "A", "B", "C"]),
                          st.sampled_from(["5", "", "lots", "1,2,3"])), max_size=8))  # fmt: skip
def test_rows_are_never_lost_whatever_they_hold(tmp_path: Path, oz: Desk, lines: list[tuple[str, str, str, str]]):
    path = tmp_path / "any.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([("Account ID", "Account Name", "Parent Account ID", "ARR"), *lines])
    for again in (False, True):
        (report,) = import_files(oz, [path])
        check_sum([report])
        assert report.read == sum(any(cell.strip() for cell in line) for line in lines)
        if again:
            assert report.act is None
