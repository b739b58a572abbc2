"""The search box of every page: as one types, and as a page of its own.

Asked by POST: what is typed holds names, which stay out of addresses and logs.
"""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ramsess import policy
from ramsess.actions.search import search
from ramsess.database import db
from ramsess.views.guard import action
from ramsess.views.saved_lists import own_lists
from ramsess.views.search import remember, remembered

blueprint = Blueprint("search", __name__, url_prefix="/chercher")

PLACE = "partout"
OFFERED, LISTED = 4, 20


@blueprint.get("")
@action("search")
def index() -> str:
    """Everything that answers what was last searched for, the best of each kind."""
    text = remembered(PLACE)
    return render_template(
        "search/index.html",
        text=text,
        found=search(db.session(), current_user, text, LISTED),
        lists=own_lists(),
        people=policy.may(current_user, "see_people"),
    )


@blueprint.post("")
@action("search")
def ask() -> ResponseReturnValue:
    """Search; a name stays out of the address."""
    remember(PLACE)
    return redirect(url_for("search.index"))


@blueprint.post("/suggestions")
@action("search")
def suggest() -> Response:
    """The best of each kind, as one types."""
    found = search(db.session(), current_user, request.form.get("q", ""), OFFERED)
    return jsonify(
        [
            {
                "title": group.title,
                "hits": [
                    {
                        "title": hit.title,
                        "detail": hit.detail,
                        "reason": hit.reason,
                        "address": url_for(hit.target[0], **hit.target[1]),
                    }
                    for hit in group.hits
                ],
            }
            for group in found
        ]
    )
