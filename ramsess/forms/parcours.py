"""Parcours: opening, joining, leaving, phases, exit."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_login import current_user
from sqlalchemy.orm import Session
from wtforms import (
    DateField,
    FieldList,
    FormField,
    SelectField,
    StringField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from ramsess.actions.communes import find_commune
from ramsess.actions.parcours import ExitDraft, ParcoursDraft
from ramsess.actions.refusals import Checks
from ramsess.forms.base import Form, FormPart, NumberField, RecordForm, codes
from ramsess.forms.choices import choose_people, structure_choices
from ramsess.models import Parcours
from ramsess.models.calendar import today

FEWEST_SOURCES = 3
DAY = InputRequired("Indiquez une date.")
AMOUNT = NumberRange(Decimal("0.01"), 20_000_000, "Un montant de 0,01 à 20 millions d’euros.")
POSITIVE = NumberRange(0, 99999, "Un nombre entre 0 et 99 999.")


class ParcoursForm(RecordForm):
    """A new parcours: people, project, entry."""

    people = StringField(
        "Personnes",
        [InputRequired("Indiquez au moins une personne.")],
        description="Nom et prénom ; plusieurs séparées par « ; ».",
        render_kw={"data-suggest": "/recherche/personnes", "autocomplete": "off"},
    )
    title = StringField(
        "Intitulé du projet", [InputRequired("Donnez un intitulé."), Length(max=200)]
    )
    entered_on = DateField("Date d’entrée", [DAY])
    phase = SelectField("Phase à l’entrée")
    structure = SelectField("Structure référente", coerce=int)
    legal_form = SelectField("Forme juridique, présente ou envisagée")
    sector = SelectField("Secteur")
    commune = StringField(
        "Commune du projet",
        description="Nom ou code INSEE.",
        render_kw={"data-suggest": "/recherche/communes", "autocomplete": "off"},
    )
    collective = SelectField(
        "Projet",
        choices=[
            SelectChoice("", "Non précisé"),
            SelectChoice("non", "Individuel"),
            SelectChoice("oui", "Collectif"),
        ],
    )
    origin = StringField("Prescripteur", [Length(max=200)])

    def __init__(self, session: Session, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.session = session
        if self.entered_on.data is None and not self.entered_on.raw_data:
            self.entered_on.data = today()
        self.phase.choices = codes(session, "phases")
        self.structure.choices = structure_choices(current_user)
        self.legal_form.choices = codes(session, "legal_forms", "Non renseignée")
        self.sector.choices = codes(session, "sectors", "Non renseigné")

    def draft(self) -> ParcoursDraft:
        """What the form says. Raises RefusedError."""
        checks = Checks()
        draft = ParcoursDraft(
            title=self.title.data,
            people=choose_people(self.session, checks, "people", self.people.data or ""),
            structure_id=self.structure.data,
            entered_on=self.entered_on.data,
            phase_code=self.phase.data,
            legal_form_code=self.legal_form.data or None,
            sector_code=self.sector.data or None,
            commune_code=find_commune(self.session, checks, "commune", self.commune.data or ""),
            collective={"oui": True, "non": False}.get(self.collective.data),
            origin=self.origin.data or "",
        )
        checks.conclude()
        return draft


class JoinForm(Form):
    """Take part in a parcours that another structure leads."""

    reference = StringField(
        "Référence du parcours",
        [InputRequired("Indiquez la référence.")],
        description="Par exemple P-2009-0042.",
    )
    code = StringField(
        "Code pour rejoindre",
        [InputRequired("Indiquez le code.")],
        description="Huit signes, que la structure référente communique avec la référence.",
        render_kw={"autocomplete": "off"},
    )
    joined_on = DateField("Prend part depuis le", [DAY])
    structure = SelectField("Structure", coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.joined_on.data is None and not self.joined_on.raw_data:
            self.joined_on.data = today()
        self.structure.choices = structure_choices(current_user)


class LeaveForm(Form):
    """Stop taking part in a parcours."""

    left_on = DateField("Dernier jour", [DAY])
    structure = SelectField("Structure", coerce=int)

    def __init__(self, parcours: Parcours) -> None:
        super().__init__()
        taking_part = {
            stay.structure_id
            for stay in parcours.involvements
            if not stay.left_on and stay.structure_id != parcours.lead_structure_id
        }
        self.structure.choices = [
            choice for choice in structure_choices(current_user) if choice[0] in taking_part
        ]


class PhaseForm(Form):
    """Note a phase reached."""

    phase = SelectField("Phase atteinte")
    reached_on = DateField("Date", [DAY])

    def __init__(self, session: Session, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.phase.choices = codes(session, "phases")
        if self.reached_on.data is None and not self.reached_on.raw_data:
            self.reached_on.data = today()


class FundingForm(FormPart):
    """Funding obtained from a source, in euros."""

    source = SelectField("Source")
    amount = NumberField("Montant (€)", [Optional(), AMOUNT])


class ExitForm(Form):
    """How a parcours ended."""

    exited_on = DateField("Date de sortie", [DAY])
    outcome = SelectField("Motif de sortie")
    jobs_created = NumberField("Emplois créés (ETP)", [Optional(), POSITIVE], default=0)
    jobs_consolidated = NumberField("Emplois consolidés (ETP)", [Optional(), POSITIVE], default=0)
    fundings = FieldList(FormField(FundingForm), "Financements obtenus", min_entries=FEWEST_SOURCES)

    def __init__(self, session: Session, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.session = session
        self.outcome.choices = codes(session, "outcomes", "Non renseigné")
        self._offer_sources()

    def _offer_sources(self) -> None:
        sources = codes(self.session, "funding_sources", "Aucune")
        for entry in self.fundings:
            entry.form.source.choices = sources

    def draft(self) -> ExitDraft:
        """What the form says. Raises RefusedError for an amount of nobody's, or a source alone."""
        checks = Checks()
        if any(bool(e.form.source.data) != bool(e.form.amount.data) for e in self.fundings):
            checks.refuse("fundings", "Indiquez la source et le montant de chaque financement.")
        checks.conclude()
        return ExitDraft(
            exited_on=self.exited_on.data,
            outcome_code=self.outcome.data or None,
            jobs_created=self.jobs_created.data or Decimal(0),
            jobs_consolidated=self.jobs_consolidated.data or Decimal(0),
            fundings=[
                (entry.form.source.data, int(entry.form.amount.data * 100))
                for entry in self.fundings
                if entry.form.source.data and entry.form.amount.data
            ],
        )

    def show(self, parcours: Parcours) -> None:
        """Fill in how *parcours* ended; today for one that has not."""
        self.exited_on.data = parcours.exited_on or today()
        self.outcome.data = parcours.outcome_code or ""
        self.jobs_created.data = parcours.jobs_created
        self.jobs_consolidated.data = parcours.jobs_consolidated
        while len(self.fundings) <= len(parcours.fundings):
            self.fundings.append_entry()
        self._offer_sources()
        for entry, funding in zip(self.fundings, parcours.fundings, strict=False):
            entry.form.source.data = funding.source_code
            entry.form.amount.data = Decimal(funding.cents) / 100
