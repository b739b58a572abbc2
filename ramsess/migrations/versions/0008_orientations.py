"""orientations to structures and partners; a structure sees while it is a member

Revision ID: 0008
Revises: 0007
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    op.create_table(
        "partners",
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("label", sa.String(120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date()),
        sa.Column("valid_to", sa.Date()),
        sa.CheckConstraint("code ~ '^[A-Z0-9]{1,8}$'", name=op.f("ck_partners_code_is_plain")),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_partners_closed_after_opened")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_partners")),
    )
    op.create_table(
        "orientations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("from_structure_id", sa.Integer(), nullable=False),
        sa.Column("adviser_id", sa.Integer()),
        sa.Column("to_structure_id", sa.Integer()),
        sa.Column("partner_code", sa.String(8)),
        sa.Column("parcours_id", sa.Integer()),
        sa.Column("beneficiary_id", sa.Integer()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("consent_on", sa.Date(), nullable=False),
        sa.Column("proposed_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.String(8)),
        sa.Column("answered_on", sa.Date()),
        sa.Column("answer_note", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("request_key", sa.Uuid()),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_orientations_{name}"))
            for name, rule in {
                "one_destination": "num_nonnulls(to_structure_id, partner_code) = 1",
                "one_subject": "num_nonnulls(parcours_id, beneficiary_id) = 1",
                "to_somebody_else": "to_structure_id <> from_structure_id",
                "answer_is_known": "answer IN ('accepted', 'refused', 'closed')",
                "answered_on_a_day": "(answer IS NULL) = (answered_on IS NULL)",
                "answered_after_proposed": "answered_on >= proposed_on",
                "consent_before_proposed": "consent_on <= proposed_on",
            }.items()
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.{key}"], name=op.f(f"fk_orientations_{column}_{table}")
            )
            for column, table, key in (
                ("from_structure_id", "structures", "id"),
                ("adviser_id", "advisers", "id"),
                ("to_structure_id", "structures", "id"),
                ("partner_code", "partners", "code"),
                ("parcours_id", "parcours", "id"),
                ("beneficiary_id", "beneficiaries", "id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orientations")),
        sa.UniqueConstraint("public_id", name=op.f("uq_orientations_public_id")),
        sa.UniqueConstraint("request_key", name=op.f("uq_orientations_request_key")),
    )
    for name, columns in (
        ("from_structure_id", ["from_structure_id", "proposed_on"]),
        ("to_structure_id", ["to_structure_id", "proposed_on"]),
        ("parcours_id", ["parcours_id"]),
        ("beneficiary_id", ["beneficiary_id"]),
    ):
        op.create_index(op.f(f"ix_orientations_{name}"), "orientations", columns)
    policies, functions = (
        (SQL / "orientations.sql").read_text(encoding="utf-8").split("-- What decides.\n")
    )
    # What decides belongs to the guard; the rest, to the owner.
    op.execute("SET ROLE ramsess_guard")
    op.execute(functions)
    asking = "ramsess_owner, ramsess_app, ramsess_batch"
    op.execute(f"REVOKE ALL ON FUNCTION {ASKED} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {ASKED} TO {asking}")
    op.execute("SET ROLE ramsess_owner")
    op.execute(policies)


ASKED = (
    "sight.party(int), sight.unshared(int), sight.taken_up(int), sight.offers(), "
    "sight.answer(uuid, text, text)"
)
