"""The sheet Bénéficiaires."""

from __future__ import annotations

from collections.abc import Iterable

from ramsess.exchange import layout
from ramsess.exchange.check.batch import PersonRow, Workbook, add_once
from ramsess.exchange.check.catalogue import Catalogue
from ramsess.exchange.check.lines import Line
from ramsess.models.beneficiary import LONGEST_KEY, name_key

_CODES = [column for column in layout.LAYOUTS[layout.PEOPLE].columns if column.code_list]


def read_people(lines: Iterable[Line], book: Workbook, catalogue: Catalogue) -> None:
    """Add to *book* the people of its sheet Bénéficiaires."""
    for line in lines:
        for column in _CODES:
            catalogue.refuse_closed(line, column, catalogue.today)
        key = name_key(line["nom"] or "", line["prénom"] or "")
        if len(key) > LONGEST_KEY:
            line.problem("nom", "Le nom et le prénom sont trop longs ensemble : raccourcissez-les.")
        row = PersonRow(
            line=line,
            local_id=line["id_local"] or "",
            last_name=line["nom"] or "",
            first_name=line["prénom"] or "",
            name_key=key,
            birth_date=line["date_naissance"],
            sex=line["sexe"] or "NR",
            commune=line["commune_insee"],
            situation=line["situation"] or "NR",
            education=line["niveau_formation"] or "NR",
            rsa=line["rsa"],
            qpv=line["qpv"],
            phone=line["téléphone"] or "",
            email=line["courriel"] or "",
        )
        add_once(row, book.people)
