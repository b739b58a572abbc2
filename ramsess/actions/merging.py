"""Make two records of one person one: field by field, with all that hangs on them; and undo it.

The older record stays. What the other held moves to it, rows of structures that the person merging
does not see included: it is done as a command does, once it was checked that she sees both records.
What held at the time (Rule 8) stays as it is on each parcours, act and session. The other record
stays empty, without name, so that the journal and an erasure still find it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Table, delete, func, literal, select, text, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from ramsess.actions.auditing import note_person
from ramsess.actions.beneficiaries import PersonDraft, check_person
from ramsess.actions.duplicates import evidence, identity_of, who_knows
from ramsess.actions.history import another_operation, current_operation, reverse
from ramsess.actions.refusals import ConflictError, RefusedError
from ramsess.database import Base
from ramsess.exchange.applying import LOCK
from ramsess.models import (
    Acquaintance,
    Act,
    ActBeneficiary,
    Attendance,
    Beneficiary,
    DuplicatePair,
    Enrolment,
    ErasureRequest,
    ExchangeKey,
    Orientation,
    ParcoursBeneficiary,
    SessionHost,
    SlotAttendance,
)
from ramsess.models.beneficiary import name_key
from ramsess.models.calendar import today

#: What is chosen of the two records, in the order of the screens.
FIELDS = {
    "last_name": "Nom",
    "first_name": "Prénom",
    "birth_date": "Naissance",
    "sex_code": "Sexe",
    "commune_code": "Commune",
    "phone": "Téléphone",
    "email": "Courriel",
    "situation_code": "Situation",
    "education_code": "Formation",
    "rsa": "RSA",
    "qpv": "Réside en QPV",
}
FIRST, SECOND = "first", "second"
_UNKNOWN = (None, "", "NR")
_MERGED = "fusionnée"
# Rows of which the person is part of the key.
_HELD: tuple[type[Base], ...] = (ParcoursBeneficiary, ActBeneficiary, Enrolment)


def proposed(pair: DuplicatePair) -> dict[str, str]:
    """Which record gives each field: the known over the unknown, then the older record."""
    return {
        name: SECOND
        if getattr(pair.first, name) in _UNKNOWN and getattr(pair.second, name) not in _UNKNOWN
        else FIRST
        for name in FIELDS
    }


def differing(pair: DuplicatePair) -> list[str]:
    """The fields of which the two records say something else."""
    return [name for name in FIELDS if getattr(pair.first, name) != getattr(pair.second, name)]


def merge_people(
    session: Session,
    pair: DuplicatePair,
    choices: Mapping[str, str],
    *,
    versions: tuple[int, int] | None = None,
    account_id: int | None = None,
) -> Beneficiary:
    """Merge the two records of *pair*, as a command; returns the one that stays.

    *choices*: field → the record that gives it. *versions* are those of the two records that were
    looked at. Raises RefusedError; ConflictError when the pair was settled, or a record changed,
    meanwhile.
    """
    # No workbook is being applied: it would name again the record that goes.
    session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    session.refresh(pair, with_for_update=True)
    ids = (pair.first_id, pair.second_id)
    people = {
        person.id: person
        for person in session.scalars(
            select(Beneficiary)
            .where(Beneficiary.id.in_(ids))
            .order_by(Beneficiary.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    }
    kept, gone = (people[number] for number in ids)
    changed = versions is not None and versions != (kept.version, gone.version)
    if pair.verdict is not None or changed or kept.nameless_since or gone.nameless_since:
        raise ConflictError
    _check(session, kept, gone)
    values = {name: getattr(gone if choices.get(name) == SECOND else kept, name) for name in FIELDS}
    _check_identity(session, values, ids)
    _move(session, kept.id, gone.id)
    _empty(session, kept.id, gone)
    for name, value in values.items():
        setattr(kept, name, value)
    pair.verdict, pair.ended_on, pair.account_id = "merged", today(), account_id
    pair.kept_id = kept.id
    session.flush()
    pair.operation = current_operation(session)
    session.flush()
    for person in (kept, gone):
        note_person(session, "merge_people", person)
    session.expire_all()
    return kept


def undo_merge(session: Session, pair: DuplicatePair, *, account_id: int | None = None) -> None:
    """Give each record back what was its own; they are two people from then on. As a command.

    Raises IrreversibleError, which says what stands in the way; ConflictError when it was undone
    meanwhile.
    """
    session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    session.refresh(pair, with_for_update=True)
    if pair.verdict != "merged" or pair.operation is None:
        raise ConflictError
    reverse(session, pair.operation)
    pair.verdict, pair.ended_on, pair.account_id = "distinct", today(), account_id
    pair.kept_id = pair.operation = None
    pair.first_structure_id = pair.first_consent_on = None
    pair.second_structure_id = pair.second_consent_on = None
    pair.evidence = evidence(identity_of(pair.first), identity_of(pair.second))
    session.flush()
    for person in (pair.first, pair.second):
        note_person(session, "undo_merge", person)


def finish_merges(session: Session) -> int:
    """Merge the pairs that both sides confirmed and that something stopped half-way, and move to
    the record that stays what was written on the other at the same instant; how many were merged.
    """
    done = 0
    for pair in session.scalars(
        select(DuplicatePair).where(
            DuplicatePair.verdict.is_(None),
            DuplicatePair.first_structure_id.is_not(None),
            DuplicatePair.second_structure_id.is_not(None),
        )
    ).all():
        try:
            with session.begin_nested():
                merge_people(session, pair, proposed(pair))
            done += 1
        except (RefusedError, ConflictError):
            continue
    late = select(Beneficiary.id, Beneficiary.merged_into_id).where(
        Beneficiary.merged_into_id.is_not(None)
    )
    for gone_id, kept_id in session.execute(late).all():
        if kept_id is not None and who_knows(session, [gone_id])[gone_id]:
            _move(session, kept_id, gone_id)
    return done


def _check(session: Session, kept: Beneficiary, gone: Beneficiary) -> None:
    """Raise RefusedError when an erasure is asked for, or when merging would open her record to a
    structure from which she keeps it."""
    ids = (kept.id, gone.id)
    if session.scalar(
        select(ErasureRequest.id)
        .where(ErasureRequest.person_id.in_(ids), ErasureRequest.answer.is_(None))
        .limit(1)
    ):
        raise RefusedError(
            {"": "L’effacement de l’une des deux fiches est demandé : attendez la réponse."}
        )
    knows = who_knows(session, ids)
    if knows[kept.id] != knows[gone.id] and not session.scalar(
        select(func.sight.shareable(kept.id, gone.id))
    ):
        raise RefusedError(
            {"": "Il est noté que la personne n’accepte pas que son dossier soit partagé : la "
             "fusion le montrerait à qui ne le voit pas. Si elle a changé d’avis, notez-le d’abord "
             "sur sa fiche."}
        )  # fmt: skip


def _check_identity(session: Session, values: Mapping[str, Any], ids: tuple[int, int]) -> None:
    draft = PersonDraft(**values)
    check_person(draft)
    key = name_key(draft.last_name, draft.first_name)
    if draft.birth_date and session.scalar(
        select(Beneficiary.id).where(
            Beneficiary.name_key == key,
            Beneficiary.birth_date == draft.birth_date,
            Beneficiary.id.not_in(ids),
        )
    ):
        raise RefusedError(
            {"": "Une autre personne du réseau porte déjà ce nom, ce prénom et cette date de "
             "naissance : choisissez autrement."}
        )  # fmt: skip


def _move(session: Session, kept_id: int, gone_id: int) -> None:
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


def _empty(session: Session, kept_id: int, gone: Beneficiary) -> None:
    """Leave *gone* without identity; its reference stays, for whom an address or a sheet names."""
    # A plain UPDATE: a key made from the name would make all those merged one person.
    session.execute(
        update(Beneficiary)
        .where(Beneficiary.id == gone.id)
        .values(
            last_name=_MERGED,
            first_name="Personne",
            name_key=f"|{uuid.uuid4().hex}",
            search_key="",
            birth_date=None,
            sex_code="NR",
            situation_code="NR",
            education_code="NR",
            commune_code=None,
            rsa=None,
            qpv=None,
            phone="",
            email="",
            request_key=None,
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
