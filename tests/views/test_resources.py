"""The shared resource base: read by the network, written by the structure that contributes."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from ramsess.database import db
from ramsess.models import AuditEvent, Resource, ResourceFile
from tests.conftest import SignIn
from tests.pages import form_of, send
from tests.views.conftest import Count, enter_person, open_parcours
from tests.views.test_network import parse

PDF = b"%PDF-1.4 " + b"x" * 20_000


def share(client: FlaskClient, title: str = "Seuil d’équilibre", **said: Any) -> TestResponse:
    """Add a resource by the page; a tuple is a file."""
    page = client.get("/ressources/nouvelle")
    fields = dict(form_of(page).fields)
    said = {"description": "Une page.", **said}
    return client.post(
        "/ressources/nouvelle",
        data={**fields, "title": title, "theme": "ECO", **said},
        content_type="multipart/form-data",
    )


def given(content: bytes = PDF, name: str = "seuil d'équilibre.pdf") -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def archive(*names: str, **contents: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name in names:
            made.writestr(name, "x")
        for name, content in contents.items():
            made.writestr(name, content)
    return target.getvalue()


WORD = archive("[Content_Types].xml", "word/document.xml")


def test_a_resource_is_contributed_read_corrected_and_withdrawn(
    app: Flask, sign_in: SignIn, count: Count
) -> None:
    ours, theirs = sign_in("adviser", "APEAS"), sign_in("manager", "PLACE")
    assert "Ajoutez la première" in ours.get("/ressources").text
    place = share(
        ours, kind="FICHE", phases=["MON", "FAI"], link="https://exemple.fr/seuil"
    ).location
    for client in (ours, theirs, sign_in("coordinator")):
        page = client.get(place)
        parse(page.text)
        assert "Faisabilité, Montage" in page.text
        assert 'href="https://exemple.fr/seuil"' in page.text
        assert "APEAS" in page.text
        assert ("Retirer définitivement" in page.text) == (client is ours)
        assert place in client.get("/ressources").text
    assert "Ajouter une ressource" not in sign_in("coordinator").get("/ressources").text
    for client in (sign_in("funder"), sign_in("admin"), sign_in("dpo")):
        assert client.get(place).status_code == client.get("/ressources").status_code == 404
    assert theirs.get(f"{place}/corriger").status_code == 404
    page = ours.get(f"{place}/corriger")
    parse(page.text)
    ticked = [value for name, value in form_of(page).fields if name == "phases"]
    assert ticked == ["FAI", "MON"]
    assert send(ours, page, title="Le seuil", phases=["DEV"], link="").status_code == 302
    page = ours.get(place).text
    assert "Le seuil" in page
    assert "Développement" in page
    assert "Montage" not in page
    token = dict(form_of(theirs.get("/ressources/nouvelle")).fields)["csrf_token"]
    for path in ("corriger", "retirer"):
        refused = theirs.post(f"{place}/{path}", data={"csrf_token": token, "title": "Volé"})
        assert refused.status_code == 404
    shown = ours.get(place)
    assert send(ours, shown, "/retirer").location == "/ressources"
    assert send(ours, shown, "/retirer").status_code == 404
    assert ours.get(place).status_code == 404
    assert count(Resource) == 0
    with app.app_context():
        actions = list(db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))
    assert actions == ["record_resource", "correct_resource", "withdraw_resource"]


def test_a_file_is_given_back_as_it_was_to_be_kept(sign_in: SignIn, count: Count) -> None:
    ours = sign_in("adviser", "APEAS")
    made = share(ours, file=given())
    assert made.status_code == 302, made.text
    page = ours.get(made.location)
    assert "20\u00a0ko" in page.text
    answer = sign_in("coordinator").get(f"{made.location}/fichier")
    assert answer.data == PDF
    assert answer.mimetype == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert sign_in("funder").get(f"{made.location}/fichier").status_code == 404
    # Kept by a correction that says nothing of it, replaced by another, then taken away.
    edit = ours.get(f"{made.location}/corriger")
    assert send(ours, edit, title="Autre titre").status_code == 302
    assert ours.get(f"{made.location}/fichier").data == PDF
    edit = ours.get(f"{made.location}/corriger")
    fields = {**dict(form_of(edit).fields), "file": given(WORD, "../../trame?.docx")}
    assert ours.post(edit.request.path, data=fields).status_code == 302
    answer = ours.get(f"{made.location}/fichier")
    assert answer.data == WORD
    assert answer.mimetype.endswith("wordprocessingml.document")
    assert "trame.docx" in answer.headers["Content-Disposition"]
    edit = ours.get(f"{made.location}/corriger")
    both = {**dict(form_of(edit).fields), "link": "https://exemple.fr/"}
    refused = ours.post(edit.request.path, data=both)
    assert "Donnez un lien ou un fichier, pas les deux." in refused.text
    assert ours.post(edit.request.path, data={**both, "remove_file": "y"}).status_code == 302
    assert count(ResourceFile) == 0
    assert ours.get(f"{made.location}/fichier").status_code == 404


REFUSED_FILES = [
    ("guide.exe", b"MZ", "n’est pas accepté"),
    ("guide.html", b"<script>", "n’est pas accepté"),
    ("guide", PDF, "n’est pas accepté"),
    ("guide.pdf", b"", "est vide"),
    ("guide.pdf", b"<html>", "n’est pas celui d’un PDF"),
    ("image.png", b"GIF89a", "n’est pas celui d’un PNG"),
    ("trame.docx", b"PK\x03\x04rien", "n’est pas celui d’un DOCX"),
    ("trame.docx", archive("[Content_Types].xml", "xl/workbook.xml"), "celui d’un DOCX"),
    ("trame.docx", archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
     "contient des macros"),
    ("trame.xlsx", archive(*(f"x{n}" for n in range(2001))), "celui d’un XLSX"),
    ("texte.odt", archive(mimetype="text/html"), "celui d’un ODT"),
    ("texte.odt", archive("content.xml"), "celui d’un ODT"),
    ("gros.pdf", b"%PDF-" + b"x" * (4 * 1024 * 1024), "dépasse 4 Mo"),
]  # fmt: skip


def test_a_file_that_is_not_what_it_says_is_refused_and_the_text_kept(
    sign_in: SignIn, count: Count
) -> None:
    ours = sign_in("adviser", "APEAS")
    for name, content, told in REFUSED_FILES:
        answer = share(ours, "Un titre gardé", file=given(content, name))
        assert answer.status_code == 422, name
        assert told in answer.text, name
        assert 'value="Un titre gardé"' in answer.text
        assert ("Choisissez de nouveau le fichier" in answer.text) == bool(content)
    assert count(Resource) == 0


def test_the_document_formats_are_known_by_what_they_hold(sign_in: SignIn, count: Count) -> None:
    ours = sign_in("adviser", "APEAS")
    odt = archive(mimetype="application/vnd.oasis.opendocument.text")
    files = (("a.PDF", PDF), ("b.jpeg", b"\xff\xd8\xff\xe0"), ("c.odt", odt), (".docx", WORD))
    for name, content in files:
        # A name that is only an ending has none.
        expected = 422 if name == ".docx" else 302
        assert share(ours, name, file=given(content, name)).status_code == expected
    assert count(ResourceFile) == 3


REFUSED = [
    ("title", " ", "Donnez un titre."),
    ("title", "x" * 201, "200"),
    ("kind", "RIEN", "est pas un choix valide"),
    ("theme", "RIEN", "est pas un choix valide"),
    ("phases", "RIEN", "RIEN"),
    ("link", "ftp://exemple.fr/x", "adresse complète"),
    ("link", "javascript:alert(1)", "adresse complète"),
    ("description", "", "Donnez un lien, un fichier ou une description."),
]


def test_a_resource_that_cannot_be_is_refused(sign_in: SignIn, count: Count) -> None:
    ours = sign_in("adviser", "APEAS")
    for field, value, told in REFUSED:
        answer = share(ours, **{"link": "", field: value})
        assert answer.status_code == 422, (field, value)
        assert told in answer.text.replace("'", "’"), (field, value)
        parse(answer.text)
    assert count(Resource) == 0


def test_sent_twice_it_is_one_and_with_another_file_another(sign_in: SignIn, count: Count) -> None:
    ours = sign_in("adviser", "APEAS")
    fields = dict(form_of(ours.get("/ressources/nouvelle")).fields) | {"title": "Guide"}
    for content in (PDF, PDF, PDF + b"2"):
        sent = {**fields, "file": given(content)}
        assert ours.post("/ressources/nouvelle", data=sent).status_code == 302
    assert count(Resource) == 2


def test_corrected_meanwhile_both_texts_are_shown(sign_in: SignIn) -> None:
    ours, colleague = sign_in("adviser", "APEAS"), sign_in("adviser", "APEAS")
    place = share(ours).location
    pages = [client.get(f"{place}/corriger") for client in (ours, colleague)]
    send(ours, pages[0], description="la première")
    told = send(colleague, pages[1], description="la seconde")
    assert told.status_code == 409
    assert "la première" in told.text
    assert "la seconde" in told.text
    assert send(colleague, told).status_code == 302
    assert "la seconde" in ours.get(place).text


def test_words_are_found_without_accents_and_filters_stay_in_the_address(sign_in: SignIn) -> None:
    ours = sign_in("adviser", "APEAS")
    share(ours, "Équilibre financier", kind="GUIDE", phases=["MON"])
    share(ours, "Louer un local", theme="IMM", description="Bail et équipement.")
    share(ours, "100 % coopératif", theme="STA", phases=["DEV"])

    def listed(query: str = "") -> list[str]:
        page = ours.get(f"/ressources{query}")
        assert page.status_code == 200
        titles = ("Équilibre financier", "Louer un local", "100 % coopératif")
        return [title for title in titles if title in page.text.split("<main")[1]]

    assert listed() == ["Équilibre financier", "Louer un local", "100 % coopératif"]
    # What serves at any phase is listed for each.
    assert listed("?phase=MON") == ["Équilibre financier", "Louer un local"]
    assert listed("?theme=STA") == ["100 % coopératif"]
    assert listed("?genre=GUIDE") == ["Équilibre financier"]
    answer = send(ours, ours.get("/ressources?phase=MON"), q="EQUI")
    assert answer.location == "/ressources?phase=MON"
    assert listed("?phase=MON") == ["Équilibre financier", "Louer un local"]
    send(ours, ours.get("/ressources"), q="equi bail")
    assert listed() == ["Louer un local"]
    send(ours, ours.get("/ressources"), q="%")
    page = ours.get("/ressources?theme=COM").text
    assert "Aucune ressource ne répond" in page
    assert "avec ces filtres" in page
    wrong = ours.get("/ressources?phase=RIEN")
    assert wrong.status_code == 422
    assert send(ours, wrong, q="").location == "/ressources"


def test_a_parcours_proposes_what_is_made_for_its_phase(sign_in: SignIn) -> None:
    ours = sign_in("adviser", "APEAS")
    reference = open_parcours(ours, enter_person(ours, "Fictif"), phase="MON")
    assert "Pour cette phase" not in ours.get(f"/parcours/{reference}").text
    share(ours, "Pour trois phases", phases=["FAI", "MON", "FIN"])
    share(ours, "Pour toutes les phases")
    share(ours, "Pour deux, ancienne", phases=["MON", "FIN"])
    share(ours, "Pour deux, nouvelle", phases=["MON", "FIN"])
    share(ours, "Pour elle seule", phases=["MON"])
    share(ours, "Pour une autre", phases=["DEV"])
    page = ours.get(f"/parcours/{reference}").text
    shown = page.split("Pour cette phase")[1].split("</section>")[0]
    order = [shown.index(f">{title}<") for title in ("Pour elle seule", "Pour deux, nouvelle",
                                                     "Pour deux, ancienne")]  # fmt: skip
    assert order == sorted(order)
    assert "Pour trois phases" not in shown
    assert "Pour toutes" not in shown
    assert 'href="/ressources?phase=MON"' in shown
