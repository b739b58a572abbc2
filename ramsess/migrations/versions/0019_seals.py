"""seals of periods, and the files that they hold for ever

Revision ID: 0019
Revises: 0018
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql" / "seals.sql"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "seal_keys",
        sa.Column("name", sa.String(16), primary_key=True),
        sa.Column("public_key", sa.LargeBinary(), nullable=False, unique=True),
        sa.Column("since", moment, server_default=sa.func.now(), nullable=False),
        sa.CheckConstraint("length(public_key) = 32", name="is_ed25519"),
    )
    op.create_table(
        "seals",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "period_id", sa.Integer(), sa.ForeignKey("periods.id"), nullable=False, unique=True
        ),
        sa.Column("address", sa.String(16), nullable=False, unique=True),
        sa.Column("manifest", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False, unique=True),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("key_name", sa.String(16), sa.ForeignKey("seal_keys.name"), nullable=False),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("sealed_at", moment, nullable=False),
        sa.CheckConstraint("digest = encode(sha256(manifest), 'hex')", name="digest_is_sha256"),
        sa.CheckConstraint("length(signature) = 64", name="signature_is_ed25519"),
    )
    op.create_table(
        "sealed_files",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("seal_id", sa.Integer(), sa.ForeignKey("seals.id"), nullable=False),
        sa.Column("edition", sa.String(9), nullable=False),
        sa.Column("suffix", sa.String(4), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.UniqueConstraint("seal_id", "edition", "suffix"),
        sa.CheckConstraint("edition IN ('network', 'detail', 'region')", name="edition_is_known"),
        sa.CheckConstraint("digest = encode(sha256(content), 'hex')", name="digest_is_sha256"),
    )
    # The file says first what the guard owns, then who sees which row.
    functions, rows = SQL.read_text(encoding="utf-8").split("-- Rows.\n")
    op.execute("SET ROLE ramsess_guard")
    op.execute(functions)
    op.execute("REVOKE ALL ON ALL FUNCTIONS IN SCHEMA sight FROM PUBLIC")
    op.execute("SET ROLE ramsess_owner")
    op.execute(rows)
