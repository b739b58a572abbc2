"""Put back what an operation changed: undo a recording, an import, a merge.

What each row was before is kept by the tables themselves (``Change``). Nothing is overwritten: a
row that something else touched since stops the whole, and is told.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Table, bindparam, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ramsess.actions.erasure import SHEETS
from ramsess.actions.refusals import RefusedError
from ramsess.actions.sealed import SealedError
from ramsess.actions.sealed_changes import sealed_by
from ramsess.database import Base
from ramsess.models.change import TRACKED, Change

Key = dict[str, Any]
# Worked out from the records, and worked out again.
FOUND = ("duplicate_pairs",)

# The rows of an operation that another one changed or removed since.
_TOUCHED = text(
    """
    SELECT DISTINCT ON (later.noun, later.key) later.noun, later.key
    FROM changes AS mine
    CROSS JOIN LATERAL jsonb_array_elements(
        CASE mine.kind WHEN 'I' THEN mine.key ELSE jsonb_build_array(mine.key) END) AS held(key)
    JOIN changes AS later ON later.noun = mine.noun AND later.key = held.key AND later.kind <> 'I'
        AND later.id > mine.id AND NOT later.id = ANY (:ids)
    WHERE mine.id = ANY (:ids)
    """
)


@dataclass(frozen=True)
class Obstacle:
    """A row that cannot be put back: what stands in the way, and how often."""

    sentence: str
    count: int = 1

    def __str__(self) -> str:
        return f"{self.sentence} ({self.count})." if self.count > 1 else f"{self.sentence}."


class IrreversibleError(RefusedError):
    """The operation cannot be taken back any more; nothing was changed."""

    def __init__(self, obstacles: Sequence[Obstacle]) -> None:
        super().__init__({"": " ".join(str(item) for item in obstacles)})
        self.obstacles = obstacles


def current_operation(session: Session) -> uuid.UUID | None:
    """The operation under way in this transaction; None as long as it changed nothing."""
    found = session.scalar(text("SELECT nullif(current_setting('ramsess.operation', true), '')"))
    return uuid.UUID(found) if found else None


@contextmanager
def another_operation(session: Session) -> Iterator[None]:
    """What is changed inside is no part of the operation under way: undoing it leaves it."""
    session.flush()
    set_to = text("SELECT set_config('ramsess.operation', :operation, true)")
    outer = current_operation(session)
    session.execute(set_to, {"operation": str(uuid.uuid4())})
    yield
    session.flush()
    session.execute(set_to, {"operation": str(outer or "")})


def changes_of(session: Session, operation: uuid.UUID) -> list[Change]:
    """What an operation changed, the first change first."""
    return list(
        session.scalars(select(Change).where(Change.operation == operation).order_by(Change.id))
    )


def obstacles(session: Session, changes: Sequence[Change], *, dated: bool = True) -> list[Obstacle]:
    """What prevents *changes* from being put back; nothing is changed.

    A row that another operation changed or removed since, or something that was attached since to a
    row that would go; a period sealed since, unless what changed has no date (who somebody is).
    """
    found = session.execute(_TOUCHED, {"ids": [change.id for change in changes]})
    counted: dict[str, int] = {}
    sealed = sealed_by(session, changes) if dated else None
    if sealed:
        counted[sealed.sentence.removesuffix(".")] = 1
    for row in found:
        sentence = f"Depuis, quelqu’un a modifié ou retiré {TRACKED[row.noun]}"
        counted[sentence] = counted.get(sentence, 0) + 1
    added: dict[str, list[Key]] = {}
    for change in changes:
        if change.kind == "I":
            added.setdefault(change.noun, []).extend(change.key)
    for noun, keys in added.items():
        for sentence, number in _attached(session, noun, keys, added):
            counted[sentence] = counted.get(sentence, 0) + number
    return [Obstacle(sentence, number) for sentence, number in counted.items()]


def reverse(session: Session, operation: uuid.UUID, *, dated: bool = True) -> int:
    """Put back every row that *operation* added, changed or removed; return how many.

    To be called by who may change every row (a command, or a page that acts for the network), once
    it is known that the person may. All or nothing: raises IrreversibleError when something else
    touched one of the rows since, or hangs on one that would go.
    """
    return put_back(session, changes_of(session, operation), dated=dated)


def put_back(session: Session, changes: Sequence[Change], *, dated: bool = True) -> int:
    """As ``reverse``, for *changes* of any operations, the oldest first."""
    session.flush()
    found = obstacles(session, changes, dated=dated)
    if found:
        raise IrreversibleError(found)
    number = 0
    try:
        with session.begin_nested():
            for (noun, kind, columns), group in groupby(reversed(changes), _alike):
                number += _put_back(session, noun, kind, columns, list(group))
    except SealedError as fault:
        raise IrreversibleError([Obstacle(fault.period.sentence.removesuffix("."))]) from fault
    except IntegrityError as fault:
        raise IrreversibleError(
            [Obstacle("Ce qui a été enregistré depuis ne permet plus de revenir en arrière")]
        ) from fault
    session.expire_all()
    return number


def _alike(change: Change) -> tuple[str, str, tuple[str, ...]]:
    """Neighbours that are the same are put back by one statement."""
    return (
        change.noun,
        change.kind,
        tuple(sorted(change.before or ())) if change.kind == "U" else (),
    )


def _put_back(
    session: Session, noun: str, kind: str, columns: tuple[str, ...], changes: list[Change]
) -> int:
    # Names of our own tables and columns only; values are parameters.
    table = _table(noun)
    if kind == "I":
        rows: list[Any] = [key for change in changes for key in change.key]
        where = " AND ".join(f't."{name}" = k."{name}"' for name in _key(table))
        statement = f'DELETE FROM "{noun}" t USING {_given(noun)} k WHERE {where}'  # noqa: S608  # our own names
    elif kind == "D":
        rows = [change.before for change in changes]
        statement = f'INSERT INTO "{noun}" SELECT k.* FROM {_given(noun)} k'  # noqa: S608  # our own names
    else:
        rows = [{**change.key, **(change.before or {})} for change in changes]
        # A version never goes back: who was looking at the later one is told.
        values = ", ".join(
            "version = t.version + 1" if name == "version" else f'"{name}" = k."{name}"'
            for name in columns
        )
        where = " AND ".join(f't."{name}" = k."{name}"' for name in _key(table))
        statement = f'UPDATE "{noun}" t SET {values} FROM {_given(noun)} k WHERE {where}'  # noqa: S608  # our own names
    session.execute(text(statement), {"rows": json.dumps(rows)})
    return len(rows)


def _given(noun: str) -> str:
    return f'jsonb_populate_recordset(NULL::"{noun}", CAST(:rows AS jsonb))'


def _attached(
    session: Session, noun: str, keys: list[Key], added: dict[str, list[Key]]
) -> Iterator[tuple[str, int]]:
    """What hangs on rows that would go, and would not go with them."""
    for child, columns, referred in _children(noun):
        leaving = {_of(key, _key(child)) for key in added.get(child.name, ())}
        where = " AND ".join(
            f't."{name}" = k."{target}"' for name, target in zip(columns, referred, strict=True)
        )
        own = ", ".join(f't."{name}"' for name in _key(child))
        found = session.execute(
            text(f'SELECT {own} FROM "{child.name}" t JOIN {_given(noun)} k ON {where}'),  # noqa: S608  # our own names
            {"rows": json.dumps(keys)},
        )
        staying = sum(_comparable(row) not in leaving for row in found)
        if staying:
            what = TRACKED.get(child.name, "un autre enregistrement")
            yield f"Depuis, {what} s’y est ajouté", staying
    yield from _named_by_workbooks(session, noun, keys, added)


def _children(noun: str) -> Iterator[tuple[Table, list[str], list[str]]]:
    """The tables whose rows name a row of *noun*, with the columns on both sides.

    What the journal says of somebody is emptied with her, what was found like her is forgotten:
    neither stops anything.
    """
    target = _table(noun)
    for child in Base.metadata.tables.values():
        for constraint in child.foreign_key_constraints:
            held = constraint.ondelete != "SET NULL" and child.name not in FOUND
            if constraint.referred_table is target and held:
                yield (
                    child,
                    [column.name for column in constraint.columns],
                    [element.column.name for element in constraint.elements],
                )


def _named_by_workbooks(
    session: Session, noun: str, keys: list[Key], added: dict[str, list[Key]]
) -> Iterator[tuple[str, int]]:
    """The keys by which workbooks handed in since name the rows."""
    sheets = [sheet for sheet, table in SHEETS.items() if table.name == noun]
    if not sheets:
        return
    leaving = {
        _of(key, ("structure_id", "sheet", "local_id")) for key in added.get("exchange_keys", ())
    }
    found = session.execute(
        text(
            "SELECT structure_id, sheet, local_id FROM exchange_keys "
            "WHERE sheet IN :sheets AND record_id = ANY (:ids)"
        ).bindparams(bindparam("sheets", expanding=True)),
        {"sheets": sheets, "ids": [key["id"] for key in keys]},
    )
    staying = sum(_comparable(row) not in leaving for row in found)
    if staying:
        yield "Depuis, un classeur l’a aussi nommé", staying


def _of(key: Key, names: Iterable[str]) -> tuple[str, ...]:
    return _comparable(key[name] for name in names)


def _comparable(values: Iterable[Any]) -> tuple[str, ...]:
    return tuple(str(value) for value in values)


def _table(noun: str) -> Table:
    return Base.metadata.tables[noun]


def _key(table: Table) -> list[str]:
    return [column.name for column in table.primary_key]
