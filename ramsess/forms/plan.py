"""Accompaniment plans: drawing up, actions, revision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy.orm import Session
from wtforms import (
    DateField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from ramsess.actions.plans import LONGEST_OBJECTIVE, MOST_ACTS, ActionDraft, Need
from ramsess.forms.act import act_type_choices
from ramsess.forms.base import DurationField, Form, RecordForm, codes
from ramsess.models import PlanAction, Structure
from ramsess.models.calendar import today
from ramsess.models.plan import STATES

USUAL_MONTHS = 3
STATE_CHOICES = [SelectChoice(code, name) for code, name in STATES.items()]
REVIEW = "Prochain point d’étape"
OBJECTIVE = Length(max=LONGEST_OBJECTIVE, message="Cinq cents signes au plus.")


def months_from(day: dt.date, months: int) -> dt.date:
    """The same day some months later, or that month's last."""
    month = day.month - 1 + months
    first = dt.date(day.year + month // 12, month % 12 + 1, 1)
    following = (first + dt.timedelta(days=31)).replace(day=1)
    return min(first.replace(day=1) + dt.timedelta(days=day.day - 1), following - dt.timedelta(1))


class DrawUpForm(Form):
    """The needs to start from, one due date for all, the day of the first review."""

    needs = SelectMultipleField("Besoins à reprendre")
    due_on = DateField(
        "Échéance de ces actions",
        [InputRequired("Indiquez une date.")],
        description="La même pour commencer : vous préciserez chaque action ensuite.",
    )
    review_on = DateField(REVIEW, [Optional()])

    def __init__(self, needs: Sequence[Need], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.proposed = {need.key: need for need in needs}
        self.needs.choices = [(need.key, need.text) for need in needs]
        if not self.is_submitted():
            self.needs.data = list(self.proposed)
            self.due_on.data = months_from(today(), USUAL_MONTHS)
            self.review_on.data = months_from(today(), USUAL_MONTHS)

    def drafts(self) -> list[ActionDraft]:
        """An action for each need that is kept."""
        return [
            ActionDraft(
                objective=_in_short(need.text),
                structure_id=need.structure_id,
                due_on=self.due_on.data,
                axis_code=need.axis_code,
            )
            for key, need in self.proposed.items()
            if key in (self.needs.data or ())
        ]


def _in_short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST_OBJECTIVE else plain[: LONGEST_OBJECTIVE - 1] + "…"


class ReviseForm(Form):
    """What a review showed, and the next one's day."""

    reason = TextAreaField(
        "Ce que le point d’étape a montré", [Length(max=20_000)], render_kw={"rows": 4}
    )
    review_on = DateField(REVIEW, [Optional()])


class PlanActionForm(RecordForm):
    """An action of a plan."""

    objective = TextAreaField(
        "Objectif", [InputRequired("Indiquez l’objectif."), OBJECTIVE], render_kw={"rows": 3}
    )
    structure = SelectField("Structure responsable", coerce=int)
    due_on = DateField("Échéance", [InputRequired("Indiquez une échéance.")])
    axis = SelectField("Axe")
    type = SelectField("Type d’acte")
    planned_acts = IntegerField(
        "Actes prévus",
        [Optional(), NumberRange(0, MOST_ACTS, "Entre 0 et 1 000 actes.")],
        default=1,
    )
    planned_minutes = DurationField("Temps prévu en tout", description="3h, 1h30 ou 45 min.")
    state = SelectField("État", choices=STATE_CHOICES)
    closed_on = DateField("Faite ou abandonnée le", [Optional()], description="Vide : aujourd’hui.")

    def __init__(
        self, session: Session, structures: Iterable[Structure], action: PlanAction | None = None
    ) -> None:
        super().__init__()
        known = {one.id: one.name for one in structures}
        if action:
            known.setdefault(action.structure_id, action.structure.name)
        self.structure.choices = list(known.items())
        self.axis.choices = codes(session, "axes", "Non précisé")
        present = action.type_code if action else None
        self.type.choices = [
            ("", "Non précisé"),
            *act_type_choices(session, ("I", "C"), present),
        ]
        if not self.is_submitted() and action is None:
            self.due_on.data = months_from(today(), USUAL_MONTHS)

    def show(self, action: PlanAction) -> None:
        """Fill in what is recorded."""
        for name in ("objective", "due_on", "planned_acts", "planned_minutes", "state",
                     "closed_on"):  # fmt: skip
            self[name].data = getattr(action, name)
        self.structure.data = action.structure_id
        self.axis.data, self.type.data = action.axis_code or "", action.type_code or ""

    def draft(self) -> ActionDraft:
        """What is said."""
        return ActionDraft(
            objective=self.objective.data or "",
            structure_id=self.structure.data,
            due_on=self.due_on.data,
            axis_code=self.axis.data or None,
            type_code=self.type.data or None,
            planned_acts=self.planned_acts.data or 0,
            planned_minutes=self.planned_minutes.data or 0,
            state=self.state.data,
            closed_on=self.closed_on.data,
        )


class StateForm(Form):
    """Another state for an action, in one click."""

    state = SelectField("État", choices=STATE_CHOICES)
