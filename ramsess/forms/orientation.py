"""Orientations: what is proposed, what is answered, what became of it."""

from __future__ import annotations

from flask_login import current_user
from sqlalchemy.orm import Session
from wtforms import BooleanField, DateField, HiddenField, SelectField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import Length, Optional

from ramsess.actions.orientations import OrientationDraft
from ramsess.actions.suggestions import members_for_phase
from ramsess.forms.base import Form, RecordForm, codes
from ramsess.forms.choices import structure_choices
from ramsess.models import Beneficiary, Orientation, Parcours
from ramsess.models.calendar import today
from ramsess.models.orientation import ANSWERS

LONGEST = Length(max=2000, message="2 000 caractères au plus.")
PARTNER = "partenaire:"


class OrientationForm(RecordForm):
    """Propose an orientation, from a parcours or for a person without parcours."""

    structure = SelectField("Au nom de", coerce=int)
    to = SelectField("Vers")
    reason = TextAreaField(
        "Motif",
        [LONGEST],
        description="Ce que la personne cherche, ce qui est déjà fait, sans la nommer : la "
        "structure destinataire ne la connaîtra qu’en acceptant.",
        render_kw={"rows": 4},
    )
    consent = BooleanField(
        "La personne est d’accord pour que son dossier soit transmis si l’on accepte"
    )
    consent_on = DateField("Accord donné le", [Optional()])

    def __init__(
        self, session: Session, parcours: Parcours | None, person: Beneficiary | None
    ) -> None:
        super().__init__()
        self.parcours, self.person = parcours, person
        if self.consent_on.data is None and not self.consent_on.raw_data:
            self.consent_on.data = today()
        self.structure.choices = self._senders()
        self.to.choices = self._destinations(session)

    def _senders(self) -> list[tuple[int, str]]:
        choices = structure_choices(current_user)
        if self.parcours is None:
            return choices
        present = {stay.structure_id for stay in self.parcours.involvements if stay.covers(today())}
        return [choice for choice in choices if choice[0] in present] or choices

    def _destinations(self, session: Session) -> list[SelectChoice]:
        """The network's members, the suitable ones first, then the partners."""
        phase = self.parcours.phase_code_on(today()) if self.parcours else None
        members = members_for_phase(session, phase, today())
        there = {stay.structure_id for stay in self.parcours.involvements if stay.covers(today())} \
            if self.parcours else set()  # fmt: skip
        own = {self.structure.choices[0][0]} if len(self.structure.choices) == 1 else set()
        found = [SelectChoice("", "Choisir…")]
        for suits, group in ((True, "Interviennent à cette phase"), (False, "Le réseau")):
            found += [
                SelectChoice(str(member.id), member.name, optgroup=group)
                for member, at_phase in members
                if at_phase == suits and member.id not in there | own
            ]
        return found + [
            SelectChoice(f"{PARTNER}{code}", label, optgroup="Partenaires extérieurs")
            for code, label in codes(session, "partners")
        ]

    def draft(self) -> OrientationDraft:
        """What the form says."""
        to: str = self.to.data or ""
        return OrientationDraft(
            from_structure_id=self.structure.data,
            to_structure_id=int(to) if to.isdecimal() else None,
            partner_code=to.removeprefix(PARTNER) if to.startswith(PARTNER) else None,
            parcours=self.parcours,
            person=self.person,
            reason=self.reason.data or "",
            consent_on=self.consent_on.data if self.consent.data else None,
        )


class AnswerForm(Form):
    """Accept or refuse; the reason is asked of a refusal."""

    answer = HiddenField()
    answer_note = TextAreaField(
        "Pourquoi", [LONGEST], description="Lu par la structure qui oriente.", render_kw={"rows": 3}
    )


class OutcomeForm(Form):
    """What a partner answered, or that an orientation is given up."""

    answer = SelectField("Réponse", choices=[SelectChoice(*item) for item in ANSWERS.items()])
    answered_on = DateField("Le", [Optional()])
    answer_note = TextAreaField("Précisions", [LONGEST], render_kw={"rows": 3})

    def show(self, orientation: Orientation) -> None:
        """Fill in what is recorded; today for what waits."""
        self.answer.data = orientation.answer or "accepted"
        self.answered_on.data = orientation.answered_on or today()
        self.answer_note.data = orientation.answer_note
