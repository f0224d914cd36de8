"""Files into the store: every row accounted for, twice is once, and one undo takes it all back."""

from __future__ import annotations

import csv
import shutil
import stat
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cockpit.desk import Desk
from cockpit.services.errors import Refused
from cockpit.services.exchange import FileReport, FileState, import_files
from cockpit.services.queue import assign, claim
from cockpit.services.undo import undo
from db.connection import as_json
from db.store import Store
from tests import builders
from tests.builders import snapshot

DATA = Path(__file__).parent.parent / "data"
JOURNAL = ("act", "change", "dated")


@pytest.fixture
def oz(desk_of: Callable[..., Desk]) -> Desk:
    """Ops imports."""
    return desk_of("oz")


@pytest.fixture
def put(tmp_path: Path, oz: Desk) -> Callable[..., FileReport]:
    """``put("Account ID,Account Name", "1,Acme")`` imports a file of these lines."""

    def imported(*lines: str, name: str = "file.csv", desk: Desk = oz, **how: Any) -> FileReport:
        (tmp_path / name).write_text("\n".join(lines) + "\n")
        (report,) = import_files(desk, [tmp_path / name], **how)
        check_sum([report])
        return report

    return imported


def check_sum(reports: Sequence[FileReport]) -> None:
    for one in reports:
        assert one.read == one.created + one.updated + one.unchanged + one.rejected, one


def counts(report: FileReport) -> tuple[int, int, int, int, int]:
    return report.read, report.created, report.updated, report.unchanged, report.rejected


def rows(store: Store, sql: str, **params: Any) -> list[tuple[Any, ...]]:
    with store.read() as db:
        return db.all(sql, **params)


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    """A copy of every real export, so that rejects files land beside the copies."""
    folder = tmp_path / "exports"
    shutil.copytree(DATA, folder)
    return folder


# -- the real exports


def test_everything_in_the_real_exports_is_taken_twice_and_taken_back(exports: Path, oz: Desk):
    before = snapshot(oz.store, but=JOURNAL)

    first = import_files(oz, [exports])
    check_sum(first)
    for one in first:
        if one.state in (FileState.IMPORTED, FileState.NOTHING):
            with Path(one.file).open(encoding="utf-8-sig", newline="") as file:
                assert one.read == sum(1 for line in csv.reader(file) if line) - 1
            if one.rejected:
                with Path(one.rejects_file or "").open(newline="") as file:
                    rejects = list(csv.DictReader(file))
                assert len(rejects) == one.rejected
                assert all(row["Reason"] and int(row["Row"]) > 1 for row in rejects)
        else:
            assert one.message
    after = snapshot(oz.store, but=JOURNAL)
    assert sum(one.created for one in first) > 250

    second = import_files(oz, [exports])
    check_sum(second)
    assert {one.act for one in second} == {None}
    assert not any(one.created or one.updated for one in second)
    assert snapshot(oz.store, but=JOURNAL) == after
    assert [one.state for one in second if ".rejects" in one.file] == [FileState.SKIPPED] * sum(
        bool(one.rejects_file) for one in first
    )

    undo(oz)
    assert snapshot(oz.store, but=JOURNAL) == before


@pytest.mark.parametrize(
    ("folder", "file", "expected"),
    [
        ("salesforce", "Account.csv", (18, 18, 0, 0, 0)),
        ("salesforce", "Contact.csv", (25, 25, 0, 0, 0)),
        ("salesforce", "Opportunity.csv", (36, 36, 0, 0, 0)),
        ("salesforce", "Lead.csv", (22, 0, 0, 0, 22)),
        ("hubspot", "company_data.csv", (24, 24, 0, 0, 0)),
        ("hubspot", "contact_data.csv", (22, 22, 0, 0, 0)),
        ("hubspot", "ticket_data.csv", (25, 25, 0, 0, 0)),
        ("hubspot", "owner_data.csv", (100, 100, 0, 0, 0)),
        ("hubspot", "engagement_meeting_data.csv", (100, 0, 0, 0, 100)),
        ("zendesk", "organization_data.csv", (10, 10, 0, 0, 0)),
        ("zendesk", "ticket_data.csv", (10, 1, 0, 0, 9)),
    ],
)
@pytest.mark.sqlite_only
def test_what_becomes_of_each_real_file(exports: Path, oz: Desk, folder: str, file: str, expected: tuple[int, ...]):
    reports = {Path(one.file).name: one for one in import_files(oz, [exports / folder])}
    assert counts(reports[file]) == expected
    assert reports["LICENSE"].state is FileState.SKIPPED


@pytest.mark.sqlite_only
def test_salesforce_rows_as_they_arrive(exports: Path, oz: Desk):
    import_files(oz, [exports / "salesforce"])
    ((name, industry, arr, status, extra),) = rows(
        oz.store,
        "SELECT a.name, a.industry, a.arr, a.status, a.extra FROM account a JOIN external_id e ON e.thing = 'account' AND e.thing_id = a.id"
        " WHERE e.system = 'salesforce' AND e.key = '001bm00001ZL8U9AAL'",
    )
    assert (name, industry, arr, status) == ("Edge Communications", "Electronics", None, "customer")
    assert as_json(extra)["AnnualRevenue"] == "139000000"
    ((state, stage, amount, closed),) = rows(
        oz.store,
        "SELECT state, stage, amount, close_date FROM opportunity WHERE name = 'Express Logistics Standby Generator'",
    )
    assert (state, stage, amount, str(closed)) == ("won", "Closed Won", 22000000, "2024-02-03")
    assert rows(
        oz.store, "SELECT m.title FROM membership m JOIN person p ON p.id = m.person_id WHERE p.email = 'rose@edge.com'"
    ) == [("SVP, Procurement",)]


@pytest.mark.sqlite_only
def test_a_spreadsheet_with_a_map(exports: Path, oz: Desk, tmp_path: Path):
    mapping = tmp_path / "map.toml"
    mapping.write_text('customerID = "Account ID"\nContract = "Segment"\n')
    (report,) = import_files(
        oz, [exports / "telco-churn/Telco-Customer-Churn.csv"], as_kind="accounts", map_file=mapping
    )
    assert counts(report) == (203, 203, 0, 0, 0)
    assert "gender" in report.unknown_columns
    assert rows(oz.store, "SELECT count(*) FROM segment WHERE name = 'Month-to-month'") == [(1,)]


@pytest.mark.sqlite_only
def test_joins_give_companies_to_deals_tickets_and_engagements(tmp_path: Path, oz: Desk):
    files = {
        "a": "id,property_name,property_domain\n1,Acme,acme.com\n2,Bolt,bolt.com",
        "b": "id,property_email,property_firstname,property_lastname,_fivetran_deleted\n7,a@acme.com,Ana,Ruiz,FALSE",
        "c": "deal_id,is_deleted,property_dealname,property_amount,property_closedate\n9,false,Renewal 2026,"
         "1200,2026-03-01\n8,false,Lost one,,",
        "d": "company_id,deal_id,type_id,category\n1,9,5,HUBSPOT_DEFINED",
        "e": "engagement_id,property_hs_timestamp,type,property_hs_createdate\n5,2026-02-01 10:00:00,CALL,2026-02-01 10:00:00",
        "f": "contact_id,engagement_id,engagement_type,category\n7,5,CALL,HUBSPOT_DEFINED",
        "g": "company_id,engagement_id,engagement_type,category\n2,5,CALL,HUBSPOT_DEFINED",
        "h": "company_id,contact_id,type_id,category\n1,7,1,HUBSPOT_DEFINED",
    }
    for name, content in files.items():
        (tmp_path / f"{name}.csv").write_text(content + "\n")
    reports = import_files(oz, sorted(tmp_path.glob("*.csv")))
    check_sum(reports)
    assert [counts(one)[1:] for one in reports] == [
        (2, 0, 0, 0), (1, 0, 0, 0), (1, 0, 0, 1), (0, 0, 1, 0), (1, 0, 0, 0), (1, 0, 0, 0), (0, 0, 1, 0), (0, 0, 1, 0),
    ]  # fmt: skip
    assert "joined" in reports[2].rejects[0].reason or "join" in reports[2].rejects[0].reason
    assert rows(oz.store, "SELECT a.name FROM opportunity o JOIN account a ON a.id = o.account_id") == [("Acme",)]
    assert rows(oz.store, "SELECT a.name FROM activity v JOIN account a ON a.id = v.account_id") == [("Bolt",)]
    assert {one.act for one in import_files(oz, sorted(tmp_path.glob("[a-h].csv")))} == {None}


# -- ids, order, doubles


def test_the_last_of_several_rows_wins(put: Callable[..., FileReport], oz: Desk):
    report = put("Account ID,Account Name,ARR", "1,Acme,1", "2,Bolt,5", "1,Acme Robotics,48k", ",,")
    assert counts(report) == (3, 2, 0, 1, 0)
    assert rows(oz.store, "SELECT name, arr FROM account ORDER BY name") == [("Acme Robotics", 4800000), ("Bolt", 500)]
    assert counts(put("Account ID,Account Name,ARR", "1,Acme,1", "2,Bolt,5", "1,Acme Robotics,48k")) == (3, 0, 0, 3, 0)


def test_a_later_row_that_is_no_good_does_not_hide_an_earlier_one(put: Callable[..., FileReport], oz: Desk):
    assert counts(put("Account ID,Account Name,ARR", "1,Acme,5", "1,Acme,lots")) == (2, 1, 0, 0, 1)
    assert rows(oz.store, "SELECT arr FROM account WHERE name = 'Acme'") == [(500,)]


def test_children_may_come_before_their_parents(put: Callable[..., FileReport], oz: Desk):
    report = put(
        "Account ID,Account Name,Parent Account ID",
        "c,Child,b",
        "b,Middle,a",
        "a,Top,",
        "x,X,y",
        "y,Y,x",
        "z,Z,x",
        "o,Orphan,nobody",
        "s,Self,s",
    )
    assert counts(report) == (8, 3, 0, 0, 5)
    assert rows(
        oz.store, "SELECT c.name, p.name FROM account c JOIN account p ON p.id = c.parent_id ORDER BY c.name"
    ) == [
        ("Child", "Middle"),
        ("Middle", "Top"),
    ]
    assert {one.reason for one in report.rejects} == {
        "Its parents go round in a circle.",
        'Parent account "nobody" is not known.',
    }
    turned = put("Account ID,Account Name,Parent Account ID", "a,Top,c")
    assert turned.rejects[0].reason == "Its parents go round in a circle."


def test_a_reference_to_an_account_nobody_has_is_rejected_with_its_reason(put: Callable[..., FileReport]):
    report = put("Account ID,Metric,Date,Value", "1,logins,2026-11-01,5")
    assert (report.rejects[0].row, report.rejects[0].column) == (2, "Account ID")
    assert report.rejects[0].reason == 'Account "1" is not known: import the accounts first, or in the same run.'


def test_a_ticket_may_be_without_an_account(put: Callable[..., FileReport], oz: Desk):
    report = put("Ticket ID,Account ID,Subject,Status,Opened", "1,,Help,Open,2026-11-01")
    assert counts(report) == (1, 1, 0, 0, 0)
    assert report.notes == ("1 have no account",)


def test_files_are_written_in_the_order_they_need(tmp_path: Path, oz: Desk):
    (tmp_path / "1.csv").write_text(
        "CTA ID,Account ID,Type,Reason,Priority,Due Date,Owner\n7,A,risk,Usage drop,high,2026-12-01,ana\n8,A,risk,NPS,low,,\n"
    )
    (tmp_path / "2.csv").write_text(
        "Email,Name,Title,Account ID,Value Network,Network Role\na@x.org,Ana,CEO,A,yes,driver\n"
    )
    (tmp_path / "3.csv").write_text("Account ID,Account Name,Pool\nA,Acme,West\n")
    reports = import_files(oz, [tmp_path / "1.csv", tmp_path / "2.csv", tmp_path / "3.csv"])
    assert [one.kind for one in reports] == ["ctas", "people", "accounts"]
    assert [one.created for one in reports] == [2, 1, 1]
    assert len({one.act for one in reports}) == 1
    owned, free = rows(
        oz.store,
        "SELECT o.login, c.rank, p.name FROM cta c LEFT JOIN csm o ON o.id = c.owner_id JOIN pool p ON p.id = c.pool_id ORDER BY c.id",
    )
    assert (owned[0], owned[2], free[0]) == ("ana", "West", None)
    assert owned[1] != 0 != free[1]
    assert owned[1] < free[1]
    assert rows(oz.store, "SELECT title, value_network, network_role FROM membership") in (
        [("CEO", 1, "driver")],
        [("CEO", True, "driver")],
    )


def test_names_and_ids_of_other_systems_lead_to_the_same_account(put: Callable[..., FileReport], oz: Desk):
    put("Id,Name,IsDeleted,BillingCity", "001bm00001ZL8U9AAL,Edge,FALSE,Austin")
    assert put("Account ID,Metric,Date,Value", "001bm00001ZL8U9,logins,2026-11-01,5").created == 1
    assert put("Account Name,Metric,Date,Value", "edge,logins,2026-11-02,5.5").created == 1
    assert put("Account Name,Segment", "Edge,SMB").updated == 1
    assert rows(oz.store, "SELECT value FROM usage ORDER BY day") == [(5000,), (5500,)]


@pytest.mark.parametrize(
    "lines",
    [
        ("Account ID,Metric,Date,Value", "A,logins,2026-11-01,5"),
        ("Survey,About,Account ID,Email,Score,Comment,Date", "NPS,pool,A,a@x.org,3,slow,2026-11-01",
         "NPS,pool,A,,9,,2026-11-01", "CSAT,,A,b@x.org,5,,2026-11-01"),
        ("Event ID,Account ID,Type,Date,Email,Text", ",A,outage,2026-11-01,,down", "E1,A,layoffs,2026-11-02,,x"),
        ("Subscription ID,Account ID,Product,Units,MRR,Currency,Start Date,End Date",
         ",A,Core,10,1000,USD,2026-01-01,", "S,A,Plus,1,5,USD,2026-01-01,2026-12-31"),
        ("Opportunity ID,Account ID,Type,Stage,Amount,Due Date,Close Date", ",A,renewal,open,5,2026-12-01,",
         "O,A,upsell,closed won,7,,2026-11-01"),
        ("Activity ID,Type,Subject,Date,Account ID,Attendees", ",call,Hello,2026-11-01,A,a@x.org;nobody@x.org;ana",
         "V,meeting,QBR,2026-11-02 10:00,A,"),
        ("Ticket ID,Account ID,Subject,Priority,Status,Opened,Closed,Reopened", ",A,Help,high,open,2026-11-01,,",
         "T,A,Bug,,closed,2026-11-01,2026-11-02,"),
        ("CTA ID,Account ID,Type,Reason,Priority,Due Date,Owner", ",A,risk,NPS,high,2026-12-01,", "C,A,event,Outage,,,ana"),
        ("Email,Name,Title,Account ID", "c@x.org,Cy,CTO,A", ",Nemo,,A"),
        ("Login,Name,Email,Pool,Role", "zoe,Zoe,zoe@us.org,North;South,csm", ",Max,max@us.org,,"),
        ("Pool,Time Zone,Calendar,Max Open", "North,Europe/Berlin,DE,10"),
        ("Product,List Price,Currency,Margin", "Core,10,USD,0.8"),
    ],
)  # fmt: skip
def test_every_kind_once_and_again_and_back(put: Callable[..., FileReport], oz: Desk, lines: tuple[str, ...]):
    put("Account ID,Account Name", "A,Acme")
    put("Email,Name,Account ID", "a@x.org,Ana,A")
    before = snapshot(oz.store, but=JOURNAL)

    first = put(*lines)
    assert counts(first) == (len(lines) - 1, len(lines) - 1, 0, 0, 0)
    again = put(*lines)
    assert (again.unchanged, again.act) == (len(lines) - 1, None)

    undo(oz)
    assert snapshot(oz.store, but=JOURNAL) == before


# -- what changes, what stays


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
