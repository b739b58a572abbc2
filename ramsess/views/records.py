"""From an address to a record that the person may see; anything else does not exist (404)."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import TypeVar

from flask import abort, flash
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, InvalidRequestError
from sqlalchemy.orm.exc import StaleDataError

from ramsess import policy
from ramsess.actions.acts import remove_act
from ramsess.actions.auditing import people_of
from ramsess.actions.history import current_operation
from ramsess.actions.parcours import find_by_reference
from ramsess.actions.refusals import ConflictError, RefusedError
from ramsess.database import db
from ramsess.forms.base import Form
from ramsess.models import Act, Beneficiary, Diagnostic, Parcours, Plan, PlanAction, Resource
from ramsess.models.account import STRUCTURE_ROLES
from ramsess.models.calendar import today
from ramsess.views.noting import show_act, show_parcours, show_person
from ramsess.views.undo_offer import offer_undo

T = TypeVar("T")

LAST_NUMBER = 2**63 - 1
CONFLICT = (
    "Quelqu’un a modifié cette fiche pendant que vous écriviez. Rien n’a été remplacé : ce qui est "
    "enregistré est ci-dessous, votre texte le suit. Reprenez ce qu’il faut, puis enregistrez."
)


def visible_parcours(reference: str) -> Parcours:
    """The parcours of that reference."""
    parcours = find_by_reference(db.session(), reference)
    if parcours is None or not policy.may_see_parcours(current_user, parcours, today()):
        abort(404)
    show_parcours(parcours)
    return parcours


def led_parcours(reference: str) -> Parcours:
    """As visible_parcours, of which a structure of the person is the référente."""
    parcours = visible_parcours(reference)
    if not policy.leads(current_user, parcours):
        abort(404)
    return parcours


def visible_diagnostic(public_id: uuid.UUID, *, reading: bool = True) -> Diagnostic:
    """The diagnostic of that random identifier, on a parcours that the person sees."""
    return _on_parcours(Diagnostic, public_id, reading)


def led_diagnostic(public_id: uuid.UUID) -> Diagnostic:
    """As visible_diagnostic, of which a structure of the person is the référente."""
    diagnostic = visible_diagnostic(public_id)
    if not policy.leads(current_user, diagnostic.parcours):
        abort(404)
    return diagnostic


def visible_plan(public_id: uuid.UUID) -> Plan:
    """The plan of that random identifier, on a parcours that the person sees."""
    return _on_parcours(Plan, public_id, True)


def visible_action(public_id: uuid.UUID) -> PlanAction:
    """The action of that random identifier, in a plan that the person sees."""
    action = db.session.scalar(select(PlanAction).where(PlanAction.public_id == public_id))
    if action is None:
        abort(404)
    visible_plan(action.plan.public_id)
    return action


OnParcours = TypeVar("OnParcours", Diagnostic, Plan)


def _on_parcours(model: type[OnParcours], public_id: uuid.UUID, reading: bool) -> OnParcours:
    record = db.session.scalar(select(model).where(model.public_id == public_id))
    if record is None or not policy.may_see_parcours(current_user, record.parcours, today()):
        abort(404)
    if reading:
        show_parcours(record.parcours)
    return record


def visible_person(
    public_id: uuid.UUID,
    reading: str | None = "read_person",
    roles: tuple[str, ...] = STRUCTURE_ROLES,
) -> Beneficiary:
    """The person of that random identifier, seen by who is one of *roles* in a structure.

    *reading* is what a page that shows her is noted as; None when something else notes it.
    """
    person = db.session.scalar(
        select(Beneficiary).where(
            Beneficiary.public_id == public_id,
            Beneficiary.id.in_(policy.people_seen(current_user, today(), roles)),
        )
    )
    if person is None:
        abort(404)
    if reading:
        show_person(person, reading)
    return person


def visible_act(public_id: uuid.UUID, *, session: bool = False) -> Act:
    """The act, or with *session* the collective session, of that random identifier."""
    act = db.session.scalar(select(Act).where(Act.public_id == public_id))
    if (
        act is None
        or (act.group_session is not None) != session
        or not policy.may_see_act(current_user, act)
    ):
        abort(404)
    if not session:
        show_act(act, people_of(act))
    return act


def correctable_act(public_id: uuid.UUID, *, session: bool = False) -> Act:
    """As visible_act, of a structure of the person."""
    act = visible_act(public_id, session=session)
    if not policy.may_correct_act(current_user, act):
        abort(404)
    return act


def number_of(said: str) -> int:
    """The number that *said* gives, if a row may bear it. Raises ValueError."""
    number = int(said)
    if not 0 <= number <= LAST_NUMBER:
        raise ValueError(said)
    return number


def still_there(record: Act | Beneficiary | Parcours | Resource) -> bool:
    """False when somebody deleted it meanwhile."""
    try:
        db.session.refresh(record)
    except InvalidRequestError:
        return False
    return True


def undone(act: Act) -> bool:
    """Undo the recording of *act*; already done by somebody else, it is done.

    False, and said why, when it is refused.
    """
    try:
        _written(lambda: remove_act(db.session(), act))
    except (InvalidRequestError, StaleDataError):
        db.session.rollback()
    except RefusedError as refusal:
        db.session.rollback()
        flash(str(refusal), "error")
        return False
    return True


def _written(work: Callable[[], T]) -> T:
    """Do *work* and commit; the next page offers to undo it."""
    done = work()
    db.session.flush()
    operation = current_operation(db.session())
    db.session.commit()
    offer_undo(operation)
    return done


def attempt(form: Form, work: Callable[[], T]) -> T | None:
    """Do *work* in one transaction; on a refusal or a conflict write nothing and tell the form.

    Two who do the same at once: the second one does it again, and finds what the first wrote.
    """
    try:
        try:
            done = _written(work)
        except IntegrityError:
            db.session.rollback()
            done = _written(work)
    except IntegrityError:
        db.session.rollback()
        form.tell({"": "Quelqu’un écrivait la même chose au même instant : recommencez."})
    except RefusedError as refusal:
        db.session.rollback()
        form.tell(refusal.reasons)
        form.sealed = refusal.sealed
    except (ConflictError, StaleDataError):
        db.session.rollback()
        form.conflict = True
        flash(CONFLICT, "warning")
    else:
        return done
    return None
