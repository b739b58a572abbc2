"""Set-based writing: whole columns sent as arrays, one statement a table.

INSERT … SELECT FROM unnest(…) rather than COPY, which PostgreSQL refuses under row-level
security; some ten times faster than a row a statement.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Integer, Table, any_, bindparam, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import InstrumentedAttribute

from ramsess.database import Base
from ramsess.exchange.watch import watch_of

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]  # the library is untyped


def among(column: InstrumentedAttribute[Any], values: Collection[Any]) -> ColumnElement[bool]:
    """``column = ANY(array)``: one parameter however many values (IN stops at 65,535)."""
    array = bindparam(None, list(values), type_=ARRAY(column.type), unique=True)
    return column == any_(array)


def new_ids(session: Session, model: type[Base], count: int) -> list[int]:
    """Take *count* ids, in order, from the table's own sequence."""
    if not count:
        return []
    name = table_of(model).name
    ids = session.scalars(
        text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)"),
        {"name": name, "count": count},
    )
    return list(ids)


def table_of(model: type[Base]) -> Table:
    """The table of a model."""
    assert isinstance(model.__table__, Table)
    return model.__table__


def insert_rows(session: Session, model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert *rows*, all with the same keys; other columns take the server's default."""
    if not rows:
        return
    table = table_of(model)
    if watch := watch_of(session):
        watch.add(table, rows)
    names = list(rows[0])
    listed = ", ".join(f'"{name}"' for name in names)
    # Names of our own tables and columns only; values are parameters.
    session.execute(
        text(f'INSERT INTO "{table.name}" ({listed}) SELECT * FROM {_unnest(table, names)}'),  # noqa: S608
        _arrays(names, rows),
    )


def update_rows(
    session: Session,
    model: type[Base],
    rows: Sequence[dict[str, Any]],
    key: Sequence[str] = ("id",),
) -> None:
    """Update by *key* the other columns of *rows*; a ``version`` column goes up by one."""
    if not rows:
        return
    table = table_of(model)
    if watch := watch_of(session):
        watch.update(table, key, rows, _old(session, table, rows, key))
    names = list(rows[0])
    changes = [f'"{name}" = new."{name}"' for name in names if name not in key]
    if "version" in table.c:
        changes.append('"version" = old."version" + 1')
    same = " AND ".join(f'old."{name}" = new."{name}"' for name in key)
    listed = ", ".join(f'"{name}"' for name in names)
    # As above.
    session.execute(
        text(
            f'UPDATE "{table.name}" AS old SET {", ".join(changes)} '  # noqa: S608
            f"FROM {_unnest(table, names)} AS new({listed}) WHERE {same}"
        ),
        _arrays(names, rows),
    )


def delete_rows(
    session: Session, model: type[Base], rows: Iterable[tuple[Any, ...]], key: Sequence[str]
) -> None:
    """Delete the rows whose *key* columns hold one of the tuples."""
    wanted = [dict(zip(key, row, strict=True)) for row in rows]
    if not wanted:
        return
    table = table_of(model)
    if watch := watch_of(session):
        watch.remove(table, _old(session, table, wanted, key))
    same = " AND ".join(f'old."{name}" = gone."{name}"' for name in key)
    listed = ", ".join(f'"{name}"' for name in key)
    session.execute(
        text(
            f'DELETE FROM "{table.name}" AS old '  # noqa: S608  # our own names
            f"USING {_unnest(table, key)} AS gone({listed}) WHERE {same}"
        ),
        _arrays(key, wanted),
    )


def _old(
    session: Session, table: Table, rows: Sequence[dict[str, Any]], key: Sequence[str]
) -> list[dict[str, Any]]:
    """The rows that have the *key* of one of *rows*, as they are."""
    same = " AND ".join(f'old."{name}" = asked."{name}"' for name in key)
    listed = ", ".join(f'"{name}"' for name in key)
    found = session.execute(
        text(
            f'SELECT old.* FROM "{table.name}" AS old '  # noqa: S608  # as above
            f"JOIN {_unnest(table, key)} AS asked({listed}) ON {same}"
        ),
        _arrays(key, rows),
    )
    return [dict(row) for row in found.mappings()]


def _unnest(table: Table, names: Sequence[str]) -> str:
    arrays = ", ".join(
        f"CAST(:c{index} AS {_sql_type(table, name)}[])" for index, name in enumerate(names)
    )
    return f"unnest({arrays})"


def _sql_type(table: Table, name: str) -> str:
    kind = table.c[name].type
    if isinstance(kind, Integer):
        return "bigint"
    return str(kind.compile(dialect=_DIALECT))


def _arrays(names: Sequence[str], rows: Sequence[dict[str, Any]]) -> dict[str, list[Any]]:
    return {f"c{index}": [row[name] for row in rows] for index, name in enumerate(names)}
