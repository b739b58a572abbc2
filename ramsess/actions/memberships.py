"""Structures come into the network and leave it, by date.

A structure that has left sees and records nothing from the day after; its figures stay in the
periods in which it was a member or did something.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, selectinload

from ramsess.actions.auditing import note
from ramsess.actions.refusals import Checks
from ramsess.models import Involvement, LegalForm, Membership, Parcours, Structure
from ramsess.models.calendar import FIRST_DAY, today

CODE = re.compile(r"[A-Z0-9]{2,16}")


@dataclass(frozen=True)
class StructureDraft:
    """What is said of a new structure; *joined_on* is None for one that only takes part.

    Where it is and what it does, it says itself (``Presentation``).
    """

    code: str
    name: str
    joined_on: dt.date | None = None
    legal_form_code: str | None = None


def all_structures(session: Session) -> Sequence[Structure]:
    """Every structure with its stays, by name."""
    return session.scalars(
        select(Structure).options(selectinload(Structure.memberships)).order_by(Structure.name)
    ).all()


def find_structure(session: Session, code: str) -> Structure:
    """The structure of that code. Raises RefusedError."""
    checks = Checks()
    found = session.scalar(select(Structure).where(Structure.code == code.strip().upper()))
    if found is None:
        checks.refuse("code", f"Structure inconnue : « {code.strip()} ».")
    checks.conclude()
    assert found
    return found


def parcours_under_way(session: Session, structure: Structure) -> int:
    """How many parcours without exit the structure takes part in today."""
    return (
        session.scalar(
            select(func.count(Involvement.parcours_id.distinct()))
            .join(Parcours)
            .where(
                Involvement.structure_id == structure.id,
                Parcours.exited_on.is_(None),
                or_(Involvement.left_on.is_(None), Involvement.left_on >= today()),
            )
        )
        or 0
    )


def add_structure(session: Session, draft: StructureDraft) -> Structure:
    """Add a structure, a member from *joined_on* when it is said. Raises RefusedError."""
    code = draft.code.strip().upper()
    checks = Checks()
    if not CODE.fullmatch(code):
        checks.refuse("code", "Un code compte de 2 à 16 majuscules ou chiffres, sans accent.")
    elif session.scalar(select(Structure.id).where(Structure.code == code)):
        checks.refuse("code", f"Le code « {code} » désigne déjà une structure.")
    if not 0 < len(draft.name.strip()) <= 120:
        checks.refuse("name", "Le nom compte de 1 à 120 caractères.")
    if draft.legal_form_code and session.get(LegalForm, draft.legal_form_code) is None:
        checks.refuse("legal_form", "Forme juridique inconnue.")
    if draft.joined_on:
        _check_day(checks, "joined_on", draft.joined_on)
    checks.conclude()
    structure = Structure(code=code, name=draft.name.strip(), legal_form_code=draft.legal_form_code)
    session.add(structure)
    session.flush()
    _note(session, "add_structure", structure)
    if draft.joined_on:
        join_network(session, structure, draft.joined_on)
    return structure


def join_network(session: Session, structure: Structure, day: dt.date | None) -> Membership:
    """Let *structure* be a member from *day* on, which may be to come. Raises RefusedError."""
    _hold(session, structure)
    checks = Checks()
    _check_day(checks, "day", day)
    for stay in structure.memberships:
        if day and stay.left_on is None:
            checks.refuse(
                "day", f"{structure.name} est membre depuis le {stay.joined_on:%d/%m/%Y}."
            )
        elif day and stay.left_on and day <= stay.left_on:
            checks.refuse(
                "day",
                f"{structure.name} est déjà membre du {stay.joined_on:%d/%m/%Y} au "
                f"{stay.left_on:%d/%m/%Y} : indiquez un jour suivant.",
            )
    checks.conclude()
    assert day
    stay = Membership(structure=structure, joined_on=day)
    session.add(stay)
    session.flush()
    _note(session, "join_network", structure)
    return stay


def leave_network(session: Session, structure: Structure, day: dt.date | None) -> Membership:
    """End the stay of *structure*: *day*, perhaps to come, is its last day. Raises RefusedError."""
    _hold(session, structure)
    checks = Checks()
    _check_day(checks, "day", day)
    open_ = next((stay for stay in structure.memberships if stay.left_on is None), None)
    if open_ is None:
        last = max((stay.left_on for stay in structure.memberships if stay.left_on), default=None)
        checks.refuse(
            "day",
            f"{structure.name} a quitté le réseau le {last:%d/%m/%Y}."
            if last
            else f"{structure.name} n’est pas membre du réseau.",
        )
    elif day and day < open_.joined_on:
        checks.refuse("day", f"{structure.name} n’est membre que depuis le "
                             f"{open_.joined_on:%d/%m/%Y}.")  # fmt: skip
    checks.conclude()
    assert open_
    open_.left_on = day
    session.flush()
    _note(session, "leave_network", structure)
    return open_


def _hold(session: Session, structure: Structure) -> None:
    """One at a time: its stays are those that are there once it is held."""
    session.refresh(structure, with_for_update=True)
    session.refresh(structure, ["memberships"])


def _check_day(checks: Checks, field: str, day: dt.date | None) -> None:
    if day is None:
        checks.refuse(field, "Indiquez une date.")
    elif day < FIRST_DAY:
        checks.refuse(field, "Cette date est antérieure à 1990.")


def _note(session: Session, action: str, structure: Structure) -> None:
    note(session, action, record=structure.code, structure_id=structure.id)
