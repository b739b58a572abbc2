"""changes: what each row was before, and the operation that changed it

Revision ID: 0011
Revises: 0010
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql" / "history.sql"
ABOUT = ("person_id", "act_id", "parcours_id")


def upgrade() -> None:
    # A structure whose workbook names somebody knows her from that day.
    op.add_column(
        "exchange_keys",
        sa.Column(
            "since",
            sa.Date(),
            server_default=sa.text("(now() AT TIME ZONE 'Europe/Paris')::date"),
            nullable=False,
        ),
    )
    op.create_table(
        "changes",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("operation", sa.Uuid(), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("accounts.id", ondelete="SET NULL")),
        sa.Column("noun", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(1), nullable=False),
        sa.Column("key", postgresql.JSONB(), nullable=False),
        sa.Column("before", postgresql.JSONB()),
        sa.Column("after", postgresql.JSONB()),
        *(sa.Column(name, sa.Integer()) for name in (*ABOUT, "structure_id")),
        sa.CheckConstraint("kind IN ('I', 'U', 'D')", name="kind_is_known"),
    )
    op.create_index("ix_changes_operation", "changes", ["operation"])
    op.create_index("ix_changes_account_id", "changes", ["account_id"])
    # The keys of rows added together are a list, which nobody looks for.
    op.create_index(
        "ix_changes_noun_key", "changes", ["noun", "key"], postgresql_where=sa.text("kind <> 'I'")
    )
    for name in ABOUT:
        op.create_index(
            f"ix_changes_{name}", "changes", [name], postgresql_where=sa.text(f"{name} IS NOT NULL")
        )
    # The file says first what the guard owns, then who sees which row.
    functions, policies = SQL.read_text(encoding="utf-8").split("-- Rows.\n")
    op.execute("SET ROLE ramsess_guard")
    op.execute(functions)
    op.execute("REVOKE ALL ON ALL FUNCTIONS IN SCHEMA sight FROM PUBLIC")
    op.execute("SET ROLE ramsess_owner")
    op.execute(policies)
