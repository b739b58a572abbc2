"""Before a session: who is expected, the sheet to sign, the same session again."""

from __future__ import annotations

import io
import uuid

from flask import Blueprint, abort, flash, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ramsess.actions.enrolment import enrol, enrolled_people
from ramsess.actions.repetition import repeat_session
from ramsess.database import db
from ramsess.forms.session import PeopleForm, RepeatForm
from ramsess.forms.slots import written
from ramsess.models.calendar import today
from ramsess.reports.attendance_sheet import Sheet, attendance_sheet
from ramsess.reports.period import french_date
from ramsess.views.guard import action
from ramsess.views.noting import show_list
from ramsess.views.records import attempt, correctable_act, visible_act
from ramsess.views.session_page import Register, host_part, session_page
from ramsess.views.typography import plural

blueprint = Blueprint("preparation", __name__, url_prefix="/seances")


@blueprint.post("/<uuid:public_id>/inscriptions")
@action("note_attendance")
def expect(public_id: uuid.UUID) -> ResponseReturnValue:
    """Say who is expected."""
    act = visible_act(public_id, session=True)
    form = PeopleForm(prefix="liste-")
    host = host_part(act)
    register = Register.of(act, host)

    def work() -> bool:
        ticked = register.people(register.ticked("expected"))
        enrol(
            db.session(),
            act,
            structure_id=host.structure_id if host else 0,
            people=form.people(db.session(), ticked),
            version=request.form.get("version", 0, type=int),
        )
        return True

    if form.validate_on_submit() and attempt(form, work):
        flash("Inscriptions enregistrées.", "success")
        return redirect(url_for("sessions.show", public_id=public_id))
    return session_page(act, enrolment=form), 409 if form.conflict else 422


@blueprint.get("/<uuid:public_id>/emargement.pdf")
@action("see_sessions")
def sheet(public_id: uuid.UUID) -> ResponseReturnValue:
    """The sheet to print, with those whom one's host expects."""
    act = visible_act(public_id, session=True)
    held, host = act.group_session, host_part(act)
    assert held
    if host is None:
        abort(404)
    show_list("print_sheet", structure_id=host.structure_id, record=act.public_id)
    content = attendance_sheet(
        Sheet(
            title=held.title,
            day=french_date(act.done_on),
            place=act.commune.name if act.commune else "",
            hosts=", ".join(dict.fromkeys(share.adviser.name for share in act.shares)),
            structure=host.structure.name,
            slots=[written((slot.starts_at, slot.ends_at)) for slot in held.slots],
            people=[
                f"{person.last_name} {person.first_name}"
                for person in enrolled_people(db.session(), act, host.structure_id)
            ],
        ),
        made_on=today(),
    )
    name = f"ramsess-emargement-{act.done_on}.pdf"
    return send_file(io.BytesIO(content), "application/pdf", as_attachment=True, download_name=name)


@blueprint.post("/<uuid:public_id>/repeter")
@action("correct_sessions")
def repeat(public_id: uuid.UUID) -> ResponseReturnValue:
    """Prepare the same session every week or month."""
    act = correctable_act(public_id, session=True)
    form = RepeatForm()
    if form.validate_on_submit():
        made = attempt(
            form,
            lambda: repeat_session(
                db.session(),
                current_user,
                act,
                every=form.every.data,
                times=form.times.data,
                with_people=form.with_people.data,
                request_key=form.key,
            ),
        )
        if made:
            last = french_date(made[-1].done_on)
            flash(f"{plural(len(made), 'séance')} de plus, jusqu’au {last}.", "success")
            return redirect(url_for("sessions.index"))
    return session_page(act, repeat=form), 422
