"""The attendance sheet (*feuille d’émargement*): to be printed, and signed at each slot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.platypus import Flowable, Spacer, Table

from ramsess.reports import fonts
from ramsess.reports.palette import INK, LINE, SAND, SLATE
from ramsess.reports.pdf_plain import WIDTH, Fact, Lines, PlainDocument
from ramsess.reports.pdf_text import Prose, printed

ROW = 24.0
_NUMBER, _SIZE = 24.0, 9.5
BLANK = 8


@dataclass(frozen=True)
class Sheet:
    """What is known of a session before it begins; *people* are those expected, by name."""

    title: str
    day: str
    place: str
    hosts: str
    structure: str
    slots: Sequence[str]
    people: Sequence[str]


def attendance_sheet(sheet: Sheet, *, made_on: dt.date, blank: int = BLANK) -> bytes:
    """The sheet as PDF: a line for each person expected, then *blank* lines for the others."""
    facts = (
        ("Séance", sheet.title),
        ("Date", sheet.day),
        ("Lieu", sheet.place),
        ("Animation", sheet.hosts),
        ("Structure", sheet.structure),
        ("Tranches horaires", " ; ".join(sheet.slots)),
    )
    story: list[Flowable] = [Fact(label, value) for label, value in facts if value]
    story += [
        Spacer(0, 10),
        _signatures(sheet, blank),
        Spacer(0, 12),
        Lines([("Nom et signature de l’animation :", "")], spacing=34),
        Prose(
            "Cette feuille atteste des présences. Elle est gardée par la structure, et par elle "
            "seule.",
            size=8.5,
            colour=SLATE,
        ),
    ]
    footer = f"{sheet.structure} — feuille d’émargement — {sheet.day}"
    return PlainDocument("Feuille d’émargement", made_on=made_on, footer=footer).write(story)


def _signatures(sheet: Sheet, blank: int) -> Table:
    slots = list(sheet.slots) or ["Signature"]
    name = 190.0 if len(slots) < 5 else 140.0
    box = (WIDTH - _NUMBER - name) / len(slots)
    heads = ["", "Nom et prénom", *(_fit(slot, fonts.BOLD, box) for slot in slots)]
    people = [_fit(person, fonts.REGULAR, name) for person in sheet.people]
    rows = [
        [str(number), person, *("" for _ in slots)]
        for number, person in enumerate([*people, *[""] * blank], 1)
    ]
    return Table(
        [heads, *rows],
        colWidths=[_NUMBER, name, *(box for _ in slots)],
        rowHeights=[18, *(ROW for _ in rows)],
        repeatRows=1,
        style=[
            ("FONT", (0, 0), (-1, 0), fonts.BOLD, _SIZE),
            ("FONT", (0, 1), (-1, -1), fonts.REGULAR, _SIZE),
            ("TEXTCOLOR", (0, 0), (-1, -1), INK),
            ("TEXTCOLOR", (0, 1), (0, -1), SLATE),
            ("BACKGROUND", (0, 0), (-1, 0), SAND),
            ("GRID", (0, 0), (-1, -1), 0.6, LINE),
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("LEFTPADDING", (0, 0), (-1, -1), 5),
            ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ],
    )


def _fit(text: str, font: str, width: float) -> str:
    return fonts.shorten(printed(text, 200), font, _SIZE, width - 9)
