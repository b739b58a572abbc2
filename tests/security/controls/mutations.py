"""Every guard taken away, every word of the policy changed, every check of an object forgotten.

Each mutation says who would notice, and where; it is undone at once.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select, true

from ramsess import policy
from ramsess.actions import sign_ins
from ramsess.models import Act, Adviser, Beneficiary, DuplicatePair, Orientation, Parcours
from ramsess.policy import ROLES
from ramsess.views import account, guard
from tests.security.matrix.cases import DAY
from tests.security.matrix.expected import WORDS, by_token
from tests.security.matrix.principals import PRINCIPALS
from tests.security.matrix.world import World

Patch = pytest.MonkeyPatch
ORDER = ("siens", "vus", "tous")
HELD_BY_ROWS = (
    "may_see_parcours",
    "may_see_act",
    "parcours_seen",
    "acts_seen",
    "orientations_seen",
    "pairs_seen",
)


@dataclass
class Mutation:
    """A fault to plant; *who* and *where* would meet it, in the order in which they are asked."""

    name: str
    plant: Callable[[Patch], None]
    who: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    #: Instead of the matrix: True when nothing is noticed.
    probe: Callable[[World], bool] | None = None
    #: Why nobody notices it over HTTP: what stands behind.
    held: str = ""


LOOKUPS = "les fiches se cherchent parmi celles que voient ses structures, et la base de même"
NO_REPORT = "ce rôle n’a pas de bilan"
NO_TOKEN = "seuls les programmes le demandent, et ce rôle n’a pas de jeton"
ROWS = "la base refuse les lignes"
# Actions that name a record, and nothing else: who has no structure finds none.
NAMING = {"see_person_journal", "export_person", "request_erasure", "correct_acts",
          "note_attendance", "correct_sessions", "take_position", "correct_resources",
          "propose_orientations", "answer_orientations",
          "close_orientations", "see_diagnostics", "contribute_to_diagnostic", "lead_diagnostics",
          "record_plans", "exchange_on_records", "withdraw_messages",
          "keep_signed_sheets", "record_posts", "see_quality", "settle_duplicates",
          "answer_matches", "hand_in_periods"}  # fmt: skip
# Whoever does it on any record sees every post, or both records of every pair: the word itself is
# what is asked.
BY_ITS_WORD = {"see_posts", "see_quality", "see_duplicates", "answer_matches"}
ENOUGH = 3
# Without their guard they are what they were.
FOR_ALL = {name for name, words in WORDS.items() if {*words} == {*ROLES}}


def endpoints_of(world: World, action: str) -> tuple[str, ...]:
    """Some endpoints that the action opens, those first that name nothing; the report's, for what
    it adds to them."""
    rules = {rule.endpoint: rule for rule in world.app.url_map.iter_rules()}
    found = [name for name, named in world.actions.items() if named == action]
    found.sort(key=lambda name: (len(rules[name].arguments), "POST" in (rules[name].methods or ())))
    return tuple(found[:ENOUGH]) or ("reports.show", "reports.download")


def guards(world: World) -> Iterator[Mutation]:
    """Each view without its guard; each of the library's routes let through to it."""
    views = world.app.view_functions
    for endpoint, action in world.actions.items():
        if by_token(endpoint):
            # Asked by programs: matrix/test_interface.py takes these guards away.
            continue
        if hasattr(views[endpoint], "action") and action not in FOR_ALL:
            bare = views[endpoint].__wrapped__  # type: ignore[attr-defined]
            yield Mutation(
                f"garde de {endpoint}",
                lambda patch, endpoint=endpoint, bare=bare: patch.setitem(views, endpoint, bare),  # type: ignore[misc]  # mypy infers no default
                (*_strangers(str(action)), "anonymous"),
                (endpoint,),
            )
        elif endpoint in guard.LIBRARY_ACTIONS and action != "sign_in":
            yield Mutation(
                f"garde de {endpoint}",
                lambda patch, endpoint=endpoint: patch.setitem(  # type: ignore[misc]  # mypy infers no default
                    guard.LIBRARY_ACTIONS, endpoint, "sign_in"
                ),
                ("anonymous",),
                (endpoint,),
            )


def _strangers(action: str) -> tuple[str, ...]:
    """One who is signed in and may not do it."""
    roles = [role for role in ROLES if role not in WORDS[action] and role != "anonymous"]
    return tuple(roles[-1:])


def cells(world: World) -> Iterator[Mutation]:
    """Each cell: what it grants withdrawn, or widened; what it refuses granted."""
    # A principal bears the name of each role: she has that one and no other.
    assert set(PRINCIPALS) >= set(ROLES)
    probes = {"export_details": details_as_due, "see_quality": quality_as_due}
    for action, words in WORDS.items():
        where = endpoints_of(world, action)
        for role in ROLES:
            before = words.get(role, "·")
            wider = ORDER[ORDER.index(before) + 1 :] if before in ORDER else ()
            for after in ("·", *wider) if before != "·" else (next(iter(words.values())),):
                yield Mutation(
                    f"{action}, {role} : {before} → {after}",
                    _cell(action, role, before, after),
                    (role,),
                    where,
                    probes[action](role) if action in probes else None,
                    _held(action, role, before, after, where),
                )


def _held(action: str, role: str, before: str, after: str, where: tuple[str, ...]) -> str:
    if all(by_token(endpoint) for endpoint in where) and role not in WORDS["manage_tokens"]:
        return NO_TOKEN
    if action in ("export_details", "see_any_structure_report"):
        return "" if role in WORDS["see_report"] else NO_REPORT
    granted = before == "·" and action in NAMING and role != "anonymous"
    widened = before in ORDER and after != "·" and action not in BY_ITS_WORD
    return LOOKUPS if granted or widened else ""


def details_as_due(role: str) -> Callable[[World], bool]:
    """The workbook of a report holds the lists of records for those alone who may have them."""

    def as_due(world: World) -> bool:
        answer = world.browsers[role].ask(f"/bilan/ramsess.xlsx?{DAY}")
        if role not in WORDS["see_report"]:
            return answer.status_code in (302, 404)
        sheets = openpyxl.load_workbook(io.BytesIO(answer.data), read_only=True).sheetnames
        return ("Détail actes" in sheets) == (role in WORDS["export_details"])

    return as_due


def quality_as_due(role: str) -> Callable[[World], bool]:
    """What is missing shows to who may see it; in another structure, to who does so for all."""

    def as_due(world: World) -> bool:
        word = WORDS["see_quality"].get(role)
        absent = 302 if role == "anonymous" else 404
        asked = {"/qualite": bool(word), "/qualite?structure=INTERMADE": word == "tous"}
        found = {path: world.browsers[role].ask(path).status_code for path in asked}
        return found == {path: 200 if open_ else absent for path, open_ in asked.items()}

    return as_due


def adviser_only_looks(world: World) -> bool:
    """An adviser's page of a period that her structure has to hand in holds no such form."""
    period = next(one for one in world.of_kind("period", "adviser") if one.name == "under way")
    page = world.browsers["adviser"].ask(f"/periodes/{period.address}")
    return page.status_code == 200 and f"/periodes/{period.address}/re" not in page.text


def _cell(action: str, role: str, before: str, after: str) -> Callable[[Patch], None]:
    def plant(patch: Patch) -> None:
        patch.setattr(policy, "TABLE", _changed(action, role, before, after))
        if after == "·":
            patch.delitem(policy.ACTIONS[action], role)
        else:
            patch.setitem(policy.ACTIONS[action], role, after)

    return plant


def _changed(action: str, role: str, before: str, after: str) -> str:
    """The table with that cell changed."""
    lines = policy.TABLE.splitlines()
    number = next(n for n, line in enumerate(lines) if line.split("|")[0].strip() == action)
    row = lines[number].split("|")
    column = 1 + ROLES.index(role)
    assert row[column].strip() == before
    row[column] = f" {after} "
    lines[number] = "|".join(row)
    return "\n".join(lines)


def _everything(model: Any) -> Callable[..., Any]:
    return lambda *_args, **_kwargs: select(model.id).where(true())


def _yes(*_args: object, **_kwargs: object) -> bool:
    return True


def checks(_world: World) -> Iterator[Mutation]:
    """Each check that a record is the person's to see."""
    everybody = ("adviser", "manager", "adviser_of_another")
    for name, stand_in, where in (
        ("may_see_parcours", _yes, ("parcours.show", "parcours.close")),
        ("may_see_act", _yes, ("acts.show", "sessions.show", "acts.edit", "sessions.edit")),
        ("may_correct_act", _yes, ("acts.edit", "acts.undo", "sessions.edit", "sessions.undo")),
        ("may_take_position", _yes, ("positioning.edit",)),
        ("may_correct_resource", _yes, ("resources.edit", "resources.withdraw")),
        ("leads", _yes, ("diagnostics.synthesise", "diagnostics.link", "diagnostics.open_one")),
        ("people_seen", _everything(Beneficiary), ("beneficiaries.show", "rights.export")),
        ("parcours_seen", _everything(Parcours), ("beneficiaries.show", "parcours.index")),
        ("may_close_orientation", _yes, ("orientations.close",)),
        (
            "orientations_seen",
            _everything(Orientation),
            ("orientations.show", "orientations.index"),
        ),
        ("acts_seen", _everything(Act), ("beneficiaries.show", "sessions.index")),
        ("posts_seen", _everything(Adviser), ("posts.show",)),
        ("pairs_seen", _everything(DuplicatePair), ("duplicates.show", "duplicates.index")),
    ):
        yield Mutation(
            f"policy.{name}",
            lambda patch, name=name, stand_in=stand_in: patch.setattr(policy, name, stand_in),  # type: ignore[misc]  # mypy infers no default
            everybody,
            where,
            held=ROWS if name in HELD_BY_ROWS else "",
        )
    yield Mutation(
        "policy.may_survey",
        lambda patch: patch.setattr(policy, "may_survey", _yes),
        ("adviser",),
        # Who sees the whole structure chooses whose records she looks at; nobody bears this name.
        probe=lambda world: (
            world.browsers["adviser"].ask(f"/qualite?conseiller={UUID(int=0)}").status_code == 200
        ),
    )
    yield Mutation(
        "policy.may_hand_in",
        lambda patch: patch.setattr(policy, "may_hand_in", _yes),
        probe=adviser_only_looks,
    )
    yield Mutation(
        "policy.structure_ids",
        lambda patch: patch.setattr(policy, "structure_ids", lambda *_: range(1, 99)),
        everybody,
        ("account.work_for",),
    )
    yield Mutation(
        "policy.structure_codes",
        lambda patch: patch.setattr(policy, "structure_codes", lambda _: {"APEAS", "PLACE"}),
        ("adviser", "adviser_of_another"),
        ("reports.show",),
    )
    yield Mutation(
        "policy.imports_seen : à qui",
        lambda patch: patch.setattr(policy, "imports_seen", lambda _account: true()),
        ("coordinator", "manager"),
        ("exchange.drop", "exchange.confirm"),
    )
    yield Mutation(
        "account.close : à qui",
        lambda patch: patch.setattr(account, "revoke_sign_in", _yes),
        ("adviser",),
        ("account.close",),
    )
    yield Mutation(
        "sign_ins : en cours",
        lambda patch: patch.setattr(sign_ins, "_live", lambda: ()),
        ("revoked", "expired"),
        ("home.index",),
        held=ROWS,
    )
    yield Mutation(
        "visible_person : en quel rôle",
        lambda patch: patch.setattr(
            policy,
            "people_seen",
            lambda account, day, _roles=(), seen=policy.people_seen: seen(account, day),
        ),
        ("manager_and_adviser",),
        ("rights.ask", "rights.export"),
    )


def gates(world: World) -> Iterator[Mutation]:
    """What every request passes."""
    app = world.app
    strict = world.browsers["second_factor_missing"].app
    yield Mutation(
        "second facteur exigé",
        lambda patch: without(strict, patch, "before_request_funcs", "require_second_factor"),
        ("second_factor_missing",),
        ("home.index",),
    )
    yield Mutation(
        "connexion vérifiée",
        lambda patch: without(app, patch, "url_value_preprocessors", "check_sign_in"),
        ("revoked", "expired"),
        ("home.index",),
    )
    yield Mutation(
        "jeton de formulaire",
        lambda patch: patch.setitem(app.config, "WTF_CSRF_ENABLED", False),
        ("manager",),
        ("acts.create",),
    )
    yield Mutation(
        "routes de la bibliothèque",
        lambda patch: without(app, patch, "before_request_funcs", "check_library_route"),
        ("anonymous", "adviser"),
        ("security.two_factor_rescue",),
    )


def without(app: Flask, patch: Patch, table: str, name: str) -> None:
    """Take the function of that name away from what every request passes."""
    before = getattr(app, table)[None]
    after = [function for function in before if function.__name__ != name]
    assert len(after) == len(before) - 1, name
    patch.setitem(getattr(app, table), None, after)
