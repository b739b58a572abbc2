"""The pages of imports, wide and narrow: from a file handed in to its undoing."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest
from playwright.sync_api import Page
from sqlalchemy.orm import Session

from ramsess.exchange.importing import Importing
from ramsess.exchange.jobs import Work
from tests.browser.conftest import assert_accessible, open_account, screenshot, sign_in
from tests.exchange.test_imports import changed, full
from tests.exchange.workbooks import Book, day

ANNE = "anne@apeas.example"
PEOPLE = "Nom usuel;Prenom;Date naiss.;Genre\nFictive;Zoé;01/05/1980;Mme\nInventé;Léo;;Mr\n"


def hand_in(page: Page, path: Path) -> None:
    page.goto("/classeurs")
    page.get_by_label("Fichier (.xlsx ou .csv)").set_input_files(path)
    page.get_by_role("button", name="Vérifier").click()


@pytest.mark.parametrize("width", [1280, 360])
def test_an_import_from_file_to_undoing(
    page: Page, session: Session, tmp_path: Path, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look(name: str) -> None:
        assert_accessible(page)
        screenshot(page, f"{name}-{width}")

    sign_in(page, open_account(session, "ana@demo.example", "manager", "APEAS"))
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/classeurs")
    look("classeurs-vides")
    # With headings that are not quite ours.
    odd = full()
    for row in odd.rows["Actes"]:
        row["Durée (min)"] = row.pop("durée_minutes")
    titles = odd.headings["Actes"]
    titles[titles.index("durée_minutes")] = "Durée (min)"
    hand_in(page, odd.save(tmp_path))
    page.get_by_label("Durée (min)").wait_for()
    look("titres")
    page.get_by_role("button", name="Continuer").click()
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_text("Tout est enregistré").wait_for()
    # Slowly: the progress shows, and its page comes back by itself.
    over = Event()
    check = Importing.check

    def slow(self: Importing, *work: Work) -> None:
        work[2]("Vérification", 3, 6)  # type: ignore[arg-type]
        over.wait(20)
        check(self, *work)  # type: ignore[arg-type]

    monkeypatch.setattr(Importing, "check", slow)
    monkeypatch.setattr("ramsess.views.exchange.PATIENCE", 0.05)
    hand_in(page, changed().save(tmp_path))
    page.get_by_text("Vérification…").wait_for()
    look("avancement")
    over.set()
    page.get_by_text("Aucune erreur.").wait_for()
    monkeypatch.undo()
    look("classeur-verifie")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("link", name="Annuler cet import…").click()
    look("annulation")
    page.get_by_role("button", name="Annuler cet import").click()
    page.get_by_text("Cet import est annulé").wait_for()
    bad = Book("APEAS").adviser(ANNE).act("A9", "hier", ANNE, durée_minutes="une heure")
    bad.act("A10", day("2009-03-02"), "inconnue@apeas.example", type="CSL99")
    hand_in(page, bad.save(tmp_path))
    page.get_by_role("link", name="Télécharger votre fichier").wait_for()
    look("a-corriger")
    spreadsheet = tmp_path / "liste.csv"
    spreadsheet.write_text(PEOPLE, encoding="cp1252")
    hand_in(page, spreadsheet)
    page.get_by_label("Ce tableau liste des").select_option("Bénéficiaires")
    look("tableau")
    page.get_by_role("button", name="Continuer").click()
    page.get_by_label("« Mme »").select_option("F")
    page.get_by_label("« Mr »").select_option("M")
    page.get_by_label("Nom de cette lecture").fill("Liste de l’accueil")
    look("colonnes")
    page.get_by_role("button", name="Vérifier").click()
    page.get_by_text("Aucune erreur.").wait_for()
    page.goto("/classeurs/lectures")
    look("lectures")
    page.goto("/classeurs")
    look("classeurs")
