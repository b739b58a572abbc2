"""A hundred people with a canary in every text column, and where to look for it afterwards."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy import URL, select, text
from sqlalchemy.orm import Session

from ramsess import create_app, prepare_database
from ramsess.actions.reference_data import load_reference_data
from ramsess.config import Settings
from ramsess.database import Acting, Base, acting, close_connections, db
from ramsess.models import (
    Account,
    Acquaintance,
    Appraisal,
    Beneficiary,
    Correction,
    Decision,
    Enrolment,
    ExchangeKey,
    Meeting,
    Message,
    Parcours,
    SignedSheet,
    Structure,
)
from ramsess.reports.consolidation import make_report
from ramsess.reports.files import json_bytes
from ramsess.reports.period import Period
from tests.counting.builder import Network
from tests.counting.together import action, diagnose, plan
from tests.sealed.sealing import seal_in
from tests.whole import WHOLE

# As written, and as compared.
WRITTEN, COMPARED = "Zqcanári", "zqcanari"
BYTES = tuple(
    word.encode() for word in (WRITTEN, COMPARED, COMPARED.upper(), COMPARED.capitalize())
)
#: At every change a part of the hundred.
PEOPLE = 100 if WHOLE else 30


@dataclass
class House:
    """An instance of its own: nothing else writes there."""

    instance: Path
    app: Flask

    @property
    def settings(self) -> Settings:
        return self.app.config["SETTINGS"]

    @property
    def url(self) -> str:
        """The administrator's address."""
        address: URL = self.app.config["DATABASE_ADDRESS"]
        return address.render_as_string(hide_password=False)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A command's session that leaves no connection behind."""
        acting.set(Acting(role="batch"))
        with self.app.app_context():
            try:
                yield db.session()
                db.session.commit()
            finally:
                db.session.remove()
                close_connections()

    def rows_with(self, word: str = COMPARED) -> list[str]:
        """The tables of which a row, whatever the column, holds *word*."""
        with self.session() as session:
            tables = session.scalars(
                text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            )
            return sorted(
                table
                for table in tables
                if session.scalar(
                    text(
                        f'SELECT EXISTS (SELECT FROM "{table}" r WHERE '
                        "translate(lower(r::text), 'á', 'a') LIKE :word)"
                    ),
                    {"word": f"%{word}%"},
                )
            )

    def columns_with(self) -> set[str]:
        """``table.column`` of the text columns that hold a canary."""
        with self.session() as session:
            return {
                f"{table.name}.{column.name}"
                for table in Base.metadata.sorted_tables
                for column in table.columns
                if session.scalar(
                    text(
                        f'SELECT EXISTS (SELECT FROM "{table.name}" WHERE translate(lower('
                        f"\"{column.name}\"::text), 'á', 'a') LIKE '%{COMPARED}%')"
                    )
                )
            }

    def files_with(self) -> list[str]:
        """The files of the instance that hold a canary, in whatever form."""
        return sorted(
            str(path.relative_to(self.instance))
            for path in self.instance.rglob("*")
            if path.is_file() and any(word in path.read_bytes() for word in BYTES)
        )

    def reports(self) -> list[bytes]:
        """The JSON reports of the network, a structure and a scheme."""
        period = Period(dt.date(2009, 1, 1), dt.date(2009, 12, 31))
        with self.session():
            return [
                json_bytes(make_report(db.engines["report"], period, **limits))
                for limits in ({}, {"structure": "APEAS"}, {"scheme": "DLA"})
            ]


def build(instance: Path) -> House:
    """A prepared instance without people."""
    app = create_app(Settings(instance=instance, database_url=None, secure_cookies=False))
    acting.set(Acting(role="batch"))
    with app.app_context():
        prepare_database(app)
        load_reference_data(db.session())
        db.session.commit()
        db.session.remove()
        close_connections()
    return House(instance, app)


def populate(session: Session) -> list[uuid.UUID]:
    """People with canaries, alone and together on parcours, received and in sessions."""
    network = Network(session)
    author = Account(email="ana@demo.example", name="Ana Fictive", fs_uniquifier="ana")
    session.add(author)
    apeas = session.scalars(select(Structure.id).where(Structure.code == "APEAS")).one()
    place = session.scalars(select(Structure.id).where(Structure.code == "PLACE")).one()
    people = []
    for number in range(PEOPLE):
        name = f"{WRITTEN}{number:03d}"
        person = network.person(
            birth_date=dt.date(1950 + number // 3, 1 + number % 12, 4),
            sex_code="FM"[number % 2],
            situation_code="DE1",
            phone=f"06 {name}",
            email=f"{name}@demo.example",
            commune_code="13055",
            request_key=uuid.uuid4(),
        )
        person.last_name, person.first_name = name, f"Prénom-{WRITTEN}p{number:03d}"
        people.append(person)
    session.flush()
    witness = network.person(birth_date=dt.date(1970, 1, 1))
    for number, person in enumerate(people):
        name = person.last_name
        together = [person]
        if number % 10 == 1:
            together.append(people[number - 1])
        elif number % 10 == 2:
            together.append(witness)
        parcours = network.parcours(
            *together, others={"PLACE": ("2009-03-01", None)}, funding={"REGION": 150_000}
        )
        parcours.project.title = f"Épicerie {name}"
        parcours.origin = f"Envoyée par la mère de {name}"
        parcours.fundings[0].label = f"Dossier {name}"
        if number % 10 != 2:
            parcours.project.siret = f"{number:014d}"
        together_on(network, parcours, name)
        network.act("2009-03-04", "CSL1", parcours, note=f"Bilan avec {name.upper()}, à revoir")
        network.act("2009-03-05", "DIA1", parcours, by={"bob/PLACE": 90}, scheme_code="DLA")
        act = network.act("2009-02-01", "ACC1", people=(person,), note=f"Reçu {person.first_name}.")
        held = network.group_session(
            "2009-04-02", present={"APEAS": (person, witness)}, note=f"Avec {name} et d’autres"
        )
        asked = network.orientation("APEAS>PLACE", "2009-03-01", person)
        refused = network.orientation(
            "PLACE>>ADIE", "2009-03-02", parcours, "refused", "2009-03-09"
        )
        asked.reason = refused.reason = f"{name} cherche un local"
        refused.answer_note = f"Rien pour {name}"
        if number % 5 == 0:
            about = {"parcours_id": parcours.id, "session_id": held.id}
            _speak_of(network, author, person, about, apeas)
        session.add(Acquaintance(beneficiary_id=person.id, structure_id=apeas, since=act.done_on))
        for sheet, record in (
            ("Bénéficiaires", person.id), ("Parcours", parcours.id), ("Actes", act.id),
            ("Séances", held.id),
        ):  # fmt: skip
            session.add(
                ExchangeKey(
                    structure_id=place, sheet=sheet, local_id=f"{name}-{number}", record_id=record
                )
            )
    session.flush()
    period = seal_in(session, dt.date(1991, 1, 1), "year")
    for person in people:
        name = person.last_name
        session.add(
            Correction(account_id=author.id, structure_id=apeas, period_id=period,
                       kind="act_forgotten", was=f"sans {name}", should_be=f"avec {name}",
                       reason=f"Oublié de noter {name}")
        )  # fmt: skip
    session.flush()
    return [person.public_id for person in people]


def together_on(network: Network, parcours: Parcours, name: str) -> None:
    """A validated diagnostic and a plan whose every text names her."""
    made = diagnose(
        network, parcours, "APEAS", "PLACE", validated="2009-03-03", synthesis=f"Avec {name}",
        ECO=f"Prévisionnel de {name}",
    )  # fmt: skip
    network.session.flush()
    for said in network.session.query(Appraisal).filter_by(diagnostic_id=made.id):
        said.strengths, said.weaknesses = f"Force de {name}", f"Faiblesse de {name}"
    drawn = plan(network, made, "2009-03-03")
    drawn.reason = f"Point avec {name}"
    action(network, drawn, "APEAS", "2009-06-01", objective=f"Voir {name}")


def _speak_of(
    network: Network, author: Account, person: Beneficiary, about: dict[str, int], apeas: int
) -> None:
    """What structures say together of her, and a sheet that she signed."""
    session, name = network.session, person.last_name
    whole = f"{person.first_name} {name}"
    for named, said in (
        ("parcours_id", f"{name} ne répond plus"),
        ("session_id", f"{person.first_name} viendra"),
        ("", f"Qui connaît {whole} ?"),
    ):
        where = {named: about[named]} if named else {}
        session.add(Message(account_id=author.id, text=said, **where))
    meeting = network.group_session("2009-05-05", "RES2", present={"APEAS": ()})
    held = about["session_id"]
    session.add_all(
        [
            Meeting(
                act_id=meeting.id,
                summary=f"Témoignage de {whole}.",
                decisions=[Decision(position=0, text=f"Remercier {whole}")],
            ),
            Enrolment(act_id=held, beneficiary_id=person.id, structure_id=apeas),
            SignedSheet(act_id=held, structure_id=apeas, kind="pdf", content=name.encode()),
        ]
    )


def deposit(instance: Path) -> None:
    """A workbook that waits for a confirmation."""
    folder = instance / "deposits" / uuid.uuid4().hex
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps({"names": [f"{COMPARED}.xlsx"]}))


def people_of(session: Session, references: list[uuid.UUID]) -> list[Beneficiary]:
    return list(session.scalars(select(Beneficiary).where(Beneficiary.public_id.in_(references))))
