"""accounts: sign-ins, second factors, invitations, throttle, roles that end

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("grants", sa.Column("until", sa.Date(), nullable=True))
    op.add_column("accounts", sa.Column("tf_primary_method", sa.String(64), nullable=True))
    op.add_column("accounts", sa.Column("tf_totp_secret", sa.Text(), nullable=True))
    op.add_column("accounts", sa.Column("totp_counter", sa.BigInteger(), nullable=True))
    op.add_column(
        "accounts",
        sa.Column("mf_recovery_codes", postgresql.ARRAY(sa.String(64)), nullable=True),
    )
    op.add_column("accounts", sa.Column("fs_webauthn_user_handle", sa.String(64), nullable=True))
    op.add_column("accounts", sa.Column("invitation_hash", sa.String(64), nullable=True))
    op.add_column("accounts", sa.Column("invited_until", INSTANT, nullable=True))
    op.create_unique_constraint(
        op.f("uq_accounts_fs_webauthn_user_handle"), "accounts", ["fs_webauthn_user_handle"]
    )
    op.create_unique_constraint(
        op.f("uq_accounts_invitation_hash"), "accounts", ["invitation_hash"]
    )
    op.create_table(
        "sign_ins",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("created_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.Column("seen_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.Column("idle_until", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.Column("browser", sa.String(80), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_sign_ins_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_ins_token_hash")),
    )
    op.create_index(op.f("ix_sign_ins_account_id"), "sign_ins", ["account_id"])
    op.create_table(
        "attempts",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
    )
    op.create_index("ix_attempts_kind_key_at", "attempts", ["kind", "key", "at"])
    op.create_table(
        "security_keys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(1024), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("transports", postgresql.ARRAY(sa.String(32)), nullable=True),
        sa.Column("backup_state", sa.Boolean(), nullable=False),
        sa.Column("device_type", sa.String(64), nullable=False),
        sa.Column("extensions", sa.Text(), nullable=True),
        sa.Column("usage", sa.String(64), nullable=False),
        sa.Column("lastuse_datetime", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_security_keys_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_security_keys")),
        sa.UniqueConstraint("account_id", "name", name=op.f("uq_security_keys_account_id_name")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_security_keys_credential_id")),
    )


def downgrade() -> None:
    op.drop_table("security_keys")
    op.drop_table("attempts")
    op.drop_table("sign_ins")
    for column in (
        "invited_until",
        "invitation_hash",
        "fs_webauthn_user_handle",
        "mf_recovery_codes",
        "totp_counter",
        "tf_totp_secret",
        "tf_primary_method",
    ):
        op.drop_column("accounts", column)
    op.drop_column("grants", "until")
