"""Pods, absences, lanes, engagement policies, comments and interventions."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from db.models.base import Moment

revision = "0002"
down_revision = "0001"

ID = sa.BigInteger()
TABLE: dict[str, Any] = {"sqlite_autoincrement": True, "sqlite_strict": True}


def need(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind(), nullable=False)


def may(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind(), nullable=True)


def thing() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", ID, nullable=False),
        need("uid", sa.LargeBinary),
        need("rev", sa.BigInteger),
        need("head", sa.LargeBinary),
    ]


def refer(table: str, column: str, other: str) -> None:
    """A column with its foreign key in one statement, the one way SQLite takes it without copying the table."""
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind} CONSTRAINT fk_{table}_{column} REFERENCES {other} (id)")


def upgrade() -> None:
    op.create_table(
        "pod",
        *thing(),
        need("name", sa.Text),
        need("active", sa.Boolean),
        sa.PrimaryKeyConstraint("id", name="pk_pod"),
        sa.UniqueConstraint("name", name="uq_pod_name"),
        sa.UniqueConstraint("uid", name="uq_pod_uid"),
        **TABLE,
    )
    op.create_table(
        "away",
        *thing(),
        need("csm_id", sa.BigInteger),
        need("first", sa.Date),
        need("last", sa.Date),
        may("cover_id", sa.BigInteger),
        may("note", sa.Text),
        may("ended_at", Moment),
        sa.ForeignKeyConstraint(["cover_id"], ["csm.id"], name="fk_away_cover_id"),
        sa.ForeignKeyConstraint(["csm_id"], ["csm.id"], name="fk_away_csm_id"),
        sa.PrimaryKeyConstraint("id", name="pk_away"),
        sa.UniqueConstraint("uid", name="uq_away_uid"),
        **TABLE,
    )
    op.create_index("ix_away_cover_id", "away", ["cover_id"], unique=False)
    op.create_index("ix_away_csm_last", "away", ["csm_id", "last"], unique=False)
    op.create_table(
        "pod_member",
        *thing(),
        need("pod_id", sa.BigInteger),
        need("csm_id", sa.BigInteger),
        need("is_senior", sa.Boolean),
        sa.ForeignKeyConstraint(["csm_id"], ["csm.id"], name="fk_pod_member_csm_id"),
        sa.ForeignKeyConstraint(["pod_id"], ["pod.id"], name="fk_pod_member_pod_id"),
        sa.PrimaryKeyConstraint("id", name="pk_pod_member"),
        sa.UniqueConstraint("pod_id", "csm_id", name="uq_pod_member_pod_id_csm_id"),
        sa.UniqueConstraint("uid", name="uq_pod_member_uid"),
        **TABLE,
    )
    op.create_index("ix_pod_member_csm_id", "pod_member", ["csm_id"], unique=False)
    op.create_index("ix_pod_member_pod_id", "pod_member", ["pod_id"], unique=False)
    op.create_table(
        "presence",
        need("csm_id", sa.BigInteger),
        need("seen_at", Moment),
        need("screen", sa.Text),
        sa.ForeignKeyConstraint(["csm_id"], ["csm.id"], name="fk_presence_csm_id"),
        sa.PrimaryKeyConstraint("csm_id", name="pk_presence"),
        sqlite_strict=True,
    )
    op.create_table(
        "comment",
        *thing(),
        need("cta_id", sa.BigInteger),
        may("author_id", sa.BigInteger),
        need("body", sa.Text),
        need("at", Moment),
        need("asks_opinion", sa.Boolean),
        sa.ForeignKeyConstraint(["author_id"], ["csm.id"], name="fk_comment_author_id"),
        sa.ForeignKeyConstraint(["cta_id"], ["cta.id"], name="fk_comment_cta_id"),
        sa.PrimaryKeyConstraint("id", name="pk_comment"),
        sa.UniqueConstraint("uid", name="uq_comment_uid"),
        **TABLE,
    )
    op.create_index("ix_comment_author_id", "comment", ["author_id"], unique=False)
    op.create_index("ix_comment_cta_id", "comment", ["cta_id"], unique=False)
    op.create_table(
        "cta_person",
        *thing(),
        need("cta_id", sa.BigInteger),
        need("person_id", sa.BigInteger),
        sa.ForeignKeyConstraint(["cta_id"], ["cta.id"], name="fk_cta_person_cta_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_cta_person_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_cta_person"),
        sa.UniqueConstraint("cta_id", "person_id", name="uq_cta_person_cta_id_person_id"),
        sa.UniqueConstraint("uid", name="uq_cta_person_uid"),
        **TABLE,
    )
    op.create_index("ix_cta_person_cta_id", "cta_person", ["cta_id"], unique=False)
    op.create_index("ix_cta_person_person_id", "cta_person", ["person_id"], unique=False)
    op.create_table(
        "intervention",
        *thing(),
        need("account_id", sa.BigInteger),
        may("cta_id", sa.BigInteger),
        may("csm_id", sa.BigInteger),
        need("stage", sa.Text),
        need("claimed_at", Moment),
        may("reached_at", Moment),
        may("engaged_at", Moment),
        may("on_plan_at", Moment),
        may("on_track_at", Moment),
        may("ended_at", Moment),
        may("criterion", sa.Text),
        may("plan", sa.Text),
        may("handoff_note", sa.Text),
        may("articles", sa.JSON),
        may("end_reason", sa.Text),
        may("proposed_at", Moment),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_intervention_account_id"),
        sa.ForeignKeyConstraint(["csm_id"], ["csm.id"], name="fk_intervention_csm_id"),
        sa.ForeignKeyConstraint(["cta_id"], ["cta.id"], name="fk_intervention_cta_id"),
        sa.PrimaryKeyConstraint("id", name="pk_intervention"),
        sa.UniqueConstraint("uid", name="uq_intervention_uid"),
        **TABLE,
    )
    op.create_index("ix_intervention_account_id", "intervention", ["account_id"], unique=False)
    op.create_index("ix_intervention_csm", "intervention", ["csm_id", "stage"], unique=False)
    op.create_index("ix_intervention_cta_id", "intervention", ["cta_id"], unique=False)
    op.create_index(
        "uq_intervention_running",
        "intervention",
        ["account_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "review",
        *thing(),
        need("cta_id", sa.BigInteger),
        may("reviewer_id", sa.BigInteger),
        need("verdict", sa.Text),
        may("note", sa.Text),
        need("at", Moment),
        sa.ForeignKeyConstraint(["cta_id"], ["cta.id"], name="fk_review_cta_id"),
        sa.ForeignKeyConstraint(["reviewer_id"], ["csm.id"], name="fk_review_reviewer_id"),
        sa.PrimaryKeyConstraint("id", name="pk_review"),
        sa.UniqueConstraint("uid", name="uq_review_uid"),
        **TABLE,
    )
    op.create_index("ix_review_cta_id", "review", ["cta_id"], unique=False)
    op.create_index("ix_review_reviewer_id", "review", ["reviewer_id"], unique=False)
    op.create_table(
        "shadow",
        *thing(),
        need("cta_id", sa.BigInteger),
        need("csm_id", sa.BigInteger),
        sa.ForeignKeyConstraint(["csm_id"], ["csm.id"], name="fk_shadow_csm_id"),
        sa.ForeignKeyConstraint(["cta_id"], ["cta.id"], name="fk_shadow_cta_id"),
        sa.PrimaryKeyConstraint("id", name="pk_shadow"),
        sa.UniqueConstraint("cta_id", "csm_id", name="uq_shadow_cta_id_csm_id"),
        sa.UniqueConstraint("uid", name="uq_shadow_uid"),
        **TABLE,
    )
    op.create_index("ix_shadow_csm_id", "shadow", ["csm_id"], unique=False)
    op.create_index("ix_shadow_cta_id", "shadow", ["cta_id"], unique=False)
    op.create_table(
        "mention",
        *thing(),
        need("comment_id", sa.BigInteger),
        need("csm_id", sa.BigInteger),
        may("seen_at", Moment),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name="fk_mention_comment_id"),
        sa.ForeignKeyConstraint(["csm_id"], ["csm.id"], name="fk_mention_csm_id"),
        sa.PrimaryKeyConstraint("id", name="pk_mention"),
        sa.UniqueConstraint("comment_id", "csm_id", name="uq_mention_comment_id_csm_id"),
        sa.UniqueConstraint("uid", name="uq_mention_uid"),
        **TABLE,
    )
    op.create_index("ix_mention_comment_id", "mention", ["comment_id"], unique=False)
    op.create_index("ix_mention_csm_id", "mention", ["csm_id"], unique=False)
    refer("account", "pod_id", "pod")
    op.create_index("ix_account_pod_id", "account", ["pod_id"], unique=False)
    op.add_column("csm", may("skills", sa.Text))
    op.add_column("csm", may("hours_week", sa.BigInteger))
    op.add_column("csm", sa.Column("limit_percent", sa.BigInteger(), nullable=False, server_default="100"))
    op.add_column("cta", may("lane", sa.Text))
    op.add_column("cta", may("skill", sa.Text))
    refer("cta", "opportunity_id", "opportunity")
    op.add_column("cta", may("first_claimed_at", Moment))
    op.add_column("cta", sa.Column("returned", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("cta", may("repeats", sa.Text))
    op.create_index("ix_cta_opportunity_id", "cta", ["opportunity_id"], unique=False)
    op.create_index(
        "ix_cta_leased",
        "cta",
        ["pool_id", "touched_at"],
        unique=False,
        sqlite_where=sa.text("owner_id IS NOT NULL AND status = 'open' AND snoozed_at IS NULL"),
        postgresql_where=sa.text("owner_id IS NOT NULL AND status = 'open' AND snoozed_at IS NULL"),
    )
    op.add_column("cta_type", may("minutes", sa.BigInteger))
    op.add_column("pool", may("push", sa.Text))
    op.add_column("pool_member", may("lane", sa.Text))
    op.add_column("pool_member", may("pushed_at", Moment))
    op.add_column("reason", may("lane", sa.Text))
    op.add_column("reason", may("skill", sa.Text))
    op.add_column("segment", may("arr_from", sa.BigInteger))
    op.add_column("segment", may("touch_days", sa.BigInteger))
    op.add_column("segment", may("digital_days", sa.BigInteger))
    op.add_column("segment", may("network_min", sa.BigInteger))
    op.add_column("segment", may("network_window", sa.BigInteger))
    op.add_column("segment", may("coverage_goal", sa.BigInteger))
    op.add_column("segment", may("ebr_per_year", sa.BigInteger))
    op.add_column("segment", may("nps_per_year", sa.BigInteger))
    op.add_column("segment", may("max_open", sa.BigInteger))
    op.add_column("segment", may("max_per_day", sa.BigInteger))
    op.add_column("segment", may("minutes_month", sa.BigInteger))
    op.add_column("segment", may("expected_grr", sa.BigInteger))
    op.add_column("segment", may("expected_nrr", sa.BigInteger))
    op.add_column("segment", may("served_by", sa.Text))
