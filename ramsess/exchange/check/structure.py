"""The sheet Structure: whose workbook this is."""

from __future__ import annotations

from ramsess.exchange import layout
from ramsess.exchange.check.catalogue import Catalogue
from ramsess.exchange.check.cells import CellError, is_blank, shown, value_of
from ramsess.exchange.layout import VERSION
from ramsess.exchange.problems import Findings
from ramsess.exchange.workbook import Cell, Sheet
from ramsess.models.names import normalise

_COLUMNS = {normalise(column.name): column for column in layout.LAYOUTS[layout.STRUCTURE].columns}
_TITLES = {"cle"}


def read_structure(file: str, sheet: Sheet, catalogue: Catalogue, findings: Findings) -> str | None:
    """The structure's code, or None, reported, when the sheet does not say it well."""
    found: dict[str, tuple[int, Cell]] = {}
    for row in sheet.rows:
        key, value = (*row.cells, None, None)[:2]
        name = normalise(str(key)) if not is_blank(key) else ""
        if name in _TITLES or (not name and is_blank(value)):
            continue
        if name not in _COLUMNS:
            findings.notice(
                file, sheet.name, row.number, "clé",
                f"La clé {shown(key)} est inconnue : elle n’est pas lue.",
            )  # fmt: skip
        elif _COLUMNS[name].name in found:
            findings.problem(
                file, sheet.name, row.number, "clé", f"La clé {shown(key)} est donnée deux fois."
            )
        else:
            found[_COLUMNS[name].name] = (row.number, value)
    _check_version(file, sheet, found, catalogue, findings)
    _value("exercice", file, sheet, found, catalogue=catalogue, findings=findings)
    code = _value("code_structure", file, sheet, found, catalogue=catalogue, findings=findings)
    if code is None:
        return None
    code = str(code).upper()
    if code in catalogue.structures:
        return code
    findings.problem(
        file, sheet.name, found["code_structure"][0], "code_structure",
        f"La structure {shown(code)} est inconnue : les codes sont "
        f"{', '.join(sorted(catalogue.structures))}.",
    )  # fmt: skip
    return None


def _check_version(
    file: str,
    sheet: Sheet,
    found: dict[str, tuple[int, Cell]],
    catalogue: Catalogue,
    findings: Findings,
) -> None:
    version = _value("version", file, sheet, found, catalogue=catalogue, findings=findings)
    if version is not None and version != VERSION:
        findings.problem(
            file, sheet.name, found["version"][0], "version",
            f"La version {version} du classeur n’est pas connue : recopiez vos données dans le "
            f"modèle de la version {VERSION}.",
        )  # fmt: skip


def _value(
    name: str,
    file: str,
    sheet: Sheet,
    found: dict[str, tuple[int, Cell]],
    *,
    catalogue: Catalogue,
    findings: Findings,
) -> object:
    column = _COLUMNS[normalise(name)]
    number, cell = found.get(name, (None, None))
    if is_blank(cell):
        if column.required:
            findings.problem(
                file, sheet.name, number, name, f"La clé « {name} » manque : donnez sa valeur."
            )
        return None
    try:
        value: object = value_of(column, cell, catalogue)
    except CellError as wrong:
        findings.problem(file, sheet.name, number, name, str(wrong))
        return None
    return value
