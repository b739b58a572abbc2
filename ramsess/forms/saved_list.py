"""The name under which a list is kept."""

from __future__ import annotations

from wtforms import StringField
from wtforms.validators import InputRequired, Length

from ramsess.actions.saved_lists import LONGEST_NAME
from ramsess.forms.base import Form


class NameForm(Form):
    """Its name alone: the filters come with the list."""

    name = StringField(
        "Nom de la liste",
        [
            InputRequired("Donnez un nom à cette liste."),
            Length(max=LONGEST_NAME, message=f"{LONGEST_NAME} caractères au plus."),
        ],
    )
