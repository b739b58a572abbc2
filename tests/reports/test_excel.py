"""The workbook: contents with links, a sheet a table, real figures and dates, ready to print."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl import Workbook
from python_calamine import CalamineWorkbook

from ramsess.reports import detail_rows, excel
from ramsess.reports.excel import write_workbook
from ramsess.reports.numbers import figure
from ramsess.reports.period import Period
from ramsess.reports.report import Report
from ramsess.reports.sheets import HEADER_ROW, sheet_name
from ramsess.reports.table import Column, Row, Table, Unit
from tests.reports.sample import MEMBERS, detail, network_report, structure_report


def written(report: Report) -> BytesIO:
    file = BytesIO()
    write_workbook(report, file)
    file.seek(0)
    return file


@pytest.fixture(scope="module")
def book() -> Workbook:
    return openpyxl.load_workbook(written(network_report()))


def of_table(*cells: tuple[float, Unit], derived: bool = False) -> Report:
    """A report of one table with one row, a column for each of *cells*."""
    columns = tuple(
        Column(f"c{i}", f"Colonne {i}", unit, derived) for i, (_, unit) in enumerate(cells)
    )
    values = {("r", f"c{i}"): value for i, (value, _) in enumerate(cells)}
    table = Table("B99", "Essai", "Règle.", "Ligne", columns, (Row("r", "Ligne"),), values)
    return replace(network_report(), tables=(table,), details=())


def test_the_sheets_follow_the_report(book: Workbook) -> None:
    assert book.sheetnames == [
        "Lisez-moi",
        "Chiffres clés",
        "B03 Personnes accompagnées",
        "B05 Territoire",
        "B08 Actes par type et structure",
        "B09 Heures par type",
        "B10 Activité mensuelle",
        "B16 Intensité",
        "B19 Qualité des données champs",
        "B20 Corrections",
        "Détail actes",
    ]


def test_the_contents_lead_to_every_sheet_and_back(book: Workbook) -> None:
    links = {
        cell.value: cell.hyperlink.location
        for (cell,) in book["Lisez-moi"].iter_rows(max_col=1)
        if cell.hyperlink
    }
    assert links == {name: f"'{name}'!A1" for name in book.sheetnames[1:]}
    for sheet in book.worksheets[1:]:
        assert sheet["A4"].hyperlink.location == "'Lisez-moi'!A1"


def test_the_contents_say_what_the_report_is() -> None:
    report = replace(structure_report(), state="scellé", digest="3f" * 32)
    sheet = openpyxl.load_workbook(written(report))["Lisez-moi"]
    rows = {row[0].value: row[1].value for row in sheet.iter_rows(max_col=2)}
    assert sheet["A1"].value == report.title
    assert rows["Du"] == dt.datetime(2009, 1, 1)
    assert rows["Au (compris)"] == dt.datetime(2009, 6, 30)
    assert rows["Structure"] == "Inter-Made (INTERMADE)"
    assert rows["Dispositif"] == "Dispositif régional d’accompagnement (DRA) seulement"
    assert (rows["État"], rows["Empreinte"]) == ("scellé", "3f" * 32)
    assert all(rows[member.code] == member.name for member in MEMBERS)


def test_every_sheet_is_frozen_filtered_and_ready_to_print(book: Workbook) -> None:
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes == "B6"
        last = sheet.cell(sheet.max_row, sheet.max_column).coordinate
        filtered = sheet.auto_filter.ref or next(iter(sheet.tables.values())).autoFilter.ref
        assert filtered == f"A{HEADER_ROW}:{last}"
        assert sheet.print_title_rows == "$5:$5"
    for sheet in book.worksheets:
        assert (sheet.page_setup.paperSize, sheet.page_setup.fitToWidth) == (9, 1)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        wide = sum(dimension.width for dimension in sheet.column_dimensions.values()) > 140
        assert sheet.page_setup.orientation == ("landscape" if wide else "portrait")
        assert "&P / &N" in sheet.oddFooter.right.text


def test_columns_are_wide_enough_for_their_figures(book: Workbook) -> None:
    sheet = book["B09 Heures par type"]
    (table,) = (table for table in network_report().tables if table.id == "B09")
    for number, column in enumerate(table.columns, 2):
        letter = sheet.cell(HEADER_ROW, number).column_letter
        longest = max(
            len(figure(table.value(row.key, column.key), Unit.MINUTES)) for row in table.rows
        )
        assert sheet.column_dimensions[letter].width > longest + 1


def test_rows_that_wrap_are_higher(book: Workbook) -> None:
    sheet = book["B19 Qualité des données champs"]
    assert sheet.row_dimensions[2].height > 60
    assert sheet.row_dimensions[6].height > 30
    assert book["B05 Territoire"].row_dimensions[6].height is None


@pytest.mark.parametrize(
    ("value", "unit", "stored", "number_format"),
    [
        (1234, Unit.COUNT, 1234, "#,##0"),
        (0, Unit.COUNT, 0, "#,##0"),
        (2.25, Unit.NUMBER, 2.25, "#,##0.00"),
        (88.5, Unit.DAYS, 88.5, "#,##0.0"),
        (1.5, Unit.FTE, 1.5, "#,##0.00"),
        (12, Unit.PERCENT, 0.12, '0"\u00a0"%'),
        (12.5, Unit.PERCENT, 0.125, '0.0"\u00a0"%'),
        (1000.5, Unit.EUROS, 1000.5, '#,##0.00"\u00a0€"'),
        (90, Unit.MINUTES, dt.timedelta(minutes=90), '[h]" h "mm'),
        (741_065, Unit.MINUTES, dt.timedelta(minutes=741_065), '[h]" h "mm'),
        (92.5, Unit.MINUTES, dt.timedelta(minutes=92.5), '[h]" h "mm" min "ss'),
    ],
)
def test_figures_are_numbers_in_the_format_of_their_unit(
    value: float, unit: Unit, stored: Any, number_format: str
) -> None:
    cell = openpyxl.load_workbook(written(of_table((value, unit))))["B99 Essai"]["B6"]
    assert cell.number_format == number_format
    if unit is Unit.MINUTES:
        assert abs(cell.value - stored) < dt.timedelta(seconds=1)
    else:
        assert cell.value == pytest.approx(stored)


def test_a_negative_time_is_text_and_not_a_row_of_signs() -> None:
    cell = openpyxl.load_workbook(written(of_table((-90, Unit.MINUTES))))["B99 Essai"]["B6"]
    assert cell.value == "\u22121\u202fh\u202f30"


def test_a_share_that_a_row_cannot_have_is_an_empty_cell() -> None:
    report = of_table((5, Unit.PERCENT), derived=True)
    (table,) = report.tables
    report = replace(report, tables=(replace(table, values={}),))
    assert openpyxl.load_workbook(written(report))["B99 Essai"]["B6"].value is None


def test_details_hold_real_dates_times_and_numbers() -> None:
    rows = [("AC1", dt.date(2009, 3, 12), "CSL1", 90, 4), ("AC2", None, "", None, 0)]
    report = replace(network_report(), tables=(), details=(detail(rows),))
    sheet = openpyxl.load_workbook(written(report))["Détail actes"]
    first, second = ([cell.value for cell in sheet[number]] for number in (6, 7))
    assert first == ["AC1", dt.datetime(2009, 3, 12), "CSL1", dt.timedelta(minutes=90), 4]
    assert second == ["AC2", None, None, None, 0]
    assert sheet["B6"].number_format == "dd/mm/yyyy"


@pytest.mark.parametrize(
    "day", [dt.date(1900, 1, 1), dt.date(1900, 2, 28), dt.date(1900, 3, 1), dt.date(9999, 12, 31)]
)
def test_dates_survive_the_spreadsheets_wrong_leap_year(day: dt.date) -> None:
    report = replace(network_report(), details=(detail([("AC1", day, "CSL1", 0, 0)]),))
    cell = openpyxl.load_workbook(written(report))["Détail actes"]["B6"]
    assert cell.value == dt.datetime(day.year, day.month, day.day)


def test_a_date_before_spreadsheets_is_text() -> None:
    day = dt.date(1899, 12, 31)
    period = Period(day, dt.date(1901, 1, 1))
    report = replace(network_report(), period=period, details=(detail([("A", day, "", 0, 0)]),))
    book = openpyxl.load_workbook(written(report))
    assert book["Détail actes"]["B6"].value == "31/12/1899"
    assert book["Lisez-moi"]["B5"].value == "31/12/1899"


def test_several_details_each_hold_their_own_rows() -> None:
    details = tuple(
        replace(detail([(f"{name}1", None, "", 1, 1)]), name=f"Détail {name}") for name in "ABC"
    )
    sheets = CalamineWorkbook.from_filelike(written(replace(network_report(), details=details)))
    for name in "ABC":
        assert sheets.get_sheet_by_name(f"Détail {name}").to_python()[-1][0] == f"{name}1"


def test_a_long_detail_goes_over_several_sheets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excel, "_DETAIL_ROWS", 40)
    monkeypatch.setattr(detail_rows, "_CHUNK", 7)
    monkeypatch.setattr(detail_rows, "_MOST_KNOWN", 3)
    report = network_report()
    book = CalamineWorkbook.from_filelike(written(report))
    names = ["Détail actes", "Détail actes (2)"]
    assert book.sheet_names[-2:] == names
    acts = itertools.chain.from_iterable(
        book.get_sheet_by_name(name).to_python()[HEADER_ROW:] for name in names
    )
    assert [row[0] for row in acts] == [row[0] for row in report.details[0]]


def test_an_empty_detail_has_its_headings() -> None:
    report = replace(network_report(), details=(detail([]),))
    sheet = openpyxl.load_workbook(written(report))["Détail actes"]
    assert (sheet.max_row, sheet["A5"].value) == (HEADER_ROW, "Acte")


def test_a_structure_stands_above_its_network() -> None:
    report = structure_report()
    sheet = openpyxl.load_workbook(written(report))["B08 Actes par type et structure"]
    own, beside = report.table("B08"), report.beside["B08"]
    assert sheet["A1"].value == "Actes par type et structure — Inter-Made"
    under = HEADER_ROW + len(own.rows) + 2
    assert sheet.cell(under, 1).value == "Réseau (dédoublonné)"
    headings = [cell.value for cell in sheet[under + 1]]
    assert headings == [beside.row_heading, *(column.label for column in beside.columns)]
    assert sheet.cell(sheet.max_row, sheet.max_column).value == beside.value("TOTAL", "TOTAL")


def test_a_table_without_columns_is_a_sheet_of_labels() -> None:
    sheet = openpyxl.load_workbook(written(of_table()))["B99 Essai"]
    assert (sheet["A5"].value, sheet["A6"].value) == ("Ligne", "Ligne")
    assert not sheet.merged_cells.ranges


def test_names_of_sheets_are_allowed_short_and_distinct() -> None:
    assert sheet_name("B01 a/b\\c?d*e[f]g:h") == "B01 a b c d e f g h"
    assert sheet_name("'=1+1'") == "=1+1"
    assert sheet_name("B03 Personnes accompagnées par sexe et âge") == "B03 Personnes accompagnées"
    assert sheet_name("mot" * 20) == ("mot" * 20)[:31]
    assert sheet_name("[]") == "Feuille"
    assert sheet_name("Actes", ["ACTES", "Actes (2)"]) == "Actes (3)"


def test_the_same_report_gives_the_same_bytes() -> None:
    assert written(network_report()).getvalue() == written(network_report()).getvalue()
    later = replace(network_report(), made_on=dt.date(2010, 2, 2))
    assert written(network_report()).getvalue() != written(later).getvalue()


def test_the_document_has_its_title_and_language(book: Workbook) -> None:
    assert book.properties.title == "Bilan d’activité RAMSESS — année 2009"
    assert book.properties.language == "fr-FR"


def test_a_path_is_written_to(tmp_path: Path) -> None:
    path = tmp_path / "bilan.xlsx"
    write_workbook(network_report(), path)
    assert path.read_bytes() == written(network_report()).getvalue()
