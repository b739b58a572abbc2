"""What is not published is in no byte of any output, and nothing is computed from it (Rule 15)."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import openpyxl
import pypdf
import pytest

from ramsess.reports import brief
from ramsess.reports.charts import ALL_HIDDEN, HIDDEN, chart_description, chart_svg
from ramsess.reports.excel import write_workbook
from ramsess.reports.files import json_bytes
from ramsess.reports.pdf import write_pdf
from ramsess.reports.report import Report
from ramsess.reports.sheet_charts import native_charts
from ramsess.reports.table import Chart, ChartKind, Column, HiddenError, Row, Table
from ramsess.reports.table_csv import write_csv_archive
from tests.reports.hiding import for_the_region, hiding
from tests.reports.sample import network_report
from tests.reports.sample_tables import ages, months

CANARY = 7_654_321
SHOWN = "7654321"
PLACES = {("r1", "c0"), ("r2", "c1")}


def secret(kind: ChartKind) -> tuple[Table, Table]:
    """A table that holds the canary in two cells, and the same as it is published."""
    columns = tuple(Column(f"c{i}", f"Série {i}") for i in range(2))
    rows = tuple(Row(f"r{i}", f"Ligne {i}") for i in range(4))
    values = {(row.key, column.key): 10 + i for i, row in enumerate(rows) for column in columns}
    chart = Chart(kind, "Essai", tuple(column.key for column in columns))
    whole = Table("B99", "Essai", "Règle.", "Ligne", columns, rows,
                  {**values, **dict.fromkeys(PLACES, CANARY)}, chart)  # fmt: skip
    return whole, hiding(whole, frozenset(PLACES))


def outputs(report: Report) -> dict[str, str]:
    """The text of every output, as other libraries read it, spaces out."""
    files: dict[str, bytes] = {"json": json_bytes(report)}
    for name, write in (("xlsx", write_workbook), ("pdf", write_pdf), ("zip", write_csv_archive)):
        file = io.BytesIO()
        write(report, file)
        files[name] = file.getvalue()
    found = {"json": files["json"].decode()}
    for name in ("xlsx", "zip"):
        with zipfile.ZipFile(io.BytesIO(files[name])) as archive:
            found[name] = "".join(archive.read(part).decode() for part in archive.namelist())
    reader = pypdf.PdfReader(io.BytesIO(files["pdf"]))
    found["pdf"] = "".join(page.extract_text() for page in reader.pages)
    # The text alternatives, which are written in UTF-16.
    found["structure"] = bytes.fromhex(
        "".join(part.split(">")[0] for part in files["pdf"].decode("latin-1").split("/Alt <")[1:])
    ).decode("utf-16-be")
    found["svg"] = "".join(chart_svg(table) for table in report.tables if table.chart)
    return {name: "".join(text.split()).replace("\u202f", "") for name, text in found.items()}


@pytest.mark.parametrize("kind", list(ChartKind))
def test_a_hidden_value_is_nowhere(kind: ChartKind) -> None:
    whole, published = secret(kind)
    report = replace(network_report(), edition="region", tables=(published,), details=())
    for name, text in outputs(report).items():
        assert SHOWN not in text, name
    leaked = outputs(replace(report, tables=(whole,)))
    for name in ("json", "xlsx", "zip", "pdf", "structure", "svg"):
        assert SHOWN in leaked[name], name


@pytest.mark.parametrize("kind", list(ChartKind))
def test_charts_say_what_they_leave_out(kind: ChartKind) -> None:
    _, published = secret(kind)
    assert HIDDEN in chart_description(published)
    assert HIDDEN in chart_svg(published)
    assert ">s<" in chart_svg(published)


def test_a_chart_of_which_nothing_is_published_says_so() -> None:
    cells = frozenset((row.key, column.key) for row in ages().rows for column in ages().columns)
    table = hiding(ages(), cells)
    assert ALL_HIDDEN in chart_description(table)
    assert ALL_HIDDEN in chart_svg(table)
    assert native_charts("Feuille", table, 5) == []


def test_of_many_values_the_description_leaves_the_hidden_ones_out() -> None:
    base = months()
    table = hiding(base, frozenset({("2009-01", "acts"), ("2009-12", "acts")}))
    with pytest.raises(HiddenError):
        table.value("2009-01", "acts")
    text = chart_description(table)
    assert "12 valeurs, dont 2 s" in text
    everything = frozenset((row.key, "acts") for row in base.rows)
    assert "Actes : s." in chart_description(hiding(base, everything))


def test_the_sheets_charts_leave_hidden_cells_out() -> None:
    _, published = secret(ChartKind.STACKED)
    report = replace(network_report(), tables=(published,), details=(), edition="region")
    file = io.BytesIO()
    write_workbook(report, file)
    with zipfile.ZipFile(file) as archive:
        chart = archive.read("xl/charts/chart1.xml").decode()
    assert "('B99 Essai'!$B$6,'B99 Essai'!$B$9)" in chart  # rows 7 and 8 have a hidden cell
    assert "sans les chiffres non publiés" in chart
    assert "numCache" not in chart
    assert openpyxl.load_workbook(file)["B99 Essai"]["B7"].value == "s"


def hide(report: Report, table_id: str, *cells: tuple[str, str]) -> Report:
    return replace(
        report,
        tables=tuple(
            hiding(table, frozenset(cells)) if table.id == table_id else table
            for table in report.tables
        ),
    )


def words(report: Report) -> str:
    figures = [f"{item.text} {item.label} {item.change}" for item in brief.big_figures(report)]
    return " ".join([*figures, *brief.sentences(report)])


@pytest.mark.parametrize(
    ("table_id", "cells", "gone"),
    [
        ("B01", [("persons_accompanied", "current")], "1\u202f402"),
        ("B01", [("persons_accompanied", "previous")], "un an avant : 1\u202f402"),
        ("B10", [("2009-02", "acts")], "celui qui en compte"),
    ],
)
def test_the_summary_tells_nothing_that_is_hidden(
    table_id: str, cells: list[tuple[str, str]], gone: str
) -> None:
    report = network_report()
    assert gone in words(report)
    assert gone not in words(hide(report, table_id, *cells))


def test_the_regions_edition_explains_itself_in_every_output() -> None:
    texts = outputs(for_the_region(network_report()))
    for name in ("xlsx", "zip", "pdf"):
        assert "secretstatistique" in texts[name], name
