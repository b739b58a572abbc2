"""row-level security: who sees and changes which row; the code to join a parcours

Revision ID: 0005
Revises: 0004
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    op.add_column(
        "parcours",
        sa.Column(
            "join_code",
            sa.String(8),
            nullable=False,
            server_default=sa.text("upper(substr(replace(gen_random_uuid()::text, '-', ''), 1, 8))"),
        ),
    )
    op.execute("SET ROLE ramsess_guard")
    op.execute((SQL / "sight.sql").read_text(encoding="utf-8"))
    op.execute("REVOKE ALL ON ALL FUNCTIONS IN SCHEMA sight FROM PUBLIC")
    asking = "ramsess_owner, ramsess_app, ramsess_batch"
    op.execute(f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA sight TO {asking}")
    # Whether an address has an account is asked at the door alone.
    op.execute("REVOKE EXECUTE ON FUNCTION sight.at_the_door() FROM ramsess_app")
    op.execute(
        "GRANT EXECUTE ON FUNCTION sight.at_the_door(), sight.account() TO ramsess_door"
    )
    op.execute(f"GRANT USAGE ON SCHEMA sight TO {asking}, ramsess_door")
    op.execute("GRANT SELECT ON ALL TABLES IN SCHEMA sight TO ramsess_app")
    op.execute("SET ROLE ramsess_owner")
    op.execute((SQL / "policies.sql").read_text(encoding="utf-8"))
