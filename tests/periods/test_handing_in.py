"""A structure hands in, takes back, hands in again; its sheet is its own report."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select, text

from ramsess.actions.hand_ins import hand_in
from ramsess.actions.refusals import RefusedError
from ramsess.actions.standings import State
from ramsess.database import db
from ramsess.models import Account, HandIn, Structure
from ramsess.models.calendar import today
from ramsess.reports.consolidation import make_report
from ramsess.reports.handing_in import sheets
from tests.conftest import administrator
from tests.counting.builder import Network
from tests.pages import form_of, send
from tests.periods.scene import FIRST, Scene, first_quarter
from tests.security.audited import sign_in_more


def test_a_structure_hands_in_with_its_figures_though_something_is_missing(scene: Scene) -> None:
    page = scene.manager.get(scene.quarter)
    assert "Vous pouvez rendre, mais sachez-le" in page.text
    assert "4\u00a0fiches sont incomplètes" in page.text
    assert "champ=birth_date" in page.text
    assert send(scene.manager, page, "/rendre", remark=" Voilà. ").status_code == 302
    (step,) = scene.steps()
    assert (step.step, step.number, step.remark) == ("handed_in", 1, "Voilà.")
    assert step.figures
    assert (step.figures["persons_accompanied"], step.figures["acts"]) == (2, 1)
    with scene.app.app_context():
        own = make_report(db.engines["report"], FIRST, structure="APEAS").table("B01")
    assert step.figures == {row.key: own.value(row.key, "current") for row in own.rows}
    assert "Rendu" in scene.manager.get(scene.quarter).text


def test_handing_in_twice_is_handing_in_once(scene: Scene) -> None:
    page = scene.manager.get(scene.quarter)
    for _ in range(2):
        assert send(scene.manager, page, "/rendre").status_code == 302
    assert len(scene.steps()) == 1


def test_two_who_hand_in_at_once_make_one_step(scene: Scene) -> None:
    """The database refuses the second: what its page does then finds the first."""
    with scene.app.app_context():
        session = db.session()
        session.add_all(
            HandIn(
                period_id=first_quarter().id,
                structure_id=1,
                number=1,
                step="handed_in",
                account_id=session.scalar(text("SELECT min(id) FROM accounts")),
            )
            for _ in range(2)
        )
        with pytest.raises(Exception, match="uq_hand_ins"):
            session.commit()
        session.rollback()


def test_what_changes_after_the_hand_in_shows_to_both(scene: Scene) -> None:
    send(scene.manager, scene.manager.get(scene.quarter), "/rendre")
    told = "chiffres ont changé"
    for reader in (scene.manager, scene.coordinator):
        assert told not in reader.get(scene.quarter).text
    with scene.app.app_context():
        network = Network(db.session())
        network.act("2009-03-31", by={"eve/APEAS": 75})
        # A day later, and another structure's: neither is of what was handed in.
        network.act("2009-04-01", by={"eve/APEAS": 30})
        network.act("2009-03-30", by={"bob/PLACE": 30})
        db.session.commit()
    for reader in (scene.manager, scene.coordinator):
        page = reader.get(scene.quarter).text
        assert told in page
        assert "Actes : 1 au rendu, 2 aujourd’hui" in page
        changes = re.findall(r"<li>(Heures[^<]+)</li>", page)
        assert changes == ["Heures : 1\u202fh\u202f00 au rendu, 2\u202fh\u202f15 aujourd’hui"]


def test_a_structure_takes_back_and_hands_in_again(scene: Scene) -> None:
    send(scene.manager, scene.manager.get(scene.quarter), "/rendre")
    page = scene.manager.get(scene.quarter)
    for _ in range(2):
        assert send(scene.manager, page, "/reprendre").status_code == 302
    assert scene.states()["APEAS"] == State.LATE
    send(scene.manager, scene.manager.get(scene.quarter), "/rendre")
    assert [one.step for one in scene.steps()] == ["handed_in", "taken_back", "handed_in"]


def test_a_period_that_has_not_begun_is_not_handed_in(scene: Scene) -> None:
    ahead = today().year + 1
    path = f"/periodes/ouvrir?annee={ahead}"
    send(scene.coordinator, scene.coordinator.get(path), t1=f"{ahead}-04-21", t2="", t3="", t4="",
         annee="")  # fmt: skip
    listed = scene.manager.get(f"/periodes?annee={ahead}").text
    assert "à venir" in listed
    address = re.search(r"/periodes/[0-9a-f-]{36}", listed)
    assert address
    page = scene.manager.get(address[0])
    assert "rien à rendre encore" in page.text
    form = form_of(scene.manager.get(scene.quarter), "/rendre")
    sent = scene.manager.post(f"{address[0]}/rendre", data=dict(form.fields))
    assert sent.status_code == 422
    assert "n’a pas commencé" in sent.text


def test_a_period_under_way_says_that_its_figures_will_change(scene: Scene) -> None:
    year = today().year
    path = f"/periodes/ouvrir?annee={year}"
    send(scene.coordinator, scene.coordinator.get(path), t1="", t2="", t3="", t4="")
    listed = scene.manager.get(f"/periodes?annee={year}").text
    assert "en cours" in listed
    address = re.search(r"/periodes/[0-9a-f-]{36}", listed)
    assert address
    assert "changera vos chiffres" in scene.manager.get(address[0]).text
    settled = send(scene.coordinator, scene.coordinator.get(scene.quarter), "/consolider",
                   confirmed="y")  # fmt: skip
    assert settled.status_code == 302
    assert "se consolide après" in scene.coordinator.get(address[0]).text


def test_another_structure_and_an_adviser_hand_nothing_in(scene: Scene) -> None:
    assert "C’est" not in scene.adviser.get(scene.quarter).text
    assert "responsable de APEAS" in scene.adviser.get(scene.quarter).text
    fields = dict(form_of(scene.manager.get(scene.quarter), "/rendre").fields)
    for deed in ("rendre", "reprendre"):
        path = f"{scene.quarter}/{deed}"
        # APEAS is named: it is not hers.
        assert scene.place.post(path, data=fields).status_code in (401, 404)
        form = form_of(scene.place.get(scene.quarter), "/rendre")
        named = {**dict(form.fields), "structure": "APEAS"}
        assert scene.place.post(path, data=named).status_code == 404
    assert scene.place.get(f"{scene.quarter}?structure=APEAS").status_code == 404
    assert scene.steps() == []


def test_a_structure_that_was_not_a_member_has_nothing_to_hand_in(
    scene: Scene,
) -> None:
    with scene.app.app_context(), administrator() as admin:
        admin.execute(
            text("INSERT INTO memberships (structure_id, joined_on) SELECT id, '2015-01-01' "
                 "FROM structures WHERE code = 'KADO'")
        )  # fmt: skip
    kado = sign_in_more(scene.app, "manager", "KADO")
    assert "n’était pas membre" in kado.get("/periodes").text
    page = kado.get(scene.quarter)
    assert "n’a rien à rendre" in page.text
    token = dict(form_of(page, "/deconnexion").fields)["csrf_token"]
    assert kado.post(f"{scene.quarter}/rendre", data={"csrf_token": token}).status_code == 422
    with scene.app.app_context():
        account = db.session.scalars(select(Account).order_by(Account.id.desc())).first()
        structure = db.session.scalars(select(Structure).where(Structure.code == "KADO")).one()
        assert account
        with pytest.raises(RefusedError, match="pas membre"):
            hand_in(db.session(), account, first_quarter(), structure, seen=0)


def test_the_sheet_of_a_structure_is_its_own_report(scene: Scene) -> None:
    with scene.app.app_context():
        engine = db.engines["report"]
        found = sheets(engine, FIRST, ["APEAS", "PLACE"], with_previous=True)
        for code, sheet in found.items():
            own = make_report(engine, FIRST, structure=code)
            assert sheet.table.as_json() == own.table("B01").as_json()
            assert sheet.figures == {
                row.key: sheet.table.value(row.key, "current") for row in sheet.table.rows
            }
            b19 = own.table("B19")
            assert sum(line.count for line in sheet.to_complete) == sum(
                int(b19.value(row.key, code)) for row in b19.rows if row.key.endswith("_missing")
            )
