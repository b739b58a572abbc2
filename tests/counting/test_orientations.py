"""B12 by hand: what was proposed, its state on the last day, taken up, days to answer."""

from __future__ import annotations

import pytest

from tests.counting.builder import Network, column, row

KEYS = ("proposed", "accepted", "refused", "closed", "pending", "taken_up", "median_days")


def figures(**counted: float) -> dict[str, float]:
    return {key: counted[key] for key in KEYS if key in counted}


@pytest.fixture
def network(network: Network) -> Network:
    """Of APEAS: to Place accepted after 4 days and taken up, refused after 9, waiting, given up; to
    ADIE accepted the same day. Of Place: to APEAS, about a person, accepted on the last day."""
    person, other = network.person(), network.person()
    parcours = network.parcours(person, others={"PLACE": ("2009-03-05", None)})
    network.orientation("APEAS>PLACE", "2009-03-01", parcours, "accepted", "2009-03-05")
    network.orientation("APEAS>PLACE", "2009-03-02", parcours, "refused", "2009-03-11")
    network.orientation("APEAS>PLACE", "2009-03-03", parcours)
    network.orientation("APEAS>PLACE", "2009-03-04", parcours, "closed", "2009-03-30")
    network.orientation("APEAS>>ADIE", "2009-03-31", parcours, "accepted", "2009-03-31")
    network.orientation("PLACE>APEAS", "2009-02-10", other, "accepted", "2009-06-30")
    # Before the answer, and by the sender: neither takes it up.
    network.act("2009-03-04", parcours=parcours, by={"bob/PLACE": 30})
    network.act("2009-03-20", parcours=parcours, by={"ana/APEAS": 30})
    network.act("2009-03-20", parcours=parcours, by={"bob/PLACE": 30, "eve/PLACE": 10})
    network.act("2009-06-29", "ACC1", people=(other,), by={"ana/APEAS": 30})
    network.act("2009-07-01", "ACC1", people=(other,), by={"ana/APEAS": 30})
    return network


def test_what_became_of_each_orientation(network: Network) -> None:
    report = network.report()
    assert [item.key for item in report.table("B12").rows] == [
        "APEAS", "APEAS:PLACE", "APEAS:partenaire:ADIE", "PLACE", "PLACE:APEAS", "TOTAL",
    ]  # fmt: skip
    assert row(report, "B12", "APEAS:PLACE") == figures(
        proposed=4, accepted=1, refused=1, closed=1, pending=1, taken_up=1, median_days=6.5
    )
    assert row(report, "B12", "APEAS:partenaire:ADIE") == {"proposed": 1, "accepted": 1}
    assert row(report, "B12", "APEAS") == figures(
        proposed=5, accepted=2, refused=1, closed=1, pending=1, taken_up=1, median_days=4
    )
    assert row(report, "B12", "PLACE:APEAS") == figures(
        proposed=1, accepted=1, taken_up=1, median_days=140
    )
    assert row(report, "B12", "TOTAL") == figures(
        proposed=6, accepted=3, refused=1, closed=1, pending=1, taken_up=2, median_days=6.5
    )


def test_the_state_is_that_of_the_last_day(network: Network) -> None:
    report = network.report("2009-03-01", "2009-03-10")
    assert row(report, "B12", "TOTAL") == figures(proposed=4, accepted=1, pending=3, median_days=4)
    # Answered on the last day, and taken up the day after: not yet.
    half = network.report("2009-01-01", "2009-06-30")
    assert row(half, "B12", "PLACE:APEAS") == figures(proposed=1, accepted=1, median_days=140)
    assert row(network.report("2009-04-01"), "B12", "TOTAL") == {}


def test_every_figure_knows_its_orientations(network: Network) -> None:
    table = network.report().table("B12")
    for item in table.rows:
        for col in table.columns[:-1]:
            records = table.records(item.key, col.key)
            assert sum(map(len, records.values())) == table.value(item.key, col.key)
    assert list(table.records("TOTAL", "median_days")["orientation"]) == [1, 2, 5, 6]


def test_a_structures_report_has_what_it_sent_and_what_it_was_asked(network: Network) -> None:
    network.orientation("AGODIS>>DLA", "2009-05-01", network.person())
    own = network.report(structure="APEAS")
    assert column(own, "B12", "proposed") == {
        "APEAS": 5, "APEAS:PLACE": 4, "APEAS:partenaire:ADIE": 1, "PLACE": 1, "PLACE:APEAS": 1,
        "TOTAL": 6,
    }  # fmt: skip
    # What the other structure did counts, though its acts are not this structure's.
    assert row(own, "B12", "APEAS:PLACE")["taken_up"] == 1
    assert own.beside["B12"].value("TOTAL", "proposed") == 7
    assert column(network.report(structure="AGODIS"), "B12", "proposed") == {
        "AGODIS": 1, "AGODIS:partenaire:DLA": 1, "TOTAL": 1,
    }  # fmt: skip


def test_one_scheme_has_the_orientations_of_those_whom_it_concerns(network: Network) -> None:
    met, member, seen = network.person(), network.person(), network.person()
    network.orientation("APEAS>>CCI", "2009-05-01", met)
    network.orientation("APEAS>>CMA", "2009-05-01", member)
    network.orientation("APEAS>>POLE", "2009-05-01", seen)
    network.act("2009-05-02", "ACC1", people=(met,), scheme_code="FSE")
    network.act("2009-05-02", parcours=network.parcours(member), scheme_code="FSE")
    network.group_session("2009-05-03", present={"APEAS": (seen,)}, scheme_code="FSE")
    limited = network.report(scheme="FSE")
    assert column(limited, "B12", "proposed") == {
        "APEAS": 3, "APEAS:partenaire:CCI": 1, "APEAS:partenaire:CMA": 1,
        "APEAS:partenaire:POLE": 1, "TOTAL": 3,
    }  # fmt: skip
    # The parcours that an act of the scheme concerns, with all its orientations.
    assert column(network.report(scheme="DRA"), "B12", "proposed")["TOTAL"] == 6


def test_a_person_is_taken_up_by_an_act_on_her_parcours(network: Network) -> None:
    person = network.person()
    network.orientation("APEAS>AGODIS", "2009-04-01", person, "accepted", "2009-04-02")
    parcours = network.parcours(person, lead="AGODIS", entered="2009-04-03")
    assert "taken_up" not in row(network.report(), "B12", "APEAS:AGODIS")
    network.act("2009-04-03", parcours=parcours, by={"zoe/AGODIS": 20})
    assert row(network.report(), "B12", "APEAS:AGODIS")["taken_up"] == 1
