"""The sheet Parcours, and which parcours of the network each line speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from ramsess.exchange import layout
from ramsess.exchange.check.batch import (
    ParcoursRow,
    ParcoursTarget,
    Span,
    Workbook,
    add_once,
    matched_spans,
)
from ramsess.exchange.check.catalogue import Catalogue
from ramsess.exchange.check.known import Known, day_text
from ramsess.exchange.check.lines import Line
from ramsess.models.calendar import FIRST_DAY, today

_LAYOUT = layout.LAYOUTS[layout.PARCOURS]
_AT_ENTRY = [_LAYOUT.column(name) for name in ("phase_entrée", "forme_juridique", "secteur")]
_OUTCOME = _LAYOUT.column("motif_sortie")
_PHASE = _LAYOUT.column("phase_actuelle")
_REFERENCE = re.compile(r"P-\d{4}-\d{4,}", re.IGNORECASE)
_NO_JOB = Decimal("0.00")


def read_parcours(lines: Iterable[Line], book: Workbook, catalogue: Catalogue) -> None:
    """Add to *book* the lines of its sheet Parcours."""
    for line in lines:
        row = ParcoursRow(
            line=line,
            local_id=line["id_local"] or "",
            people=tuple(dict.fromkeys(line["bénéficiaires"] or ())),
            title=line["intitulé"] or "",
            legal_form=line["forme_juridique"],
            sector=line["secteur"],
            commune=line["commune_insee"],
            entered_on=line["date_entrée"] or FIRST_DAY,
            entry_phase=line["phase_entrée"] or "",
            origin=line["prescripteur"] or "",
            exited_on=line["date_sortie"],
            outcome=line["motif_sortie"],
            phase=line["phase_actuelle"],
            phase_on=line["date_phase_actuelle"],
            jobs_created=line["emplois_créés"] or _NO_JOB,
            jobs_consolidated=line["emplois_consolidés"] or _NO_JOB,
            reference=line["référence_réseau"] or "",
        )
        _check_dates(row)
        for column in _AT_ENTRY:
            catalogue.refuse_closed(line, column, row.entered_on)
        catalogue.refuse_closed(line, _OUTCOME, row.exited_on or catalogue.today)
        catalogue.refuse_closed(line, _PHASE, row.phase_on or row.entered_on)
        add_once(row, book.parcours)


def _check_dates(row: ParcoursRow) -> None:
    line = row.line
    entry_known = line.sound("date_entrée")
    if row.exited_on and entry_known and row.exited_on < row.entered_on:
        line.problem(
            "date_sortie",
            f"La sortie ({day_text(row.exited_on)}) précède l’entrée "
            f"({day_text(row.entered_on)}) : corrigez l’une des deux.",
        )
        row.exited_on = None
    if row.outcome and not row.exited_on and line.sound("date_sortie"):
        line.problem("motif_sortie", "Un motif de sortie demande une date de sortie.")
    if row.phase and row.phase != row.entry_phase and row.phase_on is None:
        if line.sound("date_phase_actuelle", "phase_entrée"):
            line.problem(
                "date_phase_actuelle",
                "La phase actuelle n’est pas celle de l’entrée : indiquez la date à laquelle "
                "elle a été atteinte.",
            )
    elif row.phase_on and row.phase is None and line.sound("phase_actuelle"):
        line.notice("date_phase_actuelle", "Sans phase actuelle, cette date n’est pas lue.")
    elif row.phase_on and entry_known and row.phase_on < row.entered_on:
        line.problem(
            "date_phase_actuelle",
            f"Cette date précède l’entrée ({day_text(row.entered_on)}) : corrigez-la.",
        )
    elif row.phase_on and row.exited_on and row.phase_on > row.exited_on:
        line.notice("date_phase_actuelle", "Cette date suit la sortie du parcours.")


def link_people(book: Workbook, known: Known) -> None:
    """Report the people that lines name and that neither sheet nor database knows."""
    for row in book.parcours.values():
        for local_id in row.people:
            refuse_unknown_person(row.line, "bénéficiaires", local_id, book, known)


def refuse_unknown_person(
    line: Line, column: str, local_id: str, book: Workbook, known: Known
) -> None:
    """Report an ``id_local`` that names nobody."""
    if local_id not in book.people and (
        known.key(book.structure_id, layout.PEOPLE, local_id) is None
    ):
        line.problem(
            column,
            f"L’identifiant « {local_id} » ne figure pas dans la feuille Bénéficiaires.",
        )


def link_parcours(
    books: list[Workbook], known: Known, catalogue: Catalogue, allowed: set[str] | None = None
) -> None:
    """Give each line the parcours that it speaks of: its own, or one that another leads.

    Whoever hands in for the structures *allowed* alone enters no parcours by its reference, which
    anybody can guess: a structure takes part by the code that the référente gives.
    """
    by_code = {book.code: book for book in books}
    for book in books:
        for row in book.parcours.values():
            if not row.reference:
                _lead(row, book, known)
    for book in books:
        for row in book.parcours.values():
            if row.reference and row.line.sound("référence_réseau"):
                _take_part(row, book, by_code, known, catalogue, allowed)
    for book in books:
        for row in book.parcours.values():
            _check_stays(row, book)


def _lead(row: ParcoursRow, book: Workbook, known: Known) -> None:
    record_id = known.key(book.structure_id, layout.PARCOURS, row.local_id)
    target = known.parcours.get(record_id) if record_id else None
    if target and target.lead_id != book.structure_id:
        row.line.problem(
            "référence_réseau",
            f"Cette ligne a déjà été reçue comme une participation au parcours "
            f"{target.reference}, mené par une autre structure : indiquez sa référence.",
        )
        return
    target = target or ParcoursTarget(book.structure_id, row.entered_on, row.exited_on)
    target.entered_on, target.exited_on = row.entered_on, row.exited_on
    target.lead_row, target.lead_book = row, book
    target.wanted[book.structure_id] = [Span(row.entered_on, None)]
    row.target = target


def _take_part(
    row: ParcoursRow,
    book: Workbook,
    by_code: dict[str, Workbook],
    known: Known,
    catalogue: Catalogue,
    allowed: set[str] | None,
) -> None:
    target = _named(row.reference, by_code, known, catalogue, set())
    if allowed is not None and (
        target is None or not _is_in(target, row, book, catalogue, allowed)
    ):
        row.line.problem(
            "référence_réseau",
            f"Le parcours « {row.reference} » est introuvable, ou votre structure n’y prend pas "
            "part : rejoignez-le d’abord avec le code de sa référente, ou faites remettre les "
            "classeurs ensemble par la coordination.",
        )
        return
    if target is None:
        row.line.problem(
            "référence_réseau",
            f"Le parcours « {row.reference} » est introuvable : écrivez P-AAAA-NNNN, ou "
            "CODE/id_local d’une ligne que mène la structure CODE, et joignez son classeur s’il "
            "n’a pas encore été reçu.",
        )
        return
    if target.lead_id == book.structure_id:
        row.line.problem(
            "référence_réseau",
            "Votre structure mène elle-même ce parcours : videz cette cellule sur la ligne où "
            "elle le mène, et supprimez cette ligne-ci.",
        )
        return
    earlier = known.key(book.structure_id, layout.PARCOURS, row.local_id)
    if earlier in known.parcours and earlier != target.record_id:
        row.line.problem(
            "référence_réseau",
            f"Cette ligne a déjà été reçue comme le parcours "
            f"{known.parcours[earlier].reference} : donnez un nouvel id_local à cette "
            "participation, ou demandez à la coordination de rapprocher les deux.",
        )
        return
    target.wanted.setdefault(book.structure_id, []).append(Span(row.entered_on, row.exited_on))
    row.target = target


def _is_in(
    target: ParcoursTarget,
    row: ParcoursRow,
    book: Workbook,
    catalogue: Catalogue,
    allowed: set[str],
) -> bool:
    """True when the row gives its structure no sight that it, or who hands in, has not."""
    if catalogue.code_of(target.lead_id) in allowed:
        return True
    stays = [span for _, span in target.known.get(book.structure_id, [])]
    over = row.exited_on is not None and row.exited_on < today()
    return any(span.covers(today()) for span in stays) or (bool(stays) and over)


def _named(
    reference: str,
    by_code: dict[str, Workbook],
    known: Known,
    catalogue: Catalogue,
    seen: set[str],
) -> ParcoursTarget | None:
    """The parcours that a reference names; one that names another is followed, never in a ring."""
    if _REFERENCE.fullmatch(reference):
        wanted = reference.upper()
        return next((item for item in known.parcours.values() if item.reference == wanted), None)
    code, slash, local_id = (part.strip() for part in reference.partition("/"))
    code = code.upper()
    if not slash or code not in catalogue.structures or reference in seen:
        return None
    row = by_code[code].parcours.get(local_id) if code in by_code else None
    if row is not None:
        if row.reference:
            return _named(row.reference, by_code, known, catalogue, seen | {reference})
        return row.target
    record_id = known.key(catalogue.structures[code], layout.PARCOURS, local_id)
    return known.parcours.get(record_id) if record_id else None


def _check_stays(row: ParcoursRow, book: Workbook) -> None:
    """Report stays of one structure that overlap, and those outside the parcours' own dates."""
    target = row.target
    if target is None or not row.line.sound("date_entrée", "date_sortie"):
        return
    stays = [
        span
        for _, span in matched_spans(
            target.known.get(book.structure_id, []), target.wanted[book.structure_id]
        )
    ]
    own = Span(row.entered_on, row.exited_on if row.reference else None)
    if sum(own.overlaps(stay) for stay in stays) > 1:
        row.line.problem(
            "date_entrée",
            "Votre structure a déjà une participation à ce parcours à ces dates : corrigez les "
            "dates, ou gardez une seule ligne.",
        )
    whole = Span(target.entered_on, target.exited_on)
    if row.reference and not (
        whole.covers(row.entered_on) and (row.exited_on is None or whole.covers(row.exited_on))
    ):
        row.line.notice(
            "date_entrée",
            f"Votre participation dépasse les dates du parcours chez sa référente (entrée le "
            f"{day_text(target.entered_on)}).",
        )
