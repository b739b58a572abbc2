"""Handing in exchange workbooks: checked at once, written when a person confirms."""

from __future__ import annotations

import io
from pathlib import Path

from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ramsess import policy
from ramsess.database import db
from ramsess.exchange import deposit
from ramsess.exchange.applying import import_workbooks
from ramsess.exchange.container import MAX_BYTES
from ramsess.exchange.template import write_template
from ramsess.forms.exchange import MOST_FILES, ConfirmForm, DepositForm
from ramsess.views.guard import action

blueprint = Blueprint("exchange", __name__, url_prefix="/classeurs")

SHOWN_PROBLEMS = 200
SHOWN_NOTICES = 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.url_value_preprocessor
def _let_several_files_in(_endpoint: str | None, _values: dict[str, object] | None) -> None:
    """Lift the limit of one file for those who may hand in several; before the form is read."""
    if policy.may(current_user, "import_workbook"):
        request.max_content_length = MOST_FILES * MAX_BYTES


def _folder() -> Path:
    return Path(current_app.config["SETTINGS"].instance) / "deposits"


def _allowed() -> set[str] | None:
    """The structures whose workbooks the person may hand in; None for all of them."""
    if current_user.holds("coordinator"):
        return None
    return {structure.code for structure in current_user.structures("manager")}


@blueprint.get("")
@action("import_workbook")
def index() -> ResponseReturnValue:
    """The form, and the template to download."""
    return render_template("exchange/deposit.html", form=DepositForm())


@blueprint.post("")
@action("import_workbook")
def check() -> ResponseReturnValue:
    """Check the workbooks: show what is wrong, or what will be written."""
    form = DepositForm()
    if not form.validate_on_submit():
        return render_template("exchange/deposit.html", form=form), 422
    token = deposit.keep(
        _folder(), current_user.id, [(file.stream, file.filename) for file in form.files.data]
    )
    files = deposit.find(_folder(), current_user.id, token)
    result = import_workbooks(db.session(), files, dry_run=True, allowed=_allowed())
    db.session.rollback()
    if not result.accepted:
        deposit.discard(_folder(), token)
    return render_template(
        "exchange/checked.html",
        result=result,
        token=token,
        form=ConfirmForm(),
        problems=result.problems[:SHOWN_PROBLEMS],
        notices=result.notices[:SHOWN_NOTICES],
    ), 200 if result.accepted else 422


@blueprint.post("/<token>")
@action("import_workbook")
def confirm(token: str) -> ResponseReturnValue:
    """Write the workbooks checked before, all or nothing."""
    files = deposit.find(_folder(), current_user.id, token)
    if not ConfirmForm().validate_on_submit() or not files:
        flash("Ces classeurs sont déjà enregistrés, ou trop anciens : remettez-les.", "warning")
        return redirect(url_for("exchange.index"))
    result = import_workbooks(db.session(), files, allowed=_allowed())
    if result.accepted:
        db.session.commit()
    else:
        db.session.rollback()
    deposit.discard(_folder(), token)
    return render_template(
        "exchange/checked.html",
        result=result,
        written=result.accepted,
        problems=result.problems[:SHOWN_PROBLEMS],
        notices=result.notices[:SHOWN_NOTICES],
    ), 200 if result.accepted else 422


@blueprint.get("/modele.xlsx")
@action("import_workbook")
def template() -> ResponseReturnValue:
    """The empty workbook, with the structure filled in for who has only one."""
    codes = _allowed() or set()
    code = next(iter(codes)) if len(codes) == 1 else None
    target = io.BytesIO()
    write_template(db.session(), target, code)
    target.seek(0)
    name = f"classeur-ramsess-{code.lower()}.xlsx" if code else "classeur-ramsess.xlsx"
    return send_file(target, mimetype=XLSX, as_attachment=True, download_name=name)
