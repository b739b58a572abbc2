"""Sign-in by Flask-Security: argon2id, French messages, our templates."""

from __future__ import annotations

import datetime as dt

from flask import Flask, session
from flask_login import user_logged_in, user_logged_out
from flask_security import Security, SQLAlchemyUserDatastore

from ramsess.database import db
from ramsess.models import Account, Role

accounts = SQLAlchemyUserDatastore(db, Account, Role)


def init_security(app: Flask) -> None:
    """Set up accounts and sign-in."""
    app.config.update(
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106  # the name of the algorithm
        SECURITY_PASSWORD_LENGTH_MIN=15,
        SECURITY_PASSWORD_SINGLE_HASH=True,
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_LOGIN_URL="/connexion",
        SECURITY_LOGOUT_URL="/deconnexion",
        SECURITY_LOGOUT_METHODS=["POST"],
        SECURITY_POST_LOGIN_VIEW="/",
        SECURITY_POST_LOGOUT_VIEW="/connexion",
        SECURITY_FRESHNESS=dt.timedelta(minutes=-1),
        SECURITY_SEND_REGISTER_EMAIL=False,
        SECURITY_CSRF_IGNORE_UNAUTH_ENDPOINTS=False,
        SECURITY_DEFAULT_REMEMBER_ME=False,
        SECURITY_MSG_GENERIC_AUTHN_FAILED=(
            "Adresse ou mot de passe incorrect. Vérifiez-les, puis recommencez.",
            "error",
        ),
        SECURITY_EMAIL_VALIDATOR_ARGS={"check_deliverability": False},
    )
    Security(app, accounts)
    user_logged_in.connect(forget, app, weak=False)
    user_logged_out.connect(forget, app, weak=False)


def forget(_app: Flask, **_about: object) -> None:
    """What one person searched for is not for the next one at the same screen."""
    for name in [name for name in session if name.startswith("search_")]:
        session.pop(name)
