"""A period sealed by its administrator's hand: what it holds is its own tests' business."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from ramsess.reports.period import Period
from tests.conftest import administrator
from tests.sealing.made import address_of, put_seal

SEALED_AT = dt.datetime(2010, 4, 12, 9, tzinfo=dt.UTC)
SENTENCE = (
    "Le 1er trimestre 2009 est scellé depuis le 12 avril 2010 : ce qui est daté de cette période "
    "ne change plus. Faites une correction."
)


def seal(first: dt.date = dt.date(2009, 1, 1), kind: str = "quarter") -> int:
    """Seal the quarter or the year that begins on *first*, and commit; the period's id."""
    with administrator() as connection:
        return seal_in(connection, first, kind)


def seal_in(
    connection: Connection | Session, first: dt.date = dt.date(2009, 1, 1), kind: str = "quarter"
) -> int:
    """As ``seal``, in the transaction of *connection*."""
    after = first + dt.timedelta(days=370 if kind == "year" else 95)
    days = Period(first, after.replace(day=1) - dt.timedelta(days=1))
    account = connection.scalar(text("SELECT min(id) FROM accounts"))
    if account is None:
        account = connection.scalar(
            text(
                "INSERT INTO accounts (email, name, password, active, fs_uniquifier) VALUES "
                "('sceau@demo.example', 'Ana Fictive', '!', true, 'sceau') RETURNING id"
            )
        )
    session = connection if isinstance(connection, Session) else Session(connection)
    return put_seal(session, account, code=address_of(days), days=days, at=SEALED_AT).id
