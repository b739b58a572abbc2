"""The quick line as one types: what the phrase says, field by field; only what one may see.

Asked by POST: a phrase holds names, which stay out of addresses and logs.
"""

from __future__ import annotations

from flask import Blueprint, Response, get_template_attribute, jsonify

from ramsess.database import db
from ramsess.forms.quick import FIELDS, LineForm
from ramsess.views.guard import action

blueprint = Blueprint("quick", __name__, url_prefix="/ligne")


@blueprint.post("/comprendre")
@action("record_acts")
def understand() -> Response:
    """The fields that the phrase fills in, with their marks, and what is said of them."""
    form = LineForm(db.session())
    form.understand()
    mark = get_template_attribute("home/_line.html", "mark")
    said = get_template_attribute("home/_line.html", "said")
    return jsonify(
        phrase=form.understood.data,
        settled=form.settled,
        said=" ".join(said(form).split()),
        fields={
            name: {
                "value": form.shown_value(name),
                "how": form.marks[name].how if name in form.marks else "",
                "mark": mark(form, name) if name in form.marks else "",
            }
            for name in (*FIELDS, "note")
        },
    )
