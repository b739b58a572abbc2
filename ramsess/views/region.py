"""The Région's space: the sealed reports in its edition, their trends, their files; nothing else.

Read by an engine that sees nothing else, whoever asks: the coordinator sees what the Région sees.
"""

from __future__ import annotations

import io

from flask import Blueprint, Response, abort, render_template
from sqlalchemy.orm import Session

from ramsess.reports.charts import chart_description
from ramsess.reports.numbers import cell_text
from ramsess.reports.period_code import code_of, name_of, period_of
from ramsess.reports.report import Report
from ramsess.reports.sealed import (
    SealedError,
    SealedPeriod,
    sealed_file,
    sealed_files,
    sealed_period,
    sealed_periods,
    sealed_report,
)
from ramsess.reports.table import Table
from ramsess.reports.table_csv import write_csv_archive
from ramsess.reports.trends import drawings, trends
from ramsess.views.guard import action
from ramsess.views.noting import show_list
from ramsess.views.received import received
from ramsess.views.reports import TYPES, svg
from ramsess.views.sealing import file_name

blueprint = Blueprint("region", __name__, url_prefix="/region")

EDITION = "region"
#: By kind of period, the title of its trends, and as many periods as a reader compares at a glance.
TRENDS = {"year": ("D’une année à l’autre", 6), "quarter": ("D’un trimestre à l’autre", 8)}
#: What is offered of a report, in the order of those who ask for it.
FILES = {"pdf": "PDF", "xlsx": "Classeur", "json": "JSON", "zip": "CSV"}


@blueprint.get("")
@action("see_region")
def index() -> str:
    """The sealed reports, the latest first, and the trends of their key figures."""
    with received() as session:
        # Of what was sealed without an edition for the Région there is nothing here.
        sealed = [one for one in sealed_periods(session) if sealed_files(session, one.period)]
        tables = [table for kind in TRENDS if (table := _trends(session, kind, sealed))]
    return render_template(
        "region/index.html",
        sealed=sealed,
        names=name_of,
        codes=code_of,
        files=FILES,
        trends=[(table, drawings(table)) for table in tables],
        cell_text=cell_text,
        svg=svg,
    )


@blueprint.get("/<period>")
@action("see_region")
def show(period: str) -> str:
    """A sealed report: every table with its rule, its comment, its chart."""
    with received() as session:
        found, report = _found(session, period)
    return render_template(
        "region/show.html",
        sealed=found,
        report=report,
        name=name_of(report.period),
        code=code_of(report.period),
        files=FILES,
        cell_text=cell_text,
        svg=svg,
        describe=chart_description,
    )


@blueprint.get("/<period>/ramsess.<any(pdf, xlsx, json, zip):suffix>")
@action("see_region")
def download(period: str, suffix: str) -> Response:
    """A sealed file, byte for byte; the CSV of every table is made of the sealed data."""
    with received() as session:
        _, report = _found(session, period)
        content = _file(session, report, suffix)
    show_list("download_sealed", record=f"{code_of(report.period)}/{EDITION}")
    name = file_name(report.period, EDITION, suffix)
    return Response(
        content,
        content_type=TYPES[suffix],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _file(session: Session, report: Report, suffix: str) -> bytes:
    if suffix != "zip":
        return sealed_file(session, report.period, EDITION, suffix)
    target = io.BytesIO()
    write_csv_archive(report, target)
    return target.getvalue()


def _found(session: Session, code: str) -> tuple[SealedPeriod, Report]:
    period = period_of(code)
    found = sealed_period(session, period=period) if period else None
    report = _read(session, found) if found else None
    if found is None or report is None:
        abort(404)
    return found, report


def _read(session: Session, found: SealedPeriod) -> Report | None:
    """The Région's edition; none of what was sealed without."""
    try:
        return sealed_report(session, found.period, EDITION)
    except SealedError:
        return None


def _trends(session: Session, kind: str, sealed: list[SealedPeriod]) -> Table | None:
    """Those of the last periods of one kind; none of a single one."""
    title, most = TRENDS[kind]
    last = [one for one in sealed if one.kind == kind][:most]
    if len(last) < 2:
        return None
    reports = [sealed_report(session, one.period, EDITION) for one in reversed(last)]
    return trends(f"tendances-{kind}", title, reports)
