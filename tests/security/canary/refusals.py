"""What is typed by somebody who guesses: searches, forms sent wrong, others' objects."""

from __future__ import annotations

import re
from collections.abc import Iterator

from werkzeug.test import TestResponse

from tests.pages import HtmlForm, forms_of
from tests.security.canary.answers import Reader
from tests.security.canary.crawler import EVERYTHING, objects, token_of
from tests.security.canary.sight import may_see
from tests.security.canary.words import STRUCTURES, A, B, Thing, spelled

NAMES = ("beneficiaries.last_name", "projects.title")
ALL = (
    *NAMES, "beneficiaries.first_name", "beneficiaries.search_key", "beneficiaries.email",
    "projects.search_key", "projects.siret", "parcours.origin", "exchange_keys.local_id",
    "acts.note", "diagnostics.synthesis",
)  # fmt: skip
# Where one types what one looks for, where the answer is read, and words of what are tried: the
# pages ask what suggestions ask.
SEARCHES = (
    ("/personnes", "/personnes", NAMES),
    ("/parcours", "/parcours", NAMES),
    ("/recherche/personnes", "", ALL),
    ("/recherche/parcours", "", ALL),
    ("/actes", "/actes", NAMES),
    ("/chercher", "/chercher", NAMES),
    ("/chercher/suggestions", "", ALL),
)
TOKENS = re.compile(r'name="csrf_token"[^>]*>|"request_key"[^>]*>')
# Nobody's word: as long as the others.
NOBODY = spelled(11_111_111)
SENDERS = (
    "anonymous", "left", f"adviser_{B}", f"manager_{A}", "mixed", "coordinator", "funder", "admin",
    "dpo",
)  # fmt: skip
# Forms that are buttons, and do what they say whatever is typed.
BUTTONS = re.compile(r"/(deconnexion|compte/(structure|connexions/.*)|.*/(annuler|reouvrir|retirer|"
                     r"export\.\w+|refuser|retablir|rendre|reprendre|consolider|rouvrir|commentaires)|chercher|second-facteur/.*|"
                     r"journal/.*)$")  # fmt: skip
# What says no by a page like another, or sends back to one.
SAYS_NO = re.compile(
    r"/(effacement|changer|connexion|encore|oublie|personnes|parcours|ressources|actes|seances|chercher)(\?.*)?$"
)
# Fields that name a record, and fields that are only text.
SOUGHT = ("parcours", "people", "added", "reference", "code")
SAID = ("note", "last_name", "phone", "title", "origin", "objective", "reason")
WRONG = {"date": "le 31 février", "number": "beaucoup", "select": "999999"}


def sends_all(reader: Reader) -> bool:
    """True for one of each role, or for everybody when everything is wanted."""
    return EVERYTHING or reader.principal.name in SENDERS


def search(reader: Reader) -> list[str]:
    """Look for the words of others: the answer is that for a word of nobody; what differs."""
    token = token_of(reader)
    told = []
    for typed_at, read_at, columns in SEARCHES:
        expected = _found(reader, token, typed_at, read_at, NOBODY)
        for text in _of_others(reader, columns if sends_all(reader) else NAMES):
            if _found(reader, token, typed_at, read_at, text) != expected:
                told.append(f"{reader.principal.name} : {typed_at} répond de {text}")
        if read_at:
            reader.ask(typed_at, "POST", {"csrf_token": token, "q": ""})
        reader.typed.clear()
    return told


def _of_others(reader: Reader, columns: tuple[str, ...]) -> list[str]:
    """A word of each column and structure that she must not see."""
    found = {}
    for text, word in reader.world.words.known.items():
        if word.column in columns and not may_see(reader.principal, word):
            found.setdefault((word.column, word.structure), text)
    return list(found.values())


def _found(reader: Reader, token: str, typed_at: str, read_at: str, text: str) -> str:
    reader.typed = {text} & set(reader.world.words.known)
    answer = reader.ask(typed_at, "POST", {"csrf_token": token, "q": text})
    if read_at and answer.status_code == 302:
        answer = reader.ask(read_at)
    return TOKENS.sub("", answer.text).replace(text, "@")


def touch_others(reader: Reader) -> None:
    """Send the forms of what one must not see: it does not exist."""
    if not sends_all(reader):
        return
    token = token_of(reader)
    for path, rule, thing in objects(reader, "POST"):
        hidden = not any(
            may_see(reader.principal, reader.world.words.known[text])
            for text in reader.world.words.of(thing)
        )
        if hidden and rule.endpoint != "rights.export" and not reader.principal.holds("dpo"):
            reader.ask(path, "POST", {"csrf_token": token, "structure": "1"})


def send_wrong_forms(reader: Reader) -> None:
    """Send each form of the pages empty, then with others' names and references.

    What refuses a form asks the sender's roles and structures: unless all are wanted, one of each
    role sends them.
    """
    if not sends_all(reader):
        return
    sent: set[str] = set()
    for path in _pages_with_forms(reader):
        page = reader.ask(path)
        for form in forms_of(page) if page.mimetype == "text/html" else ():
            target = form.action or path
            shape = re.sub(r"[0-9a-f-]{36}|P-\d{4}-\d+|\d+", "*", target)
            if form.method != "post" or BUTTONS.search(target) or shape in sent:
                continue
            sent.add(shape)
            for fields in _wrong(reader, form, page):
                answer = reader.ask(target, "POST", fields)
                done = answer.status_code < 400 and not SAYS_NO.search(target)
                assert not done, (target, answer.status_code)


def _pages_with_forms(reader: Reader) -> Iterator[str]:
    yield from ("/", "/actes/nouveau", "/seances/nouvelle", "/personnes/nouvelle",
                "/parcours/nouveau", "/parcours/rejoindre", "/protection", "/connexion",
                "/mot-de-passe/changer", "/classeurs", "/ressources/nouvelle", "/reunions/nouvelle",
                *(f"/reseau/structures/{code}/positionnement" for code in STRUCTURES))  # fmt: skip
    own = _own(reader)
    for kind, pages in (
        (
            "person",
            ("/personnes/{}", "/personnes/{}/corriger", "/protection/{}", "/personnes/{}/orienter"),
        ),
        ("parcours", ("/parcours/{}", "/parcours/{}/sortie", "/parcours/{}/orienter")),
        ("act", ("/actes/{}/corriger",)),
        ("resource", ("/ressources/{}/corriger",)),
        ("session", ("/seances/{}", "/seances/{}/corriger")),
        ("plan", ("/plans/{}/actions", "/plans/{}/reviser")),
        ("plan action", ("/actions/{}/corriger",)),
    ):
        if kind in own:
            yield from (page.format(own[kind].address) for page in pages)


def _own(reader: Reader) -> dict[str, Thing]:
    """Something of each kind that she may see: of the officer, anything."""
    mine = reader.principal.structures()
    officer = reader.principal.holds("dpo")
    return {
        thing.kind: thing
        for thing in reversed(reader.world.things)
        if thing.there and thing.address and (officer or mine & {thing.lead})
    }


def _wrong(reader: Reader, form: HtmlForm, page: TestResponse) -> Iterator[dict[str, str]]:
    """The form empty; full of what cannot be; others' names and references; an old version."""
    fields = dict(form.fields)
    kept = {name: fields[name] for name in ("csrf_token", "request_key") if name in fields}
    yield dict.fromkeys(fields, "") | kept
    guesses = _guesses(reader)
    yield {name: _typed(page, name, value, guesses[0]) for name, value in fields.items()} | kept
    wanted = [name for name in fields if name in SOUGHT]
    for guess in guesses if wanted else ():
        yield fields | dict.fromkeys(wanted, guess) | {"minutes": "60"}
    if "version" in fields:
        said = [name for name in fields if name in SAID]
        yield fields | dict.fromkeys(said, guesses[0]) | {"version": "0"}


def _guesses(reader: Reader) -> list[str]:
    """The full name of a person, and a parcours, that others see and she does not."""
    world, mine = reader.world, reader.principal.structures()
    others = [thing for thing in world.things if thing.there and not thing.concerned & mine]
    people = [thing for thing in others if thing.kind == "person"]
    names = world.words.of(people[0], "beneficiaries.last_name", "beneficiaries.first_name")
    parcours = [thing.address for thing in others if thing.kind == "parcours"]
    return [" ".join(names), parcours[0]]


def _kind_of(page: TestResponse, name: str) -> str:
    tag = re.search(rf'<(input|select|textarea)[^>]*name="{re.escape(name)}"[^>]*>', page.text)
    if not tag:
        return "hidden"
    said = re.search(r'type="(\w+)"', tag[0])
    return tag[1] if tag[1] != "input" else said[1] if said else "text"


def _is_text(page: TestResponse, name: str) -> bool:
    return _kind_of(page, name) in ("text", "textarea", "search", "email", "password")


def _typed(page: TestResponse, name: str, value: str, guess: str) -> str:
    kind = _kind_of(page, name)
    return guess if _is_text(page, name) else WRONG.get(kind, value)
