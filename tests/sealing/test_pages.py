"""Sealing by the page, reading what was sealed, verifying: for whom, and what is said."""

from __future__ import annotations

import hashlib
import io
import re
import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from werkzeug.test import TestResponse

from ramsess import policy
from ramsess.actions.seal_keys import SigningKey
from ramsess.database import db
from ramsess.models import Seal
from ramsess.reports.canonical import canonical_bytes, report_from
from ramsess.views import verification
from tests.conftest import SignIn, administrator, client_of, open_account
from tests.pages import send, token_of
from tests.sealing.conftest import consolidated_year
from tests.sealing.made import CODE, put_seal

PEOPLE = (("adviser", "APEAS"), ("manager", "APEAS"), ("funder",), ("admin",))


@pytest.fixture
def page(app: Flask, sign_in: SignIn) -> str:
    """The page of a year that was sealed, when everybody had her account."""
    with app.app_context():
        account = open_account(db.session(), "coordinator", email=mail_of("coordinator"))
        for role, *codes in PEOPLE:
            open_account(db.session(), role, *codes, email=mail_of(role))
        period = put_seal(db.session(), account.id)
        db.session.commit()
        return f"/bilan/scelle/{period.public_id}"


def mail_of(role: str) -> str:
    return f"{role}@demo.example"


def asked(client: FlaskClient, content: bytes = b"", *, name: str = "bilan.pdf",
          digest: str = "") -> TestResponse:  # fmt: skip
    """Send a file or a digest to the public page."""
    return client.post(
        "/verifier",
        data={
            "csrf_token": token_of(client.get("/verifier")),
            "digest": digest,
            "file": (io.BytesIO(content), name if content else ""),
        },
    )


@pytest.mark.usefixtures("data_alone")
def test_the_coordinator_reads_what_it_means_confirms_and_it_is_sealed(
    app: Flask, sign_in: SignIn, key: SigningKey
) -> None:
    client = sign_in("coordinator")
    with app.app_context():
        address = f"/periodes/{consolidated_year(db.session(), key).public_id}/sceller"
        db.session.remove()
    asking = client.get(address)
    assert "pour toujours" in asking.text
    assert "pas remis" in asking.text
    # The button of the period's own page leads to the same question: nothing is sealed by it.
    token = token_of(asking)
    assert "pour toujours" in client.post(address, data={"csrf_token": token}).text
    done = send(client, asking)
    assert done.status_code == 302, done.text
    report = client.get(done.location)
    assert "scellé" in report.text
    # No edition of the Région was sealed, and no other period.
    assert client.get(f"{done.location}/region.pdf").status_code == 404
    assert client.get(f"/periodes/{uuid.uuid4()}/sceller").status_code == 404
    # Sent twice, it is sealed once.
    again = client.post(address, data={"csrf_token": token, "confirme": "oui"})
    assert again.location == done.location
    assert client.get(address).location == done.location
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Seal)) == 1


def test_without_its_key_nothing_is_sealed_and_the_reason_is_said(
    app: Flask, sign_in: SignIn, key: SigningKey
) -> None:
    client = sign_in("coordinator")
    path = app.config["SETTINGS"].seal_key_file
    with app.app_context():
        period = consolidated_year(db.session(), key)
        address = f"/periodes/{period.public_id}/sceller"
        path.unlink()
        asking = client.get(address)
        refused = send(client, asking)
        assert refused.status_code == 422
        assert "n’existe pas" in refused.text
        period.consolidated_on = None
        db.session.commit()
    early = client.get(address)
    assert "n’est pas consolidée" in early.text
    assert "Sceller pour toujours" not in early.text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Seal)) == 0


def test_each_reads_the_editions_that_are_hers(app: Flask, page: str) -> None:
    everything = ["reseau.xlsx", "reseau.pdf", "reseau.json", "listes.xlsx", "listes.json",
                  "region.xlsx", "region.pdf", "region.json"]  # fmt: skip
    mine = {
        "coordinator": everything,
        "adviser": everything[:3],
        "manager": everything[:3],
        "funder": [],
        "admin": [],
    }
    first: dict[str, bytes] = {}
    for who, files in mine.items():
        client = client_of(app, mail_of(who))
        for name in everything:
            answer = client.get(f"{page}/{name}")
            assert answer.status_code == (200 if name in files else 404), (who, name)
            if name in files:
                assert answer.data == first.setdefault(name, answer.data)
        shown = client.get(page)
        assert (shown.status_code == 200) == bool(files)
        assert re.findall(rf'href="{page}/([a-z.]+)"', shown.text) == files


def test_what_the_policy_does_not_give_is_not_offered_whatever_the_database_gives(
    app: Flask, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(app, mail_of("coordinator"))
    monkeypatch.setattr(policy, "sealed_editions", lambda _account: {"network"})
    shown = client.get(page).text
    assert f"{page}/reseau.pdf" in shown
    assert f"{page}/listes" not in shown


def test_the_sealed_report_is_shown_as_it_was_sealed_and_the_live_one_says_so(
    app: Flask, page: str
) -> None:
    client = client_of(app, mail_of("adviser"))
    sealed = client.get(page).text
    assert "Bilan scellé" in sealed
    assert CODE in sealed
    live = client.get("/bilan/?debut=2009-01-01&fin=2009-12-31").text
    assert "provisoire" in live
    assert page in live
    assert f"{page}/reseau.pdf" in live
    for other in ("debut=2009-01-01&fin=2009-06-30", "debut=2009-01-01&fin=2009-12-31"
                  "&structure=APEAS"):  # fmt: skip
        assert page not in client.get(f"/bilan/?{other}").text
    assert client.get("/bilan/scelle/00000000-0000-0000-0000-000000000001").status_code == 404


def test_anybody_verifies_a_file_and_nothing_of_it_is_told(app: Flask, page: str) -> None:
    visitor = app.test_client()
    with app.app_context():
        rows = db.session.execute(text("SELECT edition, suffix, content FROM sealed_files"))
        files = {f"{row[0]}.{row[1]}": bytes(row[2]) for row in rows}
    for name, content in files.items():
        answer = asked(visitor, content, name=name)
        assert "Fichier authentique" in answer.text
        assert CODE in answer.text
        assert "année 2009" in answer.text
        assert "1er\u00a0février\u00a02010" in answer.text
        altered = bytearray(content)
        altered[len(altered) // 2] ^= 1
        assert "Fichier altéré" in asked(visitor, bytes(altered), name=name).text
    assert "Fichier inconnu" in asked(visitor, b"%PDF-1.4 autre chose").text


def test_a_digest_is_known_or_not(app: Flask, page: str) -> None:
    visitor = app.test_client()
    with app.app_context():
        rows = db.session.execute(text("SELECT suffix, digest FROM sealed_files")).all()
    for suffix, digest in rows:
        answer = asked(visitor, digest=f" {digest[:32]} {digest[32:].upper()} ")
        assert "Empreinte connue" in answer.text
        assert ("ne dit pas que le document" in answer.text) == (suffix == "json")
    assert "Empreinte inconnue" in asked(visitor, digest="0" * 64).text
    for digest, reason in (("", "Choisissez un fichier"), ("abc", "64 signes")):
        refused = asked(visitor, digest=digest)
        assert refused.status_code == 422
        assert reason in refused.text


def test_an_address_shows_the_seal_however_it_is_typed(app: Flask, page: str) -> None:
    visitor = app.test_client()
    shown = visitor.get(f"/verifier/{CODE}")
    assert shown.status_code == 200
    assert "valable" in shown.text
    with app.app_context():
        for (digest,) in db.session.execute(text("SELECT digest FROM sealed_files")):
            assert digest in shown.text
    for typed in (CODE.lower(), CODE.replace("-", ""), f"https://ramsess.fr/verifier/{CODE}/"):
        found = visitor.get("/verifier", query_string={"adresse": typed}, follow_redirects=True)
        assert f"Sceau {CODE}" in found.text, typed
    assert visitor.get(f"/verifier/{CODE.lower()}").location == f"/verifier/{CODE}"
    assert visitor.get("/verifier/2222-2222").status_code == 404
    unknown = visitor.get("/verifier", query_string={"adresse": "autre"})
    assert unknown.status_code == 404
    assert "Aucun sceau" in unknown.text


def test_who_guesses_the_figures_does_not_learn_that_the_guess_is_right(
    app: Flask, page: str
) -> None:
    """The data, exact to the last figure, but for what was drawn at random."""
    with app.app_context():
        content = db.session.scalar(
            text("SELECT content FROM sealed_files WHERE edition = 'network' AND suffix = 'json'")
        )
    guess = canonical_bytes(report_from(bytes(content)))
    visitor = app.test_client()
    assert "authentique" not in asked(visitor, guess, name="a.json").text
    assert "inconnue" in asked(visitor, digest=hashlib.sha256(guess).hexdigest()).text


def test_a_seal_that_was_changed_in_the_database_is_not_believed(app: Flask, page: str) -> None:
    visitor = app.test_client()
    with app.app_context(), administrator() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("UPDATE seals SET signature = sha512('autre')"))
    shown = visitor.get(f"/verifier/{CODE}").text
    assert "non valable" in shown
    assert "ne vous y fiez pas" in shown


def test_verifying_is_slowed_down_and_no_file_is_too_large_for_the_form(
    app: Flask, page: str
) -> None:
    visitor = app.test_client()
    token = token_of(visitor.get("/verifier"))
    content = b"x" * (6 << 20)
    first = visitor.post(
        "/verifier", data={"csrf_token": token, "file": (io.BytesIO(content), "grand.xlsx")}
    )
    assert "Fichier inconnu" in first.text
    for _ in range(30):
        answer = visitor.post("/verifier", data={"csrf_token": token, "digest": "0" * 64})
    assert answer.status_code == 429


def test_a_file_that_is_too_large_is_told_of_other_ways(
    app: Flask, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "MOST", 1000)
    refused = asked(app.test_client(), b"x" * 10_000)
    assert refused.status_code == 413
    assert "ramsess verify" in refused.text


def test_the_proof_is_downloaded(app: Flask, page: str) -> None:
    answer = app.test_client().get(f"/verifier/{CODE}/preuve.json")
    assert answer.headers["Content-Disposition"].endswith(f'preuve-{CODE}.json"')
    assert answer.json
    assert hashlib.sha256(answer.json["manifest"].encode()).hexdigest() == _digest(app)
    assert app.test_client().get("/verifier/2222-2222/preuve.json").status_code == 404


def _digest(app: Flask) -> str:
    with app.app_context():
        return str(db.session.scalar(select(Seal.digest)))
