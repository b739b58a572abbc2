"""A structure is sent back; everything is consolidated, and gone back from."""

from __future__ import annotations

import re
from html import unescape

from sqlalchemy import select, text

from ramsess.actions.standings import State
from ramsess.database import db
from ramsess.models import Account
from ramsess.models.calendar import today
from ramsess.models.names import normalise
from ramsess.reports.consolidation import make_report
from ramsess.reports.handing_in import NOT_HANDED_IN
from tests.pages import form_of, send
from tests.periods.scene import FIRST, OPEN, YEAR, Scene, first_quarter


def test_a_structure_is_sent_back_and_reads_why(scene: Scene) -> None:
    scene.hand_in_all(only="APEAS")
    page = scene.coordinator.get(f"{scene.quarter}?structure=APEAS")
    bare = send(scene.coordinator, page, "/renvoyer", structure="APEAS", remark=" ")
    assert bare.status_code == 422
    assert "ce qu’elle doit revoir" in bare.text
    said = "Présences <de novembre> ?"
    for _ in range(2):
        sent = send(scene.coordinator, page, "/renvoyer", structure="APEAS", remark=said)
        assert sent.status_code == 302
    assert [one.step for one in scene.steps()] == ["sent_back", "handed_in"]
    assert scene.states()["APEAS"] == State.SENT_BACK
    for reader in (scene.manager, scene.adviser):
        for path in (scene.quarter, "/periodes"):
            assert "Présences &lt;de novembre&gt;\u202f?" in reader.get(path).text
    assert "novembre" not in scene.place.get(scene.quarter).text
    again = send(scene.manager, scene.manager.get(scene.quarter), "/rendre", remark="Complété.")
    assert again.status_code == 302
    assert "Complété." in scene.coordinator.get(scene.quarter).text


def test_who_hands_in_without_having_read_the_remark_is_told(scene: Scene) -> None:
    seen = scene.manager.get(scene.quarter)
    send(scene.manager, seen, "/rendre")
    send(scene.coordinator, scene.coordinator.get(scene.quarter), "/renvoyer",
         structure="APEAS", remark="À revoir.")  # fmt: skip
    answer = send(scene.manager, seen, "/rendre", remark="Mon mot.")
    assert answer.status_code == 409
    assert "À revoir." in answer.text
    assert "Mon mot." in answer.text
    assert scene.steps()[0].step == "sent_back"
    # Having read it, she may hand in.
    assert send(scene.manager, answer, "/rendre").status_code == 302


def test_what_was_taken_back_meanwhile_is_not_sent_back(scene: Scene) -> None:
    scene.hand_in_all(only="APEAS")
    scene.hand_in_all("APEAS")
    page = scene.coordinator.get(scene.quarter)
    send(scene.manager, scene.manager.get(scene.quarter), "/reprendre")
    answer = send(scene.coordinator, page, "/renvoyer", structure="APEAS", remark="À revoir.")
    assert answer.status_code == 409
    assert "À revoir." in answer.text
    fresh = {"structure": "APEAS", "remark": "À revoir.", "vu-APEAS": "2"}
    fields = dict(form_of(answer, "/renvoyer").fields)
    told = scene.coordinator.post(f"{scene.quarter}/renvoyer", data={**fields, **fresh})
    assert told.status_code == 422
    assert "n’a rien rendu" in told.text
    wrong = {**fields, "structure": "RIEN", "remark": "À revoir."}
    assert scene.coordinator.post(f"{scene.quarter}/renvoyer", data=wrong).status_code == 422


def test_consolidating_needs_everybody_or_to_say_without_whom(scene: Scene) -> None:
    scene.hand_in_all("APEAS")
    refused = scene.consolidate()
    assert refused.status_code == 422
    assert "N’ont pas rendu : APEAS." in refused.text
    with scene.app.app_context():
        assert first_quarter().consolidated_on is None
        assert {one.mention for one in make_report(db.engines["report"], FIRST).members} == {""}
    assert scene.consolidate(confirmed="y").status_code == 302
    with scene.app.app_context():
        assert first_quarter().consolidated_on == today()
        report = make_report(db.engines["report"], FIRST)
        told = {one.code: one.mention for one in report.members if one.mention}
        assert told == {"APEAS": NOT_HANDED_IN}
        # It is said of these days, and of the whole network, alone.
        for other in (
            make_report(db.engines["report"], YEAR),
            make_report(db.engines["report"], FIRST, structure="APEAS"),
            make_report(db.engines["report"], FIRST, scheme="DRA"),
        ):
            assert not any(one.mention for one in other.members)
    shown = scene.coordinator.get("/bilan/?debut=2009-01-01&fin=2009-03-31").text
    assert f"APEAS ({NOT_HANDED_IN})" in shown
    assert "sans que votre structure ait rendu" in scene.manager.get(scene.quarter).text
    assert scene.states()["APEAS"] == State.LEFT_OUT


def test_once_consolidated_nobody_takes_a_step(scene: Scene) -> None:
    scene.hand_in_all(only="APEAS")
    before = scene.manager.get(scene.quarter)
    there = scene.coordinator.get(scene.quarter)
    scene.consolidate(confirmed="y")
    taken = send(scene.manager, before, "/reprendre")
    sent = send(scene.coordinator, there, "/renvoyer", structure="APEAS", remark="Non.")
    for answer in (taken, sent):
        assert answer.status_code == 422
        assert "est consolidée" in answer.text
    assert [one.step for one in scene.steps()] == ["handed_in"]
    assert scene.states()["APEAS"] == State.CONSOLIDATED
    # Asked twice, done once.
    assert send(scene.coordinator, there, "/consolider").status_code == 302
    assert "Consolidé par la coordination" in scene.manager.get(scene.quarter).text


def test_a_consolidation_is_gone_back_from_until_something_is_sealed(scene: Scene) -> None:
    scene.consolidate(confirmed="y")
    page = scene.coordinator.get(scene.quarter)
    for _ in range(2):
        assert send(scene.coordinator, page, "/rouvrir").status_code == 302
    assert scene.states()["APEAS"] == State.LATE
    scene.hand_in_all()
    scene.consolidate()
    page = scene.coordinator.get(scene.quarter)
    commenting = scene.coordinator.get(f"{scene.quarter}/commentaires")
    opening = scene.coordinator.get(OPEN)
    scene.seal()
    refused = send(scene.coordinator, page, "/rouvrir")
    assert refused.status_code == 422
    assert "scellée" in refused.text
    assert scene.comment(commenting, B08="Trop tard.").status_code == 422
    assert send(scene.coordinator, opening, t1="2009-12-31").status_code == 422
    assert scene.states()["APEAS"] == State.SEALED
    shown = scene.coordinator.get(scene.quarter).text
    assert "7KQ2-M9XD" in shown
    assert "Région" in shown
    assert "<textarea" not in scene.coordinator.get(f"{scene.quarter}/commentaires").text
    assert "plus rien ne change" in scene.manager.get(scene.quarter).text


def test_who_looks_at_an_older_consolidation_is_told(scene: Scene) -> None:
    page = scene.coordinator.get(scene.quarter)
    send(scene.coordinator, scene.coordinator.get(OPEN), t1="2009-05-01")
    assert send(scene.coordinator, page, "/consolider", confirmed="y").status_code == 409
    scene.consolidate(confirmed="y")
    fields = dict(form_of(scene.coordinator.get(scene.quarter), "/rouvrir").fields)
    old = {**fields, "version": "1"}
    assert scene.coordinator.post(f"{scene.quarter}/rouvrir", data=old).status_code == 409


def test_the_year_is_handed_in_by_the_same_gesture(scene: Scene) -> None:
    answer = send(scene.manager, scene.manager.get(scene.year), "/rendre")
    assert answer.status_code == 302
    page = scene.coordinator.get(scene.year).text
    assert "Ses trimestres" in page
    assert scene.steps() == []
    assert scene.states()["APEAS"] == State.LATE


def test_the_grid_says_where_everybody_is_without_colours(scene: Scene) -> None:
    scene.hand_in_all(only="APEAS")
    page = scene.coordinator.get("/periodes").text
    grid = page[page.index("period-grid") :]
    line = grid[grid.index(">APEAS<") : grid.index("</tr>", grid.index(">APEAS<"))]
    assert re.findall(r'aria-hidden="true">(.)</span> ([^<]+)<', line) == [
        ("✓", "rendu"),
        ("!", "en retard"),
    ]
    first = scene.coordinator.get(scene.quarter).text
    # Late ones first.
    assert first.index("<strong>Place</strong>") < first.index("<strong>APEAS</strong>")


def test_structures_stand_in_the_order_of_their_names_accents_apart(scene: Scene) -> None:
    grid = scene.coordinator.get("/periodes").text.partition("period-grid")[2]
    listed = [unescape(name) for name in re.findall(r'<th scope="row">([^<]+)</th>', grid)]
    names = [name for name in listed if name != "Échéance"]
    assert names.index("Énergie Alternative") < names.index("Essor 13")
    assert names == sorted(names, key=normalise)


def test_who_manages_and_coordinates_does_both(scene: Scene) -> None:
    with scene.app.app_context():
        email = db.session.scalars(
            select(Account.email).where(Account.grants.any(role_name="manager")).order_by(
                Account.id
            )
        ).first()  # fmt: skip
        assert email
        db.session.execute(
            text("INSERT INTO grants (account_id, role_name) SELECT id, 'coordinator' "
                 "FROM accounts WHERE email = :email"), {"email": email},
        )  # fmt: skip
        db.session.commit()
    assert "Qui en est où" in scene.manager.get(scene.quarter).text
    own = scene.manager.get(f"{scene.quarter}?structure=APEAS")
    answer = send(scene.manager, own, "/rendre")
    assert answer.location.endswith("?structure=APEAS")
    assert scene.states()["APEAS"] == State.HANDED_IN
