"""For people: how a program reads what they see, and what the DLA calls our codes."""

from __future__ import annotations

from itertools import groupby

from flask import Blueprint, render_template

from ramsess.actions.correspondence import LISTS, terms_today
from ramsess.database import db
from ramsess.views.api.operations import OPERATIONS
from ramsess.views.guard import action
from ramsess.views.sign_in import site_address

blueprint = Blueprint("interface", __name__)


@blueprint.get("/interface")
@action("describe_interface")
def show() -> str:
    """How a program reads, and by which addresses."""
    return render_template("interface/show.html", operations=OPERATIONS, site=site_address())


@blueprint.get("/correspondance-dla")
@action("see_code_lists")
def dla() -> str:
    """The correspondence towards the DLA's vocabulary, list by list."""
    terms = groupby(terms_today(db.session()), lambda term: term.list)
    return render_template(
        "interface/dla.html", lists=[(LISTS[name], list(found)) for name, found in terms]
    )
