"""Hostile requests: what a page would send, to the application's own routes, with some of it odd.

Most of each request is what is accepted there, by who may do it: so that what is odd in it gets
past the door.
"""

from __future__ import annotations

import io
import json
import time
from dataclasses import dataclass
from random import Random
from urllib.parse import urlencode

from hypothesis import strategies as st
from werkzeug.routing import Rule

from tests.attack.values import HEADERS, METHODS, QUERY_NAMES, VALUES, workbook
from tests.attack.world import Fields, Shown, World

FORM = "application/x-www-form-urlencoded"
# Drawn apart from the world, which changes with each answer: a number, and odd texts.
Plan = tuple[int, list[str]]
PLANS: st.SearchStrategy[Plan] = st.tuples(
    st.integers(0, 2**64 - 1),
    st.lists(st.one_of(st.sampled_from(VALUES), st.text(max_size=40)), min_size=4, max_size=8),
)
# What takes a tenth of a second or more is drawn more rarely.
SLOW = (
    "reports.download", "reports.show", "figures.records", "disclosure.show", "exchange.check",
    "exchange.confirm", "exchange.template",
    "security.verify", "security.login", "security.forgot_password", "security.change_password",
    "security.reset_password",
    "rights.export", "rights.sheet", "rights.blank_sheet", "invitation.accept",
)  # fmt: skip


@dataclass(frozen=True)
class Hostile:
    """A request as the server hands it over, and how to tell it."""

    environ: dict[str, object]
    body: bytes
    who: str
    rule: Rule

    def __str__(self) -> str:
        shown = {name: value for name, value in self.environ.items() if name != "HTTP_COOKIE"}
        return f"{self.who} {shown!r} {self.body[:600]!r}"

    def wsgi(self) -> dict[str, object]:
        """The WSGI environment."""
        return {
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "SCRIPT_NAME": "",
            "HTTP_HOST": "localhost",
            "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_LENGTH": str(len(self.body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(self.body),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            **self.environ,
        }


def hostile(world: World, plan: Plan) -> Hostile:
    """The request of a plan, in the world as it is."""
    return _Drawing(world, plan).request()


class _Drawing:
    """One request being drawn."""

    def __init__(self, world: World, plan: Plan) -> None:
        self.world = world
        self.rng = Random(repr(plan))
        self.texts = plan[1]
        weights = [self._weight(rule.endpoint) for rule in world.rules]
        self.rule = self.rng.choices(world.rules, weights)[0]
        world.tried[self.rule.endpoint] += 1
        self.method = self.rng.choice(sorted((self.rule.methods or set()) - {"OPTIONS", "HEAD"}))
        allowed = world.allowed(self.rule)
        self.who = self.rng.choice(allowed if self.rng.random() < 0.85 else list(world.cookies))

    def _weight(self, endpoint: str) -> float:
        """The less a route was tried, the likelier it is; above all where nobody got in yet."""
        weight = 0.3 if endpoint in SLOW or endpoint.startswith("api.") else 1.0
        again = 2.0 if endpoint in self.world.entered else 1.25
        return weight / float(1 + self.world.tried[endpoint]) ** again

    def odd(self) -> str:
        return self.rng.choice(self.texts)

    def request(self) -> Hostile:
        rng = self.rng
        shown = self._shown()
        path = shown.path if shown and rng.random() < 0.9 else self._path()
        body, kind, query = b"", "", list(shown.fields if shown and self.method == "GET" else [])
        self._spoil(query)
        query += [(rng.choice(QUERY_NAMES), self.odd()) for _ in range(rng.choice((0, 0, 0, 1, 2)))]
        said = urlencode(query, errors="surrogatepass")
        if rng.random() < 0.02:
            said = rng.choice(("%", "%ff%fe", "a=%zz", "&&==&", "a=" + "x" * 9000, "é=ï", "q[]=1"))
        if self.method != "GET" or rng.random() < 0.02:
            body, kind = self._body(shown, path)
        method = rng.choice(METHODS) if rng.random() < 0.03 else self.method
        environ: dict[str, object] = {
            "REQUEST_METHOD": method.encode().decode("latin-1"),
            "PATH_INFO": path.encode("utf-8", "surrogatepass").decode("latin-1"),
            "QUERY_STRING": said.encode().decode("latin-1"),
            "CONTENT_TYPE": kind,
            "HTTP_COOKIE": self.world.cookies[self.who],
        }
        for _ in range(rng.choice((0, 0, 0, 0, 0, 0, 1, 2))):
            name = rng.choice(list(HEADERS))
            environ[name] = rng.choice(HEADERS[name]).encode().decode("latin-1")
        return Hostile(environ, body, self.who, self.rule)

    def _shown(self) -> Shown | None:
        """A form that a page showed for this route, to this person when there is one."""
        forms = self.world.forms.get(self.rule.rule, ())
        own = [form for form in forms if form.who == self.who]
        return self.rng.choice(own or list(forms)) if forms else None

    def _path(self) -> str:
        if self.rng.random() < 0.02:
            return "/" + self.odd()
        said = self.rule.rule.replace(">", "<").split("<")
        return "".join(
            self._argument(part, said[number - 1]) if number % 2 else part
            for number, part in enumerate(said)
        )

    def _argument(self, said: str, before: str) -> str:
        """The value of ``converter:name`` after *before*: one that exists, or an odd one."""
        if self.rng.random() < 0.08:
            return self.odd()
        if said.startswith("any("):
            return self.rng.choice(said[4:].split(")", maxsplit=1)[0].split(", "))
        for kind in reversed(before.split("/")):
            if names := self.world.names.get(kind) or self.world.names.get(f"{kind}s"):
                return self.rng.choice(names)
        return "0" * 32

    def _good(self, name: str, path: str) -> str:
        """What is accepted in a field of that name."""
        if name == "code" and self.world.otp:
            if "second-facteur" in path:
                return str(self.world.otp.generate(time.time()).token)
            return "ABCD-0123"
        if name == "reference":
            return self.rng.choice(self.world.names["personnes" if "prot" in path else "parcours"])
        if name == "ending":
            return path.split("/")[2][-6:] if path.count("/") > 1 else ""
        last = name.rpartition("-")[2]
        return self.rng.choice(self.world.good.get(last) or [self.odd()])

    def _typed(self, name: str, value: str, path: str) -> str:
        """What a person would send in a field that shows *value*: often that."""
        if name == "request_key":
            return f"{self.rng.getrandbits(128):032x}" if self.rng.random() < 0.8 else value
        if name in ("version", "csrf_token") or (value and self.rng.random() < 0.75):
            return value
        return self._good(name, path) if self.rng.random() < 0.7 else value

    def _spoil(self, fields: Fields) -> None:
        """Change, double, take away or add some fields; many forms stay as they are."""
        for _ in range(self.rng.choice((0, 0, 0, 1, 1, 2, 4))):
            if not fields:
                return
            place = self.rng.randrange(len(fields))
            name, what = fields[place][0], self.rng.random()
            if what < 0.8:
                fields[place] = (name, self.odd())
            elif what < 0.88:
                fields.append((name, self.odd()))
            elif what < 0.95:
                del fields[place]
            else:
                fields.append((self.odd(), self.odd()))

    def _body(self, shown: Shown | None, path: str) -> tuple[bytes, str]:
        """The form as a browser sends it or not, with files or not; or anything."""
        rng = self.rng
        fields: Fields = []
        for name, value in shown.fields if shown else [("q", "fic")]:
            fields.append((name, self._typed(name, value, path)))
        self._spoil(fields)
        fields = [(name, value) for name, value in fields if name != "csrf_token"]
        if rng.random() < 0.95:
            fields.append(("csrf_token", self.world.tokens[self.who]))
        choice = rng.random()
        if self.rule.rule == "/classeurs" and choice < 0.8:
            files = [("files", "c.xlsx", workbook(rng))]
            if rng.random() < 0.3:
                files.append(("files", self.odd(), workbook(rng)))
            return multipart(fields, files)
        if choice < 0.8:
            return urlencode(fields, errors="surrogatepass").encode(), FORM
        if choice < 0.92:
            content = self.odd().encode("utf-8", "surrogatepass")
            return multipart(fields, [("files", self.odd(), content)] * rng.choice((0, 0, 1, 3)))
        if choice < 0.95:
            return json.dumps(dict(fields)).encode(), "application/json"
        junk = self.odd().encode("utf-8", "surrogatepass") * rng.choice((1, 1, 50))
        return junk, rng.choice((FORM, "multipart/form-data; boundary=x", "", "application/json"))


def multipart(fields: Fields, files: list[tuple[str, str, bytes]]) -> tuple[bytes, str]:
    """A multipart body with its type; names are not escaped, as an attacker would not."""
    mark = "ramsess-limite"
    body = b""
    for name, value in fields:
        said = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        body += said.encode("utf-8", "surrogatepass")
    for name, file, content in files:
        said = (
            f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{file}"\r\n'
            "Content-Type: application/zip\r\n\r\n"
        )
        body += said.encode("utf-8", "surrogatepass") + content + b"\r\n"
    return body + f"--{mark}--\r\n".encode(), f"multipart/form-data; boundary={mark}"
