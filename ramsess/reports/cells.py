"""Cells of the workbook: text that can only be text, figures in the format of their unit.

A text comes from a record, and a spreadsheet takes some texts for commands. ``safe_cell`` is the
only way that any text gets into a cell of openpyxl, ``safe_text`` the only one into the rows that
are written without it.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from ramsess.reports.numbers import decimals, figure
from ramsess.reports.table import Number, Unit
from ramsess.reports.text import CUT_MARK, clean

MOST_CHARACTERS = 32_767  # of a cell, in UTF-16 units
MINUTES_OF_A_DAY = 1440

WHOLE = "#,##0"  # the comma stands for the reader's own separator: a narrow space in French
HOURS = '[h]" h "mm'
PERCENT = '0"\u00a0"%'  # French sets the sign off by a space
DATE = "dd/mm/yyyy"
TEXT = "@"

_COMMAND = re.compile(r"[\s'\"]*[=+\-@\uff1d\uff0b\uff0d\uff20|%]|[\t\n]")
# Excel and LibreOffice read _x0041_ as the letter A; the escaped underscore keeps it literal.
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_HALF_ESCAPE = re.compile("_x[0-9A-Fa-f]{0,4}$")


def safe_cell(cell: Any, text: str) -> Any:
    """Put *text* into the openpyxl *cell* as text and nothing else; return the cell.

    Never a formula, an error or a number, whatever it looks like. Characters that no file can
    hold are left out; a text longer than a cell may hold is visibly cut.
    """
    shown = safe_text(text)
    cell.value = shown or None
    cell.data_type = "s" if shown else "n"  # openpyxl has guessed: a formula, an error…
    command = is_command(shown)
    if bool(cell.quotePrefix) is not command:
        cell.quotePrefix = command
    return cell


def safe_text(text: str) -> str:
    """*text* as a workbook stores it: clean, underscores escaped, no longer than a cell holds."""
    escaped = _ESCAPE.sub("_x005F_", clean(text))
    units = len(escaped) + sum(character > "\uffff" for character in escaped)
    if units <= MOST_CHARACTERS:
        return escaped
    raw = escaped.encode("utf-16-le")[: 2 * (MOST_CHARACTERS - len(CUT_MARK))]
    return _HALF_ESCAPE.sub("", raw.decode("utf-16-le", "ignore")) + CUT_MARK


def is_command(text: str) -> bool:
    """True when a spreadsheet, or the CSV made of it, could take *text* for a formula."""
    return _COMMAND.match(text) is not None


def number_format(value: Number, unit: Unit, *, signed: bool = False) -> str:
    """The spreadsheet's number format that shows *value* in full, as ``figure`` does; with *signed*
    a plus before what is above 0."""
    shown = _format(value, unit)
    return f'"+"{shown}' if signed and value > 0 else shown


def _format(value: Number, unit: Unit) -> str:
    if unit is Unit.MINUTES:
        return HOURS if float(value).is_integer() else f'{HOURS}" min "ss'
    places = decimals(value, unit)
    number = f"{WHOLE}.{'0' * places}" if places else WHOLE
    if unit is Unit.PERCENT:
        return PERCENT.replace("0", f"0.{'0' * places}", 1) if places else PERCENT
    return f'{number}"\u00a0€"' if unit is Unit.EUROS else number


def put_figure(cell: Any, value: Number, unit: Unit) -> Any:
    """Put the figure *value* into *cell*: minutes as a part of a day, percent as a hundredth.

    Negative minutes, which only a change can have, become text: a spreadsheet shows no negative
    time, but a row of #.
    """
    if unit is Unit.MINUTES:
        if value < 0:
            return safe_cell(cell, figure(value, unit))
        cell.value = value / MINUTES_OF_A_DAY
    else:
        cell.value = value / 100 if unit is Unit.PERCENT else value
    return cell


def put_date(cell: Any, day: dt.date) -> Any:
    """Put a real date into *cell*; as text before 1900, where spreadsheets know none."""
    if day.year < 1900:
        return safe_cell(cell, old_date(day))
    cell.value = day
    return cell


def old_date(day: dt.date) -> str:
    """*day* as the text that stands for a date before 1900."""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"
