"""No protected count can be worked out: random networks, random histories, an attacker of its own.

``RAMSESS_WHOLE=1`` attacks 1,000 networks and 200 histories.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ramsess.reports.facts import Facts
from ramsess.reports.period import Period
from tests.disclosure.attack import Attack
from tests.disclosure.publishing import Toll, history, publication
from tests.disclosure.worlds import World
from tests.whole import WHOLE, shares

#: What every change tries is one year and its quarters.
YEARS = (2008, 2009) if WHOLE else (2009,)


@pytest.mark.parametrize("seeds", shares(10, range(1000), 125))
def test_nobody_works_out_a_protected_count_of_a_network(
    blank: Facts, seeds: Sequence[int]
) -> None:
    toll = Toll()
    for seed in seeds:
        report = World.random(blank, seed).report(Period.of_year(2009))
        edition = toll.publish(report, [])
        assert edition is not None, (seed, toll.refused)
        attack = Attack([publication(edition.release)], blank.lists)
        toll.attacked += len(list(attack.protected()))
        assert attack.worked_out() == [], seed
        if seed % 250 == 0:
            assert attack.worked_out(whole=True) == [], seed
    print(f"\nRéseaux : {toll}")
    assert toll.hidden
    assert toll.hidden < toll.cells


@pytest.mark.parametrize("seeds", shares(20, range(3, 203), 101))
def test_nobody_works_out_a_protected_count_of_a_history(
    blank: Facts, seeds: Sequence[int]
) -> None:
    toll = Toll()
    for seed in seeds:
        earlier = history(World.random(blank, seed), toll, seed, YEARS)
        attack = Attack([publication(one) for one in earlier], blank.lists)
        attack.forget_what_was_corrected()
        toll.attacked += len(list(attack.protected()))
        assert attack.worked_out(apart=1) == [], seed
        # What earlier editions leave less room for is still not known.
        toll.narrow += len(attack.worked_out())
        if seed % 20 == 4:
            assert attack.worked_out(whole=True, apart=1) == [], seed
    print(f"\nHistoires : {toll}")
    assert toll.narrow <= toll.attacked / 50
    assert len(toll.refused) <= toll.editions / 50
