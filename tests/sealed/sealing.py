"""A period sealed by its administrator's hand: what it holds is its own tests' business."""

from __future__ import annotations

import datetime as dt
import hashlib

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from tests.conftest import administrator

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
    months = "1 year" if kind == "year" else "3 months"
    period: int | None = connection.scalar(
        text(
            "INSERT INTO periods (kind, first_on, last_on, version) VALUES (:kind, :first, "
            "(CAST(:first AS date) + CAST(:months AS interval) - interval '1 day')::date, 1) "
            "RETURNING id"
        ),
        {"kind": kind, "first": first, "months": months},
    )
    assert period
    account = connection.scalar(text("SELECT min(id) FROM accounts"))
    if account is None:
        account = connection.scalar(
            text(
                "INSERT INTO accounts (email, name, password, active, fs_uniquifier) VALUES "
                "('sceau@demo.example', 'Ana Fictive', '!', true, 'sceau') RETURNING id"
            )
        )
    connection.execute(
        text(
            "INSERT INTO seal_keys (name, public_key) VALUES ('essai', :key) ON CONFLICT DO NOTHING"
        ),
        {"key": bytes(32)},
    )
    connection.execute(
        text(
            "INSERT INTO seals (period_id, address, manifest, digest, signature, key_name, "
            "account_id, sealed_at) VALUES (:period, :address, :manifest, :digest, :signature, "
            "'essai', :account, :at)"
        ),
        {
            "period": period,
            "address": f"ESSAI-{period}",
            "manifest": str(period).encode(),
            "digest": hashlib.sha256(str(period).encode()).hexdigest(),
            "signature": bytes(64),
            "account": account,
            "at": SEALED_AT,
        },
    )
    return period
