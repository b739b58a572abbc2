"""What the data-protection officer may look for in the journal: references, never names."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_wtf import FlaskForm
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, aliased
from wtforms import DateField, SelectField, StringField, ValidationError
from wtforms.validators import Length, Optional

from ramsess.models import Account, AuditDetail, AuditEvent, Structure
from ramsess.models.audit import AUDITED, OF_A_PERSON
from ramsess.models.calendar import PARIS

LAST_DAY = dt.date(2100, 12, 31)


class JournalForm(FlaskForm):  # type: ignore[misc]  # the library is untyped
    """Filters, sent by GET: random identifiers and codes only."""

    class Meta:
        csrf = False
        locales = ("fr",)

    fiche = StringField(
        "Référence",
        [Length(max=40)],
        description="Identifiant d’une personne, tel que l’adresse de sa fiche le montre, ou d’un "
        "parcours.",
        render_kw={"autocomplete": "off"},
    )
    structure = SelectField("Structure", coerce=str)
    compte = SelectField("Compte", coerce=str)
    action = SelectField("Opération", coerce=str)
    debut = DateField("Du", [Optional()])
    fin = DateField("Au", [Optional()])

    def __init__(self, session: Session, asked: Any) -> None:
        super().__init__(formdata=asked)
        structures = session.execute(select(Structure.id, Structure.name).order_by(Structure.name))
        accounts = session.execute(select(Account.id, Account.name).order_by(Account.name))
        self.structure.choices = [("", "Toutes"), *((str(key), name) for key, name in structures)]
        self.compte.choices = [("", "Tous"), *((str(key), name) for key, name in accounts)]
        self.action.choices = [("", "Toutes"), *sorted(AUDITED.items(), key=lambda one: one[1])]
        for field in (self.structure, self.compte, self.action):
            field.data = field.data if field.name in asked else ""

    def validate_debut(self, field: DateField) -> None:
        """Refuse a day out of the calendar's reach."""
        if field.data and not dt.date(1990, 1, 1) <= field.data <= LAST_DAY:
            raise ValidationError("Indiquez une date entre 1990 et 2100.")

    def validate_fin(self, field: DateField) -> None:
        """As the first day, and not before it."""
        self.validate_debut(field)
        if field.data and self.debut.data and field.data < self.debut.data:
            raise ValidationError("Le dernier jour précède le premier.")

    def conditions(self) -> list[ColumnElement[bool]]:
        """What events must satisfy; only after validation."""
        wanted: list[ColumnElement[bool]] = []
        reference = (self.fiche.data or "").strip()
        if reference:
            # Her acts and parcours are noted under their own references, for the same person.
            same = aliased(AuditDetail)
            person = (
                select(same.person_id)
                .join(AuditEvent, AuditEvent.id == same.event_id)
                .where(same.record == reference, AuditEvent.action.in_(OF_A_PERSON))
                .correlate(None)
            )
            wanted.append(or_(AuditDetail.record == reference, AuditDetail.person_id.in_(person)))
        if self.structure.data:
            wanted.append(AuditDetail.structure_id == int(self.structure.data))
        if self.compte.data:
            wanted.append(AuditDetail.account_id == int(self.compte.data))
        if self.action.data:
            wanted.append(AuditEvent.action == self.action.data)
        if self.debut.data:
            wanted.append(AuditEvent.at >= _midnight(self.debut.data))
        if self.fin.data:
            wanted.append(AuditEvent.at < _midnight(self.fin.data + dt.timedelta(days=1)))
        return wanted


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), PARIS)
