"""The edition of a report that leaves for the Région."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ramsess.reports.disclosure.figures import Figure
from ramsess.reports.disclosure.reasons import Reason, Why
from ramsess.reports.disclosure.redaction import (
    as_published,
    derived,
    few_behind,
    lighten,
    redact,
)
from ramsess.reports.disclosure.release import DisclosureError, Release, check_periods
from ramsess.reports.disclosure.suppression import Suppression
from ramsess.reports.disclosure.system import System, read_system
from ramsess.reports.persons import Cell, Persons
from ramsess.reports.report import Report
from ramsess.reports.table import Table


@dataclass(frozen=True)
class RegionEdition:
    """*report*: what the Région receives, without any hidden figure; *release*: what to keep, with
    them, for the editions to come; *reasons*: of each hidden cell, for the coordinator."""

    report: Report
    release: Release = field(repr=False)
    reasons: tuple[Reason, ...] = field(repr=False)


def region_edition(report: Report, earlier: Sequence[Release], threshold: int) -> RegionEdition:
    """The Région's edition of the network's *report*, *earlier* editions being known (Rule 15).

    No count of persons from 1 to *threshold* − 1 is in it, nor can be worked out of it and the
    earlier ones. Raises DisclosureError when that cannot be, or when the period overlaps another.
    """
    if report.edition != "network" or report.scheme:
        raise DisclosureError(
            "L’édition de la Région se fait du bilan de tout le réseau, tous dispositifs compris."
        )
    check_periods(report.period, earlier)
    counted = [as_published(table, report.period, earlier) for table in report.tables]
    figures, system = read_system(report.period, counted, earlier, threshold)
    suppression = Suppression(system)
    suppression.run()
    reasons: dict[str, dict[Cell, Reason]] = defaultdict(dict)
    for figure in figures:
        if figure.hidden:
            for table_id, cell in figure.cells:
                reasons[table_id][cell] = _reason(figure, table_id, cell, suppression, system)
    shown = {}
    for table in counted:
        persons = figures.declared[report.period][table.id]
        if persons.absent:
            continue
        light = lighten(table, persons)
        shown[table.id] = redact(light, persons, _hidden(light, persons, reasons, threshold))
    return RegionEdition(
        report=replace(
            report,
            edition="region",
            tables=tuple(shown.values()),
            details=(),
            beside={},
            structure=None,
        ),
        release=Release(
            report.period,
            {table.id: replace(table, parts=(), quotes={}, measures={}) for table in counted},
            {key: table.hidden for key, table in shown.items()},
        ),
        reasons=tuple(reason for cells in reasons.values() for reason in cells.values()),
    )


def _hidden(
    table: Table, persons: Persons, reasons: dict[str, dict[Cell, Reason]], threshold: int
) -> frozenset[Cell]:
    """Every hidden cell of *table*; those that are no count of persons get their reason."""
    found = reasons[table.id]
    found |= {reason.cell: reason for reason in few_behind(table, persons, threshold)}
    found |= {reason.cell: reason for reason in derived(table, persons, found)}
    return frozenset(found)


def _reason(
    figure: Figure, table_id: str, cell: Cell, suppression: Suppression, system: System
) -> Reason:
    if figure.value < system.threshold:
        return Reason(table_id, cell, Why.FEW)
    if figure.number in suppression.protects:
        target = system.targets[suppression.protects[figure.number]]
        return Reason(table_id, cell, Why.PROTECTS, target.label)
    return Reason(table_id, cell, Why.BEFORE, figure.label)


__all__ = ["DisclosureError", "RegionEdition", "region_edition"]
