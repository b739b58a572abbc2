"""What the pages need before an act can be noted: a person, a parcours."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ramsess.database import db
from ramsess.models.calendar import today
from tests.pages import send
from tests.unwatched import unwatched

Count = Callable[[type[Any]], int]


@pytest.fixture
def count(app: Flask) -> Count:
    """How many records of a kind there are."""

    def number(kind: type[Any]) -> int:
        with app.app_context():
            return db.session.query(kind).count()

    return number


def days_ago(days: int) -> str:
    """The day *days* ago. In parameters, which are collected some time before the test, a day to
    come is two days ahead: midnight may lie between."""
    return (today() - dt.timedelta(days=days)).isoformat()


@unwatched
def enter_person(client: FlaskClient, last: str, first: str = "Zoé", **more: str) -> str:
    """Enter a person by the page; returns her page's address."""
    answer = send(
        client, client.get("/personnes/nouvelle"), last_name=last, first_name=first, **more
    )
    assert answer.status_code == 302, answer.text
    return str(answer.location)


@unwatched
def open_parcours(client: FlaskClient, person: str, **more: str) -> str:
    """Open a parcours for a person by the page; returns its reference."""
    answer = send(
        client,
        client.get(f"/parcours/nouveau?personne={person.rsplit('/', 1)[-1]}"),
        title="Épicerie de démonstration",
        **{"entered_on": days_ago(30), **more},
    )
    assert answer.status_code == 302, answer.text
    return str(answer.location).rsplit("/", 1)[-1]


@unwatched
def code_of(lead: FlaskClient, reference: str) -> str:
    """The code that the référente reads on the parcours' page, to give it to another structure."""
    found = re.search(
        r"<strong>([0-9A-F]{4}-[0-9A-F]{4})</strong>", lead.get(f"/parcours/{reference}").text
    )
    assert found
    return found[1]


@unwatched
def join_parcours(
    client: FlaskClient, lead: FlaskClient, reference: str, **more: str
) -> TestResponse:
    """Take part, by the page, in the parcours that *lead* tells of."""
    page = client.get("/parcours/rejoindre")
    return send(client, page, reference=reference, code=code_of(lead, reference), **more)
