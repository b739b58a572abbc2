"""A person whose every page is noted, and what is done with her."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from ramsess.actions.accounts import Post, add_account
from ramsess.actions.retention import put_away
from ramsess.database import db
from ramsess.models import Account, AuditDetail, AuditEvent, Beneficiary, Structure
from ramsess.models.calendar import today
from tests.conftest import SignIn, client_of, open_account
from tests.pages import form_of, send, token_of
from tests.unwatched import unwatched
from tests.views.conftest import days_ago, enter_person, join_parcours, open_parcours


@dataclass
class World:
    """A person with a parcours, an act, a session that she attended; addresses of their pages."""

    app: Flask
    client: FlaskClient
    lead: FlaskClient
    dpo: FlaskClient
    coordinator: FlaskClient
    admin: FlaskClient
    person: str
    reference: str
    other: str
    act: str
    session: str
    folder: Path
    #: Addresses that one scenario leaves to the next.
    kept: dict[str, str] = field(default_factory=dict)

    def since(self, number: int) -> list[tuple[str, str | None, str | None]]:
        """Action, structure's code and last name of the person of the events after *number*."""
        with self.app.app_context():
            rows = db.session.execute(
                select(AuditEvent.action, Structure.code, Beneficiary.last_name)
                .join(AuditDetail, AuditDetail.event_id == AuditEvent.id)
                .outerjoin(Structure, Structure.id == AuditDetail.structure_id)
                .outerjoin(Beneficiary, Beneficiary.id == AuditDetail.person_id)
                .where(AuditEvent.id > number)
                .order_by(AuditEvent.id)
            )
            return [(action, code, name) for action, code, name in rows]

    @property
    def dossier(self) -> str:
        """Her page for the officer."""
        return f"/protection/{self.person.rsplit('/', 1)[-1]}"

    def last(self) -> int:
        with self.app.app_context():
            return db.session.scalar(text("SELECT coalesce(max(id), 0) FROM audit_events")) or 0


@unwatched
def make_world(app: Flask, sign_in: SignIn, tmp_path: Path) -> World:
    lead = sign_in("adviser", "PLACE")
    sign_in("manager", "APEAS")
    with app.app_context():
        # The manager is an adviser too: she records her own acts.
        email = db.session.scalars(
            select(Account.email).where(Account.grants.any(role_name="manager"))
        ).one()
        add_account(
            db.session(),
            email=email,
            name="Ana Fictive",
            role="adviser",
            posts=[Post("APEAS")],
            password_hash="!",
        )
        db.session.commit()
        client = client_of(app, email)
    person = enter_person(client, "Fictif")
    reference = open_parcours(client, person)
    other = open_parcours(lead, enter_person(lead, "Inventée"))
    send(client, client.get("/"), type="CSL1", parcours=reference)
    found = re.search(r"/actes/[0-9a-f-]{36}", client.get("/").text)
    assert found
    session = send(
        client, client.get("/seances/nouvelle"), title="Atelier", type="COL1", minutes="60"
    ).location
    send(client, client.get(session), "/presences", present=[person.rsplit("/", 1)[-1]])
    dpo, coordinator = sign_in_more(app, "dpo"), sign_in_more(app, "coordinator")
    admin = sign_in_more(app, "admin")
    return World(
        app,
        client,
        lead,
        dpo,
        coordinator,
        admin,
        person,
        reference,
        other,
        found[0],
        session,
        tmp_path,
    )


@unwatched
def sign_in_more(app: Flask, role: str, *posts: str) -> FlaskClient:
    """Sign in somebody more, on the database as it is."""
    with app.app_context():
        email = open_account(db.session(), role, *posts).email
        db.session.commit()
        return client_of(app, email)


def lookup(world: World, path: str) -> TestResponse:
    token = token_of(world.client.get("/personnes/nouvelle"))
    return world.client.post(path, data={"csrf_token": token, "q": "fictif"})


def exit_(world: World) -> TestResponse:
    client, address = world.client, f"/parcours/{world.reference}"
    return send(client, client.get(f"{address}/sortie"))


def reopen(world: World) -> TestResponse:
    exit_(world)
    address = f"/parcours/{world.reference}"
    return send(world.client, world.client.get(address), "/reouvrir")


def join(world: World) -> TestResponse:
    client = world.client
    return join_parcours(client, world.lead, world.other)


def orient(client: FlaskClient, about: str, to: str) -> TestResponse:
    """Propose an orientation from the page of a parcours or of a person."""
    page = client.get(f"{about}/orienter")
    return send(client, page, to=to, reason="Cherche un local", consent="y")


def offered(world: World) -> str:
    """What the other structure asks: its address."""
    with world.app.app_context():
        own = db.session.scalar(select(Structure.id).where(Structure.code == "APEAS"))
    made = orient(world.lead, f"/parcours/{world.other}", str(own))
    return str(made.location).replace("/orientations/", "/orientations/recues/")


def accept(world: World) -> TestResponse:
    return send(world.client, world.client.get(offered(world)), "/reponse")


def close_orientation(world: World) -> TestResponse:
    made = orient(world.client, f"/parcours/{world.reference}", "partenaire:MLOC")
    return send(world.client, world.client.get(made.location), "/suite", answer="refused")


def leave(world: World) -> TestResponse:
    join(world)
    return send(
        world.client, world.client.get(f"/parcours/{world.other}"), "/depart", left_on=days_ago(0)
    )


def near(world: World) -> TestResponse:
    return send(
        world.client, world.client.get("/personnes/nouvelle"), last_name="Fictif", first_name="Zoé"
    )


def give_back(world: World) -> TestResponse:
    with world.app.app_context():
        person = db.session.scalars(
            select(Beneficiary).where(Beneficiary.last_name == "Fictif")
        ).one()
        put_away(db.session(), person, day=today())
        db.session.commit()
        address = f"/protection/{person.public_id}"
    return send(world.dpo, world.dpo.get(address), "/retablir")


def share(world: World) -> TestResponse:
    page = world.client.get("/ressources/nouvelle")
    return send(world.client, page, title="Guide", description="Une page.")


def refuse(world: World) -> TestResponse:
    send(world.client, world.client.get(world.person), "/effacement")
    return send(world.dpo, world.dpo.get("/protection"), "/refuser")


def withdraw(world: World) -> TestResponse:
    place = f"/parcours/{world.reference}/echanges"
    send(world.client, world.client.get(place), text="Trop vite dit.")
    return send(world.client, world.client.get(place), "/retirer")


def file_sheet(world: World) -> TestResponse:
    form = form_of(world.client.get(world.session), "/feuilles")
    data = {**dict(form.fields), "file": (io.BytesIO(b"%PDF-1.4 %%EOF"), "feuille.pdf")}
    return world.client.post(form.action, data=data, content_type="multipart/form-data")


def sheet_of(world: World) -> str:
    """The address of a signed sheet."""
    file_sheet(world)
    found = re.search(r"/feuilles/[0-9a-f-]{36}", world.client.get(world.session).text)
    assert found
    return found[0]


def remove_sheet(world: World) -> TestResponse:
    sheet_of(world)
    return send(world.client, world.client.get(world.session), "/supprimer")


def hold_meeting(world: World) -> TestResponse:
    page = world.client.get("/reunions/nouvelle")
    return send(world.client, page, title="Rencontre", type="RES2", summary="Dit.")


def meeting(world: World) -> str:
    """The address of a network meeting."""
    return str(hold_meeting(world).location)


def complete_meeting(world: World) -> TestResponse:
    place = meeting(world)
    world.client.get(place)
    return send(world.client, world.client.get(f"{place}/compte-rendu"), summary="Dit et redit.")


def post(world: World) -> str:
    """The address of the post that the manager's structure shares with another."""
    with world.app.app_context():
        account = open_account(db.session(), "adviser", "APEAS:50", "PLACE:50")
        assert account.adviser
        address = f"/postes/{account.adviser.public_id}"
        db.session.commit()
    return address
