"""Which login of the database wrote an act, and the doors that row-level security needs beside its policies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

ON_SERVER = (
    "ALTER TABLE act ALTER COLUMN via SET DEFAULT session_user",
    # An act of many changes is written before its words are known; only its own transaction may complete it.
    """
    CREATE FUNCTION finish_act(act_id bigint, words text, taken_back bigint, outcome json) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        UPDATE act SET what = words, undoes = taken_back, result = outcome
        WHERE id = act_id AND via = session_user
          AND (at = now() OR (SELECT value FROM info WHERE key = 'kind') <> 'team')
    $$""",
    # That somebody did something is no secret; what she did is. Screens ask this many times a second.
    """
    CREATE FUNCTION journal_ids(low bigint) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
        SELECT id FROM act WHERE id > low ORDER BY id
    $$""",
    """
    CREATE FUNCTION journal_last() RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
        SELECT coalesce(max(id), 0) FROM act
    $$""",
    # How much an act changed is no secret either; asking row by row who may see each would take as long as the act did.
    """
    CREATE FUNCTION changes_made(act bigint) RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
        SELECT count(*) FROM change c WHERE c.act_id = act
    $$""",
)


def upgrade() -> None:
    op.add_column("act", sa.Column("via", sa.Text(), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        for statement in ON_SERVER:
            op.execute(statement)
