"""Corrections of the demo, once a period of it is sealed: an hour too many, an act forgotten."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramsess.actions.corrections import (
    CorrectionDraft,
    add_forgotten,
    correct_sealed_act,
    correct_sealed_parcours,
)
from ramsess.actions.sealed import sealed_periods
from ramsess.database import Acting, acting
from ramsess.demo.accounts import DemoAccount
from ramsess.models import Account, Act, GroupSession, Parcours, Structure


def make_corrections(session: Session, accounts: Sequence[DemoAccount]) -> int:
    """Make some for the first structure of the demo, in its first adviser's name; how many.

    To be called once a period is sealed; nothing is to correct before.
    """
    periods = sealed_periods(session)
    account = session.scalars(select(Account).where(Account.email == accounts[0].email)).first()
    if not periods or account is None:
        return 0
    period = periods[0]
    code = accounts[0].structures[0]
    structure = session.scalars(select(Structure).where(Structure.code == code)).one()
    mine = (
        select(Act)
        .where(Act.structure_id == structure.id, Act.done_on.between(period.first, period.last))
        .order_by(Act.id)
    )
    held = select(GroupSession.act_id)
    act = session.scalars(mine.where(Act.id.not_in(held), Act.parcours_id.is_not(None))).first()
    workshop = session.scalars(mine.where(Act.id.in_(held))).first()
    parcours = session.scalars(
        select(Parcours)
        .where(
            Parcours.lead_structure_id == structure.id,
            Parcours.entered_on.between(period.first, period.last),
        )
        .order_by(Parcours.id)
    ).first()
    before = acting.get()
    acting.set(Acting(account_id=account.id, role=before.role))

    # The words of a draft, by name.
    def draft(kind: str, reason: str, **said: object) -> CorrectionDraft:
        return CorrectionDraft(kind, reason, structure.id, **said)  # type: ignore[arg-type]

    made = 0
    if act:
        longer = [one.minutes + 30 for one in act.shares]
        said = draft("duration", "La fin de l’entretien n’avait pas été comptée.", minutes=longer)
        correct_sealed_act(session, account, act, said)
        made += 1
    if workshop:
        host = next(
            one
            for one in workshop.group_session.hosts  # type: ignore[union-attr]  # it is one
            if one.structure_id == structure.id
        )
        more = host.anonymous_count + 4
        said = draft("heads", "La feuille d’émargement a été retrouvée.", count=more)
        correct_sealed_act(session, account, workshop, said)
        made += 1
    if parcours:
        said = draft("parcours_other", "Noté trop tard.", words="Le prescripteur était la mairie.")
        correct_sealed_parcours(session, account, parcours, said)
        made += 1
    forgotten = draft("act_forgotten", "Oublié à la clôture.", day=period.last, code="CSL1",
                      minutes=[60])  # fmt: skip
    add_forgotten(session, account, forgotten)
    acting.set(before)
    return made + 1
