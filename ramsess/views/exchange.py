"""Handing in workbooks and spreadsheets: checked in the background, written when confirmed."""

from __future__ import annotations

import io
from pathlib import Path
from uuid import UUID

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from ramsess import policy
from ramsess.actions.auditing import shown
from ramsess.actions.history import changes_of, obstacles
from ramsess.actions.refusals import RefusedError
from ramsess.database import db
from ramsess.exchange import container, jobs
from ramsess.exchange.container import MAX_BYTES, NotAWorkbookError
from ramsess.exchange.deposit import Deposit
from ramsess.exchange.importing import Importing, open_import
from ramsess.exchange.reader import is_text
from ramsess.exchange.template import write_template
from ramsess.forms.exchange import MOST_FILES, DepositForm, headings_form
from ramsess.models import Import, Structure
from ramsess.models.imports import RUNNING, STATES
from ramsess.views.exchange_pages import FATE_WORDS, FATES, Lines, doubts_of, effects_of
from ramsess.views.guard import action

blueprint = Blueprint("exchange", __name__, url_prefix="/classeurs")

SHOWN_REMARKS = 200
SHOWN_IMPORTS = 50
# Seconds: work that ends within them is answered at once.
PATIENCE = 1.5
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AWAITED = ("asking", "refused", "checked", "interrupted", "failed")


@blueprint.url_value_preprocessor
def _let_several_files_in(_endpoint: str | None, _values: dict[str, object] | None) -> None:
    """Lift the limit of one file for those who may hand in several; before the form is read."""
    if policy.may(current_user, "import_workbook"):
        request.max_content_length = most_files() * (MAX_BYTES + 4096)


def folder() -> Path:
    """Where what is handed in waits."""
    return Path(current_app.config["SETTINGS"].instance) / "deposits"


def most_files() -> int:
    """How many files the person may hand in at once: a workbook a structure."""
    if current_user.holds("coordinator"):
        return MOST_FILES
    return max(1, len(policy.structure_ids(current_user)))


def visible_import(public_id: UUID) -> Import:
    """The import of that random identifier, that the person may see."""
    record = db.session.scalar(
        select(Import).where(Import.public_id == public_id, policy.imports_seen(current_user))
    )
    if record is None:
        abort(404)
    return record


def kept(record: Import) -> Deposit:
    """What is kept of an import."""
    return Deposit(folder(), record.public_id)


def begin(record: Import, step: str, *, state: str, after: tuple[str, ...]) -> ResponseReturnValue:
    """Do a step of an import in the background, and go to its page; at once when it is short."""
    work = getattr(Importing(current_user.id, kept(record)), step)
    # The thread opens a context of its own: it must not be the request's.
    application = current_app._get_current_object()  # type: ignore[attr-defined]  # of the proxy
    thread = jobs.start(application.app_context, record.id, work, state=state, after=after)
    if thread is not None:
        thread.join(PATIENCE)
    return redirect(url_for("exchange.show", public_id=record.public_id))


@blueprint.get("")
@action("see_imports")
def index() -> ResponseReturnValue:
    """The form, the template to download, and the imports made so far."""
    return _index(DepositForm(most_files()))


def _index(form: DepositForm) -> str:
    records = db.session.scalars(
        select(Import)
        .where(policy.imports_seen(current_user))
        .order_by(Import.at.desc())
        .limit(SHOWN_IMPORTS)
    ).all()
    names = {item.id: item.code for item in db.session.scalars(select(Structure))}
    return render_template(
        "exchange/index.html",
        form=form,
        records=[(record, state_of(record)) for record in records],
        codes=names,
        states=STATES,
    )


def state_of(record: Import) -> str:
    """How far the import is; interrupted when nothing works on it any more."""
    return "interrupted" if jobs.interrupted(db.session(), record) else record.state


@blueprint.post("")
@action("import_workbook")
def check() -> ResponseReturnValue:
    """Take the files in, and begin to check them."""
    form = DepositForm(most_files())
    if not form.validate_on_submit():
        return _index(form), 422
    for file in form.files.data:
        try:
            if not is_text(file.filename):
                container.check(file.stream)
        except NotAWorkbookError as refusal:
            form.files.errors = [*form.files.errors, f"{file.filename} : {refusal}"]
        file.stream.seek(0)
    if form.files.errors:
        return _index(form), 422
    try:
        record = open_import(
            db.session(),
            current_user,
            folder(),
            [(file.stream, file.filename) for file in form.files.data],
        )
    except RefusedError as refusal:
        db.session.rollback()
        form.files.errors = [str(refusal)]
        return _index(form), 422
    db.session.commit()
    return begin(record, "check", state="checking", after=("checking",))


@blueprint.get("/<uuid:public_id>")
@action("see_imports")
def show(public_id: UUID) -> ResponseReturnValue:
    """How far an import is; what it asks, what is wrong in it, or what it will write."""
    record = visible_import(public_id)
    state, deposit = state_of(record), kept(record)
    if state == "asking" and record.counts.get("table"):
        return redirect(url_for("recipes.columns", public_id=public_id))
    shown(db.session(), "read_import", record=record.public_id)
    # While something works on it, what is kept may be of now or of before.
    found = {} if state in RUNNING else deposit.get("remarks") or {}
    remarks = {"problems": [], "notices": [], **found}
    doubts = doubts_of(deposit) if state == "asking" else []
    return render_template(
        "exchange/show.html",
        record=record,
        state=state,
        states=STATES,
        files=[name for _, name in deposit.files()],
        problems=remarks["problems"][:SHOWN_REMARKS],
        notices=remarks["notices"][:SHOWN_REMARKS],
        marked=[
            (number, name)
            for number, (_, name) in enumerate(deposit.files())
            if state == "refused" and deposit.marked(number)
        ],
        lines=Lines((state not in RUNNING and deposit.get("preview")) or [], request.args),
        form=headings_form(doubts) if doubts else None,
        fates=FATES,
        fate_words=FATE_WORDS,
    ), 422 if state == "refused" else 200


@blueprint.get("/<uuid:public_id>/avancement")
@action("see_imports")
def progress(public_id: UUID) -> ResponseReturnValue:
    """How far an import is, for the script of its page."""
    record = visible_import(public_id)
    running = record.running and state_of(record) == record.state
    return jsonify(
        running=running, step=record.step, done=record.done, total=record.total
    )  # fmt: skip


@blueprint.post("/<uuid:public_id>/titres")
@action("import_workbook")
def headings(public_id: UUID) -> ResponseReturnValue:
    """Say what doubtful headings are, and check again."""
    record = visible_import(public_id)
    deposit = kept(record)
    doubts = doubts_of(deposit)
    if not doubts:
        return redirect(url_for("exchange.show", public_id=public_id))
    form = headings_form(doubts)
    if not form.validate_on_submit():
        flash("Dites ce que contient chaque colonne.", "error")
        return redirect(url_for("exchange.show", public_id=public_id))
    said = deposit.get("headings") or {}
    for number, sheets in form.answers().items():
        for sheet, titles in sheets.items():
            said.setdefault(number, {}).setdefault(sheet, {}).update(titles)
    deposit.put("headings", said)
    return begin(record, "check", state="checking", after=("asking",))


@blueprint.post("/<uuid:public_id>")
@action("import_workbook")
def confirm(public_id: UUID) -> ResponseReturnValue:
    """Write what was checked, all or nothing."""
    record = visible_import(public_id)
    if not kept(record).files():
        flash("Ces fichiers sont trop anciens : remettez-les.", "warning")
        return redirect(url_for("exchange.index"))
    return begin(record, "write", state="writing", after=("checked",))


@blueprint.post("/<uuid:public_id>/reprendre")
@action("import_workbook")
def resume(public_id: UUID) -> ResponseReturnValue:
    """Check again what was interrupted."""
    record = visible_import(public_id)
    if not kept(record).files() or state_of(record) not in ("interrupted", "failed"):
        flash("Ces fichiers sont trop anciens : remettez-les.", "warning")
        return redirect(url_for("exchange.index"))
    return begin(record, "check", state="checking", after=("interrupted", "failed", *RUNNING))


@blueprint.post("/<uuid:public_id>/abandonner")
@action("import_workbook")
def drop(public_id: UUID) -> ResponseReturnValue:
    """Forget what was handed in, of which nothing is written."""
    record = visible_import(public_id)
    if state_of(record) in AWAITED:
        kept(record).discard()
        record.state = "dropped"
        db.session.commit()
        flash("Cet import est abandonné : rien n’en est enregistré.", "info")
    return redirect(url_for("exchange.index"))


@blueprint.get("/<uuid:public_id>/annulation")
@action("import_workbook")
def undoing(public_id: UUID) -> ResponseReturnValue:
    """What taking an import back would do, and what prevents it."""
    record = visible_import(public_id)
    if record.state != "written" or record.operation is None:
        flash("Cet import n’est pas à annuler.", "info")
        return redirect(url_for("exchange.show", public_id=public_id))
    changes = changes_of(db.session(), record.operation)
    return render_template(
        "exchange/undo.html",
        record=record,
        effects=effects_of(changes),
        obstacles=obstacles(db.session(), changes),
    )


@blueprint.post("/<uuid:public_id>/annulation")
@action("import_workbook")
def undo(public_id: UUID) -> ResponseReturnValue:
    """Take an import back, all of it or nothing."""
    record = visible_import(public_id)
    if record.operation is None:
        return redirect(url_for("exchange.show", public_id=public_id))
    return begin(record, "undo", state="undoing", after=("written",))


@blueprint.get("/<uuid:public_id>/a-corriger.xlsx")
@action("see_imports")
def marked(public_id: UUID) -> ResponseReturnValue:
    """A copy of what was handed in, with the faulty cells marked."""
    record = visible_import(public_id)
    asked = request.args.get("fichier", "0")
    number = int(asked) if asked in {str(one) for one in range(MOST_FILES)} else 0
    copy = kept(record).marked(number)
    if copy is None:
        flash("Ce fichier n’est plus là : remettez le vôtre.", "warning")
        return redirect(url_for("exchange.show", public_id=public_id))
    shown(db.session(), "read_import", record=record.public_id)
    name = Path(kept(record).files()[number][1]).stem
    return send_file(
        copy, mimetype=XLSX, as_attachment=True, download_name=f"{name} - à corriger.xlsx"
    )


@blueprint.get("/modele.xlsx")
@action("import_workbook")
def template() -> ResponseReturnValue:
    """The empty workbook, with the structure filled in for who has only one."""
    codes = set() if current_user.holds("coordinator") else policy.structure_codes(current_user)
    code = next(iter(codes)) if len(codes) == 1 else None
    target = io.BytesIO()
    write_template(db.session(), target, code)
    target.seek(0)
    name = f"classeur-ramsess-{code.lower()}.xlsx" if code else "classeur-ramsess.xlsx"
    return send_file(target, mimetype=XLSX, as_attachment=True, download_name=name)
