"""The screens of the journal, and the command that verifies it."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from click.testing import Result
from flask import Flask
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from ramsess.database import db
from ramsess.models import Account, Structure
from tests.cli.test_command import RAMSESS, Command
from tests.conftest import administrator
from tests.exchange.test_upload import book
from tests.pages import send
from tests.security.audited import World


def structure_id(app: Flask, code: str) -> int:
    with app.app_context():
        return db.session.scalars(select(Structure.id).where(Structure.code == code)).one()


def rows(page: TestResponse) -> list[list[str]]:
    """The cells of the events of a page."""
    body = page.text.partition("<tbody>")[2].partition("</tbody>")[0]
    return [
        [cell.strip() for cell in re.findall(r"<td>(.*?)</td>", row, re.DOTALL)]
        for row in body.split("<tr>")[1:]
    ]


def test_a_person_s_page_leads_to_who_read_it(world: World) -> None:
    assert f'href="{world.person}/journal"' in world.client.get(world.person).text
    page = world.client.get(f"{world.person}/journal")
    told = rows(page)
    assert told[0][2] == "Ana Fictive"
    assert told[0][4] == "Consultation de la fiche"
    words = [row[4] for row in told]
    assert "Enregistrement de la fiche" in words
    assert "Ouverture d’un parcours" in words
    assert "Présence notée à une séance" in words
    assert not [row for row in told if "Inventée" in "".join(row)]


def test_fifty_events_a_page(world: World) -> None:
    for _ in range(60):
        world.client.get(world.person)
    first = world.client.get(f"{world.person}/journal")
    assert len(rows(first)) == 50
    more = re.search(r'href="([^"]+avant=\d+)"', first.text)
    assert more
    second = world.client.get(more[1])
    assert 10 <= len(rows(second)) < 50
    assert "Les plus récents" in second.text


def test_the_officer_sees_references_and_no_name(world: World) -> None:
    page = world.dpo.get("/journal")
    assert world.reference in page.text
    for name in ("Fictif<", "Zoé", "Inventée"):
        assert name not in page.text


def test_the_officer_filters(world: World) -> None:
    with world.app.app_context():
        dpo = db.session.scalars(
            select(Account.id).where(Account.grants.any(role_name="dpo"))
        ).one()
        apeas = db.session.scalars(select(Structure.id).where(Structure.code == "APEAS")).one()
    person = world.person.rsplit("/", 1)[-1]
    opened = "action=open_parcours"
    for query, number in {
        opened: 2,
        f"{opened}&structure={apeas}": 1,
        "debut=2001-01-01&fin=2001-12-31": 0,
        f"{opened}&debut=2001-01-01&fin=2100-12-31": 2,
        f"{opened}&fiche={world.reference}": 1,
        f"{opened}&fiche={person}": 1,
        "fiche=inconnue": 0,
        f"{opened}&compte={dpo}": 0,
    }.items():
        page = world.dpo.get(f"/journal?{query}")
        assert page.status_code == 200
        assert len(rows(page)) == number, query


def test_a_filter_that_says_nothing_is_refused(world: World) -> None:
    for query in ("debut=2020-01-02&fin=2020-01-01", "debut=0001-01-01", "structure=x", "action=x"):
        page = world.dpo.get(f"/journal?{query}")
        assert page.status_code == 422
        assert rows(page) == []


def test_a_strange_page_number_is_no_fault(world: World) -> None:
    for query in ("avant=x", "avant=-1", "avant=99999999999999999999999"):
        assert world.dpo.get(f"/journal?{query}").status_code == 200


def test_the_officer_checks_the_chain(world: World) -> None:
    page = world.dpo.get("/journal")
    assert "Chaîne intacte" in send(world.dpo, page, "/verification").text
    with world.app.app_context(), administrator() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("UPDATE audit_events SET action = 'autre' WHERE id = 2"))
    told = send(world.dpo, page, "/verification").text
    assert "l’événement 2 a été modifié" in told
    assert "jusqu’à l’événement 1." in told


def test_the_command_verifies_and_gives_the_head(tmp_path: Path) -> None:
    assert Path(sys.executable).with_name("ramsess") == RAMSESS
    command = Command(tmp_path)

    def run(*words: str) -> Result:
        return command("audit", *words)

    assert command("init").exit_code == 0
    sheet = book().person("B1", "Importée").save(tmp_path)
    assert command("import", str(sheet)).exit_code == 0
    head = run("head").stdout.split()
    assert re.fullmatch(r"2:[0-9a-f]{64}", head[0])
    assert re.fullmatch(r"\d\d/\d\d/\d{4}", head[1])
    whole = run("verify", "--head", head[0])
    assert (whole.exit_code, whole.stdout) == (
        0,
        "Journal intact : 2 événement(s), dont 0 effacé(s).\n",
    )
    cut = run("verify", "--head", f"3:{'0' * 64}")
    assert cut.exit_code == 1
    assert "l’événement 3 a disparu" in cut.stderr
    assert run("verify", "--head", "trois").exit_code == 2
