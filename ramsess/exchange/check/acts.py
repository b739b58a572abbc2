"""The sheet Actes."""

from __future__ import annotations

from collections.abc import Iterable

from ramsess.exchange import layout
from ramsess.exchange.check.advisers import Posts
from ramsess.exchange.check.batch import ActRow, Share, Span, Workbook, add_once
from ramsess.exchange.check.catalogue import Catalogue
from ramsess.exchange.check.known import Known, day_text
from ramsess.exchange.check.lines import Line
from ramsess.exchange.check.parcours import refuse_unknown_person
from ramsess.models.calendar import FIRST_DAY

DEFAULT_SCHEME = "DRA"
_CODES = [column for column in layout.LAYOUTS[layout.ACTS].columns if column.code_list]


def read_acts(lines: Iterable[Line], book: Workbook, catalogue: Catalogue) -> None:
    """Add to *book* the lines of its sheet Actes."""
    for line in lines:
        day = line["date"] or FIRST_DAY
        if line["date"]:
            for column in _CODES:
                catalogue.refuse_closed(line, column, day)
        row = ActRow(
            line=line,
            local_id=line["id_local"] or "",
            done_on=day,
            type=line["type"] or "",
            parcours=line["parcours"],
            target=None,
            modality=line["modalité"],
            commune=line["commune_insee"],
            anonymous=line["personnes_anonymes"] or 0,
            person=line["bénéficiaire"],
            scheme=line["dispositif"] or DEFAULT_SCHEME,
            note=line["commentaire"] or "",
        )
        kind = catalogue.kinds.get(row.type)
        if kind == "C":
            line.notice("type", f"{row.type} est un type collectif : sa place est dans Séances.")
        elif kind == "N" and row.parcours:
            line.notice("parcours", f"{row.type} est un travail de réseau, noté sur un parcours.")
        add_once(row, book.acts)


def link_acts(book: Workbook, known: Known, posts: Posts) -> None:
    """Find the parcours, person and advisers that each act names; report what is amiss."""
    for row in book.acts.values():
        line = row.line
        if row.person:
            refuse_unknown_person(line, "bénéficiaire", row.person, book, known)
        if row.parcours:
            _link_parcours(row, book, known)
        _link_advisers(row, book, posts)


def _link_parcours(row: ActRow, book: Workbook, known: Known) -> None:
    assert row.parcours
    named = book.parcours.get(row.parcours)
    if named is not None:
        row.target = named.target
        if not named.line.sound("date_entrée", "date_sortie", "référence_réseau"):
            return
    else:
        record_id = known.key(book.structure_id, layout.PARCOURS, row.parcours)
        row.target = known.parcours.get(record_id) if record_id else None
        if row.target is None:
            row.line.problem(
                "parcours",
                f"L’identifiant « {row.parcours} » ne figure pas dans la feuille Parcours.",
            )
    if row.target is None or not row.line.sound("date"):
        return
    stays = row.target.spans(book.structure_id)
    if not any(span.covers(row.done_on) for span in stays):
        row.line.problem(
            "date",
            f"L’acte du {day_text(row.done_on)} est hors de la participation de votre structure "
            f"au parcours « {row.parcours} » ({'; '.join(map(_span_text, stays))}) : corrigez la "
            "date de l’acte ou celles du parcours.",
        )


def _link_advisers(row: ActRow, book: Workbook, posts: Posts) -> None:
    line = row.line
    if not line.sound("date"):
        return
    if line.sound("conseiller", "durée_minutes"):
        email, _, code = line["conseiller"].partition("/")
        email, code = email.strip(), code.strip()
        structure_id = posts.structure_for(
            line, "conseiller", email=email, code=code, book=book, day=row.done_on
        )
        if structure_id is not None:
            row.shares.append(Share(email, structure_id, line["durée_minutes"]))
    if line["co_conseillers"]:
        row.shares += posts.shares(
            line,
            "co_conseillers",
            line["co_conseillers"],
            book=book,
            day=row.done_on,
            default=None,
        )
        posts.refuse_twice(line, "co_conseillers", row.shares)


def _span_text(span: Span) -> str:
    first = day_text(span.first) if span.first else "…"
    return f"du {first} au {day_text(span.last)}" if span.last else f"depuis le {first}"
