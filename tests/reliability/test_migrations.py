"""A database of an earlier version, records included, becomes today's."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import upgrade
from sqlalchemy import create_engine, select, text

from ramsess import create_app, prepare_database
from ramsess.actions.reference_data import load_reference_data
from ramsess.config import Settings
from ramsess.database import Acting, acting, close_connections, db
from ramsess.models import Acquaintance, Beneficiary, Grant, Parcours
from ramsess.roles import create_roles

# What the first version held: a person whom APEAS entered, on a parcours that it leads.
RECORDS = (
    "INSERT INTO phases (code, label, position) VALUES ('EME', 'Émergence', 1)",
    "INSERT INTO sexes (code, label, position) VALUES ('NR', 'Non renseigné', 1)",
    "INSERT INTO situations (code, label, position) VALUES ('NR', 'Non renseigné', 1)",
    "INSERT INTO educations (code, label, position) VALUES ('NR', 'Non renseigné', 1)",
    "INSERT INTO roles (name, label) VALUES ('adviser', 'Chargé·e d’accompagnement')",
    "INSERT INTO structures (code, name, note, specialities) VALUES ('APEAS', 'APEAS', '', '')",
    "INSERT INTO accounts (email, name, active, fs_uniquifier) "
    "VALUES ('ana@demo.example', 'Ana Fictive', true, 'x')",
    "INSERT INTO grants (account_id, role_name, structure_id) VALUES (1, 'adviser', 1)",
    "INSERT INTO beneficiaries (last_name, first_name, name_key, search_key, sex_code, "
    "situation_code, education_code, phone, email, version) "
    "VALUES ('Fictif', 'Zoé', 'fictif|zoe', 'fictif zoe', 'NR', 'NR', 'NR', '', '', 1)",
    "INSERT INTO acquaintances (beneficiary_id, structure_id, since) VALUES (1, 1, '2009-01-05')",
    "INSERT INTO projects (title, search_key) VALUES ('Épicerie', 'epicerie')",
    "INSERT INTO parcours (reference, project_id, lead_structure_id, entered_on, "
    "entry_phase_code, origin, jobs_created, jobs_consolidated, version) "
    "VALUES ('P-2009-0001', 1, 1, '2009-01-05', 'EME', '', 0, 0, 1), "
    "('P-2009-0002', 1, 1, '2009-01-06', 'EME', '', 0, 0, 1)",
    "INSERT INTO parcours_beneficiaries (parcours_id, beneficiary_id, sex_code, situation_code, "
    "education_code) VALUES (1, 1, 'NR', 'NR', 'NR')",
)


@pytest.mark.parametrize("owned_by_the_administrator", [False, True])
def test_the_first_schema_with_its_records_becomes_todays(
    tmp_path: Path, owned_by_the_administrator: bool
) -> None:
    app = create_app(Settings(tmp_path / "i", database_url=None, secure_cookies=False))
    address = app.config["DATABASE_ADDRESS"]
    with app.app_context():
        create_roles(app.config["SETTINGS"], address)
        upgrade(revision="0001")
        engine = create_engine(address)
        with engine.begin() as owner:
            for statement in RECORDS:
                owner.execute(text(statement))
            if owned_by_the_administrator:
                # Before there were roles every table was the administrator's.
                owner.execute(text("REASSIGN OWNED BY ramsess_owner TO postgres"))
        prepare_database(app)
        acting.set(Acting(role="batch"))
        load_reference_data(db.session())
        db.session.commit()
        assert db.session.scalars(select(Beneficiary.last_name)).one() == "Fictif"
        assert db.session.scalars(select(Acquaintance.since)).one() == dt.date(2009, 1, 5)
        assert db.session.scalars(select(Grant.until)).one() is None
        codes = db.session.scalars(select(Parcours.join_code)).all()
        assert len(set(codes)) == 2
        db.session.remove()
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, db.metadata) == []
        engine.dispose()
        close_connections()
