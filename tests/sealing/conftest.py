"""A small network, its year consolidated, a key; and the same year sealed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from ramsess.actions import seal_keys
from ramsess.actions.sealing import Means, seal
from ramsess.database import db
from ramsess.models import Account, ReportingPeriod, Seal, TableComment
from ramsess.reports.seal import EDITIONS
from tests.conftest import open_account
from tests.counting.builder import Network

AT = dt.datetime(2010, 2, 1, 9, 30, tzinfo=dt.UTC)
COMMENT = "L’année a été bonne, malgré l’hiver."


@pytest.fixture
def key(app: Flask) -> Iterator[seal_keys.SigningKey]:
    """The deployment's key, for one test."""
    path: Path = app.config["SETTINGS"].seal_key_file
    path.unlink(missing_ok=True)
    yield seal_keys.make_key(path)
    path.unlink(missing_ok=True)


@pytest.fixture
def data_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is tried has nothing to do with how data is rendered: data alone is sealed."""
    for edition in EDITIONS:
        monkeypatch.setitem(EDITIONS, edition, ())


@pytest.fixture
def coordinator(session: Session) -> Account:
    return open_account(session, "coordinator")


@pytest.fixture
def year(session: Session, coordinator: Account, key: seal_keys.SigningKey) -> ReportingPeriod:
    """2009, consolidated, with some records and a comment."""
    return consolidated_year(session, key)


def consolidated_year(session: Session, key: seal_keys.SigningKey) -> ReportingPeriod:
    network = Network(session)
    for number in range(3):
        parcours = network.parcours(network.person(), others={"PLACE": ("2009-03-01", None)})
        network.act(f"2009-0{number + 3}-10", parcours=parcours, note="note à soi")
    seal_keys.register_key(session, key)
    period = ReportingPeriod(
        kind="year",
        first_on=dt.date(2009, 1, 1),
        last_on=dt.date(2009, 12, 31),
        consolidated_on=dt.date(2010, 1, 20),
    )
    session.add(period)
    session.flush()
    session.add(TableComment(period_id=period.id, table_id="B01", text=COMMENT))
    session.commit()
    return period


def seal_it(
    session: Session, account: Account, period: ReportingPeriod, key: seal_keys.SigningKey
) -> Seal:
    """Seal and commit."""
    made = seal(
        session,
        db.engines["report"],
        account,
        period,
        Means(key, "0.1.0", "https://ramsess.exemple.fr"),
        at=AT,
    )
    session.commit()
    return made


@pytest.fixture
def sealed(
    session: Session, coordinator: Account, year: ReportingPeriod, key: seal_keys.SigningKey
) -> Seal:
    """The year, sealed."""
    return seal_it(session, coordinator, year, key)
