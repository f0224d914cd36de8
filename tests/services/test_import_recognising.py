"""Which system and which kind of rows, told by headers and ids; file names say nothing."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from cockpit.services.exchange import FileState, How
from cockpit.services.exchange.fields import KINDS, NOT_YET
from cockpit.services.exchange.read import read_table
from cockpit.services.exchange.recognise import Recognised, check_map, recognise

DATA = Path(__file__).parent.parent / "data"


def known(
    path: Path, headers: str, *rows: str, as_kind: str | None = None, renamed: dict[str, str] | None = None
) -> Recognised:
    path.write_text("\n".join([headers, *rows]) + "\n")
    return recognise(read_table(path), as_kind, renamed)


def meanings(found: Recognised) -> dict[str, str]:
    return {column.header: column.field.name for column in found.columns if column.field}


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("salesforce/Account.csv", "accounts"),
        ("salesforce/Contact.csv", "people"),
        ("salesforce/Opportunity.csv", "opportunities"),
        ("salesforce/Lead.csv", None),
        ("salesforce/OpportunityHistory.csv", None),
        ("salesforce/OpportunityHistoryGroup.csv", None),
        ("hubspot/company_data.csv", "accounts"),
        ("hubspot/contact_data.csv", "people"),
        ("hubspot/deal_data.csv", "opportunities"),
        ("hubspot/ticket_data.csv", "tickets"),
        ("hubspot/owner_data.csv", "csms"),
        ("hubspot/engagement_meeting_data.csv", "activities"),
        ("hubspot/engagement_call_data.csv", "activities"),
        ("hubspot/engagement_data.csv", None),
        ("hubspot/deal_contact_data.csv", None),
        ("zendesk/organization_data.csv", "accounts"),
        ("zendesk/user_data.csv", "people"),
        ("zendesk/ticket_data.csv", "tickets"),
        ("zendesk/ticket_comment_data.csv", None),
    ],
)
def test_real_exports(file: str, kind: str | None):
    found = recognise(read_table(DATA / file))
    assert found.system == file.split("/")[0]
    assert (found.kind.name if found.kind else None) == kind
    assert found.state is (FileState.IMPORTED if kind else FileState.NOTHING)
    assert kind or found.message


@pytest.mark.parametrize(
    "file",
    ["deal_company_data.csv", "ticket_company_data.csv", "engagement_company_data.csv", "engagement_contact_data.csv"],
)
def test_joins_are_used(file: str):
    found = recognise(read_table(DATA / "hubspot" / file))
    assert found.state is FileState.IMPORTED
    assert found.link is not None


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("company", "accounts"),
        ("call_to_action", "ctas"),
        ("activity_timeline", "activities"),
        ("nps_survey_response", "surveys"),
        ("csat_survey_response", "surveys"),
        ("advanced_outreach_cta", "ctas"),
        ("success_plan", None),
        ("cs_task", None),
        ("account_scorecard_history", None),
        ("customer_health_scorecard_fact_1", None),
        ("ctas_healthscores", None),
        ("companies_and_ebrs", None),
        ("activity_attendee", None),
    ],
)
def test_gainsight_objects_of_a_real_tenant(tmp_path: Path, name: str, kind: str | None):
    with (DATA / "gainsight/columns.csv").open() as file:
        columns = [row["column"] for row in csv.DictReader(file) if row["object"] == name]
    found = known(tmp_path / "x.csv", ",".join(columns))
    assert found.system == "gainsight"
    assert (found.kind.name if found.kind else None) == kind


@pytest.mark.parametrize(
    ("kind", "headers"),
    [
        ("accounts",
         "Account ID,Account Name,Parent Account ID,Segment,Region,Owner,Pool,ARR,Currency,Renewal Date,"
          "Go Live Date,Stage,Language,Time Zone"),
        ("people", "Email,Name,Title,Account ID,Value Network,Network Role"),
        ("activities", "Activity ID,Type,Subject,Date,Account ID,Attendees"),
        ("ctas", "CTA ID,Account ID,Type,Reason,Priority,Due Date,Owner"),
        ("subscriptions", "Subscription ID,Account ID,Product,Units,MRR,Currency,Start Date,End Date"),
        ("opportunities",
         "Opportunity ID,Account ID,Type,Stage,Amount,Due Amount,Final Amount,Term Months,Currency,Due Date,Close Date,Lead Source,"
         "Reference Used,Case Study Used,Sourced By"),
        ("surveys", "Survey,About,Account ID,Email,Score,Comment,Date"),
        ("usage", "Account ID,Metric,Date,Value"),
        ("csms", "Login,Name,Email,Pool,Role"),
        ("tickets", "Ticket ID,Account ID,Subject,Priority,Status,Opened,Closed,Reopened"),
        ("events", "Event ID,Account ID,Type,Date,Email,Text"),
        ("products", "Product,List Price,Currency,Margin"),
    ],
)  # fmt: skip
def test_plain_headers_are_always_understood_whole(tmp_path: Path, kind: str, headers: str):
    found = known(tmp_path / "x.csv", headers)
    assert found.kind is not None
    assert (found.kind.name, found.system, found.state) == (kind, "file", FileState.IMPORTED)
    assert set(meanings(found)) == set(headers.split(","))
    assert {column.field.header for column in found.columns if column.field} == set(headers.split(","))


@pytest.mark.parametrize(
    ("kind", "headers"),
    [
        ("quotas", "Login,Team,Metric,From,To,Quota,Attainment"),
        ("rates", "From Currency,To Currency,Date,Rate"),
        ("costs", "Cost,Period,Amount,Currency"),
        ("series", "Department,Metric,Period,Value"),
    ],
)
def test_kinds_still_to_come_say_so(tmp_path: Path, kind: str, headers: str):
    found = known(tmp_path / "x.csv", headers)
    assert found.state is FileState.NOT_YET
    assert kind in found.message


@pytest.mark.parametrize(
    ("system", "kind", "headers", "row"),
    [
        ("hubspot", "accounts", "Record ID,Company name,Company owner,Create Date,Industry,Company Domain Name",
         "1,Acme,Ana,2026-01-01,Retail,acme.com"),
        ("hubspot", "people", "Record ID,First Name,Last Name,Email,Contact owner,Associated Company IDs,Job Title",
         "1,A,B,a@b.c,Ana,77,CEO"),
        ("hubspot", "opportunities",
         "Record ID,Deal Name,Deal Stage,Close Date,Deal owner,Amount,Associated Company IDs", "1,D,closedwon,2026-01-01,Ana,5,77"),
        ("hubspot", "tickets", "Record ID,Ticket name,Pipeline,Ticket status,Create date,Priority,Ticket owner",
         "1,Help,Support,New,2026-01-01,HIGH,Ana"),
        ("zendesk", "tickets",
         "Summation column,Id,Requester,Requester id,Requester email,Organization,Subject,Status,Priority,Created at,Solved at",
         "1,5,Ann,77,a@b.c,Acme,Help,Open,High,2026-01-01,"),
        ("salesforce", "accounts", "Account ID,Account Name,Account Owner,Billing City", "001bm00001ZL8U9,Edge,Ana Ruiz,Austin"),
        ("salesforce", "opportunities", "Opportunity ID,Account ID,Opportunity Name,Stage,Close Date,Amount",
         "006bm00000LKJNN,001bm00001ZL8U9,Deal,Closed Won,2/3/2024,15000"),
        ("salesforce", "tickets", "Id,CaseNumber,AccountId,ContactId,Subject,Status,Priority,CreatedDate,ClosedDate,IsDeleted",
         "500bm00000LKJNNAA5,1,001bm00001ZL8U9AAL,,Help,New,High,2026-01-01T00:00:00.000Z,,false"),
        ("salesforce", "activities", "Id,WhoId,AccountId,Subject,ActivityDate,TaskSubtype,Description",
         "00Tbm00000LKJNNAA5,,001bm00001ZL8U9AAL,Call,2026-01-01,Call,x"),
        ("salesforce", "csms", "Id,Username,LastName,FirstName,Email,IsActive", "005bm00000NCJmQAAX,a@b.c,Ruiz,Ana,a@b.c,true"),
        ("gainsight", "ctas", "CTA GSID,Company Name,CTA Name,CTA Reason,CTA Status,Due Date,Owner Name",
         "1,Acme,Call,Usage,Open,2026-01-01,Ana"),
    ],
)  # fmt: skip
def test_exports_of_these_systems_that_are_not_at_hand(tmp_path: Path, system: str, kind: str, headers: str, row: str):
    found = known(tmp_path / "x.csv", headers, row)
    assert (found.system, found.kind and found.kind.name) == (system, kind)
    assert "id" in meanings(found).values()


def test_any_spreadsheet_is_matched_by_likeness_and_content(tmp_path: Path):
    found = known(
        tmp_path / "x.csv",
        "Customer,Custmer Segment,Anual Recuring Revenue,Annual Revenue,Renewal",
        "Acme,SMB,48k,9000000,2027-01-31",
    )
    assert found.kind is KINDS["accounts"]
    assert meanings(found) == {
        "Customer": "name",
        "Custmer Segment": "segment",
        "Anual Recuring Revenue": "arr",
        "Renewal": "renewal_date",
    }
    assert next(c for c in found.columns if c.header == "Custmer Segment").how is How.GUESS


def test_a_column_of_addresses_is_an_email_column(tmp_path: Path):
    found = known(tmp_path / "x.csv", "Full name,Contact info,Company", "Ana,ana@x.org,Acme", "Bo,bo@x.org,Acme")
    assert found.kind is KINDS["people"]
    assert meanings(found)["Contact info"] == "email"


def test_what_a_customer_earns_is_not_what_it_pays(tmp_path: Path):
    for headers in ("Account Name,Annual Revenue,Owner", "Account Name,AnnualRevenue,Segment"):
        assert "arr" not in meanings(known(tmp_path / "x.csv", headers, "Acme,9000000,x")).values()


def test_an_unknown_file_says_what_was_seen_and_what_to_do():
    found = recognise(read_table(DATA / "telco-churn/Telco-Customer-Churn.csv"))
    assert found.state is FileState.UNKNOWN
    assert "customerID, gender" in found.message
    assert "--as-kind" in found.message
    assert "--map" in found.message


def test_a_map_goes_before_every_rule(tmp_path: Path):
    found = known(tmp_path / "x.csv", "customerID,MonthlyCharges,since,noise", "1,29.85,2026-01-01,z",
                  renamed={"customerID": "Account ID", "MonthlyCharges": "MRR", "since": "Start Date", "noise": "ignore"})  # fmt: skip
    assert found.kind is KINDS["subscriptions"]
    assert meanings(found) == {"customerID": "account", "MonthlyCharges": "mrr", "since": "start"}
    assert [column.how for column in found.columns] == [How.MAP, How.MAP, How.MAP, How.IGNORED]


def test_a_kind_without_its_needful_column_is_refused(tmp_path: Path):
    found = known(tmp_path / "x.csv", "Account ID,Product,MRR", "1,Core,5", as_kind="subscriptions")
    assert found.state is FileState.UNKNOWN
    assert "no column for Start Date" in found.message


def test_a_map_to_a_field_nobody_has_names_the_nearest():
    assert (
        check_map({"a": "Renewal Dat"})
        == 'The map sends "a" to "Renewal Dat", which no kind has. Did you mean Renewal Date?'
    )
    assert check_map({"a": "renewal_date", "b": "ignore"}) is None


def test_every_kind_of_the_contract_is_known():
    contract = (
        "accounts people activities ctas tickets subscriptions opportunities usage surveys trainings advocacy"
        " contributions events quotas csms pools products rates costs series risks goals"
    )
    assert set(contract.split()) == set(KINDS) | set(NOT_YET)


@pytest.mark.parametrize(
    ("kind", "headers", "row"),
    [
        ("accounts", "Id,IsDeleted,Name,ParentId,BillingCity,AnnualRevenue", "A1,FALSE,Acme,,Bonn,5"),
        ("people", "Id,IsDeleted,AccountId,LastName,FirstName,Email", "C1,FALSE,A1,Ruiz,Ana,a@b.c"),
        ("opportunities", "Id,AccountId,Name,StageName,Amount,CloseDate", "O1,A1,Deal,Prospecting,5,02/23/26"),
        (None, "Id,IsDeleted,LastName,Company,Status,LeadSource", "L1,FALSE,Ruiz,Acme,Open,Web"),
        (None, "Id,OpportunityId,StageName,Amount,SystemModstamp", "H1,O1,Prospecting,5,02/23/26"),
    ],
)
def test_salesforce_with_ids_of_another_shape_is_told_by_its_headers(
    tmp_path: Path, kind: str | None, headers: str, row: str
):
    found = known(tmp_path / "x.csv", headers, row)
    assert (found.system, found.kind.name if found.kind else None) == ("salesforce", kind)
