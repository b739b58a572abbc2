"""The application that a command works on."""

from __future__ import annotations

from flask import Flask
from flask_migrate import upgrade

from ramsess import create_app
from ramsess.actions.reference_data import load_reference_data
from ramsess.database import db


def prepared_app() -> Flask:
    """Make the application with its schema up to date and its reference data loaded."""
    app = create_app()
    with app.app_context():
        upgrade()
        load_reference_data(db.session())
        db.session.commit()
    return app
