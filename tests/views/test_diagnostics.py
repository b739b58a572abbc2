"""Shared diagnostics on the pages: each writes in her column, all agree, nothing is lost."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

import pypdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from ramsess.database import db
from ramsess.models import Appraisal, Contribution, Diagnostic
from ramsess.reports.pdf_text import printed
from tests.conftest import SignIn
from tests.pages import form_of, send
from tests.security.audited import sign_in_more
from tests.security.together import TOKEN, tick_all
from tests.views.conftest import Count, days_ago, enter_person, join_parcours, open_parcours


@dataclass
class Pair:
    """APEAS leads, PLACE takes part; *address* of the diagnostic that APEAS opened."""

    app: Flask
    apeas: FlaskClient
    place: FlaskClient
    reference: str
    address: str = ""

    def page(self, client: FlaskClient) -> TestResponse:
        return client.get(self.address)

    def deed(self, client: FlaskClient, ending: str, **said: str) -> TestResponse:
        return send(client, self.page(client), ending, **said)

    def open(self) -> TestResponse:
        answer = tick_all(self.apeas, f"/parcours/{self.reference}/diagnostic", "structures")
        self.address = str(answer.location)
        return answer

    def hand_in(self) -> None:
        for client, need in ((self.apeas, "Un prévisionnel"), (self.place, "Un local")):
            self.deed(client, "/contribution", axes_0_level="2", axes_3_needs=need)
            assert self.deed(client, "/remise").status_code == 302

    def leave(self) -> None:
        """PLACE left the day before yesterday."""
        page = self.place.get(f"/parcours/{self.reference}")
        send(self.place, page, "/depart", left_on=days_ago(0))
        with self.app.app_context():
            db.session.execute(
                text("UPDATE involvements SET joined_on = current_date - 9, "
                     "left_on = current_date - 2 WHERE left_on IS NOT NULL")
            )  # fmt: skip
            db.session.commit()

    def validate(self) -> None:
        self.hand_in()
        self.deed(self.apeas, "/synthese", synthesis="Un projet solide")
        self.deed(self.apeas, "/accord")
        for client in (self.apeas, self.place):
            self.deed(client, "/validation")


@pytest.fixture
def pair(app: Flask, sign_in: SignIn) -> Pair:
    apeas, place = sign_in("adviser", "APEAS"), sign_in("adviser", "PLACE")
    reference = open_parcours(apeas, enter_person(apeas, "Fictif"))
    assert "Invitez d’abord" in apeas.get(f"/parcours/{reference}/diagnostic").text
    join_parcours(place, apeas, reference)
    made = Pair(app, apeas, place, reference)
    assert made.open().status_code == 302
    return made


def test_each_structure_writes_in_its_own_column_beside_the_others(pair: Pair) -> None:
    assert form_of(pair.page(pair.apeas), "/contribution").fields[2][0] == "axes-0-axis"
    said = "Une équipe\nà l’épreuve — œuvre & <b>gras</b>"
    pair.deed(pair.apeas, "/contribution", axes_0_level="3", axes_0_strengths=said)
    theirs = pair.page(pair.place).text
    assert "Une équipe\nà l’épreuve — œuvre &amp; &lt;b&gt;gras&lt;/b&gt;" in theirs
    assert "3 – solide" in theirs
    fields = dict(form_of(pair.page(pair.apeas), "/contribution").fields)
    assert fields["axes-0-strengths"].replace("\r", "") == said
    assert dict(form_of(pair.page(pair.place), "/contribution").fields)["axes-0-strengths"] == ""
    # Nobody writes in another's name.
    mine = dict(form_of(pair.page(pair.apeas), "/contribution").fields)["structure"]
    refused = pair.deed(pair.place, "/contribution", structure=mine, axes_0_needs="Intrus")
    assert refused.status_code == 422
    assert "Intrus" not in pair.page(pair.apeas).text
    assert pair.deed(pair.place, "/contribution", axes_0_level="9").status_code == 422
    long = pair.deed(pair.place, "/contribution", axes_0_needs="x" * 20_001, axes_1_needs="gardé")
    assert long.status_code == 422
    assert "gardé" in long.text
    # What only the référente does is nowhere for the others.
    for ending in ("synthese", "accord", "lien", "invitations"):
        token = dict(form_of(pair.page(pair.place), "/contribution").fields)["csrf_token"]
        sent = pair.place.post(f"{pair.address}/{ending}", data={"csrf_token": token})
        assert sent.status_code == 404, ending


def test_what_is_typed_is_kept_as_one_goes_and_two_colleagues_lose_nothing(
    pair: Pair, count: Count
) -> None:
    first, second = pair.page(pair.apeas), pair.page(pair.apeas)
    form = form_of(first, "/contribution")

    def keep(**said: str) -> TestResponse:
        fields = dict(form.fields) | {name.replace("_", "-"): value for name, value in said.items()}
        return pair.apeas.post(form.action, data={**fields, "autosave": "1"})

    told = keep(axes_0_needs="un")
    assert told.status_code == 200
    assert told.json
    assert [*told.json["versions"]] == ["EQU"]
    assert re.fullmatch(r"\d{1,2} h \d\d", told.json["at"])
    # The other one was on another axis: both stay.
    assert send(pair.apeas, second, "/contribution", axes_1_needs="deux").status_code == 302
    # On the same axis she is told, sees both texts, and decides.
    assert keep(axes_0_needs="trois").status_code == 409
    conflict = send(pair.apeas, first, "/contribution", axes_0_needs="trois", axes_2_needs="quatre")
    assert conflict.status_code == 409
    assert "Ce qui est enregistré" in conflict.text
    for word in ("un", "trois", "quatre"):
        assert f">{word}</" in conflict.text or f">\r\n{word}</" in conflict.text
    assert send(pair.apeas, conflict, "/contribution", axes_0_needs="un, trois").status_code == 302
    with pair.app.app_context():
        needs = {one.axis_code: one.needs for one in db.session.query(Appraisal)}
    assert needs == {"EQU": "un, trois", "PRO": "deux", "BES": "quatre"}
    # Sent again as it is, nothing changes.
    send(pair.apeas, pair.page(pair.apeas), "/contribution")
    with pair.app.app_context():
        assert {one.version for one in db.session.query(Appraisal)} == {1, 2}
    assert keep(axes_0_level="9").status_code == 422
    assert count(Contribution) == 2


def test_what_is_said_of_a_diagnostic_is_read_by_those_who_see_it(pair: Pair) -> None:
    place = f"{pair.address}/echanges"
    answer = send(pair.apeas, pair.apeas.get(place), text="Qui écrit le financement ?")
    assert answer.location == f"{place}#dernier"
    assert "Qui écrit le financement" in pair.place.get(place).text
    assert "Échanges sur le diagnostic (1)" in pair.page(pair.place).text
    # It is said of the parcours too, which says of what; not the other way round.
    thread = f"/parcours/{pair.reference}/echanges"
    send(pair.place, pair.place.get(thread), text="Rien à voir")
    both = pair.apeas.get(thread).text
    assert "sur le diagnostic, version 1" in both
    assert "Rien à voir" in both
    assert "Rien à voir" not in pair.apeas.get(place).text
    taken = send(pair.apeas, pair.apeas.get(place), "/retirer")
    assert taken.location == place
    assert "Message retiré" in pair.place.get(place).text
    pair.leave()
    stranger = sign_in_more(pair.app, "adviser", "AGODIS")
    for away in (pair.place, stranger):
        assert away.get(place).status_code == 404


def test_from_draft_to_validated_by_all(pair: Pair) -> None:
    empty = pair.deed(pair.apeas, "/remise")
    assert "La contribution est vide" in empty.text
    assert "Valider pour" not in pair.page(pair.apeas).text
    writing = pair.page(pair.place)
    pair.hand_in()
    # A colleague handed in meanwhile: what was being written is still there to be taken up.
    late = send(pair.place, writing, "/contribution", axes_4_needs="Un prêt d’honneur")
    assert late.status_code == 422
    assert "La contribution est remise" in late.text
    assert "Un prêt d’honneur" in late.text
    page = pair.page(pair.apeas)
    assert "contributions remises" in page.text
    assert "écrire la synthèse" in page.text
    assert pair.deed(pair.apeas, "/synthese", synthesis="Première").status_code == 302
    # Two write the synthesis: the second one is told.
    told = send(pair.apeas, page, "/synthese", synthesis="Seconde")
    assert told.status_code == 409
    assert "Première" in told.text
    assert "Seconde" in told.text
    assert send(pair.apeas, told, "/synthese", synthesis="Seconde").status_code == 302
    reading = pair.page(pair.place)
    pair.deed(pair.apeas, "/validation")
    pair.deed(pair.apeas, "/synthese", synthesis="Troisième")
    assert "avait validé un texte changé depuis" in pair.page(pair.apeas).text
    # What one validates is what one read.
    assert send(pair.place, reading, "/validation").status_code == 409
    wrong = pair.deed(pair.apeas, "/accord", agreed_on=days_ago(9))
    assert "précède l’ouverture" in wrong.text
    pair.deed(pair.apeas, "/accord", manner="TEL")
    for client in (pair.apeas, pair.place):
        assert "contribution reprise" not in pair.deed(client, "/validation").text
    done = pair.page(pair.place).text
    assert "par téléphone" in done
    assert "<textarea" not in done
    # It never changes: neither by the pages, nor in the database.
    assert (
        "il ne change plus"
        in pair.apeas.post(
            f"{pair.address}/remise",
            data=dict(form_of(pair.apeas.get("/")).fields) | {"structure": "1", "reprendre": "oui"},
        ).text
    )
    with pair.app.app_context():
        state = db.session.query(Diagnostic).one()
        assert state.validated_on


def test_a_part_taken_back_asks_everybody_again(pair: Pair) -> None:
    pair.hand_in()
    pair.deed(pair.apeas, "/synthese", synthesis="Un projet solide")
    pair.deed(pair.apeas, "/accord")
    pair.deed(pair.apeas, "/validation")
    pair.deed(pair.place, "/remise")
    page = pair.page(pair.apeas).text
    assert "accord attendu" in page
    assert "avait validé un texte changé depuis" in page
    assert "remettre la contribution de Place" in page


def test_the_beneficiary_agrees_by_a_link_that_opens_once(pair: Pair) -> None:
    token = dict(form_of(pair.page(pair.apeas), "/contribution").fields)["csrf_token"]
    early = pair.apeas.post(f"{pair.address}/lien", data={"csrf_token": token})
    assert "pas encore remis leur contribution" in early.text
    pair.hand_in()
    pair.deed(pair.apeas, "/synthese", synthesis="Lisible\nà deux lignes")
    first = TOKEN.findall(pair.deed(pair.apeas, "/lien").text)[0]
    given = TOKEN.findall(pair.deed(pair.apeas, "/lien").text)[0]
    with pair.app.app_context():
        kept = db.session.execute(text("SELECT d::text FROM diagnostics d")).scalar_one()
    assert given.rsplit("/", 1)[-1] not in kept
    visitor = pair.app.test_client()
    nothing = visitor.get("/accord/" + "x" * 43)
    assert (visitor.get(first).status_code, nothing.status_code) == (404, 404)
    page = visitor.get(given)
    assert "Lisible\nà deux lignes" in page.text
    assert "Fictif" not in page.text
    # The text changes while she reads: she is shown the new one.
    pair.deed(pair.apeas, "/synthese", synthesis="Récrite")
    again = send(visitor, page)
    assert again.status_code == 409
    assert "Récrite" in again.text
    assert "Merci" in send(visitor, again).text
    assert visitor.get(given).status_code == 404
    assert send(visitor, again).status_code == 404
    assert "par le lien personnel" in pair.page(pair.apeas).text
    # Who is signed in may open it too, and comes back to her own pages.
    assert pair.place.get(given).status_code == 404
    assert pair.page(pair.place).status_code == 200


def test_a_link_of_yesterday_opens_nothing(pair: Pair) -> None:
    pair.hand_in()
    pair.deed(pair.apeas, "/synthese", synthesis="Trop tard")
    given = TOKEN.findall(pair.deed(pair.apeas, "/lien").text)[0]
    page = pair.app.test_client().get(given)
    with pair.app.app_context():
        db.session.execute(text("UPDATE diagnostics SET link_until = now() - interval '1 s'"))
        db.session.commit()
    assert pair.app.test_client().get(given).status_code == 404
    assert send(pair.app.test_client(), page).status_code in (401, 404)


def test_a_revision_starts_from_the_version_before_and_is_compared_with_it(pair: Pair) -> None:
    pair.validate()
    before = pair.address
    page = pair.apeas.get(f"/parcours/{pair.reference}/diagnostic")
    pair.open()
    assert pair.address != before
    # Sent twice, it opens one.
    assert send(pair.apeas, page).location == pair.address
    assert "Un local" in pair.page(pair.apeas).text
    pair.deed(pair.apeas, "/contribution", axes_3_needs="Un emprunt")
    pair.deed(pair.apeas, "/synthese", synthesis="Un projet qui grandit")
    compared = pair.place.get(f"{pair.address}/comparaison").text
    for said in ("Un prévisionnel", "Un emprunt", "Un projet solide", "Un projet qui grandit"):
        assert said in compared
    assert compared.count("changé") == 1
    assert pair.place.get(f"{before}/comparaison").status_code == 302
    assert "Un emprunt" not in pair.apeas.get(before).text
    assert pair.apeas.get(f"/parcours/{pair.reference}").text.count("validé par tous") == 1
    # A structure that wrote nothing new may be done without, unless fewer than two are left.
    refused = pair.deed(pair.apeas, "/invitations")
    assert "deux structures au moins" in refused.text


def test_the_document_has_every_accent_and_the_longest_texts(pair: Pair) -> None:
    words = "Où l’œuvre naîtra-t-elle ? « Ici », à Noël, chez Zoë — ç’a été dit"
    longest = f"{words} " * 280 + "a" * 500 + " fin du texte"
    pair.deed(pair.apeas, "/contribution", axes_0_level="4", axes_0_strengths=longest[:20_000])
    pair.deed(pair.apeas, "/synthese", synthesis=f"{words}\n\n{longest}")
    answer = pair.place.get(f"{pair.address}/diagnostic.pdf")
    reader = pypdf.PdfReader(io.BytesIO(answer.data))
    assert reader.trailer["/Root"]["/Lang"] == "fr-FR"
    said = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert len(reader.pages) > 5
    for part in (printed(words), "fin du texte", "brouillon", "Statut juridique et gouvernance"):
        assert " ".join(part.split()) in said, part
    assert said.count("naîtra-t-elle") >= 560


def test_a_mutualised_adviser_writes_for_each_of_her_structures(pair: Pair, app: Flask) -> None:
    both = sign_in_more(app, "adviser", "APEAS", "PLACE")
    for code in ("APEAS", "PLACE"):
        page = both.get(f"{pair.address}?pour={code}")
        assert send(both, page, "/contribution", axes_0_needs=f"de {code}").status_code == 302
    with app.app_context():
        said = {one.structure_id: one.needs for one in db.session.query(Appraisal)}
    assert sorted(said.values()) == ["de APEAS", "de PLACE"]


def test_who_left_is_not_waited_for_and_sees_nothing_more(pair: Pair) -> None:
    pair.deed(pair.apeas, "/contribution", axes_0_level="2")
    pair.deed(pair.apeas, "/remise")
    pair.leave()
    assert pair.page(pair.place).status_code == 404
    assert "ne prend plus part au parcours" in pair.page(pair.apeas).text
    pair.deed(pair.apeas, "/remise")
    assert "contributions remises" not in pair.page(pair.apeas).text
    pair.deed(pair.apeas, "/remise")
    assert "contributions remises" in pair.page(pair.apeas).text
