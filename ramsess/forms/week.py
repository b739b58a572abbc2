"""A week as a grid: lines of work, a duration a day; the grid is one form."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Iterator
from typing import Any

from flask_login import current_user
from sqlalchemy.orm import Session
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    FormField,
    HiddenField,
    SelectField,
    StringField,
)
from wtforms.validators import Length

from ramsess.actions.batch import Addition, Change
from ramsess.actions.refusals import Checks, RefusedError
from ramsess.actions.week import DAYS, Done, Week
from ramsess.forms.act import LEFT, act_type_choices
from ramsess.forms.base import DurationField, FormPart, RecordForm, written
from ramsess.forms.choices import choose_parcours, structure_choices
from ramsess.forms.reading import own_draft
from ramsess.models import Act, Parcours
from ramsess.models.calendar import FIRST_DAY, today
from ramsess.reports.period import WEEKDAYS_FR, french_weekday

NEW_LINES, MOST_NEW, MOST_LINES = 2, 20, 150
_WEEK = re.compile(r"(\d{4})-[SW](\d{1,2})", re.ASCII | re.IGNORECASE)


def parse_week(text: str) -> dt.date | None:
    """The Monday of ``2009-S14`` (or ``2009-W14``, as browsers say it); None for no week."""
    said = _WEEK.fullmatch(text.strip())
    if said is None:
        return None
    try:
        monday = dt.date.fromisocalendar(int(said[1]), int(said[2]), 1)
    except ValueError:
        return None
    return monday if FIRST_DAY <= monday <= today() + dt.timedelta(days=366) else None


def week_name(monday: dt.date) -> str:
    """``2009-S14``."""
    year, week, _ = monday.isocalendar()
    return f"{year}-S{week:02d}"


class CellForm(FormPart):
    """A day of a line: a duration; the act that it is, with the version and minutes shown."""

    minutes = DurationField("Durée")
    act = HiddenField()
    version = HiddenField()
    was = HiddenField()

    def show(self, done: Done) -> None:
        """Fill in what is recorded."""
        self.act.data, self.version.data = str(done.act.public_id), str(done.act.version)
        self.minutes.data, self.was.data = done.minutes, str(done.minutes)


class LineForm(FormPart):
    """A line that is there: for whom, on what, which type."""

    structure = HiddenField()
    parcours = HiddenField()
    type = HiddenField()
    days = FieldList(FormField(CellForm), min_entries=DAYS, max_entries=DAYS)


class NewLineForm(FormPart):
    """A line more."""

    structure = SelectField("Pour", coerce=int)
    parcours = StringField(
        "Parcours",
        [Length(max=300)],
        render_kw={"data-suggest": "/recherche/parcours", "autocomplete": "off"},
    )
    type = SelectField("Type d’acte")
    days = FieldList(FormField(CellForm), min_entries=DAYS, max_entries=DAYS)


class MoveForm(FormPart):
    """An act of the list beneath the grid, and the day where it goes."""

    act = HiddenField()
    version = HiddenField()
    day = SelectField("Jour")


class WeekForm(RecordForm):
    """The week as one form. A cell's place says its day: an act found elsewhere was moved there."""

    lines = FieldList(FormField(LineForm), max_entries=MOST_LINES)
    added = FieldList(FormField(NewLineForm), max_entries=MOST_NEW)
    moves = FieldList(FormField(MoveForm))
    confirmed = BooleanField("Oui, annuler ces actes")
    copy_from = SelectField("Copier")
    copy_to = SelectField("vers")

    def __init__(self, session: Session, week: Week, *, recent: Week | None = None) -> None:
        """*recent*: another week, whose lines are shown too, empty."""
        super().__init__()
        self.session, self.week = session, week
        self.types = act_type_choices(session)
        self.undone: list[tuple[str, Act]] = []
        if not self.is_submitted():
            self._show(recent)
            self.copy_to.data = week.days[1].isoformat()
        while len(self.added) < NEW_LINES:
            self.added.append_entry()
        self._offer()

    def _show(self, recent: Week | None) -> None:
        shown = set()
        for source, filled in ((self.week, True), (recent, False)):
            for line in source.lines if source else ():
                key = (line.structure.id, line.parcours, line.left, line.type.code)
                open_ = filled or (not line.left and self._offers(line.type.code))
                if key in shown or not open_ or len(self.lines) >= MOST_LINES:
                    continue
                shown.add(key)
                form = self.lines.append_entry().form
                form.structure.data = str(line.structure.id)
                form.parcours.data = line.parcours.reference if line.parcours else ""
                if line.left:
                    form.parcours.data = LEFT
                form.type.data = line.type.code
                for cell, done in zip(form.days, line.days if filled else (), strict=False):
                    if len(done) == 1 and done[0].editable:
                        cell.form.show(done[0])
        for line in self.week.lines:
            for one in (done for day in line.days for done in day if done.editable):
                form = self.moves.append_entry().form
                form.act.data, form.version.data = str(one.act.public_id), str(one.act.version)
                form.day.data = one.act.done_on.isoformat()

    def _offers(self, type_code: str) -> bool:
        return any(choice.value == type_code for choice in self.types)

    def _offer(self) -> None:
        """Give every list its choices."""
        types = [("", "Choisir un type"), *self.types]
        structures = structure_choices(current_user)
        for entry in self.added:
            entry.form.type.choices = types
            entry.form.structure.choices = structures
        days = [
            (day.isoformat(), f"{WEEKDAYS_FR[day.weekday()]} {day.day}") for day in self.week.days
        ]
        for entry in self.moves:
            entry.form.day.choices = days
        self.copy_from.choices = self.copy_to.choices = days

    def add_line(self) -> None:
        """One empty line more."""
        if len(self.added) < MOST_NEW:
            self.added.append_entry()
        self._offer()

    def cells(self) -> Iterator[tuple[str, dt.date, Any]]:
        """Every cell: the name of its duration, its day, its form."""
        for entry in (*self.lines, *self.added):
            for day, cell in zip(self.week.days, entry.form.days, strict=True):
                yield f"{cell.name}-minutes", day, cell.form

    def copy_day(self) -> int:
        """Put one day's durations in another day's empty cells; how many. Nothing is recorded."""
        copied = 0
        source, target = (self.week.days.index(dt.date.fromisoformat(one.data))
                          for one in (self.copy_from, self.copy_to))  # fmt: skip
        for entry in (*self.lines, *self.added):
            there, here = entry.form.days[source].form, entry.form.days[target].form
            if there.minutes.data and not here.minutes.data and not here.act.data:
                here.minutes.data, here.minutes.raw_data = there.minutes.data, None
                copied += source != target
        return copied

    def additions(self) -> list[Addition]:
        """What to record. Raises RefusedError, by field."""
        checks = Checks()
        found = []
        for entry in (*self.lines, *self.added):
            new = [
                (cell, day)
                for day, cell in zip(self.week.days, entry.form.days, strict=True)
                if cell.form.minutes.data is not None and not cell.form.act.data
            ]
            if not new:
                said = entry.form.type.data or (entry.form.parcours.data or "").strip()
                if said and isinstance(entry.form, NewLineForm):
                    reason = "Tapez une durée sous un jour, ou videz cette ligne."
                    checks.refuse(f"{entry.name}-type", reason)
                continue
            parcours = self._parcours(checks, entry)
            if not entry.form.type.data:
                checks.refuse(f"{entry.name}-type", "Choisissez un type.")
            structure = int(entry.form.structure.data or 0)
            for cell, day in new:
                kind, minutes = entry.form.type.data or "", cell.form.minutes.data
                draft = own_draft(day, kind, structure, minutes, parcours)
                found.append(Addition(f"{cell.name}-minutes", draft))
        checks.conclude()
        return found

    def changes(self) -> list[Change]:
        """What to correct, move and undo. Raises RefusedError when the form was tampered with."""
        found: dict[uuid.UUID, Change] = {}
        for where, day, cell in self.cells():
            if cell.act.data:
                public_id, version = _known(cell)
                found[public_id] = Change(where, public_id, version, day, cell.minutes.data)
        for entry in self.moves:
            public_id, version = _known(entry.form)
            day = dt.date.fromisoformat(entry.form.day.data)
            there = found.get(public_id)
            recorded = self.recorded.get(public_id)
            if recorded and day != recorded.act.done_on and (there is None or there.minutes):
                minutes = there.minutes if there else recorded.minutes
                found[public_id] = Change(f"{entry.name}-day", public_id, version, day, minutes)
        return [change for change in found.values() if self._differs(change)]

    @property
    def recorded(self) -> dict[uuid.UUID, Done]:
        """The acts of the week that the grid may correct, as they are now."""
        return {
            done.act.public_id: done
            for line in self.week.lines
            for day in line.days
            for done in day
            if done.editable
        }

    def _differs(self, change: Change) -> bool:
        """Whether the person changed something; what somebody else did meanwhile is not that."""
        said = next((cell for _, _, cell in self.cells()
                     if cell.act.data == str(change.public_id)), None)  # fmt: skip
        recorded = self.recorded.get(change.public_id)
        if said is not None and str(change.minutes) != said.was.data:
            return True
        return recorded is None or recorded.act.done_on != change.done_on

    def _parcours(self, checks: Checks, entry: Field) -> Parcours | None:
        text = entry.form.parcours.data or ""
        if text == LEFT:
            checks.refuse(f"{entry.name}-parcours", "Votre structure a quitté ce parcours.")
            return None
        with self.session.no_autoflush:
            return choose_parcours(self.session, checks, f"{entry.name}-parcours", text)

    def ask_before_undoing(self, changes: list[Change]) -> bool:
        """True when acts would be undone and the person has not said yes."""
        gone = [one for one in changes if one.minutes is None]
        self.undone = [(french_weekday(self.recorded[one.public_id].act.done_on),
                        self.recorded[one.public_id].act)
                       for one in gone if one.public_id in self.recorded]  # fmt: skip
        return bool(self.undone) and not self.confirmed.data

    def take_up(self) -> None:
        """After a conflict: what is recorded now is what the person is looking at."""
        for _, _, cell in self.cells():
            known = self.recorded.get(_uuid(cell.act.data)) if cell.act.data else None
            if cell.act.data and known is None:
                cell.act.data = cell.version.data = cell.was.data = ""
            elif known and cell.version.data != str(known.act.version):
                cell.version.data, cell.was.data = str(known.act.version), str(known.minutes)
                cell.minutes.errors = [
                    *cell.minutes.errors, f"Enregistré maintenant : {written(known.minutes)}."
                ]  # fmt: skip
        for entry in self.moves:
            known = self.recorded.get(_uuid(entry.form.act.data))
            if known:
                entry.form.version.data = str(known.act.version)


def _uuid(text: str | None) -> uuid.UUID:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return uuid.UUID(int=0)


def _known(form: Any) -> tuple[uuid.UUID, int]:
    version = form.version.data or ""
    if not (version.isascii() and version.isdigit() and len(version) < 10):
        raise RefusedError({"": "Ce formulaire a été modifié : ouvrez de nouveau la semaine."})
    return _uuid(form.act.data), int(version)
