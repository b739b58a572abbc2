"""What is sent without the form's own token changes nothing, on every route that takes a form."""

from __future__ import annotations

from flask import Flask

from tests.attack.world import World, world_of
from tests.conftest import SignIn


def sound_posts(world: World) -> list[tuple[str, str, dict[str, list[str]]]]:
    """Per route that takes a form: who may send it, where, the form as its page shows it."""
    posts = []
    for rule in world.rules:
        if "POST" not in (rule.methods or ()) or rule.endpoint == "security.two_factor_rescue":
            continue
        shown = [form for form in world.forms.get(rule.rule, ()) if form.who != "anonymous"]
        who = shown[-1].who if shown else world.allowed(rule)[-1]
        path = shown[-1].path if shown else world.path_of(rule)
        fields: dict[str, list[str]] = {}
        for name, value in shown[-1].fields if shown else []:
            fields.setdefault(name, []).append(value)
        posts.append((who, path, fields))
    return posts


def test_no_route_takes_a_form_without_its_token(app: Flask, sign_in: SignIn) -> None:
    with world_of(app, sign_in) as world:
        world.look()
        posts = sound_posts(world)
        assert len(posts) >= 40
        before = world.changes()
        for who, path, fields in posts:
            somebody_elses = world.tokens["adviser" if who == "anonymous" else "anonymous"]
            for token in ([], ["wapiti"], [somebody_elses]):
                answer = world.clients[who].post(path, data={**fields, "csrf_token": token})
                assert answer.status_code == 401, (who, path, token)
                assert world.changes() == before, (who, path, token)
