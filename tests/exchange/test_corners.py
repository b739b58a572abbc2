"""Corners of importing: what is completed, kept, corrected, or only remarked upon."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ramsess.exchange.applying import import_sheets
from ramsess.exchange.problems import ImportResult
from ramsess.exchange.workbook import Row, Sheet, Sheets
from ramsess.models import (
    Act,
    ActBeneficiary,
    Adviser,
    Assignment,
    Beneficiary,
    ExchangeKey,
    GroupSession,
    Involvement,
    Parcours,
    PhaseChange,
)
from tests.exchange.workbooks import Book, day

ANNE, BOB = "anne@apeas.example", "bob@kado.example"
BORN = day("1980-05-01")


def tried(session: Session, *books: Book | Sheets) -> ImportResult:
    return import_sheets(session, [b.sheets() if isinstance(b, Book) else b for b in books])


def accepted(session: Session, *books: Book | Sheets) -> ImportResult:
    result = tried(session, *books)
    assert [str(problem) for problem in result.problems] == []
    session.commit()
    return result


def reception() -> Book:
    book = Book("APEAS").adviser(ANNE).person("B1", "Martin", "Zoé", date_naissance=BORN)
    return book.act("A1", day("2009-03-02"), ANNE, type="ACC1", bénéficiaire="B1")


def test_nr_is_as_good_as_a_blank_wherever_nothing_is_required(session: Session) -> None:
    book = Book("APEAS").adviser(ANNE).person("B1", commune_insee="NR", rsa="NR", sexe="NR")
    book.parcours(
        "P1", "B1", day("2009-01-05"), secteur="nr", forme_juridique="NR", commune_insee="NR"
    )
    book.act("A1", day("2009-03-02"), ANNE, parcours="P1", modalité="NR", dispositif="NR")
    accepted(session, book)
    parcours = session.scalars(select(Parcours)).one()
    assert (parcours.entry_sector_code, parcours.entry_legal_form_code) == (None, None)
    assert parcours.entry_commune_code is None
    assert session.scalars(select(Act.scheme_code)).one() == "DRA"
    refused = tried(session, Book("KADO").person("B1").parcours("P1", "B1", day("2009-01-05"),
                                                                phase_entrée="NR"))  # fmt: skip
    assert [problem.column for problem in refused.problems] == ["phase_entrée"]


def test_nr_is_a_blank_among_dates_numbers_and_references_too(session: Session) -> None:
    books = []
    for code, email in (("APEAS", ANNE), ("KADO", BOB)):
        book = Book(code).adviser(email, depuis="NR", quotité="NR")
        book.person("B1", f"Nom{code}", date_naissance="NR", téléphone="NR", courriel="NR")
        book.parcours(
            "P1", "B1", day("2009-01-05"), date_sortie="NR", motif_sortie="NR",
            phase_actuelle="NR", date_phase_actuelle="nr", emplois_créés="NR",
            emplois_consolidés="NR", prescripteur="NR", référence_réseau="NR",
        )  # fmt: skip
        book.act(
            "A1", day("2009-03-02"), email, parcours="NR", bénéficiaire="NR",
            co_conseillers="NR", personnes_anonymes="NR",
        )  # fmt: skip
        book.group(
            "S1", day("2009-03-03"), email, participants="NR", personnes_anonymes="NR",
            référence_séance="NR",
        )  # fmt: skip
        books.append(book)
    accepted(session, *books)
    assert [parcours.exited_on for parcours in session.scalars(select(Parcours))] == [None, None]
    assert set(session.scalars(select(Act.parcours_id))) == {None}
    assert len(session.scalars(select(GroupSession)).all()) == 2


@pytest.mark.parametrize(
    ("typed", "share"), [(80, 80), ("80 %", 80), (0.8, 80), (62.5, 63), (1, 1), (100.0, 100)]
)
def test_a_share_of_full_time_is_typed_as_people_do(
    session: Session, typed: float | str, share: int
) -> None:
    accepted(session, Book("APEAS").adviser(ANNE, quotité=typed))
    assert session.scalars(select(Assignment.share)).one() == share


@pytest.mark.parametrize("typed", [0, 0.001, 101, -5, "beaucoup"])
def test_an_impossible_share_is_refused(session: Session, typed: float | str) -> None:
    result = tried(session, Book("APEAS").adviser(ANNE, quotité=typed))
    assert [problem.column for problem in result.problems] == ["quotité"]


def test_the_person_received_is_completed_then_kept(session: Session) -> None:
    book = reception()
    accepted(session, book)
    book.rows["Bénéficiaires"][0]["situation"] = "DE1"
    accepted(session, book)
    book.rows["Bénéficiaires"][0]["situation"] = "SAL"
    result = accepted(session, book)
    assert session.scalars(select(ActBeneficiary.situation_code)).one() == "DE1"
    assert result.updated == {"Bénéficiaires": 1}
    assert any("a changé depuis" in notice.message for notice in result.notices)


def test_an_identity_that_another_structure_names_is_kept(session: Session) -> None:
    other = Book("KADO").person("K1", "Martin", "Zoé", date_naissance=BORN)
    accepted(session, reception(), other)
    book = reception()
    book.rows["Bénéficiaires"][0] |= {"nom": "Martín-Sol", "date_naissance": day("1981-05-01")}
    result = accepted(session, book)
    person = session.scalars(select(Beneficiary)).one()
    assert (person.last_name, person.birth_date) == ("Martin", BORN)
    assert any("aussi connu" in notice.message for notice in result.notices)


def test_two_people_swapped_in_the_workbook_stay_themselves(session: Session) -> None:
    def book(first: str, second: str) -> Book:
        return (
            Book("APEAS")
            .person("B1", first, "Zoé", date_naissance=BORN)
            .person("B2", second, "Zoé", date_naissance=BORN)
        )

    accepted(session, book("Un", "Deux"))
    ids = dict(session.execute(select(Beneficiary.last_name, Beneficiary.id)).all())
    accepted(session, book("Deux", "Un"))
    assert dict(session.execute(select(Beneficiary.last_name, Beneficiary.id)).all()) == ids
    keys = dict(session.execute(select(ExchangeKey.local_id, ExchangeKey.record_id)).all())
    assert keys == {"B1": ids["Deux"], "B2": ids["Un"]}


def test_the_record_of_the_first_structure_stands(session: Session) -> None:
    def book(code: str, situation: str, phone: str | None) -> Book:
        return Book(code).person("X", "Martin", "Zoé", date_naissance=BORN, situation=situation,
                                 téléphone=phone)  # fmt: skip

    accepted(session, book("APEAS", "DE1", None))
    result = accepted(session, book("KADO", "SAL", "0600000000"))
    person = session.scalars(select(Beneficiary)).one()
    assert (person.situation_code, person.phone) == ("DE1", "0600000000")
    assert [notice.column for notice in result.notices] == ["situation"]


def test_a_person_erased_since_is_met_again(session: Session) -> None:
    accepted(session, Book("APEAS").person("B1", "Martin", "Zoé"))
    session.delete(session.scalars(select(Beneficiary)).one())
    session.commit()
    absent = Book("APEAS").adviser(ANNE).act("A", day("2009-01-05"), ANNE, bénéficiaire="B1")
    assert [p.column for p in tried(session, absent).problems] == ["bénéficiaire"]
    accepted(session, Book("APEAS").person("B1", "Martin", "Zoé"))
    assert (
        session.scalars(select(ExchangeKey.record_id)).one()
        == session.scalars(select(Beneficiary.id)).one()
    )


def test_rows_of_an_earlier_workbook_can_be_named(session: Session) -> None:
    first = reception()
    first.parcours("P1", "B1", day("2009-02-01"))
    accepted(session, first)
    second = Book("APEAS").adviser(ANNE).parcours("P2", "B1", day("2010-01-04"))
    second.act("A9", day("2010-02-01"), ANNE, parcours="P1", bénéficiaire="B1")
    second.group("S1", day("2010-03-01"), ANNE, participants="B1")
    accepted(session, second)
    assert session.scalars(select(Beneficiary)).one().name == "Zoé Martin"
    late = Book("APEAS").adviser(ANNE).act("A8", day("2009-01-31"), ANNE, parcours="P1")
    assert [p.column for p in tried(session, late).problems] == ["date"]


def test_advisers_names_follow_the_first_structure(session: Session) -> None:
    accepted(session, Book("KADO").adviser(BOB))
    renamed = Book("KADO").adviser(BOB, nom="Autre")
    accepted(session, renamed)
    assert session.scalars(select(Adviser.last_name)).one() == "Autre"
    result = accepted(session, Book("PLACE").adviser(BOB, nom="Tiers"))
    assert session.scalars(select(Adviser.last_name)).one() == "Autre"
    assert [notice.column for notice in result.notices] == ["nom"]
    result = accepted(session, Book("APEAS").adviser(BOB, nom="Premier"), renamed)
    assert session.scalars(select(Adviser.last_name)).one() == "Premier"
    assert [notice.file for notice in result.notices] == ["KADO.xlsx"]


def test_a_second_stay_of_an_adviser(session: Session) -> None:
    book = Book("KADO").adviser(BOB, depuis="01/01/2005", **{"jusqu'à": "31/12/2006"})
    accepted(session, book)
    book.adviser(BOB, depuis="01/01/2009")
    result = accepted(session, book)
    assert (result.created, result.unchanged) == ({"Conseillers": 1}, {"Conseillers": 1})
    accepted(session, Book("KADO").adviser(BOB, depuis="01/01/2009"))
    assert len(session.scalars(select(Assignment)).all()) == 2
    one = Book("KADO").adviser(BOB, depuis="01/01/2005").adviser("x@kado.example")
    found = [(p.row, p.column) for p in tried(session, one).problems]
    assert found == [(2, "depuis")]


def test_an_adviser_assigned_nowhere(session: Session) -> None:
    session.add(Adviser(email=BOB, last_name="Bob"))
    session.commit()
    book = reception()
    book.rows["Actes"][0]["conseiller"] = BOB
    assert "aucune structure" in tried(session, book).problems[0].message


def test_a_code_outside_its_days_is_only_a_notice(session: Session) -> None:
    book = reception()
    book.rows["Actes"][0]["co_conseillers"] = f"{BOB}/KADO:10"
    result = accepted(session, book, Book("KADO").adviser(BOB, depuis="01/01/2010"))
    assert [notice.column for notice in result.notices] == ["co_conseillers"]


def shared() -> tuple[Book, Book]:
    lead = reception()
    lead.parcours("P1", "B1", day("2009-02-01"), date_sortie=day("2009-10-31"))
    other = Book("KADO").adviser(BOB).person("K1", "Martin", "Zoé", date_naissance=BORN)
    other.parcours("Z1", "K1", day("2009-03-01"), référence_réseau="APEAS/P1")
    return lead, other


def test_a_corrected_participation(session: Session) -> None:
    lead, other = shared()
    accepted(session, lead, other)
    other.rows["Parcours"][0] |= {"date_entrée": day("2009-03-08"), "intitulé": "Autre nom"}
    result = accepted(session, other)
    assert result.updated == {"Parcours": 1}
    joined = session.scalars(select(Involvement.joined_on).order_by(Involvement.joined_on))
    assert list(joined) == [day("2009-02-01"), day("2009-03-08")]
    assert [notice.column for notice in result.notices] == ["intitulé"]


def test_other_people_on_a_participation_are_remarked(session: Session) -> None:
    lead, other = shared()
    other.person("K2", "Autre", "Ana")
    other.rows["Parcours"][0]["bénéficiaires"] = "K1;K2"
    result = accepted(session, lead, other)
    assert {notice.column for notice in result.notices} == {"bénéficiaires", "intitulé"}


def test_phase_dates_that_say_nothing_or_late(session: Session) -> None:
    lead, _ = shared()
    row = lead.rows["Parcours"][0]
    row["date_phase_actuelle"] = day("2009-04-01")
    result = accepted(session, lead)
    assert [notice.column for notice in result.notices] == ["date_phase_actuelle"]
    row |= {"phase_actuelle": "CON", "date_phase_actuelle": day("2009-12-01")}
    result = accepted(session, lead)
    assert [notice.column for notice in result.notices] == ["date_phase_actuelle"]
    row |= {"phase_actuelle": "DEM"}
    accepted(session, lead)
    assert session.scalars(select(PhaseChange.phase_code)).one() == "DEM"
    row |= {"phase_actuelle": "EME", "date_phase_actuelle": day("2009-12-02")}
    accepted(session, lead)
    assert len(session.scalars(select(PhaseChange)).all()) == 2


def test_a_blank_cell_does_not_lose_a_project_s_attributes(session: Session) -> None:
    lead, _ = shared()
    row = lead.rows["Parcours"][0]
    row |= {"secteur": "CUL", "commune_insee": "13201"}
    accepted(session, lead)
    row |= {"secteur": None, "commune_insee": None, "forme_juridique": "SCOP"}
    accepted(session, lead)
    parcours = session.scalars(select(Parcours)).one()
    assert (parcours.project.sector_code, parcours.project.commune_code) == ("CUL", "13201")
    assert parcours.entry_legal_form_code == "SCOP"


def test_differences_between_hosts_are_remarked(session: Session) -> None:
    def host(code: str, email: str, **more: object) -> Book:
        return Book(code).adviser(email).group("S", day("2009-04-01"), email,
                                               référence_séance="R", **more)  # fmt: skip

    one = host("APEAS", ANNE)
    two = host("KADO", BOB, commune_insee=13201, intitulé="Autre", durée_minutes=60)
    result = accepted(session, one, two)
    assert [(n.file, n.column) for n in result.notices] == [
        ("KADO.xlsx", "durée_minutes"), ("KADO.xlsx", "intitulé")]  # fmt: skip
    result = accepted(session, host("KADO", BOB, commune_insee=13202))
    held = session.scalars(select(GroupSession)).one()
    assert (held.title, held.act.commune_code) == ("Atelier", "13201")
    assert [n.column for n in result.notices] == ["commune_insee"]


def test_an_act_erased_since_is_recorded_again(session: Session) -> None:
    book = reception()
    accepted(session, book)
    session.delete(session.scalars(select(Act)).one())
    session.commit()
    accepted(session, book)
    assert session.scalars(select(Act)).one().type_code == "ACC1"


def test_web_corrections_give_way_to_the_workbook(session: Session) -> None:
    book = reception()
    accepted(session, book)
    session.execute(update(Act).values(note="Corrigé ailleurs"))
    session.commit()
    accepted(session, book)
    assert session.scalars(select(Act.note)).one() == ""


def test_cells_typed_in_other_ways(session: Session) -> None:
    book = reception()
    person = book.rows["Bénéficiaires"][0]
    person |= {"id_local": 7.0, "rsa": True, "qpv": "NR", "commune_insee": 4001.0, "sexe": "f",
               "date_naissance": dt.datetime(1980, 5, 1)}  # fmt: skip
    book.rows["Actes"][0] |= {"bénéficiaire": 7, "durée_minutes": 60.0, "personnes_anonymes": "2"}
    accepted(session, book)
    found = session.scalars(select(Beneficiary)).one()
    assert (found.rsa, found.qpv, found.commune_code, found.sex_code) == (True, None, "04001", "F")
    book.rows["Actes"][0]["personnes_anonymes"] = 1.5
    assert [p.column for p in tried(session, book).problems] == ["personnes_anonymes"]


def test_sheets_typed_in_other_ways(session: Session) -> None:
    sheets = reception().sheets()
    acts = next(sheet for sheet in sheets.sheets if sheet.name == "Actes")
    place = sheets.sheets.index(acts)
    titles, line = acts.rows
    blank = Row(9, (None, "  "))
    wide = Row(titles.number, (*titles.cells, " "))
    sheets.sheets[place] = Sheet("ACTES", (wide, Row(2, (*line.cells, None, "perdu")), blank))
    result = accepted(session, sheets)
    assert [(n.sheet, n.column) for n in result.notices] == [("Actes", "O")]
    sheets.sheets[place] = Sheet("Actes", (Row(2, titles.cells),))
    assert [(p.sheet, p.row) for p in tried(session, sheets).problems] == [("Actes", 1)]
    sheets.sheets[place] = acts
    sheets.sheets.append(Sheet("actes", acts.rows))
    assert "deux fois" in tried(session, sheets).problems[0].message


def test_a_column_beyond_z_without_title(session: Session) -> None:
    sheets = reception().sheets()
    acts = sheets.sheets[-2]
    titles, line = acts.rows
    far = Row(2, (*line.cells, *[None] * (27 - len(line.cells)), "perdu"))
    sheets.sheets[-2] = Sheet(acts.name, (titles, far))
    assert [n.column for n in accepted(session, sheets).notices] == ["AB"]


def test_structure_keys_said_twice_or_left_blank(session: Session) -> None:
    sheets = reception().sheets()
    first = sheets.sheets[0]
    sheets.sheets[0] = Sheet(first.name, (*first.rows, Row(5, ("Version", 1)), Row(6, (None,))))
    assert [(p.row, p.column) for p in tried(session, sheets).problems] == [(5, "clé")]
    book = reception()
    book.structure["exercice"] = None
    accepted(session, book)


def test_no_id_and_a_bad_date_are_two_errors(session: Session) -> None:
    book = reception()
    book.rows["Actes"][0] |= {"id_local": None, "date": "x", "parcours": "P1"}
    book.rows["Parcours"] = []
    book.parcours("P1", "B1", "x", phase_actuelle="DEM", phase_entrée="X")
    book.group(None, "x", ANNE)
    found = {(p.sheet, p.column) for p in tried(session, book).problems}
    assert found == {
        ("Actes", "id_local"), ("Actes", "date"), ("Parcours", "date_entrée"),
        ("Parcours", "phase_entrée"), ("Séances", "id_local"), ("Séances", "date"),
    }  # fmt: skip
