"""Rules 1, 2, 3, 7, 13 and 14 on cases counted by hand: acts, time, sessions, schemes.

The other rules are in `test_rules_of_parcours.py`.
"""

from __future__ import annotations

from ramsess.reports.table import Table
from tests.counting.builder import Network, column, row


class TestRule1OnceInTheNetwork:
    def test_a_project_followed_by_three_structures_is_one_project(self, network: Network) -> None:
        network.parcours(
            network.person(),
            others={"PLACE": ("2009-03-01", None), "AGODIS": ("2009-04-01", "2009-05-01")},
        )
        report = network.report()
        assert row(report, "B02", "followed") == {
            "APEAS": 1,
            "PLACE": 1,
            "AGODIS": 1,
            "SHARED": 2,
            "TOTAL": 1,
        }
        assert row(report, "B01", "persons_accompanied") == {"current": 1}

    def test_an_act_done_by_two_structures_is_one_act(self, network: Network) -> None:
        network.act("2009-03-02", by={"ana/APEAS": 60, "bob/PLACE": 60})
        report = network.report()
        assert row(report, "B08", "CSL1") == {"APEAS": 1, "PLACE": 1, "SHARED": 1, "TOTAL": 1}
        assert (
            row(report, "B08", "CSL") == row(report, "B08", "TOTAL") == row(report, "B08", "CSL1")
        )

    def test_two_advisers_of_one_structure_do_one_act(self, network: Network) -> None:
        network.act("2009-03-02", by={"ana/APEAS": 60, "bob/APEAS": 30})
        assert row(network.report(), "B08", "TOTAL") == {"APEAS": 1, "TOTAL": 1}

    def test_a_person_on_two_parcours_is_one_person(self, network: Network) -> None:
        person = network.person(sex_code="F")
        network.parcours(person)
        network.parcours(person, lead="PLACE")
        assert row(network.report(), "B03", "TOTAL") == {"F": 1, "TOTAL": 1}

    def test_two_people_on_one_parcours_are_two_people_and_one_parcours(
        self, network: Network
    ) -> None:
        network.parcours(network.person(), network.person())
        report = network.report()
        assert row(report, "B01", "parcours_followed") == {"current": 1}
        assert row(report, "B01", "persons_accompanied") == {"current": 2}

    def test_a_person_known_to_two_structures_is_one_person(self, network: Network) -> None:
        person = network.person()
        network.act("2009-03-02", "ACC1", by={"ana/APEAS": 30}, people=(person,))
        network.act("2009-03-03", "ACC1", by={"bob/PLACE": 30}, people=(person,))
        assert row(network.report(), "B18", "TOTAL") == {"persons": 1}
        for code in ("APEAS", "PLACE"):
            own = network.report(structure=code)
            assert row(own, "B18", "TOTAL") == {"persons": 1}

    def test_no_silent_sum(self, network: Network) -> None:
        network.parcours(network.person(), others={"PLACE": ("2009-03-01", None)})
        for table_id in ("B02", "B08", "B09"):
            labels = [column.label for column in network.report().table(table_id).columns]
            assert labels[-2:] == ["Partagés", "Total réseau (dédoublonné)"]


class TestRule2TimeIsNeverDoubled:
    def test_three_advisers_of_two_structures_for_two_hours_are_one_act_and_six_hours(
        self, network: Network
    ) -> None:
        network.act("2009-03-02", by={"ana/APEAS": 120, "bob/APEAS": 120, "eve/PLACE": 120})
        report = network.report()
        assert row(report, "B08", "TOTAL") == {"APEAS": 1, "PLACE": 1, "SHARED": 1, "TOTAL": 1}
        assert row(report, "B09", "TOTAL") == {"APEAS": 240, "PLACE": 120, "TOTAL": 360}

    def test_a_mutualised_adviser_works_each_minute_for_one_structure(
        self, network: Network
    ) -> None:
        network.act("2009-03-02", by={"ana/APEAS": 45, "ana/PLACE": 15})
        assert row(network.report(), "B09", "CSL1") == {"APEAS": 45, "PLACE": 15, "TOTAL": 60}

    def test_minutes_stay_whole_until_they_are_shown(self, network: Network) -> None:
        for _ in range(3):
            network.act("2009-03-02", by={"ana/APEAS": 20, "bob/PLACE": 1})
        minutes = row(network.report(), "B09", "TOTAL")
        assert minutes == {"APEAS": 60, "PLACE": 3, "TOTAL": 63}
        assert all(isinstance(value, int) for value in minutes.values())


class TestRule3PeriodByDate:
    def test_first_and_last_day_are_included(self, network: Network) -> None:
        for date in ("2009-02-28", "2009-03-01", "2009-03-31", "2009-04-01"):
            network.act(date)
        report = network.report("2009-03-01", "2009-03-31")
        assert row(report, "B10", "TOTAL") == {"acts": 2, "minutes": 120}
        assert [item.key for item in report.table("B10").rows] == ["2009-03", "TOTAL"]

    def test_the_year_before_has_the_same_dates(self, network: Network) -> None:
        for date in ("2008-03-01", "2008-04-01", "2009-03-31"):
            network.act(date)
        report = network.report("2009-03-01", "2009-03-31")
        assert row(report, "B01", "acts") == {"current": 1, "previous": 1}

    def test_a_period_of_one_day(self, network: Network) -> None:
        for date in ("2009-03-01", "2009-03-02", "2009-03-03"):
            network.group_session(date, anonymous={"APEAS": 2})
        report = network.report("2009-03-02", "2009-03-02")
        assert row(report, "B11", "TOTAL") == {"sessions": 1, "anonymous": 2, "minutes": 60}

    def test_the_year_before_a_29_february(self, network: Network) -> None:
        for date in ("2007-02-27", "2007-02-28", "2007-03-01", "2008-02-29"):
            network.act(date)
        report = network.report("2008-02-29", "2008-02-29")
        assert row(report, "B01", "acts") == {"current": 1, "previous": 1}


class TestRule7Sessions:
    def test_a_co_animated_session_is_one_session(self, network: Network) -> None:
        one, two, three = network.person(), network.person(), network.person()
        network.group_session(
            "2009-03-02",
            by={"ana/APEAS": 120, "bob/PLACE": 90},
            present={"APEAS": (one, two), "PLACE": (two, three)},
            anonymous={"APEAS": 4, "PLACE": 1},
        )
        network.group_session("2009-03-09", present={"APEAS": (one,)})
        report = network.report()
        assert row(report, "B11", "COL1") == {
            "sessions": 2,
            "known": 4,
            "anonymous": 5,
            "distinct": 3,
            "minutes": 270,
        }
        assert row(report, "B08", "COL1") == {"APEAS": 2, "PLACE": 1, "SHARED": 1, "TOTAL": 2}
        assert row(report, "B10", "2009-03")["attendances"] == 9

    def test_distinct_participants_are_unduplicated_over_types(self, network: Network) -> None:
        person = network.person()
        network.group_session("2009-03-02", "COL1", present={"APEAS": (person,)})
        network.group_session("2009-03-09", "COL2", present={"APEAS": (person,)})
        assert column(network.report(), "B11", "distinct") == {"COL1": 1, "COL2": 1, "TOTAL": 1}

    def test_who_signs_two_sheets_of_a_session_attends_once(self, network: Network) -> None:
        person = network.person()
        network.group_session(
            "2009-03-02",
            by={"ana/APEAS": 60, "bob/PLACE": 60},
            present={"APEAS": (person,), "PLACE": (person,)},
        )
        report = network.report()
        assert row(report, "B11", "COL1") == {
            "sessions": 1, "known": 1, "distinct": 1, "minutes": 120
        }  # fmt: skip
        assert row(report, "B10", "TOTAL")["attendances"] == 1

    def test_who_comes_twice_attends_twice_and_is_one_person(self, network: Network) -> None:
        person = network.person()
        for date in ("2009-03-02", "2009-03-09"):
            network.group_session(date, present={"APEAS": (person,)})
        counted = row(network.report(), "B11", "TOTAL")
        assert (counted["sessions"], counted["known"], counted["distinct"]) == (2, 2, 1)


class TestRule13EveryFigureKnowsItsRecords:
    def test_the_lists_behind_the_cells_of_acts(self, network: Network) -> None:
        ours = network.act("2009-03-02", by={"ana/APEAS": 60})
        both = network.act("2009-03-03", by={"ana/APEAS": 60, "bob/PLACE": 30})
        theirs = network.act("2009-03-04", "DIA1", by={"bob/PLACE": 30})
        table = network.report().table("B08")
        assert listed(table, "CSL1", "APEAS") == {ours.id, both.id}
        assert listed(table, "CSL", "PLACE") == {both.id}
        assert listed(table, "TOTAL", "TOTAL") == {ours.id, both.id, theirs.id}
        hours = network.report().table("B09")
        assert listed(hours, "TOTAL", "PLACE") == {both.id, theirs.id}
        assert listed(hours, "DIA1", "APEAS") == set()

    def test_the_lists_behind_persons_and_parcours(self, network: Network) -> None:
        woman, man = network.person(sex_code="F"), network.person(sex_code="M")
        parcours = network.parcours(woman, man, exited="2009-06-01")
        network.parcours(woman, entered="2009-03-01")
        report = network.report()
        assert listed(report.table("B03"), "TOTAL", "F") == {woman.id}
        assert listed(report.table("B03"), "TOTAL", "TOTAL") == {woman.id, man.id}
        assert listed(report.table("B02"), "exits", "TOTAL") == {parcours.id}
        assert listed(report.table("B15"), "NR", "parcours") == {parcours.id}
        assert listed(report.table("B01"), "parcours_exits", "current") == {parcours.id}
        assert listed(report.table("B01"), "parcours_exits", "previous") == set()


def listed(table: Table, row_key: str, column_key: str) -> set[int]:
    """The records of a cell, of whatever kind."""
    found = table.records(row_key, column_key)
    return {int(one) for ids in found.values() for one in ids}


class TestRule14OneSchemePaysOnce:
    def test_a_limited_report_counts_its_acts_their_parcours_and_their_people(
        self, network: Network
    ) -> None:
        one, two = network.person(), network.person()
        paid = network.parcours(one)
        other = network.parcours(two)
        network.act("2009-03-02", parcours=paid, scheme_code="DLA")
        network.act("2009-03-03", parcours=paid, scheme_code="DRA")
        network.act("2009-03-04", parcours=other, scheme_code="DRA")
        report = network.report(scheme="DLA")
        assert row(report, "B01", "parcours_followed") == {"current": 1}
        assert row(report, "B01", "persons_accompanied") == {"current": 1}
        assert row(report, "B08", "TOTAL") == {"APEAS": 1, "TOTAL": 1}

    def test_the_table_of_schemes_unduplicates_its_total(self, network: Network) -> None:
        parcours = network.parcours(network.person())
        network.act("2009-03-02", parcours=parcours, scheme_code="DLA")
        network.act("2009-03-03", parcours=parcours, scheme_code="DRA")
        report = network.report()
        expected = {"acts": 1, "minutes": 60, "parcours": 1, "persons": 1}
        assert row(report, "B21", "DLA") == row(report, "B21", "DRA") == expected
        assert row(report, "B21", "TOTAL") == {**expected, "acts": 2, "minutes": 120}

    def test_an_act_of_another_period_concerns_no_parcours(self, network: Network) -> None:
        parcours = network.parcours(network.person(), entered="2008-02-01")
        network.act("2008-03-02", parcours=parcours, scheme_code="DLA")
        network.act("2009-03-02", parcours=parcours, scheme_code="DRA")
        report = network.report(scheme="DLA")
        assert row(report, "B01", "parcours_followed") == {"previous": 1}
        assert row(report, "B01", "acts") == {"previous": 1}

    def test_a_session_is_charged_to_one_scheme(self, network: Network) -> None:
        person = network.person()
        network.group_session(
            "2009-03-02",
            by={"ana/APEAS": 60, "bob/PLACE": 30},
            present={"APEAS": (person,)},
            scheme_code="FSE",
        )
        assert column(network.report(), "B21", "sessions") == {"FSE": 1, "TOTAL": 1}
        report = network.report(scheme="FSE")
        assert row(report, "B21", "FSE") == row(report, "B21", "TOTAL") == {
            "acts": 1, "minutes": 90, "sessions": 1, "persons": 1
        }  # fmt: skip
        assert row(report, "B18", "TOTAL") == {"persons": 1}
        assert row(network.report(scheme="DRA"), "B01", "acts") == {}

    def test_not_limited_by_default(self, network: Network) -> None:
        for scheme in ("DRA", "DLA", "NF"):
            network.act("2009-03-02", scheme_code=scheme)
        assert row(network.report(), "B08", "TOTAL")["TOTAL"] == 3
