"""Record people, once in the network; find those who are nearly the same."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select, text
from sqlalchemy.orm import Session

from ramsess import policy
from ramsess.actions.auditing import note_person
from ramsess.actions.duplicates import COMPARED, enter_as_distinct, identity_of
from ramsess.actions.refusals import Checks, ConflictError
from ramsess.duplicates.comparing import Verdict, compare
from ramsess.duplicates.identity import Identity, turned
from ramsess.models import Account, Acquaintance, Beneficiary
from ramsess.models.beneficiary import LONGEST_KEY, name_key
from ramsess.models.calendar import today
from ramsess.models.names import normalise

OLDEST_BIRTH = dt.date(1900, 1, 1)


@dataclass(frozen=True)
class PersonDraft:
    """What is said of a person."""

    last_name: str
    first_name: str
    birth_date: dt.date | None = None
    sex_code: str = "NR"
    situation_code: str = "NR"
    education_code: str = "NR"
    commune_code: str | None = None
    rsa: bool | None = None
    qpv: bool | None = None
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class Likeness:
    """Somebody who may be the one being entered, and why."""

    person: Beneficiary
    verdict: Verdict


@dataclass(frozen=True)
class Near:
    """People whom the reader may see and who may be the one being entered, the likeliest first.

    *exact*: the network holds this very name, first name and birth date. Of people whom other
    structures follow nothing else is told.
    """

    seen: Sequence[Likeness]
    exact: bool = False

    def __bool__(self) -> bool:
        return bool(self.seen or self.exact)


def record_beneficiary(
    session: Session,
    account: Account,
    draft: PersonDraft,
    *,
    structure_id: int,
    request_key: uuid.UUID | None = None,
    informed_on: dt.date | None = None,
    sharing_agreed: bool | None = None,
    near: Near | None = None,
) -> Beneficiary:
    """Record a person for a structure, which knows her from today.

    The same normalised name, first name and known birth date is the same person: she is returned
    as the network already holds her, completed by nothing. *informed_on* and *sharing_agreed*:
    see Acquaintance. A new person is none of those *near* her. Raises RefusedError.
    """
    there = recorded(session, request_key)
    if there is not None:
        return there
    check_person(draft)
    if structure_id not in policy.structure_ids(account):
        checks = Checks()
        checks.refuse("structure", "Choisissez une de vos structures.")
        checks.conclude()
    person = _known_person(session, draft, structure_id)
    if person is None:
        person = _new_person(session, draft, structure_id, request_key)
        enter_as_distinct(
            session, account, person, [one.person for one in near.seen] if near else []
        )
    if informed_on:
        said = session.get_one(Acquaintance, (person.id, structure_id))
        said.informed_on, said.sharing_agreed = informed_on, sharing_agreed
        session.flush()
    note_person(session, "record_person", person, structure_id)
    return person


def _known_person(session: Session, draft: PersonDraft, structure_id: int) -> Beneficiary | None:
    """The person of the network who has this identity, whom the structure knows from now on."""
    if draft.birth_date is None:
        return None
    found = session.scalar(
        select(
            func.sight.meet(
                name_key(draft.last_name, draft.first_name), draft.birth_date, structure_id
            )
        )
    )
    return session.get(Beneficiary, found) if found else None


def _new_person(
    session: Session, draft: PersonDraft, structure_id: int, request_key: uuid.UUID | None
) -> Beneficiary:
    # Nobody sees her before a structure knows her: the database is asked for nothing back.
    person = Beneficiary(
        id=session.scalar(text("SELECT nextval(pg_get_serial_sequence('beneficiaries', 'id'))")),
        request_key=request_key,
    )
    _fill(person, draft)
    session.add(person)
    session.flush()
    session.add(Acquaintance(beneficiary_id=person.id, structure_id=structure_id, since=today()))
    session.flush()
    return person


def recorded(session: Session, request_key: uuid.UUID | None) -> Beneficiary | None:
    """The person whom a form sent before recorded."""
    if request_key is None:
        return None
    return session.scalar(select(Beneficiary).where(Beneficiary.request_key == request_key))


def correct_beneficiary(
    session: Session, person: Beneficiary, draft: PersonDraft, *, version: int
) -> Beneficiary:
    """Replace what is known of a person now; no past figure changes (Rule 8).

    Raises RefusedError, and ConflictError when somebody corrected her meanwhile.
    """
    if person.version != version:
        raise ConflictError
    checks = Checks()
    if identity_known(session, draft, but=person.id):
        checks.refuse(
            "last_name",
            "Une autre personne du réseau porte déjà ce nom, ce prénom et cette date de naissance.",
        )
    checks.conclude()
    check_person(draft)
    _fill(person, draft)
    session.flush()
    note_person(session, "correct_person", person)
    return person


def check_person(draft: PersonDraft) -> None:
    """Raise RefusedError unless the person has a name and a possible birth date."""
    checks = Checks()
    for field, said in (("last_name", draft.last_name), ("first_name", draft.first_name)):
        if not normalise(said):
            checks.refuse(field, "Ce champ est nécessaire.")
    if len(name_key(draft.last_name, draft.first_name)) > LONGEST_KEY:
        checks.refuse("last_name", "Ce nom et ce prénom sont trop longs.")
    if draft.birth_date and draft.birth_date > today():
        checks.refuse("birth_date", "Cette date est dans le futur.")
    if draft.birth_date and draft.birth_date < OLDEST_BIRTH:
        checks.refuse("birth_date", "Cette date est antérieure à 1900.")
    checks.conclude()


def identity_known(session: Session, draft: PersonDraft, but: int | None = None) -> bool:
    """Whether the network holds this identity, other than as the record *but*.

    Never when the birth date is unknown.
    """
    if draft.birth_date is None:
        return False
    key = name_key(draft.last_name, draft.first_name)
    return bool(session.scalar(select(func.sight.known(key, draft.birth_date, but))))


def near_people(session: Session, account: Account, draft: PersonDraft) -> Near:
    """People whom the account sees and who may be the one of *draft*, with the reasons.

    Looked for among those who share a beginning of name, in either order, a birth date, the day and
    month the other way round included, or a contact.
    """
    said = Identity(0, **{name: getattr(draft, name) for name in COMPARED})
    alike = [
        Beneficiary.name_key.startswith(name[:3], autoescape=True)
        for name in {*said.families, *said.firsts}
    ]
    alike.append(Beneficiary.name_key.in_([f"{said.first}|{last}" for last in said.families]))
    if draft.birth_date:
        alike.append(Beneficiary.birth_date.in_({draft.birth_date, turned(draft.birth_date)}))
    if said.number:
        plain = func.regexp_replace(Beneficiary.phone, r"\D", "", "g")
        alike.append(func.right(plain, len(said.number)) == said.number)
    if said.address:
        alike.append(func.lower(Beneficiary.email) == said.address)
    candidates = session.scalars(
        select(Beneficiary)
        .where(or_(*alike), Beneficiary.id.in_(policy.people_seen(account, today())))
        .limit(2000)
    )
    compared = [(person, compare(said, identity_of(person))) for person in candidates]
    near = [Likeness(person, verdict) for person, verdict in compared if verdict.asked]
    near.sort(key=lambda one: (-one.verdict.score, one.person.id))
    return Near(seen=near, exact=identity_known(session, draft))


def _fill(person: Beneficiary, draft: PersonDraft) -> None:
    person.last_name = " ".join(draft.last_name.split())
    person.first_name = " ".join(draft.first_name.split())
    person.birth_date = draft.birth_date
    person.sex_code = draft.sex_code
    person.situation_code = draft.situation_code
    person.education_code = draft.education_code
    person.commune_code = draft.commune_code
    person.rsa = draft.rsa
    person.qpv = draft.qpv
    person.phone = draft.phone.strip()
    person.email = draft.email.strip()
