"""Open a shared diagnostic, write in it, hand in, agree; validated, it never changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ramsess import policy
from ramsess.actions.auditing import note_parcours
from ramsess.actions.refusals import Checks, ConflictError
from ramsess.models import (
    Account,
    AgreementManner,
    Appraisal,
    Axis,
    Contribution,
    Diagnostic,
    Parcours,
    Structure,
)
from ramsess.models.calendar import today
from ramsess.models.diagnostic import LEVELS

FEWEST_STRUCTURES = 2
NOTHING = (None, "", "", "")


@dataclass(frozen=True)
class AppraisalDraft:
    """What a structure says of an axis; *version*: the one that was looked at, 0 for none.

    *touched*: False when it says what was looked at, whatever somebody wrote meanwhile.
    """

    axis_code: str
    version: int
    level: int | None
    strengths: str
    weaknesses: str
    needs: str
    touched: bool = True

    @property
    def said(self) -> tuple[int | None, str, str, str]:
        """Level, strengths, weaknesses, needs."""
        return self.level, self.strengths, self.weaknesses, self.needs


def structures_there(parcours: Parcours, day: dt.date) -> list[Structure]:
    """The structures that take part on *day*, the référente first; an exit sends nobody away."""
    there = {
        stay.structure_id: stay.structure
        for stay in parcours.involvements
        if stay.joined_on <= day and (stay.left_on is None or stay.left_on >= day)
    }
    return sorted(there.values(), key=lambda one: (one.id != parcours.lead_structure_id, one.name))


def versions(session: Session, parcours: Parcours) -> Sequence[Diagnostic]:
    """The diagnostics of *parcours*, latest first."""
    return session.scalars(
        select(Diagnostic)
        .where(Diagnostic.parcours_id == parcours.id)
        .order_by(Diagnostic.number.desc())
    ).all()


def open_diagnostic(
    session: Session, account: Account, parcours: Parcours, structure_ids: Iterable[int]
) -> Diagnostic:
    """Open a diagnostic to which the référente and *structure_ids* contribute.

    After a validated one it is the next version, and starts from what that one says. One that is
    under way is returned as it is. Raises RefusedError.
    """
    session.refresh(parcours, with_for_update=True)
    before = versions(session, parcours)
    if before and not before[0].validated_on:
        return before[0]
    there = {one.id for one in structures_there(parcours, today())}
    invited = {*structure_ids, parcours.lead_structure_id}
    checks = Checks()
    if parcours.lead_structure_id not in policy.structure_ids(account):
        checks.refuse("structures", "La structure référente ouvre le diagnostic.")
    if not invited <= there:
        checks.refuse("structures", "Cette structure ne prend pas part au parcours aujourd’hui.")
    if len(invited) < FEWEST_STRUCTURES:
        checks.refuse("structures", "Un diagnostic partagé se fait à deux structures au moins.")
    checks.conclude()
    last = before[0] if before else None
    diagnostic = Diagnostic(
        parcours_id=parcours.id,
        number=last.number + 1 if last else 1,
        opened_on=today(),
        synthesis=last.synthesis if last else "",
    )
    session.add(diagnostic)
    session.flush()
    for structure_id in sorted(invited):
        _add_contribution(session, diagnostic, structure_id)
    note_parcours(session, "open_diagnostic", parcours, parcours.lead_structure_id)
    return diagnostic


def _add_contribution(session: Session, diagnostic: Diagnostic, structure_id: int) -> None:
    session.add(
        Contribution(
            diagnostic_id=diagnostic.id,
            structure_id=structure_id,
            parcours_id=diagnostic.parcours_id,
            invited_on=today(),
        )
    )
    session.flush()
    # The database has carried over what it said in the version before.
    session.expire(diagnostic)


def invite(session: Session, diagnostic: Diagnostic, structure_id: int) -> None:
    """Let one more structure of the parcours contribute. Raises RefusedError."""
    _hold(session, diagnostic)
    checks = Checks()
    _refuse_validated(checks, diagnostic)
    if structure_id not in {one.id for one in structures_there(diagnostic.parcours, today())}:
        checks.refuse("structure", "Cette structure ne prend pas part au parcours aujourd’hui.")
    checks.conclude()
    if diagnostic.contribution_of(structure_id) is None:
        _add_contribution(session, diagnostic, structure_id)
        _settle(session, diagnostic)
        note_parcours(session, "invite_to_diagnostic", diagnostic.parcours)


def withdraw(session: Session, diagnostic: Diagnostic, structure_id: int) -> None:
    """Contribute without a structure that has written nothing. Raises RefusedError."""
    _hold(session, diagnostic)
    checks = Checks()
    _refuse_validated(checks, diagnostic)
    contribution = diagnostic.contribution_of(structure_id)
    if structure_id == diagnostic.parcours.lead_structure_id:
        checks.refuse("structure", "La structure référente contribue toujours.")
    elif contribution and (contribution.handed_in_on or _wrote(session, contribution)):
        checks.refuse("structure", "Cette structure a écrit : sa contribution reste.")
    elif len(diagnostic.contributions) <= FEWEST_STRUCTURES:
        checks.refuse("structure", "Un diagnostic partagé se fait à deux structures au moins.")
    checks.conclude()
    if contribution:
        session.delete(contribution)
        session.flush()
        session.expire(diagnostic)
        _settle(session, diagnostic)
        note_parcours(session, "withdraw_invitation", diagnostic.parcours)


def _wrote(session: Session, contribution: Contribution) -> bool:
    """True when it says something that was not carried over from the version before."""
    number, parcours_id = contribution.diagnostic.number, contribution.parcours_id
    carried = session.scalars(
        select(Appraisal)
        .join(Diagnostic, Diagnostic.id == Appraisal.diagnostic_id)
        .where(
            Diagnostic.parcours_id == parcours_id,
            Diagnostic.number == number - 1,
            Appraisal.structure_id == contribution.structure_id,
        )
    )
    before = {one.axis_code: one.said for one in carried}
    return any(before.get(one.axis_code) != one.said for one in contribution.appraisals)


def save_contribution(
    session: Session,
    account: Account,
    diagnostic: Diagnostic,
    structure_id: int,
    drafts: Iterable[AppraisalDraft],
) -> Sequence[Appraisal]:
    """Keep what a structure of the account says; returns all that it says now.

    An axis that says what is recorded stays as it is, so two advisers of a structure may write at
    once on different axes. Raises RefusedError, and ConflictError when somebody changed an axis
    meanwhile that was changed here too: then nothing is written.
    """
    contribution = _own(session, account, diagnostic, structure_id)
    checks = Checks()
    if contribution.handed_in_on:
        checks.refuse("", "La contribution est remise : reprenez-la pour la modifier.")
    checks.conclude()
    changed = False
    for draft in drafts:
        there = contribution.on(draft.axis_code)
        if not draft.touched or (there.said if there else NOTHING) == draft.said:
            continue
        if (there.version if there else 0) != draft.version:
            raise ConflictError
        if session.get(Axis, draft.axis_code) is None or draft.level not in (None, *LEVELS):
            checks.refuse("", "Axe ou niveau inconnu.")
            checks.conclude()
        if there is None:
            there = Appraisal(
                structure_id=structure_id,
                axis_code=draft.axis_code,
                parcours_id=diagnostic.parcours_id,
            )
            contribution.appraisals.append(there)
        there.level, there.strengths, there.weaknesses, there.needs = draft.said
        changed = True
    session.flush()
    if changed:
        note_parcours(session, "write_contribution", diagnostic.parcours, structure_id)
    return contribution.appraisals


def hand_in(session: Session, account: Account, diagnostic: Diagnostic, structure_id: int) -> None:
    """Say that a structure's part is complete. Raises RefusedError when it says nothing."""
    contribution = _own(session, account, diagnostic, structure_id)
    checks = Checks()
    if not any(any(one.said) for one in contribution.appraisals):
        checks.refuse("", "La contribution est vide : indiquez au moins un niveau ou un texte.")
    checks.conclude()
    contribution.handed_in_on = contribution.handed_in_on or today()
    _settle(session, diagnostic)
    note_parcours(session, "hand_in_contribution", diagnostic.parcours, structure_id)


def take_back(
    session: Session, account: Account, diagnostic: Diagnostic, structure_id: int
) -> None:
    """Open a structure's part again; who agreed already will have to agree again."""
    contribution = _own(session, account, diagnostic, structure_id)
    contribution.handed_in_on = contribution.agreed_on = contribution.agreed_wording = None
    _settle(session, diagnostic)
    note_parcours(session, "take_back_contribution", diagnostic.parcours, structure_id)


def write_synthesis(
    session: Session, account: Account, diagnostic: Diagnostic, text: str, *, version: int
) -> None:
    """Write the synthesis, in the référente's name; another text must be agreed with anew.

    Raises RefusedError, ConflictError.
    """
    _hold(session, diagnostic)
    checks = Checks()
    _refuse_validated(checks, diagnostic)
    _refuse_all_but_the_lead(checks, account, diagnostic)
    checks.conclude()
    if diagnostic.synthesis == text:
        return
    if diagnostic.version != version:
        raise ConflictError
    diagnostic.synthesis = text
    diagnostic.wording += 1
    diagnostic.beneficiary_agreed_on = diagnostic.beneficiary_manner_code = None
    session.flush()
    note_parcours(session, "write_synthesis", diagnostic.parcours)


def agree(
    session: Session, account: Account, diagnostic: Diagnostic, structure_id: int, *, wording: int
) -> None:
    """Validate for a structure the wording that was read. Raises RefusedError, ConflictError."""
    contribution = _own(session, account, diagnostic, structure_id)
    if diagnostic.wording != wording:
        raise ConflictError
    checks = Checks()
    refuse_unready(checks, diagnostic)
    checks.conclude()
    contribution.agreed_on, contribution.agreed_wording = today(), wording
    _settle(session, diagnostic)
    note_parcours(session, "agree_with_diagnostic", diagnostic.parcours, structure_id)


def note_agreement(
    session: Session,
    account: Account,
    diagnostic: Diagnostic,
    *,
    agreed_on: dt.date | None,
    manner_code: str,
) -> None:
    """Note, in the référente's name, when and how the beneficiary agreed. Raises RefusedError."""
    _hold(session, diagnostic)
    checks = Checks()
    _refuse_validated(checks, diagnostic)
    _refuse_all_but_the_lead(checks, account, diagnostic)
    refuse_unready(checks, diagnostic)
    if session.get(AgreementManner, manner_code) is None:
        checks.refuse("manner", "Indiquez comment la personne a donné son accord.")
    if checks.day("agreed_on", agreed_on) and agreed_on and agreed_on < diagnostic.opened_on:
        checks.refuse("agreed_on", "Cette date précède l’ouverture du diagnostic.")
    checks.conclude()
    diagnostic.beneficiary_agreed_on = agreed_on
    diagnostic.beneficiary_manner_code = manner_code
    diagnostic.link_hash = diagnostic.link_until = None
    _settle(session, diagnostic)
    note_parcours(session, "note_agreement", diagnostic.parcours)


def refuse_unready(checks: Checks, diagnostic: Diagnostic) -> None:
    """Nobody agrees before every part is handed in and the synthesis written."""
    if not diagnostic.contributed_on:
        checks.refuse("", "Toutes les structures n’ont pas encore remis leur contribution.")
    if not diagnostic.synthesis.strip():
        checks.refuse("", "La synthèse n’est pas encore écrite.")


def _own(
    session: Session, account: Account, diagnostic: Diagnostic, structure_id: int
) -> Contribution:
    """The part of a structure of the account, held while it is changed. Raises RefusedError."""
    session.refresh(diagnostic)
    checks = Checks()
    contribution = diagnostic.contribution_of(structure_id)
    _refuse_validated(checks, diagnostic)
    if contribution is None or structure_id not in policy.structure_ids(account):
        checks.refuse("structure", "Votre structure ne contribue pas à ce diagnostic.")
    elif structure_id not in {one.id for one in structures_there(diagnostic.parcours, today())}:
        checks.refuse("structure", "Votre structure ne prend plus part au parcours.")
    checks.conclude()
    assert contribution
    session.refresh(contribution, with_for_update=True)
    for appraisal in contribution.appraisals:
        session.refresh(appraisal)
    return contribution


def _hold(session: Session, diagnostic: Diagnostic) -> None:
    if diagnostic.validated_on is None:
        session.refresh(diagnostic, with_for_update=True)


def _refuse_validated(checks: Checks, diagnostic: Diagnostic) -> None:
    if diagnostic.validated_on:
        checks.refuse("", "Ce diagnostic est validé : il ne change plus. Ouvrez une révision.")


def _refuse_all_but_the_lead(checks: Checks, account: Account, diagnostic: Diagnostic) -> None:
    if diagnostic.parcours.lead_structure_id not in policy.structure_ids(account):
        checks.refuse("", "La structure référente s’en charge.")


def _settle(session: Session, diagnostic: Diagnostic) -> None:
    """Let the database draw the consequence: contributed, validated, or draft again."""
    session.flush()
    session.execute(select(func.sight.settle_diagnostic(diagnostic.id)))
    session.expire(diagnostic)
