"""Whether what an operation changed is dated in a sealed period: it is not undone any more."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramsess.actions.sealed import SealedPeriod, holding, sealed_periods
from ramsess.models import Act, Change, Parcours, PhaseChange

# What no report counts of a row; a table that is not named is counted in none.
UNCOUNTED = {
    "acts": ("note", "version", "structure_id", "request_key"),
    "act_advisers": ("position", "recorded_by_id"),
    "act_beneficiaries": ("age", "sex_code", "situation_code", "education_code", "commune_code",
                          "rsa", "qpv"),
    "group_sessions": ("title", "reference"),
    "session_hosts": ("version",),
    "session_slots": (),
    "attendances": ("age", "sex_code", "situation_code", "education_code", "commune_code", "rsa",
                    "qpv"),
    "slot_attendances": (),
    "parcours": ("origin", "version", "join_code", "project_id", "reference", "request_key"),
    "parcours_beneficiaries": (),
    "involvements": (),
    "phase_changes": (),
    "fundings": ("label", "obtained_on"),
}  # fmt: skip
OF_ACT = ("acts", "act_advisers", "act_beneficiaries", "group_sessions", "session_hosts",
          "session_slots", "attendances", "slot_attendances")  # fmt: skip
# When a row of a parcours is dated; None: at the entry of the parcours.
DATED = {
    "parcours": ("entered_on", "exited_on"),
    "involvements": ("joined_on", "left_on"),
    "phase_changes": ("reached_on",),
    "fundings": ("obtained_on",),
    "parcours_beneficiaries": (),
}


def sealed_by(session: Session, changes: Sequence[Change]) -> SealedPeriod | None:
    """The sealed period in which something of *changes* is dated, as far as figures count it."""
    periods = sealed_periods(session)
    counted = [one for one in changes if _is_counted(one)] if periods else []
    if not counted:
        return None
    days = [*_days_of_acts(session, counted), *_days_written(counted)]
    found = [one for one in (holding(periods, day) for day in days) if one]
    found += list(_of_parcours(session, periods, counted))
    return next((one for one in periods if one in found), None)


def operation_sealed(session: Session, operation: uuid.UUID) -> bool:
    """True when an operation changed something that is sealed, as far as the reader sees it."""
    if not sealed_periods(session):
        return False
    changes = session.scalars(select(Change).where(Change.operation == operation)).all()
    return sealed_by(session, changes) is not None


def _is_counted(change: Change) -> bool:
    if change.noun not in UNCOUNTED:
        return False
    return change.kind != "U" or not set(change.before or ()) <= set(UNCOUNTED[change.noun])


def _days_of_acts(session: Session, changes: Iterable[Change]) -> Iterator[dt.date]:
    ids = {one.act_id for one in changes if one.noun in OF_ACT and one.act_id}
    for one in changes:
        # Of the many added together the keys alone are kept.
        if one.noun in OF_ACT and one.kind == "I":
            ids |= {key["id" if one.noun == "acts" else "act_id"] for key in one.key}
    yield from session.scalars(select(Act.done_on).where(Act.id.in_(ids)).distinct())


def _days_written(changes: Iterable[Change]) -> Iterator[dt.date]:
    for one in changes:
        for side in (one.before, one.after):
            said = (side or {}).get("done_on")
            if one.noun == "acts" and said:
                yield dt.date.fromisoformat(said)


def _of_parcours(
    session: Session, periods: Sequence[SealedPeriod], changes: Sequence[Change]
) -> Iterator[SealedPeriod]:
    """The periods whose report counts the parcours, and says what changed of it."""
    about = [one for one in changes if one.noun in DATED]
    spans = dict(_spans(session, {one.parcours_id for one in about} | set(_added(about))))
    reached = dict(_reached(session, about))
    for one in about:
        ids = [one.parcours_id] if one.parcours_id else list(_added([one]))
        for entered, exited in (spans[number] for number in ids if number in spans):
            days = list(_days(one, entered, reached))
            for period in periods:
                if period.counts(entered, exited) and any(day <= period.last for day in days):
                    yield period


def _added(changes: Iterable[Change]) -> Iterator[int]:
    for one in changes:
        if one.kind == "I" and one.noun in ("parcours", "parcours_beneficiaries"):
            yield from (key["id" if one.noun == "parcours" else "parcours_id"] for key in one.key)


def _spans(
    session: Session, ids: set[int | None]
) -> Iterator[tuple[int, tuple[dt.date, dt.date | None]]]:
    rows: Any = session.execute(
        select(Parcours.id, Parcours.entered_on, Parcours.exited_on).where(Parcours.id.in_(ids))
    )
    for number, entered, exited in rows:
        yield number, (entered, exited)


def _reached(session: Session, changes: Iterable[Change]) -> Iterator[tuple[int, str]]:
    """When the phases were reached that another phase took the place of: the day did not change."""
    ids = [one.key["id"] for one in changes if one.noun == "phase_changes" and one.kind == "U"]
    rows = session.execute(
        select(PhaseChange.id, PhaseChange.reached_on).where(PhaseChange.id.in_(ids))
    )
    yield from ((number, day.isoformat()) for number, day in rows)


def _days(change: Change, entered: dt.date, reached: Mapping[int, str]) -> Iterator[dt.date]:
    named = DATED[change.noun]
    said = [side[name] for side in (change.before, change.after) if side for name in named
            if side.get(name)]  # fmt: skip
    if change.noun == "phase_changes" and change.kind == "U" and change.key["id"] in reached:
        said.append(reached[change.key["id"]])
    if said:
        yield from map(dt.date.fromisoformat, said)
    elif change.kind != "U" or not named:
        yield entered
