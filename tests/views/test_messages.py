"""Exchanges on the pages: who reads, what is news, what is withdrawn, what mails tell."""

from __future__ import annotations

import re

from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select

from ramsess.actions.erasure import erase_person
from ramsess.actions.ledger import Ledger
from ramsess.cli import main
from ramsess.cli.digest import send_digest
from ramsess.database import db
from ramsess.models import Beneficiary, Message
from tests.conftest import SignIn, client_of
from tests.pages import form_of, send
from tests.security.people import mails
from tests.views.conftest import Count, days_ago, enter_person, join_parcours, open_parcours


def test_a_message_on_a_parcours_is_news_to_who_takes_part_until_it_is_read(
    sign_in: SignIn,
) -> None:
    lead = sign_in("adviser", "APEAS")
    reference = open_parcours(lead, enter_person(lead, "Fictif"))
    place = f"/parcours/{reference}/echanges"
    assert "Rien n’a encore été dit ici" in lead.get(place).text
    send(lead, lead.get(place), text="Avant leur arrivée.")
    other, stranger = sign_in("adviser", "PLACE"), sign_in("manager", "INTERMADE")
    coordinator = sign_in("coordinator")
    assert other.get(place).status_code == 404
    assert "nouveau message" not in other.get("/").text
    assert join_parcours(other, lead, reference, joined_on=days_ago(9)).status_code == 302
    home = other.get("/")
    assert "1\u00a0nouveau message" in home.text
    assert f"{reference} Épicerie de démonstration" in home.text
    assert "Échanges (1)" in other.get(f"/parcours/{reference}").text
    assert "Avant leur arrivée." in other.get(place).text
    assert "nouveau message" not in other.get("/").text
    answer = send(other, other.get(place), text="Bonjour\nà vous.")
    assert answer.location == f"{place}#dernier"
    assert "1\u00a0nouveau message" in lead.get("/").text
    assert "1\u00a0nouveau" in lead.get("/echanges").text
    for away in (stranger, coordinator):
        assert away.get(place).status_code == 404
        assert "nouveau message" not in away.get("/").text
        assert reference not in away.get("/echanges").text
    send(other, other.get(f"/parcours/{reference}"), "/depart", left_on=days_ago(1))
    assert other.get(place).status_code == 404
    assert "Bonjour" in lead.get(place).text


def test_the_network_is_spoken_to_and_colleagues_are_called(sign_in: SignIn, count: Count) -> None:
    ana = sign_in("adviser", "APEAS")
    coordinator = sign_in("coordinator")
    page = ana.get("/echanges")
    called = re.search(r'name="mentions" value="(\d+)"', page.text)
    assert called
    answer = send(ana, page, text="Réunion jeudi ?", mentions=[called[1]])
    assert answer.status_code == 302
    assert send(ana, page, text="Réunion jeudi ?", mentions=[called[1]]).status_code == 302
    assert count(Message) == 1
    assert "vous mentionne" in coordinator.get("/").text
    assert "@Ana Fictive" in coordinator.get("/echanges").text
    assert send(coordinator, coordinator.get("/echanges"), text="Oui.").status_code == 302
    assert "Retirer" not in re.sub(r"Oui\..*", "", coordinator.get("/echanges").text, flags=re.S)
    for said, message in (({"text": " "}, "Écrivez votre message"),
                          ({"text": "Perdu ?", "mentions": ["999"]}, "Perdu ?")):  # fmt: skip
        refused = send(ana, page, **said)
        assert refused.status_code == 422
        assert message in refused.text
    for role in ("funder", "admin", "dpo"):
        assert sign_in(role).get("/echanges").status_code == 404
    assert count(Message) == 2


def test_a_message_is_withdrawn_by_its_author_alone(app: Flask, sign_in: SignIn) -> None:
    ana, bob = sign_in("adviser", "APEAS"), sign_in("adviser", "PLACE")
    send(ana, ana.get("/echanges"), text="Trop vite dit.")
    action = form_of(ana.get("/echanges"), "/retirer").action
    page = bob.get("/echanges")
    assert "Trop vite dit." in page.text
    token = dict(form_of(page).fields)["csrf_token"]
    assert bob.post(action, data={"csrf_token": token}).status_code == 404
    assert send(ana, ana.get("/echanges"), "/retirer").status_code == 302
    page = bob.get("/echanges")
    assert "Trop vite dit." not in page.text
    assert "Message retiré" in page.text
    with app.app_context():
        assert db.session.scalars(select(Message.text)).one() == ""


def test_the_hosts_of_a_session_write_to_each_other(sign_in: SignIn) -> None:
    guest, stranger = sign_in("adviser", "PLACE"), sign_in("adviser", "INTERMADE")
    ana = sign_in("adviser", "APEAS")
    page = ana.get("/seances/nouvelle")
    post = re.search(r'value="(\d+:\d+)">Place — Ana', page.text)
    assert post
    said = {"title": "Atelier", "type": "COL1", "minutes": "2h", "others_0_post": post[1]}
    session = str(send(ana, page, **said).location)
    send(ana, ana.get(f"{session}/echanges"), text="Qui apporte le projecteur ?")
    enter_person(guest, "Fictif")
    send(guest, guest.get(session), "/presences", added="Zoé Fictif")
    place = f"{session}/echanges"
    assert "Atelier" in guest.get("/").text
    assert send(guest, guest.get(place), text="Nous.").status_code == 302
    assert "Nous." in ana.get(place).text
    assert send(guest, guest.get(place), "/retirer").status_code == 302
    assert "Message retiré" in ana.get(place).text
    refused = send(guest, guest.get(place), text=" ")
    assert refused.status_code == 422
    assert stranger.get(place).status_code == 404


def test_long_exchanges_are_read_page_by_page(app: Flask, sign_in: SignIn) -> None:
    ana = sign_in("adviser", "APEAS")
    send(ana, ana.get("/echanges"), text="Le premier.")
    with app.app_context():
        first = db.session.scalars(select(Message)).one()
        db.session.add_all(
            Message(account_id=first.account_id, text=f"n° {number}") for number in range(50)
        )
        db.session.commit()
    page = ana.get("/echanges")
    assert "Le premier." not in page.text
    older = re.search(r'href="(/echanges\?avant=[^"]+)"', page.text)
    assert older
    assert "Le premier." in ana.get(older[1]).text


def test_the_digest_tells_numbers_once_and_nothing_else(app: Flask, sign_in: SignIn) -> None:
    mails(app, wait=False)
    ana = sign_in("adviser", "APEAS", email="ana@demo.example")
    sign_in("adviser", "PLACE", email="bob@demo.example")
    sign_in("funder", email="region@demo.example")
    person = enter_person(ana, "Fictif")
    place = f"/parcours/{open_parcours(ana, person)}/echanges"
    send(ana, ana.get(place), text="Zoé Fictif ne répond plus.")
    called = re.search(r'name="mentions" value="(\d+)"', ana.get("/echanges").text)
    assert called
    send(ana, ana.get("/echanges"), text="Mystère pour tous.", mentions=[called[1]])
    assert send_digest(app) == (1, 0)
    [(to, subject, body)] = mails(app)
    assert to == "bob@demo.example"
    assert "1\u00a0nouveau message vous attend" in body
    assert "dont 1 vous mentionne" in body
    assert "/echanges" in body
    for word in ("Mystère", "Zoé", "Fictif", "Fictive", "P-20", "APEAS"):
        assert word not in subject + body
    assert send_digest(app) == (0, 0)
    send(ana, ana.get("/echanges"), text="Et encore.")
    assert send_digest(app) == (1, 0)
    assert "2\u00a0nouveaux messages vous attendent" in mails(app)[0][2]
    send(ana, ana.get("/echanges"), text="Lu avant le courriel.")
    bob = client_of(app, "bob@demo.example")
    bob.get("/echanges")
    assert send_digest(app) == (0, 0)
    assert mails(app, wait=False) == []


def test_a_mail_that_does_not_leave_is_sent_by_the_next_command(
    app: Flask, sign_in: SignIn
) -> None:
    mails(app, wait=False)
    ana = sign_in("adviser", "APEAS", email="ana@demo.example")
    sign_in("adviser", "PLACE", email="bob@demo.example")
    for said in ("Un.", "Deux."):
        send(ana, ana.get("/echanges"), text=said)
    settings = app.config["SETTINGS"]
    address = app.config["DATABASE_ADDRESS"].render_as_string(hide_password=False)
    given = {"RAMSESS_INSTANCE": str(settings.instance), "RAMSESS_DATABASE_URL": address,
             "RAMSESS_URL": "https://ramsess.exemple.fr", "RAMSESS_SMTP_URL": None}  # fmt: skip
    nowhere = {"RAMSESS_SMTP_URL": "smtp://127.0.0.1:9"}
    failed = CliRunner().invoke(main, ["digest"], env=given | nowhere)
    assert failed.exit_code == 1
    assert "1 courriel(s) refusé(s)" in failed.output
    sent = CliRunner().invoke(main, ["digest"], env=given)
    assert "Courriels envoyés : 1." in sent.output
    [(_, _, body)] = mails(app)
    assert "2\u00a0nouveaux messages vous attendent" in body
    assert "https://ramsess.exemple.fr/echanges" in body


def test_what_was_said_of_an_erased_person_is_erased(app: Flask, sign_in: SignIn) -> None:
    ana = sign_in("adviser", "APEAS")
    person = enter_person(ana, "Fictif")
    alone = f"/parcours/{open_parcours(ana, person)}/echanges"
    send(ana, ana.get(alone), text="Elle a rappelé.")
    for said in ("Qui suit Zoé Fictif ?", "Zoé viendra jeudi."):
        send(ana, ana.get("/echanges"), text=said)
    with app.app_context():
        found = db.session.scalars(select(Beneficiary)).one()
        erase_person(db.session(), found, ledger=Ledger(app.config["SETTINGS"].instance))
        db.session.commit()
        assert sorted(db.session.scalars(select(Message.text))) == [
            "", "Qui suit … … ?", "Zoé viendra jeudi.",
        ]  # fmt: skip
    assert "Message effacé avec les données de la personne" in ana.get(alone).text
