"""messages between structures

Revision ID: 0010
Revises: 0005
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0005"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql" / "collective.sql"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.add_column("accounts", sa.Column("digested_at", moment))
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "public_id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            unique=True,
        ),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("structure_id", sa.Integer(), sa.ForeignKey("structures.id")),
        sa.Column("parcours_id", sa.Integer(), sa.ForeignKey("parcours.id", ondelete="CASCADE")),
        sa.Column(
            "session_id",
            sa.Integer(),
            sa.ForeignKey("group_sessions.act_id", ondelete="CASCADE"),
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sent_at", moment, server_default=sa.func.now(), nullable=False),
        sa.Column("withdrawn_at", moment),
        sa.Column("request_key", sa.Uuid(), unique=True),
        sa.CheckConstraint("num_nonnulls(parcours_id, session_id) <= 1", name="about_one_thing"),
        sa.CheckConstraint("withdrawn_at IS NULL OR text = ''", name="withdrawn_without_text"),
    )
    for column in ("parcours_id", "session_id", "sent_at"):
        op.create_index(f"ix_messages_{column}", "messages", [column])
    for table, first, second in (
        ("message_mentions", "message", "account"),
        ("message_readings", "account", "message"),
    ):
        op.create_table(
            table,
            *(
                sa.Column(
                    f"{name}_id",
                    sa.Integer(),
                    sa.ForeignKey(f"{name}s.id", ondelete="CASCADE"),
                    primary_key=True,
                )
                for name in (first, second)
            ),
        )
        op.create_index(f"ix_{table}_{second}_id", table, [f"{second}_id"])
    # The file says first what the guard owns, then who sees which row.
    functions, policies = SQL.read_text(encoding="utf-8").split("-- Rows.\n")
    op.execute("SET ROLE ramsess_guard")
    op.execute(functions)
    op.execute("REVOKE ALL ON ALL FUNCTIONS IN SCHEMA sight FROM PUBLIC")
    op.execute("SET ROLE ramsess_owner")
    op.execute(policies)
