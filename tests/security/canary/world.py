"""The network, its words, and everybody with a browser."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from ramsess.database import db
from tests.conftest import administrator, empty_records
from tests.security.canary.alike import pair_people
from tests.security.canary.network import Network, let_go, populate
from tests.security.canary.periods import hand_in_periods
from tests.security.canary.planting import plant_the_rest, planted
from tests.security.canary.principals import (
    PRINCIPALS,
    add_keys,
    enter,
    new_secret,
    open_accounts,
    structure_of,
)
from tests.security.canary.words import STRUCTURES, Thing, Words


@dataclass
class World:
    """What is crawled: words say whose they are, things where they are."""

    app: Flask
    words: Words
    things: list[Thing]
    browsers: dict[str, FlaskClient]
    addresses: dict[str, str]
    #: What everybody's program shows.
    secrets: dict[str, str] = field(default_factory=dict)

    def sign_in(self, name: str) -> None:
        """Give a principal a new browser; what she called the one before is over."""
        for word in self.words.known.values():
            if word.column == "sign_ins.browser" and word.thing.owner == name:
                word.thing.there = False
        if name == "anonymous":
            self.browsers[name] = self.app.test_client()
            return
        structure = structure_of(PRINCIPALS[name])
        about = (self.app, self.words, name, self.addresses[name], structure)
        self.browsers[name] = enter(*about)
        if name not in self.secrets:
            self.secrets[name] = new_secret(*about)

    def of_kind(self, kind: str) -> list[Thing]:
        return [thing for thing in self.things if thing.kind == kind and thing.address]

    def planted(self) -> dict[str, set[str]]:
        """Text column → structures whose words it holds now."""
        with self.app.app_context(), administrator() as admin:
            return planted(admin, self.words)


def build(app: Flask, folder: Path) -> World:
    """Empty the database and plant everything."""
    words = Words()
    with app.app_context():
        empty_records()
        session = db.session()
        accounts = open_accounts(session, words)
        for code in STRUCTURES:
            add_keys(session, words, code, accounts)
        net = Network(session, words, accounts, folder)
        populate(net)
        pair_people(net)
        hand_in_periods(net)
        session.commit()
        addresses = {name: account.email for name, account in accounts.items()}
        with administrator() as admin:
            plant_the_rest(admin, net)
        session.expire_all()
        let_go(net)
        session.commit()
        db.session.remove()
    return World(app, words, net.things, {}, addresses)
