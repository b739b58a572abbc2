"""Undo what one recorded, and bring a record back to what it was."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from ramsess import policy
from ramsess.actions.acts import as_said, check_act
from ramsess.actions.auditing import note, note_act, note_person, people_of
from ramsess.actions.history import changes_of, put_back
from ramsess.actions.refusals import Checks
from ramsess.models import Account, Act, Beneficiary, Change, ParcoursBeneficiary
from ramsess.models.calendar import today

OF_ACT = ("acts", "act_advisers", "act_beneficiaries")
OF_PERSON = ("beneficiaries",)
# What is about a parcours that one sees.
OF_PARCOURS = (
    "parcours", "parcours_beneficiaries", "involvements", "phase_changes", "fundings", "plans",
    "plan_actions",
)  # fmt: skip
GONE = "Il n’y a plus rien à annuler."


def undo(session: Session, account: Account, operation: uuid.UUID) -> Sequence[Change]:
    """Put back everything that *account* recorded by *operation*; return what it had changed.

    To be called by a page that acts for the network. Raises RefusedError when the operation is
    somebody else's, is about records that the account does not see any more, or when something
    touched them since.
    """
    changes = changes_of(session, operation)
    checks = Checks()
    if not changes or not _hers(session, account, changes):
        checks.refuse("", GONE)
    checks.conclude()
    people = {change.person_id for change in changes if change.person_id}
    people |= _people_of_parcours(session, {one.parcours_id for one in changes if one.parcours_id})
    for person_id in sorted(people):
        note(session, "undo_recording", person_id=person_id)
    put_back(session, changes)
    return changes


def _hers(session: Session, account: Account, changes: Sequence[Change]) -> bool:
    """She did it herself, and what it is about is still hers to change."""
    if any(change.account_id != account.id for change in changes):
        return False
    own = policy.structure_ids(account)
    seen = set(session.scalars(policy.parcours_seen(account, today())))
    known = set(session.scalars(policy.people_seen(account, today())))
    # What her own undoing took away, she may put back.
    removed = [one for one in changes if one.kind == "D" and one.structure_id in own]
    seen |= {one.parcours_id for one in removed if one.noun == "parcours" and one.parcours_id}
    known |= {one.person_id for one in removed if one.noun == "acquaintances" and one.person_id}
    for change in changes:
        if change.noun == "acts" and change.structure_id not in own:
            return False
        if change.noun in OF_PARCOURS and change.parcours_id not in seen:
            return False
        if change.noun in OF_PERSON and change.person_id not in known:
            return False
    return True


def _people_of_parcours(session: Session, parcours: set[int]) -> set[int]:
    return set(
        session.scalars(
            select(ParcoursBeneficiary.beneficiary_id).where(
                ParcoursBeneficiary.parcours_id.in_(parcours)
            )
        )
    )


def since(session: Session, about: ColumnElement[bool], change_id: int) -> list[int]:
    """The ids of the changes of a record after that one, as far as the reader sees them.

    That it was recorded at all is left out: this is undone, not gone back to.
    """
    recorded = (Change.kind == "I") & Change.noun.in_(("acts", "beneficiaries"))
    return list(session.scalars(select(Change.id).where(about, Change.id > change_id, ~recorded)))


def bring_act_back(session: Session, account: Account, act: Act, changes: Sequence[int]) -> None:
    """Take back those changes of *act*, the latest; every rule of an act holds again.

    To be called by a page that acts for the network, of an act that the account may correct.
    Raises RefusedError.
    """
    before = people_of(act)
    put_back(session, _changes(session, OF_ACT, changes))
    session.refresh(act)
    check_act(session, account, as_said(act), act)
    note_act(session, "correct_act", act, before | people_of(act))


def bring_person_back(session: Session, person: Beneficiary, changes: Sequence[int]) -> None:
    """Take back those changes of a person's record, the latest. Raises RefusedError."""
    put_back(session, _changes(session, OF_PERSON, changes))
    note_person(session, "correct_person", person)


def _changes(session: Session, nouns: Sequence[str], ids: Sequence[int]) -> Sequence[Change]:
    return session.scalars(
        select(Change).where(Change.noun.in_(nouns), Change.id.in_(ids)).order_by(Change.id)
    ).all()
