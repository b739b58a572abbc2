"""The report as a PDF to keep, send and print: A4, tagged; summary, tables, members, method."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from reportlab.platypus import (
    CondPageBreak,
    Flowable,
    KeepTogether,
    NextPageTemplate,
    PageBreak,
    Spacer,
)

from ramsess.reports import brief, fonts
from ramsess.reports.method import method
from ramsess.reports.palette import SLATE
from ramsess.reports.pdf_brief import BRIEF, FOREWORD, foreword, in_brief
from ramsess.reports.pdf_layout import PORTRAIT_WIDTH, Document, Numbering
from ramsess.reports.pdf_sections import sections
from ramsess.reports.pdf_table import members_grid
from ramsess.reports.pdf_tags import Closed, Opened
from ramsess.reports.pdf_text import ContentsLine, Heading, Prose, Subheading
from ramsess.reports.report import Report

_LAST_SECTIONS = (("membres", "Membres du réseau"), ("methode", "Méthode"))


def write_pdf(report: Report, target: Path | BinaryIO) -> None:
    """Write *report* as PDF to *target*, a path or a binary file open for writing.

    The same report always gives the same bytes. The pages are laid out twice: the contents and
    the footers of the second time know the page numbers of the first.
    """
    numbering: Numbering = {}
    for _ in range(2):
        file = BytesIO()
        numbering = Document(file, report, numbering).number(_story(report))
    if isinstance(target, Path):
        target.write_bytes(file.getvalue())
    else:
        target.write(file.getvalue())


def _story(report: Report) -> list[Flowable]:
    first = foreword(report)
    return [
        NextPageTemplate("portrait"),
        PageBreak(),
        *_contents(report, with_foreword=bool(first)),
        *first,
        *in_brief(report),
        *sections(report),
        NextPageTemplate("portrait"),
        PageBreak(),
        *_members(report),
        *_method(report),
    ]


def _contents(report: Report, *, with_foreword: bool) -> list[Flowable]:
    lines = [ContentsLine(FOREWORD, brief.FOREWORD)] if with_foreword else []
    lines.append(ContentsLine(BRIEF, brief.heading(report)))
    lines += [ContentsLine(table.id, table.title, table.id) for table in report.tables]
    lines += [ContentsLine(key, title) for key, title in _LAST_SECTIONS]
    return [Heading("sommaire", "Sommaire"), Spacer(0, 6), Opened("TOC"), *lines, Closed()]


def _members(report: Report) -> list[Flowable]:
    key, title = _LAST_SECTIONS[0]
    if not report.members:
        return [Heading(key, title), Prose("Aucune structure n’est membre du réseau à ces dates.")]
    text = "Structures membres du réseau dans la période."
    note = Prose(text, font=fonts.ITALIC, size=9, colour=SLATE, after=5)
    return [Heading(key, title), note, members_grid(report.members, PORTRAIT_WIDTH)]


def _method(report: Report) -> list[Flowable]:
    key, title = _LAST_SECTIONS[1]
    story: list[Flowable] = [CondPageBreak(260), Heading(key, title)]
    for name, text in method(report):
        story.append(KeepTogether([Subheading(name), Prose(text, size=9, after=4)]))
    return story
