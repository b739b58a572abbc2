"""Hold network meetings, and keep what was said and decided there."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from ramsess.actions.auditing import note
from ramsess.actions.refusals import Checks, ConflictError
from ramsess.actions.sessions import SessionDraft, hold_session
from ramsess.models import Account, Act, Decision, Meeting, Structure

NETWORK_WORK = "N"


@dataclass(frozen=True)
class DecisionDraft:
    """What was decided, who does it, for when."""

    text: str
    structure_id: int | None = None
    due_on: dt.date | None = None


def hold_meeting(
    session: Session,
    account: Account,
    draft: SessionDraft,
    *,
    summary: str,
    decisions: Sequence[DecisionDraft],
    request_key: uuid.UUID | None = None,
) -> Act:
    """Record a session of network work and its record. The same *request_key*: once.

    Raises RefusedError.
    """
    act = hold_session(session, account, draft, request_key=request_key)
    if session.get(Meeting, act.id) is None:
        write_record(session, act, summary=summary, decisions=decisions, version=0)
    return act


def write_record(
    session: Session,
    act: Act,
    *,
    summary: str,
    decisions: Sequence[DecisionDraft],
    version: int,
) -> Meeting:
    """Replace what is told of a meeting; *version* is the one seen, 0 before there is any.

    Raises RefusedError, ConflictError.
    """
    meeting = session.get(Meeting, act.id)
    if (meeting.version if meeting else 0) != version:
        raise ConflictError
    checks = Checks()
    if act.type.kind != NETWORK_WORK:
        checks.refuse("", "Cette séance n’est pas un travail de réseau : elle reste à ses hôtes.")
    for decision in decisions:
        if decision.structure_id and session.get(Structure, decision.structure_id) is None:
            checks.refuse("decisions", "Structure inconnue.")
    checks.conclude()
    if meeting is None:
        meeting = Meeting(act_id=act.id)
        session.add(meeting)
    else:
        meeting.decisions.clear()
        session.flush()
        flag_modified(meeting, "summary")
    meeting.summary = summary
    session.flush()
    meeting.decisions = [
        Decision(
            position=position,
            text=decision.text,
            structure_id=decision.structure_id,
            due_on=decision.due_on,
        )
        for position, decision in enumerate(decisions)
    ]
    session.flush()
    note(session, "write_minutes", structure_id=act.structure_id, record=act.public_id)
    return meeting
