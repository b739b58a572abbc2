"""Every table says which of its cells count persons; what shows one adviser is out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ramsess.reports.disclosure import Why, region_edition
from ramsess.reports.disclosure.survey import absent, sheets
from ramsess.reports.persons import Persons, no_persons
from ramsess.reports.report import Report
from ramsess.reports.table import Table
from ramsess.reports.tables import PERSONS
from tests.counting.builder import Network

#: Words of the keys of what counts heads, which are no records of persons.
HEADS = {"attendances", "anonymous", "known", "distinct", "persons"}


@pytest.fixture
def report(network: Network) -> Report:
    """Something in every table."""
    people = [network.person(sex_code="F", commune_code="13055") for _ in range(9)]
    for person in people[:7]:
        parcours = network.parcours(
            person, others={"PLACE": ("2009-03-01", None)}, exited="2009-10-01",
            outcome_code="CRE", funding={"REGION": 500_000},
        )  # fmt: skip
        network.act("2009-03-02", parcours=parcours, by={"ana/APEAS": 30, "leo/PLACE": 45})
    network.act("2009-04-02", "ACC1", people=(people[7],), anonymous_count=3)
    network.group_session(
        "2009-05-02", present={"APEAS": tuple(people[6:])}, anonymous={"APEAS": 12}
    )
    network.orientation("APEAS>PLACE", "2009-05-03", people[8], "accepted", "2009-05-08")
    network.orientation("APEAS>>DLA", "2009-05-03", people[8])
    return network.report()


def undeclared(table: Table, persons: Persons) -> Iterator[tuple[str, str]]:
    """The cells that count persons, by their records or by their name, without being declared."""
    if persons.absent:
        return
    counting = {
        (table.rows[r].key, table.columns[c].key)
        for part in table.parts
        if part.kind == "person"
        for r, c in zip(part.rows, part.columns, strict=True)
    }
    named = {
        (row.key, column.key)
        for row in table.rows
        for column in table.columns
        if not column.derived and HEADS & {*row.key.split("_"), column.key}
        and column.key not in ("SHARED",)
    }  # fmt: skip
    for row, column in counting | named:
        left_out = row in persons.left_out_rows or column in persons.left_out_columns
        if not left_out and (row, column) not in persons.counts:
            yield row, column


def test_every_table_declares_what_counts_persons(report: Report) -> None:
    assert {table.id for table in report.tables} == set(PERSONS)
    for table in report.tables:
        assert list(undeclared(table, PERSONS[table.id](table, report.period))) == [], table.id


def test_a_table_that_forgets_it_is_found(report: Report) -> None:
    forgetful = [
        table.id
        for table in report.tables
        if list(undeclared(table, no_persons(table, report.period)))
    ]
    assert forgetful == ["B01", "B03", "B04", "B05", "B10", "B11", "B18", "B19", "B20", "B21"]


def test_what_shows_one_adviser_one_project_or_one_answer_is_not_there(report: Report) -> None:
    edition = region_edition(report, [], 5)
    assert [table.id for table in absent(edition)] == ["B17"]
    tables = {table.id: table for table in edition.report.tables}
    assert [row.key for row in tables["B12"].rows] == ["APEAS", "TOTAL"]
    assert [column.key for column in tables["B16"].columns] == ["q1", "median", "q3"]
    assert not {row.key for row in tables["B19"].rows} & {"persons", "sex_missing", "age"}
    assert {row.key for row in tables["B19"].rows} >= {"parcours", "individual", "late"}
    why = {(one.table_id, one.cell): one.why for one in edition.reasons}
    assert why["B12", ("TOTAL", "median_days")] is Why.BEHIND
    assert why["B15F", ("REGION", "amount")] is Why.WITHHELD
    assert tables["B15F"].value("TOTAL", "amount") == 35_000
    left_out = {sheet.table.id: sheet.left_out for sheet in sheets(edition)}
    assert "Minimum" in left_out["B16"]


def test_the_money_of_a_quarter_is_not_given(network: Network, report: Report) -> None:
    quarter = network.report("2009-10-01", "2009-12-31")
    table = region_edition(quarter, [], 5).report.table("B15F")
    assert table.is_hidden("TOTAL", "amount")
