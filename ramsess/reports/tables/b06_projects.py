"""B06 — projects by sector and legal form."""

from __future__ import annotations

from ramsess.reports.facts import Facts
from ramsess.reports.table import Chart, ChartKind, Table, Tally
from ramsess.reports.tables.axes import columns_of, cross, or_nr, rows_of, with_nr
from ramsess.reports.tables.shares import with_percentages


def build(facts: Facts) -> Table:
    """Sector × legal form at entry of the followed parcours (Rules 8, 9)."""
    tally = Tally(
        rows_of(with_nr(facts.lists.codes["sectors"])),
        columns_of(with_nr(facts.lists.codes["legal_forms"])),
    )
    parcours = facts.parcours
    cross(
        tally, "parcours", parcours["id"], or_nr(parcours["sector"]), or_nr(parcours["legal_form"])
    )
    return with_percentages(
        Table(
            id="B06",
            title="Projets par secteur et forme juridique",
            rule=(
                "Parcours suivis dans la période, selon le secteur et la forme juridique (présente "
                "ou envisagée) du projet à l’entrée."
            ),
            row_heading="Secteur",
            columns=tally.columns,
            rows=tally.rows,
            values=tally.values(),
            chart=Chart(ChartKind.BARS, "Parcours suivis par secteur", ("TOTAL",)),
            parts=tally.parts,
        )
    )
