"""Periods: each structure hands in; who coordinates sends back, comments, consolidates."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from ramsess.actions.hand_ins import hand_in, send_back, take_back
from ramsess.actions.periods import consolidate, go_back, open_periods, periods_of, slots_of
from ramsess.actions.standings import Standing
from ramsess.actions.table_comments import write_comments
from ramsess.database import db
from ramsess.forms.base import Form
from ramsess.forms.period import (
    CommentsForm,
    ConsolidateForm,
    HandInForm,
    OpeningForm,
    SendBackForm,
)
from ramsess.models import ReportingPeriod, Structure
from ramsess.models.calendar import FIRST_DAY, today
from ramsess.reports.handing_in import sheets
from ramsess.views.guard import action
from ramsess.views.period_pages import (
    COMMENTED,
    Oversight,
    Typed,
    comments_page,
    coordination_page,
    days_of,
    index_page,
    oversees,
    own_standing,
    own_structures,
    structure_page,
)
from ramsess.views.records import attempt

blueprint = Blueprint("periods", __name__, url_prefix="/periodes")

LAST_YEAR = 2099


@blueprint.get("")
@action("see_periods")
def index() -> str:
    """Where one's structures are, and everybody for who coordinates."""
    return index_page(request.args.get("annee", type=int))


@blueprint.get("/ouvrir")
@action("oversee_periods")
def new() -> str:
    """The quarters of a year, and the year, each with the day by which it is handed in."""
    year = _year(request.args.get("annee", today().year, type=int))
    form = OpeningForm(None)
    form.show(slots_of(year), periods_of(db.session(), year))
    return _opening(form, year)


@blueprint.post("/ouvrir")
@action("oversee_periods")
def create() -> ResponseReturnValue:
    """Open them, and change the dates of what is open."""
    year, form = _year(request.form.get("annee-civile", 0, type=int)), OpeningForm()
    slots = slots_of(year)
    if form.validate_on_submit():
        changed = attempt(
            form, lambda: open_periods(db.session(), year, form.due(slots), form.seen(slots))
        )
        if changed is not None:
            flash("Périodes enregistrées." if changed else "Rien n’a changé.", "success")
            return redirect(url_for("periods.index", annee=year))
    return _opening(form, year), 409 if form.conflict else 422


@blueprint.get("/<uuid:public_id>")
@action("see_periods")
def show(public_id: uuid.UUID) -> str:
    """One's structure's part of the period; everybody's for who coordinates."""
    period = _period(public_id)
    asked = request.args.get("structure", "")
    if oversees() and asked not in _own_codes():
        return coordination_page(period, Oversight.fresh())
    return structure_page(period, own_standing(period, asked), HandInForm(None))


@blueprint.post("/<uuid:public_id>/rendre")
@action("hand_in_periods")
def deliver(public_id: uuid.UUID) -> ResponseReturnValue:
    """The structure hands in."""
    period, form = _period(public_id), HandInForm()
    there = _managed(period, form)
    if there and form.validate_on_submit():
        code = there.structure.code
        sheet = sheets(db.engines["report"], days_of(period), [code])[code]
        done = attempt(
            form,
            lambda: hand_in(
                db.session(),
                current_user,
                period,
                there.structure,
                seen=request.form.get("version", 0, type=int),
                remark=form.remark.data or "",
                figures=sheet.figures,
            ),
        )
        if done:
            flash(f"C’est rendu : {period.label}, {there.structure.name}. Merci.", "success")
            return redirect(_address(period, there.structure))
    return structure_page(period, there, form), 409 if form.conflict else 422


@blueprint.post("/<uuid:public_id>/reprendre")
@action("hand_in_periods")
def take(public_id: uuid.UUID) -> ResponseReturnValue:
    """The structure takes back what it handed in."""
    period, form = _period(public_id), HandInForm()
    there = _managed(period, form)
    if (
        there
        and form.validate_on_submit()
        and attempt(form, lambda: take_back(db.session(), current_user, period, there.structure))
    ):
        flash("Repris : complétez, puis rendez à nouveau.", "success")
        return redirect(_address(period, there.structure))
    return structure_page(period, there, form), 422


@blueprint.post("/<uuid:public_id>/renvoyer")
@action("oversee_periods")
def give_back(public_id: uuid.UUID) -> ResponseReturnValue:
    """Send back to one structure, with what it should look at again."""
    period, forms = _period(public_id), Oversight(SendBackForm(), ConsolidateForm(None))
    form = forms.send_back
    structures = {one.code: one for one in db.session.scalars(select(Structure))}
    form.offer(structures.values())
    if form.validate_on_submit():
        structure = structures[form.structure.data]
        done = attempt(
            form,
            lambda: send_back(
                db.session(),
                current_user,
                period,
                structure,
                form.remark.data or "",
                seen=request.form.get(f"vu-{structure.code}", 0, type=int),
            ),
        )
        if done:
            flash(f"Renvoyé à {structure.name}, avec votre remarque.", "success")
            return redirect(url_for("periods.show", public_id=public_id))
    return coordination_page(period, forms), 409 if form.conflict else 422


@blueprint.post("/<uuid:public_id>/consolider")
@action("oversee_periods")
def settle(public_id: uuid.UUID) -> ResponseReturnValue:
    """Consolidate, without those that have not handed in when it is said."""
    return _settled(
        public_id,
        lambda period, form, version: consolidate(
            db.session(), period, version=version, without=form.confirmed.data
        ),
        "Période consolidée : plus personne ne rend ni ne reprend.",
    )


@blueprint.post("/<uuid:public_id>/rouvrir")
@action("oversee_periods")
def unsettle(public_id: uuid.UUID) -> ResponseReturnValue:
    """Go back from a consolidation."""
    return _settled(
        public_id,
        lambda period, _form, version: go_back(db.session(), period, version=version),
        "Consolidation défaite : les structures peuvent à nouveau rendre et reprendre.",
    )


@blueprint.get("/<uuid:public_id>/commentaires")
@action("oversee_periods")
def comments(public_id: uuid.UUID) -> str:
    """Each table's figures, and what is said of it."""
    return comments_page(_period(public_id), CommentsForm(None))


@blueprint.post("/<uuid:public_id>/commentaires")
@action("oversee_periods")
def comment(public_id: uuid.UUID) -> ResponseReturnValue:
    """Keep what was changed, but where somebody else changed it meanwhile."""
    period, form = _period(public_id), CommentsForm()
    said = form.said(COMMENTED)
    texts = {one: item.text for one, item in said.items()}
    too_long = form.too_long(said)
    if too_long or not form.validate_on_submit():
        return comments_page(period, form, Typed(texts, too_long, set())), 422
    done = attempt(form, lambda: write_comments(db.session(), period, said))
    if done is None:
        return comments_page(period, form, Typed(texts, set(), set())), 422
    written, conflicts = done
    if conflicts:
        kept = {one: text for one, text in texts.items() if one in conflicts}
        if written:
            flash("Vos autres commentaires sont enregistrés.", "success")
        return comments_page(period, form, Typed(kept, set(), conflicts)), 200 if written else 409
    flash("Commentaires enregistrés." if written else "Rien n’a changé.", "success")
    at = request.form.get("tableau", "")
    return redirect(
        url_for("periods.comments", public_id=public_id, _anchor=at if at in COMMENTED else None)
    )


def _settled(
    public_id: uuid.UUID,
    work: Callable[[ReportingPeriod, ConsolidateForm, int], None],
    told: str,
) -> ResponseReturnValue:
    period, forms = _period(public_id), Oversight(SendBackForm(None), ConsolidateForm())
    form = forms.consolidate
    version = request.form.get("version", 0, type=int)
    if form.validate_on_submit() and attempt(form, lambda: _done(work, period, form, version)):
        flash(told, "success")
        return redirect(url_for("periods.show", public_id=public_id))
    return coordination_page(period, forms), 409 if form.conflict else 422


def _done(
    work: Callable[[ReportingPeriod, ConsolidateForm, int], None],
    period: ReportingPeriod,
    form: ConsolidateForm,
    version: int,
) -> bool:
    work(period, form, version)
    return True


def _period(public_id: uuid.UUID) -> ReportingPeriod:
    period = db.session.scalar(
        select(ReportingPeriod).where(ReportingPeriod.public_id == public_id)
    )
    if period is None:
        abort(404)
    return period


def _managed(period: ReportingPeriod, form: HandInForm) -> Standing | None:
    """The structure for which the person hands in: one of those that she manages, else 404."""
    if not own_structures(("manager",)):
        abort(404)
    return own_standing(period, form.structure.data or "", ("manager",))


def _own_codes() -> set[str]:
    return {one.code for one in own_structures()}


def _address(period: ReportingPeriod, structure: Structure) -> str:
    several = len(_own_codes()) > 1 or oversees()
    return url_for(
        "periods.show",
        public_id=period.public_id,
        structure=structure.code if several else None,
    )


def _year(asked: int) -> int:
    if not FIRST_DAY.year <= asked <= LAST_YEAR:
        abort(404 if request.method == "GET" else 400)
    return asked


def _opening(form: Form, year: int) -> str:
    return render_template(
        "periods/open.html",
        form=form,
        year=year,
        slots=slots_of(year),
        there=periods_of(db.session(), year),
    )
