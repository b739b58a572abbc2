"""Rules 4, 5, 6, 8, 9 and 10 on cases counted by hand: parcours, people, attributes, phases."""

from __future__ import annotations

import datetime as dt

import pytest

from ramsess.models import Commune
from ramsess.reports.rounding import percentages
from tests.counting.builder import Network, column, row


class TestRule4ParcoursInAPeriod:
    def test_stock_and_flows(self, network: Network) -> None:
        network.parcours(entered="2008-05-01")  # there at the start and at the end
        network.parcours(entered="2008-05-01", exited="2009-01-01")  # exits on the first day
        network.parcours(entered="2008-05-01", exited="2008-12-31")  # gone the day before
        network.parcours(entered="2009-01-01", exited="2009-12-31")  # enters and exits
        network.parcours(entered="2009-12-31")
        network.parcours(entered="2010-01-01")  # not yet
        assert column(network.report(), "B02", "TOTAL") == {
            "start": 2,
            "entries": 2,
            "exits": 2,
            "end": 2,
            "followed": 4,
        }

    def test_entered_and_exited_on_one_day_counts_in_both(self, network: Network) -> None:
        network.parcours(entered="2009-06-15", exited="2009-06-15")
        assert column(network.report(), "B02", "TOTAL") == {
            "entries": 1,
            "exits": 1,
            "followed": 1,
        }

    def test_active_means_an_act_in_the_period(self, network: Network) -> None:
        parcours = network.parcours(entered="2008-02-01")
        network.act("2008-12-31", parcours=parcours)
        assert "active" not in column(network.report(), "B02", "TOTAL")
        network.act("2009-01-01", parcours=parcours)
        assert column(network.report(), "B02", "TOTAL")["active"] == 1

    def test_attendance_does_not_make_a_parcours_active(self, network: Network) -> None:
        person = network.person()
        network.parcours(person)
        network.group_session("2009-03-02", present={"APEAS": (person,)})
        assert "active" not in column(network.report(), "B02", "TOTAL")

    def test_the_first_and_the_last_day(self, network: Network) -> None:
        network.parcours(entered="2008-05-01", exited="2009-12-31")  # exits on the last day
        network.parcours(entered="2009-12-31", exited="2010-01-01")  # exits on the morrow
        network.parcours(entered="2008-12-31", exited="2009-01-01")  # from eve to first day
        assert column(network.report(), "B02", "TOTAL") == {
            "start": 2,
            "entries": 1,
            "exits": 2,
            "end": 1,
            "followed": 3,
        }

    def test_an_act_on_a_parcours_over_before_makes_nothing_active(self, network: Network) -> None:
        parcours = network.parcours(entered="2008-02-01", exited="2008-12-31")
        network.act("2009-01-05", parcours=parcours)
        report = network.report()
        assert column(report, "B02", "TOTAL") == {}
        assert row(report, "B16", "acts") == {}


class TestRule5AStructuresParcours:
    def test_entry_into_a_structure_is_the_day_it_joined(self, network: Network) -> None:
        network.parcours(entered="2008-02-01", others={"PLACE": ("2009-03-01", "2009-10-01")})
        report = network.report()
        assert column(report, "B02", "APEAS") == {"start": 1, "end": 1, "followed": 1}
        assert column(report, "B02", "PLACE") == {"entries": 1, "exits": 1, "followed": 1}
        assert column(report, "B02", "TOTAL") == {"start": 1, "end": 1, "followed": 1}

    def test_a_structure_still_there_leaves_at_the_exit(self, network: Network) -> None:
        network.parcours(
            entered="2008-02-01", exited="2009-06-01", others={"PLACE": ("2008-03-01", None)}
        )
        assert column(network.report(), "B02", "PLACE") == {"start": 1, "exits": 1, "followed": 1}

    def test_a_structure_that_came_back_follows_one_parcours(self, network: Network) -> None:
        parcours = network.parcours(
            entered="2008-02-01", others={"PLACE": ("2008-03-01", "2009-02-01")}
        )
        again = type(parcours.involvements[0])(
            structure_id=parcours.involvements[1].structure_id, joined_on=dt.date(2009, 6, 1)
        )
        parcours.involvements.append(again)
        assert column(network.report(), "B02", "PLACE") == {"start": 1, "end": 1, "followed": 1}

    def test_active_for_a_structure_means_an_act_by_one_of_its_advisers(
        self, network: Network
    ) -> None:
        parcours = network.parcours(others={"PLACE": ("2009-02-01", None)})
        network.act("2009-03-02", parcours=parcours, by={"ana/APEAS": 60})
        assert row(network.report(), "B02", "active") == {"APEAS": 1, "TOTAL": 1}

    @pytest.mark.parametrize(
        ("joined", "left", "counted"),
        [
            ("2008-03-01", "2008-12-31", {}),
            ("2008-03-01", "2009-01-01", {"start": 1, "exits": 1, "followed": 1}),
            ("2009-01-01", "2009-12-31", {"entries": 1, "exits": 1, "followed": 1}),
            ("2009-12-31", "2010-01-01", {"entries": 1, "end": 1, "followed": 1}),
            ("2010-01-01", None, {}),
        ],
    )
    def test_the_first_and_the_last_day_of_a_stay(
        self, network: Network, joined: str, left: str | None, counted: dict[str, int]
    ) -> None:
        network.parcours(entered="2008-02-01", others={"PLACE": (joined, left)})
        assert column(network.report(), "B02", "PLACE") == counted

    def test_helping_once_is_not_taking_part(self, network: Network) -> None:
        parcours = network.parcours()
        network.act("2009-03-02", parcours=parcours, by={"ana/APEAS": 60, "bob/PLACE": 60})
        report = network.report()
        assert column(report, "B02", "PLACE") == {}
        assert row(report, "B08", "TOTAL")["PLACE"] == 1


class TestRule6ReceivedAndAccompanied:
    def test_a_person_named_by_a_reception_act_is_received(self, network: Network) -> None:
        network.act("2009-03-02", "ACC1", people=(network.person(),), anonymous_count=3)
        report = network.report()
        assert row(report, "B18", "ACC1") == {"persons": 1, "anonymous": 3}
        assert row(report, "B01", "persons_received") == {"current": 1}
        assert row(report, "B01", "persons_accompanied") == {}

    def test_a_person_on_a_followed_parcours_is_accompanied_and_not_received(
        self, network: Network
    ) -> None:
        person = network.person()
        network.act("2009-01-15", "ACC1", people=(person,))
        network.parcours(person, entered="2009-12-31")
        report = network.report()
        assert row(report, "B18", "TOTAL") == {}
        assert row(report, "B01", "persons_accompanied") == {"current": 1}

    def test_a_person_whose_parcours_ended_before_is_received(self, network: Network) -> None:
        person = network.person()
        network.parcours(person, entered="2008-01-05", exited="2008-12-31")
        network.group_session("2009-03-02", present={"APEAS": (person,)})
        assert row(network.report(), "B18", "TOTAL") == {"persons": 1}

    def test_met_twice_a_person_is_in_two_rows_and_once_in_the_total(
        self, network: Network
    ) -> None:
        person = network.person()
        network.act("2009-03-02", "ACC1", people=(person,))
        network.act("2009-03-09", "ACC1", people=(person,))
        network.group_session("2009-04-02", "COL2", present={"APEAS": (person,)})
        assert column(network.report(), "B18", "persons") == {"ACC1": 1, "COL2": 1, "TOTAL": 1}

    def test_other_acts_receive_nobody(self, network: Network) -> None:
        network.act("2009-03-02", "CSL1", people=(network.person(),), anonymous_count=2)
        assert row(network.report(), "B18", "TOTAL") == {}

    @pytest.mark.parametrize(
        ("date", "received"),
        [("2008-12-31", {}), ("2009-01-01", {"persons": 1}), ("2009-12-31", {"persons": 1}),
         ("2010-01-01", {})],
    )  # fmt: skip
    def test_received_on_the_first_or_the_last_day(
        self, network: Network, date: str, received: dict[str, int]
    ) -> None:
        network.act(date, "ACC3", people=(network.person(),))
        assert row(network.report(), "B18", "TOTAL") == received

    def test_anonymous_people_of_acts_and_sessions_are_counted_apart(
        self, network: Network
    ) -> None:
        network.act("2009-03-02", "ACC1", anonymous_count=3)
        network.group_session("2009-03-03", anonymous={"APEAS": 5, "PLACE": 2})
        report = network.report()
        assert column(report, "B18", "anonymous") == {"ACC1": 3, "COL1": 7, "TOTAL": 10}
        assert row(report, "B01", "persons_received") == {}
        assert row(report, "B01", "anonymous_received") == {"current": 10}


class TestRule8AttributesOfTheTime:
    def test_a_later_change_never_changes_a_past_figure(self, network: Network) -> None:
        person = network.person(
            sex_code="F", situation_code="DE1", commune_code="13201", birth_date=dt.date(1979, 3, 1)
        )
        network.parcours(person, entered="2009-02-28")
        before = network.report().as_json()
        person.situation_code, person.commune_code, person.sex_code = "SAL", "06088", "NR"
        person.birth_date = dt.date(1950, 1, 1)
        assert network.report().as_json() == before
        assert column(network.report(), "B03", "F") == {"26-29": 1, "TOTAL": 1}
        assert column(network.report(), "B04", "TOTAL") == {"DE1": 1, "TOTAL": 1}
        assert column(network.report(), "B05", "persons") == {
            "13": 1,
            "200054807": 1,
            "TOTAL": 1,
        }

    def test_the_earliest_parcours_followed_gives_the_attributes(self, network: Network) -> None:
        person = network.person(situation_code="ETU")
        network.parcours(person, entered="2007-01-01", exited="2008-06-01")  # not followed
        person.situation_code = "DE2"
        network.parcours(person, entered="2008-09-01")
        person.situation_code = "IND"
        network.parcours(person, entered="2009-03-01")
        assert column(network.report(), "B04", "TOTAL") == {"DE2": 1, "TOTAL": 1}

    @pytest.mark.parametrize(
        ("born", "band"),
        [
            ("1991-02-02", "<18"),
            ("1991-02-01", "18-25"),
            ("1983-02-02", "18-25"),
            ("1983-02-01", "26-29"),
            ("1979-02-01", "30-44"),
            ("1964-02-01", "45-54"),
            ("1954-02-01", "55-64"),
            ("1944-02-02", "55-64"),
            ("1944-02-01", ">=65"),
            (None, "NR"),
        ],
    )
    def test_age_bands_turn_on_the_birthday(
        self, network: Network, born: str | None, band: str
    ) -> None:
        network.parcours(
            network.person(birth_date=dt.date.fromisoformat(born) if born else None),
            entered="2009-02-01",
        )
        assert column(network.report(), "B03", "TOTAL") == {band: 1, "TOTAL": 1}

    def test_a_project_counts_as_it_was_at_entry(self, network: Network) -> None:
        parcours = network.parcours(sector_code="CUL", legal_form_code="COLL", commune_code="13201")
        network.act("2009-03-02", parcours=parcours)
        before = network.report().as_json()
        project = parcours.project
        project.sector_code, project.legal_form_code = "NUM", "SCIC"
        project.commune_code = "06088"
        assert network.report().as_json() == before
        assert row(network.report(), "B06", "CUL") == {"COLL": 1, "TOTAL": 1}
        assert column(network.report(), "B05", "acts") == {"13": 1, "200054807": 1, "TOTAL": 1}


class TestRule9UnknownIsAValue:
    def test_nr_is_shown_and_in_the_total(self, network: Network) -> None:
        network.parcours(network.person())
        network.parcours(network.person(situation_code="SAL", education_code="N4"))
        report = network.report()
        assert column(report, "B04", "TOTAL") == {"SAL": 1, "NR": 1, "TOTAL": 2}
        assert row(report, "B06", "NR") == {"NR": 2, "TOTAL": 2}
        assert column(report, "B05", "persons") == {"NR": 2, "TOTAL": 2}

    def test_an_exit_without_outcome_is_not_forgotten(self, network: Network) -> None:
        network.parcours(exited="2009-06-01")
        assert column(network.report(), "B15", "parcours") == {"NR": 1, "TOTAL": 1}

    @pytest.mark.parametrize("values", [[1, 1, 1], [0, 0], [5], [1, 2, 3, 994], [7] * 13])
    def test_percentages_add_up_to_100(self, values: list[int]) -> None:
        assert sum(percentages(values)) == (100 if any(values) else 0)

    def test_the_largest_remainders_are_rounded_up(self) -> None:
        assert percentages([1, 1, 1]) == [34, 33, 33]
        assert percentages([2, 1]) == [67, 33]

    def test_unknown_sex_age_and_benefits(self, network: Network) -> None:
        network.parcours(network.person())
        report = network.report()
        assert row(report, "B03", "NR") == {"NR": 1, "TOTAL": 1}
        assert row(report, "B04", "RSA") == row(report, "B04", "QPV") == {}

    def test_unknown_places_and_places_outside_the_region(self, network: Network) -> None:
        network.session.merge(Commune(code="75056", name="Paris", search_key="paris", postcodes=""))
        network.parcours(commune_code="75056")
        network.parcours()
        network.act("2009-03-02")
        report = network.report()
        assert column(report, "B05", "parcours") == {"HR": 1, "NR": 1, "TOTAL": 2}
        assert column(report, "B05", "acts") == {"NR": 1, "TOTAL": 1}

    def test_percentages_are_of_the_total_with_the_unknown(self, network: Network) -> None:
        for situation in ("SAL", "SAL", "ETU", "NR", "NR", "NR"):
            network.parcours(network.person(situation_code=situation))
        table = network.report().table("B04")
        shares = {item.key: table.value(item.key, "PERCENT") for item in table.rows}
        assert {key: share for key, share in shares.items() if share} == {
            "SAL": 33,
            "ETU": 17,
            "NR": 50,
            "TOTAL": 100,
        }


class TestRule10Phases:
    def test_from_the_eve_of_the_first_day_to_the_last(self, network: Network) -> None:
        network.parcours(
            entered="2008-01-10",
            phase="EME",
            phases={
                "2008-12-31": "FAI",
                "2009-01-01": "MON",
                "2009-12-31": "FIN",
                "2010-01-01": "DEM",
            },
        )
        assert row(network.report(), "B07", "FAI") == {"FIN": 1, "TOTAL": 1}

    def test_entered_in_the_period_starts_at_its_entry_phase(self, network: Network) -> None:
        network.parcours(entered="2009-02-01", phase="EME", phases={"2009-02-01": "FAI"})
        assert row(network.report(), "B07", "EME") == {"FAI": 1, "TOTAL": 1}

    def test_without_any_change_the_entry_phase_lasts(self, network: Network) -> None:
        network.parcours(entered="2007-02-01", phase="CON")
        assert row(network.report(), "B07", "CON") == {"CON": 1, "TOTAL": 1}

    def test_a_structure_that_joins_later_starts_at_the_phase_of_that_day(
        self, network: Network
    ) -> None:
        network.parcours(
            phase="EME",
            phases={"2009-03-01": "FAI", "2009-09-01": "MON"},
            others={"PLACE": ("2009-03-01", None)},
        )
        assert row(network.report(structure="PLACE"), "B07", "FAI") == {"MON": 1, "TOTAL": 1}
