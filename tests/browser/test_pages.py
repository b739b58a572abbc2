"""Every kind of page, wide and narrow, light and dark: axe-core finds nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ramsess.actions.retention import put_away
from ramsess.database import db
from ramsess.demo.loading import DemoSummary, load_demo
from ramsess.models import (
    Act,
    ActAdviser,
    Beneficiary,
    Diagnostic,
    DuplicatePair,
    ErasureRequest,
    GroupSession,
    Involvement,
    Meeting,
    Message,
    Orientation,
    Parcours,
    ParcoursBeneficiary,
    Plan,
    ReportingPeriod,
    Resource,
    Structure,
)
from ramsess.models.calendar import today
from tests.browser.conftest import assert_accessible, open_account, screenshot, sign_in
from tests.conftest import empty_records

Addresses = dict[str, str]


@pytest.fixture(scope="module")
def network(app: Flask) -> DemoSummary:
    """A small demo network."""
    with app.app_context():
        empty_records()
        summary = load_demo(db.session(), scale=0.04)
        db.session.commit()
    return summary


@pytest.fixture(scope="module")
def addresses(app: Flask, network: DemoSummary) -> Addresses:
    """The pages of the first adviser, by name."""
    code = network.accounts[0].structures[0]
    with app.app_context():
        parcours = db.session.scalars(
            select(Parcours)
            .where(Parcours.lead.has(code=code), Parcours.exited_on.is_(None))
            .order_by(Parcours.id)
        ).first()
        closed = db.session.scalars(
            select(Parcours)
            .where(Parcours.lead.has(code=code), Parcours.exited_on.is_not(None))
            .order_by(Parcours.id)
        ).first()
        assert parcours
        assert closed
        person = db.session.scalars(
            select(ParcoursBeneficiary).where(ParcoursBeneficiary.parcours_id == parcours.id)
        ).first()
        mine = Act.structure.has(code=code)
        held = db.session.scalars(select(Act).join(GroupSession).where(mine)).first()
        act = db.session.scalars(
            select(Act)
            .join(ActAdviser, ActAdviser.act_id == Act.id)
            .where(mine, Act.parcours_id == parcours.id)
        ).first()
        resource = db.session.scalars(select(Resource).order_by(Resource.id)).first()
        # One that is still being written in, and a plan, of a structure of hers.
        written = db.session.scalars(
            select(Diagnostic)
            .join(Involvement, Involvement.parcours_id == Diagnostic.parcours_id)
            .where(
                Involvement.structure.has(Structure.code.in_(network.accounts[0].structures)),
                Involvement.left_on.is_(None),
            )
            .order_by(Diagnostic.validated_on.is_not(None), Diagnostic.id)
        ).all()
        plan = db.session.scalars(
            select(Plan).where(Plan.parcours_id.in_([one.parcours_id for one in written]))
        ).first()
        assert plan
        meeting = db.session.scalars(select(Act).join(Meeting, Meeting.act_id == Act.id)).one()
        ahead = db.session.scalars(select(Act).where(Act.done_on > today())).one()
        spoken = db.session.scalars(select(Message).where(Message.parcours_id.is_not(None))).first()
        assert person
        assert resource
        assert held
        assert act
        asked, sent = (
            db.session.scalars(
                select(Orientation)
                .where(way.has(code=code), Orientation.answer.is_(None))
                .order_by(Orientation.id)
            ).first()
            for way in (Orientation.to_structure, Orientation.from_structure)
        )
        assert asked
        assert sent
        assert spoken
        assert spoken.parcours
        told, alike = (
            db.session.scalars(
                select(DuplicatePair)
                .where(DuplicatePair.told_on.is_not(None) if across else
                       DuplicatePair.told_on.is_(None))
                .order_by(DuplicatePair.id)
            ).first()
            for across in (True, False)
        )  # fmt: skip
        assert told
        assert alike
        year = network.last_year
        return {
            "accueil": "/",
            "actes": "/actes",
            "actes-filtres": f"/actes?du={year}-01-01&tri=-type",
            "acte": f"/actes/{act.public_id}",
            "acte-corriger": f"/actes/{act.public_id}/corriger",
            "acte-nouveau": "/actes/nouveau",
            "bilan": f"/bilan/?debut={year}-01-01&fin={year}-12-31",
            "bilan-structure": f"/bilan/?debut={year}-01-01&fin={year}-12-31&structure={code}",
            "bilan-fiches": f"/bilan/fiches?debut={year}-01-01&fin={year}-12-31"
            "&tableau=B10&ligne=TOTAL&colonne=attendances",
            "bilan-limite": f"/bilan/?debut={year}-01-01&fin={year}-12-31&territoire=13"
            f"&comparer_debut={year - 1}-01-01&comparer_fin={year - 1}-06-30",
            "ce-qui-manque": f"/qualite?debut={year}-01-01&fin={year}-12-31",
            "ce-qui-manque-fiches": f"/qualite/fiches?debut={year}-01-01&fin={year}-12-31",
            "diagnostic": f"/diagnostics/{written[0].public_id}",
            "diagnostics": f"/parcours/{plan.parcours.reference}/diagnostic",
            "doublon": f"/doublons/{alike.public_id}",
            "doublons": "/doublons",
            "echeances": "/echeances",
            "echanges": "/echanges",
            "echanges-parcours": f"/parcours/{spoken.parcours.reference}/echanges",
            "chercher": "/chercher",
            "introuvable": "/rien",
            "listes": "/listes",
            "parcours-filtres": "/parcours?etat=attente",
            "orientation": f"/orientations/{sent.public_id}",
            "orientation-recue": f"/orientations/recues/{asked.public_id}",
            "orienter": f"/parcours/{parcours.reference}/orienter",
            "orientations": "/orientations",
            "parcours": "/parcours",
            "parcours-clos": f"/parcours/{closed.reference}",
            "parcours-completer": f"/parcours/{parcours.reference}/completer",
            "parcours-fiche": f"/parcours/{parcours.reference}",
            "parcours-nouveau": "/parcours/nouveau",
            "parcours-rejoindre": "/parcours/rejoindre",
            "parcours-sortie": f"/parcours/{parcours.reference}/sortie",
            "personne": f"/personnes/{person.beneficiary.public_id}",
            "personne-journal": f"/personnes/{person.beneficiary.public_id}/journal",
            "personne-corriger": f"/personnes/{person.beneficiary.public_id}/corriger",
            "personne-nouvelle": "/personnes/nouvelle",
            "personnes-a-informer": "/personnes/a-informer",
            "personnes": "/personnes",
            "rapprochement": f"/rapprochements/{told.public_id}",
            "periodes": "/periodes",
            "periode": periods(db.session())["t4"],
            "ressource": f"/ressources/{resource.public_id}",
            "ressource-nouvelle": "/ressources/nouvelle",
            "ressources": "/ressources",
            "plan": f"/parcours/{plan.parcours.reference}/plan",
            "plan-action": f"/actions/{plan.actions[0].public_id}/corriger",
            "reunion": f"/reunions/{meeting.public_id}",
            "reunion-nouvelle": "/reunions/nouvelle",
            "reunions": "/reunions",
            "seance-a-venir": f"/seances/{ahead.public_id}",
            "seance": f"/seances/{held.public_id}",
            "seance-corriger": f"/seances/{held.public_id}/corriger",
            "seance-nouvelle": "/seances/nouvelle",
            "seances": "/seances",
            "semaine": "/ma-semaine",
            "semaine-calendrier": "/ma-semaine/calendrier",
            "semaine-coller": "/ma-semaine/coller",
            "serie": "/actes/serie",
        }


@pytest.fixture(params=[1280, 360])
def view(
    request: pytest.FixtureRequest, browser: Browser, address: str, network: DemoSummary
) -> Iterator[Page]:
    """A signed-in page of each width."""
    context = browser.new_context(
        base_url=address,
        locale="fr-FR",
        viewport={"width": request.param, "height": 900},
    )
    page = context.new_page()
    sign_in(page, network.accounts[0].email, network.password)
    yield page
    context.close()


def test_the_page_to_sign_in_is_accessible(view: Page) -> None:
    view.get_by_role("button", name="Se déconnecter").click()
    view.wait_for_url("**/connexion")
    assert_accessible(view)


def test_every_page_is_accessible(
    view: Page, addresses: Addresses, request: pytest.FixtureRequest
) -> None:
    width = request.node.callspec.params["view"]
    for name, path in addresses.items():
        view.goto(path)
        assert_accessible(view)
        screenshot(view, f"{name}-{width}")


def test_the_history_and_the_way_back_are_accessible(
    view: Page, addresses: Addresses, request: pytest.FixtureRequest
) -> None:
    width = request.node.callspec.params["view"]
    view.goto(addresses["acte-corriger"])
    view.get_by_label("Note").fill(f"Relu à {width} px")
    view.get_by_role("button", name="Enregistrer").last.click()
    view.get_by_role("button", name="Annuler l’enregistrement").wait_for()
    assert_accessible(view)
    screenshot(view, f"annuler-{width}")
    for name in ("acte", "parcours-fiche", "personne", "seance"):
        view.goto(f"{addresses[name]}/historique")
        assert_accessible(view)
        screenshot(view, f"{name}-historique-{width}")


def test_every_form_that_is_refused_is_accessible(view: Page, addresses: Addresses) -> None:
    for name in (
        "personne-nouvelle", "parcours-nouveau", "orienter", "seance-nouvelle", "acte-nouveau",
        "ressource-nouvelle",
    ):  # fmt: skip
        view.goto(addresses[name])
        if name == "acte-nouveau":
            view.get_by_label("Durée").first.fill("une heure")
        view.locator("main form button[type=submit]").last.click()
        view.locator(".invalid-feedback").first.wait_for()
        assert_accessible(view)


def test_the_page_of_workbooks_is_accessible(
    view: Page, app: Flask, network: DemoSummary, request: pytest.FixtureRequest
) -> None:
    view.get_by_role("button", name="Se déconnecter").click()
    manager = next(item for item in network.accounts if item.role == "manager")
    sign_in(view, manager.email, network.password)
    view.goto("/classeurs")
    assert_accessible(view)
    width = request.node.callspec.params["view"]
    screenshot(view, f"classeurs-{width}")
    view.goto(f"/reseau/structures/{manager.structures[0]}/positionnement")
    assert_accessible(view)
    screenshot(view, f"positionnement-{width}")
    view.get_by_label("Site").fill("site.exemple")
    view.get_by_role("button", name="Enregistrer et publier").click()
    view.locator(".invalid-feedback").first.wait_for()
    assert_accessible(view)
    with app.app_context():
        there = periods(db.session())
    for name, path in (
        ("accueil", "/"),
        ("periodes", "/periodes"),
        ("periode-rendue", there["t4"]),
        ("periode-a-rendre", there["année"]),
    ):
        view.goto(path)
        assert_accessible(view)
        screenshot(view, f"responsable-{name}-{width}")
    view.goto("/postes")
    assert_accessible(view)
    screenshot(view, f"postes-{width}")
    view.locator(".record-list a").first.click()
    assert_accessible(view)
    screenshot(view, f"poste-{width}")


def test_the_pages_of_the_structures_are_accessible(
    view: Page, network: DemoSummary, request: pytest.FixtureRequest
) -> None:
    view.get_by_role("button", name="Se déconnecter").click()
    admin = next(item for item in network.accounts if item.role == "admin")
    sign_in(view, admin.email, network.password)
    width = request.node.callspec.params["view"]
    for name, path in (
        ("structures", "/structures"),
        ("structure", "/structures/APEAS"),
        ("structure-arrivee", "/structures/KADO"),
        ("structure-nouvelle", "/structures/nouvelle"),
    ):
        view.goto(path)
        assert_accessible(view)
        screenshot(view, f"{name}-{width}")


def test_the_pages_of_the_coordination_are_accessible(
    view: Page, app: Flask, network: DemoSummary, request: pytest.FixtureRequest
) -> None:
    view.get_by_role("button", name="Se déconnecter").click()
    coordinator = next(item for item in network.accounts if item.role == "coordinator")
    sign_in(view, coordinator.email, network.password)
    width = request.node.callspec.params["view"]
    year = network.last_year
    with app.app_context():
        there = periods(db.session())
    for name, path in (
        ("coordination-accueil", "/"),
        ("coordination-periodes", "/periodes"),
        ("coordination-ouvrir", f"/periodes/ouvrir?annee={year}"),
        ("coordination-periode", there["t4"]),
        ("coordination-annee", there["année"]),
        ("coordination-consolidee", there["t2"]),
        ("coordination-doublons", "/doublons/reseau"),
        ("coordination-manque", f"/qualite?debut={year}-01-01&fin={year}-12-31"),
        ("coordination-classeurs", "/classeurs"),
        (
            "coordination-fiches",
            f"/bilan/fiches?debut={year}-01-01&fin={year}-12-31&tableau=B08&ligne=TOTAL"
            "&colonne=SHARED",
        ),
        ("coordination-secret", f"/bilan/secret?debut={year}-01-01&fin={year}-12-31"),
    ):
        view.goto(path)
        assert view.locator("h1").inner_text() != "Page introuvable"
        assert_accessible(view)
        screenshot(view, f"{name}-{width}")


def test_the_journal_is_accessible(
    view: Page, network: DemoSummary, request: pytest.FixtureRequest
) -> None:
    view.get_by_role("button", name="Se déconnecter").click()
    officer = next(item for item in network.accounts if item.role == "dpo")
    sign_in(view, officer.email, network.password)
    view.goto("/journal")
    view.get_by_role("button", name="Vérifier toute la chaîne").click()
    view.get_by_text("Chaîne intacte").wait_for()
    assert_accessible(view)
    width = request.node.callspec.params["view"]
    screenshot(view, f"journal-{width}")
    view.goto("/journal?debut=2020-01-02&fin=2020-01-01")
    view.locator(".invalid-feedback").first.wait_for()
    assert_accessible(view)


def test_the_pages_of_the_rights_are_accessible(
    view: Page,
    app: Flask,
    addresses: Addresses,
    network: DemoSummary,
    request: pytest.FixtureRequest,
) -> None:
    width = request.node.callspec.params["view"]
    public_id = addresses["personne"].rsplit("/", 1)[-1]
    with app.app_context():
        person = db.session.scalars(
            select(Beneficiary).where(Beneficiary.public_id == public_id)
        ).one()
        structure = db.session.scalars(
            select(Structure).where(Structure.code == network.accounts[0].structures[0])
        ).one()
        email = f"responsable-{width}@demo.example"
        manager = open_account(db.session(), email, "manager", structure.code)
        officer = open_account(db.session(), f"dpo-{width}@demo.example", "dpo")
        archive(db.session(), f"Archivée-{width}")
        asked = ErasureRequest(
            person_id=person.id, structure_id=structure.id, reason_code="DEM", answer="refused",
            answered_at=func.now(),
        )  # fmt: skip
        db.session.add(asked)
        db.session.commit()
    view.get_by_role("button", name="Se déconnecter").click()
    sign_in(view, manager)
    view.goto(addresses["personne"])
    view.evaluate("document.querySelectorAll('main details').forEach((one) => (one.open = true))")
    assert_accessible(view)
    screenshot(view, f"personne-droits-{width}")
    view.get_by_role("button", name="Demander l’effacement").click()
    view.get_by_text("en attente de la réponse").wait_for()
    assert_accessible(view)
    view.get_by_role("button", name="Se déconnecter").click()
    sign_in(view, officer)
    view.goto("/protection")
    assert_accessible(view)
    screenshot(view, f"demandes-{width}")
    view.get_by_role("link", name="Archivée").first.click()
    assert_accessible(view)
    view.get_by_label("Pour confirmer").fill("rien")
    view.get_by_role("button", name="Effacer la personne").click()
    view.locator(".invalid-feedback").first.wait_for()
    assert_accessible(view)
    screenshot(view, f"dossier-{width}")
    view.goto("/protection")
    view.get_by_role("button", name="Refuser").first.click()
    view.get_by_text("Demande refusée").wait_for()


def periods(session: Session) -> Addresses:
    """The periods of the demo, by what its last year calls them."""
    found = session.scalars(select(ReportingPeriod).order_by(ReportingPeriod.first_on))
    return {one.short_label.lower(): f"/periodes/{one.public_id}" for one in found}


def archive(session: Session, first_name: str) -> None:
    """Somebody whose identity was put away."""
    person = Beneficiary(last_name="Fictif", first_name=first_name)
    session.add(person)
    session.flush()
    put_away(session, person, day=dt.date(2020, 1, 1))


def test_the_check_finds_a_planted_fault(view: Page) -> None:
    view.goto("/personnes")
    view.evaluate("document.querySelector('main').style.opacity = 0.3")
    with pytest.raises(AssertionError, match="color-contrast"):
        assert_accessible(view)
    view.goto("/personnes")
    view.evaluate("document.querySelector('main label').remove()")
    with pytest.raises(AssertionError, match="label"):
        assert_accessible(view)
    # Pale on white is seen in the light, dark on black in the dark alone.
    view.goto("/personnes")
    view.evaluate(
        "const sheet = new CSSStyleSheet();"
        "sheet.replaceSync('@media (prefers-color-scheme: dark) { main * { color: #222 } }');"
        "document.adoptedStyleSheets = [sheet]"
    )
    with pytest.raises(AssertionError, match="dark"):
        assert_accessible(view)
