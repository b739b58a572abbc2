"""Pasting from a spreadsheet: what was understood, row by row, before anything is recorded."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from functools import cache

from flask_login import current_user
from sqlalchemy.orm import Session
from wtforms import BooleanField, HiddenField, SelectField, TextAreaField
from wtforms.validators import Length

from ramsess.actions.acts import ActDraft, check_act
from ramsess.actions.batch import Addition
from ramsess.actions.refusals import Checks, RefusedError
from ramsess.exchange.pasted import PastedRow, UnreadableError, parse_day, read_pasted
from ramsess.forms.act import act_type_choices
from ramsess.forms.base import RecordForm
from ramsess.forms.choices import choose_parcours, structure_choices
from ramsess.forms.reading import Types, duration_of, known_between, like, own_draft
from ramsess.models import Parcours
from ramsess.models.names import normalise

LONGEST = 200_000


@dataclass
class Understood:
    """A row, what it was understood to say, and why it cannot be recorded; *known*: looks noted."""

    row: PastedRow
    draft: ActDraft
    reasons: list[str]
    known: bool = False


class PasteForm(RecordForm):
    """A block of cells; *seen* is the digest of the one whose preview the person has seen."""

    text = TextAreaField(
        "Lignes copiées d’un tableur",
        [Length(max=LONGEST, message="C’est trop long : collez une période à la fois.")],
        render_kw={"rows": 8, "spellcheck": "false"},
    )
    structure = SelectField("Pour", coerce=int)
    skip_known = BooleanField("Laisser de côté ce qui semble déjà noté", default=True)
    seen = HiddenField()

    def __init__(self, session: Session, monday: dt.date) -> None:
        super().__init__()
        self.session, self.monday = session, monday
        self.structure.choices = structure_choices(current_user)
        self.rows: list[Understood] = []
        self.labels: dict[str, str] = {}

    @property
    def digest(self) -> str:
        """What stands for the text, its structure and the choice about what is noted already."""
        # Browsers send ends of lines as they please.
        lines = (self.text.data or "").strip("\r\n").splitlines()
        said = repr((lines, self.structure.data, self.skip_known.data))
        return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()

    def read(self) -> bool:
        """Understand the rows; False when the block cannot be read."""
        try:
            pasted = read_pasted(self.text.data or "")
        except UnreadableError as error:
            self.text.errors = [*self.text.errors, str(error)]
            return False
        types = Types(act_type_choices(self.session))
        self.labels = types.labels

        @cache
        def parcours_of(text: str) -> tuple[Parcours | None, str]:
            checks = Checks()
            found = choose_parcours(self.session, checks, "parcours", text)
            return found, " ".join(checks.reasons.values())

        self.rows = [self._understand(row, types, *parcours_of(row.parcours)) for row in pasted]
        self._mark_known()
        return True

    def _understand(
        self, row: PastedRow, types: Types, parcours: Parcours | None, reason: str
    ) -> Understood:
        checks = Checks()
        day = parse_day(row.date, self.monday)
        if day is None:
            told = f"Date illisible : « {row.date} »." if row.date else "La date manque."
            checks.refuse("date", told)
        kind = types.choose(checks, "type", row.type)
        minutes = duration_of(checks, "minutes", row.duration, in_hours=row.in_hours)
        if reason:
            checks.refuse("parcours", f"« {row.parcours} » : {reason}")
        draft = own_draft(day, kind, self._structure(checks, row), minutes, parcours, row.note)
        if not checks.reasons:
            try:
                check_act(self.session, current_user, draft)
            except RefusedError as refusal:
                return Understood(row, draft, list(refusal.reasons.values()))
        return Understood(row, draft, list(checks.reasons.values()))

    def _structure(self, checks: Checks, row: PastedRow) -> int:
        said = normalise(row.structure)
        if not said:
            return int(self.structure.data)
        for structure in current_user.structures("adviser", "manager"):
            if said in (normalise(structure.name), normalise(structure.code)):
                return int(structure.id)
        checks.refuse("structure", f"« {row.structure} » n’est pas une de vos structures.")
        return 0

    def _mark_known(self) -> None:
        days = [row.draft.done_on for row in self.rows if row.draft.done_on]
        if days:
            noted = known_between(self.session, min(days), max(days))
            for row in self.rows:
                row.known = like(row.draft) in noted

    @property
    def chosen(self) -> list[Understood]:
        """The rows to record."""
        return [row for row in self.rows if not (row.known and self.skip_known.data)]

    @property
    def is_sound(self) -> bool:
        """True when there is something to record, and nothing stands against it."""
        return bool(self.chosen) and not any(row.reasons for row in self.chosen)

    def additions(self) -> list[Addition]:
        """What to record, a row each."""
        return [Addition(f"ligne {n}", one.draft) for n, one in enumerate(self.chosen, 1)]
