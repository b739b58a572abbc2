"""Write parcours: the lead's line says what they are, the others' that they take part."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from ramsess.exchange import layout
from ramsess.exchange.apply.snapshots import UNKNOWN
from ramsess.exchange.apply.writing import Writing
from ramsess.exchange.bulk import among, insert_rows, new_ids, update_rows
from ramsess.exchange.check.batch import (
    ParcoursRow,
    ParcoursTarget,
    Span,
    Workbook,
    matched_spans,
)
from ramsess.exchange.check.lines import Line
from ramsess.models import Involvement, Parcours, ParcoursNumber, PhaseChange, Project
from ramsess.models.names import normalise

_PROJECT = ("title", "legal_form_code", "sector_code", "commune_code")
_ENTRY = {
    "entry_legal_form_code": "forme_juridique",
    "entry_sector_code": "secteur",
    "entry_commune_code": "commune_insee",
}
_OWN = (
    "entered_on", "entry_phase_code", "origin", "exited_on", "outcome_code", "jobs_created",
    "jobs_consolidated",
)  # fmt: skip
_COMPARED = {
    "title": "intitulé",
    "legal_form_code": "forme_juridique",
    "sector_code": "secteur",
    "commune_code": "commune_insee",
    "outcome_code": "motif_sortie",
}


def write_parcours(writing: Writing) -> set[int]:
    """Write the sheets Parcours, all but the people; return the ids of the parcours changed.

    Each target of the batch has its ``record_id`` afterwards.
    """
    targets = list(writing.batch.targets())
    led = [target for target in targets if target.lead_row]
    _number(writing, [target for target in led if target.record_id is None])
    known = _load(writing, targets)
    exits = {identifier: said["exited_on"] for identifier, said in known.items()}
    changed = _write_led(writing, led, known)
    stays = _write_stays(writing, targets, _lines(writing), exits)
    phases = _write_phases(writing, led)
    for book in writing.batch.books:
        for row in book.parcours.values():
            _finish(writing, book, row, known=known, changed=changed | phases, stays=stays)
    return changed | phases


def _number(writing: Writing, new: list[ParcoursTarget]) -> None:
    """Give new parcours their references, in an order that the files' own does not change."""
    new.sort(key=_order)
    years = Counter(target.entered_on.year for target in new)
    following: dict[int, int] = {}
    for year, count in sorted(years.items()):
        statement = (
            insert(ParcoursNumber)
            .values(year=year, last=count)
            .on_conflict_do_update(
                index_elements=["year"], set_={"last": ParcoursNumber.last + count}
            )
            .returning(ParcoursNumber.last)
        )
        following[year] = writing.session.scalars(statement).one() - count
    ids = new_ids(writing.session, Parcours, len(new))
    for target, identifier in zip(new, ids, strict=True):
        year = target.entered_on.year
        following[year] += 1
        target.record_id = identifier
        target.reference = f"P-{year}-{following[year]:04d}"


def _order(target: ParcoursTarget) -> tuple[Any, ...]:
    assert target.lead_book
    assert target.lead_row
    return (target.entered_on, target.lead_book.code, target.lead_row.local_id)


def _load(writing: Writing, targets: list[ParcoursTarget]) -> dict[int, dict[str, Any]]:
    """What the database holds of the parcours that the batch speaks of, by id."""
    ids = [target.record_id for target in targets]
    columns = [getattr(Parcours, name) for name in ("id", "project_id", *_OWN, *_ENTRY)]
    columns += [getattr(Project, name) for name in _PROJECT]
    rows = writing.session.execute(
        select(*columns).join(Parcours.project).where(among(Parcours.id, ids))
    )
    return {row.id: dict(row._mapping) for row in rows}


def _write_led(
    writing: Writing, led: list[ParcoursTarget], known: dict[int, dict[str, Any]]
) -> set[int]:
    new_projects, projects, new, changed = [], [], [], []
    fresh = sum(target.record_id not in known for target in led)
    project_ids = iter(new_ids(writing.session, Project, fresh))
    for target in led:
        row, identifier = target.lead_row, target.record_id
        assert row
        assert identifier
        assert target.lead_book
        before = known.get(identifier)
        project = _project(row, before)
        own = _own(row, before)
        writing.seals.refuse_parcours(row.line, before, own)
        if before is None:
            project_id = next(project_ids)
            new_projects.append({"id": project_id, **project})
            new.append(
                {
                    "id": identifier,
                    "reference": target.reference,
                    "project_id": project_id,
                    "lead_structure_id": target.lead_id,
                    "version": 1,
                    **own,
                }
            )
            known[identifier] = {"id": identifier, **project, **own, "new": True}
            continue
        if any(project[name] != before[name] for name in project):
            projects.append({"id": before["project_id"], **project})
        if any(own[name] != before[name] for name in own) or (
            projects and projects[-1]["id"] == before["project_id"]
        ):
            changed.append({"id": identifier, **own})
        known[identifier] = {**before, **project, **own}
    for project in (*new_projects, *projects):
        project["search_key"] = normalise(project["title"])[:400]
    if writing.refused:
        return set()
    insert_rows(writing.session, Project, new_projects)
    update_rows(writing.session, Project, projects)
    insert_rows(writing.session, Parcours, new)
    update_rows(writing.session, Parcours, changed)
    return {row["id"] for row in changed}


def _project(row: ParcoursRow, before: dict[str, Any] | None) -> dict[str, Any]:
    """The project's present attributes; what was known is not lost to a blank cell."""
    said = {
        "title": row.title,
        "legal_form_code": row.legal_form,
        "sector_code": row.sector,
        "commune_code": row.commune,
    }
    if before is None:
        return said
    return {name: before[name] if value is None else value for name, value in said.items()}


def _own(row: ParcoursRow, before: dict[str, Any] | None) -> dict[str, Any]:
    """The parcours' own columns; attributes at entry that were known stay (Rule 8)."""
    own: dict[str, Any] = {
        "entered_on": row.entered_on,
        "entry_phase_code": row.entry_phase,
        "origin": row.origin,
        "exited_on": row.exited_on,
        "outcome_code": row.outcome,
        "jobs_created": row.jobs_created,
        "jobs_consolidated": row.jobs_consolidated,
    }
    said = (row.legal_form, row.sector, row.commune)
    for (name, heading), value in zip(_ENTRY.items(), said, strict=True):
        stands = before[name] if before and before[name] is not None else value
        own[name] = stands
        if value is not None and value != stands:
            row.line.notice(
                heading,
                "Cette valeur a changé depuis l’entrée : celle de l’entrée est conservée dans les "
                "comptes.",
            )
    return own


def _lines(writing: Writing) -> dict[tuple[int | None, int], Line]:
    """The line by which each structure speaks of a parcours, by (record id, structure)."""
    return {
        (row.target.record_id, book.structure_id): row.line
        for book in writing.batch.books
        for row in book.parcours.values()
        if row.target
    }


def _write_stays(
    writing: Writing,
    targets: list[ParcoursTarget],
    lines: dict[tuple[int | None, int], Line],
    exits: dict[int, Any],
) -> set[tuple[int, int]]:
    """Write involvements; return (parcours, structure) of those that are new or changed.

    *exits* are the exits recorded before the import, by parcours.
    """
    new, changed = [], []
    touched: set[tuple[int, int]] = set()
    for target in targets:
        assert target.record_id
        for structure_id, wanted in sorted(target.wanted.items()):
            before = target.known.get(structure_id, [])
            exit_before = exits.get(target.record_id)
            writing.seals.refuse_stays(
                lines[target.record_id, structure_id],
                [Span(one.first, one.last or exit_before) for _, one in before],
                target.spans(structure_id),
            )
            for identifier, span in matched_spans(before, wanted):
                if (identifier, span) in before:
                    continue
                touched.add((target.record_id, structure_id))
                dates = {"joined_on": span.first, "left_on": span.last}
                if identifier is None:
                    place = {"parcours_id": target.record_id, "structure_id": structure_id}
                    new.append({**place, **dates})
                else:
                    changed.append({"id": identifier, **dates})
    if writing.refused:
        return touched
    # Moved stays first: a new one may begin where an old one ended.
    update_rows(writing.session, Involvement, changed)
    insert_rows(writing.session, Involvement, new)
    return touched


def _write_phases(writing: Writing, led: list[ParcoursTarget]) -> set[int]:
    """Write phase changes, one a day (Rule 10); return the ids of the parcours concerned."""
    ids = [target.record_id for target in led]
    known: dict[int, dict[Any, str]] = {}
    for parcours_id, day, code in writing.session.execute(
        select(PhaseChange.parcours_id, PhaseChange.reached_on, PhaseChange.phase_code)
        .where(among(PhaseChange.parcours_id, ids))
        .order_by(PhaseChange.reached_on)
    ):
        known.setdefault(parcours_id, {})[day] = code
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for target in led:
        row = target.lead_row
        assert row
        assert target.record_id
        if row.phase is None or row.phase_on is None:
            continue
        history = known.get(target.record_id, {})
        held = [code for day, code in history.items() if day < row.phase_on]
        before = held[-1] if held else row.entry_phase
        there = history.get(row.phase_on)
        if there == row.phase or (there is None and before == row.phase):
            continue
        change = {
            "parcours_id": target.record_id,
            "reached_on": row.phase_on,
            "phase_code": row.phase,
        }
        (new if there is None else changed).append(change)
        writing.seals.refuse_moment(
            row.line, "date_phase_actuelle", row.phase_on, row.entered_on, row.exited_on
        )
    if writing.refused:
        return set()
    insert_rows(writing.session, PhaseChange, new)
    update_rows(writing.session, PhaseChange, changed, ("parcours_id", "reached_on"))
    return {item["parcours_id"] for item in (*new, *changed)}


def _finish(
    writing: Writing,
    book: Workbook,
    row: ParcoursRow,
    *,
    known: dict[int, dict[str, Any]],
    changed: set[int],
    stays: set[tuple[int, int]],
) -> None:
    """Name the row's record, count the row, report what its own columns say otherwise."""
    assert row.target
    assert row.target.record_id
    identifier = row.target.record_id
    modified = (identifier, book.structure_id) in stays
    if not row.reference:
        modified = modified or identifier in changed
    new = writing.earlier(book, layout.PARCOURS, row.local_id) != identifier
    writing.count(row.line, new=new, changed=modified)
    writing.name(book, layout.PARCOURS, row.local_id, identifier)
    if not row.reference:
        return
    said = (row.title, row.legal_form, row.sector, row.commune, row.outcome)
    for (name, heading), value in zip(_COMPARED.items(), said, strict=True):
        stands = known[identifier][name]
        if value not in UNKNOWN and value != stands:
            row.line.notice(
                heading,
                "Cette valeur diffère de celle de la structure référente, qui est retenue.",
            )
