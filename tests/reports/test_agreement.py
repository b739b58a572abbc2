"""The workbook, the PDF and the JSON of one report, read back, hold the same figures.

The report is counted from the demo network in a real database.
"""

from __future__ import annotations

import datetime as dt
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pypdf
import pytest
from flask import Flask

from ramsess.database import db
from ramsess.demo.loading import load_demo
from ramsess.reports.consolidation import make_report
from ramsess.reports.excel import write_workbook
from ramsess.reports.files import write_report
from ramsess.reports.period import Period
from ramsess.reports.report import Report
from ramsess.reports.table import NOT_PUBLISHED
from tests.conftest import empty_records
from tests.reports.hiding import for_the_region
from tests.reports.reading import (
    Figures,
    calculated_by_libreoffice,
    csv_figures,
    differences,
    json_figures,
    missing_in_pdf,
    pdf_text,
    saved_by_libreoffice,
    with_one_change,
    workbook_figures,
)


@dataclass(frozen=True)
class Files:
    """A report and the files written of it."""

    report: Report
    xlsx: Path
    pdf_text: str
    csv: Path
    figures: Figures


@pytest.fixture(scope="module")
def reports(app: Flask) -> Iterator[dict[str, Report]]:
    """The demo's year: the network's report, one structure's, and the Région's."""
    with app.app_context():
        empty_records()
        load_demo(db.session(), scale=0.1, today=dt.date(2010, 5, 4))
        db.session.commit()
        network, structure = (
            make_report(
                db.engines["report"], Period.of_year(2009), structure=code, with_details=True
            )
            for code in (None, "APEAS")
        )
        yield {
            "network": network,
            "structure": structure,
            "region": for_the_region(network),
        }
        empty_records()
        db.session.remove()


@pytest.fixture(scope="module", params=["network", "structure", "region"])
def files(
    request: pytest.FixtureRequest,
    reports: dict[str, Report],
    tmp_path_factory: pytest.TempPathFactory,
) -> Files:
    report = reports[request.param]
    xlsx, pdf, json_, csv = write_report(report, tmp_path_factory.mktemp("bilan"), "bilan")
    figures = json_figures(json.loads(json_.read_bytes()))
    return Files(report, xlsx, pdf_text(pdf), csv, figures)


def test_the_report_has_something_to_show(files: Files) -> None:
    followed = files.figures["B01"]["parcours_followed"]
    assert followed["current"] > 5
    assert followed["previous"] > 5
    filled = [
        table for table in files.figures.values() if any(any(r.values()) for r in table.values())
    ]
    assert len(filled) >= 14
    assert sum(len(row) for table in files.figures.values() for row in table.values()) > 700


def test_every_figure_of_the_workbook_is_that_of_the_json(files: Files) -> None:
    assert differences(files.figures, workbook_figures(files.xlsx, files.report)) == []


def test_every_figure_of_the_pdf_is_that_of_the_json(files: Files) -> None:
    assert missing_in_pdf(files.pdf_text, files.report, files.figures) == []


def test_every_figure_of_the_csv_is_that_of_the_json(files: Files) -> None:
    with zipfile.ZipFile(files.csv) as archive:
        read = csv_figures(archive.read, files.report)
    assert differences(files.figures, read) == []
    for table_id in files.figures:
        assert len(differences(with_one_change(files.figures, table_id), read)) == 1


def test_what_is_not_published_is_told_as_such_by_every_output(files: Files) -> None:
    secret = [
        value
        for table in files.figures.values()
        for row in table.values()
        for value in row.values()
        if value == NOT_PUBLISHED
    ]
    assert bool(secret) is (files.report.edition == "region")
    assert len(secret) == sum(
        not column.derived and table.is_hidden(row.key, column.key)
        for table in files.report.tables
        for row in table.rows
        for column in table.columns
    )


def test_libreoffice_reads_and_saves_the_same_figures(files: Files, tmp_path: Path) -> None:
    saved = saved_by_libreoffice(files.xlsx, tmp_path, "xlsx")
    assert saved.read_bytes() != files.xlsx.read_bytes()
    assert differences(files.figures, workbook_figures(saved, files.report)) == []


def test_libreoffice_calculates_the_same_figures(files: Files, tmp_path: Path) -> None:
    read = calculated_by_libreoffice(files.xlsx, tmp_path, files.report)
    assert differences(files.figures, read) == []


def test_libreoffice_prints_the_workbook(reports: dict[str, Report], tmp_path: Path) -> None:
    path = tmp_path / "bilan.xlsx"
    write_workbook(reports["structure"], path)
    printed = pypdf.PdfReader(saved_by_libreoffice(path, tmp_path, "pdf"))
    assert len(printed.pages) > len(reports["structure"].tables)


def test_one_wrong_figure_in_any_table_would_be_found(files: Files) -> None:
    read = workbook_figures(files.xlsx, files.report)
    for table_id in files.figures:
        wrong = with_one_change(files.figures, table_id)
        assert len(differences(wrong, read)) == 1
        assert len(missing_in_pdf(files.pdf_text, files.report, wrong)) == 1


def test_a_missing_figure_would_be_found(files: Files) -> None:
    read = workbook_figures(files.xlsx, files.report)
    del read["B08"]["TOTAL"]["TOTAL"]
    assert len(differences(files.figures, read)) == 1
