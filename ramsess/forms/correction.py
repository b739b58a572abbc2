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
    code = SelectField("Type d’acte exact")
    minutes = FieldList(DurationField("Durée exacte"))
    scheme = SelectField("Dispositif", default="DRA")
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
        for name in {one for asked in ASKED.values() for one in asked} - set(self.fields):
            # What this kind does not ask for is not of the form.
            delattr(self, name)
        self.structure.choices = structure_choices(current_user)
        if "code" in self.fields:
            types = act_type_choices(session, ("I", "C", "N"))
            self.code.choices = codes(session, "schemes") if kind == "scheme" else types
        if kind == "scheme":
            self.code.label.text = "Dispositif exact"
        if "scheme" in self.fields:
            self.scheme.choices = codes(session, "schemes")

    def show_act(self, act: Act) -> None:
        """What is recorded, to be changed where it is wrong."""
        if "minutes" in self.fields:
            self._measure(len(act.shares))
            for entry, share in zip(self.minutes.entries, act.shares, strict=True):
                entry.label.text = f"Durée exacte de {share.adviser.name} ({share.structure.name})"
                if not self.is_submitted():
                    entry.data = share.minutes
        for name in set(self.fields) - {"minutes"} if not self.is_submitted() else ():
            self[name].data = self._recorded(name, act)

    def _recorded(self, name: str, act: Act) -> Any:
        if name == "code":
            return act.scheme_code if self.kind.data == "scheme" else act.type_code
        if name == "parcours":
            return act.parcours.reference if act.parcours else ""
        return self._counted(act) if name == "count" else act.done_on

    def _counted(self, act: Act) -> int:
        held = act.group_session
        own = self.structure.choices[0][0] if self.structure.choices else 0
        if self.kind.data == "attendance":
            return people_noted(self.session, act).get(own, 0)
        if held is None:
            return act.anonymous_count
        return next((one.anonymous_count for one in held.hosts if one.structure_id == own), 0)

    def show_parcours(self, parcours: Parcours) -> None:
        """As ``show_act``, of a parcours."""
        if "day" not in self.fields:
            return
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

    def draft(self) -> CorrectionDraft:
        """What the form says. Raises RefusedError when a text names nothing."""
        checks = Checks()
        text = self._said("parcours") or ""
        chosen = choose_parcours(self.session, checks, "parcours", text) if text else None
        checks.conclude()
        return CorrectionDraft(
            kind=self.kind.data,
            reason=self.reason.data or "",
            structure_id=self.structure.data,
            day=self._said("day"),
            code=self._said("code") or "",
            minutes=self._said("minutes") or (),
            count=self._said("count"),
            words=self._said("words") or "",
            parcours=chosen,
            scheme_code=self._said("scheme") or "",
        )

    def _said(self, name: str) -> Any:
        return self[name].data if name in self else None
