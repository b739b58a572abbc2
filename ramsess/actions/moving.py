"""Everything that hangs on a record moves to another of the same person."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Table, delete, literal, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from ramsess.actions import naming
from ramsess.actions.history import another_operation
from ramsess.database import Base
from ramsess.models import (
    Acquaintance,
    Act,
    ActBeneficiary,
    Attendance,
    Beneficiary,
    Enrolment,
    ExchangeKey,
    Orientation,
    ParcoursBeneficiary,
    SessionHost,
    SlotAttendance,
)
from ramsess.models.calendar import today

_MERGED = "fusionnée"
# Rows of which the person is part of the key.
_HELD: tuple[type[Base], ...] = (ParcoursBeneficiary, ActBeneficiary, Enrolment)


def move_records(session: Session, kept_id: int, gone_id: int) -> None:
    """Give *kept* every row of *gone*; of a row that both have, the kept one's stands."""
    _tell_open_forms(session, gone_id)
    for model in _HELD:
        _take_over(session, model, kept_id, gone_id)
    _move_attendance(session, kept_id, gone_id)
    _move_acquaintances(session, kept_id, gone_id)
    session.execute(
        update(Orientation)
        .where(Orientation.beneficiary_id == gone_id)
        .values(beneficiary_id=kept_id)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(ExchangeKey)
        .where(ExchangeKey.sheet == "Bénéficiaires", ExchangeKey.record_id == gone_id)
        .values(record_id=kept_id)
        .execution_options(synchronize_session=False)
    )


def _tell_open_forms(session: Session, gone_id: int) -> None:
    """Renew the versions of what names the record that goes: whoever has a form open is told.

    An operation of its own: what is recorded later there does not stand in the way of undoing.
    """
    with another_operation(session):
        named = select(ActBeneficiary.act_id).where(ActBeneficiary.beneficiary_id == gone_id)
        attended = select(Attendance.act_id).where(Attendance.beneficiary_id == gone_id)
        for statement in (
            update(Act).where(Act.id.in_(named)).values(version=Act.version + 1),
            update(SessionHost)
            .where(SessionHost.act_id.in_(attended))
            .values(version=SessionHost.version + 1),
        ):
            session.execute(statement.execution_options(synchronize_session=False))


def _table(model: type[Base]) -> Table:
    assert isinstance(model.__table__, Table)
    return model.__table__


def _copy(session: Session, model: type[Base], kept_id: int, gone_id: int) -> None:
    table = _table(model)
    others = [column for column in table.columns if column.name != "beneficiary_id"]
    rows = select(literal(kept_id), *others).where(table.c.beneficiary_id == gone_id)
    names = ["beneficiary_id", *(column.name for column in others)]
    session.execute(postgresql.insert(table).from_select(names, rows).on_conflict_do_nothing())


def _take_over(session: Session, model: type[Base], kept_id: int, gone_id: int) -> None:
    _copy(session, model, kept_id, gone_id)
    table = _table(model)
    session.execute(delete(table).where(table.c.beneficiary_id == gone_id))


def _move_attendance(session: Session, kept_id: int, gone_id: int) -> None:
    """Both noted by one host at one session: she was there once, at the slots of both."""
    attended = select(Attendance.act_id, Attendance.structure_id)
    slots = select(SlotAttendance.act_id, SlotAttendance.structure_id)
    noted, whole = [], []
    for person_id in (kept_id, gone_id):
        there = set(session.execute(attended.where(Attendance.beneficiary_id == person_id)))
        partly = set(session.execute(slots.where(SlotAttendance.beneficiary_id == person_id)))
        noted.append(there)
        whole.append(there - partly)
    # Without slots she was there for the whole: nothing less may come of it.
    entire = noted[0] & noted[1] & (whole[0] | whole[1])
    _copy(session, Attendance, kept_id, gone_id)
    _copy(session, SlotAttendance, kept_id, gone_id)
    for act_id, structure_id in entire:
        session.execute(
            delete(SlotAttendance).where(
                SlotAttendance.beneficiary_id == kept_id,
                SlotAttendance.act_id == act_id,
                SlotAttendance.structure_id == structure_id,
            )
        )
    session.execute(delete(Attendance).where(Attendance.beneficiary_id == gone_id))


def _move_acquaintances(session: Session, kept_id: int, gone_id: int) -> None:
    """A structure that knew both knows her since the first day; a refusal to share stands."""
    rows = session.execute(
        select(Acquaintance.__table__).where(Acquaintance.beneficiary_id.in_((kept_id, gone_id)))
    )
    of_structure: dict[int, list[Any]] = {}
    for row in rows:
        of_structure.setdefault(row.structure_id, []).append(row)
    _take_over(session, Acquaintance, kept_id, gone_id)
    for structure_id, known in of_structure.items():
        if len(known) > 1:
            session.execute(
                update(Acquaintance)
                .where(
                    Acquaintance.beneficiary_id == kept_id,
                    Acquaintance.structure_id == structure_id,
                )
                .values(
                    since=min(row.since for row in known),
                    informed_on=max(
                        (row.informed_on for row in known if row.informed_on), default=None
                    ),
                    sharing_agreed=_agreed([row.sharing_agreed for row in known]),
                )
                .execution_options(synchronize_session=False)
            )


def _agreed(said: Iterable[bool | None]) -> bool | None:
    answers = [answer for answer in said if answer is not None]
    return all(answers) if answers else None


def leave_empty(session: Session, kept_id: int, gone: Beneficiary) -> None:
    """Leave *gone* without identity; its reference stays, for whom an address or a sheet names."""
    session.execute(
        update(Beneficiary)
        .where(Beneficiary.id == gone.id)
        .values(
            **naming.nameless(_MERGED),
            nameless_since=today(),
            merged_into_id=kept_id,
            version=Beneficiary.version + 1,
        )
        .execution_options(synchronize_session=False)
    )
    # What was merged into it before is hers too.
    session.execute(
        update(Beneficiary)
        .where(Beneficiary.merged_into_id == gone.id)
        .values(merged_into_id=kept_id)
        .execution_options(synchronize_session=False)
    )
