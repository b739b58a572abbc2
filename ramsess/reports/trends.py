"""Key figures of several sealed reports side by side; only what each of them published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ramsess.reports.period_code import code_of, name_of
from ramsess.reports.report import Report
from ramsess.reports.table import Chart, ChartKind, Column, Number, Row, Table

KEY_FIGURES = "B01"
#: A figure of a report's own period.
OWN = "current"
RULE = (
    "Chiffres clés de chaque bilan scellé, tels qu’il les a publiés : ni recomptés, ni complétés."
)


def trends(key: str, title: str, reports: Sequence[Report]) -> Table:
    """Key figures × period, the earliest first; what one report hides stays hidden. *key* is the
    table's id."""
    rows: dict[str, Row] = {}
    values: dict[tuple[str, str], Number] = {}
    hidden = set()
    columns = []
    for report in reports:
        table = report.table(KEY_FIGURES)
        column = code_of(report.period)
        columns.append(Column(column, name_of(report.period)))
        for row in table.rows:
            rows.setdefault(row.key, replace(row, optional=True))
            if table.is_hidden(row.key, OWN):
                hidden.add((row.key, column))
            elif not table.is_blank(row, table.columns[0]):
                values[row.key, column] = table.value(row.key, OWN)
    return Table(
        id=key,
        title=title,
        rule=RULE,
        row_heading="Chiffre",
        columns=tuple(columns),
        rows=tuple(rows.values()),
        values=values,
        hidden=frozenset(hidden),
    )


def drawings(table: Table) -> list[Table]:
    """For each figure that two periods at least have published, a table that draws it alone."""
    found = []
    for row in table.rows:
        shown = [one for one in table.columns if (row.key, one.key) in table.values]
        if len(shown) > 1 and any(table.values[row.key, one.key] for one in shown):
            chart = Chart(ChartKind.BARS, row.label, ("figure",))
            found.append(
                Table(
                    id=f"{table.id}-{row.key}",
                    title=row.label,
                    rule=table.rule,
                    row_heading="Période",
                    columns=(Column("figure", row.label),),
                    rows=tuple(Row(one.key, one.label, unit=row.unit) for one in shown),
                    values={(one.key, "figure"): table.values[row.key, one.key] for one in shown},
                    chart=chart,
                )
            )
    return found
