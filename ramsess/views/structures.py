"""The structures of the network, for who administers it: arrivals and departures by date."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from ramsess.actions.memberships import (
    add_structure,
    all_structures,
    find_structure,
    join_network,
    leave_network,
    parcours_under_way,
)
from ramsess.actions.refusals import RefusedError
from ramsess.database import db
from ramsess.forms.structure import DayForm, StructureForm
from ramsess.models import Membership, Structure
from ramsess.models.calendar import today
from ramsess.views.guard import action
from ramsess.views.records import attempt
from ramsess.views.typography import day

blueprint = Blueprint("structures", __name__, url_prefix="/structures")


@blueprint.get("")
@action("manage_structures")
def index() -> str:
    """Every structure, and since when it is a member."""
    return render_template(
        "structures/index.html", listed=all_structures(db.session()), today=today()
    )


@blueprint.get("/nouvelle")
@action("manage_structures")
def new() -> str:
    """An empty form."""
    return render_template("structures/form.html", form=StructureForm(db.session()))


@blueprint.post("/nouvelle")
@action("manage_structures")
def create() -> ResponseReturnValue:
    """Add a structure."""
    form = StructureForm(db.session())
    if form.validate_on_submit():
        made = attempt(form, lambda: add_structure(db.session(), form.draft()))
        if made:
            flash(f"{made.name} est enregistrée.", "success")
            return redirect(url_for("structures.show", code=made.code))
    return render_template("structures/form.html", form=form), 422


@blueprint.get("/<code>")
@action("manage_structures")
def show(code: str) -> str:
    """A structure: what it is, its stays."""
    return _page(_structure(code), DayForm(formdata=None))


@blueprint.post("/<code>/arrivee")
@action("manage_structures")
def join(code: str) -> ResponseReturnValue:
    """Note the day from which it is a member."""
    return _date(code, join_network, "Membre à partir du {}.")


@blueprint.post("/<code>/depart")
@action("manage_structures")
def leave(code: str) -> ResponseReturnValue:
    """Note its last day."""
    return _date(code, leave_network, "Dernier jour dans le réseau : {}.")


def _date(code: str, work: Callable[..., Membership], told: str) -> ResponseReturnValue:
    structure, form = _structure(code), DayForm()
    if form.validate_on_submit() and attempt(
        form, lambda: work(db.session(), structure, form.day.data)
    ):
        flash(told.format(day(form.day.data)), "success")
        return redirect(url_for("structures.show", code=code))
    return _page(structure, form), 422


def _structure(code: str) -> Structure:
    try:
        return find_structure(db.session(), code)
    except RefusedError:
        abort(404)


def _page(structure: Structure, form: DayForm) -> str:
    if form.day.data is None and not form.day.raw_data:
        form.day.data = today()
    stays = structure.memberships
    return render_template(
        "structures/show.html",
        structure=structure,
        form=form,
        member=any(stay.left_on is None for stay in stays),
        under_way=parcours_under_way(db.session(), structure),
        today=today(),
    )
