"""From what was typed in a cell to a value, or to a French sentence saying what is wrong."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from ramsess.exchange.check.catalogue import Catalogue
from ramsess.exchange.layout import Column, Kind
from ramsess.exchange.workbook import Cell, Formula, Unreadable
from ramsess.models.calendar import FIRST_DAY, LONGEST_DAY
from ramsess.models.names import normalise
from ramsess.models.territory import INSEE_CODE

OLDEST_BIRTH = dt.date(1900, 1, 1)
OLDEST_ASSIGNMENT = dt.date(1950, 1, 1)
LATEST_ASSIGNMENT = dt.date(2100, 1, 1)
NOT_SAID = "NR"
MOST_JOBS = Decimal("99999.99")

_TYPED_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009]+")
_EMAIL = re.compile(r"[^@\s:;/,<>\"]+@[^@\s:;/,<>\"]+")
# Invisible or unwritable: controls, lone surrogates, direction overrides, byte-order marks.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)


class CellError(Exception):
    """The cell's content cannot stand; the text is for the person who typed it."""


def shown(cell: Cell) -> str:
    """The content as a message quotes it: short, printable."""
    if isinstance(cell, (dt.date, dt.datetime)):
        text = cell.strftime("%d/%m/%Y")
    elif isinstance(cell, (Formula, Unreadable)):
        text = cell.text
    else:
        text = str(cell)
    text = "".join(ch if ch.isprintable() else "·" for ch in text)
    return f"« {text[:40]}… »" if len(text) > 41 else f"« {text} »"


def is_blank(cell: Cell) -> bool:
    """True for a cell that holds nothing, or only spaces."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def value_of(column: Column, cell: Cell, catalogue: Catalogue) -> Any:
    """The value of a cell that is not blank, of the type that *column* holds.

    Text is trimmed and composed (NFC), codes are in capitals, minutes and counts are integers,
    jobs are decimals, dates are civil dates, a list is a tuple of texts; ``NR`` where nothing is
    required is None, as a blank. Raises CellError.
    """
    if not column.required and isinstance(cell, str) and cell.strip().upper() == NOT_SAID:
        return None
    if isinstance(cell, Formula):
        raise CellError(
            f"La cellule contient une formule ({shown(cell)}) : remplacez-la par sa valeur "
            "(copier, puis collage spécial « valeurs »)."
        )
    if isinstance(cell, Unreadable):
        raise CellError(f"Le contenu {shown(cell)} ne peut pas être lu : saisissez-le de nouveau.")
    return _READERS[column.kind](column, cell, catalogue)


def _text(column: Column, cell: Cell, _catalogue: Catalogue) -> str:
    if isinstance(cell, (bool, dt.date, dt.datetime)):
        raise CellError(f"{shown(cell)} n’est pas un texte : saisissez un texte.")
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = unicodedata.normalize("NFC", str(cell)).strip()
    if column.kind is not Kind.LONG_TEXT:
        text = re.sub(r"[\r\n\t]+", " ", text)
    if _FORBIDDEN.search(text):
        raise CellError(
            "Le texte contient un caractère invisible interdit : saisissez-le de nouveau."
        )
    if len(text) > column.longest:
        raise CellError(
            f"Le texte compte {len(text)} caractères : raccourcissez-le à {column.longest} au plus."
        )
    return text


def _name(column: Column, cell: Cell, catalogue: Catalogue) -> str:
    text = _text(column, cell, catalogue)
    if column.required and not normalise(text):
        raise CellError(f"{shown(text)} ne contient ni lettre ni chiffre.")
    return text


def _email(column: Column, cell: Cell, catalogue: Catalogue) -> str:
    text = _text(column, cell, catalogue).lower()
    address = text.split("/")[0] if column.name == "conseiller" else text
    if not _EMAIL.fullmatch(address.strip()):
        raise CellError(
            f"{shown(cell)} n’est pas une adresse électronique (prenom.nom@exemple.fr)."
        )
    return text


def _date(column: Column, cell: Cell, catalogue: Catalogue) -> dt.date:
    day = _any_date(cell)
    if column.kind is Kind.BIRTH_DATE:
        oldest, latest = OLDEST_BIRTH, catalogue.today
    elif column.kind is Kind.ASSIGNMENT_DATE:
        oldest, latest = OLDEST_ASSIGNMENT, LATEST_ASSIGNMENT
    else:
        oldest, latest = FIRST_DAY, catalogue.today
    if day > latest:
        raise CellError(f"La date {shown(day)} est dans le futur : corrigez-la.")
    if day < oldest:
        raise CellError(
            f"La date {shown(day)} est antérieure au {oldest.strftime('%d/%m/%Y')} : corrigez-la."
        )
    return day


def _any_date(cell: Cell) -> dt.date:
    if isinstance(cell, dt.datetime):
        if cell.time() != dt.time(0):
            raise CellError(f"{cell:%d/%m/%Y %H:%M} contient une heure : gardez la date seule.")
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    typed = _TYPED_DATE.fullmatch(_SPACES.sub("", cell)) if isinstance(cell, str) else None
    if typed:
        day, month, year = map(int, typed.groups())
        try:
            return dt.date(year, month, day)
        except ValueError:
            raise CellError(f"La date {shown(cell)} n’existe pas dans le calendrier.") from None
    raise CellError(f"{shown(cell)} n’est pas une date : écrivez-la sous la forme JJ/MM/AAAA.")


def _number(cell: Cell) -> Decimal:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return Decimal(str(cell))
    if isinstance(cell, str) and len(cell) < 30:
        text = _SPACES.sub("", cell).replace(",", ".")
        if re.fullmatch(r"[+-]?\d+(\.\d*)?", text):
            return Decimal(text)
    raise CellError(f"{shown(cell)} n’est pas un nombre : écrivez un nombre, sans unité.")


def _integer(column: Column, cell: Cell, _catalogue: Catalogue) -> int:
    number = _number(cell)
    if number != number.to_integral_value():
        raise CellError(f"{shown(cell)} n’est pas un nombre entier.")
    if not column.low <= number <= column.high:
        raise CellError(f"{shown(cell)} doit être compris entre {column.low} et {column.high}.")
    return int(number)


def _percent(_column: Column, cell: Cell, _catalogue: Catalogue) -> int:
    """Whole per cent, from 1 to 100; a cell in the percent format holds a part of one."""
    number = _number(cell.strip().removesuffix("%") if isinstance(cell, str) else cell)
    if isinstance(cell, float) and 0 < number < 1:
        number *= 100
    share = number.quantize(Decimal(1), ROUND_HALF_UP) if 0 < number <= 100 else Decimal(0)
    if share < 1:
        raise CellError(f"{shown(cell)} doit être compris entre 1 et 100.")
    return int(share)


def _minutes(_column: Column, cell: Cell, _catalogue: Catalogue) -> int:
    return minutes(cell)


def minutes(cell: Cell) -> int:
    """A length in whole minutes, from 1 to 1440 (24 hours). Raises CellError."""
    number = _number(cell)
    if number != number.to_integral_value():
        raise CellError(f"{shown(cell)} n’est pas un nombre entier de minutes.")
    if number < 1:
        raise CellError(
            f"La durée {shown(cell)} est nulle ou négative : écrivez au moins 1 minute."
        )
    if number > LONGEST_DAY:
        raise CellError(f"La durée {shown(cell)} dépasse 24 heures (1440 minutes).")
    return int(number)


def _decimal(_column: Column, cell: Cell, _catalogue: Catalogue) -> Decimal:
    number = _number(cell)
    if not 0 <= number <= MOST_JOBS:
        raise CellError(f"{shown(cell)} doit être compris entre 0 et 99999,99.")
    try:
        rounded = number.quantize(Decimal("0.01"))
    except InvalidOperation:  # pragma: no cover - bounded above, kept for exotic exponents
        raise CellError(f"{shown(cell)} n’est pas un nombre.") from None
    noise = isinstance(cell, float) and abs(rounded - number) < Decimal("1e-9")
    if rounded != number and not noise:
        raise CellError(f"{shown(cell)} a plus de deux décimales.")
    return rounded


def _yes_no(_column: Column, cell: Cell, _catalogue: Catalogue) -> bool:
    if isinstance(cell, bool):
        return cell
    answer = normalise(cell) if isinstance(cell, str) else ""
    if answer in ("oui", "non"):
        return answer == "oui"
    raise CellError(f"{shown(cell)} n’est ni « oui » ni « non ».")


def _code(column: Column, cell: Cell, catalogue: Catalogue) -> str:
    code = str(cell).strip().upper()
    known = catalogue.codes[column.code_list or ""]
    if code not in known:
        raise CellError(
            f"Le code {shown(cell)} est inconnu : voyez la feuille « Listes » du modèle."
        )
    return code


def _commune(_column: Column, cell: Cell, catalogue: Catalogue) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    code = f"{cell:05d}" if isinstance(cell, int) and cell >= 0 else str(cell).strip().upper()
    if code in catalogue.communes:
        return code
    if not INSEE_CODE.fullmatch(code) or code[:2] in catalogue.departments:
        raise CellError(
            f"La commune {shown(cell)} est inconnue : écrivez son code INSEE à cinq chiffres "
            "(ce n’est pas le code postal)."
        )
    catalogue.outside.add(code)
    return code


def _list(column: Column, cell: Cell, catalogue: Catalogue) -> tuple[str, ...]:
    text = _text(column, cell, catalogue)
    return tuple(item for part in text.split(";") if (item := part.strip()))


_READERS: dict[Kind, Callable[[Column, Cell, Catalogue], Any]] = {
    Kind.TEXT: _name,
    Kind.LOCAL_ID: _text,
    Kind.LONG_TEXT: _text,
    Kind.EMAIL: _email,
    Kind.DATE: _date,
    Kind.BIRTH_DATE: _date,
    Kind.ASSIGNMENT_DATE: _date,
    Kind.INTEGER: _integer,
    Kind.PERCENT: _percent,
    Kind.MINUTES: _minutes,
    Kind.DECIMAL: _decimal,
    Kind.YES_NO: _yes_no,
    Kind.CODE: _code,
    Kind.COMMUNE: _commune,
    Kind.LIST: _list,
}
