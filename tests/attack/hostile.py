"""Hostile requests: drawn from the application's own routes and the pages' own forms."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from urllib.parse import urlencode

from hypothesis import strategies as st
from werkzeug.routing import Rule

from tests.attack.world import World

Odd = Callable[[], str]
FORM = "application/x-www-form-urlencoded"
# What has broken programs before; nothing here reads like a fault that an answer may show.
VALUES = [
    "", " ", "0", "-1", "1e999", "NaN", "9" * 25, "9" * 400, str(2**31), str(2**63), "٣٠", "²",
    "' OR '1'='1", '"', "'", "\\", "%", "_", "%s", "{{7*7}}", "${7*7}", "<svg/onload=alert(1)>",
    "../../etc/passwd", "..\\..\\x", "\x00", "a\x00b", "\r\nX-Fait: oui", "\x1b[31m", "\u202e",
    "\ud800", "\ufffe", "🙂", "ﷺ" * 120, "x" * 6000, "0001-01-01", "9999-12-31", "2009-02-30",
    "10000-01-01", "24:00", "true", "null", "[]", "{}", "None", "=1+1", "@x", "1:1", "x:y", "a;b",
    "//exemple.fr", "https://exemple.fr/", "/\\exemple.fr", "P-2009-0001", "P-9999-99999999",
    "00000000-0000-0000-0000-000000000000", "00000000000000000000000000000000", "é" * 300,
]  # fmt: skip
QUERY_NAMES = [
    "debut", "fin", "structure", "dispositif", "parcours", "personne", "enregistre", "next", "q",
    "page", "x", "remember",
]  # fmt: skip
# Who may do most is drawn most: so that requests get past the door.
OFTEN = ("adviser", "adviser", "adviser", "adviser", "manager", "manager")
METHODS = ["OPTIONS", "HEAD", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "CONNECT", "get", "Ô"]
HEADERS = {
    "CONTENT_TYPE": ["application/json", "text/xml", "multipart/form-data", "multipart/form-data; "
                     "boundary=", "application/x-www-form-urlencoded; charset=utf-7", "x", "é/é"],
    "CONTENT_LENGTH": ["-1", "x", "99999999999999", "0", "1"],
    "HTTP_TRANSFER_ENCODING": ["chunked", "gzip"],
    "HTTP_ACCEPT": ["application/json", "*/*;q=9", "é", ","],
    "HTTP_ACCEPT_LANGUAGE": ["en", "xx-é;q=z", "fr" * 200],
    "HTTP_RANGE": ["bytes=0-0", "bytes=-1", "bytes=9-1", "bytes=0-,1-,2-", "x"],
    "HTTP_IF_NONE_MATCH": ["*", '"x', "W/"],
    "HTTP_IF_MODIFIED_SINCE": ["hier", "Thu, 01 Jan 1970 00:00:00 GMT", "9" * 50],
    "HTTP_IF_RANGE": ["x", '"'],
    "HTTP_HOST": ["exemple.fr", "localhost@exemple.fr", "", "localhost:99999", "é", "[::1", "a b"],
    "HTTP_ORIGIN": ["null", "https://exemple.fr", "http://[", "http://localhost:x", ""],
    "HTTP_SEC_FETCH_SITE": ["cross-site", "same-site", "none", "é"],
    "HTTP_X_FORWARDED_FOR": ["127.0.0.1", "x, é"],
    "HTTP_X_FORWARDED_HOST": ["exemple.fr"],
    "HTTP_X_FORWARDED_PROTO": ["https", "javascript"],
    "HTTP_X_HTTP_METHOD_OVERRIDE": ["DELETE"],
    "HTTP_AUTHORIZATION": ["Basic", "Basic é", "Basic Og==", "Digest x", "Bearer " + "x" * 300],
    "HTTP_USER_AGENT": ["é" * 100, "\x1b]0;x\x07", "x" * 9000],
    "HTTP_EXPECT": ["100-continue", "200-ok"],
    "HTTP_REFERER": ["http://[", "https://exemple.fr"],
    "HTTP_COOKIE": ["ramsess=x", "ramsess=.eJw.x.y", "=;;=", "ramsess=" + "x" * 5000, "é=é",
                    'ramsess="\\777"', "remember_token=1|x", "session=x; ramsess"],
}  # fmt: skip


@dataclass(frozen=True)
class Hostile:
    """A request as the server hands it over, and how to tell it."""

    environ: dict[str, object]
    body: bytes
    who: str

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


@st.composite
def requests(draw: st.DrawFn, world: World) -> Hostile:
    """Any route, by anybody, with values that no browser sends."""
    rng = draw(st.randoms(use_true_random=False))
    text = st.one_of(st.sampled_from(VALUES), st.text(max_size=40))

    def odd() -> str:
        return draw(text)

    rule: Rule = rng.choice(world.rules)
    who: str = rng.choice([*world.cookies, *OFTEN])
    method = rng.choice(sorted((rule.methods or set()) - {"OPTIONS"} or {"GET"}))
    if rng.random() < 0.06:
        method = rng.choice(METHODS)
    path = "".join(
        part if plain else _argument(world, part, odd() if rng.random() < 0.25 else None, rng)
        for plain, part in _parts(rule)
    )
    if rng.random() < 0.03:
        path = "/" + odd()
    query = urlencode(
        [(rng.choice(QUERY_NAMES), odd()) for _ in range(rng.choice((0, 0, 1, 3)))],
        errors="surrogatepass",
    )
    if rng.random() < 0.04:
        query = rng.choice(("%", "%ff%fe", "a=%zz", "&&==&", "a=" + "x" * 9000, "é=ï", "q[]=1"))
    body, kind = b"", ""
    if method not in ("GET", "HEAD") or rng.random() < 0.03:
        body, kind = _body(world, rule, who, odd, rng)
    environ: dict[str, object] = {
        "REQUEST_METHOD": method.encode().decode("latin-1"),
        "PATH_INFO": path.encode("utf-8", "surrogatepass").decode("latin-1"),
        "QUERY_STRING": query.encode().decode("latin-1"),
        "CONTENT_TYPE": kind,
        "HTTP_COOKIE": world.cookies[who],
    }
    for _ in range(rng.choice((0, 0, 0, 1, 2))):
        name = rng.choice(list(HEADERS))
        environ[name] = rng.choice(HEADERS[name]).encode().decode("latin-1")
    return Hostile(environ, body, who)


def _parts(rule: Rule) -> list[tuple[bool, str]]:
    """The parts of a rule's path: plain, or ``converter:name`` without its brackets."""
    found = []
    for number, part in enumerate(rule.rule.replace(">", "<").split("<")):
        found.append((number % 2 == 0, part))
    return found


def _argument(world: World, said: str, odd: str | None, rng: Random) -> str:
    if odd is not None:
        return odd
    if said.startswith("any("):
        return str(rng.choice(said[4:].split(")", maxsplit=1)[0].split(", ")))
    return str(rng.choice(world.names[said.rsplit(":", maxsplit=1)[-1]]))


def _body(world: World, rule: Rule, who: str, odd: Odd, rng: Random) -> tuple[bytes, str]:
    """A form of the page with some fields changed, as a browser sends it or not; or anything."""
    choice = rng.random()
    fields = list(rng.choice(world.forms_for(rule)))
    for _ in range(rng.choice((0, 1, 1, 2, 4))):
        if not fields:
            break
        place = rng.randrange(len(fields))
        name = fields[place][0]
        what = rng.random()
        if what < 0.75:
            fields[place] = (name, odd())
        elif what < 0.85:
            fields.append((name, odd()))
        elif what < 0.95:
            del fields[place]
        else:
            fields.append((odd(), odd()))
    fields = [(name, value) for name, value in fields if name != "csrf_token"]
    if rng.random() < 0.85:
        fields.append(("csrf_token", world.tokens[who]))
    if choice < 0.65:
        return urlencode(fields, errors="surrogatepass").encode(), FORM
    if choice < 0.85:
        files = [(rng.choice(("files", "x")), odd(), odd())] * rng.choice((0, 1, 3))
        return multipart(fields, files)
    if choice < 0.92:
        return json.dumps(dict(fields)).encode(), "application/json"
    junk = odd().encode("utf-8", "surrogatepass") * rng.choice((1, 1, 50))
    return junk, rng.choice((FORM, "multipart/form-data; boundary=x", "", "application/json"))


def multipart(
    fields: list[tuple[str, str]], files: list[tuple[str, str, str]]
) -> tuple[bytes, str]:
    """A multipart body with its type; names are not escaped, as an attacker would not."""
    mark = "ramsess-limite"
    lines = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields
    ] + [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{file}"\r\n'
        f"Content-Type: application/zip\r\n\r\n{content}\r\n"
        for name, file, content in files
    ]
    body = "".join(lines).encode("utf-8", "surrogatepass") + f"--{mark}--\r\n".encode()
    return body, f"multipart/form-data; boundary={mark}"
