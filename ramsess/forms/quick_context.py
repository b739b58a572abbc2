"""What the quick line may understand, read for the person signed in."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

from flask_login import current_user
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from ramsess import policy
from ramsess.forms.act import habits_of
from ramsess.forms.base import codes
from ramsess.models import ActType, Beneficiary, Parcours, ParcoursBeneficiary, Project
from ramsess.models.calendar import today
from ramsess.quick.context import Context, KnownParcours, KnownType

WORDS = Path(__file__).parents[1] / "data" / "quick_words.csv"
# Parcours that are over stay understood for a while: what follows a creation is noted too.
STILL_MEANT = dt.timedelta(days=400)
# The latest ones: what a phrase costs does not grow with the years.
MOST_PARCOURS = 1000
_REFERENCE = re.compile(r"p[- ]?(\d{4})[- ]0*(\d{1,6})", re.IGNORECASE | re.ASCII)


def read_context(session: Session, said: str) -> Context:
    """The codes in force, the habits, and the parcours that she sees, those that *said* names."""
    known = list(_known_parcours(session, said))
    seen = {item.reference for item in known}
    types = _types(session)
    offered = {item.code for item in types}
    habits = habits_of(session)
    return Context(
        today=today(),
        types=types,
        words=usual_words(),
        modalities=dict(codes(session, "modalities")),
        schemes=dict(codes(session, "schemes")),
        parcours=known,
        structures={item.code: item.name for item in current_user.structures("adviser", "manager")},
        habits=replace(
            habits,
            types=[code for code in habits.types if code in offered],
            parcours=[reference for reference in habits.parcours if reference in seen],
        ),
    )


@cache
def usual_words() -> tuple[tuple[str, str, str, str], ...]:
    """List, code, words, how sure: what people call things beside their labels."""
    with WORDS.open(encoding="utf-8") as file:
        return tuple(
            (row["list"], row["code"], row["words"], row["how"]) for row in csv.DictReader(file)
        )


def _types(session: Session) -> list[KnownType]:
    """The types of the quick form: a collective session has its own pages."""
    rows = session.scalars(
        select(ActType)
        .where(
            ActType.kind.in_(("I", "N")),
            or_(ActType.valid_to.is_(None), ActType.valid_to >= today()),
        )
        .order_by(ActType.position)
    )
    return [KnownType(item.code, item.label, item.family_code, item.kind) for item in rows]


def _known_parcours(session: Session, said: str) -> Iterator[KnownParcours]:
    references = [f"P-{year}-{int(number):04}" for year, number in _REFERENCE.findall(said)]
    rows = session.execute(
        select(
            Parcours.reference,
            Project.title,
            Parcours.exited_on,
            func.array_agg(Beneficiary.last_name),
            func.array_agg(Beneficiary.first_name),
            func.array_agg(Beneficiary.name_key),
            Project.search_key,
        )
        .join(Project, Project.id == Parcours.project_id)
        .join(ParcoursBeneficiary, ParcoursBeneficiary.parcours_id == Parcours.id)
        .join(Beneficiary, Beneficiary.id == ParcoursBeneficiary.beneficiary_id)
        .where(
            Parcours.id.in_(policy.parcours_seen(current_user, today())),
            Beneficiary.nameless_since.is_(None),
            or_(
                Parcours.exited_on.is_(None),
                Parcours.exited_on >= today() - STILL_MEANT,
                Parcours.reference.in_(references),
            ),
        )
        .group_by(Parcours.id, Project.id)
        .order_by(Parcours.reference.in_(references).desc(), Parcours.entered_on.desc())
        .limit(MOST_PARCOURS)
    )
    for reference, title, exited_on, last, first, keys, plain_title in rows:
        yield KnownParcours(
            reference,
            title,
            tuple(zip(last, first, strict=True)),
            closed=exited_on is not None,
            plain_people=tuple((key.split("|")[0], key.split("|")[-1]) for key in keys),
            plain_title=plain_title,
        )
