"""What the Région's edition holds, and what it refuses."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from scipy import optimize
from sqlalchemy.orm import Session

from ramsess.models import DisclosureLimit
from ramsess.reports.columns import NEVER
from ramsess.reports.disclosure import (
    DisclosureError,
    RegionEdition,
    Release,
    Why,
    region_edition,
    threshold,
)
from ramsess.reports.disclosure.attacker import Attacker
from ramsess.reports.disclosure.over_time import Known
from ramsess.reports.disclosure.suppression import Suppression
from ramsess.reports.disclosure.survey import absent, sheets
from ramsess.reports.disclosure.system import read_system
from ramsess.reports.facts import Facts
from ramsess.reports.period import Period
from ramsess.reports.report import Report
from ramsess.reports.table import Column, HiddenError, Row, Table, Unit
from tests.disclosure.attack import Attack
from tests.disclosure.publishing import publication
from tests.disclosure.worlds import World, quarters

YEAR = Period.of_year(2009)


@pytest.fixture(scope="module")
def report(blank: Facts) -> Report:
    return World.random(blank, 7).report(YEAR)


@pytest.fixture(scope="module")
def edition(report: Report) -> RegionEdition:
    return region_edition(report, [], 5)


def test_the_threshold_is_data(session: Session) -> None:
    assert threshold(session) == 5
    session.get_one(DisclosureLimit, "PERSONS").amount = 11
    session.flush()
    assert threshold(session) == 11
    session.rollback()


def test_a_higher_threshold_hides_more(report: Report, edition: RegionEdition) -> None:
    more = region_edition(report, [], 11)
    assert len(more.reasons) > len(edition.reasons)


def test_hidden_figures_are_not_in_the_object(report: Report, edition: RegionEdition) -> None:
    made = edition.report
    assert made.edition == "region"
    assert (made.details, made.beside) == ((), {})
    for table in made.tables:
        assert not set(table.values) & table.hidden
        assert (table.parts, dict(table.quotes)) == ((), {})
    table = made.table("B03")
    row, column = next(iter(table.hidden))
    with pytest.raises(HiddenError):
        table.value(row, column)
    assert report.table("B03").value(row, column) is not None


def test_no_small_count_is_shown_and_zero_is(edition: RegionEdition) -> None:
    for table_id in ("B03", "B04", "B11", "B18"):
        table = edition.report.table(table_id)
        full = edition.release.tables[table_id]
        for column in table.columns:
            if column.unit is not Unit.COUNT or column.key == "sessions":
                continue
            for row in table.rows:
                value = full.value(row.key, column.key)
                assert not 0 < value < 5 or table.is_hidden(row.key, column.key)
                assert value or not table.is_hidden(row.key, column.key)


def test_one_figure_is_hidden_wherever_it_stands(edition: RegionEdition) -> None:
    hidden = [
        edition.report.table(table_id).is_hidden(*cell)
        for table_id, cell in (
            ("B01", ("persons_accompanied", "current")),
            ("B03", ("TOTAL", "TOTAL")),
            ("B04", ("TOTAL", "TOTAL")),
            ("B05", ("TOTAL", "persons")),
        )
    ]
    assert len(set(hidden)) == 1


def test_every_hidden_cell_has_its_reason(edition: RegionEdition) -> None:
    told = {(one.table_id, one.cell) for one in edition.reasons}
    assert told == {(t.id, cell) for t in edition.report.tables for cell in t.hidden}
    small = [one for one in edition.reasons if one.why is Why.FEW]
    for one in small:
        assert 0 < edition.release.tables[one.table_id].value(*one.cell) < 5
    assert all(one.of for one in edition.reasons if one.why in (Why.PROTECTS, Why.DERIVED))


def test_percentages_are_of_what_is_published_only(edition: RegionEdition) -> None:
    table = edition.report.table("B03")
    assert any(column == "TOTAL" for _, column in table.hidden)
    total = table.value("TOTAL", "TOTAL")
    for row in table.rows:
        assert table.is_hidden(row.key, "PERCENT") == table.is_hidden(row.key, "TOTAL")
        if (row.key, "PERCENT") in table.values:
            share = round(100 * table.value(row.key, "TOTAL") / total)
            assert table.value(row.key, "PERCENT") == share


def test_a_change_of_a_hidden_figure_is_hidden(blank: Facts) -> None:
    made = region_edition(World.random(blank, 5).report(YEAR), [], 5)
    key_figures = made.report.table("B01")
    for row in key_figures.rows:
        sources = [key_figures.is_hidden(row.key, c) for c in ("current", "previous")]
        assert key_figures.is_hidden(row.key, "change") == any(sources)
    assert any(column == "change" for _, column in key_figures.hidden)


def test_one_year_before_is_what_was_published_then(blank: Facts) -> None:
    world = World.random(blank, 7)
    before = region_edition(world.report(Period.of_year(2008)), [], 5)
    for day in (20, 120, 250):
        world.come_late(day, quarters(2008)[day // 100])
    made = region_edition(world.report(YEAR), [before.release], 5)
    then = before.report.table("B10")
    assert made.report.table("B01").value("attendances", "previous") == then.value(
        "TOTAL", "attendances"
    )
    current = made.report.table("B01").value("attendances", "current")
    change = made.report.table("B01").value("attendances", "change")
    assert change == current - then.value("TOTAL", "attendances")


def test_what_was_hidden_of_the_same_figure_stays_hidden(blank: Facts) -> None:
    for seed in (3,):
        world = World.random(blank, seed)
        made: list[Release] = []
        for period in quarters(2009):
            made.append(region_edition(world.report(period), made, 5).release)
        year = region_edition(world.report(YEAR), made, 5).report.table("B10")
        months = {cell for one in made for cell in one.hidden["B10"] if cell[0] != "TOTAL"}
        assert {cell for cell in year.hidden if cell[0] != "TOTAL"} == months


def test_only_the_network_and_all_schemes(report: Report) -> None:
    for other in (replace(report, edition="structure"), replace(report, scheme=("DRA", "DRA"))):
        with pytest.raises(DisclosureError, match="tout le réseau"):
            region_edition(other, [], 5)


def test_a_period_is_published_once(report: Report, edition: RegionEdition) -> None:
    with pytest.raises(DisclosureError, match="déjà publiée"):
        region_edition(report, [edition.release], 5)


def test_a_table_that_says_nothing_of_persons_is_refused(report: Report) -> None:
    unknown = Table("B99", "Inconnu", "", "", (Column("a", "A"),), (Row("r", "R"),), {})
    with pytest.raises(DisclosureError, match="B99"):
        region_edition(replace(report, tables=(*report.tables, unknown)), [], 5)


def test_what_is_known_already_cannot_be_protected(blank: Facts) -> None:
    """The year and three quarters were published in full: the fourth is known."""
    world = World.random(blank, 7)
    small = None
    for seed in range(40):
        world = World.random(blank, seed)
        table = world.report(quarters(2009)[3]).table("B11")
        small = next(
            (row.key for row in table.rows if 0 < table.value(row.key, "anonymous") < 5), None
        )
        if small:
            break
    assert small
    shown = [
        Release(one.period, {table.id: table for table in one.tables}, {})
        for one in (world.report(p) for p in (*quarters(2009)[:3], YEAR))
    ]
    with pytest.raises(DisclosureError, match="quoi qu’on y masque"):
        region_edition(world.report(quarters(2009)[3]), shown, 5)


def test_when_the_solver_gives_up_nothing_is_published(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(optimize, "milp", lambda *_, **__: optimize.OptimizeResult(x=None))
    with pytest.raises(DisclosureError):
        region_edition(report, [], 5)


def test_the_last_resort_hides_every_count(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no cheap change is found no count is published; the attacker has the last word."""
    monkeypatch.setattr(Suppression, "_protect", lambda *_: None)
    made = region_edition(report, [], 5).report.table("B03")
    for row in made.rows:
        for column in ("F", "M", "NR", "TOTAL"):
            full = report.table("B03").value(row.key, column)
            assert made.is_hidden(row.key, column) == bool(full)


def test_an_example_that_contradicts_what_is_known_is_none(report: Report) -> None:
    _, system = read_system(report.period, report.tables, [], 5)
    attacker = Attacker(system)
    for number, by in ((int(np.flatnonzero(~attacker.hidden)[0]), 1),
                       (int(np.flatnonzero(attacker.hidden)[0]), 1),
                       (int(np.flatnonzero(attacker.hidden)[0]), -100)):  # fmt: skip
        change = np.zeros(len(system.figures), dtype=np.int64)
        change[number] = by
        attacker.learn(change)
    assert (attacker.low == attacker.high).all()


def test_a_report_without_a_table_has_what_holds_between_the_others(report: Report) -> None:
    tables = tuple(table for table in report.tables if table.id != "B18")
    assert region_edition(replace(report, tables=tables), [], 5).report.table("B11").hidden


def test_what_is_not_true_or_not_sure_is_not_held_to_be_known(report: Report, blank: Facts) -> None:
    """Of periods that overlap (none is published so) nothing adds up."""
    world = World.random(blank, 7)
    spans = ((1, 4), (3, 9), (7, 12))
    overlapping = [
        Release(one.period, {table.id: table for table in one.tables}, {})
        for one in (
            world.report(Period(dt.date(2009, first, 1), dt.date(2009, last, 28)))
            for first, last in spans
        )
    ]
    _, system = read_system(report.period, report.tables, overlapping, 5)
    known = system.matrix.shape[0]
    assert (system.slack >= 0).all()
    figure = next(one for one in system.figures if one.value)
    before = len(system.slack)
    system._know(Known(((-1, figure),)))
    assert (system.matrix.shape[0], len(system.slack)) == (known, before)


def test_a_report_sealed_before_a_row_was_counted_is_read_as_it_is(blank: Facts) -> None:
    """The tables of an older program had fewer rows: they are no reason to publish nothing."""
    old, new = (World.random(blank, 7).report(period) for period in quarters(2009)[:2])
    tables = {
        table.id: replace(
            table, rows=tuple(row for row in table.rows if row.key != "persons_received")
        )
        for table in old.tables
    }
    assert tables["B01"] != old.table("B01")
    assert region_edition(new, [Release(old.period, tables, {})], 5).report.table("B01")


def test_the_same_parcours_all_year_are_the_same_persons(blank: Facts) -> None:
    """Nothing began or ended: what was hidden in March must not be read in December."""
    world = World.random(blank, 7)
    for frame, since, until in (
        ("parcours", "entered", "exited"),
        ("involvements", "joined", "left"),
    ):
        world.frames[frame] = world.frames[frame].assign(**{since: 0, until: NEVER})
    first = region_edition(world.report(quarters(2009)[0]), [], 5)
    year = region_edition(world.report(YEAR), [first.release], 5)
    made = [publication(one.release) for one in (first, year)]
    assert Attack(made, blank.lists).worked_out(apart=1) == []
    small = {one.cell for one in first.reasons if one.table_id == "B03" and one.why is Why.FEW}
    assert small
    assert small <= year.report.table("B03").hidden


def test_a_sealed_report_gives_its_release_back(
    report: Report, edition: RegionEdition, blank: Facts
) -> None:
    again = Release.of(report, edition.report)
    assert again.hidden == edition.release.hidden
    later = World.random(blank, 7).report(Period.of_year(2010))
    assert later.period.first == dt.date(2010, 1, 1)
    from_sealed = region_edition(later, [again], 5)
    assert from_sealed.report == region_edition(later, [edition.release], 5).report


def test_the_survey_shows_every_hidden_figure(edition: RegionEdition) -> None:
    found = sheets(edition)
    assert sum(len(sheet.hidden) for sheet in found) == len(edition.reasons)
    sheet = next(sheet for sheet in found if sheet.table.id == "B03")
    for cell in sheet.hidden:
        assert cell.text not in ("", "s")
        assert cell.reason.cell == (cell.row.key, cell.column.key)
    assert absent(edition) == []
