"""shared diagnostics and plans: axes, contributions, actions; acts done for an action

Revision ID: 0007
Revises: 0006
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    op.create_table('agreement_manners',
    sa.Column('code', sa.String(length=8), nullable=False),
    sa.Column('label', sa.String(length=120), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=True),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.CheckConstraint("code ~ '^[A-Z0-9]{1,8}$'", name=op.f('ck_agreement_manners_code_is_plain')),
    sa.CheckConstraint('valid_to >= valid_from', name=op.f('ck_agreement_manners_closed_after_opened')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_agreement_manners'))
    )
    op.create_table('axes',
    sa.Column('code', sa.String(length=8), nullable=False),
    sa.Column('label', sa.String(length=120), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=True),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.CheckConstraint("code ~ '^[A-Z0-9]{1,8}$'", name=op.f('ck_axes_code_is_plain')),
    sa.CheckConstraint('valid_to >= valid_from', name=op.f('ck_axes_closed_after_opened')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_axes'))
    )
    op.create_table('diagnostics',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), server_default=sa.text('gen_random_uuid()'), nullable=False),
    sa.Column('parcours_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.SmallInteger(), nullable=False),
    sa.Column('opened_on', sa.Date(), nullable=False),
    sa.Column('contributed_on', sa.Date(), nullable=True),
    sa.Column('validated_on', sa.Date(), nullable=True),
    sa.Column('synthesis', sa.Text(), nullable=False),
    sa.Column('wording', sa.Integer(), nullable=False),
    sa.Column('beneficiary_agreed_on', sa.Date(), nullable=True),
    sa.Column('beneficiary_manner_code', sa.String(length=8), nullable=True),
    sa.Column('link_hash', sa.String(length=64), nullable=True),
    sa.Column('link_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('(beneficiary_agreed_on IS NULL) = (beneficiary_manner_code IS NULL)', name=op.f('ck_diagnostics_agreed_in_some_manner')),
    sa.CheckConstraint('(link_hash IS NULL) = (link_until IS NULL)', name=op.f('ck_diagnostics_link_ends')),
    sa.CheckConstraint('number >= 1', name=op.f('ck_diagnostics_number_from_1')),
    sa.CheckConstraint('validated_on IS NULL OR (contributed_on IS NOT NULL AND beneficiary_agreed_on IS NOT NULL)', name=op.f('ck_diagnostics_validated_by_all')),
    sa.ForeignKeyConstraint(['beneficiary_manner_code'], ['agreement_manners.code'], name=op.f('fk_diagnostics_beneficiary_manner_code_agreement_manners')),
    sa.ForeignKeyConstraint(['parcours_id'], ['parcours.id'], name=op.f('fk_diagnostics_parcours_id_parcours')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_diagnostics')),
    sa.UniqueConstraint('id', 'parcours_id', name=op.f('uq_diagnostics_id_parcours_id')),
    sa.UniqueConstraint('link_hash', name=op.f('uq_diagnostics_link_hash')),
    sa.UniqueConstraint('parcours_id', 'number', name=op.f('uq_diagnostics_parcours_id_number')),
    sa.UniqueConstraint('public_id', name=op.f('uq_diagnostics_public_id'))
    )
    op.create_index('uq_diagnostics_under_way', 'diagnostics', ['parcours_id'], unique=True, postgresql_where=sa.text('validated_on IS NULL'))
    op.create_table('contributions',
    sa.Column('diagnostic_id', sa.Integer(), nullable=False),
    sa.Column('structure_id', sa.Integer(), nullable=False),
    sa.Column('parcours_id', sa.Integer(), nullable=False),
    sa.Column('invited_on', sa.Date(), nullable=False),
    sa.Column('handed_in_on', sa.Date(), nullable=True),
    sa.Column('agreed_on', sa.Date(), nullable=True),
    sa.Column('agreed_wording', sa.Integer(), nullable=True),
    sa.CheckConstraint('(agreed_on IS NULL) = (agreed_wording IS NULL)', name=op.f('ck_contributions_agreed_with_a_wording')),
    sa.ForeignKeyConstraint(['diagnostic_id', 'parcours_id'], ['diagnostics.id', 'diagnostics.parcours_id'], name=op.f('fk_contributions_diagnostic_id_parcours_id_diagnostics')),
    sa.ForeignKeyConstraint(['parcours_id'], ['parcours.id'], name=op.f('fk_contributions_parcours_id_parcours')),
    sa.ForeignKeyConstraint(['structure_id'], ['structures.id'], name=op.f('fk_contributions_structure_id_structures')),
    sa.PrimaryKeyConstraint('diagnostic_id', 'structure_id', name=op.f('pk_contributions'))
    )
    op.create_index(op.f('ix_contributions_parcours_id'), 'contributions', ['parcours_id'], unique=False)
    op.create_index(op.f('ix_contributions_structure_id'), 'contributions', ['structure_id'], unique=False)
    op.create_table('plans',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), server_default=sa.text('gen_random_uuid()'), nullable=False),
    sa.Column('parcours_id', sa.Integer(), nullable=False),
    sa.Column('diagnostic_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.SmallInteger(), nullable=False),
    sa.Column('opened_on', sa.Date(), nullable=False),
    sa.Column('superseded_on', sa.Date(), nullable=True),
    sa.Column('review_on', sa.Date(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('superseded_on >= opened_on', name=op.f('ck_plans_superseded_after_opened')),
    sa.ForeignKeyConstraint(['diagnostic_id', 'parcours_id'], ['diagnostics.id', 'diagnostics.parcours_id'], name=op.f('fk_plans_diagnostic_id_parcours_id_diagnostics')),
    sa.ForeignKeyConstraint(['parcours_id'], ['parcours.id'], name=op.f('fk_plans_parcours_id_parcours')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plans')),
    sa.UniqueConstraint('id', 'parcours_id', name=op.f('uq_plans_id_parcours_id')),
    sa.UniqueConstraint('parcours_id', 'number', name=op.f('uq_plans_parcours_id_number')),
    sa.UniqueConstraint('public_id', name=op.f('uq_plans_public_id'))
    )
    op.create_index('uq_plans_in_force', 'plans', ['parcours_id'], unique=True, postgresql_where=sa.text('superseded_on IS NULL'))
    op.create_table('appraisals',
    sa.Column('diagnostic_id', sa.Integer(), nullable=False),
    sa.Column('structure_id', sa.Integer(), nullable=False),
    sa.Column('axis_code', sa.String(length=8), nullable=False),
    sa.Column('parcours_id', sa.Integer(), nullable=False),
    sa.Column('level', sa.SmallInteger(), nullable=True),
    sa.Column('strengths', sa.Text(), nullable=False),
    sa.Column('weaknesses', sa.Text(), nullable=False),
    sa.Column('needs', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('level BETWEEN 1 AND 4', name=op.f('ck_appraisals_level_from_1_to_4')),
    sa.ForeignKeyConstraint(['axis_code'], ['axes.code'], name=op.f('fk_appraisals_axis_code_axes')),
    sa.ForeignKeyConstraint(['diagnostic_id', 'parcours_id'], ['diagnostics.id', 'diagnostics.parcours_id'], name=op.f('fk_appraisals_diagnostic_id_parcours_id_diagnostics')),
    sa.ForeignKeyConstraint(['diagnostic_id', 'structure_id'], ['contributions.diagnostic_id', 'contributions.structure_id'], name=op.f('fk_appraisals_diagnostic_id_structure_id_contributions'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['parcours_id'], ['parcours.id'], name=op.f('fk_appraisals_parcours_id_parcours')),
    sa.ForeignKeyConstraint(['structure_id'], ['structures.id'], name=op.f('fk_appraisals_structure_id_structures')),
    sa.PrimaryKeyConstraint('diagnostic_id', 'structure_id', 'axis_code', name=op.f('pk_appraisals'))
    )
    op.create_index(op.f('ix_appraisals_parcours_id'), 'appraisals', ['parcours_id'], unique=False)
    op.create_table('plan_actions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), server_default=sa.text('gen_random_uuid()'), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.Column('parcours_id', sa.Integer(), nullable=False),
    sa.Column('first_id', sa.Integer(), nullable=True),
    sa.Column('structure_id', sa.Integer(), nullable=False),
    sa.Column('axis_code', sa.String(length=8), nullable=True),
    sa.Column('type_code', sa.String(length=8), nullable=True),
    sa.Column('objective', sa.Text(), nullable=False),
    sa.Column('planned_acts', sa.Integer(), nullable=False),
    sa.Column('planned_minutes', sa.Integer(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('request_key', sa.Uuid(), nullable=True),
    sa.CheckConstraint("(state IN ('done', 'dropped')) = (closed_on IS NOT NULL)", name=op.f('ck_plan_actions_closed_once_over')),
    sa.CheckConstraint("due_on >= '1990-01-01'", name=op.f('ck_plan_actions_due_since_1990')),
    sa.CheckConstraint("state IN ('todo', 'doing', 'done', 'dropped')", name=op.f('ck_plan_actions_state_is_known')),
    sa.CheckConstraint('planned_acts >= 0 AND planned_minutes >= 0', name=op.f('ck_plan_actions_planned_not_negative')),
    sa.ForeignKeyConstraint(['axis_code'], ['axes.code'], name=op.f('fk_plan_actions_axis_code_axes')),
    sa.ForeignKeyConstraint(['first_id', 'parcours_id'], ['plan_actions.id', 'plan_actions.parcours_id'], name=op.f('fk_plan_actions_first_id_parcours_id_plan_actions')),
    sa.ForeignKeyConstraint(['parcours_id'], ['parcours.id'], name=op.f('fk_plan_actions_parcours_id_parcours')),
    sa.ForeignKeyConstraint(['plan_id', 'parcours_id'], ['plans.id', 'plans.parcours_id'], name=op.f('fk_plan_actions_plan_id_parcours_id_plans')),
    sa.ForeignKeyConstraint(['structure_id'], ['structures.id'], name=op.f('fk_plan_actions_structure_id_structures')),
    sa.ForeignKeyConstraint(['type_code'], ['act_types.code'], name=op.f('fk_plan_actions_type_code_act_types')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_actions')),
    sa.UniqueConstraint('id', 'parcours_id', name=op.f('uq_plan_actions_id_parcours_id')),
    sa.UniqueConstraint('public_id', name=op.f('uq_plan_actions_public_id')),
    sa.UniqueConstraint('request_key', name=op.f('uq_plan_actions_request_key'))
    )
    op.create_index(op.f('ix_plan_actions_parcours_id'), 'plan_actions', ['parcours_id'], unique=False)
    op.create_index(op.f('ix_plan_actions_plan_id'), 'plan_actions', ['plan_id'], unique=False)
    op.create_index(op.f('ix_plan_actions_structure_id'), 'plan_actions', ['structure_id'], unique=False)
    op.add_column('acts', sa.Column('plan_action_id', sa.Integer(), nullable=True))
    op.create_index('ix_acts_plan_action_id', 'acts', ['plan_action_id'], unique=False, postgresql_where=sa.text('plan_action_id IS NOT NULL'))
    op.create_foreign_key(op.f('fk_acts_plan_action_id_parcours_id_plan_actions'), 'acts', 'plan_actions', ['plan_action_id', 'parcours_id'], ['id', 'parcours_id'])
    op.create_check_constraint(
        op.f("ck_acts_action_of_a_parcours"),
        "acts",
        "plan_action_id IS NULL OR parcours_id IS NOT NULL",
    )
    op.execute("SET ROLE ramsess_guard")
    op.execute((SQL / "diagnostics.sql").read_text(encoding="utf-8"))
