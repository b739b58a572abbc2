"""Where a figure leads: the page of the records that it counts (Rule 13)."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from ramsess.reports.report import Report
from ramsess.reports.table import Column, Row, Table

FIGURES = "/bilan/fiches"
#: What each limit is called in an address.
FIELDS = {"territory": "territoire", "sector": "secteur", "type": "type"}


def choice(report: Report, *, beside: bool = False) -> dict[str, str]:
    """What an address says of *report*; *beside*: of the network's tables beside a structure's."""
    asked = {"debut": report.period.first.isoformat(), "fin": report.period.last.isoformat()}
    if report.structure and not beside:
        asked["structure"] = report.structure.code
    if report.scheme:
        asked["dispositif"] = report.scheme[0]
    asked |= {FIELDS[name]: code for name, (code, _) in report.filters.items()}
    if report.compared:
        asked["comparer_debut"] = report.compared.first.isoformat()
        asked["comparer_fin"] = report.compared.last.isoformat()
    return asked


class Addresses:
    """The addresses of the figures of *report*; *site* stands before them."""

    def __init__(self, report: Report, site: str = "") -> None:
        self._report = report
        self._own, self._beside = (
            f"{site}{FIGURES}?{urlencode(choice(report, beside=beside))}"
            for beside in (False, True)
        )

    def __call__(self, table: Table, row: Row, column: Column) -> str:
        """The address of a figure; empty for one that leads nowhere: blank, hidden, or 0."""
        if (
            self._report.edition == "region"
            or table.is_hidden(row.key, column.key)
            or not table.value(row.key, column.key)
        ):
            return ""
        start = self._beside if self._report.beside.get(table.id) is table else self._own
        return f"{start}&tableau={table.id}&ligne={quote(row.key)}&colonne={quote(column.key)}"


def workbook_addresses(report: Report) -> Addresses | None:
    """The addresses as a file holds them: none when nobody knows where the pages are."""
    return Addresses(report, report.site) if report.site else None
