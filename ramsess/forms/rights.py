"""The rights of a person: what she was told, requests to erase, confirmation."""

from __future__ import annotations

import uuid
from typing import Any

from flask_login import current_user
from wtforms import DateField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, ValidationError

from ramsess.forms.base import Form
from ramsess.forms.choices import structure_choices
from ramsess.models.calendar import today
from ramsess.models.rights import REASONS

INFORMED = "La personne a été informée (fiche remise ou lue) le"
AGREED = "Elle accepte que les structures qui l’accompagnent ensemble partagent son dossier"
ANSWERS = [
    SelectChoice("", "Non demandé"),
    SelectChoice("oui", "Oui"),
    SelectChoice("non", "Non"),
]
CONFIRMING = 6


def agreed(answer: str | None) -> bool | None:
    """Yes, no, or not asked."""
    return {"oui": True, "non": False}.get(answer or "")


class InformationForm(Form):
    """What a structure told a person already recorded."""

    structure = SelectField("Structure", coerce=int)
    informed_on = DateField(INFORMED, [InputRequired("Indiquez une date.")])
    sharing = SelectField(AGREED, choices=ANSWERS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.structure.choices = structure_choices(current_user)
        if not self.is_submitted():
            self.informed_on.data = today()


class ErasureRequestForm(Form):
    """A manager asks for an erasure; the reason is a code, so that nothing more is told."""

    structure = SelectField("Structure", coerce=int)
    reason = SelectField("Motif", choices=[SelectChoice(*item) for item in REASONS.items()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.structure.choices = [
            (item.id, item.name) for item in current_user.structures("manager")
        ]


class ReferenceForm(Form):
    """The reference that a structure reads on a person's page."""

    reference = StringField(
        "Référence communiquée par la structure",
        [InputRequired("Indiquez la référence.")],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )

    def validate_reference(self, field: StringField) -> None:
        """Refuse what is not a reference."""
        if self.value is None:
            raise ValidationError("Ce n’est pas une référence : 32 chiffres et lettres de a à f.")

    @property
    def value(self) -> uuid.UUID | None:
        """The reference, if it is one."""
        try:
            return uuid.UUID((self.reference.data or "").strip())
        except ValueError:
            return None


class ConfirmErasureForm(Form):
    """The last characters of the reference, typed by whoever erases."""

    ending = StringField(
        f"Pour confirmer, tapez les {CONFIRMING} derniers caractères de la référence",
        [InputRequired("Tapez ces caractères.")],
        render_kw={"autocomplete": "off", "spellcheck": "false", "maxlength": CONFIRMING},
    )

    def confirms(self, reference: uuid.UUID) -> bool:
        """True when what was typed ends the reference; else the field says so."""
        if (self.ending.data or "").strip().lower() == str(reference)[-CONFIRMING:]:
            return True
        self.tell({"ending": "Ce ne sont pas les derniers caractères de la référence."})
        return False
