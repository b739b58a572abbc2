"""No text of a record becomes a formula, and none breaks the workbook."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
from openpyxl.utils.escape import unescape
from python_calamine import CalamineWorkbook

from ramsess.reports.cells import MOST_CHARACTERS, is_command, safe_text
from ramsess.reports.excel import write_workbook
from ramsess.reports.report import Member, Report
from ramsess.reports.table import Column, Row, Table
from ramsess.reports.text import CUT_MARK, one_line
from tests.reports.payloads import CONTROLS, EVERY, FORMULAS, LOOK_ALIKES, as_stored
from tests.reports.sample import detail, network_report

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def hostile_report() -> Report:
    """Every payload as the label of a row, of a column, of a member and of a detail record."""
    table = Table(
        id="B02",
        title=FORMULAS[3],
        rule=FORMULAS[0],
        row_heading=FORMULAS[1],
        columns=tuple(Column(f"c{i}", text) for i, text in enumerate(EVERY)),
        rows=tuple(Row(f"r{i}", text) for i, text in enumerate(EVERY)),
        values={("r0", "c0"): 7},
    )
    return replace(
        network_report(),
        tables=(table,),
        members=tuple(Member(text, text) for text in EVERY),
        details=(detail([(text, None, text, 30, 1) for text in EVERY]),),
        state=FORMULAS[2],
        digest=FORMULAS[13],
        structure=Member(*FORMULAS[4:6]),
        scheme=(FORMULAS[6], FORMULAS[7]),
    )


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hostile") / "bilan.xlsx"
    write_workbook(hostile_report(), path)
    return path


def sheets(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        return {name: archive.read(name).decode() for name in names}


def formulas(xml: str) -> list[ElementTree.Element]:
    root = ElementTree.fromstring(xml)
    cells = [cell for cell in root.iter(f"{MAIN}c") if cell.get("t") in ("str", "e", "b")]
    return [*root.iter(f"{MAIN}f"), *cells]


def test_there_are_payloads_enough() -> None:
    assert len(set(FORMULAS)) >= 44
    assert len(set(EVERY)) >= 70


def test_no_sheet_holds_a_formula_an_error_or_a_truth(hostile: Path) -> None:
    found = sheets(hostile)
    assert len(found) == 3
    for xml in found.values():
        assert formulas(xml) == []


def test_a_formula_would_be_found() -> None:
    book = openpyxl.Workbook()
    book.active.append(["=1+1", "#REF!", True])
    file = BytesIO()
    book.save(file)
    with zipfile.ZipFile(file) as archive:
        assert len(formulas(archive.read("xl/worksheets/sheet1.xml").decode())) == 3


def test_nothing_in_the_archive_leads_outside(hostile: Path) -> None:
    with zipfile.ZipFile(hostile) as archive:
        names = archive.namelist()
        parts = [archive.read(name).decode() for name in names if name.endswith((".xml", ".rels"))]
    assert not [name for name in names if re.search("external|macro|vba|connection|query", name)]
    assert not [part for part in parts if 'TargetMode="External"' in part]


def test_every_text_reads_back_as_it_was(hostile: Path) -> None:
    contents, table, records = CalamineWorkbook.from_path(str(hostile)).sheet_names
    book = openpyxl.load_workbook(hostile)
    labels = [unescape(cell.value) for cell in book[table]["A"][5:]]
    assert labels == [as_stored(text) for text in EVERY]
    headings = [unescape(cell.value) for cell in book[table][5][1:]]
    assert headings == [one_line(text) for text in EVERY]
    types = [unescape(cell.value) for cell in book[records]["C"][5:]]
    assert types == [as_stored(text) for text in EVERY]
    members = [unescape(cell.value) for cell in book[contents]["B"][-len(EVERY) :]]
    assert members == [one_line(text) for text in EVERY]


def test_every_text_reads_back_as_text_by_another_library(hostile: Path) -> None:
    book = CalamineWorkbook.from_path(str(hostile))
    rows = book.get_sheet_by_name(book.sheet_names[1]).to_python()[5:]
    assert [row[0] for row in rows] == [as_stored(text) for text in EVERY]
    rows = book.get_sheet_by_name(book.sheet_names[2]).to_python()[5:]
    assert [row[0] for row in rows] == [as_stored(text) for text in EVERY]


def test_a_text_that_could_be_a_command_is_marked_as_text(hostile: Path) -> None:
    book = openpyxl.load_workbook(hostile)
    for sheet in book.worksheets[1:]:
        for cell in sheet["A"][5:]:
            assert cell.data_type == "s"
            assert bool(cell.quotePrefix) == is_command(cell.value), repr(cell.value)


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", " =1", "'=1", "\uff1d1", "\n=1"])
def test_commands_are_known(text: str) -> None:
    assert is_command(text)


@pytest.mark.parametrize("text", ["", "Accès = ouvert", "1-2", "a@example.invalid", "#REF!"])
def test_harmless_texts_are_left_alone(text: str) -> None:
    assert not is_command(text)


@pytest.mark.parametrize("filler", ["a", "é", "\U0001f33b", "_x0041_"])
def test_a_text_too_long_for_a_cell_is_visibly_cut(filler: str, tmp_path: Path) -> None:
    long = filler * (40_000 // len(filler))
    stored = safe_text(long)
    assert len(stored.encode("utf-16-le")) // 2 <= MOST_CHARACTERS
    assert stored.endswith(CUT_MARK)
    report = replace(network_report(), details=(detail([(long, None, "", 0, 0)]),))
    path = tmp_path / "long.xlsx"
    write_workbook(report, path)
    sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("Détail actes")
    back = str(sheet.to_python()[5][0])
    assert back.endswith(CUT_MARK)
    assert long.startswith(back.removesuffix(CUT_MARK).rstrip("_"))
    assert len(back) > 16_000


def test_a_text_that_just_fits_is_whole() -> None:
    assert safe_text("a" * MOST_CHARACTERS) == "a" * MOST_CHARACTERS


def test_control_characters_are_left_out() -> None:
    for text, kept in CONTROLS.items():
        assert safe_text(text) == kept
    assert not set(LOOK_ALIKES) & set(CONTROLS)
