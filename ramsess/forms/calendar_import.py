"""A calendar's appointments as acts to confirm: what each is likely to be, in fields."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections import Counter
from collections.abc import Sequence
from typing import Any

from flask_login import current_user
from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FileField,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
)
from wtforms.validators import Length, NumberRange, Optional

from ramsess import policy
from ramsess.actions.auditing import shown
from ramsess.actions.batch import Addition, key_of
from ramsess.actions.refusals import Checks
from ramsess.actions.week import acts_between
from ramsess.exchange.calendar_file import LARGEST, MOST_SHOWN, Appointment
from ramsess.forms.act import act_type_choices
from ramsess.forms.base import DurationField, Form, FormPart
from ramsess.forms.choices import choose_parcours, structure_choices
from ramsess.forms.reading import Types, own_draft
from ramsess.forms.week import parse_week
from ramsess.models import Act, Beneficiary, Parcours, ParcoursBeneficiary, Project
from ramsess.models.calendar import today
from ramsess.models.names import normalise
from ramsess.reports.period import french_weekday

MOST_WEEKS, LATELY = 6, 120
_REFERENCE = re.compile(r"\bP-\d{4}-\d{4,6}\b", re.IGNORECASE | re.ASCII)
_KEY = re.compile(r"[0-9a-f]{64}", re.ASCII)
# What an adviser's keys are derived from: two who were at one appointment have two acts.
_SPACE = uuid.UUID("6f1f2a0e-8c0b-5d0e-9c8e-2b6f0c1d7a11")


class CalendarFileForm(Form):
    """A file, and which weeks of it."""

    file = FileField(
        "Calendrier (.ics)",
        description="Exporté de votre agenda ; 1 Mio au plus. Il est lu puis oublié.",
        render_kw={"accept": ".ics,text/calendar"},
    )
    week = StringField("Première semaine", description="Par exemple 2009-S14.")
    weeks = IntegerField(
        "Nombre de semaines",
        [NumberRange(1, MOST_WEEKS, f"De 1 à {MOST_WEEKS} semaines.")],
        default=1,
    )

    def days(self) -> tuple[dt.date, dt.date] | None:
        """The first and the last day asked for; None, and said why, when there are none."""
        monday = parse_week(self.week.data or "")
        if monday is None:
            self.week.errors = ["Écrivez par exemple 2009-S14."]
            return None
        return monday, monday + dt.timedelta(days=7 * self.weeks.data - 1)

    def content(self) -> bytes:
        """What the file holds, as far as a calendar may be long; nothing when there is none."""
        given = self.file.data
        return bytes(given.stream.read(LARGEST + 1)) if given and given.filename else b""


class AppointmentForm(FormPart):
    """An event, and the act that it would be."""

    chosen = BooleanField("Noter")
    key = HiddenField()
    told = HiddenField()
    done_on = DateField("Date", [Optional()])
    minutes = DurationField("Durée")
    type = SelectField("Type d’acte")
    parcours = StringField(
        "Parcours",
        [Length(max=300)],
        render_kw={"data-suggest": "/recherche/parcours", "autocomplete": "off"},
    )
    note = StringField("Note", [Length(max=5000)])


class AppointmentsForm(Form):
    """The appointments of a calendar; those that are ticked are recorded, all or nothing."""

    appointments = FieldList(FormField(AppointmentForm), max_entries=MOST_SHOWN)
    structure = SelectField("Pour", coerce=int)

    def __init__(self, session: Session, found: Sequence[Appointment] | None = None) -> None:
        """*found*: what to propose; None when the form comes back."""
        # What comes with a file is not the answer of this form.
        super().__init__(**({} if found is None else {"formdata": None}))
        self.session = session
        self.structure.choices = structure_choices(current_user)
        if found is not None:
            self._propose(found)
        types = [("", "Choisir un type"), *act_type_choices(session)]
        for entry in self.appointments:
            entry.form.type.choices = types

    def _propose(self, found: Sequence[Appointment]) -> None:
        guess = Guess(self.session)
        for appointment in found:
            if appointment.done_on > today():
                continue
            form = self.appointments.append_entry().form
            form.key.data = appointment.key
            clock = f"{appointment.starts_at.hour} h {appointment.starts_at.minute:02d}"
            title = appointment.summary or "sans titre"
            form.told.data = f"{french_weekday(appointment.done_on)}, {clock} : {title}"
            form.done_on.data, form.minutes.data = appointment.done_on, appointment.minutes
            form.note.data = appointment.summary
            parcours = guess.parcours(appointment.summary)
            form.parcours.data = parcours.reference if parcours else ""
            form.type.data = guess.type(appointment.summary, parcours)

    @property
    def space(self) -> uuid.UUID:
        """What the keys of this adviser's appointments are derived from."""
        return uuid.uuid5(_SPACE, str(current_user.adviser.public_id))

    def already(self) -> set[str]:
        """The keys of the appointments that are recorded."""
        keys = {self._request_key(entry.form): entry.form.key.data for entry in self.appointments}
        found = self.session.scalars(
            select(Act.request_key).where(
                Act.request_key.in_(keys), Act.id.in_(policy.acts_seen(current_user))
            )
        )
        return {keys[key] for key in found if key}

    def _request_key(self, form: Any) -> uuid.UUID:
        return uuid.uuid5(self.space, form.key.data or "")

    def additions(self) -> list[Addition]:
        """What to record. Raises RefusedError, by field."""
        checks, found = Checks(), []
        for entry in self.appointments:
            form = entry.form
            if not form.chosen.data:
                continue
            if not _KEY.fullmatch(form.key.data or ""):
                checks.refuse("", "Ce formulaire a été modifié : remettez le calendrier.")
            if not form.type.data:
                checks.refuse(f"{entry.name}-type", "Choisissez un type.")
            parcours = choose_parcours(
                self.session, checks, f"{entry.name}-parcours", form.parcours.data or ""
            )
            draft = own_draft(
                form.done_on.data,
                form.type.data or "",
                self.structure.data,
                form.minutes.data or 0,
                parcours,
                (form.note.data or "").strip(),
            )
            found.append(Addition(f"{entry.name}-minutes", draft, form.key.data or ""))
        if not found:
            checks.refuse("", "Cochez les rendez-vous à noter.")
        checks.conclude()
        assert all(key_of(self.space, one) for one in found)
        return found


class Guess:
    """What an appointment is likely to be, from its title and from what its adviser does."""

    def __init__(self, session: Session) -> None:
        self.session = session
        shown(session, "search_parcours", account_id=current_user.id)
        self._types = Types(act_type_choices(session))
        self._names = self._read_names()
        since = today() - dt.timedelta(days=LATELY)
        done = acts_between(session, current_user, current_user.adviser, since, today())
        self._usual = Counter(
            (share.act.parcours_id, share.act.type_code)
            for share in done
            if share.act.type.kind != "C"
        )

    def _read_names(self) -> list[tuple[int, str, str, str]]:
        """Parcours, last name, first name, project: of the parcours that go on."""
        rows = self.session.execute(
            select(Parcours.id, Beneficiary.last_name, Beneficiary.first_name, Project.title)
            .join(ParcoursBeneficiary, ParcoursBeneficiary.parcours_id == Parcours.id)
            .join(Beneficiary, Beneficiary.id == ParcoursBeneficiary.beneficiary_id)
            .join(Project, Project.id == Parcours.project_id)
            .where(
                Parcours.id.in_(policy.parcours_seen(current_user, today())),
                or_(
                    Parcours.exited_on.is_(None),
                    Parcours.exited_on >= today() - dt.timedelta(days=LATELY),
                ),
            )
        )
        return [
            (key, normalise(last), normalise(first), normalise(title))
            for key, last, first, title in rows
        ]

    def parcours(self, summary: str) -> Parcours | None:
        """The one parcours whose reference, people or project the title names; None in doubt."""
        seen = Parcours.id.in_(policy.parcours_seen(current_user, today()))
        reference = _REFERENCE.search(summary)
        if reference:
            named = Parcours.reference == reference[0].upper()
            return self.session.scalar(select(Parcours).where(named, seen))
        said = f" {normalise(summary)} "
        scores: Counter[int] = Counter()
        for key, last, first, title in self._names:
            score = 0
            if len(last) > 2 and f" {last} " in said:
                score = 3 if f" {first} " in said else 2
            elif len(title) > 7 and f" {title} " in said:
                score = 1
            scores[key] = max(scores[key], score)
        best = [key for key, score in scores.items() if score and score == max(scores.values())]
        return self.session.get(Parcours, best[0]) if len(best) == 1 else None

    def type(self, summary: str, parcours: Parcours | None) -> str:
        """The type that the title names, or the adviser's usual one there; nothing when unknown."""
        named = self._types.within(summary)
        if named:
            return named
        wanted = parcours.id if parcours else None
        here, alike = Counter[str](), Counter[str]()
        for (key, kind), count in self._usual.items():
            if kind in self._types.labels and (key is None) == (wanted is None):
                alike[kind] += count
                here[kind] += count if key == wanted else 0
        likely = here if any(here.values()) else alike
        return likely.most_common(1)[0][0] if likely else ""
