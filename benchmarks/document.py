"""Speed of the report's files: the PDF beside its limit, the workbook beside the deflating of its
own XML, which no writer can do without."""

from __future__ import annotations

import io
import time
import zipfile
import zlib
from collections.abc import Callable
from typing import BinaryIO

from ramsess.reports.excel import write_workbook
from ramsess.reports.pdf import write_pdf
from ramsess.reports.report import Report
from ramsess.reports.table_csv import write_csv_archive

PDF_LIMIT = 3.0  # seconds


def measure(report: Report) -> None:
    """Print how long each file of *report* takes."""
    pdf, size = _written(write_pdf, report)
    charts = sum(table.chart is not None for table in report.tables)
    print(
        f"PDF of {len(report.tables)} tables and {charts} charts: {pdf:.2f} s "
        f"(limit {PDF_LIMIT} s), {len(size) // 1024} kB"
    )
    book, content = _written(write_workbook, report)
    rows = sum(len(detail.rows) for detail in report.details)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [archive.read(name) for name in archive.namelist()]
    start = time.perf_counter()
    for detail in report.details:
        for _ in detail:
            pass
    for part in parts:
        zlib.compress(part)
    peer = time.perf_counter() - start
    print(
        f"workbook with {rows:,} records: {book:.2f} s; reading and deflating alone {peer:.2f} s; "
        f"ratio {book / peer:.2f}"
    )
    print(f"CSV of every table: {_written(write_csv_archive, report)[0]:.2f} s")


def _written(write: Callable[[Report, BinaryIO], None], report: Report) -> tuple[float, bytes]:
    file = io.BytesIO()
    start = time.perf_counter()
    write(report, file)
    return time.perf_counter() - start, file.getvalue()
