"""The interface answers what its description says, to whoever asks, whatever is asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from flask import Flask, Response
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import delete

from ramsess.database import db
from ramsess.models import CODE_LISTS, Attempt
from ramsess.reports.period import Period
from ramsess.views.api.operations import OPERATIONS
from tests.conftest import empty_records, open_account
from tests.interface.conftest import Program, new_token
from tests.interface.sealed import PLAIN_FILES, seal, some_years
from tests.whole import WHOLE

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    ignored_auth,
]
ROLES = {"adviser": ("APEAS",), "manager": ("APEAS",), "coordinator": (), "funder": ()}
# What there is: most of what is drawn at random names nothing.
THERE = {"period": "2009", "table": "B01", "name": "phases"}
EXAMPLES = 60 if WHOLE else 3


@pytest.fixture(scope="module")
def programs(app: Flask) -> Iterator[dict[str, Program]]:
    """A program of each role, on a network that has records and sealed years."""
    with app.app_context():
        empty_records()
        session = db.session()
        accounts = {
            role: open_account(session, role, *posts).email for role, posts in ROLES.items()
        }
        session.commit()
        some_years(session)
        for kind, period in (
            ("year", Period.of_year(2009)),
            ("quarter", Period(dt.date(2010, 1, 1), dt.date(2010, 3, 31))),
        ):
            seal(session, kind, period, files=PLAIN_FILES)
        yield {
            role: Program(app, new_token(email, role), email) for role, email in accounts.items()
        }
        db.session.remove()


def calm(app: Flask) -> None:
    """Who asks this often would be told to wait."""
    with app.app_context():
        db.session.execute(delete(Attempt))
        db.session.commit()


def attack(program: Program, examples: int = EXAMPLES, only: str = "") -> tuple[int, list[str]]:
    """How many requests were sent, and what was not as described."""
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", program.app)
    faults: list[str] = []
    sent = 0
    for operation in (found.ok() for found in schema.get_all_operations()):
        if only in ("", operation.path):
            for cases in strategies(operation):
                sent += send(program, cases, examples, faults)
    return sent, faults


def strategies(operation: Any) -> Iterator[Any]:
    """What is drawn for an operation: well and badly asked, of anything and of what there is."""
    there = {name: value for name, value in THERE.items() if f"{{{name}}}" in operation.path}
    for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):
        yield operation.as_strategy(generation_mode=mode)
        if there:
            yield operation.as_strategy(generation_mode=mode, path_parameters=there)


def send(program: Program, cases: Any, examples: int, faults: list[str]) -> int:
    """Send some of the *cases*; what is not as described is added to *faults*."""
    sent = 0

    @seed(20091231)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def ask(case: schemathesis.Case) -> None:
        nonlocal sent
        if sent % 10 == 0:
            # So many tokens shown in vain would be told to wait.
            calm(program.app)
        sent += 1
        try:
            case.call_and_validate(
                headers={"Authorization": f"Bearer {program.secret}"}, checks=CHECKS
            )
        except FailureGroup as group:
            faults.extend(f"{case.path}: {type(one).__name__} {one}" for one in group.exceptions)

    ask()
    return sent


@pytest.mark.parametrize("role", ROLES)
def test_every_answer_is_as_described(programs: dict[str, Program], role: str) -> None:
    sent, faults = attack(programs[role])
    print(f"{role}: {sent} requests")
    assert faults == [], "\n".join(faults[:5])
    assert sent > len(OPERATIONS) * 2


def test_an_answer_that_is_not_described_is_found(
    programs: dict[str, Program], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: a list of codes answers a code without label, and one status more."""
    monkeypatch.setattr("ramsess.views.api.codes._code", lambda row: {"code": row.code})
    _, faults = attack(programs["funder"], 3, "/code-lists/{name}")
    assert any("JsonSchemaError" in fault for fault in faults)
    monkeypatch.setattr("ramsess.views.errors.problem", lambda *_: Response("", 418))
    _, faults = attack(programs["funder"], 3, "/reports/{period}")
    assert any("UndefinedStatusCode" in fault for fault in faults)


def test_the_description_is_open_and_names_every_list_and_route(
    app: Flask, programs: dict[str, Program]
) -> None:
    answer = app.test_client().get("/api/v1/openapi.json")
    assert answer.status_code == 200
    said = answer.get_json()
    assert said["openapi"] == "3.1.0"
    routes = {
        rule.rule.removeprefix("/api/v1").replace("<", "{").replace(">", "}")
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api.") and rule.endpoint != "api.openapi"
    }
    assert set(said["paths"]) == routes
    (name,) = said["paths"]["/code-lists/{name}"]["get"]["parameters"]
    assert set(name["schema"]["enum"]) == set(CODE_LISTS)
