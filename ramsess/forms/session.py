"""Collective sessions and their attendance."""

from __future__ import annotations

from flask_login import current_user
from sqlalchemy.orm import Session
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FileField,
    FormField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from ramsess.actions.acts import Work
from ramsess.actions.communes import commune_label, find_commune
from ramsess.actions.refusals import Checks
from ramsess.actions.repetition import FORTNIGHT, MONTH, MOST, WEEK
from ramsess.actions.sessions import SessionDraft
from ramsess.actions.signed_sheets import LARGEST
from ramsess.forms.act import (
    FEWEST_COLLEAGUES,
    ColleagueForm,
    act_type_choices,
    habits_of,
    offer_colleagues,
    refuse_nobody,
    show_colleagues,
    usual_minutes,
)
from ramsess.forms.base import DurationField, Form, RecordForm, codes
from ramsess.forms.choices import choose_people, structure_choices
from ramsess.forms.slots import SlotsField, minutes_of
from ramsess.models import Act, Beneficiary
from ramsess.models.calendar import today


class HeldForm(RecordForm):
    """What any session says of itself, but who held it beside the person who fills in."""

    kinds: tuple[str, ...] = ("C", "N")

    title = StringField("Intitulé", [InputRequired("Donnez un intitulé."), Length(max=200)])
    done_on = DateField("Date", [InputRequired("Indiquez une date.")])
    type = SelectField("Type")
    minutes = DurationField(
        "Durée", description="3h ou 180 ; vide : celle des tranches, ou l’habituelle du type."
    )
    slots = SlotsField(
        "Tranches horaires",
        description="9h-12h ; 14h-17h : on signe à chacune. Vide : en une fois.",
    )
    structure = SelectField("Structure", coerce=int)
    commune = StringField(
        "Commune",
        description="Nom ou code INSEE.",
        render_kw={"data-suggest": "/recherche/communes", "autocomplete": "off"},
    )
    scheme = SelectField("Dispositif")
    note = TextAreaField("Note", [Length(max=20000)], render_kw={"rows": 3})

    def __init__(self, session: Session, act: Act | None = None) -> None:
        """A form for a new session, or for the correction of the session *act*."""
        super().__init__()
        self.session, self.act = session, act
        if self.done_on.data is None and not self.done_on.raw_data:
            self.done_on.data = today()
        self.type.choices = act_type_choices(session, self.kinds, act.type_code if act else None)
        self.structure.choices = structure_choices(current_user)
        self.scheme.choices = codes(session, "schemes")

    def draft(self) -> SessionDraft:
        """What the form says. Raises RefusedError."""
        checks = Checks()
        minutes = self.minutes.data
        if minutes is None and not self.minutes.errors:
            slots = self.slots.data
            usual = usual_minutes(self.session, self.type.data, habits_of(self.session))
            minutes = minutes_of(slots) if slots else usual
        minutes = minutes or 0
        draft = SessionDraft(
            title=self.title.data or "",
            done_on=self.done_on.data,
            type_code=self.type.data,
            minutes=minutes,
            structure_id=self.structure.data,
            work=[*self._own_work(minutes), *self.companions(minutes)],
            scheme_code=self.scheme.data,
            commune_code=find_commune(self.session, checks, "commune", self.commune.data or ""),
            note=(self.note.data or "").strip(),
            slots=self.slots.data or (),
        )
        checks.conclude()
        return draft

    def companions(self, minutes: int) -> list[Work]:
        """The minutes of the others, who are there for *minutes* unless they say otherwise."""
        return []

    def _own_work(self, minutes: int) -> list[Work]:
        if self.act is None:
            adviser = current_user.adviser
            return [Work(adviser.id, self.structure.data, minutes)] if adviser else []
        main = self.act.shares[0]
        held = self.act.group_session
        if held and minutes == held.minutes:
            # An animator may have been there for a part of the session only.
            minutes = main.minutes
        guest = main.structure_id != self.act.structure_id
        return [Work(main.adviser_id, main.structure_id if guest else self.structure.data, minutes)]

    def show(self, act: Act) -> None:
        """Fill in what is recorded of the session *act*."""
        held = act.group_session
        assert held
        self.title.data, self.minutes.data = held.title, held.minutes
        self.done_on.data, self.type.data = act.done_on, act.type_code
        self.structure.data, self.scheme.data = act.structure_id, act.scheme_code
        self.commune.data, self.note.data = commune_label(act.commune), act.note
        self.slots.data = [(slot.starts_at, slot.ends_at) for slot in held.slots]


class SessionForm(HeldForm):
    """A session; an animator without duration is there for the whole of it."""

    others = FieldList(FormField(ColleagueForm), "Co-animation", min_entries=FEWEST_COLLEAGUES)

    def __init__(self, session: Session, act: Act | None = None) -> None:
        super().__init__(session, act)
        offer_colleagues(session, self.others)

    def companions(self, minutes: int) -> list[Work]:
        """The colleagues said one by one."""
        refuse_nobody(self.others)
        work = []
        for entry in self.others:
            if entry.form.post.data:
                adviser, structure = entry.form.post.data.split(":")
                own = entry.form.minutes.data
                work.append(Work(int(adviser), int(structure), minutes if own is None else own))
        return work

    def show(self, act: Act) -> None:
        """As above, and the colleagues."""
        super().show(act)
        show_colleagues(self.session, self.others, act)


class PeopleForm(Form):
    """People ticked in a list, and people added by name."""

    added = StringField(
        "Ajouter des personnes",
        description="Nom et prénom ; plusieurs séparées par « ; ».",
        render_kw={"data-suggest": "/recherche/personnes", "autocomplete": "off"},
    )

    def people(self, session: Session, ticked: list[Beneficiary]) -> list[Beneficiary]:
        """The people ticked and those added. Raises RefusedError."""
        checks = Checks()
        added = choose_people(session, checks, "added", self.added.data or "")
        checks.conclude()
        return list({person.id: person for person in [*ticked, *added]}.values())


class AttendanceForm(PeopleForm):
    """Who was there: known people, and unnamed heads."""

    anonymous_count = IntegerField(
        "Personnes anonymes", [Optional(), NumberRange(0, 10000, "Entre 0 et 10 000.")], default=0
    )


class RepeatForm(RecordForm):
    """The same session again, every week, fortnight or month."""

    every = SelectField(
        "Rythme",
        choices=[
            SelectChoice(WEEK, "chaque semaine"),
            SelectChoice(FORTNIGHT, "toutes les deux semaines"),
            SelectChoice(MONTH, "chaque mois, le même jour du mois"),
        ],
    )
    times = IntegerField(
        "Nombre de fois",
        [InputRequired("Indiquez un nombre."), NumberRange(1, MOST, f"De 1 à {MOST} fois.")],
        default=4,
    )
    with_people = BooleanField("Inscrire les mêmes personnes", default=True)


class SheetForm(RecordForm):
    """The signed copy of an attendance sheet."""

    file = FileField(
        "Feuille signée",
        description="PDF, JPEG ou PNG, 4 Mo au plus. Elle n’est visible que de votre structure.",
        render_kw={"accept": ".pdf,.jpg,.jpeg,.png"},
    )

    def content(self) -> bytes:
        """What was chosen; nothing when nothing was. More than is kept is not read."""
        given = self.file.data
        return given.read(LARGEST + 1) if getattr(given, "filename", "") else b""
