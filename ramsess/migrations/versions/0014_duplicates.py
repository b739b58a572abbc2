"""possible duplicates: pairs, what each side says of them, records merged into another

Revision ID: 0014
Revises: 0013
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql" / "duplicates.sql"


def upgrade() -> None:
    op.add_column(
        "beneficiaries",
        sa.Column(
            "merged_into_id", sa.Integer(), sa.ForeignKey("beneficiaries.id", ondelete="CASCADE")
        ),
    )
    op.create_index("ix_beneficiaries_merged_into_id", "beneficiaries", ["merged_into_id"])
    op.create_check_constraint(
        "merged_without_name",
        "beneficiaries",
        "merged_into_id IS NULL OR (nameless_since IS NOT NULL AND merged_into_id <> id)",
    )

    def person(name: str, *, nullable: bool = False) -> sa.Column[int]:
        held = sa.ForeignKey("beneficiaries.id", ondelete="CASCADE")
        return sa.Column(name, sa.Integer(), held, nullable=nullable)

    def structure(name: str) -> sa.Column[int]:
        return sa.Column(name, sa.Integer(), sa.ForeignKey("structures.id"))

    op.create_table(
        "duplicate_pairs",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "public_id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            unique=True,
        ),
        person("first_id"),
        person("second_id"),
        sa.Column("score", sa.SmallInteger(), nullable=False),
        sa.Column("reasons", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("evidence", sa.String(64), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("told_on", sa.Date()),
        structure("first_structure_id"),
        sa.Column("first_consent_on", sa.Date()),
        structure("second_structure_id"),
        sa.Column("second_consent_on", sa.Date()),
        sa.Column("verdict", sa.String(8)),
        sa.Column("ended_on", sa.Date()),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("accounts.id", ondelete="SET NULL")),
        person("kept_id", nullable=True),
        sa.Column("operation", sa.Uuid()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("first_id < second_id", name="older_first"),
        sa.CheckConstraint(
            "verdict IN ('distinct', 'refused', 'merged')", name="verdict_is_known"
        ),
        sa.CheckConstraint("(verdict IS NULL) = (ended_on IS NULL)", name="ended_once"),
        sa.CheckConstraint(
            "(coalesce(verdict, '') = 'merged') = (kept_id IS NOT NULL)", name="merged_into_one"
        ),
        sa.CheckConstraint(
            "kept_id IS NULL OR kept_id IN (first_id, second_id)", name="merged_into_one_of_both"
        ),
        sa.CheckConstraint(
            "(first_structure_id IS NULL) = (first_consent_on IS NULL) "
            "AND (second_structure_id IS NULL) = (second_consent_on IS NULL)",
            name="confirmed_with_consent",
        ),
        sa.UniqueConstraint("first_id", "second_id"),
    )
    op.create_index("ix_duplicate_pairs_second_id", "duplicate_pairs", ["second_id"])
    op.create_index(
        "ix_duplicate_pairs_told_on",
        "duplicate_pairs",
        ["told_on"],
        postgresql_where=sa.text("verdict IS NULL AND told_on IS NOT NULL"),
    )
    # The file says first what the guard owns, then who sees which row.
    functions, policies = SQL.read_text(encoding="utf-8").split("-- Rows.\n")
    op.execute(policies)
    op.execute("SET ROLE ramsess_guard")
    op.execute(functions)
    op.execute("REVOKE ALL ON ALL FUNCTIONS IN SCHEMA sight FROM PUBLIC")
    op.execute("SET ROLE ramsess_owner")
