"""What a record was: its history in words, operation by operation."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, String, column, func, select
from sqlalchemy import Integer as SqlInteger
from sqlalchemy.orm import Session

from ramsess.database import Base
from ramsess.models import CODE_LISTS, Change, Commune, Parcours, Structure
from ramsess.models.change import TRACKED
from ramsess.reports.dossier import COLUMNS
from ramsess.reports.period import french_date

LISTED = 200
NOTHING = "rien"
# What says nothing to a reader: our own keys and versions.
SKIPPED = {
    "id", "public_id", "version", "search_key", "name_key", "request_key", "position", "join_code",
    "recorded_by_id", "recorded_at", "act_id", "project_id", "first_id", "plan_id",
    "nameless_since", "diagnostic_id", "plan_action_id", "record_id",
}  # fmt: skip
NAMES = {
    "adviser_id": "Conseiller·e", "structure_id": "Structure", "lead_structure_id": "Référente",
    "parcours_id": "Parcours", "beneficiary_id": "Personne",
    "from_structure_id": "De la part de", "to_structure_id": "Vers",
}  # fmt: skip
RECORDS = ("acts", "beneficiaries", "parcours")
VERBS = {"I": "Ajout", "U": "Modification", "D": "Retrait"}


@dataclass(frozen=True)
class Value:
    """One field, before and after; None where there was no record."""

    label: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Line:
    """What happened to one row, in words."""

    what: str
    values: Sequence[Value] = ()


@dataclass(frozen=True)
class Step:
    """What somebody did at one moment; *first* is the id of its first change.

    *recorded* when it is the recording itself, before which there was nothing.
    """

    operation: uuid.UUID
    at: dt.datetime
    who: str
    mine: bool
    first: int
    recorded: bool
    lines: Sequence[Line]


def steps(session: Session, account_id: int, about: ColumnElement[bool]) -> list[Step]:
    """The history of a record, latest first, as far as the reader may see it; LISTED changes."""
    changes = list(
        session.scalars(select(Change).where(about).order_by(Change.id.desc()).limit(LISTED))
    )
    words = _Words(session, changes)
    found = []
    for operation, group in groupby(changes, lambda change: change.operation):
        done = list(group)[::-1]
        account = done[-1].account_id
        found.append(
            Step(
                operation=operation,
                at=done[0].at,
                who=words.people.get(account, "Un·e collègue" if account else "Commande technique"),
                mine=account == account_id,
                first=done[0].id,
                recorded=any(one.kind == "I" and one.noun in RECORDS for one in done),
                lines=[line for line in _lines(done, words) if line.values],
            )
        )
    return [step for step in found if step.lines]


def _lines(changes: Sequence[Change], words: _Words) -> Iterable[Line]:
    """A row removed and written again by one operation is one row changed."""
    rows: dict[tuple[str, str], list[Change]] = defaultdict(list)
    for change in changes:
        key = change.key[0] if change.kind == "I" and len(change.key) == 1 else change.key
        rows[change.noun, json.dumps(key, sort_keys=True)].append(change)
    for (noun, _), same in rows.items():
        first, last = same[0], same[-1]
        before: dict[str, Any] = {}
        after: dict[str, Any] = {}
        for change in same:
            before = {**(change.before or {}), **before}
            after = {} if change.kind == "D" else {**after, **(change.after or {})}
        kind = "I" if first.kind == "I" else "D" if last.kind == "D" else "U"
        values = _values(noun, kind, before, after, words)
        yield Line(f"{VERBS[kind]} : {TRACKED[noun]}", list(values))


def _values(
    noun: str, kind: str, before: dict[str, Any], after: dict[str, Any], words: _Words
) -> Iterable[Value]:
    for name in {**before, **after}:
        told = (words(noun, name, before.get(name)), words(noun, name, after.get(name)))
        if name in SKIPPED or told[0] == told[1]:
            continue
        yield Value(
            NAMES.get(name) or COLUMNS.get(name, name),
            None if kind == "I" else told[0],
            None if kind == "D" else told[1],
        )


class _Words:
    """What codes and numbers of ours mean to the reader; what she does not see stays unnamed."""

    def __init__(self, session: Session, changes: Sequence[Change]) -> None:
        self.session = session
        self.known: dict[str, dict[Any, str]] = {}
        self.asked: dict[str, set[Any]] = defaultdict(set)
        for change in changes:
            for side in (change.before or {}, change.after or {}):
                for name, value in side.items():
                    target = _target(change.noun, name)
                    if target and value is not None:
                        self.asked[target].add(value)
        there = func.sight.colleagues().table_valued(
            column("account", SqlInteger), column("name", String)
        )
        self.people: dict[int | None, str] = dict(
            session.execute(select(there.c.account, there.c.name)).all()
        )

    def __call__(self, noun: str, name: str, value: Any) -> str:
        if value is None or value == "":
            return NOTHING
        target = _target(noun, name)
        if target:
            return self._named(target).get(value, "non visible")
        if isinstance(value, bool):
            return "oui" if value else "non"
        kind = Base.metadata.tables[noun].c[name].type.python_type
        if kind is dt.date:
            return french_date(dt.date.fromisoformat(value))
        if kind is dt.time:
            return str(value)[:5].replace(":", "\u00a0h\u00a0")
        return str(value)

    def _named(self, table: str) -> dict[Any, str]:
        if table not in self.known:
            self.known[table] = self._read(table)
        return self.known[table]

    def _read(self, table: str) -> dict[Any, str]:
        query: Any
        if table in CODE_LISTS:
            model = CODE_LISTS[table]
            query = select(model.code, model.label).where(model.code.in_(self.asked[table]))
        elif table == "structures":
            query = select(Structure.id, Structure.name)
        elif table == "communes":
            query = select(Commune.code, Commune.name).where(Commune.code.in_(self.asked[table]))
        else:
            wanted = self.asked[table]
            if table == "parcours":
                query = select(Parcours.id, Parcours.reference).where(Parcours.id.in_(wanted))
            else:
                person = Base.metadata.tables[table].c
                query = select(
                    person.id, func.trim(person.first_name + " " + person.last_name)
                ).where(person.id.in_(wanted))
        return dict(self.session.execute(query).all())


_WORDED = {*CODE_LISTS, "structures", "communes", "advisers", "beneficiaries", "parcours"}


def _target(noun: str, name: str) -> str:
    """The table whose words a column's values are; empty for plain values."""
    found = Base.metadata.tables[noun].columns.get(name)
    if found is None:
        return ""
    targets = (key.column.table.name for key in found.foreign_keys)
    return next((target for target in targets if target in _WORDED), "")
