"""A workbook imported, imported again, corrected; several workbooks in any order."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ramsess.exchange.applying import import_sheets, import_workbooks
from ramsess.models import (
    Act,
    ActAdviser,
    Assignment,
    Attendance,
    Beneficiary,
    Commune,
    GroupSession,
    Involvement,
    Parcours,
    ParcoursBeneficiary,
    PhaseChange,
    SessionHost,
    Structure,
)
from tests.conftest import empty_records
from tests.exchange.workbooks import Book, day, everything

ANNE, BOB, CHLOE = "anne@apeas.example", "bob@kado.example", "chloe@place.example"
BORN = day("1980-05-01")


def apeas() -> Book:
    return (
        Book("APEAS")
        .adviser(ANNE, quotité=80, depuis=day("2005-01-01"))
        .person("B1", "Ben-Ali", "Éloïse", date_naissance=BORN, sexe="F", situation="DE1",
                commune_insee=13201, rsa="Oui", téléphone="0601020304")
        .person(2, "Rossi", "Marco")
        .parcours("P1", "B1;2", day("2009-02-01"), forme_juridique="ASSO", secteur="CUL",
                  commune_insee="13055", date_sortie=day("2009-11-30"), motif_sortie="CRE",
                  phase_actuelle="MON", date_phase_actuelle=day("2009-06-15"),
                  emplois_créés="1,5", emplois_consolidés=2)
        .act("A1", day("2009-03-02"), ANNE, parcours="P1", co_conseillers=f"{BOB}:45",
             modalité="P", commentaire="Point d’étape")
        .act("A2", "05/03/2009", ANNE, type="ACC1", bénéficiaire="2", personnes_anonymes=3,
             commune_insee=75056, dispositif="FSE")
        .group("S1", day("2009-04-01"), f"{ANNE};{BOB}:30", participants="B1",
               personnes_anonymes=4, référence_séance="Atelier commun")
    )  # fmt: skip


def kado() -> Book:
    return (
        Book("KADO")
        .adviser(BOB)
        .person("K1", "BEN ALI", "Eloise", date_naissance="01/05/1980", situation="IND",
                niveau_formation="N6")
        .person("K2", "Diallo", "Awa", date_naissance=day("1991-02-03"))
        .parcours("Z9", "K1", day("2009-03-15"), référence_réseau="APEAS/P1",
                  date_sortie=day("2009-09-30"))
        .act("A1", day("2009-04-02"), BOB, parcours="Z9", durée_minutes="90")
        .group("S7", day("2009-04-01"), f"{BOB}:120;{ANNE}:10", participants="K1;K2",
               personnes_anonymes=1, référence_séance="Atelier commun", dispositif="FSE")
    )  # fmt: skip


def accepted(session: Session, *books: Book) -> object:
    result = import_sheets(session, [book.sheets() for book in books])
    assert [str(problem) for problem in result.problems] == []
    session.commit()
    return result


def count(session: Session, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model))


def test_two_workbooks_make_one_network(session: Session) -> None:
    result = accepted(session, apeas(), kado())
    assert count(session, Beneficiary) == 3
    assert result.matched_people == 1
    parcours = session.scalars(select(Parcours)).one()
    assert parcours.reference == "P-2009-0001"
    assert {str(parcours.jobs_created), str(parcours.jobs_consolidated)} == {"1.50", "2.00"}
    stays = {(item.structure.code, item.joined_on, item.left_on) for item in parcours.involvements}
    assert stays == {
        ("APEAS", day("2009-02-01"), None),
        ("KADO", day("2009-03-15"), day("2009-09-30")),
    }
    change = session.scalars(select(PhaseChange)).one()
    assert (change.phase_code, change.reached_on) == ("MON", day("2009-06-15"))
    held = session.scalars(select(GroupSession)).one()
    assert held.anonymous_count == 5
    assert held.act.scheme_code == "FSE"
    assert held.act.structure.code == "APEAS"
    assert len(held.attendances) == 3
    assert len(held.participants) == 2
    assert session.get(Commune, "75056").department_code is None


def test_an_animator_named_by_both_counts_once_as_her_own_structure_says(session: Session) -> None:
    accepted(session, apeas(), kado())
    held = session.scalars(select(GroupSession)).one()
    minutes = {share.adviser.email: share.minutes for share in held.act.shares}
    assert minutes == {ANNE: 120, BOB: 120}


def test_co_adviser_of_another_structure_works_for_it(session: Session) -> None:
    accepted(session, apeas(), kado())
    act = session.scalars(select(Act).where(Act.note == "Point d’étape")).one()
    assert [(s.adviser.email, s.structure.code, s.minutes, s.position) for s in act.shares] == [
        (ANNE, "APEAS", 60, 0),
        (BOB, "KADO", 45, 1),
    ]


def test_the_same_workbooks_again_change_nothing(session: Session) -> None:
    accepted(session, apeas(), kado())
    before = everything(session)
    result = accepted(session, kado(), apeas())
    assert everything(session) == before
    assert not result.created
    assert not result.updated
    accepted(session, kado())
    accepted(session, apeas())
    assert everything(session) == before


def place() -> Book:
    return (
        Book("PLACE")
        .adviser(CHLOE)
        .adviser(BOB, quotité=50)
        .person("X", "ben ali", "éloïse", date_naissance=BORN, situation="ETU", qpv="non")
        .parcours("P1", "X", day("2009-02-01"), phase_entrée="FAI")
        .act("A1", day("2009-05-05"), CHLOE, parcours="P1", co_conseillers=f"{BOB}:15")
        .group("S1", day("2009-04-01"), CHLOE, participants="X", référence_séance="Atelier commun")
    )


def mutual() -> list[Book]:
    """Three workbooks in which Bob works for two structures, said where it must be."""
    first, second = apeas(), kado()
    first.rows["Actes"][0]["co_conseillers"] = f"{BOB}/KADO:45"
    first.rows["Séances"][0]["animateurs"] = f"{ANNE};{BOB}/KADO:30"
    return [first, second, place()]


def test_files_in_any_order_make_the_same_records(session: Session) -> None:
    dumps = []
    for order in permutations(mutual()):
        empty_records()
        accepted(session, *order)
        dumps.append(everything(session))
    assert all(dump == dumps[0] for dump in dumps)


def test_dry_run_writes_nothing(session: Session) -> None:
    before = everything(session)
    result = import_sheets(session, [apeas().sheets(), kado().sheets()], dry_run=True)
    assert result.created["Actes"] == 3
    session.commit()
    assert everything(session) == before


def test_a_corrected_workbook_updates_its_records_only(session: Session) -> None:
    accepted(session, apeas(), kado())
    book = apeas()
    book.rows["Actes"][0]["durée_minutes"] = 75
    book.rows["Actes"][1]["bénéficiaire"] = None
    book.rows["Parcours"][0]["date_sortie"] = None
    book.rows["Parcours"][0]["motif_sortie"] = None
    result = accepted(session, book)
    assert result.updated == {"Actes": 2, "Parcours": 1}
    assert not result.created
    act = session.scalars(select(Act).where(Act.note == "Point d’étape")).one()
    assert [share.minutes for share in act.shares] == [75, 45]
    assert act.version == 2
    assert session.scalars(select(Parcours.exited_on)).one() is None


def test_a_row_no_longer_in_the_workbook_is_kept(session: Session) -> None:
    accepted(session, apeas(), kado())
    book = apeas()
    del book.rows["Actes"][1]
    result = accepted(session, book)
    assert count(session, Act) == 4
    assert any(notice.sheet == "Actes" and "A2" in notice.message for notice in result.notices)


def test_snapshots_keep_what_was_known_and_complete_what_was_not(session: Session) -> None:
    accepted(session, apeas(), kado())
    book = apeas()
    book.rows["Bénéficiaires"][0] |= {"situation": "SAL", "niveau_formation": "N4"}
    book.rows["Parcours"][0] |= {"secteur": "SOC"}
    result = accepted(session, book)
    member = session.scalars(
        select(ParcoursBeneficiary).where(ParcoursBeneficiary.age.is_not(None))
    ).one()
    assert (member.situation_code, member.education_code, member.age) == ("DE1", "N4", 28)
    person = member.beneficiary
    assert (person.situation_code, person.education_code) == ("SAL", "N4")
    parcours = session.scalars(select(Parcours)).one()
    assert parcours.entry_sector_code == "CUL"
    places = {(notice.sheet, notice.column) for notice in result.notices}
    assert ("Parcours", "secteur") in places
    assert ("Parcours", None) in places


def test_snapshots_come_from_the_workbook_that_names_the_person(session: Session) -> None:
    accepted(session, apeas(), kado())
    situations = dict(
        session.execute(
            select(Structure.code, Attendance.situation_code)
            .join(Structure, Structure.id == Attendance.structure_id)
            .where(Attendance.situation_code != "NR")
        ).all()
    )
    assert situations == {"APEAS": "DE1", "KADO": "IND"}
    member = session.scalars(
        select(ParcoursBeneficiary).where(ParcoursBeneficiary.age.is_not(None))
    ).one()
    assert member.education_code == "NR"


def test_age_follows_a_corrected_birth_or_entry_date(session: Session) -> None:
    book = apeas()
    accepted(session, book, kado())
    again, other = apeas(), kado()
    again.rows["Bénéficiaires"][0]["date_naissance"] = day("1970-05-01")
    other.rows["Bénéficiaires"][0]["date_naissance"] = day("1970-05-01")
    accepted(session, again, other)
    assert count(session, Beneficiary) == 3
    ages = set(session.scalars(select(ParcoursBeneficiary.age)))
    assert ages == {38, None}


def test_people_without_a_birth_date_never_match(session: Session) -> None:
    one = Book("APEAS").person("B1", "Martin", "Zoé")
    two = Book("KADO").person("B1", "Martin", "Zoé").person("B2", "Martin", "Zoé",
                                                             date_naissance=BORN)  # fmt: skip
    result = accepted(session, one, two)
    assert count(session, Beneficiary) == 3
    assert sum("même nom" in notice.message for notice in result.notices) == 3
    accepted(session, one, two)
    assert count(session, Beneficiary) == 3


def test_a_birth_date_given_later_finds_the_person_of_the_network(session: Session) -> None:
    accepted(session, Book("KADO").person("K", "Martin", "Zoé", date_naissance=BORN))
    book = Book("APEAS").adviser(ANNE).person("B1", "Martin", "Zoé")
    book.parcours("P", "B1", day("2009-01-05"))
    accepted(session, book)
    assert count(session, Beneficiary) == 2
    book.rows["Bénéficiaires"][0]["date_naissance"] = BORN
    accepted(session, book)
    assert count(session, Beneficiary) == 1
    assert count(session, ParcoursBeneficiary) == 1


def test_a_handed_in_session_replaces_only_its_own_part(session: Session) -> None:
    accepted(session, apeas(), kado())
    book = kado()
    book.rows["Séances"][0] |= {"participants": "K2", "personnes_anonymes": 7, "animateurs": BOB}
    accepted(session, book)
    held = session.scalars(select(GroupSession)).one()
    counts = {host.structure.code: host.anonymous_count for host in held.hosts}
    assert counts == {"APEAS": 4, "KADO": 7}
    assert len(held.attendances) == 2
    assert count(session, SessionHost) == 2


def test_a_session_that_changes_reference_leaves_the_shared_one(session: Session) -> None:
    accepted(session, apeas(), kado())
    book = kado()
    book.rows["Séances"][0]["référence_séance"] = None
    book.rows["Séances"][0]["date"] = day("2009-04-03")
    accepted(session, book)
    assert count(session, GroupSession) == 2
    assert count(session, SessionHost) == 2


def test_sessions_imported_apart_meet_whatever_the_order(session: Session) -> None:
    def alone(book: Book) -> Book:
        book.rows["Parcours"] = []
        book.rows["Actes"] = []
        return book

    one, two = alone(apeas()), alone(kado())
    one.adviser(BOB)
    one.rows["Séances"][0]["animateurs"] = ANNE
    two.rows["Séances"][0]["animateurs"] = BOB
    seen = []
    for order in ((one, two), (two, one)):
        empty_records()
        for book in order:
            accepted(session, book)
        held = session.scalars(select(GroupSession)).one()
        seen.append(
            (
                held.title,
                held.act.scheme_code,
                held.act.structure.code,
                sorted((s.adviser.email, s.minutes) for s in held.act.shares),
                sorted((a.structure_id, a.situation_code) for a in held.attendances),
            )
        )
    assert seen[0] == seen[1]


def test_assignments_are_corrected_not_doubled(session: Session) -> None:
    accepted(session, apeas(), kado())
    book = apeas()
    book.rows["Conseillers"][0] |= {"depuis": day("2006-01-01"), "quotité": 60}
    result = accepted(session, book)
    assert result.updated == {"Conseillers": 1}
    shares = set(session.scalars(select(Assignment.share)))
    assert shares == {60, None}


def test_a_taking_part_can_be_imported_after_the_lead(session: Session) -> None:
    book = apeas()
    book.adviser(BOB)
    accepted(session, book)
    other = kado()
    other.rows["Parcours"][0]["référence_réseau"] = "P-2009-0001"
    accepted(session, other)
    assert count(session, Involvement) == 2
    other.rows["Parcours"][0]["référence_réseau"] = "apeas/P1"
    accepted(session, other)
    assert count(session, Involvement) == 2
    assert count(session, ActAdviser) == 7


def test_phases_accumulate(session: Session) -> None:
    accepted(session, apeas(), kado())
    book = apeas()
    book.rows["Parcours"][0] |= {
        "phase_actuelle": "FIN", "date_phase_actuelle": day("2009-10-01"),
    }  # fmt: skip
    accepted(session, book)
    phases = session.scalars(select(PhaseChange.phase_code).order_by(PhaseChange.reached_on))
    assert list(phases) == ["MON", "FIN"]


def test_files_give_what_sheets_in_memory_give(session: Session, tmp_path: Path) -> None:
    accepted(session, *mutual())
    before = everything(session)
    empty_records()
    result = import_workbooks(session, [book.save(tmp_path) for book in mutual()])
    assert result.problems == []
    assert everything(session) == before


def test_an_import_without_right_to_the_structure_is_refused(session: Session) -> None:
    result = import_sheets(session, [apeas().sheets()], allowed={"KADO"})
    assert [problem.column for problem in result.problems] == ["code_structure"]


def test_headings_in_another_order_and_case(session: Session) -> None:
    book = apeas()
    book.adviser(BOB)
    book.headings["Conseillers"] = ["Jusqu’à", "NOM", "Prenom", "Courriel", "couleur"]
    for row in book.rows["Conseillers"]:
        row |= {"NOM": row["nom"], "Prenom": " Zed ", "Courriel": row["courriel"].upper()}
    result = accepted(session, book)
    assert [n.column for n in result.notices if n.row == 1] == ["couleur"]
    assert result.created["Conseillers"] == 2
