"""Ask, and look for words in all that comes back: body, headers, cookies, redirections, files."""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from tests.security.canary.files import read_file
from tests.security.canary.principals import Principal
from tests.security.canary.sight import may_see, must_see
from tests.security.canary.words import Thing, Word
from tests.security.canary.world import World

ADDRESSES = re.compile(r'(?:href|src|action|formaction|data-suggest)="([^"]*)"')


@dataclass(frozen=True)
class Leak:
    """A word where it should not be."""

    principal: str
    request: str
    place: str
    word: Word

    def __str__(self) -> str:
        word = self.word
        return (
            f"{self.principal} : {self.request} : {self.place} : {word.text} "
            f"({word.column}, {word.thing.kind} « {word.thing.name} », {word.structure})"
        )


@dataclass
class Reader:
    """A principal at her browser, and all that she was answered."""

    world: World
    principal: Principal
    met: Counter[str] = field(default_factory=Counter)
    leaks: list[Leak] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    checks: int = 0
    # What she typed in a search, which her own session keeps.
    typed: set[str] = field(default_factory=set)

    def ask(
        self,
        path: str,
        method: str = "GET",
        data: Any = None,
        *,
        exported: Thing | None = None,
        typed: str = "",
        **more: Any,
    ) -> TestResponse:
        """Send, and examine what is answered; what *typed* says may come back."""
        client = self.world.browsers[self.principal.name]
        answer = client.open(path, method=method, data=data, **more)
        words = self.world.words
        own = self.typed | words.found(json.dumps(typed or _text(data), ensure_ascii=False))
        own |= words.found(path)
        # Who has no right to the dossier is answered by a page.
        exported = None if answer.mimetype == "text/html" else exported
        for place, said in self._parts(answer).items():
            # An address in a page is kept by browsers and proxies: it names nobody at all.
            bare = place == "adresses"
            for text in words.found(said) - own:
                word = words.known[text]
                if bare or not may_see(self.principal, word, exported):
                    self.leaks.append(Leak(self.principal.name, f"{method} {path}", place, word))
                else:
                    self.seen.add(text)
        self.checks += len(words.known)
        self.met[_kind(answer)] += 1
        return answer

    def _parts(self, answer: TestResponse) -> dict[str, str]:
        parts = {"en-têtes": unquote(str(answer.headers)), "cookies": self._cookies(answer)}
        parts["adresses"] = unquote(answer.location or "")
        if answer.mimetype in ("text/html", "text/plain"):
            text = html.unescape(answer.text)
            parts["page"] = text
            parts["adresses"] += unquote(" ".join(ADDRESSES.findall(text)))
            return parts
        return parts | read_file(answer.data)

    def _cookies(self, answer: TestResponse) -> str:
        """The cookies, the session's opened."""
        app = self.world.app
        opener = SecureCookieSessionInterface().get_signing_serializer(app)
        assert isinstance(opener, URLSafeTimedSerializer)
        said = []
        for cookie in answer.headers.getlist("Set-Cookie"):
            name, _, value = cookie.partition("=")
            said.append(cookie)
            if name == app.config["SESSION_COOKIE_NAME"] and value.partition(";")[0]:
                said.append(json.dumps(opener.loads(value.partition(";")[0]), default=str))
        return " ".join(said)

    def missed(self) -> list[Word]:
        """The words that she must have met, and has not."""
        return [
            word
            for text, word in self.world.words.known.items()
            if must_see(self.principal, word) and text not in self.seen
        ]


def _text(data: Any) -> Any:
    return {name: str(value) for name, value in data.items()} if isinstance(data, dict) else data


def _kind(answer: TestResponse) -> str:
    if answer.status_code >= 500:
        return "fault"
    if answer.status_code in (404, 405):
        return "absence"
    if answer.status_code >= 400:
        return "refusal"
    if answer.status_code >= 300:
        return "redirection"
    return {"text/html": "page", "application/pdf": "PDF", "application/json": "JSON"}.get(
        answer.mimetype, "workbook" if "sheet" in answer.mimetype else "other file"
    )
