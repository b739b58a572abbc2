"""Logs and mails tell of no person, no title, no note: also of faults, and by real servers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
import waitress
from flask import Flask
from sqlalchemy import text
from werkzeug.serving import make_server

from ramsess.cli import server_options, users
from ramsess.database import db
from tests.pages import send
from tests.security.canary.answers import Reader
from tests.security.canary.logbook import keep_logs, mails_of
from tests.security.canary.principals import PRINCIPALS
from tests.security.canary.words import A, Thing
from tests.security.canary.world import World
from tests.security.people import mails

NEW = "huit tortues traversent le canal"
INVITED = Thing("account", "invited", frozenset({A}), owner="invited")


def secrets(world: World) -> list[str]:
    """A word of each column."""
    found = {word.column: text for text, word in world.words.known.items()}
    return sorted(found.values())


def fail(said: str) -> Callable[..., str]:
    """A view that fails, saying much."""

    def view(*_args: object, **_kwargs: object) -> str:
        raise LookupError(said)

    return view


def break_a_rule(said: str) -> Callable[..., str]:
    """A view whose row the database refuses, quoting it whole."""

    def view(*_args: object, **_kwargs: object) -> str:
        db.session.execute(
            text("UPDATE projects SET title = :said, siret = 'douze'"), {"said": said}
        )
        return ""

    return view


@pytest.mark.parametrize("fault", [fail, break_a_rule])
def test_a_fault_that_quotes_everything_is_told_without_a_word(
    world: World, fault: Callable[[str], Callable[..., str]], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    said = " ".join(secrets(world)[:20])
    monkeypatch.setitem(world.app.view_functions, "sessions.index", fault(said))
    with pytest.raises(Exception, match="zq"):
        fault(said)() if fault is fail else _refused(world.app, said)
    with keep_logs(world.app, tmp_path) as logbook:
        world.sign_in(f"adviser_{A}")
        reader = Reader(world, PRINCIPALS[f"adviser_{A}"])
        assert reader.ask("/seances").status_code == 500
    assert [str(leak) for leak in reader.leaks] == []
    assert "fault" in logbook.text()
    assert logbook.words(world.words) == []


def _refused(app: Flask, said: str) -> None:
    """The database does quote the row: to the administrator."""
    with app.app_context():
        try:
            break_a_rule(said)()
        finally:
            db.session.rollback()
            db.session.remove()


@contextmanager
def waitress_server(app: Flask) -> Iterator[int]:
    """As ``ramsess serve`` runs it."""
    settings = app.config["SETTINGS"]
    server: Any = waitress.create_server(app, host="127.0.0.1", port=0, **server_options(settings))
    thread = threading.Thread(target=server.run)
    thread.start()
    yield server.effective_port
    server.close()
    thread.join()


@contextmanager
def werkzeug_server(app: Flask) -> Iterator[int]:
    """As ``flask run`` would."""
    server = make_server("127.0.0.1", 0, app)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()


@pytest.mark.parametrize("serve", [waitress_server, werkzeug_server])
def test_servers_log_nothing_of_what_they_carry(
    world: World, serve: Callable[[Flask], Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = world.app
    word = secrets(world)[0]
    world.sign_in(f"adviser_{A}")
    cookie = world.browsers[f"adviser_{A}"].get_cookie("ramsess")
    assert cookie
    monkeypatch.setitem(app.view_functions, "sessions.index", fail(word))
    inside = app.wsgi_app

    def broken(environ: Any, start: Any) -> Any:
        if environ["PATH_INFO"].startswith("/hors"):
            raise LookupError(word)
        return inside(environ, start)

    with keep_logs(app, tmp_path) as logbook, monkeypatch.context() as patched:
        patched.setattr(app, "wsgi_app", broken)
        with serve(app) as port:
            met = [
                _status(f"http://127.0.0.1:{port}{path}", cookie.value)
                for path in ("/personnes", f"/parcours/{word}?q={word}", "/seances", "/hors")
            ]
    assert met == [200, 404, 500, 500]
    assert logbook.text().count("LookupError") >= 2
    assert logbook.words(world.words) == []


def _status(address: str, cookie: str) -> int:
    try:
        with urlopen(Request(address, headers={"Cookie": f"ramsess={cookie}"})) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code


def test_mails_name_nobody_but_their_reader(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, address = world.app, world.addresses["left"]
    client = app.test_client()
    mails(app, wait=False)
    with keep_logs(app, tmp_path) as logbook:
        send(client, client.get("/mot-de-passe/oublie"), email=address)
        [(_, _, said)] = mails(app)
        link = next(line for line in said.split() if "/mot-de-passe/oublie/" in line)
        found = [(address, said)]
        page = client.get(link.partition("localhost")[2])
        send(client, page, password=NEW, password_confirm=NEW)
        found += [(to, f"{subject} {body}") for to, subject, body in mails(app)]
        monkeypatch.setattr(users, "prepared_app", lambda: app)
        invited = f"{world.words.make('accounts.email', A, INVITED)}@demo.example"
        users.invite_user.callback(invited, "Ana Invitée", "adviser", (A,))  # type: ignore[misc]
        found += mails_of(app)
    assert len(found) == 3
    for to, body in found:
        [address] = world.words.found(to)
        owner = world.words.known[address].thing.owner
        told = [world.words.known[text] for text in world.words.found(body)]
        assert [f"{word.column} {word.thing}" for word in told if word.thing.owner != owner] == []
    # The command answers who invites with the address that she typed, on its own output.
    assert logbook.words(world.words) == []
