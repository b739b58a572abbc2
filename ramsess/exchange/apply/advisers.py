"""Write advisers and their assignments."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import select

from ramsess.exchange.apply.writing import Writing
from ramsess.exchange.bulk import among, insert_rows, new_ids, update_rows
from ramsess.exchange.check.batch import AdviserRow, Span, Workbook, matched_spans
from ramsess.models import Adviser, Assignment


def write_advisers(writing: Writing) -> dict[str, int]:
    """Write the sheets Conseillers; return the ids of all advisers by e-mail.

    Where workbooks differ on a name, the one of the lexically first structure stands.
    """
    rows: dict[str, list[tuple[Workbook, AdviserRow]]] = defaultdict(list)
    for book in writing.batch.books:
        for row in book.advisers:
            rows[row.email].append((book, row))
    ids = _write_people(writing, rows)
    _write_stays(writing, rows, ids)
    return ids


def _write_people(
    writing: Writing, rows: dict[str, list[tuple[Workbook, AdviserRow]]]
) -> dict[str, int]:
    session = writing.session
    records = {record.email: record for record in session.execute(
        select(Adviser.email, Adviser.id, Adviser.last_name, Adviser.first_name)
    )}  # fmt: skip
    ids = {email: record.id for email, record in records.items()}
    places: dict[str, set[str]] = defaultdict(set)
    for email, structure_id in writing.known.stays:
        places[email].add(writing.catalogue.code_of(structure_id))
    absent = sorted(set(rows) - set(ids))
    ids |= dict(zip(absent, new_ids(session, Adviser, len(absent)), strict=True))
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for email in sorted(rows):
        book, row = rows[email][0]
        values = {
            "id": ids[email],
            "last_name": row.last_name,
            "first_name": row.first_name,
        }
        record = records.get(email)
        if record is None:
            new.append(values | {"email": email})
        elif (record.last_name, record.first_name) != (row.last_name, row.first_name):
            if all(book.code <= code for code in places[email]):
                changed.append(values)
            else:
                row.line.notice("nom", "Ce nom diffère de celui déjà connu, qui est conservé.")
        for _, other in rows[email][1:]:
            if (other.last_name, other.first_name) != (row.last_name, row.first_name):
                other.line.notice("nom", f"Ce nom diffère dans le classeur de {book.code}.")
    insert_rows(session, Adviser, new)
    update_rows(session, Adviser, changed)
    return ids


def _write_stays(
    writing: Writing,
    rows: dict[str, list[tuple[Workbook, AdviserRow]]],
    ids: dict[str, int],
) -> None:
    known = writing.known.stays
    concerned = {stay for spans in known.values() for stay, _ in spans}
    shares = dict(
        writing.session.execute(
            select(Assignment.id, Assignment.share).where(among(Assignment.id, concerned))
        ).all()
    )
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for email in sorted(rows):
        by_structure: dict[int, list[AdviserRow]] = defaultdict(list)
        for book, row in rows[email]:
            by_structure[book.structure_id].append(row)
        for structure_id, stays in by_structure.items():
            before = known.get((email, structure_id), [])
            there = [span for _, span in before]
            wanted: dict[Span, AdviserRow] = {
                writing.seals.begun(row.span, there): row for row in stays
            }
            matched = matched_spans(before, list(wanted))
            writing.seals.refuse_posts(
                stays[0].line,
                [(span, shares.get(identifier)) for identifier, span in before],
                [
                    (
                        span,
                        (wanted[span].share if span in wanted else None)
                        or shares.get(identifier or 0),
                    )
                    for identifier, span in matched
                ],
            )
            for identifier, span in matched:
                row_of = wanted.get(span)
                if row_of is None or (
                    (identifier, span) in before
                    and (row_of.share in (None, shares.get(identifier or 0)))
                ):
                    if row_of is not None:
                        writing.count(row_of.line, new=False, changed=False)
                    continue
                values = {
                    "share": row_of.share or shares.get(identifier or 0),
                    "from_on": span.first,
                    "to_on": span.last,
                }
                if identifier is None:
                    place = {"adviser_id": ids[email], "structure_id": structure_id}
                    new.append(place | values)
                else:
                    changed.append({"id": identifier} | values)
                writing.count(row_of.line, new=identifier is None, changed=True)
    if writing.refused:
        return
    # Those that end first: a new one may begin where an old one ended.
    update_rows(writing.session, Assignment, changed)
    insert_rows(writing.session, Assignment, new)
