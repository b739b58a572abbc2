"""the name of a figure in the journal: a table, a row, which may name all the structures, a column

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("audit_details", "record", existing_type=sa.String(40), type_=sa.String(200))
