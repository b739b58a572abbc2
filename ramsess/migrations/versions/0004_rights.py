"""rights of the person: information, requests to erase, identities put away

Revision ID: 0004
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('acquaintances', sa.Column('informed_on', sa.Date(), nullable=True))
    op.add_column('acquaintances', sa.Column('sharing_agreed', sa.Boolean(), nullable=True))
    op.add_column('beneficiaries', sa.Column('nameless_since', sa.Date(), nullable=True))
    op.create_table('erasure_requests',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('structure_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('reason_code', sa.String(length=3), nullable=False),
    sa.Column('answer', sa.String(length=8), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name=op.f('ck_erasure_requests_answered_once')),
    sa.CheckConstraint("answer IN ('done', 'refused')", name=op.f('ck_erasure_requests_answer_is_known')),
    sa.CheckConstraint("reason_code IN ('DEM', 'OPP', 'ERR')", name=op.f('ck_erasure_requests_reason_is_known')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_erasure_requests_account_id_accounts'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['person_id'], ['beneficiaries.id'], name=op.f('fk_erasure_requests_person_id_beneficiaries')),
    sa.ForeignKeyConstraint(['structure_id'], ['structures.id'], name=op.f('fk_erasure_requests_structure_id_structures')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_erasure_requests'))
    )
    op.create_index(op.f('ix_erasure_requests_person_id'), 'erasure_requests', ['person_id'], unique=False)
    op.create_index('uq_erasure_requests_waiting', 'erasure_requests', ['structure_id', 'person_id'], unique=True, postgresql_where=sa.text('answer IS NULL'))
    op.create_table('identity_archives',
    sa.Column('beneficiary_id', sa.Integer(), nullable=False),
    sa.Column('identity', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('archived_on', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['beneficiary_id'], ['beneficiaries.id'], name=op.f('fk_identity_archives_beneficiary_id_beneficiaries'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('beneficiary_id', name=op.f('pk_identity_archives'))
    )


def downgrade() -> None:
    op.drop_table('identity_archives')
    op.drop_table('erasure_requests')
    op.drop_column('beneficiaries', 'nameless_since')
    op.drop_column('acquaintances', 'sharing_agreed')
    op.drop_column('acquaintances', 'informed_on')
