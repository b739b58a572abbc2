"""RAMSESS: parcours followed and professional acts counted by a network of structures."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_migrate import Migrate
from flask_wtf import CSRFProtect

from ramsess import views
from ramsess.access import init_access
from ramsess.config import Settings
from ramsess.database import database_url, db
from ramsess.headers import init_headers
from ramsess.inputs import init_inputs
from ramsess.logs import init_logs
from ramsess.origins import init_origins
from ramsess.views.sign_in import init_security

__version__ = "0.1.0"

MIGRATIONS = Path(__file__).parent / "migrations"


def create_app(settings: Settings | None = None) -> Flask:
    """Make the application; without *settings* they are read from the environment.

    Starts the embedded database when no other is named.
    """
    app = Flask(__name__, static_url_path="/statique")
    settings = settings or Settings.from_environment(Path(app.instance_path))
    init_logs(settings)
    app.config.update(
        SETTINGS=settings,
        SQLALCHEMY_DATABASE_URI=database_url(settings),
        # A fault that is logged must not tell what people typed.
        SQLALCHEMY_ENGINE_OPTIONS={"pool_pre_ping": True, "hide_parameters": True},
        SECRET_KEY=settings.secret("session"),
        SECURITY_PASSWORD_SALT=settings.secret("password"),
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_NAME="__Host-ramsess" if settings.secure_cookies else "ramsess",
        SESSION_COOKIE_HTTPONLY=True,
        # Its check wants a referrer, which our pages never send; ours is in origins.py.
        WTF_CSRF_SSL_STRICT=False,
        BABEL_DEFAULT_LOCALE="fr",
        BOOTSTRAP_SERVE_LOCAL=True,
    )
    init_access(app)
    init_headers(app)
    init_origins(app, settings)
    init_inputs(app)
    db.init_app(app)
    Migrate(app, db, directory=str(MIGRATIONS))
    Babel(app)
    Bootstrap5(app)
    CSRFProtect(app)
    init_security(app)
    views.register(app)
    return app
