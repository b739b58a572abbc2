"""Who is who: which record, or which new person, each row of Bénéficiaires is.

The same normalised name and first name and the same known birth date is the same person (Rule 1).
An unknown birth date never matches: such a row is found again only by its exchange key.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from typing import Any, TypeAlias

from sqlalchemy import or_, select

from ramsess.exchange import layout
from ramsess.exchange.apply.writing import Writing
from ramsess.exchange.bulk import among
from ramsess.exchange.check.batch import PersonRow, Workbook
from ramsess.models import Beneficiary, ExchangeKey

# A row's place: (structure id, id_local). A new person is known by the place of its first row.
Place: TypeAlias = tuple[int, str]
Identity: TypeAlias = tuple[str, dt.date]


@dataclass
class PersonRecord:
    """A person in the database."""

    id: int
    last_name: str
    first_name: str
    name_key: str
    search_key: str
    birth_date: dt.date | None
    sex_code: str
    situation_code: str
    education_code: str
    commune_code: str | None
    rsa: bool | None
    qpv: bool | None
    phone: str
    email: str

    @property
    def identity(self) -> Identity | None:
        return (self.name_key, self.birth_date) if self.birth_date else None

    def values(self) -> dict[str, Any]:
        """Every column but the id."""
        return {name: value for name, value in asdict(self).items() if name != "id"}


@dataclass
class Resolution:
    """*targets*: a record id, or the place of a new person's first row; *identities*: the birth
    date and name key that each target ends with; *owners*: the rows, of all workbooks ever
    received, that name a record; *keyed*: the records that rows of this import named before."""

    records: dict[int, PersonRecord]
    owners: dict[int, set[Place]]
    keyed: set[int] = field(default_factory=set)
    targets: dict[Place, int | Place] = field(default_factory=dict)
    identities: dict[int | Place, tuple[dt.date | None, str]] = field(default_factory=dict)


def resolve(writing: Writing) -> Resolution:
    """Find the target of every row; report rows near another person, and identities kept."""
    rows = [(book, row) for book in writing.batch.books for row in book.people.values()]
    records, owners = _load(writing, [row for _, row in rows])
    resolution = Resolution(records, owners)
    holders: dict[Identity, int | Place] = {
        record.identity: record.id for record in records.values() if record.identity
    }
    named: dict[int, list[tuple[Place, PersonRow]]] = defaultdict(list)
    for book, row in rows:
        record_id = writing.earlier(book, layout.PEOPLE, row.local_id)
        if record_id is not None and record_id in records:
            named[record_id].append(((book.structure_id, row.local_id), row))
    resolution.keyed = set(named)
    said = {_identity(row) for _, row in rows}
    for record_id, record in records.items():
        resolution.identities[record_id] = (record.birth_date, record.name_key)
    for record_id in sorted(named):
        _correct(resolution, record_id, named[record_id], said, holders)
    for book, row in rows:
        _assign(writing, resolution, book, row, holders)
    _report_near(resolution, rows)
    return resolution


def _identity(row: PersonRow) -> Identity | None:
    return (row.name_key, row.birth_date) if row.birth_date else None


def _correct(
    resolution: Resolution,
    record_id: int,
    named: list[tuple[Place, PersonRow]],
    said: set[Identity | None],
    holders: dict[Identity, int | Place],
) -> None:
    """Let the rows that name a record correct its identity, when all of them do so together."""
    record = resolution.records[record_id]
    names = {row.name_key for _, row in named}
    births = {row.birth_date for _, row in named if row.birth_date}
    everybody = resolution.owners.get(record_id, set()) <= {place for place, _ in named}
    kept = record.identity is not None and record.identity in said
    if kept or not everybody or len(names) > 1 or len(births) > 1:
        return
    name = names.pop()
    birth = births.pop() if births else record.birth_date
    if birth and holders.setdefault((name, birth), record_id) != record_id:
        return
    if record.identity and record.identity != (name, birth):
        del holders[record.identity]
    resolution.identities[record_id] = (birth, name)


def _assign(
    writing: Writing,
    resolution: Resolution,
    book: Workbook,
    row: PersonRow,
    holders: dict[Identity, int | Place],
) -> None:
    place = (book.structure_id, row.local_id)
    identity = _identity(row)
    record_id = writing.earlier(book, layout.PEOPLE, row.local_id)
    target: int | Place = place
    if identity and identity in holders:
        target = holders[identity]
        if record_id in resolution.records and record_id != target:
            row.line.notice(
                "date_naissance",
                f"« {row.local_id} » est désormais reconnu·e comme une personne déjà connue du "
                "réseau.",
            )
    elif record_id is not None and record_id in resolution.records:
        target = record_id
        birth, name = resolution.identities[record_id]
        if name != row.name_key or (row.birth_date and row.birth_date != birth):
            row.line.notice(
                "nom",
                f"« {row.local_id} » est aussi connu·e d’une autre structure : le nom et la date "
                "de naissance du réseau sont conservés.",
            )
    else:
        if identity:
            # The next row of the same person, in whatever workbook, finds this one.
            holders[identity] = place
        resolution.identities[place] = (row.birth_date, row.name_key)
    resolution.targets[place] = target


def _report_near(resolution: Resolution, rows: list[tuple[Workbook, PersonRow]]) -> None:
    """Report new people who bear the name of another: they count apart until somebody decides."""
    bearers: dict[str, set[int | Place]] = defaultdict(set)
    for record in resolution.records.values():
        bearers[record.name_key].add(record.id)
    for book, row in rows:
        bearers[row.name_key].add(resolution.targets[book.structure_id, row.local_id])
    for book, row in rows:
        target = resolution.targets[book.structure_id, row.local_id]
        last, _, first = row.name_key.partition("|")
        near = (bearers[row.name_key] | bearers.get(f"{first}|{last}", set())) - {target}
        if near and not isinstance(target, int):
            row.line.notice(
                "nom",
                f"« {row.local_id} » porte le même nom qu’une autre personne du réseau, sans la "
                "même date de naissance connue : les deux comptent à part.",
            )


def _load(
    writing: Writing, rows: list[PersonRow]
) -> tuple[dict[int, PersonRecord], dict[int, set[Place]]]:
    """The records that rows name by key, or that bear one of their names, in either order."""
    keyed = {
        record_id
        for (_, sheet), known in writing.known.keys.items()
        if sheet == layout.PEOPLE
        for record_id in known.values()
    }
    names = {row.name_key for row in rows}
    names |= {"|".join(reversed(name.split("|"))) for name in names}
    found = writing.session.execute(
        select(*(getattr(Beneficiary, name) for name in PersonRecord.__dataclass_fields__)).where(
            or_(among(Beneficiary.id, keyed), among(Beneficiary.name_key, names))
        )
    )
    records = {row.id: PersonRecord(*row) for row in found}
    owners: dict[int, set[Place]] = defaultdict(set)
    for record_id, structure_id, local_id in writing.session.execute(
        select(ExchangeKey.record_id, ExchangeKey.structure_id, ExchangeKey.local_id).where(
            ExchangeKey.sheet == layout.PEOPLE, among(ExchangeKey.record_id, records)
        )
    ):
        owners[record_id].add((structure_id, local_id))
    return records, owners
