"""What was published for a period: the tables in full, and the cells that were not shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from ramsess.reports.period import Period
from ramsess.reports.persons import Cell
from ramsess.reports.report import Report
from ramsess.reports.table import Table


class DisclosureError(ValueError):
    """No edition for the Région can be made; the message is a French sentence."""


@dataclass(frozen=True)
class Release:
    """An edition that the Région received: *tables* by id with every figure (they never leave),
    *hidden* by table id the cells that it does not show."""

    period: Period
    tables: Mapping[str, Table] = field(repr=False)
    hidden: Mapping[str, frozenset[Cell]] = field(repr=False)

    @classmethod
    def of(cls, network: Report, region: Report) -> Release:
        """What was published when both editions of a report were sealed."""
        full = {table.id: table for table in network.tables}
        for table in region.tables:
            # What the Région read one year before was the edition of then, not what is counted now.
            values = {**full[table.id].values, **table.values}
            full[table.id] = replace(full[table.id], values=values)
        hidden = {table.id: table.hidden for table in region.tables}
        return cls(network.period, full, hidden)

    def shows(self, table_id: str, cell: Cell) -> bool:
        """True when the cell's figure was published."""
        return cell not in self.hidden.get(table_id, frozenset())


def check_periods(period: Period, earlier: Sequence[Release]) -> None:
    """Two periods overlap only where the one is a civil year that holds the other.

    Otherwise what is between them could be worked out by subtraction (January to June less
    January to March). Raises DisclosureError.
    """
    for release in earlier:
        other = release.period
        if other == period:
            raise DisclosureError(
                f"L’édition de la Région pour la période {period} est déjà publiée."
            )
        if not period.overlaps(other):
            continue
        long, short = (period, other) if period.days > other.days else (other, period)
        if not (long.is_year() and long.holds(short)):
            raise DisclosureError(
                f"La période {period} chevauche celle qui est publiée ({other}) : par différence, "
                "on en tirerait des chiffres non publiés. Pour la Région, les périodes sont des "
                "années civiles entières, ou des périodes qui ne se chevauchent pas."
            )
