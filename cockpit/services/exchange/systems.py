"""What tells the exports of known systems apart: rules over headers and ids, never over file names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cockpit.services.exchange.convert import is_salesforce_id, text_of
from cockpit.services.exchange.headers import key
from cockpit.services.exchange.read import Cell

FILE = "file"
SALESFORCE, HUBSPOT, ZENDESK, GAINSIGHT = "salesforce", "hubspot", "zendesk", "gainsight"
SYSTEMS = (SALESFORCE, HUBSPOT, ZENDESK, GAINSIGHT)


@dataclass(frozen=True, slots=True)
class Link:
    """A join table: rows that say which of two things belong together."""

    thing: str
    """What is linked: ticket, opportunity, activity or person."""
    column: str
    to: str
    """To what: account, or person (then an attendee)."""
    to_column: str


@dataclass(frozen=True, slots=True)
class Profile:
    """One object of one system. Header names are normalised; ``a|b`` needs one of them."""

    system: str
    kind: str | None
    needs: tuple[str, ...]
    columns: Mapping[str, str] = field(default_factory=dict)
    """Their header → our field, before the kind's own headers are tried."""
    ignore: frozenset[str] = frozenset()
    """Headers that look like one of our fields and are not."""
    const: Mapping[str, str] = field(default_factory=dict)
    prefix: str = ""
    """How the ids of a Salesforce object begin."""
    tells: tuple[str, ...] = ()
    """What tells it where the ids are not Salesforce's own (a test's, a masked export's)."""
    nothing: str = ""
    """Why there is nothing in it for us."""
    link: Link | None = None
    deleted_unless: str = ""
    """A column that says FALSE for rows that are gone."""


_ID = {"id": "id"}
_SF_PLUS = {"id": "id", "accountid": "account", "isdeleted": "deleted", "name": "name"}
_HS_ID = {"id": "id", "recordid": "id", "hsobjectid": "id", "isdeleted": "deleted", "fivetrandeleted": "deleted"}
_HS_ACCOUNT = {
    "associatedcompanyids": "account",
    "associatedcompanyid": "account",
    "hsprimaryassociatedcompany": "account",
}
_ENGAGEMENT = {"engagementid": "id", "starttime": "date", "hstimestamp": "date", "hsmeetingstarttime": "date", "title": "subject",
               "hsmeetingtitle": "subject", "hscalltitle": "subject", "hsemailsubject": "subject", "body": "body",
               "hsmeetingbody": "body", "hscallbody": "body", "hsnotebody": "body", "hsemailtext": "body", "hsbodypreview": "body",
               "hubspotownerid": "author", "fivetrandeleted": "deleted"}  # fmt: skip

PROFILES: tuple[Profile, ...] = (
    # Salesforce: the first three letters of an id say what it is the id of.
    Profile(SALESFORCE, "accounts", ("id|accountid", "name|accountname"), {
        "id": "id", "isdeleted": "deleted", "name": "name", "parentid": "parent", "type": "status", "website": "domain",
        "billingcountry": "region", "ownerid": "owner"}, frozenset({"accountnumber", "accountsource"}), prefix="001",
        tells=("billingcity|billingcountry|billingstate|numberofemployees|annualrevenue|ownership|accountnumber",)),
    Profile(SALESFORCE, "people", ("id|contactid", "name|lastname|email"), _SF_PLUS | {
        "contactid": "id", "isemailbounced": "bounced", "hasoptedoutofemail": "opted_out"},
        frozenset({"ownerid", "description"}), prefix="003", tells=("accountid", "lastname|email")),
    Profile(SALESFORCE, "opportunities", ("id|opportunityid", "stagename|stage|amount|closedate"), _SF_PLUS | {
        "opportunityid": "id", "stagename": "stage", "closedate": "close_date"}, frozenset({"source", "value"}), prefix="006",
        tells=("stagename", "closedate")),
    Profile(SALESFORCE, "tickets", ("id|caseid", "subject|casenumber"), {
        "id": "id", "caseid": "id", "accountid": "account", "contactid": "person", "isdeleted": "deleted", "createddate": "opened",
        "closeddate": "closed"}, frozenset({"casenumber"}), prefix="500",
        tells=("casenumber",)),
    Profile(SALESFORCE, "activities", ("id", "subject"), {
        "id": "id", "accountid": "account", "whoid": "person", "activitydate": "date", "tasksubtype": "type", "ownerid": "author",
        "description": "body", "isdeleted": "deleted"}, const={"type": "update"}, prefix="00T",
        tells=("whoid|whatid|accountid", "activitydate")),
    Profile(SALESFORCE, "activities", ("id", "subject"), {
        "id": "id", "accountid": "account", "whoid": "person", "startdatetime": "date", "activitydatetime": "date", "ownerid": "author",
        "description": "body", "isdeleted": "deleted"}, frozenset({"type"}), {"type": "meeting"}, prefix="00U",
        tells=("whoid|whatid|accountid", "startdatetime|activitydatetime")),
    Profile(SALESFORCE, "csms", ("id", "username|email|name"), {
        "id": "id", "name": "name", "email": "email"}, frozenset({"username", "alias", "user"}), prefix="005",
        tells=("username", "isactive|profileid")),
    Profile(SALESFORCE, "products", ("id", "name"), {"id": "id", "name": "name", "isactive": "active"}, prefix="01t",
            tells=("productcode",)),
    Profile(SALESFORCE, None, ("id",), nothing="a lead is no customer yet; its account and contact come with their own exports",
            prefix="00Q", tells=("company", "isconverted|leadsource|salutation")),
    Profile(SALESFORCE, None, ("id",), nothing="the history of an opportunity's stages stays in Salesforce; Cockpit keeps its own from"
            " import to import", prefix="008", tells=("opportunityid", "systemmodstamp|forecastcategory")),
    Profile(SALESFORCE, None, ("opportunityid|accountid|contactid|caseid", "oldvalue|newvalue"),
            nothing="the history of fields stays in Salesforce"),
    Profile(SALESFORCE, None, ("id", "opportunityid", "quantity|unitprice"), nothing="line items of opportunities are not kept",
            prefix="00k", tells=("quantity|unitprice",)),
    Profile(SALESFORCE, None, ("id", "opportunityid", "contactid"), nothing="who was on an opportunity is not kept", prefix="00K",
            tells=("isprimary|role",)),
    Profile(SALESFORCE, None, ("id",), nothing="campaigns are not kept", prefix="701", tells=("numberofleads|campaignmemberrecordtypeid",)),
    Profile(SALESFORCE, None, ("stagename", "count"), nothing="a count of opportunities by stage; the opportunities themselves are kept"),
    # HubSpot: its own exports ("Record ID", "Company name") and its API's columns ("property_name").
    Profile(HUBSPOT, "accounts", ("id|recordid|companyid|hsobjectid", "name|companyname"), _HS_ID | {
        "companyid": "id", "name": "name", "companyname": "name", "domain": "domain", "companydomainname": "domain",
        "hubspotownerid": "owner", "companyowner": "owner", "lifecyclestage": "status"},
        frozenset({"hubspotteam", "type", "stage"})),
    Profile(HUBSPOT, "people", ("id|recordid|contactid|hsobjectid|vid", "email|firstname|lastname"), _HS_ID | _HS_ACCOUNT | {
        "contactid": "id", "vid": "id", "company": "company_words", "companyname": "company_words", "jobtitle": "title"},
        frozenset({"contactowner", "email1", "leadstatus", "associatedcompany", "name"})),
    Profile(HUBSPOT, "opportunities", ("id|recordid|dealid|hsobjectid", "dealname|dealstage"), _HS_ID | _HS_ACCOUNT | {
        "dealid": "id", "dealname": "name", "dealstage": "stage", "dealpipelinestageid": "stage"}, frozenset({"dealowner", "source"})),
    Profile(HUBSPOT, "tickets", ("id|recordid|ticketid|hsobjectid", "hspipelinestage|hsticketpriority|ticketname|ticketstatus"),
            _HS_ID | _HS_ACCOUNT | {"ticketid": "id", "ticketname": "subject", "hspipelinestage": "status", "createdate": "opened",
                                    "closeddate": "closed", "closedate": "closed", "createdat": "opened"}),
    Profile(HUBSPOT, "activities", ("engagementid", "starttime|hsmeetingstarttime"), _ENGAGEMENT, frozenset({"source", "type"}),
            {"type": "meeting"}),
    Profile(HUBSPOT, "activities", ("engagementid", "hscalltitle|hscallbody|hstimestamp", "type"), _ENGAGEMENT | {"type": "type"},
            const={"type": "call"}),
    Profile(HUBSPOT, "activities", ("engagementid", "hstimestamp", "hsemailsubject|hsemailtext"), _ENGAGEMENT, frozenset({"type"}),
            {"type": "email"}),
    Profile(HUBSPOT, "activities", ("engagementid", "hstimestamp", "hsnotebody|body"), _ENGAGEMENT, frozenset({"type"}),
            {"type": "update"}),
    Profile(HUBSPOT, "csms", ("ownerid|id", "email", "firstname|lastname", "activeuserid|userid|portalid|updatedat"), {
        "ownerid": "id", "id": "id", "email": "email"}, frozenset({"type"})),
    Profile(HUBSPOT, None, ("companyid", "ticketid"), link=Link("ticket", "ticketid", "account", "companyid")),
    Profile(HUBSPOT, None, ("companyid", "dealid"), link=Link("opportunity", "dealid", "account", "companyid")),
    Profile(HUBSPOT, None, ("companyid", "engagementid"), link=Link("activity", "engagementid", "account", "companyid")),
    Profile(HUBSPOT, None, ("contactid", "engagementid"), link=Link("activity", "engagementid", "person", "contactid")),
    Profile(HUBSPOT, None, ("companyid", "contactid"), link=Link("person", "contactid", "account", "companyid")),
    Profile(HUBSPOT, None, ("contactid", "ticketid"), nothing="which contact is on a ticket is not kept"),
    Profile(HUBSPOT, None, ("contactid", "dealid"), nothing="which contact is on a deal is not kept"),
    Profile(HUBSPOT, None, ("dealid", "engagementid"), nothing="which deal an engagement is about is not kept"),
    Profile(HUBSPOT, None, ("id|engagementid", "type", "portalid"), nothing="only says of which type each engagement is; what happened"
            " comes with the calls, meetings, e-mails and notes"),
    Profile(HUBSPOT, None, ("name|fieldname", "value", "timestamp", "source|sourceid"),
            nothing="the history of properties stays in HubSpot"),
    Profile(HUBSPOT, None, ("pipelineid", "label"), nothing="names of pipelines and stages are not kept"),
    Profile(HUBSPOT, None, ("dealid", "dateentered"), nothing="the history of a deal's stages stays in HubSpot"),
    # Zendesk
    Profile(ZENDESK, "accounts", ("id", "name", "sharedtickets|sharedcomments|domainnames|details"), {
        "id": "id", "name": "name", "domainnames": "domain", "externalid": "other_id", "deletedat": "deleted"}, frozenset({"groupid"})),
    Profile(ZENDESK, "people", ("id", "email|name", "role", "locale|verified|suspended|restrictedagent|organizationid"), {
        "id": "id", "name": "name", "email": "email", "organizationid": "account", "role": "agent"}, deleted_unless="active"),
    Profile(ZENDESK, "tickets", ("id|ticketid", "subject", "requesterid|requester|submitterid"), {
        "id": "id", "ticketid": "id", "organizationid": "account", "organization": "account_name", "requesterid": "person",
        "requesteremail": "email", "createdat": "opened", "solvedat": "closed"}),
    Profile(ZENDESK, None, ("ticketid", "body|plainbody", "public|authorid|userid"), nothing="the comments of tickets stay in Zendesk"),
    Profile(ZENDESK, None, ("ticketid", "fieldname|value|tag"), nothing="the history, fields and tags of tickets stay in Zendesk"),
    # Gainsight
    Profile(GAINSIGHT, "accounts", ("gsid|companygsid", "name|companyname",
                                    "arr|csm|renewaldate|parentcompany|companytype|originalcontractdate|industry|managedas"), {
        "gsid": "id", "companygsid": "id", "name": "name", "companyname": "name", "csm": "owner", "currentscore": "health",
        "parentcompany": "parent", "sfdcaccountid": "other_id"}, frozenset({"customerlifetimeinmonths"})),
    Profile(GAINSIGHT, "people", ("gsid", "companyid", "personid|sfdccontactid|emailoptout|title"), {
        "gsid": "id", "companyid": "account", "title": "title", "emailoptout": "opted_out"}, frozenset({"role", "personid", "manager"})),
    Profile(GAINSIGHT, "ctas", ("gsid|ctaid|ctagsid", "companyid|account|companyname|companygsid",
                                "reasonid|reason|ctareason|statusid|ctastatus|statusname", "duedate|ctaname|name"), {
        "gsid": "id", "ctaid": "id", "ctagsid": "id", "companyid": "account", "name": "title", "createddate": "opened",
        "closeddate": "closed", "isimportant": "flagged"}),
    Profile(GAINSIGHT, "activities", ("activityid|gsid", "typename|activitydate", "subject|notes|notesplaintext"), {
        "activityid": "id", "notesplaintext": "body", "gscompanyid": "account", "useremail": "author"},
        frozenset({"accountid", "milestonetypename", "createdby", "userid", "authorid"})),
    Profile(GAINSIGHT, "surveys", ("gsid", "npsscore", "companyid|companyname"), {
        "gsid": "id", "npsscore": "score", "companyid": "account", "companypersonid": "person", "respondeddate": "date"},
        frozenset({"truenps", "scoretype", "sentiment"}), {"survey": "nps"}),
    Profile(GAINSIGHT, "surveys", ("gsid", "csatscore", "companyid|companyname"), {
        "gsid": "id", "csatscore": "score", "companyid": "account", "companypersonid": "person", "respondeddate": "date"},
        frozenset({"scoretype", "csatpercent"}), {"survey": "csat"}),
    Profile(GAINSIGHT, None, ("activityid", "attendeetype"), nothing="attendees by internal ids only; the timeline export names them"),
    Profile(GAINSIGHT, None, ("scorecardid|overallscoreaccount|scmadoption|curscoreid|measureid", "id|measureid|snapshotdate"),
            nothing="scores are computed here, not taken over"),
    Profile(GAINSIGHT, None, ("gsid", "ctaid", "gainsighttaskid|playbooktaskid|dependencymeta"), nothing="tasks of CTAs stay in Gainsight"),
    Profile(GAINSIGHT, None, ("gsid", "successplantypeid|totalobjectivecount|actionplan"), nothing="success plans are not kept yet"),
    Profile(GAINSIGHT, None, ("ctagsid", "companygsid", "ctacompanygsid"), nothing="a report of companies and their CTAs; export the CTAs"),
    Profile(GAINSIGHT, None, ("ctacompanyid", "measure|trend"), nothing="a report of CTAs and scores; export the CTAs"),
)  # fmt: skip


def marks(headers: Sequence[str], sample: Mapping[str, Sequence[Cell]]) -> frozenset[str]:
    """Which systems a file may come from; ``sample`` holds the first cells of each header."""
    raw = set(headers)
    known = {key(header) for header in headers}
    found = set()
    if raw & _SF_HEADERS or any(header.endswith("__c") for header in raw) or salesforce_prefix(headers, sample):
        found.add(SALESFORCE)
    if raw.isdisjoint({"shared_tickets"}) and (
        known & _HS_KEYS
        or any(header.lower().startswith(("property_", "hs_")) for header in raw)
        or _hubspot_joins(known)
    ):
        found.add(HUBSPOT)
    if known & _ZD_KEYS or any("zendesk.com" in text_of(cell) for cell in sample.get("url", ())):
        found.add(ZENDESK)
    if known & _GS_KEYS or any(header.endswith("_gc") for header in raw) or any(k.endswith("gsid") for k in known):
        found.add(GAINSIGHT)
    return frozenset(found)


def salesforce_prefix(headers: Sequence[str], sample: Mapping[str, Sequence[Cell]]) -> str:
    """The first three letters of the file's own ids, when they are Salesforce's."""
    by_key = {key(header): header for header in reversed(headers)}
    for name in ("id", "opportunityid", "caseid", "contactid", "activityid", "accountid"):
        if name in by_key:
            ids = [text_of(cell) for cell in sample.get(by_key[name], ())]
            if ids and all(is_salesforce_id(text) for text in ids) and len({text[:3] for text in ids}) == 1:
                return ids[0][:3]
            return ""
    return ""


def profile_of(headers: Sequence[str], sample: Mapping[str, Sequence[Cell]], kind: str | None = None) -> Profile | None:
    """The best known object for these headers, or None; with ``kind`` only objects of that kind."""
    systems = marks(headers, sample)
    known = {key(header) for header in headers}
    prefix = salesforce_prefix(headers, sample)
    best: tuple[float, Profile] | None = None
    for profile in PROFILES:
        if profile.system not in systems or (kind is not None and profile.kind != kind):
            continue
        needs = profile.needs
        if profile.prefix and profile.prefix != prefix:
            if prefix or not profile.tells:
                continue
            needs = (*needs, *profile.tells)
        if not all(known.intersection(need.split("|")) for need in needs):
            continue
        score = (
            2 * len(needs) + len(known & profile.columns.keys()) + 4 * bool(profile.prefix) + 10 * bool(profile.nothing)
        )
        if profile.link is not None and len(known) > 8:
            continue
        if best is None or score > best[0]:
            best = (score, profile)
    return best[1] if best else None


_SF_HEADERS = {"IsDeleted", "SystemModstamp", "CreatedById", "LastModifiedById", "StageName (groups)", "StageName", "LastViewedDate",
               "AccountId", "OwnerId", "ParentId", "CaseNumber", "WhoId", "LeadSource", "BillingCity", "NumberOfEmployees"}  # fmt: skip
_HS_KEYS = {
    "recordid", "portalid", "hsobjectid", "hubspotownerid", "companyowner", "contactowner", "dealowner", "ticketowner", "dealname",
    "dealpipelinestageid", "engagementid", "activeuserid", "pipelineid", "dealstage",
}  # fmt: skip
_ZD_KEYS = {
    "sharedtickets", "sharedcomments", "requesterid", "submitterid", "summationcolumn", "ticketformid", "viachannel", "restrictedagent",
    "ticketrestriction", "onlyprivatecomments", "voicecomment", "facebookcomment",
}  # fmt: skip
_GS_KEYS = {"gsid", "gscompanyid", "ctagsid", "gainsighttaskid", "gscreatedbyuserid", "ctacompanyid"}


def _hubspot_joins(known: set[str]) -> bool:
    ids = known & {"companyid", "dealid", "contactid", "ticketid", "engagementid"}
    return len(ids) == 2 and (
        ("category" in known and "typeid" in known) or "category" in known or "engagementtype" in known
    )
