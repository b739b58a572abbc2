"""Shared diagnostics: versions, columns side by side, synthesis, agreements, comparison, PDF."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from collections.abc import Callable
from typing import Any

from flask import (
    Blueprint,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    send_file,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ramsess import policy
from ramsess.actions import diagnostics as verbs
from ramsess.actions.agreements import WITHIN, make_link
from ramsess.actions.messages import About
from ramsess.actions.plans import current_plan
from ramsess.database import db
from ramsess.forms.base import Form
from ramsess.forms.diagnostic import (
    LEVEL_NAMES,
    AgreementForm,
    ContributionForm,
    InvitationForm,
    OpenDiagnosticForm,
    SynthesisForm,
    WordingForm,
    axes_of,
    own_structure,
    seen,
)
from ramsess.models import Diagnostic, Parcours
from ramsess.models.calendar import PARIS, today
from ramsess.reports.chart_profile import Profile, mean_text
from ramsess.reports.diagnostic_document import write_diagnostic
from ramsess.views.guard import action
from ramsess.views.records import (
    attempt,
    led_diagnostic,
    led_parcours,
    visible_diagnostic,
    visible_parcours,
)
from ramsess.views.threads import count_about

blueprint = Blueprint("diagnostics", __name__)


@blueprint.get("/parcours/<reference>/diagnostic")
@action("see_diagnostics")
def index(reference: str) -> str:
    """The versions of a parcours' diagnostic, and how to open one."""
    parcours = visible_parcours(reference)
    return _versions(parcours, OpenDiagnosticForm())


@blueprint.post("/parcours/<reference>/diagnostic")
@action("lead_diagnostics")
def open_one(reference: str) -> ResponseReturnValue:
    """Open the first version, or a revision of the validated one."""
    parcours = led_parcours(reference)
    form = OpenDiagnosticForm()
    form.offer(verbs.structures_there(parcours, today()), parcours.lead_structure_id)
    if form.validate_on_submit():
        opened = attempt(
            form,
            lambda: verbs.open_diagnostic(
                db.session(), current_user, parcours, form.structures.data or ()
            ),
        )
        if opened:
            return redirect(url_for("diagnostics.show", public_id=opened.public_id))
    return _versions(parcours, form), 422


def _versions(parcours: Parcours, form: OpenDiagnosticForm) -> str:
    there = verbs.structures_there(parcours, today())
    form.offer(there, parcours.lead_structure_id)
    return render_template(
        "diagnostics/index.html",
        parcours=parcours,
        form=form,
        versions=verbs.versions(db.session(), parcours),
        alone=len(there) < verbs.FEWEST_STRUCTURES,
        leads=policy.leads(current_user, parcours),
    )


@blueprint.get("/diagnostics/<uuid:public_id>")
@action("see_diagnostics")
def show(public_id: uuid.UUID) -> str:
    """Every structure's column beside the others; one's own to write in."""
    return _page(visible_diagnostic(public_id))


@blueprint.post("/diagnostics/<uuid:public_id>/contribution")
@action("contribute_to_diagnostic")
def contribute(public_id: uuid.UUID) -> ResponseReturnValue:
    """Keep what is typed in one's column; as one types, the answer is short."""
    drafting = "autosave" in request.form
    diagnostic = visible_diagnostic(public_id, reading=not drafting)
    form = ContributionForm()
    said = None
    if form.validate_on_submit():
        said = attempt(
            form,
            lambda: verbs.save_contribution(
                db.session(), current_user, diagnostic, form.structure.data or 0, form.drafts()
            ),
        )
    status = 200 if said is not None else 409 if form.conflict else 422
    if drafting:
        # What is told is on the page that the button brings.
        session.pop("_flashes", None)
        now = dt.datetime.now(PARIS)
        versions = {one.axis_code: seen(one) for one in said or ()}
        return jsonify(versions=versions, at=f"{now.hour} h {now.minute:02d}"), status
    if said is not None:
        flash("Contribution enregistrée.", "success")
        return redirect(_address(diagnostic, form.structure.data))
    return _page(diagnostic, contribution=form), status


@blueprint.post("/diagnostics/<uuid:public_id>/remise")
@action("contribute_to_diagnostic")
def hand_in(public_id: uuid.UUID) -> ResponseReturnValue:
    """Say that one's column is complete, or open it again."""
    diagnostic = visible_diagnostic(public_id)
    form = WordingForm()
    verb = verbs.take_back if request.form.get("reprendre") else verbs.hand_in
    done = "Contribution reprise." if verb is verbs.take_back else "Contribution remise."
    return _change(
        diagnostic,
        form,
        lambda: verb(db.session(), current_user, diagnostic, form.structure.data or 0),
        done,
    )


@blueprint.post("/diagnostics/<uuid:public_id>/validation")
@action("contribute_to_diagnostic")
def agree(public_id: uuid.UUID) -> ResponseReturnValue:
    """Validate for one's structure."""
    diagnostic = visible_diagnostic(public_id)
    form = WordingForm()
    return _change(
        diagnostic,
        form,
        lambda: verbs.agree(
            db.session(),
            current_user,
            diagnostic,
            form.structure.data or 0,
            wording=form.wording.data or 0,
        ),
        "Validation notée.",
    )


@blueprint.post("/diagnostics/<uuid:public_id>/invitations")
@action("lead_diagnostics")
def invite(public_id: uuid.UUID) -> ResponseReturnValue:
    """Invite a structure, or do without it."""
    diagnostic = led_diagnostic(public_id)
    form = InvitationForm()
    verb = verbs.withdraw if request.form.get("retirer") else verbs.invite
    done = "Invitation retirée." if verb is verbs.withdraw else "Structure invitée."
    return _change(
        diagnostic, form, lambda: verb(db.session(), diagnostic, form.structure.data or 0), done
    )


@blueprint.post("/diagnostics/<uuid:public_id>/synthese")
@action("lead_diagnostics")
def synthesise(public_id: uuid.UUID) -> ResponseReturnValue:
    """Keep the synthesis."""
    diagnostic = led_diagnostic(public_id)
    form = SynthesisForm()
    version = request.form.get("version", 0, type=int)
    return _change(
        diagnostic,
        form,
        lambda: verbs.write_synthesis(
            db.session(), current_user, diagnostic, form.text(), version=version
        ),
        "Synthèse enregistrée.",
        synthesis=form,
    )


@blueprint.post("/diagnostics/<uuid:public_id>/accord")
@action("lead_diagnostics")
def note_agreement(public_id: uuid.UUID) -> ResponseReturnValue:
    """Note the beneficiary's agreement."""
    diagnostic = led_diagnostic(public_id)
    form = AgreementForm(db.session())
    return _change(
        diagnostic,
        form,
        lambda: verbs.note_agreement(
            db.session(),
            current_user,
            diagnostic,
            agreed_on=form.agreed_on.data,
            manner_code=form.manner.data,
        ),
        "Accord de la personne noté.",
        agreement=form,
    )


@blueprint.post("/diagnostics/<uuid:public_id>/lien")
@action("lead_diagnostics")
def link(public_id: uuid.UUID) -> ResponseReturnValue:
    """Make a link for the beneficiary; it is shown this once."""
    diagnostic = led_diagnostic(public_id)
    form = Form()
    token = form.validate_on_submit() and attempt(
        form, lambda: make_link(db.session(), current_user, diagnostic)
    )
    if token:
        address = url_for("agreement.show", token=token, _external=True)
        return render_template(
            "diagnostics/link.html", diagnostic=diagnostic, address=address, days=WITHIN.days
        )
    _tell(form)
    return _page(diagnostic), 422


@blueprint.get("/diagnostics/<uuid:public_id>/comparaison")
@action("see_diagnostics")
def compare(public_id: uuid.UUID) -> ResponseReturnValue:
    """This version beside another: the one before, unless another is asked for."""
    diagnostic = visible_diagnostic(public_id)
    found = verbs.versions(db.session(), diagnostic.parcours)
    number = request.args.get("avec", diagnostic.number - 1, type=int)
    other = next((one for one in found if one.number == number), None)
    if other is None or other is diagnostic:
        return redirect(url_for("diagnostics.show", public_id=public_id))
    names = {
        part.structure_id: part.structure.name
        for version in (other, diagnostic)
        for part in version.contributions
    }
    return render_template(
        "diagnostics/compare.html",
        diagnostic=diagnostic,
        other=other,
        versions=[one for one in found if one.number != diagnostic.number],
        axes=axes_of(db.session(), (other, diagnostic)),
        names=names,
        level_names=LEVEL_NAMES,
    )


@blueprint.get("/diagnostics/<uuid:public_id>/diagnostic.pdf")
@action("see_diagnostics")
def document(public_id: uuid.UUID) -> ResponseReturnValue:
    """The diagnostic to hand over."""
    diagnostic = visible_diagnostic(public_id)
    axes = axes_of(db.session(), [diagnostic])
    content = write_diagnostic(diagnostic, axes, made_on=today())
    name = f"diagnostic-{diagnostic.parcours.reference}-v{diagnostic.number}.pdf"
    return send_file(io.BytesIO(content), "application/pdf", as_attachment=True, download_name=name)


def _change(
    diagnostic: Diagnostic, form: Form, work: Callable[[], Any], done: str, **forms: Form
) -> ResponseReturnValue:
    def work_and_tell() -> bool:
        work()
        return True

    if form.validate_on_submit() and attempt(form, work_and_tell):
        flash(done, "success")
        if diagnostic.validated_on:
            flash("Le diagnostic est validé par tous : il ne change plus.", "success")
        return redirect(_address(diagnostic, request.form.get("structure", type=int)))
    if not forms:
        _tell(form)
    return _page(diagnostic, **forms), 409 if form.conflict else 422


def _tell(form: Form) -> None:
    """A button has no field to show a refusal on."""
    for reason in [*form.form_errors, *(one for errors in form.errors.values() for one in errors)]:
        if isinstance(reason, str):
            flash(reason, "error")


def _address(diagnostic: Diagnostic, structure_id: int | None) -> str:
    part = diagnostic.contribution_of(structure_id or 0)
    mine = len(policy.structure_ids(current_user)) > 1 and part is not None
    code = part.structure.code if mine and part else None
    return url_for("diagnostics.show", public_id=diagnostic.public_id, pour=code)


def _page(diagnostic: Diagnostic, **forms: Any) -> str:
    db.session.refresh(diagnostic)
    axes = axes_of(db.session(), [diagnostic])
    typed: ContributionForm | None = forms.get("contribution")
    chosen = own_structure(diagnostic, request.args.get("pour"), session.get("structure"))
    if typed and typed.structure.data:
        chosen = typed.structure.data
    own = diagnostic.contribution_of(chosen)
    writes = bool(own and not own.handed_in_on and not diagnostic.validated_on)
    if own and writes and typed is None:
        # What is sent to a neighbouring form is not for this one.
        typed = ContributionForm(formdata=None)
        typed.show(own, axes)
    unsaved = [draft for draft in typed.drafts() if draft.touched] if typed and not writes else []
    if typed and not writes:
        _tell(typed)
    recorded = typed.differing(own) if typed and own and typed.conflict else {}
    synthesis = forms.get("synthesis")
    if synthesis is None:
        synthesis = SynthesisForm(formdata=None, synthesis=diagnostic.synthesis)
    leads = policy.leads(current_user, diagnostic.parcours)
    there = verbs.structures_there(diagnostic.parcours, today())
    mine = policy.structure_ids(current_user)
    return render_template(
        "diagnostics/show.html",
        diagnostic=diagnostic,
        parcours=diagnostic.parcours,
        axes=axes,
        own=own,
        mine=[part for part in diagnostic.contributions if part.structure_id in mine],
        form=typed if writes else None,
        fields=typed.by_axis() if typed and writes else {},
        recorded=recorded,
        unsaved={draft.axis_code: draft for draft in unsaved},
        leads=leads,
        synthesis=synthesis,
        agreement=forms.get("agreement") or AgreementForm(db.session(), formdata=None),
        uninvited=[one for one in there if diagnostic.contribution_of(one.id) is None],
        there={one.id for one in there},
        profile=Profile.of(diagnostic, axes),
        level_names=LEVEL_NAMES,
        mean=mean_text,
        plan=current_plan(db.session(), diagnostic.parcours),
        said=count_about(About.of(diagnostic)),
    )
