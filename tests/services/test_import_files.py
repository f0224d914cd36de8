"""Files into the store: every row accounted for, twice is once, and one undo takes it all back."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cockpit.desk import Desk
from cockpit.services.exchange import FileReport, FileState, import_files
from cockpit.services.freshness import feeds
from cockpit.services.undo import undo
from db.connection import as_json
from tests.builders import snapshot
from tests.conftest import NOW
from tests.services.importing import JOURNAL, check_sum, counts, rows

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
        ("Product,List Price,Currency,Margin,Key Features", "Core,10,USD,0.8,exports; alerts", "Plus,12,EUR,75%,"),
        ("Training ID,Account ID,Email,Course,Required,Completed,Score", ",A,a@x.org,Basics,yes,2026-11-01,90",
         "T1,A,,Admin,no,,", ",,a@x.org,Basics 2,yes,,"),
        ("Advocacy ID,Account ID,Kind,Email,Asked On,Given On,Consent Until", ",A,Reference call,a@x.org,2026-11-01,,",
         "V1,A,case study,,2026-11-01,2026-11-05,2027-11-05"),
        ("Goal,Account ID,Measure,Due Date,Owner,Status", "Two plants live,A,plants,2027-01-31,ana,in progress",
         "Train 20,A,,2026-10-01,,achieved", "Old one,A,,,,dropped"),
        ("Risk,Account ID,Kind,Severity,Department,Owner,Due Date,Status",
         "Late,A,Implementation,Critical,Services,N. Falk,2027-01-31,open", "Slow,A,product,,,,2026-10-01,mitigated"),
    ],
)  # fmt: skip
def test_every_kind_once_and_again_and_back(put: Callable[..., FileReport], oz: Desk, lines: tuple[str, ...]):
    put("Account ID,Account Name", "A,Acme")
    put("Email,Name,Account ID", "a@x.org,Ana,A")
    before = snapshot(oz.store, but=JOURNAL)

    first = put(*lines)
    assert counts(first) == (len(lines) - 1, len(lines) - 1, 0, 0, 0), first.rejects
    again = put(*lines)
    assert (again.unchanged, again.act) == (len(lines) - 1, None)

    undo(oz)
    assert snapshot(oz.store, but=JOURNAL) == before


def test_what_products_trainings_and_advocacy_hold(put: Callable[..., FileReport], oz: Desk):
    put("Account ID,Account Name", "A,Acme")
    put("Product,List Price,Currency,Margin,Key Features", "Core,10,EUR,80%,exports; alerts")
    ((price, code, margin, keys),) = rows(oz.store, "SELECT list_price, currency, margin, key_features FROM product")
    assert (price, code, margin, as_json(keys)) == (1000, "EUR", 800, ["exports", "alerts"])
    report = put("Account ID,Kind,Asked On", "A,Customer story,2026-11-01", "A,nonsense,2026-11-01")
    assert [one.reason for one in report.rejects] == ['"nonsense" is none of referral, reference_call, case_study, success_story, review.']
    assert rows(oz.store, "SELECT kind FROM advocacy") == [("success_story",)]
    late = put("Account ID,Course,Score", "A,Basics,101")
    assert late.rejects[0].reason == "101 is not between 0 and 100."


def test_each_import_notes_when_its_feed_came(put: Callable[..., FileReport], oz: Desk):
    put("Account ID,Account Name", "A,Acme")
    lines = ("Account ID,Metric,Date,Value", "A,logins,2026-11-01,5", "A,logins,2026-11-02,5")
    put(*lines)
    assert rows(oz.store, "SELECT kind, system, rows FROM feed ORDER BY kind") == [("accounts", "file", 1), ("usage", "file", 2)]
    assert put(*lines).act is None
    later = replace(oz, clock=lambda: NOW + timedelta(days=3))
    assert put(*lines, desk=later).act is not None
    (mark,) = [one for one in feeds(replace(oz, clock=lambda: NOW + timedelta(days=20))) if one.kind == "usage"]
    assert (mark.days, mark.age, mark.systems) == (17, "old", ("file",))
