"""« Secret statistique »: the Région's edition as it would be published, what it hides and why."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from ramsess.database import db
from ramsess.forms.report import PeriodForm, usual_periods
from ramsess.models.calendar import today
from ramsess.reports.consolidation import make_report
from ramsess.reports.disclosure import DisclosureError, region_edition, threshold
from ramsess.reports.disclosure.earlier import earlier_releases
from ramsess.reports.disclosure.survey import absent, sheets
from ramsess.reports.period import Period
from ramsess.views.guard import action

blueprint = Blueprint("disclosure", __name__, url_prefix="/bilan")


@blueprint.get("/secret")
@action("see_disclosure")
def show() -> ResponseReturnValue:
    """What the Région would receive of a period, beside what it would not."""
    form = _form()
    shown: dict[str, Any] = {"least": threshold(db.session())}
    if form.validate():
        shown |= _edition(form.period)
    status = 200 if "sheets" in shown else 422
    return (
        render_template("reports/disclosure.html", form=form, periods=usual_periods(), **shown),
        status,
    )


def _edition(period: Period) -> dict[str, Any]:
    report = make_report(db.engines["report"], period)
    earlier = earlier_releases(db.session(), period)
    shown: dict[str, Any] = {"report": report, "earlier": [one.period for one in earlier]}
    try:
        edition = region_edition(report, earlier, threshold(db.session()))
    except DisclosureError as error:
        return shown | {"refusal": str(error)}
    return shown | {"sheets": sheets(edition), "absent": absent(edition)}


def _form() -> PeriodForm:
    year = Period.of_year(today().year)
    usual = {"debut": year.first.isoformat(), "fin": year.last.isoformat()}
    return PeriodForm(formdata=type(request.args)(request.args.to_dict() or usual))
