"""The consolidated report: on screen, and as files."""

from __future__ import annotations

import io
from typing import Any

from flask import Blueprint, abort, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import select

from ramsess import policy
from ramsess.database import db
from ramsess.forms.report import ReportForm, usual_periods
from ramsess.models import Scheme, Structure
from ramsess.models.calendar import today
from ramsess.reports.charts import SCREEN_WIDTH, chart_description, chart_svg
from ramsess.reports.consolidation import make_report
from ramsess.reports.excel import write_workbook
from ramsess.reports.files import json_bytes
from ramsess.reports.numbers import cell_text
from ramsess.reports.pdf import write_pdf
from ramsess.reports.period import Period
from ramsess.reports.report import Report
from ramsess.reports.sealed import SealedPeriod, sealed_period
from ramsess.reports.table import Table
from ramsess.reports.table_csv import write_csv_archive
from ramsess.views.guard import action
from ramsess.views.noting import show_list
from ramsess.views.sealed import LABELS, files_of

blueprint = Blueprint("reports", __name__, url_prefix="/bilan")

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "json": "application/json",
    "zip": "application/zip",
}
WRITERS = {"xlsx": write_workbook, "pdf": write_pdf, "zip": write_csv_archive}


@blueprint.get("/")
@action("see_report")
def show() -> ResponseReturnValue:
    """The tables and charts of the period asked for; the current year by default."""
    form = _form()
    report = _report(form, details=False) if form.validate() else None
    sealed = _sealed(report) if report else None
    status = 200 if report else 422
    return (
        render_template(
            "reports/show.html",
            form=form,
            report=report,
            sealed=sealed,
            files=files_of(sealed) if sealed else {},
            labels=LABELS,
            periods=usual_periods(),
            cell_text=cell_text,
            svg=svg,
            describe=chart_description,
            query=request.args,
        ),
        status,
    )


@blueprint.get("/ramsess.<any(xlsx, pdf, json, zip):suffix>")
@action("see_report")
def download(suffix: str) -> ResponseReturnValue:
    """The same report as a workbook, a PDF, JSON, or the CSV of every table."""
    form = _form()
    if not form.validate():
        abort(404)
    details = suffix == "xlsx" and policy.may(current_user, "export_details")
    report = _report(form, details=details)
    if details:
        show_list("export_details", record=f"{report.period.first}/{report.period.last}")
    target = io.BytesIO()
    if suffix == "json":
        target.write(json_bytes(report))
    else:
        WRITERS[suffix](report, target)
    target.seek(0)
    return send_file(target, TYPES[suffix], as_attachment=True, download_name=_name(report, suffix))


def _form() -> ReportForm:
    year = Period.of_year(today().year)
    asked: dict[str, Any] = request.args.to_dict() or {
        "debut": year.first.isoformat(),
        "fin": year.last.isoformat(),
    }
    structures = db.session.execute(
        select(Structure.code, Structure.name).order_by(Structure.name)
    ).all()
    if not policy.may(current_user, "see_any_structure_report"):
        own = policy.structure_codes(current_user)
        structures = [row for row in structures if row.code in own]
    schemes = db.session.execute(select(Scheme.code, Scheme.label).order_by(Scheme.position)).all()
    return ReportForm(
        data=None,
        formdata=_multidict(asked),
        structures=[(code, name) for code, name in structures],
        schemes=[(code, label) for code, label in schemes],
    )


def _multidict(asked: dict[str, Any]) -> Any:
    return type(request.args)({"structure": "", "dispositif": "", **asked})


def _report(form: ReportForm, *, details: bool) -> Report:
    return make_report(
        db.engines["report"],
        form.period,
        structure=form.structure.data or None,
        scheme=form.dispositif.data or None,
        with_details=details,
    )


def _sealed(report: Report) -> SealedPeriod | None:
    """What was sealed of exactly these days, when the whole network is asked for."""
    if report.structure or report.scheme:
        return None
    return sealed_period(db.session(), period=report.period)


def svg(table: Table, width: float = SCREEN_WIDTH) -> Markup:
    """The chart of *table*."""
    # Drawn by us from labels that the renderer escapes.
    return Markup(chart_svg(table, width))  # noqa: S704


def _name(report: Report, suffix: str) -> str:
    parts = ["ramsess", f"{report.period.first:%Y%m%d}-{report.period.last:%Y%m%d}"]
    if report.structure:
        parts.append(report.structure.code.lower())
    if report.scheme:
        parts.append(report.scheme[0].lower())
    return "-".join(parts) + f".{suffix}"
