"""Seal a period: its report, counted once more, becomes what it will be for ever (Rule 12)."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from ramsess.actions.auditing import note
from ramsess.actions.periods import not_handed_in
from ramsess.actions.refusals import RefusedError
from ramsess.actions.seal_keys import SigningKey
from ramsess.actions.table_comments import comments_of
from ramsess.models import (
    Account,
    ReportingPeriod,
    Seal,
    SealedFile,
    SealKey,
)
from ramsess.models.calendar import today
from ramsess.reports.canonical import digest_of
from ramsess.reports.consolidation import make_report
from ramsess.reports.disclosure import DisclosureError, Release, region_edition, threshold
from ramsess.reports.disclosure.earlier import earlier_releases
from ramsess.reports.period import Period
from ramsess.reports.report import Report
from ramsess.reports.seal import Files, Occasion, make_manifest, render, sealed_data
from ramsess.reports.verification import ALPHABET

# Shorter than the second after which the database looks for who waits for whom: we give way to
# somebody who records, never the reverse.
PATIENCE = "400ms"
TRIES = 20


@dataclass(frozen=True)
class Means:
    """With what a deployment seals: its key, its program's version, where its pages are."""

    key: SigningKey
    program: str
    site: str = ""


def seal(
    session: Session,
    engine: Engine,
    account: Account,
    period: ReportingPeriod,
    means: Means,
    *,
    at: dt.datetime,
) -> Seal:
    """Seal *period* at the moment *at*; sealed once, it gives the seal that it has.

    *engine* is the reports'. The files are made before anybody is made to wait; then the records
    that are counted are held still, counted anew, and sealed as they are. Raises RefusedError.
    """
    found = seal_of(session, period)
    if found is not None:
        return found
    _check(session, period, means)
    occasion = _occasion(means, at.replace(microsecond=0))
    report, earlier = _count(session, engine, period)
    data = sealed_data(_editions(session, report, earlier), occasion)
    files = render(data)
    hold_still(session)
    # What somebody else decided, or said, while we were counting.
    session.execute(select(func.sight.hold_period(period.id)))
    session.execute(
        select(ReportingPeriod.id).where(ReportingPeriod.id == period.id).with_for_update()
    )
    session.refresh(period)
    found = seal_of(session, period)
    if found is not None:
        return found
    _check(session, period, means)
    report, since = _count(session, engine, period)
    # The lists of records hold all that was counted; another seal tells the Région more.
    counted = sealed_data({"detail": report}, occasion)
    if counted["detail"] != data["detail"] or len(since) != len(earlier):
        files = render(sealed_data(_editions(session, report, since), occasion))
    made = keep(session, account.id, period, files, occasion, means.key)
    note(session, "seal_period", record=period.public_id, account_id=account.id)
    session.flush()
    return made


def seal_of(session: Session, period: ReportingPeriod) -> Seal | None:
    """The seal of *period*, when it has one."""
    return session.scalar(select(Seal).where(Seal.period_id == period.id))


def hold_still(session: Session) -> None:
    """Nobody writes what is dated until this transaction ends; who is writing ends first.

    Raises RefusedError when there is always somebody.
    """
    session.execute(text(f"SET LOCAL lock_timeout = '{PATIENCE}'"))
    for _ in range(TRIES):
        try:
            with session.begin_nested():
                session.execute(select(func.sight.hold_still()))
        except OperationalError:
            continue
        session.execute(text("SET LOCAL lock_timeout = 0"))
        return
    raise RefusedError(
        {"period": "Trop d’enregistrements sont en cours : réessayez dans un instant."}
    )


def missing(session: Session, period: ReportingPeriod) -> tuple[list[str], bool]:
    """What the coordinator should know before sealing: who has not handed in; whether nothing is
    said on the report."""
    late = [structure.name for structure in not_handed_in(session, period)]
    return late, not comments_of(session, period)


def obstacle(period: ReportingPeriod) -> str:
    """Why *period* cannot be sealed yet, in French; empty when it can."""
    if period.last_on >= today():
        return "Cette période n’est pas finie : elle se scelle après son dernier jour."
    if period.consolidated_on is None:
        return "Cette période n’est pas consolidée : consolidez-la avant de la sceller."
    return ""


def _check(session: Session, period: ReportingPeriod, means: Means) -> None:
    reason = obstacle(period)
    if not reason and session.get(SealKey, means.key.name) is None:
        reason = (
            "La clé de scellement n’est pas connue de la base : « ramsess seal-key » l’y inscrit."
        )
    if reason:
        raise RefusedError({"period": reason})


def _occasion(means: Means, at: dt.datetime) -> Occasion:
    letters = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return Occasion(
        at=at,
        code=f"{letters[:4]}-{letters[4:]}",
        salts={edition: secrets.token_hex(16) for edition in ("network", "detail", "region")},
        key=means.key.name,
        program=means.program,
        site=means.site,
    )


def _count(
    session: Session, engine: Engine, period: ReportingPeriod
) -> tuple[Report, Sequence[Release]]:
    """The network's report with its lists, and what the Région has received before."""
    report = make_report(engine, Period(period.first_on, period.last_on), with_details=True)
    return report, earlier_releases(session, report.period)


def _editions(session: Session, report: Report, earlier: Sequence[Release]) -> Mapping[str, Report]:
    try:
        return editions(report, earlier, threshold(session))
    except DisclosureError as error:
        raise RefusedError({"period": str(error)}) from None


def editions(report: Report, earlier: Sequence[Release], least: int) -> dict[str, Report]:
    """The editions that are sealed of the network's *report*; *least*: the least count of persons
    that the Région reads, *earlier*: what it has read (Rule 15)."""
    whole = replace(report, details=())
    return {
        "network": whole,
        "detail": report,
        "region": region_edition(whole, earlier, least).report,
    }


def keep(
    session: Session,
    account_id: int,
    period: ReportingPeriod,
    files: Files,
    occasion: Occasion,
    key: SigningKey,
) -> Seal:
    """Write the seal and its *files*, whose manifest *key* signs."""
    manifest = make_manifest(files, occasion)
    made = Seal(
        period_id=period.id,
        address=occasion.code,
        manifest=manifest,
        digest=digest_of(manifest),
        signature=key.sign(manifest),
        key_name=key.name,
        account_id=account_id,
        sealed_at=occasion.at,
    )
    session.add(made)
    session.flush()
    session.add_all(
        SealedFile(
            seal_id=made.id,
            edition=edition,
            suffix=suffix,
            digest=digest_of(content),
            content=content,
        )
        for edition, contents in files.items()
        for suffix, content in contents.items()
    )
    session.flush()
    return made
