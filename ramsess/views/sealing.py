"""Sealing a period, and what was sealed of it: on screen, and as the very files."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from ramsess.actions import sealing
from ramsess.actions.refusals import RefusedError
from ramsess.actions.seal_keys import KeyUnavailableError, read_key
from ramsess.config import Settings
from ramsess.database import db
from ramsess.logs import security_event
from ramsess.models import ReportingPeriod
from ramsess.reports.addresses import Addresses
from ramsess.reports.charts import chart_description
from ramsess.reports.numbers import cell_text
from ramsess.reports.period import Period
from ramsess.reports.sealed import (
    SealedError,
    SealedPeriod,
    sealed_file,
    sealed_period,
    sealed_report,
)
from ramsess.views.guard import action
from ramsess.views.noting import show_list
from ramsess.views.reports import TYPES, svg
from ramsess.views.sealed import LABELS, files_of

blueprint = Blueprint("sealing", __name__)


@blueprint.route("/periodes/<uuid:public_id>/sceller", methods=["GET", "POST"])
@action("seal_periods")
def seal(public_id: UUID) -> ResponseReturnValue:
    """What sealing means and what is missing; once confirmed, seal."""
    period = db.session.scalar(
        select(ReportingPeriod).where(ReportingPeriod.public_id == public_id)
    )
    if period is None:
        abort(404)
    if sealing.seal_of(db.session(), period) is not None:
        flash("Cette période est déjà scellée.", "info")
        return redirect(url_for("sealing.show", public_id=public_id))
    if request.method == "GET" or "confirme" not in request.form:
        return _ask(period)
    try:
        made = sealing.seal(
            db.session(),
            db.engines["report"],
            current_user,
            period,
            _means(),
            at=dt.datetime.now(dt.UTC),
        )
    except (RefusedError, KeyUnavailableError) as refusal:
        db.session.rollback()
        security_event("seal_refused")
        return _ask(period, str(refusal)), 422
    address = made.address
    db.session.commit()
    security_event("period_sealed")
    flash(f"La période est scellée, sous l’adresse de vérification {address}.", "success")
    return redirect(url_for("sealing.show", public_id=public_id))


@blueprint.get("/bilan/scelle/<uuid:public_id>")
@action("see_report")
def show(public_id: UUID) -> ResponseReturnValue:
    """The report of a sealed period as it was sealed."""
    found = _found(public_id)
    report = sealed_report(db.session(), found.period, "network")
    return render_template(
        "reports/show.html",
        form=None,
        report=report,
        address=Addresses(report, request.script_root),
        sealed=found,
        files=files_of(found),
        labels=LABELS,
        cell_text=cell_text,
        svg=svg,
        describe=chart_description,
        query={},
    )


@blueprint.get("/bilan/scelle/<uuid:public_id>/reseau.<any(json, xlsx, pdf):suffix>")
@action("see_report")
def network(public_id: UUID, suffix: str) -> ResponseReturnValue:
    """A file of the network's edition."""
    return _file(_found(public_id), "network", suffix)


@blueprint.get("/bilan/scelle/<uuid:public_id>/listes.<any(json, xlsx):suffix>")
@action("export_details")
def detail(public_id: UUID, suffix: str) -> ResponseReturnValue:
    """A file of the network's edition with its pseudonymised lists."""
    found = _found(public_id)
    show_list("export_details", record=f"{found.period.first}/{found.period.last}")
    return _file(found, "detail", suffix)


@blueprint.get("/bilan/scelle/<uuid:public_id>/region.<any(json, xlsx, pdf):suffix>")
@action("seal_periods")
def region(public_id: UUID, suffix: str) -> ResponseReturnValue:
    """A file of what the Région receives, for who sends it."""
    return _file(_found(public_id), "region", suffix)


def _file(found: SealedPeriod, edition: str, suffix: str) -> Response:
    """A sealed file, byte for byte."""
    try:
        content = sealed_file(db.session(), found.period, edition, suffix)
    except SealedError:
        abort(404)
    name = file_name(found.period, edition, suffix)
    return Response(
        content,
        content_type=TYPES[suffix],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def file_name(period: Period, edition: str, suffix: str) -> str:
    """``ramsess-20090101-20091231-scelle-region.pdf``: what the file is, once it is alone."""
    return f"ramsess-{period.first:%Y%m%d}-{period.last:%Y%m%d}-scelle-{edition}.{suffix}"


def _found(public_id: UUID) -> SealedPeriod:
    found = sealed_period(db.session(), public_id=public_id)
    if found is None:
        abort(404)
    return found


def _ask(period: ReportingPeriod, refusal: str = "") -> str:
    late, silent = sealing.missing(db.session(), period)
    return render_template(
        "sealing/confirm.html",
        period=period,
        days=Period(period.first_on, period.last_on),
        late=late,
        silent=silent,
        refusal=refusal or sealing.obstacle(period),
    )


def _means() -> sealing.Means:
    """With what this deployment seals. Raises KeyUnavailableError."""
    settings: Settings = current_app.config["SETTINGS"]
    return sealing.Means(
        read_key(settings.seal_key_file), current_app.config["VERSION"], settings.url or ""
    )
