"""The styles of the workbook: named, so that a cell carries a number and not a copy."""

from __future__ import annotations

from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side

from ramsess.reports.cells import DATE, TEXT
from ramsess.reports.table import RowKind

_SEA, _OCHRE, _SAND = "12466B", "B8730F", "FBF6E9"
_FILLS = {RowKind.SUBTOTAL: "EEF3F6", RowKind.TOTAL: "BCD9E8"}
_FAMILY = "Calibri"


class Styles:
    """Gives new cells in the styles of one workbook, making each style once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._known: set[str] = set()

    def title(self, sheet: Any) -> Any:
        """A cell for a sheet's title."""
        return self._cell(sheet, "titre", font=Font(name=_FAMILY, size=16, bold=True, color=_SEA))

    def subtitle(self, sheet: Any) -> Any:
        """A cell for a heading inside a sheet."""
        font = Font(name=_FAMILY, size=13, bold=True, color=_SEA)
        return self._cell(sheet, "intertitre", font=font)

    def prose(self, sheet: Any) -> Any:
        """A cell for a sentence, wrapped."""
        return self._cell(
            sheet,
            "phrase",
            font=Font(name=_FAMILY, size=11, italic=True, color="55646F"),
            alignment=Alignment(wrap_text=True, vertical="top"),
        )

    def comment(self, sheet: Any) -> Any:
        """A cell for what the coordinator says of the figures."""
        return self._cell(
            sheet,
            "commentaire",
            font=Font(name=_FAMILY, size=11),
            fill=PatternFill("solid", fgColor=_SAND),
            border=Border(left=Side(style="thick", color=_OCHRE)),
            alignment=Alignment(wrap_text=True, vertical="top", indent=1),
        )

    def link(self, sheet: Any) -> Any:
        """A cell for a link inside the workbook."""
        font = Font(name=_FAMILY, size=11, underline="single", color="0B5394")
        return self._cell(sheet, "lien", font=font, alignment=Alignment(vertical="top"))

    def header(self, sheet: Any, *, figures: bool, indent: int = 0) -> Any:
        """A cell for the heading of a column, of figures or of texts."""
        return self._cell(
            sheet,
            "en-tête de chiffres" if figures else f"en-tête {indent}",
            font=Font(name=_FAMILY, size=11, bold=True, color="FFFFFF"),
            fill=PatternFill("solid", fgColor=_SEA),
            alignment=Alignment(
                wrap_text=True,
                vertical="center",
                horizontal="right" if figures else "left",
                indent=indent,
            ),
        )

    def label(self, sheet: Any, kind: RowKind, level: int = 0) -> Any:
        """A cell for the label of a row."""
        name = f"libellé {kind.value} {level}"
        alignment = Alignment(
            horizontal="left", indent=min(level, 15), vertical="top", wrap_text=True
        )
        return self._row_cell(sheet, name, kind, TEXT, alignment)

    def figure(self, sheet: Any, kind: RowKind, number_format: str) -> Any:
        """A cell for a figure in *number_format*."""
        name = f"chiffre {kind.value} {number_format}"
        alignment = Alignment(horizontal="right", vertical="top")
        return self._row_cell(sheet, name, kind, number_format, alignment)

    def plain(self, sheet: Any, number_format: str, *, wrapped: bool = False) -> Any:
        """A cell without ornament: *wrapped* in the contents, else in a list."""
        name = f"valeur {number_format}{' à la ligne' if wrapped else ''}"
        left = number_format in (TEXT, DATE)
        return self._cell(
            sheet,
            name,
            font=Font(name=_FAMILY, size=11),
            alignment=Alignment(
                horizontal="left" if left else "right",
                vertical="top",
                wrap_text=wrapped,
                indent=1 if left and not wrapped else 0,
            ),
            number_format=number_format,
        )

    def left(self, sheet: Any, number_format: str = DATE) -> Any:
        """A cell for a date, or a number, among texts."""
        font = Font(name=_FAMILY, size=11)
        alignment = Alignment(horizontal="left", vertical="top")
        name = f"à gauche {number_format}"
        return self._cell(sheet, name, font=font, alignment=alignment, number_format=number_format)

    def _row_cell(
        self, sheet: Any, name: str, kind: RowKind, number_format: str, alignment: Alignment
    ) -> Any:
        options: dict[str, Any] = {}
        if kind in _FILLS:
            options["fill"] = PatternFill("solid", fgColor=_FILLS[kind])
        if kind is RowKind.TOTAL:
            options["border"] = Border(top=Side(style="thin", color=_SEA))
        return self._cell(
            sheet,
            name,
            font=Font(name=_FAMILY, size=11, bold=kind is not RowKind.DETAIL),
            alignment=alignment,
            number_format=number_format,
            **options,
        )

    def _cell(self, sheet: Any, name: str, **parts: Any) -> Any:
        full = f"RAMSESS {name}"
        if full not in self._known:
            self._book.add_named_style(NamedStyle(name=full, **parts))
            self._known.add(full)
        cell = WriteOnlyCell(sheet)
        cell.style = full
        return cell
