from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from ramsess.database import db
from ramsess.reports.facts import Facts, snapshot
from ramsess.reports.period import Period
from tests.conftest import empty_records
from tests.counting.builder import Network


@pytest.fixture(scope="session")
def blank(app: Flask) -> Facts:
    """The facts of a network without records: code lists, territory, the types of the columns."""
    with app.app_context():
        empty_records()
        with snapshot(db.engines["report"]) as connection:
            return Facts.read(connection, Period.of_year(2009))


@pytest.fixture
def network(session: Session) -> Network:
    return Network(session)
