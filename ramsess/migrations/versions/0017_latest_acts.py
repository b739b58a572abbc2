"""an adviser's acts by order of recording

Revision ID: 0017
Revises: 0016
"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_act_advisers_adviser_id", "act_advisers")
    op.create_index(
        "ix_act_advisers_adviser_id_act_id", "act_advisers", ["adviser_id", "act_id"]
    )
