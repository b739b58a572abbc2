"""One application on an embedded PostgreSQL for the whole run; a clean database for each test."""

from __future__ import annotations

import datetime as dt
import functools
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy import URL, Connection, Engine, create_engine, select, text
from sqlalchemy.orm import Session

from ramsess import create_app, prepare_database
from ramsess.actions.accounts import Post, add_account
from ramsess.actions.reference_data import FOUNDED_ON, founding_structures, load_reference_data
from ramsess.actions.sealed import opened_on
from ramsess.actions.sign_ins import open_sign_in
from ramsess.config import Settings
from ramsess.database import Acting, acting, close_connections, db
from ramsess.models import CODE_LISTS, Account
from tests.unwatched import leave_libraries_alone, unwatched

leave_libraries_alone()

REFERENCE_TABLES = {
    *CODE_LISTS,
    "alembic_version",
    "communes",
    "departments",
    "dla_terms",
    "epcis",
    "roles",
    "structures",
}
# Code → whether it is a founding member.
STRUCTURES = founding_structures()


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application with its schema and reference data."""
    instance = tmp_path_factory.mktemp("instance")
    app = create_app(
        Settings(
            instance=instance, database_url=None, secure_cookies=False, second_factor="optional"
        )
    )
    app.config["TESTING"] = True
    # What a password costs to who guesses it is tried by itself (test_passwords): nobody guesses.
    app.extensions["security"].pwd_context.update(
        argon2__rounds=1, argon2__memory_cost=8, argon2__parallelism=1
    )
    acting.set(Acting(role="batch"))
    with app.app_context():
        prepare_database(app)
        # What survives a fall is tried on servers of its own: here nobody waits for the disk.
        with administrator() as connection:
            connection.execute(text("ALTER DATABASE postgres SET synchronous_commit = off"))
        close_connections()
        load_reference_data(db.session())
        db.session.commit()
    return app


@pytest.fixture(autouse=True)
def outside_any_request() -> None:
    """What a test does by itself it does as a command; its requests act for who signed in."""
    acting.set(Acting(role="batch"))


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A command's database session on a database that holds reference data only."""
    with app.app_context():
        empty_records()
        yield db.session()
        db.session.rollback()
        db.session.remove()


SignIn = Callable[..., FlaskClient]


@pytest.fixture
def sign_in(app: Flask) -> SignIn:
    """Sign in somebody with that role, in those structures, on a database without records.

    No context stays open: requests would share its ``g``, and so the person signed in.
    """
    with app.app_context():
        empty_records()

    def enter(role: str, *structures: str, email: str | None = None) -> FlaskClient:
        with app.app_context():
            address = open_account(db.session(), role, *structures, email=email).email
            db.session.commit()
        return client_of(app, address)

    return enter


@unwatched
def client_of(app: Flask, email: str) -> FlaskClient:
    """A browser signed in to that account."""
    with app.app_context():
        account = db.session.scalars(select(Account).where(Account.email == email)).one()
        key = account.fs_uniquifier
        token = open_sign_in(db.session(), account, "Firefox sur Linux")
        db.session.commit()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = key
        cookie["_fresh"] = True
        cookie["fs_paa"] = time.time()
        cookie["sign_in"] = token
    return client


@unwatched
def open_account(session: Session, role: str, *posts: str, email: str | None = None) -> Account:
    """An account that cannot sign in by password; its adviser, when it is one's, since 2000, or
    since the last seal."""
    email = email or f"{uuid.uuid4().hex}@demo.example"
    add_account(
        session,
        email=email,
        name="Ana Fictive",
        role=role,
        posts=[Post.parse(post) for post in posts],
        password_hash="!",
        since=opened_on(session) or dt.date(2000, 1, 1),
    )
    return session.scalars(select(Account).where(Account.email == email)).one()


@contextmanager
def administrator() -> Iterator[Connection]:
    """The database as its administrator, whom nothing stops; needs an application context."""
    engine = create_engine(current_app.config["DATABASE_ADDRESS"])
    with engine.begin() as connection:
        yield connection
    engine.dispose()


@functools.cache
def _cleaner(address: URL) -> Engine:
    """Kept from test to test: a new connection takes as long as what it is for."""
    return create_engine(address, pool_pre_ping=True)


@unwatched
def empty_records() -> None:
    """Empty every table that is not reference data, and take away what records added to it."""
    tables = sorted(set(db.metadata.tables) - REFERENCE_TABLES)
    db.session.rollback()
    with _cleaner(current_app.config["DATABASE_ADDRESS"]).begin() as connection:
        # The journal refuses to be emptied: only its owner may do without its triggers.
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        # Deleting few rows is ten times as fast as giving every table a new file.
        connection.execute(text(";".join(f"DELETE FROM {table}" for table in tables)))
        # Communes outside the region are added by records that name them.
        connection.execute(text("DELETE FROM communes WHERE epci_code IS NULL"))
        # Structures come and go by the pages: the founders are members again, and nobody else.
        connection.execute(
            text("DELETE FROM structures WHERE code <> ALL (:known)"), {"known": [*STRUCTURES]}
        )
        counted = "SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL"
        for sequence in connection.scalars(text(counted)).all():
            if not sequence.startswith(tuple(f"{table}_" for table in REFERENCE_TABLES)):
                connection.execute(text(f"ALTER SEQUENCE {sequence} RESTART"))
        connection.execute(
            text("INSERT INTO memberships (structure_id, joined_on) "
                 "SELECT id, :day FROM structures WHERE code = ANY (:members)"),
            {"day": FOUNDED_ON, "members": [code for code, is_ in STRUCTURES.items() if is_]},
        )  # fmt: skip
