"""the planned shares of posts may be counted in a report

Revision ID: 0006
Revises: 0005
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "GRANT SELECT (id, adviser_id, structure_id, share, from_on, to_on) ON assignments "
        "TO ramsess_report"
    )
    op.execute("CREATE POLICY report ON assignments FOR SELECT TO ramsess_report USING (true)")
