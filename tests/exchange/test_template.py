"""The template to download, filled in, comes back as it is."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
from sqlalchemy.orm import Session

from ramsess.exchange import layout
from ramsess.exchange.applying import import_workbooks
from ramsess.exchange.template import write_template
from ramsess.models import Scheme
from tests.exchange.workbooks import HEADINGS, day

ANNE = "anne@apeas.example"


def template(session: Session, code: str | None = "APEAS") -> openpyxl.Workbook:
    target = io.BytesIO()
    write_template(session, target, code)
    target.seek(0)
    return openpyxl.load_workbook(target)


def test_it_has_every_sheet_and_heading(session: Session) -> None:
    book = template(session)
    assert book.sheetnames == [layout.GUIDE, *HEADINGS, layout.LISTS]
    for name, headings in HEADINGS.items():
        if name != layout.STRUCTURE:
            assert [cell.value for cell in book[name][1]] == headings
            assert all(cell.comment for cell in book[name][1])
            assert book[name].freeze_panes == "B2"
    values = {row[0].value: row[1].value for row in book["Structure"].iter_rows(min_row=2)}
    assert (values["version"], values["code_structure"]) == (1, "APEAS")


def test_required_headings_differ_and_the_guide_explains_each(session: Session) -> None:
    book = template(session)
    fills = {cell.value: cell.fill.fgColor.rgb for cell in book["Actes"][1]}
    assert fills["date"] != fills["modalité"]
    explained = {row[0].value for row in book[layout.GUIDE].iter_rows()}
    assert {heading for headings in HEADINGS.values() for heading in headings} <= explained


def test_its_lists_are_the_codes_in_force(session: Session) -> None:
    session.get(Scheme, "FSE").valid_to = day("2008-12-31")
    session.flush()
    book = template(session)
    session.rollback()
    rules = {str(rule.sqref): rule for rule in book["Actes"].data_validations.dataValidation}
    rule = next(rule for cells, rule in rules.items() if cells.startswith("L2:"))
    assert rule.formula1 == "=liste_schemes"
    ((sheet, cells),) = book.defined_names["liste_schemes"].destinations
    codes = [row[0].value for row in book[sheet][cells.replace("$", "")]]
    assert codes == ["DRA", "DLA", "DEP", "VILLE", "ETAT", "AUT", "NF"]


def test_filled_in_it_can_be_imported(session: Session, tmp_path: Path) -> None:
    book = template(session)
    book["Conseillers"].append([ANNE, "Exemple", "Anne", 100, day("2005-01-01")])
    book["Bénéficiaires"].append(["B1", "Ben-Ali", "Éloïse", day("1980-05-01"), "F", "04001"])
    book["Parcours"].append(
        ["P1", "B1", "Épicerie", "ASSO", "AGR", "13201", day("2009-02-01"), "EME"]
    )
    book["Actes"].append(["A1", day("2009-03-02"), "CSL1", ANNE, "P1", 60, "P"])
    book["Séances"].append(["S1", day("2009-04-01"), "COL1", "Atelier", ANNE, 120])
    path = tmp_path / "filled.xlsx"
    book.save(path)
    result = import_workbooks(session, [path])
    assert (result.problems, result.notices) == ([], [])
    assert sum(result.created.values()) == 5


def test_empty_it_is_accepted_too(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "empty.xlsx"
    write_template(session, path, "KADO")
    result = import_workbooks(session, [path])
    assert (result.problems, result.notices) == ([], [])
