"""What a structure says of itself: how to reach it, and its grid of phases × specialities."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session
from wtforms import SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import Length

from ramsess.actions.communes import commune_label, find_commune
from ramsess.actions.positioning import PositioningDraft
from ramsess.actions.refusals import Checks
from ramsess.forms.base import Form, codes
from ramsess.models import Presentation

NONE = "—"


class PresentationForm(Form):
    """How to reach the structure; the grid's fields are added by ``positioning_form``."""

    address = StringField("Adresse", [Length(max=300)], description="Numéro et rue.")
    commune = StringField(
        "Commune",
        description="Nom ou code INSEE.",
        render_kw={"data-suggest": "/recherche/communes", "autocomplete": "off"},
    )
    phone = StringField("Téléphone", [Length(max=40)], render_kw={"inputmode": "tel"})
    email = StringField("Courriel", [Length(max=254)], render_kw={"inputmode": "email"})
    website = StringField(
        "Site",
        [Length(max=300)],
        description="Par exemple https://www.exemple.fr.",
        render_kw={"inputmode": "url"},
    )

    session: Session
    phases: list[tuple[str, str]]
    specialities: list[tuple[str, str]]

    def cell(self, phase: str, speciality: str) -> SelectField:
        """The field of a phase and a speciality."""
        return self[_name(phase, speciality)]

    def wrong_cells(self) -> list[str]:
        """Which cells hold no degree, in words."""
        return [
            f"{what}, {when}"
            for speciality, what in self.specialities
            for phase, when in self.phases
            if self.cell(phase, speciality).errors
        ]

    def show(self, presentation: Presentation | None) -> None:
        """Fill in what is recorded."""
        if presentation is None:
            return
        self.address.data = presentation.address
        self.commune.data = commune_label(presentation.commune)
        self.phone.data = presentation.phone
        self.email.data = presentation.email
        self.website.data = presentation.website
        for line in presentation.positionings:
            name = _name(line.phase_code, line.speciality_code)
            if name in self:
                self[name].data = line.degree_code

    def draft(self) -> PositioningDraft:
        """What the form says. Raises RefusedError."""
        checks = Checks()
        commune = find_commune(self.session, checks, "commune", self.commune.data or "")
        checks.conclude()
        return PositioningDraft(
            phone=_said(self.phone),
            email=_said(self.email),
            website=_said(self.website),
            address=_said(self.address),
            commune_code=commune,
            degrees={
                (phase, speciality): self.cell(phase, speciality).data
                for phase, _ in self.phases
                for speciality, _ in self.specialities
                if self.cell(phase, speciality).data
            },
        )


def positioning_form(session: Session) -> PresentationForm:
    """The form, with a field for each phase and speciality of today's lists."""
    phases, specialities = codes(session, "phases"), codes(session, "specialities")
    degrees = [
        SelectChoice("", NONE),
        # The figure first: typing it chooses.
        *(
            SelectChoice(code, f"{rank} {label.lower()}")
            for rank, (code, label) in enumerate(codes(session, "degrees"), start=1)
        ),
    ]
    cells: dict[str, Any] = {
        _name(phase, speciality): SelectField(f"{what}, {when}", choices=degrees)
        for speciality, what in specialities
        for phase, when in phases
    }
    form: PresentationForm = type("PositioningForm", (PresentationForm,), cells)()
    form.session, form.phases, form.specialities = session, phases, specialities
    return form


def _name(phase: str, speciality: str) -> str:
    return f"{phase}-{speciality}"


def _said(field: StringField) -> str:
    return (field.data or "").strip()
