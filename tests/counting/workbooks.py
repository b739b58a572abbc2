"""Exchange workbooks in a neutral form, and as real files (domain.md, section 6).

A network is a list of `Workbook`, one for each structure: what the generators draw, what the
independent recount reads, and what `write` turns into an `.xlsx` for the importer.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openpyxl import Workbook as Excel

Row = dict[str, Any]

# Sheet → headings, in the order of domain.md, section 6.
HEADINGS: dict[str, tuple[str, ...]] = {
    "Conseillers": ("courriel", "nom", "prénom", "quotité", "depuis", "jusqu'à"),
    "Bénéficiaires": (
        "id_local",
        "nom",
        "prénom",
        "date_naissance",
        "sexe",
        "commune_insee",
        "situation",
        "niveau_formation",
        "rsa",
        "qpv",
        "téléphone",
        "courriel",
    ),
    "Parcours": (
        "id_local",
        "bénéficiaires",
        "intitulé",
        "forme_juridique",
        "secteur",
        "commune_insee",
        "date_entrée",
        "phase_entrée",
        "prescripteur",
        "date_sortie",
        "motif_sortie",
        "phase_actuelle",
        "date_phase_actuelle",
        "emplois_créés",
        "emplois_consolidés",
        "référence_réseau",
    ),
    "Actes": (
        "id_local",
        "date",
        "type",
        "conseiller",
        "parcours",
        "durée_minutes",
        "modalité",
        "commune_insee",
        "co_conseillers",
        "personnes_anonymes",
        "bénéficiaire",
        "dispositif",
        "commentaire",
    ),
    "Séances": (
        "id_local",
        "date",
        "type",
        "intitulé",
        "animateurs",
        "durée_minutes",
        "commune_insee",
        "participants",
        "personnes_anonymes",
        "dispositif",
        "référence_séance",
    ),
}


@dataclass(repr=False)
class Workbook:
    """What one structure hands in: for each sheet its rows, keyed by the headings.

    Values are `str`, `int`, `float`, `date` or `None` (an empty cell); yes/no is "oui"/"non".
    """

    structure: str
    year: int
    sheets: dict[str, list[Row]] = field(default_factory=lambda: {sheet: [] for sheet in HEADINGS})

    def add(self, sheet: str, /, **cells: Any) -> str:
        """Append a row, its other cells empty; give its `id_local` (numbered when not given)."""
        rows = self.sheets[sheet]
        row: Row = dict.fromkeys(HEADINGS[sheet])
        if "id_local" in row:
            # The same ids in every workbook: only (structure, sheet, id_local) is a key.
            row["id_local"] = f"{sheet[0]}{len(rows) + 1}"
        unknown = set(cells) - set(row)
        if unknown:
            raise KeyError(f"{sheet} has no heading {sorted(unknown)}")
        rows.append(row | cells)
        return str(rows[-1].get("id_local") or rows[-1]["courriel"])

    def __getitem__(self, sheet: str) -> list[Row]:
        return self.sheets[sheet]

    def ids(self, sheet: str) -> list[str]:
        """The `id_local` of every row."""
        return [row["id_local"] for row in self.sheets[sheet]]

    def __repr__(self) -> str:
        """Readable in a failing example: one line a row, empty cells left out."""
        lines = [f"Workbook {self.structure} {self.year}"]
        for sheet, rows in self.sheets.items():
            for row in rows:
                cells = ", ".join(f"{k}={v!s}" for k, v in row.items() if v is not None)
                lines.append(f"  {sheet}: {cells}")
        return "\n".join(lines)


def write(
    workbook: Workbook,
    path: Path,
    *,
    shuffle: int | None = None,
    text_dates: bool = False,
) -> None:
    """Write a real `.xlsx`.

    *shuffle*: seed of an order for the columns, the rows and the sheets. *text_dates*: dates as
    `JJ/MM/AAAA` instead of real dates. Both say the same thing as the plain file.
    """
    order = random.Random(shuffle) if shuffle is not None else None
    excel = Excel()
    excel.remove(excel.active)
    structure = excel.create_sheet("Structure")
    structure.append(["clé", "valeur"])
    pairs = [
        ["version", 1],
        ["code_structure", workbook.structure],
        ["exercice", workbook.year],
    ]
    if order:
        order.shuffle(pairs)
    for pair in pairs:
        structure.append(pair)
    for name, plain_headings in HEADINGS.items():
        headings = list(plain_headings)
        rows = list(workbook[name])
        if order:
            order.shuffle(headings)
            order.shuffle(rows)
        sheet = excel.create_sheet(name, order.randint(0, len(excel.sheetnames)) if order else None)
        sheet.append(headings)
        for row in rows:
            sheet.append([_cell(row[heading], text_dates) for heading in headings])
    excel.save(path)


def _cell(value: Any, text_dates: bool) -> Any:
    if text_dates and isinstance(value, dt.date):
        return value.strftime("%d/%m/%Y")
    return value
