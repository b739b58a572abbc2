"""Keep what somebody is typing, give it back to her, forget it: recorded, thrown away or old."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import CursorResult, String, cast, delete, func, select, union, union_all
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from ramsess.actions import naming
from ramsess.actions.refusals import Checks
from ramsess.models import (
    Account,
    Act,
    ActBeneficiary,
    Attendance,
    Beneficiary,
    Diagnostic,
    Draft,
    Orientation,
    Parcours,
    ParcoursBeneficiary,
    Plan,
)
from ramsess.models.draft import LONGEST

KEPT = dt.timedelta(days=7)
# Forms that one person leaves half written at once.
MOST = 40
LONGEST_ADDRESS = 200
Fields = list[tuple[str, str]]


def keep_draft(session: Session, account: Account, form: str, fields: Fields) -> Draft:
    """Keep what the form sent to that address holds, in place of what was kept before.

    Raises RefusedError for what no form of ours holds.
    """
    text = json.dumps(fields, ensure_ascii=False)
    checks = Checks()
    if not form.startswith("/") or len(form) > LONGEST_ADDRESS or len(text) > LONGEST:
        checks.refuse("", "Ce brouillon ne peut pas être gardé.")
    checks.conclude()
    said = {"text": text, "updated_at": func.now()}
    session.execute(
        insert(Draft)
        .values(account_id=account.id, form=form, **said)
        .on_conflict_do_update(index_elements=["account_id", "form"], set_=said)
    )
    forget_old(session)
    _forget_most(session, account)
    return session.scalars(
        select(Draft)
        .where(Draft.account_id == account.id, Draft.form == form)
        .execution_options(populate_existing=True)
    ).one()


def drafts_of(session: Session, account: Account, forms: Collection[str]) -> Sequence[Draft]:
    """What is kept of these forms."""
    return session.scalars(
        select(Draft).where(
            Draft.account_id == account.id,
            Draft.form.in_(forms),
            Draft.updated_at > func.now() - KEPT,
        )
    ).all()


def forget_draft(session: Session, account: Account, form: str) -> None:
    """The form is recorded, or its author threw the draft away."""
    session.execute(delete(Draft).where(Draft.account_id == account.id, Draft.form == form))


def forget_old(session: Session) -> int:
    """Delete the drafts that nobody came back to; returns how many. Of one's own, or as a command
    of everybody."""
    gone: CursorResult[object] = session.execute(  # type: ignore[assignment]  # of a DELETE
        delete(Draft).where(Draft.updated_at <= func.now() - KEPT)
    )
    return gone.rowcount


def _forget_most(session: Session, account: Account) -> None:
    """The oldest go when there are too many."""
    beyond = (
        select(Draft.form)
        .where(Draft.account_id == account.id)
        .order_by(Draft.updated_at.desc(), Draft.form)
        .offset(MOST)
    )
    session.execute(delete(Draft).where(Draft.account_id == account.id, Draft.form.in_(beyond)))


def drafts_about(
    session: Session, person: Beneficiary, names: Iterable[naming.Name]
) -> list[Draft]:
    """The drafts, among those that one sees, that name her, or are about a record of hers."""
    people, wanted = list(names), _references(session, person)
    return [
        draft
        for draft in session.scalars(select(Draft).order_by(Draft.account_id, Draft.form))
        if naming.names(draft.text, people)
        or any(item in draft.form or item in draft.text for item in wanted)
    ]


def clear_drafts(session: Session, person: Beneficiary, names: Iterable[naming.Name]) -> None:
    """Who is erased leaves no draft, whoever's; before her record and its links change."""
    for draft in drafts_about(session, person, names):
        session.delete(draft)
    session.flush()


def _references(session: Session, person: Beneficiary) -> set[str]:
    """What addresses call her, her parcours, and what hangs on them."""
    parcours = select(ParcoursBeneficiary.parcours_id).where(
        ParcoursBeneficiary.beneficiary_id == person.id
    )
    acts = union(
        select(Act.id).where(Act.parcours_id.in_(parcours)),
        select(ActBeneficiary.act_id).where(ActBeneficiary.beneficiary_id == person.id),
        select(Attendance.act_id).where(Attendance.beneficiary_id == person.id),
    )
    found = union_all(
        select(cast(Parcours.reference, String)).where(Parcours.id.in_(parcours)),
        select(cast(Act.public_id, String)).where(Act.id.in_(select(acts.subquery().c.id))),
        *(
            select(cast(model.public_id, String)).where(model.parcours_id.in_(parcours))
            for model in (Diagnostic, Plan, Orientation)
        ),
        select(cast(Orientation.public_id, String)).where(Orientation.beneficiary_id == person.id),
    )
    return {str(person.public_id), *session.scalars(found)}
