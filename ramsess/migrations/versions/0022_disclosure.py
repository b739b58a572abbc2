"""the count of persons below which nothing is published

Revision ID: 0022
Revises: 0021
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql" / "disclosure.sql"


def upgrade() -> None:
    op.create_table(
        "disclosure_limits",
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("label", sa.String(120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "code ~ '^[A-Z0-9]{1,8}$'", name=op.f("ck_disclosure_limits_code_is_plain")
        ),
        sa.CheckConstraint(
            "valid_to >= valid_from", name=op.f("ck_disclosure_limits_closed_after_opened")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_disclosure_limits_amount_positive")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_disclosure_limits")),
    )
    op.execute(SQL.read_text(encoding="utf-8"))
