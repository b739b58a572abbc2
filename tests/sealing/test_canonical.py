"""Canonical data: everything that a rendering needs, one way of writing it, and back."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from ramsess.database import db
from ramsess.reports.canonical import (
    LEFT_OUT,
    UnreadableError,
    canonical_bytes,
    digest_of,
    report_from,
    without_records,
)
from ramsess.reports.consolidation import make_report
from ramsess.reports.excel import write_workbook
from ramsess.reports.period import Period
from ramsess.reports.report import Report
from ramsess.reports.table import Column, Part, Row, RowKind, Table, Unit
from tests.counting.builder import Network
from tests.reports.sample import network_report, structure_report
from tests.sealing.made import reports, small_report


def sealed(report: Report) -> Report:
    return replace(report, sealed_on=dt.date(2010, 2, 1), address="x/verifier/7KQ2-M9XD")


@pytest.mark.parametrize("report", [network_report(), structure_report(), *reports().values()])
def test_a_report_comes_back_equal_and_is_written_again_the_same(report: Report) -> None:
    content = canonical_bytes(report)
    back = report_from(content)
    assert back == report
    assert canonical_bytes(back) == content


def test_a_sealed_report_bears_the_digest_of_its_own_data() -> None:
    report = sealed(small_report())
    content = canonical_bytes(report)
    assert report_from(content) == replace(report, digest=digest_of(content))
    # The digest is of the data without it, whatever the report said before.
    assert canonical_bytes(report_from(content)) == content
    assert report_from(content).marks == (digest_of(content), report.address)
    assert small_report().marks == ()


def test_what_is_counted_comes_back_but_for_what_leads_to_records(session: Session) -> None:
    network = Network(session)
    parcours = network.parcours(network.person())
    network.act("2009-03-10", parcours=parcours, by={"ana/APEAS": 61, "zoe/PLACE": 44})
    session.commit()
    report = make_report(db.engines["report"], Period.of_year(2009), with_details=True)
    plain = without_records(report)
    back = report_from(canonical_bytes(report))
    assert back == plain
    assert back.as_json() == report.as_json()
    for table in back.tables:
        assert table.parts == ()
        assert table.quotes == {}
    first, second = io.BytesIO(), io.BytesIO()
    write_workbook(report, first)
    write_workbook(back, second)
    assert first.getvalue() == second.getvalue()


def test_every_field_is_written_but_those_left_out_on_purpose() -> None:
    data = json.loads(canonical_bytes(network_report()))["report"]
    for kind, part in (
        (Report, data),
        (Table, data["tables"][0]),
        (Row, data["tables"][0]["rows"][0]),
        (Column, data["tables"][0]["columns"][0]),
    ):
        names = {field.name for field in dataclasses.fields(kind)}
        left = {name for other, name in LEFT_OUT if other is kind}
        assert set(part) == names - left
    assert {name for kind, name in LEFT_OUT if kind is Report} == {"digest"}
    assert {"parts", "quotes"} <= {name for kind, name in LEFT_OUT if kind is Table}


def table(values: dict[tuple[str, str], object]) -> Table:
    return Table(
        id="B99",
        title="Essai",
        rule="Essai.",
        row_heading="Ligne",
        columns=(Column("a", "A", Unit.NUMBER),),
        rows=(Row("r", "R", RowKind.TOTAL, unit=Unit.FTE, optional=True),),
        values=values,  # type: ignore[arg-type]  # odd on purpose
    )


def test_a_number_has_one_way_of_being_written_whatever_it_was_counted_with() -> None:
    ways = [2, 2.0, np.int64(2), np.float64(2)]
    assert len({canonical_bytes(one({("r", "a"): way})) for way in ways}) == 1
    assert b'"a":2}' in canonical_bytes(one({("r", "a"): np.float64(2)}))
    assert b'"a":0.1}' in canonical_bytes(one({("r", "a"): np.float64(0.1)}))
    with pytest.raises(ValueError, match=r"nan|NaN"):
        canonical_bytes(one({("r", "a"): float("nan")}))


def one(values: dict[tuple[str, str], object]) -> Report:
    return replace(small_report(), tables=(table(values),))


KEYS = st.text(max_size=6)
NUMBERS = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False, width=32)


@settings(max_examples=50, deadline=None)
@given(
    st.dictionaries(st.tuples(KEYS, KEYS), NUMBERS, max_size=8),
    st.frozensets(st.tuples(KEYS, KEYS), max_size=5),
    st.dictionaries(KEYS, st.text(max_size=20)),
)
def test_the_order_in_which_things_were_counted_leaves_no_trace(
    values: dict[tuple[str, str], float],
    hidden: frozenset[tuple[str, str]],
    comments: dict[str, str],
) -> None:
    def report(order: int) -> Report:
        pairs = [*values.items()][::order]
        made = replace(table(dict(pairs)), hidden=frozenset([*hidden][::order]))
        return replace(small_report(), tables=(made,), comments=dict([*comments.items()][::order]))

    try:
        content = canonical_bytes(report(1))
    except UnicodeEncodeError:
        return  # half a letter: no text of ours has one
    assert canonical_bytes(report(-1)) == content
    assert report_from(content) == report(1)


def test_what_is_not_canonical_data_is_refused() -> None:
    content = canonical_bytes(small_report())
    for wrong in (
        b"", b"{}", b"[]", b"null", b"\xff", b'{"format":2,"report":{}}',
        b'{"format":1,"report":{}}', content[:-10],
        content.replace(b'"count"', b'"bidon"'), content.replace(b"2009-12-31", b"2009-13-31"),
    ):  # fmt: skip
        with pytest.raises(UnreadableError):
            report_from(wrong)


def test_a_field_added_by_a_later_version_takes_its_default_in_older_data() -> None:
    data = json.loads(canonical_bytes(small_report()))
    del data["report"]["comments"], data["report"]["tables"][0]["hidden"]
    older = json.dumps(data).encode()
    assert report_from(older) == replace(small_report(), comments={})


def test_the_salt_changes_the_digest_and_nothing_else() -> None:
    report = sealed(small_report())
    one, other = (canonical_bytes(report, salt) for salt in ("aa", "bb"))
    assert digest_of(one) != digest_of(other)
    assert replace(report_from(one), digest="") == replace(report_from(other), digest="")


def test_records_are_left_out_of_tables_that_have_some() -> None:
    ids = np.array([1, 2], dtype=np.int64)
    full = replace(table({("r", "a"): 2}), parts=(Part("act", ids, ids, ids),))
    report = replace(small_report(), tables=(full,), beside={"B99": full})
    assert without_records(report).beside["B99"].parts == ()
    assert report_from(canonical_bytes(report)) == without_records(report)
