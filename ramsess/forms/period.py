"""Periods: what is opened and for when, what is handed in, sent back, commented, consolidated."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from flask import request
from wtforms import BooleanField, DateField, HiddenField, SelectField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import Length, Optional

from ramsess.actions.periods import Slot
from ramsess.actions.table_comments import Said, mark_of
from ramsess.forms.base import Form
from ramsess.models import ReportingPeriod, Structure

LONGEST_WORD, LONGEST_COMMENT = 5000, 8000
NOBODY = "N’y nommez aucune personne accompagnée."


class OpeningForm(Form):
    """The due date of each quarter of a year, and of the year; none: not opened."""

    t1 = DateField("1er trimestre", [Optional()])
    t2 = DateField("2e trimestre", [Optional()])
    t3 = DateField("3e trimestre", [Optional()])
    t4 = DateField("4e trimestre", [Optional()])
    annee = DateField("Année entière", [Optional()])

    def show(self, slots: Sequence[Slot], there: Mapping[str, ReportingPeriod]) -> None:
        """Fill in what is open; of a year of which nothing is, the usual dates."""
        for slot in slots:
            period = there.get(slot.name)
            self[slot.name].data = period.due_on if period else None if there else slot.usual_due

    def due(self, slots: Sequence[Slot]) -> dict[str, dt.date | None]:
        """What was asked."""
        return {slot.name: self[slot.name].data for slot in slots}

    @staticmethod
    def seen(slots: Sequence[Slot]) -> dict[str, int]:
        """The version of each that its author was looking at."""
        return {slot.name: request.form.get(f"vu-{slot.name}", 0, type=int) for slot in slots}


class HandInForm(Form):
    """A structure hands in, with a word to the coordinator if it likes."""

    structure = HiddenField()
    remark = TextAreaField(
        "Un mot pour la coordination (facultatif)",
        [Length(max=LONGEST_WORD)],
        description=NOBODY,
        render_kw={"rows": 3},
    )


class SendBackForm(Form):
    """What a structure should look at again."""

    structure = SelectField("Structure")
    remark = TextAreaField(
        "Ce qu’elle doit revoir",
        [Length(max=LONGEST_WORD)],
        description=f"Lu par toute la structure. {NOBODY}",
        render_kw={"rows": 4},
    )

    def offer(self, structures: Iterable[Structure]) -> None:
        """Those that have handed in."""
        self.structure.choices = [SelectChoice(one.code, one.name) for one in structures]


class ConsolidateForm(Form):
    """Without those that have not handed in, when she says so."""

    confirmed = BooleanField("Consolider sans elles : le bilan les nommera")


class CommentsForm(Form):
    """What is said of each table: all of it is sent together, so that nothing typed is lost."""

    def said(self, tables: Iterable[str]) -> dict[str, Said]:
        """What was typed of the *tables*."""
        return {
            one: Said(request.form[f"texte-{one}"], request.form.get(f"vu-{one}", ""))
            for one in tables
            if f"texte-{one}" in request.form
        }

    @staticmethod
    def too_long(said: Mapping[str, Said]) -> set[str]:
        """The tables of which too much is said."""
        return {one for one, item in said.items() if len(item.text) > LONGEST_COMMENT}


def marks(texts: Mapping[str, str], tables: Iterable[str]) -> dict[str, str]:
    """What a form carries of the texts that it shows."""
    return {one: mark_of(texts.get(one, "")) for one in tables}
