"""B20, counted by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ramsess.actions.sealed import SealedError
from ramsess.models import Account, Correction, Parcours
from tests.counting.builder import Network, row
from tests.sealed.sealing import seal

OF_ACT = {"date", "type", "duration", "scheme", "act_removed", "attendance", "heads"}


@pytest.fixture
def network(session: Session) -> Network:
    made = Network(session)
    made.act("2009-02-10")
    made.parcours(made.person())
    session.commit()
    return made


def correct(
    network: Network, period: int, kind: str, made_on: str, code: str = "APEAS", **told: Any
) -> None:
    """A correction made on a day, by a structure; the first act and the first parcours stand for
    all."""
    session = network.session
    account = session.scalars(select(Account.id)).first()
    made = Correction(
        account_id=account, structure_id=network.structure_id(code), period_id=period, kind=kind,
        act_id=1 if kind in OF_ACT else None,
        parcours_id=1 if kind in ("entry", "exit", "parcours_removed") else None,
        reason="Erreur de saisie", made_on=dt.date.fromisoformat(made_on),
        **{"scheme_code": None if kind in ("entry", "exit", "parcours_removed") else "DRA"} | told,
    )  # fmt: skip
    session.add(made)
    session.flush()


def test_nothing_corrected_is_a_total_of_nothing(network: Network) -> None:
    table = network.report().table("B20")
    assert [one.key for one in table.rows] == ["TOTAL"]
    assert not table.values


def test_corrections_are_counted_by_period_and_kind_in_the_report_of_their_own_day(
    network: Network,
) -> None:
    quarter, year = seal(), seal(dt.date(2008, 1, 1), "year")
    correct(network, quarter, "duration", "2009-04-02", minutes=30)
    correct(network, quarter, "duration", "2009-06-30", minutes=-45)
    correct(network, quarter, "act_removed", "2009-05-02", acts=-1, minutes=-60)
    correct(network, quarter, "act_forgotten", "2009-05-03", acts=1, minutes=180, sessions=1,
            attendances=12)  # fmt: skip
    correct(network, quarter, "attendance", "2009-05-03", attendances=-2)
    correct(network, quarter, "type", "2009-05-04", code="PLACE")
    correct(network, year, "parcours_removed", "2009-05-05", parcours=-1)
    correct(network, quarter, "duration", "2009-07-01", minutes=500)
    report = network.report("2009-04-01", "2009-06-30")
    assert [one.key for one in report.table("B20").rows] == [
        "2008", "2008.parcours_removed",
        "2009-T1", "2009-T1.act_forgotten", "2009-T1.act_removed", "2009-T1.type",
        "2009-T1.duration", "2009-T1.attendance", "TOTAL",
    ]  # fmt: skip
    assert [one.label for one in report.table("B20").rows][:3] == [
        "Année 2008", "Parcours à ne pas compter", "1er trimestre 2009",
    ]  # fmt: skip
    assert row(report, "B20", "2008") == {"corrections": 1, "parcours": -1}
    assert row(report, "B20", "2009-T1") == {
        "corrections": 6, "minutes": 105, "sessions": 1, "attendances": 10,
    }  # fmt: skip
    assert row(report, "B20", "2009-T1.duration") == {"corrections": 2, "minutes": -15}
    assert row(report, "B20", "2009-T1.type") == {"corrections": 1}
    assert row(report, "B20", "TOTAL") == {
        "corrections": 7, "minutes": 105, "sessions": 1, "attendances": 10, "parcours": -1,
    }  # fmt: skip
    assert row(network.report("2009-01-01", "2009-03-31"), "B20", "TOTAL") == {}
    records = report.table("B20").records
    assert len(records("TOTAL", "corrections")["correction"]) == 7
    assert len(records("2009-T1.duration", "minutes")["correction"]) == 2
    assert records("2009-T1.type", "acts") == {}
    own = network.report("2009-04-01", "2009-06-30", structure="PLACE")
    assert row(own, "B20", "TOTAL") == {"corrections": 1}


def test_a_report_limited_to_a_scheme_counts_the_corrections_of_what_it_pays(
    network: Network,
) -> None:
    quarter = seal()
    network.act("2009-05-10", parcours=network.session.get_one(Parcours, 1), scheme_code="DLA")
    correct(network, quarter, "duration", "2009-05-02", minutes=30)
    correct(network, quarter, "duration", "2009-05-02", minutes=7, scheme_code="DLA")
    correct(network, quarter, "entry", "2009-05-03", parcours=-1)
    for scheme, told in (
        ("DLA", {"corrections": 2, "minutes": 7, "parcours": -1}),
        ("DRA", {"corrections": 1, "minutes": 30}),
    ):
        report = network.report("2009-04-01", "2009-06-30", scheme=scheme)
        assert row(report, "B20", "TOTAL") == told


def test_corrections_change_no_other_table(network: Network) -> None:
    quarter = seal()
    before = {one.id: one.as_json() for one in network.report().tables if one.id != "B20"}
    for kind in ("act_removed", "attendance", "parcours_removed"):
        correct(network, quarter, kind, "2009-05-02", acts=-1, minutes=-60, attendances=-3)
    after = {one.id: one.as_json() for one in network.report().tables if one.id != "B20"}
    assert after == before


def test_b20_stands_between_b19_and_b21(network: Network) -> None:
    ids = [one.id for one in network.report().tables]
    assert ids[ids.index("B19") + 1 : ids.index("B21") + 1] == ["B20", "B21"]


def test_no_correction_is_made_in_a_period_that_is_sealed(network: Network) -> None:
    quarter = seal()
    with pytest.raises(SealedError):
        correct(network, quarter, "type", "2009-02-02")
    network.session.rollback()
