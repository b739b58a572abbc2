"""The codes that a spreadsheet's own words may stand for, by column of ours."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramsess.exchange import layout
from ramsess.exchange.recipe import Recipe
from ramsess.exchange.template import codes_in_force
from ramsess.models import Adviser, Assignment, Structure

# A column of addresses: people write a first name in their own spreadsheets.
ADVISER = "conseiller"


def lists_of(session: Session, recipe: Recipe) -> dict[str, list[tuple[str, str]]]:
    """Code and label for each column of *recipe*'s sheet that has a list, its advisers included."""
    codes = codes_in_force(session)
    lists = {
        column.name: codes[column.code_list]
        for column in recipe.expected.columns
        if column.code_list
    }
    if recipe.sheet == layout.ACTS:
        lists[ADVISER] = advisers_of(session, recipe.structure)
    return lists


def advisers_of(session: Session, structure: str) -> list[tuple[str, str]]:
    """E-mail and name of those who work or worked for that structure."""
    found = session.scalars(
        select(Adviser)
        .where(
            Adviser.id.in_(
                select(Assignment.adviser_id)
                .join(Structure, Structure.id == Assignment.structure_id)
                .where(Structure.code == structure)
            )
        )
        .order_by(Adviser.last_name, Adviser.first_name)
    )
    return [(adviser.email, adviser.name) for adviser in found]
