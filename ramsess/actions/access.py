"""The right of access: everything held on one person, complete by construction.

What leads to her is read from the metadata: the tables that refer to her, the parcours, acts and
sessions that these name, the project of a parcours, and the tables that refer to those. A new
table is exported as soon as it refers to one of them.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from sqlalchemy import Column, ColumnElement, Table, and_, false, or_, select
from sqlalchemy.orm import Session

from ramsess import policy
from ramsess.actions import naming
from ramsess.actions.auditing import note
from ramsess.actions.drafts import drafts_about
from ramsess.actions.erasure import SHEETS
from ramsess.actions.merged_erasure import merged_into
from ramsess.database import Base
from ramsess.models import CODE_LISTS, Account, Beneficiary, Commune, ParcoursBeneficiary, Structure
from ramsess.models.calendar import today
from ramsess.models.correction import KINDS

Record: TypeAlias = dict[str, Any]
Ids: TypeAlias = dict[str, set[int]]

PEOPLE = "beneficiaries"
# Records that belong to her life in the network; their children belong to her too.
RECORDS = ("parcours", "acts", "group_sessions", "projects", "audit_events")
# Who works for the network is not her data: the structure is told, not the adviser.
STAFF = ("accounts", "advisers")
# In whose name one exports: an adviser elsewhere takes nothing of that structure with her.
MANAGES = ("manager",)
# What opens a parcours to another structure, or a diagnostic to her: the référente gives it; a
# sheet that others signed too; which other record hers was compared with.
KEPT_BACK = ("join_code", "link_hash", "content", "first_id", "second_id", "kept_id", "evidence")
# What a table without foreign key calls her.
HER_COLUMNS = ("person_id", "beneficiary_id")
# Texts that are told whole, or not at all.
FREE_TEXTS = ("note", "text")
# Codes that no code list holds, in words.
WORDS = {("corrections", "kind"): KINDS}
WITHHELD = "Note non communiquée : elle nomme une autre personne."


@dataclass(frozen=True)
class Dossier:
    """Everything held on a person: *person*, then table → records; *made_on* a civil date."""

    made_on: dt.date
    reference: str
    person: Record
    records: Mapping[str, Sequence[Record]]

    def as_json(self) -> Record:
        """The dossier as JSON."""
        return {
            "format": "ramsess-personne",
            "version": 1,
            "made_on": self.made_on.isoformat(),
            "reference": self.reference,
            "person": self.person,
            "records": {name: list(rows) for name, rows in self.records.items()},
        }


def gather(session: Session, person: Beneficiary, account: Account | None = None) -> Dossier:
    """Everything held on *person*; with *account*, what the structures it manages hold or share.

    The export is noted in the audit. Names of other people never stand in it.
    """
    note(session, "export_person", person_id=person.id, record=person.public_id)
    ids = _reach(session, person, account)
    labels = _Labels(session)
    others = _others(session, person, ids)
    found: dict[str, list[Record]] = {}
    for table in leading_tables():
        rows = session.execute(select(table).where(_hers(table, ids, account)))
        found[table.name] = [_told(table, row, labels, others) for row in rows.mappings()]
    table = Base.metadata.tables["drafts"]
    found[table.name] = [
        _told(
            table, {column.name: getattr(draft, column.name) for column in table.c}, labels, others
        )
        for draft in drafts_about(session, person, [(person.last_name, "")])
    ]
    for rows_of in found.values():
        rows_of.sort(key=lambda row: [str(row.get(name, "")) for name in _ORDER])
    people = Base.metadata.tables[PEOPLE]
    row = session.execute(select(people).where(people.c.id == person.id)).mappings().one()
    return Dossier(today(), str(person.public_id), _told(people, row, labels, []), found)


def leading_tables() -> list[Table]:
    """Every table, her own apart, a row of which may be hers; parents first."""
    return [
        table for table in Base.metadata.sorted_tables if table.name != PEOPLE and _links(table)
    ]


def _links(table: Table) -> list[tuple[Column[Any], str]]:
    """The columns by which a row belongs to her, or to a record of hers, and to which table.

    The record tables themselves are told by their own identifier.
    """
    links = [
        (column, key.column.table.name)
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name in (PEOPLE, *RECORDS) and key.column.name in ("id", "act_id")
    ]
    if not any(name == PEOPLE for _, name in links):
        links += [(table.c[name], PEOPLE) for name in HER_COLUMNS if name in table.c]
    if table.name in RECORDS:
        return [(next(iter(table.primary_key)), table.name)]
    if table.name == "exchange_keys":
        return [(table.c.record_id, "")]
    return links


def _reach(session: Session, person: Beneficiary, account: Account | None) -> Ids:
    """The records of hers: those that the tables that refer to her name, then theirs."""
    ids: Ids = defaultdict(set)
    ids[PEOPLE] = {person.id, *(one.id for one in merged_into(session, person))}
    for table in Base.metadata.sorted_tables:
        links = _links(table)
        hers = [column for column, name in links if name == PEOPLE]
        for record_column, name in links:
            if hers and name in RECORDS:
                query = select(record_column).where(
                    or_(*(column.in_(ids[PEOPLE]) for column in hers)), record_column.is_not(None)
                )
                ids[name] |= set(session.scalars(query))
    if account is not None:
        ids["parcours"] &= set(session.scalars(policy.parcours_seen(account, today(), MANAGES)))
    tables = Base.metadata.tables
    acts, parcours = tables["acts"], tables["parcours"]
    ids["acts"] |= ids["group_sessions"]
    ids["acts"] |= set(
        session.scalars(select(acts.c.id).where(acts.c.parcours_id.in_(ids["parcours"])))
    )
    if account is not None:
        ids["acts"] &= set(session.scalars(policy.acts_seen(account, MANAGES)))
    ids["group_sessions"] |= ids["acts"]
    ids["projects"] |= set(
        session.scalars(select(parcours.c.project_id).where(parcours.c.id.in_(ids["parcours"])))
    )
    return ids


def _hers(table: Table, ids: Ids, account: Account | None) -> ColumnElement[bool]:
    if table.name == "changes":
        # What her own record was; the rest of the history is about records told as they are.
        return and_(table.c.person_id.in_(ids[PEOPLE]), table.c.noun == PEOPLE)
    if table.name == "exchange_keys":
        where = _keys(table, ids)
    else:
        links = _links(table)
        own = [column.in_(ids[PEOPLE]) for column, name in links if name == PEOPLE]
        # A row about another person is not hers, though it hangs on a record of hers.
        records = _of_records(links, ids)
        nobodys = [column.is_(None) for column, name in links if name == PEOPLE]
        where = or_(*own, and_(records, *nobodys)) if own else records
        if own and account is not None:
            for column, name in links:
                if name in RECORDS:
                    where = and_(where, or_(column.is_(None), column.in_(ids[name])))
    if account is not None and "structure_id" in table.c and table.name not in _SHARED:
        where = and_(where, table.c.structure_id.in_(policy.structure_ids(account, MANAGES)))
    if account is not None and table.name == "orientations":
        where = and_(where, table.c.id.in_(policy.orientations_seen(account, today(), MANAGES)))
    return where


# Who takes part in a parcours or an act, and what all say of it together, is known to those who
# share it.
_SHARED = ("involvements", "act_advisers", "acts", "session_hosts", "contributions", "appraisals",
           "plan_actions", "messages", "corrections")  # fmt: skip
_ORDER = ("done_on", "entered_on", "joined_on", "reached_on", "obtained_on", "since", "asked_at",
          "proposed_on")  # fmt: skip


def _of_records(links: Sequence[tuple[Column[Any], str]], ids: Ids) -> ColumnElement[bool]:
    conditions = [column.in_(ids[name]) for column, name in links if name in RECORDS]
    return or_(*conditions) if conditions else false()


def _keys(table: Table, ids: Ids) -> ColumnElement[bool]:
    return or_(
        *(
            and_(table.c.sheet == sheet, table.c.record_id.in_(ids[records.name]))
            for sheet, records in SHEETS.items()
        )
    )


def _others(session: Session, person: Beneficiary, ids: Ids) -> list[naming.Name]:
    """The names of those who share a record with her."""
    shared: set[int] = set()
    for table in Base.metadata.sorted_tables:
        links = _links(table)
        for column in [column for column, name in links if name == PEOPLE]:
            records = _of_records(links, ids)
            shared |= set(session.scalars(select(column).where(records, column != person.id)))
    # Acts of the parcours name them too, whatever the act says of who was there.
    shared |= set(
        session.scalars(
            select(ParcoursBeneficiary.beneficiary_id).where(
                ParcoursBeneficiary.parcours_id.in_(ids["parcours"]),
                ParcoursBeneficiary.beneficiary_id != person.id,
            )
        )
    )
    own = {person.last_name, person.first_name}
    rows = session.execute(
        select(Beneficiary.last_name, Beneficiary.first_name).where(
            Beneficiary.id.in_(shared), Beneficiary.nameless_since.is_(None)
        )
    )
    # A name that is hers too tells nothing of the other.
    return [("" if last in own else last, "" if first in own else first) for last, first in rows]


class _Labels:
    """What codes mean; read once."""

    def __init__(self, session: Session) -> None:
        self.known: dict[str, dict[Any, str]] = {}
        self.session = session

    def __call__(self, table: str, value: Any) -> str | None:
        if table not in self.known:
            self.known[table] = self._read(table)
        return self.known[table].get(value)

    def _read(self, table: str) -> dict[Any, str]:
        if table in CODE_LISTS:
            model = CODE_LISTS[table]
            return dict(self.session.execute(select(model.code, model.label)).all())
        if table == "structures":
            query = select(Structure.id, Structure.name)
            return dict(self.session.execute(query).all())
        if table == "communes":
            places = select(Commune.code, Commune.name)
            return dict(self.session.execute(places).all())
        return {}


def _told(table: Table, row: Any, labels: _Labels, others: Sequence[naming.Name]) -> Record:
    """A row as it is told: codes with their meaning, no staff, no other person, no key."""
    told: Record = {}
    for column in table.columns:
        target = next((key.column.table.name for key in column.foreign_keys), "")
        value = row[column.name]
        if target in STAFF or column.name in KEPT_BACK:
            continue
        words = WORDS.get((table.name, column.name))
        value = words[value] if words else value
        label = labels(target, value) if target and value is not None else None
        if target == "structures":
            told[column.name.removesuffix("_id")] = label
            continue
        if column.name in FREE_TEXTS and naming.names(value, others):
            value = WITHHELD
        elif isinstance(value, str) and not target:
            value = naming.without(value, others)
        told[column.name] = _plain(value)
        if label is not None and label != value:
            told[f"{column.name}_label"] = label
    return told


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, uuid.UUID | Decimal):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return value
