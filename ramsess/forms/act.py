"""Acts: the quick form of the home page and the whole one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from flask_login import current_user
from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from wtforms import (
    DateField,
    Field,
    FieldList,
    FormField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import Length, NumberRange, Optional

from ramsess.actions.acts import ActDraft, Work
from ramsess.actions.communes import commune_label, find_commune
from ramsess.actions.habits import read_habits
from ramsess.actions.plans import find_current, open_actions
from ramsess.actions.refusals import Checks
from ramsess.forms.base import DurationField, FormPart, RecordForm, codes
from ramsess.forms.choices import (
    choose_parcours,
    choose_people,
    colleagues,
    person_label,
    structure_choices,
)
from ramsess.models import Act, ActFamily, ActType, Parcours
from ramsess.models.calendar import today
from ramsess.quick.context import Habits

FEWEST_COLLEAGUES = 4
LONGEST_CHOICE = 80
# What stands for the parcours of an act that one's structure recorded before leaving it.
LEFT = "parcours quitté"


class QuickActForm(RecordForm):
    """Five fields: date, type, parcours, duration, note; and the structure for a shared post.

    What one says more rarely (modality, people received, scheme) comes behind.
    """

    done_on = DateField("Date", [Optional()])
    type = SelectField("Type d’acte")
    parcours = StringField(
        "Parcours",
        description="Référence, personne ou projet ; vide pour un accueil ou un travail de réseau.",
        render_kw={"data-suggest": "/recherche/parcours", "autocomplete": "off"},
    )
    minutes = DurationField(
        "Durée", description="90, 1h30 ou 45 min ; vide : durée habituelle du type."
    )
    note = StringField("Note", [Length(max=5000)])
    structure = SelectField("Pour", coerce=int)
    modality = SelectField("Modalité", default="")
    anonymous_count = IntegerField(
        "Personnes anonymes",
        [Optional(), NumberRange(0, 10000, "Entre 0 et 10 000.")],
        default=0,
        render_kw={"inputmode": "numeric"},
    )
    scheme = SelectField("Dispositif", default="DRA")

    def __init__(self, session: Session, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.session = session
        if self.done_on.data is None and not self.done_on.raw_data:
            self.done_on.data = today()
        self.structure.choices = structure_choices(current_user)
        self.type.choices = act_type_choices(session)
        self.modality.choices = codes(session, "modalities", "Non précisée")
        self.scheme.choices = codes(session, "schemes")

    def draft(self) -> ActDraft:
        """What the form says. Raises RefusedError when a text names nothing."""
        checks = Checks()
        parcours = self.chosen_parcours(checks)
        minutes = self.minutes.data
        if minutes is None and not self.minutes.errors:
            minutes = usual_minutes(self.session, self.type.data, habits_of(self.session))
        draft = ActDraft(
            done_on=self.done_on.data,
            type_code=self.type.data,
            structure_id=self.structure.data,
            work=self.own_work(minutes or 0),
            parcours=parcours,
            note=(self.note.data or "").strip(),
            **self.more(checks),
        )
        checks.conclude()
        return draft

    def chosen_parcours(self, checks: Checks) -> Parcours | None:
        """The parcours that the text names."""
        return choose_parcours(self.session, checks, "parcours", self.parcours.data or "")

    def more(self, checks: Checks) -> dict[str, Any]:
        """What comes behind the five fields, and what a longer form adds."""
        return {
            "modality_code": self.modality.data or None,
            "scheme_code": self.scheme.data,
            "anonymous_count": self.anonymous_count.data or 0,
        }

    def own_work(self, minutes: int) -> list[Work]:
        """The minutes of the person who fills in the form."""
        if current_user.adviser is None:
            return []
        return [Work(current_user.adviser.id, self.structure.data, minutes)]


class ColleagueForm(FormPart):
    """Another adviser of the act, for a structure, with own minutes."""

    post = SelectField("Avec")
    minutes = DurationField("Durée")


class ActForm(QuickActForm):
    """Everything that can be said of an act."""

    note = TextAreaField("Note", [Length(max=20000)], render_kw={"rows": 5})
    commune = StringField(
        "Commune",
        description="Nom ou code INSEE ; vide : celle du projet.",
        render_kw={"data-suggest": "/recherche/communes", "autocomplete": "off"},
    )
    people = StringField(
        "Personne accueillie",
        description="Nom et prénom, pour un accueil sans parcours ; plusieurs séparées par « ; ».",
        render_kw={"data-suggest": "/recherche/personnes", "autocomplete": "off"},
    )
    plan_action = SelectField(
        "Pour l’action du plan", description="Facultatif : ce que cet acte fait avancer."
    )
    others = FieldList(FormField(ColleagueForm), "Avec d’autres", min_entries=FEWEST_COLLEAGUES)

    def __init__(self, session: Session, act: Act | None = None) -> None:
        """A form for a new act, or for the correction of *act*."""
        super().__init__(session)
        self.act = act
        if act:
            self.type.choices = act_type_choices(session, ("C", "I", "N"), act.type_code)
        self.plan_action.choices = [("", "Aucune en particulier")]
        offer_colleagues(session, self.others)

    def offer_actions(self, parcours: Parcours | None) -> None:
        """Offer the open actions of the plan of *parcours*, and the one that the act had."""
        found = (
            {one.root_id: one for one in open_actions(self.session, parcours)} if parcours else {}
        )
        if self.act and parcours and self.act.parcours_id == parcours.id and self.act.plan_action:
            present = find_current(self.session, parcours.id, self.act.plan_action_id)
            found.setdefault(self.act.plan_action.id, present or self.act.plan_action)
        self.plan_action.choices = [
            ("", "Aucune en particulier"),
            *((str(key), shortened(one.objective)) for key, one in found.items()),
        ]

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """The actions on offer are those of the parcours that is named."""
        with self.session.no_autoflush:
            self.offer_actions(self.named_parcours())
        # Where there is nothing to choose, the page does not ask.
        self.plan_action.data = self.plan_action.data or ""
        return bool(super().validate(*args, **kwargs))

    def named_parcours(self) -> Parcours | None:
        """The parcours that the text names, as far as it names one."""
        return self.chosen_parcours(Checks())

    def more(self, checks: Checks) -> dict[str, Any]:
        """The fields of the whole form."""
        chosen = self.plan_action.data or ""
        return super().more(checks) | {
            "plan_action_id": int(chosen) if chosen.isdigit() else None,
            "commune_code": find_commune(self.session, checks, "commune", self.commune.data or ""),
            "people": choose_people(self.session, checks, "people", self.people.data or ""),
        }

    def draft(self) -> ActDraft:
        """What the form says, colleagues included."""
        draft = super().draft()
        refuse_nobody(self.others)
        return replace(
            draft,
            work=[*draft.work, *work_of(self.others)],
            keeps_parcours=self._stays_on_the_parcours_left(),
        )

    def chosen_parcours(self, checks: Checks) -> Parcours | None:
        """The parcours that the text names; the act's own stays, even when its page is closed."""
        if self._stays_on_the_parcours_left():
            return None
        there = self.act.parcours if self.act else None
        if there and (self.parcours.data or "").strip() == there.reference:
            return there
        return super().chosen_parcours(checks)

    def _stays_on_the_parcours_left(self) -> bool:
        hidden = bool(self.act and self.act.parcours_id and not self.act.parcours)
        return hidden and (self.parcours.data or "").strip() == LEFT

    def own_work(self, minutes: int) -> list[Work]:
        """The main adviser: of the act that is corrected, or the person who fills in."""
        if self.act is None:
            return super().own_work(minutes)
        main = self.act.shares[0]
        guest = main.structure_id != self.act.structure_id
        return [Work(main.adviser_id, main.structure_id if guest else self.structure.data, minutes)]

    def show(self, act: Act) -> None:
        """Fill in what is recorded of *act*."""
        self.done_on.data, self.type.data = act.done_on, act.type_code
        self.structure.data = act.structure_id
        self.parcours.data = act.parcours.reference if act.parcours else ""
        if self.act and act.parcours_id and not act.parcours:
            self.parcours.data = LEFT
        self.note.data, self.modality.data = act.note, act.modality_code or ""
        self.commune.data, self.scheme.data = commune_label(act.commune), act.scheme_code
        self.anonymous_count.data = act.anonymous_count
        self.people.data = " ; ".join(
            person_label(item.beneficiary)
            for item in act.people
            if item.beneficiary.nameless_since is None
        )
        self.minutes.data = act.shares[0].minutes
        self.offer_actions(act.parcours)
        self.plan_action.data = str(act.plan_action_id or "")
        show_colleagues(self.session, self.others, act)


def shortened(text: str) -> str:
    """A text that fits in a list."""
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST_CHOICE else plain[: LONGEST_CHOICE - 1] + "…"


def offer_colleagues(session: Session, entries: FieldList) -> None:
    """Offer every post in each entry of a list of colleagues."""
    choices = [("", "Personne d’autre"), *colleagues(session)]
    for entry in entries:
        entry.form.post.choices = choices


def show_colleagues(session: Session, entries: FieldList, act: Act) -> None:
    """Fill in the advisers of *act* but the first, however many."""
    others = act.shares[1:]
    while len(entries) < len(others):
        entries.append_entry()
    offer_colleagues(session, entries)
    for entry, share in zip(entries, others, strict=False):
        entry.form.post.data = f"{share.adviser_id}:{share.structure_id}"
        entry.form.minutes.data = share.minutes


def refuse_nobody(entries: Iterable[Field]) -> None:
    """Raise RefusedError when a duration stands without the colleague who worked it."""
    checks = Checks()
    if any(entry.form.minutes.data and not entry.form.post.data for entry in entries):
        checks.refuse("others", "Indiquez quel collègue a fait cette durée.")
    checks.conclude()


def work_of(entries: Iterable[Field]) -> list[Work]:
    """The minutes that the filled entries of a list of colleagues say."""
    found = []
    for entry in entries:
        if entry.form.post.data:
            adviser, structure = entry.form.post.data.split(":")
            found.append(Work(int(adviser), int(structure), entry.form.minutes.data or 0))
    return found


def act_type_choices(
    session: Session, kinds: tuple[str, ...] = ("I", "N"), present: str | None = None
) -> list[SelectChoice]:
    """Types of the given kinds under their families; the present one even when closed."""
    open_ = or_(ActType.valid_to.is_(None), ActType.valid_to >= today(), ActType.code == present)
    rows = session.execute(
        select(ActType, ActFamily.label)
        .join(ActFamily, ActFamily.code == ActType.family_code)
        .where(ActType.kind.in_(kinds), open_)
        .order_by(ActFamily.position, ActType.position)
    )
    return [
        SelectChoice(item.code, f"{item.label} ({item.code})", optgroup=family)
        for item, family in rows
    ]


def usual_minutes(session: Session, type_code: str, habits: Habits) -> int:
    """The duration that a type usually has: the adviser's own, else anybody's; 60 if unknown."""
    kind = session.get(ActType, type_code)
    return habits.minutes.get(type_code) or (kind.usual_minutes if kind else 60)


def habits_of(session: Session) -> Habits:
    """What who fills in the form did last."""
    return read_habits(session, current_user.adviser.id) if current_user.adviser else Habits()
