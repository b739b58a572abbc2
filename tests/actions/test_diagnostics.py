"""What is refused of diagnostics and plans; what erasure, export and import do with them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ramsess.actions import diagnostics, plans
from ramsess.actions.access import gather
from ramsess.actions.agreements import make_link
from ramsess.actions.erasure import ERASED_ACTION, erase_person
from ramsess.actions.ledger import Ledger
from ramsess.actions.parcours import join_parcours
from ramsess.actions.plans import ActionDraft
from ramsess.actions.refusals import ConflictError, RefusedError
from ramsess.exchange.applying import import_sheets
from ramsess.forms.plan import months_from
from ramsess.models import Act, Appraisal, Diagnostic, Involvement, Parcours, Plan, PlanAction
from ramsess.models.calendar import today
from tests.actions.conftest import House
from tests.counting.builder import Network
from tests.counting.together import action, diagnose, plan
from tests.exchange.workbooks import Book, day


@pytest.fixture
def opened(house: House) -> tuple[House, Diagnostic]:
    """PLACE takes part too, and APEAS opened a diagnostic."""
    join_parcours(
        house.session,
        house.bob,
        reference=house.parcours.reference,
        code=house.parcours.join_code,
        structure_id=house.place,
        joined_on=dt.date(2009, 2, 1),
    )
    made = diagnostics.open_diagnostic(house.session, house.ana, house.parcours, [house.place])
    house.session.commit()
    return house, made


def test_who_opens_and_who_is_invited(house: House) -> None:
    session, parcours = house.session, house.parcours
    with pytest.raises(RefusedError, match="deux structures au moins"):
        diagnostics.open_diagnostic(session, house.ana, parcours, [])
    with pytest.raises(RefusedError, match="ne prend pas part"):
        diagnostics.open_diagnostic(session, house.ana, parcours, [house.place])
    parcours.involvements.append(
        Involvement(structure_id=house.place, joined_on=dt.date(2009, 2, 1))
    )
    session.flush()
    with pytest.raises(RefusedError, match="référente ouvre"):
        diagnostics.open_diagnostic(session, house.bob, parcours, [house.place])


def test_what_is_refused_of_a_diagnostic(opened: tuple[House, Diagnostic]) -> None:
    house, made = opened
    session, ana, bob = house.session, house.ana, house.bob
    axis = diagnostics.AppraisalDraft("ECO", 0, 2, "", "", "")
    for match, work in (
        ("ne prend pas part", lambda: diagnostics.invite(session, made, 999)),
        ("contribue toujours", lambda: diagnostics.withdraw(session, made, house.apeas)),
        ("deux structures", lambda: diagnostics.withdraw(session, made, house.place)),
        ("ne contribue pas", lambda: diagnostics.hand_in(session, bob, made, house.apeas)),
        ("contribution est vide", lambda: diagnostics.hand_in(session, bob, made, house.place)),
        ("inconnu", lambda: diagnostics.save_contribution(
            session, ana, made, house.apeas, [replace(axis, axis_code="ZZZ")])),
        ("inconnu", lambda: diagnostics.save_contribution(
            session, ana, made, house.apeas, [replace(axis, level=5)])),
        ("référente s’en charge", lambda: diagnostics.write_synthesis(
            session, bob, made, "x", version=1)),
        ("référente s’en charge", lambda: make_link(session, bob, made)),
        ("pas encore remis", lambda: make_link(session, ana, made)),
        ("Indiquez comment", lambda: diagnostics.note_agreement(
            session, ana, made, agreed_on=today(), manner_code="ZZZ")),
    ):  # fmt: skip
        with pytest.raises(RefusedError, match=match):
            work()
        session.rollback()
    diagnostics.save_contribution(session, bob, made, house.place, [axis])
    with pytest.raises(RefusedError, match="a écrit"):
        diagnostics.withdraw(session, made, house.place)
    with pytest.raises(ConflictError):
        diagnostics.agree(session, ana, made, house.apeas, wording=9)
    stay = next(one for one in house.parcours.involvements if one.structure_id == house.place)
    stay.left_on = today() - dt.timedelta(days=2)
    session.flush()
    with pytest.raises(RefusedError, match="ne prend plus part"):
        diagnostics.hand_in(session, bob, made, house.place)


def test_what_is_refused_of_a_plan(opened: tuple[House, Diagnostic]) -> None:
    house, made = opened
    session, parcours = house.session, house.parcours
    with pytest.raises(RefusedError, match="suit un diagnostic validé"):
        plans.draw_up(session, parcours, review_on=dt.date(1980, 1, 1))
    made.contributed_on = made.validated_on = made.beneficiary_agreed_on = today()
    made.beneficiary_manner_code = "ENT"
    session.flush()
    drawn = plans.draw_up(session, parcours, review_on=None)
    draft = ActionDraft("Objectif", house.apeas, today())
    for match, wrong in (
        ("l’objectif", replace(draft, objective=" ")),
        ("dépasse", replace(draft, objective="x" * 501)),
        ("ne prend pas part", replace(draft, structure_id=999)),
        ("une échéance", replace(draft, due_on=None)),
        ("entre 1990", replace(draft, due_on=dt.date(2101, 1, 1))),
        ("Axe", replace(draft, axis_code="ZZZ")),
        ("Type", replace(draft, type_code="ZZZ")),
        ("1 000 actes", replace(draft, planned_acts=-1)),
        ("10 000 heures", replace(draft, planned_minutes=-1)),
        ("État", replace(draft, state="perdu")),
        ("futur", replace(draft, state="done", closed_on=today() + dt.timedelta(days=1))),
    ):
        with pytest.raises(RefusedError, match=match):
            plans.add_action(session, drawn, wrong)
    added = plans.add_action(session, drawn, replace(draft, state="done"))
    assert added.closed_on == today()
    again = plans.change_action(session, added, draft, version=added.version)
    assert again.closed_on is None
    assert not plans.find_current(session, None, added.id)
    assert months_from(dt.date(2009, 11, 30), 3) == dt.date(2010, 2, 28)


def test_who_is_erased_is_erased_from_diagnostics_and_plans(
    session: Session, tmp_path: Path
) -> None:
    network = Network(session)
    one, other = network.person(), network.person()
    parcours = network.parcours(one, other, others={"PLACE": ("2009-02-02", None)})
    made = diagnose(
        network, parcours, "APEAS", "PLACE", validated="2009-03-01",
        synthesis=f"Vu avec {one.last_name} et les autres", ECO="Un prévisionnel",
    )  # fmt: skip
    made.link_hash, made.link_until = "x", dt.datetime.now(dt.UTC)
    drawn = plan(network, made)
    drawn.reason = f"Point fait par {one.last_name.upper()}"
    planned = action(network, drawn, "APEAS", "2009-06-01", objective="Trouver un local")
    session.commit()
    dossier = gather(session, other)
    (told,) = dossier.records["diagnostics"]
    assert told["synthesis"] == "Vu avec … et les autres"
    assert "link_hash" not in told
    assert dossier.records["appraisals"][0]["needs"] == "Un prévisionnel"
    assert dossier.records["plan_actions"][0]["objective"] == "Trouver un local"
    erase_person(session, one, ledger=Ledger(tmp_path))
    session.commit()
    # What the other one needs stays, without the name of who is gone.
    assert session.get_one(Diagnostic, made.id).synthesis == "Vu avec … et les autres"
    assert session.get_one(Plan, drawn.id).reason == "Point fait par …"
    assert session.get_one(PlanAction, planned.id).objective == "Trouver un local"
    erase_person(session, other, ledger=Ledger(tmp_path))
    session.commit()
    kept = session.get_one(Diagnostic, made.id)
    assert (kept.synthesis, kept.link_hash, kept.validated_on) == ("", None, day("2009-03-01"))
    assert session.scalars(select(Appraisal)).one().said == (2, "", "", "")
    assert session.get_one(Plan, drawn.id).reason == ""
    assert session.get_one(PlanAction, planned.id).objective == ERASED_ACTION


def test_a_workbook_handed_in_again_leaves_the_action_while_the_act_stays(
    session: Session,
) -> None:
    def book(parcours: str, note: str) -> Book:
        ana = "ana@apeas.example"
        made = Book("APEAS").adviser(ana).person("B1", "Fictif")
        for name in ("P1", "P2"):
            made.parcours(name, "B1", day("2009-02-01"), intitulé=name)
        return made.act("A1", day("2009-03-02"), ana, parcours=parcours, commentaire=note)

    def hand_in(parcours: str, note: str) -> Act:
        result = import_sheets(session, [book(parcours, note).sheets()])
        assert result.problems == []
        session.expire_all()
        return session.scalars(select(Act)).one()

    act = hand_in("P1", "premier")
    network = Network(session)
    first = session.get_one(Parcours, act.parcours_id)
    done_for = action(
        network, plan(network, diagnose(network, first, "APEAS", validated="2009-02-20")),
        "APEAS", "2009-06-01",
    )  # fmt: skip
    act.plan_action_id = done_for.id
    session.flush()
    assert hand_in("P1", "second").plan_action_id == done_for.id
    assert hand_in("P2", "ailleurs").plan_action_id is None
