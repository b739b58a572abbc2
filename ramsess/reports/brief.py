"""The period's story in figures: a few big ones, and sentences composed from the tables.

Only published figures are told (Rule 15). What is compared is said, never judged: a figure does
not say why it changed. Nothing is called the greatest where one of those it is compared with is
not published.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ramsess.reports.numbers import figure
from ramsess.reports.report import Report
from ramsess.reports.table import Number, RowKind, Table, Unit

FOREWORD = "Avant-propos"

_TILES = (
    ("persons_accompanied", "personnes accompagnées"),
    ("parcours_followed", "parcours suivis"),
    ("acts", "actes"),
    ("minutes", "d’accompagnement"),
    ("attendances", "présences aux séances collectives"),
    ("jobs_created", "emplois créés (ETP)"),
)
#: Tables whose charts tell the period best, the most telling first.
CHARTS = ("B10", "B05", "B08")


@dataclass(frozen=True)
class BigFigure:
    """A figure to be read first: its text, what it counts, how it compares."""

    text: str
    label: str
    change: str


def heading(report: Report) -> str:
    """What the summary is called."""
    return "L’année en bref" if report.period.is_year() else "La période en bref"


def big_figures(report: Report) -> list[BigFigure]:
    """The figures of B01 that are published, in the order in which they are read."""
    found = []
    for key, label in _TILES:
        cell = _Cell.of(report, "B01", key, "current")
        if cell is not None:
            found.append(BigFigure(cell.text, label, _change(report, key, cell)))
    return found


def sentences(report: Report) -> list[str]:
    """The story, a paragraph an aspect; none where the tables say nothing of it."""
    acts = _Cell.of(report, "B01", "acts", "current")
    followed = _Cell.of(report, "B01", "parcours_followed", "current")
    if acts is not None and followed is not None and not (acts.value or followed.value):
        return ["Aucun acte ni aucun parcours n’est enregistré dans cette période."]
    told = (
        _parcours(report),
        _acts(report),
        _territory(report),
        _months(report),
        _sessions(report),
        _exits(report),
    )
    return [text for text in told if text]


@dataclass(frozen=True)
class _Cell:
    """A published cell."""

    value: Number
    unit: Unit
    label: str

    @property
    def text(self) -> str:
        return _told(self.value, self.unit)

    @classmethod
    def of(cls, report: Report, table_id: str, row: str, column: str) -> _Cell | None:
        """The cell; None when the report has none or does not publish it."""
        table = next((table for table in report.tables if table.id == table_id), None)
        if table is None or table.is_hidden(row, column):
            return None
        rows = [item for item in table.rows if item.key == row]
        columns = [item for item in table.columns if item.key == column]
        if not rows or not columns or table.is_blank(rows[0], columns[0]):
            return None
        return cls(table.value(row, column), table.unit(rows[0], columns[0]), rows[0].label)


def _told(value: Number, unit: Unit) -> str:
    """As in the tables, but for decimals of jobs that are none: « 473 », « 212,50 »."""
    return figure(value, Unit.COUNT if unit is Unit.FTE and not value % 1 else unit)


def _change(report: Report, key: str, now: _Cell) -> str:
    """``120 de plus (un an avant : 1 080)``; nothing when the other is not published."""
    before = _Cell.of(report, "B01", key, "previous")
    if before is None:
        return ""
    when = _compared(report)
    if now.value == before.value:
        return f"autant ({when} : {before.text})"
    difference = round(now.value - before.value, 2)
    than = "de moins" if difference < 0 else "de plus"
    return f"{_told(abs(difference), now.unit)} {than} ({when} : {before.text})"


def _compared(report: Report) -> str:
    """``un an avant``: how the period is called with which figures are compared."""
    label = next(column.label for column in report.table("B01").columns if column.key == "previous")
    return label[:1].lower() + label[1:]


def _counted(cell: _Cell, one: str, several: str) -> str:
    return f"{cell.text} {one if abs(cell.value) < 2 else several}"


def _parcours(report: Report) -> str:
    persons = _Cell.of(report, "B01", "persons_accompanied", "current")
    followed = _Cell.of(report, "B01", "parcours_followed", "current")
    entries = _Cell.of(report, "B01", "parcours_entries", "current")
    exits = _Cell.of(report, "B01", "parcours_exits", "current")
    who = report.structure.name if report.structure else "Le réseau"
    told = ""
    if persons and followed:
        people = _counted(persons, "personne", "personnes")
        told = f"{who} a accompagné {people} dans {_counted(followed, 'parcours', 'parcours')}."
    if entries and exits:
        began = _counted(entries, "parcours a commencé", "parcours ont commencé")
        ended = _counted(exits, "s’est terminé", "se sont terminés")
        told += f" {began} dans la période, {ended}."
    return told.strip()


def _acts(report: Report) -> str:
    acts = _Cell.of(report, "B01", "acts", "current")
    minutes = _Cell.of(report, "B01", "minutes", "current")
    if not acts or not minutes:
        return ""
    told = f"{_counted(acts, 'acte', 'actes')}, pour {minutes.text} de travail."
    whose = report.structure.code if report.structure else "TOTAL"
    families = _ranked(report, "B08", whose, RowKind.SUBTOTAL)
    if len(families) > 1 and families[1].value:
        first, second = families[:2]
        told += (
            f" Les plus nombreux : {_name(first.label)} ({first.text}), puis "
            f"{_name(second.label)} ({second.text})."
        )
    return told


def _territory(report: Report) -> str:
    places = _ranked(report, "B05", "persons", RowKind.SUBTOTAL, without=("HR", "NR"))
    named = [f"{_name(cell.label)} {cell.text}" for cell in places if cell.value]
    if not named:
        return ""
    told = f"Personnes accompagnées, par département : {', '.join(named)}"
    for key, name in (("HR", "hors région"), ("NR", "commune non renseignée")):
        cell = _Cell.of(report, "B05", key, "persons")
        if cell and cell.value:
            told += f" ; {name} {cell.text}"
    return f"{told}."


def _months(report: Report) -> str:
    months = _ranked(report, "B10", "acts", RowKind.DETAIL)
    if len(months) < 3 or months[0].value == months[-1].value:
        return ""
    most, least = months[0], months[-1]
    return (
        f"Le mois qui compte le plus d’actes est {most.label} ({most.text}), celui qui en compte "
        f"le moins {least.label} ({least.text})."
    )


def _sessions(report: Report) -> str:
    sessions = _Cell.of(report, "B01", "sessions", "current")
    present = _Cell.of(report, "B01", "attendances", "current")
    if not sessions or not present or not sessions.value:
        return ""
    held = _counted(sessions, "séance collective", "séances collectives")
    return f"{held}, {_counted(present, 'présence', 'présences')}."


def _exits(report: Report) -> str:
    outcomes = [cell for cell in _ranked(report, "B15", "parcours", RowKind.DETAIL) if cell.value]
    created = _Cell.of(report, "B01", "jobs_created", "current")
    kept = _Cell.of(report, "B01", "jobs_consolidated", "current")
    told = ""
    if outcomes:
        named = [f"{_name(cell.label)} {cell.text}" for cell in outcomes[:3]]
        which = "Premiers motifs" if len(outcomes) > 3 else "Motifs"
        told = f"{which} de sortie des parcours : {', '.join(named)}."
    if created and kept and (created.value or kept.value):
        told += f" Emplois, en équivalents temps plein : {created.text} créés"
        told += f" et {kept.text} consolidés."
    return told.strip()


def _ranked(
    report: Report, table_id: str, column: str, kind: RowKind, without: Iterable[str] = ()
) -> list[_Cell]:
    """The cells of a column from the greatest down; none when one of them is not published."""
    table = next((table for table in report.tables if table.id == table_id), None)
    if table is None:
        return []
    rows = [row for row in table.rows if row.kind is kind and row.key not in without]
    cells = [_Cell.of(report, table_id, row.key, column) for row in rows]
    known = [cell for cell in cells if cell is not None]
    return sorted(known, key=lambda cell: -cell.value) if len(known) == len(cells) else []


def _name(label: str) -> str:
    """A label inside a sentence: without its code."""
    code, _, rest = label.partition(" ")
    return rest if rest and (code.isupper() or code[:1].isdigit()) else label


def charted(report: Report) -> list[Table]:
    """The tables whose charts stand in the summary: those that have something to draw."""
    return [
        table
        for key in CHARTS
        for table in report.tables
        if table.id == key and table.chart is not None
    ]
