"""What a visitor asks of the network: codes alone, sent by GET, kept nowhere."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import SelectField

from ramsess.exchange.typography import french
from ramsess.forms.base import codes
from ramsess.models import Department


class AskingForm(FlaskForm):  # type: ignore[misc]  # the library is untyped
    """A form sent by GET: it changes nothing, so it has no token."""

    class Meta:
        csrf = False
        locales = ("fr",)

    def offer(self, asked: Any, **choices: list[tuple[str, str]]) -> None:
        """Give each list its choices; what was not asked is the first one."""
        for name, offered in choices.items():
            field = self[name]
            field.choices = offered
            if name not in asked:
                field.data = offered[0][0]

    @property
    def answered(self) -> bool:
        """True when everything asked is one of the choices."""
        return bool(self.validate())


class SchemaForm(AskingForm):
    """Which speciality the schema shows."""

    specialite = SelectField("Spécialité")

    def __init__(self, session: Session, asked: Any) -> None:
        super().__init__(formdata=asked)
        self.offer(asked, specialite=codes(session, "specialities", "Toutes"))


class HelpForm(AskingForm):
    """The three questions of «Qui peut m’aider ?»."""

    phase = SelectField(french("Où en est votre projet ?"))
    besoin = SelectField(french("De quoi avez-vous le plus besoin ?"))
    departement = SelectField(french("Où habitez-vous ?"))

    def __init__(self, session: Session, asked: Any) -> None:
        super().__init__(formdata=asked)
        departments = session.execute(
            select(Department.code, Department.name).order_by(Department.code)
        )
        self.offer(
            asked,
            phase=codes(session, "phases"),
            besoin=codes(session, "specialities"),
            departement=[
                ("", "Ailleurs, ou je préfère ne pas le dire"),
                *((code, f"{name} ({code})") for code, name in departments),
            ],
        )
