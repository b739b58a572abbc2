"""Shared diagnostics: opening, a structure's column, synthesis, agreements."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from flask_login import current_user
from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from wtforms import (
    DateField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from ramsess.actions.diagnostics import NOTHING, AppraisalDraft
from ramsess.forms.base import Form, FormPart, codes
from ramsess.models import Appraisal, Axis, Contribution, Diagnostic, Structure
from ramsess.models.calendar import today
from ramsess.models.diagnostic import LEVELS

LONGEST = 20_000
LEVEL_NAMES = {1: "1 – à construire", 2: "2 – en chantier", 3: "3 – solide", 4: "4 – acquis"}
TEXTS = ("strengths", "weaknesses", "needs")


def whole(value: str) -> int | None:
    """A level as a number; None for no level."""
    return int(value) if value in map(str, LEVELS) else None


class OpenDiagnosticForm(Form):
    """Who contributes."""

    structures = SelectMultipleField("Structures qui contribuent", coerce=int)

    def offer(self, structures: Iterable[Structure], lead_id: int) -> None:
        """Offer the structures that take part, but the référente, which always contributes."""
        self.structures.choices = [(one.id, one.name) for one in structures if one.id != lead_id]
        if not self.is_submitted():
            self.structures.data = [key for key, _ in self.structures.choices]


class InvitationForm(Form):
    """One structure more, or less."""

    structure = IntegerField("Structure", [InputRequired("Choisissez une structure.")])


class AppraisalForm(FormPart):
    """A structure's words on one axis."""

    axis = HiddenField()
    version = HiddenField()
    level = SelectField(
        "Maturité",
        choices=[
            SelectChoice("", "Non évaluée"),
            *(SelectChoice(str(key), name) for key, name in LEVEL_NAMES.items()),
        ],
    )
    strengths = TextAreaField("Points forts", [Length(max=LONGEST)], render_kw={"rows": 2})
    weaknesses = TextAreaField("Points faibles", [Length(max=LONGEST)], render_kw={"rows": 2})
    needs = TextAreaField("Besoins", [Length(max=LONGEST)], render_kw={"rows": 2})

    def draft(self) -> AppraisalDraft:
        """What is said."""
        version, _, digest = (self.version.data or "").partition(".")
        level = whole(self.level.data)
        strengths, weaknesses, needs = (_tidy(self[name].data) for name in TEXTS)
        touched = _digest((level, strengths, weaknesses, needs)) != digest
        return AppraisalDraft(
            self.axis.data or "",
            int(version) if version.isascii() and version.isdigit() and len(version) < 9 else 0,
            level,
            strengths,
            weaknesses,
            needs,
            touched,
        )

    def show(self, said: Appraisal | None) -> None:
        """Fill in what is recorded."""
        self.version.data = seen(said)
        self.level.data = str(said.level or "") if said else ""
        for name in TEXTS:
            self[name].data = getattr(said, name) if said else ""


def seen(said: Appraisal | None) -> str:
    """What a page was looking at: its version and a digest of its words."""
    return f"{said.version}.{_digest(said.said)}" if said else f"0.{_digest(NOTHING)}"


def _digest(said: tuple[int | str | None, ...]) -> str:
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def _tidy(text: str | None) -> str:
    """Lines end as the database keeps them: a browser sends others."""
    return (text or "").replace("\r\n", "\n").strip()


class ContributionForm(Form):
    """A structure's column."""

    structure = IntegerField()
    axes = FieldList(FormField(AppraisalForm), max_entries=40)

    def show(self, contribution: Contribution, axes: Sequence[Axis]) -> None:
        """Fill in what is recorded."""
        self.structure.data = contribution.structure_id
        for axis in axes:
            self.axes.append_entry({"axis": axis.code})
            self.axes[-1].form.show(contribution.on(axis.code))

    def drafts(self) -> list[AppraisalDraft]:
        """What is said of every axis."""
        return [entry.form.draft() for entry in self.axes]

    def by_axis(self) -> dict[str, AppraisalForm]:
        """The fields of each axis."""
        return {entry.form.axis.data: entry.form for entry in self.axes}

    def differing(self, contribution: Contribution) -> dict[str, Appraisal]:
        """After a conflict: what is recorded of the axes that were changed here and there.

        Their fields keep what was typed, as somebody who has now seen what is recorded; those that
        were not touched show what is recorded.
        """
        found = {}
        for entry in self.axes:
            draft, there = entry.form.draft(), contribution.on(entry.form.axis.data or "")
            if not draft.touched:
                entry.form.show(there)
            elif there and there.said != draft.said and there.version != draft.version:
                found[there.axis_code] = there
                entry.form.version.data = seen(there)
        return found


class SynthesisForm(Form):
    """What the référente draws from all the columns."""

    synthesis = TextAreaField("Synthèse", [Length(max=LONGEST)], render_kw={"rows": 9})

    def text(self) -> str:
        """What is said."""
        return _tidy(self.synthesis.data)


class AgreementForm(Form):
    """When and how the beneficiary agreed."""

    agreed_on = DateField("Accord donné le", [InputRequired("Indiquez une date.")])
    manner = SelectField("De quelle manière")

    def __init__(self, session: Session, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The link notes its own agreement.
        self.manner.choices = [
            item for item in codes(session, "agreement_manners") if item[0] != "LIEN"
        ]
        if self.agreed_on.data is None and not self.agreed_on.raw_data:
            self.agreed_on.data = today()


class WordingForm(Form):
    """Agreement with what is shown; *wording* is what was read."""

    wording = IntegerField(validators=[Optional()])
    structure = IntegerField(validators=[Optional()])


def axes_of(session: Session, diagnostics: Iterable[Diagnostic]) -> list[Axis]:
    """The axes open today, and those that the diagnostics speak of, in order."""
    used = {
        said.axis_code
        for diagnostic in diagnostics
        for part in diagnostic.contributions
        for said in part.appraisals
    }
    return list(
        session.scalars(
            select(Axis)
            .where(or_(Axis.valid_to.is_(None), Axis.valid_to >= today(), Axis.code.in_(used)))
            .order_by(Axis.position, Axis.code)
        )
    )


def own_structure(diagnostic: Diagnostic, asked: str | None, session_choice: int | None) -> int:
    """The structure whose column one writes: the one asked for, else worked for, else the first.

    0 when none of the account's structures contributes.
    """
    mine = {one.id: one for one in current_user.structures("adviser", "manager")}
    own = [part for part in diagnostic.contributions if part.structure_id in mine]
    for part in own:
        if mine[part.structure_id].code == asked:
            return part.structure_id
    ids = [part.structure_id for part in own]
    if session_choice in ids:
        return int(session_choice or 0)
    return ids[0] if ids else 0
