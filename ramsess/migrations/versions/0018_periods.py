"""periods that are handed in and consolidated, what is said of them

Revision ID: 0018
Revises: 0017
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql" / "periods.sql"
WHOLE_PERIOD = (
    "first_on = date_trunc(kind, first_on)::date AND last_on = (date_trunc(kind, first_on)"
    " + CASE kind WHEN 'year' THEN interval '1 year' ELSE interval '3 months' END"
    " - interval '1 day')::date"
)


def upgrade() -> None:
    op.create_table(
        "periods",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "public_id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            unique=True,
        ),
        sa.Column("kind", sa.String(7), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date()),
        sa.Column("consolidated_on", sa.Date()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.UniqueConstraint("first_on", "last_on"),
        sa.CheckConstraint("kind IN ('quarter', 'year')", name="kind_is_known"),
        sa.CheckConstraint(WHOLE_PERIOD, name="whole_quarter_or_year"),
    )
    op.create_table(
        "hand_ins",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("period_id", sa.Integer(), sa.ForeignKey("periods.id"), nullable=False),
        sa.Column("structure_id", sa.Integer(), sa.ForeignKey("structures.id"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(10), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("figures", postgresql.JSONB()),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.CheckConstraint(
            "step IN ('handed_in', 'taken_back', 'sent_back')", name="step_is_known"
        ),
        sa.CheckConstraint("step <> 'sent_back' OR remark <> ''", name="sent_back_says_why"),
        sa.CheckConstraint("number > 0", name="numbered_from_one"),
        sa.UniqueConstraint("period_id", "structure_id", "number"),
    )
    op.create_table(
        "table_comments",
        sa.Column("period_id", sa.Integer(), sa.ForeignKey("periods.id"), primary_key=True),
        sa.Column("table_id", sa.String(5), primary_key=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("table_id ~ '^(B[0-9]{2}[A-Z]?|BILAN)$'", name="of_a_table"),
        sa.CheckConstraint("text <> ''", name="says_something"),
    )
    # The file says first what the guard owns, then who sees which row.
    functions, policies = SQL.read_text(encoding="utf-8").split("-- Rows.\n")
    op.execute("SET ROLE ramsess_guard")
    op.execute(functions)
    op.execute("REVOKE ALL ON ALL FUNCTIONS IN SCHEMA sight FROM PUBLIC")
    op.execute("SET ROLE ramsess_owner")
    op.execute(policies)
