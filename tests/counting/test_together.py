"""Working together, by hand: parcours by number of structures, pairs, mutualised posts."""

from __future__ import annotations

import datetime as dt

from ramsess.models import Assignment
from tests.counting.builder import Network, column, day, row

Dates = tuple[str | None, str | None]
ALWAYS: Dates = (None, None)


def assign(
    network: Network, name: str, code: str, share: int | None, dates: Dates = ALWAYS
) -> None:
    since, until = (day(one) if one else None for one in dates)
    network.session.add(
        Assignment(
            adviser=network.adviser(name),
            structure_id=network.structure_id(code),
            share=share,
            from_on=since,
            to_on=until,
        )
    )


class TestParcoursByNumberOfStructures:
    def test_a_parcours_counts_once_under_its_number(self, network: Network) -> None:
        network.parcours()
        network.parcours(others={"PLACE": ("2009-03-01", None)})
        network.parcours(
            others={"PLACE": ("2009-03-01", "2009-04-01"), "AGODIS": ("2009-05-01", None)}
        )
        report = network.report()
        assert row(report, "B13", "1") == {"APEAS": 1, "TOTAL": 1}
        assert row(report, "B13", "2") == {"APEAS": 1, "PLACE": 1, "SHARED": 1, "TOTAL": 1}
        assert row(report, "B13", "3") == {
            "APEAS": 1, "PLACE": 1, "AGODIS": 1, "SHARED": 2, "TOTAL": 1
        }  # fmt: skip
        assert row(report, "B13", "TOTAL") == row(report, "B02", "followed")
        assert row(report, "B13S", "APEAS") == {"PLACE": 2, "AGODIS": 1, "SHARED": 1, "TOTAL": 2}
        assert row(report, "B13S", "PLACE") == {"APEAS": 2, "AGODIS": 1, "SHARED": 1, "TOTAL": 2}
        assert row(report, "B13S", "TOTAL") == {
            "APEAS": 2, "PLACE": 2, "AGODIS": 1, "SHARED": 3, "TOTAL": 2
        }  # fmt: skip

    def test_who_came_back_is_one_structure_and_who_left_before_is_none(
        self, network: Network
    ) -> None:
        again = network.parcours(
            entered="2008-02-01", others={"PLACE": ("2009-02-01", "2009-03-01")}
        )
        network.parcours(entered="2008-02-01", others={"PLACE": ("2008-03-01", "2008-12-31")})
        network.stay(again, "PLACE", "2009-06-01", None)
        assert column(network.report(), "B13", "TOTAL") == {"1": 1, "2": 1, "TOTAL": 2}

    def test_a_parcours_that_all_have_left_is_shown(self, network: Network) -> None:
        parcours = network.parcours(entered="2008-02-01")
        parcours.involvements[0].left_on = dt.date(2008, 6, 1)
        report = network.report()
        assert column(report, "B13", "TOTAL") == {"0": 1, "TOTAL": 1}
        assert [one.key for one in report.table("B13").rows] == ["0", "1", "2", "3", "TOTAL"]
        assert report.table("B13").rows[0].label == "Aucune"

    def test_a_stay_longer_than_the_parcours_is_the_structures_alone(
        self, network: Network
    ) -> None:
        network.parcours(
            entered="2008-02-01",
            exited="2008-12-01",
            others={"PLACE": ("2008-03-01", "2009-06-30"), "AGODIS": ("2008-03-01", "2009-06-30")},
        )
        report = network.report()
        assert row(report, "B13", "2") == {"PLACE": 1, "AGODIS": 1, "SHARED": 2}
        assert row(report, "B13S", "TOTAL") == {"PLACE": 1, "AGODIS": 1, "SHARED": 2}

    def test_one_structure_sees_with_whom_it_shares(self, network: Network) -> None:
        network.parcours(others={"PLACE": ("2009-03-01", None)})
        network.parcours(lead="AGODIS", others={"APEAS": ("2009-03-01", None)})
        report = network.report(structure="PLACE")
        assert row(report, "B13", "2") == {"PLACE": 1, "TOTAL": 2}
        assert column(report, "B13S", "PLACE") == {"APEAS": 1, "TOTAL": 1}
        assert row(report, "B13S", "APEAS") == {"PLACE": 1, "TOTAL": 2}


class TestMutualisedPosts:
    def test_hours_stand_beside_the_planned_shares(self, network: Network) -> None:
        assign(network, "ana", "APEAS", 50)
        assign(network, "ana", "PLACE", 30, ("2009-07-02", None))
        network.act("2009-03-02", by={"ana/APEAS": 90})
        network.act("2009-08-02", by={"ana/PLACE": 20, "ana/APEAS": 10, "bob/PLACE": 500})
        network.act("2010-01-01", by={"ana/PLACE": 60})
        report = network.report()
        table = report.table("B17")
        whole, apeas, place = "APEAS+PLACE.1", "APEAS+PLACE.1/APEAS", "APEAS+PLACE.1/PLACE"
        # 183 of 365 days at 30 %: 15.04 %.
        assert column(report, "B17", "share") == {
            whole: 65.04, apeas: 50, place: 15.04, "TOTAL": 65.04
        }  # fmt: skip
        assert column(report, "B17", "minutes") == {
            whole: 120, apeas: 100, place: 20, "TOTAL": 120
        }  # fmt: skip
        assert column(report, "B17", "planned") == {whole: 100, apeas: 77, place: 23}
        assert column(report, "B17", "recorded") == {whole: 100, apeas: 83, place: 17}
        assert len(table.records(place, "minutes")["act"]) == 1
        assert len(table.records(whole, "share")["assignment"]) == 2
        assert [one.label for one in table.rows][:2] == ["APEAS + PLACE", "APEAS"]

    def test_who_moves_from_one_structure_to_another_holds_no_mutualised_post(
        self, network: Network
    ) -> None:
        assign(network, "ana", "APEAS", 100, (None, "2009-06-30"))
        assign(network, "ana", "PLACE", 100, ("2009-07-01", None))
        assign(network, "bob", "APEAS", 50, (None, "2008-12-31"))
        assign(network, "bob", "PLACE", 50)
        network.act("2009-03-02", by={"ana/APEAS": 90, "bob/PLACE": 10})
        assert column(network.report(), "B17", "minutes") == {}

    def test_an_unknown_share_adds_nothing_and_leaves_the_planned_parts_empty(
        self, network: Network
    ) -> None:
        assign(network, "ana", "APEAS", None)
        assign(network, "ana", "PLACE", 50)
        network.act("2009-03-02", by={"ana/APEAS": 90})
        report = network.report()
        assert row(report, "B17", "APEAS+PLACE.1") == {"share": 50, "minutes": 90}
        assert column(report, "B17", "planned") == {}
        assert column(report, "B17", "recorded") == {
            "APEAS+PLACE.1": 100, "APEAS+PLACE.1/APEAS": 100
        }  # fmt: skip

    def test_posts_of_the_same_structures_are_numbered_by_share_then_minutes(
        self, network: Network
    ) -> None:
        for name, share, minutes in (("ana", 20, 10), ("bob", 60, 5), ("eve", 20, 40)):
            assign(network, name, "APEAS", share)
            assign(network, name, "PLACE", 40)
            network.act("2009-03-02", by={f"{name}/APEAS": minutes})
        report = network.report()
        minutes = [report.table("B17").value(f"APEAS+PLACE.{n}", "minutes") for n in (1, 2, 3)]
        assert minutes == [5, 40, 10]
        assert report.table("B17").rows[3].label == "APEAS + PLACE (2)"

    def test_a_structure_sees_the_whole_of_the_posts_it_shares_and_no_other(
        self, network: Network
    ) -> None:
        assign(network, "ana", "APEAS", 50)
        assign(network, "ana", "PLACE", 50)
        assign(network, "bob", "APEAS", 50)
        assign(network, "bob", "AGODIS", 50)
        network.act("2009-03-02", by={"ana/APEAS": 90, "bob/AGODIS": 10})
        assert column(network.report(structure="PLACE"), "B17", "minutes") == {
            "APEAS+PLACE.1": 90, "APEAS+PLACE.1/APEAS": 90, "TOTAL": 90
        }  # fmt: skip
