"""Structures of the network: a new one, a day of arrival or departure."""

from __future__ import annotations

from sqlalchemy.orm import Session
from wtforms import DateField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from ramsess.actions.memberships import StructureDraft
from ramsess.forms.base import Form, codes
from ramsess.models.calendar import today


class StructureForm(Form):
    """A structure that the network does not know yet."""

    code = StringField(
        "Code",
        [InputRequired("Indiquez un code.")],
        description="De 2 à 16 majuscules ou chiffres : il la nomme dans les classeurs et les "
        "bilans, et ne change plus.",
        render_kw={"autocomplete": "off"},
    )
    name = StringField("Nom", [InputRequired("Indiquez un nom."), Length(max=120)])
    joined_on = DateField("Membre à partir du", [Optional()])
    legal_form = SelectField("Forme juridique")

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.legal_form.choices = codes(session, "legal_forms", "Non renseignée")
        if self.joined_on.data is None and not self.joined_on.raw_data:
            self.joined_on.data = today()

    def draft(self) -> StructureDraft:
        """What the form says."""
        return StructureDraft(
            code=self.code.data,
            name=self.name.data,
            joined_on=self.joined_on.data,
            legal_form_code=self.legal_form.data or None,
        )


class DayForm(Form):
    """A day of arrival, or the last day."""

    day = DateField("Date", [InputRequired("Indiquez une date.")])
