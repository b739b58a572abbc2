"""Network meetings: the session, who was there, what was said and decided."""

from __future__ import annotations

from typing import Any

from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import (
    DateField,
    FieldList,
    FormField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import Length, Optional

from ramsess.actions.acts import Work
from ramsess.actions.meetings import NETWORK_WORK, DecisionDraft
from ramsess.actions.refusals import Checks
from ramsess.forms.base import FormPart, RecordForm
from ramsess.forms.choices import colleagues
from ramsess.forms.session import HeldForm
from ramsess.models import Meeting, Structure

FEWEST, MOST = 3, 30
NOBODY = 0


class DecisionForm(FormPart):
    """What was decided, who does it, for when."""

    text = StringField("Décision", [Length(max=1000)])
    structure = SelectField("Structure responsable", coerce=int)
    due = DateField("Pour le", [Optional()])


class Minutes:
    """The fields of the record of a meeting."""

    summary = TextAreaField(
        "Compte rendu",
        [Length(max=50000)],
        description="Lu par tout le réseau : n’y nommez aucune personne accompagnée.",
        render_kw={"rows": 8},
    )
    decisions = FieldList(
        FormField(DecisionForm), "Décisions", min_entries=FEWEST, max_entries=MOST
    )

    def offer_structures(self, session: Session) -> None:
        """Let each decision be some structure's."""
        choices = [SelectChoice(NOBODY, "tout le réseau")]
        rows = session.execute(select(Structure.id, Structure.name).order_by(Structure.name))
        choices += [SelectChoice(id_, name) for id_, name in rows]
        for entry in self.decisions:
            entry.form.structure.choices = choices

    def said_decisions(self) -> list[DecisionDraft]:
        """The decisions that say something. Raises RefusedError."""
        checks = Checks()
        drafts = []
        for entry in self.decisions:
            said = (entry.form.text.data or "").strip()
            if said:
                structure = entry.form.structure.data or None
                drafts.append(DecisionDraft(said, structure, entry.form.due.data))
            elif entry.form.due.data or entry.form.structure.data:
                checks.refuse("decisions", "Écrivez ce qui est décidé.")
        checks.conclude()
        return drafts

    def show_minutes(self, session: Session, meeting: Meeting | None) -> None:
        """Fill in what is recorded, with room for more."""
        if meeting:
            self.summary.data = meeting.summary
            while len(self.decisions) < min(MOST, len(meeting.decisions) + 2):
                self.decisions.append_entry()
            for entry, decision in zip(self.decisions, meeting.decisions, strict=False):
                entry.form.text.data = decision.text
                entry.form.structure.data = decision.structure_id or NOBODY
                entry.form.due.data = decision.due_on
        self.offer_structures(session)


class MinutesForm(Minutes, RecordForm):
    """The record of a session that was held."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.offer_structures(session)


class MeetingForm(Minutes, HeldForm):
    """A meeting and its record; whoever is ticked was there for the whole of it."""

    kinds = (NETWORK_WORK,)
    participants = SelectMultipleField("Qui était là, avec vous")

    def __init__(self, session: Session) -> None:
        HeldForm.__init__(self, session)
        own = f"{current_user.adviser.id}:" if current_user.adviser else " "
        self.participants.choices = [
            SelectChoice(post, name)
            for post, name in colleagues(session)
            if not post.startswith(own)
        ]
        self.offer_structures(session)

    def companions(self, minutes: int) -> list[Work]:
        """The colleagues who were there."""
        posts: list[Any] = [post.split(":") for post in self.participants.data or ()]
        return [Work(int(adviser), int(structure), minutes) for adviser, structure in posts]
