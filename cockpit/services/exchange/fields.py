"""The kinds of things that can be imported, and the fields of each: one list for matching, converting and help."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Sort(StrEnum):
    """What a cell of a field is read as."""

    KEY = "key"
    LINE = "line"
    TEXT = "text"
    DATE = "date"
    WHEN = "when"
    """A moment, or a date where only the day is known."""
    MONEY = "money"
    WHOLE = "whole"
    NUMBER = "number"
    FLAG = "flag"
    SCORE = "score"
    EMAIL = "email"
    EMAILS = "emails"


@dataclass(frozen=True, slots=True)
class Field:
    """One field: our name for it, the plain header, how its cells are read, other headers for it (normalised)."""

    name: str
    header: str
    sort: Sort = Sort.LINE
    also: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of rows. ``tells`` are field names; a plain file is of this kind when one of each group is there."""

    name: str
    thing: str
    fields: tuple[Field, ...]
    tells: tuple[tuple[str, ...], ...] = ()

    def field(self, name: str) -> Field:
        """The field of that name."""
        return next(field for field in self.fields if field.name == name)


def _f(name: str, header: str, sort: Sort = Sort.LINE, *also: str, required: bool = False) -> Field:
    return Field(name, header, sort, also, required)


_ACCOUNT = _f(
    "account", "Account ID", Sort.KEY,
    "accountid", "companyid", "customerid", "clientid", "organizationid", "orgid", "crmaccountid", "gscompanyid",
    "associatedcompanyid", "associatedcompanyids", "relatedaccountid", "companygsid",
)  # fmt: skip
_ACCOUNT_NAME = _f(
    "account_name", "Account Name", Sort.LINE,
    "account", "company", "companyname", "customer", "customername", "client", "clientname", "organization", "organisation",
    "associatedcompany", "associatedcompanyprimary", "organizationname",
)  # fmt: skip
_CURRENCY = _f("currency", "Currency", Sort.LINE, "currencyisocode", "currencycode", "dealcurrencycode", "curr")
_DELETED = _f(
    "deleted", "Deleted", Sort.FLAG, "isdeleted", "fivetrandeleted", "deletedat", "isarchived", "archived", "removed"
)
_OWNER = _f(
    "owner", "Owner", Sort.LINE,
    "csm", "accountowner", "owneremail", "ownerid", "ownername", "csmname", "csmemail", "accountmanager", "companyowner",
    "hubspotownerid", "customersuccessmanager", "csowner", "assignedto", "owneralias", "csmowner",
)  # fmt: skip
_POOL = _f("pool", "Pool", Sort.LINE, "poolname", "queue", "csmpool")


ACCOUNTS = Kind("accounts", "account", (
    _f("id", "Account ID", Sort.KEY, "accountid", "customerid", "companyid", "clientid", "organizationid", "id", "externalid", "recordid",
       "crmid", "accountnumber"),
    _f("name", "Account Name", Sort.LINE, "accountname", "account", "name", "company", "companyname", "customer", "customername", "client",
       "clientname", "organization", "organisation", "organizationname"),
    _f("parent", "Parent Account ID", Sort.KEY, "parentaccountid", "parentid", "parentcompanyid", "parentcompany", "parentaccount",
       "hsparentcompanyid", "parent"),
    _f("segment", "Segment", Sort.LINE, "customersegment", "tier", "accountsegment", "salessegment", "accounttier", "band"),
    _f("region", "Region", Sort.LINE, "geo", "territory", "salesregion"),
    _OWNER, _POOL,
    _f("arr", "ARR", Sort.MONEY, "annualrecurringrevenue", "currentarr", "totalarr", "contractarr", "arramount", "acv", "recurringrevenue"),
    _CURRENCY,
    _f("renewal_date", "Renewal Date", Sort.DATE, "renewal", "nextrenewal", "nextrenewaldate", "contractenddate", "contractend",
       "subscriptionenddate", "renewaldue", "renewson", "contractrenewaldate"),
    _f("go_live", "Go Live Date", Sort.DATE, "golive", "golivedate", "livesince", "launchdate", "wentlive"),
    _f("stage", "Stage", Sort.LINE, "lifecyclestage", "customerstage", "journeystage"),
    _f("language", "Language", Sort.LINE, "preferredlanguage"),
    _f("time_zone", "Time Zone", Sort.LINE, "timezone", "tz"),
    _f("industry", "Industry", Sort.LINE, "vertical"),
    _f("domain", "Domain", Sort.LINE, "website", "companydomainname", "domainnames", "webdomain", "websiteurl", "companydomain"),
    _f("status", "Status", Sort.LINE, "accountstatus", "customerstatus"),
    _f("served_by", "Served By", Sort.LINE, "servicemodel", "coverage"),
    _f("other_id", "Other ID", Sort.KEY, "sfdcaccountid", "salesforceid", "salesforceaccountid", "sfaccountid"),
    _f("health", "Health", Sort.NUMBER, "healthscore", "currentscore", "customerhealth", "customerhealthscore"),
    _DELETED,
), (("name", "id"), ("segment", "arr", "renewal_date", "owner", "pool", "industry", "domain", "region", "parent", "stage", "go_live",
                     "health", "other_id", "id")))  # fmt: skip

PEOPLE = Kind("people", "person", (
    _f("id", "Person ID", Sort.KEY, "personid", "contactid", "recordid", "id", "userid", "contactrecordid"),
    _f("email", "Email", Sort.EMAIL, "emailaddress", "mail", "workemail", "contactemail", "e mail"),
    _f("name", "Name", Sort.LINE, "fullname", "contactname", "contact", "person", "displayname"),
    _f("first_name", "First Name", Sort.LINE, "firstname", "givenname", "forename", "vorname"),
    _f("last_name", "Last Name", Sort.LINE, "lastname", "surname", "familyname", "nachname"),
    _f("title", "Title", Sort.LINE, "jobtitle", "position", "role", "function"),
    _ACCOUNT, _ACCOUNT_NAME,
    _f("value_network", "Value Network", Sort.FLAG, "valuenetwork", "invaluenetwork", "networkmember"),
    _f("network_role", "Network Role", Sort.LINE, "valuenetworkrole"),
    _f("phone", "Phone", Sort.LINE, "phonenumber", "mobile", "mobilephone", "telephone", "workphone"),
    _f("language", "Language", Sort.LINE, "locale", "hslanguage", "preferredlanguage"),
    _f("left_on", "Left On", Sort.DATE, "lefton", "leftdate"),
    _f("opted_out", "Opted Out", Sort.FLAG, "hasoptedoutofemail", "emailoptout", "hsemailoptout", "unsubscribed", "donotcontact"),
    _f("agent", "Agent", Sort.LINE),
    _f("bounced", "Bounced", Sort.FLAG, "isemailbounced", "emailbounced"),
    _DELETED,
), (("email", "name", "first_name", "last_name"), ("email", "title", "account", "account_name")))  # fmt: skip

ACTIVITIES = Kind("activities", "activity", (
    _f("id", "Activity ID", Sort.KEY, "activityid", "engagementid", "id", "gsid", "taskid", "meetingid"),
    _f("type", "Type", Sort.LINE, "activitytype", "typename", "engagementtype", "tasksubtype"),
    _f("subject", "Subject", Sort.LINE, "title", "activitysubject", "meetingtitle"),
    _f("date", "Date", Sort.WHEN, "activitydate", "activitydatetime", "starttime", "startdatetime", "hstimestamp", "timestamp", "when",
       "meetingdate", required=True),
    _ACCOUNT, _ACCOUNT_NAME,
    _f("attendees", "Attendees", Sort.EMAILS, "attendeeemails", "participants", "externalattendees", "invitees", "guests"),
    _f("body", "Body", Sort.TEXT, "notes", "note", "description", "notesplaintext", "text", "comments", "details"),
    _f("author", "Author", Sort.LINE, "owner", "csm", "loggedby", "createdby", "username", "useremail", "ownerid", "activityowner"),
    _f("next_step", "Next Step", Sort.LINE, "nextsteps"),
    _f("next_step_due", "Next Step Due", Sort.DATE, "nextstepdate"),
    _f("person", "Person ID", Sort.KEY, "whoid"),
    _DELETED,
), (("date",), ("subject", "body"), ("type", "attendees", "id")))  # fmt: skip

CTAS = Kind("ctas", "cta", (
    _f("id", "CTA ID", Sort.KEY, "ctaid", "gsid", "ctagsid", "id"),
    _ACCOUNT, _ACCOUNT_NAME,
    _f("type", "Type", Sort.LINE, "ctatype", "ctatypename", "typeid", "typename"),
    _f("reason", "Reason", Sort.LINE, "ctareason", "reasonname", "reasonid"),
    _f("title", "Title", Sort.LINE, "ctaname", "name", "subject"),
    _f("description", "Description", Sort.TEXT, "comments", "notes", "comment"),
    _f("priority", "Priority", Sort.LINE, "ctapriority", "priorityname", "priorityid"),
    _f("due", "Due Date", Sort.DATE, "duedate", "due", "ctaduedate"),
    _OWNER, _POOL,
    _f("status", "Status", Sort.LINE, "ctastatus", "statusname", "ctastatusname", "statusid"),
    _f("outcome", "Outcome", Sort.LINE),
    _f("opened", "Opened", Sort.WHEN, "createddate", "createdat", "opendate", "created", "ctacreateddate"),
    _f("closed", "Closed", Sort.WHEN, "closeddate", "closedat", "ctacloseddate"),
    _f("is_closed", "Is Closed", Sort.FLAG, "isclosed"),
    _f("flagged", "Flagged", Sort.FLAG, "isimportant", "important", "flag"),
    _DELETED,
), (("account", "account_name"), ("reason",), ("id", "type", "due", "priority")))  # fmt: skip

TICKETS = Kind("tickets", "ticket", (
    _f("id", "Ticket ID", Sort.KEY, "ticketid", "id", "casenumber", "caseid", "ticketnumber", "recordid", "ticket"),
    _ACCOUNT, _ACCOUNT_NAME,
    _f("subject", "Subject", Sort.LINE, "ticketsubject", "summary", "title", "ticketname"),
    _f("priority", "Priority", Sort.LINE, "ticketpriority", "severity", "urgency", "hsticketpriority"),
    _f("status", "Status", Sort.LINE, "ticketstatus", "state"),
    _f("opened", "Opened", Sort.WHEN, "created", "createdat", "createddate", "opendate", "openedat", "dateopened", "createdate",
       "datetimeopened"),
    _f("closed", "Closed", Sort.WHEN, "closedat", "closeddate", "solvedat", "resolvedat", "dateclosed", "solved", "resolved",
       "datetimeclosed"),
    _f("reopened", "Reopened", Sort.WHEN, "reopenedat", "reopeneddate"),
    _f("email", "Email", Sort.EMAIL, "requesteremail", "contactemail", "suppliedemail"),
    _f("person", "Person ID", Sort.KEY, "requesterid", "contactid"),
    _f("updated", "Updated", Sort.WHEN, "updatedat"),
    _DELETED,
), (("id",), ("subject",), ("status", "opened", "priority")))  # fmt: skip

SUBSCRIPTIONS = Kind("subscriptions", "subscription", (
    _f("id", "Subscription ID", Sort.KEY, "subscriptionid", "contractid", "id", "contractnumber"),
    _ACCOUNT, _ACCOUNT_NAME,
    _f("product", "Product", Sort.LINE, "productname", "plan", "sku", "planname", "productcode"),
    _f("units", "Units", Sort.WHOLE, "quantity", "seats", "licenses", "licences", "qty", "users"),
    _f("mrr", "MRR", Sort.MONEY, "monthlyrecurringrevenue", "monthlycharges", "monthlyamount", "monthlyprice", "monthlyfee",
       required=True),
    _CURRENCY,
    _f("start", "Start Date", Sort.DATE, "startdate", "start", "startson", "contractstart", "servicestart", "contractstartdate",
       required=True),
    _f("end", "End Date", Sort.DATE, "enddate", "end", "endson", "contractend", "serviceend", "expires", "contractenddate"),
    _DELETED,
), (("mrr",), ("start", "id"), ("account", "account_name")))  # fmt: skip

OPPORTUNITIES = Kind("opportunities", "opportunity", (
    _f("id", "Opportunity ID", Sort.KEY, "opportunityid", "dealid", "id", "recordid", "oppid"),
    _ACCOUNT, _ACCOUNT_NAME,
    _f("name", "Opportunity Name", Sort.LINE, "opportunityname", "dealname", "name", "opportunity", "deal"),
    _f("type", "Type", Sort.LINE, "opportunitytype", "dealtype"),
    _f("stage", "Stage", Sort.LINE, "stagename", "dealstage", "opportunitystage"),
    _f("amount", "Amount", Sort.MONEY, "dealamount", "value", "opportunityamount", "totalamount"),
    _f("due_amount", "Due Amount", Sort.MONEY, "dueamount", "amountdue", "renewalamount"),
    _f("final_amount", "Final Amount", Sort.MONEY, "finalamount", "closedamount"),
    _f("term_months", "Term Months", Sort.WHOLE, "termmonths", "term", "contractterm", "terminmonths"),
    _CURRENCY,
    _f("due_date", "Due Date", Sort.DATE, "duedate", "renewaldate", "renewalduedate"),
    _f("close_date", "Close Date", Sort.DATE, "closedate", "closed", "expectedclosedate"),
    _f("lead_source", "Lead Source", Sort.LINE, "leadsource", "source", "originalsource"),
    _f("reference_used", "Reference Used", Sort.FLAG, "referenceused"),
    _f("case_study_used", "Case Study Used", Sort.FLAG, "casestudyused"),
    _f("sourced_by", "Sourced By", Sort.LINE, "sourcedby"),
    _f("is_closed", "Is Closed", Sort.FLAG, "isclosed", "hsisclosed"),
    _f("is_won", "Is Won", Sort.FLAG, "iswon", "hsisclosedwon", "won"),
    _DELETED,
), (("id", "name"), ("amount", "stage"), ("close_date", "due_date", "stage", "type")))  # fmt: skip

USAGE = Kind("usage", "usage", (
    _ACCOUNT, _ACCOUNT_NAME,
    _f("metric", "Metric", Sort.LINE, "metricname", "measure", "feature", "kpi", required=True),
    _f("date", "Date", Sort.DATE, "day", "usagedate", "week", "snapshotdate", required=True),
    _f("value", "Value", Sort.NUMBER, "count", "metricvalue", "total", required=True),
    _DELETED,
), (("metric",), ("date",), ("value",), ("account", "account_name")))  # fmt: skip

SURVEYS = Kind("surveys", "survey", (
    _f("id", "Response ID", Sort.KEY, "responseid", "surveyresponseid", "gsid", "answerid"),
    _f("survey", "Survey", Sort.LINE, "surveyname", "surveytype", "scoretype", "questiontype"),
    _f("about", "About", Sort.LINE, "topic"),
    _ACCOUNT, _ACCOUNT_NAME,
    _f("email", "Email", Sort.EMAIL, "respondentemail", "emailaddress", "useremail", "contactemail"),
    _f("score", "Score", Sort.SCORE, "nps", "npsscore", "csat", "csatscore", "rating", "answer", "npsrating", "truenps",
       "howlikelyareyoutorecommendus", required=True),
    _f("comment", "Comment", Sort.TEXT, "comments", "feedback", "verbatim", "why", "reason"),
    _f("date", "Date", Sort.DATE, "respondeddate", "responsedate", "answered", "submittedat", "createdat", "responded", "completedat",
       "submitdate", "timestamp", required=True),
    _f("person", "Person ID", Sort.KEY, "companypersonid"),
    _DELETED,
), (("score",), ("date",), ("survey", "email", "account", "account_name", "comment")))  # fmt: skip

EVENTS = Kind("events", "event", (
    _f("id", "Event ID", Sort.KEY, "eventid"),
    _ACCOUNT, _ACCOUNT_NAME,
    _f("type", "Type", Sort.LINE, "eventtype", required=True),
    _f("date", "Date", Sort.DATE, "eventdate", required=True),
    _f("email", "Email", Sort.EMAIL),
    _f("text", "Text", Sort.TEXT, "description", "details", "note"),
    _DELETED,
), (("id", "text"), ("type",), ("date",), ("account", "account_name")))  # fmt: skip

TRAININGS = Kind("trainings", "training", (
    _f("id", "Training ID", Sort.KEY, "trainingid", "enrollmentid", "enrolmentid"),
    _ACCOUNT, _ACCOUNT_NAME,
    _f("email", "Email", Sort.EMAIL, "learneremail", "useremail", "attendeeemail", "emailaddress"),
    _f("person", "Person ID", Sort.KEY, "learnerid"),
    _f("course", "Course", Sort.LINE, "coursename", "coursetitle", "trainingname", "module", required=True),
    _f("required", "Required", Sort.FLAG, "mandatory", "isrequired"),
    _f("completed", "Completed", Sort.DATE, "completedon", "completedat", "completiondate", "datecompleted", "finishedat"),
    _f("score", "Score", Sort.NUMBER, "result", "grade"),
    _DELETED,
), (("course",), ("id", "completed", "required", "score"), ("account", "account_name", "email")))  # fmt: skip

ADVOCACY = Kind("advocacy", "advocacy", (
    _f("id", "Advocacy ID", Sort.KEY, "advocacyid", "referenceid"),
    _ACCOUNT, _ACCOUNT_NAME,
    _f("kind", "Kind", Sort.LINE, "advocacytype", "advocacykind", "referencetype", required=True),
    _f("email", "Email", Sort.EMAIL, "advocateemail", "contactemail"),
    _f("person", "Person ID", Sort.KEY, "advocateid"),
    _f("asked_on", "Asked On", Sort.DATE, "askedon", "requestedon", "requestdate", "asked"),
    _f("given_on", "Given On", Sort.DATE, "givenon", "completedon", "publishedon", "given"),
    _f("consent_until", "Consent Until", Sort.DATE, "consentuntil", "consentexpires", "approveduntil"),
    _f("recipient", "Recipient", Sort.LINE, "prospect", "requestedby"),
    _f("note", "Note", Sort.TEXT, "notes", "comment"),
    _DELETED,
), (("kind",), ("id", "asked_on", "given_on", "consent_until"), ("account", "account_name")))  # fmt: skip

CSMS = Kind("csms", "csm", (
    _f("id", "CSM ID", Sort.KEY, "csmid"),
    _f("login", "Login", Sort.LINE, "username", "userlogin", "user"),
    _f("name", "Name", Sort.LINE, "fullname", "csmname"),
    _f("first_name", "First Name", Sort.LINE, "firstname"),
    _f("last_name", "Last Name", Sort.LINE, "lastname"),
    _f("email", "Email", Sort.EMAIL, "emailaddress"),
    _f("pool", "Pool", Sort.LINE, "pools", "poolname"),
    _f("role", "Role", Sort.LINE),
    _f("active", "Active", Sort.FLAG, "isactive"),
    _DELETED,
), (("login",), ("name", "email", "pool", "role")))  # fmt: skip

POOLS = Kind("pools", "pool", (
    _f("name", "Pool", Sort.LINE, "poolname", "name", required=True),
    _f("time_zone", "Time Zone", Sort.LINE, "timezone"),
    _f("calendar", "Calendar", Sort.LINE, "holidaycalendar", "holidays"),
    _CURRENCY,
    _f("lease_days", "Lease Days", Sort.WHOLE, "leasedays"),
    _f("max_open", "Max Open", Sort.WHOLE, "maxopen"),
    _f("max_per_day", "Max Per Day", Sort.WHOLE, "maxperday"),
    _DELETED,
), (("name",), ("calendar", "lease_days", "max_open", "time_zone")))  # fmt: skip

PRODUCTS = Kind("products", "product", (
    _f("id", "Product ID", Sort.KEY, "productid"),
    _f("name", "Product", Sort.LINE, "productname", "name", required=True),
    _f("active", "Active", Sort.FLAG, "isactive"),
    _f("list_price", "List Price", Sort.MONEY, "listprice", "price"),
    _f("margin", "Margin", Sort.NUMBER, "grossmargin"),
    _f("key_features", "Key Features", Sort.LINE, "keyfeatures", "features"),
    _CURRENCY,
    _DELETED,
), (("name",), ("list_price", "margin")))  # fmt: skip

GOALS = Kind("goals", "goal", (
    _f("id", "Goal ID", Sort.KEY, "goalid", "objectiveid"),
    _ACCOUNT, _ACCOUNT_NAME,
    _f("title", "Goal", Sort.LINE, "goalname", "objective", "title", "objectivename", required=True),
    _f("measure", "Measure", Sort.LINE, "successcriteria", "kpi", "metric"),
    _f("due", "Due Date", Sort.DATE, "duedate", "targetdate", "due"),
    _f("owner", "Owner", Sort.LINE, "ownername", "csm"),
    _f("status", "Status", Sort.LINE, "goalstatus", "state"),
    _f("reached_on", "Reached On", Sort.DATE, "reachedon", "completed", "completedon", "closeddate"),
    _f("note", "Note", Sort.TEXT, "notes", "comments", "description"),
    _DELETED,
), (("title",), ("account", "account_name"), ("measure", "id", "due", "status")))  # fmt: skip

RISKS = Kind("risks", "risk", (
    _f("id", "Risk ID", Sort.KEY, "riskid"),
    _ACCOUNT, _ACCOUNT_NAME,
    _f("title", "Risk", Sort.LINE, "riskname", "title", "summary", required=True),
    _f("kind", "Kind", Sort.LINE, "riskkind", "risktype", "category", required=True),
    _f("severity", "Severity", Sort.LINE, "impact", "level"),
    _f("department", "Department", Sort.LINE, "team", "owningteam"),
    _f("owner", "Owner", Sort.LINE, "ownername", "riskowner"),
    _f("csm", "CSM", Sort.LINE, "followedby"),
    _f("opened_on", "Opened", Sort.DATE, "openedon", "createddate", "identified"),
    _f("due", "Due Date", Sort.DATE, "duedate", "due", "targetdate"),
    _f("status", "Status", Sort.LINE, "riskstatus", "state"),
    _f("closed_on", "Closed", Sort.DATE, "closedon", "closeddate"),
    _f("resolution", "Resolution", Sort.TEXT, "outcome"),
    _f("note", "Note", Sort.TEXT, "notes", "comments", "description", "mitigation"),
    _DELETED,
), (("title",), ("kind",), ("account", "account_name"), ("severity", "department", "id", "status")))  # fmt: skip

KINDS = {kind.name: kind for kind in (
    POOLS, CSMS, PRODUCTS, ACCOUNTS, PEOPLE, SUBSCRIPTIONS, OPPORTUNITIES, USAGE, TICKETS, SURVEYS, EVENTS, TRAININGS, ADVOCACY,
    ACTIVITIES, CTAS, GOALS, RISKS,
)}  # fmt: skip
"""In the order in which they depend on each other."""

NOT_YET = {
    "quotas": ("quota", "attainment"),
    "rates": ("fromcurrency", "tocurrency"),
    "costs": ("cost", "period"),
    "series": ("department", "metric"),
    "contributions": ("contributionid",),
}
"""Kinds whose place in the store is still to come, with the headers that tell them."""
