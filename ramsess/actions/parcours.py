"""Open, join, leave, move on and close parcours."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from ramsess import policy
from ramsess.actions.auditing import note_parcours
from ramsess.actions.refusals import Checks, ConflictError
from ramsess.actions.sealed import check_moment, first_changed, parcours_lines, sealed_periods
from ramsess.database import act_as, acting
from ramsess.models import (
    Account,
    Beneficiary,
    Funding,
    Involvement,
    Outcome,
    Parcours,
    ParcoursBeneficiary,
    ParcoursNumber,
    Phase,
    PhaseChange,
    Project,
)


@dataclass(frozen=True)
class ParcoursDraft:
    """What is said when a parcours begins."""

    title: str
    people: Sequence[Beneficiary]
    structure_id: int
    entered_on: dt.date | None
    phase_code: str
    legal_form_code: str | None = None
    sector_code: str | None = None
    commune_code: str | None = None
    collective: bool | None = None
    origin: str = ""


@dataclass(frozen=True)
class ExitDraft:
    """What is said when a parcours ends; jobs in full-time equivalents, funding in euro cents."""

    exited_on: dt.date | None
    outcome_code: str | None
    jobs_created: Decimal = Decimal(0)
    jobs_consolidated: Decimal = Decimal(0)
    fundings: Sequence[tuple[str, int]] = field(default_factory=tuple)


def open_parcours(
    session: Session,
    account: Account,
    draft: ParcoursDraft,
    *,
    request_key: uuid.UUID | None = None,
) -> Parcours:
    """Open a parcours led by ``draft.structure_id``; people and project are kept as they are now.

    The same *request_key* opens once. Raises RefusedError.
    """
    if request_key:
        there = session.scalar(select(Parcours).where(Parcours.request_key == request_key))
        if there is not None:
            return there
    _check_opening(session, account, draft)
    assert draft.entered_on
    # Nobody sees a project before its parcours: the database is asked for nothing back.
    project = Project(
        id=session.scalar(text("SELECT nextval(pg_get_serial_sequence('projects', 'id'))")),
        title=draft.title.strip(),
        legal_form_code=draft.legal_form_code,
        sector_code=draft.sector_code,
        commune_code=draft.commune_code,
        collective=draft.collective,
    )
    parcours = Parcours(
        reference=next_reference(session, draft.entered_on.year),
        project=project,
        lead_structure_id=draft.structure_id,
        entered_on=draft.entered_on,
        entry_phase_code=draft.phase_code,
        entry_legal_form_code=draft.legal_form_code,
        entry_sector_code=draft.sector_code,
        entry_commune_code=draft.commune_code,
        origin=draft.origin.strip(),
        request_key=request_key,
    )
    for person in draft.people:
        member = ParcoursBeneficiary(beneficiary=person)
        member.take_from(person, draft.entered_on)
        parcours.members.append(member)
    parcours.involvements.append(
        Involvement(structure_id=draft.structure_id, joined_on=draft.entered_on)
    )
    session.add(parcours)
    session.flush()
    note_parcours(session, "open_parcours", parcours, draft.structure_id)
    return parcours


def next_reference(session: Session, year: int) -> str:
    """The next reference of *year*, as ``P-2009-0042``; safe when two are asked for at once."""
    number = session.scalar(
        insert(ParcoursNumber)
        .values(year=year, last=1)
        .on_conflict_do_update(index_elements=["year"], set_={"last": ParcoursNumber.last + 1})
        .returning(ParcoursNumber.last)
    )
    return f"P-{year}-{number:04d}"


def _check_opening(session: Session, account: Account, draft: ParcoursDraft) -> None:
    checks = Checks()
    if draft.structure_id not in policy.structure_ids(account):
        checks.refuse("structure", "Choisissez une de vos structures.")
    if not draft.title.strip():
        checks.refuse("title", "Donnez un intitulé au projet.")
    if not draft.people:
        checks.refuse("people", "Indiquez au moins une personne.")
    if session.get(Phase, draft.phase_code) is None:
        checks.refuse("phase", "Phase inconnue.")
    if checks.day("entered_on", draft.entered_on) and draft.entered_on:
        entered = draft.entered_on
        check_moment(session, checks, "entered_on", entered, since=entered, until=None)
    checks.conclude()


def find_by_reference(session: Session, reference: str) -> Parcours | None:
    """The parcours that bears exactly this reference."""
    wanted = reference.strip().upper()
    return session.scalar(select(Parcours).where(Parcours.reference == wanted))


def join_parcours(
    session: Session,
    account: Account,
    *,
    reference: str,
    code: str,
    structure_id: int,
    joined_on: dt.date | None,
) -> Parcours:
    """Let a structure take part in a parcours of another from *joined_on*.

    *code* is the one that the référente gives, with the person's agreement; it serves once. A
    wrong code and a reference that nobody bears are one refusal. Raises RefusedError.
    """
    checks = Checks()
    if structure_id not in policy.structure_ids(account):
        checks.refuse("structure", "Choisissez une de vos structures.")
    before = acting.get()
    parcours = _let_in(session, reference, code)
    if parcours is None:
        checks.refuse("code", "Aucun parcours ne répond à cette référence et à ce code.")
    elif checks.day("joined_on", joined_on) and joined_on:
        if joined_on < parcours.entered_on:
            checks.refuse("joined_on", "Le parcours n’était pas encore commencé à cette date.")
        if parcours.exited_on and joined_on > parcours.exited_on:
            checks.refuse("joined_on", "Le parcours était déjà terminé à cette date.")
        for stay in parcours.involvements:
            if stay.structure_id == structure_id and (
                stay.left_on is None or stay.left_on >= joined_on
            ):
                checks.refuse("reference", "Votre structure prend déjà part à ce parcours.")
        until = parcours.exited_on
        check_moment(session, checks, "joined_on", joined_on, since=joined_on, until=until)
    try:
        checks.conclude()
        assert parcours
        assert joined_on
        parcours.involvements.append(Involvement(structure_id=structure_id, joined_on=joined_on))
        # The database draws another code at once: this one has served.
        session.flush()
        session.expire(parcours, ["join_code"])
        note_parcours(session, "join_parcours", parcours, structure_id)
    finally:
        act_as(session, before)
    return parcours


def _let_in(session: Session, reference: str, code: str) -> Parcours | None:
    """The parcours whose reference and code are presented, locked; seen while they are."""
    shown = f"{reference.strip().upper()} {''.join(code.split()).replace('-', '').upper()}"
    act_as(session, replace(acting.get(), presented=shown))
    parcours = find_by_reference(session, reference)
    if parcours is None:
        return None
    session.refresh(parcours, with_for_update=True)
    return parcours if f"{parcours.reference} {parcours.join_code}" == shown else None


def leave_parcours(
    session: Session,
    account: Account,
    parcours: Parcours,
    *,
    structure_id: int,
    left_on: dt.date | None,
) -> None:
    """End the part that a structure of the account takes in a parcours led by another.

    Raises RefusedError.
    """
    session.refresh(parcours, with_for_update=True)
    checks = Checks()
    stay = next(
        (
            item
            for item in parcours.involvements
            if item.structure_id == structure_id and not item.left_on
        ),
        None,
    )
    if structure_id == parcours.lead_structure_id:
        checks.refuse("left_on", "La structure référente ne quitte pas son parcours.")
    elif stay is None or structure_id not in policy.structure_ids(account):
        checks.refuse("left_on", "Votre structure ne prend pas part à ce parcours.")
    elif checks.day("left_on", left_on) and left_on:
        if left_on < stay.joined_on:
            checks.refuse("left_on", "Le départ précède l’arrivée de votre structure.")
        if parcours.exited_on and left_on > parcours.exited_on:
            checks.refuse("left_on", "Le parcours était déjà terminé à cette date.")
        since, until = stay.joined_on, parcours.exited_on
        check_moment(session, checks, "left_on", left_on, since=since, until=until)
        last = session.scalar(select(func.sight.last_act(parcours.id, structure_id)))
        if last and left_on < last:
            checks.refuse(
                "left_on",
                f"Votre structure a enregistré un acte le {last:%d/%m/%Y}, après ce jour.",
            )
    checks.conclude()
    assert stay
    stay.left_on = left_on
    session.flush()
    note_parcours(session, "leave_parcours", parcours, structure_id)


def change_phase(
    session: Session, parcours: Parcours, *, phase_code: str, reached_on: dt.date | None
) -> None:
    """Note the phase reached on a day; said again for that day, it replaces (Rule 10).

    Raises RefusedError.
    """
    session.refresh(parcours, with_for_update=True)
    checks = Checks()
    if session.get(Phase, phase_code) is None:
        checks.refuse("phase", "Phase inconnue.")
    if checks.day("reached_on", reached_on) and reached_on:
        if reached_on < parcours.entered_on:
            checks.refuse("reached_on", "Cette date précède l’entrée dans le parcours.")
        since, until = parcours.entered_on, parcours.exited_on
        check_moment(session, checks, "reached_on", reached_on, since=since, until=until)
        if parcours.exited_on and reached_on > parcours.exited_on:
            checks.refuse("reached_on", "Cette date suit la sortie du parcours.")
    checks.conclude()
    assert reached_on
    same_day = [item for item in parcours.phase_changes if item.reached_on == reached_on]
    if same_day:
        same_day[0].phase_code = phase_code
    elif parcours.phase_code_on(reached_on) != phase_code:
        parcours.phase_changes.append(PhaseChange(phase_code=phase_code, reached_on=reached_on))
    session.flush()
    note_parcours(session, "change_phase", parcours)


def close_parcours(session: Session, parcours: Parcours, draft: ExitDraft, *, version: int) -> None:
    """End a parcours, or correct how it ended. Raises RefusedError, ConflictError."""
    session.refresh(parcours, with_for_update=True)
    if parcours.version != version:
        raise ConflictError
    checks = Checks()
    if draft.outcome_code and session.get(Outcome, draft.outcome_code) is None:
        checks.refuse("outcome", "Motif de sortie inconnu.")
    if draft.jobs_created < 0 or draft.jobs_consolidated < 0:
        checks.refuse("jobs_created", "Un nombre d’emplois ne peut pas être négatif.")
    if any(cents <= 0 for _, cents in draft.fundings):
        checks.refuse("fundings", "Un montant obtenu est supérieur à zéro.")
    if checks.day("exited_on", draft.exited_on) and draft.exited_on:
        _check_exit_day(session, checks, parcours, draft.exited_on)
        _check_sealed(session, checks, "exited_on", parcours, draft)
    checks.conclude()
    assert draft.exited_on
    parcours.exited_on = draft.exited_on
    parcours.outcome_code = draft.outcome_code
    parcours.jobs_created = draft.jobs_created
    parcours.jobs_consolidated = draft.jobs_consolidated
    told = [(one.source_code, one.cents, one.obtained_on) for one in parcours.fundings]
    fundings = [(source, cents, draft.exited_on) for source, cents in draft.fundings]
    if sorted(told) != sorted(fundings):
        parcours.fundings = [
            Funding(source_code=source, cents=cents, obtained_on=day)
            for source, cents, day in fundings
        ]
    # A change of funding alone is a new version too.
    flag_modified(parcours, "exited_on")
    session.flush()
    note_parcours(session, "close_parcours", parcours)


def _check_sealed(
    session: Session, checks: Checks, field: str, parcours: Parcours, draft: ExitDraft
) -> None:
    """Refuse what would change the report of a sealed period, its entries and exits."""
    periods = sealed_periods(session)
    known = {"entered_on": parcours.entered_on}
    before = known | {
        "exited_on": parcours.exited_on,
        "outcome_code": parcours.outcome_code,
        "jobs_created": parcours.jobs_created,
        "jobs_consolidated": (
            parcours.jobs_consolidated,
            tuple(sorted((one.source_code, one.cents) for one in parcours.fundings)),
        ),
    }
    after = known | {
        "exited_on": draft.exited_on,
        "outcome_code": draft.outcome_code,
        "jobs_created": draft.jobs_created,
        "jobs_consolidated": (draft.jobs_consolidated, tuple(sorted(draft.fundings))),
    }
    period = first_changed(parcours_lines(periods, before), parcours_lines(periods, after))
    if period:
        checks.refuse(field, period.sentence, sealed=True)


def _check_exit_day(
    session: Session, checks: Checks, parcours: Parcours, exited_on: dt.date
) -> None:
    if exited_on < parcours.entered_on:
        checks.refuse("exited_on", "La sortie précède l’entrée dans le parcours.")
    last = session.scalar(select(func.sight.last_act(parcours.id)))
    later = [stay for stay in parcours.involvements if max(_days(stay)) > exited_on]
    if later:
        name = later[0].structure.name
        checks.refuse("exited_on", f"{name} a rejoint ou quitté le parcours après ce jour.")
    if any(change.reached_on > exited_on for change in parcours.phase_changes):
        checks.refuse("exited_on", "Une phase est notée après ce jour.")
    if last and exited_on < last:
        checks.refuse("exited_on", f"Un acte est enregistré le {last:%d/%m/%Y}, après ce jour.")


def _days(stay: Involvement) -> list[dt.date]:
    return [stay.joined_on, stay.left_on or stay.joined_on]


def reopen_parcours(session: Session, parcours: Parcours, *, version: int) -> None:
    """Undo an exit noted by mistake. Raises ConflictError."""
    if parcours.version != version:
        raise ConflictError
    checks = Checks()
    _check_sealed(session, checks, "", parcours, ExitDraft(None, None))
    checks.conclude()
    parcours.exited_on = parcours.outcome_code = None
    parcours.jobs_created = parcours.jobs_consolidated = Decimal(0)
    parcours.fundings.clear()
    session.flush()
    note_parcours(session, "reopen_parcours", parcours)
