"""Suggestions as one types: parcours, people, communes; only what the person may see.

Asked by POST: what is typed holds names, which stay out of addresses and logs.
"""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from ramsess.actions.communes import search_communes
from ramsess.database import db
from ramsess.forms.choices import find_parcours, find_people, parcours_label, person_label
from ramsess.views.guard import action

blueprint = Blueprint("lookups", __name__, url_prefix="/recherche")


@blueprint.post("/parcours")
@action("see_parcours")
def parcours() -> Response:
    """Parcours whose reference, people or project hold the words."""
    found = find_parcours(db.session(), request.form.get("q", ""))
    return jsonify([parcours_label(item) for item in found])


@blueprint.post("/personnes")
@action("see_people")
def people() -> Response:
    """People whose name holds the last of the words separated by « ; »."""
    before, separator, last = request.form.get("q", "").rpartition(";")
    found = find_people(db.session(), last)
    kept = f"{before.strip()} ; " if separator else ""
    return jsonify([kept + person_label(person) for person in found])


@blueprint.post("/communes")
@action("see_people")
def communes() -> Response:
    """Communes of the region by name."""
    found = search_communes(db.session(), request.form.get("q", ""))
    return jsonify([f"{commune.code} {commune.name}" for commune in found])
