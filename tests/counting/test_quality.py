"""B19 by hand: what is known, what came late, what cannot be right."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from tests.counting.builder import Network, column, row

ALL = {
    "birth_date": dt.date(1980, 5, 1),
    "sex_code": "F",
    "situation_code": "DE1",
    "education_code": "N4",
    "commune_code": "13055",
    "rsa": False,
    "qpv": True,
}
PROJECT = {"sector_code": "AGR", "legal_form_code": "ASSO", "commune_code": "13055"}


def test_what_is_known_of_people(network: Network) -> None:
    """APEAS follows three people, one of whom Place follows too; one without anything known."""
    whole, half, nothing = (
        network.person(**ALL),
        network.person(**{**ALL, "birth_date": None, "rsa": None}),
        network.person(),
    )
    network.parcours(whole, half, others={"PLACE": ("2009-03-01", None)}, **PROJECT)
    network.parcours(nothing, **PROJECT)
    report = network.report()
    assert row(report, "B19", "persons") == {"APEAS": 3, "PLACE": 2, "SHARED": 2, "TOTAL": 3}
    assert row(report, "B19", "persons_complete") == {
        "APEAS": 1, "PLACE": 1, "SHARED": 1, "TOTAL": 1,
    }  # fmt: skip
    assert row(report, "B19", "birth_date_missing") == {
        "APEAS": 2, "PLACE": 1, "SHARED": 1, "TOTAL": 2,
    }  # fmt: skip
    # One in three: 33 %, never rounded up; one in two.
    assert row(report, "B19", "birth_date") == {"APEAS": 33, "PLACE": 50, "TOTAL": 33}
    assert row(report, "B19", "sex") == {"APEAS": 66, "PLACE": 100, "TOTAL": 66}
    assert row(report, "B19", "rsa_missing")["TOTAL"] == 2
    assert row(report, "B19", "qpv_missing")["TOTAL"] == 1
    # What B03, B04 and B05 show as unknown is what is to be completed.
    assert row(report, "B03", "NR")["TOTAL"] == row(report, "B19", "birth_date_missing")["TOTAL"]
    assert column(report, "B03", "NR")["TOTAL"] == row(report, "B19", "sex_missing")["TOTAL"]
    assert row(report, "B04", "NR")["TOTAL"] == row(report, "B19", "situation_missing")["TOTAL"]
    assert column(report, "B04", "NR")["TOTAL"] == row(report, "B19", "education_missing")["TOTAL"]
    missing = row(report, "B19", "person_commune_missing")["TOTAL"]
    assert column(report, "B05", "persons")["NR"] == missing


def test_what_was_known_at_the_entry_is_what_counts(network: Network) -> None:
    person = network.person()
    network.parcours(person)
    person.birth_date, person.sex_code = dt.date(1980, 1, 1), "M"
    assert row(network.report(), "B19", "birth_date_missing")["TOTAL"] == 1
    # Met again later, better known: for Place, whose only parcours that is, nothing is missing.
    network.parcours(person, lead="PLACE", entered="2009-06-01")
    assert row(network.report(), "B19", "birth_date_missing") == {"APEAS": 1, "TOTAL": 1}


def test_of_no_record_there_is_no_share(network: Network) -> None:
    network.parcours(network.person(**ALL))
    table = network.report().as_json()["tables"]["B19"]
    shares = {item["key"]: item["values"] for item in table["rows"]}
    assert shares["birth_date"]["APEAS"] == 100
    assert shares["birth_date"]["PLACE"] is None
    assert shares["birth_date"]["SHARED"] is None
    assert shares["sector"]["APEAS"] == 0
    assert shares["delay"]["TOTAL"] is None


def test_what_is_known_of_parcours_and_exits(network: Network) -> None:
    network.parcours(network.person(), **PROJECT)
    network.parcours(exited="2009-06-01", sector_code="AGR")
    network.parcours(network.person(), exited="2009-07-01", outcome_code="CRE", **PROJECT)
    # Place had left before the exit: the outcome is not its own.
    network.parcours(
        network.person(), exited="2009-08-01", others={"PLACE": ("2009-03-01", "2009-05-01")}
    )
    report = network.report()
    assert row(report, "B19", "parcours") == {"APEAS": 4, "PLACE": 1, "SHARED": 1, "TOTAL": 4}
    assert row(report, "B19", "parcours_complete")["APEAS"] == 2
    assert row(report, "B19", "people_missing") == {"APEAS": 1, "TOTAL": 1}
    assert row(report, "B19", "sector_missing") == {
        "APEAS": 1, "PLACE": 1, "SHARED": 1, "TOTAL": 1,
    }  # fmt: skip
    assert row(report, "B19", "legal_form")["TOTAL"] == 50
    assert row(report, "B19", "exits") == {"APEAS": 3, "TOTAL": 3}
    assert row(report, "B19", "outcome_missing") == {"APEAS": 2, "TOTAL": 2}
    assert row(report, "B15", "NR")["parcours"] == 2


def test_what_is_known_of_acts_and_sessions(network: Network) -> None:
    parcours = network.parcours(network.person(), commune_code="13055")
    together = {"ana/APEAS": 60, "bob/PLACE": 30}
    network.act("2009-03-02", parcours=parcours, by=together, modality_code="P")
    network.act("2009-03-03", "ACC1", people=(network.person(),))
    network.act("2009-03-04", "ACC1", anonymous_count=2, commune_code="13055")
    network.act("2009-03-05", "CSL1")
    network.act("2009-03-06", "PAR1")
    network.group_session("2009-04-01", present={"APEAS": (network.person(),)})
    network.group_session("2009-04-02", anonymous={"APEAS": 3}, commune_code="13055")
    network.group_session("2009-04-03", by={"bob/PLACE": 60})
    network.group_session("2009-04-04", "RES2")
    report = network.report()
    assert row(report, "B19", "individual") == {"APEAS": 4, "PLACE": 1, "SHARED": 1, "TOTAL": 4}
    assert row(report, "B19", "whom_missing") == {"APEAS": 1, "TOTAL": 1}
    assert row(report, "B19", "act_commune_missing") == {"APEAS": 2, "TOTAL": 2}
    assert row(report, "B19", "modality") == {"APEAS": 25, "PLACE": 100, "TOTAL": 25}
    assert row(report, "B19", "individual_complete")["TOTAL"] == 2
    assert row(report, "B19", "sessions") == {"APEAS": 2, "PLACE": 1, "TOTAL": 3}
    assert row(report, "B19", "attendance_missing") == {"PLACE": 1, "TOTAL": 1}
    assert row(report, "B19", "session_commune_missing") == {"APEAS": 1, "PLACE": 1, "TOTAL": 2}


def test_an_answer_is_missing_two_weeks_after_the_proposal(network: Network) -> None:
    parcours = network.parcours(network.person())
    network.orientation("APEAS>PLACE", "2009-03-01", parcours)
    network.orientation("APEAS>PLACE", "2009-03-02", parcours, "accepted", "2009-03-09")
    network.orientation("APEAS>>ADIE", "2009-03-16", parcours)
    network.orientation("APEAS>>ADIE", "2009-03-17", parcours)
    report = network.report(last="2009-03-31")
    assert row(report, "B19", "orientations") == {"APEAS": 2, "PLACE": 2, "TOTAL": 4}
    assert row(report, "B19", "answer_missing") == {"APEAS": 1, "PLACE": 1, "TOTAL": 2}


def test_late_entries_and_their_median_delay(network: Network) -> None:
    def act(done: str, days: int) -> None:
        moment = dt.datetime.fromisoformat(f"{done}T12:00:00+00:00") + dt.timedelta(days=days)
        network.act(done, recorded_at=moment)

    act("2009-03-02", 0)
    act("2009-03-03", 15)
    act("2009-03-04", 16)
    # Prepared before its day, a session is not late; entered at midnight in Paris, it is a day.
    act("2009-03-05", -20)
    network.act("2009-07-01", recorded_at=dt.datetime(2009, 7, 1, 22, 30, tzinfo=dt.UTC))
    report = network.report()
    assert row(report, "B19", "typed") == {"APEAS": 5, "TOTAL": 5}
    assert row(report, "B19", "late") == {"APEAS": 1, "TOTAL": 1}
    assert row(report, "B19", "delay") == {"APEAS": 1, "TOTAL": 1}
    act("2009-08-03", 4)
    assert row(network.report(), "B19", "delay")["TOTAL"] == 2.5


def test_parcours_that_cannot_be_right(network: Network) -> None:
    one = network.person()
    network.parcours(one, entered="2008-01-01")
    network.parcours(one, network.person(), entered="2009-11-01")
    # Another référente, or an exit: not twice open.
    network.parcours(one, lead="PLACE", entered="2009-11-01")
    network.parcours(one, entered="2009-11-01", exited="2009-12-01", phases={"2009-12-02": "FAI"})
    network.parcours(
        exited="2009-12-31", outcome_code="PDV", jobs_created=Decimal(1), entered="2009-12-01"
    )
    report = network.report()
    assert row(report, "B19", "twins") == {"APEAS": 2, "TOTAL": 2}
    assert row(report, "B19", "quiet") == {"APEAS": 1, "TOTAL": 1}
    assert row(report, "B19", "late_phase") == {"APEAS": 1, "TOTAL": 1}
    assert row(report, "B19", "jobs") == {"APEAS": 1, "TOTAL": 1}


@pytest.mark.parametrize(("since", "quiet"), [("2008-12-31", 1), ("2009-01-01", 0)])
def test_a_parcours_is_quiet_after_a_year_without_act(
    network: Network, since: str, quiet: int
) -> None:
    parcours = network.parcours(entered="2007-01-01")
    network.act(since, parcours=parcours)
    assert row(network.report(), "B19", "quiet").get("TOTAL", 0) == quiet
    assert row(network.report("2009-10-01"), "B19", "quiet").get("TOTAL", 0) == quiet
    network.act("2009-12-31", parcours=parcours, by={"bob/PLACE": 60})
    assert row(network.report("2009-10-01"), "B19", "quiet") == {}


def test_an_age_that_is_rare_at_an_entry(network: Network) -> None:
    born = {"2009-02-01": 1, "1995-02-01": 0, "1995-02-02": 1, "1918-02-02": 0, "1918-02-01": 1}
    for birth in born:
        network.parcours(network.person(birth_date=dt.date.fromisoformat(birth)))
    # 90 years are not more than 90, 14 not less than 14; an unknown age is no odd one.
    network.parcours(network.person())
    assert row(network.report(), "B19", "age")["TOTAL"] == sum(born.values())


def test_acts_that_cannot_be_right(network: Network) -> None:
    parcours = network.parcours(entered="2008-01-01", exited="2009-06-30")
    other = network.parcours()
    network.act("2009-06-30", parcours=parcours)
    network.act("2009-07-01", parcours=parcours)
    network.act("2009-07-02", "SUI1", parcours=parcours)
    # Twice the same; another length, adviser, type or parcours is another act.
    for _ in range(2):
        network.act("2009-05-01", parcours=other)
    for by in ({"ana/APEAS": 61}, {"bob/PLACE": 60}):
        network.act("2009-05-01", parcours=other, by=by)
    network.act("2009-05-01", "CSL2", parcours=other)
    network.act("2009-05-01", parcours=parcours)
    # Fourteen hours are a day, one minute more is too much: for two structures as for one.
    network.act("2009-09-01", by={"ana/APEAS": 840})
    network.act("2009-09-02", by={"ana/APEAS": 440, "eve/PLACE": 10})
    network.group_session("2009-09-02", by={"ana/PLACE": 401})
    report = network.report()
    assert row(report, "B19", "after_exit") == {"APEAS": 1, "TOTAL": 1}
    assert row(report, "B19", "same") == {"APEAS": 2, "TOTAL": 2}
    assert row(report, "B19", "long_day") == {"APEAS": 1, "PLACE": 2, "SHARED": 1, "TOTAL": 2}
    assert row(report, "B19", "work")["TOTAL"] == 12


def test_one_structure_stands_beside_the_network(network: Network) -> None:
    network.parcours(network.person(), others={"PLACE": ("2009-03-01", None)})
    network.parcours(network.person())
    report = network.report(structure="PLACE")
    assert row(report, "B19", "sex_missing") == {"PLACE": 1, "TOTAL": 2}
    assert report.table("B19").columns[-2].key == "PLACE"
    assert "B19" not in report.beside
