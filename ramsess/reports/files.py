"""Write a report to files: workbook, PDF, JSON, CSV."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

from ramsess.reports.excel import write_workbook
from ramsess.reports.pdf import write_pdf
from ramsess.reports.report import Report
from ramsess.reports.table_csv import write_csv_archive

Writer = Callable[[Report, Path], None]


def json_bytes(report: Report) -> bytes:
    """The JSON report, in UTF-8."""
    return (json.dumps(report.as_json(), ensure_ascii=False, indent=1) + "\n").encode()


def write_json(report: Report, target: Path) -> None:
    """Write the JSON report."""
    target.write_bytes(json_bytes(report))


def write_zip(report: Report, target: Path) -> None:
    """Write the archive of its tables as CSV."""
    with target.open("wb") as file:
        write_csv_archive(report, file)


WRITERS: dict[str, Writer] = {
    "xlsx": write_workbook,
    "pdf": write_pdf,
    "json": write_json,
    "zip": write_zip,
}


def write_report(report: Report, folder: Path, name: str) -> list[Path]:
    """Write the report in every format as *folder*/*name*.xlsx, .pdf, .json and .zip (CSV)."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for suffix, write in WRITERS.items():
        path = folder / f"{name}.{suffix}"
        write_whole(report, path, write)
        paths.append(path)
    return paths


def write_whole(report: Report, path: Path, write: Writer) -> None:
    """Write one file; a fault on the way leaves what was there before."""
    if path.exists() and not path.is_file():
        # A pipe or a device, as /dev/stdout.
        write(report, path)
        return
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        write(report, beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
