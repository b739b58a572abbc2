"""Write beneficiaries: one record a person for the whole network (Rule 1)."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import select, text

from ramsess.actions.auditing import note
from ramsess.exchange import layout
from ramsess.exchange.apply.identity import PersonRecord, Place, resolve
from ramsess.exchange.apply.snapshots import ATTRIBUTES, HEADINGS, UNKNOWN, Portraits, attributes_of
from ramsess.exchange.apply.writing import Writing
from ramsess.exchange.bulk import among, insert_rows, new_ids, update_rows
from ramsess.exchange.check.batch import PersonRow, Workbook
from ramsess.models import Beneficiary
from ramsess.models.names import normalise

_CONTACT = {"last_name": "nom", "first_name": "prénom", "phone": "téléphone", "email": "courriel"}
_COLUMNS = {**_CONTACT, **HEADINGS}


def write_people(writing: Writing) -> tuple[Portraits, set[int]]:
    """Write the sheets Bénéficiaires; return the portraits, and the records left behind.

    A record is left behind when the rows that named it turn out to be another person's.
    """
    resolution = resolve(writing)
    records = resolution.records
    groups: dict[int | Place, list[tuple[Workbook, PersonRow]]] = defaultdict(list)
    for book in writing.batch.books:
        for row in book.people.values():
            groups[resolution.targets[book.structure_id, row.local_id]].append((book, row))
    fresh = [target for target in groups if not isinstance(target, int)]
    ids: dict[int | Place, int] = {target: target for target in groups if isinstance(target, int)}
    ids |= dict(zip(fresh, new_ids(writing.session, Beneficiary, len(fresh)), strict=True))
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    people: dict[int, dict[str, Any]] = {
        identifier: record.values() for identifier, record in records.items()
    }
    for target, rows in groups.items():
        record = records[target] if isinstance(target, int) else None
        birth, name = resolution.identities[target]
        values = _merged(writing, rows, record, resolution.owners.get(ids[target], set()), name)
        values |= {"birth_date": birth, "name_key": name}
        values["search_key"] = normalise(f"{values['last_name']} {values['first_name']}")
        if record is None:
            new.append({"id": ids[target], **values, "version": 1})
        elif values != people[ids[target]]:
            changed.append({"id": ids[target], **values})
        modified = record is not None and values != people[ids[target]]
        people[ids[target]] = values
        for rank, (book, row) in enumerate(rows):
            key = writing.earlier(book, layout.PEOPLE, row.local_id)
            writing.count(row.line, new=key is None, changed=modified)
            writing.name(book, layout.PEOPLE, row.local_id, ids[target])
            if key is None and (record is not None or rank):
                writing.result.matched_people += 1
                writing.matched.add((row.line.file, row.line.number))
    # Names swap and birth dates move between records: the freed identities must be free first.
    insert_rows(writing.session, Beneficiary, new)
    update_rows(writing.session, Beneficiary, changed)
    owners = {ids[target]: rows[0][0].structure_id for target, rows in groups.items()}
    _note(writing, {person["id"]: owners[person["id"]] for person in (*new, *changed)})
    named = {place: ids[target] for place, target in resolution.targets.items()}
    for (structure_id, sheet), known in writing.known.keys.items():
        if sheet == layout.PEOPLE:
            for local_id, record_id in known.items():
                named.setdefault((structure_id, local_id), record_id)
    left = resolution.keyed - set(ids.values())
    return Portraits(writing, named, people), left


def _note(writing: Writing, written: dict[int, int]) -> None:
    """Note the people created or changed, each in the name of the structure of her first row."""
    references = dict(
        writing.session.execute(
            select(Beneficiary.id, Beneficiary.public_id).where(among(Beneficiary.id, written))
        ).all()
    )
    for person_id, structure_id in written.items():
        note(
            writing.session,
            "import_person",
            person_id=person_id,
            structure_id=structure_id,
            record=references[person_id],
        )


def _merged(
    writing: Writing,
    rows: list[tuple[Workbook, PersonRow]],
    record: PersonRecord | None,
    owners: set[Place],
    name_key: str,
) -> dict[str, Any]:
    """The present attributes: the known over the unknown, then the lexically first structure.

    Differences are reported on the rows that do not stand, without the value of others.
    """
    present = {book.structure_id for book, _ in rows}
    absent = [writing.catalogue.code_of(owner) for owner, _ in owners if owner not in present]
    result: dict[str, Any] = {}
    for name in (*_CONTACT, *ATTRIBUTES):
        # A row whose name is not the one retained says nothing of how that name is written.
        spelt = name in ("last_name", "first_name")
        said = [
            (book, _said(row)[name]) for book, row in rows if not spelt or row.name_key == name_key
        ]
        known = [(book.code, value) for book, value in said if value not in UNKNOWN]
        before = getattr(record, name) if record else None
        if not known or (before not in UNKNOWN and any(code < known[0][0] for code in absent)):
            stands = before if record else _said(rows[0][1])[name]
        else:
            stands = known[0][1]
        result[name] = stands
        for _, row in rows:
            value = _said(row)[name]
            same_name = not spelt or row.name_key == name_key
            if value not in UNKNOWN and value != stands and same_name:
                row.line.notice(
                    _COLUMNS[name],
                    f"« {row.local_id} » : cette valeur n’est pas celle que le réseau retient "
                    "pour cette personne.",
                )
    return result


def _said(row: PersonRow) -> dict[str, Any]:
    return {
        "last_name": row.last_name,
        "first_name": row.first_name,
        "phone": row.phone,
        "email": row.email,
        **attributes_of(row),
    }


def forget_left(writing: Writing, left: set[int]) -> None:
    """Delete the records left behind that nothing names any more."""
    if left:
        writing.session.execute(
            text(
                "DELETE FROM beneficiaries AS b WHERE id = ANY(:ids) AND NOT EXISTS "
                "(SELECT FROM parcours_beneficiaries WHERE beneficiary_id = b.id) AND NOT EXISTS "
                "(SELECT FROM act_beneficiaries WHERE beneficiary_id = b.id) AND NOT EXISTS "
                "(SELECT FROM attendances WHERE beneficiary_id = b.id) AND NOT EXISTS "
                "(SELECT FROM enrolments WHERE beneficiary_id = b.id) AND NOT EXISTS "
                "(SELECT FROM acquaintances WHERE beneficiary_id = b.id) AND NOT EXISTS "
                "(SELECT FROM exchange_keys WHERE sheet = :sheet AND record_id = b.id)"
            ),
            {"ids": sorted(left), "sheet": layout.PEOPLE},
        )
