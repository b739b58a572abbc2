"""A seal made without records: small reports made by hand, sealed as any other."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session

from ramsess.actions.seal_keys import SigningKey, register_key
from ramsess.models import ReportingPeriod, Seal, SealedFile
from ramsess.reports.canonical import digest_of, without_records
from ramsess.reports.report import Report
from ramsess.reports.seal import Files, Occasion, make_manifest, render, sealed_data
from ramsess.reports.verification import Proof
from tests.reports.sample import detail, network_report
from tests.reports.sample_tables import ages, key_figures, months

AT = dt.datetime(2010, 2, 1, 9, 30, tzinfo=dt.UTC)
CODE = "7KQ2-M9XD"
KEY = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))


def small_report() -> Report:
    """Three tables of 2009, commented."""
    report = replace(
        network_report(),
        tables=(key_figures(), ages(), months()),
        comments={"BILAN": "Une année « pleine »."},
        details=(),
    )
    return without_records(report)


def reports() -> dict[str, Report]:
    """The three editions; the Région's hides two cells of rows that it does not show."""
    network = small_report()
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


@cache
def made(code: str = CODE, at: dt.datetime = AT, key: SigningKey = KEY) -> tuple[Files, Proof]:
    """The files of a seal, and its proof."""
    when = occasion(code, at, key)
    files = render(sealed_data(reports(), when))
    manifest = make_manifest(files, when)
    return files, Proof(manifest, key.sign(manifest), key.public)


def put_seal(
    session: Session, account_id: int, *, code: str = CODE, year: int = 2009
) -> ReportingPeriod:
    """A sealed year, its rows written as a seal writes them; the commit is the caller's."""
    register_key(session, KEY)
    files, proof = made(code)
    period = ReportingPeriod(
        kind="year",
        first_on=dt.date(year, 1, 1),
        last_on=dt.date(year, 12, 31),
        consolidated_on=dt.date(year + 1, 1, 20),
    )
    session.add(period)
    session.flush()
    seal = Seal(
        period_id=period.id,
        address=code,
        manifest=proof.manifest,
        digest=digest_of(proof.manifest),
        signature=proof.signature,
        key_name=KEY.name,
        account_id=account_id,
        sealed_at=AT,
    )
    session.add(seal)
    session.flush()
    for edition, contents in files.items():
        for suffix, content in contents.items():
            session.add(
                SealedFile(
                    seal_id=seal.id,
                    edition=edition,
                    suffix=suffix,
                    digest=digest_of(content),
                    content=content,
                )
            )
    session.flush()
    return period
