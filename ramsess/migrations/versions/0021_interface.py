"""tokens of the programming interface, the DLA's words for our codes

Revision ID: 0021
Revises: 0020
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql" / "interface.sql"
ASKED = "sight.scope(text), sight.holds(text)"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "account_id",
            sa.Integer(),
            sa.ForeignKey("accounts.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("role_name", sa.String(16), sa.ForeignKey("roles.name"), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("request_key", sa.Uuid(), unique=True),
        sa.Column("created_at", moment, server_default=sa.func.now(), nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.Column("used_at", moment),
        sa.Column("revoked_at", moment),
        sa.CheckConstraint("name <> ''", name="named"),
        sa.CheckConstraint(
            "expires_at <= created_at + interval '366 days'", name="a_year_at_most"
        ),
    )
    op.create_index("ix_api_tokens_account_id", "api_tokens", ["account_id"])
    op.create_table(
        "dla_terms",
        sa.Column("list", sa.String(20), primary_key=True),
        sa.Column("code", sa.String(8), primary_key=True),
        sa.Column("term", sa.String(120), primary_key=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date()),
        sa.Column("valid_to", sa.Date()),
        sa.CheckConstraint("code ~ '^[A-Z0-9]{1,8}$'", name="code_is_plain"),
        sa.CheckConstraint("valid_to >= valid_from", name="closed_after_opened"),
        sa.CheckConstraint("term <> '' OR note <> ''", name="says_something"),
    )
    read, decided, policies = SQL.read_text(encoding="utf-8").split("-- PART\n")
    op.execute(read)
    op.execute("SET ROLE ramsess_guard")
    op.execute(decided)
    op.execute(f"REVOKE ALL ON FUNCTION {ASKED} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {ASKED} TO ramsess_owner, ramsess_app, ramsess_batch")
    op.execute("SET ROLE ramsess_owner")
    op.execute(policies)
