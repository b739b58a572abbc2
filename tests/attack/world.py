"""What hostile requests act on: people signed in, records, and what the pages have shown so far."""

from __future__ import annotations

import datetime as dt
import io
import re
import time
import uuid
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random

from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password
from flask_security.recoverable import generate_reset_password_token
from passlib.totp import TOTP
from sqlalchemy import Connection, create_engine, text, update
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from ramsess.actions.invitations import invite
from ramsess.database import db
from ramsess.models import Account, ReportingPeriod
from ramsess.models.calendar import today
from ramsess.policy import ACTIONS
from ramsess.reports.period import Period
from ramsess.views.guard import LIBRARY_ACTIONS
from tests.attack.values import good_values, workbook
from tests.conftest import SignIn
from tests.interface.sealed import seal
from tests.pages import _Forms, form_of, send
from tests.security.people import PASSWORD, set_up_app
from tests.security.together import tick_all
from tests.views.conftest import code_of, enter_person, open_parcours

Fields = list[tuple[str, str]]
# What is noted about requests themselves, refused or not; everything else is left as it was by a
# refusal.
NOTED = {"alembic_version", "attempts", "audit_details", "audit_events", "sign_ins"}
PEOPLE: dict[str, tuple[str, ...]] = {
    "adviser": ("APEAS", "PLACE"),
    "manager": ("APEAS",),
    "coordinator": (),
    "funder": (),
    "admin": (),
    "dpo": (),
    # Gave her password, not her code yet.
    "half": ("APEAS",),
}
SHOWN = re.compile(
    r"/(actes|orientations|personnes|seances|parcours|protection|invitation|ressources|diagnostics"
    r"|plans|actions|accord|echanges|reunions|feuilles|postes|listes|doublons"
    r"|rapprochements|classeurs|periodes|scelle|jetons)"
    r"/([\w-]{11,})"
)
SELECT = re.compile(r'<select[^>]* name="([^"]+)".*?</select>', re.DOTALL)
OPTION = re.compile(r'<option[^>]* value="([^"]*)"')
# Pages that sign out, or change who one is: mended after each request.
LEAVING = ("security.", "account.", "invitation.")
KEPT = 8


@dataclass(frozen=True)
class Shown:
    """A form that a page showed to somebody: where it goes, what it would send."""

    path: str
    who: str
    fields: Fields


@dataclass
class World:
    """Cookies and tokens by person, the routes, names that exist, forms by the route's pattern."""

    app: Flask
    admin: Connection
    rules: list[Rule]
    otp: TOTP | None = None
    fault: str = ""
    clients: dict[str, FlaskClient] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    names: dict[str, deque[str]] = field(default_factory=dict)
    forms: dict[str, deque[Shown]] = field(default_factory=dict)
    good: dict[str, list[str]] = field(default_factory=good_values)
    tried: Counter[str] = field(default_factory=Counter)
    entered: set[str] = field(default_factory=set)

    def allowed(self, rule: Rule) -> list[str]:
        """Who may open the route; whoever it is made for."""
        view = self.app.view_functions[rule.endpoint]
        action = getattr(view, "action", LIBRARY_ACTIONS.get(rule.endpoint))
        if rule.endpoint.startswith(("security.tf_", "security.two_factor_t", "security.mf_recov")):
            return ["half"]
        roles = [role for role in ACTIONS.get(action or "", {}) if role in self.cookies]
        return roles or list(self.cookies)

    def enter(self) -> None:
        """Everybody is freshly signed in again, whatever happened."""
        self.mend()
        half = self.clients["half"] = self.app.test_client()
        send(half, half.get("/connexion"), email="half@demo.example", password=PASSWORD)
        for who, client in self.clients.items():
            if who not in ("anonymous", "half"):
                with client.session_transaction() as cookie:
                    cookie["fs_paa"] = time.time()
            path = {"anonymous": "/connexion", "half": "/second-facteur/code"}.get(who, "/compte")
            found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', client.get(path).text)
            assert found, who
            self.tokens[who] = found[1]
            cookie = client.get_cookie("ramsess")
            assert cookie, who
            self.cookies[who] = f"ramsess={cookie.value}"

    def mend(self) -> None:
        """Accounts and sign-ins as they were; nobody has tried too often."""
        for statement in (
            "UPDATE sign_ins SET revoked_at = NULL, idle_until = now() + interval '1 hour'"
            " FROM attack.sign_ins s WHERE s.id = sign_ins.id",
            "DELETE FROM attempts",
            *(
                f"UPDATE accounts a SET {name} = s.{name} FROM attack.accounts s"
                f" WHERE s.id = a.id AND a.{name} IS DISTINCT FROM s.{name}"
                for name in ("password", "fs_uniquifier", "tf_primary_method", "tf_totp_secret",
                             "totp_counter", "invitation_hash", "invited_until")
            ),
        ):  # fmt: skip
            self.admin.execute(text(statement))

    def changes(self) -> int:
        """A number that grows with every row committed that is not about requests themselves."""
        return int(self.admin.scalar(text("SELECT coalesce(max(id), 0) FROM attack.changes")) or 0)

    def learn(self, who: str, path: str, page: str) -> None:
        """Remember the names, the forms and the choices that a page, or an address, shows."""
        for kind, name in SHOWN.findall(page):
            known = self.names.setdefault(kind, deque(maxlen=KEPT))
            if name not in known:
                known.append(name)
        if "</form>" not in page:
            return
        for form in _Forms(page).forms:
            action = (form.action or path).partition("?")[0]
            pattern = self._pattern(action, form.method.upper())
            if pattern:
                known = self.forms.setdefault(pattern, deque(maxlen=KEPT))
                known.append(Shown(action, who, form.fields))
        for found in SELECT.finditer(page):
            choices = OPTION.findall(found[0])
            self.good.setdefault(found[1].rpartition("-")[2], choices[:40])

    def path_of(self, rule: Rule) -> str:
        """An address of the route, with a name that exists where there is one."""
        kind = rule.rule.split("/")[1]
        names = ["1"] if "<int" in rule.rule else self.names.get(kind, [str(uuid.UUID(int=0))])
        path = re.sub(r"<any\((\w+).*?>", r"\1", rule.rule)
        return re.sub("<.*?>", names[0], path)

    def look(self) -> None:
        """Open every page once, for what it shows."""
        for rule in self.rules:
            if "GET" in (rule.methods or ()) and "any(" not in rule.rule and "." not in rule.rule:
                path = self.path_of(rule)
                for who in self.allowed(rule)[:2]:
                    self.learn(who, path, self.clients[who].get(path).text)
        self.enter()

    def _pattern(self, path: str, method: str) -> str:
        adapter = self.app.url_map.bind("localhost")
        try:
            rule, _ = adapter.match(path, method=method, return_rule=True)
        except HTTPException:
            return ""
        return str(rule.rule)


@contextmanager
def world_of(app: Flask, sign_in: SignIn) -> Iterator[World]:
    """Make the people and the records; leave the database as it was."""
    engine = create_engine(app.config["DATABASE_ADDRESS"], isolation_level="AUTOCOMMIT")
    with engine.connect() as admin:
        world = World(app, admin, list(app.url_map.iter_rules()))
        try:
            _people(world, sign_in)
            _records(world)
            _watch(world)
            world.enter()
            yield world
        finally:
            admin.execute(text("DROP SCHEMA IF EXISTS attack CASCADE"))
    engine.dispose()


def _people(world: World, sign_in: SignIn) -> None:
    for who, structures in PEOPLE.items():
        role = "adviser" if who == "half" else who
        world.clients[who] = sign_in(role, *structures, email=f"{who}@demo.example")
    world.clients["anonymous"] = world.app.test_client()
    world.otp = set_up_app(world.clients["half"])
    with world.app.app_context():
        db.session.execute(update(Account).values(password=hash_password(PASSWORD)))
        db.session.commit()
        db.session.expire_all()
        adviser = db.session.query(Account).filter_by(email="adviser@demo.example").one()
        reset = generate_reset_password_token(adviser)
        funder = db.session.query(Account).filter_by(email="funder@demo.example").one()
        invitation = invite(db.session(), funder)
        db.session.commit()
    world.names = {
        "mot-de-passe": deque([reset]),
        "invitation": deque([invitation], maxlen=KEPT),
        "bootstrap": deque(["css/bootstrap.min.css", "../x"]),
        "statique": deque(["ramsess.css", "../config.py", "absent.css"]),
        "demandes": deque(["1", "2", "3"]),
        "reseau": deque(["APEAS"]),
    }
    world.good |= {
        "email": ["zoe@demo.example", *(f"{who}@demo.example" for who in PEOPLE)],
        "password": [PASSWORD],
    }


def _records(world: World) -> None:
    adviser = world.clients["adviser"]
    person = enter_person(adviser, "Fictif")
    reference = open_parcours(adviser, person)
    answers = [
        send(adviser, adviser.get(f"/?parcours={reference}"), type="CSL1"),
        send(adviser, adviser.get("/seances/nouvelle"), title="Atelier fictif"),
        send(adviser, adviser.get("/ressources/nouvelle"), title="Guide", description="Fictif"),
    ]
    _together(world, reference)
    for answer in answers:
        assert answer.status_code == 302, answer.text
        kept = str(answer.location).replace("/?enregistre=", "/actes/")
        world.learn("adviser", "/", kept)
    asked = send(
        adviser, adviser.get(f"/parcours/{reference}/orienter"), to="partenaire:ADIE",
        reason="Cherche un local", consent="y",
    )  # fmt: skip
    for location in (person, f"/parcours/{reference}", person.replace("personnes", "protection"),
                     str(asked.location)):  # fmt: skip
        world.learn("adviser", "/", location)
    _meet(world, str(answers[1].location))
    _hand_in(world)
    _publish(world)


def _hand_in(world: World) -> None:
    """A workbook that the manager has yet to confirm."""
    manager = world.clients["manager"]
    form = form_of(manager.get("/classeurs"), "/classeurs")
    whole = max((workbook(Random(number)) for number in range(9)), key=len)
    fields = {**dict(form.fields), "files": (io.BytesIO(whole), "classeur.xlsx")}
    answer = manager.post(form.action, data=fields, content_type="multipart/form-data")
    page = str(answer.location)
    world.learn("manager", page, page + manager.get(page).text)


def _publish(world: World) -> None:
    """A sealed year, and one under way."""
    with world.app.app_context():
        session = db.session()
        sealed = seal(session, "year", Period.of_year(2009))
        year = today().year - 1
        period = ReportingPeriod(
            kind="year",
            first_on=dt.date(year, 1, 1),
            last_on=dt.date(year, 12, 31),
            due_on=today(),
        )
        session.add(period)
        session.commit()
        world.names |= {
            "periodes": deque([str(period.public_id)], maxlen=KEPT),
            "bilan": deque([str(sealed.period.public_id)], maxlen=KEPT),
            "verifier": deque([sealed.address], maxlen=KEPT),
            "region": deque(["2009"], maxlen=KEPT),
        }


def _meet(world: World, session: str) -> None:
    """A message, a meeting, a signed sheet, the adviser's shared post."""
    adviser = world.clients["adviser"]
    send(adviser, adviser.get("/echanges"), text="Bonjour.")
    page = adviser.get("/reunions/nouvelle")
    send(adviser, page, title="Rencontre fictive", type="RES2", decisions_0_text="Se revoir")
    form = form_of(adviser.get(session), "/feuilles")
    sheet = {**dict(form.fields), "file": (io.BytesIO(b"%PDF-1.4 %%EOF"), "feuille.pdf")}
    adviser.post(form.action, data=sheet, content_type="multipart/form-data")
    for who, path in (
        ("adviser", "/echanges"), ("adviser", "/reunions"), ("adviser", session),
        ("manager", "/postes"),
    ):  # fmt: skip
        world.learn(who, path, world.clients[who].get(path).text)


def _together(world: World, reference: str) -> None:
    """A validated diagnostic, its plan, a revision that both structures handed in, a link."""
    adviser = world.clients["adviser"]
    joining = adviser.get("/parcours/rejoindre")
    place = re.search(r'<option[^>]* value="(\d+)">Place<', joining.text)
    assert place
    code = code_of(adviser, reference)
    send(adviser, joining, reference=reference, code=code, structure=place[1])
    address = f"/parcours/{reference}/diagnostic"
    for validated in (True, False):
        opened = str(tick_all(adviser, address, "structures").location)
        for structure in ("APEAS", "PLACE"):
            page = adviser.get(f"{opened}?pour={structure}")
            send(adviser, page, "/contribution", axes_0_level="2", axes_0_needs="Un besoin")
            send(adviser, page, "/remise")
        last = send(adviser, adviser.get(opened), "/synthese", synthesis="Synthèse fictive")
        if validated:
            for _ in range(2):
                send(adviser, adviser.get(opened), "/validation")
            send(adviser, adviser.get(opened), "/accord")
            last = tick_all(adviser, f"/parcours/{reference}/plan", "needs")
        assert last.status_code == 302, last.text
    given = send(adviser, adviser.get(opened), "/lien")
    for path in (opened, f"/parcours/{reference}/plan"):
        world.learn("adviser", path, path + adviser.get(path).text + given.text)


def _watch(world: World) -> None:
    """Note each row changed, where its transaction can take it back; keep what mend() restores."""
    statements = [
        "CREATE SCHEMA attack",
        "CREATE TABLE attack.changes (id bigserial PRIMARY KEY, what text)",
        "CREATE FUNCTION attack.note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$"
        " BEGIN IF TG_OP <> 'UPDATE' OR to_jsonb(OLD) <> to_jsonb(NEW) THEN"
        " INSERT INTO attack.changes (what) VALUES (TG_TABLE_NAME); END IF; RETURN NULL; END $$",
        "CREATE TABLE attack.sign_ins AS SELECT id FROM sign_ins WHERE revoked_at IS NULL",
        "CREATE TABLE attack.accounts AS TABLE accounts",
    ]
    statements += [
        f"CREATE TRIGGER attack AFTER INSERT OR UPDATE OR DELETE ON {name}"
        " FOR EACH ROW EXECUTE FUNCTION attack.note()"
        for name in sorted(set(db.metadata.tables) - NOTED)
    ]
    for statement in statements:
        world.admin.execute(text(statement))
