"""Logs tell what happened, never to whom nor what was typed."""

from __future__ import annotations

import io
import json
import logging
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from structlog.stdlib import get_logger

from ramsess import cli
from ramsess.config import Settings
from ramsess.database import db
from ramsess.logs import init_logs, log_fault, security_event
from ramsess.models import Beneficiary
from tests.conftest import SignIn
from tests.pages import form_of, send

CANARY = "Tressecret"


class Logs:
    """Everything that was logged: on the screen, and in the folder."""

    def __init__(self, folder: Path, screen: Callable[[], str]) -> None:
        self.folder = folder
        self.file = folder / "logs" / "security.jsonl"
        self._screen = screen
        self._read = ""

    def text(self) -> str:
        self._read += self._screen()
        return self._read

    def lines(self) -> list[dict[str, Any]]:
        """Each line of the screen; a line that is no JSON fails."""
        return [json.loads(line) for line in self.text().splitlines()]

    def security(self) -> list[dict[str, Any]]:
        if not self.file.exists():
            return []
        return [json.loads(line) for line in self.file.read_text().splitlines()]


@pytest.fixture
def logs(app: Flask, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Logs]:
    """JSON lines on the screen and a folder of their own."""
    settings: Settings = app.config["SETTINGS"]
    capsys.readouterr()
    init_logs(replace(settings, instance=tmp_path, json_logs=True))
    yield Logs(tmp_path, lambda: capsys.readouterr().err)
    init_logs(settings)


def test_one_line_a_request_tells_the_route_and_not_the_address(
    sign_in: SignIn, logs: Logs
) -> None:
    client = sign_in("adviser", "APEAS")
    client.get(f"/parcours/{CANARY}?q={CANARY}")
    client.get(f"/{CANARY}")
    first, second = logs.lines()
    assert first["event"] == "request"
    assert (first["method"], first["route"], first["status"], first["account"]) == (
        "GET", "/parcours/<reference>", 404, 1,
    )  # fmt: skip
    assert first["ms"] >= 0
    assert re.fullmatch(r"[0-9A-F]{10}", first["request"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", first["timestamp"])
    assert first["logger"] == "ramsess.access"
    assert (second["route"], second["status"], second["account"]) == ("-", 404, 1)
    assert first["request"] != second["request"]


def test_nothing_that_is_sent_is_in_any_log(
    app: Flask, sign_in: SignIn, logs: Logs, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    client = sign_in("manager", "APEAS", "PLACE")
    client.set_cookie("gardien", CANARY)
    told = {"User-Agent": CANARY, "Referer": CANARY, "X-Other": CANARY, "Accept": CANARY}
    page = client.get("/personnes/nouvelle")
    send(client, page, last_name=CANARY, first_name=CANARY, phone=CANARY)
    token = dict(form_of(page).fields)["csrf_token"]

    def fail(*_args: object, **_kwargs: object) -> str:
        db.session.add(Beneficiary(last_name=CANARY, first_name=CANARY, birth_date=CANARY))
        try:
            db.session.flush()
        except Exception as error:
            raise ValueError(f"{CANARY} {error}") from error
        return ""

    monkeypatch.setitem(app.view_functions, "sessions.index", fail)
    monkeypatch.setitem(app.view_functions, "exchange.check", fail)
    for method in ("GET", "POST", CANARY.upper()):
        for path in (
            "/", "/connexion", "/seances", "/classeurs", "/bilan/", "/parcours", "/personnes",
            "/recherche/personnes", f"/classeurs/{CANARY}", f"/personnes/{CANARY}", f"/{CANARY}",
        ):  # fmt: skip
            data = dict.fromkeys(
                ("q", "note", "email", "password", "last_name", CANARY, "next"), CANARY
            )
            for csrf in (token, CANARY):
                for kind in (None, "multipart/form-data", "application/json"):
                    files = {"files": (io.BytesIO(CANARY.encode()), f"{CANARY}.xlsx")}
                    sent = {**data, "csrf_token": csrf}
                    client.open(
                        f"{path}?q={CANARY}&next={CANARY}",
                        method=method,
                        headers=told,
                        data=None if method == "GET"
                        else CANARY if kind == "application/json"
                        else {**sent, **files} if kind else sent,
                        content_type=kind,
                    )  # fmt: skip
    client.get("/", headers={"Host": CANARY})
    client.post("/", headers={"Origin": CANARY})
    assert len(logs.lines()) > 150
    statuses = {line["status"] for line in logs.lines() if "status" in line}
    assert {200, 400, 401, 404, 500} <= statuses
    assert logs.security()
    faults = [line for line in logs.lines() if line["event"] == "fault"]
    assert faults[0]["kind"].startswith("ValueError < ")
    for text in (
        logs.text(), caplog.text, *(str(vars(record)) for record in caplog.records),
        *(path.read_text() for path in logs.folder.rglob("*") if path.is_file()),
    ):  # fmt: skip
        assert CANARY.lower() not in text.lower()


def test_a_fault_is_told_by_its_class_and_its_places(
    app: Flask, sign_in: SignIn, logs: Logs, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in("adviser", "APEAS")

    def fail() -> str:
        raise LookupError(CANARY)

    monkeypatch.setitem(app.view_functions, "sessions.index", fail)
    answer = client.get("/seances")
    fault, access = logs.lines()
    assert (fault["event"], fault["kind"], fault["level"]) == ("fault", "LookupError", "error")
    assert re.fullmatch(r"tests/security/test_logs\.py:\d+:fail", fault["frames"][-1])
    assert not any(frame.startswith("/") for frame in fault["frames"])
    assert fault["request"] == access["request"]
    assert fault["request"] in answer.text


def test_a_field_out_of_the_list_is_dropped_and_control_characters_are_shown(logs: Logs) -> None:
    get_logger("ramsess.essai").warning("essai", email="a@demo.example", note=CANARY, code="A1")
    security_event("essai", code="a\r\n{\"event\": \"faux\"}\x1b[31m\u202e", name_=CANARY)  # type: ignore[arg-type]  # fmt: skip
    first, second = logs.lines()
    assert set(first) == {"event", "code", "level", "logger", "timestamp"}
    assert second["code"] == 'a\\u000d\\u000a{"event": "faux"}\\u001b[31m\\u202e'
    assert len(logs.security()) == 1
    security_event("essai", code="x" * 5000)
    assert len(logs.security()[1]["code"]) == 200


def test_a_line_on_a_console_cannot_be_forged_either(
    app: Flask, logs: Logs, tmp_path: Path
) -> None:
    init_logs(replace(app.config["SETTINGS"], instance=tmp_path))
    security_event("essai", code="a\r\n2026-01-01 [info] faux\x1b[2J")
    assert len(logs.text().splitlines()) == 1
    assert "\x1b" not in logs.text()


def test_what_libraries_log_goes_the_same_way_without_their_values(app: Flask, logs: Logs) -> None:
    with app.test_request_context(f"/{CANARY}"):
        try:
            raise ValueError(CANARY)
        except ValueError:
            app.logger.exception(f"Exception on {CANARY}")
            logging.getLogger("waitress").exception("Exception while serving " + CANARY)
    logging.getLogger("sqlalchemy.pool").error("reset %s failed", CANARY)
    # As logging.captureWarnings does, which pytest keeps for itself.
    logging.getLogger("py.warnings").warning("%s", CANARY)
    lines = logs.lines()
    assert [line["logger"] for line in lines] == [
        "ramsess", "waitress", "sqlalchemy.pool", "py.warnings",
    ]  # fmt: skip
    assert lines[0]["kind"] == "ValueError"
    assert lines[2]["event"] == "reset %s failed"
    assert all(line["place"] for line in lines)
    assert CANARY not in logs.text()


def test_security_events_have_their_own_file_made_at_the_first(sign_in: SignIn, logs: Logs) -> None:
    client = sign_in("adviser", "APEAS")
    assert client.get("/").status_code == 200
    assert not logs.file.exists()
    client.get("/structures")
    client.post("/", data={"type": "CSL1"})
    client.get("/", headers={"Host": "exemple.fr"})
    client.post("/", headers={"Origin": "https://exemple.fr"})
    told = [(line["event"], line.get("action"), line["route"]) for line in logs.security()]
    assert told == [
        ("guard_refused", "manage_structures", "/structures"),
        ("csrf_refused", None, "/"),
        ("host_refused", None, "/"),
        ("cross_site_refused", None, "/"),
    ]
    assert all(line["security"] is True and line["request"] for line in logs.security())
    assert stat.S_IMODE(logs.file.stat().st_mode) == 0o600
    assert stat.S_IMODE(logs.file.parent.stat().st_mode) == 0o700
    marked = [line for line in logs.lines() if line.get("security")]
    assert [line["event"] for line in marked] == [event for event, _, _ in told]


def test_the_security_file_turns_by_size_and_stays_private(
    logs: Logs, monkeypatch: pytest.MonkeyPatch
) -> None:
    handler = next(
        one for one in logging.getLogger("ramsess.security").handlers if hasattr(one, "maxBytes")
    )
    monkeypatch.setattr(handler, "maxBytes", 1000)
    for _ in range(20):
        security_event("essai", code="x" * 100)
    files = sorted(logs.file.parent.iterdir())
    assert len(files) > 2
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_a_log_that_cannot_be_written_says_so_and_nothing_more(logs: Logs) -> None:
    (logs.folder / "logs").write_text("pas un dossier")
    security_event("essai", code=CANARY[::-1])
    shown = logs.text()
    assert "journal" in shown
    assert "Traceback" not in shown


def test_an_unexpected_fault_of_the_command_tells_no_message(
    logs: Logs, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise OSError(CANARY)

    monkeypatch.setattr(cli, "prepared_app", fail)
    with pytest.raises(SystemExit) as stopped:
        cli.main(["init"])
    shown = logs.text()
    assert stopped.value.code == 1
    assert "Erreur inattendue" in shown
    assert "OSError" in shown
    assert CANARY not in shown
    assert "Traceback" not in shown


def test_a_setting_that_makes_no_sense_is_bad_usage(
    logs: Logs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAMSESS_PROXIES", "beaucoup")
    with pytest.raises(SystemExit) as stopped:
        cli.main(["init"])
    assert stopped.value.code == 2
    assert "RAMSESS_PROXIES" in logs.text()


def test_a_fault_without_cause_or_frames_is_told(logs: Logs) -> None:
    log_fault(ValueError(CANARY))
    assert logs.lines()[0]["frames"] == []
