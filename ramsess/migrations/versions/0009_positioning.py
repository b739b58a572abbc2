"""positioning of the structures, resource base

Revision ID: 0009
Revises: 0008
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
LISTS = ("specialities", "degrees", "resource_kinds")


def upgrade() -> None:
    for name in LISTS:
        op.create_table(
            name,
            sa.Column("code", sa.String(8), nullable=False),
            sa.Column("label", sa.String(120), nullable=False),
            sa.Column("position", sa.Integer(), nullable=False),
            sa.Column("valid_from", sa.Date(), nullable=True),
            sa.Column("valid_to", sa.Date(), nullable=True),
            sa.CheckConstraint("code ~ '^[A-Z0-9]{1,8}$'", name=op.f(f"ck_{name}_code_is_plain")),
            sa.CheckConstraint(
                "valid_to >= valid_from", name=op.f(f"ck_{name}_closed_after_opened")
            ),
            sa.PrimaryKeyConstraint("code", name=op.f(f"pk_{name}")),
        )
    op.create_table(
        "presentations",
        _key("presentations", "structure_id", "structures.id"),
        sa.Column("phone", sa.String(40), nullable=False, server_default=""),
        sa.Column("email", sa.String(254), nullable=False, server_default=""),
        sa.Column("website", sa.String(300), nullable=False, server_default=""),
        sa.Column("address", sa.String(300), nullable=False, server_default=""),
        _key("presentations", "commune_code", "communes.code", nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.CheckConstraint(
            "website = '' OR website ~ '^https?://[^[:space:]]+$'",
            name=op.f("ck_presentations_web_address"),
        ),
        sa.PrimaryKeyConstraint("structure_id", name=op.f("pk_presentations")),
    )
    op.execute(
        "INSERT INTO presentations (structure_id, commune_code) "
        "SELECT id, commune_code FROM structures WHERE commune_code IS NOT NULL"
    )
    op.create_table(
        "positionings",
        _key("positionings", "structure_id", "presentations.structure_id"),
        _key("positionings", "phase_code", "phases.code"),
        _key("positionings", "speciality_code", "specialities.code"),
        _key("positionings", "degree_code", "degrees.code"),
        sa.PrimaryKeyConstraint(
            "structure_id", "phase_code", "speciality_code", name=op.f("pk_positionings")
        ),
    )
    # What a structure says of itself stands there alone; these were never filled in.
    op.drop_table("structure_phases")
    op.drop_column("structures", "specialities")
    op.drop_column("structures", "commune_code")
    op.create_table(
        "resources",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "public_id", sa.Uuid(), nullable=False, server_default=sa.text("gen_random_uuid()")
        ),
        sa.Column("title", sa.String(200), nullable=False),
        _key("resources", "kind_code", "resource_kinds.code"),
        _key("resources", "theme_code", "specialities.code"),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("search_key", sa.Text(), nullable=False),
        sa.Column("link", sa.String(300), nullable=False),
        _key("resources", "structure_id", "structures.id"),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            nullable=False,
            server_default=sa.text("now()"),
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("request_key", sa.Uuid(), nullable=True),
        sa.CheckConstraint("title <> ''", name=op.f("ck_resources_titled")),
        sa.CheckConstraint(
            "link = '' OR link ~ '^https?://[^[:space:]]+$'", name=op.f("ck_resources_web_address")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resources")),
        sa.UniqueConstraint("public_id", name=op.f("uq_resources_public_id")),
        sa.UniqueConstraint("request_key", name=op.f("uq_resources_request_key")),
    )
    op.create_index(op.f("ix_resources_structure_id"), "resources", ["structure_id"])
    op.create_table(
        "resource_phases",
        _key("resource_phases", "resource_id", "resources.id", ondelete="CASCADE"),
        _key("resource_phases", "phase_code", "phases.code"),
        sa.PrimaryKeyConstraint("resource_id", "phase_code", name=op.f("pk_resource_phases")),
    )
    op.create_table(
        "resource_files",
        _key("resource_files", "resource_id", "resources.id", ondelete="CASCADE"),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("media_type", sa.String(120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "size = octet_length(content)", name=op.f("ck_resource_files_whole")
        ),
        sa.PrimaryKeyConstraint("resource_id", name=op.f("pk_resource_files")),
    )
    # A document is compressed already.
    op.execute("ALTER TABLE resource_files ALTER content SET STORAGE EXTERNAL")
    sight, policies = (SQL / "positioning.sql").read_text(encoding="utf-8").split("-- POLICIES")
    op.execute("SET ROLE ramsess_guard")
    op.execute(sight)
    op.execute("SET ROLE ramsess_owner")
    op.execute(policies)


def _key(table, name, target, nullable=False, ondelete=None):
    return sa.Column(
        name,
        sa.Integer() if target.endswith("id") else sa.String(5 if "communes" in target else 8),
        sa.ForeignKey(
            target,
            name=op.f(f"fk_{table}_{name}_{target.partition('.')[0]}"),
            ondelete=ondelete,
        ),
        nullable=nullable,
    )


def downgrade() -> None:
    for name in ("resource_files", "resource_phases", "resources", "positionings", "presentations"):
        op.drop_table(name)
    for name in LISTS:
        op.drop_table(name)
    op.add_column("structures", sa.Column("commune_code", sa.String(5), nullable=True))
    op.add_column(
        "structures",
        sa.Column("specialities", sa.String(500), nullable=False, server_default=""),
    )
    op.create_table(
        "structure_phases",
        _key("structure_phases", "structure_id", "structures.id"),
        _key("structure_phases", "phase_code", "phases.code"),
        sa.PrimaryKeyConstraint("structure_id", "phase_code", name=op.f("pk_structure_phases")),
    )
    op.execute("SET ROLE ramsess_guard")
    op.execute("DROP FUNCTION sight.works()")
    op.execute("SET ROLE ramsess_owner")
