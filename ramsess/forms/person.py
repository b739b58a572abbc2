"""People: what may be said of a project holder."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_login import current_user
from sqlalchemy.orm import Session
from wtforms import BooleanField, DateField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from ramsess.actions.beneficiaries import PersonDraft
from ramsess.actions.communes import commune_label, find_commune
from ramsess.actions.refusals import Checks
from ramsess.actions.rights import check_information
from ramsess.forms.base import RecordForm, codes
from ramsess.forms.choices import structure_choices
from ramsess.forms.rights import AGREED, ANSWERS, INFORMED
from ramsess.models import Beneficiary
from ramsess.models.calendar import today

YES_NO = [
    SelectChoice("", "Non renseigné"),
    SelectChoice("oui", "Oui"),
    SelectChoice("non", "Non"),
]
NEEDED = InputRequired("Ce champ est nécessaire.")


class PersonForm(RecordForm):
    """Identity, contact and situation of today; ``confirmed`` after a warning of near people."""

    last_name = StringField("Nom", [NEEDED, Length(max=120)])
    first_name = StringField("Prénom", [NEEDED, Length(max=120)])
    birth_date = DateField("Date de naissance", [Optional()])
    sex = SelectField("Sexe")
    commune = StringField(
        "Commune",
        description="Nom ou code INSEE.",
        render_kw={"data-suggest": "/recherche/communes", "autocomplete": "off"},
    )
    phone = StringField("Téléphone", [Length(max=40)], render_kw={"autocomplete": "off"})
    email = StringField("Courriel", [Length(max=254)], render_kw={"autocomplete": "off"})
    situation = SelectField("Situation")
    education = SelectField("Niveau de formation")
    rsa = SelectField("Allocataire du RSA", choices=YES_NO)
    qpv = SelectField("Réside en quartier prioritaire (QPV)", choices=YES_NO)
    structure = SelectField("Structure", coerce=int)
    informed_on = DateField(INFORMED, [Optional()])
    not_yet = BooleanField("Pas encore informée")
    sharing = SelectField(AGREED, choices=ANSWERS, validators=[Optional()])
    confirmed = BooleanField("C’est une autre personne : l’enregistrer")

    def __init__(self, session: Session, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.session = session
        self.sex.choices = codes(session, "sexes")
        self.situation.choices = codes(session, "situations")
        self.education.choices = codes(session, "educations")
        self.structure.choices = structure_choices(current_user)
        if not self.is_submitted():
            self.informed_on.data = today()
            for field in (self.sex, self.situation, self.education):
                field.data = field.data or "NR"

    def draft(self) -> PersonDraft:
        """What the form says. Raises RefusedError for an unknown commune."""
        checks = Checks()
        draft = PersonDraft(
            last_name=self.last_name.data,
            first_name=self.first_name.data,
            birth_date=self.birth_date.data,
            sex_code=self.sex.data,
            situation_code=self.situation.data,
            education_code=self.education.data,
            commune_code=find_commune(self.session, checks, "commune", self.commune.data or ""),
            rsa=_yes_no(self.rsa.data),
            qpv=_yes_no(self.qpv.data),
            phone=self.phone.data or "",
            email=self.email.data or "",
        )
        checks.conclude()
        return draft

    def informed(self) -> dt.date | None:
        """The day on which the new person was informed; none for « pas encore ».

        Raises RefusedError when neither is said.
        """
        if self.not_yet.data:
            return None
        checks = Checks()
        check_information(checks, self.informed_on.data)
        checks.conclude()
        day: dt.date = self.informed_on.data
        return day

    def show(self, person: Beneficiary) -> None:
        """Fill in what is known of *person*."""
        self.last_name.data, self.first_name.data = person.last_name, person.first_name
        self.birth_date.data, self.sex.data = person.birth_date, person.sex_code
        self.situation.data, self.education.data = person.situation_code, person.education_code
        self.commune.data = commune_label(person.commune)
        self.phone.data, self.email.data = person.phone, person.email
        for field, value in ((self.rsa, person.rsa), (self.qpv, person.qpv)):
            field.data = "" if value is None else "oui" if value else "non"


def _yes_no(answer: str | None) -> bool | None:
    return {"oui": True, "non": False}.get(answer or "")
