"""Say what was not known when a parcours began."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from ramsess.actions.auditing import note_parcours
from ramsess.actions.beneficiaries import PersonDraft, check_person, identity_known
from ramsess.actions.refusals import Checks, ConflictError, RefusedError
from ramsess.actions.sealed import SealedPeriod, sealed_periods
from ramsess.models import Beneficiary, Parcours, ParcoursBeneficiary, QualityLimit
from ramsess.models.beneficiary import age_on

UNKNOWN = (None, "", "NR")
#: What a parcours keeps of its project at the entry, and what the project calls it.
OF_PROJECT = {
    "entry_sector_code": "sector_code",
    "entry_legal_form_code": "legal_form_code",
    "entry_commune_code": "commune_code",
}
OF_PERSON = ("sex_code", "situation_code", "education_code", "commune_code", "rsa", "qpv")


@dataclass(frozen=True)
class MemberDraft:
    """What is said of a person on the day of the entry; nothing said, nothing changes."""

    person_id: int
    birth_date: dt.date | None = None
    sex_code: str = ""
    situation_code: str = ""
    education_code: str = ""
    commune_code: str | None = None
    rsa: bool | None = None
    qpv: bool | None = None


@dataclass(frozen=True)
class EntryDraft:
    """What is said of a parcours on the day of its entry."""

    entry_sector_code: str = ""
    entry_legal_form_code: str = ""
    entry_commune_code: str | None = None
    members: Sequence[MemberDraft] = ()


def to_say(session: Session, member: ParcoursBeneficiary) -> set[str]:
    """What is not known of a person at the entry (columns of AsItWas); ``birth_date`` also when the
    age is one that should be checked. Nothing is asked of somebody who was erased."""
    if member.beneficiary.nameless_since:
        return set()
    wanted = {name for name in OF_PERSON if getattr(member, name) in UNKNOWN}
    return wanted | ({"birth_date"} if age_is_odd(session, member.age) else set())


def project_to_say(parcours: Parcours) -> set[str]:
    """What is not known of the project at the entry (columns of Parcours)."""
    return {name for name in OF_PROJECT if getattr(parcours, name) in UNKNOWN}


def incomplete(session: Session, parcours: Parcours) -> bool:
    """True when something that can be said is not known of the entry."""
    return bool(project_to_say(parcours)) or any(
        to_say(session, member) for member in parcours.members
    )


def closed_by(session: Session, parcours: Parcours) -> SealedPeriod | None:
    """The sealed period whose report counts the entry; it is completed no more."""
    since, until = parcours.entered_on, parcours.exited_on
    return next((one for one in sealed_periods(session) if one.counts(since, until)), None)


def age_is_odd(session: Session, age: int | None) -> bool:
    """True for an age at an entry that is unknown, or outside the limits of the quality of data."""
    limits = dict(session.execute(select(QualityLimit.code, QualityLimit.amount)).all())
    return age is None or not limits["YOUNGEST"] <= age <= limits["OLDEST"]


def complete_entry(
    session: Session, parcours: Parcours, draft: EntryDraft, *, version: int
) -> None:
    """Say what was not known when *parcours* began; what was known stays (Rule 8).

    A birth date and a sex, which do not change, are the person's own from then on. Raises
    RefusedError, with reasons by ``<person's id>.<field>``, and ConflictError when the parcours
    changed meanwhile.
    """
    session.refresh(parcours, with_for_update=True)
    if parcours.version != version:
        raise ConflictError
    sealed = closed_by(session, parcours)
    if sealed:
        raise RefusedError({"": sealed.sentence}, sealed=True)
    for name in project_to_say(parcours):
        said = getattr(draft, name)
        if said not in UNKNOWN:
            setattr(parcours, name, said)
            if getattr(parcours.project, OF_PROJECT[name]) in UNKNOWN:
                setattr(parcours.project, OF_PROJECT[name], said)
    members = {member.beneficiary_id: member for member in parcours.members}
    for item in draft.members:
        _complete(session, parcours, members[item.person_id], item)
    flag_modified(parcours, "exited_on")  # people alone are a new version too
    session.flush()
    note_parcours(session, "complete_parcours", parcours)


def _complete(
    session: Session, parcours: Parcours, member: ParcoursBeneficiary, draft: MemberDraft
) -> None:
    person = member.beneficiary
    wanted = to_say(session, member)
    for name in wanted & set(OF_PERSON):
        said = getattr(draft, name)
        if said not in UNKNOWN:
            setattr(member, name, said)
    if draft.sex_code not in UNKNOWN and person.sex_code in UNKNOWN:
        person.sex_code = draft.sex_code
    if draft.birth_date and "birth_date" in wanted:
        _check_birth(session, parcours, person, draft.birth_date)
        person.birth_date = draft.birth_date
        member.age = age_on(draft.birth_date, parcours.entered_on)


def _check_birth(session: Session, parcours: Parcours, person: Beneficiary, birth: dt.date) -> None:
    field = f"{person.id}.birth_date"
    checks = Checks()
    said = PersonDraft(person.last_name, person.first_name, birth_date=birth)
    if birth > parcours.entered_on:
        checks.refuse(field, "Cette date suit l’entrée dans le parcours.")
    elif identity_known(session, said, but=person.id):
        checks.refuse(
            field,
            "Une autre personne du réseau porte déjà ce nom, ce prénom et cette date de naissance.",
        )
    checks.conclude()
    try:
        check_person(said)
    except RefusedError as refusal:
        raise RefusedError({field: refusal.reasons["birth_date"]}) from None
