"""Fields about mail, answers and promises: of accounts (and of CTAs, where they speak of their account) and of people."""

from __future__ import annotations

from db.query.account_fields import WITH_ACCOUNT
from db.query.spec import Entity, Field, Flag, Kind, Sql

PERSON, ACTIVITY = Entity.PERSON, Entity.ACTIVITY
_UNANSWERED = (
    "(SELECT MIN(ib.at) FROM activity ib WHERE ib.account_id = {account} AND ib.inbound = TRUE AND ib.superseded IS NULL"
    " AND NOT EXISTS (SELECT 1 FROM activity ob JOIN activity_type oy ON oy.id = ob.type_id WHERE ob.account_id = ib.account_id"
    " AND ob.superseded IS NULL AND ob.state = 'done' AND ob.inbound = FALSE AND ob.internal = FALSE AND ob.at > ib.at"
    " AND (oy.is_meeting = TRUE OR lower(oy.name) IN ('email', 'outreach'))))"
)
_OUTREACH = (
    "(SELECT MAX(lo.at) FROM activity lo JOIN activity_type ly ON ly.id = lo.type_id WHERE lo.account_id = {account}"
    " AND lo.superseded IS NULL AND lo.state = 'done' AND lo.inbound = FALSE AND lower(ly.name) = 'outreach')"
)
_WROTE = (
    "(SELECT MAX(pi.at) FROM activity pi JOIN attendee pt ON pt.activity_id = pi.id WHERE pt.person_id = n.id"
    " AND pi.inbound = TRUE AND pi.superseded IS NULL)"
)
_WRITTEN_TO = (
    "(SELECT MAX(po.at) FROM activity po JOIN attendee pt ON pt.activity_id = po.id JOIN activity_type py ON py.id = po.type_id"
    " WHERE pt.person_id = n.id AND po.inbound = FALSE AND po.state = 'done' AND po.superseded IS NULL"
    " AND lower(py.name) IN ('email', 'outreach'))"
)
_LATE = (
    "(SELECT COUNT(*) FROM activity pl WHERE pl.account_id = {account} AND pl.superseded IS NULL AND pl.next_step IS NOT NULL"
    " AND pl.next_step_done_at IS NULL AND pl.next_step_due < {day:0})"
)
_OPEN = (
    "(SELECT COUNT(*) FROM activity pn WHERE pn.account_id = {account} AND pn.superseded IS NULL AND pn.next_step IS NOT NULL"
    " AND pn.next_step_done_at IS NULL AND pn.state <> 'cancelled')"
)
_NEXT = (
    "(SELECT MIN(nm.at) FROM activity nm JOIN activity_type ny ON ny.id = nm.type_id WHERE ny.is_meeting = TRUE"
    " AND nm.account_id = {account} AND nm.superseded IS NULL AND nm.state = 'planned'"
    " AND nm.at >= {now})"
)
_OUT = (
    "(SELECT COUNT(DISTINCT oo.id) FROM person oo JOIN membership om ON om.person_id = oo.id WHERE om.account_id = {account}"
    " AND oo.opted_out = TRUE)"
)
_TROUBLE = "(SELECT COUNT(*) FROM outbox tb WHERE tb.account_id = {account} AND tb.state IN ('failed', 'unsure'))"


def _of_account(expr: str, *, moment: bool = False) -> dict[Entity, Sql]:
    return dict.fromkeys(WITH_ACCOUNT, Sql(expr, moment=moment))


MAIL_FIELDS = (
    Field("inbound_unanswered", Kind.AGE, "Time since the oldest mail of the customer that nobody has answered since.",
          _of_account(_UNANSWERED, moment=True), ("inbound_unanswered:>2d", "inbound_unanswered:any")),
    Field("last_outreach", Kind.AGE, "Time since the last outreach or letter that went; of a person, the last mail to her.",
          _of_account(_OUTREACH, moment=True) | {PERSON: Sql(_WRITTEN_TO, moment=True)}, ("last_outreach:>30d", "last_outreach:none")),
    Field("wrote", Kind.AGE, "Time since the person last wrote to us.", {PERSON: Sql(_WROTE, moment=True)}, ("wrote:<30d", "wrote:none")),
    Field("promises_late", Kind.NUMBER, "Promises whose day has passed and that nobody says were kept.",
          _of_account(_LATE), ("promises_late:>0",)),
    Field("promises_open", Kind.NUMBER, "Promises that are not kept yet.", _of_account(_OPEN), ("promises_open:>=2",)),
    Field("next_meeting", Kind.AHEAD, "When the next planned meeting is.", _of_account(_NEXT, moment=True),
          ("next_meeting:<7d", "next_meeting:none")),
    Field("opted_out", Kind.NUMBER, "How many of its people want no mail.", _of_account(_OUT), ("opted_out:>0",)),
    Field("mail_trouble", Kind.NUMBER, "Mails to it that failed, or of which nobody knows whether they arrived.",
          _of_account(_TROUBLE), ("mail_trouble:>0",)),
)  # fmt: skip

MAIL_FLAGS = (
    Flag("planned", "still to come", {ACTIVITY: "v.state = 'planned'"}),
    Flag("cancelled", "called off", {ACTIVITY: "v.state = 'cancelled'"}),
    Flag("inbound", "came from the customer", {ACTIVITY: "v.inbound = TRUE"}),
    Flag("internal", "among ourselves", {ACTIVITY: "v.internal = TRUE"}),
    Flag("kept", "its promise was kept", {ACTIVITY: "v.next_step_done_at IS NOT NULL"}),
)
"""Of activities."""
