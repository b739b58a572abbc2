"""Complete what was not known when a parcours began."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ramsess.actions.completion import complete_entry
from ramsess.database import db
from ramsess.forms.completion import CompletionForm
from ramsess.views.guard import action
from ramsess.views.records import attempt, visible_parcours

blueprint = Blueprint("completion", __name__, url_prefix="/parcours")


@blueprint.get("/<reference>/completer")
@action("record_parcours")
def edit(reference: str) -> str:
    """Ask for what was not known, and for nothing else."""
    parcours = visible_parcours(reference)
    form = CompletionForm(db.session(), parcours)
    return render_template("parcours/complete.html", parcours=parcours, form=form)


@blueprint.post("/<reference>/completer")
@action("record_parcours")
def complete(reference: str) -> ResponseReturnValue:
    """Record what is said of it."""
    parcours = visible_parcours(reference)
    form = CompletionForm(db.session(), parcours)
    version = request.form.get("version", 0, type=int)

    def work() -> bool:
        complete_entry(db.session(), parcours, form.draft(), version=version)
        return True

    if form.validate_on_submit() and attempt(form, work):
        flash("La fiche d’entrée est complétée.", "success")
        return redirect(url_for("parcours.show", reference=parcours.reference))
    status = 409 if form.conflict else 422
    return render_template("parcours/complete.html", parcours=parcours, form=form), status
