"""Lists kept under a name: opened, kept, renamed, let go."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from ramsess import policy
from ramsess.actions import saved_lists as verbs
from ramsess.database import db
from ramsess.forms.saved_list import NameForm
from ramsess.lists import LISTS
from ramsess.lists.asking import asking_form
from ramsess.models import SavedList
from ramsess.views.guard import action
from ramsess.views.records import attempt
from ramsess.views.search import forget

blueprint = Blueprint("saved_lists", __name__, url_prefix="/listes")


@blueprint.get("")
@action("keep_lists")
def index() -> str:
    """One's own lists."""
    return _page()


@blueprint.post("")
@action("keep_lists")
def keep() -> ResponseReturnValue:
    """Keep the filters of a list; they are checked as its address would be."""
    listing = LISTS.get(request.form.get("liste", ""))
    query = request.form.get("filtres", "")
    if listing is None or not policy.may(current_user, listing.action):
        return _no_such_list()
    filters = asking_form(db.session(), listing, MultiDict(parse_qsl(query)))
    if not filters.validate():
        return _no_such_list()
    form = NameForm()
    kept = form.validate_on_submit() and attempt(
        form,
        lambda: verbs.keep_list(
            db.session(),
            current_user,
            of=listing.name,
            name=form.name.data,
            filters=filters.asked,
        ),
    )
    if kept:
        flash(f"Liste « {kept.name} » gardée : elle vous attend ici et sur l’accueil.", "success")
        return _open(listing.name, filters.asked)
    return _page(form=form, listing=listing, query=query), 422


@blueprint.get("/<uuid:public_id>")
@action("keep_lists")
def show(public_id: uuid.UUID) -> ResponseReturnValue:
    """Open a list: its filters, without what was last searched for there."""
    kept = _own(public_id)
    forget(kept.list)
    return _open(kept.list, kept.filters)


@blueprint.post("/<uuid:public_id>/renommer")
@action("keep_lists")
def rename(public_id: uuid.UUID) -> ResponseReturnValue:
    """Give it another name."""
    kept = _own(public_id)
    form = NameForm()

    def work() -> bool:
        verbs.rename_list(db.session(), kept, form.name.data)
        return True

    if form.validate_on_submit() and attempt(form, work):
        flash("Liste renommée.", "success")
        return redirect(url_for("saved_lists.index"))
    return _page(form=form, renamed=public_id), 422


@blueprint.post("/<uuid:public_id>/retirer")
@action("keep_lists")
def remove(public_id: uuid.UUID) -> ResponseReturnValue:
    """Let it go."""
    verbs.remove_list(db.session(), _own(public_id))
    db.session.commit()
    flash("Liste supprimée ; ce qu’elle montrait n’a pas changé.", "success")
    return redirect(url_for("saved_lists.index"))


def _open(of: str, filters: Mapping[str, Any]) -> ResponseReturnValue:
    return redirect(url_for(LISTS[of].endpoint, **filters))


def _no_such_list() -> ResponseReturnValue:
    flash("Cette liste n’existe pas, ou ses filtres ont changé : rouvrez-la.", "error")
    return _page(), 422


def own_lists() -> list[SavedList]:
    """The person's lists that she may still open."""
    found = verbs.kept_lists(db.session(), current_user)
    return [
        one
        for one in found
        if one.list in LISTS and policy.may(current_user, LISTS[one.list].action)
    ]


def _own(public_id: uuid.UUID) -> SavedList:
    kept = verbs.find_list(db.session(), current_user, public_id)
    if kept is None or kept.list not in LISTS:
        abort(404)
    return kept


def _page(**more: object) -> str:
    return render_template("saved_lists/index.html", lists=own_lists(), LISTS=LISTS, **more)
