"""The report as its readers meet it, in Chromium."""

from __future__ import annotations

import io
import json
from pathlib import Path

import openpyxl
import pypdf
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from tests.browser.conftest import open_account, sign_in

CELL = '[data-key="CSL4/TOTAL"]'


def test_an_act_recorded_changes_the_report_and_its_files_at_once(
    page: Page, session: Session
) -> None:
    sign_in(page, open_account(session, "ana@demo.example", "adviser", "APEAS"))
    page.goto("/bilan/")
    expect(page.locator(f"#B08-tableau {CELL}")).to_have_text("0")
    page.goto("/")
    page.get_by_label("Type d’acte").select_option("CSL4")
    page.get_by_label("Durée").fill("1h15")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Acte enregistré.")
    page.get_by_role("link", name="Bilan", exact=True).click()
    expect(page.locator(f"#B08-tableau {CELL}")).to_have_text("1")
    expect(page.locator(f"#B09-tableau {CELL}")).to_have_text("1\u202fh\u202f15")

    files = {}
    for suffix, label in (("json", "JSON"), ("xlsx", "Classeur"), ("pdf", "PDF")):
        with page.expect_download() as download:
            page.get_by_role("link", name=label).click()
        files[suffix] = Path(download.value.path()).read_bytes()
    tables = json.loads(files["json"])["tables"]
    row = next(item for item in tables["B09"]["rows"] if item["key"] == "CSL4")
    assert row["values"]["TOTAL"] == 75
    book = openpyxl.load_workbook(io.BytesIO(files["xlsx"]))
    sheet = next(item for item in book if item.title.startswith("B08"))
    lines = [
        line
        for line in sheet.iter_rows(values_only=True)
        if str(line[0]).endswith("Statut juridique")
    ]
    assert [line[-1] for line in lines] == [1]
    text = "".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(files["pdf"])).pages)
    assert "Statut juridique" in text


def test_the_period_is_chosen_and_a_mistake_is_said(page: Page, session: Session) -> None:
    sign_in(page, open_account(session, "coordination@demo.example", "coordinator"))
    page.goto("/bilan/")
    page.get_by_label("Du", exact=True).fill("2009-01-01")
    page.get_by_label("Au", exact=True).fill("2009-12-31")
    page.get_by_label("Structure", exact=True).select_option("APEAS")
    page.get_by_role("button", name="Afficher").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("2009")
    expect(page.locator(".lead")).to_contain_text("APEAS")
    page.get_by_label("Au", exact=True).fill("2008-12-31")
    page.get_by_role("button", name="Afficher").click()
    expect(page.locator(".invalid-feedback")).to_have_text("Le dernier jour précède le premier.")
