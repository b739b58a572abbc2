"""Agree on what a mutualised post is for."""

from __future__ import annotations

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from ramsess.actions.auditing import note
from ramsess.actions.refusals import ConflictError
from ramsess.models import Adviser, JobSheet


def write_missions(session: Session, adviser: Adviser, missions: str, *, version: int) -> JobSheet:
    """Replace the missions of a post; *version* is the one seen, 0 before there is any.

    Raises ConflictError.
    """
    sheet = session.get(JobSheet, adviser.id)
    if (sheet.version if sheet else 0) != version:
        raise ConflictError
    if sheet is None:
        sheet = JobSheet(adviser_id=adviser.id)
        session.add(sheet)
    else:
        flag_modified(sheet, "missions")
    sheet.missions = missions.strip()
    session.flush()
    note(session, "write_missions", record=adviser.public_id)
    return sheet
