"""The first tables."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from db.models.base import Moment

revision = "0001"
down_revision = None

ID = sa.BigInteger()
TABLE: dict[str, Any] = {"sqlite_autoincrement": True, "sqlite_strict": True}


def need(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind(), nullable=False)


def may(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind(), nullable=True)


def thing() -> list[sa.Column[Any]]:
    return [sa.Column("id", ID, nullable=False), need("uid", sa.LargeBinary), need("rev", sa.BigInteger), need("head", sa.LargeBinary)]


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE FUNCTION chain(bytea, bytea) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT sha256($1 || $2)'")
    op.create_table(
        "activity_type",
        *thing(),
        need("name", sa.Text),
        need("is_meeting", sa.Boolean),
        need("active", sa.Boolean),
        sa.PrimaryKeyConstraint("id", name="pk_activity_type"),
        sa.UniqueConstraint("name", name="uq_activity_type_name"),
        sa.UniqueConstraint("uid", name="uq_activity_type_uid"),
        **TABLE,
    )
    op.create_table(
        "csm",
        *thing(),
        need("login", sa.Text),
        need("name", sa.Text),
        may("email", sa.Text),
        need("role", sa.Text),
        need("active", sa.Boolean),
        sa.PrimaryKeyConstraint("id", name="pk_csm"),
        sa.UniqueConstraint("login", name="uq_csm_login"),
        sa.UniqueConstraint("uid", name="uq_csm_uid"),
        **TABLE,
    )
    op.create_table(
        "cta_type",
        *thing(),
        need("name", sa.Text),
        need("label", sa.Text),
        may("required_at_close", sa.Text),
        need("active", sa.Boolean),
        sa.PrimaryKeyConstraint("id", name="pk_cta_type"),
        sa.UniqueConstraint("name", name="uq_cta_type_name"),
        sa.UniqueConstraint("uid", name="uq_cta_type_uid"),
        **TABLE,
    )
    op.create_table(
        "external_id",
        *thing(),
        need("system", sa.Text),
        need("thing", sa.Text),
        need("key", sa.Text),
        need("thing_id", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_external_id"),
        sa.UniqueConstraint("system", "thing", "key", name="uq_external_id_system_thing_key"),
        sa.UniqueConstraint("uid", name="uq_external_id_uid"),
        **TABLE,
    )
    op.create_index("ix_external_id_thing", "external_id", ["thing", "thing_id"], unique=False)
    op.create_table(
        "info",
        need("key", sa.Text),
        need("value", sa.Text),
        sa.PrimaryKeyConstraint("key", name="pk_info"),
        sqlite_strict=True,
    )
    op.create_table(
        "person",
        *thing(),
        need("name", sa.Text),
        may("email", sa.Text),
        may("phone", sa.Text),
        may("language", sa.Text),
        may("left_on", sa.Date),
        need("opted_out", sa.Boolean),
        need("bounced", sa.Boolean),
        may("extra", sa.JSON),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.UniqueConstraint("uid", name="uq_person_uid"),
        **TABLE,
    )
    op.create_index("ix_person_email", "person", ["email"], unique=False)
    op.create_index("ix_person_name", "person", ["name", "id"], unique=False)
    op.create_table(
        "playbook",
        *thing(),
        need("name", sa.Text),
        need("version", sa.BigInteger),
        need("steps", sa.JSON),
        need("active", sa.Boolean),
        sa.PrimaryKeyConstraint("id", name="pk_playbook"),
        sa.UniqueConstraint("name", "version", name="uq_playbook_name_version"),
        sa.UniqueConstraint("uid", name="uq_playbook_uid"),
        **TABLE,
    )
    op.create_table(
        "pool",
        *thing(),
        need("name", sa.Text),
        need("time_zone", sa.Text),
        may("calendar", sa.Text),
        need("currency", sa.Text),
        need("lease_days", sa.BigInteger),
        may("max_open", sa.BigInteger),
        may("max_per_day", sa.BigInteger),
        need("active", sa.Boolean),
        sa.PrimaryKeyConstraint("id", name="pk_pool"),
        sa.UniqueConstraint("name", name="uq_pool_name"),
        sa.UniqueConstraint("uid", name="uq_pool_uid"),
        **TABLE,
    )
    op.create_table(
        "product",
        *thing(),
        need("name", sa.Text),
        need("active", sa.Boolean),
        sa.PrimaryKeyConstraint("id", name="pk_product"),
        sa.UniqueConstraint("name", name="uq_product_name"),
        sa.UniqueConstraint("uid", name="uq_product_uid"),
        **TABLE,
    )
    op.create_table(
        "reason",
        *thing(),
        need("name", sa.Text),
        need("active", sa.Boolean),
        sa.PrimaryKeyConstraint("id", name="pk_reason"),
        sa.UniqueConstraint("name", name="uq_reason_name"),
        sa.UniqueConstraint("uid", name="uq_reason_uid"),
        **TABLE,
    )
    op.create_table(
        "segment",
        *thing(),
        need("name", sa.Text),
        need("active", sa.Boolean),
        sa.PrimaryKeyConstraint("id", name="pk_segment"),
        sa.UniqueConstraint("name", name="uq_segment_name"),
        sa.UniqueConstraint("uid", name="uq_segment_uid"),
        **TABLE,
    )
    op.create_table(
        "setting",
        *thing(),
        need("key", sa.Text),
        need("value", sa.JSON),
        sa.PrimaryKeyConstraint("id", name="pk_setting"),
        sa.UniqueConstraint("key", name="uq_setting_key"),
        sa.UniqueConstraint("uid", name="uq_setting_uid"),
        **TABLE,
    )
    op.create_table(
        "account",
        *thing(),
        need("name", sa.Text),
        may("parent_id", sa.BigInteger),
        need("status", sa.Text),
        may("segment_id", sa.BigInteger),
        may("owner_id", sa.BigInteger),
        may("pool_id", sa.BigInteger),
        need("served_by", sa.Text),
        may("region", sa.Text),
        may("industry", sa.Text),
        may("domain", sa.Text),
        may("language", sa.Text),
        may("time_zone", sa.Text),
        may("stage", sa.Text),
        may("arr", sa.BigInteger),
        may("currency", sa.Text),
        may("renewal_date", sa.Date),
        may("go_live", sa.Date),
        may("health", sa.BigInteger),
        may("health_before", sa.BigInteger),
        need("is_test", sa.Boolean),
        may("extra", sa.JSON),
        sa.ForeignKeyConstraint(["owner_id"], ["csm.id"], name="fk_account_owner_id"),
        sa.ForeignKeyConstraint(["parent_id"], ["account.id"], name="fk_account_parent_id"),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name="fk_account_pool_id"),
        sa.ForeignKeyConstraint(["segment_id"], ["segment.id"], name="fk_account_segment_id"),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("uid", name="uq_account_uid"),
        **TABLE,
    )
    op.create_index("ix_account_arr", "account", ["arr", "id"], unique=False)
    op.create_index("ix_account_health", "account", ["health", "id"], unique=False)
    op.create_index("ix_account_name", "account", ["name", "id"], unique=False)
    op.create_index("ix_account_owner_id", "account", ["owner_id"], unique=False)
    op.create_index("ix_account_parent_id", "account", ["parent_id"], unique=False)
    op.create_index("ix_account_pool_id", "account", ["pool_id"], unique=False)
    op.create_index("ix_account_renewal_date", "account", ["renewal_date"], unique=False)
    op.create_index("ix_account_segment_id", "account", ["segment_id"], unique=False)
    op.create_table(
        "act",
        sa.Column("id", ID, nullable=False),
        need("uid", sa.LargeBinary),
        need("at", Moment),
        may("actor_id", sa.BigInteger),
        need("actor", sa.Text),
        need("face", sa.Text),
        need("verb", sa.Text),
        need("what", sa.Text),
        may("undoes", sa.BigInteger),
        may("result", sa.JSON),
        sa.ForeignKeyConstraint(["actor_id"], ["csm.id"], name="fk_act_actor_id"),
        sa.ForeignKeyConstraint(["undoes"], ["act.id"], name="fk_act_undoes"),
        sa.PrimaryKeyConstraint("id", name="pk_act"),
        sa.UniqueConstraint("uid", name="uq_act_uid"),
        **TABLE,
    )
    op.create_index("ix_act_actor_id", "act", ["actor_id"], unique=False)
    op.create_index("ix_act_at", "act", ["at"], unique=False)
    op.create_index(
        "ix_act_seal",
        "act",
        ["id"],
        unique=False,
        sqlite_where=sa.text("verb = 'seal'"),
        postgresql_where=sa.text("verb = 'seal'"),
    )
    op.create_index("ix_act_undoes", "act", ["undoes"], unique=False)
    op.create_table(
        "pool_member",
        *thing(),
        need("pool_id", sa.BigInteger),
        need("csm_id", sa.BigInteger),
        sa.ForeignKeyConstraint(["csm_id"], ["csm.id"], name="fk_pool_member_csm_id"),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name="fk_pool_member_pool_id"),
        sa.PrimaryKeyConstraint("id", name="pk_pool_member"),
        sa.UniqueConstraint("pool_id", "csm_id", name="uq_pool_member_pool_id_csm_id"),
        sa.UniqueConstraint("uid", name="uq_pool_member_uid"),
        **TABLE,
    )
    op.create_index("ix_pool_member_csm_id", "pool_member", ["csm_id"], unique=False)
    op.create_index("ix_pool_member_pool_id", "pool_member", ["pool_id"], unique=False)
    op.create_table(
        "view",
        *thing(),
        need("name", sa.Text),
        need("screen", sa.Text),
        may("owner_id", sa.BigInteger),
        need("shared", sa.Boolean),
        need("query", sa.Text),
        may("sort", sa.Text),
        may("columns", sa.JSON),
        sa.ForeignKeyConstraint(["owner_id"], ["csm.id"], name="fk_view_owner_id"),
        sa.PrimaryKeyConstraint("id", name="pk_view"),
        sa.UniqueConstraint("screen", "name", "owner_id", name="uq_view_screen_name_owner_id"),
        sa.UniqueConstraint("uid", name="uq_view_uid"),
        **TABLE,
    )
    op.create_index("ix_view_owner_id", "view", ["owner_id"], unique=False)
    op.create_table(
        "change",
        sa.Column("id", ID, nullable=False),
        need("act_id", sa.BigInteger),
        need("thing", sa.Text),
        need("thing_id", sa.BigInteger),
        need("thing_uid", sa.LargeBinary),
        need("seq", sa.BigInteger),
        need("kind", sa.Text),
        may("fields", sa.JSON),
        may("salt", sa.LargeBinary),
        need("digest", sa.LargeBinary),
        need("head", sa.LargeBinary),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name="fk_change_act_id"),
        sa.PrimaryKeyConstraint("id", name="pk_change"),
        sa.UniqueConstraint("thing", "thing_id", "seq", name="uq_change_thing_thing_id_seq"),
        **TABLE,
    )
    op.create_index("ix_change_act", "change", ["act_id"], unique=False)
    op.create_table(
        "cta",
        *thing(),
        need("account_id", sa.BigInteger),
        may("pool_id", sa.BigInteger),
        need("type_id", sa.BigInteger),
        need("reason_id", sa.BigInteger),
        need("title", sa.Text),
        may("description", sa.Text),
        need("priority", sa.Text),
        need("flagged", sa.Boolean),
        need("status", sa.Text),
        may("owner_id", sa.BigInteger),
        may("due", sa.Date),
        need("opened_at", Moment),
        may("claimed_at", Moment),
        may("touched_at", Moment),
        may("snoozed_at", Moment),
        may("snoozed_until", sa.Date),
        may("snooze_reason", sa.Text),
        may("snooze_wake", sa.Text),
        may("left_note", sa.Text),
        may("outcome", sa.Text),
        may("close_note", sa.Text),
        may("closed_at", Moment),
        may("playbook_id", sa.BigInteger),
        need("source", sa.Text),
        need("rank", sa.BigInteger),
        may("rescore_at", sa.Date),
        may("extra", sa.JSON),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_cta_account_id"),
        sa.ForeignKeyConstraint(["owner_id"], ["csm.id"], name="fk_cta_owner_id"),
        sa.ForeignKeyConstraint(["playbook_id"], ["playbook.id"], name="fk_cta_playbook_id"),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name="fk_cta_pool_id"),
        sa.ForeignKeyConstraint(["reason_id"], ["reason.id"], name="fk_cta_reason_id"),
        sa.ForeignKeyConstraint(["type_id"], ["cta_type.id"], name="fk_cta_type_id"),
        sa.PrimaryKeyConstraint("id", name="pk_cta"),
        sa.UniqueConstraint("uid", name="uq_cta_uid"),
        **TABLE,
    )
    op.create_index("ix_cta_account", "cta", ["account_id", "status"], unique=False)
    op.create_index(
        "ix_cta_owner",
        "cta",
        ["owner_id", "status", "rank", "id"],
        unique=False,
        sqlite_where=sa.text("owner_id IS NOT NULL"),
        postgresql_where=sa.text("owner_id IS NOT NULL"),
    )
    op.create_index("ix_cta_playbook_id", "cta", ["playbook_id"], unique=False)
    op.create_index(
        "ix_cta_queue_all",
        "cta",
        ["rank", "id"],
        unique=False,
        sqlite_where=sa.text("owner_id IS NULL AND status = 'open' AND snoozed_at IS NULL"),
        postgresql_where=sa.text("owner_id IS NULL AND status = 'open' AND snoozed_at IS NULL"),
    )
    op.create_index(
        "ix_cta_queue_due",
        "cta",
        ["due", "id"],
        unique=False,
        sqlite_where=sa.text("owner_id IS NULL AND status = 'open' AND snoozed_at IS NULL"),
        postgresql_where=sa.text("owner_id IS NULL AND status = 'open' AND snoozed_at IS NULL"),
    )
    op.create_index(
        "ix_cta_queue_opened",
        "cta",
        ["opened_at", "id"],
        unique=False,
        sqlite_where=sa.text("owner_id IS NULL AND status = 'open' AND snoozed_at IS NULL"),
        postgresql_where=sa.text("owner_id IS NULL AND status = 'open' AND snoozed_at IS NULL"),
    )
    op.create_index(
        "ix_cta_queue_pool",
        "cta",
        ["pool_id", "rank", "id"],
        unique=False,
        sqlite_where=sa.text("owner_id IS NULL AND status = 'open' AND snoozed_at IS NULL"),
        postgresql_where=sa.text("owner_id IS NULL AND status = 'open' AND snoozed_at IS NULL"),
    )
    op.create_index("ix_cta_rescore", "cta", ["rescore_at"], unique=False)
    op.create_index(
        "ix_cta_snoozed",
        "cta",
        ["snoozed_until"],
        unique=False,
        sqlite_where=sa.text("snoozed_at IS NOT NULL"),
        postgresql_where=sa.text("snoozed_at IS NOT NULL"),
    )
    op.create_index(
        "ix_cta_closed",
        "cta",
        ["closed_at", "id"],
        unique=False,
        sqlite_where=sa.text("status = 'closed'"),
        postgresql_where=sa.text("status = 'closed'"),
    )
    op.create_table(
        "dated",
        sa.Column("id", ID, nullable=False),
        need("account_id", sa.BigInteger),
        need("field", sa.Text),
        may("value", sa.Text),
        need("since", Moment),
        may("until", Moment),
        sa.PrimaryKeyConstraint("id", name="pk_dated"),
        **TABLE,
    )
    op.create_index("ix_dated_account_field_since", "dated", ["account_id", "field", "since"], unique=False)
    op.create_table(
        "event",
        *thing(),
        need("recorded", Moment),
        may("superseded", Moment),
        may("version_of", sa.BigInteger),
        need("account_id", sa.BigInteger),
        may("person_id", sa.BigInteger),
        need("type", sa.Text),
        need("day", sa.Date),
        may("body", sa.Text),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_event_account_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_event_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
        sa.UniqueConstraint("uid", name="uq_event_uid"),
        **TABLE,
    )
    op.create_index("ix_event_account_day", "event", ["account_id", "day"], unique=False)
    op.create_index("ix_event_person_id", "event", ["person_id"], unique=False)
    op.create_table(
        "membership",
        *thing(),
        need("person_id", sa.BigInteger),
        need("account_id", sa.BigInteger),
        may("title", sa.Text),
        need("value_network", sa.Boolean),
        may("network_role", sa.Text),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_membership_account_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_membership_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_membership"),
        sa.UniqueConstraint("person_id", "account_id", name="uq_membership_person_id_account_id"),
        sa.UniqueConstraint("uid", name="uq_membership_uid"),
        **TABLE,
    )
    op.create_index("ix_membership_account_id", "membership", ["account_id"], unique=False)
    op.create_index("ix_membership_person_id", "membership", ["person_id"], unique=False)
    op.create_table(
        "opportunity",
        *thing(),
        need("recorded", Moment),
        may("superseded", Moment),
        may("version_of", sa.BigInteger),
        need("account_id", sa.BigInteger),
        may("name", sa.Text),
        need("type", sa.Text),
        may("stage", sa.Text),
        need("state", sa.Text),
        may("amount", sa.BigInteger),
        may("due_amount", sa.BigInteger),
        may("final_amount", sa.BigInteger),
        may("term_months", sa.BigInteger),
        need("currency", sa.Text),
        may("due_date", sa.Date),
        may("close_date", sa.Date),
        may("lead_source", sa.Text),
        need("reference_used", sa.Boolean),
        need("case_study_used", sa.Boolean),
        may("sourced_by", sa.Text),
        may("extra", sa.JSON),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_opportunity_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_opportunity"),
        sa.UniqueConstraint("uid", name="uq_opportunity_uid"),
        **TABLE,
    )
    op.create_index("ix_opportunity_account_id", "opportunity", ["account_id"], unique=False)
    op.create_table(
        "subscription",
        *thing(),
        need("recorded", Moment),
        may("superseded", Moment),
        may("version_of", sa.BigInteger),
        need("account_id", sa.BigInteger),
        may("product_id", sa.BigInteger),
        may("units", sa.BigInteger),
        need("mrr", sa.BigInteger),
        need("currency", sa.Text),
        need("starts", sa.Date),
        may("ends", sa.Date),
        may("extra", sa.JSON),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_subscription_account_id"),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name="fk_subscription_product_id"),
        sa.PrimaryKeyConstraint("id", name="pk_subscription"),
        sa.UniqueConstraint("uid", name="uq_subscription_uid"),
        **TABLE,
    )
    op.create_index("ix_subscription_account_id", "subscription", ["account_id"], unique=False)
    op.create_table(
        "survey",
        *thing(),
        need("recorded", Moment),
        may("superseded", Moment),
        may("version_of", sa.BigInteger),
        need("account_id", sa.BigInteger),
        may("person_id", sa.BigInteger),
        need("kind", sa.Text),
        may("about", sa.Text),
        need("score", sa.BigInteger),
        may("comment", sa.Text),
        need("answered", sa.Date),
        may("extra", sa.JSON),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_survey_account_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_survey_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_survey"),
        sa.UniqueConstraint("uid", name="uq_survey_uid"),
        **TABLE,
    )
    op.create_index("ix_survey_account_answered", "survey", ["account_id", "answered"], unique=False)
    op.create_index("ix_survey_person_id", "survey", ["person_id"], unique=False)
    op.create_table(
        "ticket",
        *thing(),
        need("recorded", Moment),
        may("superseded", Moment),
        may("version_of", sa.BigInteger),
        may("account_id", sa.BigInteger),
        may("person_id", sa.BigInteger),
        need("subject", sa.Text),
        may("priority", sa.Text),
        may("status", sa.Text),
        may("opened", Moment),
        may("closed", Moment),
        may("reopened", Moment),
        may("extra", sa.JSON),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_ticket_account_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_ticket_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_ticket"),
        sa.UniqueConstraint("uid", name="uq_ticket_uid"),
        **TABLE,
    )
    op.create_index("ix_ticket_account_opened", "ticket", ["account_id", "opened"], unique=False)
    op.create_index("ix_ticket_person_id", "ticket", ["person_id"], unique=False)
    op.create_table(
        "usage",
        *thing(),
        need("recorded", Moment),
        may("superseded", Moment),
        may("version_of", sa.BigInteger),
        need("account_id", sa.BigInteger),
        need("metric", sa.Text),
        need("day", sa.Date),
        need("value", sa.BigInteger),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_usage_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_usage"),
        sa.UniqueConstraint("uid", name="uq_usage_uid"),
        **TABLE,
    )
    op.create_index("ix_usage_account_metric_day", "usage", ["account_id", "metric", "day"], unique=False)
    op.create_table(
        "activity",
        *thing(),
        need("recorded", Moment),
        may("superseded", Moment),
        may("version_of", sa.BigInteger),
        need("account_id", sa.BigInteger),
        may("cta_id", sa.BigInteger),
        need("type_id", sa.BigInteger),
        may("author_id", sa.BigInteger),
        need("subject", sa.Text),
        may("body", sa.Text),
        need("at", Moment),
        need("date_only", sa.Boolean),
        may("next_step", sa.Text),
        may("next_step_due", sa.Date),
        may("extra", sa.JSON),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_activity_account_id"),
        sa.ForeignKeyConstraint(["author_id"], ["csm.id"], name="fk_activity_author_id"),
        sa.ForeignKeyConstraint(["cta_id"], ["cta.id"], name="fk_activity_cta_id"),
        sa.ForeignKeyConstraint(["type_id"], ["activity_type.id"], name="fk_activity_type_id"),
        sa.PrimaryKeyConstraint("id", name="pk_activity"),
        sa.UniqueConstraint("uid", name="uq_activity_uid"),
        **TABLE,
    )
    op.create_index("ix_activity_account_at", "activity", ["account_id", "at", "id"], unique=False)
    op.create_index("ix_activity_author_at", "activity", ["author_id", "at"], unique=False)
    op.create_index("ix_activity_cta_id", "activity", ["cta_id"], unique=False)
    op.create_table(
        "task",
        *thing(),
        need("cta_id", sa.BigInteger),
        may("owner_id", sa.BigInteger),
        need("title", sa.Text),
        need("position", sa.BigInteger),
        may("due", sa.Date),
        need("required", sa.Boolean),
        need("status", sa.Text),
        may("done_at", Moment),
        sa.ForeignKeyConstraint(["cta_id"], ["cta.id"], name="fk_task_cta_id"),
        sa.ForeignKeyConstraint(["owner_id"], ["csm.id"], name="fk_task_owner_id"),
        sa.PrimaryKeyConstraint("id", name="pk_task"),
        sa.UniqueConstraint("uid", name="uq_task_uid"),
        **TABLE,
    )
    op.create_index("ix_task_cta_id", "task", ["cta_id"], unique=False)
    op.create_index("ix_task_owner_id", "task", ["owner_id"], unique=False)
    op.create_table(
        "attendee",
        *thing(),
        need("activity_id", sa.BigInteger),
        may("person_id", sa.BigInteger),
        may("csm_id", sa.BigInteger),
        may("email", sa.Text),
        need("attended", sa.Boolean),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name="fk_attendee_activity_id"),
        sa.ForeignKeyConstraint(["csm_id"], ["csm.id"], name="fk_attendee_csm_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_attendee_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_attendee"),
        sa.UniqueConstraint("uid", name="uq_attendee_uid"),
        **TABLE,
    )
    op.create_index("ix_attendee_activity_id", "attendee", ["activity_id"], unique=False)
    op.create_index("ix_attendee_csm_id", "attendee", ["csm_id"], unique=False)
    op.create_index("ix_attendee_person_id", "attendee", ["person_id"], unique=False)
