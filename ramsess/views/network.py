"""The public pages: the network, its members and schema; who can help. Nothing is kept."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup

from ramsess import policy
from ramsess.actions.suggestions import structures_that_can_help
from ramsess.database import db
from ramsess.forms.network import HelpForm, SchemaForm
from ramsess.models.calendar import today
from ramsess.reports.network import read_network
from ramsess.reports.published import last_published_year
from ramsess.reports.schema import schema_svg
from ramsess.views.guard import action

blueprint = Blueprint("network", __name__, url_prefix="/reseau")


@blueprint.get("")
@action("see_network")
def index() -> ResponseReturnValue:
    """What the network does, its members and its global schema, of one speciality or of all."""
    asked = SchemaForm(db.session(), request.args)
    speciality = asked.specialite.data if asked.answered else ""
    schema = read_network(db.session(), today())
    return render_template(
        "network/index.html",
        asked=asked,
        help=HelpForm(db.session(), {}),
        schema=schema,
        speciality=speciality,
        drawings=[
            (narrow, Markup(schema_svg(schema, speciality, narrow=narrow)))  # noqa: S704  # labels escaped
            for narrow in (False, True)
        ],
        published=last_published_year(db.engines["funder"]),
        mine=_mine(),
    ), 200 if asked.answered else 422


@blueprint.get("/qui-peut-m-aider")
@action("see_network")
def who_helps() -> ResponseReturnValue:
    """Three questions, and the structures that can help, best first."""
    form = HelpForm(db.session(), request.args)
    asked = "phase" in request.args
    found = None
    if asked and form.answered:
        found = structures_that_can_help(
            db.session(),
            phase_code=form.phase.data,
            speciality_code=form.besoin.data,
            department_code=form.departement.data or None,
        )
    return (
        render_template("network/who_helps.html", form=form, found=found),
        422 if asked and found is None else 200,
    )


def _mine() -> list[tuple[str, str]]:
    """The structures whose line the person may change."""
    if not policy.may(current_user, "take_position"):
        return []
    return [(one.code, one.name) for one in current_user.structures("manager")]
