"""RAMSESS: parcours followed and professional acts counted by a network of structures."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_migrate import Migrate, upgrade
from flask_wtf import CSRFProtect

from ramsess import views
from ramsess.access import init_access
from ramsess.config import Settings
from ramsess.database import database_url, db
from ramsess.headers import init_headers
from ramsess.inputs import init_inputs
from ramsess.logs import init_logs
from ramsess.origins import init_origins
from ramsess.roles import SIGNING_IN, create_roles, role_url
from ramsess.views.sign_in import init_security

__version__ = "0.1.0"

MIGRATIONS = Path(__file__).parent / "migrations"


def prepare_database(app: Flask) -> None:
    """Make the roles and bring the schema up to date, in an application context.

    With an external database whose address names no user, somebody else does it (``ramsess init``).
    """
    address = app.config["DATABASE_ADDRESS"]
    if address.username:
        create_roles(app.config["SETTINGS"], address)
        upgrade()


def create_app(settings: Settings | None = None) -> Flask:
    """Make the application; without *settings* they are read from the environment.

    Starts the embedded database when no other is named.
    """
    app = Flask(__name__, static_url_path="/statique")
    settings = settings or Settings.from_environment(Path(app.instance_path))
    init_logs(settings)
    address = database_url(settings)
    roles = {name: role_url(settings, address, name) for name in SIGNING_IN}
    app.config.update(
        SETTINGS=settings,
        VERSION=__version__,
        DATABASE_ADDRESS=address,
        SQLALCHEMY_DATABASE_URI=roles.pop("app"),
        SQLALCHEMY_BINDS=roles,
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
