"""A seal made without records: small reports made by hand, sealed as any other."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from ramsess.actions.seal_keys import SigningKey, register_key
from ramsess.actions.sealing import keep
from ramsess.models import ReportingPeriod
from ramsess.reports.canonical import without_records
from ramsess.reports.period import Period
from ramsess.reports.report import Report
from ramsess.reports.seal import Files, Occasion, make_manifest, render, sealed_data
from ramsess.reports.verification import Proof
from tests.reports.sample import detail, network_report
from tests.reports.sample_tables import ages, key_figures, months

AT = dt.datetime(2010, 2, 1, 9, 30, tzinfo=dt.UTC)
CODE = "7KQ2-M9XD"
YEAR = Period.of_year(2009)
KEY = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))


def small_report(days: Period = YEAR) -> Report:
    """Three tables, those of 2009 whatever the days, commented."""
    report = replace(
        network_report(),
        period=days,
        tables=(key_figures(), ages(), months()),
        comments={"BILAN": "Une année « pleine »."},
        details=(),
    )
    return without_records(report)


def reports(days: Period = YEAR) -> dict[str, Report]:
    """The three editions; the Région's hides two cells of rows that it does not show."""
    network = small_report(days)
    hidden = frozenset({("a0", "X"), ("a1", "X")})
    for_region = replace(network.tables[1], hidden=hidden)
    return {
        "network": network,
        "detail": replace(network, details=(detail(),)),
        "region": replace(
            network, edition="region", tables=(network.tables[0], for_region, network.tables[2])
        ),
    }


def occasion(code: str, at: dt.datetime, key: SigningKey) -> Occasion:
    return Occasion(
        at=at,
        code=code,
        salts={edition: f"{number:032x}" for number, edition in enumerate(reports())},
        key=key.name,
        program="0.1.0",
        site="https://ramsess.exemple.fr",
    )


def address_of(days: Period) -> str:
    """An address of these days alone, of the letters of addresses."""
    said = f"{'Y' if days.is_year() else 'Q'}{days.last:%y%m%d}".replace("0", "Z")
    return f"{said[:4]}-{said[3:]}".replace("1", "W")


@cache
def made(
    code: str = CODE, at: dt.datetime = AT, key: SigningKey = KEY, days: Period = YEAR
) -> tuple[Files, Proof]:
    """The files of a seal, and its proof."""
    when = occasion(code, at, key)
    files = render(sealed_data(reports(days), when))
    manifest = make_manifest(files, when)
    return files, Proof(manifest, key.sign(manifest), key.public)


def put_seal(
    session: Session,
    account_id: int,
    *,
    code: str = CODE,
    days: Period = YEAR,
    at: dt.datetime = AT,
) -> ReportingPeriod:
    """A sealed period, its rows written as a seal writes them; the commit is the caller's."""
    register_key(session, KEY)
    period = session.scalar(
        select(ReportingPeriod).where(
            ReportingPeriod.first_on == days.first, ReportingPeriod.last_on == days.last
        )
    ) or ReportingPeriod(
        kind="year" if days.is_year() else "quarter",
        first_on=days.first,
        last_on=days.last,
        consolidated_on=days.last + dt.timedelta(days=20),
    )
    session.add(period)
    session.flush()
    keep(session, account_id, period, made(code, at, days=days)[0], occasion(code, at, KEY), KEY)
    return period
