"""Signed attendance sheets: filed, given back as they are, taken away."""

from __future__ import annotations

import io
import uuid

from flask import Blueprint, abort, flash, redirect, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from ramsess import policy
from ramsess.actions.signed_sheets import file_sheet, remove_sheet
from ramsess.database import db
from ramsess.forms.session import SheetForm
from ramsess.models import Act, SignedSheet
from ramsess.views.guard import action
from ramsess.views.noting import show_list
from ramsess.views.records import attempt, visible_act
from ramsess.views.session_page import host_part, session_page

blueprint = Blueprint("sheets", __name__)

TYPES = {"pdf": "application/pdf", "jpeg": "image/jpeg", "png": "image/png"}


@blueprint.post("/seances/<uuid:session_id>/feuilles")
@action("note_attendance")
def file(session_id: uuid.UUID) -> ResponseReturnValue:
    """Keep a signed copy."""
    act = visible_act(session_id, session=True)
    form = SheetForm()
    host = host_part(act)
    content = form.content()
    if form.validate_on_submit() and attempt(
        form,
        lambda: file_sheet(
            db.session(),
            act,
            structure_id=host.structure_id if host else 0,
            content=content,
            request_key=form.key,
        ),
    ):
        flash("Feuille signée gardée.", "success")
        return redirect(url_for("sessions.show", public_id=session_id))
    return session_page(act, sheet=form), 422


@blueprint.get("/feuilles/<uuid:public_id>")
@action("keep_signed_sheets")
def show(public_id: uuid.UUID) -> ResponseReturnValue:
    """The file, to be kept; never opened inside a page."""
    sheet, act = _sheet(public_id)
    show_list("read_sheet", structure_id=sheet.structure_id, record=sheet.public_id)
    name = f"emargement-signe-{act.done_on}.{sheet.kind.replace('jpeg', 'jpg')}"
    return send_file(
        io.BytesIO(sheet.content), TYPES[sheet.kind], as_attachment=True, download_name=name
    )


@blueprint.post("/feuilles/<uuid:public_id>/supprimer")
@action("keep_signed_sheets")
def remove(public_id: uuid.UUID) -> ResponseReturnValue:
    """Let a copy go."""
    sheet, act = _sheet(public_id)
    remove_sheet(db.session(), sheet)
    db.session.commit()
    flash("Feuille supprimée.", "success")
    return redirect(url_for("sessions.show", public_id=act.public_id))


def _sheet(public_id: uuid.UUID) -> tuple[SignedSheet, Act]:
    """The sheet, of a structure of the person, and its session."""
    found = db.session.execute(
        select(SignedSheet, Act)
        .join(Act, Act.id == SignedSheet.act_id)
        .where(
            SignedSheet.public_id == public_id,
            SignedSheet.structure_id.in_(policy.structure_ids(current_user)),
        )
    ).first()
    if found is None:
        abort(404)
    return found[0], found[1]
