"""Sealing and writing at the same time: one waits for the other, and nothing slips in."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import psycopg
import pytest
from flask import Flask
from sqlalchemy.orm import Session

from ramsess.roles import role_url
from tests.conftest import administrator
from tests.counting.builder import Network
from tests.sealed.sealing import seal_in

ADD = (
    "INSERT INTO acts (done_on, type_code, structure_id, scheme_code, anonymous_count, note, "
    "version) SELECT '2009-02-10', 'CSL1', min(id), 'DRA', 0, '', 1 FROM structures"
)


@pytest.fixture
def writer(app: Flask, session: Session) -> Iterator[psycopg.Connection]:
    Network(session).act("2009-05-02")
    session.commit()
    url = role_url(app.config["SETTINGS"], app.config["DATABASE_ADDRESS"], "batch")
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as connection:
        yield connection
        connection.rollback()


def test_who_seals_waits_for_what_is_being_written(app: Flask, writer: psycopg.Connection) -> None:
    writer.execute(ADD)
    counted: list[int] = []

    def sealing() -> None:
        with app.app_context(), administrator() as connection:
            connection.exec_driver_sql("SELECT sight.hold_still()")
            counted.append(connection.exec_driver_sql("SELECT count(*) FROM acts").scalar_one())
            seal_in(connection)

    thread = threading.Thread(target=sealing)
    thread.start()
    time.sleep(0.2)
    assert not counted, "it waits"
    writer.commit()
    thread.join(10)
    assert counted == [2], "what was being written is in the figures that are sealed"


def test_who_writes_while_it_is_sealed_waits_and_is_refused(
    app: Flask, writer: psycopg.Connection
) -> None:
    met: list[str] = []

    def writing() -> None:
        try:
            writer.execute(ADD)
            met.append("passed")
        except psycopg.Error as fault:
            met.append(fault.sqlstate or "?")

    with app.app_context(), administrator() as connection:
        # Whoever only adds the seal holds everybody still too.
        seal_in(connection)
        thread = threading.Thread(target=writing)
        thread.start()
        time.sleep(0.2)
        assert not met, "it waits"
    thread.join(10)
    assert met == ["RS011"]


def test_without_holding_still_an_act_would_slip_in(app: Flask, writer: psycopg.Connection) -> None:
    """What the lock is for: a seal that takes it not, and does not see what is being written."""
    with app.app_context(), administrator() as connection:
        connection.exec_driver_sql("ALTER TABLE seals DISABLE TRIGGER hold_still")
    try:
        writer.execute(ADD)
        with app.app_context(), administrator() as connection:
            seal_in(connection)
        writer.commit()
        with app.app_context(), administrator() as connection:
            found = connection.exec_driver_sql(
                "SELECT count(*) FROM acts WHERE done_on < '2009-04-01'"
            ).scalar_one()
        assert found == 1
    finally:
        with app.app_context(), administrator() as connection:
            connection.exec_driver_sql("ALTER TABLE seals ENABLE TRIGGER hold_still")
