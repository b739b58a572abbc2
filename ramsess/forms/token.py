"""What one says of a token when one makes it."""

from __future__ import annotations

from typing import Any

from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from ramsess.actions.tokens import LASTING, LONGEST_NAME
from ramsess.forms.base import RecordForm


class TokenForm(RecordForm):
    """A name, the role in which the program reads, and for how long."""

    name = StringField(
        "Nom",
        [
            InputRequired("Donnez-lui un nom."),
            Length(max=LONGEST_NAME, message=f"{LONGEST_NAME} caractères au plus."),
        ],
        description="Pour le reconnaître : « tableau de bord », « relevé mensuel »…",
    )
    role = SelectField("Rôle")
    days = SelectField("Durée", coerce=int, choices=list(LASTING.items()), default=90)

    def __init__(self, *args: Any, roles: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.role.choices = roles
