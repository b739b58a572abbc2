"""Erase a person: no name is left, and no figure changes.

Her record stays without identity, with what held at the time on parcours, acts and sessions
(Rule 8): every report of the past is the same. The same code puts an identity away (retention),
erases it, and erases it again after an older backup was restored.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Select,
    Table,
    and_,
    delete,
    exists,
    func,
    inspect,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Session

from ramsess.actions import naming, orientations
from ramsess.actions.auditing import note
from ramsess.actions.collective_erasure import clear_messages, clear_sheets
from ramsess.actions.correction_erasure import clear_corrections
from ramsess.actions.drafts import clear_drafts
from ramsess.actions.history_erasure import forget_history, keeping_nothing
from ramsess.actions.ledger import Ledger
from ramsess.actions.merged_erasure import (
    forget_merges,
    forget_references,
    former_names,
    merged_into,
)
from ramsess.logs import security_event
from ramsess.models import (
    Acquaintance,
    Act,
    ActBeneficiary,
    Appraisal,
    Attendance,
    Beneficiary,
    Diagnostic,
    ErasureRequest,
    ExchangeKey,
    Funding,
    IdentityArchive,
    Parcours,
    ParcoursBeneficiary,
    Plan,
    PlanAction,
    Project,
)
from ramsess.models.calendar import today
from ramsess.models.names import normalise

ERASED_PROJECT = "Projet effacé"
ERASED_ACTION = "Action effacée"
ERASED, ARCHIVED = "effacée", "archivée"
# What the record loses; ``public_id`` is drawn again.
IDENTITY = (
    "public_id", "last_name", "first_name", "name_key", "search_key", "birth_date", "sex_code",
    "situation_code", "education_code", "commune_code", "rsa", "qpv", "phone", "email",
)  # fmt: skip
# Exchange sheet → the table of its records (the sheet's keys hold what a structure calls them).
SHEETS: dict[str, Table] = {
    "Bénéficiaires": Beneficiary.metadata.tables["beneficiaries"],
    "Parcours": Beneficiary.metadata.tables["parcours"],
    "Actes": Beneficiary.metadata.tables["acts"],
    "Séances": Beneficiary.metadata.tables["acts"],
}
Name = tuple[str, str]


def erase_person(session: Session, person: Beneficiary, *, ledger: Ledger) -> None:
    """Erase *person* for good; the ledger holds her reference before the caller commits."""
    session.refresh(person, with_for_update=True)
    archive = session.get(IdentityArchive, person.id)
    references = [one.public_id for one in (person, *merged_into(session, person))]
    if archive:
        # A backup may be older than the archive: there she has her first reference.
        references.append(uuid.UUID(archive.identity["public_id"]))
    _erase(session, person)
    ledger.append(references)


def _erase(session: Session, person: Beneficiary) -> None:
    note(session, "erase_person", person_id=person.id)
    security_event("person_erased")
    take_identity(session, person, ERASED)
    merged = merged_into(session, person)
    with keeping_nothing(session):
        forget_references(session, merged)
    session.execute(delete(IdentityArchive).where(IdentityArchive.beneficiary_id == person.id))
    _answer_requests(session, person)
    for one in (person, *merged):
        _forget_details(session, one)
    session.flush()


def find_by_reference(session: Session, reference: uuid.UUID) -> Beneficiary | None:
    """The person of that reference who is not erased yet, her identity put away or not.

    The reference may be that of a record since merged into another: it leads to that one.
    """
    merged = select(Beneficiary.merged_into_id).where(Beneficiary.public_id == reference)
    return session.scalar(
        select(Beneficiary).where(
            (Beneficiary.public_id == reference) | Beneficiary.id.in_(merged),
            Beneficiary.nameless_since.is_(None)
            | Beneficiary.id.in_(select(IdentityArchive.beneficiary_id)),
        )
    )


def replay(session: Session, references: Iterable[uuid.UUID]) -> int:
    """Erase again those whom a restored backup brought back; return how many."""
    wanted = set(references)
    found = list(session.scalars(select(Beneficiary).where(Beneficiary.public_id.in_(wanted))))
    archived = session.scalars(
        select(IdentityArchive).where(
            IdentityArchive.identity["public_id"].astext.in_([str(item) for item in wanted])
        )
    )
    people = {person.id: person for person in found}
    people |= {archive.beneficiary_id: archive.beneficiary for archive in archived}
    for person in people.values():
        _erase(session, person)
    return len(people)


def take_identity(
    session: Session, person: Beneficiary, word: str, *, day: dt.date | None = None
) -> None:
    """Leave *person* without identity (« Personne *word* »), and every text without her name."""
    with keeping_nothing(session):
        _take_identity(session, person, word, day)
    session.expire_all()


def _take_identity(session: Session, person: Beneficiary, word: str, day: dt.date | None) -> None:
    names = [*_names_of(session, person), *former_names(session, person)]
    ids = _parcours_of(person.id)
    alone = _without_others(session, person, ids)
    shared = sorted(set(session.scalars(ids)) - set(alone))
    acts = list(session.scalars(_acts_of(person.id)))
    clear_drafts(session, person, names)
    _clear_notes(session, person, alone, shared, names)
    clear_messages(session, person, alone, shared, names)
    clear_corrections(session, person, alone, acts, names)
    _clear_projects(session, person, alone, names)
    orientations.forget(session, person, alone, shared, names)
    _clear_texts(session, alone, shared, names)
    gone = _clear_keys(session, person, acts, names)
    clear_sheets(session, person)
    forget_history(session, person.id, [*alone, *shared], acts, gone)
    forget_merges(session, person)
    session.execute(delete(Acquaintance).where(Acquaintance.beneficiary_id == person.id))
    session.execute(
        update(Beneficiary)
        .where(Beneficiary.id == person.id)
        .values(
            public_id=uuid.uuid4(),
            **naming.nameless(word),
            nameless_since=person.nameless_since or day or today(),
            version=Beneficiary.version + 1,
        )
        .execution_options(synchronize_session=False)
    )


def _names_of(session: Session, person: Beneficiary) -> list[Name]:
    """Her names, also when they are put away; « Personne archivée » names nobody."""
    if person.nameless_since is None:
        return [(person.last_name, person.first_name)]
    archive = session.get(IdentityArchive, person.id)
    return [(archive.identity["last_name"], archive.identity["first_name"])] if archive else []


def _answer_requests(session: Session, person: Beneficiary) -> None:
    session.execute(
        update(ErasureRequest)
        .where(ErasureRequest.person_id == person.id, ErasureRequest.answer.is_(None))
        .values(answer="done", answered_at=func.now())
    )


def _parcours_of(person_id: int) -> Any:
    return select(ParcoursBeneficiary.parcours_id).where(
        ParcoursBeneficiary.beneficiary_id == person_id
    )


def _named_other(person_id: int) -> ColumnElement[bool]:
    """On the parcours of the outer query stays another person who has a name."""
    return exists().where(
        ParcoursBeneficiary.parcours_id == Parcours.id,
        ParcoursBeneficiary.beneficiary_id != person_id,
        ParcoursBeneficiary.beneficiary_id == Beneficiary.id,
        Beneficiary.nameless_since.is_(None),
    )


def _without_others(session: Session, person: Beneficiary, ids: Any) -> list[int]:
    """Those of her parcours on which nobody else with a name stays."""
    return list(
        session.scalars(select(Parcours.id).where(Parcours.id.in_(ids), ~_named_other(person.id)))
    )


def _clear_notes(
    session: Session,
    person: Beneficiary,
    alone: Sequence[int],
    shared: Sequence[int],
    names: Sequence[Name],
) -> None:
    naming_her = select(ActBeneficiary.act_id).where(ActBeneficiary.beneficiary_id == person.id)
    attended = select(Attendance.act_id).where(Attendance.beneficiary_id == person.id)
    cleared = set(
        session.scalars(
            select(Act.id).where(
                Act.note != "", or_(Act.id.in_(naming_her), Act.parcours_id.in_(alone))
            )
        )
    )
    read = session.execute(
        select(Act.id, Act.note).where(
            Act.note != "", or_(Act.parcours_id.in_(shared), Act.id.in_(attended))
        )
    )
    cleared |= {act_id for act_id, said in read if naming.names(said, names)}
    _set(session, Act, Act.id.in_(cleared), note="", version=Act.version + 1)


def _clear_texts(
    session: Session, alone: Sequence[int], shared: Sequence[int], names: Sequence[Name]
) -> None:
    """Empty what diagnostics and plans say of her; on a shared parcours, what names her.

    Also of a validated diagnostic: who is erased is erased from there too.
    """
    for model, empty in (
        (Diagnostic, {"synthesis": ""}),
        (Appraisal, dict.fromkeys(("strengths", "weaknesses", "needs"), "")),
        (Plan, {"reason": ""}),
        (PlanAction, {"objective": ERASED_ACTION}),
    ):
        _set(session, model, model.parcours_id.in_(alone), **empty, version=model.version + 1)
        for row in session.scalars(select(model).where(model.parcours_id.in_(shared))):
            for name in empty:
                setattr(row, name, naming.without(getattr(row, name), names))
    # A link given to her opens nothing more.
    _set(session, Diagnostic, Diagnostic.parcours_id.in_(alone), link_hash=None, link_until=None)
    session.flush()


def _clear_projects(
    session: Session, person: Beneficiary, alone: Sequence[int], names: Sequence[Name]
) -> None:
    _set(session, Parcours, Parcours.id.in_(alone), origin="", version=Parcours.version + 1)
    _set(session, Funding, Funding.parcours_id.in_(alone), label="")
    hers = select(Parcours.project_id).where(Parcours.id.in_(_parcours_of(person.id)))
    of_others = exists().where(Parcours.project_id == Project.id, _named_other(person.id))
    _set(
        session,
        Project,
        and_(Project.id.in_(hers), ~of_others),
        title=ERASED_PROJECT,
        search_key=normalise(ERASED_PROJECT),
        siret=None,
    )
    for project in session.scalars(select(Project).where(Project.id.in_(hers))):
        project.title = naming.without(project.title, names)
    for parcours in session.scalars(
        select(Parcours).where(Parcours.id.in_(_parcours_of(person.id)))
    ):
        if naming.names(parcours.origin, names):
            parcours.origin = ""
        for funding in parcours.fundings:
            if naming.names(funding.label, names):
                funding.label = ""
    session.flush()


def _acts_of(person_id: int) -> Select[int]:
    """The acts of her parcours, those that name her, the sessions where she was."""
    return select(Act.id).where(
        or_(
            Act.parcours_id.in_(_parcours_of(person_id)),
            Act.id.in_(
                select(ActBeneficiary.act_id).where(ActBeneficiary.beneficiary_id == person_id)
            ),
            Act.id.in_(select(Attendance.act_id).where(Attendance.beneficiary_id == person_id)),
        )
    )


def _clear_keys(
    session: Session, person: Beneficiary, acts: Sequence[int], names: Sequence[Name]
) -> list[dict[str, Any]]:
    """Drop what workbooks call her; what they call her parcours and acts stays, without her name.

    Without these keys the same workbook, handed in again, would count its acts twice. Returns the
    keys that are no more.
    """
    parcours = _parcours_of(person.id)
    hers = or_(
        and_(ExchangeKey.sheet == "Bénéficiaires", ExchangeKey.record_id == person.id),
        and_(ExchangeKey.sheet == "Parcours", ExchangeKey.record_id.in_(parcours)),
        and_(ExchangeKey.sheet.in_(["Actes", "Séances"]), ExchangeKey.record_id.in_(acts)),
    )
    gone = []
    for key in session.scalars(select(ExchangeKey).where(hers)):
        said = {"structure_id": key.structure_id, "sheet": key.sheet, "local_id": key.local_id}
        if key.sheet == "Bénéficiaires":
            gone.append(said)
            session.delete(key)
        elif naming.holds(key.local_id, names):
            gone.append(said)
            key.local_id = f"effacé-{uuid.uuid4().hex}"
    session.flush()
    return gone


def _forget_details(session: Session, person: Beneficiary) -> None:
    """Cut what the audit knows of her, when it keeps such details; the chain stays."""
    if not inspect(session.connection()).has_table("audit_details"):
        return
    session.execute(
        text(
            "UPDATE audit_details SET person_id = NULL, record = NULL, salt = NULL, "
            "erased_at = now() WHERE person_id = :person"
        ),
        {"person": person.id},
    )


def _set(session: Session, model: Any, where: ColumnElement[bool], **values: Any) -> int:
    done: CursorResult[Any] = session.execute(  # type: ignore[assignment]  # of an UPDATE
        update(model).where(where).values(**values).execution_options(synchronize_session=False)
    )
    session.expire_all()
    return done.rowcount
