"""Hold collective sessions: animators, attendance, anonymous heads."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from ramsess import policy
from ramsess.actions.acts import Work, check_work, people_noted, work_of, work_rows
from ramsess.actions.auditing import note, note_act
from ramsess.actions.refusals import Checks, ConflictError
from ramsess.actions.sealed import check_open
from ramsess.models import (
    Account,
    Act,
    ActType,
    Attendance,
    Beneficiary,
    GroupSession,
    Scheme,
    SessionHost,
    SessionSlot,
    SlotAttendance,
)
from ramsess.models.calendar import today

Slot = tuple[dt.time, dt.time]
# How many days before a session may be prepared.
AHEAD = 731


@dataclass(frozen=True)
class SessionDraft:
    """What a person says of a session; *minutes* is its length, *work* the animators'.

    *slots*: when each part of it begins and ends, if there are several. Dated in the future it is
    prepared: it counts from its day on.
    """

    title: str
    done_on: dt.date | None
    type_code: str
    minutes: int
    structure_id: int
    work: Sequence[Work]
    scheme_code: str = "DRA"
    commune_code: str | None = None
    note: str = ""
    slots: Sequence[Slot] = ()


def hold_session(
    session: Session,
    account: Account,
    draft: SessionDraft,
    *,
    request_key: uuid.UUID | None = None,
) -> Act:
    """Record a session; every animator's structure hosts it. The same *request_key*: once.

    Raises RefusedError.
    """
    if request_key:
        there = session.scalar(select(Act).where(Act.request_key == request_key))
        if there is not None:
            return there
    _check(session, account, draft)
    act = Act(structure_id=draft.structure_id, request_key=request_key)
    act.group_session = GroupSession(title="", minutes=1)
    _fill(act, draft)
    session.add(act)
    session.flush()
    return act


def correct_session(
    session: Session, account: Account, act: Act, draft: SessionDraft, *, version: int
) -> Act:
    """Replace what was said of a session; attendance stays. Raises RefusedError, ConflictError."""
    if act.version != version:
        raise ConflictError
    _check(session, account, draft, act)
    _keep_slots(session, act, draft)
    _drop_hosts(session, act, {draft.structure_id, *(share.structure_id for share in draft.work)})
    brought = {(share.adviser_id, share.structure_id): share.recorded_by_id for share in act.shares}
    if work_of(act) != list(draft.work):
        act.shares.clear()
    assert act.group_session
    if _said_slots(act.group_session) != list(draft.slots):
        act.group_session.slots.clear()
    session.flush()
    _fill(act, draft)
    # What another host's record brought stays its own to correct.
    for share in act.shares:
        share.recorded_by_id = brought.get(
            (share.adviser_id, share.structure_id), share.recorded_by_id
        )
    flag_modified(act, "done_on")
    session.flush()
    people = {item.beneficiary_id for item in act.group_session.attendances}
    note_act(session, "correct_session", act, people)
    return act


def _said_slots(held: GroupSession) -> list[Slot]:
    return [(slot.starts_at, slot.ends_at) for slot in held.slots]


def _keep_slots(session: Session, act: Act, draft: SessionDraft) -> None:
    """Refuse to change the slots, or to put the day off, once somebody was noted."""
    held = act.group_session
    assert held
    checks = Checks()
    before = _said_slots(held)
    noted = people_noted(session, act)
    if noted and before and before != list(draft.slots):
        checks.refuse("slots", "Des présences sont notées : les tranches ne changent plus.")
    if noted and draft.done_on and draft.done_on > today():
        checks.refuse("done_on", "Des présences sont notées : la séance a eu lieu.")
    checks.conclude()


def _drop_hosts(session: Session, act: Act, staying: set[int]) -> None:
    """Let go of hosts who no longer animate; refuse when one noted who was there."""
    held = act.group_session
    assert held
    checks = Checks()
    there = people_noted(session, act)
    for host in [host for host in held.hosts if host.structure_id not in staying]:
        if host.anonymous_count or there.get(host.structure_id):
            name = host.structure.name
            checks.refuse("others", f"{name} a noté des présences : gardez son animation.")
        else:
            held.hosts.remove(host)
    checks.conclude()


def note_attendance(
    session: Session,
    act: Act,
    *,
    structure_id: int,
    people: Sequence[Beneficiary],
    anonymous_count: int,
    version: int | None = None,
    slots: Mapping[int, Collection[dt.time]] | None = None,
) -> None:
    """Note who was there, for one host: known people and unnamed heads; replaces what it noted.

    Attributes are those of the session's day; a person noted before keeps hers (Rule 8).
    *slots*: person → when the slots begin at which she was there; all of them for who is not
    said. *version* is the host's that the person was looking at. Raises RefusedError,
    ConflictError.
    """
    checks = Checks()
    held = act.group_session
    assert held
    host = next((item for item in held.hosts if item.structure_id == structure_id), None)
    if host is None:
        checks.refuse("people", "Votre structure n’anime pas cette séance.")
    check_open(session, checks, "", act.done_on)
    if anonymous_count < 0:
        checks.refuse("anonymous_count", "Le nombre de personnes ne peut pas être négatif.")
    if act.done_on > today():
        checks.refuse("", "Cette séance est à venir : inscrivez les personnes attendues.")
    checks.conclude()
    assert host
    if version is not None and host.version != version:
        raise ConflictError
    host.anonymous_count = anonymous_count
    flag_modified(host, "anonymous_count")
    session.flush()
    wanted = {person.id: person for person in people}
    noted = {item.beneficiary_id for item in held.attendances if item.structure_id == structure_id}
    session.execute(
        delete(Attendance).where(
            Attendance.act_id == act.id,
            Attendance.structure_id == structure_id,
            Attendance.beneficiary_id.not_in(wanted),
            # Nobody can tick an erased person again: she stays, and so do the figures.
            Attendance.beneficiary_id.not_in(
                select(Beneficiary.id).where(Beneficiary.nameless_since.is_not(None))
            ),
        )
    )
    for identifier in wanted.keys() - noted:
        attendance = Attendance(act_id=act.id, beneficiary_id=identifier, structure_id=structure_id)
        attendance.take_from(wanted[identifier], act.done_on)
        session.add(attendance)
    session.flush()
    session.expire(held)
    _note_slots(session, held, structure_id, {key: (slots or {}).get(key) for key in wanted})
    for verb, people_ids in (
        ("note_attendance", wanted.keys() - noted),
        ("remove_attendance", noted - wanted.keys()),
    ):
        for person_id in sorted(people_ids):
            note(
                session,
                verb,
                person_id=person_id,
                structure_id=structure_id,
                record=act.public_id,
            )


def _note_slots(
    session: Session,
    held: GroupSession,
    structure_id: int,
    there: Mapping[int, Collection[dt.time] | None],
) -> None:
    """Say who was there for a part only; somebody erased keeps what was said of her."""
    session.execute(
        delete(SlotAttendance).where(
            SlotAttendance.act_id == held.act_id,
            SlotAttendance.structure_id == structure_id,
            SlotAttendance.beneficiary_id.in_(there),
        )
    )
    known = {slot.starts_at for slot in held.slots}
    session.add_all(
        SlotAttendance(
            act_id=held.act_id, beneficiary_id=person, structure_id=structure_id, starts_at=start
        )
        for person, starts in there.items()
        if starts is not None and set(starts) & known != known
        for start in sorted(set(starts) & known)
    )
    session.flush()


def _counted(draft: SessionDraft) -> tuple[object, ...]:
    """All but its title and its note."""
    return (
        draft.done_on, draft.type_code, draft.minutes, draft.structure_id, set(draft.work),
        draft.scheme_code, draft.commune_code, tuple(draft.slots),
    )  # fmt: skip


def _as_said(act: Act) -> SessionDraft:
    held = act.group_session
    assert held
    return SessionDraft(
        title=held.title,
        done_on=act.done_on,
        type_code=act.type_code,
        minutes=held.minutes,
        structure_id=act.structure_id,
        work=work_of(act),
        scheme_code=act.scheme_code,
        commune_code=act.commune_code,
        note=act.note,
        slots=_said_slots(held),
    )


def _check(session: Session, account: Account, draft: SessionDraft, act: Act | None = None) -> None:
    checks = Checks()
    if act is None or _counted(_as_said(act)) != _counted(draft):
        check_open(session, checks, "done_on", act.done_on if act else None, draft.done_on)
    if draft.structure_id not in policy.structure_ids(account):
        checks.refuse("structure", "Choisissez une de vos structures.")
    if not draft.title.strip():
        checks.refuse("title", "Donnez un intitulé à la séance.")
    kind = session.get(ActType, draft.type_code)
    if kind is None or kind.kind == "I":
        checks.refuse("type", "Choisissez un type de séance collective.")
    if session.get(Scheme, draft.scheme_code) is None:
        checks.refuse("scheme", "Dispositif inconnu.")
    checks.minutes("minutes", draft.minutes)
    checks.day("done_on", draft.done_on, ahead=AHEAD)
    check_work(session, checks, draft.work, draft.done_on)
    checks.conclude()


def _fill(act: Act, draft: SessionDraft) -> None:
    assert draft.done_on
    held = act.group_session
    assert held
    act.done_on = draft.done_on
    act.type_code = draft.type_code
    act.scheme_code = draft.scheme_code
    act.commune_code = draft.commune_code
    act.note = draft.note
    held.title = draft.title.strip()
    held.minutes = draft.minutes
    if _said_slots(held) != list(draft.slots):
        held.slots = [SessionSlot(starts_at=start, ends_at=end) for start, end in draft.slots]
    if work_of(act) != list(draft.work):
        act.shares = work_rows(draft.work, draft.structure_id)
    there = {host.structure_id for host in held.hosts}
    for structure_id in dict.fromkeys(
        [draft.structure_id, *(share.structure_id for share in draft.work)]
    ):
        if structure_id not in there:
            held.hosts.append(SessionHost(structure_id=structure_id))
            there.add(structure_id)
