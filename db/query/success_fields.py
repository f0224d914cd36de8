"""The fields of what is agreed, feared and felt: goals, risks, escalations, sentiment, renewal calls, commercial dates."""

from __future__ import annotations

from db.query.account_fields import WITH_ACCOUNT
from db.query.spec import Entity, Field, Kind, Sql
from db.terms import Feeling, RenewalForecast, Severity


def _on(sql: Sql | str) -> dict[Entity, Sql]:
    return dict.fromkeys(WITH_ACCOUNT, sql if isinstance(sql, Sql) else Sql(sql))


_RISK = "EXISTS (SELECT 1 FROM risk rk WHERE rk.account_id = {account} AND rk.closed_on IS NULL AND {test})"
_LAST_FELT = (
    "(SELECT {test} FROM sentiment sm WHERE sm.account_id = {account} AND sm.superseded IS NULL AND sm.day <= {day:0}"
    " ORDER BY sm.day DESC, sm.id DESC LIMIT 1)"
)
_LAST_CALL = (
    "(SELECT {test} FROM renewal_call rc WHERE rc.account_id = {account} AND rc.superseded IS NULL AND rc.day <= {day:0}"
    " ORDER BY rc.day DESC, rc.id DESC LIMIT 1)"
)
_ESCALATIONS = "(SELECT COUNT(*) FROM escalation es WHERE es.account_id = {account} AND es.closed_at IS NULL"
_YES_NO = {"yes": "{expr} > 0", "no": "{expr} = 0"}


def _goals(test: str) -> str:
    return f"(SELECT COUNT(*) FROM goal go WHERE go.account_id = {{account}} AND {test})"


SUCCESS_FIELDS = (
    Field("risk", Kind.NAME, "Account with an open risk of this kind; with risk_severity, the same risk.", _on(Sql("rk.kind", _RISK)),
          ("risk:implementation", "risk:any"), source="risk.kind"),
    Field("risk_severity", Kind.CHOICE, "Account with an open risk that bad.", _on(Sql("rk.severity", _RISK)),
          ("risk_severity:high", "risk:product risk_severity:high"), choices=tuple(Severity)),
    Field("risk_department", Kind.NAME, "Account with an open risk that this department is to mend.", _on(Sql("rk.department", _RISK)),
          ("risk_department:product", "risk:implementation risk_department:services"), source="risk.department"),
    Field("risks_open", Kind.NUMBER, "Open risks in the register.",
          _on("(SELECT COUNT(*) FROM risk ro WHERE ro.account_id = {account} AND ro.closed_on IS NULL)"), ("risks_open:>=2",)),
    Field("goals_open", Kind.NUMBER, "Open goals of the success plan.", _on(_goals("go.status = 'open'")), ("goals_open:0",)),
    Field("goals_late", Kind.NUMBER, "Open goals past their day.", _on(_goals("go.status = 'open' AND go.due < {day:0}")),
          ("goals_late:>0", "goals_late:0")),
    Field("goals_reached", Kind.NUMBER, "Goals that were reached.", _on(_goals("go.status = 'reached'")), ("goals_reached:>=1",)),
    Field("escalated", Kind.CHOICE, "Whether something is escalated now.", _on(f"{_ESCALATIONS})"),
          ("escalated:yes", "-escalated:yes"), choices=("yes", "no"), conditions=_YES_NO),
    Field("update_overdue", Kind.CHOICE, "Whether the customer should have heard of an escalation by now.",
          _on(f"{_ESCALATIONS} AND es.next_update < {{day:0}})"), ("update_overdue:yes",), choices=("yes", "no"), conditions=_YES_NO),
    Field("sentiment", Kind.CHOICE, "What a CSM last noted of how the customer feels.", _on(Sql("sm.feeling", _LAST_FELT)),
          ("sentiment:bad", "sentiment:none"), choices=tuple(Feeling)),
    Field("sentiment_age", Kind.AGE, "Time since anybody noted how the customer feels.", _on(Sql("sm.day", _LAST_FELT)),
          ("sentiment_age:>90d", "sentiment_age:none")),
    Field("renewal_call", Kind.CHOICE, "A CSM's latest word on the renewal.", _on(Sql("rc.call", _LAST_CALL)),
          ("renewal_call:wont", "renewal_call:none"), choices=tuple(RenewalForecast)),
    Field("notice", Kind.AHEAD, "The last day to give notice.", _on("a.notice_date"), ("notice:<30d", "notice:none"), bounded=True),
    Field("auto_renew", Kind.CHOICE, "Whether the contract renews by itself.", _on("a.auto_renew"),
          ("auto_renew:yes", "auto_renew:none"), choices=("yes", "no"),
          conditions={"yes": "{expr} = TRUE", "no": "{expr} = FALSE"}),
)  # fmt: skip
