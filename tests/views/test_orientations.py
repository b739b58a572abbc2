"""Orientations on the pages: proposed, answered without knowing whom, opened by accepting."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from ramsess.actions.orientations import ANSWER_WITHIN
from ramsess.database import db
from ramsess.models import (
    Acquaintance,
    AuditDetail,
    AuditEvent,
    Involvement,
    Orientation,
    Parcours,
    Positioning,
    Presentation,
    Structure,
)
from ramsess.models.calendar import today
from tests.conftest import SignIn
from tests.pages import send
from tests.views.conftest import Count, days_ago, enter_person, join_parcours, open_parcours
from tests.views.test_together import at_once, same_session

# Whatever leads to the person or to her parcours.
TELLING = ("Zoé", "Fictif<", "Épicerie", "P-20", "Aubagne")


@dataclass
class Scene:
    """APEAS orients somebody on its parcours to Place."""

    app: Flask
    sender: FlaskClient
    asked: FlaskClient
    person: str
    reference: str
    address: str

    @property
    def offer(self) -> str:
        return self.address.replace("/orientations/", "/orientations/recues/")

    def answer(self, said: str, why: str = "", client: FlaskClient | None = None) -> TestResponse:
        """Send the form of the offer's page: to accept, or to refuse."""
        client = client or self.asked
        page = client.get(self.offer)
        return client.post(
            f"{self.offer}/reponse", data={**token(page), "answer": said, "answer_note": why}
        )


def number_of(app: Flask, code: str) -> str:
    """What the forms call a structure."""
    with app.app_context():
        return str(db.session.scalar(select(Structure.id).where(Structure.code == code)))


def token(page: TestResponse) -> dict[str, str]:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert found
    return {"csrf_token": found[1]}


def propose(client: FlaskClient, about: str, to: str, **more: str) -> TestResponse:
    """Propose from the page of a parcours (its reference) or of a person (her address)."""
    path = about if about.startswith("/") else f"/parcours/{about}"
    said = {"to": to, "reason": "Cherche un local", "consent": "y", **more}
    return send(client, client.get(f"{path}/orienter"), **said)


@pytest.fixture
def scene(app: Flask, sign_in: SignIn) -> Scene:
    sender, asked = sign_in("adviser", "APEAS"), sign_in("adviser", "PLACE")
    person = enter_person(sender, "Fictif", commune="Aubagne")
    reference = open_parcours(sender, person, commune="Aubagne", sector="NUM", phase="MON")
    made = propose(sender, reference, number_of(app, "PLACE"))
    assert made.status_code == 302, made.text
    return Scene(app, sender, asked, person, reference, str(made.location))


def test_who_is_asked_learns_why_and_not_whom(scene: Scene) -> None:
    own = scene.sender.get(scene.address).text
    for word in ("Orientation vers Place", "Zoé Fictif", "Cherche un local", "en attente"):
        assert word in own
    assert "Vers Place" in scene.sender.get(f"/parcours/{scene.reference}").text
    pages = [scene.asked.get(path) for path in ("/", "/orientations", scene.offer)]
    for page in pages:
        assert scene.offer in page.text
        assert not [word for word in TELLING if word in page.text]
    for word in (
        "Cherche un local",
        "Montage",
        "Numérique",
        "<dd>Bouches-du-Rhône</dd>",
        "APEAS",
        "Ana Fictive",
    ):
        assert word in pages[-1].text
    for path in (scene.address, f"/parcours/{scene.reference}", scene.person):
        assert scene.asked.get(path).status_code == 404


def test_accepting_opens_the_parcours_at_that_moment(scene: Scene) -> None:
    accepted = scene.answer("accepted")
    assert accepted.location == scene.address
    assert "Zoé Fictif" in scene.asked.get(scene.address).text
    assert scene.asked.get(scene.offer).location == scene.address
    assert "prend part" in scene.asked.get(f"/parcours/{scene.reference}").text
    assert "n’a pas encore noté d’acte" in scene.sender.get(scene.address).text
    with scene.app.app_context():
        stay = db.session.scalars(
            select(Involvement).where(Involvement.structure.has(code="PLACE"))
        ).one()
        assert (stay.joined_on, stay.left_on) == (today(), None)
    send(scene.asked, scene.asked.get("/"), type="CSL1", parcours=scene.reference)
    assert "premier acte le" in scene.sender.get(scene.address).text
    assert "Zoé" not in scene.asked.get("/orientations").text


def test_refusing_leaves_no_trace_of_the_person(scene: Scene) -> None:
    refused = scene.answer("refused")
    assert "Dites pourquoi" in refused.text
    assert scene.answer("refused", "Trop loin de nos permanences").status_code == 302
    for path in ("/", "/orientations", scene.offer):
        page = scene.asked.get(path).text
        assert "Cherche un local" not in page
        assert "Montage" not in page
        assert not [word for word in TELLING if word in page]
    assert "Trop loin de nos permanences" in scene.asked.get(scene.offer).text
    assert "Refusée" in scene.asked.get("/orientations").text
    assert "Trop loin de nos permanences" in scene.sender.get(scene.address).text
    with scene.app.app_context():
        rows = db.session.execute(
            select(AuditDetail.person_id, AuditDetail.structure_id)
            .join(AuditEvent, AuditEvent.id == AuditDetail.event_id)
            .where(AuditEvent.action == "refuse_orientation")
        ).all()
        assert [(row.person_id, str(row.structure_id)) for row in rows] == [
            (None, number_of(scene.app, "PLACE"))
        ]
        assert not db.session.scalars(
            select(Involvement).where(Involvement.structure.has(code="PLACE"))
        ).all()


def test_a_person_without_parcours_is_known_once_accepted(
    app: Flask, sign_in: SignIn, count: Count
) -> None:
    sender, asked = sign_in("adviser", "APEAS"), sign_in("manager", "PLACE")
    person = enter_person(sender, "Fictif", commune="Aubagne")
    send(sender, sender.get("/actes/nouveau"), type="ACC1", people="Zoé Fictif")
    received = re.search(r"/actes/[0-9a-f-]{36}", sender.get("/").text)
    assert received
    assert f"{person}/orienter" in sender.get(received[0]).text
    assert "Orienter" in sender.get(person).text
    address = propose(sender, person, number_of(app, "PLACE")).location
    scene = Scene(app, sender, asked, person, "", str(address))
    page = asked.get(scene.offer)
    assert "la personne a été reçue" in page.text
    assert "<dd>Bouches-du-Rhône</dd>" in page.text
    assert "Répondre à APEAS" in asked.get("/").text
    assert scene.answer("accepted").status_code == 302
    assert asked.get(person).status_code == 200
    assert "Vers Place" in asked.get(person).text
    assert count(Acquaintance) == 2


def test_two_advisers_at_once_and_twice_make_one_answer(app: Flask, scene: Scene) -> None:
    page = scene.asked.get(scene.offer)
    other = same_session(app, scene.asked)
    sent = {**token(page), "answer": "accepted"}
    answers = at_once(
        [lambda c=c: c.post(f"{scene.offer}/reponse", data=sent) for c in (scene.asked, other)]  # type: ignore[misc]  # mypy infers no default
    )
    assert sorted(answers) == [302, 409]
    with app.app_context():
        assert db.session.query(Involvement).count() == 2
    again = scene.asked.post(
        f"{scene.offer}/reponse", data={**sent, "answer": "refused", "answer_note": "Trop loin"}
    )
    assert again.status_code == 409
    assert "Trop loin" in again.text
    assert "Acceptée" in again.text


def test_what_was_given_up_is_not_accepted(scene: Scene) -> None:
    page, own = scene.asked.get(scene.offer), scene.sender.get(scene.address)
    closed = send(scene.sender, own, "/suite", answer_note="Partie à Lyon")
    assert closed.status_code == 302
    late = scene.asked.post(f"{scene.offer}/reponse", data={**token(page), "answer": "accepted"})
    assert late.status_code == 409
    assert "Sans suite" in late.text
    assert "Partie à Lyon" not in late.text
    assert not [word for word in TELLING if word in late.text]
    assert scene.asked.get(f"/parcours/{scene.reference}").status_code == 404
    # And the other way round: the first to speak is heard, the second told, and both texts stay.
    again = propose(scene.sender, scene.reference, number_of(scene.app, "PLACE"))
    scene.address = str(again.location)
    own = scene.sender.get(scene.address)
    scene.answer("refused", "Trop loin")
    second = send(scene.sender, own, "/suite", answer_note="Partie à Lyon")
    assert second.status_code == 409
    assert "Trop loin" in second.text
    assert "Partie à Lyon" in second.text


def test_the_sender_notes_and_corrects_what_a_partner_answers(
    app: Flask, scene: Scene, count: Count
) -> None:
    made = propose(scene.sender, scene.reference, "partenaire:ADIE")
    page = scene.sender.get(made.location)
    assert "Noter la réponse" in page.text
    early = send(scene.sender, page, "/suite", answer="accepted", answered_on=days_ago(1))
    assert "Cette date précède l’orientation." in early.text
    assert send(scene.sender, page, "/suite", answer="accepted", answered_on="").status_code == 422
    done = send(scene.sender, page, "/suite", answer="accepted", answer_note="RDV le 3")
    assert "Acceptée" in scene.sender.get(done.location).text
    # A colleague had the page open.
    second = send(scene.sender, page, "/suite", answer="refused", answer_note="Hors critères")
    assert second.status_code == 409
    assert "RDV le 3" in second.text
    assert "Hors critères" in second.text
    assert send(scene.sender, second, "/suite").status_code == 302
    assert "Refusée" in scene.sender.get(made.location).text
    assert count(Orientation) == 2


REFUSALS: tuple[tuple[dict[str, str | list[str]], str], ...] = (
    ({"to": ""}, "Choisissez une structure ou un partenaire."),
    ({"to": "APEAS"}, "pas un choix valide"),
    ({"to": "PLACE"}, "La même orientation attend déjà une réponse."),
    ({"reason": " "}, "Dites pourquoi"),
    ({"reason": "Zoé cherche un local"}, "Ce motif nomme la personne"),
    ({"reason": "FICTIF ou ses associés"}, "Ce motif nomme la personne"),
    ({"consent": []}, "Sans l’accord de la personne"),
    ({"consent_on": days_ago(-2)}, "dans le futur"),
)


def test_a_refusal_proposes_nothing_and_loses_nothing(scene: Scene, count: Count) -> None:
    page = scene.sender.get(f"/parcours/{scene.reference}/orienter")
    for changes, message in REFUSALS:
        said = {"to": "partenaire:ADIE", "reason": "Cherche un local", "consent": "y", **changes}
        if said["to"] in ("APEAS", "PLACE"):
            said["to"] = number_of(scene.app, str(said["to"]))
        answer = send(scene.sender, page, **said)
        assert answer.status_code == 422
        assert message in answer.text
        assert str(said["reason"]) in answer.text
    assert count(Orientation) == 1


def test_who_may_be_asked(app: Flask, scene: Scene) -> None:
    page = scene.sender.get(f"/parcours/{scene.reference}/orienter").text
    assert ">Place<" in page
    assert ">APEAS<" not in page
    assert ">Kado<" not in page
    join_parcours(scene.asked, scene.sender, scene.reference)
    assert ">Place<" not in scene.sender.get(f"/parcours/{scene.reference}/orienter").text
    # Taking part already, it accepts all the same, and takes part once.
    assert scene.answer("accepted").status_code == 302
    with app.app_context():
        assert db.session.query(Involvement).count() == 2


def test_of_a_parcours_left_the_sender_keeps_what_it_asked_and_sees_nobody(
    app: Flask, scene: Scene
) -> None:
    join_parcours(scene.asked, scene.sender, scene.reference)
    made = propose(scene.asked, scene.reference, number_of(app, "AGODIS"))
    # Who takes part sees it too.
    assert "Vers Agodis" in scene.sender.get(f"/parcours/{scene.reference}").text
    assert "Classer sans suite" not in scene.sender.get(made.location).text
    page = scene.asked.get(f"/parcours/{scene.reference}")
    send(scene.asked, page, "/depart", left_on=days_ago(0))
    with app.app_context():
        db.session.execute(
            update(Involvement)
            .where(Involvement.structure.has(code="PLACE"))
            .values(joined_on=today() - dt.timedelta(9), left_on=today() - dt.timedelta(1))
        )
        db.session.commit()
    shown = scene.asked.get(made.location)
    assert "que votre structure a quitté" in shown.text
    assert "Zoé" not in shown.text
    assert "que votre structure a quitté" in scene.asked.get("/orientations").text
    assert send(scene.asked, shown, "/suite").status_code == 302


def test_who_follows_her_orients_her_from_her_parcours(scene: Scene) -> None:
    assert f"{scene.person}/orienter" not in scene.sender.get(scene.person).text
    answer = propose(scene.sender, scene.person, "partenaire:ADIE")
    assert f"suit le parcours {scene.reference}" in answer.text


def test_no_sharing_against_what_the_person_said(scene: Scene) -> None:
    send(scene.sender, scene.sender.get(scene.person), "/information", sharing="non")
    stopped = scene.answer("accepted")
    assert stopped.status_code == 422
    assert "ne souhaite plus que son dossier soit partagé" in stopped.text
    answer = propose(scene.sender, scene.reference, number_of(scene.app, "AGODIS"))
    assert "n’accepte pas que son dossier soit partagé" in answer.text
    assert propose(scene.sender, scene.reference, "partenaire:ADIE").status_code == 302


def test_of_a_parcours_that_ended_nothing_is_proposed_nor_accepted(scene: Scene) -> None:
    with scene.app.app_context():
        db.session.execute(update(Parcours).values(exited_on=today() - dt.timedelta(1)))
        db.session.commit()
    assert "Ce parcours est terminé" in scene.answer("accepted").text
    answer = propose(scene.sender, scene.reference, "partenaire:ADIE")
    assert "Ce parcours est terminé." in answer.text
    assert "orienter" not in scene.sender.get(f"/parcours/{scene.reference}").text


def test_what_is_late_is_told_to_both(scene: Scene) -> None:
    assert "attend depuis" not in scene.asked.get("/").text
    assert "Sans réponse" not in scene.sender.get("/").text
    for days, late in ((ANSWER_WITHIN, False), (ANSWER_WITHIN + 1, True)):
        day = today() - dt.timedelta(days)
        with scene.app.app_context():
            db.session.execute(update(Orientation).values(proposed_on=day, consent_on=day))
            db.session.commit()
        since = f"depuis {days}\u00a0jours"
        for client, path in (
            (scene.asked, "/"), (scene.asked, "/orientations"), (scene.asked, scene.offer),
            (scene.sender, "/"), (scene.sender, "/orientations"), (scene.sender, scene.address),
        ):  # fmt: skip
            assert (since in client.get(path).text) == late, path


def test_a_form_sent_twice_proposes_once(app: Flask, sign_in: SignIn, count: Count) -> None:
    client = sign_in("adviser", "APEAS", "PLACE")
    reference = open_parcours(client, enter_person(client, "Fictif"))
    page = client.get(f"/parcours/{reference}/orienter")
    clients = [same_session(app, client) for _ in range(3)]
    said = {"to": number_of(app, "AGODIS"), "reason": "Cherche un local", "consent": "y"}
    answers = at_once([lambda c=c: send(c, page, **said) for c in clients])  # type: ignore[misc]  # mypy infers no default
    assert answers == [302] * 3
    assert count(Orientation) == 1


def test_suitable_structures_come_first(app: Flask, scene: Scene) -> None:
    with app.app_context():
        found = {item.code: item for item in db.session.scalars(select(Structure))}
        for code, phase, degree in (("AGODIS", "MON", "1"), ("ESSOR13", "MON", "3"),
                                    ("ENERGIE", "EME", "3")):  # fmt: skip
            here = found[code].id
            line = Positioning(
                structure_id=here, phase_code=phase, speciality_code="FIN", degree_code=degree
            )
            db.session.add(Presentation(structure_id=here, positionings=[line]))
        db.session.commit()
    page = scene.sender.get(f"/parcours/{scene.reference}/orienter").text
    names = re.findall(r">([^<>]+)</option>|label=\"([^\"]+)\"", page)
    said = [one or group for one, group in names]
    start = said.index("Interviennent à cette phase")
    assert said[start : start + 4] == [
        "Interviennent à cette phase", "Essor 13", "Agodis", "Le réseau",
    ]  # fmt: skip
