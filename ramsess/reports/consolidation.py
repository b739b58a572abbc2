"""Make a report: read the facts once, count every table, list the records behind."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Engine

from ramsess.models.calendar import today
from ramsess.reports.behind import Behind
from ramsess.reports.details import details
from ramsess.reports.facts import Facts, snapshot
from ramsess.reports.handing_in import NOT_HANDED_IN, absent_from, comments_on
from ramsess.reports.limits import UnknownCodeError, limited, told
from ramsess.reports.lists import Lists
from ramsess.reports.period import Period
from ramsess.reports.report import Member, Report
from ramsess.reports.table import Column, Row, Table
from ramsess.reports.tables import BY_STRUCTURE, network_tables, one_table, structure_tables

Asked = Mapping[str, str]
NOTHING: Asked = {}


def make_report(
    engine: Engine,
    period: Period,
    *,
    structure: str | None = None,
    scheme: str | None = None,
    filters: Asked = NOTHING,
    compared: Period | None = None,
    with_details: bool = False,
    site: str = "",
) -> Report:
    """The report of *period*: the network's, or one structure's beside the network's.

    *scheme* limits it to what one *dispositif* pays (Rule 14), *filters* to a ``territory``, a
    ``sector``, a ``type`` of acts (limits.py). *compared*: another period than the same dates one
    year before. *with_details* adds the pseudonymised lists of records. *site*: the address to
    which its figures lead. Raises UnknownCodeError.
    """
    with snapshot(engine) as connection:
        facts = Facts.read(connection, period)
        previous = Facts.read(connection, compared or period.year_before())
        # What was said and handed in is of the whole network's report alone.
        whole = not structure and not scheme and not filters
        comments = comments_on(connection, period) if whole else {}
        absent = absent_from(connection, period) if whole else set()
    report = _report(facts, structure, scheme, filters, compared, site)
    facts, previous = (limited(read, _limits(report)) for read in (facts, previous))
    network = network_tables(facts, previous)
    own = structure_tables(facts, previous, structure) if structure else network
    beside = {key: table for key, table in network.items() if key not in BY_STRUCTURE}
    return replace(
        report,
        tables=tuple(own.values()),
        members=_members(facts.lists, absent),
        beside=beside if structure else {},
        details=details(facts) if with_details and not structure else (),
        comments=comments,
    )


@dataclass(frozen=True)
class Figure:
    """One figure of a report, and the records *behind* it (Rule 13).

    *report* has its table alone. *facts* are the network's, under the report's limits, of its
    period and of the one compared (for table B01): what may be told of records without naming.
    """

    report: Report
    table: Table
    row: Row
    column: Column
    behind: Behind
    facts: tuple[Facts, Facts | None]


def make_figure(
    engine: Engine,
    period: Period,
    cell: tuple[str, str, str],
    *,
    structure: str | None = None,
    scheme: str | None = None,
    filters: Asked = NOTHING,
    compared: Period | None = None,
) -> Figure:
    """The figure of *cell* (table, row, column) as ``make_report`` counts it.

    Raises UnknownCodeError, and KeyError when there is no such figure.
    """
    table_id, row_key, column_key = cell
    with snapshot(engine) as connection:
        facts = Facts.read(connection, period)
        before = (
            Facts.read(connection, compared or period.year_before()) if table_id == "B01" else None
        )
    report = _report(facts, structure, scheme, filters, compared, "")
    facts = limited(facts, _limits(report))
    before = limited(before, _limits(report)) if before else None
    table = one_table(table_id, facts, before, structure)
    rows = {item.key: item for item in table.rows}
    columns = {item.key: item for item in table.columns}
    row, column = rows[row_key], columns[column_key]
    if table.is_blank(row, column):
        raise KeyError(cell)
    return Figure(
        replace(report, tables=(table,)),
        table,
        row,
        column,
        table.behind(row_key, column_key),
        (facts, before),
    )


def _report(
    facts: Facts,
    structure: str | None,
    scheme: str | None,
    filters: Asked,
    compared: Period | None,
    site: str,
) -> Report:
    """What the report is, without its tables."""
    names = {item.code: item.label for item in facts.lists.structures}
    if structure and structure not in names:
        raise UnknownCodeError(f"Structure inconnue : « {structure} ».")
    limits = told(facts.lists, {**filters, "scheme": scheme or ""})
    return Report(
        period=facts.period,
        edition="structure" if structure else "network",
        tables=(),
        members=_members(facts.lists),
        made_on=today(),
        structure=Member(structure, names[structure]) if structure else None,
        scheme=limits.pop("scheme", None),
        filters=limits,
        compared=None if compared == facts.period.year_before() else compared,
        site=site,
    )


def _limits(report: Report) -> dict[str, tuple[str, str]]:
    return {**({"scheme": report.scheme} if report.scheme else {}), **report.filters}


def _members(lists: Lists, absent: Collection[int] = ()) -> tuple[Member, ...]:
    codes = {lists.structure_ids[one] for one in absent}
    return tuple(
        Member(item.code, item.label, NOT_HANDED_IN if item.code in codes else "")
        for item in lists.structures
        if item.code in lists.members
    )


__all__ = ["Figure", "UnknownCodeError", "make_figure", "make_report"]
