"""Follow every link, ask for every object by its address, send every form wrong."""

from __future__ import annotations

import html
import os
import re
from collections.abc import Iterator
from urllib.parse import urldefrag, urlencode, urljoin, urlsplit

from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from ramsess.actions.week import monday_of
from ramsess.forms.week import week_name
from ramsess.policy import ACTIONS
from tests.security.canary.answers import Reader
from tests.security.canary.network import ago
from tests.security.canary.words import STRUCTURES, A, B, C, Thing

LINKS = re.compile(r'(?:href|src)="([^"]+)"')
# What the name in an address names, by the first word of its route.
NAMED = {
    "acts": "act", "beneficiaries": "person", "journal": "person", "rights": "person",
    "orientations": "orientation", "offers": "orientation",
    "protection": "person", "sessions": "session", "parcours": "parcours",
    "resources": "resource", "diagnostics": "diagnostic", "plans": "plan", "messages": "message",
    "meetings": "meeting", "posts": "post", "preparation": "session", "sheets": "sheet",
    "completion": "parcours", "history": "act", "corrections": "act",
    "saved_lists": "saved list",
    "duplicates": "pair", "matches": "pair",
    "exchange": "import", "recipes": "import", "periods": "period",
}  # fmt: skip
# Unless the argument says otherwise.
BY_ARGUMENT = {"identifier": "request", "person_id": "person", "reference": "parcours",
               "action_id": "plan action", "session_id": "session",
               "diagnostic_id": "diagnostic", "mapping_id": "reading"}  # fmt: skip
# The same files for everybody: the visitor fetches them.
FILES = ("/statique/", "/bootstrap/")
# Asked for while signed in, it signs out: the last thing that one does.
SIGNS_OUT = "/second-facteur/code"
# A run of several minutes, for who wants every principal to send and to draw everything.
EVERYTHING = bool(os.environ.get("RAMSESS_CANARY"))
DRAWN = {
    f"adviser_{A}": {".json", f"{A}.xlsx", f"{A}.pdf", f"{B}.xlsx", f"{C}.pdf"},
    f"manager_{A}": {f"{A}.json", f"{B}.json", ".xlsx"},
    "mutualised": {f"{B}.json", f"{C}.json"},
    "coordinator": {".xlsx", ".pdf", ".zip", f"{A}.json", f"{B}.xlsx"},
    **{
        name: {".json", ".xlsx", ".pdf", ".zip"}
        for name in ("anonymous", "left", "funder", "admin", "dpo")
    },
}
WEEKS = {f"/ma-semaine?semaine={week_name(monday_of(ago(days)))}" for days in range(0, 35, 7)}
FIGURES = (
    "B01 acts change", "B02 followed TOTAL", "B03 TOTAL TOTAL", "B08 TOTAL SHARED",
    "B09 TOTAL TOTAL", "B10 TOTAL attendances", "B12 TOTAL proposed", "B14 validations TOTAL",
    "B14 plans TOTAL", "B14 actions_planned TOTAL", "B15F TOTAL amount", "B16 acts median",
    "B17 TOTAL share", "B18 TOTAL persons", "B19 persons TOTAL",
)  # fmt: skip
PERIOD = f"debut={ago(300)}&fin={ago(0)}"


def crawl(reader: Reader, *, follow: bool = True) -> None:
    """Everything that can be asked for by GET, and the files that are sent for by POST."""
    waiting = [*starts(reader), *(path for path, _, _ in objects(reader, "GET")), *reports(reader)]
    done: set[str] = set()
    while waiting:
        path = waiting.pop()
        if path in done or (path.startswith(FILES) and reader.principal.name != "anonymous"):
            continue
        done.add(path)
        answer = reader.ask(path)
        if follow and answer.mimetype == "text/html":
            waiting += [link for link in links(path, answer) if worth(link)]


def starts(reader: Reader) -> list[str]:
    """Every address without argument."""
    return [
        rule.rule
        for rule in reader.world.app.url_map.iter_rules()
        if not rule.arguments and "GET" in (rule.methods or ()) and rule.rule != SIGNS_OUT
    ]


def objects(reader: Reader, method: str) -> Iterator[tuple[str, Rule, Thing]]:
    """Every object of the network, whoever's, by every address that names such an object."""
    for rule in reader.world.app.url_map.iter_rules():
        kind = NAMED.get(rule.endpoint.partition(".")[0], "")
        if method not in (rule.methods or ()) or not rule.arguments or not kind:
            continue
        kind = next((BY_ARGUMENT[name] for name in rule.arguments if name in BY_ARGUMENT), kind)
        choices = re.search(r"<any\(([^)]*)\):\w+>", rule.rule)
        for suffix in [word.strip() for word in choices[1].split(",")] if choices else [""]:
            bare = re.sub(r"<any[^>]*>", suffix, rule.rule)
            things = reader.world.of_kind(kind)
            if not may_open(reader, rule):
                # Nothing is looked up for who has no such page: some of each structure's do.
                things = [next(one for one in things if one.lead == code) for code in STRUCTURES
                          if any(one.lead == code for one in things)]  # fmt: skip
            for thing in things:
                yield re.sub(r"<[^>]*>", thing.address, bare), rule, thing


def may_open(reader: Reader, rule: Rule) -> bool:
    """True when one of her roles has the action of that address."""
    view = reader.world.app.view_functions[rule.endpoint]
    roles = ACTIONS[view.action].keys()  # type: ignore[attr-defined]
    return reader.principal.holds(*roles)


def reports(reader: Reader) -> Iterator[str]:
    """The report of the network and of each structure, on screen and as files.

    A report is the same for whoever may ask for it, and long to draw: unless all are wanted
    (RAMSESS_CANARY), each role draws each kind of file once.
    """
    for structure in ("", *STRUCTURES):
        asked = f"{PERIOD}&structure={structure}"
        for suffix in ("json", "xlsx", "pdf", "zip"):
            if EVERYTHING or f"{structure}.{suffix}" in DRAWN.get(reader.principal.name, ()):
                yield f"/bilan/ramsess.{suffix}?{asked}"
        if EVERYTHING or structure:
            yield f"/bilan/?{asked}"
        if EVERYTHING or not structure:
            # Whatever its kind, a record shows behind some figure.
            for figure in FIGURES:
                names = dict(zip(("tableau", "ligne", "colonne"), figure.split(), strict=True))
                yield f"/bilan/fiches?{asked}&{urlencode(names)}"


def links(path: str, answer: TestResponse) -> list[str]:
    """Where the page leads, on this site."""
    found = []
    for link in LINKS.findall(answer.text):
        target = urlsplit(urldefrag(urljoin(f"http://localhost{path}", html.unescape(link)))[0])
        if target.netloc == "localhost":
            found.append(target.path + (f"?{target.query}" if target.query else ""))
    return found


def worth(link: str) -> bool:
    """Other periods of the same report say no more than the one that covers them.

    Weeks lead from one to the next for ever: those that hold acts are looked at, as grids.
    """
    page, _, question = link.partition("?")
    if question and page.startswith(("/ma-semaine", "/actes/nouveau")):
        return link in WEEKS or ("jour=" not in link and page == "/actes/nouveau")
    return not link.startswith("/bilan/") or not question


def export(reader: Reader) -> None:
    """Ask for all that is held on everybody."""
    token = token_of(reader)
    for path, rule, thing in objects(reader, "POST"):
        if rule.endpoint == "rights.export":
            reader.ask(path, "POST", {"csrf_token": token}, exported=thing)


def leave(reader: Reader) -> None:
    """Sign out."""
    reader.ask(SIGNS_OUT)
    reader.ask("/deconnexion", "POST", {"csrf_token": token_of(reader)})


def token_of(reader: Reader) -> str:
    """A token that the browser's forms would hold."""
    page = reader.ask("/compte")
    if page.status_code == 302:
        page = reader.ask("/connexion")
    held = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert held, page.text
    return held[1]
