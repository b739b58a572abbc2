"""Every kind of bad input: a French sentence at its sheet, row and column; nothing written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from ramsess.exchange.applying import import_sheets
from ramsess.exchange.problems import ImportResult
from ramsess.exchange.workbook import Formula, Unreadable
from ramsess.models import Phase
from ramsess.models.calendar import today
from tests.exchange.workbooks import Book, day, everything

ANNE, BOB = "anne@apeas.example", "bob@kado.example"


def base() -> Book:
    """A workbook without fault."""
    return (
        Book("APEAS")
        .adviser(ANNE)
        .person("B1", date_naissance=day("1980-05-01"))
        .parcours("P1", "B1", day("2009-02-01"), date_sortie=day("2009-10-31"), motif_sortie="CRE")
        .act("A1", day("2009-03-02"), ANNE, parcours="P1")
        .group("S1", day("2009-04-01"), ANNE, participants="B1")
    )


def put(sheet: str, **values: Any) -> Callable[[Book], None]:
    """Type *values* in the first row of *sheet*."""

    def change(book: Book) -> None:
        book.rows[sheet][0] |= values

    return change


def twice(sheet: str) -> Callable[[Book], None]:
    def change(book: Book) -> None:
        book.rows[sheet].append(dict(book.rows[sheet][0]))

    return change


def said(**values: Any) -> Callable[[Book], None]:
    def change(book: Book) -> None:
        book.structure |= values

    return change


def untitled(sheet: str, heading: str) -> Callable[[Book], None]:
    def change(book: Book) -> None:
        book.headings[sheet].remove(heading)

    return change


def titled_twice(book: Book) -> None:
    book.headings["Actes"].append("Durée minutes")


def without(sheet: str) -> Callable[[Book], None]:
    return lambda book: book.without.add(sheet)


def structure_of(adviser: str) -> Callable[[Book], None]:
    def change(book: Book) -> None:
        book.rows["Actes"][0]["conseiller"] = adviser

    return change


# Not tomorrow, which is today when midnight comes between the collection and the test.
TO_COME = today() + dt.timedelta(days=2)

CASES: dict[str, tuple[Callable[[Book], None], tuple[str, int | None, str | None], str]] = {
    "act in the future": (put("Actes", date=TO_COME), ("Actes", 2, "date"), "futur"),
    "act before 1990": (put("Actes", date="31/12/1989"), ("Actes", 2, "date"), "01/01/1990"),
    "no such day": (put("Actes", date="30/02/2009"), ("Actes", 2, "date"), "calendrier"),
    "no date": (put("Actes", date="hier"), ("Actes", 2, "date"), "JJ/MM/AAAA"),
    "a number for a date": (put("Actes", date=39825), ("Actes", 2, "date"), "JJ/MM/AAAA"),
    "an hour with the date": (
        put("Actes", date=dt.datetime(2009, 3, 2, 10, 30)), ("Actes", 2, "date"), "heure"),
    "exit before entry": (
        put("Parcours", date_sortie="31/01/2009"), ("Parcours", 2, "date_sortie"), "précède"),
    "outcome without exit": (
        put("Parcours", date_sortie=None), ("Parcours", 2, "motif_sortie"), "date de sortie"),
    "zero minutes": (put("Actes", durée_minutes=0), ("Actes", 2, "durée_minutes"), "1 minute"),
    "over 24 hours": (put("Actes", durée_minutes=1441), ("Actes", 2, "durée_minutes"), "24 heures"),
    "half a minute": (put("Actes", durée_minutes=10.5), ("Actes", 2, "durée_minutes"), "entier"),
    "endless minutes": (put("Actes", durée_minutes="1E9"), ("Actes", 2, "durée_minutes"), "nombre"),
    "text for a number": (
        put("Actes", durée_minutes="une heure"), ("Actes", 2, "durée_minutes"), "nombre"),
    "yes for a number": (put("Actes", durée_minutes=True), ("Actes", 2, "durée_minutes"), "nombre"),
    "negative heads": (
        put("Actes", personnes_anonymes=-1), ("Actes", 2, "personnes_anonymes"), "compris entre"),
    "act before the involvement": (
        put("Actes", date="31/01/2009"), ("Actes", 2, "date"), "participation"),
    "act after the exit": (put("Actes", date="01/11/2009"), ("Actes", 2, "date"), "participation"),
    "unknown commune": (
        put("Actes", commune_insee=13999), ("Actes", 2, "commune_insee"), "INSEE"),
    "a postcode elsewhere": (
        put("Actes", commune_insee="F-75001"), ("Actes", 2, "commune_insee"), "INSEE"),
    "unknown act type": (put("Actes", type="CSL99"), ("Actes", 2, "type"), "inconnu"),
    "unknown modality": (put("Actes", modalité="X"), ("Actes", 2, "modalité"), "inconnu"),
    "unknown scheme": (put("Séances", dispositif="ZZ"), ("Séances", 2, "dispositif"), "inconnu"),
    "unknown phase": (
        put("Parcours", phase_entrée="ABC"), ("Parcours", 2, "phase_entrée"), "inconnu"),
    "phase reached when": (
        put("Parcours", phase_actuelle="DEM"), ("Parcours", 2, "date_phase_actuelle"), "date"),
    "phase before the entry": (
        put("Parcours", phase_actuelle="DEM", date_phase_actuelle="01/01/2009"),
        ("Parcours", 2, "date_phase_actuelle"), "précède"),
    "neither yes nor no": (
        put("Bénéficiaires", rsa="peut-être"), ("Bénéficiaires", 2, "rsa"), "oui"),
    "born in two days": (
        put("Bénéficiaires", date_naissance=TO_COME), ("Bénéficiaires", 2, "date_naissance"),
        "futur"),
    "no name": (put("Bénéficiaires", nom=" "), ("Bénéficiaires", 2, "nom"), "obligatoire"),
    "a name of signs": (put("Bénéficiaires", nom="--"), ("Bénéficiaires", 2, "nom"), "lettre"),
    "a long name": (put("Bénéficiaires", nom="x" * 121), ("Bénéficiaires", 2, "nom"), "120"),
    "a name that swells": (
        put("Bénéficiaires", nom="\ufdfa" * 50), ("Bénéficiaires", 2, "nom"), "trop longs"),
    "control character": (
        put("Bénéficiaires", nom="Du\x00pont"), ("Bénéficiaires", 2, "nom"), "invisible"),
    "half a character": (
        put("Actes", commentaire="\ud83d"), ("Actes", 2, "commentaire"), "invisible"),
    "a date for a name": (
        put("Bénéficiaires", nom=dt.date(2009, 1, 1)), ("Bénéficiaires", 2, "nom"), "texte"),
    "a formula": (put("Actes", durée_minutes=Formula("=30+30")), ("Actes", 2, "durée_minutes"),
                  "formule"),
    "an error cell": (put("Actes", date=Unreadable("#REF!")), ("Actes", 2, "date"), "#REF!"),
    "same id in a sheet": (twice("Actes"), ("Actes", 3, "id_local"), "ligne 2"),
    "same person id": (twice("Bénéficiaires"), ("Bénéficiaires", 3, "id_local"), "ligne 2"),
    "unknown person": (put("Parcours", bénéficiaires="B1;B7"), ("Parcours", 2, "bénéficiaires"),
                       "« B7 »"),
    "no person": (put("Parcours", bénéficiaires=" ; "), ("Parcours", 2, "bénéficiaires"),
                  "obligatoire"),
    "unknown participant": (put("Séances", participants="B8"), ("Séances", 2, "participants"),
                            "« B8 »"),
    "unknown person received": (put("Actes", bénéficiaire="B9"), ("Actes", 2, "bénéficiaire"),
                                "« B9 »"),
    "unknown parcours": (put("Actes", parcours="P9"), ("Actes", 2, "parcours"), "« P9 »"),
    "unknown adviser": (structure_of(BOB), ("Actes", 2, "conseiller"), "Conseillers"),
    "no e-mail": (structure_of("Anne"), ("Actes", 2, "conseiller"), "adresse"),
    "unknown co-adviser": (put("Actes", co_conseillers=f"{BOB}:30"), ("Actes", 2, "co_conseillers"),
                           "inconnue"),
    "co-adviser without minutes": (
        put("Actes", co_conseillers=ANNE), ("Actes", 2, "co_conseillers"), "minutes"),
    "co-adviser with bad minutes": (
        put("Actes", co_conseillers=f"{ANNE}:2h"), ("Actes", 2, "co_conseillers"), "nombre"),
    "co-adviser twice": (
        put("Actes", co_conseillers=f"{ANNE}:30"), ("Actes", 2, "co_conseillers"), "deux fois"),
    "co-adviser of no such structure": (
        put("Actes", co_conseillers=f"{ANNE}/NADA:30"), ("Actes", 2, "co_conseillers"), "NADA"),
    "co-adviser of another structure": (
        put("Actes", co_conseillers=f"{ANNE}/KADO:30"), ("Actes", 2, "co_conseillers"), "affecté"),
    "co-adviser unreadable": (
        put("Actes", co_conseillers=":"), ("Actes", 2, "co_conseillers"), "adresse"),
    "animator twice": (
        put("Séances", animateurs=f"{ANNE};{ANNE}:5"), ("Séances", 2, "animateurs"), "deux fois"),
    "no animator": (put("Séances", animateurs=None), ("Séances", 2, "animateurs"), "obligatoire"),
    "jobs with three decimals": (
        put("Parcours", emplois_créés="1,234"), ("Parcours", 2, "emplois_créés"), "décimales"),
    "negative jobs": (put("Parcours", emplois_créés=-1), ("Parcours", 2, "emplois_créés"), "0"),
    "unknown network reference": (
        put("Parcours", référence_réseau="P-2009-0042"), ("Parcours", 2, "référence_réseau"),
        "introuvable"),
    "unknown lead line": (
        put("Parcours", référence_réseau="KADO/P1"), ("Parcours", 2, "référence_réseau"),
        "introuvable"),
    "a parcours that takes part in itself": (
        put("Parcours", référence_réseau="APEAS/P1"), ("Parcours", 2, "référence_réseau"),
        "introuvable"),
    "adviser twice": (twice("Conseillers"), ("Conseillers", 3, "courriel"), "déjà"),
    "adviser left before": (
        put("Conseillers", depuis="02/01/2009", **{"jusqu'à": "01/01/2009"}),
        ("Conseillers", 2, "jusqu'à"), "précède"),
    "share over 100": (put("Conseillers", quotité=120), ("Conseillers", 2, "quotité"), "100"),
    "version 2": (said(version=2), ("Structure", 2, "version"), "version 1"),
    "version in words": (said(version="un"), ("Structure", 2, "version"), "nombre"),
    "unknown structure": (said(code_structure="NADA"), ("Structure", 3, "code_structure"), "NADA"),
    "no structure": (said(code_structure=None), ("Structure", 3, "code_structure"), "manque"),
    "odd year": (said(exercice=12), ("Structure", 4, "exercice"), "1990"),
    "missing sheet": (without("Séances"), ("Séances", None, None), "manque"),
    "missing structure sheet": (without("Structure"), ("Structure", None, None), "manque"),
    "missing heading": (
        untitled("Actes", "durée_minutes"), ("Actes", 1, "durée_minutes"), "manque"),
    "double heading": (titled_twice, ("Actes", 1, "durée_minutes"), "Deux colonnes"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_bad_input_is_located_and_writes_nothing(session: Session, case: str) -> None:
    change, (sheet, row, column), words = CASES[case]
    book = base()
    change(book)
    before = everything(session)
    result = import_sheets(session, [book.sheets()])
    session.commit()
    found = [(item.file, item.sheet, item.row, item.column) for item in result.problems]
    assert found == [("APEAS.xlsx", sheet, row, column)]
    assert words in result.problems[0].message.replace("\u00a0", " ")
    assert everything(session) == before


def test_the_workbook_without_fault_passes(session: Session) -> None:
    result = import_sheets(session, [base().sheets()])
    assert (result.problems, result.notices) == ([], [])


def test_every_error_is_told_at_once(session: Session) -> None:
    book = base()
    book.rows["Actes"][0] |= {"date": "x", "type": "y", "durée_minutes": 0, "conseiller": "z"}
    book.rows["Séances"][0]["participants"] = "B1;B7;B8"
    assert len(problems(session, book)) == 6


def problems(session: Session, *books: Book) -> list[tuple[str, str, int | None, str | None]]:
    result = import_sheets(session, [book.sheets() for book in books])
    return [(item.file, item.sheet, item.row, item.column) for item in result.problems]


def test_closed_code(session: Session) -> None:
    session.get(Phase, "EME").valid_to = day("2008-12-31")
    assert problems(session, base()) == [("APEAS.xlsx", "Parcours", 2, "phase_entrée")]
    session.rollback()


def kado() -> Book:
    return Book("KADO").adviser(BOB).person("K1", "NomB1", date_naissance=day("1980-05-01"))


def taking_part(reference: str = "APEAS/P1", **more: Any) -> Book:
    return kado().parcours("Z1", "K1", day("2009-03-01"), référence_réseau=reference, **more)


def test_act_outside_the_participation(session: Session) -> None:
    book = taking_part(date_sortie=day("2009-04-30"))
    book.act("A1", day("2009-05-01"), BOB, parcours="Z1")
    book.act("A2", day("2009-02-28"), BOB, parcours="Z1")
    book.act("A3", day("2009-04-30"), BOB, parcours="Z1")
    assert problems(session, base(), book) == [
        ("KADO.xlsx", "Actes", 2, "date"),
        ("KADO.xlsx", "Actes", 3, "date"),
    ]


def test_participation_outside_the_parcours_is_only_a_notice(session: Session) -> None:
    result = import_sheets(
        session, [base().sheets(), taking_part(date_sortie=day("2009-12-31")).sheets()]
    )
    assert result.problems == []
    assert [(n.sheet, n.column) for n in result.notices if "dépasse" in n.message] == [
        ("Parcours", "date_entrée")
    ]


def test_lines_that_name_each_other_in_a_ring(session: Session) -> None:
    one, two = base(), taking_part()
    one.rows["Parcours"][0]["référence_réseau"] = "KADO/Z1"
    found = problems(session, one, two)
    assert ("APEAS.xlsx", "Parcours", 2, "référence_réseau") in found
    assert ("KADO.xlsx", "Parcours", 2, "référence_réseau") in found


def test_overlapping_stays(session: Session) -> None:
    book = taking_part()
    book.parcours("Z2", "K1", day("2009-06-01"), référence_réseau="APEAS/P1")
    assert set(problems(session, base(), book)) == {
        ("KADO.xlsx", "Parcours", 2, "date_entrée"),
        ("KADO.xlsx", "Parcours", 3, "date_entrée"),
    }


def test_own_parcours_is_not_joined(session: Session) -> None:
    book = base()
    book.parcours("P2", "B1", day("2009-03-01"), référence_réseau="APEAS/P1")
    assert problems(session, book) == [("APEAS.xlsx", "Parcours", 3, "référence_réseau")]


def written(session: Session, *books: Book) -> ImportResult:
    result = import_sheets(session, [book.sheets() for book in books])
    assert result.problems == []
    session.commit()
    return result


def test_a_lead_line_never_becomes_a_participation_nor_the_reverse(session: Session) -> None:
    other = kado().parcours("Z1", "K1", day("2009-03-01"))
    written(session, base(), other)
    place = [("KADO.xlsx", "Parcours", 2, "référence_réseau")]
    assert problems(session, taking_part()) == place
    written(session, base(), kado().parcours("Z2", "K1", day("2009-03-01"),
                                             référence_réseau="APEAS/P1"))  # fmt: skip
    assert problems(session, kado().parcours("Z2", "K1", day("2009-03-01"))) == place


def shared_post() -> Book:
    return Book("PLACE").adviser(BOB)


def test_an_adviser_of_several_structures_needs_its_code(session: Session) -> None:
    book = base()
    book.rows["Actes"][0]["co_conseillers"] = f"{BOB}:30"
    book.rows["Séances"][0]["animateurs"] = BOB
    books = [book, kado(), shared_post()]
    assert problems(session, *books) == [
        ("APEAS.xlsx", "Actes", 2, "co_conseillers"),
        ("APEAS.xlsx", "Séances", 2, "animateurs"),
    ]
    book.rows["Actes"][0]["co_conseillers"] = f"{BOB}/KADO:30"
    book.rows["Séances"][0]["animateurs"] = f"{BOB}/place"
    assert problems(session, *books) == []


def test_an_assignment_of_the_day_decides(session: Session) -> None:
    book = base()
    book.rows["Actes"][0]["co_conseillers"] = f"{BOB}:30"
    book.rows["Séances"][0]["animateurs"] = ANNE
    one, two = kado(), shared_post()
    one.rows["Conseillers"][0]["jusqu'à"] = day("2009-01-31")
    assert problems(session, book, one, two) == []
    two.rows["Conseillers"][0]["depuis"] = day("2009-10-01")
    result = import_sheets(session, [item.sheets() for item in (book, one, two)])
    assert [p.column for p in result.problems] == ["co_conseillers"]
    assert any("affectation" in n.message for n in result.notices)


def test_two_workbooks_of_one_structure(session: Session) -> None:
    assert problems(session, base(), base()) == [
        ("APEAS.xlsx", "Structure", None, "code_structure")
    ]


def co_held(**more: Any) -> Book:
    return kado().group("S1", day("2009-04-01"), BOB, référence_séance="R", **more)


def test_the_two_workbooks_of_a_session_must_agree(session: Session) -> None:
    book = base()
    book.rows["Séances"][0] |= {"référence_séance": "R", "dispositif": "FSE"}
    assert problems(session, book, co_held()) == []
    found = problems(session, book, co_held(dispositif="DLA", type="COL2", date="02/04/2009"))
    assert found == [
        ("KADO.xlsx", "Séances", 2, "date"),
        ("KADO.xlsx", "Séances", 2, "dispositif"),
        ("KADO.xlsx", "Séances", 2, "type"),
    ]
    written(session, book)
    assert len(problems(session, co_held(dispositif="DLA", type="COL2", date="02/04/2009"))) == 3


def test_one_reference_twice_in_a_workbook(session: Session) -> None:
    book = co_held()
    book.group("S2", day("2009-04-01"), BOB, référence_séance="R")
    assert problems(session, book) == [("KADO.xlsx", "Séances", 3, "référence_séance")]


def test_oddities_are_only_notices(session: Session) -> None:
    book = base()
    book.act("A2", day("2009-03-03"), ANNE, type="COL1")
    book.act("A3", day("2009-03-03"), ANNE, type="PAR1", parcours="P1")
    book.group("S2", day("2009-04-02"), ANNE, type="CSL1")
    book.headings["Actes"].append("humeur")
    book.rows["Actes"][0]["humeur"] = "bonne"
    book.structure["couleur"] = "bleu"
    sheets = book.sheets()
    sheets.others += ["Brouillon", "Listes", "Lisez-moi"]
    result = import_sheets(session, [sheets])
    assert result.problems == []
    assert {(n.sheet, n.column) for n in result.notices} == {
        ("Actes", "type"), ("Actes", "parcours"), ("Séances", "type"), ("Actes", "humeur"),
        ("Structure", "clé"), ("Brouillon", None),
    }  # fmt: skip
