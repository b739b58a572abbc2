"""Erase what structures said together of a person, and the sheets that she signed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, inspect, or_, select, union, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from ramsess.actions import naming
from ramsess.models import (
    Attendance,
    Beneficiary,
    Decision,
    Enrolment,
    Meeting,
    Message,
    SignedSheet,
)

Name = tuple[str, str]


def clear_messages(
    session: Session,
    person: Beneficiary,
    alone: Sequence[int],
    shared: Sequence[int],
    names: Sequence[Name],
) -> None:
    """What was said of her goes as notes do; of what the network reads, her whole name alone.

    A first name alone, in what everybody reads, is anybody's.
    """
    attended = select(Attendance.act_id).where(Attendance.beneficiary_id == person.id)
    of_others = or_(Message.parcours_id.in_(shared), Message.session_id.in_(attended))
    read = session.execute(select(Message.id, Message.text).where(Message.text != "", of_others))
    naming_her = [message for message, said in read if naming.names(said, names)]
    gone = or_(Message.parcours_id.in_(alone), Message.id.in_(naming_her))
    session.execute(
        update(Message).where(gone).values(text="").execution_options(synchronize_session=False)
    )
    to_the_network = (Message.parcours_id.is_(None), Message.session_id.is_(None))
    _take_whole_names(session, Message, Message.text, names, *to_the_network)
    _take_whole_names(session, Meeting, Meeting.summary, names)
    _take_whole_names(session, Decision, Decision.text, names)
    session.flush()


def _take_whole_names(
    session: Session,
    model: Any,
    column: InstrumentedAttribute[str],
    names: Sequence[Name],
    *where: ColumnElement[bool],
) -> None:
    """Take her names out of the texts that hold her last and her first name."""
    key = inspect(model).primary_key
    for *found, said in session.execute(select(*key, column).where(column != "", *where)):
        if naming.whole(said, names):
            record = session.get_one(model, found)
            setattr(record, column.key, naming.without(said, names))


def clear_sheets(session: Session, person: Beneficiary) -> None:
    """Nobody expects her any more; what she signed goes, with those who signed beside her."""
    signed = [
        select(record.act_id, record.structure_id).where(record.beneficiary_id == person.id)
        for record in (Attendance, Enrolment)
    ]
    hers = union(*signed).subquery()
    session.execute(
        delete(SignedSheet)
        .where(
            exists().where(
                hers.c.act_id == SignedSheet.act_id, hers.c.structure_id == SignedSheet.structure_id
            )
        )
        .execution_options(synchronize_session=False)
    )
    session.execute(delete(Enrolment).where(Enrolment.beneficiary_id == person.id))
