"""Figures as French people read them, and back.

Thousands are parted by a narrow no-break space (U+202F), decimals by a comma, a negative figure
takes the minus sign U+2212. A figure is never rounded below what its table holds (two decimals
at most), so that what is printed can be read back as the figure of the JSON report.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from ramsess.reports.table import NOT_PUBLISHED, Column, Number, Row, Table, Unit

NARROW_SPACE = "\u202f"
MINUS = "\u2212"

_SUFFIXES = {Unit.PERCENT: f"{NARROW_SPACE}%", Unit.EUROS: f"{NARROW_SPACE}€"}
_FIXED = {Unit.FTE: 2, Unit.EUROS: 2}


def figure(value: Number, unit: Unit) -> str:
    """Return *value* as text: ``1 234``, ``1 234 h 05`` (minutes), ``1,50`` (fte), ``12 %``.

    Minutes are shown to the minute, and to its decimals where a quartile has some. Zero is
    ``0`` in every unit.
    """
    if not value:
        return "0"
    if unit is Unit.MINUTES:
        return _hours(value)
    return french_number(value, decimals(value, unit)) + _SUFFIXES.get(unit, "")


def cell_text(table: Table, row: Row, column: Column) -> str:
    """Return what the cell of *table* shows; nothing where a derived figure makes no sense, « s »
    where it is not published (Rule 15)."""
    if table.is_hidden(row.key, column.key):
        return NOT_PUBLISHED
    if table.is_blank(row, column):
        return ""
    value = table.value(row.key, column.key)
    return ("+" if column.signed and value > 0 else "") + figure(value, table.unit(row, column))


def decimals(value: Number, unit: Unit) -> int:
    """How many decimals show *value*: those of its unit, else as many as it has, up to two."""
    if unit in _FIXED:
        return _FIXED[unit]
    exponent = _hundredths(value).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def french_number(value: Number, places: int) -> str:
    """Return *value* with *places* decimals, halves away from zero."""
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    sign = MINUS if rounded < 0 else ""
    text = f"{abs(rounded):,}".replace(",", NARROW_SPACE).replace(".", ",")
    return sign + text


def french_plain(value: Number) -> str:
    """Return *value* for a program that reads French numbers: ``-1234,5``, no space, ASCII minus.

    Two decimals at most; that is what tables hold.
    """
    exact = _hundredths(value).normalize()
    return f"{exact if exact else Decimal(0):f}".replace(".", ",")


def read_figure(text: str, unit: Unit) -> Number:
    """Return the figure written as *text* by :func:`figure`; ValueError when it is none.

    The spaces inside may have become ordinary no-break spaces, as in some PDF readers.
    """
    plain = "".join(text.replace(MINUS, "-").replace(",", ".").split())
    plain = plain.replace("\u00a0", "").removesuffix("%").removesuffix("€")
    try:
        if unit is Unit.MINUTES and "h" in plain:
            hours, _, minutes = plain.partition("h")
            sign = -1 if hours.startswith("-") else 1
            return _number(abs(int(hours)) * 60 + Decimal(minutes)) * sign
        return _number(Decimal(plain))
    except (ArithmeticError, ValueError):
        raise ValueError(f"Ce n’est pas un nombre : {text!r}") from None


def _hours(minutes: Number) -> str:
    exact = _hundredths(minutes)
    hours, rest = divmod(abs(exact), 60)
    places = decimals(minutes, Unit.MINUTES)
    shown = french_number(int(hours), 0)
    rest_text = f"{rest:0{3 + places if places else 2}.{places}f}".replace(".", ",")
    sign = MINUS if exact < 0 else ""
    return f"{sign}{shown}{NARROW_SPACE}h{NARROW_SPACE}{rest_text}"


def _hundredths(value: Number) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _number(value: Decimal) -> Number:
    return int(value) if value == value.to_integral_value() else float(value)
