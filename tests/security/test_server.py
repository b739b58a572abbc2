"""The server that listens: what it says of itself, and what it refuses to read."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.client import HTTPConnection

import pytest
import waitress
from flask import Flask
from flask.testing import FlaskClient

from ramsess.cli import server_options
from ramsess.inputs import MOST_HEADERS
from tests.conftest import SignIn
from tests.security.test_http import acts


@pytest.fixture
def connection(app: Flask) -> Iterator[HTTPConnection]:
    """A real server, as ``ramsess serve`` makes it."""
    options = server_options(app.config["SETTINGS"])
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=2, **options)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    opened = HTTPConnection("127.0.0.1", int(server.effective_port), timeout=20)
    yield opened
    opened.close()
    server.close()


def test_the_server_says_nothing_of_itself(connection: HTTPConnection) -> None:
    connection.request("GET", "/connexion", headers={"X-Forwarded-For": "198.51.100.7"})
    answer = connection.getresponse()
    assert answer.status == 200
    names = {name.lower() for name, _ in answer.getheaders()}
    assert not names & {"server", "via", "x-powered-by"}
    assert b"waitress" not in answer.read()


def test_the_server_refuses_endless_headers(connection: HTTPConnection) -> None:
    connection.request("GET", "/connexion", headers={"X-Long": "x" * 3 * MOST_HEADERS})
    assert connection.getresponse().status == 431


MALFORMED: list[tuple[str, bytes]] = [
    ("multipart/form-data", b"x"),
    ("multipart/form-data; boundary=", b"----\r\n"),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n"),
    ("multipart/form-data; boundary=x", b"--x\r\n" * 50),
    (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="\\"\r\n\r\na\r\n--x--\r\n',
    ),
    (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; filename="a"\r\n\r\na\r\n--x--\r\n',
    ),
    ("application/x-www-form-urlencoded", b"%ff%fe=%zz&&=&a"),
    ("application/x-www-form-urlencoded; charset=utf-7", b"+AAA-=1"),
    ("application/json", b"{"),
    ("x/y; charset=\xe9".encode("latin-1").decode("latin-1"), b"\xff"),
]


@pytest.mark.parametrize(("kind", "body"), MALFORMED, ids=str)
def test_a_malformed_body_is_refused_not_a_fault(
    app: Flask, sign_in: SignIn, kind: str, body: bytes
) -> None:
    client: FlaskClient = sign_in("adviser", "APEAS")
    for path in ("/", "/connexion", "/classeurs", "/recherche/personnes"):
        answer = client.post(path, data=body, content_type=kind)
        assert 300 <= answer.status_code < 500, path
    assert acts(app) == 0
