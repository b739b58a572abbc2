"""« Les fiches d’un chiffre »: from a figure of the report to the records that it counts."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ramsess import policy
from ramsess.database import db
from ramsess.reports.addresses import choice
from ramsess.reports.consolidation import Figure, UnknownCodeError, make_figure
from ramsess.reports.numbers import cell_text, figure
from ramsess.views.figure_lines import Listed, lines_of
from ramsess.views.guard import action
from ramsess.views.noting import show_list
from ramsess.views.report_choice import asked, report_form

blueprint = Blueprint("figures", __name__, url_prefix="/bilan")

LISTED = 100


@blueprint.get("/fiches")
@action("see_figure_records")
def records() -> ResponseReturnValue:
    """The records behind a figure: those that one sees by name, the others without or uncounted.

    To the coordination all are told under their numbers; to a structure its own, and how many
    others there are: together they make the figure.
    """
    page = request.args.get("page", 1, type=int)
    found = _figure()
    listed = lines_of(
        found, numbered=policy.may(current_user, "export_details"), page=page, size=LISTED
    )
    if page < 1 or page > listed.pages:
        abort(404)
    cell = (found.table.id, found.row.key, found.column.key)
    if listed.rows:
        show_list("read_figure", record="/".join(cell))
    query = {
        **choice(found.report),
        **dict(zip(("tableau", "ligne", "colonne"), cell, strict=True)),
    }
    return render_template(
        "figures/records.html",
        found=found,
        listed=listed,
        value=cell_text(found.table, found.row, found.column),
        under=_under(found),
        told=lambda amount: figure(found.behind.shown(amount), found.behind.unit),
        choice=choice(found.report),
        query=query,
    )


def _figure() -> Figure:
    """The figure that the address names; what is none, or is not published, does not exist."""
    form = report_form()
    if not form.validate():
        abort(404)
    cell = tuple(request.args.get(name, "") for name in ("tableau", "ligne", "colonne"))
    try:
        # The words of make_report, by name.
        return make_figure(db.engines["report"], form.period, cell, **asked(form))  # type: ignore[arg-type]
    except (KeyError, UnknownCodeError):
        abort(404)


def _under(found: Figure) -> str:
    """The label of the row above that the figure's row details, if any."""
    above = ""
    for row in found.table.rows:
        if row.key == found.row.key:
            return above if row.level else ""
        if not row.level:
            above = row.label
    return ""


__all__ = ["Listed", "blueprint"]
