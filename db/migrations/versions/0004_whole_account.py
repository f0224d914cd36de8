"""The whole account, what is written to customers, playbooks as text, and accounts that change hands."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from db.models.base import Moment

revision = "0004"
down_revision = "0003"

ID = sa.BigInteger()
PROMISED = "next_step_due IS NOT NULL AND next_step_done_at IS NULL AND superseded IS NULL"
TASK_BEFORE = "cta_id, owner_id, title, position, due, required, status, done_at"


def need(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind(), nullable=False)


def may(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind(), nullable=True)


def table(name: str, *parts: Any, is_thing: bool = True, called: str = "") -> None:
    """A table with what every one has; ``called`` is what its constraints think its name is."""
    called = called or name
    own = [need("uid", sa.LargeBinary), need("rev", sa.BigInteger), need("head", sa.LargeBinary)] if is_thing else []
    unique = [sa.UniqueConstraint("uid", name=f"uq_{called}_uid")] if is_thing else []
    op.create_table(
        name, sa.Column("id", ID, nullable=False), *own, *parts, sa.PrimaryKeyConstraint("id", name=f"pk_{called}"), *unique,
        sqlite_autoincrement=True, sqlite_strict=True,
    )  # fmt: skip


def index(table: str, name: str, columns: list[str], where: str | None = None) -> None:
    """An index, of some rows only where a condition is given."""
    condition = None if where is None else sa.text(where)
    op.create_index(name, table, columns, unique=False, sqlite_where=condition, postgresql_where=condition)


def refer(table: str, column: str, other: str) -> None:
    """A column with its foreign key in one statement, the one way SQLite takes it without copying the table."""
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind} CONSTRAINT fk_{table}_{column} REFERENCES {other} (id)")


def upgrade() -> None:
    table(
        "feed",
        need("kind", sa.Text),
        need("system", sa.Text),
        need("loaded_at", Moment),
        need("rows", sa.BigInteger),
        sa.UniqueConstraint("kind", "system", name="uq_feed_kind_system"),
    )
    index("ticket", "ix_ticket_account_closed", ["account_id", "closed"])
    table(
        "score",
        need("account_id", sa.BigInteger),
        need("scorecard_id", sa.BigInteger),
        need("day", sa.Date),
        need("at", Moment),
        may("total", sa.BigInteger),
        may("computed", sa.BigInteger),
        need("measures", sa.JSON),
        sa.UniqueConstraint("account_id", "day", name="uq_score_account_id_day"),
        is_thing=False,
    )
    index("score", "ix_score_day_at", ["day", "at"])
    table(
        "scorecard",
        need("name", sa.Text),
        need("version", sa.BigInteger),
        need("source", sa.Text),
        need("active", sa.Boolean),
        sa.UniqueConstraint("name", "version", name="uq_scorecard_name_version"),
    )
    table(
        "viewing",
        need("csm_id", sa.BigInteger),
        need("account_id", sa.BigInteger),
        need("at", Moment),
        need("pane", sa.Text),
        is_thing=False,
    )
    index("viewing", "ix_viewing_account_at", ["account_id", "at"])
    index("viewing", "ix_viewing_csm_at", ["csm_id", "at"])
    table(
        "article",
        need("title", sa.Text),
        need("url", sa.Text),
        need("language", sa.Text),
        may("owner_id", sa.BigInteger),
        may("expires", sa.Date),
        need("active", sa.Boolean),
        sa.ForeignKeyConstraint(["owner_id"], ["csm.id"], name="fk_article_owner_id"),
        sa.UniqueConstraint("url", name="uq_article_url"),
    )
    table(
        "leave",
        need("csm_id", sa.BigInteger),
        need("last_day", sa.Date),
        need("is_gone", sa.Boolean),
        may("note", sa.Text),
        need("started_at", Moment),
        may("ended_at", Moment),
        sa.ForeignKeyConstraint(["csm_id"], ["csm.id"], name="fk_leave_csm_id"),
    )
    index("leave", "ix_leave_csm_id", ["csm_id"])
    table(
        "merge",
        need("thing", sa.Text),
        need("kept_id", sa.BigInteger),
        need("gone_id", sa.BigInteger),
        need("gone_name", sa.Text),
        need("at", Moment),
        may("by_id", sa.BigInteger),
        sa.ForeignKeyConstraint(["by_id"], ["csm.id"], name="fk_merge_by_id"),
    )
    index("merge", "ix_merge_gone", ["thing", "gone_id"])
    index("merge", "ix_merge_kept", ["thing", "kept_id"])
    table(
        "template",
        need("name", sa.Text),
        need("kind", sa.Text),
        need("language", sa.Text),
        need("version", sa.BigInteger),
        need("subject", sa.Text),
        need("body", sa.Text),
        may("owner_id", sa.BigInteger),
        may("expires", sa.Date),
        need("active", sa.Boolean),
        sa.ForeignKeyConstraint(["owner_id"], ["csm.id"], name="fk_template_owner_id"),
        sa.UniqueConstraint("name", "language", "version", name="uq_template_name_language_version"),
    )
    table(
        "advocacy",
        need("recorded", Moment),
        may("superseded", Moment),
        may("version_of", sa.BigInteger),
        need("account_id", sa.BigInteger),
        may("person_id", sa.BigInteger),
        need("kind", sa.Text),
        may("asked_on", sa.Date),
        may("given_on", sa.Date),
        may("consent_until", sa.Date),
        may("recipient", sa.Text),
        may("note", sa.Text),
        may("extra", sa.JSON),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_advocacy_account_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_advocacy_person_id"),
    )
    index("advocacy", "ix_advocacy_account_asked", ["account_id", "asked_on"])
    index("advocacy", "ix_advocacy_person_id", ["person_id"])
    table(
        "document",
        need("account_id", sa.BigInteger),
        need("kind", sa.Text),
        need("title", sa.Text),
        need("body", sa.Text),
        may("template_id", sa.BigInteger),
        may("author_id", sa.BigInteger),
        need("at", Moment),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_document_account_id"),
        sa.ForeignKeyConstraint(["author_id"], ["csm.id"], name="fk_document_author_id"),
        sa.ForeignKeyConstraint(["template_id"], ["template.id"], name="fk_document_template_id"),
    )
    index("document", "ix_document_account_id", ["account_id"])
    table(
        "draft",
        need("account_id", sa.BigInteger),
        may("author_id", sa.BigInteger),
        need("kind", sa.Text),
        need("fields", sa.JSON),
        need("changed_at", Moment),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_draft_account_id"),
        sa.ForeignKeyConstraint(["author_id"], ["csm.id"], name="fk_draft_author_id"),
    )
    index("draft", "ix_draft_account_id", ["account_id"])
    index("draft", "ix_draft_author_id", ["author_id"])
    table(
        "escalation",
        need("account_id", sa.BigInteger),
        need("title", sa.Text),
        need("severity", sa.Text),
        may("department", sa.Text),
        may("owner", sa.Text),
        may("csm_id", sa.BigInteger),
        need("opened_at", Moment),
        may("next_update", sa.Date),
        may("closed_at", Moment),
        may("note", sa.Text),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_escalation_account_id"),
        sa.ForeignKeyConstraint(["csm_id"], ["csm.id"], name="fk_escalation_csm_id"),
    )
    index("escalation", "ix_escalation_account_id", ["account_id"])
    table(
        "goal",
        need("account_id", sa.BigInteger),
        need("title", sa.Text),
        may("measure", sa.Text),
        may("criterion", sa.Text),
        may("due", sa.Date),
        may("owner_id", sa.BigInteger),
        need("status", sa.Text),
        may("reached_on", sa.Date),
        may("note", sa.Text),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_goal_account_id"),
        sa.ForeignKeyConstraint(["owner_id"], ["csm.id"], name="fk_goal_owner_id"),
    )
    index("goal", "ix_goal_account_id", ["account_id"])
    index("goal", "ix_goal_owner_id", ["owner_id"])
    table(
        "override",
        need("account_id", sa.BigInteger),
        may("measure", sa.Text),
        need("value", sa.BigInteger),
        need("reason", sa.Text),
        need("until", sa.Date),
        may("csm_id", sa.BigInteger),
        need("set_at", Moment),
        may("ended_at", Moment),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_override_account_id"),
        sa.ForeignKeyConstraint(["csm_id"], ["csm.id"], name="fk_override_csm_id"),
    )
    index("override", "ix_override_account_id", ["account_id"])
    table(
        "sentiment",
        need("recorded", Moment),
        may("superseded", Moment),
        may("version_of", sa.BigInteger),
        need("account_id", sa.BigInteger),
        need("feeling", sa.Text),
        need("day", sa.Date),
        may("note", sa.Text),
        may("csm_id", sa.BigInteger),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_sentiment_account_id"),
        sa.ForeignKeyConstraint(["csm_id"], ["csm.id"], name="fk_sentiment_csm_id"),
    )
    index("sentiment", "ix_sentiment_account_day", ["account_id", "day"])
    table(
        "training",
        need("recorded", Moment),
        may("superseded", Moment),
        may("version_of", sa.BigInteger),
        need("account_id", sa.BigInteger),
        may("person_id", sa.BigInteger),
        need("course", sa.Text),
        need("required", sa.Boolean),
        may("completed", sa.Date),
        may("score", sa.BigInteger),
        may("extra", sa.JSON),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_training_account_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_training_person_id"),
    )
    index("training", "ix_training_account_completed", ["account_id", "completed"])
    index("training", "ix_training_person_id", ["person_id"])
    table(
        "transition",
        need("kind", sa.Text),
        need("state", sa.Text),
        may("account_id", sa.BigInteger),
        may("reason", sa.Text),
        need("started_on", sa.Date),
        need("target", sa.Date),
        may("returns_on", sa.Date),
        may("from_csm_id", sa.BigInteger),
        may("from_pool_id", sa.BigInteger),
        may("from_pod_id", sa.BigInteger),
        may("to_csm_id", sa.BigInteger),
        may("to_pool_id", sa.BigInteger),
        may("to_pod_id", sa.BigInteger),
        may("manager_id", sa.BigInteger),
        may("gatekeeper_id", sa.BigInteger),
        need("stand_in", sa.Boolean),
        may("agreed_at", Moment),
        may("agreed_by_id", sa.BigInteger),
        need("sent_back", sa.BigInteger),
        may("sent_back_why", sa.Text),
        may("sent_back_at", Moment),
        may("accepted_at", Moment),
        may("accepted_by_id", sa.BigInteger),
        may("ended_at", Moment),
        may("end_reason", sa.Text),
        may("leave_id", sa.BigInteger),
        may("wave", sa.BigInteger),
        may("tier", sa.Text),
        may("proposal", sa.Text),
        may("away_id", sa.BigInteger),
        may("extra", sa.JSON),
        sa.ForeignKeyConstraint(["accepted_by_id"], ["csm.id"], name="fk_transition_accepted_by_id"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_transition_account_id"),
        sa.ForeignKeyConstraint(["agreed_by_id"], ["csm.id"], name="fk_transition_agreed_by_id"),
        sa.ForeignKeyConstraint(["away_id"], ["away.id"], name="fk_transition_away_id"),
        sa.ForeignKeyConstraint(["from_csm_id"], ["csm.id"], name="fk_transition_from_csm_id"),
        sa.ForeignKeyConstraint(["from_pod_id"], ["pod.id"], name="fk_transition_from_pod_id"),
        sa.ForeignKeyConstraint(["from_pool_id"], ["pool.id"], name="fk_transition_from_pool_id"),
        sa.ForeignKeyConstraint(["gatekeeper_id"], ["csm.id"], name="fk_transition_gatekeeper_id"),
        sa.ForeignKeyConstraint(["leave_id"], ["leave.id"], name="fk_transition_leave_id"),
        sa.ForeignKeyConstraint(["manager_id"], ["csm.id"], name="fk_transition_manager_id"),
        sa.ForeignKeyConstraint(["to_csm_id"], ["csm.id"], name="fk_transition_to_csm_id"),
        sa.ForeignKeyConstraint(["to_pod_id"], ["pod.id"], name="fk_transition_to_pod_id"),
        sa.ForeignKeyConstraint(["to_pool_id"], ["pool.id"], name="fk_transition_to_pool_id"),
    )
    index("transition", "ix_transition_account", ["account_id", "state"])
    index("transition", "ix_transition_from", ["from_csm_id", "state"])
    index("transition", "ix_transition_leave_id", ["leave_id"])
    index("transition", "ix_transition_state", ["state", "target"])
    index("transition", "ix_transition_to", ["to_csm_id", "state"])
    table(
        "brief",
        need("transition_id", sa.BigInteger),
        need("account_id", sa.BigInteger),
        need("version", sa.BigInteger),
        need("form", sa.Text),
        need("sections", sa.JSON),
        may("written_by_id", sa.BigInteger),
        need("written_at", Moment),
        may("signed_by_id", sa.BigInteger),
        may("signed_at", Moment),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_brief_account_id"),
        sa.ForeignKeyConstraint(["signed_by_id"], ["csm.id"], name="fk_brief_signed_by_id"),
        sa.ForeignKeyConstraint(["transition_id"], ["transition.id"], name="fk_brief_transition_id"),
        sa.ForeignKeyConstraint(["written_by_id"], ["csm.id"], name="fk_brief_written_by_id"),
        sa.UniqueConstraint("transition_id", "account_id", "version", name="uq_brief_transition_id_account_id_version"),
    )
    index("brief", "ix_brief_account_id", ["account_id"])
    index("brief", "ix_brief_transition_id", ["transition_id"])
    table(
        "decision",
        need("transition_id", sa.BigInteger),
        need("thing", sa.Text),
        need("thing_id", sa.BigInteger),
        need("choice", sa.Text),
        may("to_csm_id", sa.BigInteger),
        may("note", sa.Text),
        may("by_id", sa.BigInteger),
        need("at", Moment),
        sa.ForeignKeyConstraint(["by_id"], ["csm.id"], name="fk_decision_by_id"),
        sa.ForeignKeyConstraint(["to_csm_id"], ["csm.id"], name="fk_decision_to_csm_id"),
        sa.ForeignKeyConstraint(["transition_id"], ["transition.id"], name="fk_decision_transition_id"),
        sa.UniqueConstraint("transition_id", "thing", "thing_id", name="uq_decision_transition_id_thing_thing_id"),
    )
    index("decision", "ix_decision_transition_id", ["transition_id"])
    table(
        "question",
        need("transition_id", sa.BigInteger),
        may("asked_by_id", sa.BigInteger),
        need("body", sa.Text),
        need("asked_at", Moment),
        may("answered_by_id", sa.BigInteger),
        may("answer", sa.Text),
        may("answered_at", Moment),
        may("withdrawn_at", Moment),
        sa.ForeignKeyConstraint(["answered_by_id"], ["csm.id"], name="fk_question_answered_by_id"),
        sa.ForeignKeyConstraint(["asked_by_id"], ["csm.id"], name="fk_question_asked_by_id"),
        sa.ForeignKeyConstraint(["transition_id"], ["transition.id"], name="fk_question_transition_id"),
    )
    index("question", "ix_question_transition_id", ["transition_id"])
    table(
        "renewal_call",
        need("recorded", Moment),
        may("superseded", Moment),
        may("version_of", sa.BigInteger),
        need("account_id", sa.BigInteger),
        may("opportunity_id", sa.BigInteger),
        need("call", sa.Text),
        need("day", sa.Date),
        may("reason", sa.Text),
        may("csm_id", sa.BigInteger),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_renewal_call_account_id"),
        sa.ForeignKeyConstraint(["csm_id"], ["csm.id"], name="fk_renewal_call_csm_id"),
        sa.ForeignKeyConstraint(["opportunity_id"], ["opportunity.id"], name="fk_renewal_call_opportunity_id"),
    )
    index("renewal_call", "ix_renewal_call_account_day", ["account_id", "day"])
    index("renewal_call", "ix_renewal_call_opportunity_id", ["opportunity_id"])
    table(
        "transition_account",
        need("transition_id", sa.BigInteger),
        need("account_id", sa.BigInteger),
        may("level", sa.Text),
        may("csm_id", sa.BigInteger),
        may("second_id", sa.BigInteger),
        may("note", sa.Text),
        may("extra", sa.JSON),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_transition_account_account_id"),
        sa.ForeignKeyConstraint(["csm_id"], ["csm.id"], name="fk_transition_account_csm_id"),
        sa.ForeignKeyConstraint(["second_id"], ["csm.id"], name="fk_transition_account_second_id"),
        sa.ForeignKeyConstraint(["transition_id"], ["transition.id"], name="fk_transition_account_transition_id"),
        sa.UniqueConstraint("transition_id", "account_id", name="uq_transition_account_transition_id_account_id"),
    )
    index("transition_account", "ix_transition_account_account_id", ["account_id"])
    index("transition_account", "ix_transition_account_transition_id", ["transition_id"])
    table(
        "risk",
        need("account_id", sa.BigInteger),
        need("title", sa.Text),
        need("kind", sa.Text),
        need("severity", sa.Text),
        may("department", sa.Text),
        may("owner", sa.Text),
        may("csm_id", sa.BigInteger),
        need("opened_on", sa.Date),
        may("due", sa.Date),
        may("closed_on", sa.Date),
        may("resolution", sa.Text),
        may("note", sa.Text),
        may("cta_id", sa.BigInteger),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_risk_account_id"),
        sa.ForeignKeyConstraint(["csm_id"], ["csm.id"], name="fk_risk_csm_id"),
        sa.ForeignKeyConstraint(["cta_id"], ["cta.id"], name="fk_risk_cta_id"),
    )
    index("risk", "ix_risk_account_id", ["account_id"])
    index("risk", "ix_risk_cta_id", ["cta_id"])
    index("risk", "ix_risk_kind", ["kind", "closed_on"])
    table(
        "run",
        need("playbook_id", sa.BigInteger),
        may("cta_id", sa.BigInteger),
        may("account_id", sa.BigInteger),
        may("csm_id", sa.BigInteger),
        may("transition_id", sa.BigInteger),
        need("started_on", sa.Date),
        may("ended_at", Moment),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_run_account_id"),
        sa.ForeignKeyConstraint(["csm_id"], ["csm.id"], name="fk_run_csm_id"),
        sa.ForeignKeyConstraint(["cta_id"], ["cta.id"], name="fk_run_cta_id"),
        sa.ForeignKeyConstraint(["playbook_id"], ["playbook.id"], name="fk_run_playbook_id"),
        sa.ForeignKeyConstraint(["transition_id"], ["transition.id"], name="fk_run_transition_id"),
    )
    index("run", "ix_run_account_id", ["account_id"])
    index("run", "ix_run_csm_id", ["csm_id"])
    index("run", "ix_run_cta_id", ["cta_id"])
    index("run", "ix_run_playbook_id", ["playbook_id"])
    index("run", "ix_run_transition_id", ["transition_id"])
    table(
        "outbox",
        need("key", sa.Text),
        need("account_id", sa.BigInteger),
        may("person_id", sa.BigInteger),
        may("cta_id", sa.BigInteger),
        may("activity_id", sa.BigInteger),
        may("template_id", sa.BigInteger),
        may("sender_id", sa.BigInteger),
        may("batch", sa.Text),
        need("channel", sa.Text),
        need("recipient", sa.Text),
        may("cc", sa.Text),
        need("subject", sa.Text),
        need("body", sa.Text),
        need("state", sa.Text),
        may("due_at", Moment),
        need("stops_on_reply", sa.Boolean),
        need("attempts", sa.BigInteger),
        may("taken_at", Moment),
        may("sent_at", Moment),
        may("trouble", sa.Text),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_outbox_account_id"),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name="fk_outbox_activity_id"),
        sa.ForeignKeyConstraint(["cta_id"], ["cta.id"], name="fk_outbox_cta_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_outbox_person_id"),
        sa.ForeignKeyConstraint(["sender_id"], ["csm.id"], name="fk_outbox_sender_id"),
        sa.ForeignKeyConstraint(["template_id"], ["template.id"], name="fk_outbox_template_id"),
        sa.UniqueConstraint("key", name="uq_outbox_key"),
    )
    index("outbox", "ix_outbox_account", ["account_id", "state"])
    index("outbox", "ix_outbox_batch", ["batch"])
    index("outbox", "ix_outbox_person_id", ["person_id"])
    index("outbox", "ix_outbox_sender_id", ["sender_id"])
    index("outbox", "ix_outbox_state", ["state", "due_at"])
    index("outbox", "ix_outbox_template_id", ["template_id"])
    table(
        "stray",
        need("key", sa.Text),
        need("sender", sa.Text),
        may("sender_name", sa.Text),
        need("subject", sa.Text),
        may("body", sa.Text),
        need("at", Moment),
        sa.UniqueConstraint("key", name="uq_stray_key"),
    )
    op.add_column("account", may("notice_date", sa.Date))
    op.add_column("account", may("auto_renew", sa.Boolean))
    op.add_column("activity", may("next_step_done_at", Moment))
    op.add_column("activity", may("details", sa.JSON))
    op.add_column("activity", sa.Column("state", sa.Text(), nullable=False, server_default="done"))
    op.add_column("activity", may("ends_at", Moment))
    op.add_column("activity", sa.Column("internal", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("activity", sa.Column("inbound", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("activity", may("key", sa.Text))
    index("activity", "ix_activity_key", ["key"], "key IS NOT NULL")
    index("activity", "ix_activity_promised", ["next_step_due"], PROMISED)
    refer("activity", "answers_id", "activity")
    index("activity", "ix_activity_answers", ["answers_id"], "answers_id IS NOT NULL")
    op.add_column("activity_type", may("fields", sa.JSON))
    op.add_column("csm", may("languages", sa.Text))
    refer("csm", "manager_id", "csm")
    op.add_column("membership", may("left_on", sa.Date))
    op.add_column("membership", may("value_obtained", sa.Text))
    op.add_column("membership", may("bottleneck", sa.Text))
    op.add_column("membership", may("confirmed_at", Moment))
    refer("membership", "confirmed_by_id", "csm")
    op.add_column("person", may("channel", sa.Text))
    op.add_column("playbook", sa.Column("about", sa.Text(), nullable=False, server_default="cta"))
    op.add_column("playbook", may("source", sa.Text))
    op.add_column("pool", may("sender_name", sa.Text))
    op.add_column("pool", may("reply_to", sa.Text))
    refer("pool", "gatekeeper_id", "csm")
    op.add_column("product", may("list_price", sa.BigInteger))
    op.add_column("product", may("currency", sa.Text))
    op.add_column("product", may("margin", sa.BigInteger))
    op.add_column("product", may("key_features", sa.JSON))
    op.add_column("segment", may("max_accounts", sa.BigInteger))
    tasks()


def task_columns() -> list[sa.Column[Any]]:
    """A task's columns, made anew for each table they go into."""
    return [
        may("cta_id", sa.BigInteger),
        may("account_id", sa.BigInteger),
        may("transition_id", sa.BigInteger),
        may("run_id", sa.BigInteger),
        may("owner_id", sa.BigInteger),
        may("key", sa.Text),
        may("side", sa.Text),
        may("role", sa.Text),
        need("title", sa.Text),
        need("position", sa.BigInteger),
        may("due", sa.Date),
        need("required", sa.Boolean),
        sa.Column("gates", sa.Boolean(), nullable=False, server_default=sa.false()),
        need("status", sa.Text),
        may("done_at", Moment),
        may("done_by_id", sa.BigInteger),
        may("note", sa.Text),
        may("waived_by_id", sa.BigInteger),
        may("spec", sa.JSON),
        may("done_when", sa.Text),
    ]


TASK_REFERS = {
    "cta_id": "cta", "account_id": "account", "transition_id": "transition", "run_id": "run", "owner_id": "csm",
    "done_by_id": "csm", "waived_by_id": "csm",
}  # fmt: skip


def tasks() -> None:
    """A task need not be of a CTA any more. SQLite takes NOT NULL away only by copying the table."""
    if op.get_bind().dialect.name == "sqlite":
        links = [sa.ForeignKeyConstraint([c], [f"{to}.id"], name=f"fk_task_{c}") for c, to in TASK_REFERS.items()]
        table("task_new", *task_columns(), *links, called="task")
        same = f"id, uid, rev, head, {TASK_BEFORE}"
        op.execute(f"INSERT INTO task_new ({same}) SELECT {same} FROM task")
        op.execute("DELETE FROM sqlite_sequence WHERE name = 'task_new'")
        op.execute("UPDATE sqlite_sequence SET name = 'task_new' WHERE name = 'task'")
        op.execute("DROP TABLE task")
        op.execute("ALTER TABLE task_new RENAME TO task")
        index("task", "ix_task_cta_id", ["cta_id"])
    else:
        op.alter_column("task", "cta_id", nullable=True)
        op.drop_index("ix_task_owner_id", table_name="task")
        there = set(TASK_BEFORE.split(", "))
        for column in task_columns():
            if column.name in TASK_REFERS and column.name not in there:
                refer("task", column.name, TASK_REFERS[column.name])
            elif column.name not in there:
                op.add_column("task", column)
    index("task", "ix_task_owner_id", ["owner_id", "status"])
    index("task", "ix_task_provable", ["done_when", "due"], "status = 'open' AND done_when IS NOT NULL")
    for name in ("account_id", "run_id", "transition_id"):
        index("task", f"ix_task_{name}", [name])
