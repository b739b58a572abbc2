"""A hidden figure that nothing else could be is in no byte of any output."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from pypdf import PdfReader

from ramsess.reports.disclosure import region_edition
from ramsess.reports.excel import write_workbook
from ramsess.reports.facts import Facts
from ramsess.reports.files import json_bytes
from ramsess.reports.pdf import write_pdf
from ramsess.reports.period import Period
from ramsess.reports.report import Report
from tests.disclosure.worlds import World

LEAST = 20_011  # every figure of the world below is hidden, but for the largest


@pytest.fixture(scope="module")
def report(blank: Facts) -> Report:
    """Head counts that are primes of five figures."""
    world = World.random(blank, 1)
    primes = np.array(
        [10_007, 10_037, 10_039, 11_003, 12_011, 13_001, 14_009, 15_013, 31_013], dtype=np.int32
    )
    acts = world.frames["acts"]
    sessions = np.flatnonzero(acts["session"] == 1)
    acts.loc[sessions, "anonymous"] = primes[np.arange(len(sessions)) % len(primes)]
    keep = np.append(np.flatnonzero(acts["session"] == 0), sessions[:: len(sessions) // 7])
    world.frames["acts"] = acts.loc[np.sort(keep)]
    return world.report(Period.of_year(2009))


def hidden_figures(network: Report, region: Report) -> set[int]:
    """Figures of at least four digits that only hidden cells hold."""
    shown = {int(abs(value)) for table in region.tables for value in table.values.values()}
    return {
        int(network.table(table.id).value(*cell))
        for table in region.tables
        for cell in table.hidden
        if network.table(table.id).value(*cell) >= 1000
    } - shown


def outputs(report: Report) -> Iterator[tuple[str, str]]:
    """Every byte of every output, compressed parts opened, and what a reader reads in it."""
    yield "json", json_bytes(report).decode()
    book = io.BytesIO()
    write_workbook(report, book)
    with zipfile.ZipFile(book) as archive:
        for name in archive.namelist():
            yield f"xlsx {name}", archive.read(name).decode("utf-8", "replace")
    document = io.BytesIO()
    write_pdf(report, document)
    document.seek(0)
    reader = PdfReader(document)
    for number, page in enumerate(reader.pages):
        yield f"pdf page {number}", page.extract_text()
    for number in range(1, len(reader.xref[0]) + 1):
        found = reader.get_object(number)
        if hasattr(found, "get_data"):
            yield f"pdf stream {number}", found.get_data().decode("latin-1")
        yield f"pdf object {number}", repr(found)


def seen(report: Report, figures: set[int]) -> set[tuple[str, int]]:
    """The *figures* found in the outputs of *report*, whatever parts their thousands."""
    patterns = {
        figure: re.compile(
            rf"(?<![\d.]){figure // 1000}[\s\u00a0\u202f.,]?{figure % 1000:03d}(?!\d)"
        )
        for figure in figures
    }
    return {
        (name, figure)
        for name, text in outputs(report)
        for figure, pattern in patterns.items()
        if pattern.search(text)
    }


def test_a_hidden_figure_is_in_no_byte_of_any_output(report: Report) -> None:
    edition = region_edition(report, [], LEAST)
    figures = hidden_figures(report, edition.report)
    assert len(figures) >= 5
    assert seen(edition.report, figures) == set()


def test_the_network_s_edition_has_them_in_every_output(report: Report) -> None:
    edition = region_edition(report, [], LEAST)
    found = seen(replace(report, details=()), hidden_figures(report, edition.report))
    assert {name.split()[0] for name, _ in found} == {"json", "xlsx", "pdf"}
