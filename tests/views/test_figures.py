"""From a figure to its records, over HTTP: what one sees and what one does not make the figure."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import unescape
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import select

from ramsess.database import db
from ramsess.demo.loading import DemoSummary, load_demo
from ramsess.models import Account, AuditDetail, AuditEvent, Beneficiary
from ramsess.models.calendar import today
from ramsess.reports.addresses import FIGURES, Addresses, workbook_addresses
from ramsess.reports.consolidation import make_report
from ramsess.reports.numbers import read_figure
from ramsess.reports.period import MONTHS_FR, Period
from ramsess.reports.table import HiddenError, Unit
from tests.conftest import client_of, empty_records
from tests.whole import WHOLE

YEAR = today().year - 1
PERIOD = f"debut={YEAR}-01-01&fin={YEAR}-12-31"
FILTERED = (
    f"{PERIOD}&territoire=13&type=CSL&comparer_debut={YEAR - 1}-03-01&comparer_fin={YEAR}-01-31"
)
LINK = re.compile(r'data-key="[^"]*"><a href="([^"]*)">([^<]*)</a>')


@pytest.fixture(scope="module")
def network(app: Flask) -> Iterator[DemoSummary]:
    with app.app_context():
        empty_records()
        summary = load_demo(db.session(), scale=0.04)
        db.session.commit()
    yield summary
    with app.app_context():
        empty_records()


def somebody(app: Flask, network: DemoSummary, role: str) -> FlaskClient:
    """A browser of the first account of that role."""
    return client_of(app, next(one.email for one in network.accounts if one.role == role))


@dataclass(frozen=True)
class Shown:
    """What the page of a figure says."""

    heading: str
    lines: int
    amounts: list[str]
    unseen: int
    unseen_amount: str
    plain: bool
    adds: bool
    text: str


def shown(client: FlaskClient, address: str) -> Shown:
    """Read every page of a figure's list."""
    lines, amounts, page, text = 0, [], 1, ""
    while True:
        answer = client.get(f"{address}&page={page}")
        assert answer.status_code == 200, address
        text += answer.text
        (heading,) = re.findall(r"<h1[^>]*>\s*(.*?)\s*</h1>", answer.text, re.S)
        listed = re.search(r'<ol class="record-list figure-list.*?</ol>', answer.text, re.S)
        lines += listed.group().count("<li>") if listed else 0
        amounts += re.findall(r'class="amount">([^<]*)<', listed.group()) if listed else []
        if 'rel="next"' not in answer.text:
            break
        page += 1
    unseen = re.search(r'class="unseen">(?:Et )?([\d\u202f]+) [^<(]*(?:\(([^)]*)\))?', answer.text)
    sentence = re.search(r'class="figure-sum">(.*?)</p>', answer.text, re.S)
    assert sentence
    return Shown(
        unescape(heading),
        lines,
        amounts,
        int(unseen.group(1).replace("\u202f", "")) if unseen else 0,
        (unseen.group(2) or "0") if unseen else "0",
        "autant que le chiffre" in sentence.group(),
        "autant que le chiffre" in sentence.group() or "ensemble font" in sentence.group(),
        text,
    )


def unit(text: str) -> Unit:
    """The unit that a written figure is in, as far as reading it back asks."""
    if "h" in text:
        return Unit.MINUTES
    return Unit.PERCENT if "%" in text else Unit.EUROS if "€" in text else Unit.NUMBER


def number(text: str) -> float:
    return float(read_figure(text, unit(text)))


def sample(page: str, turn: int) -> list[tuple[str, str]]:
    """Links of the report's page and their figures: one of every table, more in a whole run."""
    by_table: dict[str, list[tuple[str, str]]] = {}
    for address, text in LINK.findall(page):
        found = parse_qs(urlsplit(unescape(address)).query)
        by_table.setdefault(found["tableau"][0], []).append((unescape(address), unescape(text)))
    few = 8 if WHOLE else 1
    return [
        pairs[(turn + n * len(TURNS)) * len(pairs) // (len(TURNS) * few)]
        for pairs in by_table.values()
        for n in range(min(few, len(pairs)))
    ]


TURNS = [
    ("adviser", PERIOD),
    ("manager", f"{PERIOD}&structure=APEAS"),
    ("coordinator", PERIOD),
    ("coordinator", FILTERED),
]


@pytest.mark.parametrize("turn", range(len(TURNS)))
def test_what_is_listed_and_what_is_not_make_the_figure(
    app: Flask, network: DemoSummary, turn: int
) -> None:
    role, query = TURNS[turn]
    client = somebody(app, network, role)
    found: Counter[str] = Counter()
    for address, text in sample(client.get(f"/bilan/?{query}").text, turn):
        page = shown(client, address)
        assert page.heading.endswith(f": {text}"), address
        if role == "coordinator":
            assert page.unseen == 0
            assert page.lines
        if page.adds and page.plain:
            assert page.lines + page.unseen == number(text), address
        elif page.adds:
            total = sum(map(number, page.amounts)) + number(page.unseen_amount)
            assert total == pytest.approx(number(text), abs=0.02 * (1 + page.lines)), address
            assert len(page.amounts) == page.lines
        found["sum" if page.adds else "other"] += 1
    print(role, dict(found))
    assert found["sum"] >= 12


#: A figure for each kind of record, and both periods of a change.
KINDS = (
    "B03 TOTAL TOTAL", "B10 TOTAL attendances", "B18 TOTAL persons", "B08 TOTAL TOTAL",
    "B02 followed TOTAL", "B12 TOTAL proposed", "B14 validations TOTAL", "B14 plans TOTAL",
    "B14 actions_planned TOTAL", "B15F TOTAL amount", "B17 TOTAL minutes", "B17 TOTAL share",
    "B01 acts previous", "B01 acts change",
)  # fmt: skip


def pages_of(client: FlaskClient) -> str:
    """Every page of every kind of list."""
    return "".join(
        shown(client, f"/bilan/fiches?{PERIOD}&tableau={t}&ligne={r}&colonne={c}").text
        for t, r, c in map(str.split, KINDS)
    )


def test_those_of_a_structure_read_every_kind_of_record(app: Flask, network: DemoSummary) -> None:
    pages = pages_of(somebody(app, network, "adviser"))
    opened = set(re.findall(r'class="what"><a href="/(\w+)/', pages))
    assert opened >= {"actes", "seances", "parcours", "personnes", "orientations"}


def test_the_coordination_reads_no_name(app: Flask, network: DemoSummary) -> None:
    pages = pages_of(somebody(app, network, "coordinator"))
    with app.app_context():
        names = set(db.session.scalars(select(Beneficiary.last_name)))
        own = db.session.scalars(select(Account.name)).all()
    assert len(names) > 30
    shown_names = [name for name in names if re.search(rf"\b{re.escape(name)}\b", pages)]
    assert [name for name in shown_names if not any(name in one for one in own)] == []
    assert not re.search(r'<li>\s*<span class="what"><a ', pages)


#: A figure for each kind of record whose line tells a day.
DATED = [
    ("adviser", "B08 TOTAL TOTAL"), ("adviser", "B02 followed TOTAL"),
    ("adviser", "B01 acts change"), ("coordinator", "B08 TOTAL TOTAL"),
    ("coordinator", "B02 followed TOTAL"), ("coordinator", "B12 TOTAL proposed"),
    ("coordinator", "B14 actions_planned TOTAL"),
    ("coordinator", "B01 acts change"),
]  # fmt: skip
DAY = re.compile(rf"\d+(?:er)?\s(?:{'|'.join(MONTHS_FR)})\s\d{{4}}")


def first_day(line: str) -> dt.date:
    """The first day that a line tells."""
    number, month, year = DAY.findall(line)[0].split()
    return dt.date(int(year), MONTHS_FR.index(month) + 1, int(number.removesuffix("er")))


@pytest.mark.parametrize(("role", "figure"), DATED)
def test_records_are_listed_in_the_order_of_their_dates(
    app: Flask, network: DemoSummary, role: str, figure: str
) -> None:
    table, row, column = figure.split()
    address = f"/bilan/fiches?{PERIOD}&tableau={table}&ligne={row}&colonne={column}"
    text = shown(somebody(app, network, role), address).text
    lines = [
        unescape(re.sub("<[^>]*>", " ", one)) for one in re.findall("<li>.*?</li>", text, re.S)
    ]
    days = [first_day(line) for line in lines if DAY.search(line)]
    assert len(days) > 1
    assert days == sorted(days)


def test_people_are_listed_in_the_order_of_their_names(app: Flask, network: DemoSummary) -> None:
    address = f"/bilan/fiches?{PERIOD}&tableau=B03&ligne=TOTAL&colonne=TOTAL"
    text = shown(somebody(app, network, "adviser"), address).text
    listed = re.findall(r'class="what"><a href="/personnes/([^"/]*)', text)
    with app.app_context():
        people = db.session.execute(select(Beneficiary.public_id, Beneficiary.name_key))
        keys = {str(one): key for one, key in people}
    assert len(listed) > 3
    assert [keys[one] for one in listed] == sorted(keys[one] for one in listed)


def test_an_adviser_opens_the_records_of_her_structure(app: Flask, network: DemoSummary) -> None:
    client = somebody(app, network, "adviser")
    page = client.get(f"/bilan/fiches?{PERIOD}&tableau=B08&ligne=TOTAL&colonne=TOTAL").text
    addresses = re.findall(r'class="what"><a href="([^"]*)"', page)
    assert len(addresses) > 10
    assert {client.get(unescape(one)).status_code for one in addresses[::10]} == {200}
    with app.app_context():
        noted = db.session.scalars(
            select(AuditEvent).where(AuditEvent.action == "read_figure").order_by(AuditEvent.id)
        ).all()
    assert noted


@pytest.mark.parametrize(
    "query",
    [
        "tableau=B99&ligne=TOTAL&colonne=TOTAL",
        "tableau=B08&ligne=XXX&colonne=TOTAL",
        "tableau=B08&ligne=TOTAL&colonne=XXX",
        "tableau=B08&ligne=TOTAL&colonne=TOTAL&page=999",
        "tableau=B08&ligne=TOTAL&colonne=TOTAL&page=0",
        "tableau=B08&ligne=TOTAL&colonne=TOTAL&structure=PLACE",
        "tableau=B08&ligne=TOTAL&colonne=TOTAL&territoire=75",
        "tableau=B19&ligne=age&colonne=PERCENT",
        "tableau=B19&ligne=sex&colonne=SHARED",  # a share that is none
    ],
)
def test_what_is_no_figure_does_not_exist(app: Flask, network: DemoSummary, query: str) -> None:
    client = somebody(app, network, "manager")
    assert client.get(f"/bilan/fiches?{PERIOD}&{query}").status_code == 404


def test_the_figure_of_the_longest_name_is_noted_whole(app: Flask, network: DemoSummary) -> None:
    client = somebody(app, network, "coordinator")
    cells = {}
    for address, _ in LINK.findall(client.get(f"/bilan/?{PERIOD}").text):
        asked = parse_qs(urlsplit(unescape(address)).query)
        name = "/".join(asked[part][0] for part in ("tableau", "ligne", "colonne"))
        cells[name] = unescape(address)
    longest = max(cells, key=len)
    assert len(longest) > 40
    shown(client, cells[longest])
    with app.app_context():
        noted = select(AuditDetail.record).order_by(AuditDetail.event_id.desc()).limit(1)
        assert db.session.scalar(noted) == longest


def test_zero_lists_nothing_and_says_so(app: Flask, network: DemoSummary) -> None:
    client = somebody(app, network, "manager")
    page = client.get(f"/bilan/fiches?{PERIOD}&tableau=B08&ligne=PAR2&colonne=APEAS&type=ACC").text
    assert "aucune fiche n’y compte" in page


def test_figures_of_the_workbook_lead_to_the_same_pages(app: Flask, network: DemoSummary) -> None:
    client = somebody(app, network, "manager")
    query = f"{FILTERED}&structure=APEAS"
    page = client.get(f"/bilan/?{query}").text
    on_screen = {unescape(address) for address, _ in LINK.findall(page)}
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/bilan/ramsess.xlsx?{query}").data))
    in_file = {
        cell.hyperlink.target.removeprefix("http://localhost")
        for sheet in book
        for line in sheet.iter_rows()
        for cell in line
        if cell.hyperlink and cell.hyperlink.target
    }
    assert in_file == on_screen
    assert len(in_file) > 300
    assert client.get(in_file.pop()).status_code == 200


def test_a_file_that_knows_no_address_leads_nowhere(app: Flask, network: DemoSummary) -> None:
    period = Period(dt.date(YEAR, 1, 1), dt.date(YEAR, 12, 31))
    with app.app_context():
        report = make_report(db.engines["report"], period)
    table = report.table("B08")
    row, column = table.rows[-1], table.columns[-1]
    assert workbook_addresses(report) is None
    assert Addresses(report)(table, row, column).startswith(FIGURES)
    hidden = replace(table, hidden=frozenset({(row.key, column.key)}))
    assert Addresses(report)(hidden, row, column) == ""
    assert Addresses(replace(report, edition="region"))(table, row, column) == ""
    with pytest.raises(HiddenError):
        hidden.behind(row.key, column.key)
    with app.test_request_context():
        assert url_for("figures.records") == FIGURES


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("comparer_debut=2009-01-01", "Indiquez les deux dates"),
        ("comparer_fin=2009-01-01", "Indiquez les deux dates"),
        ("comparer_debut=hier&comparer_fin=2009-01-01", "valide"),
        ("comparer_debut=2009-01-02&comparer_fin=2009-01-01", "précède le premier"),
        ("comparer_debut=1980-01-02&comparer_fin=2009-01-01", "antérieur à 1990"),
        ("territoire=99999", "choix"),
        ("secteur=ZZ", "choix"),
        ("type=ZZ", "choix"),
    ],
)
def test_an_impossible_limit_is_said_and_the_rest_is_kept(
    app: Flask, network: DemoSummary, query: str, message: str
) -> None:
    client = somebody(app, network, "coordinator")
    answer = client.get(f"/bilan/?{PERIOD}&dispositif=DRA&{query}")
    assert answer.status_code == 422
    assert message in answer.text
    assert '<option selected value="DRA">' in answer.text
    assert '<details class="mb-3" open>' in answer.text
    figure = f"/bilan/fiches?{PERIOD}&{query}&tableau=B08&ligne=TOTAL&colonne=TOTAL"
    assert client.get(figure).status_code == 404
