"""The page of a session: who is expected, who was there, what was signed; what is ticked on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from flask import render_template, request
from flask_login import current_user
from sqlalchemy import select

from ramsess import policy
from ramsess.actions.corrections import corrections_about, sealed_act
from ramsess.actions.enrolment import enrolled_people
from ramsess.actions.messages import About
from ramsess.actions.signed_sheets import sheets_of
from ramsess.database import db
from ramsess.forms.base import Form
from ramsess.forms.choices import accompanied_people
from ramsess.forms.session import AttendanceForm, PeopleForm, RepeatForm, SheetForm
from ramsess.models import Act, Beneficiary, SessionHost, SlotAttendance
from ramsess.models.calendar import today
from ramsess.views.noting import show_list
from ramsess.views.threads import count_about

Starts = frozenset[dt.time]


def host_part(act: Act) -> SessionHost | None:
    """The part of the session that one's structure holds; its own first."""
    assert act.group_session
    own = policy.structure_ids(current_user)
    hosts = [host for host in act.group_session.hosts if host.structure_id in own]
    return min(hosts, key=lambda host: host.structure_id != act.structure_id, default=None)


@dataclass
class Register:
    """The people whom one's host may tick: *expected* ones, then *others* whom it accompanies.

    *enrolled* are the ids of those expected before the session; *present*: person → the slots at
    which she was there (none in a session of one piece).
    """

    expected: list[Beneficiary] = field(default_factory=list)
    others: list[Beneficiary] = field(default_factory=list)
    enrolled: set[int] = field(default_factory=set)
    present: dict[int, Starts] = field(default_factory=dict)

    @classmethod
    def of(cls, act: Act, host: SessionHost | None) -> Self:
        """What is recorded."""
        held = act.group_session
        assert held
        if host is None:
            return cls()
        noted = [
            item.beneficiary
            for item in held.attendances
            if item.structure_id == host.structure_id and item.beneficiary.nameless_since is None
        ]
        enrolled = enrolled_people(db.session(), act, host.structure_id)
        expected = _by_name([*noted, *enrolled])
        known = {person.id for person in expected}
        accompanied = accompanied_people(db.session(), host.structure_id, act.done_on)
        others = [person for person in accompanied if person.id not in known]
        return cls(
            expected,
            others,
            {person.id for person in enrolled},
            {person.id: slots for person, slots in _there(act, host, noted)},
        )

    @property
    def offered(self) -> list[Beneficiary]:
        return [*self.expected, *self.others]

    def ticked(self, name: str) -> dict[int, Starts]:
        """Those ticked in the form that was sent, with the slots of each."""
        by_key = {str(person.public_id): person.id for person in self.offered}
        found: dict[int, set[dt.time]] = {}
        for value in request.form.getlist(name):
            key, _, start = value.partition("/")
            if key in by_key:
                slots = found.setdefault(by_key[key], set())
                if start[:2].isdigit() and start[3:5].isdigit():
                    slots.add(dt.time(int(start[:2]) % 24, int(start[3:5]) % 60))
        return {person: frozenset(slots) for person, slots in found.items()}

    def people(self, ids: Iterable[int]) -> list[Beneficiary]:
        wanted = set(ids)
        return [person for person in self.offered if person.id in wanted]


def _by_name(people: Iterable[Beneficiary]) -> list[Beneficiary]:
    found = {person.id: person for person in people}
    return sorted(found.values(), key=lambda person: person.search_key)


def _there(
    act: Act, host: SessionHost, noted: list[Beneficiary]
) -> Iterable[tuple[Beneficiary, Starts]]:
    assert act.group_session
    whole = frozenset(slot.starts_at for slot in act.group_session.slots)
    parts: dict[int, set[dt.time]] = {}
    for key, start in db.session.execute(
        select(SlotAttendance.beneficiary_id, SlotAttendance.starts_at).where(
            SlotAttendance.act_id == act.id, SlotAttendance.structure_id == host.structure_id
        )
    ):
        parts.setdefault(key, set()).add(start)
    for person in noted:
        yield person, frozenset(parts.get(person.id, whole))


def session_page(
    act: Act,
    *,
    attendance: AttendanceForm | None = None,
    enrolment: PeopleForm | None = None,
    repeat: RepeatForm | None = None,
    sheet: SheetForm | None = None,
) -> str:
    """The page, with the form that was refused, if any, as it was sent."""
    host = host_part(act)
    register = Register.of(act, host)
    if attendance:
        register.present = register.ticked("present")
    else:
        attendance = AttendanceForm(None)
        attendance.anonymous_count.data = host.anonymous_count if host else 0
    if enrolment:
        register.enrolled = set(register.ticked("expected"))
    show_list(
        "read_attendance",
        structure_id=host.structure_id if host else None,
        record=act.public_id,
    )
    return render_template(
        "sessions/show.html",
        act=act,
        host=host,
        register=register,
        attendance=attendance,
        enrolment=enrolment or PeopleForm(None, prefix="liste-"),
        repeat=repeat or RepeatForm(None),
        sheet=sheet or SheetForm(None),
        sheets=sheets_of(db.session(), act, host.structure_id) if host else [],
        undo=Form(),
        correctable=policy.may_correct_act(current_user, act),
        sealed=sealed_act(db.session(), act),
        corrections=corrections_about(db.session(), act=act),
        today=today(),
        said=count_about(About(session=act)),
    )
