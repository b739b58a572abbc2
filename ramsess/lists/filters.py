"""Filters that several lists share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_login import current_user
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from ramsess import policy
from ramsess.lists.listing import Choices, Filter
from ramsess.models import (
    CODE_LISTS,
    Adviser,
    Assignment,
    Department,
    Structure,
)


def code_list(name: str, **only: Any) -> Callable[[Session], Choices]:
    """The codes of a list, closed ones included: records still bear them."""

    def read(session: Session) -> Choices:
        model = CODE_LISTS[name]
        rows = session.execute(
            select(model.code, model.label).filter_by(**only).order_by(model.position, model.code)
        )
        return [(row.code, row.label) for row in rows]

    return read


def code_filter(
    name: str, label: str, codes: str, column: Any, *, first: str = "Toutes", **only: Any
) -> Filter:
    """Rows whose *column* is the code chosen."""
    return Filter(name, label, lambda code: column == code, code_list(codes, **only), first)


def between(column: Any, label: str = "Du") -> tuple[Filter, Filter]:
    """Rows from a day to another, both included."""
    return (
        Filter("du", label, lambda day: column >= day),
        Filter("au", "Au", lambda day: column <= day),
    )


def structures(session: Session) -> Choices:
    """Every structure of the network, by its number."""
    rows = session.execute(select(Structure.id, Structure.name).order_by(Structure.name))
    return [(str(row.id), row.name) for row in rows]


def structure_filter(name: str, label: str, keeps: Callable[[int], ColumnElement[bool]]) -> Filter:
    """Rows of the structure chosen."""
    return Filter(name, label, lambda number: keeps(int(number)), structures)


def departments(session: Session) -> Choices:
    """The départements of the region."""
    rows = session.execute(select(Department.code, Department.name).order_by(Department.code))
    return [(row.code, f"{row.name} ({row.code})") for row in rows]


def advisers(session: Session) -> Choices:
    """Who works or worked for the person's structures, by random identifier."""
    rows = session.scalars(
        select(Adviser)
        .where(
            Adviser.id.in_(
                select(Assignment.adviser_id).where(
                    Assignment.structure_id.in_(policy.structure_ids(current_user))
                )
            )
        )
        .order_by(Adviser.last_name, Adviser.first_name)
    )
    return [(str(one.public_id), one.name) for one in rows]
