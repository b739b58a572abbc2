"""Saying how a structure's own spreadsheet is read, and the readings that it keeps."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from ramsess import policy
from ramsess.actions.auditing import note
from ramsess.actions.mappings import keep_mapping
from ramsess.database import db
from ramsess.exchange import recipe
from ramsess.exchange.deposit import Deposit
from ramsess.exchange.lists import lists_of
from ramsess.exchange.reader import read_table
from ramsess.exchange.recipe import Recipe
from ramsess.exchange.workbook import Sheet
from ramsess.forms.exchange import RecipeForm, TargetForm, recipe_form
from ramsess.models import Mapping as KeptMapping
from ramsess.models import Structure
from ramsess.views.exchange import begin, kept, visible_import
from ramsess.views.guard import action

blueprint = Blueprint("recipes", __name__, url_prefix="/classeurs")

SAMPLES = 3
# Of what is not written yet, the columns may be said again.
READ_AGAIN = ("asking", "refused", "checked")


@blueprint.get("/<uuid:public_id>/colonnes")
@action("map_spreadsheets")
def columns(public_id: UUID) -> ResponseReturnValue:
    """Say what the spreadsheet lists, then what each of its columns is."""
    deposit, table = _table(public_id)
    if table is None:
        return redirect(url_for("exchange.index"))
    target = _target(request.args)
    if not request.args and (said := deposit.get("recipe")):
        known = Recipe(**said)
        target = _target({"structure": known.structure, "sheet": known.sheet})
    elif request.args and target.validate():
        known = recipe.proposed(table, target.structure.data, target.sheet.data)
    else:
        return render_template("exchange/target.html", form=target, record=public_id, table=table)
    return _page(public_id, table, known, _form(table, known, known))


@blueprint.post("/<uuid:public_id>/colonnes")
@action("map_spreadsheets")
def read_so(public_id: UUID) -> ResponseReturnValue:
    """Check the spreadsheet, read as said; or ask for the codes that its words stand for."""
    deposit, table = _table(public_id)
    target = _target(request.args)
    if table is None or not target.validate():
        return redirect(url_for("exchange.index"))
    structure, sheet = target.structure.data, target.sheet.data
    blank = Recipe(structure, sheet)
    known = _form(table, blank, None).recipe(structure, sheet)
    form = _form(table, known, known)
    missing = [column.name for column in known.missing()]
    asked = [name for words in form.words.values() for _, _, name in words]
    if missing or not set(asked) <= set(request.form) or not form.validate_on_submit():
        if missing:
            form.form_errors.append(f"Dites où lire : {', '.join(missing)}.")
        return _page(public_id, table, known, form), 422 if missing else 200
    made = form.recipe(structure, sheet)
    deposit.put("recipe", vars(made))
    if name := (form.name.data or "").strip():
        keep_mapping(
            db.session(),
            next(one.id for one in current_user.structures() if one.code == structure),
            name,
            sheet=sheet,
            headings=recipe.headings_of(table),
            columns=made.columns,
            codes=made.codes,
        )
    record = visible_import(public_id)
    db.session.commit()
    return begin(record, "check", state="checking", after=READ_AGAIN)


@blueprint.get("/lectures")
@action("map_spreadsheets")
def index() -> ResponseReturnValue:
    """The readings that one's structures keep."""
    found = db.session.execute(
        select(KeptMapping, Structure.name)
        .join(Structure, Structure.id == KeptMapping.structure_id)
        .where(KeptMapping.structure_id.in_(policy.structure_ids(current_user)))
        .order_by(Structure.name, KeptMapping.name)
    ).all()
    return render_template("exchange/recipes.html", found=found)


@blueprint.post("/lectures/<uuid:mapping_id>/retirer")
@action("map_spreadsheets")
def remove(mapping_id: UUID) -> ResponseReturnValue:
    """Keep a reading no longer."""
    mapping = db.session.scalar(
        select(KeptMapping).where(
            KeptMapping.public_id == mapping_id,
            KeptMapping.structure_id.in_(policy.structure_ids(current_user)),
        )
    )
    if mapping is None:
        abort(404)
    note(db.session(), "remove_mapping", structure_id=mapping.structure_id, record=mapping_id)
    db.session.delete(mapping)
    db.session.commit()
    flash("Cette lecture n’est plus gardée.", "info")
    return redirect(url_for("recipes.index"))


def _table(public_id: UUID) -> tuple[Deposit, Sheet | None]:
    """The spreadsheet that was handed in; None when it is none, or no longer there."""
    record = visible_import(public_id)
    deposit = kept(record)
    files = deposit.files()
    if len(files) != 1 or not record.counts.get("table") or record.state not in READ_AGAIN:
        return deposit, None
    return deposit, recipe.table_of(read_table(*files[0]))


def _target(said: Mapping[str, str]) -> TargetForm:
    form = TargetForm(formdata=None, data=dict(said)) if not request.args else TargetForm(said)
    form.structure.choices = sorted(
        (structure.code, structure.name)
        for structure in current_user.structures("adviser", "manager")
    )
    return form


def _form(table: Sheet, known: Recipe, chosen: Recipe | None) -> RecipeForm:
    """The form, with the words to give a code to once the columns are *chosen*."""
    lists = lists_of(db.session(), known)
    words = recipe.words(table, chosen, lists) if chosen else {}
    for column, met in words.items():
        said = known.codes.setdefault(column, {})
        for word in met:
            said.setdefault(word, recipe.guessed(word, lists[column]) or "?")
    return recipe_form(known.expected, recipe.titles_of(table), lists, known, words)


def _page(public_id: UUID, table: Sheet, known: Recipe, form: RecipeForm) -> str:
    samples = {
        title: [
            str(row.cells[index])
            for row in table.rows[1 : SAMPLES + 1]
            if index < len(row.cells) and row.cells[index] is not None
        ]
        for index, title in enumerate(map(str, table.rows[0].cells))
    }
    return render_template(
        "exchange/columns.html",
        form=form,
        known=known,
        record=public_id,
        samples=samples,
        rows=len(table.rows) - 1,
    )
