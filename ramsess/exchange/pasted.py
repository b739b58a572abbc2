"""What is pasted from a spreadsheet: rows of cells, and what each column is.

Pure reading: no record is looked up here, and nothing is believed yet.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from ramsess.models.names import normalise
from ramsess.reports.period import MONTHS_FR, WEEKDAYS_FR

MOST_ROWS, MOST_COLUMNS = 300, 40
DATE, TYPE, MINUTES, HOURS, PARCOURS, NOTE, STRUCTURE = (
    "date", "type", "minutes", "heures", "parcours", "note", "structure",
)  # fmt: skip
# Headings as people write them, normalised.
HEADINGS = {
    DATE: ("date", "jour", "le", "date de l acte"),
    TYPE: ("type", "type d acte", "acte", "nature", "code", "activite"),
    MINUTES: ("duree", "minutes", "min", "temps", "duree minutes", "temps passe", "duree min"),
    HOURS: ("heures", "h", "nb heures", "nombre d heures", "duree heures", "duree h"),
    PARCOURS: ("parcours", "reference", "porteur", "beneficiaire", "projet", "personne", "dossier"),
    NOTE: ("note", "notes", "commentaire", "commentaires", "objet", "remarque", "observations"),
    STRUCTURE: ("structure", "pour"),
}
_NUMERIC = re.compile(r"(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}|\d{2}))?", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]00:00(?::00)?)?", re.ASCII)
_WRITTEN = re.compile(r"(\d{1,2})(?:er)? (\w+)\.?(?: (\d{4}))?", re.ASCII)
_CODE = re.compile(r"[A-Z]{2,4}\d{1,2}", re.ASCII | re.IGNORECASE)
_DURATION = re.compile(
    r"\d{1,4}(\s*(min|mn|h|:)\s*\d{0,2}(:00)?)?|\d{1,2}[.,]\d{1,2}\s*h?", re.ASCII | re.IGNORECASE
)


@dataclass(frozen=True)
class PastedRow:
    """A row that says an act: its number in what was pasted, and the text of each of its parts."""

    number: int
    date: str
    type: str
    duration: str
    parcours: str = ""
    note: str = ""
    structure: str = ""
    in_hours: bool = False


class UnreadableError(ValueError):
    """Nothing can be made of what was pasted; the French message says why."""


def read_pasted(text: str) -> list[PastedRow]:
    """The acts that a block of cells says: one a row, or a grid with a column a day.

    Without headings, columns are told by what they hold. Raises UnreadableError.
    """
    rows = _cells(text)
    columns = _by_heading(rows[0][1])
    days = _days(rows[0][1])
    if len(days) >= 2 and MINUTES not in columns.values():
        return _grid(rows, columns, days)
    if len(columns) >= 2:
        rows = rows[1:]
        if not rows:
            raise UnreadableError("Il n’y a que les titres : copiez aussi les lignes.")
    else:
        columns = _by_content([cells for _, cells in rows])
    missing = [name for name, there in (("la date", DATE in columns.values()),
               ("la durée", {MINUTES, HOURS} & {*columns.values()})) if not there]  # fmt: skip
    if missing:
        raise UnreadableError(
            f"On ne trouve pas {' ni '.join(missing)}. Mettez en tête les titres : "
            "date, type, durée, parcours, note."
        )
    return [_row(number, cells, columns) for number, cells in rows]


def _cells(text: str) -> list[tuple[int, list[str]]]:
    """The rows that are not empty, with their numbers."""
    separator = "\t" if "\t" in text else ";"
    try:
        read = list(csv.reader(text.splitlines(keepends=True), delimiter=separator))
    except csv.Error:
        raise UnreadableError("Ce texte n’est pas un tableau copié d’un tableur.") from None
    rows = [
        (number, [" ".join(cell.split()) for cell in row])
        for number, row in enumerate(read, 1)
        if any(cell.strip() for cell in row)
    ]
    if not rows or max(len(row) for _, row in rows) < 2:
        raise UnreadableError(
            "Collez plusieurs colonnes copiées d’un tableur : date, type, durée, parcours, note."
        )
    if len(rows) > MOST_ROWS + 1 or max(len(row) for _, row in rows) > MOST_COLUMNS:
        raise UnreadableError(f"Collez au plus {MOST_ROWS} lignes de {MOST_COLUMNS} colonnes.")
    width = max(len(row) for _, row in rows)
    return [(number, row + [""] * (width - len(row))) for number, row in rows]


def _by_heading(cells: Sequence[str]) -> dict[int, str]:
    known = {word: kind for kind, words in HEADINGS.items() for word in words}
    found: dict[int, str] = {}
    for place, cell in enumerate(cells):
        kind = known.get(normalise(cell))
        if kind and kind not in found.values():
            found[place] = kind
    return found


def _days(cells: Sequence[str]) -> dict[int, str]:
    """Columns whose heading is a day: ``lundi``, ``lun. 12/03``, a date."""
    return {place: cell for place, cell in enumerate(cells) if cell and _is_day(cell)}


def _is_day(text: str) -> bool:
    return parse_day(text, dt.date(2009, 3, 9)) is not None


def _grid(
    rows: list[tuple[int, list[str]]], columns: dict[int, str], days: dict[int, str]
) -> list[PastedRow]:
    before = [place for place in range(min(days)) if place not in columns]
    # Untitled columns before the days: the type, then the parcours, unless a heading says them.
    unsaid = [kind for kind in (TYPE, PARCOURS) if kind not in columns.values()]
    columns = {**columns, **dict(zip(before, unsaid, strict=False))}
    found = []
    for number, cells in rows[1:]:
        said = {kind: cells[place] for place, kind in columns.items()}
        if normalise(cells[0]) in ("total", "totaux"):
            continue
        found += [
            PastedRow(number, day, said.get(TYPE, ""), cells[place], said.get(PARCOURS, ""),
                      said.get(NOTE, ""), said.get(STRUCTURE, ""))
            for place, day in days.items()
            if cells[place]
        ]  # fmt: skip
    if not found:
        raise UnreadableError("Aucune durée dans ce tableau.")
    return found


def _by_content(rows: list[list[str]]) -> dict[int, str]:
    """What each column is by what most of its cells look like; the rest is type, parcours, note."""
    found: dict[int, str] = {}
    for kind, looks in ((DATE, _is_day), (TYPE, _is_code), (PARCOURS, _is_reference),
                        (MINUTES, _is_duration)):  # fmt: skip
        for place in range(len(rows[0])):
            cells = [row[place] for row in rows if row[place]]
            likely = sum(map(looks, cells)) * 2 > len(cells) if cells else False
            if likely and place not in found:
                found[place] = kind
                break
    left = [place for place in range(len(rows[0])) if place not in found]
    wanted = [kind for kind in (TYPE, PARCOURS, NOTE) if kind not in found.values()]
    return found | dict(zip(left, wanted, strict=False))


def _is_code(text: str) -> bool:
    return bool(_CODE.fullmatch(text))


def _is_reference(text: str) -> bool:
    return text.upper().startswith("P-")


def _is_duration(text: str) -> bool:
    return bool(_DURATION.fullmatch(text))


def _row(number: int, cells: list[str], columns: dict[int, str]) -> PastedRow:
    said = {kind: cells[place] for place, kind in columns.items()}
    hours = said.get(HOURS, "")
    return PastedRow(
        number,
        said.get(DATE, ""),
        said.get(TYPE, ""),
        said.get(MINUTES) or hours,
        said.get(PARCOURS, ""),
        said.get(NOTE, ""),
        said.get(STRUCTURE, ""),
        in_hours=not said.get(MINUTES) and bool(hours),
    )


def parse_day(text: str, monday: dt.date) -> dt.date | None:
    """The date that a cell says; a weekday alone, or a missing year, is of the week of *monday*.

    ``12/03/2009``, ``12/03``, ``2009-03-12``, ``12 mars 2009``, ``jeudi``, ``jeu. 12/03``.
    """
    words = text.strip().lower().split(maxsplit=1)
    weekday = _weekday(words[0]) if words else None
    if weekday is not None:
        if len(words) == 1:
            return monday + dt.timedelta(days=weekday)
        text = words[1]
        if re.fullmatch(r"\d{1,2}", text, re.ASCII):
            day = monday + dt.timedelta(days=weekday)
            return day if day.day == int(text) else None
    return _date(text.strip(), monday)


def _weekday(word: str) -> int | None:
    bare = word.rstrip(".")
    return next(
        (n for n, name in enumerate(WEEKDAYS_FR) if bare in (name, name[:3])),
        None,
    )


def _date(text: str, monday: dt.date) -> dt.date | None:
    parts: tuple[int | None, int, int]
    if said := _ISO.fullmatch(text):
        parts = int(said[1]), int(said[2]), int(said[3])
    elif said := _NUMERIC.fullmatch(text):
        year = int(said[3]) if said[3] else None
        parts = year + 2000 if year is not None and year < 100 else year, int(said[2]), int(said[1])
    elif said := _WRITTEN.fullmatch(normalise(text)):
        months = [normalise(name) for name in MONTHS_FR]
        named = [n for n, name in enumerate(months, 1) if len(said[2]) > 2 and
                 name.startswith(said[2])]  # fmt: skip
        if not named:
            return None
        parts = int(said[3]) if said[3] else None, named[0], int(said[1])
    else:
        return None
    try:
        if parts[0] is not None:
            return dt.date(parts[0], parts[1], parts[2])
        # The year that puts it nearest to the week.
        near = [dt.date(monday.year + step, parts[1], parts[2]) for step in (-1, 0, 1)]
        return min(near, key=lambda day: abs((day - monday).days))
    except ValueError:
        return None
