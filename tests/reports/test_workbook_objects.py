"""What a workbook holds beside cells: real tables, names, charts, comments; valid in every part."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
from openpyxl import Workbook
from openpyxl.utils import range_boundaries

from ramsess.reports.excel import write_workbook
from ramsess.reports.report import DetailColumn, Report
from ramsess.reports.sheet_charts import native_charts
from ramsess.reports.sheet_prose import line_count, pieces
from ramsess.reports.sheet_tables import table_name
from ramsess.reports.sheets import HEADER_ROW, MORE_COMMENT
from ramsess.reports.table import Column, Row, Table
from tests.reports.hiding import ADDRESS, SAID, for_the_region
from tests.reports.sample import MEMBERS, detail, network_report, structure_report
from tests.reports.sample_tables import acts, key_figures, months

CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


def saved(report: Report) -> BytesIO:
    file = BytesIO()
    write_workbook(report, file)
    file.seek(0)
    return file


def parts(report: Report, like: str) -> dict[str, str]:
    with zipfile.ZipFile(saved(report)) as archive:
        return {n: archive.read(n).decode() for n in archive.namelist() if re.search(like, n)}


@pytest.fixture(scope="module")
def file() -> BytesIO:
    return saved(network_report())


@pytest.fixture(scope="module")
def book(file: BytesIO) -> Workbook:
    return openpyxl.load_workbook(file)


def faults(book: Workbook) -> list[str]:
    """What Excel would repair: names and headings of tables, filters upon filters, references."""
    found, names = [], []
    for sheet in book.worksheets:
        for table in sheet.tables.values():
            names.append(table.displayName.casefold())
            left, top, right, bottom = range_boundaries(table.ref)
            heads = [sheet.cell(top, number).value for number in range(left, right + 1)]
            if heads != [column.name for column in table.tableColumns]:
                found.append(f"{table.name}: {heads}")
            if len({str(head).casefold() for head in heads}) != len(heads) or None in heads:
                found.append(f"{table.name}: headings {heads}")
            if bottom == top:
                found.append(f"{table.name}: no row")
            if sheet.auto_filter.ref:
                found.append(f"{sheet.title}: two filters")
        for merged in sheet.merged_cells.ranges:
            if merged.min_row == HEADER_ROW:
                found.append(f"{sheet.title}: merged heading")
    names += [name.casefold() for name in book.defined_names]
    if len(set(names)) != len(names):
        found.append(f"names: {names}")
    found += [name for name in names if not re.fullmatch(r"[^\W\d]\w*", name)]
    return found


@pytest.mark.parametrize("make", [network_report, structure_report], ids=["network", "structure"])
def test_excel_finds_nothing_to_repair(make: Callable[[], Report]) -> None:
    assert faults(openpyxl.load_workbook(saved(make()))) == []
    assert faults(openpyxl.load_workbook(saved(for_the_region(make())))) == []


def test_a_fault_would_be_found(file: BytesIO) -> None:
    book = openpyxl.load_workbook(file)
    sheet = book["Détail actes"]
    sheet.cell(HEADER_ROW, 2).value = "Autre"
    sheet.auto_filter.ref = "A5:E9"
    assert len(faults(book)) == 2


def test_the_details_are_real_tables(book: Workbook) -> None:
    sheet = book["Détail actes"]
    (table,) = sheet.tables.values()
    assert table.displayName == "DétailActes"
    assert table.ref == f"A{HEADER_ROW}:E{sheet.max_row}" == table.autoFilter.ref
    assert table_name("Détail séances (2)") == "DétailSéances2"


def test_a_table_without_records_has_the_row_that_it_must_have() -> None:
    report = replace(network_report(), details=(detail([]),))
    book = openpyxl.load_workbook(saved(report))
    assert faults(book) == []
    (table,) = book["Détail actes"].tables.values()
    assert table.ref == f"A{HEADER_ROW}:E{HEADER_ROW + 1}"


def test_headings_that_are_alike_are_told_apart() -> None:
    base = detail([("a", "b", "c")])
    columns = (DetailColumn("Acte"), DetailColumn("ACTE"), DetailColumn(""))
    report = replace(network_report(), details=(replace(base, columns=columns),))
    book = openpyxl.load_workbook(saved(report))
    assert faults(book) == []
    heads = [cell.value for cell in book["Détail actes"][HEADER_ROW]]
    assert heads == ["Acte", "ACTE (2)", "Colonne"]


def test_each_table_of_figures_has_a_name(book: Workbook) -> None:
    report = network_report()
    assert list(book.defined_names) == [f"{table.id}_chiffres" for table in report.tables]
    for table in report.tables:
        ((title, place),) = book.defined_names[f"{table.id}_chiffres"].destinations
        cells = book[title][place.replace("$", "")]
        assert [cell.value for cell in cells[0]] == [
            table.row_heading,
            *(column.label for column in table.columns),
        ]
        assert len(cells) == len(table.rows) + 1


def test_the_networks_figures_have_their_own_name() -> None:
    report = structure_report()
    book = openpyxl.load_workbook(saved(report))
    ((title, place),) = book.defined_names["B08_chiffres_réseau"].destinations
    cells = book[title][place.replace("$", "")]
    beside = report.beside["B08"]
    assert len(cells) == len(beside.rows) + 1
    assert cells[-1][-1].value == beside.value("TOTAL", "TOTAL")


def references(chart: str) -> list[str]:
    return [e.text or "" for e in ElementTree.fromstring(chart).iter(f"{CHART}f")]


def values_at(book: Workbook, reference: str) -> list[Any]:
    found = []
    for title, place in re.findall(r"'((?:[^']|'')+)'!([$A-Z0-9:]+)", reference):
        cells = book[title.replace("''", "'")][place.replace("$", "")]
        rows = cells if isinstance(cells, tuple) else ((cells,),)
        found += [cell.value for row in rows for cell in row]
    return found


def test_charts_are_drawn_from_the_cells_of_their_sheet(book: Workbook) -> None:
    charts = parts(network_report(), r"xl/charts/chart\d+\.xml")
    drawn = [
        chart
        for table in network_report().tables
        for chart in native_charts("F", table, HEADER_ROW)
    ]
    assert len(charts) == len(drawn) >= 7
    for xml in charts.values():
        assert "Cache" not in xml
        for reference in references(xml):
            assert values_at(book, reference), reference
            assert None not in values_at(book, reference)
    families = next(xml for xml in charts.values() if "Actes par famille" in xml)
    figures = values_at(book, references(families)[-1])
    assert figures == [acts().value(row.key, "TOTAL") for row in acts().rows if len(row.key) == 3]


def test_charts_read_without_colour_and_say_their_axes_in_french() -> None:
    charts = "".join(parts(network_report(), r"xl/charts/chart\d+\.xml").values())
    assert "wdUpDiag" in charts
    for words in ("Nombre", "Heures", "Type d’acte", "Mois"):
        assert words in charts
    lines = "".join(parts(replace(network_report(), tables=(months(),)), "chart1").values())
    assert '<a:prstDash val="dash"' in lines.replace("ns0:", "a:") or 'prstDash val="dash"' in lines


def test_a_row_over_columns_leaves_hidden_columns_out() -> None:
    columns = tuple(Column(f"c{i}", f"C{i}") for i in range(4))
    base = replace(key_figures(), columns=columns, rows=(Row("r", "R"),), chart=None)
    chart = months().chart
    assert chart is not None
    table = replace(
        base,
        values={("r", "c0"): 3, ("r", "c3"): 9},
        hidden=frozenset({("r", "c1")}),
        chart=replace(chart, kind="bars", columns=("c0", "c1", "c2", "c3")),
    )
    (drawn,) = native_charts("F", table, HEADER_ROW)
    assert drawn.ser[0].val.numRef.f == "('F'!$B$6,'F'!$D$6,'F'!$E$6)"
    everything = frozenset(("r", column.key) for column in columns)
    assert native_charts("F", replace(table, hidden=everything), HEADER_ROW) == []


def test_comments_stand_under_the_rules_and_the_foreword_first() -> None:
    report = for_the_region(network_report())
    book = openpyxl.load_workbook(saved(report))
    first = book["Lisez-moi"]
    said = {row[0].value: row[1].value for row in first.iter_rows(max_col=2)}
    assert said["Avant-propos"] == "\n".join(SAID.split("\n\n"))
    assert said["À vérifier sur"] == ADDRESS
    assert said["État"] == "scellé le 12 février 2010"
    assert "n’est pas publié" in said["« s », le secret statistique"]
    sheet = book["B08 Actes par type et structure"]
    assert sheet["A2"].value == report.table("B08").rule
    assert sheet["A3"].value.startswith("Deux chargé·es")
    assert sheet["A3"].value.endswith("B08")
    assert sheet.row_dimensions[3].height > 20


def test_a_long_comment_goes_on_under_its_table_and_loses_no_word() -> None:
    words = [f"mot{n}" for n in range(3000)]
    comment = " ".join(words[:2900]) + "\n" + " ".join(words[2900:])
    report = replace(network_report(), comments={"B10": comment})
    sheet = openpyxl.load_workbook(saved(report))["B10 Activité mensuelle"]
    texts = [cell.value for (cell,) in sheet.iter_rows(max_col=1) if isinstance(cell.value, str)]
    assert MORE_COMMENT in texts
    assert re.findall(r"mot\d+", " ".join(texts)) == words
    assert all((row.height or 0) <= 409 for row in sheet.row_dimensions.values())


@pytest.mark.parametrize("first", [1, 8, 24])
def test_pieces_of_a_text_are_no_higher_than_a_cell(first: int) -> None:
    text = "\n".join("mot " * count for count in (3, 200, 1, 900, 40))
    found = pieces(text, 40, first)
    assert " ".join(" ".join(found).split()) == " ".join(text.split())
    assert line_count(found[0], 40) <= first
    assert all(line_count(piece, 40) <= 24 for piece in found)
    assert pieces("", 40) == []


def test_no_member_is_said() -> None:
    sheet = openpyxl.load_workbook(saved(replace(network_report(), members=())))["Lisez-moi"]
    texts = [cell.value for (cell,) in sheet.iter_rows(min_col=2, max_col=2)]
    assert "Aucune structure n’est membre du réseau à ces dates." in texts


def test_forty_structures_fit() -> None:
    names = {f"S{i:02d}": f"Structure numéro {i}" for i in range(40)}
    report = replace(network_report(), tables=(acts(structures=names),), members=MEMBERS)
    book = openpyxl.load_workbook(saved(report))
    assert faults(book) == []
    assert book.worksheets[1].max_column == 43


def test_the_footer_tells_the_report_and_the_head_its_state() -> None:
    sheet = openpyxl.load_workbook(saved(for_the_region(network_report()))).worksheets[1]
    assert sheet.oddFooter.left.text == "RAMSESS — Bilan d’activité RAMSESS — année 2009"
    assert ADDRESS in sheet.oddHeader.right.text


def test_tables_of_nothing_have_no_chart() -> None:
    (table,) = [table for table in network_report().tables if table.id == "B20"]
    assert native_charts("F", table, HEADER_ROW) == []
    without = Table("B99", "T", "R.", "L", (), (Row("a", "A"),), {})
    assert native_charts("F", without, HEADER_ROW) == []


def test_a_sheet_goes_on_one_page_where_it_can(book: Workbook) -> None:
    pages = {sheet.title: sheet.page_setup.fitToHeight for sheet in book.worksheets}
    assert pages["B03 Personnes accompagnées"] == 1
    assert pages["B08 Actes par type et structure"] == 1
    assert pages["B05 Territoire"] == 0  # 180 rows
    assert pages["Détail actes"] == 0


def test_charts_of_a_sheet_of_several_pages_begin_a_page(book: Workbook) -> None:
    sheet = book["B05 Territoire"]
    (pause,) = sheet.row_breaks.brk
    (chart,) = {chart.anchor._from.row for chart in sheet._charts}
    assert sheet.cell(pause.id, 1).value is not None  # the last row of figures
    assert pause.id == chart - 1  # rows of charts are counted from 0
    assert not book["B03 Personnes accompagnées"].row_breaks.brk


def test_a_chart_of_many_rows_says_how_many_it_draws() -> None:
    charts = "".join(parts(network_report(), r"xl/charts/chart\d+\.xml").values())
    assert "Personnes par commune (40 premières lignes)" in charts
