"""messages; sessions prepared, with slots, enrolments, signed sheets; network meetings; job sheets

Revision ID: 0010
Revises: 0009
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
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
        sa.Column("diagnostic_id", sa.Integer()),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sent_at", moment, server_default=sa.func.now(), nullable=False),
        sa.Column("withdrawn_at", moment),
        sa.Column("request_key", sa.Uuid(), unique=True),
        sa.CheckConstraint("num_nonnulls(parcours_id, session_id) <= 1", name="about_one_thing"),
        sa.ForeignKeyConstraint(
            ["diagnostic_id", "parcours_id"],
            ["diagnostics.id", "diagnostics.parcours_id"],
            ondelete="CASCADE",
        ),
        sa.CheckConstraint(
            "diagnostic_id IS NULL OR parcours_id IS NOT NULL", name="diagnostic_of_a_parcours"
        ),
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
    _sessions(moment)
    _meetings()
    random = sa.text("gen_random_uuid()")
    op.add_column("advisers", sa.Column("public_id", sa.Uuid(), server_default=random, nullable=False))
    op.create_unique_constraint("uq_advisers_public_id", "advisers", ["public_id"])
    op.create_table(
        "job_sheets",
        sa.Column("adviser_id", sa.Integer(), sa.ForeignKey("advisers.id"), primary_key=True),
        sa.Column("missions", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    # The file says first what the guard owns, then who sees which row.
    functions, policies = SQL.read_text(encoding="utf-8").split("-- Rows.\n")
    op.execute("SET ROLE ramsess_guard")
    op.execute(functions)
    op.execute("REVOKE ALL ON ALL FUNCTIONS IN SCHEMA sight FROM PUBLIC")
    op.execute("SET ROLE ramsess_owner")
    op.execute(policies)


def _sessions(moment: sa.DateTime) -> None:
    def key(name: str, target: str | None = None, *, cascade: bool = False) -> sa.Column[int]:
        held = [sa.ForeignKey(target, ondelete="CASCADE" if cascade else None)] if target else []
        return sa.Column(name, sa.Integer(), *held, primary_key=True)

    def of_host() -> sa.ForeignKeyConstraint:
        return sa.ForeignKeyConstraint(
            ["act_id", "structure_id"],
            ["session_hosts.act_id", "session_hosts.structure_id"],
            ondelete="CASCADE",
        )

    op.create_table(
        "enrolments",
        key("act_id", "group_sessions.act_id", cascade=True),
        key("beneficiary_id", "beneficiaries.id"),
        key("structure_id", "structures.id"),
        of_host(),
    )
    op.create_index("ix_enrolments_beneficiary_id", "enrolments", ["beneficiary_id"])
    op.create_table(
        "session_slots",
        key("act_id", "group_sessions.act_id", cascade=True),
        sa.Column("starts_at", sa.Time(), primary_key=True),
        sa.Column("ends_at", sa.Time(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name="ends_after_it_begins"),
    )
    op.create_table(
        "slot_attendances",
        key("act_id"),
        key("beneficiary_id", "beneficiaries.id"),
        key("structure_id"),
        sa.Column("starts_at", sa.Time(), primary_key=True),
        sa.ForeignKeyConstraint(
            ["act_id", "beneficiary_id", "structure_id"],
            ["attendances.act_id", "attendances.beneficiary_id", "attendances.structure_id"],
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["act_id", "starts_at"],
            ["session_slots.act_id", "session_slots.starts_at"],
            ondelete="CASCADE",
        ),
    )
    op.create_table(
        "signed_sheets",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "public_id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            unique=True,
        ),
        sa.Column(
            "act_id",
            sa.Integer(),
            sa.ForeignKey("group_sessions.act_id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("structure_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(4), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("filed_at", moment, server_default=sa.func.now(), nullable=False),
        sa.Column("request_key", sa.Uuid(), unique=True),
        sa.CheckConstraint("kind IN ('pdf', 'jpeg', 'png')", name="kind_is_known"),
        of_host(),
    )
    op.create_index("ix_signed_sheets_act_id", "signed_sheets", ["act_id", "structure_id"])


def _meetings() -> None:
    op.create_table(
        "meetings",
        sa.Column(
            "act_id",
            sa.Integer(),
            sa.ForeignKey("group_sessions.act_id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    op.create_table(
        "decisions",
        sa.Column(
            "act_id",
            sa.Integer(),
            sa.ForeignKey("meetings.act_id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("position", sa.SmallInteger(), primary_key=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("structure_id", sa.Integer(), sa.ForeignKey("structures.id")),
        sa.Column("due_on", sa.Date()),
    )
