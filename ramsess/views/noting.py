"""What a page shows of people is noted when the page is sent; if it cannot be, nothing is sent."""

from __future__ import annotations

from flask import Flask, Response
from flask_login import current_user

from ramsess.actions.auditing import forget_shown, note_shown, shown
from ramsess.database import db
from ramsess.models import Act, Beneficiary, Parcours

# A form refused, or in conflict, comes back with what is recorded.
REFUSED_FORMS = (409, 422)


def show_person(person: Beneficiary, action: str = "read_person") -> None:
    """The page shows a person's record."""
    shown(
        db.session(),
        action,
        person_id=person.id,
        record=person.public_id,
        account_id=current_user.id,
    )


def show_parcours(parcours: Parcours) -> None:
    """The page shows a parcours, and so its people."""
    for person in parcours.beneficiaries:
        shown(
            db.session(),
            "read_parcours",
            person_id=person.id,
            record=parcours.reference,
            account_id=current_user.id,
        )


def show_act(act: Act, people: set[int]) -> None:
    """The page shows an act that names or accompanies *people*."""
    for person_id in sorted(people):
        shown(
            db.session(),
            "read_act",
            person_id=person_id,
            record=act.public_id,
            account_id=current_user.id,
        )


def show_list(
    action: str, *, structure_id: int | None = None, record: object | None = None
) -> None:
    """The page shows names of people, none of them in particular."""
    shown(
        db.session(),
        action,
        structure_id=structure_id,
        record=str(record) if record else None,
        account_id=current_user.id,
    )


def _note(response: Response) -> Response:
    session = db.session()
    page = response.status_code < 300 or response.status_code in REFUSED_FORMS
    if not page:
        # A redirection, an absence or a fault shows nobody.
        forget_shown(session)
        return response
    if response.status_code in REFUSED_FORMS:
        # Whatever a refused form began is not for this transaction.
        session.rollback()
    if note_shown(session):
        session.commit()
    return response


def init_noting(app: Flask) -> None:
    """Note what every page of *app* shows."""
    app.after_request(_note)
