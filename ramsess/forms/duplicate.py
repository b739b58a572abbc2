"""What one says of two records that may be one person."""

from __future__ import annotations

from typing import Any

from flask_login import current_user
from wtforms import DateField, HiddenField, IntegerField, RadioField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Optional

from ramsess.actions.merging import FIELDS, FIRST, SECOND, proposed
from ramsess.forms.base import Form
from ramsess.forms.choices import structure_choices
from ramsess.models import DuplicatePair


class MergeForm(Form):
    """Which record gives each field; the versions of the records that were looked at."""

    first_version = IntegerField(validators=[InputRequired()])
    second_version = IntegerField(validators=[InputRequired()])

    def show(self, pair: DuplicatePair) -> None:
        """Propose the known over the unknown, then the older record."""
        for name, side in proposed(pair).items():
            if self[name].data is None:
                self[name].data = side

    def choices(self, pair: DuplicatePair) -> dict[str, str]:
        """Field → the record that gives it; what was not asked is as proposed."""
        return {name: self[name].data or side for name, side in proposed(pair).items()}


for _name, _label in FIELDS.items():
    _sides = [SelectChoice(FIRST, "Première fiche"), SelectChoice(SECOND, "Seconde fiche")]
    setattr(MergeForm, _name, RadioField(_label, choices=_sides, validators=[Optional()]))


class MatchForm(Form):
    """Whether one's own record is the person whom another structure may know."""

    answer = HiddenField()
    consent_on = DateField("Accord de la personne, donné le", [Optional()])
    structure = SelectField("Structure", coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.structure.choices = structure_choices(current_user)
