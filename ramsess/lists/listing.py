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

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    Row,
    Select,
    SQLColumnExpression,
    any_,
    bindparam,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import InstrumentedAttribute, Session

from ramsess.models import Account

#: Rows of a page on the screen, and how far the screen counts and turns pages.
SHOWN = 50
COUNTED = 1_000
#: Rows of a workbook.
EXPORTED = 50_000
_AT_ONCE = 5_000
#: The numbers of the records whose rows are read, for what is gathered beside them.
IDS = bindparam("ids", type_=ARRAY(Integer))

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

    *key* is the records' number, *seen* what those that an account may see satisfy; *joins* adds
    to a query of theirs the tables that the *columns* name, *gathers* what several records of
    theirs make (by ``IDS``), and *keys* is what links need beside.
    *order* is the order unless another is asked, its last column being unique; *answers* the
    conditions that what was searched for makes. Filters, answers and order name no joined table.
    *noted* is what the journal calls showing it, when it names people.
    """

    name: str
    title: str
    noun: tuple[str, str]
    endpoint: str
    action: str
    key: InstrumentedAttribute[int]
    seen: Callable[[Account], list[ColumnElement[bool]]]
    joins: Callable[[Select[Any]], Select[Any]]
    columns: Sequence[Column]
    order: Sequence[SQLColumnExpression[Any]]
    keys: Sequence[SQLColumnExpression[Any]] = ()
    gathers: Callable[[Select[Any]], Select[Any]] = lambda query: query
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


def plain(value: SQLColumnExpression[Any]) -> ColumnElement[str]:
    """A text without case nor the accents of French, to be sorted by and searched in.

    The order of letters is the server's, which may put « Étude » after « Visite ».
    """
    return func.translate(func.lower(value), "àâäçéèêëîïôöùûüÿ’'-", "aaaceeeeiioouuuy   ")


def names(
    query: Select[Any], value: SQLColumnExpression[Any], *order: SQLColumnExpression[Any]
) -> ColumnElement[str]:
    """Several names in one cell, in their order: ``Ana Fictive, Zoé Exemple``."""
    return query.with_only_columns(joined(value, *order)).scalar_subquery()


def joined(value: SQLColumnExpression[Any], *order: SQLColumnExpression[Any]) -> ColumnElement[str]:
    """Names put together by a group."""
    comma = literal(", ")
    return func.string_agg(value, aggregate_order_by(comma, *order) if order else comma)


def read_page(
    session: Session, listing: Listing, account: Account, asked: Asked, number: int
) -> Page:
    """The page *number* of what is asked; the last one when there are fewer."""
    query = _which(listing, account, asked)
    counted = query.with_only_columns(literal(1)).order_by(None).limit(COUNTED + 1)
    found = session.scalar(select(func.count()).select_from(counted.subquery())) or 0
    total = min(found, COUNTED)
    number = max(1, min(number, -(-total // SHOWN)))
    ids = session.scalars(query.limit(SHOWN).offset((number - 1) * SHOWN)).all()
    return Page(list(_rows(session, listing, ids)), total, found > COUNTED, number)


def read_all(
    session: Session, listing: Listing, account: Account, asked: Asked
) -> Iterator[Row[Any]]:
    """Every row of what is asked, one more than ``EXPORTED`` at most."""
    ids = session.scalars(_which(listing, account, asked).limit(EXPORTED + 1)).all()
    for start in range(0, len(ids), _AT_ONCE):
        yield from _rows(session, listing, ids[start : start + _AT_ONCE])


def _rows(session: Session, listing: Listing, ids: Sequence[int]) -> Iterator[Row[Any]]:
    """The rows of these records, in their order."""
    columns: list[ColumnElement[Any]] = [one.value.label(one.name) for one in listing.columns]
    query = listing.gathers(listing.joins(select(listing.key, *columns, *listing.keys)))
    rows = session.execute(query.where(listing.key == any_(IDS)), {"ids": list(ids)})
    known = {row[0]: row for row in rows}
    return (known[number] for number in ids if number in known)


def _which(listing: Listing, account: Account, asked: Asked) -> Select[Any]:
    """The keys of what is asked, in order.

    What a row says is read afterwards, of the rows shown alone: under row-level security joins and
    names of ten years of acts cost seconds. Another order than the list's needs the joins.
    """
    query = select(listing.key).where(*listing.seen(account))
    kept = [
        one.keeps(asked.filters[one.name]) for one in listing.filters if one.name in asked.filters
    ]
    if listing.answers and asked.text:
        kept += listing.answers(asked.text)
    column = listing.column(asked.sort.removeprefix("-"))
    if column:
        key = plain(column.value) if column.kind == "text" else column.value
        order = (key.desc() if asked.sort.startswith("-") else key.asc()).nulls_last()
        query = listing.joins(query).order_by(order)
    return query.where(*kept).order_by(*listing.order)


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
