"""The attacker finds what is badly hidden: otherwise his silence would prove nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

import pytest

from ramsess.reports.disclosure import DisclosureError, Release, region_edition
from ramsess.reports.facts import Facts
from ramsess.reports.period import Period
from tests.disclosure.attack import COUNTED, Attack, Publication
from tests.disclosure.publishing import THRESHOLD, publication
from tests.disclosure.worlds import World, quarters
from tests.whole import one_in

SEEDS = one_in(10, range(1, 61, 3))


def only_small_ones(release: Release) -> Publication:
    """The same tables with the cells below the threshold hidden, and no other."""
    hidden: Mapping[str, frozenset[tuple[str, str]]] = {
        table_id: frozenset(
            cell
            for cell, value in release.tables[table_id].values.items()
            if 0 < value < THRESHOLD and (columns is None or cell[1] in columns)
        )
        for table_id, columns in COUNTED.items()
    }
    return Publication(release.period, release.tables, hidden)


def test_hiding_small_numbers_only_is_not_enough(blank: Facts) -> None:
    found = 0
    for seed in SEEDS:
        edition = region_edition(
            World.random(blank, seed).report(Period.of_year(2009)), [], THRESHOLD
        )
        found += bool(Attack([only_small_ones(edition.release)], blank.lists).worked_out())
    assert found >= len(SEEDS) / 2


def test_cumulative_periods_give_what_was_between(blank: Facts) -> None:
    """January to March, then January to June: each is safe by itself, and refused together."""
    found = 0
    for seed in SEEDS:
        world = World.random(blank, seed)
        long = Period(dt.date(2009, 1, 1), dt.date(2009, 6, 30))
        made = [
            region_edition(world.report(period), [], THRESHOLD).release
            for period in (quarters(2009)[0], long)
        ]
        for release in made:
            assert Attack([publication(release)], blank.lists).worked_out() == []
        found += bool(Attack([publication(one) for one in made], blank.lists).worked_out())
        with pytest.raises(DisclosureError, match="chevauche"):
            region_edition(world.report(long), made[:1], THRESHOLD)
    assert found


def test_percentages_of_hidden_figures_give_them_away(blank: Facts) -> None:
    """In every network whose total is published; of a total that is not, a part says nothing."""
    tried = 0
    for seed in SEEDS:
        edition = region_edition(
            World.random(blank, seed).report(Period.of_year(2009)), [], THRESHOLD
        )
        shown = publication(edition.release)
        assert Attack([shown], blank.lists).worked_out() == []
        if ("TOTAL", "TOTAL") not in shown.hidden["B03"]:
            assert Attack([shown], blank.lists, percentages=True).worked_out(), seed
            tried += 1
    print(f"{tried} of {len(SEEDS)}")
    assert tried


def test_a_correction_is_seen_by_whoever_adds_up_the_quarters(blank: Facts) -> None:
    """Two people more in a sealed quarter: the year that counts them gives them away, unless it is
    made with what was published before."""
    leaks = kept = 0
    for seed in SEEDS:
        world = World.random(blank, seed)
        made: list[Release] = []
        for period in quarters(2009):
            made.append(region_edition(world.report(period), made, THRESHOLD).release)
        if not world.come_late(seed, quarters(2009)[1]):
            continue
        report = world.report(Period.of_year(2009))
        for earlier, careful in (([], False), (made, True)):
            year = region_edition(report, earlier, THRESHOLD).release
            attack = Attack([publication(one) for one in (*made, year)], blank.lists)
            late = [one for one in attack.sums if attack.true(one) == 2]
            attack.forget_what_was_corrected()
            found = [one for one in attack.worked_out(apart=1) if one in late]
            if careful:
                assert found == [], seed
                kept += 1
            else:
                leaks += bool(found)
    assert kept
    assert leaks >= kept / 2


def test_an_edition_that_shows_one_cell_more_is_found(blank: Facts) -> None:
    """What hides other cells is needed: showing it again gives something away."""
    found = tried = 0
    for seed in SEEDS:
        edition = region_edition(
            World.random(blank, seed).report(Period.of_year(2009)), [], THRESHOLD
        )
        whole = edition.release.tables["B03"].values
        hidden = edition.release.hidden["B03"]
        more = {cell for cell in hidden if cell[1] != "PERCENT" and whole[cell] >= THRESHOLD}
        if more:
            tried += 1
            shown = publication(edition.release)
            shown = replace(shown, hidden={**shown.hidden, "B03": hidden - more})
            found += bool(Attack([shown], blank.lists).worked_out())
    assert found >= tried / 2
    assert tried
