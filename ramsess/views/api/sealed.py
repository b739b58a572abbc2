"""Sealed reports, as they were sealed, of the edition that one may read."""

from __future__ import annotations

import datetime as dt
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from ramsess import policy
from ramsess.actions.tokens import Bearer
from ramsess.database import db
from ramsess.models import ReportingPeriod, Seal
from ramsess.models.calendar import PARIS
from ramsess.reports.period import Period
from ramsess.reports.period_code import code_of, period_of
from ramsess.reports.report import Report
from ramsess.reports.sealed import SealedError, sealed_report
from ramsess.reports.table import Table
from ramsess.reports.table_csv import csv_bytes
from ramsess.views.api.operations import CSV, Asked, Changeless, Operation, Parameter, operation
from ramsess.views.noting import show_list
from ramsess.views.received import received

PERIOD = Parameter(
    "period",
    "Une année (« 2009 ») ou un trimestre (« 2009-T2 »).",
    {"type": "string", "pattern": "^[0-9]{4}(-T[1-4])?$"},
    required=True,
)
TABLE = Parameter(
    "table",
    "Un tableau du bilan (« B01 »).",
    {"type": "string", "pattern": "^B[0-9]{2}[A-Z]?$"},
    required=True,
)


def read_edition(text: str) -> str:
    """An edition by its name. Raises ValueError."""
    if text not in ("network", "region"):
        raise ValueError("Une édition est « network » ou « region ».")
    return text


EDITION = Parameter(
    "edition",
    "L’édition : celle de votre rôle si rien n’est dit.",
    {"type": "string", "enum": ["network", "region"]},
    read_edition,
)


@operation(Operation("/periods", "periods", "Les périodes", "see_sealed_reports", "PeriodList"))
def periods(bearer: Bearer, _asked: Asked) -> dict[str, Any]:
    """Les périodes et leur état, la plus récente d’abord. La Région ne voit que celles qui sont
    scellées."""
    query = (
        select(ReportingPeriod, Seal.sealed_at, Seal.address)
        .outerjoin(Seal, Seal.period_id == ReportingPeriod.id)
        .order_by(ReportingPeriod.last_on.desc(), ReportingPeriod.first_on)
    )
    with _reading(policy.editions_of({bearer.role})[0]) as session:
        rows = session.execute(query).all()
    return {
        "items": [
            {
                "code": code_of(Period(one.first_on, one.last_on)),
                "kind": one.kind,
                "from": one.first_on.isoformat(),
                "to": one.last_on.isoformat(),
                "state": "sealed" if sealed_at else "consolidated" if one.consolidated_on
                else "open",
                "sealed_on": _day(sealed_at),
                "verification": address,
            }
            for one, sealed_at, address in rows
            if sealed_at or policy.allowed({bearer.role}, "see_report")
        ]
    }  # fmt: skip


@operation(
    Operation(
        "/reports/{period}",
        "sealed_report",
        "Un bilan scellé",
        "see_sealed_reports",
        "SealedReport",
        parameters=(PERIOD, EDITION),
        changeless=True,
    )
)
def whole_report(bearer: Bearer, asked: Asked, period: str) -> Changeless:
    """Le bilan d’une période scellée, tel qu’il a été scellé : tous ses tableaux. Un chiffre non
    publié (secret statistique) vaut « s »."""
    report = _sealed(bearer, asked, period)
    return Changeless(told(report), report.digest)


@operation(
    Operation(
        "/reports/{period}/tables/{table}",
        "sealed_table",
        "Un tableau d’un bilan scellé",
        "see_sealed_reports",
        "Table",
        parameters=(PERIOD, TABLE, EDITION),
        changeless=True,
    )
)
def table(bearer: Bearer, asked: Asked, period: str, table: str) -> Changeless:
    """Un seul tableau d’un bilan scellé."""
    found, digest = _table(bearer, asked, period, table)
    return Changeless(found.as_json(), f"{digest}-{table}")


@operation(
    Operation(
        "/reports/{period}/tables/{table}.csv",
        "sealed_csv",
        "Un tableau d’un bilan scellé, en CSV",
        "see_sealed_reports",
        "Csv",
        parameters=(PERIOD, TABLE, EDITION),
        media_type=CSV,
        changeless=True,
    )
)
def table_csv(bearer: Bearer, asked: Asked, period: str, table: str) -> Changeless:
    """Le même tableau, pour un tableur."""
    found, digest = _table(bearer, asked, period, table)
    return Changeless(csv_bytes(found), f"{digest}-{table}-csv")


def _day(moment: dt.datetime | None) -> str | None:
    return moment.astimezone(PARIS).date().isoformat() if moment else None


def told(report: Report) -> dict[str, Any]:
    """The report for a program, and what proves it."""
    return report.as_json() | {
        "sealed_on": report.sealed_on.isoformat() if report.sealed_on else None,
        "digest": report.digest,
        "verification": report.address,
        "comments": dict(report.comments),
        "members": [{"code": one.code, "name": one.name} for one in report.members],
    }


def _sealed(bearer: Bearer, asked: Asked, code: str) -> Report:
    """The report; absent for who may not read the edition."""
    editions = policy.editions_of({bearer.role})
    edition = asked["edition"] or editions[0]
    period = period_of(code)
    if period is None or edition not in editions:
        raise NotFound
    try:
        with _reading(edition) as session:
            report = sealed_report(session, period, edition)
    except SealedError:
        raise NotFound from None
    show_list("download_sealed", record=f"{code}/{edition}")
    return report


def _reading(edition: str) -> AbstractContextManager[Session]:
    """Through the account's own rights; the Région's edition by what reads no other."""
    return received() if edition == "region" else nullcontext(db.session())


def _table(bearer: Bearer, asked: Asked, code: str, table: str) -> tuple[Table, str]:
    report = _sealed(bearer, asked, code)
    try:
        return report.table(table), report.digest
    except KeyError:
        raise NotFound from None
