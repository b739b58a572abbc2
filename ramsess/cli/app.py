"""The application that a command works on."""

from __future__ import annotations

from flask import Flask

from ramsess import create_app, prepare_database
from ramsess.actions.reference_data import load_reference_data
from ramsess.actions.sign_ins import purge_sign_ins
from ramsess.actions.tokens import purge_tokens
from ramsess.database import Acting, acting, db


def prepared_app() -> Flask:
    """Make the application with its schema up to date and its reference data loaded.

    What the command itself does it does in nobody's name, on the whole network.
    """
    app = create_app()
    acting.set(Acting(role="batch"))
    with app.app_context():
        prepare_database(app)
        load_reference_data(db.session())
        purge_sign_ins(db.session())
        purge_tokens(db.session())
        db.session.commit()
    return app
