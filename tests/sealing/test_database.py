"""What the database itself holds: nobody changes, removes or adds to what is sealed."""

from __future__ import annotations

from contextlib import AbstractContextManager

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from ramsess.actions.sign_ins import hash_of, open_sign_in
from ramsess.database import db
from ramsess.models import SealedFile
from ramsess.reports.canonical import digest_of
from tests.conftest import administrator, open_account
from tests.sealing.made import put_seal

TABLES = ("seal_keys", "seals", "sealed_files")
COLUMN = {"seal_keys": "since", "seals": "sealed_at", "sealed_files": "suffix"}


def entered(role: str | None) -> AbstractContextManager[Connection]:
    """A transaction as the role, or as the administrator whom nothing else stops."""
    return administrator() if role == "administrator" else db.engines[role].begin()


@pytest.fixture
def put(session: Session) -> Session:
    """A session on a database that holds a seal."""
    put_seal(session, open_account(session, "coordinator").id)
    session.commit()
    return session


@pytest.mark.usefixtures("put")
@pytest.mark.parametrize("role", [None, "door", "batch", "report", "funder", "administrator"])
def test_no_role_changes_or_removes_a_key_a_seal_or_a_file(role: str | None) -> None:
    for table in TABLES:
        for statement in (
            f"UPDATE {table} SET {COLUMN[table]} = {COLUMN[table]}",
            f"DELETE FROM {table}",
            f"TRUNCATE {table} CASCADE",
        ):
            with pytest.raises(DBAPIError) as refused, entered(role) as connection:
                connection.execute(text(statement))
            assert refused.value.orig
            assert refused.value.orig.sqlstate == "42501", (role, statement)  # type: ignore[attr-defined]
    with administrator() as connection:
        counted = [connection.scalar(text(f"SELECT count(*) FROM {name}")) for name in TABLES]
    assert counted == [1, 1, 8]


def test_a_seal_receives_no_file_later(put: Session) -> None:
    (seal_id,) = put.execute(text("SELECT id FROM seals")).one()
    put.commit()
    put.add(
        SealedFile(
            seal_id=seal_id, edition="detail", suffix="pdf", digest=digest_of(b"x"), content=b"x"
        )
    )
    with pytest.raises(DBAPIError, match="ne reçoit plus de fichier"):
        put.flush()
    put.rollback()


def test_a_digest_that_is_not_the_files_is_refused(session: Session) -> None:
    put_seal(session, open_account(session, "coordinator").id)
    with pytest.raises(DBAPIError, match="digest_is_sha256"):
        session.execute(
            text(
                "INSERT INTO sealed_files (seal_id, edition, suffix, digest, content) "
                "SELECT id, 'detail', 'pdf', repeat('0', 64), 'x' FROM seals"
            )
        )


@pytest.mark.parametrize(
    ("who", "editions"),
    [
        (("adviser", "APEAS"), {"network"}),
        (("manager", "APEAS"), {"network"}),
        (("coordinator",), {"network", "detail", "region"}),
        (("funder",), {"region"}),
        (("admin",), set()),
        (("dpo",), set()),
    ],
)
def test_the_database_gives_each_the_editions_that_are_hers(
    session: Session, who: tuple[str, ...], editions: set[str]
) -> None:
    account = open_account(session, *who)
    token = hash_of(open_sign_in(session, account, "Firefox sur Linux"))
    put_seal(session, open_account(session, "coordinator").id)
    session.commit()
    with db.engines[None].begin() as connection:
        asked = text("SELECT edition FROM sealed_files")
        assert set(connection.scalars(asked)) == set()
        connection.execute(
            text("SELECT set_config('ramsess.sign_in', :token, true)"), {"token": token}
        )
        assert set(connection.scalars(asked)) == editions
        assert connection.scalar(text("SELECT count(*) FROM seals")) == 1


@pytest.mark.usefixtures("put")
def test_the_pages_add_no_seal() -> None:
    for role in (None, "door", "report", "funder"):
        for table in TABLES:
            with pytest.raises(DBAPIError) as refused, db.engines[role].begin() as connection:
                connection.execute(text(f"INSERT INTO {table} DEFAULT VALUES"))
            assert refused.value.orig.sqlstate == "42501"  # type: ignore[union-attr]  # of psycopg


@pytest.mark.usefixtures("put")
def test_the_regions_own_role_reads_its_edition_and_no_other() -> None:
    with db.engines["funder"].begin() as connection:
        editions = set(connection.scalars(text("SELECT edition FROM sealed_files")))
        assert editions == {"region"}
        assert connection.scalar(text("SELECT count(*) FROM seals")) == 1
    with db.engines["door"].begin() as connection:
        assert connection.scalar(text("SELECT count(*) FROM sight.seals()")) == 1
        with pytest.raises(DBAPIError):
            connection.execute(text("SELECT content FROM sealed_files"))
