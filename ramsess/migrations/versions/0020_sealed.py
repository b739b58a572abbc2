"""nothing dated in a sealed period changes; corrections say what should have been

Revision ID: 0020
Revises: 0019
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql" / "sealed.sql"
KINDS = (
    "kind IN ('act_removed', 'act_forgotten', 'date', 'type', 'duration', 'scheme', "
    "'act_parcours', 'heads', 'attendance', 'parcours_removed', 'entry', 'exit', "
    "'parcours_other')"
)


def _to(table: str, *, nullable: bool = True) -> sa.Column[int]:
    # The record of a sealed period does not go: whether it is there is asked at the end.
    to = sa.ForeignKey(
        f"{table}.id", deferrable=nullable or None, initially="DEFERRED" if nullable else None
    )
    name = f"{table.removesuffix('s') if table != 'parcours' else table}_id"
    return sa.Column(name, sa.Integer(), to, nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "corrections",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "public_id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            unique=True,
        ),
        sa.Column(
            "made_on",
            sa.Date(),
            server_default=sa.text("(now() AT TIME ZONE 'Europe/Paris')::date"),
            nullable=False,
        ),
        _to("accounts", nullable=False),
        _to("structures", nullable=False),
        # Of a period that is sealed.
        sa.Column("period_id", sa.Integer(), sa.ForeignKey("seals.period_id"), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        _to("acts"),
        _to("parcours"),
        sa.Column("scheme_code", sa.String(8), sa.ForeignKey("schemes.code")),
        sa.Column("was", sa.Text(), server_default="", nullable=False),
        sa.Column("should_be", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        *(
            sa.Column(name, sa.Integer(), server_default="0", nullable=False)
            for name in ("acts", "minutes", "sessions", "attendances", "parcours")
        ),
        sa.Column("request_key", sa.Uuid(), unique=True),
        sa.CheckConstraint(KINDS, name="kind_is_known"),
        sa.CheckConstraint("reason <> ''", name="says_why"),
        sa.CheckConstraint(
            "(act_id IS NOT NULL) = (kind IN ('act_removed', 'date', 'type', 'duration', "
            "'scheme', 'act_parcours', 'heads', 'attendance')) AND (parcours_id IS NOT NULL) = "
            "(kind IN ('parcours_removed', 'entry', 'exit', 'parcours_other'))",
            name="of_a_record",
        ),
    )
    for name in ("structure_id", "act_id", "parcours_id", "made_on"):
        op.create_index(f"ix_corrections_{name}", "corrections", [name])
    # The file says first what the guard owns, then who sees which row.
    functions, policies = SQL.read_text(encoding="utf-8").split("-- Rows.\n")
    op.execute("SET ROLE ramsess_guard")
    op.execute(functions)
    op.execute("REVOKE ALL ON ALL FUNCTIONS IN SCHEMA sight FROM PUBLIC")
    op.execute("SET ROLE ramsess_owner")
    op.execute(policies)
