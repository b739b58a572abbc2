"""Corrections of what is sealed: what should have been, and why."""

from __future__ import annotations

from typing import Any

from flask_login import current_user
from sqlalchemy.orm import Session
from wtforms import (
    DateField,
    FieldList,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional

from ramsess.actions.acts import people_noted
from ramsess.actions.corrections import CorrectionDraft
from ramsess.actions.refusals import Checks
from ramsess.forms.act import act_type_choices
from ramsess.forms.base import DurationField, RecordForm, codes
from ramsess.forms.choices import choose_parcours, structure_choices
from ramsess.models import Act, Parcours
from ramsess.models.correction import FORGOTTEN

# The fields that a kind of correction asks for, beside the structure and why.
ASKED = {
    "date": ("day",),
    "type": ("code",),
    "duration": ("minutes",),
    "scheme": ("code",),
    "act_parcours": ("parcours",),
    "heads": ("count",),
    "attendance": ("count",),
    "entry": ("day",),
    "exit": ("day",),
    "parcours_other": ("words",),
    FORGOTTEN: ("day", "code", "minutes", "scheme", "count"),
}


class CorrectionForm(RecordForm):
    """What should have been: the fields of one kind of correction; *fields* names them in order."""

    kind = HiddenField()
    day = DateField("Date exacte", [Optional()])
    code = SelectField("Type d’acte exact", validate_choice=False)
    minutes = FieldList(DurationField("Durée exacte"), min_entries=0, max_entries=40)
    scheme = SelectField("Dispositif", default="DRA", validate_choice=False)
    parcours = StringField(
        "Parcours exact",
        description="Référence, personne ou projet ; vide : aucun parcours.",
        render_kw={"data-suggest": "/recherche/parcours", "autocomplete": "off"},
    )
    count = IntegerField("Nombre exact", [Optional()], render_kw={"inputmode": "numeric"})
    words = TextAreaField("Ce qui aurait dû être noté", render_kw={"rows": 3})
    structure = SelectField("Pour", coerce=int)
    reason = TextAreaField(
        "Pourquoi",
        description="Ce motif reste avec la correction : on n’y revient plus. Ne nommez personne.",
        render_kw={"rows": 3},
    )

    def __init__(self, session: Session, kind: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.session = session
        self.kind.data = kind
        self.fields = ASKED.get(kind, ())
        self.structure.choices = structure_choices(current_user)
        if kind == "scheme":
            self.code.label.text = "Dispositif exact"
            self.code.choices = codes(session, "schemes")
        else:
            self.code.choices = act_type_choices(session)
        self.scheme.choices = codes(session, "schemes")

    def show_act(self, act: Act) -> None:
        """What is recorded, to be changed where it is wrong."""
        self._measure(len(act.shares))
        self._name_minutes(act)
        if self.is_submitted():
            return
        held = act.group_session
        self.day.data = act.done_on
        self.code.data = act.scheme_code if self.kind.data == "scheme" else act.type_code
        self.parcours.data = act.parcours.reference if act.parcours else ""
        for entry, share in zip(self.minutes.entries, act.shares, strict=True):
            entry.data = share.minutes
        own = self.structure.choices[0][0] if self.structure.choices else 0
        host = next((one for one in held.hosts if one.structure_id == own), None) if held else None
        if self.kind.data == "heads":
            self.count.data = host.anonymous_count if host else act.anonymous_count
        else:
            self.count.data = people_noted(self.session, act).get(own, 0)

    def show_parcours(self, parcours: Parcours) -> None:
        """As ``show_act``, of a parcours."""
        if self.kind.data == "exit":
            self.day.description = "Vide : le parcours est encore en cours."
        if not self.is_submitted():
            entry = self.kind.data == "entry"
            self.day.data = parcours.entered_on if entry else parcours.exited_on

    def show_forgotten(self) -> None:
        """One duration for all; nothing is recorded."""
        self._measure(1)
        self.minutes.entries[0].label.text = "Durée, de toutes les personnes ensemble"
        self.day.label.text, self.code.label.text = "Date", "Type"
        self.count.label.text = "Personnes présentes ou reçues, s’il y a lieu"

    def _measure(self, number: int) -> None:
        while len(self.minutes.entries) < number:
            self.minutes.append_entry()
        while len(self.minutes.entries) > number:
            self.minutes.pop_entry()

    def _name_minutes(self, act: Act) -> None:
        for entry, share in zip(self.minutes.entries, act.shares, strict=True):
            entry.label.text = f"Durée exacte de {share.adviser.name} ({share.structure.name})"

    def draft(self) -> CorrectionDraft:
        """What the form says. Raises RefusedError when a text names nothing."""
        checks = Checks()
        asked = "parcours" in self.fields
        chosen = (
            choose_parcours(self.session, checks, "parcours", self.parcours.data or "")
            if asked
            else None
        )
        checks.conclude()
        return CorrectionDraft(
            kind=self.kind.data,
            reason=self.reason.data or "",
            structure_id=self.structure.data,
            day=self.day.data,
            code=self.code.data or "",
            minutes=[entry.data for entry in self.minutes.entries],
            count=self.count.data,
            words=self.words.data or "",
            parcours=chosen,
            scheme_code=self.scheme.data or "",
        )
