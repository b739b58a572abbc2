"""Publish random networks, and count what it costs."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from ramsess.reports.disclosure import DisclosureError, RegionEdition, Release, region_edition
from ramsess.reports.period import Period
from ramsess.reports.report import Report
from tests.disclosure.attack import COUNTED, OF_PERSONS, Publication
from tests.disclosure.worlds import World, quarters

THRESHOLD = 5


@dataclass
class Toll:
    """What was published: editions, refusals, seconds, cells of persons and why they are hidden."""

    editions: int = 0
    refused: list[str] = field(default_factory=list)
    cells: int = 0
    figures: int = 0  # of these cells, those that are not 0
    hidden: int = 0
    why: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    attacked: int = 0
    narrow: int = 0

    def publish(self, report: Report, earlier: Sequence[Release]) -> RegionEdition | None:
        """The edition; None when it is refused."""
        begun = time.perf_counter()
        try:
            edition = region_edition(report, earlier, THRESHOLD)
        except DisclosureError as error:
            self.refused.append(str(error))
            return None
        finally:
            self.seconds.append(time.perf_counter() - begun)
        self.editions += 1
        self.why.update(one.why.name for one in edition.reasons)
        for table_id, columns in COUNTED.items():
            table = edition.report.table(table_id)
            for row in table.rows:
                for column in columns or [c.key for c in table.columns if not c.derived]:
                    if table_id != "B01" or row.key in OF_PERSONS:
                        self.cells += 1
                        hidden = table.is_hidden(row.key, column)
                        self.hidden += hidden
                        self.figures += hidden or table.value(row.key, column) != 0
        return edition

    def __str__(self) -> str:
        self.seconds.sort()
        return (
            f"{self.editions} éditions, {len(self.refused)} refusées ; {self.cells} cellules de "
            f"personnes dont {self.figures} non nulles ; {self.hidden} masquées "
            f"({self.hidden / max(1, self.figures):.0%} des non nulles) ; {dict(self.why)} ; "
            f"{self.attacked} comptes attaqués dont {self.narrow} à moins de {THRESHOLD} ; "
            f"médiane {self.seconds[len(self.seconds) // 2]:.2f} s, au plus "
            f"{self.seconds[-1]:.2f} s"
        )


def publication(release: Release) -> Publication:
    """What the attacker sees of a release."""
    return Publication(release.period, release.tables, release.hidden)


def history(
    world: World, toll: Toll, seed: int, years: Sequence[int] = (2008, 2009)
) -> list[Release]:
    """The quarters of *years*, and the years; of one in three, something comes late to a quarter
    that is sealed."""
    periods = [one for year in years for one in (*quarters(year), Period.of_year(year))]
    earlier: list[Release] = []
    for number, period in enumerate(periods):
        if seed % 3 == 0 and number in (3, 7):
            world.come_late(seed, periods[number - 2])
        edition = toll.publish(world.report(period), earlier)
        if edition is not None:
            earlier.append(edition.release)
    return earlier
