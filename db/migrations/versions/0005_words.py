"""An index of what is written in accounts, people, CTAs and the timeline."""

from __future__ import annotations

from alembic import op

from db import words
from db.postgres import finding

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    bind = op.get_bind()
    words.make(bind.exec_driver_sql, "postgresql" if bind.dialect.name == "postgresql" else "sqlite")
    if bind.dialect.name == "postgresql":
        for statement in finding.statements(protected=False):
            bind.exec_driver_sql(statement)
