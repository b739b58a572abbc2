"""« Ce qui manque avant de rendre »: by structure and adviser, each line to its records."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from ramsess import policy
from ramsess.database import db
from ramsess.forms.report import PeriodForm, usual_periods
from ramsess.models import Adviser, Structure
from ramsess.models.calendar import today
from ramsess.reports.missing import Progress, Scope, Survey
from ramsess.reports.period import Period
from ramsess.views.guard import action
from ramsess.views.noting import show_list
from ramsess.views.quality_rows import rows
from ramsess.views.reminder import remember_count

blueprint = Blueprint("quality", __name__, url_prefix="/qualite")

LISTED = 50
# What the list shows when its address does not say.
FIRST = "birth_date"
# An adviser who records no act has none to complete.
NOBODY = -1


@dataclass(frozen=True)
class Choice:
    """Whose records are shown: a structure's (none: the network's), an adviser's of it.

    *whole*: everything that is missing in the structure, and not one's own alone. *named*: who
    looks sees people.
    """

    structure: Structure | None
    adviser: Adviser | None
    whole: bool
    named: bool

    @property
    def scope(self) -> Scope:
        """The records."""
        nobody = None if self.whole else NOBODY
        return Scope(
            self.structure.code if self.structure else None,
            self.adviser.id if self.adviser else nobody,
        )

    @property
    def query(self) -> dict[str, Any]:
        """What an address says of it."""
        return {
            "structure": self.structure.code if self.structure else "",
            "conseiller": self.adviser.public_id if self.adviser and self.whole else None,
        }


@blueprint.get("")
@action("see_quality")
def index() -> ResponseReturnValue:
    """How far one is, what is missing, what should be checked."""
    form, choice = _form(), _choice()
    if not form.validate():
        return _page(form, choice), 422
    survey = Survey.of(db.engines["report"], form.period)
    if form.period == Period.of_year(today().year):
        remember_count(survey)
    return _page(
        form,
        choice,
        period=form.period,
        progress=survey.progress([choice.scope]),
        to_complete=survey.to_complete(choice.scope),
        to_check=survey.to_check(choice.scope),
        parts=_parts(survey, choice),
    )


@blueprint.get("/fiches")
@action("see_quality")
def records() -> ResponseReturnValue:
    """The records behind a line, those entered last first."""
    form, choice = _form(), _choice()
    page = request.args.get("page", 1, type=int)
    if not form.validate() or page < 1:
        abort(404)
    line = Survey.of(db.engines["report"], form.period).line(
        choice.scope, request.args.get("champ", FIRST)
    )
    if line is None:
        abort(404)
    shown = line.records.iloc[(page - 1) * LISTED : page * LISTED]
    if choice.structure and choice.named:
        show_list("read_quality", structure_id=choice.structure.id)
    return render_template(
        "quality/records.html",
        choice=choice,
        line=line,
        rows=rows(line, shown, named=choice.named),
        page=page,
        pages=max(1, -(-line.count // LISTED)),
        period=form.period,
        first=(page - 1) * LISTED + 1,
    )


def _form() -> PeriodForm:
    year = Period.of_year(today().year)
    asked = request.args.to_dict()
    return PeriodForm(
        formdata=type(request.args)(
            {
                "debut": asked.get("debut", year.first.isoformat()),
                "fin": asked.get("fin", year.last.isoformat()),
            }
        )
    )


def _structures() -> list[Structure]:
    """Those of which one may look at something."""
    if policy.spans_network(current_user, "see_quality"):
        return list(db.session.scalars(select(Structure).order_by(Structure.name)))
    return list(current_user.structures("adviser", "manager"))


def _choice() -> Choice:
    """What the address asks for; what one may not see does not exist (404)."""
    structures = _structures()
    network = policy.spans_network(current_user, "see_quality")
    asked = request.args.get("structure", "")
    found = [one for one in structures if one.code == asked]
    if (asked and not found) or not structures:
        abort(404)
    if not asked and network:
        return Choice(None, None, whole=True, named=False)
    structure = found[0] if found else structures[0]
    named = structure.id in policy.structure_ids(current_user)
    whole = policy.may_survey(current_user, structure)
    adviser = current_user.adviser
    if whole:
        wanted = request.args.get("conseiller", type=uuid.UUID)
        adviser = None
        if wanted:
            adviser = db.session.scalar(select(Adviser).where(Adviser.public_id == wanted))
            if adviser is None or not named:
                abort(404)
    return Choice(structure, adviser, whole=whole, named=named)


@dataclass(frozen=True)
class Part:
    """A structure of the network, or an adviser of the structure, and how far it is."""

    name: str
    query: dict[str, Any]
    progress: Progress


def _parts(survey: Survey, choice: Choice) -> list[Part]:
    """By name, never by how much is missing."""
    if choice.structure is None:
        return [
            Part(one.name, {"structure": one.code}, progress)
            for one in _structures()
            if (progress := survey.progress([Scope(one.code)])).total
        ]
    if not choice.named or not choice.whole or choice.adviser:
        return []
    code = choice.structure.code
    advisers = db.session.scalars(
        select(Adviser)
        .where(Adviser.id.in_(survey.advisers(code)))
        .order_by(Adviser.last_name, Adviser.first_name)
    )
    return [
        Part(
            one.name,
            {"structure": code, "conseiller": one.public_id},
            survey.progress([Scope(code, one.id)]),
        )
        for one in advisers
    ]


def _page(form: PeriodForm, choice: Choice, **shown: Any) -> str:
    return render_template(
        "quality/index.html",
        form=form,
        choice=choice,
        structures=_structures(),
        network=policy.spans_network(current_user, "see_quality"),
        periods=usual_periods(),
        **shown,
    )
