"""Write a report to files: workbook, PDF, JSON."""

from __future__ import annotations

import json
from pathlib import Path

from ramsess.reports.excel import write_workbook
from ramsess.reports.pdf import write_pdf
from ramsess.reports.report import Report


def json_bytes(report: Report) -> bytes:
    """The JSON report, in UTF-8."""
    return (json.dumps(report.as_json(), ensure_ascii=False, indent=1) + "\n").encode()


def write_json(report: Report, target: Path) -> None:
    """Write the JSON report."""
    target.write_bytes(json_bytes(report))


WRITERS = {"xlsx": write_workbook, "pdf": write_pdf, "json": write_json}


def write_report(report: Report, folder: Path, name: str) -> list[Path]:
    """Write the report in every format as *folder*/*name*.xlsx, .pdf and .json."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for suffix, write in WRITERS.items():
        path = folder / f"{name}.{suffix}"
        write(report, path)
        paths.append(path)
    return paths
