"""Make two records of one person one: field by field, with all that hangs on them; and undo it.

The older record stays. What the other held moves to it, rows of structures that the person merging
does not see included: it is done as a command does, once it was checked that she sees both records.
What held at the time (Rule 8) stays as it is on each parcours, act and session. The other record
stays empty, without name, so that the journal and an erasure still find it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from ramsess.actions.auditing import note_person
from ramsess.actions.beneficiaries import PersonDraft, check_person
from ramsess.actions.duplicates import evidence, identity_of, who_knows
from ramsess.actions.history import another_operation, current_operation, reverse
from ramsess.actions.moving import leave_empty, move_records
from ramsess.actions.refusals import ConflictError, RefusedError
from ramsess.exchange.applying import LOCK
from ramsess.models import Beneficiary, DuplicatePair, ErasureRequest
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
    _let_move(session, kept.id, gone.id)
    move_records(session, kept.id, gone.id)
    leave_empty(session, kept.id, gone)
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
    _let_move(session, pair.first_id, pair.second_id)
    reverse(session, pair.operation, dated=False)
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
            # Each is undone by itself.
            with session.begin_nested(), another_operation(session):
                merge_people(session, pair, proposed(pair))
            done += 1
        except (RefusedError, ConflictError):
            continue
    late = select(Beneficiary.id, Beneficiary.merged_into_id).where(
        Beneficiary.merged_into_id.is_not(None)
    )
    for gone_id, kept_id in session.execute(late).all():
        if kept_id is not None and who_knows(session, [gone_id])[gone_id]:
            _let_move(session, kept_id, gone_id)
            move_records(session, kept_id, gone_id)
    return done


def _let_move(session: Session, kept_id: int, gone_id: int) -> None:
    """Who somebody is has no date: her rows move in sealed periods too."""
    session.execute(select(func.sight.let_identity_move(kept_id, gone_id)))


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
