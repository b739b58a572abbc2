"""The empty workbook to download: headings, explanations, drop-down lists, formats."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from ramsess.exchange import layout
from ramsess.exchange.layout import Column, Kind, SheetLayout
from ramsess.exchange.typography import french
from ramsess.models import CODE_LISTS, Structure
from ramsess.models.calendar import today

LAST_ROW = 20_000
# Excel refuses a longer message beside a cell.
LONGEST_PROMPT = 250
_DATES = (Kind.DATE, Kind.BIRTH_DATE, Kind.ASSIGNMENT_DATE)
_REQUIRED = PatternFill("solid", fgColor="1F4E79")
_OPTIONAL = PatternFill("solid", fgColor="7F9DB9")
_TITLE = Font(bold=True, color="FFFFFF")
_WIDTHS = {Kind.DATE: 14, Kind.BIRTH_DATE: 17, Kind.ASSIGNMENT_DATE: 14, Kind.LIST: 32,
           Kind.LONG_TEXT: 50, Kind.EMAIL: 34, Kind.TEXT: 26}  # fmt: skip
# Columns that name a line of another sheet; a warning only, for what the list cannot hold.
_NAMING = {
    "conseiller": layout.ADVISERS,
    "parcours": layout.PARCOURS,
    "bénéficiaire": layout.PEOPLE,
}
_STRUCTURES = "structures"


def write_template(
    session: Session, target: Path | BinaryIO, structure_code: str | None = None
) -> None:
    """Write the empty workbook to *target*, with the codes in force today.

    *structure_code* fills in whose workbook it is. What is typed in it can be imported as it is.
    """
    book = Workbook()
    guide = book.active
    assert isinstance(guide, Worksheet)
    _write_guide(guide)
    codes = codes_in_force(session)
    for expected in layout.SHEETS:
        sheet = book.create_sheet(expected.name)
        if expected.name == layout.STRUCTURE:
            _write_structure(sheet, expected, structure_code)
        else:
            _write_sheet(sheet, expected, codes)
    _write_lists(book, codes)
    book.active = book.sheetnames.index(layout.STRUCTURE)
    book.properties.title = f"Classeur RAMSESS, version {layout.VERSION}"
    book.properties.creator = "RAMSESS"
    book.properties.language = "fr-FR"
    book.save(target)


def codes_in_force(session: Session) -> dict[str, list[tuple[str, str]]]:
    """Code and label of each list that the workbook uses, in force today, in order."""
    used = {column.code_list for sheet in layout.SHEETS for column in sheet.columns}
    codes = {
        name: [
            (code, label)
            for code, label in session.execute(
                select(model.code, model.label)
                .where(
                    or_(model.valid_from.is_(None), model.valid_from <= today()),
                    or_(model.valid_to.is_(None), model.valid_to >= today()),
                )
                .order_by(model.position, model.code)
            )
        ]
        for name, model in CODE_LISTS.items()
        if name in used
    }
    structures = session.execute(select(Structure.code, Structure.name).order_by(Structure.code))
    codes[_STRUCTURES] = [(code, name) for code, name in structures]
    return codes


def _write_guide(sheet: Worksheet) -> None:
    sheet.title = layout.GUIDE
    sheet.column_dimensions["A"].width = 24
    sheet.column_dimensions["B"].width = 16
    sheet.column_dimensions["C"].width = 90
    lines = (
        "Ce classeur sert à remettre à RAMSESS les accompagnements de votre structure.",
        "Les titres à fond foncé sont obligatoires. Ne les renommez pas ; leur ordre est libre.",
        "Dates : JJ/MM/AAAA. Oui ou non : oui, non. Listes dans une cellule : séparées par « ; ».",
        "Les id_local sont les vôtres. Gardez-les d’un envoi à l’autre : un classeur remis de "
        "nouveau met à jour, sans doubler.",
        "Pas de formule : collez les valeurs. Les codes sont dans la feuille « Listes ».",
    )
    sheet.append([f"Classeur RAMSESS, version {layout.VERSION}"])
    sheet["A1"].font = Font(bold=True, size=14)
    for line in lines:
        sheet.append([french(line)])
    sheet.append([])
    for expected in layout.SHEETS:
        sheet.append([expected.name, "", french(expected.explanation)])
        sheet.cell(sheet.max_row, 1).font = Font(bold=True, size=12)
        for column in expected.columns:
            required = "obligatoire" if column.required else ""
            sheet.append([column.name, required, french(column.explanation)])
            sheet.cell(sheet.max_row, 3).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.append([])


def _write_structure(sheet: Worksheet, expected: SheetLayout, code: str | None) -> None:
    sheet.append(["clé", "valeur"])
    for cell in sheet[1]:
        cell.font, cell.fill = _TITLE, _REQUIRED
    values = {"version": layout.VERSION, "code_structure": code, "exercice": today().year}
    for column in expected.columns:
        sheet.append([column.name, values[column.name]])
    _validate(sheet, "B3", _list_rule(f"=liste_{_STRUCTURES}", "stop"))
    sheet.column_dimensions["A"].width = sheet.column_dimensions["B"].width = 24
    sheet.freeze_panes = "A2"


def _write_sheet(
    sheet: Worksheet, expected: SheetLayout, codes: dict[str, list[tuple[str, str]]]
) -> None:
    sheet.append([column.name for column in expected.columns])
    sheet.freeze_panes = "B2"
    sheet.row_dimensions[1].height = 30
    for index, column in enumerate(expected.columns, 1):
        letter = get_column_letter(index)
        title = sheet.cell(1, index)
        title.font = _TITLE
        title.fill = _REQUIRED if column.required else _OPTIONAL
        title.alignment = Alignment(vertical="center", wrap_text=True)
        mark = "Obligatoire. " if column.required else ""
        title.comment = Comment(french(mark + column.explanation), "RAMSESS", width=300, height=90)
        dimension = sheet.column_dimensions[letter]
        dimension.width = max(_WIDTHS.get(column.kind, 12), len(column.name) + 3)
        if column.kind in _DATES:
            dimension.number_format = "DD/MM/YYYY"
        elif column.kind in (Kind.COMMUNE, Kind.LOCAL_ID, Kind.TEXT, Kind.LIST):
            # As text: a spreadsheet would eat the first 0 of 04001, or make a date of 1/2.
            dimension.number_format = "@"
        rule = _rule(column, codes)
        if rule is not None:
            _validate(sheet, f"{letter}2:{letter}{LAST_ROW}", rule)


def _rule(column: Column, codes: dict[str, list[tuple[str, str]]]) -> DataValidation | None:
    """What the spreadsheet itself checks in a column; RAMSESS checks everything again."""
    rule: DataValidation | None = None
    if column.code_list:
        rule = _list_rule(f"=liste_{column.code_list}", "stop")
        labels = " · ".join(f"{code} {label}" for code, label in codes[column.code_list])
        rule.prompt = (
            labels
            if len(labels) <= LONGEST_PROMPT
            else french("Choisissez un code ; leurs libellés sont dans la feuille « Listes ».")
        )
        rule.promptTitle = column.name
        rule.showInputMessage = True
    elif column.name in _NAMING:
        rule = _list_rule(f"='{_NAMING[column.name]}'!$A$2:$A${LAST_ROW}", "warning")
    elif column.kind is Kind.YES_NO:
        rule = _list_rule('"oui,non"', "stop")
    elif column.kind is Kind.MINUTES:
        rule = DataValidation("whole", operator="between", formula1="1", formula2="1440")
        rule.error = "Une durée en minutes, de 1 à 1440."
    elif column.kind is Kind.PERCENT:
        rule = DataValidation("decimal", operator="between", formula1="0", formula2="100")
        rule.error = "Un pourcentage, de 1 à 100."
    elif column.kind is Kind.INTEGER:
        rule = DataValidation(
            "whole", operator="between", formula1=str(column.low), formula2=str(column.high)
        )
        rule.error = f"Un nombre entier, de {column.low} à {column.high}."
    elif column.kind is Kind.DECIMAL:
        rule = DataValidation("decimal", operator="greaterThanOrEqual", formula1="0")
        rule.error = "Un nombre positif ou nul."
    elif column.kind in _DATES:
        rule = DataValidation("date", operator="greaterThan", formula1="1")
        rule.errorStyle = "warning"
        rule.error = "Une date, sous la forme JJ/MM/AAAA."
    if rule is not None:
        rule.allow_blank = True
        rule.showErrorMessage = True
    return rule


def _list_rule(formula: str, style: str) -> DataValidation:
    rule = DataValidation("list", formula1=formula, allow_blank=True, showErrorMessage=True)
    rule.errorStyle = style
    rule.error = "Choisissez une valeur de la liste."
    return rule


def _validate(sheet: Worksheet, cells: str, rule: DataValidation) -> None:
    sheet.add_data_validation(rule)
    rule.add(cells)


def _write_lists(book: Workbook, codes: dict[str, list[tuple[str, str]]]) -> None:
    sheet = book.create_sheet(layout.LISTS)
    titles = {
        column.code_list: column.name
        for expected in layout.SHEETS
        for column in expected.columns
        if column.code_list
    } | {_STRUCTURES: "code_structure"}
    for rank, (name, items) in enumerate(codes.items()):
        first = 1 + 3 * rank
        code, label = get_column_letter(first), get_column_letter(first + 1)
        for row, pair in enumerate([(titles[name], "libellé"), *items], 1):
            for offset, value in enumerate(pair):
                sheet.cell(row, first + offset, value)
        for column in (first, first + 1):
            sheet.cell(1, column).font, sheet.cell(1, column).fill = _TITLE, _OPTIONAL
        sheet.column_dimensions[code].width = 14
        sheet.column_dimensions[label].width = 38
        place = f"{layout.LISTS}!${code}$2:${code}${len(items) + 1}"
        book.defined_names[f"liste_{name}"] = DefinedName(f"liste_{name}", attr_text=place)
    sheet.freeze_panes = "A2"
