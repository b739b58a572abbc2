"""imports made through the pages, and how structures' own spreadsheets are read

Revision ID: 0015
Revises: 0014
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql" / "imports.sql"
STATES = ("checking", "asking", "refused", "checked", "writing", "written", "undoing", "undone",
          "interrupted", "failed", "dropped")  # fmt: skip


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "imports",
        sa.Column("id", sa.Integer(), primary_key=True),
        _public_id(),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("structures", ARRAY(sa.Integer()), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("step", sa.String(60), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("counts", JSONB(), nullable=False),
        sa.Column("operation", sa.Uuid(), unique=True),
        sa.Column("at", moment, server_default=sa.func.now(), nullable=False),
        sa.Column("ended_at", moment),
        sa.CheckConstraint("digest ~ '^[0-9a-f]{64}$'", name="digest_is_sha256"),
        sa.CheckConstraint(
            "state IN (" + ", ".join(f"'{state}'" for state in STATES) + ")", name="state_is_known"
        ),
        sa.CheckConstraint("done BETWEEN 0 AND total", name="progress_is_a_part"),
    )
    op.create_index("ix_imports_account_id", "imports", ["account_id"])
    op.create_table(
        "mappings",
        sa.Column("id", sa.Integer(), primary_key=True),
        _public_id(),
        sa.Column("structure_id", sa.Integer(), sa.ForeignKey("structures.id"), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("sheet", sa.String(20), nullable=False),
        sa.Column("headings", ARRAY(sa.String(120)), nullable=False),
        sa.Column("columns", JSONB(), nullable=False),
        sa.Column("codes", JSONB(), nullable=False),
        sa.UniqueConstraint("structure_id", "name"),
        sa.CheckConstraint(
            "sheet IN ('Bénéficiaires', 'Parcours', 'Actes', 'Séances')", name="sheet_is_known"
        ),
        sa.CheckConstraint("name <> ''", name="has_a_name"),
    )
    op.execute(SQL.read_text(encoding="utf-8"))


def _public_id() -> sa.Column[object]:
    return sa.Column(
        "public_id",
        sa.Uuid(),
        server_default=sa.text("gen_random_uuid()"),
        nullable=False,
        unique=True,
    )
