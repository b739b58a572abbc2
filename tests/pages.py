"""Read the pages as a browser does: forms with the values that they hold, sent back changed."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.unwatched import unwatched

# Boxes, none of which is sent as long as none is ticked; buttons that say what they are for.
TICKED = (
    "confirmed", "consent", "present", "mentions", "expected", "participants", "split", "days",
    "ticked", "skip_known", "geste",
)  # fmt: skip


@dataclass
class HtmlForm:
    """A form: where it goes and what it would send untouched."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)


class _Forms(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[HtmlForm] = []
        self.select = self.option = self.area = ""
        self.chosen: list[str] = []
        self.first: list[str] = []
        self.written = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(HtmlForm(said.get("action", ""), said.get("method", "get")))
        elif tag == "input" and self.forms and said.get("name"):
            unticked = said.get("type") in ("checkbox", "radio") and "checked" not in said
            if not unticked and said.get("type") != "file":
                self.forms[-1].fields.append((said["name"], said.get("value", "")))
        elif tag == "select":
            self.select, self.chosen, self.first = said.get("name", ""), [], []
        elif tag == "option" and self.select:
            self.first.append(said.get("value", ""))
            if "selected" in said:
                self.chosen.append(said.get("value", ""))
        elif tag == "textarea":
            self.area, self.written = said.get("name", ""), ""

    def handle_data(self, data: str) -> None:
        if self.area:
            self.written += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            for value in self.chosen or self.first[:1]:
                self.forms[-1].fields.append((self.select, value))
            self.select = ""
        elif tag == "textarea":
            # The newline that follows the tag belongs to HTML, not to the text.
            self.forms[-1].fields.append((self.area, self.written.strip("\r\n")))
            self.area = ""


def forms_of(answer: TestResponse) -> list[HtmlForm]:
    """Every form of the page."""
    return forms_in(answer.text)


@unwatched
def forms_in(page: str) -> list[HtmlForm]:
    """Every form of a page's text."""
    return _Forms(page).forms


def form_of(answer: TestResponse, ending: str = "") -> HtmlForm:
    """The form of the page whose action ends so; by default the one that stays on the page."""
    path = answer.request.path
    wanted = ending or path
    found = [
        form
        for form in forms_of(answer)
        if form.method == "post" and (form.action or path).partition("?")[0].endswith(wanted)
    ]
    assert found, f"{path} : aucun formulaire vers « {wanted} »"
    return HtmlForm(found[0].action or answer.request.full_path, "post", found[0].fields)


def send(
    client: FlaskClient, answer: TestResponse, ending: str = "", /, **changes: str | list[str]
) -> TestResponse:
    """Send a form of the page with some fields changed; ``others_0_post`` is ``others-0-post``."""
    form = form_of(answer, ending)
    names = {name for name, _ in form.fields}
    new = {
        name if name in names else name.replace("_", "-"): value for name, value in changes.items()
    }
    data: dict[str, list[str]] = {}
    for name, value in form.fields:
        data.setdefault(name, []).append(value)
    for name, value in new.items():
        assert name in data or name in TICKED, f"pas de champ {name}"
        data[name] = value if isinstance(value, list) else [value]
    return client.post(form.action, data=data)


def cells_of(answer: TestResponse, label: str) -> list[str]:
    """What a list shows in the column of that label, row after row."""
    found = re.findall(rf'<td data-label="{re.escape(label)}"[^>]*>(.*?)</td>', answer.text, re.S)
    return [html.unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in found]


def token_of(answer: TestResponse) -> str:
    """The token that the forms of the page hold."""
    return next(dict(form.fields)["csrf_token"] for form in forms_of(answer) if form.fields)
