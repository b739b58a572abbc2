"""What every request passes, taken away in turn: the test that guards it fails."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask, Response

from ramsess import headers
from ramsess.actions.throttle import Limit
from ramsess.forms import sign_in as sign_in_forms
from ramsess.views import parcours, second_factor
from tests.conftest import SignIn, empty_records
from tests.security import test_http, test_second_factor, test_sign_ins, test_throttle
from tests.security.controls.mutations import Patch, without
from tests.security.people import Person, mails, make_person
from tests.views import test_parcours

Plant = Callable[[Flask, Patch], None]
Probe = Callable[[Flask, SignIn], None]
MANY = (Limit(10_000, 60),)


def ana(app: Flask) -> Person:
    mails(app, wait=False)
    return make_person(app)


def removed(name: str, table: str = "before_request_funcs") -> Plant:
    return lambda app, patch: without(app, patch, table, name)


def unlimited(name: str) -> Plant:
    return lambda _app, patch: patch.setattr(sign_in_forms, name, MANY)


def header_lost(name: str) -> Plant:
    def plant(app: Flask, patch: Patch) -> None:
        def lose(response: Response) -> Response:
            response.headers.pop(name, None)
            return response

        # The first of the list is the last to be called.
        patch.setitem(app.after_request_funcs, None, [lose, *app.after_request_funcs[None]])

    return plant


def code_remembered_nowhere(_app: Flask, patch: Patch) -> None:
    patch.setattr(second_factor.OnceTotp, "get_last_counter", lambda *_: None)
    patch.setattr(second_factor, "accept_counter", lambda *_: True)


def refusals(_app: Flask, sign_in: SignIn) -> None:
    test_http.test_refusals_have_every_header_and_are_french(sign_in)


def other_host(app: Flask, _sign_in: SignIn) -> None:
    test_http.test_another_host_is_refused_and_not_repeated(app, "exemple.fr")


def other_site(app: Flask, sign_in: SignIn) -> None:
    test_http.test_a_form_from_another_site_is_refused_even_with_its_token(
        app, sign_in, test_http.ELSEWHERE[0]
    )


def sign_in_ends(event: str) -> Probe:
    return lambda app, _sign_in: test_sign_ins.test_what_ends_a_sign_in_is_felt_at_the_next_request(
        app, ana(app), event
    )


def many_passwords(app: Flask, _sign_in: SignIn) -> None:
    test_throttle.test_the_sixth_wrong_password_in_a_minute_waits_known_or_not(app, ana(app))


def many_addresses(app: Flask, _sign_in: SignIn) -> None:
    test_throttle.test_one_client_that_tries_many_addresses_waits(app, ana(app))


def many_codes(app: Flask, _sign_in: SignIn) -> None:
    test_throttle.test_wrong_codes_wait_too(app, ana(app))


def many_links(app: Flask, _sign_in: SignIn) -> None:
    test_throttle.test_three_links_an_hour(ana(app))


def many_join_codes(_app: Flask, sign_in: SignIn) -> None:
    test_parcours.test_codes_are_not_guessed(sign_in)


def code_again(app: Flask, _sign_in: SignIn) -> None:
    test_second_factor.test_the_code_of_a_step_before_is_refused_once_a_later_one_was_used(
        app, ana(app)
    )


GATES: dict[str, tuple[Plant, Probe]] = {
    "l’hôte": (removed("refuse_other_hosts"), other_host),
    "le site": (removed("refuse_other_sites"), other_site),
    "les envois démesurés": (removed("refuse_excess"), refusals),
    "les envois impossibles": (removed("refuse_impossible"), refusals),
    "la taille d’un envoi": (
        lambda app, patch: patch.setitem(app.config, "MAX_FORM_PARTS", 10_000),
        refusals,
    ),
    "la connexion vérifiée": (
        removed("check_sign_in", "url_value_preprocessors"),
        sign_in_ends("revoked"),
    ),
    "mots de passe par minute": (unlimited("PASSWORD"), many_passwords),
    "essais d’un même client": (unlimited("CLIENT"), many_addresses),
    "codes par minute": (unlimited("SECOND_FACTOR"), many_codes),
    "codes pour rejoindre": (
        lambda _app, patch: patch.setattr(parcours, "JOIN", MANY),
        many_join_codes,
    ),
    "codes déjà donnés": (code_remembered_nowhere, code_again),
    "liens par heure": (unlimited("RESET"), many_links),
    **{
        f"l’en-tête {name}": (header_lost(name), other_host)
        for name in (*headers.HEADERS, "Cache-Control")
    },
}


def test_each_gate_taken_away_is_noticed(app: Flask, sign_in: SignIn) -> None:
    missed = []
    for name, (plant, probe) in GATES.items():
        with app.app_context():
            empty_records()
        with pytest.MonkeyPatch.context() as patch:
            plant(app, patch)
            try:
                probe(app, sign_in)
            except (AssertionError, AttributeError, KeyError):
                # An answer that leads nowhere has no address, one without header has no value.
                continue
        missed.append(name)
    print(f"gates: {len(GATES) - len(missed)} of {len(GATES)} noticed")
    assert missed == []
