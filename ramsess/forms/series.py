"""A series: one act said once, on several parcours, on several days."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

from flask_login import current_user
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import Length, Optional

from ramsess import policy
from ramsess.actions.batch import Addition
from ramsess.actions.refusals import Checks
from ramsess.actions.repetition import FORTNIGHT, MONTH, WEEK
from ramsess.actions.series import MOST, days_until, shared_out
from ramsess.forms.act import act_type_choices, habits_of, usual_minutes
from ramsess.forms.base import DurationField, RecordForm
from ramsess.forms.choices import choose_parcours, parcours_label, structure_choices
from ramsess.forms.reading import own_draft
from ramsess.models import Act, ActAdviser, Parcours
from ramsess.models.calendar import today
from ramsess.reports.period import french_weekday

OTHERS, LATELY, MOST_TICKED = 4, 120, 40
RHYTHMS = [
    SelectChoice("", "Une seule fois"),
    SelectChoice(WEEK, "Chaque semaine"),
    SelectChoice(FORTNIGHT, "Toutes les deux semaines"),
    SelectChoice(MONTH, "Chaque mois"),
]


@dataclass(frozen=True)
class Series:
    """What the form says, understood: *minutes* go with *parcours*, one by one."""

    parcours: list[Parcours | None]
    minutes: list[int]
    days: list[dt.date]


class SeriesForm(RecordForm):
    """Type, duration and note are said once; *days* are those kept of the preview."""

    type = SelectField("Type d’acte")
    minutes = DurationField("Durée", description="Pour chaque acte ; vide : l’habituelle du type.")
    split = BooleanField("Cette durée est celle du tout : la partager entre les parcours")
    ticked = SelectMultipleField("Parcours récents")
    others = FieldList(
        StringField(
            "Autre parcours",
            [Length(max=300)],
            render_kw={"data-suggest": "/recherche/parcours", "autocomplete": "off"},
        ),
        min_entries=OTHERS,
        max_entries=OTHERS,
    )
    done_on = DateField("Premier jour", [Optional()])
    every = SelectField("Rythme", choices=RHYTHMS)
    until = DateField("Jusqu’au", [Optional()], description="Au plus tard aujourd’hui.")
    structure = SelectField("Pour", coerce=int)
    note = TextAreaField(
        "Note", [Length(max=20000)], description="La même sur chaque acte.", render_kw={"rows": 3}
    )
    days = SelectMultipleField("Jours")
    seen = HiddenField()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.series: Series | None = None
        self.type.choices = act_type_choices(session)
        self.structure.choices = structure_choices(current_user)
        self.ticked.choices = [(one.reference, parcours_label(one)) for one in recent(session)]
        # Ticked in a preview; checked against the days that the series has.
        self.days.choices = [(value, value) for value in self.days.raw_data or ()]
        if not self.is_submitted():
            self.done_on.data = self.until.data = today()

    @property
    def digest(self) -> str:
        """What stands for all that the preview is made of."""
        fields = (self.type, self.minutes, self.split, self.ticked, self.others, self.done_on,
                  self.every, self.until, self.structure)  # fmt: skip
        said = repr([field.data for field in fields])
        return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()

    def understand(self) -> Series:
        """What the form says. Raises RefusedError."""
        checks = Checks()
        texts = [*self.ticked.data, *(entry.data or "" for entry in self.others)]
        found = [choose_parcours(self.session, checks, "others", text)
                 for text in texts if text.strip()]  # fmt: skip
        parcours = list(dict.fromkeys(found)) or [None]
        minutes = self.minutes.data
        if minutes is None and not self.minutes.errors:
            minutes = usual_minutes(self.session, self.type.data, habits_of(self.session))
        checks.minutes("minutes", minutes)
        days = self._days(checks)
        if len(parcours) * len(days) > MOST:
            checks.refuse("until", f"Cela ferait plus de {MOST} actes : raccourcissez la série.")
        checks.conclude()
        each = [minutes or 0] * len(parcours)
        if self.split.data:
            each = shared_out(minutes or 0, len(parcours))
        self.series = Series(parcours, each, days)
        return self.series

    def _days(self, checks: Checks) -> list[dt.date]:
        first, last = self.done_on.data, self.until.data
        if not checks.day("done_on", first) or first is None:
            return []
        if not self.every.data:
            return [first]
        if not checks.day("until", last) or last is None:
            return []
        if last < first:
            checks.refuse("until", "Le dernier jour précède le premier.")
            return []
        return days_until(first, self.every.data, last)

    def offer_days(self) -> None:
        """Offer every day of the series, ticked."""
        assert self.series
        self.days.choices = [(day.isoformat(), french_weekday(day)) for day in self.series.days]
        self.days.data = [day.isoformat() for day in self.series.days]

    def kept_days(self) -> list[dt.date]:
        """The days of the series that stay ticked; the only one needs no tick."""
        assert self.series
        if len(self.series.days) == 1:
            return self.series.days
        return [day for day in self.series.days if day.isoformat() in self.days.data]

    def additions(self) -> list[Addition]:
        """An act for each parcours and each day kept."""
        series = self.understand()
        return [
            Addition(
                f"{french_weekday(day)}{f', {one.reference}' if one else ''}",
                own_draft(
                    day, self.type.data, self.structure.data, minutes, one,
                    (self.note.data or "").strip(),
                ),
            )
            for day in self.kept_days()
            for one, minutes in zip(series.parcours, series.minutes, strict=True)
        ]  # fmt: skip

    def tell(self, reasons: dict[str, str]) -> None:
        """A refused act says which one it is."""
        super().tell(
            {
                name: reason if name in self._fields or not name else f"{name} : {reason}"
                for name, reason in reasons.items()
            }
        )


def recent(session: Session) -> list[Parcours]:
    """The parcours on which the person who fills in worked lately, the last one first."""
    last = func.max(Act.done_on)
    worked = (
        select(Act.parcours_id, last.label("last"))
        .join(ActAdviser, ActAdviser.act_id == Act.id)
        .where(
            ActAdviser.adviser_id == current_user.adviser.id,
            Act.done_on >= today() - dt.timedelta(days=LATELY),
            Act.parcours_id.in_(policy.parcours_seen(current_user, today())),
        )
        .group_by(Act.parcours_id)
        .order_by(last.desc())
        .limit(MOST_TICKED)
        .subquery()
    )
    return list(
        session.scalars(
            select(Parcours)
            .join(worked, worked.c.parcours_id == Parcours.id)
            .order_by(worked.c.last.desc(), Parcours.reference)
        )
    )
