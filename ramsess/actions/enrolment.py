"""Who is expected at a session: enrolled by each host, for its own people."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from ramsess.actions.auditing import note
from ramsess.actions.refusals import Checks, ConflictError
from ramsess.models import Act, Beneficiary, Enrolment, SessionHost


def host_of(act: Act, structure_id: int) -> SessionHost | None:
    """A structure's part in a session; None when it does not host it."""
    assert act.group_session
    hosts = act.group_session.hosts
    return next((item for item in hosts if item.structure_id == structure_id), None)


def enrolled_people(session: Session, act: Act, structure_id: int) -> list[Beneficiary]:
    """Those whom a host expects, by name; the ones it may no longer see are left out."""
    return list(
        session.scalars(
            select(Beneficiary)
            .join(Enrolment, Enrolment.beneficiary_id == Beneficiary.id)
            .where(
                Enrolment.act_id == act.id,
                Enrolment.structure_id == structure_id,
                Beneficiary.nameless_since.is_(None),
            )
            .order_by(Beneficiary.search_key, Beneficiary.id)
        )
    )


def enrol(
    session: Session,
    act: Act,
    *,
    structure_id: int,
    people: Sequence[Beneficiary],
    version: int | None = None,
) -> None:
    """Say whom a host expects: replaces what it said before.

    Being expected counts in no figure and shows nobody to anybody. *version* is the host's that
    the person was looking at. Raises RefusedError, ConflictError.
    """
    checks = Checks()
    host = host_of(act, structure_id)
    if host is None:
        checks.refuse("people", "Votre structure n’anime pas cette séance.")
    checks.conclude()
    assert host
    if version is not None and host.version != version:
        raise ConflictError
    flag_modified(host, "anonymous_count")
    session.flush()
    wanted = {person.id for person in people}
    mine = (Enrolment.act_id == act.id, Enrolment.structure_id == structure_id)
    there = set(session.scalars(select(Enrolment.beneficiary_id).where(*mine)))
    session.execute(delete(Enrolment).where(*mine, Enrolment.beneficiary_id.not_in(wanted)))
    session.add_all(
        Enrolment(act_id=act.id, structure_id=structure_id, beneficiary_id=person)
        for person in sorted(wanted - there)
    )
    session.flush()
    for verb, ids in (("enrol_person", wanted - there), ("remove_enrolment", there - wanted)):
        for person_id in sorted(ids):
            note(
                session,
                verb,
                person_id=person_id,
                structure_id=structure_id,
                record=act.public_id,
            )


def expect_again(session: Session, before: Act, again: Act) -> None:
    """Whom the structure that recorded a session expected is expected at another one."""
    people = enrolled_people(session, before, before.structure_id)
    if people and host_of(again, before.structure_id):
        enrol(session, again, structure_id=before.structure_id, people=people)
