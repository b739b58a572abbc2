"""Sealing a period: what is kept, who is refused, what never changes."""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import replace

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from ramsess.actions import sealed as sealed_days
from ramsess.actions import sealing
from ramsess.actions.refusals import RefusedError
from ramsess.actions.seal_keys import SigningKey, make_key
from ramsess.database import db
from ramsess.models import (
    Account,
    Act,
    AuditEvent,
    ReportingPeriod,
    Seal,
    SealedFile,
    TableComment,
)
from ramsess.models.calendar import today
from ramsess.reports import canonical, consolidation
from ramsess.reports.canonical import digest_of
from ramsess.reports.period import Period
from ramsess.reports.sealed import (
    SealedError,
    sealed_file,
    sealed_files,
    sealed_period,
    sealed_periods,
    sealed_report,
)
from ramsess.reports.verification import Outcome, fingerprint, read_proofs, verify_digest
from tests.conftest import administrator
from tests.sealing.conftest import AT, COMMENT, seal_it

YEAR = Period.of_year(2009)


def test_a_sealed_year_is_what_was_counted_and_said(
    session: Session, sealed: Seal, key: SigningKey
) -> None:
    report = sealed_report(session, YEAR, "network")
    assert report.state == "scellé"
    assert report.sealed_on == report.made_on == dt.date(2010, 2, 1)
    assert report.address == f"https://ramsess.exemple.fr/verifier/{sealed.address}"
    assert report.comments == {"B01": COMMENT}
    assert report.table("B08").value("CSL1", "TOTAL") == 3
    assert report.details == ()
    lists = sealed_report(session, YEAR, "detail")
    assert [len(detail.rows) for detail in lists.details] == [3, 3, 0]
    assert replace(lists, details=(), digest=report.digest) == report
    # Its files are those of the manifest that the key signed.
    (proof,) = read_proofs(session)
    assert proof.holds
    assert proof.code == sealed.address
    assert proof.period == YEAR
    assert proof.sealed_at == AT
    assert proof.said["program"] == "0.1.0"
    assert fingerprint(proof.public_key) == key.name
    kept = list(sealed_files(session, YEAR))
    assert sorted(kept) == sorted(proof.digests)
    assert {(edition, suffix) for edition, suffix, _ in kept} == {
        ("network", "json"), ("network", "xlsx"), ("network", "pdf"),
        ("detail", "json"), ("detail", "xlsx"),
        ("region", "json"), ("region", "xlsx"), ("region", "pdf"),
    }  # fmt: skip
    for _, _, digest in kept:
        assert verify_digest(digest, [proof]).outcome is Outcome.GENUINE
    (found,) = sealed_periods(session)
    assert found.period == YEAR
    assert found.code == sealed.address
    assert sealed_period(session, period=YEAR) == found
    assert sealed_period(session, public_id=found.public_id) == found
    assert sealed_period(session, period=Period.of_year(2008)) is None
    with pytest.raises(SealedError):
        sealed_file(session, YEAR, "detail", "pdf")
    # Nobody is named, nothing is told but what is counted; what is rendered is made of it alone.
    for edition in ("network", "detail", "region"):
        data = sealed_file(session, YEAR, edition, "json")
        assert b"Fictif" not in data
        assert "note à soi".encode() not in data
    # It is noted in the journal.
    counted = select(func.count()).where(AuditEvent.action == "seal_period")
    assert session.scalar(counted) == 1


@pytest.mark.usefixtures("data_alone")
def test_nothing_that_happens_later_changes_a_sealed_byte(
    session: Session,
    coordinator: Account,
    year: ReportingPeriod,
    key: SigningKey,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seal_it(session, coordinator, year, key)
    before = {
        edition: sealed_file(session, YEAR, edition, "json") for edition in ("network", "detail")
    }
    report = sealed_report(session, YEAR, "network")
    session.rollback()
    with administrator() as connection:
        # Whatever the tables themselves would refuse.
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for change in (
            "UPDATE acts SET type_code = 'CSL2', done_on = '2011-01-01'",
            "DELETE FROM act_advisers",
            "UPDATE parcours SET exited_on = '2009-06-01'",
            "UPDATE table_comments SET text = 'Autre chose.'",
            "UPDATE act_types SET label = label || ' (ancien)'",
            "UPDATE structures SET name = name || ' (ancien)'",
        ):
            connection.execute(text(change))
    try:
        monkeypatch.setattr(canonical, "method", lambda _: (("Autre", "Méthode."),))
        monkeypatch.setattr(consolidation, "network_tables", lambda *_: {})
        for edition, content in before.items():
            assert sealed_file(session, YEAR, edition, "json") == content
        assert sealed_report(session, YEAR, "network") == report
        (proof,) = read_proofs(session)
        assert proof.holds
        for edition, content in before.items():
            assert verify_digest(digest_of(content), [proof]).edition == edition
    finally:
        session.rollback()
        with administrator() as connection:
            for table in ("act_types.label", "structures.name"):
                name, column = table.split(".")
                connection.execute(
                    text(f"UPDATE {name} SET {column} = replace({column}, ' (ancien)', '')")
                )


@pytest.mark.usefixtures("data_alone")
def test_sealed_once_it_is_not_sealed_again(
    session: Session, coordinator: Account, year: ReportingPeriod, sealed: Seal, key: SigningKey
) -> None:
    assert seal_it(session, coordinator, year, key).id == sealed.id
    assert session.scalar(select(func.count()).select_from(Seal)) == 1


@pytest.mark.usefixtures("data_alone")
@pytest.mark.parametrize(("when", "reason"), [("2009", "consolidée"), ("now", "finie")])
def test_what_is_not_ready_is_refused_whole(
    session: Session,
    coordinator: Account,
    year: ReportingPeriod,
    key: SigningKey,
    when: str,
    reason: str,
) -> None:
    if when == "now":
        this = Period.of_year(today().year)
        year = ReportingPeriod(kind="year", first_on=this.first, last_on=this.last)
        session.add(year)
    else:
        year.consolidated_on = None
    session.commit()
    with pytest.raises(RefusedError, match=reason):
        seal_it(session, coordinator, year, key)
    session.rollback()
    assert session.scalar(select(func.count()).select_from(SealedFile)) == 0


@pytest.mark.usefixtures("data_alone")
def test_a_key_that_the_database_does_not_know_seals_nothing(
    session: Session, coordinator: Account, year: ReportingPeriod, tmp_path: object
) -> None:
    # The folder that pytest gives is a path.
    with pytest.raises(RefusedError, match="seal-key"):
        seal_it(session, coordinator, year, make_key(tmp_path / "other.key"))  # type: ignore[operator]


@pytest.mark.usefixtures("data_alone")
def test_what_is_recorded_meanwhile_is_sealed_or_waits(
    session: Session,
    coordinator: Account,
    year: ReportingPeriod,
    key: SigningKey,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An act dated in the period, committed after the first count, is in the seal; one that comes
    once the records are held still waits until the seal is there, and is refused."""
    act = session.scalars(select(Act).order_by(Act.id)).first()
    assert act
    structure = act.structure_id
    session.commit()
    refused = threading.Event()
    hold, threads, engine = sealing.hold_still, [], db.engines["batch"]

    def come_late() -> None:
        with pytest.raises(sealed_days.SealedError, match="scellée"):
            record()
        refused.set()

    def record() -> None:
        with engine.begin() as connection:
            connection.execute(
                text(
                    "INSERT INTO acts (done_on, type_code, structure_id, scheme_code, "
                    "anonymous_count, note, version) "
                    "VALUES ('2009-06-01', 'CSL2', :structure, 'DRA', 0, '', 1)"
                ),
                {"structure": structure},
            )

    def slip_in(session: Session) -> None:
        record()
        hold(session)
        threads.append(threading.Thread(target=come_late))
        threads[0].start()
        assert not refused.wait(0.5)

    monkeypatch.setattr(sealing, "hold_still", slip_in)
    seal_it(session, coordinator, year, key)
    assert refused.wait(5)
    threads[0].join()
    report = sealed_report(session, YEAR, "network")
    assert report.table("B08").value("CSL2", "TOTAL") == 1
    counted = select(func.count()).where(Act.type_code == "CSL2").select_from(Act)
    assert session.scalar(counted) == 1


@pytest.mark.usefixtures("data_alone")
def test_who_records_for_long_makes_the_seal_give_way(
    session: Session,
    coordinator: Account,
    year: ReportingPeriod,
    key: SigningKey,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sealing, "PATIENCE", "20ms")
    monkeypatch.setattr(sealing, "TRIES", 2)
    with db.engines["batch"].connect() as other:
        other.execute(text("UPDATE acts SET note = note"))
        with pytest.raises(RefusedError, match="réessayez"):
            seal_it(session, coordinator, year, key)
        other.rollback()
    session.rollback()
    assert seal_it(session, coordinator, year, key).id


@pytest.mark.usefixtures("data_alone")
@pytest.mark.parametrize("undone", ["sealed", "consolidated"])
def test_what_somebody_decides_while_we_count_stands(
    session: Session,
    coordinator: Account,
    year: ReportingPeriod,
    key: SigningKey,
    monkeypatch: pytest.MonkeyPatch,
    undone: str,
) -> None:
    hold, calls = sealing.hold_still, []

    def meanwhile(session: Session) -> None:
        monkeypatch.setattr(sealing, "hold_still", hold)
        if undone == "sealed":
            calls.append(seal_it(session, coordinator, year, key).id)
        else:
            year.consolidated_on = None
            session.commit()
        hold(session)

    monkeypatch.setattr(sealing, "hold_still", meanwhile)
    if undone == "sealed":
        assert seal_it(session, coordinator, year, key).id == calls[0]
    else:
        with pytest.raises(RefusedError, match="consolidée"):
            seal_it(session, coordinator, year, key)


@pytest.mark.usefixtures("data_alone")
def test_a_comment_that_is_being_written_is_in_the_seal(
    session: Session,
    coordinator: Account,
    year: ReportingPeriod,
    key: SigningKey,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is said of a sealed period is what was sealed of it."""
    hold, sealed_now = sealing.hold_still, threading.Event()
    other = db.engines["batch"].connect()

    def ends_later() -> None:
        sealed_now.wait(1)
        other.commit()
        other.close()

    thread = threading.Thread(target=ends_later)

    def meanwhile(session: Session) -> None:
        other.execute(text("UPDATE table_comments SET text = 'Relu.'"))
        thread.start()
        hold(session)

    monkeypatch.setattr(sealing, "hold_still", meanwhile)
    seal_it(session, coordinator, year, key)
    sealed_now.set()
    thread.join()
    kept = session.scalars(select(TableComment.text)).all()
    assert list(sealed_report(session, YEAR, "network").comments.values()) == kept == ["Relu."]


def test_the_coordinator_is_told_what_is_missing(
    session: Session, coordinator: Account, year: ReportingPeriod
) -> None:
    late, silent = sealing.missing(session, year)
    assert "Place" in late
    assert not silent
    session.delete(session.get(TableComment, (year.id, "B01")))
    session.flush()
    assert sealing.missing(session, year)[1]
