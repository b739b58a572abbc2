"""Corrections on the pages: made from the record, counted by hand, read by who reads the record."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from ramsess.database import db
from ramsess.models import AuditEvent, Correction
from tests.conftest import SignIn
from tests.counting.builder import Network
from tests.pages import send
from tests.sealed.sealing import seal
from tests.sealed.test_pages import SEALED, Sealed, sealed
from tests.views.conftest import Count
from tests.views.test_week import plain

__all__ = ["sealed"]
WHY = "Erreur de saisie"


def made(app: Flask) -> list[dict[str, Any]]:
    """The corrections, without what is 0."""
    with app.app_context():
        names = ("kind", "was", "should_be", "acts", "minutes", "sessions", "attendances",
                 "parcours")  # fmt: skip
        return [
            {name: getattr(one, name) for name in names if getattr(one, name)}
            for one in db.session.scalars(select(Correction).order_by(Correction.id))
        ]


def correct(client: FlaskClient, address: str, kind: str, **said: str) -> TestResponse:
    page = client.get(f"{address}?quoi={kind}")
    assert page.status_code == 200
    return send(client, page, **{"reason": WHY, **said})


def of(address: str) -> str:
    """Where the record of that address is corrected."""
    noun, _, name = address.strip("/").partition("/")
    return f"/corrections/{ {'actes': 'acte', 'seances': 'seance'}[noun] }/{name}"


def test_an_act_is_corrected_in_every_way(sealed: Sealed, app: Flask) -> None:
    client, where = sealed.client, of(sealed.act)
    page = client.get(sealed.act)
    assert where in page.text
    for kind, said in (
        ("duration", {"minutes_0": "1h30"}),
        ("date", {"day": "2009-03-16"}),
        ("date", {"day": "2009-04-16"}),
        ("type", {"code": "CSL2"}),
        ("scheme", {"code": "DLA"}),
        ("act_parcours", {"parcours": sealed.ended}),
        ("act_parcours", {"parcours": ""}),
        ("heads", {"count": "4"}),
        ("act_removed", {}),
    ):
        done = correct(client, where, kind, **said)
        assert done.status_code == 302, (kind, plain(done))
    assert made(app) == [
        {"kind": "duration", "was": "1 h", "should_be": "1 h 30", "minutes": 30},
        {"kind": "date", "was": "15/03/2009", "should_be": "16/03/2009"},
        {"kind": "date", "was": "15/03/2009", "should_be": "16/04/2009", "acts": -1,
         "minutes": -60},
        {"kind": "type", "was": "Entretien d’accompagnement",
         "should_be": "Étude de faisabilité, de marché"},
        {"kind": "scheme", "was": "Dispositif régional d’accompagnement",
         "should_be": "Dispositif local d’accompagnement"},
        {"kind": "act_parcours", "was": sealed.parcours, "should_be": sealed.ended},
        {"kind": "act_parcours", "was": sealed.parcours, "should_be": "aucun"},
        {"kind": "heads", "was": "0", "should_be": "4", "attendances": 4},
        {"kind": "act_removed", "was": "Entretien d’accompagnement, le 15/03/2009",
         "should_be": "à ne pas compter", "acts": -1, "minutes": -60},
    ]  # fmt: skip
    shown = plain(client.get(sealed.act))
    assert "Déjà corrigé" in shown
    listed = plain(client.get("/corrections"))
    assert listed.count(WHY) == 9
    assert "1er trimestre 2009" in listed
    with app.app_context():
        noted = db.session.query(AuditEvent).filter_by(action="make_correction").count()
        assert noted == 18, "each correction, and the person of each"


def test_a_session_is_corrected_with_its_attendance(sealed: Sealed, app: Flask) -> None:
    client, where = sealed.client, of(sealed.session)
    for kind, said in (
        ("attendance", {"count": "3"}),
        ("heads", {"count": "7"}),
        ("duration", {"minutes_0": "2h"}),
        ("act_removed", {}),
    ):
        assert correct(client, where, kind, **said).status_code == 302, kind
    assert made(app) == [
        {"kind": "attendance", "was": "1", "should_be": "3", "attendances": 2},
        {"kind": "heads", "was": "0", "should_be": "7", "attendances": 7},
        {"kind": "duration", "was": "3 h", "should_be": "2 h", "minutes": -60},
        {"kind": "act_removed", "was": "Atelier thématique, le 15/03/2009",
         "should_be": "à ne pas compter", "acts": -1, "minutes": -180, "sessions": -1,
         "attendances": -1},
    ]  # fmt: skip


def test_a_parcours_is_corrected(sealed: Sealed, app: Flask) -> None:
    client, where = sealed.client, f"/corrections/parcours/{sealed.ended}"
    for kind, said in (
        ("entry", {"day": "2009-02-03"}),
        ("exit", {"day": "2009-03-20"}),
        ("exit", {"day": ""}),
        ("exit", {"day": "2009-04-20"}),
        ("parcours_other", {"words": "Le secteur était l’agriculture."}),
        ("parcours_removed", {}),
    ):
        assert correct(client, where, kind, **said).status_code == 302, kind
    going = f"/corrections/parcours/{sealed.parcours}"
    assert correct(client, going, "entry", day="2009-04-02").status_code == 302
    assert correct(client, going, "exit", day="").status_code == 422
    assert made(app) == [
        {"kind": "entry", "was": "01/02/2009", "should_be": "03/02/2009"},
        {"kind": "exit", "was": "15/03/2009", "should_be": "20/03/2009"},
        {"kind": "exit", "was": "15/03/2009", "should_be": "en cours"},
        {"kind": "exit", "was": "15/03/2009", "should_be": "20/04/2009"},
        {"kind": "parcours_other", "should_be": "Le secteur était l’agriculture."},
        {"kind": "parcours_removed", "was": "compté", "should_be": "à ne pas compter",
         "parcours": -1},
        {"kind": "entry", "was": "01/02/2009", "should_be": "02/04/2009", "parcours": -1},
    ]  # fmt: skip


def test_what_was_forgotten_is_told(sealed: Sealed, app: Flask) -> None:
    client = sealed.client
    page = client.get(f"/corrections/oubli?jour={SEALED}")
    assert f'value="{SEALED}"' in page.text
    assert send(client, page, code="CSL1", minutes_0="45", reason=WHY).status_code == 302
    workshop = send(client, page, code="COL1", minutes_0="6h", count="12", scheme="DLA", reason=WHY)
    assert workshop.status_code == 302
    found = made(app)
    assert found[0] == {
        "kind": "act_forgotten", "acts": 1, "minutes": 45,
        "should_be": "Entretien d’accompagnement, le 15/03/2009, 45 min, "
                     "Dispositif régional d’accompagnement",
    }  # fmt: skip
    assert {name: found[1][name] for name in ("acts", "minutes", "sessions", "attendances")} == {
        "acts": 1, "minutes": 360, "sessions": 1, "attendances": 12,
    }  # fmt: skip
    refused = send(client, page, day="2009-04-15", code="CSL1", minutes_0="45", reason=WHY)
    assert refused.status_code == 422
    assert "enregistrez l’acte comme un autre" in refused.text


@pytest.mark.parametrize(
    ("kind", "said", "why"),
    [
        ("duration", {"minutes_0": "60"}, "durées enregistrées"),
        ("duration", {"minutes_0": ""}, "entre 0 et 24 heures"),
        ("duration", {"minutes_0": "25h"}, "entre 0 et 24 heures"),
        ("date", {"day": ""}, "Indiquez une date"),
        ("date", {"day": SEALED}, "C’est la date enregistrée"),
        ("type", {"code": "CSL1"}, "C’est ce qui est enregistré"),
        ("type", {"code": "RIEN"}, "choix valide"),
        ("act_parcours", {"parcours": "P-2009-9999"}, "parcours"),
        ("heads", {"count": "0"}, "C’est ce qui est enregistré"),
        ("heads", {"count": "-1"}, "Entre 0 et 10"),
        ("heads", {"count": "2", "reason": " "}, "Dites pourquoi"),
        ("heads", {"count": "2", "reason": "x" * 5001}, "Le motif dépasse"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_typed_is_lost(
    sealed: Sealed, count: Count, kind: str, said: dict[str, str], why: str
) -> None:
    refused = correct(sealed.client, of(sealed.act), kind, **said)
    assert refused.status_code == 422
    assert why in plain(refused)
    if "reason" not in said:
        assert WHY in refused.text
    assert count(Correction) == 0


def test_sent_twice_it_is_one_correction(sealed: Sealed, count: Count) -> None:
    page = sealed.client.get(f"{of(sealed.act)}?quoi=act_removed")
    for _ in range(2):
        assert send(sealed.client, page, reason=WHY).status_code == 302
    forgotten = sealed.client.get(f"/corrections/oubli?jour={SEALED}")
    ended = sealed.client.get(f"/corrections/parcours/{sealed.ended}?quoi=parcours_removed")
    for _ in range(2):
        send(sealed.client, forgotten, code="CSL1", minutes_0="45", reason=WHY)
        send(sealed.client, ended, reason=WHY)
    assert count(Correction) == 3


def test_what_is_not_sealed_is_corrected_directly(sealed: Sealed) -> None:
    client = sealed.client
    done = client.get("/actes/nouveau")
    send(client, done, done_on="2009-04-15", type="CSL1", minutes="60")
    listed = client.get("/actes").text
    fresh = next(
        address for address in re.findall(r'href="(/actes/[0-9a-f-]{36})"', listed)
        if address != sealed.act
    )  # fmt: skip
    page = client.get(of(fresh))
    assert "Ce n’est pas d’une période scellée" in page.text
    assert "Faire une correction" not in client.get(fresh).text
    assert client.get(f"{of(sealed.act)}?quoi=rien").status_code == 404
    assert "Que faut-il corriger" in client.get(of(sealed.act)).text


def test_the_coordinator_reads_them_all_without_a_word(sealed: Sealed) -> None:
    correct(sealed.client, of(sealed.act), "act_removed", reason="Fictif n’est pas venu")
    correct(sealed.client, f"/corrections/parcours/{sealed.ended}", "entry", day="2009-02-03")
    stranger = sealed.lead.get("/corrections")
    assert "Aucune correction" in stranger.text, "of records that one does not see"
    with_all = sealed.client.get("/corrections")
    assert "Fictif n’est pas venu" in with_all.text
    told = sealed.coordinator.get("/corrections")
    assert "Acte ou séance à ne pas compter" in told.text
    assert "−1 acte" in plain(told)
    for word in ("Fictif", WHY, sealed.ended, "03/02/2009"):
        assert word not in told.text.partition("<main")[2]


def test_before_any_seal_the_page_says_so(sign_in: SignIn, app: Flask) -> None:
    client = sign_in("manager", "APEAS")
    assert "Aucune période n’est scellée" in client.get("/corrections").text
    assert "Ce n’est pas d’une période scellée" in client.get("/corrections/oubli").text
    coordinator = sign_in("coordinator")
    with app.app_context():
        seal()
    assert "Celles que feront les structures" in coordinator.get("/corrections").text
    for page in ("2", "9" * 25, "-1"):
        told = coordinator.get(f"/corrections?page={page}")
        assert told.status_code == 200, page
        assert ("Rien de plus ancien" in told.text) is (page != "-1")
    assert coordinator.get("/corrections/oubli").status_code == 404


def test_the_time_of_a_whole_network_is_corrected(sign_in: SignIn, app: Flask) -> None:
    """However many advisers a workbook says were there."""
    client = sign_in("adviser", "APEAS")
    with app.app_context():
        by = {f"adviser{number}/APEAS": 60 for number in range(45)}
        act = Network(db.session()).act(SEALED, "RES2", by=by)
        db.session.commit()
        address = f"/corrections/acte/{act.public_id}"
        seal()
    correct(client, address, "duration", minutes_44="2h00")
    (one,) = made(app)
    assert one["minutes"] == 60
    assert one["should_be"].endswith(" + 2 h")
