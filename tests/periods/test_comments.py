"""Comments on the tables of a period, of several who write."""

from __future__ import annotations

from sqlalchemy import select

from ramsess.database import db
from ramsess.models import TableComment
from ramsess.reports.consolidation import make_report
from tests.periods.scene import FIRST, YEAR, Scene


def test_comments_are_in_the_report_of_exactly_these_days(scene: Scene) -> None:
    page = scene.coordinator.get(f"{scene.quarter}/commentaires")
    answer = scene.comment(page, BILAN="Un trimestre\r\ncalme. ", B08="Peu d’actes.")
    assert answer.location.endswith("#BILAN")
    with scene.app.app_context():
        engine = db.engines["report"]
        assert make_report(engine, FIRST).comments == {
            "B08": "Peu d’actes.",
            "BILAN": "Un trimestre\ncalme.",
        }
        for other in (
            make_report(engine, YEAR),
            make_report(engine, FIRST, structure="APEAS"),
            make_report(engine, FIRST, scheme="DRA"),
        ):
            assert other.comments == {}
    page = scene.coordinator.get(f"{scene.quarter}/commentaires")
    assert scene.comment(page, B08="").status_code == 302
    with scene.app.app_context():
        assert [one.table_id for one in db.session.query(TableComment)] == ["BILAN"]
    # Nothing typed, nothing written.
    page = scene.coordinator.get(f"{scene.quarter}/commentaires")
    scene.comment(page)
    assert "Rien n’a changé" in scene.coordinator.get("/periodes").text


def test_the_second_who_comments_is_shown_both_and_loses_nothing(scene: Scene) -> None:
    path = f"{scene.quarter}/commentaires"
    seen = scene.coordinator.get(path)
    scene.comment(seen, B08="La première.", B05="Du sud.")
    late = scene.comment(seen, B08="La seconde.", B11="Des ateliers.")
    # What nobody else wrote is kept.
    assert late.status_code == 200
    assert "Vos autres commentaires sont enregistrés" in late.text
    told = late.text[late.text.index('id="B08"') :]
    assert "La première." in told[: told.index("<textarea")]
    assert "La seconde." in told[: told.index("</textarea>")]
    with scene.app.app_context():
        held = {one.table_id: one.text for one in db.session.query(TableComment)}
    # What she did not touch stays, what nobody else touched is kept.
    assert held == {"B08": "La première.", "B05": "Du sud.", "B11": "Des ateliers."}
    assert scene.comment(late, B08="Les deux.").status_code == 302
    with scene.app.app_context():
        rewritten = db.session.scalars(
            select(TableComment).where(TableComment.table_id == "B08")
        ).one()
        assert (rewritten.text, rewritten.version) == ("Les deux.", 2)


def test_a_comment_that_is_too_long_keeps_all_that_was_typed(scene: Scene) -> None:
    page = scene.coordinator.get(f"{scene.quarter}/commentaires")
    answer = scene.comment(page, B08="x" * 8001, B05="Du sud.")
    assert answer.status_code == 422
    assert "8\u202f000 caractères" in answer.text
    assert "Du sud.</textarea>" in answer.text
    with scene.app.app_context():
        assert db.session.query(TableComment).count() == 0
