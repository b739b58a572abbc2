"""What a correction may not be, asked of the actions themselves."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ramsess.actions.corrections import (
    CorrectionDraft,
    add_forgotten,
    correct_sealed_act,
    correct_sealed_parcours,
    corrections_seen,
    kinds_of,
)
from ramsess.actions.refusals import RefusedError
from ramsess.actions.sealed_changes import sealed_by
from ramsess.database import Acting, acting
from ramsess.models import Account, Act, Change, Parcours, PhaseChange
from tests.conftest import open_account
from tests.sealed.scene import Scene, make_scene

DAY = dt.date(2009, 3, 15)


@pytest.fixture
def scene(session: Session) -> Scene:
    # In post since before the seal.
    for email, *posts in (("ana@a.example", "APEAS"), ("eve@a.example", "APEAS", "PLACE"),
                          ("bob@a.example", "PLACE")):  # fmt: skip
        open_account(session, "adviser", *posts, email=email)
    return make_scene(session)


def account(session: Session, email: str) -> Account:
    return session.scalars(select(Account).where(Account.email == email)).one()


@pytest.fixture
def ana(session: Session, scene: Scene) -> Account:
    found = account(session, "ana@a.example")
    acting.set(Acting(account_id=found.id, role="batch"))
    return found


def draft(scene: Scene, kind: str, **said: Any) -> CorrectionDraft:
    return CorrectionDraft(**{"kind": kind, "reason": "Erreur", "structure_id": scene.ids["APEAS"],
                              **said})  # fmt: skip


@pytest.mark.parametrize(
    ("record", "kind", "said", "field"),
    [
        ("out_act", "type", {}, ""),
        ("in_act", "attendance", {"count": 1}, "kind"),
        ("in_act", "type", {"code": "XXX"}, "code"),
        ("in_act", "type", {"code": "CSL2", "structure_id": 0}, "structure"),
        ("in_act", "duration", {"minutes": (1, 2)}, "minutes"),
        ("in_session", "attendance", {"count": None}, "count"),
        ("in_session", "attendance", {"count": 3, "structure_id": -1}, "structure"),
    ],
)
def test_an_act_is_not_corrected_so(
    session: Session, scene: Scene, ana: Account, record: str, kind: str, said: Any, field: str
) -> None:
    act = session.get_one(Act, scene.ids[record])
    with pytest.raises(RefusedError) as refused:
        correct_sealed_act(session, ana, act, draft(scene, kind, **said))
    assert field in refused.value.reasons


def test_a_structure_corrects_what_it_holds(session: Session, scene: Scene, ana: Account) -> None:
    act = session.get_one(Act, scene.ids["in_session"])
    both = account(session, "eve@a.example")
    said = draft(scene, "heads", count=1, structure_id=scene.ids["PLACE"])
    with pytest.raises(RefusedError) as refused:
        correct_sealed_act(session, both, act, said)
    assert "n’anime pas" in refused.value.reasons["structure"]
    stranger = account(session, "bob@a.example")
    assert kinds_of(stranger, act) == ("attendance", "heads")
    assert kinds_of(stranger, session.get_one(Act, scene.ids["in_act"])) == ()


@pytest.mark.parametrize(
    ("record", "kind", "said", "field"),
    [
        ("in_ended", "type", {}, "kind"),
        ("in_ended", "entry", {"day": None}, "day"),
        ("in_ended", "entry", {"day": dt.date(2009, 2, 1)}, "day"),
        ("in_ended", "entry", {"day": dt.date(2009, 3, 1)}, "day"),
        ("in_ended", "parcours_other", {"words": " "}, "words"),
        ("in_ended", "parcours_other", {"words": "x" * 5001}, "words"),
    ],
)
def test_a_parcours_is_not_corrected_so(
    session: Session, scene: Scene, ana: Account, record: str, kind: str, said: Any, field: str
) -> None:
    parcours = session.get_one(Parcours, scene.ids[record])
    with pytest.raises(RefusedError) as refused:
        correct_sealed_parcours(session, ana, parcours, draft(scene, kind, **said))
    assert field in refused.value.reasons


def test_a_parcours_of_the_open_quarter_is_corrected_directly(
    session: Session, scene: Scene, ana: Account
) -> None:
    parcours = session.get_one(Parcours, scene.ids["out_parcours"])
    with pytest.raises(RefusedError, match="corrigez-le directement"):
        correct_sealed_parcours(session, ana, parcours, draft(scene, "parcours_removed"))


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"day": None}, "day"),
        ({"code": "XXX"}, "code"),
        ({"scheme_code": "XXX"}, "scheme"),
        ({"minutes": ()}, "minutes"),
        ({"minutes": (14_401,)}, "minutes"),
        ({"count": 10_001}, "count"),
    ],
)
def test_what_was_forgotten_is_not_told_so(
    session: Session, scene: Scene, ana: Account, said: Any, field: str
) -> None:
    usual = draft(scene, "act_forgotten", day=DAY, code="CSL1", minutes=(60,))
    with pytest.raises(RefusedError) as refused:
        add_forgotten(session, ana, dataclasses.replace(usual, **said))
    assert field in refused.value.reasons


def test_one_person_forgotten_is_one(session: Session, scene: Scene, ana: Account) -> None:
    said = draft(scene, "act_forgotten", day=DAY, code="ACC1", minutes=(45,), count=1)
    made = add_forgotten(session, ana, said)
    assert made.should_be.endswith("1 personne")
    assert made.attendances == 1
    assert session.scalars(corrections_seen(ana)).all() == [made]


def test_rows_added_together_are_dated_too(session: Session, scene: Scene) -> None:
    """Of many rows the history keeps the keys alone."""
    changes = session.scalars(select(Change).where(Change.kind == "I")).all()
    for noun, keys in (
        ("acts", [{"id": scene.ids["in_act"]}]),
        ("act_advisers", [{"act_id": scene.ids["in_act"]}]),
        ("parcours", [{"id": scene.ids["in_parcours"]}]),
        ("parcours_beneficiaries", [{"parcours_id": scene.ids["in_parcours"]}]),
    ):
        assert sealed_by(session, [Change(kind="I", noun=noun, key=keys)]), noun
    assert sealed_by(session, [Change(kind="I", noun="acts", key=[{"id": 9999}])]) is None
    assert sealed_by(session, [one for one in changes if one.noun == "projects"]) is None
    later = {"parcours_id": scene.ids["in_parcours"]}
    for change in (
        Change(kind="U", noun="parcours", key={"id": 1}, before={"exited_on": None},
               after={"exited_on": "2009-05-01"}, **later),
        Change(kind="U", noun="parcours", key={"id": 1}, before={"origin": ""},
               after={"origin": "Mairie"}, **later),
    ):  # fmt: skip
        assert sealed_by(session, [change]) is None
    for parcours, is_sealed in (("in_parcours", True), ("out_parcours", False)):
        of_it = PhaseChange.parcours_id == scene.ids[parcours]
        number = session.scalar(select(PhaseChange.id).where(of_it))
        phase = Change(kind="U", noun="phase_changes", key={"id": number},
                       before={"phase_code": "EME"}, after={"phase_code": "FAI"},
                       parcours_id=scene.ids[parcours])  # fmt: skip
        assert bool(sealed_by(session, [phase])) is is_sealed, parcours
    outcome = Change(kind="U", noun="parcours", key={"id": 1}, before={"outcome_code": "CRE"},
                     after={"outcome_code": "ABA"}, parcours_id=scene.ids["in_ended"])  # fmt: skip
    assert sealed_by(session, [outcome]) is None, "the database refuses it; it is not foretold"
