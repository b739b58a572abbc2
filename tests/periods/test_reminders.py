"""What is due is said at home and by mail."""

from __future__ import annotations

from ramsess.cli.digest import send_digest
from tests.pages import send
from tests.periods.scene import Scene
from tests.views.test_messages import mails


def test_what_is_due_is_said_on_the_home_page(scene: Scene) -> None:
    home = scene.manager.get("/").text
    assert "1er trimestre 2009 : en retard, attendu le 21\u00a0avril\u00a02009" in home
    assert "Année 2009 : en retard" in home
    assert "trimestre" not in scene.adviser.get("/").text
    assert "1er trimestre 2009 : à consolider" in scene.coordinator.get("/").text
    scene.hand_in_all(only="APEAS")
    assert "1er trimestre 2009 :" not in scene.manager.get("/").text
    send(scene.coordinator, scene.coordinator.get(scene.quarter), "/renvoyer",
         structure="APEAS", remark="Secret de la remarque.")  # fmt: skip
    home = scene.manager.get("/").text
    assert "1er trimestre 2009 : renvoyé par la coordination" in home
    scene.consolidate(confirmed="y")
    assert "1er trimestre 2009 :" not in scene.manager.get("/").text
    assert "1er trimestre 2009 :" not in scene.coordinator.get("/").text


def test_the_daily_mail_mentions_what_is_due_and_not_what_was_said(scene: Scene) -> None:
    scene.hand_in_all(only="APEAS")
    send(scene.coordinator, scene.coordinator.get(scene.quarter), "/renvoyer",
         structure="APEAS", remark="Secret de la remarque.")  # fmt: skip
    send(scene.coordinator, scene.coordinator.get("/echanges"), text="Bonjour à tous.")
    with scene.app.app_context():
        send_digest(scene.app)
    told = [str(one) for one in mails(scene.app)]
    owing = [one for one in told if "1er trimestre 2009, APEAS : renvoyé" in one]
    assert len(owing) == 1
    assert "/periodes" in owing[0]
    assert not any("Secret" in one for one in told)
