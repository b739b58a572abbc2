"""The rights of a person, on her pages: information, access, request to erase."""

from __future__ import annotations

import io
import json
import uuid

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ramsess import policy
from ramsess.actions.access import gather
from ramsess.actions.erasure import find_by_reference
from ramsess.actions.rights import ask_erasure, note_information, uninformed
from ramsess.config import Settings
from ramsess.database import db
from ramsess.forms.rights import ErasureRequestForm, InformationForm, agreed
from ramsess.models import Beneficiary
from ramsess.models.calendar import today
from ramsess.reports.dossier import write_dossier
from ramsess.reports.information import information_sheet
from ramsess.views.guard import action
from ramsess.views.noting import show_list
from ramsess.views.records import attempt, visible_person

blueprint = Blueprint("rights", __name__, url_prefix="/personnes")

LISTED = 200


@blueprint.get("/a-informer")
@action("see_people")
def to_inform() -> str:
    """People whom one's structures have not told yet what is recorded."""
    show_list("search_people")
    people = db.session.scalars(uninformed(current_user, today()).limit(LISTED + 1)).all()
    return render_template(
        "beneficiaries/to_inform.html", people=people[:LISTED], more=len(people) > LISTED
    )


@blueprint.get("/fiche-information.pdf")
@action("see_people")
def blank_sheet() -> ResponseReturnValue:
    """The information sheet, to be filled in by hand."""
    return _pdf(_sheet(), "ramsess-fiche-information.pdf")


@blueprint.get("/<uuid:public_id>/information.pdf")
@action("see_people")
def sheet(public_id: uuid.UUID) -> ResponseReturnValue:
    """The information sheet with the person's name."""
    person = visible_person(public_id)
    names = [structure.name for structure in current_user.structures("adviser", "manager")]
    content = _sheet(person.name, names[0] if len(names) == 1 else "")
    return _pdf(content, "ramsess-information.pdf")


@blueprint.post("/<uuid:public_id>/information")
@action("record_people")
def inform(public_id: uuid.UUID) -> ResponseReturnValue:
    """Note that the person was informed, and her answer."""
    person = visible_person(public_id)
    form = InformationForm()
    if form.validate_on_submit() and attempt(
        form,
        lambda: note_information(
            db.session(),
            current_user,
            person,
            structure_id=form.structure.data,
            informed_on=form.informed_on.data,
            sharing_agreed=agreed(form.sharing.data),
        ),
    ):
        flash("Information notée.", "success")
        return redirect(url_for("beneficiaries.show", public_id=public_id))
    return render_template("beneficiaries/inform.html", form=form, person=person), 422


@blueprint.post("/<uuid:public_id>/effacement")
@action("request_erasure")
def ask(public_id: uuid.UUID) -> ResponseReturnValue:
    """Ask the network to erase the person."""
    person = visible_person(public_id, roles=("manager",))
    form = ErasureRequestForm()
    if form.validate_on_submit() and attempt(
        form,
        lambda: ask_erasure(
            db.session(),
            current_user,
            person,
            structure_id=form.structure.data,
            reason_code=form.reason.data,
        ),
    ):
        flash("Demande transmise : la personne est encore là jusqu’à la réponse.", "success")
    else:
        flash("La demande n’a pas été comprise : choisissez une structure et un motif.", "error")
    return redirect(url_for("beneficiaries.show", public_id=public_id))


@blueprint.post("/<uuid:public_id>/export.<any(json, pdf):suffix>")
@action("export_person")
def export(public_id: uuid.UUID, suffix: str) -> ResponseReturnValue:
    """Everything held on the person, to be given to her."""
    everything = policy.may(current_user, "protect_data")
    person = _anybody(public_id) if everything else visible_person(public_id, None, ("manager",))
    dossier = gather(db.session(), person, None if everything else current_user)
    # The audit says who exported whom: it is written before anything is given.
    db.session.commit()
    name = f"ramsess-personne-{dossier.reference[-6:]}.{suffix}"
    if suffix == "json":
        content = json.dumps(dossier.as_json(), ensure_ascii=False, indent=1).encode()
        return send_file(
            io.BytesIO(content), "application/json", as_attachment=True, download_name=name
        )
    settings = _settings()
    content = write_dossier(
        dossier.person,
        dossier.records,
        reference=dossier.reference,
        made_on=dossier.made_on,
        network=settings.network_name,
        contact=settings.network_contact,
    )
    return _pdf(content, name)


def _anybody(public_id: uuid.UUID) -> Beneficiary:
    return find_by_reference(db.session(), public_id) or abort(404)


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _sheet(name: str = "", structure: str = "") -> bytes:
    settings = _settings()
    return information_sheet(
        network=settings.network_name,
        contact=settings.network_contact,
        archive_after=settings.archive_after,
        made_on=today(),
        name=name,
        structure=structure,
    )


def _pdf(content: bytes, name: str) -> ResponseReturnValue:
    return send_file(io.BytesIO(content), "application/pdf", as_attachment=True, download_name=name)
