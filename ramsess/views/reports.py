"""The consolidated report: on screen, and as files."""

from __future__ import annotations

import io

from flask import Blueprint, abort, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup

from ramsess import policy
from ramsess.database import db
from ramsess.forms.report import ReportForm, usual_periods
from ramsess.reports.addresses import Addresses, choice
from ramsess.reports.charts import SCREEN_WIDTH, chart_description, chart_svg
from ramsess.reports.consolidation import make_report
from ramsess.reports.excel import write_workbook
from ramsess.reports.files import json_bytes
from ramsess.reports.numbers import cell_text
from ramsess.reports.pdf import write_pdf
from ramsess.reports.report import Report
from ramsess.reports.sealed import SealedPeriod, sealed_period
from ramsess.reports.table import Table
from ramsess.reports.table_csv import write_csv_archive
from ramsess.views.guard import action
from ramsess.views.noting import show_list
from ramsess.views.report_choice import asked, kept, report_form
from ramsess.views.sealed import LABELS, files_of
from ramsess.views.sign_in import site_address

blueprint = Blueprint("reports", __name__, url_prefix="/bilan")

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "json": "application/json",
    "zip": "application/zip",
}


@blueprint.get("/")
@action("see_report")
def show() -> ResponseReturnValue:
    """The tables and charts of the period asked for; the current year by default."""
    form = report_form()
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
            choice=choice(report) if report else {},
            kept=kept(form),
            address=Addresses(report, request.script_root) if report else None,
        ),
        status,
    )


@blueprint.get("/ramsess.<any(xlsx, pdf, json, zip):suffix>")
@action("see_report")
def download(suffix: str) -> ResponseReturnValue:
    """The same report as a workbook, a PDF, JSON, or the CSV of every table."""
    form = report_form()
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
        write = {"xlsx": write_workbook, "pdf": write_pdf, "zip": write_csv_archive}[suffix]
        write(report, target)
    target.seek(0)
    return send_file(target, TYPES[suffix], as_attachment=True, download_name=_name(report, suffix))


def _report(form: ReportForm, *, details: bool) -> Report:
    return make_report(
        db.engines["report"],
        form.period,
        **asked(form),
        with_details=details,
        site=site_address(),
    )


def _sealed(report: Report) -> SealedPeriod | None:
    """What was sealed of exactly these days, when the whole network is asked for."""
    if report.structure or report.scheme or report.filters:
        return None
    return sealed_period(db.session(), period=report.period)


def svg(table: Table, width: float = SCREEN_WIDTH) -> Markup:
    """The chart of *table*."""
    # Drawn by us from labels that the renderer escapes.
    return Markup(chart_svg(table, width))  # noqa: S704  # labels are escaped


def _name(report: Report, suffix: str) -> str:
    parts = ["ramsess", f"{report.period.first:%Y%m%d}-{report.period.last:%Y%m%d}"]
    if report.structure:
        parts.append(report.structure.code.lower())
    limits = ([report.scheme] if report.scheme else []) + list(report.filters.values())
    parts += [code.lower() for code, _ in limits]
    return "-".join(parts) + f".{suffix}"
