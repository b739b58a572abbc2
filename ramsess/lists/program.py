"""Records as programs read them: references, dates, codes and minutes; no name, title nor note.

A slice begins after the last record of the one before, so that what is recorded meanwhile neither
repeats nor skips a line.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    SQLColumnExpression,
    String,
    any_,
    cast,
    func,
    literal,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import InstrumentedAttribute, Session

from ramsess import policy
from ramsess.lists.listing import IDS
from ramsess.lists.parcours import phase_on
from ramsess.models import (
    Account,
    Act,
    ActAdviser,
    GroupSession,
    Involvement,
    Parcours,
    SessionHost,
    Structure,
)
from ramsess.models.calendar import today

Roles = tuple[str, ...]
Record = dict[str, Any]
#: The records by our number.
Told = dict[int, Record]
#: After which day and which reference a slice begins.
Place = tuple[dt.date, str]


@dataclass(frozen=True)
class Slice:
    """Some records; *after* is where the next slice begins, None when there is none."""

    records: Sequence[Record]
    after: Place | None


@dataclass(frozen=True)
class Records:
    """Records of one kind, in the order of their *day*, then of their *reference*."""

    key: InstrumentedAttribute[int]
    day: InstrumentedAttribute[dt.date]
    reference: SQLColumnExpression[str]
    seen: Callable[[Account, Roles], list[ColumnElement[bool]]]
    tell: Callable[[Session, Roles, Sequence[int], Account], Told]


def read_slice(
    session: Session,
    records: Records,
    account: Account,
    roles: Roles,
    *,
    first: dt.date | None,
    last: dt.date | None,
    after: Place | None,
    limit: int,
) -> Slice:
    """*limit* records at most of what *account* sees by *roles*, of the days asked."""
    query = select(records.key, records.day, records.reference).where(*records.seen(account, roles))
    if first:
        query = query.where(records.day >= first)
    if last:
        query = query.where(records.day <= last)
    if after:
        query = query.where(tuple_(records.day, records.reference) > after)
    found = session.execute(query.order_by(records.day, records.reference).limit(limit + 1)).all()
    ids = [row[0] for row in found[:limit]]
    told = records.tell(session, roles, ids, account)
    end = found[limit - 1] if len(found) > limit else None
    return Slice([told[one] for one in ids if one in told], (end[1], end[2]) if end else None)


def _tell_parcours(session: Session, roles: Roles, ids: Sequence[int], _of: Account) -> Told:
    taking_part = (
        select(func.array_agg(aggregate_order_by(Structure.code.distinct(), Structure.code)))
        .join(Involvement, Involvement.structure_id == Structure.id)
        .where(
            Involvement.parcours_id == Parcours.id,
            func.coalesce(Involvement.left_on >= func.sight.today(), True),
        )
        .correlate(Parcours)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            Parcours.id,
            Parcours.reference,
            Parcours.entered_on.label("entered"),
            Parcours.exited_on.label("exited"),
            Parcours.entry_phase_code.label("entry_phase"),
            phase_on(func.sight.today()).label("phase"),
            Parcours.outcome_code.label("outcome"),
            Structure.code.label("lead"),
            taking_part.label("structures"),
        )
        .join(Structure, Structure.id == Parcours.lead_structure_id)
        .where(Parcours.id == any_(IDS)),
        {"ids": list(ids)},
    )
    return {row.id: _record(row) for row in rows}


def _tell_acts(session: Session, roles: Roles, ids: Sequence[int], account: Account) -> Told:
    """A parcours is named to those alone who see it."""
    parcours = select(Parcours.reference).where(
        Parcours.id == Act.parcours_id,
        Parcours.id.in_(policy.parcours_seen(account, today(), roles)),
    )
    rows = session.execute(
        select(
            Act.id,
            cast(Act.public_id, String).label("id_"),
            Act.done_on.label("date"),
            Act.type_code.label("type"),
            Act.modality_code.label("modality"),
            Act.scheme_code.label("scheme"),
            parcours.correlate(Act).scalar_subquery().label("parcours"),
        ).where(Act.id == any_(IDS)),
        {"ids": list(ids)},
    )
    return _with_minutes(session, ids, {row.id: _record(row) for row in rows})


def _tell_sessions(session: Session, roles: Roles, ids: Sequence[int], _of: Account) -> Told:
    rows = session.execute(
        select(
            Act.id,
            cast(Act.public_id, String).label("id_"),
            Act.done_on.label("date"),
            Act.type_code.label("type"),
            Act.scheme_code.label("scheme"),
        ).where(Act.id == any_(IDS)),
        {"ids": list(ids)},
    )
    return _with_minutes(session, ids, {row.id: _record(row) for row in rows})


def _with_minutes(session: Session, ids: Sequence[int], told: Told) -> Told:
    """Each structure's minutes, never doubled (Rule 2); those that only host a session have 0."""
    minutes = select(ActAdviser.act_id, ActAdviser.structure_id, ActAdviser.minutes)
    hosting = select(SessionHost.act_id, SessionHost.structure_id, literal(0))
    part = union_all(minutes, hosting).subquery()
    rows = session.execute(
        select(part.c.act_id, Structure.code, func.sum(part.c.minutes))
        .join(Structure, Structure.id == part.c.structure_id)
        .where(part.c.act_id == any_(IDS))
        .group_by(part.c.act_id, Structure.code)
        .order_by(part.c.act_id, Structure.code),
        {"ids": list(ids)},
    )
    for record in told.values():
        record |= {"minutes": 0, "structures": []}
    for number, code, amount in rows:
        if number in told:
            told[number]["minutes"] += int(amount)
            told[number]["structures"].append({"structure": code, "minutes": int(amount)})
    return told


def _record(row: Row[Any, *tuple[Any, ...]]) -> Record:
    """The row but our own number, with plain values."""
    return {
        name.rstrip("_"): value.isoformat() if isinstance(value, dt.date) else value
        for name, value in row._mapping.items()
        if name != "id"
    }


PARCOURS = Records(
    key=Parcours.id,
    day=Parcours.entered_on,
    reference=Parcours.reference,
    seen=lambda account, roles: [Parcours.id.in_(policy.parcours_seen(account, today(), roles))],
    tell=_tell_parcours,
)
#: Sessions apart: they are acts too, told as sessions.
ACTS = Records(
    key=Act.id,
    day=Act.done_on,
    reference=cast(Act.public_id, String),
    seen=lambda account, roles: [
        Act.id.in_(policy.acts_seen(account, roles)),
        Act.id.not_in(select(GroupSession.act_id)),
    ],
    tell=_tell_acts,
)
SESSIONS = Records(
    key=Act.id,
    day=Act.done_on,
    reference=cast(Act.public_id, String),
    seen=lambda account, roles: [
        Act.id.in_(policy.acts_seen(account, roles)),
        Act.id.in_(select(GroupSession.act_id)),
    ],
    tell=_tell_sessions,
)
