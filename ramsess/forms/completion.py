"""What was not known when a parcours began: only that is asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy.orm import Session
from wtforms import DateField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import Optional

from ramsess.actions.communes import commune_label, find_commune
from ramsess.actions.completion import (
    OF_PERSON,
    OF_PROJECT,
    EntryDraft,
    MemberDraft,
    project_to_say,
    to_say,
)
from ramsess.actions.refusals import Checks
from ramsess.forms.base import Form, FormPart, codes
from ramsess.models import Parcours, ParcoursBeneficiary

ANSWERS = [
    SelectChoice("", "Non renseigné"),
    SelectChoice("oui", "Oui"),
    SelectChoice("non", "Non"),
]
YES_NO = {"oui": True, "non": False}
COMMUNE = {"data-suggest": "/recherche/communes", "autocomplete": "off"}


@dataclass(frozen=True)
class Overtaken:
    """What somebody typed in a field that somebody else filled meanwhile."""

    label: str
    typed: str
    recorded: str


def _keep(form: Any, wanted: set[str], recorded: Any, said: Any) -> list[Overtaken]:
    """Leave only the fields *wanted*; what was typed in the others, beside what is *recorded*."""
    overtaken = []
    for field in [field for field in form if field.short_name not in wanted]:
        if field.short_name not in (*OF_PROJECT, *OF_PERSON, "birth_date"):
            continue  # the token
        typed = said.get(field.name, "").strip()
        if typed:
            names = dict(getattr(field, "choices", None) or ())
            overtaken.append(
                Overtaken(field.label.text, names.get(typed, typed), _told(field, recorded, names))
            )
        del form[field.short_name]
    return overtaken


def _told(field: Any, recorded: Any, names: dict[str, str]) -> str:
    if field.short_name == "birth_date":
        return f"{recorded.age} ans à l’entrée"
    held = getattr(recorded, field.short_name)
    if isinstance(held, bool):
        held = "oui" if held else "non"
    return str(names.get(held, held))


class MemberForm(FormPart):
    """What was not known of a person; the fields bear the columns' names."""

    birth_date = DateField("Date de naissance", [Optional()])
    sex_code = SelectField("Sexe")
    situation_code = SelectField("Situation à l’entrée")
    education_code = SelectField("Niveau de formation à l’entrée")
    commune_code = StringField(
        "Commune à l’entrée", description="Nom ou code INSEE.", render_kw=COMMUNE
    )
    rsa = SelectField("Allocataire du RSA à l’entrée", choices=ANSWERS)
    qpv = SelectField("Résidait en quartier prioritaire (QPV) à l’entrée", choices=ANSWERS)

    def __init__(self, session: Session, member: ParcoursBeneficiary, formdata: Any) -> None:
        self.member = member
        self.session = session
        super().__init__(formdata, prefix=f"{member.beneficiary.public_id}-")
        for field, listed in (
            (self.sex_code, "sexes"),
            (self.situation_code, "situations"),
            (self.education_code, "educations"),
        ):
            known = (choice for choice in codes(session, listed) if choice[0] != "NR")
            field.choices = [("", "Non renseigné"), *known]
        self.overtaken = _keep(self, to_say(session, member), member, formdata or {})

    def show(self) -> None:
        """Propose what is known of the person today."""
        person = self.member.beneficiary
        for field in self:
            held = getattr(person, field.short_name)
            if field.short_name == "commune_code":
                field.data = commune_label(person.commune)
            elif isinstance(held, bool):
                field.data = "oui" if held else "non"
            else:
                field.data = held if held != "NR" else ""

    def draft(self) -> MemberDraft:
        """What is said. Raises RefusedError for an unknown commune."""
        said = {field.short_name: field.data for field in self}
        for name in ("rsa", "qpv"):
            if name in said:
                said[name] = YES_NO.get(said[name])
        if "commune_code" in said:
            checks = Checks()
            name = f"{self.member.beneficiary_id}.commune_code"
            said["commune_code"] = find_commune(
                self.session, checks, name, said["commune_code"] or ""
            )
            checks.conclude()
        return MemberDraft(self.member.beneficiary_id, **said)


class CompletionForm(Form):
    """What was not known of the project, and of each person (``members``)."""

    entry_sector_code = SelectField("Secteur")
    entry_legal_form_code = SelectField("Forme juridique à l’entrée, présente ou envisagée")
    entry_commune_code = StringField(
        "Commune du projet", description="Nom ou code INSEE.", render_kw=COMMUNE
    )

    def __init__(self, session: Session, parcours: Parcours) -> None:
        super().__init__()
        self.session = session
        formdata = request.form if self.is_submitted() else None
        everybody = sorted(parcours.members, key=lambda one: one.beneficiary.search_key)
        parts = [MemberForm(session, member, formdata) for member in everybody]
        self.members = [part for part in parts if part._fields]
        self.entry_sector_code.choices = codes(session, "sectors", "Non renseigné")
        self.entry_legal_form_code.choices = codes(session, "legal_forms", "Non renseignée")
        self.overtaken = _keep(self, project_to_say(parcours), parcours, formdata or {})
        for part in parts:
            self.overtaken += part.overtaken
        if not self.is_submitted():
            for part in self.members:
                part.show()

    @property
    def of_project(self) -> list[Any]:
        """The fields of the project."""
        return [field for field in self if field.short_name.startswith("entry_")]

    @property
    def asks(self) -> bool:
        """False when all is known."""
        return bool(self.members or self.of_project)

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Every part is looked at, so that all that is wrong is told at once."""
        parts = [super().validate(*args, **kwargs), *(part.validate() for part in self.members)]
        return all(parts)

    def draft(self) -> EntryDraft:
        """What the form says. Raises RefusedError."""
        said = {field.short_name: field.data or "" for field in self.of_project}
        if "entry_commune_code" in said:
            checks = Checks()
            said["entry_commune_code"] = find_commune(
                self.session, checks, "entry_commune_code", said["entry_commune_code"]
            )
            checks.conclude()
        return EntryDraft(**said, members=[part.draft() for part in self.members])

    def tell(self, reasons: dict[str, str]) -> None:
        """Reasons that name a person's field go to it."""
        rest = dict(reasons)
        for part in self.members:
            for field in part:
                reason = rest.pop(f"{part.member.beneficiary_id}.{field.short_name}", None)
                if reason:
                    field.errors = [*field.errors, reason]
        super().tell(rest)
