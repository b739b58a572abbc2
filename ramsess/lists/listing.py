"""What a list is: columns, filters, and the query of what one may see.

The screen and the workbook are both made from a ``Listing``: same rows, same columns, same order.
A filter is a code, a date or a structure's number, which an address may show; what is searched for
holds names, and stays out of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, Select, SQLColumnExpression, func, literal, select
from sqlalchemy.orm import Session

from ramsess.models import Account

#: Rows of a page on the screen, and how far the screen counts and turns pages.
SHOWN = 50
COUNTED = 1_000
#: Rows of a workbook.
EXPORTED = 50_000

Choices = list[tuple[str, str]]
Target = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Column:
    """A column: *kind* decides how its value is written (minutes are integers).

    *link* says where the cell of a row leads: an endpoint and its arguments. One that *sorts* can
    be sorted by.
    """

    name: str
    label: str
    value: SQLColumnExpression[Any]
    kind: Literal["text", "integer", "minutes", "date"] = "text"
    width: int = 18
    sorts: bool = True
    link: Callable[[Row[Any]], Target | None] | None = None


@dataclass(frozen=True)
class Filter:
    """A filter: one of some *choices*, or a date when there are none.

    *first* is what stands in the list when nothing is asked; *keeps* says which rows stay.
    """

    name: str
    label: str
    keeps: Callable[[Any], ColumnElement[bool]]
    choices: Callable[[Session], Choices] | None = None
    first: str = "Toutes"


@dataclass(frozen=True, eq=False)
class Listing:
    """A list of records of one kind.

    *source* is the query, without columns, of the records that an account may see; *keys* what
    links need beside the columns; *order* the order unless another is asked, its last column
    being unique; *answers* the conditions that what was searched for makes. *noted* is what the
    journal calls showing it, when it names people.
    """

    name: str
    title: str
    noun: tuple[str, str]
    endpoint: str
    action: str
    source: Callable[[Account], Select[Any]]
    columns: Sequence[Column]
    order: Sequence[SQLColumnExpression[Any]]
    keys: Sequence[SQLColumnExpression[Any]] = ()
    filters: Sequence[Filter] = ()
    searched: str = ""
    answers: Callable[[str], list[ColumnElement[bool]]] | None = None
    noted: str = ""

    def column(self, name: str) -> Column | None:
        """The column of that name that can be sorted by."""
        return next((one for one in self.columns if one.name == name and one.sorts), None)


@dataclass(frozen=True)
class Asked:
    """What is asked of a list: *filters* by name as typed values, *text* searched for, *sort* a
    column's name, after a dash for the reverse order."""

    filters: dict[str, Any] = field(default_factory=dict)
    text: str = ""
    sort: str = ""


@dataclass(frozen=True)
class Page:
    """Some rows of a list. *total* is how many there are, ``COUNTED`` and *more* for more."""

    rows: Sequence[Row[Any]]
    total: int
    more: bool
    number: int

    @property
    def last(self) -> int:
        """The last page that can be turned to."""
        return max(1, -(-self.total // SHOWN))


def names(query: Select[Any], value: SQLColumnExpression[Any], *order: Any) -> ColumnElement[str]:
    """Several names in one cell, in their order: ``Ana Fictive, Zoé Exemple``."""
    joined = func.string_agg(value, literal(", "))
    if order:
        from_ = query.add_columns(value.label("said")).order_by(*order).subquery()
        return select(func.string_agg(from_.c.said, literal(", "))).scalar_subquery()
    return query.with_only_columns(joined).scalar_subquery()


def read_page(
    session: Session, listing: Listing, account: Account, asked: Asked, number: int
) -> Page:
    """The page *number* of what is asked; the last one when there are fewer."""
    query = _query(listing, account, asked)
    counted = query.with_only_columns(literal(1)).order_by(None).limit(COUNTED + 1)
    found = session.scalar(select(func.count()).select_from(counted.subquery())) or 0
    total = min(found, COUNTED)
    number = max(1, min(number, -(-total // SHOWN)))
    rows = session.execute(query.limit(SHOWN).offset((number - 1) * SHOWN)).all()
    return Page(rows, total, found > COUNTED, number)


def read_all(
    session: Session, listing: Listing, account: Account, asked: Asked
) -> Sequence[Row[Any]]:
    """Every row of what is asked, one more than ``EXPORTED`` at most."""
    return session.execute(_query(listing, account, asked).limit(EXPORTED + 1)).all()


def _query(listing: Listing, account: Account, asked: Asked) -> Select[Any]:
    query = listing.source(account).add_columns(
        *(one.value.label(one.name) for one in listing.columns), *listing.keys
    )
    kept = [
        one.keeps(asked.filters[one.name]) for one in listing.filters if one.name in asked.filters
    ]
    if listing.answers and asked.text:
        kept += listing.answers(asked.text)
    return query.where(*kept).order_by(*_order(listing, asked.sort))


def _order(listing: Listing, sort: str) -> Iterator[SQLColumnExpression[Any]]:
    column = listing.column(sort.removeprefix("-"))
    if column:
        backwards = sort.startswith("-")
        yield (column.value.desc() if backwards else column.value.asc()).nulls_last()
    yield from listing.order


def said_by(session: Session, listing: Listing, asked: Asked) -> list[tuple[str, str]]:
    """The filters asked, in words: ``("Phase", "Faisabilité")``."""
    said = []
    for one in listing.filters:
        value = asked.filters.get(one.name)
        if isinstance(value, dt.date):
            said.append((one.label, f"{value:%d/%m/%Y}"))
        elif value is not None and one.choices:
            said.append((one.label, dict(one.choices(session))[value]))
    return said
