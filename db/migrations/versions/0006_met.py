"""Who was met when, by whom, for which account: what attendance says, along an index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db import met
from db.models.base import Moment

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    bind = op.get_bind()
    op.create_table(
        "met",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("csm_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("activity_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "csm_id", "account_id", "at", "activity_id", name="pk_met"),
        sqlite_strict=True, sqlite_with_rowid=False,
    )  # fmt: skip
    op.create_index("ix_met_activity_id", "met", ["activity_id"], unique=False)
    met.make(bind.exec_driver_sql, "postgresql" if bind.dialect.name == "postgresql" else "sqlite")
