"""What is typed: values that have broken programs before, and values that a page accepts."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from random import Random

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from ramsess.models.calendar import today
from tests.exchange.workbooks import Book

# Nothing here reads like a fault that an answer may show.
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
    "page", "x", "remember", "avant", "du", "au", "action", "seance", "phase", "besoin",
    "departement", "specialite", "theme", "genre",
]  # fmt: skip
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
ANOTHER_PASSWORD = "vingt lampadaires chantent la nuit"


def good_values() -> dict[str, list[str]]:
    """By the last part of a field's name, what pages accept in it."""
    days = [(today() - dt.timedelta(days=days)).isoformat() for days in (0, 0, 1, 20, 400)]
    return {
        "title": ["Atelier fictif", "Épicerie de démonstration"],
        "last_name": ["Fictif", "Fictive", "D’Exemple"],
        "first_name": ["Zoé", "Ana", "Jean-Noé"],
        "birth_date": ["1980-02-29", "2001-12-31"],
        "minutes": ["45", "1h30", "1:15", "2h00"],
        "phone": ["0491000000", "+33 4 91 00 00 00"],
        "note": ["Note fictive", "Deux\r\nlignes"],
        "anonymous_count": ["0", "3", "200"],
        "amount": ["1 500,50", "12000"],
        "jobs_created": ["0,00", "1,50"],
        "jobs_consolidated": ["0,00", "2"],
        "confirmed": ["y"],
        "present": ["y"],
        "synthesis": ["Synthèse fictive"],
        "strengths": ["Une équipe"],
        "needs": ["Un prévisionnel"],
        "objective": ["Trouver un local"],
        "planned_acts": ["1", "3"],
        "planned_minutes": ["2h00", "90"],
        "wording": ["1", "2"],
        "q": ["fic", "zo", "mars", "P-2"],
        "commune": ["13055", "Marseille", ""],
        "version": ["1", "1", "2"],
        "new_password": [ANOTHER_PASSWORD],
        "new_password_confirm": [ANOTHER_PASSWORD],
        "password_confirm": [ANOTHER_PASSWORD],
        "next": ["/", "/bilan/"],
        "setup": ["authenticator", "disable"],
        **dict.fromkeys(
            [
                "done_on", "entered_on", "reached_on", "exited_on", "joined_on", "left_on",
                "informed_on", "agreed_on", "due_on", "review_on", "closed_on", "debut", "fin",
                "du", "au",
            ],
            days,
        ),
    }  # fmt: skip


def workbook(rng: Random) -> bytes:
    """A workbook to hand in: sound, with an odd cell, cut, with bytes changed, or no workbook."""
    what = rng.random()
    if what < 0.15:
        return rng.choice([b"", b"PK", b"PK\x05\x06" + bytes(18), b"id;nom\n1;x\n", _bomb()])
    year = today().year
    day = dt.date(year, 1, 1)
    adviser = "adviser@demo.example"
    book = Book("APEAS", exercice=year).adviser(adviser)
    book.person("b1", f"Fictif{rng.randrange(3)}").parcours("p1", "b1", day)
    book.act("a1", day, adviser, parcours="p1").group("s1", day, adviser)
    if what < 0.6:
        row = rng.choice([rows[-1] for rows in book.rows.values() if rows])
        row[rng.choice(list(row))] = rng.choice([*VALUES, 1e300, True, -1, dt.time(1), day])
    content = _saved(book.tables())
    place = rng.randrange(len(content))
    if what < 0.75:
        return content[:place]
    if what < 0.85:
        return content[:place] + rng.randbytes(3) + content[place + 3 :]
    return content


def _bomb() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<a>" * 1_000_000)
    return content.getvalue()


def _saved(tables: dict[str, list[list[object]]]) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for title, rows in tables.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append([_writable(value) for value in row])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _writable(value: object) -> object:
    """What the library agrees to write."""
    if not isinstance(value, str):
        return value
    return ILLEGAL_CHARACTERS_RE.sub("?", value.encode("utf-8", "replace").decode())
