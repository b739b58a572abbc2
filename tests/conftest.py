"""One application on an embedded PostgreSQL for the whole run; a clean database for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import text
from sqlalchemy.orm import Session

from ramsess import create_app
from ramsess.actions.reference_data import load_reference_data
from ramsess.config import Settings
from ramsess.database import db
from ramsess.models import CODE_LISTS

REFERENCE_TABLES = {
    *CODE_LISTS,
    "alembic_version",
    "communes",
    "departments",
    "epcis",
    "memberships",
    "roles",
    "structures",
}


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application with its schema and reference data."""
    instance = tmp_path_factory.mktemp("instance")
    app = create_app(Settings(instance=instance, database_url=None, secure_cookies=False))
    app.config["TESTING"] = True
    with app.app_context():
        upgrade()
        load_reference_data(db.session())
        db.session.commit()
    return app


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """The application's database session on a database that holds reference data only."""
    with app.app_context():
        empty_records()
        yield db.session()
        db.session.rollback()
        db.session.remove()


def empty_records() -> None:
    """Empty every table that is not reference data."""
    tables = sorted(set(db.metadata.tables) - REFERENCE_TABLES)
    db.session.rollback()
    db.session.execute(text(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY"))
    db.session.commit()
