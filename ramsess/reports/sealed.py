"""Sealed reports, as they were sealed: read back, never counted again (Rule 12).

Through the session's own rights: who may not read an edition finds nothing (SealedError).
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from ramsess.models import ReportingPeriod, Seal, SealedFile
from ramsess.reports.canonical import report_from
from ramsess.reports.period import Period
from ramsess.reports.report import Report


class SealedError(LookupError):
    """Nothing of that kind is sealed, or it is not for the reader."""


@dataclass(frozen=True)
class SealedPeriod:
    """A period that is sealed; *code* is that of its address, *public_id* the period's."""

    public_id: uuid.UUID
    kind: str
    period: Period
    sealed_at: dt.datetime
    code: str


_PERIODS: Any = (
    select(
        ReportingPeriod.public_id,
        ReportingPeriod.kind,
        ReportingPeriod.first_on,
        ReportingPeriod.last_on,
        Seal.sealed_at,
        Seal.address,
    )
    .join(Seal, Seal.period_id == ReportingPeriod.id)
    .order_by(ReportingPeriod.last_on.desc(), ReportingPeriod.first_on)
)


def _sealed(row: Any) -> SealedPeriod:
    public_id, kind, first, last, sealed_at, code = row
    return SealedPeriod(public_id, kind, Period(first, last), sealed_at, code)


def sealed_periods(session: Session) -> list[SealedPeriod]:
    """Every sealed period, the latest first."""
    return [_sealed(row) for row in session.execute(_PERIODS)]


def sealed_period(
    session: Session, *, period: Period | None = None, public_id: uuid.UUID | None = None
) -> SealedPeriod | None:
    """The sealed period of exactly these days, or of that identifier."""
    query = _PERIODS.where(ReportingPeriod.public_id == public_id)
    if period is not None:
        query = _PERIODS.where(_is(period))
    row = session.execute(query).one_or_none()
    return _sealed(row) if row else None


def sealed_file(session: Session, period: Period, edition: str, suffix: str) -> bytes:
    """A sealed file, byte for byte. Raises SealedError."""
    content = session.scalar(
        _of(period, select(SealedFile.content)).where(
            SealedFile.edition == edition, SealedFile.suffix == suffix
        )
    )
    if content is None:
        raise SealedError(f"{edition}.{suffix}")
    return bytes(content)


def sealed_report(session: Session, period: Period, edition: str) -> Report:
    """The report of a sealed period as it was sealed. Raises SealedError."""
    return report_from(sealed_file(session, period, edition, "json"))


def sealed_files(session: Session, period: Period) -> Sequence[tuple[str, str, str]]:
    """Edition, suffix and SHA-256 of the files of a sealed period that the reader may have."""
    query = _of(period, select(SealedFile.edition, SealedFile.suffix, SealedFile.digest))
    return [(row[0], row[1], row[2]) for row in session.execute(query.order_by(SealedFile.id))]


def _of(period: Period, query: Any) -> Any:
    return query.join(Seal, SealedFile.seal).join(Seal.period).where(_is(period))


def _is(period: Period) -> ColumnElement[bool]:
    return (ReportingPeriod.first_on == period.first) & (ReportingPeriod.last_on == period.last)
