"""The workbook, the PDF and the JSON of one report, read back, hold the same figures.

The report is counted from the demo network in a real database.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pypdf
import pytest
from flask import Flask

from ramsess.database import db
from ramsess.demo.loading import load_demo
from ramsess.reports.consolidation import make_report
from ramsess.reports.files import write_report
from ramsess.reports.period import Period
from ramsess.reports.report import Report
from tests.conftest import empty_records
from tests.reports.reading import (
    Figures,
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
    figures: Figures


@pytest.fixture(scope="module", params=[None, "APEAS"], ids=["network", "structure"])
def files(
    request: pytest.FixtureRequest, app: Flask, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Files]:
    with app.app_context():
        empty_records()
        load_demo(db.session(), scale=0.1, today=dt.date(2010, 5, 4))
        db.session.commit()
        report = make_report(
            db.engines["report"], Period.of_year(2009), structure=request.param, with_details=True
        )
        folder = tmp_path_factory.mktemp("bilan")
        xlsx, pdf, json_, _ = write_report(report, folder, "bilan")
        yield Files(report, xlsx, pdf_text(pdf), json_figures(json.loads(json_.read_bytes())))
        empty_records()
        db.session.remove()


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


def test_libreoffice_reads_and_saves_the_same_figures(files: Files, tmp_path: Path) -> None:
    saved = saved_by_libreoffice(files.xlsx, tmp_path, "xlsx")
    assert saved.read_bytes() != files.xlsx.read_bytes()
    assert differences(files.figures, workbook_figures(saved, files.report)) == []


def test_libreoffice_prints_the_workbook(files: Files, tmp_path: Path) -> None:
    printed = pypdf.PdfReader(saved_by_libreoffice(files.xlsx, tmp_path, "pdf"))
    assert len(printed.pages) > len(files.report.tables)


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


def test_details_add_up_to_the_key_figures(files: Files) -> None:
    if files.report.structure:
        assert files.report.details == ()
        return
    acts, parcours, sessions = (list(detail) for detail in files.report.details)
    shown = files.figures["B01"]
    assert len(acts) == shown["acts"]["current"]
    assert sum(row[4] for row in acts) == shown["minutes"]["current"]
    assert len(parcours) == shown["parcours_followed"]["current"]
    assert len(sessions) == shown["sessions"]["current"]
